"""The hub's query language, ordering and paging over lists of rendered rows.

``property operator value`` with ``= != ~ > < >= <=``, joined by ``&&`` and ``||``, grouped by braces, negated by a
leading ``!``. Source: https://docs.codat.io/using-the-api/querying, ordering-results, paging.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.hub.errors import HubRefusal, Item, bad_request, not_valid
from sandbooks.hub.members import Rows, of_operation

Row: TypeAlias = dict[str, Any]
Test: TypeAlias = Callable[[Row], bool]

QUERY_LENGTH_MAX = 2047  # Source: https://docs.codat.io/using-the-api/querying ("under 2048 characters")
PAGE_SIZE_DEFAULT = 100
PAGE_SIZE_MAX = 5000  # Source: github.com/codatio/oas, parameter pageSize
DEPTH_MAX = 40


class Kind(Struct, frozen=True):
    """The kind of row that a query is about: its word in error texts, the operation that lists it, what some have."""

    word: str
    listed_by: str
    names: frozenset[str]

    @staticmethod
    def of(word: str, listed_by: str, rows: Sequence[Row]) -> Kind:
        """The kind of these rows."""
        return Kind(word, listed_by, frozenset(name.lower() for row in rows for name in row))

    def known(self) -> Rows | None:
        """What such rows may have, if a contract says; read when a row lacks something, as contracts are long."""
        return of_operation(self.listed_by) if self.listed_by else None


_TOKEN = re.compile(r"\s*(&&|\|\||[{}]|!(?=\s*\{))")
_CONDITION = re.compile(r"\s*([A-Za-z_][\w.\-]*)\s*(!=|>=|<=|=|~|>|<)\s*(.*?)\s*(?=&&|\|\||[{}]|$)", re.DOTALL)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?")


def malformed() -> HubRefusal:
    """Source: github.com/codatio/oas, response Malformed-Query."""
    return bad_request("Error parsing query - Malformed query.", service="ClientsApi")


def filtered(rows: Sequence[Row], query: str, *, what: str, listed_by: str = "") -> list[Row]:
    """The rows that satisfy a query; ``what`` is their kind for error texts, ``listed_by`` the operation's name."""
    if not query.strip():
        return list(rows)
    if len(query) > QUERY_LENGTH_MAX:
        raise malformed()
    test, rest = _either(query, Kind.of(what, listed_by, rows), 0)
    if rest.strip():
        raise malformed()
    return [row for row, whole in zip(rows, _whole(rows), strict=True) if test(whole)]


def _whole(rows: Sequence[Row]) -> list[Row]:
    """Rows with every member that any of them has: what one of them has not, it has nothing of."""
    none = {name: None for row in rows for name in row}
    return [{**none, **row} for row in rows]


def _either(text: str, what: Kind, depth: int) -> tuple[Test, str]:
    first, text = _all_of(text, what, depth)
    tests = [first]
    while (sign := _next(text)) == "||":
        test, text = _all_of(_after(text, sign), what, depth)
        tests.append(test)
    return (lambda row: any(test(row) for test in tests)), text


def _all_of(text: str, what: Kind, depth: int) -> tuple[Test, str]:
    first, text = _one(text, what, depth)
    tests = [first]
    while (sign := _next(text)) == "&&":
        test, text = _one(_after(text, sign), what, depth)
        tests.append(test)
    return (lambda row: all(test(row) for test in tests)), text


def _one(text: str, what: Kind, depth: int) -> tuple[Test, str]:
    sign = _next(text)
    if depth > DEPTH_MAX:
        raise malformed()
    if sign == "!":
        inner, rest = _one(_after(text, sign), what, depth + 1)
        return (lambda row: not inner(row)), rest
    if sign == "{":
        inner, rest = _either(_after(text, sign), what, depth + 1)
        if _next(rest) != "}":
            raise malformed()
        return inner, _after(rest, "}")
    match = _CONDITION.match(text)
    if match is None or not match[3]:
        raise malformed()
    return _condition(match[1], match[2], match[3].strip("\"'"), what), text[match.end() :]


