"""Trial balance, profit and loss, balance sheet: one row for each account, one column for each period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from sandbooks.platforms.quickbooks_online.api.reports.amounts import UNAPPLIED, Amounts, type_of
from sandbooks.platforms.quickbooks_online.api.reports.asked import NAMES, Asked, periods
from sandbooks.platforms.quickbooks_online.api.reports.shapes import (
    Column,
    Row,
    amount,
    closing,
    data,
    full,
    section,
)

_ACCOUNT = Column("", "Account", "account")


class Part(Struct, frozen=True):
    """A heading of a statement: the accounts of its types, or the headings under it; ``sign`` turns debits round."""

    title: str
    group: str
    types: tuple[str, ...] = ()
    under: tuple[Part, ...] = ()
    sign: int = 1
    total: str = ""


# Source: example answers of the report pages of https://developer.intuit.com (ProfitAndLoss, BalanceSheet)
_INCOME = Part("Income", "Income", ("Income",), sign=-1)
_COGS = Part("Cost of Goods Sold", "COGS", ("Cost of Goods Sold",))
_EXPENSES = Part("Expenses", "Expenses", ("Expense",))
_OTHER_INCOME = Part("Other Income", "OtherIncome", ("Other Income",), sign=-1)
_OTHER_EXPENSES = Part("Other Expenses", "OtherExpenses", ("Other Expense",))
PROFIT = (_INCOME, _COGS, _EXPENSES, _OTHER_INCOME, _OTHER_EXPENSES)
_ASSETS = Part(
    "ASSETS",
    "TotalAssets",
    under=(
        Part(
            "Current Assets",
            "CurrentAssets",
            under=(
                Part("Bank Accounts", "BankAccounts", ("Bank",)),
                Part("Accounts Receivable", "AR", ("Accounts Receivable",)),
                Part("Other Current Assets", "OtherCurrentAssets", ("Other Current Asset",)),
            ),
        ),
        Part("Fixed Assets", "FixedAssets", ("Fixed Asset",)),
        Part("Other Assets", "OtherAssets", ("Other Asset",)),
    ),
    total="TOTAL ASSETS",
)
_LIABILITIES = Part(
    "Liabilities",
    "Liabilities",
    under=(
        Part(
            "Current Liabilities",
            "CurrentLiabilities",
            under=(
                Part("Accounts Payable", "AP", ("Accounts Payable",), sign=-1),
                Part("Credit Cards", "CreditCards", ("Credit Card",), sign=-1),
                Part("Other Current Liabilities", "OtherCurrentLiabilities", ("Other Current Liability",), sign=-1),
            ),
        ),
        Part("Long-Term Liabilities", "LongTermLiabilities", ("Long Term Liability",), sign=-1),
    ),
)
_EQUITY = Part("Equity", "Equity", ("Equity",), sign=-1)
_Trial = dict[str, Decimal]


def trial_balance(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Debits and credits of every account at the end."""
    rows, debits, credits = [], Decimal(0), Decimal(0)
    for id, base in Amounts(asked).standing(asked.end).items():
        debit, credit = max(base, Decimal(0)), max(-base, Decimal(0))
        debits, credits = debits + debit, credits + credit
        rows.append(data(_label(asked, id), amount(debit), amount(credit)))
    if rows:
        rows.append(closing("TOTAL", "GrandTotal", (debits, credits)))
    return [_ACCOUNT, Column("Debit", "Money", "debt_home_amt"), Column("Credit", "Money", "credit_home_amt")], rows


