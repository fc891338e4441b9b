// node-quickbooks and intuit-oauth for Node, unmodified, against a served company: one line for each step.
//
// Usage: node quickbooks_online_client.js BASE_URL CREDENTIALS.json
// BASE_URL stands in place of the vendor's hosts; the file holds the company's credentials.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const OAuthClient = require("intuit-oauth");
const QuickBooks = require("node-quickbooks");
const step = require("./steps.js").recorder("node-quickbooks");

const base = process.argv[2].replace(/\/$/, "");
const credentials = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const realm = credentials.realm_id;
const redirectUri = "https://app.example/callback";

QuickBooks.V3_ENDPOINT_BASE_URL = `${base}/v3/company/`;
OAuthClient.environment.sandbox = `${base}/`;
OAuthClient.jwks_uri = `${base}/op/v1/jwks`;

let auth; // OAuthClient
let qbo; // QuickBooks, its callbacks turned into promises
let bank, card, expense, code, vendor, charge;

function promised(client) {
  return new Proxy(client, {
    get(target, name) {
      if (typeof target[name] !== "function") return target[name];
      return (...given) =>
        new Promise((resolve, reject) => {
          const answer = target[name](...given, (error, body) => (error ? reject(error) : resolve(body)));
          if (answer && answer.then) answer.then(resolve, reject); // the find methods give a promise as well
        });
    },
  });
}

async function fault(promise) {
  const error = await promise.then(
    () => assert.fail("the call was not refused"),
    (refused) => refused,
  );
  const answer = error.response ? error.response.data : error;
  return { status: error.response && error.response.status, body: answer, first: (answer.Fault || {}).Error?.[0] };
}

