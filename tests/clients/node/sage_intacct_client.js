// @intacct/intacct-sdk for Node, unmodified, under `sandbooks exec`: it takes only addresses of the vendor's own domain,
// so its connections end at the simulator below it. Credentials come from the variables that the SDK reads itself.
// One line for each step.
"use strict";

const assert = require("node:assert/strict");
const step = require("./steps.js").recorder("@intacct/intacct-sdk");
const { ClientConfig, Exceptions, Functions, OnlineClient, SessionProvider } = require("@intacct/intacct-sdk");

const { Field } = Functions.Common.NewQuery.QuerySelect;
const { Filter } = Functions.Common.NewQuery.QueryFilter;

let client; // OnlineClient, by the session that sign-in gave
let account;
let bill;
let card;
let charge;

function fresh(Kind, members) {
  return Object.assign(new Kind(), members);
}

async function run(apiFunction) {
  return (await client.execute(apiFunction)).results[0];
}

async function refused(action) {
  const error = await action.then(() => assert.fail("the call was not refused"), (told) => told);
  assert.ok(error instanceof Exceptions.ResultException || error instanceof Exceptions.ResponseException, error);
  return error.errors.join(" ");
}

function hotel(members) {
  const line = fresh(Functions.AccountsPayable.BillLineCreate, {
    glAccountNumber: account, transactionAmount: 73.9, memo: "Hotel",
  });
  return fresh(Functions.AccountsPayable.BillCreate, {
    vendorId: "NODE-1", billNumber: "NODE-BILL-1", lines: [line],
    transactionDate: new Date(2026, 2, 2), dueDate: new Date(2026, 3, 1), ...members,
  });
}

function spend(amount, referenceNumber) {
  const line = fresh(Functions.CashManagement.ChargeCardTransactionLineCreate, {
    glAccountNumber: account, transactionAmount: amount, memo: "Train",
  });
  return fresh(Functions.CashManagement.ChargeCardTransactionCreate, {
    chargeCardId: card, transactionDate: new Date(2026, 2, 2), referenceNumber, payee: "Skyline Rail", lines: [line],
  });
}

async function spent() { // what the general ledger holds of the account, debits less credits
  const select = ["DEBITAMOUNT", "CREDITAMOUNT"].map((name) => new Field(name));
  const query = fresh(Functions.Common.NewQuery.Query, { selectFields: select, fromObject: "GLDETAIL", pageSize: 1000 });
  query.filter = new Filter("ACCOUNTNO").equalTo(account);
  return (await run(query)).data.reduce((sum, row) => sum + Number(row.DEBITAMOUNT) - Number(row.CREDITAMOUNT), 0);
}

async function read(objectName, key) {
  return (await run(fresh(Functions.Common.Read, { objectName, keys: [key] }))).data[0];
}

