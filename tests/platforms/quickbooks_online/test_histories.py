"""Long drawn histories of native requests: whatever is written, changed, voided and deleted, in whichever period and
currency, documents, control accounts, reports and books tell the same.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, journal_line, line

from sandbooks import exact_json
from sandbooks.platform import platform_named

D = Decimal
EVER = {"start_date": "2020-01-01", "end_date": "2030-12-31"}
DAYS = ("2025-11-03", "2025-12-31", "2026-01-01", "2026-01-20", "2026-02-28")
CLOSED = ("", "2025-11-30", "2025-12-31")
ACTS = ("bill", "bill", "bill", "vendorcredit", "pay", "pay", "pay", "purchase", "journal", "change", "undo", "close")


class History:
    """One company and the chance that writes its history. Refused requests must leave the books as they are."""

    def __init__(self, client: Client, chance: Random) -> None:
        self.client, self.chance = client, chance
        self.codes = [code["Id"] for code in self.listed("TaxCode")]
        self.vendors = dict(client.labels["suppliers"])
        self.accepted = 0

    def listed(self, kind: str) -> list[Any]:
        asked = f"select * from {kind} maxresults 1000"  # noqa: S608 - the query language of the service, no database
        return list(self.client.query(asked).get(kind, []))

    def amount(self, most: int = 50_000) -> Decimal:
        return D(self.chance.randint(1, most)) / 100

    def day(self) -> dict[str, str]:
        return {"TxnDate": self.chance.choice(DAYS)}

    def rate(self, currency: str) -> dict[str, Decimal]:
        return {"ExchangeRate": D(self.chance.randint(700_000, 1_300_000)) / 10**6} if currency == "EUR" else {}

    def lines(self) -> dict[str, Any]:
        mode = self.chance.choice(("TaxExcluded", "TaxInclusive", "NotApplicable"))
        made = []
        for _ in range(self.chance.randint(1, 3)):
            amount = self.amount()
            code = {} if mode == "NotApplicable" else {"TaxCodeRef": {"value": self.chance.choice(self.codes)}}
            gross = {"TaxInclusiveAmt": amount} if mode == "TaxInclusive" and self.chance.random() < 0.6 else {}
            made.append(
                line(self.client.account(self.chance.choice(("travel", "meals"))), str(amount), **code, **gross)
            )
        return {"GlobalTaxCalculation": mode, "Line": made}

    def send(self, path: str, body: Any, **query: str) -> None:
        before = self.client.trial()
        answer = self.client.send("POST", path, body, **query)
        self.accepted += answer.status == 200
        if answer.status != 200:
            assert (answer.status, self.client.trial()) == (400, before), exact_json.loads(answer.body)

    def act(self) -> None:
        act = self.chance.choice(ACTS)
        if act in ("bill", "vendorcredit"):
            vendor = self.chance.choice(("airline", "hotel"))
            body = {"VendorRef": {"value": self.vendors[vendor]}, **self.day(), **self.lines()}
            self.send(act, {**body, **self.rate("EUR" if vendor == "hotel" else "GBP")})
        else:
            getattr(self, act)()

    def pay(self) -> None:
        vendor = self.chance.choice(("airline", "hotel"))
        standing = [(kind, each) for kind in ("Bill", "VendorCredit") for each in self.listed(kind)]
        found = [(k, e) for k, e in standing if e["VendorRef"]["value"] == self.vendors[vendor] and e["Balance"] > 0]
        rows, total = [], D(0)
        for kind, each in self.chance.sample(found, min(len(found), self.chance.randint(0, 3))):
            whole = self.chance.random() < 0.5
            part = each["Balance"] if whole else D(self.chance.randint(1, int(each["Balance"] * 100))) / 100
            rows.append({"Amount": part, "LinkedTxn": [{"TxnId": each["Id"], "TxnType": kind}]})
            total += part if kind == "Bill" else -part
        total = max(total, D(0)) + (self.amount(2000) if self.chance.random() < 0.2 else 0)
        bank = self.client.account("eur_bank" if vendor == "hotel" and self.chance.random() < 0.5 else "bank")
        paid_from = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": bank}}}
        body = {"VendorRef": {"value": self.vendors[vendor]}, "TotalAmt": total, "Line": rows, **paid_from}
        self.send("billpayment", {**body, **self.day(), **self.rate("EUR" if vendor == "hotel" else "GBP")})

    def purchase(self) -> None:
        refund = {"Credit": True} if self.chance.random() < 0.4 else {}
        paid_from = {"AccountRef": {"value": self.client.account("card")}, "PaymentType": "CreditCard"}
        self.send("purchase", {**paid_from, **self.day(), **self.lines(), **refund})

    def journal(self) -> None:
        named = {"Type": "Vendor", "EntityRef": {"value": self.vendors["airline"]}}
        payable = self.client.named("Account", "Accounts Payable (A/P)")
        amount, sides = str(self.amount()), self.chance.sample(("Debit", "Credit"), 2)
        rows = [journal_line(self.client.account("travel"), amount, sides[0])]
        self.send(
            "journalentry", {"Line": [*rows, journal_line(payable, amount, sides[1], Entity=named)], **self.day()}
        )

    def change(self) -> None:
        kind = self.chance.choice(("Bill", "VendorCredit", "Purchase", "BillPayment"))
        for each in self.chance.sample(self.listed(kind), 1 if self.listed(kind) else 0):
            body = {**each, **(self.day() if self.chance.random() < 0.4 or kind == "BillPayment" else self.lines())}
            self.send(kind.lower(), body)

    def undo(self) -> None:
        kind = self.chance.choice(("Bill", "VendorCredit", "Purchase", "BillPayment", "BillPayment", "JournalEntry"))
        for each in self.chance.sample(self.listed(kind), 1 if self.listed(kind) else 0):
            named = {"Id": each["Id"], "SyncToken": each["SyncToken"], "sparse": True}
            way = "void" if kind == "BillPayment" and self.chance.random() < 0.5 else "delete"
            self.send(kind.lower(), named, operation=way)

    def close(self) -> None:
        with self.client.company.world.unit():
            bookkeeper = platform_named("qbo").load_bookkeeper()
            bookkeeper.lock_period(self.client.company, self.chance.choice(CLOSED))

    # What must agree

    def owed(self, account: str) -> Decimal:
        """What the documents on an A/P account say is open, in the account's currency."""
        on = [(each, sign) for kind, sign in (("Bill", 1), ("VendorCredit", -1)) for each in self.listed(kind)]
        total = sum((each["Balance"] * s for each, s in on if each["APAccountRef"]["value"] == account), D(0))
        for each in self.listed("BillPayment"):
            if each["APAccountRef"]["value"] == account:
                parts = [(row["Amount"], row["LinkedTxn"][0]["TxnType"]) for row in each["Line"]]
                total -= each["TotalAmt"] - sum((-a if kind == "VendorCredit" else a for a, kind in parts), D(0))
        for row in (row for each in self.listed("JournalEntry") for row in each["Line"]):
            detail = row["JournalEntryLineDetail"]
            if detail["AccountRef"]["value"] == account:
                total += row["Amount"] if detail["PostingType"] == "Credit" else -row["Amount"]
        return total

    def check(self) -> None:
        client, held = self.client, {row.account.id: row.balance for row in self.client.company.book.trial_balance()}
        assert sum((balance.base.amount for balance in held.values()), D(0)) == 0
        payable = client.query("select * from Account where AccountType = 'Accounts Payable'")["Account"]
        for account in payable:
            assert account["CurrentBalance"] == -self.owed(account["Id"])
        in_home = -sum((held[a["Id"]].base.amount for a in payable if a["Id"] in held), D(0))
        for name in ("AgedPayables", "VendorBalance"):
            rows = client.get(f"reports/{name}", report_date="2030-12-31", **EVER)["Rows"].get("Row", [])
            assert (D(rows[-1]["Summary"]["ColData"][-1]["value"]) if rows else 0) == in_home, name
        profit = {"Revenue", "Expense"}
        kinds = {each["Id"]: each["Classification"] for each in self.listed("Account")}
        earned = -sum((b.base.amount for id, b in held.items() if kinds[id] in profit), D(0))
        assert group(client.get("reports/ProfitAndLoss", **EVER), "NetIncome") == earned
        for basis in ("Accrual", "Cash"):
            for day in ("2025-12-31", "2026-02-15", "2030-12-31"):
                sheet = client.get("reports/BalanceSheet", end_date=day, accounting_method=basis)
                assert group(sheet, "TotalAssets") == group(sheet, "TotalLiabilitiesAndEquity"), (basis, day)
                trial = client.get("reports/TrialBalance", end_date=day, accounting_method=basis)["Rows"].get("Row", [])
                assert not trial or len({cell["value"] for cell in trial[-1]["Summary"]["ColData"][1:]}) == 1


def group(report: Any, wanted: str) -> Decimal:
    """The total of a group of a report, wherever it stands; zero when the report has no such group."""
    rows = list(report["Rows"].get("Row", []))
    while rows:
        row = rows.pop()
        if row.get("group") == wanted:
            return D(row["Summary"]["ColData"][-1]["value"])
        rows += row.get("Rows", {}).get("Row", [])
    return D(0)


@pytest.mark.parametrize("seed", range(5))
def test_documents_reports_and_books_agree_after_any_history(open_client: Callable[..., Client], seed: int) -> None:
    history = History(open_client("GB"), Random(seed))  # noqa: S311 - draws a history, no secret
    for _ in range(3):
        for _ in range(16):
            history.act()
        history.check()
    assert history.accepted > 10
