// The MCP server of Xero, unmodified, as an MCP host starts it: one line for each step.
//
// Usage: node xero_mcp_client.mjs COMMAND… where COMMAND is `sandbooks exec` with its options. The server takes no base
// URL: it finds client id and secret in its environment and calls the vendor's own addresses.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { recorder } from "./steps.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const step = recorder("@xeroapi/xero-mcp-server");
const [command, ...options] = process.argv.slice(2);
const server = "node_modules/@xeroapi/xero-mcp-server/dist/index.js";
const transport = new StdioClientTransport({ command, args: [...options, "--", process.execPath, server], env: process.env });
const host = new Client({ name: "host", version: "1" });
await host.connect(transport);

async function tool(name, given = {}) {
  const answer = await host.callTool({ name, arguments: given });
  return answer.content.map((part) => part.text).join("\n");
}

const id = (text) => text.match(/ID: ([0-9a-f-]{36})/)[1];
const one = (text, type) => text.split("Account: ").find((each) => each.includes(`Type: ${type}\n`));
const line = (unitAmount, accountCode) => ({ description: "a line", quantity: 1, unitAmount, accountCode, taxType: "NONE" });
let bank, code, contact, spent;

const steps = {
  async sign_in() {
    const accounts = await tool("list-accounts");
    assert.match(accounts, /^Found \d+ accounts/);
    bank = id(one(accounts, "BANK"));
    code = one(accounts, "EXPENSE").match(/Code: (\S+)/)[1];
    assert.match(await tool("list-organisation-details"), /Name: Demo Xero/);
  },

  async contact() {
    contact = id(await tool("create-contact", { name: "Søn & Co", email: "soen@example.com" }));
    assert.match(await tool("create-contact", { name: "søn & co" }), /^Error creating contact/);
    assert.match(await tool("list-contacts", { searchTerm: "SØN" }), new RegExp(contact));
    assert.match(await tool("update-contact", { contactId: contact, name: "Søn Ltd" }), /Søn Ltd/);
  },

  async spend_and_receive() {
    const given = { bankAccountId: bank, contactId: contact, date: "2026-05-04" };
    await step("create", async () => {
      const made = await tool("create-bank-transaction", { ...given, type: "SPEND", lineItems: [line(41.17, code)] });
      assert.match(made, /Total: 41.17/);
      spent = id(made);
    });
    await step("credit", async () => {
      await tool("create-bank-transaction", { ...given, type: "RECEIVE", lineItems: [line(12.63, code)] });
      const balance = (await tool("list-trial-balance", { date: "2026-05-31" })).split(`(${code})`)[1];
      assert.match(balance.slice(0, 400), /"value": "28.54"/);
    });
    await step("read_back", async () => {
      const listed = await tool("list-bank-transactions", { page: 1 });
      assert.match(listed, /Found 2 bank transactions/);
      assert.match(listed, /Total: 41.17/);
    });
    await step("stale_write", async () => { // no version that a change could name: the last one stands
      const changed = (amount) => tool("update-bank-transaction", { bankTransactionId: spent, lineItems: [line(amount, code)] });
      assert.match(await changed(43.21), /Total: 43.21/);
      assert.match(await changed(42.12), /Total: 42.12/);
      assert.match(await tool("list-bank-transactions", { page: 1 }), /Total: 42.12/);
    });
  },

  async refused() {
    const wrong = { type: "SPEND", bankAccountId: bank, contactId: contact, lineItems: [line(1.01, "nope")] };
    assert.match(await tool("create-bank-transaction", wrong), /^Error creating bank transaction/);
    assert.match(await tool("list-bank-transactions", { page: 1 }), /Found 2 bank transactions/);
  },

  async bill_and_credit() {
    const bill = id(await tool("create-invoice", { type: "ACCPAY", contactId: contact, lineItems: [line(30, code)] }));
    assert.match(await tool("list-invoices", { page: 1, contactIds: [contact] }), new RegExp(bill));
    assert.match(await tool("create-credit-note", { contactId: contact, lineItems: [line(9, "200")] }), /Total: 9/);
    const paying = { invoiceId: bill, accountId: bank, amount: 30 };
    assert.match(await tool("create-payment", paying), /^Error creating payment/); // the bill is a draft
  },

  async reports() {
    assert.match(await tool("list-trial-balance", { date: "2026-12-31" }), /Trial Balance/);
    assert.match(await tool("list-profit-and-loss", { fromDate: "2026-01-01", toDate: "2026-12-31" }), /Profit and Loss/);
    assert.match(await tool("list-aged-payables-by-contact", { contactId: contact }), /Aged Payables By Contact/);
  },

  async absent() {
    assert.match(await tool("list-payroll-employees"), /^Error listing payroll employees/);
  },
};

const RECORDED = { sign_in: "sign_in", contact: "lists", refused: "validation_error" };

for (const [name, act] of Object.entries(steps)) {
  await (RECORDED[name] ? step(RECORDED[name], act) : act());
  console.log(name);
}
await host.close();
