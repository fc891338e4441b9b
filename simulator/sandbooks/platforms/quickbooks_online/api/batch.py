"""Batches: up to thirty writes and queries in one request, each by itself.

Source: https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/batch
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.api.cdc import changes
from sandbooks.platforms.quickbooks_online.api.entities import written
from sandbooks.platforms.quickbooks_online.api.reports import queried
from sandbooks.platforms.quickbooks_online.faults import fault_of
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.limits import BATCH_ITEMS
from sandbooks.platforms.quickbooks_online.query import answer
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import BY_KEY, ENTITIES, UNMADE, Entity
from sandbooks.platforms.quickbooks_online.wire import xml
from sandbooks.platforms.quickbooks_online.wire.replies import body_of, json_of, reply, sends_xml
from sandbooks.wire import Response

_NOT_ENTITY = ("bId", "operation", "optionsData", "Query", "CDCQuery", "ReportQuery")


def batch(call: Call) -> Response:
    """Run the items in order; an item that fails undoes itself alone, and the answer is always 200."""
    items = _items(call)
    if len(items) > BATCH_ITEMS:
        raise no.BatchTooLarge(BATCH_ITEMS, len(items))
    with call.unit():
        return once(call, lambda: reply(call, {"BatchItemResponse": _answers(call, items)}))


def _items(call: Call) -> list[dict[str, Any]]:
    """The items of a batch. Raises for what is no batch."""
    if sends_xml(call):
        root = xml.parse(body_of(call))
        return [_xml_item(each) for each in root if xml.name_of(each) == "BatchItemRequest"]
    body = json_of(body_of(call))
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if items is None:
        raise no.RequiredMissing("BatchItemRequest")
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise no.UnsupportedProperty("BatchItemRequest")
    return items


def _xml_item(element: Any) -> dict[str, Any]:
    item: dict[str, Any] = {name: element.get(name) for name in ("bId", "operation") if element.get(name)}
    for child in element:
        name = xml.name_of(child)
        entity = BY_KEY.get(name) or ENTITIES.get(name)
        if entity is not None:
            item[name] = xml.document(child, entity.rules)
        elif name == "CDCQuery":
            item[name] = {xml.name_of(each): each.text or "" for each in child}
        elif name:
            item[name] = child.text or ""
    return item


def _answers(call: Call, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Source: the batch blog of 27 July 2017: items run one after the other and do not see each other's results."""
    made: set[tuple[str, str]] = set()
    return [_answer(call, item, made) for item in items]


def _answer(call: Call, item: dict[str, Any], made: set[tuple[str, str]]) -> dict[str, Any]:
    told: dict[str, Any] = {"bId": item["bId"]} if isinstance(item.get("bId"), str) else {}
    try:
        with call.world.unit():
            return {**told, **_run(call, item, made)}
    except Refusal as refusal:
        return {**told, "Fault": fault_of(refusal)}


def _run(call: Call, item: dict[str, Any], made: set[tuple[str, str]]) -> dict[str, Any]:
    realm = Realm(call.company)
    if "Query" in item:
        if not isinstance(item["Query"], str):
            raise no.UnsupportedProperty("Query")
        return {"QueryResponse": answer(realm, item["Query"], lag=call.exchange.lag)}
    if "CDCQuery" in item:
        return _cdc(realm, item["CDCQuery"])
    if "ReportQuery" in item:
        if not isinstance(item["ReportQuery"], str):
            raise no.UnsupportedProperty("ReportQuery")
        return {"Report": queried(realm, item["ReportQuery"])}
    return _write(realm, item, made)


def _cdc(realm: Realm, asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise no.UnsupportedProperty("CDCQuery")
    entities, since = asked.get("Entities", ""), asked.get("ChangedSince", "")
    if not isinstance(entities, str) or not isinstance(since, str):
        raise no.UnsupportedProperty("CDCQuery")
    return {"CDCResponse": [{"QueryResponse": changes(realm, entities, since)}]}


def _write(realm: Realm, item: dict[str, Any], made: set[tuple[str, str]]) -> dict[str, Any]:
    """One write; what an earlier item made is not there yet for it."""
    entity, body = _entity(item)
    kind = _kind(item)
    _hide(realm, made)
    told = written(realm, entity, kind, body, _options(item))
    if kind == "create":
        made.add((entity.name, str(told[entity.key]["Id"])))
    return told


def _hide(realm: Realm, made: set[tuple[str, str]]) -> None:
    """Make records of earlier items invisible to references of this one."""
    for kind, id in made:
        realm.hide(kind, id)


def _entity(item: Mapping[str, Any]) -> tuple[Entity, Any]:
    for name, body in item.items():
        if name in _NOT_ENTITY:
            continue
        if name in UNMADE:
            raise NotSimulated(name)
        entity = BY_KEY.get(name) or ENTITIES.get(name)
        if entity is None:
            raise no.UnsupportedObject(name[:60])
        return entity, body
    raise no.RequiredMissing("BatchItemRequest")


def _kind(item: Mapping[str, Any]) -> str:
    kind = item.get("operation")
    if kind not in ("create", "update", "delete", "void"):
        raise no.UnsupportedOperation(str(kind)[:40] if isinstance(kind, str) else "without name")
    return "void" if kind == "update" and "void" in _options(item) else str(kind)


def _options(item: Mapping[str, Any]) -> frozenset[str]:
    options = item.get("optionsData")
    return frozenset(part.strip().lower() for part in options.split(",")) if isinstance(options, str) else frozenset()


OPERATIONS = (Operation("batch", "POST", "/v3/company/<realm>/batch", batch, writes=True, answers="BatchItemResponse"),)
