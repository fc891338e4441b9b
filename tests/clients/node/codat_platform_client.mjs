// @codat/platform, unmodified, against a served hub: one line for each step.
//
// Usage: node codat_platform_client.mjs BASE_URL CREDENTIALS.json
import assert from "node:assert/strict";
import fs from "node:fs";
import { CodatPlatform } from "@codat/platform";
import { recorder } from "./steps.js";

const step = recorder("@codat/platform");
const base = process.argv[2];
const credentials = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const companyId = credentials.company_id;
const authHeader = `Basic ${Buffer.from(credentials.api_key).toString("base64")}`;
const retryConfig = { strategy: "backoff", backoff: { initialInterval: 50, maxInterval: 200, exponent: 2, maxElapsedTime: 2000 } };
const codat = new CodatPlatform({ serverURL: base, authHeader, retryConfig });
const missing = "11111111-2222-4333-8444-555555555555";

async function refused(promise) {
  return promise.then(
    () => assert.fail("the call was not refused"),
    (error) => {
      if (error instanceof assert.AssertionError) throw error;
      return error;
    },
  );
}

let made;

const steps = {
  async companies() {
    made = await codat.companies.create({ name: "Node & Co", description: "made by a client", tags: { region: "uk" } });
    assert.equal((await codat.companies.get({ companyId: made.id })).name, "Node & Co");
    assert.equal((await codat.companies.list({ query: `id=${made.id}` })).results.length, 1);
    const first = await codat.companies.list({ page: 1, pageSize: 1, orderBy: "-created" });
    assert.equal(first.results.length, 1);
    assert.ok(first.links.next.href.includes("page=2"));
    assert.equal((await codat.companies.update({ companyId: made.id, companyUpdateRequest: { name: "Renamed" } })).name, "Renamed");
    const replaced = { companyId: made.id, companyRequestBody: { name: "Replaced", description: "again" } };
    assert.equal((await codat.companies.replace(replaced)).name, "Replaced");
  },

  async connections() {
    const opened = await codat.connections.create({ companyId: made.id, requestBody: { platformKey: "gbol" } });
    assert.equal(opened.status, "PendingAuth");
    const listed = await codat.connections.list({ companyId, page: 1, pageSize: 10, orderBy: "-created" });
    assert.ok(listed.results.some((each) => each.id === credentials.connection_id && each.status === "Linked"));
    const one = { companyId, connectionId: credentials.connection_id };
    assert.ok((await codat.connections.get(one)).linkUrl);
    await codat.connections.delete({ companyId: made.id, connectionId: opened.id });
    assert.equal((await codat.connections.list({ companyId: made.id })).results.length, 0);
  },

  async refresh() {
    await codat.refreshData.all({ companyId });
    const asked = await codat.refreshData.byDataType({ companyId, dataType: "suppliers" });
    const pull = await codat.refreshData.getPullOperation({ companyId, datasetId: asked.id });
    assert.equal(pull.id, asked.id);
    assert.ok((await codat.refreshData.listPullOperations({ companyId, pageSize: 5 })).results.length);
    assert.ok((await codat.refreshData.get({ companyId })).suppliers);
  },

  async pushes() {
    assert.ok((await codat.pushData.listOperations({ companyId, pageSize: 5 })).results);
    assert.equal((await refused(codat.pushData.getOperation({ companyId, pushOperationKey: missing }))).statusCode, 404);
  },

  async keys_and_webhooks() {
    const key = await codat.settings.createApiKey({ name: "node" });
    assert.ok((await codat.settings.listApiKeys()).results.some((each) => each.id === key.id));
    // This client wants a JSON body in the 204 of a deleted key, which HTTP does not allow: it says so and the key is gone.
    assert.equal((await refused(codat.settings.deleteApiKey({ apiKeyId: key.id }))).statusCode, 204);
    assert.ok(!(await codat.settings.listApiKeys()).results.some((each) => each.id === key.id));
    const hook = await codat.webhooks.createConsumer({ url: "https://app.example/hook", eventTypes: ["expenses.sync.successful"] });
    assert.ok((await codat.webhooks.listConsumers()).results.some((each) => each.id === hook.id));
    await codat.webhooks.deleteConsumer({ webhookId: hook.id });
  },

  async refusals() {
    const unknown = await refused(codat.companies.get({ companyId: missing }));
    assert.deepEqual([unknown.name, unknown.statusCode], ["ErrorMessage", 404]);
    assert.equal((await refused(codat.companies.list({ query: "name" }))).statusCode, 400);
    assert.equal((await refused(codat.connections.create({ companyId, requestBody: { platformKey: "zzzz" } }))).statusCode, 400);
    const stranger = new CodatPlatform({ serverURL: base, authHeader: "Basic bm9ib2R5" });
    assert.equal((await refused(stranger.companies.list({}))).statusCode, 401);
  },

  async remove() { // an update names no version: the last one stands, until the company is gone
    const named = (name) => codat.companies.update({ companyId: made.id, companyUpdateRequest: { name } });
    await named("Of another user");
    assert.equal((await named("Too late")).name, "Too late");
    await codat.companies.delete({ companyId: made.id });
    assert.equal((await refused(named("Later still"))).statusCode, 404);
    assert.equal((await refused(codat.companies.get({ companyId: made.id }))).statusCode, 404);
  },
};

const RECORDED = { companies: "sign_in", connections: "lists", refusals: "validation_error", remove: "stale_write" };

for (const [name, act] of Object.entries(steps)) {
  await (RECORDED[name] ? step(RECORDED[name], act) : act());
  console.log(name);
}
