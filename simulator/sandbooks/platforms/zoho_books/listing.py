"""Lists: filters, search, order and pages, over records as a trailing index may show them.

Source: https://www.zoho.com/books/api/v3/pagination/, and the parameters of each list in the API documentation
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.refusals import InvalidValue
from sandbooks.platforms.zoho_books.wire import Body, public, reply
from sandbooks.wire import Response

PER_PAGE = 200
Test = Callable[[Body], bool]
_DATE_WAYS: dict[str, Callable[[str, str], bool]] = {
    "_start": lambda held, given: held >= given,
    "_end": lambda held, given: held <= given,
    "_before": lambda held, given: held < given,
    "_after": lambda held, given: held > given,
}
_AMOUNT_WAYS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "_less_than": lambda held, given: held < given,
    "_less_equals": lambda held, given: held <= given,
    "_greater_than": lambda held, given: held > given,
    "_greater_equals": lambda held, given: held >= given,
}


class ListRules(Struct, frozen=True, kw_only=True):
    """What a list can do: its root, the members of a row, and which of them filter, search and order. ``keys`` are the
    filters that are looked up, with the lookup key of each."""

    root: str
    report: str
    columns: Sequence[str] = ()
    texts: Sequence[str] = ()
    ids: Sequence[str] = ()
    dates: Sequence[str] = ()
    amounts: Sequence[str] = ()
    search: Sequence[str] = ()
    order: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, Test] = field(default_factory=dict)
    default_filter: str = "Status.All"
    default_order: str = "A"


def answer(call: Call, rules: ListRules, documents: Iterable[Body]) -> Response:
    """One page of a list under its root, with its ``page_context``."""
    chosen = [document for document in documents if _wanted(call, rules, document)]
    column, direction = _order(call, rules)
    if column:
        chosen.sort(key=lambda document: _sortable(document.get(column)), reverse=direction == "D")
    start, size = _span(call)
    return _page_of(call, rules, chosen[start : start + size], more=len(chosen) > start + size)


_OF_EVERYTHING = frozenset({"organization_id", "page", "per_page", "sort_order", "filter_by"})


def everything(call: Call, rules: ListRules) -> bool:
    """Whether a list is asked for as it stands: no filter, search or order of the caller's own, no trailing index."""
    plain = (call.query.get("filter_by") or rules.default_filter) == rules.default_filter
    return plain and not call.exchange.lag and _OF_EVERYTHING.issuperset(call.query)


def page_of_everything(
    call: Call, rules: ListRules, records: Sequence[Record], show: Callable[[Call, Record], Body]
) -> Response:
    """One page of a list as it stands, of which no more is read than what is shown."""
    start, size = _span(call)
    found = records[start : start + size + 1]
    return _page_of(call, rules, [show(call, record) for record in found[:size]], more=len(found) > size)


def page_of_rows(call: Call, rules: ListRules, rows: Iterator[Body]) -> Response:
    """One page of a list as it stands, of which no more is made than what is shown."""
    start, size = _span(call)
    found = list(islice(rows, start, start + size + 1))
    return _page_of(call, rules, found[:size], more=len(found) > size)


def found(call: Call, rules: ListRules, kind: str) -> Iterable[Record]:
    """The records that a list is chosen from, in order of creation: those that a lookup finds where it is asked for."""
    after, lag = since(call), call.exchange.lag
    asked = [(key, call.query[name].lower()) for name, key in rules.keys.items() if call.query.get(name)]
    if lag or not asked:
        return call.company.records.scan(kind, since=after, lag=lag)
    return [each for each in call.company.records.find(kind, *asked[0]) if after is None or each.updated >= after]


def _span(call: Call) -> tuple[int, int]:
    """Where the page begins, and its size."""
    page, size = _page(call, "page", 1), min(_page(call, "per_page", PER_PAGE), PER_PAGE)
    return (page - 1) * size, size


