"""A long history of native calls, drawn at random: the open documents and the ledger say the same."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.platforms.histories import histories
from tests.platforms.zoho_books.desk import Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App

STEPS = 90
CENT = Decimal("0.01")
Sums = dict[str, Decimal]


class Bookkeeping:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random, self.number = desk, random, 0
        self.made: dict[str, list[str]] = {
            "bills": [],
            "vendorcredits": [],
            "vendorpayments": [],
            "expenses": [],
            "banktransactions": [],
        }

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def day(self) -> str:
        return f"2026-0{self.random.randint(1, 6)}-{self.random.randint(1, 28):02d}"

    def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The answer of a lawful call; nothing for one that is refused, which wrote nothing."""
        before = self.desk.posted()
        answer = self.desk.send(method, path, body)
        assert answer.status in (200, 201, 400, 404), answer.body
        if answer.status >= 400:
            assert self.desk.posted() == before, (method, path, answer.body)
            return {}
        read: dict[str, Any] = exact_json.loads(answer.body)
        return read

    def keep(self, path: str, root: str, id: str, document: dict[str, Any]) -> None:
        made = self.send("POST", path, document)
        if made:
            self.made[path].append(made[root][id])

    def chosen(self, path: str) -> str:
        return self.random.choice(self.made[path]) if self.made[path] else "460000000000001"

    def rate(self) -> dict[str, object]:
        return self.random.choice([{}, {"exchange_rate": f"0.{self.random.randint(5000, 9999)}"}])

    def lines(self) -> list[dict[str, object]]:
        drawn = self.random.randint(1, 3)
        taxes = [{}, {"tax_id": next(iter(self.desk.company.records.scan("tax"))).id}]
        return [self.desk.line(self.amount(), **self.random.choice(taxes)) for _ in range(drawn)]

    def head(self) -> dict[str, object]:
        vendor = self.random.choice(["acme", "usco"])
        rate = self.rate() if vendor == "usco" else {}
        return {"vendor_id": self.desk.vendor(vendor), "date": self.day(), **rate}

    def bill(self) -> None:
        self.number += 1
        extra = self.random.choice([{}, {"is_inclusive_tax": True}, {"adjustment": "-0.03"}, {"status": "draft"}])
        document = {**self.head(), "bill_number": f"B-{self.number}", "due_date": "2026-12-31", **extra}
        self.keep("bills", "bill", "bill_id", {**document, "line_items": self.lines()})

    def credit(self) -> None:
        self.keep("vendorcredits", "vendor_credit", "vendor_credit_id", {**self.head(), "line_items": self.lines()})

    def pay(self) -> None:
        """One payment of one or two bills, in whole, in part, or with something left over."""
        rows, vendor, total = [], self.desk.vendor("acme"), Decimal(0)
        for id in {self.chosen("bills") for _ in range(self.random.randint(0, 2))}:
            found = self.send("GET", f"bills/{id}").get("bill")
            if found and found["balance"]:
                part = (Decimal(found["balance"]) * self.random.choice([1, Decimal("0.37")])).quantize(CENT)
                rows.append({"bill_id": id, "amount_applied": str(part)})
                vendor, total = found["vendor_id"], total + part
        total += self.random.choice([Decimal(0), Decimal(self.amount())])
        payer = self.random.choice(["bank", "visa", "dollars", "euros"])
        document = {"vendor_id": vendor, "date": self.day(), "amount": str(total), "bills": rows, **self.rate()}
        document["paid_through_account_id"] = self.desk.account(payer)
        self.keep("vendorpayments", "vendorpayment", "payment_id", document)

    def set_off(self) -> None:
        bill, credit = self.chosen("bills"), self.chosen("vendorcredits")
        row = {"bill_id": bill, "amount_applied": self.within(f"vendorcredits/{credit}", "vendor_credit", bill)}
        self.send("POST", f"vendorcredits/{credit}/bills", {"bills": [row]})

    def use_advance(self) -> None:
        bill, payment = self.chosen("bills"), self.chosen("vendorpayments")
        row = {"payment_id": payment, "amount_applied": self.within(f"vendorpayments/{payment}", "vendorpayment", bill)}
        self.send("POST", f"bills/{bill}/credits", {"bill_payments": [row]})

    def within(self, path: str, root: str, bill: str) -> str:
        """Mostly an amount that both sides still have."""
        sides = (self.send("GET", path).get(root, {}), self.send("GET", f"bills/{bill}").get("bill", {}))
        most = min(Decimal(str(side.get("balance", 1))) for side in sides)
        return str(self.random.choice([most, most, (most / 3).quantize(CENT), Decimal(self.amount())]))

    def refund(self) -> None:
        path = self.random.choice(["vendorcredits", "vendorpayments"])
        account = dict.fromkeys(("to_account_id", "from_account_id", "account_id"), self.desk.account("bank"))
        amount = self.random.choice([self.amount(), "1.37"])
        document = {"date": self.day(), "amount": amount, **account, **self.rate()}
        self.send("POST", f"{path}/{self.chosen(path)}/refunds", document)

    def spend(self) -> None:
        account = {"account_id": self.desk.account("travel"), "date": self.day(), "amount": self.amount()}
        paid = self.desk.account(self.random.choice(["bank", "visa"]))
        self.keep("expenses", "expense", "expense_id", {**account, "paid_through_account_id": paid})

    def move(self) -> None:
        sides = {"from_account_id": self.desk.account("dollars"), "to_account_id": self.desk.account("bank")}
        document = {"transaction_type": "transfer_fund", "date": self.day(), "amount": self.amount(), **sides}
        document |= {"exchange_rate": "0.7741", "bank_charges": self.random.choice(["0", "1.25"])}
        self.keep("banktransactions", "banktransaction", "transaction_id", document)

    def change(self) -> None:
        path = self.random.choice(["bills", "vendorpayments", "expenses", "vendorcredits"])
        given = self.random.choice([{"date": self.day()}, {"line_items": self.lines()}, {"amount": self.amount()}])
        self.send("PUT", f"{path}/{self.chosen(path)}", given | self.rate())

    def state(self) -> None:
        path, state = self.random.choice(["bills", "vendorcredits"]), self.random.choice(["void", "open"])
        self.send("POST", f"{path}/{self.chosen(path)}/status/{state}")

    def drop(self) -> None:
        path = self.random.choice(sorted(self.made))
        id = self.chosen(path)
        if self.send("DELETE", f"{path}/{id}") and id in self.made[path]:
            self.made[path].remove(id)

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.bill, self.bill, self.credit, self.pay, self.pay, self.set_off]
        steps += [self.use_advance, self.refund, self.spend, self.move, self.change, self.state, self.drop]
        for _ in range(STEPS):
            self.random.choice(steps)()


