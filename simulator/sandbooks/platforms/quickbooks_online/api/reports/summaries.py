"""Trial balance, profit and loss, balance sheet: one row for each account, one column for each period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.platforms.quickbooks_online.api.reports.amounts import Amounts
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
_PROFIT = (
    ("Income", "Income", ("Income",), -1),
    ("Cost of Goods Sold", "COGS", ("Cost of Goods Sold",), 1),
    ("Expenses", "Expenses", ("Expense",), 1),
    ("Other Income", "OtherIncome", ("Other Income",), -1),
    ("Other Expenses", "OtherExpenses", ("Other Expense",), 1),
)
_BALANCE = (
    (
        "Assets",
        "TotalAssets",
        ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset"),
        1,
    ),
    (
        "Liabilities",
        "Liabilities",
        ("Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability"),
        -1,
    ),
    ("Equity", "Equity", ("Equity",), -1),
)
_Trial = dict[str, Decimal]


def trial_balance(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Debits and credits of every account at the end."""
    rows, debits, credits = [], Decimal(0), Decimal(0)
    for id, base in Amounts(asked).between(None, asked.end).items():
        debit, credit = max(base, Decimal(0)), max(-base, Decimal(0))
        debits, credits = debits + debit, credits + credit
        rows.append(data((asked.realm.label("Account", id), id), amount(debit), amount(credit)))
    if rows:
        rows.append(closing("TOTAL", "GrandTotal", (debits, credits)))
    return [_ACCOUNT, Column("Debit", "Money", "debt_home_amt"), Column("Credit", "Money", "credit_home_amt")], rows


def profit_and_loss(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Income and costs of each period."""
    amounts = Amounts(asked)
    columns, trials = _by_name(asked, amounts) if asked.by in NAMES else _by_period(asked, amounts)
    rows, net = _sections(asked, _PROFIT, trials)
    if rows:
        rows.append(closing("Net Income", "NetIncome", [-each for each in net]))
    return columns, rows


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
    """What stands at the end of each period. Profit and loss of all years stands in equity as net income: years are
    not closed by entries."""
    amounts, days = Amounts(asked), periods(asked)
    trials = [amounts.between(None, end) for _, end in days]
    rows, _ = _sections(asked, _BALANCE, trials)
    _, profit = _sections(asked, _PROFIT, trials)
    earned = [-each for each in profit]
    if any(earned):
        rows.append(section("Net Income", "NetIncome", [data("Net Income", *map(full, earned))], earned))
    return _columns(asked, days, total=False), rows


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
    if by == "Year":
        return f"{start:%b} - {end:%b} {end.year}"
    if by == "Month":
        return f"{start:%b} {start.year}"
    return f"{start:%b} {start.day} - {end:%b} {end.day}, {end.year}"


def _sections(
    asked: Asked, wanted: tuple[tuple[str, str, tuple[str, ...], int], ...], trials: list[_Trial]
) -> tuple[list[Row], list[Decimal]]:
    """Sections by account type, and the net of each column in debit-positive terms."""
    rows, net = [], [Decimal(0)] * len(trials)
    known = list(dict.fromkeys(id for trial in trials for id in trial))
    for title, group, types, sign in wanted:
        lines, totals = [], [Decimal(0)] * len(trials)
        for id in known:
            kind = asked.realm.account_type(id)
            values = [trial.get(id, Decimal(0)) for trial in trials]
            if kind is None or kind.name not in types or not any(values):
                continue
            net = [whole + value for whole, value in zip(net, values, strict=True)]
            totals = [whole + value * sign for whole, value in zip(totals, values, strict=True)]
            lines.append(data((asked.realm.label("Account", id), id), *(full(value * sign) for value in values)))
        if lines:
            rows.append(section(title, group, lines, totals))
    return rows, net
