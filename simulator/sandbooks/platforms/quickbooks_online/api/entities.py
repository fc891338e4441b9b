"""Create, read, update, delete and void: the same four calls for every kind."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES, UNMADE, Entity
from sandbooks.platforms.quickbooks_online.render import document
from sandbooks.platforms.quickbooks_online.wire.replies import document_of, reply
from sandbooks.wire import Response


def entity_of(call: Call) -> Entity:
    """The kind that an operation was made for."""
    return ENTITIES[_KINDS[call.operation.name.partition("_")[2]]]


_KINDS = {entity.path: entity.name for entity in ENTITIES.values()}


def includes_of(call: Call) -> frozenset[str]:
    """The ``include`` options, given as a list or repeated."""
    return frozenset(part.strip().lower() for each in call.query.getlist("include") for part in each.split(","))


def read(call: Call) -> Response:
    """One record by its id."""
    entity = entity_of(call)
    realm = Realm(call.company)
    record = writing.found(realm, entity, call.args["id"])
    return reply(call, {entity.key: document(realm, record)})


def write(call: Call) -> Response:
    """Create, update, delete or void, as query parameters and body tell."""
    entity = entity_of(call)
    body = document_of(call, entity)
    kind = kind_of(call, body)
    with call.unit():
        return once(call, lambda: reply(call, written(Realm(call.company), entity, kind, body, includes_of(call))))


def kind_of(call: Call, body: Any) -> str:
    """Which of the writes a POST asks for. Raises UnsupportedOperation."""
    named = call.query.get("operation", "").lower()
    if named not in ("", "create", "update", "delete", "void"):
        raise no.UnsupportedOperation(named[:40])
    if named == "void" or (named in ("", "update") and "void" in includes_of(call)):
        return "void"
    if named in ("delete", "update"):
        return named
    has_id = isinstance(body, dict) and body.get("Id") not in (None, "", 0, "0")
    return "update" if has_id else "create"


def name_of(call: Call) -> str:
    """``create_bill``, ``update_bill``, ``delete_bill``, ``void_billpayment``: one POST serves them all.

    A request that cannot be read counts as a create.
    """
    entity = entity_of(call)
    try:
        return f"{kind_of(call, document_of(call, entity))}_{entity.path}"
    except Refusal:
        return call.operation.name


def written(
    realm: Realm, entity: Entity, kind: str, body: Any, include: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Do one write and give what is answered for it, without the envelope's time."""
    if not entity.writable or entity.name == "ExchangeRate":
        raise no.UnsupportedOperation(f"{kind} {entity.name}")
    if kind == "delete":
        return {entity.key: _gone(writing.delete(realm, entity, body))}
    if kind == "void":
        record = writing.void(realm, entity, body)
    elif kind == "update":
        record = writing.update(realm, entity, body, include=include)
    else:
        record = writing.create(realm, entity, body, include=include)
    return {entity.key: document(realm, record)}


def _gone(record: Record) -> dict[str, Any]:
    return {"domain": "QBO", "status": "Deleted", "Id": record.id}


def lacking(call: Call) -> Response:
    """Kinds that exist in the service and are not simulated; none of their records exist."""
    kind = next(name for name in UNMADE if name.lower() == call.operation.name.partition("_")[2])
    if call.request.method == "GET":
        raise no.NotFound(kind, call.args["id"])
    raise NotSimulated(kind)


def _operations() -> list[Operation]:
    made: list[Operation] = []
    for entity in ENTITIES.values():
        if entity.name in ("ExchangeRate", "Preferences", "CompanyInfo", "TaxCode", "TaxRate"):
            continue
        place = f"/v3/company/<realm>/{entity.path}"
        made.append(Operation(f"create_{entity.path}", "POST", place, write, writes=True, named=name_of))
        made.append(Operation(f"read_{entity.path}", "GET", f"{place}/<id>", read))
    for name in ("TaxCode", "TaxRate"):
        path = ENTITIES[name].path
        made.append(Operation(f"read_{path}", "GET", f"/v3/company/<realm>/{path}/<id>", read))
    for name in UNMADE:
        place = f"/v3/company/<realm>/{name.lower()}"
        made.append(Operation(f"create_{name.lower()}", "POST", place, lacking, writes=True))
        made.append(Operation(f"read_{name.lower()}", "GET", f"{place}/<id>", lacking))
    return made


OPERATIONS = tuple(_operations())
