// A driver over HTTP: contracts/driver.yaml around a small QuickBooks Online client. Run: node driver.mjs [port]
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

let environment, tokens;
const rows = new Map(); // by transaction id: what would stand in a database, so that it outlives a restart
const heard = new Set(); // events that were acted on, in the same database

const refusal = (given) =>
  !["payment", "refund"].includes(given.kind) || given.currency !== environment.company.currency
    ? "only payments and refunds in the company's own currency are taken"
    : given.lines.some((line) => Number(line.tax ?? 0) || line.tax_code || line.tracking?.length)
      ? "tax and dimensions are not taken"
      : null;

const purchase = (given) => ({
  PaymentType: "CreditCard",
  Credit: given.kind === "refund",
  AccountRef: { value: given.bank_account ?? environment.defaults.bank_account },
  EntityRef: { value: given.contact ?? environment.defaults.supplier, type: "Vendor" },
  TxnDate: given.date,
  PrivateNote: given.id,
  GlobalTaxCalculation: "NotApplicable",
  Line: given.lines.map((line) => ({
    Amount: line.net,
    DetailType: "AccountBasedExpenseLineDetail",
    AccountBasedExpenseLineDetail: { AccountRef: { value: line.account } },
  })),
});

async function renew() {
  const { client_id: id, client_secret: secret } = environment.credentials;
  const answer = await fetch(environment.environment.QBO_TOKEN_URL, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}`, Accept: "application/json" },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: tokens.refresh_token }),
  });
  if (answer.ok) Object.assign(tokens, await answer.json());
}

async function post(row) {
  // The transaction's own id is the request id of every try: QuickBooks answers a repeat from memory.
  const { base_url, company_id } = environment;
  const url = `${base_url}/v3/company/${company_id}/purchase?requestid=${row.given.id}`;
  for (let attempt = 0; attempt < 4 && row.status === "pending"; attempt++) {
    try {
      const headers = { Authorization: `Bearer ${tokens.access_token}`, Accept: "application/json" };
      headers["Content-Type"] = "application/json";
      const signal = AbortSignal.timeout(20_000);
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(purchase(row.given)), signal });
      if (answer.status === 401) await renew();
      else if (answer.status === 429) await pause(1000 * Number(answer.headers.get("retry-after") ?? 60));
      else if (answer.status < 500) Object.assign(row, outcome(answer.status, await answer.json()));
    } catch {
      await pause(200 * 2 ** attempt); // nothing that can be read came back: the same again
    }
  }
}

const outcome = (status, answer) =>
  status === 200
    ? { status: "completed", native_id: answer.Purchase.Id }
    : { status: "failed", message: `HTTP ${status}: ${JSON.stringify(answer)}` };

const take = (given) => {
  const message = refusal(given);
  if (!message && !rows.has(given.id)) rows.set(given.id, { given, status: "pending" });
  return { id: given.id, accepted: !message, message };
};

// A webhook, as the route of a web server would take it. The bytes are verified before anything parses them.
const receive = ({ headers, body, secret }) => {
  const bytes = Buffer.from(body, "base64");
  const [, told = ""] = Object.entries(headers).find(([name]) => name.toLowerCase() === "intuit-signature") ?? [];
  const signed = createHmac("sha256", secret).update(bytes).digest();
  const shown = Buffer.from(told, "base64");
  if (shown.length !== signed.length || !timingSafeEqual(shown, signed)) return { status: 401 };
  for (const event of JSON.parse(bytes)) {
    if (event.intuitaccountid !== environment.company_id || heard.has(event.id)) continue; // not ours, or not new
    heard.add(event.id);
    const row = [...rows.values()].find(({ native_id }) => native_id === event.intuitentityid);
    if (row && event.type === "qbo.purchase.deleted.v1") row.deleted = true; // a real product would tell its user
  }
  return { status: 200 };
};

const verbs = {
  about: () => ({ verbs: ["restart", "receive"], platforms: ["quickbooks_online"] }),
  connect: (told) => void ((environment = told), (tokens = { ...told.credentials }), rows.clear(), heard.clear()),
  submit: (transactions) => transactions.map(take),
  settle: async () => { for (const row of rows.values()) if (row.status === "pending") await post(row); },
  outcomes: () => Object.fromEntries([...rows].map(([id, { given, deleted, ...told }]) => [id, told])),
  receive,
  restart: () => undefined, // nothing is kept beside the rows
};

createServer(async (request, response) => {
  const chunks = await request.toArray();
  const verb = verbs[request.url.slice(1)];
  const answer = (status, body) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(body === undefined ? "" : JSON.stringify(body));
  if (!verb) return answer(501, { error: "missing", message: "no such verb", remedy: "see contracts/driver.yaml" });
  try {
    const result = await verb(chunks.length ? JSON.parse(Buffer.concat(chunks)) : undefined);
    answer(result === undefined ? 204 : 200, result);
  } catch (error) {
    answer(500, { error: "failed", message: String(error), remedy: "see the driver's own log" });
  }
}).listen(Number(process.argv[2] ?? 9000), "127.0.0.1");
