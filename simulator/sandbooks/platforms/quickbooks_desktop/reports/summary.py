"""Summaries of accounts: trial balance, profit and loss, balance sheet, what each vendor is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_desktop.file import ACCOUNT_CLASSES, BALANCE_SHEET, CompanyFile
from sandbooks.platforms.quickbooks_desktop.reports.asking import Asked, fiscal_year, lines
from sandbooks.platforms.quickbooks_desktop.reports.layout import (
    LABEL,
    TOTAL,
    Column,
    Report,
    Row,
    amounts,
    as_of,
    period,
    short,
    text,
)
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line
from sandbooks.platforms.quickbooks_desktop.reports.splitting import PERIODS, Part, dealt, parts

Sums: TypeAlias = Mapping[str, Decimal]
Vector: TypeAlias = tuple[Decimal, ...]


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


class Statement:
    """Accounts and what they hold in each column, in home currency and natural sign, to be laid out in sections."""

    def __init__(self, file: CompanyFile, columns: Sequence[Sums], *, every: str) -> None:
        self._columns, self._every = columns, every
        self._accounts = sorted(file.records.scan("Account"), key=lambda each: str(each.body["FullName"]).lower())

    def rows(self, section: Section, *, more: Iterable[tuple[str, Vector]] = ()) -> list[Row]:
        """The rows of a section; none where it holds nothing."""
        inner = [row for part in section.parts for row in self.rows(part)]
        inner += [row for account in self._roots(section.types) for row in self._account(account)]
        inner += [Row("Data", (label, *amounts(held))) for label, held in more if any(held)]
        if not inner:
            return []
        total = plus(self.total(section), *(held for _, held in more))
        return [text(section.title), *inner, Row("Subtotal", (section.total, *amounts(total)))]

    def total(self, section: Section) -> Vector:
        own = [self._own(each) for each in self._accounts if each.body["AccountType"] in section.types]
        return plus(self.nothing, *own, *(self.total(part) for part in section.parts))

    @property
    def nothing(self) -> Vector:
        return (Decimal(0),) * len(self._columns)

    def _own(self, account: Record) -> Vector:
        return tuple(sums.get(account.id, Decimal(0)) for sums in self._columns)

    def _roots(self, types: Iterable[str]) -> Iterator[Record]:
        wanted = tuple(types)
        return (
            each for each in self._accounts if each.body["AccountType"] in wanted and not each.body.get("ParentRef")
        )

    def _account(self, account: Record) -> list[Row]:
        """An account in a row; with its subaccounts, where it has any, between its name and its total."""
        name, full = str(account.body["Name"]), str(account.body["FullName"])
        own = self._own(account)
        children = [row for child in self._children(account) for row in self._account(child)]
        if not children:
            return [Row("Data", (name, *amounts(own)), full)] if self._is_told(account, own) else []
        other = [Row("Data", (f"{name} - Other", *amounts(own)), full)] if any(own) else []
        total = Row("Subtotal", (f"Total {name}", *amounts(plus(own, self._below(account)))), full)
        return [text(name), *children, *other, total]

    def _children(self, account: Record) -> list[Record]:
        return [each for each in self._accounts if (each.body.get("ParentRef") or {}).get("ListID") == account.id]

    def _below(self, account: Record) -> Vector:
        found = [plus(self._own(each), self._below(each)) for each in self._children(account)]
        return plus(self.nothing, *found)

    def _is_told(self, account: Record, own: Vector) -> bool:
        if self._every == "NonZero":
            return any(own)
        return self._every == "All" or any(account.id in sums for sums in self._columns)


def plus(*vectors: Vector) -> Vector:
    """The sum of amounts by column."""
    return tuple(sum(column, Decimal(0)) for column in zip(*vectors, strict=True))


def minus(one: Vector, other: Vector) -> Vector:
    """The difference of amounts by column."""
    return tuple(a - b for a, b in zip(one, other, strict=True))


def sums_of(file: CompanyFile, found: Iterable[Line]) -> dict[str, Decimal]:
    """What the lines move on each account, in home currency, debit > 0."""
    sums: dict[str, Decimal] = {}
    for line in found:
        sums[line.posting.account] = sums.get(line.posting.account, Decimal(0)) + line.posting.base.amount
    return sums


def natural(file: CompanyFile, sums: Sums) -> dict[str, Decimal]:
    """The same in the sign in which an account is read: what it has or costs, what it owes or earns."""
    debit = (AccountClass.ASSET, AccountClass.EXPENSE)
    kinds = {id: ACCOUNT_CLASSES[file.account_type(id)] for id in sums}
    return {id: amount if kinds[id] in debit else -amount for id, amount in sums.items()}


def is_balance_sheet(file: CompanyFile, line: Line) -> bool:
    return file.account_type(line.posting.account) in BALANCE_SHEET


def _closed(file: CompanyFile, found: list[Line], last: date) -> tuple[dict[str, Decimal], Decimal, Decimal]:
    """Balances at the end of a day, the profit of its fiscal year, and that of all years before."""
    begins = fiscal_year(file, last)
    until = [line for line in found if line.day <= last]
    held = sums_of(file, [line for line in until if is_balance_sheet(file, line)])
    earned = [line for line in until if not is_balance_sheet(file, line)]
    now = -sum((line.posting.base.amount for line in earned if line.day >= begins), Decimal(0))
    before = -sum((line.posting.base.amount for line in earned if line.day < begins), Decimal(0))
    return held, now, before


def trial_balance(file: CompanyFile, query: Asked) -> Report:
    """Every account with its balance at the end of the period; income and expenses since the fiscal year began."""
    _check_whole(query, "TrialBalance")
    found, begins = lines(file, query), fiscal_year(file, query.last)
    held, _, before = _closed(file, found, query.last)
    earned = [line for line in found if begins <= line.day <= query.last and not is_balance_sheet(file, line)]
    sums = {**held, **sums_of(file, earned)}
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
    return Report("Trial Balance", as_of(query.last), columns, tuple(rows), query.basis)


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
    """Income less expenses of a period, by column where it is split."""
    return _profit(file, query, query.columns)


def _profit(file: CompanyFile, query: Asked, by: str, *, title: str = "Profit & Loss") -> Report:
    within = [line for line in within_period(file, query) if not is_balance_sheet(file, line)]
    split = shown_parts(query, parts(file, query, by, within), within) if by != "TotalOnly" else []
    words = period(query.first, query.last)
    columns = [Column(part.title, "Amount", "AMTTYPE") for part in split]
    sums = [natural(file, sums_of(file, held)) for held in dealt(split, within)]
    whole = natural(file, sums_of(file, within))
    last = TOTAL if split else Column(words, "Amount", "AMTTYPE")
    rows = profit_rows(Statement(file, [*sums, whole], every=query.rows))
    return Report(title, words, (LABEL, *columns, last), tuple(rows), query.basis)


def within_period(file: CompanyFile, query: Asked) -> list[Line]:
    """The postings that the filters and the period of a query mean."""
    found = lines(file, query)
    return [line for line in found if (query.first is None or query.first <= line.day) and line.day <= query.last]


def shown_parts(query: Asked, found: list[Part], held: Iterable[Line]) -> list[Part]:
    """The columns that are told: all, or those that hold something, or an amount."""
    every = str(query.node.get("ReturnColumns", "ActiveOnly"))
    if every != "NonZero":
        return found
    pairs = zip(found, dealt(found, held), strict=True)
    return [part for part, own in pairs if any(line.posting.base for line in own)]


def profit_rows(told: Statement) -> list[Row]:
    """Income less expenses, from the sums of a statement."""
    gross = minus(told.total(_INCOME), told.total(_COGS))
    ordinary = minus(gross, told.total(_EXPENSE))
    other = minus(told.total(_OTHER_INCOME), told.total(_OTHER_EXPENSE))
    sold = told.rows(_COGS)
    rows = [
        text("Ordinary Income/Expense"),
        *told.rows(_INCOME),
        *sold,
        *([Row("Subtotal", ("Gross Profit", *amounts(gross)))] if sold else []),
        *told.rows(_EXPENSE),
        Row("Subtotal", ("Net Ordinary Income", *amounts(ordinary))),
    ]
    beside = [*told.rows(_OTHER_INCOME), *told.rows(_OTHER_EXPENSE)]
    if beside:
        net = Row("Subtotal", ("Net Other Income", *amounts(other)))
        rows += [text("Other Income/Expense"), *beside, net]
    return [*rows, Row("Total", ("Net Income", *amounts(plus(ordinary, other))))]


def balance_sheet(file: CompanyFile, query: Asked) -> Report:
    """Assets, liabilities and equity at the end of the period, or of each of its columns."""
    if query.columns not in (*PERIODS, "TotalOnly"):
        raise NotSimulated(f"balance sheets summarized by {query.columns}", instead=", ".join(PERIODS))
    found = lines(file, query)
    ends = [query.last]
    columns: tuple[Column, ...] = (Column(short(query.last), "Amount", "AMTTYPE"),)
    if query.columns != "TotalOnly":
        split = parts(file, query, query.columns, found)
        ends = [part.last for part in split if part.last is not None]
        columns = tuple(Column(short(end), "Amount", "AMTTYPE") for end in ends)
    rows = balance_rows(file, found, ends, every=query.rows)
    return Report("Balance Sheet", as_of(query.last), (LABEL, *columns), tuple(rows), query.basis)


def balance_rows(file: CompanyFile, found: list[Line], ends: Sequence[date], *, every: str) -> list[Row]:
    """A balance sheet at the end of some days; the profit of each one's year stands in equity."""
    retained = file.special_account("RetainedEarnings")
    columns, profits = [], []
    for end in ends:
        held, now, before = _closed(file, found, end)
        if before and retained is not None:
            held[retained.id] = held.get(retained.id, Decimal(0)) - before
        columns.append(natural(file, held))
        profits.append(now)
    told, profit = Statement(file, columns, every=every), tuple(profits)
    assets = plus(told.nothing, *(told.total(part) for part in _ASSETS))
    owed = plus(told.total(_LIABILITIES), told.total(_EQUITY), profit)
    return [
        text("ASSETS"),
        *(row for part in _ASSETS for row in told.rows(part)),
        Row("Total", ("TOTAL ASSETS", *amounts(assets))),
        text("LIABILITIES & EQUITY"),
        *told.rows(_LIABILITIES),
        *told.rows(_EQUITY, more=[("Net Income", profit)]),
        Row("Total", ("TOTAL LIABILITIES & EQUITY", *amounts(owed))),
    ]


def _check_whole(query: Asked, report: str) -> None:
    """Refuse columns to a report that has its own. Raises ``NotSimulated``."""
    if query.columns != "TotalOnly":
        raise NotSimulated(f"the report {report} summarized by {query.columns}", instead="TotalOnly")


def vendor_balances(file: CompanyFile, query: Asked) -> Report:
    """What each vendor is owed at the end of the period, in home currency; always as it was entered."""
    _check_whole(query, "VendorBalanceSummary")
    query = replace(query, accrual=True)
    owed: dict[str, Decimal] = {}
    for line in lines(file, query):
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
    "ProfitAndLossByClass": lambda file, query: _profit(file, query, "Class", title="Profit & Loss by Class"),
    "ProfitAndLossByJob": lambda file, query: _profit(file, query, "Customer", title="Profit & Loss by Job"),
    "ProfitAndLossStandard": profit_and_loss,
    "BalanceSheetStandard": balance_sheet,
    "VendorBalanceSummary": vendor_balances,
}
