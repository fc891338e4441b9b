"""Scalar functions: Oracle's, as far as integrations use them. Arguments arrive evaluated."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

from sqlglot import exp

from sandbooks.platforms.netsuite.refusals import BadSearch
from sandbooks.platforms.netsuite.suiteql import values
from sandbooks.platforms.netsuite.suiteql.values import Value, compare, moment, number, text, unsupported

TEXT_MAX = 4000


def _whole(value: Value, default: int = 0) -> int:
    found = number(value)
    if found is None:
        return default
    if abs(found) > 10**9:
        raise unsupported()
    return int(found)


def _map(function: Callable[[str], str]) -> Callable[..., Value]:
    def applied(value: Value, *_: Value) -> Value:
        found = text(value)
        return None if found is None else function(found) or None

    return applied


def substr(value: Value, start: Value, length: Value = None) -> Value:
    """``SUBSTR``: from 1; negative from the end."""
    found, first = text(value), _whole(start)
    if found is None:
        return None
    begin = first - 1 if first > 0 else max(0, len(found) + first) if first < 0 else 0
    return (found[begin:] if length is None else found[begin : begin + max(0, _whole(length))]) or None


def instr(value: Value, part: Value, *_: Value) -> Value:
    found, wanted = text(value), text(part)
    return None if found is None or wanted is None else Decimal(found.find(wanted) + 1)


def replace(value: Value, old: Value, new: Value = None) -> Value:
    found, wanted = text(value), text(old)
    if found is None or wanted is None:
        return found
    return found.replace(wanted, text(new) or "")[:TEXT_MAX] or None


def pad(value: Value, length: Value, filler: Value = None, *, left: bool) -> Value:
    found, size, fill = text(value), _whole(length), text(filler) or " "
    if found is None or size <= 0 or size > TEXT_MAX:
        return None
    missing = (fill * size)[: max(0, size - len(found))]
    return ((missing + found) if left else (found + missing))[:size]


def concat(*parts: Value) -> Value:
    return "".join(text(part) or "" for part in parts)[:TEXT_MAX] or None


def rounded(value: Value, places: Value = None, *, mode: str = ROUND_HALF_UP) -> Value:
    if isinstance(value, datetime):
        return value.replace(hour=0, minute=0, second=0, microsecond=0)
    found, digits = number(value), _whole(places)
    if found is None:
        return None
    if not -30 <= digits <= 30:
        raise unsupported()
    return found.quantize(Decimal(1).scaleb(-digits), rounding=mode, context=values.EXACT)


def date_trunc(value: Value, unit: Value) -> Value:
    """``TRUNC`` of a date to a unit, or of a number to places."""
    if isinstance(value, Decimal):
        return rounded(value, None, mode=ROUND_DOWN)
    found, mask = moment(value), str(unit or "DD").upper()
    if found is None:
        return None
    day = found.replace(hour=0, minute=0, second=0, microsecond=0)
    if mask in ("DD", "DDD", "J", "DAY"):
        return day
    if mask in ("MM", "MON", "MONTH", "RM"):
        return day.replace(day=1)
    if mask in ("Q", "QUARTER"):
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if mask in ("YYYY", "YY", "Y", "YEAR", "SYYYY"):
        return day.replace(month=1, day=1)
    raise unsupported()


def add_months(value: Value, months: Value) -> Value:
    found, count = moment(value), _whole(months)
    if found is None:
        return None
    index = found.year * 12 + found.month - 1 + count
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise unsupported()
    last = calendar.monthrange(year, month + 1)[1]
    ends = found.day == calendar.monthrange(found.year, found.month)[1]
    return found.replace(year=year, month=month + 1, day=last if ends else min(found.day, last))


def last_day(value: Value) -> Value:
    found = moment(value)
    return found and found.replace(day=calendar.monthrange(found.year, found.month)[1])


def months_between(left: Value, right: Value) -> Value:
    one, other = moment(left), moment(right)
    if one is None or other is None:
        return None
    months = Decimal((one.year - other.year) * 12 + one.month - other.month)
    return months + values.EXACT.divide(Decimal(one.day - other.day), Decimal(31))


def to_char(value: Value, mask: Value = None) -> Value:
    if value is None or mask is None:
        return text(value)
    if isinstance(value, Decimal):
        return _number_mask(value, str(mask))
    found = moment(value)
    return None if found is None else values.masked(found, str(mask))


def _number_mask(value: Decimal, mask: str) -> str:
    """``TO_CHAR`` of a number by digits, commas and a point; ``FM`` takes the leading blank away."""
    bare = mask.upper().removeprefix("FM")
    if not re.fullmatch(r"[0-9,]*(?:[.D][09]*)?", bare):
        raise unsupported()
    whole, point, places = bare.replace("D", ".").partition(".")
    amount = rounded(value, Decimal(len(places)))
    shown = f"{abs(amount):,f}" if "," in whole else f"{abs(amount):f}"
    if not point:
        shown = shown.partition(".")[0]
    return ("-" if amount < 0 else "" if mask.upper().startswith("FM") else " ") + shown


def to_date(value: Value, mask: Value = None) -> Value:
    """``TO_DATE`` with a mask that the parser has turned into strptime's."""
    found = text(value) if not isinstance(value, datetime) else value
    if found is None or isinstance(found, datetime) or mask is None:
        return moment(found)
    try:
        return datetime.strptime(f"{found} +0000", f"{mask} %z")
    except ValueError:
        raise BadSearch(f"Search error occurred: '{found[:40]}' does not match the date format.") from None


