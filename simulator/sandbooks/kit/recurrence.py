"""When something that repeats comes next: dates alone, for the recurring documents of platforms."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from msgspec import Struct


class Step(Struct, frozen=True):
    """How far one occurrence is from the next: so many months, or so many days."""

    months: int = 0
    days: int = 0


def occurrence(start: date, step: Step, number: int) -> date:
    """The occurrence of a number, the start being number 0; a month too short for the day gives its last."""
    if step.days:
        return start + timedelta(days=step.days * number)
    months = start.year * 12 + start.month - 1 + step.months * number
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def first_after(start: date, step: Step, after: date) -> date:
    """The first occurrence later than a day; the start itself counts as one."""
    if after < start:
        return start
    number = (after - start).days // (step.days or step.months * 31)
    while occurrence(start, step, number) <= after:
        number += 1
    return occurrence(start, step, number)
