"""Long drawn histories of native requests: whatever is written, changed, paid, allocated, voided and deleted, in
whichever period and currency, documents, control accounts, reports, journals and books tell the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.platforms.xero.conftest import PLAN, Client, line, signed_in

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.platform import platform_named

D = Decimal
DAYS = ("2025-02-10", "2025-03-31", "2025-04-01", "2025-12-31", "2026-02-14")
LOCKED = ("", "2025-03-31", "2025-12-31")
PURCHASES = ("INPUT2", "RRINPUT", "ZERORATEDINPUT", "REVERSECHARGES", "NONE")
SALES = ("OUTPUT2", "RROUTPUT", "ZERORATEDOUTPUT", "NONE")
ACTS = (
    "invoice",
    "invoice",
    "invoice",
    "credit",
    "pay",
    "pay",
    "allocate",
    "allocate",
    "bank",
    "undo",
    "change",
    "lock",
)
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")
PROFIT = ("REVENUE", "EXPENSE")


class History:
    """One organisation and the chance that writes its history. Refused requests must leave the books as they are."""

    def __init__(self, client: Client, chance: Random) -> None:
        self.client, self.chance, self.accepted = client, chance, 0
        client.world.put("settings", "limits", "off")
        euro = {"Name": "Euro", "Code": "093", "Type": "BANK", "BankAccountNumber": "77", "CurrencyCode": "EUR"}
        client.one("PUT", "Accounts", euro)

    def listed(self, name: str) -> list[Any]:
        found = exact_json.loads(self.client.send("GET", f"{name}?page=1&pageSize=1000").body)[name]
        return list(found)

    def amount(self) -> str:
        return str(D(self.chance.randint(1, 50_000)) / 100)

    def day(self) -> str:
        return self.chance.choice(DAYS)

    def lines(self, *, sale: bool) -> dict[str, Any]:
        made = []
        for _ in range(self.chance.randint(1, 3)):
            account = "200" if sale else self.chance.choice(("501", "502"))
            quantity = str(D(self.chance.randint(1, 99_999)) / 1000) if self.chance.random() < 0.3 else "1"
            tax = self.chance.choice(SALES if sale else PURCHASES)
            made.append(line(self.amount(), account=account, tax=tax, Quantity=quantity))
        return {"LineAmountTypes": self.chance.choice(("Exclusive", "Inclusive", "NoTax")), "LineItems": made}

    def rate(self) -> dict[str, str]:
        return {"CurrencyRate": str(D(self.chance.randint(700_000, 1_400_000)) / 10**6)}

    def currency(self) -> dict[str, str]:
        return {"CurrencyCode": "EUR", **self.rate()} if self.chance.random() < 0.4 else {}

    def send(self, method: str, path: str, body: Any = b"") -> None:
        before = self.client.balances()
        answer = self.client.send(method, path, body)
        self.accepted += answer.status == 200
        if answer.status != 200:
            assert (answer.status, self.client.balances()) == (400, before), answer.body

    def act(self) -> None:
        getattr(self, self.chance.choice(ACTS))()

    def invoice(self) -> None:
        self._document("Invoices", self.chance.choice(("ACCPAY", "ACCPAY", "ACCREC")))

    def credit(self) -> None:
        self._document("CreditNotes", self.chance.choice(("ACCPAYCREDIT", "ACCRECCREDIT")))

    def _document(self, path: str, kind: str) -> None:
        contact = {"Name": self.chance.choice(("Contoso Air", "Wide World Shop"))}
        head = {"Type": kind, "Contact": contact, "Date": self.day(), "DueDate": self.day(), "Status": "AUTHORISED"}
        self.send("PUT", path, {**head, **self.lines(sale="REC" in kind), **self.currency()})

    def bank(self) -> None:
        kind = self.chance.choice(("SPEND", "RECEIVE", "SPEND-OVERPAYMENT", "RECEIVE-OVERPAYMENT", "SPEND-PREPAYMENT"))
        head = {"Type": kind, "Contact": {"Name": "Contoso Air"}, "BankAccount": {"Code": "090"}, "Date": self.day()}
        control = {"SPEND": "800", "RECEIVE": "610"}[kind.partition("-")[0]]
        over = {"LineItems": [line(self.amount(), account=control)]}
        self.send("PUT", "BankTransactions", {**head, **(over if "OVER" in kind else self.lines(sale=False))})

    def pay(self) -> None:
        name = self.chance.choice(("Invoices", "Invoices", "Invoices", *CREDITS))
        for each in self._some(each for each in self.listed(name) if each["Status"] == "AUTHORISED"):
            due = each.get("AmountDue", each.get("RemainingCredit"))
            amount = due if self.chance.random() < 0.5 else D(self.chance.randint(1, int(due * 100))) / 100
            code = self.chance.choice(("090", "091" if each["CurrencyCode"] == "GBP" else "093"))
            rate = self.rate() if each["CurrencyCode"] == "EUR" else {}
            of = {name[:-1]: {f"{name[:-1]}ID": each[f"{name[:-1]}ID"]}}
            self.send(
                "PUT", "Payments", {**of, "Account": {"Code": code}, "Date": self.day(), "Amount": amount, **rate}
            )

    def allocate(self) -> None:
        name = self.chance.choice(CREDITS)
        for each in self._some(each for each in self.listed(name) if each["RemainingCredit"] > 0):
            kind = "ACCPAY" if "PAY" in each["Type"] or "SPEND" in each["Type"] else "ACCREC"
            same = (kind, each["CurrencyCode"], each["Contact"]["ContactID"])
            open_ones = (i for i in self.listed("Invoices") if i["Status"] == "AUTHORISED" and _of(i) == same)
            for invoice in self._some(open_ones):
                most = min(invoice["AmountDue"], each["RemainingCredit"])
                amount = most if self.chance.random() < 0.5 else D(self.chance.randint(1, int(most * 100))) / 100
                body = {"Amount": amount, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": self.day()}
                self.send("PUT", f"{name}/{each[f'{name[:-1]}ID']}/Allocations", body)

    def change(self) -> None:
        name = self.chance.choice(("Invoices", "CreditNotes", "BankTransactions"))
        for each in self._some(self.listed(name)):
            new = {"Date": self.day()} if self.chance.random() < 0.4 else self.lines(sale="ACCREC" in each["Type"])
            self.send("POST", f"{name}/{each[f'{name[:-1]}ID']}", new)

    def undo(self) -> None:
        name = self.chance.choice(("Invoices", "CreditNotes", "Payments", "Payments", "BankTransactions", "allocation"))
        if name == "allocation":
            name = self.chance.choice(CREDITS)
            for each in self._some(each for each in self.listed(name) if each.get("Allocations")):
                path = f"{name}/{each[f'{name[:-1]}ID']}/Allocations/{each['Allocations'][0]['AllocationID']}"
                self.send("DELETE", path)
            return
        status = "VOIDED" if name in ("Invoices", "CreditNotes") else "DELETED"
        for each in self._some(self.listed(name)):
            self.send("POST", f"{name}/{each[f'{name[:-1]}ID']}", {"Status": status})

    def lock(self) -> None:
        with self.client.world.unit():
            platform_named("xero").load_bookkeeper().lock_period(self.client.company, self.chance.choice(LOCKED))

    def _some(self, found: Any) -> list[Any]:
        listed = list(found)
        return [self.chance.choice(listed)] if listed else []

    # What must agree

    def check(self) -> None:
        held = {row.account.id: row.balance for row in self.client.company.book.trial_balance()}
        accounts = {each["AccountID"]: each for each in self.client.json("GET", "Accounts")["Accounts"]}
        assert sum((balance.base.amount for balance in held.values()), D(0)) == 0
        self._check_control(held, {a.get("SystemAccount"): id for id, a in accounts.items()})
        for each in self.listed("Invoices"):
            if each["Status"] in ("AUTHORISED", "PAID"):
                assert each["Total"] == each["AmountDue"] + each["AmountPaid"] + each["AmountCredited"]
                assert (each["Status"] == "PAID") == (each["AmountDue"] == 0)
        trial = list(cells(self.report("TrialBalance?date=2026-12-31")))
        assert len(trial) == 1 or (trial[-1][1], trial[-1][3]) == (trial[-1][2], trial[-1][4])
        for basis in ("false", "true"):
            for day in ("2025-03-31", "2025-12-31", "2026-12-31"):
                sheet = {row[0]: row[1] for row in cells(self.report(f"BalanceSheet?date={day}&paymentsOnly={basis}"))}
                assert sheet.get("Net Assets") == sheet.get("Total Equity"), (basis, day)
        year = {r[0]: r[1] for r in cells(self.report("ProfitAndLoss?fromDate=2025-04-01&toDate=2026-03-31"))}
        lines = [each for each in self.client.company.book.lines() if str(each.date) >= "2025-04-01"]
        earned = -sum((each.base.amount for each in lines if accounts[each.account]["Class"] in PROFIT), D(0))
        assert D(year["Net Profit"]) == earned
        told = {
            row[0]: D(row[4]) for row in cells(self.report("BankSummary?fromDate=2025-01-01&toDate=2026-12-31"))[1:-1]
        }
        for id, account in accounts.items():
            if account["Type"] == "BANK" and account["Name"] in told:
                assert told[account["Name"]] == (held[id].base.amount if id in held else 0)
        self._check_journals({id: balance.base.amount for id, balance in held.items() if balance.base.amount})

    def _check_control(self, held: Any, system: dict[str, str]) -> None:
        """What is open of the documents is what their control account holds, in each currency."""
        for control, kind, credit, over, sign in (
            ("CREDITORS", "ACCPAY", "ACCPAYCREDIT", "SPEND-OVERPAYMENT", -1),
            ("DEBTORS", "ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT", 1),
        ):
            for currency in ("GBP", "EUR"):
                total = sum((i["AmountDue"] for i in self._open("Invoices", kind, currency)), D(0))
                total -= sum((c["RemainingCredit"] for c in self._open("CreditNotes", credit, currency)), D(0))
                total -= sum((c["RemainingCredit"] for c in self._open("Overpayments", over, currency)), D(0))
                by_currency = held[system[control]].by_currency if system[control] in held else {}
                assert total == (by_currency[currency].amount * sign if currency in by_currency else 0), control

    def _open(self, name: str, kind: str, currency: str) -> Iterator[Any]:
        for each in self.listed(name):
            if (each["Type"], each["CurrencyCode"]) == (kind, currency) and each["Status"] in ("AUTHORISED", "PAID"):
                yield each

    def _check_journals(self, held: dict[str, Decimal]) -> None:
        sums: dict[str, Decimal] = {}
        offset = 0
        while True:
            page = exact_json.loads(self.client.send("GET", f"Journals?offset={offset}").body)["Journals"]
            for posted in (posted for journal in page for posted in journal["JournalLines"]):
                sums[posted["AccountID"]] = sums.get(posted["AccountID"], D(0)) + posted["NetAmount"]
            if not page:
                break
            offset = page[-1]["JournalNumber"]
        assert {id: total for id, total in sums.items() if total} == held

    def report(self, path: str) -> Any:
        return json.loads(self.client.send("GET", f"Reports/{path}").body)["Reports"][0]


def _of(invoice: Any) -> tuple[str, str, str]:
    return invoice["Type"], invoice["CurrencyCode"], invoice["Contact"]["ContactID"]


def cells(report: Any) -> list[list[str]]:
    """Every row of a report, sections unfolded, as texts."""
    found: list[list[str]] = []

    def walk(rows: list[Any]) -> None:
        for row in rows:
            if row.get("Cells"):
                found.append([cell["Value"] for cell in row["Cells"]])
            walk(row.get("Rows", []))

    walk(report["Rows"])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_documents_reports_journals_and_books_agree_after_any_history(seed: int) -> None:
    history = History(signed_in(App(), PLAN), Random(seed))  # noqa: S311 - draws a history, no secret
    for _ in range(3):
        for _ in range(16):
            history.act()
        history.check()
    assert history.accepted > 10