def _page_of(call: Call, rules: ListRules, documents: Sequence[Body], *, more: bool) -> Response:
    column, direction = _order(call, rules)
    context = {
        "page": _page(call, "page", 1),
        "per_page": _span(call)[1],
        "has_more_page": more,
        "report_name": rules.report,
        "applied_filter": call.query.get("filter_by") or rules.default_filter,
        "sort_column": column,
        "sort_order": direction,
    }
    members: Body = {rules.root: [row(rules, document) for document in documents], "page_context": context}
    return reply(**members)


def row(rules: ListRules, document: Body) -> Body:
    """The members of a document that its list shows."""
    shown: Body = public(document)
    return {name: shown[name] for name in rules.columns if name in shown} if rules.columns else shown


def _wanted(call: Call, rules: ListRules, document: Body) -> bool:
    return (
        _passes_filter(call, rules, document)
        and _passes_texts(call, rules, document)
        and _passes_dates(call, rules, document)
        and _passes_amounts(call, rules, document)
        and _passes_search(call, rules, document)
    )


def _passes_filter(call: Call, rules: ListRules, document: Body) -> bool:
    named = call.query.get("filter_by")
    if not named or named == rules.default_filter:
        return True
    test = rules.filters.get(named)
    if test is None:
        raise InvalidValue("filter_by")
    return test(document)


def _passes_texts(call: Call, rules: ListRules, document: Body) -> bool:
    for name in (*rules.texts, *rules.ids):
        held = str(document.get(name) or "").lower()
        given = call.query.get(name)
        if given and held != given.lower():
            return False
        start, part = call.query.get(f"{name}_startswith"), call.query.get(f"{name}_contains")
        if (start and not held.startswith(start.lower())) or (part and part.lower() not in held):
            return False
    return True


def _passes_dates(call: Call, rules: ListRules, document: Body) -> bool:
    for name in rules.dates:
        held = str(document.get(name) or "")
        if call.query.get(name) and held != call.query[name]:
            return False
        for way, holds in _DATE_WAYS.items():
            # ``date_start`` as documented; ``date.start`` is how some samples write it.
            given = call.query.get(f"{name}{way}") or call.query.get(f"{name}.{way[1:]}")
            if given and not holds(held, given):
                return False
    return True


def _passes_amounts(call: Call, rules: ListRules, document: Body) -> bool:
    for name in rules.amounts:
        held = Decimal(str(document.get(name) or 0))
        if call.query.get(name) and held != _number(call, name):
            return False
        for way, holds in _AMOUNT_WAYS.items():
            if call.query.get(f"{name}{way}") and not holds(held, _number(call, f"{name}{way}")):
                return False
    return True


def _number(call: Call, name: str) -> Decimal:
    try:
        value = Decimal(call.query[name])
    except InvalidOperation as error:
        raise InvalidValue(name) from error
    if not value.is_finite():
        raise InvalidValue(name)
    return value


def _passes_search(call: Call, rules: ListRules, document: Body) -> bool:
    wanted = (call.query.get("search_text") or "").lower()
    return not wanted or any(wanted in str(document.get(name) or "").lower() for name in rules.search)


def _order(call: Call, rules: ListRules) -> tuple[str, str]:
    column = call.query.get("sort_column") or ""
    direction = call.query.get("sort_order") or rules.default_order
    if column and column not in rules.order and column not in ("created_time", "last_modified_time"):
        raise InvalidValue("sort_column")
    if direction.upper() not in ("A", "D"):
        raise InvalidValue("sort_order")
    return column, direction.upper()


def _sortable(value: Any) -> tuple[int, Any]:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return 0, Decimal(value)
    return 1, str(value if value is not None else "").lower()


def _page(call: Call, name: str, default: int) -> int:
    given = call.query.get(name)
    if not given:
        return default
    if not (given.isascii() and given.isdigit()) or len(given) > 9 or int(given) < 1:
        raise InvalidValue(name)
    return int(given)


def since(call: Call) -> datetime | None:
    """The ``last_modified_time`` parameter: what changed at or after it. Raises ``InvalidValue``."""
    given = call.query.get("last_modified_time")
    if not given:
        return None
    # A plus sign in a query that was not encoded arrives as a blank.
    text = given.strip().replace(" ", "+")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue("last_modified_time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(call.company.time_zone))
    return moment
