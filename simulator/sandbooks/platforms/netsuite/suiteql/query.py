"""Running a query: sources and joins, conditions, groups, order, pages of rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlglot import exp, parse, tokenize
from sqlglot.errors import SqlglotError

from sandbooks.kit.company import Company
from sandbooks.platforms.netsuite.refusals import BadSearch
from sandbooks.platforms.netsuite.suiteql import narrowing, values
from sandbooks.platforms.netsuite.suiteql.expressions import AGGREGATES, Evaluator, Scope
from sandbooks.platforms.netsuite.suiteql.tables import Source, Tables
from sandbooks.platforms.netsuite.suiteql.values import Row, Value, compare, unsupported

LENGTH_MAX = 60_000
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html (100,000 results)
ROWS_MAX = 100_000
_WORK_MAX = 3_000_000

Rows = list[dict[str, "Row | None"]]


class Result(Struct, frozen=True):
    """Names of the columns and the rows, values as the service writes them; null stays None."""

    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]


def run(company: Company, text: str, *, lag: timedelta = timedelta(0)) -> Result:
    """The answer to a query. Raises ``BadSearch``, ``NotSimulated``."""
    if len(text) > LENGTH_MAX:
        raise unsupported()
    try:
        tree = _parsed(text)
        found = Engine(company, lag).select(tree, None)
    except RecursionError:
        raise unsupported() from None
    rows = [tuple(values.text(value) for value in row) for row in found.rows[:ROWS_MAX]]
    return Result(found.columns, rows)


def _parsed(text: str) -> exp.Expression:
    try:
        # The service has TOP and FETCH, but no LIMIT, which the parser would take.
        if any(token.token_type.name == "LIMIT" for token in tokenize(text, read="oracle")):
            raise unsupported()
        statements = parse(text, read="oracle")
    except SqlglotError:
        raise unsupported() from None
    if len(statements) != 1 or not isinstance(statements[0], (exp.Select, exp.SetOperation, exp.Subquery)):
        raise unsupported()
    return statements[0]


class Table(Struct, frozen=True):
    """Raw rows of a query with their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


class _Wanted(Struct, frozen=True):
    """What is known of the rows that a query wants of a table: its conditions, and what is joined so far."""

    where: exp.Expression | None
    alone: bool = False
    on: exp.Expression | None = None
    scope: Scope | None = None
    rows: Rows = []

    def ids(self, alias: str, column: str) -> narrowing.Ids | None:
        """The ids that are wanted of a table; None for all of them."""
        if not column:
            return None
        found = narrowing.pinned(self.where, alias, column, alone=self.alone)
        if found is None and self.on is not None:
            found = narrowing.pinned(self.on, alias, column, alone=False)
        return self._joined(alias, column) if found is None and self.on is not None else found

    def _joined(self, alias: str, column: str) -> narrowing.Ids | None:
        return narrowing.joined(self.on, alias, column, values=self._values)

    def _values(self, table: str, column: str) -> list[Value] | None:
        """The values of a column of what is joined so far; None where there is no such column."""
        if self.scope is None or table not in self.scope.sources or column not in self.scope.sources[table]:
            return None
        found = (row[table] for row in self.rows)
        return [None if row is None else row.get(column) for row in found]


