"""Date macros: the days that a word like LastFiscalQuarterToDate means."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_MONTHS = {"Month": 1, "Quarter": 3, "Year": 12}
_STEPS = {"This": 0, "Last": -1, "Next": 1}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)


def macro_range(today: date, macro: str, *, fiscal_month: int) -> tuple[date, date]:
    """The first and the last day of a macro. Weeks begin on Sunday, fiscal years with their month, 1 to 12."""
    # Source: QuickBooks Desktop SDK, Onscreen Reference (DateMacro). Unconfirmed: where four weeks begin.
    if macro == "All":
        return date.min, date.max
    if macro in ("Today", "Yesterday"):
        day = today - timedelta(days=macro == "Yesterday")
        return day, day
    step, unit = _STEPS[macro[:4]], macro[4:].removesuffix("ToDate")
    if unit == "FourWeeks":
        first, _ = span(today, "Week", step, begins=1)
        return first, first + timedelta(days=27)
    begins = fiscal_month if unit.startswith("Fiscal") else 1
    plain = unit.removeprefix("Fiscal").removeprefix("Calendar")
    first, last = span(today, plain, step, begins=begins)
    return first, min(last, _moved(today, plain, step)) if macro.endswith("ToDate") else last


def span(today: date, unit: str, step: int, *, begins: int) -> tuple[date, date]:
    """The first and last day of the week, month, quarter or year that a day is in, or so many steps away from it."""
    if unit == "Week":
        first = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    months = _MONTHS[unit]
    since = today.year * 12 + today.month - begins  # months, counted from the beginning of a fiscal year
    index = since // months * months + step * months + begins - 1
    return _first_of(index), _last_before(index + months)


def _first_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _last_before(index: int) -> date:
    """The day before a month; the last of the calendar where that month is beyond it."""
    return date.max if index // 12 > date.max.year else _first_of(index) - timedelta(days=1)


def _moved(today: date, unit: str, step: int) -> date:
    """The same day so many units away; the last of its month where that is shorter."""
    if unit == "Week":
        return today + timedelta(weeks=step)
    first = _first_of(today.year * 12 + today.month - 1 + step * _MONTHS[unit])
    return first.replace(day=min(today.day, monthrange(first.year, first.month)[1]))