const steps = {
  async sign_in() {
    auth = new OAuthClient({
      clientId: credentials.client_id,
      clientSecret: credentials.client_secret,
      environment: "sandbox",
      redirectUri,
    });
    auth.setAuthorizeURLs({
      authorizeEndpoint: `${base}/connect/oauth2`,
      tokenEndpoint: `${base}/oauth2/v1/tokens/bearer`,
      revokeEndpoint: `${base}/v2/oauth2/tokens/revoke`,
      userInfoEndpoint: `${base}/v1/openid_connect/userinfo`,
    });
    const scope = [OAuthClient.scopes.Accounting, OAuthClient.scopes.OpenId, OAuthClient.scopes.Email];
    const url = auth.authorizeUri({ scope, state: "s-7" });
    const page = await fetch(`${url}&decision=approve&realmId=${realm}`, { redirect: "manual" });
    const token = (await auth.createToken(page.headers.get("location"))).json;
    assert.equal(token.token_type, "bearer");
    assert.equal(token.expires_in, 3600);
    assert.equal(auth.getToken().realmId, realm);
    assert.ok(await auth.validateIdToken());
    assert.ok((await auth.getUserInfo()).json.email);
    assert.ok((await auth.refresh()).json.access_token);
    const answer = await auth.makeApiCall({ url: `v3/company/${realm}/companyinfo/${realm}` });
    assert.ok(answer.json.CompanyInfo.CompanyName);
    const given = auth.getToken();
    qbo = promised(
      new QuickBooks(
        credentials.client_id, credentials.client_secret, given.access_token, false, realm, true, false, null, "2.0",
        given.refresh_token,
      ),
    );
  },

  async discovery_and_refresh() {
    const document = await (await fetch(`${base}/.well-known/openid_sandbox_configuration/`)).json();
    QuickBooks.TOKEN_URL = document.token_endpoint;
    QuickBooks.REVOKE_URL = document.revocation_endpoint;
    QuickBooks.USER_INFO_URL = document.userinfo_endpoint;
    assert.ok((await qbo.refreshAccessToken()).access_token);
    assert.ok((await qbo.getUserInfo()).email);
  },

  async wrong_refresh_token() {
    const stranger = new OAuthClient({
      clientId: credentials.client_id, clientSecret: credentials.client_secret, environment: "sandbox", redirectUri,
    });
    const error = await stranger.refreshUsingToken("nobody").then(() => assert.fail(), (refused) => refused);
    assert.equal(error.error, "invalid_grant");
  },

  async lists() {
    const all = (await qbo.findAccounts({ fetchAll: true })).QueryResponse;
    const paged = (await qbo.findAccounts([{ field: "fetchAll", value: true }, { field: "limit", value: 7 }])).QueryResponse;
    assert.deepEqual(paged.Account.map((a) => a.Id).sort(), all.Account.map((a) => a.Id).sort());
    const counted = (await qbo.findAccounts({ count: true })).QueryResponse.totalCount;
    assert.equal(counted, all.Account.length);
    assert.deepEqual((await qbo.findAccounts([{ field: "AccountType", value: "No such" }])).QueryResponse, {});
    const liked = await qbo.findAccounts([{ field: "Name", value: "%a%", operator: "LIKE" }, { asc: "Name" }]);
    assert.ok(liked.QueryResponse.Account.length > 1);
    const of = (type) => all.Account.find((a) => a.AccountType === type);
    [bank, card, expense] = [of("Bank"), of("Credit Card"), of("Expense")];
    const codes = (await qbo.findTaxCodes()).QueryResponse.TaxCode;
    code = (codes.find((each) => /^NON$|no vat/i.test(each.Name)) || codes[0]).Id;
    assert.equal((await qbo.getAccount(bank.Id)).Name, bank.Name);
    assert.ok((await qbo.getCompanyInfo(realm)).CompanyName);
    assert.ok((await qbo.getPreferences()).CurrencyPrefs.HomeCurrency.value);
  },

  async vendor() {
    const name = "O'Brien 100% & Søn #1 + =<>";
    vendor = await qbo.createVendor({ DisplayName: name });
    assert.equal(vendor.DisplayName, name);
    const found = await qbo.findVendors([{ field: "DisplayName", value: name }]);
    assert.deepEqual(found.QueryResponse.Vendor.map((v) => v.Id), [vendor.Id]);
    const twin = await fault(qbo.createVendor({ DisplayName: name.toUpperCase() }));
    assert.deepEqual([twin.status, twin.first.code], [400, "6240"]);
    vendor = await qbo.updateVendor({ Id: vendor.Id, SyncToken: vendor.SyncToken, CompanyName: "Ltd" });
    assert.deepEqual([vendor.DisplayName, vendor.CompanyName, vendor.SyncToken], [name, "Ltd", "1"]);
  },

  async charge_and_refund() {
    charge = await step("create", () => qbo.createPurchase(purchase(41.17, { DocNumber: "n-01" })));
    await step("credit", async () => {
      const refund = await qbo.createPurchase(purchase(12.63, { DocNumber: "n-02", Credit: true }));
      assert.deepEqual([refund.TotalAmt, refund.Credit], [12.63, true]);
      const after = await qbo.getAccount(card.Id);
      assert.equal(Math.round((after.CurrentBalance - card.CurrentBalance) * 100), 2854);
    });
    await step("read_back", async () => {
      const read = await qbo.getPurchase(charge.Id);
      assert.deepEqual([read.TotalAmt, read.DocNumber, read.Line.length], [41.17, "n-01", 1]);
    });
    const found = await qbo.findPurchases([{ field: "DocNumber", value: ["n-01", "n-02"], operator: "IN" }]);
    assert.equal(found.QueryResponse.maxResults, 2);
    const since = await qbo.findPurchases([
      { field: "MetaData.LastUpdatedTime", value: "2020-01-01T00:00:00-08:00", operator: ">=" },
      { field: "limit", value: 1 },
    ]);
    assert.equal(since.QueryResponse.maxResults, 1);
    const again = { ...purchase(5.55, { DocNumber: "n-03" }), requestId: "node-0003" };
    const ids = [await qbo.createPurchase({ ...again }), await qbo.createPurchase({ ...again })].map((p) => p.Id);
    assert.equal(ids[0], ids[1]);
  },

  async update_and_conflict() {
    const stale = { Id: charge.Id, SyncToken: charge.SyncToken, PaymentType: "CreditCard", PrivateNote: "late" };
    charge = await qbo.updatePurchase({ ...stale, PrivateNote: "first" });
    assert.deepEqual([charge.PrivateNote, charge.TotalAmt, charge.SyncToken], ["first", 41.17, "1"]);
    assert.equal((await fault(qbo.updatePurchase(stale))).first.code, "5010");
  },

  async refusals() {
    const wrong = purchase(1.01);
    wrong.Line[0].AccountBasedExpenseLineDetail.AccountRef.value = "99999";
    const { status, body, first } = await fault(qbo.createPurchase(wrong));
    assert.deepEqual([status, first.code, body.Fault.type], [400, "2500", "ValidationFault"]);
    assert.equal((await fault(qbo.createPurchase({ ...purchase(1.01), Line: [] }))).first.code, "2020");
    assert.equal((await fault(qbo.getPurchase("424242"))).first.code, "610");
    assert.equal((await fault(qbo.findPurchases([{ field: "NoSuch", value: "1" }]))).first.code, "4001");
    const stranger = promised(
      new QuickBooks("x", "y", "not-a-token", false, realm, true, false, null, "2.0", "not-one-either"),
    );
    assert.equal((await fault(stranger.getCompanyInfo(realm))).status, 401);
    assert.equal((await fault(stranger.refreshAccessToken())).status, 401);
  },

  async attach() {
    const file = path.join(os.tmpdir(), `receipt-${process.pid}.txt`);
    fs.writeFileSync(file, "a receipt, 33 bytes with £ sign\n");
    const stream = fs.createReadStream(file);
    const attached = await qbo.upload("receipt.txt", "text/plain", stream, "Purchase", charge.Id);
    fs.unlinkSync(file);
    assert.equal(attached.AttachableRef[0].EntityRef.value, charge.Id);
    assert.equal(attached.Size, 33);
    const found = await qbo.findAttachables([{ field: "AttachableRef.EntityRef.Value", value: charge.Id }]);
    assert.equal(found.QueryResponse.Attachable[0].FileName, "receipt.txt");
    const note = await qbo.createAttachable({ Note: "seen", AttachableRef: [{ EntityRef: { type: "Purchase", value: charge.Id } }] });
    assert.equal(note.Note, "seen");
  },

  async bill_and_payment() {
    const bill = await qbo.createBill({ VendorRef: { value: vendor.Id }, Line: [line(30)] });
    const linked = [{ Amount: 30, LinkedTxn: [{ TxnId: bill.Id, TxnType: "Bill" }] }];
    const payment = await qbo.createBillPayment({
      VendorRef: { value: vendor.Id }, PayType: "Check", TotalAmt: 30, Line: linked,
      CheckPayment: { BankAccountRef: { value: bank.Id } },
    });
    assert.equal((await qbo.getBill(bill.Id)).Balance, 0);
    const open = await qbo.findBills([{ field: "Balance", value: "0", operator: ">" }, { field: "Id", value: bill.Id }]);
    assert.deepEqual(open.QueryResponse, {});
    const voided = await qbo.updateBillPayment({ Id: payment.Id, SyncToken: payment.SyncToken, void: true });
    assert.equal(voided.TotalAmt, 0);
    assert.equal((await qbo.getBill(bill.Id)).Balance, 30);
    const gone = await qbo.deleteBill(bill.Id);
    assert.equal(gone.Bill.status, "Deleted");
    const credit = await qbo.createVendorCredit({ VendorRef: { value: vendor.Id }, Line: [line(9)] });
    assert.equal((await qbo.deleteVendorCredit(credit.Id)).VendorCredit.status, "Deleted");
  },

  async batch_and_changes() {
    const items = [
      { bId: "a", operation: "create", Purchase: purchase(7.07, { DocNumber: "n-07" }) },
      { bId: "b", operation: "create", Purchase: { ...purchase(1), Line: [] } },
      { bId: "c", Query: "select Id from Account maxresults 2" },
      { bId: "d", operation: "delete", Purchase: { Id: charge.Id, SyncToken: charge.SyncToken } },
    ];
    const told = (await qbo.batch(items)).BatchItemResponse;
    assert.deepEqual(told.map((each) => each.bId), ["a", "b", "c", "d"]);
    assert.deepEqual([told[1].Fault.Error[0].code, told[2].QueryResponse.maxResults, told[3].Purchase.status], ["2020", 2, "Deleted"]);
    const changed = await qbo.changeDataCapture(["Purchase", "Vendor", "Deposit"], new Date(Date.now() - 3600e3));
    const [purchases, vendors, deposits] = changed.CDCResponse[0].QueryResponse;
    assert.ok(purchases.Purchase.some((each) => each.Id === charge.Id && each.status === "Deleted"));
    assert.ok(vendors.Vendor.some((each) => each.Id === vendor.Id));
    assert.deepEqual(Object.keys(deposits), []);
  },

  async journal_transfer_report() {
    const side = (PostingType, account) => ({
      Amount: 4.44, DetailType: "JournalEntryLineDetail",
      JournalEntryLineDetail: { PostingType, AccountRef: { value: account } },
    });
    const journal = await qbo.createJournalEntry({ Line: [side("Debit", expense.Id), side("Credit", bank.Id)] });
    assert.equal((await qbo.deleteJournalEntry(journal.Id)).JournalEntry.status, "Deleted");
    const moved = await qbo.createTransfer({
      FromAccountRef: { value: bank.Id }, ToAccountRef: { value: card.Id }, Amount: 2.22,
    });
    assert.equal((await qbo.getTransfer(moved.Id)).Amount, 2.22);
    const report = await qbo.reportTrialBalance({ start_date: "2020-01-01", end_date: "2030-12-31" });
    assert.equal(report.Header.ReportName, "TrialBalance");
  },

  async revoke() {
    assert.equal((await auth.revoke()).status(), 200);
    assert.equal((await fault(qbo.getCompanyInfo(realm))).status, 401);
  },
};

function line(amount) {
  const detail = { AccountRef: { value: expense.Id }, TaxCodeRef: { value: code } };
  return { Amount: amount, DetailType: "AccountBasedExpenseLineDetail", AccountBasedExpenseLineDetail: detail };
}

function purchase(amount, more = {}) {
  const entity = { value: vendor.Id, type: "Vendor" };
  return { AccountRef: { value: card.Id }, PaymentType: "CreditCard", EntityRef: entity, Line: [line(amount)], ...more };
}

const RECORDED = {
  sign_in: "sign_in", lists: "lists", update_and_conflict: "stale_write", refusals: "validation_error", attach: "attach",
};

(async () => {
  for (const [name, act] of Object.entries(steps)) {
    await (RECORDED[name] ? step(RECORDED[name], act) : act());
    console.log(name);
  }
})().catch((error) => {
  console.error(error.response ? error.response.data : "", error.Fault ? JSON.stringify(error) : error);
  process.exit(1);
});
