// A small QuickBooks Online client, as a product would have it: it posts payments and refunds on a card.
import { createHmac, timingSafeEqual } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

export class Client {
  constructor({ base_url, company_id, company, credentials, defaults, environment }) {
    Object.assign(this, { base_url, company_id, company, credentials, defaults, tokenUrl: environment.QBO_TOKEN_URL });
    this.tokens = { ...credentials };
  }

  refusal(given) {
    if (!["payment", "refund"].includes(given.kind) || given.currency !== this.company.currency)
      return "only payments and refunds in the company's own currency are taken";
    const other = given.lines.some((line) => Number(line.tax ?? 0) || line.tax_code || line.tracking?.length);
    return other ? "tax and dimensions are not taken" : null;
  }

  // The transaction's own id is the request id of every try: QuickBooks answers a repeat from memory.
  async post(row) {
    const url = `${this.base_url}/v3/company/${this.company_id}/purchase?requestid=${row.given.id}`;
    const body = JSON.stringify(this.purchase(row.given));
    for (let attempt = 0; attempt < 4 && row.status === "pending"; attempt++) {
      try {
        const headers = { Authorization: `Bearer ${this.tokens.access_token}`, Accept: "application/json" };
        headers["Content-Type"] = "application/json";
        const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(20_000) });
        if (answer.status === 401) await this.renew();
        else if (answer.status === 429) await pause(1000 * Number(answer.headers.get("retry-after") ?? 60));
        else if (answer.status < 500) Object.assign(row, outcome(answer.status, await answer.json()));
      } catch {
        await pause(200 * 2 ** attempt); // nothing that can be read came back: the same again
      }
    }
  }

  purchase(given) {
    return {
      PaymentType: "CreditCard",
      Credit: given.kind === "refund",
      AccountRef: { value: given.bank_account ?? this.defaults.bank_account },
      EntityRef: { value: given.contact ?? this.defaults.supplier, type: "Vendor" },
      TxnDate: given.date,
      PrivateNote: given.id,
      GlobalTaxCalculation: "NotApplicable",
      Line: given.lines.map((line) => ({
        Amount: line.net,
        DetailType: "AccountBasedExpenseLineDetail",
        AccountBasedExpenseLineDetail: { AccountRef: { value: line.account } },
      })),
    };
  }

  async renew() {
    const { client_id: id, client_secret: secret } = this.credentials;
    const answer = await fetch(this.tokenUrl, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}`, Accept: "application/json" },
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: this.tokens.refresh_token }),
    });
    if (answer.ok) Object.assign(this.tokens, await answer.json());
  }
}

const outcome = (status, answer) =>
  status === 200
    ? { status: "completed", native_id: answer.Purchase.Id }
    : { status: "failed", message: `HTTP ${status}: ${JSON.stringify(answer)}` };

// Whether the signature that came with a webhook is of these bytes.
export function isGenuine(bytes, headers, secret) {
  const [, told = ""] = Object.entries(headers).find(([name]) => name.toLowerCase() === "intuit-signature") ?? [];
  const shown = Buffer.from(told, "base64");
  const signed = createHmac("sha256", secret).update(bytes).digest();
  return shown.length === signed.length && timingSafeEqual(shown, signed);
}