def _next(text: str) -> str:
    match = _TOKEN.match(text)
    return match[1] if match else ""


def _after(text: str, sign: str) -> str:
    return text[text.index(sign) + len(sign) :]


def _condition(path: str, operator: str, value: str, what: Kind) -> Test:
    parts = path.split(".")
    _check(parts, path, what)

    def test(row: Row) -> bool:
        found = _values(row, parts, path, what)
        if operator == "!=":
            return not any(_compare(one, "=", value) for one in found)
        return any(_compare(one, operator, value) for one in found)

    return test


def _check(parts: Sequence[str], path: str, what: Kind) -> None:
    """400 for a member that rows never have."""
    if parts[0].lower() in what.names:
        return
    known = what.known()
    if known is not None and not known.has(parts):
        raise _unresolved(path, what)


def _values(row: Any, parts: Sequence[str], path: str, what: Kind) -> list[Any]:
    """What stands at a dotted path: one value, or one for each element of a list on the way."""
    if isinstance(row, list):
        return [value for element in row for value in _values(element, parts, path, what)]
    if not parts:
        return [] if row is None else [row]
    if row is None:
        return []
    if not isinstance(row, dict):
        raise _unresolved(path, what)
    for name, value in row.items():
        if name.lower() == parts[0].lower():
            return _values(value, parts[1:], path, what)
    known = what.known()
    if known is not None and known.has(path.split(".")):
        return []
    raise _unresolved(path, what)


def _unresolved(path: str, what: Kind) -> HubRefusal:
    # Source: github.com/codatio/oas, response Malformed-Query, example of an unqueryable property
    return bad_request(f"Error parsing query - Could not resolve property {path} on {what.word}", service="PullApi")


def _compare(found: Any, operator: str, value: str) -> bool:
    if isinstance(found, bool):
        return operator == "=" and str(found).lower() == value.lower()
    if isinstance(found, int | Decimal):
        try:
            wanted = Decimal(value)
        except InvalidOperation:
            raise malformed() from None
        return _ordered(Decimal(found), operator, wanted) if wanted.is_finite() else False
    if not isinstance(found, str):
        raise malformed()
    if operator == "~":
        return value.lower() in found.lower()
    if operator == "=":
        return found.lower() == value.lower() or (_is_instant(found) and found[: len(value)] == value)
    if not (_is_instant(found) and _is_instant(value)):
        raise malformed()
    return _ordered(_moment(found), operator, _moment(value))


def _is_instant(text: str) -> bool:
    return _INSTANT.fullmatch(text) is not None


def _moment(text: str) -> datetime:
    """The moment that a text means, in UTC where it names no zone; a day is its midnight. 400 when there is no such."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise malformed() from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ordered(left: Any, operator: str, right: Any) -> bool:
    if operator in ("=", ">=", "<=") and left == right:
        return True
    return bool(left > right) if operator.startswith(">") else bool(left < right) if operator.startswith("<") else False


def ordered(rows: list[Row], order_by: str, *, what: str, listed_by: str = "") -> list[Row]:
    """Rows in the order that was asked for: a property, descending with a minus before it."""
    name = order_by.strip().removeprefix("-")
    if not name:
        return rows
    kind, parts = Kind.of(what, listed_by, rows), name.split(".")
    _check(parts, name, kind)

    none = {name: None for row in rows for name in row}

    def key(row: Row) -> tuple[bool, str, Any]:
        values = _values({**none, **row}, parts, name, kind)
        value = values[0] if values else ""
        text = isinstance(value, str)
        return (not values, "" if text else "number", value.lower() if text else value)

    try:
        return sorted(rows, key=key, reverse=order_by.strip().startswith("-"))
    except TypeError:
        raise bad_request(f"Error parsing query - Could not order by {name}", service="PullApi") from None


def page_of(text: str, *, name: str, default: int, most: int) -> int:
    """A paging parameter; 400 when it is not a whole number in its range."""
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= most:
        raise not_valid(Item(name, f"{name} is a whole number from 1 to {most}, not {text[:40]!r}", "Range"))
    return int(text)
