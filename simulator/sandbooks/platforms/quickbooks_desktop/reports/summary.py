"""Summaries of accounts: trial balance, profit and loss, balance sheet, what each vendor is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_desktop.file import ACCOUNT_CLASSES, BALANCE_SHEET, CompanyFile
from sandbooks.platforms.quickbooks_desktop.reports.asking import Asked, Line, fiscal_year, lines
from sandbooks.platforms.quickbooks_desktop.reports.layout import (
    LABEL,
    Column,
    Report,
    Row,
    amounts,
    as_of,
    period,
    short,
    text,
)

Sums = Mapping[str, Decimal]


class Section(Struct, frozen=True):
    """A part of a statement: its accounts by type, or parts of its own, under a heading and above a total."""

    title: str
    total: str
    types: tuple[str, ...] = ()
    parts: tuple[Section, ...] = ()


# Source: QuickBooks Desktop (balance sheet and profit and loss as it prints them)
_ASSETS = (
    Section(
        "Current Assets",
        "Total Current Assets",
        parts=(
            Section("Checking/Savings", "Total Checking/Savings", ("Bank",)),
            Section("Accounts Receivable", "Total Accounts Receivable", ("AccountsReceivable",)),
            Section("Other Current Assets", "Total Other Current Assets", ("OtherCurrentAsset",)),
        ),
    ),
    Section("Fixed Assets", "Total Fixed Assets", ("FixedAsset",)),
    Section("Other Assets", "Total Other Assets", ("OtherAsset",)),
)
_LIABILITIES = Section(
    "Liabilities",
    "Total Liabilities",
    parts=(
        Section(
            "Current Liabilities",
            "Total Current Liabilities",
            parts=(
                Section("Accounts Payable", "Total Accounts Payable", ("AccountsPayable",)),
                Section("Credit Cards", "Total Credit Cards", ("CreditCard",)),
                Section("Other Current Liabilities", "Total Other Current Liabilities", ("OtherCurrentLiability",)),
            ),
        ),
        Section("Long Term Liabilities", "Total Long Term Liabilities", ("LongTermLiability",)),
    ),
)
_EQUITY = Section("Equity", "Total Equity", ("Equity",))
_INCOME = Section("Income", "Total Income", ("Income",))
_COGS = Section("Cost of Goods Sold", "Total COGS", ("CostOfGoodsSold",))
_EXPENSE = Section("Expense", "Total Expense", ("Expense",))
_OTHER_INCOME = Section("Other Income", "Total Other Income", ("OtherIncome",))
_OTHER_EXPENSE = Section("Other Expense", "Total Other Expense", ("OtherExpense",))


class _Statement:
    """Accounts and what they hold, in home currency and natural sign, to be laid out in sections."""

    def __init__(self, file: CompanyFile, sums: Sums, *, every: str) -> None:
        self._file, self._sums, self._every = file, sums, every
        self._accounts = sorted(file.records.scan("Account"), key=lambda each: str(each.body["FullName"]).lower())

    def rows(self, section: Section, *, more: Iterable[tuple[str, Decimal]] = ()) -> list[Row]:
        """The rows of a section; none where it holds nothing."""
        inner = [row for part in section.parts for row in self.rows(part)]
        inner += [row for account in self._roots(section.types) for row in self._account(account)]
        inner += [Row("Data", (label, *amounts([amount]))) for label, amount in more if amount]
        if not inner:
            return []
        total = self.total(section) + sum((amount for _, amount in more), Decimal(0))
        return [text(section.title), *inner, Row("Subtotal", (section.total, *amounts([total])))]

    def total(self, section: Section) -> Decimal:
        own = [each for each in self._accounts if each.body["AccountType"] in section.types]
        parts = sum((self.total(part) for part in section.parts), Decimal(0))
        return sum((self._sums.get(each.id, Decimal(0)) for each in own), parts)

    def _roots(self, types: Iterable[str]) -> Iterator[Record]:
        wanted = tuple(types)
        return (
            each for each in self._accounts if each.body["AccountType"] in wanted and not each.body.get("ParentRef")
        )

    def _account(self, account: Record) -> list[Row]:
        """An account in a row; with its subaccounts, where it has any, between its name and its total."""
        name, full = str(account.body["Name"]), str(account.body["FullName"])
        own = self._sums.get(account.id, Decimal(0))
        children = [
            row
            for child in self._accounts
            if (child.body.get("ParentRef") or {}).get("ListID") == account.id
            for row in self._account(child)
        ]
        if not children:
            return [Row("Data", (name, *amounts([own])), full)] if self._is_told(account, own) else []
        other = [Row("Data", (f"{name} - Other", *amounts([own])), full)] if own else []
        total = Row("Subtotal", (f"Total {name}", *amounts([own + self._below(account)])), full)
        return [text(name), *children, *other, total]

    def _below(self, account: Record) -> Decimal:
        children = [each for each in self._accounts if (each.body.get("ParentRef") or {}).get("ListID") == account.id]
        return sum((self._sums.get(each.id, Decimal(0)) + self._below(each) for each in children), Decimal(0))

    def _is_told(self, account: Record, amount: Decimal) -> bool:
        if self._every == "NonZero":
            return bool(amount)
        return self._every == "All" or account.id in self._sums


def _sums(file: CompanyFile, found: Iterable[Line]) -> dict[str, Decimal]:
    """What the lines move on each account, in home currency, debit > 0."""
    sums: dict[str, Decimal] = {}
    for line in found:
        sums[line.posting.account] = sums.get(line.posting.account, Decimal(0)) + line.posting.base.amount
    return sums


def _natural(file: CompanyFile, sums: Sums) -> dict[str, Decimal]:
    """The same in the sign in which an account is read: what it has or costs, what it owes or earns."""
    debit = (AccountClass.ASSET, AccountClass.EXPENSE)
    kinds = {id: ACCOUNT_CLASSES[file.account_type(id)] for id in sums}
    return {id: amount if kinds[id] in debit else -amount for id, amount in sums.items()}


def _is_balance_sheet(file: CompanyFile, line: Line) -> bool:
    return file.account_type(line.posting.account) in BALANCE_SHEET


def _closed(file: CompanyFile, found: list[Line], last: date) -> tuple[dict[str, Decimal], Decimal, Decimal]:
    """Balances at the end of a day, the profit of its fiscal year, and that of all years before."""
    begins = fiscal_year(file, last)
    until = [line for line in found if line.day <= last]
    held = _sums(file, [line for line in until if _is_balance_sheet(file, line)])
    earned = [line for line in until if not _is_balance_sheet(file, line)]
    now = -sum((line.posting.base.amount for line in earned if line.day >= begins), Decimal(0))
    before = -sum((line.posting.base.amount for line in earned if line.day < begins), Decimal(0))
    return held, now, before


def trial_balance(file: CompanyFile, query: Asked) -> Report:
    """Every account with its balance at the end of the period; income and expenses since the fiscal year began."""
    found, begins = lines(file, query.node), fiscal_year(file, query.last)
    held, _, before = _closed(file, found, query.last)
    earned = [line for line in found if begins <= line.day <= query.last and not _is_balance_sheet(file, line)]
    sums = {**held, **_sums(file, earned)}
    retained = file.special_account("RetainedEarnings")
    if before and retained is not None:
        sums[retained.id] = sums.get(retained.id, Decimal(0)) - before
    rows, debits, credits = [], Decimal(0), Decimal(0)
    for account in in_order(file):
        amount = sums.get(account.id)
        if (amount is None and query.rows != "All") or (not amount and query.rows == "NonZero"):
            continue
        amount = amount or Decimal(0)
        debits, credits = debits + max(amount, Decimal(0)), credits + max(-amount, Decimal(0))
        name = str(account.body["FullName"])
        rows.append(Row("Data", (name, *_sides(amount)), name))
    rows.append(Row("Total", ("TOTAL", *amounts([debits, credits]))))
    columns = (LABEL, Column("Debit", "Debit", "AMTTYPE"), Column("Credit", "Credit", "AMTTYPE"))
    return Report("Trial Balance", as_of(query.last), columns, tuple(rows))


def _sides(amount: Decimal) -> tuple[str, str]:
    (cell,) = amounts([abs(amount)])
    return ("", cell) if amount < 0 else (cell, "")


_ORDER = (
    *("Bank", "AccountsReceivable", "OtherCurrentAsset", "FixedAsset", "OtherAsset", "AccountsPayable", "CreditCard"),
    *("OtherCurrentLiability", "LongTermLiability", "Equity", "Income", "CostOfGoodsSold", "Expense", "OtherIncome"),
    *("OtherExpense", "NonPosting"),
)


def in_order(file: CompanyFile) -> list[Record]:
    """The chart of accounts as QuickBooks shows it: by type, then by name."""
    accounts = file.records.scan("Account")
    return sorted(accounts, key=lambda a: (_ORDER.index(a.body["AccountType"]), str(a.body["FullName"]).lower()))


def profit_and_loss(file: CompanyFile, query: Asked) -> Report:
    """Income less expenses of a period."""
    within = [
        line
        for line in lines(file, query.node)
        if (query.first is None or query.first <= line.day) and line.day <= query.last
    ]
    sums = _natural(file, _sums(file, [line for line in within if not _is_balance_sheet(file, line)]))
    told = _Statement(file, sums, every=query.rows)
    gross = told.total(_INCOME) - told.total(_COGS)
    ordinary = gross - told.total(_EXPENSE)
    other = told.total(_OTHER_INCOME) - told.total(_OTHER_EXPENSE)
    sold = told.rows(_COGS)
    rows = [
        text("Ordinary Income/Expense"),
        *told.rows(_INCOME),
        *sold,
        *([Row("Subtotal", ("Gross Profit", *amounts([gross])))] if sold else []),
        *told.rows(_EXPENSE),
        Row("Subtotal", ("Net Ordinary Income", *amounts([ordinary]))),
    ]
    beside = [*told.rows(_OTHER_INCOME), *told.rows(_OTHER_EXPENSE)]
    if beside:
        net = Row("Subtotal", ("Net Other Income", *amounts([other])))
        rows += [text("Other Income/Expense"), *beside, net]
    rows.append(Row("Total", ("Net Income", *amounts([ordinary + other]))))
    words = period(query.first, query.last)
    columns = (LABEL, Column(words, "Amount", "AMTTYPE"))
    return Report("Profit & Loss", words, columns, tuple(rows))


def balance_sheet(file: CompanyFile, query: Asked) -> Report:
    """Assets, liabilities and equity at the end of the period; the year's profit stands in equity."""
    held, now, before = _closed(file, lines(file, query.node), query.last)
    retained = file.special_account("RetainedEarnings")
    if before and retained is not None:
        held[retained.id] = held.get(retained.id, Decimal(0)) - before
    told = _Statement(file, _natural(file, held), every=query.rows)
    assets = sum((told.total(part) for part in _ASSETS), Decimal(0))
    owed = told.total(_LIABILITIES) + told.total(_EQUITY) + now
    rows = [
        text("ASSETS"),
        *(row for part in _ASSETS for row in told.rows(part)),
        Row("Total", ("TOTAL ASSETS", *amounts([assets]))),
        text("LIABILITIES & EQUITY"),
        *told.rows(_LIABILITIES),
        *told.rows(_EQUITY, more=[("Net Income", now)]),
        Row("Total", ("TOTAL LIABILITIES & EQUITY", *amounts([owed]))),
    ]
    columns = (LABEL, Column(short(query.last), "Amount", "AMTTYPE"))
    return Report("Balance Sheet", as_of(query.last), columns, tuple(rows))


