"""A long history of native calls, drawn at random: the open transactions, SuiteQL and the ledger say the same."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.platforms.histories import histories
from tests.platforms.netsuite.desk import RECORD, Desk, open_desk

from sandbooks.app import App

STEPS = 70
CENT = Decimal("0.01")
APPROVED = {"complete": True, "supervisorApproval": True, "accountingApproval": True}
OPEN = {
    "vendorBill": ("amountRemaining", -1),
    "expenseReport": ("amountRemaining", -1),
    "vendorCredit": ("unApplied", 1),
}


class Bookkeeping:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        self.made: dict[str, list[str]] = {
            kind: []
            for kind in ("vendorBill", "vendorCredit", "vendorPayment", "expenseReport", "check", "creditCardCharge")
        }
        employee = desk.make("employee", firstName="Casey", lastName="Lind", subsidiary={"id": "1"})
        category = desk.make("expenseCategory", name="Site", expenseAcct=desk.id("travel"))
        self.employee, self.category = ({"id": made.rpartition("/")[2]} for made in (employee, category))

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def day(self) -> str:
        return f"2026-0{self.random.randint(1, 6)}-{self.random.randint(1, 28):02d}"

    def send(self, method: str, path: str, body: Any = None, **query: object) -> str:
        """Where a lawful write went; nothing for one that is refused, which wrote nothing."""
        before = self.desk.posted()
        answer = self.desk.send(method, f"{RECORD}/{path}", body, **query)
        assert answer.status in (204, 400, 404), answer.body
        if answer.status >= 400:
            assert self.desk.posted() == before, (method, path, answer.body)
            return ""
        return answer.header("Location").partition(f"{RECORD}/")[2] or "done"

    def keep(self, kind: str, body: dict[str, object]) -> None:
        made = self.send("POST", kind, body)
        if made:
            self.made[kind].append(made)

    def chosen(self, kind: str) -> str:
        return self.random.choice(self.made[kind]) if self.made[kind] else f"{kind}/999999"

    def foreign(self) -> dict[str, object]:
        if self.random.random() < 0.5:
            return {}
        return {"currency": self.desk.currency("USD"), "exchangeRate": f"0.{self.random.randint(5000, 9999)}"}

    def lines(self) -> dict[str, object]:
        taxes: list[dict[str, object]] = [{}, {"taxCode": self.desk.id("half")}, {"taxCode": self.desk.id("reverse")}]
        drawn = range(self.random.randint(1, 3))
        return {"items": [self.desk.line(self.amount(), **self.random.choice(taxes)) for _ in drawn]}

    def head(self) -> dict[str, object]:
        return {"entity": self.desk.id("acme"), "tranDate": self.day(), **self.foreign()}

    def bill(self) -> None:
        self.keep("vendorBill", {**self.head(), "expense": self.lines()})

    def credit(self) -> None:
        self.keep("vendorCredit", {**self.head(), "expense": self.lines(), **self.applied("vendorBill")})

    def applied(self, *kinds: str) -> dict[str, object]:
        """Rows that settle open transactions, in whole, in part or beyond."""
        rows = []
        for path in {self.chosen(self.random.choice(kinds)) for _ in range(self.random.randint(0, 2))}:
            row: dict[str, object] = {"doc": {"id": path.rpartition("/")[2]}, "apply": True}
            answer = self.desk.send("GET", f"{RECORD}/{path}")
            if answer.status == 200 and self.random.random() < 0.6:
                left = Decimal(str(self.desk.get(path).get("amountRemaining", 1)))
                row["amount"] = str(max(CENT, (left / 3).quantize(CENT)))
            rows.append(row)
        return {"apply": {"items": rows}} if rows else {}

    def pay(self) -> None:
        account = self.random.choice(["bank", "dollars", "visa"])
        rate = self.random.choice([{}, {"exchangeRate": f"0.{self.random.randint(5000, 9999)}"}])
        document = {"entity": self.desk.id("acme"), "account": self.desk.id(account), "tranDate": self.day(), **rate}
        self.keep("vendorPayment", {**document, **self.applied("vendorBill")})

    def repay(self) -> None:
        document = {"entity": self.employee, "account": self.desk.id("bank"), "tranDate": self.day()}
        self.keep("vendorPayment", {**document, **self.applied("expenseReport")})

    def report(self) -> None:
        line = {"category": self.category, "expenseDate": self.day(), "amount": self.amount()}
        card = {**line, "amount": self.amount(), "corporateCreditCard": True}
        document = {"entity": self.employee, "tranDate": self.day(), "acctCorpCardExp": self.desk.id("visa")}
        approved = self.random.choice([{}, APPROVED])
        self.keep("expenseReport", {**document, "expense": {"items": [line, card]}, **approved})

    def spend(self) -> None:
        kind, account = self.random.choice([("check", "bank"), ("check", "dollars"), ("creditCardCharge", "visa")])
        self.keep(kind, {"account": self.desk.id(account), "tranDate": self.day(), "expense": self.lines()})

    def change(self) -> None:
        kind = self.random.choice(sorted(self.made))
        choices: list[tuple[dict[str, object], dict[str, object]]] = [
            ({"tranDate": self.day()}, {}),
            ({"expense": self.lines()}, {"replace": "expense"}),
            (dict(APPROVED), {}),
        ]
        if kind == "vendorBill":
            choices.append(({"approvalStatus": {"id": self.random.choice("123")}}, {}))
        body, query = self.random.choice(choices)
        self.send("PATCH", self.chosen(kind), body, **query)

    def drop(self) -> None:
        kind = self.random.choice(sorted(self.made))
        path = self.chosen(kind)
        if self.send("DELETE", path):
            self.made[kind].remove(path)

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.bill, self.bill, self.credit, self.pay, self.pay, self.repay]
        steps += [self.report, self.spend, self.change, self.drop]
        for _ in range(STEPS):
            self.random.choice(steps)()


def still_open(desk: Desk) -> dict[str, Decimal]:
    """What the transactions say is open on accounts payable, by currency; a credit counts against it."""
    found: dict[str, Decimal] = {}
    for kind, (member, sign) in OPEN.items():
        for item in desk.get(kind)["items"]:
            shown = desk.get(f"{kind}/{item['id']}")
            if shown["status"]["refName"] in ("Open", "Paid In Full", "Approved by Accounting", "Fully Applied"):
                code = shown["currency"]["refName"]
                found[code] = found.get(code, Decimal(0)) + sign * Decimal(str(shown[member]))
    return {code: value for code, value in found.items() if value}


@histories(3)
def test_open_transactions_queries_and_ledger_agree_after_a_long_history(random: Random) -> None:
    desk = open_desk(App())
    Bookkeeping(desk, random).run()
    opened = still_open(desk)
    names = {record.body["symbol"]: record.body["name"] for record in desk.company.records.scan("currency")}
    held = {names[code]: Decimal(value.split()[0]) for code, value in desk.held("payables").items()}
    assert opened == held
    rows = desk.company.book.trial_balance()
    base = {row.account.id: row.balance.base.amount for row in rows if row.balance.base}
    assert sum(base.values()) == 0
    if not held:
        assert desk.labels["accounts"]["payables"] not in base
    lines = [line for line in desk.company.book.lines() if line.account == desk.labels["accounts"]["payables"]]
    vendor = sum(line.base.amount for line in lines if line.posting.party == desk.id("acme")["id"])
    (shown,) = (desk.get(f"vendor/{item['id']}") for item in desk.get("vendor", q='entityId IS "Acme Timber"')["items"])
    assert Decimal(str(shown["balance"])) == -vendor
    query = "SELECT account, SUM(amount) total FROM transactionaccountingline WHERE posting = 'T' GROUP BY account"
    asked = {row["account"]: Decimal(row["total"]) for row in desk.suiteql(query)}
    assert {id: value for id, value in asked.items() if value} == base