def profit_and_loss(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Income and costs of each period, with what is left after each kind of cost."""
    amounts = Amounts(asked)
    columns, trials = _by_name(asked, amounts) if asked.by in NAMES else _by_period(asked, amounts)
    rows, left = list[Row](), [Decimal(0)] * len(trials)
    before = _steps(asked, trials, rows, left, parts=(_INCOME, _COGS))
    if before:
        rows.append(closing("Gross Profit", "GrossProfit", left))
    if _steps(asked, trials, rows, left, parts=(_EXPENSES,)) or before:
        rows.append(closing("Net Operating Income", "NetOperatingIncome", left))
    other = [-each for each in left]
    if _steps(asked, trials, rows, left, parts=(_OTHER_INCOME, _OTHER_EXPENSES)):
        rows.append(closing("Net Other Income", "NetOtherIncome", _added(other, left)))
    if rows:
        rows.append(closing("Net Income", "NetIncome", left))
    return columns, rows


def _steps(
    asked: Asked, trials: list[_Trial], rows: list[Row], left: list[Decimal], *, parts: tuple[Part, ...]
) -> bool:
    """Show these parts and take them off (or add them to) what is ``left``; whether there was any."""
    shown = False
    for part in parts:
        row, totals = _part(asked, part, trials)
        if row is not None:
            shown = True
            rows.append(row)
            left[:] = [whole - each * part.sign for whole, each in zip(left, totals, strict=True)]
    return shown


def _by_period(asked: Asked, amounts: Amounts) -> tuple[list[Column], list[_Trial]]:
    """A column for each period, and one for all of them."""
    days = periods(asked)
    trials = [amounts.between(start, end) for start, end in days]
    if asked.by != "Total":
        trials.append(amounts.between(asked.start, asked.end))
    return _columns(asked, days), trials


def _by_name(asked: Asked, amounts: Amounts) -> tuple[list[Column], list[_Trial]]:
    """A column for each class, location or name that is used, one for what carries none, and one for all.

    Unconfirmed: the title of the column for none; settled by asking a vendor's sandbox.
    """
    found, kind = amounts.by_name(asked.start, asked.end), NAMES[asked.by]
    label = "Entity" if kind in ("Vendor", "Customer", "Employee") else kind
    named = sorted((asked.realm.label(label, id), id) for id in found if id)
    columns = [_ACCOUNT, *(Column(name, "Money", id) for name, id in named)]
    ids = [id for _, id in named]
    if "" in found:
        columns.append(Column("Not Specified", "Money", "0"))
        ids.append("")
    total: _Trial = {}
    for sums in found.values():
        for account, value in sums.items():
            total[account] = total.get(account, Decimal(0)) + value
    return [*columns, Column("Total", "Money", "total")], [*(found[id] for id in ids), total]


def balance_sheet(asked: Asked) -> tuple[list[Column], list[Row]]:
    """What stands at the end of each period; both sides have the same total."""
    amounts, days = Amounts(asked), periods(asked)
    trials = [amounts.standing(end) for _, end in days]
    rows = []
    assets, _ = _part(asked, _ASSETS, trials)
    if assets is not None:
        rows.append(assets)
    owned = [each for each in (_part(asked, _LIABILITIES, trials), _equity(asked, trials)) if each[0] is not None]
    if owned:
        totals = [sum(column, Decimal(0)) for column in zip(*(each[1] for each in owned), strict=True)]
        title, group = "LIABILITIES AND EQUITY", "TotalLiabilitiesAndEquity"
        shown = [each[0] for each in owned if each[0] is not None]
        rows.append(section(title, group, shown, totals, total=f"TOTAL {title}"))
    return _columns(asked, days, total=False), rows


def _equity(asked: Asked, trials: list[_Trial]) -> tuple[Row | None, list[Decimal]]:
    """Equity, with the profit of the fiscal year as its last line."""
    lines, totals = _lines(asked, _EQUITY, trials)
    earned = [-sum((v for id, v in trial.items() if _is_profit(asked, id)), Decimal(0)) for trial in trials]
    if any(earned):
        lines.append({**data("Net Income", *map(full, earned)), "group": "NetIncome"})
        totals = _added(totals, earned)
    return (section(_EQUITY.title, _EQUITY.group, lines, totals) if lines else None), totals


def _is_profit(asked: Asked, id: str) -> bool:
    kind = type_of(asked.realm, id)
    return kind is not None and not kind.balance_sheet


def _columns(asked: Asked, days: list[tuple[date, date]], *, total: bool = True) -> list[Column]:
    if asked.by == "Total":
        return [_ACCOUNT, Column("Total", "Money", "total")]
    named = [
        Column(_title(asked.by, start, end), "Money", _title(asked.by, start, end), (start, end)) for start, end in days
    ]
    return [_ACCOUNT, *named, *([Column("Total", "Money", "total")] if total else [])]


def _title(by: str, start: date, end: date) -> str:
    """Unconfirmed: titles of columns that are not months; settled by asking a vendor's sandbox for them."""
    if by == "Days":
        return f"{start:%b} {start.day}, {start.year}"
    if by in ("Year", "FiscalYear"):
        return f"{start:%b} - {end:%b} {end.year}"
    if by == "Month":
        return f"{start:%b} {start.year}"
    return f"{start:%b} {start.day} - {end:%b} {end.day}, {end.year}"


def _label(asked: Asked, id: str) -> tuple[str, str] | str:
    """An account in a cell; one that the chart lacks has no id."""
    lacking = {UNAPPLIED: "Unapplied Cash Bill Payment Expense", "": "Retained Earnings"}
    return lacking.get(id) or (asked.realm.label("Account", id), id)


def _part(asked: Asked, part: Part, trials: list[_Trial]) -> tuple[Row | None, list[Decimal]]:
    """One heading with its totals; no row when there is nothing under it."""
    lines, totals = _lines(asked, part, trials)
    for each in part.under:
        row, sums = _part(asked, each, trials)
        if row is not None:
            lines.append(row)
            totals = _added(totals, sums)
    return (section(part.title, part.group, lines, totals, total=part.total) if lines else None), totals


def _lines(asked: Asked, part: Part, trials: list[_Trial]) -> tuple[list[Row], list[Decimal]]:
    """A row for each account of the part's types, and their totals."""
    lines, totals = list[Row](), [Decimal(0)] * len(trials)
    for id in dict.fromkeys(id for trial in trials for id in trial):
        kind = type_of(asked.realm, id)
        values = [trial.get(id, Decimal(0)) * part.sign for trial in trials]
        if kind is not None and kind.name in part.types and any(values):
            totals = _added(totals, values)
            lines.append(data(_label(asked, id), *map(full, values)))
    return lines, totals


def _added(first: list[Decimal], second: list[Decimal]) -> list[Decimal]:
    return [one + other for one, other in zip(first, second, strict=True)]
