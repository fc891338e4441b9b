"""Lists and entities as answers: filtered, sorted, paged, expanded, with their context and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.business_central import lacking
from sandbooks.platforms.business_central.fields import Field
from sandbooks.platforms.business_central.names import caption
from sandbooks.platforms.business_central.odata.filters import Meaning, members_of, pinned
from sandbooks.platforms.business_central.odata.options import Options, skip_token
from sandbooks.platforms.business_central.refusals import BadUrl
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.entity import EntitySet, Parent, Row, Scope, StoredSet

_ID = Field("id", "guid")
_MODIFIED = Field("lastModifiedDateTime", "instant")


class Page(Struct, frozen=True):
    """One page of a list. ``next_token`` is empty on the last one; ``total`` counts without paging, where it was asked
    for."""

    rows: list[Row]
    total: int
    next_token: str


def members(entity_set: EntitySet) -> dict[str, Field]:
    """Every member that may be filtered, sorted and chosen."""
    found = {"id": _ID, **entity_set.by_name} if entity_set.identified else dict(entity_set.by_name)
    return {**found, "lastModifiedDateTime": _MODIFIED} if entity_set.tracked else found


def page_of(scope: Scope, entity_set: EntitySet, options: Options, *, parent: Parent | None, size: int) -> Page:
    """One page of a set. Raises ``BadUrl`` and the refusals of filters."""
    check_select(entity_set, options)
    named = members_of(options.filter)
    entity_set.check_list(scope, parent, named)
    rows = _candidates(scope, entity_set, options, parent)
    if options.filter is not None:
        meaning = Meaning(options.filter, members(entity_set), entity_set.type, newer=options.newer)
        rows = [row for row in rows if meaning.admits(row.values)]
    found = _sorted(entity_set, list(islice(rows, _needed(options, size))), options)
    total = len(found)
    start = _start(found, options)
    last = total if options.top is None else min(total, start + options.top)
    end = min(last, start + size)
    token = skip_token(end, found[end - 1].id) if start < end < last else ""
    return Page(found[start:end], total, token)


def _needed(options: Options, size: int) -> int | None:
    """How many rows tell this page and whether one follows; None where all are needed: to filter, sort or count them,
    or to find where the page before ended."""
    if options.filter is not None or options.orderby or options.count or options.after is not None:
        return None
    return options.skip + (size if options.top is None else min(size, options.top)) + 1


def _start(found: list[Row], options: Options) -> int:
    """Where a page begins: after the row where the one before ended, wherever that is now."""
    if options.after is None:
        return options.skip
    position, id = options.after
    for place, row in enumerate(found):
        if row.id == id:
            return place + 1
    return min(position, len(found))


def _candidates(scope: Scope, entity_set: EntitySet, options: Options, parent: Parent | None) -> Iterable[Row]:
    """Rows that can pass: by an index where the filter pins a member that has one."""
    fixed = pinned(options.filter)
    if isinstance(entity_set, StoredSet) and parent is None and not scope.lag:
        if "id" in fixed:
            record = scope.get(entity_set.type, fixed["id"])
            wanted = [record] if record is not None else []
        else:
            wanted = _by_index(scope, entity_set, fixed)
            if wanted is None:
                return entity_set.rows(scope)
        return [entity_set.render(scope, record) for record in wanted if entity_set.visible(scope, record)]
    narrowed = entity_set.narrowed(scope, fixed) if parent is None and fixed else None
    return entity_set.rows(scope, parent) if narrowed is None else narrowed


def _by_index(scope: Scope, entity_set: StoredSet, fixed: Mapping[str, str]) -> Any:
    above = set(entity_set.parents.values())
    for name, value in fixed.items():
        if name in above:
            return scope.records.find(entity_set.type, "parent", value)
        if name in entity_set.keys:
            return scope.records.find(entity_set.type, name, value.lower())
    return None


def _sorted(entity_set: EntitySet, rows: list[Row], options: Options) -> list[Row]:
    known = members(entity_set)
    for name, descending in reversed(options.orderby):
        if name not in known:
            raise BadUrl(f"Could not find a property named '{name}' on type 'Microsoft.NAV.{entity_set.type}'.")
        rows.sort(key=lambda row: _sortable(known[name], row.values[name]), reverse=descending)
    return rows


def _sortable(field: Field, value: Any) -> Any:
    return caption(value) if field.type == "enum" else value


def check_select(entity_set: EntitySet, options: Options) -> None:
    """Refuse members and navigations that the set does not have."""
    known = members(entity_set)
    for name in options.select:
        if name != "*" and name not in known and name not in navigations(entity_set):
            raise BadUrl(f"Could not find a property named '{name[:60]}' on type 'Microsoft.NAV.{entity_set.type}'.")
    for name in options.expand:
        if name in lacking.NAMES or name in entity_set.lacks:
            raise NotSimulated(f"the navigation {name}")
        if name not in navigations(entity_set):
            raise BadUrl(f"Could not find a property named '{name[:60]}' on type 'Microsoft.NAV.{entity_set.type}'.")


def navigations(entity_set: EntitySet) -> frozenset[str]:
    """Everything that ``$expand`` may name."""
    return frozenset([*entity_set.children, *entity_set.to_one])


def entity(scope: Scope, entity_set: EntitySet, row: Row, options: Options, *, link: str = "") -> dict[str, Any]:
    """One entity with its tag, chosen members and expanded parts. ``link`` is its own address, for streams."""
    chosen = set(options.select) - navigations(entity_set)
    everything = not chosen or "*" in chosen
    shown: dict[str, Any] = {"@odata.etag": row.tag}
    shown.update((name, value) for name, value in row.values.items() if everything or name in chosen)
    for stream in entity_set.streams if everything else ():
        address = f"{link}/{stream}"
        if entity_set.writes_streams:
            shown[f"{stream}@odata.mediaEditLink"] = address
        shown[f"{stream}@odata.mediaReadLink"] = address
    root = link.removesuffix(entity_set.place(scope, row.id)) if link and options.expand else ""
    for name, inner in options.expand.items():
        shown[name] = _expanded(scope, entity_set, row, name, inner, root=root)
    return shown


def _expanded(scope: Scope, entity_set: EntitySet, row: Row, name: str, options: Options, *, root: str) -> Any:
    """What ``$expand`` brings along; ``root`` is the address of the company."""
    if name in entity_set.to_one:
        target, member = entity_set.to_one[name]
        below = SETS[target]
        check_select(below, options)
        found = _single(scope, below, row.values[member])
        return entity(scope, below, found, options, link=root + below.place(scope, found.id)) if found else None
    below = SETS[name]
    page = page_of(scope, below, options, parent=Parent(entity_set, row.id), size=20_000)
    return [entity(scope, below, each, options, link=root + below.place(scope, each.id)) for each in page.rows]


def _single(scope: Scope, entity_set: EntitySet, id: str) -> Row | None:
    """The entity that a navigation leads to, None where there is none."""
    if isinstance(entity_set, StoredSet):
        return entity_set.row(scope, id) if scope.get(entity_set.type, id) is not None else None
    return entity_set.known(scope, id)


def context(root: str, company: str, entity_set: EntitySet, options: Options, *, single: bool) -> str:
    """The ``@odata.context`` of an answer."""
    chosen = f"({','.join(options.select)})" if options.select else ""
    return f"{root}/$metadata#companies({company})/{entity_set.name}{chosen}{'/$entity' if single else ''}"


def next_link(address: str, query: Mapping[str, str], token: str, *, served: int) -> str:
    """The address of the next page: the same question, further on, for as many rows as are still wanted."""
    kept = {name: value for name, value in query.items() if name.lower() not in ("$skiptoken", "$skip")}
    kept = {name: str(int(value) - served) if name.lower() == "$top" else value for name, value in kept.items()}
    asked = "&".join(f"{quote(name, safe='$')}={quote(value, safe='')}" for name, value in kept.items())
    return f"{address}?{asked}{'&' if asked else ''}$skiptoken={quote(token)}"