const steps = {
  async sign_in() {
    const config = await SessionProvider.factory(new ClientConfig());
    assert.ok(config.sessionId);
    assert.equal(config.companyId, process.env.INTACCT_COMPANY_ID);
    assert.equal(config.userId, process.env.INTACCT_USER_ID);
    client = new OnlineClient(config);
  },

  async wrong_password() {
    const stranger = fresh(ClientConfig, { userPassword: "wrong" });
    assert.match(await refused(SessionProvider.factory(stranger)), /Sign-in information is incorrect/);
  },

  async query() {
    const select = ["RECORDNO", "ACCOUNTNO", "TITLE"].map((name) => new Field(name));
    const query = fresh(Functions.Common.NewQuery.Query, { selectFields: select, fromObject: "GLACCOUNT" });
    query.filter = new Filter("TITLE").equalTo("Travel");
    query.pageSize = 10;
    const found = await run(query);
    assert.deepEqual([found.listType, Number(found.totalCount)], ["GLACCOUNT", 1]);
    assert.equal(found.data[0].TITLE, "Travel");
    account = found.data[0].ACCOUNTNO;
  },

  async pages() {
    let page = await run(fresh(Functions.Common.ReadByQuery, { objectName: "GLACCOUNT", pageSize: 7 }));
    const total = Number(page.totalCount);
    const numbers = page.data.map((row) => row.ACCOUNTNO);
    assert.deepEqual([numbers.length, Number(page.numRemaining)], [7, total - 7]);
    while (Number(page.numRemaining) > 0) {
      page = await run(fresh(Functions.Common.ReadMore, { resultId: page.resultId }));
      numbers.push(...page.data.map((row) => row.ACCOUNTNO));
    }
    assert.equal(new Set(numbers).size, total);
  },

  async create_a_vendor_and_read_it_back() {
    const name = "O'Brien & Søn <1>";
    const vendor = { vendorId: "NODE-1", vendorName: name, active: true, printAs: name };
    const made = await run(fresh(Functions.AccountsPayable.VendorCreate, vendor));
    assert.equal(made.status, "success");
    const read = await run(fresh(Functions.Common.ReadByName, { objectName: "VENDOR", names: ["NODE-1"] }));
    assert.deepEqual([read.data[0].VENDORID, read.data[0].NAME, read.data[0].STATUS], ["NODE-1", name, "active"]);
    assert.match(await refused(run(fresh(Functions.AccountsPayable.VendorCreate, vendor))), /already exists/);
  },

  async create_a_bill_and_read_it_back() {
    await step("create", async () => {
      const made = await run(hotel());
      assert.ok(made.key);
      bill = made.key;
    });
    await step("read_back", async () => {
      const held = await read("APBILL", bill);
      assert.deepEqual([held.RECORDID, held.VENDORID, held.STATE], ["NODE-BILL-1", "NODE-1", "Posted"]);
      assert.deepEqual([Number(held.TOTALENTERED), Number(held.TOTALDUE), held.WHENDUE], [73.9, 73.9, "04/01/2026"]);
    });
  },

  async charge_a_card_refund_it_and_read_both_back() {
    const query = fresh(Functions.Common.NewQuery.Query, { selectFields: [new Field("CARDID")], fromObject: "CREDITCARD" });
    query.filter = new Filter("LIABILITYTYPE").equalTo("Credit");
    card = (await run(query)).data[0].CARDID;
    charge = (await run(spend(48.2, "node-1"))).key;
    const refund = (await run(spend(-11.35, "node-2"))).key;
    const held = [await read("CCTRANSACTION", charge), await read("CCTRANSACTION", refund)];
    assert.deepEqual(held.map((row) => [row.RECORDID, row.TOTALENTERED, row.STATE]), [
      ["node-1", "48.2", "Posted"], ["node-2", "-11.35", "Posted"],
    ]);
  },

  async credit_a_vendor() { // the positive amount of an adjustment is a debit memo: the vendor is owed less
    const line = fresh(Functions.AccountsPayable.ApAdjustmentLineCreate, {
      glAccountNumber: account, transactionAmount: 20.15, memo: "A night not slept",
    });
    const credit = fresh(Functions.AccountsPayable.ApAdjustmentCreate, {
      vendorId: "NODE-1", adjustmentNumber: "NODE-CREDIT-1", transactionDate: new Date(2026, 2, 3), lines: [line],
    });
    const before = await spent();
    const held = await read("APADJUSTMENT", (await run(credit)).key);
    assert.deepEqual([held.RECORDID, held.VENDORID, Number(held.TOTALENTERED)], ["NODE-CREDIT-1", "NODE-1", 20.15]);
    assert.equal((await spent() - before).toFixed(2), "-20.15");
  },

  async attach_a_file() {
    await run(fresh(Functions.Company.AttachmentsFolderCreate, { folderName: "Node" }));
    const file = fresh(Functions.Company.AttachmentFile, { filePath: __filename });
    const members = { attachmentsId: "NODE-1", attachmentsName: "Receipt", attachmentFolderName: "Node", files: [file] };
    const made = await run(fresh(Functions.Company.AttachmentsCreate, members));
    assert.equal(made.status, "success");
    const { ChargeCardTransactionUpdate } = Functions.CashManagement;
    await run(fresh(ChargeCardTransactionUpdate, { recordNo: charge, attachmentsId: "NODE-1" }));
    assert.equal((await read("CCTRANSACTION", charge)).SUPDOCID, "NODE-1");
    assert.match(await refused(run(fresh(Functions.Company.AttachmentsCreate, members))), /already exists/);
  },

  async stale_write() {
    // The gateway knows no version of a record: who comes late is told what the record has become.
    const { ChargeCardTransactionReverse, ChargeCardTransactionUpdate } = Functions.CashManagement;
    const reverse = { recordNo: charge, reverseDate: new Date(2026, 2, 4), memo: "Not ours" };
    await run(fresh(ChargeCardTransactionReverse, reverse));
    assert.match(await refused(run(fresh(ChargeCardTransactionReverse, reverse))), /already been reversed/);
    const late = fresh(ChargeCardTransactionUpdate, { recordNo: charge, transactionDate: new Date(2026, 2, 5) });
    assert.match(await refused(run(late)), /in state Reversed and cannot be changed/);
    assert.equal((await read("CCTRANSACTION", charge)).STATE, "Reversed");
  },

  async validation_errors() {
    assert.match(await refused(run(hotel({ billNumber: "NODE-BILL-2", vendorId: "NOBODY" }))), /NOBODY/);
    const wrong = hotel({ billNumber: "NODE-BILL-3" });
    wrong.lines[0].glAccountNumber = "999999";
    assert.match(await refused(run(wrong)), /999999/);
    const query = fresh(Functions.Common.NewQuery.Query, { selectFields: [new Field("RECORDNO")], fromObject: "APBILL" });
    query.filter = new Filter("VENDORID").equalTo("NODE-1");
    assert.equal(Number((await run(query)).totalCount), 1);
  },

  async delete_the_bill() {
    assert.equal((await run(fresh(Functions.AccountsPayable.BillDelete, { recordNo: bill }))).status, "success");
    const query = fresh(Functions.Common.NewQuery.Query, { selectFields: [new Field("RECORDNO")], fromObject: "APBILL" });
    query.filter = new Filter("VENDORID").equalTo("NODE-1");
    assert.equal(Number((await run(query)).totalCount), 0);
  },
};

const RECORDED = {
  sign_in: "sign_in", pages: "lists", credit_a_vendor: "credit", attach_a_file: "attach", stale_write: "stale_write",
  validation_errors: "validation_error",
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
