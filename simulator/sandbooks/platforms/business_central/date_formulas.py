"""Date formulas: ``30D``, ``1M+8D``, ``CM``: how terms of payment reckon dates.

Source: https://learn.microsoft.com/dynamics365/business-central/ui-enter-date-ranges (date formulas)
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_TERM = re.compile(r"([+-]?)(?:C([DWMQY])|(\d{1,4})([DWMQY]))")
_MONTHS = {"M": 1, "Q": 3, "Y": 12}


def is_date_formula(text: str) -> bool:
    """Whether a text is a date formula; blank is one."""
    return not text or "".join(found[0] for found in _TERM.finditer(text.upper())) == text.upper()


def reckoned(formula: str, start: date) -> date:
    """The date that a formula gives from a start; the start itself for a blank one."""
    day = start
    for sign, current, count, unit in _TERM.findall(formula.upper()):
        day = _end_of(current, day) if current else _moved(day, int(f"{sign}{count}"), unit)
    return day


def _end_of(unit: str, day: date) -> date:
    if unit == "D":
        return day
    if unit == "W":
        return _moved(day, 6 - day.weekday(), "D")
    month = {"M": day.month, "Q": (day.month - 1) // 3 * 3 + 3, "Y": 12}[unit]
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def _moved(day: date, count: int, unit: str) -> date:
    try:
        if unit in "DW":
            return day + timedelta(days=count * (7 if unit == "W" else 1))
        months = day.year * 12 + day.month - 1 + count * _MONTHS[unit]
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return date.max if count > 0 else date.min