def extract(unit: str, value: Value) -> Value:
    found = moment(value)
    if found is None:
        return None
    members = {"YEAR": found.year, "MONTH": found.month, "DAY": found.day, "HOUR": found.hour, "MINUTE": found.minute}
    if unit.upper() not in members:
        raise unsupported()
    return Decimal(members[unit.upper()])


def nullif(left: Value, right: Value) -> Value:
    return None if compare(left, right) == 0 else left


def coalesce(*given: Value) -> Value:
    return next((value for value in given if value is not None and value != ""), None)


def nvl2(value: Value, present: Value, absent: Value = None) -> Value:
    return absent if value is None or value == "" else present


def decode(*given: Value) -> Value:
    """``DECODE``: null equals null here."""
    subject, rest = given[0], list(given[1:])
    while len(rest) >= 2:
        wanted, result = rest.pop(0), rest.pop(0)
        if compare(subject, wanted) == 0 or (subject is None and wanted is None):
            return result
    return rest[0] if rest else None


def extreme(*given: Value, sign: int) -> Value:
    if any(value is None for value in given):
        return None
    best = given[0]
    for value in given[1:]:
        if (compare(value, best) or 0) * sign > 0:
            best = value
    return best


@cache
def _pattern(like: str, escape: str) -> re.Pattern[str]:
    parts, at = [], 0
    while at < len(like):
        char = like[at]
        if escape and char == escape and at + 1 < len(like):
            at += 1
            parts.append(re.escape(like[at]))
        else:
            parts.append({"%": ".*", "_": "."}.get(char, re.escape(char)))
        at += 1
    return re.compile("".join(parts), re.DOTALL)


def like(value: Value, pattern: Value, escape: str = "") -> bool | None:
    """``LIKE``: ``%`` any text, ``_`` any character."""
    found, wanted = text(value), text(pattern)
    if found is None or wanted is None:
        return None
    return _pattern(re.sub("%+", "%", wanted[:200]), escape).fullmatch(found) is not None


def _sign(value: Value) -> Value:
    found = number(value)
    return None if found is None else Decimal((found > 0) - (found < 0))


def _abs(value: Value) -> Value:
    found = number(value)
    return None if found is None else abs(found)


def _length(value: Value) -> Value:
    found = text(value)
    return None if found is None else Decimal(len(found))


# The node's arguments, by the parser's names, in the order that the function takes them.
FUNCTIONS: dict[type[exp.Expression], tuple[tuple[str, ...], Callable[..., Value]]] = {
    exp.Upper: (("this",), _map(str.upper)),
    exp.Lower: (("this",), _map(str.lower)),
    exp.Initcap: (("this",), _map(str.title)),
    exp.Length: (("this",), _length),
    exp.Substring: (("this", "start", "length"), substr),
    exp.StrPosition: (("this", "substr", "position"), instr),
    exp.Abs: (("this",), _abs),
    exp.Sign: (("this",), _sign),
    exp.Round: (("this", "decimals"), rounded),
    exp.Trunc: (("this", "decimals"), lambda v, p=None: rounded(v, p, mode=ROUND_DOWN)),
    exp.Floor: (("this",), lambda v: rounded(v, mode=ROUND_FLOOR)),
    exp.Ceil: (("this",), lambda v: rounded(v, mode=ROUND_CEILING)),
    exp.AddMonths: (("this", "expression"), add_months),
    exp.LastDay: (("this",), last_day),
    exp.MonthsBetween: (("this", "expression"), months_between),
    exp.ToChar: (("this", "format"), to_char),
    exp.ToNumber: (("this",), number),
    exp.StrToDate: (("this", "format"), to_date),
    exp.StrToTime: (("this", "format"), to_date),
    exp.DateStrToDate: (("this",), moment),
    exp.Replace: (("this", "expression", "replacement"), replace),
    exp.DateTrunc: (("this", "unit"), date_trunc),
    exp.Nullif: (("this", "expression"), nullif),
    exp.Nvl2: (("this", "true", "false"), nvl2),
    exp.Mod: (("this", "expression"), lambda a, b: _mod(a, b)),
    exp.Pow: (("this", "expression"), lambda a, b: _power(a, b)),
}
VARIADIC: dict[type[exp.Expression], Callable[..., Value]] = {
    exp.Coalesce: coalesce,
    exp.Greatest: lambda *v: extreme(*v, sign=1),
    exp.Least: lambda *v: extreme(*v, sign=-1),
    exp.DecodeCase: decode,
    exp.Concat: concat,
}
# Functions that the parser leaves unnamed.
ANONYMOUS: dict[str, Callable[..., Value]] = {
    "TRUNC": lambda v, p=None: rounded(v, p, mode=ROUND_DOWN) if _numeric(v) else date_trunc(v, p),
    "TO_DATE": to_date,
    "TO_CHAR": to_char,
    "SUBSTR": substr,
    "INSTR": instr,
    "NVL": coalesce,
}


def _numeric(value: Value) -> bool:
    return isinstance(value, Decimal)


def _mod(left: Value, right: Value) -> Value:
    one, other = number(left), number(right)
    if one is None or other is None:
        return None
    return values.calculate("remainder", one, other) if other else one


def _power(left: Value, right: Value) -> Value:
    exponent = number(right)
    if exponent is not None and abs(exponent) > 100:
        raise unsupported()
    return values.calculate("power", left, right)
