"""Allocation by balances: the shares of an allocation account are what other accounts hold on the day of posting.

Source: codeunit Variable Allocation Mgt. (CalculateDateFilterForDistributionAccount, GetAccountBalance, FixBalances),
enum Allocation Account Period of the base application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.money import Money
from sandbooks.platforms.business_central.sets.accounts import bank_groups
from sandbooks.platforms.business_central.sets.entity import Scope

AT_DATE = "Balance at Date"
# How many months a period has, and how many periods it lies back; fiscal years are calendar years here.
_MONTHS: Mapping[str, tuple[int, int]] = {
    "Month": (1, 0),
    "Last Month": (1, 1),
    "Month of Last Year": (1, 12),
    "Quarter": (3, 0),
    "Last Quarter": (3, 1),
    "Year": (12, 0),
    "Last Year": (12, 1),
    "Period": (1, 0),
    "Last Period": (1, 1),
    "Period of Last Year": (1, 12),
    "Fiscal Year": (12, 0),
    "Last Fiscal Year": (12, 1),
}
_WEEKS = {"Week": 0, "Last Week": 1}
PERIODS = (AT_DATE, *_WEEKS, *_MONTHS)


def parts_of(scope: Scope, shares: Sequence[Sequence[Any]], amount: Money, day: date) -> list[Money]:
    """The parts of an amount by what the accounts of the shares hold; alike where none holds anything.

    The first part that is not nothing takes what rounding leaves.
    """
    held = [_balance(scope, share[3], day) for share in shares]
    weights = held if any(held) else [Decimal(100) for _ in held]
    whole = sum(weights, Decimal(0))
    parts = [amount.portion(Fraction(weight) / Fraction(whole)) if whole else amount * 0 for weight in weights]
    rest = amount
    for part in parts:
        rest = rest - part
    first = next((place for place, part in enumerate(parts) if part), None)
    return [part + rest if place == first else part for place, part in enumerate(parts)]


def _balance(scope: Scope, by: Mapping[str, Any], day: date) -> Decimal:
    start, end = span(str(by["period"]), day)
    behind = [bank for bank, group in bank_groups(scope).items() if group == by["account"]]
    wanted = {(code, value) for code, value in by["where"]}
    return sum(
        (
            line.posting.base.amount
            for account in (by["account"], *behind)
            for line in scope.company.book.lines(account=account)
            if start <= line.date <= end and wanted <= set(line.posting.dimensions)
        ),
        Decimal(0),
    )


def span(period: str, day: date) -> tuple[date, date]:
    """The first and the last day of a period, as it lies around a day or before it."""
    if period == AT_DATE:
        return date.min, day
    if period in _WEEKS:
        monday = day - timedelta(days=day.weekday() + 7 * _WEEKS[period])
        return monday, monday + timedelta(days=6)
    size, back = _MONTHS[period]
    month = day.year * 12 + day.month - 1
    first = month - month % size - back * size
    return _first_of(first), _first_of(first + size) - timedelta(days=1)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