class Engine:
    """Runs the parts of one query over the tables of one account."""

    def __init__(self, company: Company, lag: timedelta) -> None:
        self._company = company
        self._tables = Tables(company, lag=lag)
        self._evaluator = Evaluator(self)
        self._named: dict[str, Source] = {}
        self._work = 0

    # What expressions ask

    def values_of(self, query: exp.Expression, scope: Scope) -> list[tuple[Value, ...]]:
        return self.select(query, scope).rows

    def now(self) -> datetime:
        zone = ZoneInfo(self._company.time_zone)
        return self._company.world.clock.now().astimezone(zone).replace(microsecond=0, tzinfo=UTC)

    def base_symbol(self) -> str:
        return self._company.currency

    def has_foreign_books(self) -> bool:
        return self._tables.has_foreign_books

    # Queries

    def select(self, query: exp.Expression, outer: Scope | None) -> Table:
        """The rows of a SELECT or of a set operation."""
        if isinstance(query, exp.Subquery):
            return self.select(query.this, outer)
        self._with(query, outer)
        if isinstance(query, exp.SetOperation):
            return self._set_operation(query, outer)
        if isinstance(query, exp.Select):
            return self._select(query, outer)
        raise unsupported()

    def _with(self, query: exp.Expression, outer: Scope | None) -> None:
        clause = query.args.get("with_")
        for named in clause.expressions if clause is not None else ():
            made = self.select(named.this, outer)
            self._named[named.alias.lower()] = _source(named.alias.lower(), made)

    def _set_operation(self, query: exp.SetOperation, outer: Scope | None) -> Table:
        left, right = self.select(query.this, outer), self.select(query.expression, outer)
        if len(left.columns) != len(right.columns):
            raise unsupported()
        theirs = {_row_key(row) for row in right.rows}
        if isinstance(query, exp.Union):
            rows = [*left.rows, *right.rows]
        elif isinstance(query, exp.Intersect):
            rows = [row for row in left.rows if _row_key(row) in theirs]
        else:
            rows = [row for row in left.rows if _row_key(row) not in theirs]
        if query.args.get("distinct", True):
            rows = list({_row_key(row): row for row in rows}.values())
        made = Table(left.columns, rows)
        order = query.args.get("order")
        if order is not None:
            made = Table(made.columns, self._order_rows(order, made))
        return Table(made.columns, self._limited(query, made.rows))

    def _order_rows(self, order: exp.Order, made: Table) -> list[tuple[Value, ...]]:
        """Rows of a set operation, by position or name of a column."""
        source = _source("", made)
        pairs = list(zip(made.rows, source.rows, strict=True))
        keys = [(each, self._sort_value(each, made.columns)) for each in order.expressions]

        def value(pair: tuple[tuple[Value, ...], Row], place: int | exp.Expression) -> Value:
            if isinstance(place, int):
                return pair[0][place]
            return self._evaluator.value(place, Scope({"": source}, {"": pair[1]}))

        return [pair[0] for pair in _sorted(pairs, [(each, lambda p, k=k: value(p, k)) for each, k in keys])]

    def _sort_value(self, each: exp.Expression, columns: tuple[str, ...]) -> int | exp.Expression:
        """A position in the select list, or an expression."""
        target = each.this
        if isinstance(target, exp.Literal) and not target.is_string:
            text = str(target.this)
            place = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
            if not 1 <= place <= len(columns):
                raise unsupported()
            return place - 1
        if isinstance(target, exp.Column) and not target.table and target.name.lower() in columns:
            return columns.index(target.name.lower())
        return target  # type: ignore[no-any-return]  # sqlglot types args as Any

    def _select(self, query: exp.Select, outer: Scope | None) -> Table:
        scope, rows = self._from(query, outer)
        kept = self._filtered(query, scope, rows)
        items = self._items(query, scope)
        scopes = self._grouped(query, scope, kept, [item for _, item in items])
        columns = tuple(name for name, _ in items)
        made = [(tuple(self._evaluator.value(item, s) for _, item in items), s) for s in scopes]
        if query.args.get("distinct") is not None:
            made = list({_row_key(row): (row, s) for row, s in made}.values())
        order = query.args.get("order")
        if order is not None:
            made = self._ordered(order, columns, made)
        return Table(columns, self._limited(query, [row for row, _ in made]))

    def _ordered(
        self, order: exp.Order, columns: tuple[str, ...], made: list[tuple[tuple[Value, ...], Scope]]
    ) -> list[tuple[tuple[Value, ...], Scope]]:
        keys = []
        for each in order.expressions:
            place = self._sort_value(each, columns)
            if isinstance(place, int):
                keys.append((each, lambda pair, p=place: pair[0][p]))
            else:
                keys.append((each, lambda pair, e=place: self._evaluator.value(e, pair[1])))
        return _sorted(made, keys)

    def _limited(self, query: exp.Expression, rows: list[Any]) -> list[Any]:
        """``TOP``, ``FETCH`` and ``OFFSET``; other dialects' LIMIT is refused by the parser's own form of it."""
        offset, limit = query.args.get("offset"), query.args.get("limit")
        first = self._count(offset.expression) if offset is not None else 0
        if limit is None:
            return rows[first:]
        counted = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
        return rows[first : first + self._count(counted)] if counted is not None else rows[first : first + 1]

    def _count(self, node: exp.Expression) -> int:
        text = str(node.this) if isinstance(node, exp.Literal) else ""
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise unsupported()
        return int(text)

    # Sources

    def _from(self, query: exp.Select, outer: Scope | None) -> tuple[Scope, Rows]:
        clause = query.args.get("from_")
        if clause is None:
            raise unsupported()
        where = query.args.get("where")
        filtered = where.this if where is not None else None
        alone = not query.args.get("joins")
        first, alias = self._source_of(clause.this, outer, _Wanted(filtered, alone=alone))
        scope = Scope({alias: first}, outer=outer)
        rows: Rows = [{alias: row} for row in first.rows]
        for join in query.args.get("joins") or []:
            on = None if str(join.side or "").upper() in ("RIGHT", "FULL") else join.args.get("on")
            source, alias = self._source_of(join.this, outer, _Wanted(filtered, on=on, scope=scope, rows=rows))
            if alias in scope.sources:
                raise unsupported()
            wider = Scope({**scope.sources, alias: source}, outer=outer)
            rows = self._joined(join, wider, alias, rows, where.this if where is not None else None)
            scope = wider
        if query.args.get("laterals") or query.args.get("pivots") or query.args.get("connect"):
            raise unsupported()
        return scope, rows

    def _source_of(self, node: exp.Expression, outer: Scope | None, wanted: _Wanted) -> tuple[Source, str]:
        if isinstance(node, exp.Subquery):
            alias = node.alias.lower() or f"_{id(node)}"
            return _source(alias, self.select(node.this, outer)), alias
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier) or node.args.get("db"):
            raise unsupported()
        name = node.name.lower()
        alias = (node.alias or node.name).lower()
        source = self._named.get(name) or self._tables.table(name, ids=wanted.ids(alias, self._tables.key_of(name)))
        if source is None:
            raise BadSearch(f"Search error occurred: Record '{node.name[:60]}' was not found.")
        return source, alias

    def _joined(self, join: exp.Join, scope: Scope, alias: str, rows: Rows, where: exp.Expression | None) -> Rows:
        side, kind = str(join.side or "").upper(), str(join.kind or "").upper()
        if (
            join.args.get("method")
            or side not in ("", "LEFT", "RIGHT", "FULL")
            or kind not in ("", "INNER", "CROSS", "OUTER")
        ):
            raise unsupported()
        on = join.args.get("on")
        using = [column.name.lower() for column in join.args.get("using") or []]
        if using:
            raise unsupported()
        source = scope.sources[alias]
        finder = _Finder(self._evaluator, scope, alias, on if on is not None else where)
        made: Rows = []
        matched: set[int] = set()
        for row in rows:
            found = False
            for index, other in finder.candidates(row):
                self._spend()
                combined = {**row, alias: other}
                if on is None or self._evaluator.truth(on, scope.with_rows(combined)):
                    made.append(combined)
                    matched.add(index)
                    found = True
            if not found and side in ("LEFT", "FULL"):
                made.append({**row, alias: None})
        if side in ("RIGHT", "FULL"):
            nothing = {name: None for name in scope.sources if name != alias}
            made += [{**nothing, alias: other} for n, other in enumerate(source.rows) if n not in matched]
        return made

    def _spend(self) -> None:
        self._work += 1
        if self._work > _WORK_MAX:
            raise BadSearch("Search error occurred: the query needs too much work; narrow its joins.")

    # Rows

    def _filtered(self, query: exp.Select, scope: Scope, rows: Rows) -> list[Scope]:
        """The rows that fulfil WHERE; ROWNUM counts those that are let through."""
        where = query.args.get("where")
        kept: list[Scope] = []
        for row in rows:
            each = Scope(scope.sources, row, scope.outer, len(kept) + 1)
            if where is None or self._evaluator.truth(where.this, each):
                kept.append(each)
        if not rows and where is not None:
            self._check_names(where.this, scope)
        return kept

    def _check_names(self, node: exp.Expression, scope: Scope) -> None:
        """Unknown names are refused even where no row would meet them."""
        self._evaluator.value(node, scope.with_rows(dict.fromkeys(scope.sources)))

    def _items(self, query: exp.Select, scope: Scope) -> list[tuple[str, exp.Expression]]:
        """The select list: names in lower case, stars spread out, unnamed expressions numbered."""
        items: list[tuple[str, exp.Expression]] = []
        for node in query.expressions:
            if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
                items += self._star(node, scope)
                continue
            name = node.alias_or_name.lower() if isinstance(node, (exp.Alias, exp.Column)) else ""
            unnamed = sum(1 for shown, _ in items if shown.startswith("expr"))
            items.append((name or f"expr{unnamed + 1}", node))
        return items

    def _star(self, node: exp.Expression, scope: Scope) -> Iterator[tuple[str, exp.Expression]]:
        table = node.table.lower() if isinstance(node, exp.Column) else ""
        if table and table not in scope.sources:
            raise unsupported()
        seen: set[str] = set()
        for alias, source in scope.sources.items():
            if table in ("", alias):
                for column in source.columns:
                    if not column.startswith("_") and column not in seen:
                        seen.add(column)
                        yield column, exp.column(column, table=alias)

    def _grouped(self, query: exp.Select, scope: Scope, kept: list[Scope], items: list[exp.Expression]) -> list[Scope]:
        group, having, order = (query.args.get(name) for name in ("group", "having", "order"))
        parts = [*items, *([having.this] if having is not None else []), *(order.expressions if order else [])]
        if group is None and not any(_aggregates(part) for part in parts):
            if not kept:
                for item in items:
                    self._check_names(item, scope)
            return kept
        keys = self._group_keys(group, items)
        for item in items:
            _check_grouped(item, keys)
        groups: dict[tuple[Value, ...], list[Scope]] = {}
        for each in kept:
            found = tuple(values.key(self._evaluator.value(k, each)) for k in keys)
            groups.setdefault(found, []).append(each)
        if group is None and not groups:
            groups[()] = []
        empty: dict[str, Row | None] = dict.fromkeys(scope.sources)
        scopes = [scope.with_rows(m[0].rows if m else empty, group=m) for m in groups.values()]
        if having is not None:
            scopes = [each for each in scopes if self._evaluator.truth(having.this, each)]
        return scopes

    def _group_keys(self, group: exp.Group | None, items: list[exp.Expression]) -> list[exp.Expression]:
        """The expressions of GROUP BY. Oracle knows neither positions nor aliases there."""
        if group is None:
            return []
        if any(group.args.get(name) for name in ("cube", "rollup", "grouping_sets")):
            raise unsupported()
        return list(group.expressions)


