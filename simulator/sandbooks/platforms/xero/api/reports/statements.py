"""Trial balance, profit and loss, balance sheet."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero import lookup, query
from sandbooks.platforms.xero.api.reports.amounts import UNASSIGNED, Amounts
from sandbooks.platforms.xero.api.reports.asked import (
    Asked,
    comparison,
    day,
    short,
    spans,
    tracking,
    written,
    year_start,
)
from sandbooks.platforms.xero.api.reports.shapes import (
    ZERO,
    Row,
    Sums,
    account_row,
    added,
    amount,
    amounts,
    answered,
    header,
    row,
    section,
    summary,
)
from sandbooks.platforms.xero.refusals import QueryUnreadable
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.wire import Response

_CLASSES = {
    "REVENUE": "Revenue",
    "EXPENSE": "Expenses",
    "ASSET": "Assets",
    "LIABILITY": "Liabilities",
    "EQUITY": "Equity",
}
INCOME, OTHER_INCOME = ("REVENUE", "SALES"), ("OTHERINCOME",)
COSTS = ("DIRECTCOSTS",)
EXPENSES = ("EXPENSE", "OVERHEADS", "DEPRECIATN", "WAGESEXPENSE", "SUPERANNUATIONEXPENSE")
_ASSETS = (
    ("Bank", ("BANK",)),
    ("Current Assets", ("CURRENT", "INVENTORY", "PREPAYMENT")),
    ("Fixed Assets", ("FIXED",)),
    ("Non-current Assets", ("NONCURRENT",)),
)
_LIABILITIES = (
    ("Current Liabilities", ("CURRLIAB", "LIABILITY", "PAYG", "SUPERANNUATIONLIABILITY")),
    ("Non-current Liabilities", ("TERMLIAB",)),
)


def trial_balance(call: Call) -> Response:
    """Movement of the month and of the year, each as debit or credit, by class; the debits equal the credits.

    The result of earlier financial years stands in retained earnings.
    """
    company, on = call.company, day(call, "date", call.today())
    sums = Amounts(Asked(company, None, on, cash=query.is_true(call, "paymentsOnly")))
    month, ever = sums.between(on.replace(day=1), on), sums.between(None, on)
    year = sums.between(year_start(on, company), on)
    earlier = _profit(company, sums.between(None, year_start(on, company) - timedelta(days=1)))
    kept = lookup.system_account(company, "RETAINEDEARNINGS")
    ever = {**ever, kept: ever.get(kept, ZERO) - earlier}
    rows = [header("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")]
    totals = [ZERO] * 4
    for of_class, title in _CLASSES.items():
        standing = year if of_class in ("REVENUE", "EXPENSE") else ever
        found = []
        for record in company.records.scan("Account"):
            moved = month.get(record.id, ZERO), standing.get(record.id, ZERO)
            if record.body["Class"] == of_class and any(moved):
                found.append(account_row(record, (*_sides(moved[0]), *_sides(moved[1])), with_code=True))
                totals = added(totals, [side for value in moved for side in (max(value, ZERO), max(-value, ZERO))])
        if found:
            rows.append(section(title, found))
    if len(rows) > 1:
        rows.append(section("", [summary("Total", amounts(totals))]))
    titles = ("Trial Balance", company.name, f"As at {written(on)}")
    return answered(call, "TrialBalance", "Trial Balance", titles=titles, rows=rows)


def _sides(value: Decimal) -> tuple[str, str]:
    return (amount(value), "") if value >= 0 else ("", amount(-value))


def accounts_of(company: Company, types: tuple[str, ...]) -> list[Record]:
    return [record for record in company.records.scan("Account") if record.body["Type"] in types]


def group_totals(company: Company, types: tuple[str, ...], columns: list[Sums], sign: int) -> list[Decimal]:
    """What accounts of these types come to in each column."""
    ids = [record.id for record in accounts_of(company, types)]
    return [sum((column.get(id, ZERO) for id in ids), ZERO) * sign for column in columns]


def _group(company: Company, title: str, types: tuple[str, ...], *, columns: list[Sums], sign: int) -> list[Row]:
    """The rows of the accounts of a group that hold something, and their total."""
    rows = []
    for record in accounts_of(company, types):
        values = [column.get(record.id, ZERO) * sign for column in columns]
        if any(values):
            rows.append(account_row(record, amounts(values)))
    return [*rows, summary(f"Total {title}", amounts(group_totals(company, types, columns, sign)))]


def profit_and_loss(call: Call) -> Response:
    """Income and costs of a period, beside earlier periods or by the options of a tracking category."""
    asked = _profit_asked(call)
    company, sums = call.company, Amounts(asked)
    titles, columns = _profit_columns(asked, sums)
    income = group_totals(company, INCOME, columns, -1)
    costs = group_totals(company, COSTS, columns, 1)
    gross = [earned - spent for earned, spent in zip(income, costs, strict=True)]
    other = group_totals(company, OTHER_INCOME, columns, -1)
    spent = group_totals(company, EXPENSES, columns, 1)
    net = [g + o - s for g, o, s in zip(gross, other, spent, strict=True)]
    rows = [header("", *titles), section("Income", _group(company, "Income", INCOME, columns=columns, sign=-1))]
    if any(costs):
        rows.append(section("Less Cost of Sales", _group(company, "Cost of Sales", COSTS, columns=columns, sign=1)))
        rows.append(section("", [row("Gross Profit", amounts(gross))]))
    if any(other):
        rows.append(
            section("Plus Other Income", _group(company, "Other Income", OTHER_INCOME, columns=columns, sign=-1))
        )
    expenses = _group(company, "Operating Expenses", EXPENSES, columns=columns, sign=1)
    rows += [section("Less Operating Expenses", expenses), section("", [row("Net Profit", amounts(net))])]
    assert asked.since is not None
    told = ("Profit and Loss", company.name, f"{written(asked.since)} to {written(asked.through)}")
    return answered(call, "ProfitAndLoss", "Profit and Loss", titles=told, rows=rows)


def _profit_asked(call: Call) -> Asked:
    today = call.today()
    through = day(call, "toDate", today)
    since = day(call, "fromDate", through.replace(day=1))
    if through < since:
        raise QueryUnreadable("toDate must not be before fromDate")
    options = tracking(call, options=("trackingOptionID", "trackingOptionID2"))
    category = _category(call) if not options else ""
    if query.parameter(call, "trackingCategoryID2") and not query.parameter(call, "trackingOptionID2"):
        raise QueryUnreadable("trackingCategoryID2 needs trackingOptionID2")
    compared, months = comparison(call)
    cash = query.is_true(call, "paymentsOnly")
    return Asked(call.company, since, through, compared, months, cash=cash, options=options, category=category)


def _category(call: Call) -> str:
    text = query.parameter(call, "trackingCategoryID")
    if text and call.company.records.get("TrackingCategory", guid(text) or "") is None:
        raise QueryUnreadable("trackingCategoryID is not a tracking category")
    return (guid(text) or "") if text else ""


def _profit_columns(asked: Asked, sums: Amounts) -> tuple[list[str], list[Sums]]:
    """A column for each period; or for each option of the category, for what has none, and for all."""
    if not asked.category:
        days = spans(asked)
        return [short(end) for _, end in days], [sums.between(since, end) for since, end in days]
    record = asked.company.records.get("TrackingCategory", asked.category)
    options = record.body["Options"] if record else []
    titles = [*(option["Name"] for option in options), "Unassigned", "Total"]
    wanted = [*(option["TrackingOptionID"] for option in options), UNASSIGNED, ""]
    return titles, [sums.between(asked.since, asked.through, option=option) for option in wanted]


def balance_sheet(call: Call) -> Response:
    """What the organisation owns and owes on a day, and beside it on earlier days."""
    company, on = call.company, day(call, "date", call.today())
    options = tracking(call, options=("trackingOptionID1", "trackingOptionID2"))
    compared, months = comparison(call)
    cash = query.is_true(call, "paymentsOnly")
    asked = Asked(company, None, on, compared, months, cash=cash, options=options)
    sums, days = Amounts(asked), [end for _, end in spans(asked)]
    columns = [sums.between(None, end) for end in days]
    assets, owned = _side(company, "Assets", _ASSETS, columns=columns, sign=1)
    owing, owed = _side(company, "Liabilities", _LIABILITIES, columns=columns, sign=-1)
    net = [one - other for one, other in zip(owned, owed, strict=True)]
    equity = _equity(company, sums, days, columns)
    rows = [header("", *map(short, days)), *assets, *owing, section("", [row("Net Assets", amounts(net))]), equity]
    titles = ("Balance Sheet", company.name, f"As at {written(on)}")
    return answered(call, "BalanceSheet", "Balance Sheet", titles=titles, rows=rows)


def _side(
    company: Company, title: str, groups: tuple[tuple[str, tuple[str, ...]], ...], *, columns: list[Sums], sign: int
) -> tuple[list[Row], list[Decimal]]:
    """A heading, its groups of accounts, and their total."""
    rows, total = [section(title, [])], [ZERO] * len(columns)
    for name, types in groups:
        total = added(total, group_totals(company, types, columns, sign))
        found = _group(company, name, types, columns=columns, sign=sign)
        if len(found) > 1:
            rows.append(section(name, found))
    return [*rows, section("", [summary(f"Total {title}", amounts(total))])], total


def _equity(company: Company, sums: Amounts, days: list[date], columns: list[Sums]) -> Row:
    """Equity: the result of the financial year stands by itself, that of earlier years in retained earnings."""
    years = [year_start(end, company) for end in days]
    current = [_profit(company, sums.between(since, end)) for since, end in zip(years, days, strict=True)]
    before = [_profit(company, sums.between(None, since - timedelta(days=1))) for since in years]
    rows = [row("Current Year Earnings", amounts(current))]
    total = current
    for record in accounts_of(company, ("EQUITY",)):
        values = [-column.get(record.id, ZERO) for column in columns]
        if record.body.get("SystemAccount") == "RETAINEDEARNINGS":
            values = added(values, before)
        total = added(total, values)
        if any(values):
            rows.append(account_row(record, amounts(values)))
    return section("Equity", [*rows, summary("Total Equity", amounts(total))])


def _profit(company: Company, sums: Sums) -> Decimal:
    types = (*INCOME, *OTHER_INCOME, *COSTS, *EXPENSES)
    return -sum((sums.get(record.id, ZERO) for record in accounts_of(company, types)), ZERO)
