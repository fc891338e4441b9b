"""Answering a query over the records, through lookup keys where equality allows it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.limits import PAGE
from sandbooks.platforms.quickbooks_online.query.paths import Path, column, filter_path, operand
from sandbooks.platforms.quickbooks_online.query.syntax import Condition, Query, check_quoted, parse
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES, UNMADE, Entity
from sandbooks.platforms.quickbooks_online.render import LIVE_MEMBERS, document, live, stamp, visible

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def answer(realm: Realm, statement: str, *, lag: timedelta = timedelta(0)) -> dict[str, Any]:
    """The ``QueryResponse`` of a statement; empty when nothing matches. Raises QueryUnparsable, QueryInvalid."""
    query = parse(statement)
    if realm.switch("unquoted_numbers") == "refused":
        check_quoted(query, statement)
    entity = _entity(query.entity)
    if entity is None:
        return {"totalCount": 0} if query.count else {}
    if query.start < 1 or query.most < 0:
        raise no.QueryInvalid("QueryValidationError: STARTPOSITION starts at 1 and MAXRESULTS is not negative")
    if query.most > PAGE and realm.switch("page_over_limit") == "refused":
        raise no.QueryInvalid(f"QueryValidationError: value {query.most} is too large. Max allowed is {PAGE}.")
    columns = [column(entity, each) for each in query.columns]
    if entity.name == "ExchangeRate":
        return _rates(realm, entity, query)
    if not (query.conditions or query.order or lag):
        return _plain(realm, entity, query, columns)
    records = _matching(realm, entity, query, lag)
    if query.count:
        return {"totalCount": len(records)}
    page = records[query.start - 1 : query.start - 1 + min(query.most, PAGE)]
    found = _response(realm, entity, page, columns, query.start)
    # Source: the attachable page: what is found by its references is a sparse object.
    if any(condition.path.lower().startswith("attachableref.") for condition in query.conditions):
        for each in found.get(entity.key, ()):
            each["sparse"] = True
    return found


def _plain(realm: Realm, entity: Entity, query: Query, columns: list[str]) -> dict[str, Any]:
    """A page of a whole list, in the order that nothing else asks for."""
    records, wanted = realm.records, {"newest": entity.transaction, "inactive": not entity.has_active}
    if query.count and entity.transaction:
        return {"totalCount": records.count(entity.name)}
    if query.count:
        return {"totalCount": len(records.page(entity.name, skip=0, most=10**9, **wanted))}
    page = records.page(entity.name, skip=query.start - 1, most=min(query.most, PAGE), **wanted)
    return _response(realm, entity, page, columns, query.start)


def _response(realm: Realm, entity: Entity, page: list[Record], columns: list[str], start: int) -> dict[str, Any]:
    if not page:
        return {}
    shown = [_projected(document(realm, record), columns) for record in page]
    return {entity.key: shown, "startPosition": start, "maxResults": len(shown)}


def _projected(full: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """The columns asked for. Source: partial answers are marked sparse."""
    if not columns:
        return full
    kept = {"domain", "Id", *columns}
    return {**{name: value for name, value in full.items() if name in kept}, "sparse": True}


def _entity(name: str) -> Entity | None:
    """The kind that a statement names; None for one that can have no records here."""
    for entity in ENTITIES.values():
        if name.lower() in (entity.name.lower(), entity.key.lower()):
            return entity
    if name.lower() in {each.lower() for each in UNMADE}:
        return None
    raise no.QueryInvalid(f"QueryValidationError: Metadata not found for Entity: {name[:60]}")


def _matching(realm: Realm, entity: Entity, query: Query, lag: timedelta) -> list[Record]:
    zone = ZoneInfo(realm.switch("document_zone"))
    tests = [_Test(entity, condition, zone) for condition in query.conditions]
    names_active = any(test.path.name == "Active" for test in tests)
    found = _candidates(realm, entity, tests, lag)
    if entity.has_active and not names_active:
        found = (record for record in found if record.active)
    if tests:
        wants_live = any(test.path.name in LIVE_MEMBERS.get(entity.name, ()) for test in tests)
        found = (record for record in found if _passes(realm, record, tests, wants_live))
    return _sorted(entity, query, list(found))


def _passes(realm: Realm, record: Record, tests: list[_Test], wants_live: bool) -> bool:
    body = record.body if record.active and not wants_live else visible(record)
    if wants_live:
        body.update(live(realm, record))
    return all(test.holds(record, body) for test in tests)


class _Test:
    """One condition, ready to be tried on records."""

    def __init__(self, entity: Entity, condition: Condition, zone: ZoneInfo) -> None:
        self.path: Path = filter_path(entity, condition.path)
        self.operator = condition.operator
        if self.operator == "like":
            self.pattern = _pattern(str(condition.values[0]))
            self.values: list[Any] = []
        else:
            self.values = [operand(self.path, value, zone=zone) for value in condition.values]

    def holds(self, record: Record, body: Mapping[str, Any]) -> bool:
        return any(self._matches(value) for value in self.path.of(record, body))

    def _matches(self, value: Any) -> bool:
        if self.operator == "like":
            return value is not None and self.pattern.fullmatch(str(value)) is not None
        if self.path.kind == "flag" and value is None:
            value = False
        if self.operator in ("=", "in"):
            return value in self.values
        if self.operator in ("!=", "not in"):
            return value not in self.values
        if value is None or not isinstance(value, type(self.values[0])):
            return False
        return bool(_COMPARE[self.operator](value, self.values[0]))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.lower().split("%")), re.DOTALL)


def _candidates(realm: Realm, entity: Entity, tests: list[_Test], lag: timedelta) -> Iterable[Record]:
    """Records that can match, by the narrowest way: id, lookup key, time of change, else all of the kind."""
    records = realm.records
    for test in tests if not lag else ():
        if test.path.name == "Id" and test.operator in ("=", "in"):
            found = [records.get(entity.name, str(value)) for value in test.values]
            return [record for record in found if record is not None and not record.deleted]
    for test in tests if not lag else ():
        if test.path.name in entity.keys and test.operator == "=":
            return records.find(entity.name, test.path.name, str(test.values[0]))
    for test in tests if not lag else ():
        # What was created since then has also been changed since then.
        if test.path.name in ("updated", "created") and test.operator in (">", ">="):
            return records.scan(entity.name, since=test.values[0])
    return records.scan(entity.name, lag=lag)


def _sorted(entity: Entity, query: Query, found: list[Record]) -> list[Record]:
    """In the order asked for; else lists by id and transactions from the newest.

    Unconfirmed: the order that nothing asks for; settled by listing without ORDERBY in a vendor's sandbox.
    """
    found.sort(key=lambda record: record.sequence, reverse=entity.transaction and not query.order)
    for text, descending in reversed(query.order):
        path = filter_path(entity, text)
        found.sort(key=lambda record: _sort_key(path, record), reverse=descending)
    return found


def _sort_key(path: Path, record: Record) -> tuple[bool, str, Any]:
    value = path.of(record, visible(record))[0]
    return (value is not None, type(value).__name__, value if value is not None else 0)


def _rates(realm: Realm, entity: Entity, query: Query) -> dict[str, Any]:
    """Exchange rates as of a date. Source: the exchangerate page requires AsOfDate."""
    zone = ZoneInfo(realm.switch("document_zone"))
    tests = [_Test(entity, condition, zone) for condition in query.conditions]
    days = [test.values[0] for test in tests if test.path.name == "AsOfDate" and test.operator == "="]
    if not days:
        raise no.QueryInvalid("QueryValidationError: AsOfDate is required for Entity ExchangeRate")
    try:
        on = date.fromisoformat(days[0])
    except ValueError as error:
        raise no.QueryInvalid(f"QueryValidationError: Invalid date {days[0][:40]}") from error
    rows = [
        rate
        for rate in (rate_document(realm, currency, on) for currency in currencies(realm))
        if all(_rate_holds(test, rate) for test in tests if test.path.name != "AsOfDate")
    ]
    if query.count:
        return {"totalCount": len(rows)}
    page = rows[query.start - 1 : query.start - 1 + min(query.most, PAGE)]
    if not page:
        return {}
    return {entity.key: page, "startPosition": query.start, "maxResults": len(page)}


def _rate_holds(test: _Test, rate: Mapping[str, Any]) -> bool:
    value = rate.get(test.path.name)
    return test._matches(str(value).lower() if isinstance(value, str) else value)


def currencies(realm: Realm) -> list[str]:
    """The foreign currencies that the company uses."""
    return [record.body["Code"] for record in realm.records.scan("CompanyCurrency") if record.active]


def rate_document(realm: Realm, currency: str, on: date) -> dict[str, Any]:
    """The rate of a currency on a date, as the API shows it."""
    return {
        "SourceCurrencyCode": currency,
        "TargetCurrencyCode": realm.home,
        "Rate": realm.rate_on(currency, on) or Decimal(1),
        "AsOfDate": on.isoformat(),
        "MetaData": {"LastUpdatedTime": stamp(realm, realm.world.clock.now())},
    }
