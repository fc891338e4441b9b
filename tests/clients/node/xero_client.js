// xero-node, unmodified, against a served company: one line for each step.
//
// Usage: node xero_client.js BASE_URL CREDENTIALS.json
// The accounting API takes its base path. The client keeps the hosts of identity and connections as literals: discovery
// runs on the base URL and is handed over as openIdClient, and its HTTP library rewrites the other two hosts.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { XeroClient } = require("xero-node");
const step = require("./steps.js").recorder("xero-node");

const own = createRequire(require.resolve("xero-node")); // the libraries of the client, in its own versions
const axios = own("axios");
const { Issuer } = own("openid-client");

const base = process.argv[2].replace(/\/$/, "");
const credentials = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const tenant = credentials.tenant_id;
const redirectUri = "https://app.example/callback";
const missing = "11111111-2222-4333-8444-555555555555";

axios.interceptors.request.use((config) => {
  config.url = config.url.replace(/^https:\/\/(api|identity)\.xero\.com(?=\/con)/, base);
  return config;
});

let xero, api, bank, expense, contact, spent;

async function refused(promise) {
  return promise.then(
    () => assert.fail("the call was not refused"),
    (error) => {
      if (error instanceof assert.AssertionError) throw error;
      const told = typeof error === "string" ? JSON.parse(error) : error;
      const response = told.response || told;
      return { status: response.statusCode || response.status, body: response.body || response.data };
    },
  );
}