def summed(rows: list[dict[str, Any]], member: str, sign: int = 1) -> Sums:
    found: Sums = {}
    for row in rows:
        value = sign * Decimal(str(row[member]))
        found[row["currency_code"]] = found.get(row["currency_code"], Decimal(0)) + value
    return found


def together(*parts: Sums) -> Sums:
    codes = {code for part in parts for code in part}
    sums = {code: sum((part.get(code, Decimal(0)) for part in parts), Decimal(0)) for code in codes}
    return {code: value for code, value in sums.items() if value}


def held(desk: Desk, name: str) -> Sums:
    """What the ledger holds on an account, by currency."""
    found = desk.company.book.balance(desk.account(name)).by_currency
    return {code: money.amount for code, money in found.items() if money}


@histories(4)
def test_open_documents_and_ledger_agree_after_a_long_history(random: Random) -> None:
    desk = open_desk(App())
    Bookkeeping(desk, random).run()
    bills = [row for row in desk.get("bills")["bills"] if row["status"] not in ("draft", "void")]
    credits = [row for row in desk.get("vendorcredits")["vendor_credits"] if row["status"] not in ("draft", "void")]
    payments = desk.get("vendorpayments")["vendorpayments"]
    owed = together(summed(bills, "balance", -1), summed(credits, "balance"))
    assert owed == held(desk, "accounts payable")
    assert together(summed(payments, "balance")) == held(desk, "prepaid expenses")
    for contact in desk.get("vendors")["contacts"]:
        owing, crediting, paying = (
            sum(Decimal(str(row["balance"])) for row in listed if row["vendor_id"] == contact["contact_id"])
            for listed in (bills, credits, payments)
        )
        assert Decimal(str(contact["outstanding_payable_amount"])) == owing
        assert Decimal(str(contact["unused_credits_payable_amount"])) == crediting + paying
    rows = desk.company.book.trial_balance()
    assert sum((row.balance.base.amount for row in rows), Decimal(0)) == 0
    base = {row.account.id: row.balance.base.amount for row in rows}
    for name in ("accounts payable", "prepaid expenses"):
        if not held(desk, name):
            assert base.get(desk.account(name), Decimal(0)) == 0
    for account in desk.get("bankaccounts")["bankaccounts"]:
        kept = desk.company.book.balance(account["account_id"]).by_currency
        shown = abs(Decimal(str(account["balance"])))
        assert shown == abs(sum((money.amount for money in kept.values()), Decimal(0)))
