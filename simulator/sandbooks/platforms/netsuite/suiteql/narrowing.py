"""Which rows of a table a query can want at all, by the ids that its conditions pin.

A search for one bill reads that bill, not all of them. What is left out could not fulfil the conditions; they are still
evaluated on what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from sqlglot import exp

from sandbooks.platforms.netsuite.suiteql.values import Value

Ids = frozenset[str]
# A key that joins more rows than this is not narrowed by: reading them one by one would cost more than all at once.
_JOINED_MAX = 200


def pinned(condition: exp.Expression | None, alias: str, column: str, *, alone: bool) -> Ids | None:
    """The ids to which a condition pins a column of a table; None where it pins it to none. ``alone``: the table is
    the only one, so that its columns need no alias."""
    found: Ids | None = None
    for part in _parts(condition):
        ids = _ids_of(part, alias, column, alone=alone)
        if ids is not None:
            found = ids if found is None else found & ids
    return found


def joined(
    condition: exp.Expression | None,
    alias: str,
    column: str,
    *,
    values: Callable[[str, str], Iterable[Value] | None],
) -> Ids | None:
    """The ids to which a join pins a column: those of the other side's column, where it names few. ``values`` gives
    those of a table and column that are joined already."""
    for part in _parts(condition):
        if isinstance(part, exp.EQ):
            for own, other in ((part.this, part.expression), (part.expression, part.this)):
                if _is_column(own, alias, column, alone=False) and isinstance(other, exp.Column):
                    named = values(other.table.lower(), other.name.lower())
                    ids = None if named is None else _few(named)
                    if ids is not None:
                        return ids
    return None


def _few(values: Iterable[Value]) -> Ids | None:
    ids: set[str] = set()
    for value in values:
        id = _id(value)
        if id is None and value is not None:
            return None
        ids |= {id} if id is not None else set()
        if len(ids) > _JOINED_MAX:
            return None
    return frozenset(ids)


def _parts(condition: exp.Expression | None) -> Iterator[exp.Expression]:
    """The conditions that all have to hold."""
    if isinstance(condition, exp.Paren):
        yield from _parts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _parts(condition.this)
        yield from _parts(condition.expression)
    elif condition is not None:
        yield condition


def _ids_of(part: exp.Expression, alias: str, column: str, *, alone: bool) -> Ids | None:
    given: list[exp.Expression] = []
    if isinstance(part, exp.EQ):
        sides = (part.this, part.expression)
        given = [b for a, b in (sides, sides[::-1]) if _is_column(a, alias, column, alone=alone)]
    elif isinstance(part, exp.In) and part.args.get("query") is None:
        given = list(part.expressions) if _is_column(part.this, alias, column, alone=alone) else []
    ids = [_id(each.this) if isinstance(each, exp.Literal) else None for each in given]
    named = [id for id in ids if id is not None]
    return frozenset(named) if named and len(named) == len(ids) else None


def _is_column(node: exp.Expression, alias: str, column: str, *, alone: bool) -> bool:
    if not isinstance(node, exp.Column) or node.name.lower() != column:
        return False
    return node.table.lower() == alias if node.table else alone


def _id(value: Value) -> str | None:
    """A whole number as an internal id is written; None for anything else."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if text.isascii() and text.removeprefix("-").isdigit() and not text.startswith("0") else None
