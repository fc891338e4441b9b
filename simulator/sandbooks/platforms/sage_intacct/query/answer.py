"""Answering a search: filter, sort, aggregate, cut to a page, show the fields that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import overload

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.objects.relations import has, holder_of
from sandbooks.platforms.sage_intacct.query.conditions import Condition, sort_key
from sandbooks.platforms.sage_intacct.query.rows import Row, Rows
from sandbooks.platforms.sage_intacct.refusals import FieldUnknown
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_decimal

_AS_TEXT = sort_key("text")[0]
AGGREGATES = ("count", "avg", "min", "max", "sum")


class Page(Struct, frozen=True):
    """One page of an answer: its rows, and where it lies in the whole."""

    rows: list[Row]
    total: int
    offset: int

    @property
    def remaining(self) -> int:
        """How many rows come after this page."""
        return max(0, self.total - self.offset - len(self.rows))


def known(kind: ObjectType, names: Iterable[str]) -> list[str]:
    """Field names in upper case. Raises ``FieldUnknown``."""
    found = []
    for name in names:
        upper = name.strip().upper()
        if not has(kind, upper):
            raise FieldUnknown(kind.name, name.strip()[:60])
        found.append(upper)
    return found


def search(
    rows: Rows,
    kind: ObjectType,
    condition: Condition,
    *,
    order: Sequence[tuple[str, bool]] = (),
    folded: bool = False,
) -> Sequence[Row]:
    """The rows that fulfil a condition, sorted; ``order`` names fields with True for descending.

    Of a whole object that is not sorted, no more rows are made than are taken.
    """
    listing = rows.listing(kind) if condition.is_empty and not order else None
    if listing is not None:
        return _Rows(rows, kind, listing)

    def value(row: Row, name: str) -> str:
        if name in row or name in kind.fields or "." not in name:
            return row.get(name, "")
        return rows.related(kind, row, name)

    found = [
        row for row in _candidates(rows, kind, condition, folded=folded) if condition.holds(row, value, folded=folded)
    ]
    for name, descending in reversed(order):
        found.sort(key=lambda row, name=name: sort_key(value(row, name)), reverse=descending)  # type: ignore[misc]  # bound now
    return found


class _Rows(Sequence[Row]):
    """The rows of a whole object, made when they are taken."""

    def __init__(self, rows: Rows, kind: ObjectType, records: Sequence[Record]) -> None:
        self._rows, self._kind, self._records = rows, kind, records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self._rows.row(self._kind, record) for record in self._records[at]]
        return self._rows.row(self._kind, self._records[at])

    def __iter__(self) -> Iterator[Row]:
        return self._rows.of(self._kind)


def _candidates(rows: Rows, kind: ObjectType, condition: Condition, *, folded: bool) -> Iterable[Row]:
    """The rows that can fulfil a condition: by a lookup key where the condition pins a field that has one."""
    for name, values in condition.pinned().items() if not folded else ():
        # Values that read as numbers or dates are compared as such ("007" is 7), which keys are not.
        plain = all(sort_key(value)[0] == _AS_TEXT or _is_number(kind, name, value) for value in values)
        found = rows.with_values(kind, name, values) if plain else None
        if found is not None:
            return found
    return rows.of(kind)


def _is_number(kind: ObjectType, name: str, value: str) -> bool:
    keeps = name == (holder_of(kind.parent) if kind.parent else "RECORDNO")
    return keeps and value.isascii() and value.isdigit() and value[0] != "0"


def shown(rows: Rows, kind: ObjectType, row: Row, names: Sequence[str]) -> Row:
    """A row with the fields that were asked for; empty where it has none."""
    return {
        name: row[name]
        if name in row
        else rows.related(kind, row, name)
        if "." in name and name not in kind.fields
        else ""
        for name in names
    }


def page(rows: Sequence[Row], *, offset: int, size: int) -> Page:
    """One page."""
    return Page(list(rows[offset : offset + size]), len(rows), offset)


def aggregated(
    rows: Rows, kind: ObjectType, found: Sequence[Row], names: Sequence[str], functions: Sequence[tuple[str, str]]
) -> list[Row]:
    """Groups by the plain fields, with counts and sums beside them."""
    # Unconfirmed: the element names of aggregates; ``SUM.TOTALDUE`` as the samples show them.
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in found:
        plain = shown(rows, kind, row, names)
        groups.setdefault(tuple(plain[name] for name in names), []).append(row)
    if not names and not groups:
        groups[()] = []
    made = []
    for key, members in groups.items():
        row = dict(zip(names, key, strict=True))
        for function, name in functions:
            values = [shown(rows, kind, member, [name])[name] for member in members]
            row[f"{function.upper()}.{name}"] = _aggregate(function, [value for value in values if value])
        made.append(row)
    return made


def _aggregate(function: str, values: list[str]) -> str:
    if function == "count":
        return str(len(values))
    if function in ("min", "max"):
        return (min if function == "min" else max)(values, key=sort_key, default="")
    numbers = [number for number in map(parse_decimal, values) if number is not None]
    whole = sum(numbers, Decimal(0))
    if function == "sum":
        return decimal_text(whole)
    return decimal_text((whole / len(numbers)).quantize(Decimal("0.0000000001"))) if numbers else ""