class _Finder:
    """The rows of a joined source that may match: by hash where the condition equates a column with what stands."""

    def __init__(self, evaluator: Evaluator, scope: Scope, alias: str, condition: exp.Expression | None) -> None:
        self._evaluator, self._scope = evaluator, scope
        self._rows = list(enumerate(scope.sources[alias].rows))
        self._mine: exp.Expression | None = None
        self._theirs: exp.Expression | None = None
        for part in _conjuncts(condition):
            if isinstance(part, exp.EQ) and self._mine is None:
                self._pair(part, alias)
        self._index: dict[Value, list[tuple[int, Row]]] = {}
        if self._mine is not None:
            for number, row in self._rows:
                found = evaluator.value(self._mine, scope.with_rows({alias: row}))
                self._index.setdefault(values.key(found), []).append((number, row))

    def _pair(self, part: exp.EQ, alias: str) -> None:
        for mine, theirs in ((part.this, part.expression), (part.expression, part.this)):
            if not (isinstance(mine, exp.Column) and isinstance(theirs, exp.Column)):
                continue
            if (
                mine.table.lower() == alias
                and theirs.table.lower() in self._scope.sources
                and theirs.table.lower() != alias
            ):
                self._mine, self._theirs = mine, theirs
                return

    def candidates(self, row: dict[str, Row | None]) -> list[tuple[int, Row]]:
        if self._theirs is None:
            return self._rows
        found = self._evaluator.value(self._theirs, self._scope.with_rows(row))
        return [] if found is None else self._index.get(values.key(found), [])


