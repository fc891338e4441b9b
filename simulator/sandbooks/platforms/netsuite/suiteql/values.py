"""Values of a query: null, exact numbers, text, and moments. How they compare, convert and are written out.

Conditions are True, False or None (unknown). A moment is an aware datetime; a date is its midnight.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, DecimalException, InvalidOperation
from typing import Any, TypeAlias

from sandbooks.platforms.netsuite.refusals import BadSearch

Value: TypeAlias = Any  # None, Decimal, str, datetime, or a condition's True, False, None
Row: TypeAlias = dict[str, Value]

EXACT = Context(prec=40)
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNSUPPORTED = "Search error occurred: Invalid or unsupported search."


def unsupported() -> BadSearch:
    """What cannot be run at all."""
    return BadSearch(UNSUPPORTED)


def number(value: Value) -> Decimal | None:
    """A value as a number; text that is one converts, as in Oracle."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            found = Decimal(value.strip())
        except InvalidOperation:
            raise BadSearch(f"Search error occurred: '{value[:40]}' is not a number.") from None
        if found.is_finite() and abs(found.adjusted()) < 60:
            return found
    raise BadSearch("Search error occurred: a number was expected.")


def moment(value: Value) -> datetime | None:
    """A value as a moment; text in the account's date format or ISO converts."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str):
        american = _AMERICAN.fullmatch(value.strip())
        try:
            if american:
                return datetime(int(american[3]), int(american[1]), int(american[2]), tzinfo=UTC)
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            raise BadSearch(f"Search error occurred: '{value[:40]}' is not a date.") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise BadSearch("Search error occurred: a date was expected.")


def text(value: Value) -> str | None:
    """A value as text; an empty text is null."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return f"{value.month}/{value.day}/{value.year}"
    raise unsupported()


def plain(value: Decimal) -> str:
    """A number without exponent or trailing zeros."""
    return f"{EXACT.plus(value).normalize():f}" if value else "0"


# Comparing


def _aligned(left: Value, right: Value) -> tuple[Value, Value]:
    """Two values in one type: numbers and moments draw text along."""
    if isinstance(left, bool) or isinstance(right, bool):
        raise unsupported()
    if isinstance(left, Decimal) != isinstance(right, Decimal):
        if isinstance(left, datetime) or isinstance(right, datetime):
            raise BadSearch("Search error occurred: a date and a number cannot be compared.")
        return _numeric(left, right)
    if isinstance(left, datetime) or isinstance(right, datetime):
        return moment(left), moment(right)
    return left, right


def _numeric(left: Value, right: Value) -> tuple[Value, Value]:
    """Numbers if the text is one, else both as text: ids compare with whatever is written."""
    try:
        return number(left), number(right)
    except BadSearch:
        return text(left), text(right)


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None when either is null."""
    if left is None or right is None or left == "" or right == "":
        return None
    one, other = _aligned(left, right)
    return int(one > other) - int(one < other)


def key(value: Value) -> Value:
    """A value for hashing: equal values of any writing have one key."""
    if isinstance(value, str):
        try:
            found = Decimal(value)
        except InvalidOperation:
            return value
        return found if found.is_finite() else value
    return value


# Arithmetic


def add(left: Value, right: Value, *, sign: int = 1) -> Value:
    """Sum or difference of numbers; a moment moves by days, two moments differ by days."""
    if left is None or right is None:
        return None
    if isinstance(left, datetime) and isinstance(right, datetime):
        seconds = Decimal((left - right) // timedelta(seconds=1))
        return EXACT.divide(seconds, Decimal(86400))
    if isinstance(right, datetime):
        left, right = right, left
    if isinstance(left, datetime):
        return _moved(left, number(right) or Decimal(0), sign)
    one, other = number(left), number(right)
    return None if one is None or other is None else _exact(EXACT.add(one, other * sign))


def _moved(start: datetime, days: Decimal, sign: int) -> datetime:
    try:
        return start + timedelta(seconds=int(days * 86400 * sign))
    except OverflowError:
        raise unsupported() from None


def calculate(operation: str, left: Value, right: Value) -> Value:
    """Product, quotient, remainder or power of numbers."""
    one, other = number(left), number(right)
    if one is None or other is None:
        return None
    try:
        return _exact(getattr(EXACT, operation)(one, other))
    except DecimalException:
        raise BadSearch("Search error occurred: the number is out of range or divided by zero.") from None


def _exact(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > 60:
        raise BadSearch("Search error occurred: the number is out of range.")
    return value


# Date masks

_MASKS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda m: f"{m.year:04d}",
    "YY": lambda m: f"{m.year % 100:02d}",
    "MONTH": lambda m: _MONTHS[m.month - 1].upper(),
    "Month": lambda m: _MONTHS[m.month - 1],
    "MON": lambda m: _MONTHS[m.month - 1][:3].upper(),
    "Mon": lambda m: _MONTHS[m.month - 1][:3],
    "MM": lambda m: f"{m.month:02d}",
    "DDD": lambda m: f"{m.timetuple().tm_yday:03d}",
    "DD": lambda m: f"{m.day:02d}",
    "DAY": lambda m: _DAYS[m.weekday()].upper(),
    "Day": lambda m: _DAYS[m.weekday()],
    "DY": lambda m: _DAYS[m.weekday()][:3].upper(),
    "D": lambda m: str((m.weekday() + 1) % 7 + 1),
    "HH24": lambda m: f"{m.hour:02d}",
    "HH12": lambda m: f"{m.hour % 12 or 12:02d}",
    "HH": lambda m: f"{m.hour % 12 or 12:02d}",
    "MI": lambda m: f"{m.minute:02d}",
    "SS": lambda m: f"{m.second:02d}",
    "AM": lambda m: "AM" if m.hour < 12 else "PM",
    "PM": lambda m: "AM" if m.hour < 12 else "PM",
    "Q": lambda m: str((m.month - 1) // 3 + 1),
    "IW": lambda m: f"{m.isocalendar().week:02d}",
}
_MASK = re.compile("|".join(sorted(_MASKS, key=lambda mask: -len(mask))) + r'|"[^"]*"|[A-Za-z]+|.', re.DOTALL)


def masked(value: datetime, mask: str) -> str:
    """A moment written by an Oracle date mask."""
    parts = []
    for match in _MASK.finditer(mask):
        piece = match[0]
        maker = _MASKS.get(piece) or _MASKS.get(piece.upper())
        if maker is None and piece[0].isalpha():
            raise BadSearch(f"Search error occurred: date format '{mask[:40]}' is not recognized.")
        parts.append(maker(value) if maker else piece.strip('"'))
    return "".join(parts)