def vendor_balances(file: CompanyFile, query: Asked) -> Report:
    """What each vendor is owed at the end of the period, in home currency."""
    owed: dict[str, Decimal] = {}
    for line in lines(file, query.node):
        posting = line.posting
        if line.day <= query.last and file.account_type(posting.account) == "AccountsPayable" and posting.party:
            owed[posting.party] = owed.get(posting.party, Decimal(0)) - posting.base.amount
    vendors = sorted(file.records.scan("Vendor"), key=lambda each: str(each.body["FullName"]).lower())
    rows = []
    for vendor in vendors:
        amount = owed.get(vendor.id, Decimal(0))
        if amount or query.rows == "All" or (query.rows == "ActiveOnly" and vendor.id in owed):
            name = str(vendor.body["FullName"])
            rows.append(Row("Data", (name, *amounts([amount])), name, "name"))
    rows.append(Row("Total", ("TOTAL", *amounts([sum(owed.values(), Decimal(0))]))))
    columns = (LABEL, Column(short(query.last), "Amount", "AMTTYPE"))
    return Report("Vendor Balance Summary", as_of(query.last), columns, tuple(rows), "None")


REPORTS = {
    "TrialBalance": trial_balance,
    "ProfitAndLossStandard": profit_and_loss,
    "BalanceSheetStandard": balance_sheet,
    "VendorBalanceSummary": vendor_balances,
}
