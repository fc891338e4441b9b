"""Bank summary and executive summary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.api.reports.amounts import Amounts
from sandbooks.platforms.xero.api.reports.asked import Asked, day, earlier, month_end, written
from sandbooks.platforms.xero.api.reports.shapes import (
    ZERO,
    Row,
    amount,
    amounts,
    answered,
    cell,
    header,
    row,
    section,
    summary,
)
from sandbooks.platforms.xero.api.reports.statements import (
    COSTS,
    EXPENSES,
    INCOME,
    OTHER_INCOME,
    accounts_of,
    group_totals,
)
from sandbooks.platforms.xero.wire.dates import day_of
from sandbooks.wire import Response


def bank_summary(call: Call) -> Response:
    """Each bank account: what it held, received, spent and holds."""
    today = call.today()
    since, through = day(call, "fromDate", today.replace(day=1)), day(call, "toDate", today)
    company = call.company
    rows, totals = [], [ZERO] * 4
    for record in accounts_of(company, ("BANK",)):
        found = _bank_amounts(company, record.id, since=since, through=through)
        totals = [total + each for total, each in zip(totals, found, strict=True)]
        name = cell(record.body["Name"], ("accountID", record.id))
        rows.append({"RowType": "Row", "Cells": [name, *(cell(text) for text in amounts(found))]})
    rows.append(summary("Total", amounts(totals)))
    top = header("Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance")
    titles = ("Bank Summary", company.name, f"From {written(since)} to {written(through)}")
    return answered(call, "BankSummary", "Bank Summary", titles=titles, rows=[top, section("", rows)])


def _bank_amounts(company: Company, account: str, *, since: date, through: date) -> list[Decimal]:
    """Opening balance, received, spent and closing balance, in base; reversals take back what they reverse."""
    closing = company.book.balance(account, as_of=through).base.amount
    received = spent = ZERO
    for line in company.book.lines(account=account, since=since, through=through):
        moved, taken_back = line.base.amount, line.reverses is not None
        if (moved > 0) != taken_back:
            received += moved
        else:
            spent -= moved
    return [closing - received + spent, received, spent, closing]


# The executive summary: a month beside the one before


def executive_summary(call: Call) -> Response:
    """The month of a day and the one before it. Source: example of xero_accounting.yaml

    Unconfirmed: the formulas of the ratios, of which the plain ones are shown.
    """
    company, on = call.company, day(call, "date", call.today())
    end = month_end(on)
    months = [(end.replace(day=1), end), (earlier(end, 1).replace(day=1), earlier(end, 1))]
    figures = [_figures(company, since, through) for since, through in months]
    rows = [header("", *(f"{through:%b %Y}" for _, through in months), "Variance")]
    for title, lines in _SECTIONS.items():
        rows.append(section(title, [_line(name, [each[name] for each in figures]) for name in lines]))
    titles = ("Executive Summary", company.name, f"For the month of {end:%B %Y}")
    return answered(call, "ExecutiveSummary", "Executive Summary", titles=titles, rows=rows)


_SECTIONS = {
    "Cash": ("Cash received", "Cash spent", "Cash surplus (deficit)", "Closing bank balance"),
    "Profitability": (
        "Income",
        "Direct costs",
        "Gross profit (loss)",
        "Other Income",
        "Expenses",
        "Profit (loss)",
    ),
    "Balance Sheet": ("Debtors", "Creditors", "Net assets"),
    "Income": ("Number of invoices issued", "Average value of invoices"),
    "Performance": ("Gross profit margin", "Net profit margin"),
    "Position": ("Short term cash forecast",),
}
_PERCENT = ("Gross profit margin", "Net profit margin")


def _figures(company: Company, since: date, through: date) -> dict[str, Decimal | None]:
    sums = Amounts(Asked(company, since, through))
    moved, standing = sums.between(since, through), sums.between(None, through)
    income, costs, other, spent = (
        group_totals(company, types, [moved], sign)[0]
        for types, sign in ((INCOME, -1), (COSTS, 1), (OTHER_INCOME, -1), (EXPENSES, 1))
    )
    gross, profit = income - costs, income - costs + other - spent
    banks = [
        _bank_amounts(company, record.id, since=since, through=through) for record in accounts_of(company, ("BANK",))
    ]
    received, paid, closing = (sum((bank[place] for bank in banks), ZERO) for place in (1, 2, 3))
    debtors = standing.get(lookup.system_account(company, "DEBTORS"), ZERO)
    creditors = -standing.get(lookup.system_account(company, "CREDITORS"), ZERO)
    count, total = _issued(company, since, through)
    return {
        "Cash received": received,
        "Cash spent": paid,
        "Cash surplus (deficit)": received - paid,
        "Closing bank balance": closing,
        "Income": income,
        "Direct costs": costs,
        "Gross profit (loss)": gross,
        "Other Income": other,
        "Expenses": spent,
        "Profit (loss)": profit,
        "Debtors": debtors,
        "Creditors": creditors,
        "Net assets": _net_assets(company, standing),
        "Number of invoices issued": Decimal(count),
        "Average value of invoices": total / count if count else ZERO,
        "Gross profit margin": gross / income * 100 if income else None,
        "Net profit margin": profit / income * 100 if income else None,
        "Short term cash forecast": debtors - creditors,
    }


def _issued(company: Company, since: date, through: date) -> tuple[int, Decimal]:
    """How many sales invoices were approved for days of the month, and their total in base currency."""
    found = [
        record
        for record in company.records.scan("Invoice")
        if record.body["Type"] == "ACCREC"
        and record.body["Status"] in ("AUTHORISED", "PAID")
        and since <= day_of(record.body["Date"]) <= through
    ]
    totals = (Decimal(record.body["SubTotal"]) / Decimal(record.body["CurrencyRate"]) for record in found)
    return len(found), sum(totals, ZERO)


def _net_assets(company: Company, standing: dict[str, Decimal]) -> Decimal:
    classes = {record.id: record.body["Class"] for record in company.records.scan("Account")}
    held = (value for id, value in standing.items() if classes.get(id) in ("ASSET", "LIABILITY"))
    return sum(held, ZERO)


def _line(name: str, values: list[Decimal | None]) -> Row:
    now, before = values
    variance = ZERO if not before or now is None else (now - before) / abs(before) * 100
    return row(name, [_shown(name, now), _shown(name, before), f"{variance:.1f}%"])


def _shown(name: str, value: Decimal | None) -> str:
    if value is None:
        return ""
    if name in _PERCENT:
        return f"{value:.1f}%"
    return f"{value:.0f}" if name == "Number of invoices issued" else amount(value)
