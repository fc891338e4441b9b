"""Scalar values: what qbXML text means, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.platforms.quickbooks_desktop.refusals import BadValue, DateOutOfRange

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,13}(?:\.[0-9]*)?|\.[0-9]+)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")
_ID = re.compile(r"[0-9A-Fa-f]{1,10}-[0-9]{1,12}")
_GUID = re.compile(r"0|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# Source: Onscreen Reference (AMTTYPE, PRICETYPE, QUANTYPE: decimals). Unconfirmed: PERCENTTYPE, FLOATTYPE.
DECIMALS = {"amt": 2, "price": 5, "quan": 5, "percent": 5, "float": 9}
NEW_LINE = "-1"
_FIRST, _LAST = date(1901, 1, 1), date(9999, 12, 31)


def _decimal(text: str, type: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    value = Decimal(text)
    places = -int(value.normalize().as_tuple().exponent) if value else 0
    if places > DECIMALS[type]:
        raise ValueError(text)
    return value if value else Decimal(0)


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _datetime(text: str) -> datetime:
    if not _DATETIME.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _matched(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text) and text != NEW_LINE:
            raise ValueError(text)
        return text

    return read


def _int(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


_READ: Mapping[str, Callable[[str], Any]] = {
    "bool": lambda text: _BOOLEANS[text.lower()],
    "date": _date,
    "datetime": _datetime,
    "int": _int,
    "id": _matched(_ID),
    "guid": _matched(_GUID),
    **{type: partial(_decimal, type=type) for type in DECIMALS},
}


def read(type: str, field: str, text: str) -> Any:
    """The value of a scalar. Raises ``BadValue`` and ``DateOutOfRange``."""
    if type not in _READ:
        return text
    try:
        value = _READ[type](text.strip())
    except (ValueError, KeyError) as error:
        raise BadValue(field, text, type) from error
    day = value.date() if isinstance(value, datetime) else value
    if isinstance(day, date) and not _FIRST <= day <= _LAST:
        raise DateOutOfRange(field, text)
    return value


def write(value: Any, type: str = "") -> str:
    """A value as qbXML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.2f}" if type in ("amt", "") else f"{value.normalize():f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def amount(value: Decimal) -> str:
    """An amount with its two decimals. Source: Onscreen Reference (AMTTYPE)."""
    return f"{value:.2f}" if value else "0.00"


def local(moment: datetime, zone: str) -> str:
    """An instant in company time with its offset."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def instant_of(value: datetime, zone: str) -> datetime:
    """The instant of a DATETIME; without an offset it is company time."""
    placed = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    try:
        return placed.astimezone(UTC)
    except OverflowError:  # the last hours of the calendar, west of Greenwich
        return datetime.max.replace(tzinfo=UTC)
