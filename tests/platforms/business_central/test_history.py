"""A long history of native calls, drawn at random: vendor balances, reports and the ledger say the same."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.platforms.business_central.desk import Desk, open_desk
from tests.platforms.histories import histories

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.ledger import AccountClass

STEPS = 70
CENT = Decimal("0.01")
ANY = {"If-Match": "*"}


class Bookkeeping:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random, self.number = desk, random, 0
        self.made: dict[str, list[str]] = {"purchaseInvoices": [], "purchaseCreditMemos": []}
        self.payments = str(desk.list("vendorPaymentJournals")[0]["id"])

    def amount(self) -> Decimal:
        return self.random.randint(1, 400_00) / Decimal(100)

    def day(self) -> str:
        return f"2026-0{self.random.randint(1, 2)}-{self.random.randint(1, 28):02d}"

    def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What a lawful call answers; nothing for one that is refused, which wrote nothing."""
        before = self.desk.posted()
        answer = self.desk.send(method, path, body, headers=ANY)
        assert answer.status in (200, 201, 204, 400, 404), answer.body
        if answer.status >= 400:
            assert self.desk.posted() == before, (method, path, answer.body)
            return {}
        read: dict[str, Any] = exact_json.loads(answer.body) if answer.body else {"done": True}
        return read

    def chosen(self, path: str) -> str:
        return self.random.choice(self.made[path]) if self.made[path] else "00000000-0000-0000-0000-000000000001"

    def vendor(self) -> str:
        return self.desk.labels["suppliers"][self.random.choice(["shop", "airline"])]

    def items(self) -> list[dict[str, Any]]:
        drawn = range(self.random.randint(1, 3))
        return [self.desk.item(self.amount(), account=self.random.choice(["office", "travel"])) for _ in drawn]

    def document(self, path: str, number: str, lines: str, *, extra: dict[str, Any]) -> None:
        self.number += 1
        day = self.day()
        given = {"vendorId": self.vendor(), number: f"N-{self.number}", "postingDate": day, "invoiceDate": day}
        if path == "purchaseCreditMemos":
            given["creditMemoDate"] = given.pop("invoiceDate")
        made = self.send("POST", path, {**given, **extra, lines: self.items()})
        if made:
            self.made[path].append(made["id"])
            if self.random.random() < 0.85:
                self.send("POST", f"{path}({made['id']})/Microsoft.NAV.post")

    def invoice(self) -> None:
        extra = self.random.choice([{}, {"pricesIncludeTax": True}, {"discountAmount": 1}])
        self.document("purchaseInvoices", "vendorInvoiceNumber", "purchaseInvoiceLines", extra=extra)

    def memo(self) -> None:
        extra = self.random.choice([{}, {"invoiceId": self.chosen("purchaseInvoices")}])
        self.document("purchaseCreditMemos", "vendorCreditMemoNumber", "purchaseCreditMemoLines", extra=extra)

    def cancel(self) -> None:
        self.send("POST", f"purchaseCreditMemos({self.chosen('purchaseCreditMemos')})/Microsoft.NAV.cancel")

    def pay(self) -> None:
        """A payment of an invoice, in whole, in part or beyond; or of none."""
        journal = f"vendorPaymentJournals({self.payments})"
        bank = self.random.choice(["current", "visa", "dollars"])
        self.send("PATCH", journal, {"balancingAccountId": self.desk.account(bank)})
        invoice = self.send("GET", f"purchaseInvoices({self.chosen('purchaseInvoices')})")
        given: dict[str, Any] = {"postingDate": self.day(), "vendorId": self.vendor(), "amount": self.amount()}
        if invoice and self.random.random() < 0.8:
            whole = Decimal(str(invoice["totalAmountIncludingTax"]))
            amount = self.random.choice([whole, (whole / 3).quantize(CENT), whole + 1])
            given = {"postingDate": self.day(), "appliesToInvoiceId": invoice["id"], "amount": amount}
        if self.send("POST", f"{journal}/vendorPayments", given) and not self.send(
            "POST", f"journals({self.payments})/Microsoft.NAV.post"
        ):
            for line in self.desk.list(f"{journal}/vendorPayments"):
                self.send("DELETE", f"vendorPayments({line['id']})")

    def spend(self) -> None:
        batch = self.desk.batch()
        account = self.random.choice(["visa", "dollars", "current"])
        line = {"accountType": "G/L Account", "accountId": self.desk.account("travel"), "postingDate": self.day()}
        line |= {"amount": self.random.choice([1, -1]) * self.amount(), "balanceAccountType": "Bank Account"}
        line["balancingAccountNumber"] = self.desk.number(account)
        if self.send("POST", f"journals({batch})/journalLines", line):
            self.send("POST", f"journals({batch})/Microsoft.NAV.post")

    def change(self) -> None:
        path = self.random.choice(sorted(self.made))
        given = self.random.choice([{"postingDate": self.day()}, {"vendorId": self.vendor()}])
        self.send("PATCH", f"{path}({self.chosen(path)})", given)

    def drop(self) -> None:
        path = self.random.choice(sorted(self.made))
        id = self.chosen(path)
        if self.send("DELETE", f"{path}({id})"):
            self.made[path].remove(id)

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.invoice, self.invoice, self.memo, self.pay, self.pay, self.pay]
        steps += [self.spend, self.cancel, self.change, self.drop]
        for _ in range(STEPS):
            self.random.choice(steps)()


@histories(3)
def test_vendors_reports_and_ledger_agree_after_a_long_history(random: Random) -> None:
    desk = open_desk(App())
    Bookkeeping(desk, random).run()
    rows = desk.company.book.trial_balance()
    base = {row.account.id: row.balance.base.amount for row in rows}
    assert sum(base.values()) == 0
    payables = base.get(desk.account("payables"), Decimal(0))
    assert sum(Decimal(str(vendor["balance"])) for vendor in desk.list("vendors")) == -payables
    aged = desk.list("agedAccountsPayables")
    assert sum(Decimal(str(row["balanceDue"])) for row in aged) == -payables
    buckets = ("currentAmount", "period1Amount", "period2Amount", "period3Amount")
    for row in aged:
        assert sum(Decimal(str(row[bucket])) for bucket in buckets) == Decimal(str(row["balanceDue"]))
    entries = desk.list("generalLedgerEntries")
    moved: dict[str, Decimal] = {}
    for entry in entries:
        value = Decimal(str(entry["debitAmount"])) - Decimal(str(entry["creditAmount"]))
        moved[entry["accountNumber"]] = moved.get(entry["accountNumber"], Decimal(0)) + value
    assert sum(moved.values()) == 0
    balance = {row["number"]: Decimal(str(row["netChange"])) for row in desk.list("accounts") if row["netChange"]}
    assert {number: value for number, value in moved.items() if value} == balance
    profit = sum(
        (row.balance.base.amount for row in rows if row.account.kind in (AccountClass.INCOME, AccountClass.EXPENSE)),
        Decimal(0),
    )
    shown = [row for row in desk.list("incomeStatements") if row["display"] == "Net Income"]
    assert [Decimal(str(row["netChange"])) for row in shown] in ([], [profit], [-profit])
