"""Reports on what can only be set up in the platform's own screens and is not set up here: budgets, 1099 rules.

They are truly empty, and answered in full, for clients that copy every report of an organisation.

# Source: examples of getReportBudgetSummary and getReportTenNinetyNine in XeroAPI/Xero-OpenAPI xero_accounting.yaml
"""

from __future__ import annotations

from datetime import date

from sandbooks.kit.call import Call
from sandbooks.platforms.xero import query
from sandbooks.platforms.xero.api.reports.asked import day, month_end, written
from sandbooks.platforms.xero.api.reports.shapes import ZERO, amounts, answered, header, section, summary
from sandbooks.platforms.xero.refusals import QueryUnreadable
from sandbooks.platforms.xero.wire import writing
from sandbooks.wire import Response

_PERIODS_MOST = 12
_TOTALS = ("Gross Profit", "Total Expenses", "Net Profit")
_FORMS = ("1099-NEC report", "1099-MISC report")


def budget_summary(call: Call) -> Response:
    """The overall budget from a month on, in columns of one, three or twelve months: nothing is budgeted."""
    first = day(call, "date", call.today()).replace(day=1)
    count = query.whole_number(call, "periods", _PERIODS_MOST)
    months = query.whole_number(call, "timeframe", 1)
    if not 1 <= count <= _PERIODS_MOST:
        raise QueryUnreadable(f"periods must be between 1 and {_PERIODS_MOST}")
    if months not in (1, 3, 12):
        raise QueryUnreadable("timeframe must be 1, 3 or 12")
    starts = [_later(first, months * number) for number in range(count)]
    rows = [header("Account", *(f"{start:%b-%y}" for start in starts))]
    rows += [section("", [summary(title, amounts([ZERO] * count))]) for title in _TOTALS]
    last = month_end(_later(first, months * count - 1))
    titles = ("Overall Budget", "Budget Summary", call.company.name, f"{first:%B %Y} to {last:%B %Y}")
    return answered(call, "BudgetSummary", "Budget Summary", titles=titles, rows=rows)


def _later(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    if total // 12 > date.max.year:
        raise QueryUnreadable("date is out of range")
    return date(total // 12, total % 12 + 1, 1)


def ten_ninety_nine(call: Call) -> Response:
    """The two forms of a calendar year: no contact is under a 1099 rule."""
    year = query.whole_number(call, "reportYear", call.today().year)
    if not date.min.year <= year <= date.max.year:
        raise QueryUnreadable("reportYear is not a year")
    dated = f"{written(date(year, 1, 1))} to {written(date(year, 12, 31))}"
    told = [{"ReportName": name, "ReportDate": dated, "Fields": [], "Contacts": []} for name in _FORMS]
    return writing.envelope(call, "Reports", told, paging=None)
