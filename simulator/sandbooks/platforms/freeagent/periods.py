"""Accounting periods: twelve months each, the first ending when the company says."""

from __future__ import annotations

from datetime import date, timedelta

from sandbooks.kit.company import Company


def _year_after(day: date) -> date:
    # The last day of the same month a year later.
    first_of_next = date(day.year + 1 + (day.month == 12), day.month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)


def accounting_periods(company: Company, *, through: date) -> list[tuple[date, date]]:
    """The periods from the first up to the one that holds ``through``, oldest first."""
    settings = company.settings
    first, last = (date.fromisoformat(settings[n]) for n in ("freeagent_start_date", "first_accounting_year_end"))
    periods = [(first, last)]
    while periods[-1][1] < min(through, date(9990, 1, 1)):
        ended = periods[-1][1]
        periods.append((ended + timedelta(days=1), _year_after(ended)))
    return periods


def period_of(company: Company, day: date) -> tuple[date, date]:
    """The period that a day is in; days before the first period count with it."""
    return accounting_periods(company, through=day)[-1]
