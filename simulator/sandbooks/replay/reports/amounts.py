"""Amounts, dates and instants as a reader sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from sandbooks.money import Money


def number(money: Money) -> str:
    """The digits of an amount without sign or currency, in groups of three: ``1,204.50``."""
    digits = str(abs(money)).partition(" ")[0]
    return f"{Decimal(digits):,}"


def amount(money: Money) -> str:
    """An amount with sign and currency: ``-1,204.50 GBP``."""
    return f"{'-' if money.amount < 0 else ''}{number(money)} {money.currency}"


def dr_cr(money: Money) -> str:
    """An amount as an accountant says it: ``Cr 96.14 USD``."""
    return f"{'Cr' if money.amount < 0 else 'Dr'} {number(money)} {money.currency}"


def money_of(given: Mapping[str, str]) -> Money:
    """Money from the control API's form."""
    return Money.of(given["amount"], given["currency"])


def day(date: dt.date) -> str:
    """``3 April 2026``."""
    return f"{date.day} {date:%B %Y}"


def moment(at: dt.datetime) -> str:
    """``3 April 2026, 09:00`` with the zone's name, where it has one."""
    zone = getattr(at.tzinfo, "key", None) or at.tzname() or ""
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{day(at)}, {clock} {zone}".rstrip()


def duration(length: dt.timedelta) -> str:
    """The two largest units of a length: ``2 hours 5 minutes``, ``31 days``."""
    seconds = int(length.total_seconds())
    found = []
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            found.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(found[:2]) or "no time"


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 fault``, ``3 faults``."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def size(count: int) -> str:
    """A number of bytes: ``180 kB``."""
    return plural(count, "byte") if count < 1000 else f"{Decimal(count) / 1000:,.0f} kB"
