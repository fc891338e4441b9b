// A driver over HTTP: contracts/driver.yaml around a client of your own. Run: node driver.mjs [port]
import { createServer } from "node:http";
import { Client, isGenuine } from "./client.mjs";

let client;
const rows = new Map(); // by transaction id: what would stand in a database, so that it outlives a restart
const heard = new Set(); // events that were acted on, in the same database

const connect = (environment) => {
  client = new Client(environment);
  rows.clear();
  heard.clear();
};

const take = (given) => {
  const message = client.refusal(given);
  if (!message && !rows.has(given.id)) rows.set(given.id, { given, status: "pending" });
  return { id: given.id, accepted: !message, message };
};

const settle = async () => {
  for (const row of rows.values()) if (row.status === "pending") await client.post(row);
};

// A webhook, as the route of a web server would take it. The bytes are verified before anything parses them.
const receive = ({ headers, body, secret }) => {
  const bytes = Buffer.from(body, "base64");
  if (!isGenuine(bytes, headers, secret)) return { status: 401 };
  for (const event of JSON.parse(bytes)) {
    if (event.intuitaccountid !== client.company_id || heard.has(event.id)) continue; // not ours, or not new
    heard.add(event.id);
    const row = [...rows.values()].find(({ native_id }) => native_id === event.intuitentityid);
    if (row && event.type === "qbo.purchase.deleted.v1") row.deleted = true; // a real product would tell its user
  }
  return { status: 200 };
};

const verbs = {
  about: () => ({ verbs: ["restart", "receive"], platforms: ["quickbooks_online"] }),
  connect,
  submit: (transactions) => transactions.map(take),
  settle,
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