def _conjuncts(node: exp.Expression | None) -> Iterator[exp.Expression]:
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    elif isinstance(node, exp.Paren):
        yield from _conjuncts(node.this)
    elif node is not None:
        yield node


def _aggregates(node: exp.Expression) -> bool:
    """Whether an expression aggregates, sub-queries apart."""
    if isinstance(node, AGGREGATES):
        return True
    if isinstance(node, (exp.Subquery, exp.Select, exp.Window)):
        return False
    return any(_aggregates(child) for child in node.iter_expressions())


def _check_grouped(node: exp.Expression, keys: list[exp.Expression]) -> None:
    """What is selected from groups is a key, an aggregate, or made of them."""
    bare = node.this if isinstance(node, exp.Alias) else node
    written = {_written(k) for k in keys}
    if _written(bare) in written or isinstance(bare, (*AGGREGATES, exp.Subquery, exp.Select)):
        return
    if isinstance(bare, exp.Column) and bare.name.lower() not in ("rownum", "sysdate"):
        if any(isinstance(k, exp.Column) and k.name.lower() == bare.name.lower() for k in keys):
            return
        raise unsupported()
    for child in bare.iter_expressions():
        _check_grouped(child, keys)


def _written(node: exp.Expression) -> str:
    return node.sql(dialect="oracle").lower()


def _source(name: str, made: Table) -> Source:
    return Source(name, made.columns, [dict(zip(made.columns, row, strict=True)) for row in made.rows])


def _row_key(row: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(values.key(value) for value in row)


def _sorted(rows: list[Any], keys: list[tuple[exp.Expression, Any]]) -> list[Any]:
    """Rows by several keys; nulls last, or first where the order descends or says so, as in Oracle."""
    for each, value in reversed(keys):
        descending, nulls_first = bool(each.args.get("desc")), bool(each.args.get("nulls_first"))

        def order(left: Any, right: Any, v: Any = value, d: bool = descending, n: bool = nulls_first) -> int:
            one, other = v(left), v(right)
            if one is None or other is None:
                absent = (one is None) - (other is None)
                return -absent if n else absent
            found = compare(one, other) or 0
            return -found if d else found

        rows = sorted(rows, key=cmp_to_key(order))
    return rows


__all__ = ["Engine", "Result", "run"]
