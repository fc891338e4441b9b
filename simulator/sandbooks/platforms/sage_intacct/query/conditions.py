"""Conditions on rows, shared by all query languages: comparisons by what the values are, and their combinations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.objects.relations import has
from sandbooks.platforms.sage_intacct.query.rows import Row
from sandbooks.platforms.sage_intacct.refusals import FieldUnknown, QueryMalformed
from sandbooks.platforms.sage_intacct.wire.scalars import parse_date, parse_decimal, parse_instant

Value = Callable[[Row, str], str]
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "like", "not like", "is null", "is not null")


class Condition(Struct, frozen=True):
    """A comparison, or several conditions joined by ``and``, ``or``, ``not``."""

    join: str = ""
    parts: Sequence[Condition] = ()
    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()

    def holds(self, row: Row, value: Value, *, folded: bool = False) -> bool:
        """Whether a row fulfils it; ``folded`` compares texts in any case."""
        if self.join == "or":
            return any(part.holds(row, value, folded=folded) for part in self.parts)
        if self.join == "not":
            return not self.parts[0].holds(row, value, folded=folded)
        if self.join or not self.field:
            return all(part.holds(row, value, folded=folded) for part in self.parts)
        return _compare(value(row, self.field), self.operator, self.values, folded=folded)

    @property
    def is_empty(self) -> bool:
        """Whether every row fulfils it."""
        return not self.field and self.join in ("", "and") and all(part.is_empty for part in self.parts)

    def pinned(self) -> dict[str, tuple[str, ...]]:
        """The fields that have to have one of some values, with those values."""
        if self.join == "and" or (not self.join and not self.field):
            return {name: value for part in self.parts for name, value in part.pinned().items()}
        return {self.field: self.values} if self.field and not self.join and self.operator in ("=", "in") else {}

    def fields(self) -> set[str]:
        """The fields that it looks at."""
        own = {self.field} if self.field else set()
        return own.union(*(part.fields() for part in self.parts))


def comparison(kind: ObjectType, name: str, operator: str, values: Sequence[str]) -> Condition:
    """One comparison. Raises ``FieldUnknown``, ``QueryMalformed``."""
    upper = name.strip().upper()
    if not has(kind, upper):
        raise FieldUnknown(kind.name, name.strip()[:60])
    if operator not in OPERATORS:
        raise QueryMalformed(f"operator {operator[:20]!r}")
    wanted = {"between": 2, "is null": 0, "is not null": 0}.get(operator)
    if (wanted is not None and len(values) != wanted) or (wanted is None and not values):
        raise QueryMalformed(f"{operator} of {upper} has {len(values)} values")
    if operator not in ("in", "not in", "between") and len(values) > 1:
        raise QueryMalformed(f"{operator} of {upper} has {len(values)} values")
    return Condition(field=upper, operator=operator, values=tuple(values))


def _compare(held: str, operator: str, values: tuple[str, ...], *, folded: bool) -> bool:
    if operator in ("is null", "is not null"):
        return (held == "") == (operator == "is null")
    if folded:
        held, values = held.lower(), tuple(value.lower() for value in values)
    if operator in ("in", "not in"):
        return any(_order(held, value) == 0 for value in values) == (operator == "in")
    if operator in ("like", "not like"):
        return bool(_pattern(values[0]).fullmatch(held)) == (operator == "like")
    if operator == "between":
        low, high = _order(held, values[0]), _order(held, values[1])
        return held != "" and low is not None and high is not None and low >= 0 and high <= 0
    if operator in ("=", "!="):
        return (_order(held, values[0]) == 0) == (operator == "=")
    order = _order(held, values[0])
    if order is None or held == "":
        return False
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def _order(left: str, right: str) -> int | None:
    """-1, 0, 1 by instant, by number, else by text."""
    if left == right:
        return 0
    for read in (_instant, parse_decimal):
        one, other = read(left), read(right)
        if one is not None and other is not None:
            return (one > other) - (one < other)
    return (left > right) - (left < right)


def _instant(text: str) -> Any:
    return parse_instant(text) if "/" in text or parse_date(text[:10]) else None


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"([%_])", text)
    source = "".join({"%": ".*", "_": "."}.get(part, re.escape(part)) for part in parts)
    return re.compile(source, re.DOTALL)


def sort_key(value: str) -> tuple[int, Any]:
    """Order of a value in a sorted answer: nothing, numbers, instants, texts."""
    if value == "":
        return (0, 0)
    number = parse_decimal(value)
    if number is not None:
        return (1, number)
    moment = _instant(value)
    return (2, moment) if moment is not None else (3, value)
