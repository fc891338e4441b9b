"""A long history of native calls, drawn at random: the open documents, the reports and the ledger say the same."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from tests.platforms.freeagent.desk import Desk, open_desk
from tests.platforms.histories import histories

from sandbooks import exact_json
from sandbooks.app import App

CURRENCIES = ("GBP", "USD", "EUR")
STEPS = 90
SIDES = {"bill": -1, "invoice": 1, "credit_note": 1}


class Bookkeeping:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        self.made: dict[str, list[str]] = {"bill": [], "invoice": [], "credit_note": [], "paid": [], "other": []}

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def day(self) -> str:
        return f"2026-0{self.random.randint(1, 6)}-{self.random.randint(1, 28):02d}"

    def tax(self) -> dict[str, object]:
        return {"sales_tax_rate": self.random.choice(["20.0", "5.0", "0.0"])}

    def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        before = self.desk.posted()
        answer = self.desk.send(method, path, body)
        assert answer.status in (200, 201, 422), answer.body
        if answer.status == 422:
            assert self.desk.posted() == before
            return {}
        read: dict[str, Any] = exact_json.loads(answer.body)
        return next(iter(read.values())) if read else {}

    def keep(self, kind: str, made: dict[str, Any]) -> None:
        if made:
            self.made[kind].append(made["url"])

    def head(self) -> dict[str, object]:
        currency = self.random.choice(CURRENCIES)
        rate = {} if currency == "GBP" else {"exchange_rate": f"0.{self.random.randint(5000, 9999)}"}
        return {"contact": self.desk.contact("acme"), "dated_on": self.day(), "currency": currency, **rate}

    def bill(self) -> None:
        sign = self.random.choice(["", "", "-"])
        items = [self.desk.item(sign + self.amount(), **self.tax()) for _ in range(self.random.randint(1, 3))]
        document = {**self.head(), "reference": "R", "due_on": "2026-07-01", "bill_items": items}
        self.keep("bill", self.send("POST", "bills", {"bill": document}))

    def sale(self) -> None:
        kind, sign = self.random.choice([("invoice", ""), ("invoice", ""), ("credit_note", "-")])
        items = [
            {"description": "D", "price": sign + self.amount(), "quantity": self.random.randint(1, 4), **self.tax()}
            for _ in range(self.random.randint(1, 3))
        ]
        document = {**self.head(), "payment_terms_in_days": 5, f"{kind}_items": items}
        document |= self.random.choice([{}, {"discount_percent": "12.5"}])
        made = self.send("POST", f"{kind}s", {kind: document})
        self.keep(kind, made)
        if made:
            self.send("PUT", f"{made['url']}/transitions/mark_as_sent")

    def pay(self) -> None:
        kind = self.random.choice(["bill", "invoice", "credit_note"])
        if not self.made[kind]:
            return
        url = self.random.choice(self.made[kind])
        found = self.send("GET", url)
        due = Decimal(found["due_value"]) * self.random.choice([1, Decimal("0.37")])
        due = (-due if kind == "bill" else due).quantize(Decimal("0.01"))
        account = self.random.choice(["bank", "visa", "dollars"])
        own = "USD" if account == "dollars" else "GBP"
        given: dict[str, object] = {"bank_account": self.desk.account(account), "dated_on": self.day()}
        given |= {"gross_value": str(due), ("paid_bill" if kind == "bill" else "paid_invoice"): url}
        if found["currency"] != own:
            value = (due * Decimal(self.random.randint(60, 140)) / 100).quantize(Decimal("0.01"))
            given |= {"gross_value": str(value), "foreign_currency_value": str(due)}
        made = self.send("POST", "bank_transaction_explanations", {"bank_transaction_explanation": given})
        self.keep("paid", made)

    def spend(self) -> None:
        account = self.random.choice(["bank", "visa", "dollars", "dollar_visa"])
        given = {"bank_account": self.desk.account(account), "dated_on": self.day(), "description": "S"}
        given |= {
            "gross_value": self.random.choice(["", "-"]) + self.amount(),
            "category": self.desk.category("travel"),
        }
        made = self.send("POST", "bank_transaction_explanations", {"bank_transaction_explanation": given | self.tax()})
        self.keep("other", made)

    def claim(self) -> None:
        given = {"user": self.desk.me(), "category": self.desk.category("office"), "dated_on": self.day()}
        given |= {"description": "E", "gross_value": "-" + self.amount(), "currency": self.random.choice(CURRENCIES)}
        self.keep("other", self.send("POST", "expenses", {"expense": given | self.tax()}))

    def set_off(self) -> None:
        if self.made["invoice"] and self.made["credit_note"]:
            pair = {kind: self.random.choice(self.made[kind]) for kind in ("invoice", "credit_note")}
            value = self.random.choice([self.send("GET", pair["credit_note"])["due_value"].lstrip("-"), self.amount()])
            made = self.send(
                "POST", "credit_note_reconciliations", {"credit_note_reconciliation": {**pair, "gross_value": value}}
            )
            self.keep("paid", made)

    def write_off(self) -> None:
        if self.made["invoice"]:
            step = self.random.choice(["mark_as_cancelled", "mark_as_sent", "mark_as_draft"])
            self.send("PUT", f"{self.random.choice(self.made['invoice'])}/transitions/{step}")

    def drop(self) -> None:
        kind = self.random.choice(sorted(self.made))
        if self.made[kind]:
            url = self.random.choice(self.made[kind])
            if self.send("DELETE", url) == {} and self.desk.send("GET", url).status == 404:
                self.made[kind].remove(url)

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.bill, self.sale, self.pay, self.pay, self.spend, self.claim]
        steps += [self.sale, self.set_off, self.write_off, self.drop]
        for _ in range(STEPS):
            self.random.choice(steps)()


def due(desk: Desk, kind: str) -> dict[str, Decimal]:
    """What the documents of a kind say is open, by currency."""
    found: dict[str, Decimal] = {}
    documents = desk.get(f"{kind}s", per_page=100)[f"{kind}s"]
    assert len(documents) < 100
    for document in documents:
        if document.get("status") not in ("Draft", "Written-off", "Part written-off"):
            currency = document["currency"]
            found[currency] = found.get(currency, Decimal(0)) + Decimal(document["due_value"])
    return {currency: value for currency, value in found.items() if value}


def of_contact(desk: Desk, kind: str, contact: str) -> list[Decimal]:
    """What each document of a contact adds to its balance, at its own rate in native currency."""
    rows = desk.get(f"{kind}s", per_page=100, contact=contact)[f"{kind}s"]
    open_rows = [row for row in rows if row.get("status") not in ("Draft", "Written-off", "Part written-off")]
    values = [SIDES[kind] * Decimal(row["due_value"]) * Decimal(row["exchange_rate"]) for row in open_rows]
    return [value.quantize(Decimal("0.01"), ROUND_HALF_UP) for value in values]


def held(desk: Desk, account: str) -> dict[str, Decimal]:
    """What the ledger holds on a control account, by currency."""
    (row,) = [row for row in desk.company.book.trial_balance() if row.account.id == account]
    return {currency: money.amount for currency, money in row.balance.by_currency.items() if money.amount}


@histories(4)
def test_open_documents_reports_and_ledger_agree_after_a_long_history(random: Random) -> None:
    desk = open_desk(App())
    Bookkeeping(desk, random).run()
    assert {c: -v for c, v in due(desk, "bill").items()} == held(desk, "796")
    owed = due(desk, "invoice")
    for currency, value in due(desk, "credit_note").items():
        owed[currency] = owed.get(currency, Decimal(0)) + value
    assert {c: v for c, v in owed.items() if v} == held(desk, "681")
    for contact in desk.get("contacts")["contacts"]:
        documents = [row for kind in SIDES for row in of_contact(desk, kind, contact["url"])]
        assert Decimal(contact["account_balance"]) == sum(documents)
    for account in desk.get("bank_accounts")["bank_accounts"]:
        id = account["url"].rpartition("/")[2]
        assert Decimal(account["current_balance"]) == sum(held(desk, id).values())
    rows = desk.get("accounting/trial_balance/summary", from_date="2025-01-01", to_date="2026-12-31")
    shown = {row["nominal_code"]: Decimal(row["total"]) for row in rows["trial_balance_summary"]}
    assert sum(shown.values()) == 0
    booked = desk.company.book.trial_balance()
    by_code = {r.account.id: r.balance.base.amount for r in booked if r.balance.base}
    assert {code.removeprefix("750-"): total for code, total in shown.items()} == by_code
    # What is settled whole leaves nothing behind in base currency either.
    for id, currencies in (("796", held(desk, "796")), ("681", held(desk, "681"))):
        if not currencies:
            assert by_code.get(id, Decimal(0)) == 0