const steps = {
  async sign_in() {
    const scopes = "openid profile email offline_access accounting.transactions accounting.contacts accounting.settings "
      + "accounting.attachments accounting.reports.read accounting.journals.read";
    xero = new XeroClient({
      clientId: credentials.client_id, clientSecret: credentials.client_secret, redirectUris: [redirectUri],
      scopes: scopes.split(" "), state: "s-7",
    });
    const issuer = await Issuer.discover(`${base}/.well-known/openid-configuration`);
    xero.openIdClient = new issuer.Client({
      client_id: credentials.client_id, client_secret: credentials.client_secret, redirect_uris: [redirectUri],
    });
    api = xero.accountingApi;
    api.basePath = `${base}/api.xro/2.0`;
    const url = await xero.buildConsentUrl();
    const page = await fetch(`${url}&sandbox_decision=approve&tenant_id=${tenant}`, { redirect: "manual" });
    const tokens = await xero.apiCallback(page.headers.get("location"));
    assert.ok(tokens.claims().xero_userid || tokens.claims().sub);
    const first = tokens.refresh_token;
    assert.notEqual((await xero.refreshToken()).refresh_token, first);
    const again = xero.readTokenSet().refresh_token;
    const fresh = await xero.refreshWithRefreshToken(credentials.client_id, credentials.client_secret, again);
    assert.equal(fresh.expires_in, 1800);
    const tenants = await xero.updateTenants();
    assert.ok(tenants.some((each) => each.tenantId === tenant && each.orgData.name));
  },

  async wrong_refresh_token() {
    const wrong = await refused(xero.openIdClient.refresh("nobody"));
    assert.ok(wrong);
    const told = await xero.refreshWithRefreshToken(credentials.client_id, credentials.client_secret, "x").catch((e) => e);
    assert.equal(told.response.status, 400);
    assert.equal(told.response.data.error, "invalid_grant");
  },

  async lists() {
    const accounts = (await api.getAccounts(tenant, undefined, 'Status=="ACTIVE"', "Code ASC")).body.accounts;
    bank = accounts.find((a) => a.type === "BANK");
    expense = accounts.find((a) => a.type === "EXPENSE" || a.type === "OVERHEADS");
    assert.ok(bank.accountID && expense.code);
    assert.ok(accounts[0].updatedDateUTC instanceof Date);
    const since = await api.getAccounts(tenant, new Date(Date.now() + 86400e3));
    assert.deepEqual(since.body.accounts, []);
    assert.ok((await api.getTaxRates(tenant)).body.taxRates.length > 2);
    assert.ok((await api.getTrackingCategories(tenant)).body.trackingCategories);
    assert.equal((await api.getOrganisations(tenant)).body.organisations[0].organisationID, tenant);
    const names = ["Ä & Co \"quoted\"", "B+C 100%", "D's = #1"].map((name) => ({ name }));
    const made = (await api.createContacts(tenant, { contacts: names })).body.contacts;
    contact = made[0];
    for (const each of made) {
      const where = `Name=="${each.name.replace(/"/g, '\\"')}"`;
      const found = (await api.getContacts(tenant, undefined, where)).body.contacts;
      assert.deepEqual(found.map((one) => one.contactID), [each.contactID]);
    }
    const seen = [];
    for (let page = 1; ; page += 1) {
      const one = (await api.getContacts(tenant, undefined, undefined, "Name", undefined, page, false, false, undefined, 2)).body;
      if (!one.contacts.length) break;
      assert.equal(one.pagination.pageSize, 2);
      seen.push(...one.contacts.map((each) => each.contactID));
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(made.every((each) => seen.includes(each.contactID)));
    const ids = made.map((each) => each.contactID);
    assert.equal((await api.getContacts(tenant, undefined, undefined, undefined, ids)).body.contacts.length, 3);
  },

  async spend_and_refund() {
    const both = { bankTransactions: [money("SPEND", 41.17, "n-01"), money("RECEIVE", 12.63, "n-02")] };
    const create = () => api.createBankTransactions(tenant, both, true, undefined, "node-key-1");
    const made = (await step("create", create)).body.bankTransactions;
    const again = (await api.createBankTransactions(tenant, both, true, undefined, "node-key-1")).body.bankTransactions;
    assert.deepEqual(again.map((each) => each.bankTransactionID), made.map((each) => each.bankTransactionID));
    spent = made[0];
    assert.deepEqual([spent.total, made[1].total, spent.type.toString()], [41.17, 12.63, "SPEND"]);
    await step("read_back", async () => {
      const read = (await api.getBankTransaction(tenant, spent.bankTransactionID)).body.bankTransactions[0];
      assert.equal(new Date(read.date).toISOString().slice(0, 10), "2026-05-04");
      assert.equal(read.lineItems[0].unitAmount, 41.17);
    });
    const where = 'Type=="SPEND" AND Reference=="n-01" AND Date>=DateTime(2026, 05, 01)';
    const found = (await api.getBankTransactions(tenant, undefined, where, "Date DESC", 1)).body.bankTransactions;
    assert.deepEqual(found.map((each) => each.bankTransactionID), [spent.bankTransactionID]);
  },

  async update() {
    const change = { bankTransactions: [{ ...money("SPEND", 43.21, "n-01b"), bankTransactionID: spent.bankTransactionID }] };
    const told = (await api.updateBankTransaction(tenant, spent.bankTransactionID, change)).body.bankTransactions[0];
    assert.deepEqual([told.total, told.reference], [43.21, "n-01b"]);
  },

  async refusals() {
    const wrong = money("SPEND", 1.01, "bad");
    wrong.lineItems[0].accountCode = "nope";
    const { status, body } = await refused(api.createBankTransactions(tenant, { bankTransactions: [wrong] }));
    assert.deepEqual([status, body.Type || body.type], [400, "ValidationException"]);
    const mixed = { bankTransactions: [wrong, money("SPEND", 2.02, "good")] };
    const some = (await api.createBankTransactions(tenant, mixed, false)).body.bankTransactions;
    assert.deepEqual(some.map((each) => each.statusAttributeString || "OK"), ["ERROR", "OK"]);
    assert.match(some[0].validationErrors[0].message, /nope/);
    assert.equal((await refused(api.getBankTransaction(tenant, missing))).status, 404);
    assert.equal((await refused(api.getAccounts(missing))).status, 403);
    assert.equal((await refused(api.getContacts(tenant, undefined, "Name=="))).status, 400);
  },

  async attach() {
    const bytes = Buffer.from("receipt of 26 bytes, with £");
    const id = spent.bankTransactionID;
    const told = (await api.createBankTransactionAttachmentByFileName(tenant, id, "a b #1.png", bytes)).body.attachments[0];
    assert.deepEqual([told.fileName, told.contentLength], ["a b #1.png", bytes.length]);
    const listed = (await api.getBankTransactionAttachments(tenant, id)).body.attachments;
    assert.deepEqual(listed.map((each) => each.attachmentID), [told.attachmentID]);
    const back = (await api.getBankTransactionAttachmentByFileName(tenant, id, "a b #1.png", "image/png")).body;
    assert.deepEqual(Buffer.from(back), bytes);
  },

  async bill_and_payment() {
    const line = { description: "a bill", quantity: 2, unitAmount: 15, accountCode: expense.code, taxType: "NONE" };
    const bill = {
      type: "ACCPAY", contact: { contactID: contact.contactID }, date: "2026-05-04", dueDate: "2026-06-03",
      invoiceNumber: "bill-1", status: "AUTHORISED", lineItems: [line],
    };
    const made = (await api.createInvoices(tenant, { invoices: [bill] })).body.invoices[0];
    assert.deepEqual([made.total, made.amountDue], [30, 30]);
    const paying = { invoice: { invoiceID: made.invoiceID }, account: { accountID: bank.accountID }, date: "2026-05-05", amount: 30 };
    const paid = (await api.createPayment(tenant, paying)).body.payments[0];
    const listed = (await api.getInvoices(tenant, undefined, undefined, undefined, [made.invoiceID])).body.invoices[0];
    assert.deepEqual([listed.status.toString(), listed.amountDue], ["PAID", 0]);
    const voiding = { invoices: [{ status: "VOIDED" }] };
    assert.equal((await refused(api.updateInvoice(tenant, made.invoiceID, voiding))).status, 400);
    const gone = (await api.deletePayment(tenant, paid.paymentID, { status: "DELETED" })).body.payments[0];
    assert.equal(gone.status.toString(), "DELETED");
    await step("credit", () => credited(bill, line, made.invoiceID));
  },

  async journal_transfer_report() {
    const lines = [{ lineAmount: 4.44, accountCode: expense.code }, { lineAmount: -4.44, accountCode: expense.code }];
    const journal = { narration: "moved", date: "2026-05-04", status: "POSTED", journalLines: lines };
    const made = (await api.createManualJournals(tenant, { manualJournals: [journal] })).body.manualJournals[0];
    assert.equal(made.status.toString(), "POSTED");
    const report = (await api.getReportTrialBalance(tenant, "2026-12-31")).body.reports[0];
    assert.equal(report.reportName, "Trial Balance");
  },

  async stale_write() { // no version that a change could name: the last one stands, until what it changes is deleted
    const id = spent.bankTransactionID;
    const changed = async (reference) => {
      const whole = { bankTransactions: [{ ...money("SPEND", 43.21, reference), bankTransactionID: id }] };
      return (await api.updateBankTransaction(tenant, id, whole)).body.bankTransactions[0].reference;
    };
    await changed("of another user");
    assert.equal(await changed("too late"), "too late");
    const gone = { bankTransactions: [{ bankTransactionID: id, status: "DELETED" }] };
    const told = (await api.updateOrCreateBankTransactions(tenant, gone)).body.bankTransactions[0];
    assert.equal(told.status.toString(), "DELETED");
    const { status, body } = await refused(changed("later still"));
    assert.equal(status, 400);
    assert.match(JSON.stringify(body), /deleted/);
  },

  async revoke() {
    await xero.revokeToken();
    assert.equal((await refused(api.getOrganisations(tenant))).status, 401);
  },

  async custom_connection() {
    const custom = new XeroClient({
      clientId: credentials.client_id, clientSecret: credentials.client_secret, grantType: "client_credentials",
      scopes: "accounting.settings accounting.contacts",
    });
    custom.accountingApi.basePath = `${base}/api.xro/2.0`;
    await custom.getClientCredentialsToken();
    assert.equal((await custom.accountingApi.getOrganisations("")).body.organisations[0].organisationID, tenant);
  },
};

async function credited(bill, line, invoiceID) {
  const credit = { ...bill, type: "ACCPAYCREDIT", creditNoteNumber: "cn-1", lineItems: [{ ...line, quantity: 1 }] };
  delete credit.dueDate;
  const note = (await api.createCreditNotes(tenant, { creditNotes: [credit] })).body.creditNotes[0];
  const share = { allocations: [{ invoice: { invoiceID }, amount: 10, date: "2026-05-06" }] };
  const placed = (await api.createCreditNoteAllocation(tenant, note.creditNoteID, share)).body.allocations[0];
  assert.equal(placed.amount, 10);
  const left = (await api.getInvoice(tenant, invoiceID)).body.invoices[0];
  assert.deepEqual([left.amountDue, left.amountCredited], [20, 10]);
  assert.equal((await api.getCreditNote(tenant, note.creditNoteID)).body.creditNotes[0].remainingCredit, 5);
}

function money(type, unitAmount, reference) {
  const line = { description: reference, quantity: 1, unitAmount, accountCode: expense.code, taxType: "NONE" };
  return {
    type, reference, contact: { contactID: contact.contactID }, date: "2026-05-04", lineItems: [line],
    bankAccount: { accountID: bank.accountID },
  };
}

const RECORDED = {
  sign_in: "sign_in", lists: "lists", refusals: "validation_error", attach: "attach", stale_write: "stale_write",
};

(async () => {
  for (const [name, act] of Object.entries(steps)) {
    await (RECORDED[name] ? step(RECORDED[name], act) : act());
    console.log(name);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
