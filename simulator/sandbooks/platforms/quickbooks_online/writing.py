"""Writing records: from a request document to a stored version, its posting and its change event.

Used by the API, by batches, by the seed and by the bookkeeper alike. The caller opens the unit of work: whatever is
refused on the way undoes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import references
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, check_open, next_id, store
from sandbooks.platforms.quickbooks_online.fields import Clear, Reading, raise_wrong
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES, Entity
from sandbooks.platforms.quickbooks_online.rules import COMPLETE, UNDO
from sandbooks.platforms.quickbooks_online.stock import move_stock
from sandbooks.platforms.quickbooks_online.webhooks import announce


def create(
    realm: Realm,
    entity: Entity,
    document: Any,
    *,
    include: frozenset[str] = frozenset(),
    computed: Mapping[str, Any] | None = None,
) -> Record:
    """A new record. ``computed`` are members that the platform itself writes. Raises a Refusal."""
    given = _read(entity, document, sparse=False)
    draft = Draft(realm, entity, "", {**given, **(computed or {})}, given=frozenset(given), include=include)
    raise_wrong(_missing(entity.required, given))
    raise_wrong(references.check(realm, entity.rules, given, before={}))
    draft.id = next_id(realm, entity)
    return _write(draft, action="create")


def update(
    realm: Realm, entity: Entity, document: Any, *, include: frozenset[str] = frozenset(), any_token: bool = False
) -> Record:
    """A new version of a record: of the members given when ``sparse`` is true, else of all that can be written.

    Raises StaleObject when the SyncToken is not the stored one.
    """
    record = stored(realm, entity, document)
    check_token(realm, record, document, deleting=False, any_token=any_token)
    sparse = document.get("sparse") in (True, "true")
    given = _read(entity, document, sparse=sparse)
    _check_fixed(entity, record, given)
    raise_wrong(_missing(entity.kept if sparse else entity.required, given))
    body = _merged(entity, record, given, sparse=sparse)
    draft = Draft(realm, entity, record.id, body, record, frozenset(given), include, active=record.active)
    raise_wrong(references.check(realm, entity.rules, body, before=record.body))
    return _write(draft, action="update")


def delete(realm: Realm, entity: Entity, document: Any, *, any_token: bool = False) -> Record:
    """Delete a record; lists have no delete. Raises UnsupportedOperation, StaleObject."""
    if not entity.deletable:
        raise no.UnsupportedOperation(f"delete {entity.name}")
    record = stored(realm, entity, document)
    check_token(realm, record, document, deleting=True, any_token=any_token)
    if entity.posts and entity.transaction:
        check_open(realm, record.body["TxnDate"])
    undo = UNDO.get(entity.name)
    if undo is not None:
        undo(realm, record, "delete")
    gone = realm.records.put(
        entity.name, record.id, record.body, version=record.version + 1, action="delete", deleted=True
    )
    realm.forget(entity.name, record.id)
    announce(realm, gone, "delete")
    if entity.transaction:
        move_stock(realm, entity.name, before=record.body, after={})
        realm.post(gone, None)
    return gone


def void(realm: Realm, entity: Entity, document: Any, *, any_token: bool = False) -> Record:
    """Void a transaction: it stays, with no amounts and no effect. Source: the VoidMixin of ej2/python-quickbooks."""
    if not entity.voidable:
        raise no.UnsupportedOperation(f"void {entity.name}")
    record = stored(realm, entity, document)
    check_token(realm, record, document, deleting=False, any_token=any_token)
    check_open(realm, record.body["TxnDate"])
    if record.body.get("_void"):
        return record
    UNDO[entity.name](realm, record, "void")
    note = record.body.get("PrivateNote", "")
    body = {**record.body, "TotalAmt": 0, "Line": [], "_void": True, "_applies": []}
    body["PrivateNote"] = f"Voided - {note}"[:4000] if note else "Voided"
    draft = Draft(realm, entity, record.id, body, record, facts={"void": True})
    return store(draft, action="void")


def stored(realm: Realm, entity: Entity, document: Any) -> Record:
    """The record that a request names by ``Id``. Raises InvalidId, NotFound, Deleted."""
    if not isinstance(document, dict):
        raise no.UnsupportedProperty(entity.name)
    return found(realm, entity, document.get("Id"))


def found(realm: Realm, entity: Entity, id: Any) -> Record:
    """A live record by its id. Raises RequiredMissing, InvalidId, NotFound, Deleted."""
    if id is None or id == "":
        raise no.RequiredMissing("Id")
    text = str(id) if isinstance(id, str) or (isinstance(id, int) and abs(id) < 10**30) else "?"
    single = entity.series in ("taxcode", "") and text.isascii() and text.isalnum()
    if not single and not (text.isascii() and text.isdigit()):
        raise no.InvalidId(text[:40])
    record = realm.records.get(entity.name, text[:40])
    if record is None:
        raise no.NotFound(entity.name, text[:40])
    if record.deleted:
        raise no.Deleted(entity.name, record.id)
    return record


def check_token(
    realm: Realm, record: Record, document: Mapping[str, Any], *, deleting: bool, any_token: bool = False
) -> None:
    """Compare the SyncToken of a request with the stored one."""
    if any_token:
        return
    token = document.get("SyncToken")
    if token is None or token == "":
        raise no.RequiredMissing("SyncToken")
    text = str(token) if isinstance(token, (str, int)) and not isinstance(token, bool) else "?"
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise no.InvalidId(text[:40])
    rule = realm.switch("delete_token") if deleting else "exact"
    stale = int(text) != record.version if rule == "exact" else int(text) < record.version
    if stale and rule != "any":
        raise no.StaleObject(record.kind, record.id, realm.user())


def _read(entity: Entity, document: Any, *, sparse: bool) -> dict[str, Any]:
    reading = Reading(entity.name, sparse=sparse)
    given = reading.members(entity.rules, document)
    raise_wrong(reading.wrong)
    return given


def _missing(names: tuple[str, ...], given: Mapping[str, Any]) -> list[Refusal]:
    return [no.RequiredMissing(name) for name in names if name not in given or isinstance(given[name], Clear)]


def _check_fixed(entity: Entity, record: Record, given: Mapping[str, Any]) -> None:
    for name in entity.fixed:
        before = record.body.get(name)
        if name not in given or before is None:
            continue
        after = given[name]
        if isinstance(before, dict):
            before, after = before["value"], after["value"] if isinstance(after, dict) else ""
        if before != after:
            raise no.BusinessRule(f"{name} cannot be changed", name)


def _merged(entity: Entity, record: Record, given: Mapping[str, Any], *, sparse: bool) -> dict[str, Any]:
    """The document after an update; a full update keeps only what the platform itself wrote, and what is fixed."""
    kept = record.copy()
    if not sparse:
        ours = {name for name, rule in entity.members.items() if rule.kind not in ("ignored", "lacking")}
        kept = {n: v for n, v in kept.items() if n not in ours or n in entity.fixed or n in _KEPT_WHEN_ABSENT}
    for name, value in given.items():
        if isinstance(value, Clear):
            kept.pop(name, None)
        else:
            kept[name] = value
    return kept


# Members whose absence from a full update means "as it was". Unconfirmed for TxnDate, CurrencyRef and APAccountRef:
# settled by a full update without them in a vendor's sandbox.
_KEPT_WHEN_ABSENT = frozenset({"Active", "TxnDate", "CurrencyRef", "APAccountRef", "AccountType", "AccountSubType"})


def _write(draft: Draft, *, action: str) -> Record:
    """Complete a draft by its kind's rules and store it."""
    draft.body.pop("Id", None)
    draft.body.pop("SyncToken", None)
    if draft.entity.has_active:
        draft.active = bool(draft.body.setdefault("Active", True))
    complete = COMPLETE.get(draft.entity.name)
    if complete is not None:
        complete(draft)
    if draft.entity.posts and draft.entity.transaction:
        check_open(draft.realm, draft.body["TxnDate"], *([draft.old["TxnDate"]] if draft.before else []))
    return store(draft, action=action)


def entity_named(name: str) -> Entity:
    """A kind by its name in any case."""
    for entity in ENTITIES.values():
        if name.lower() in (entity.name.lower(), entity.key.lower()):
            return entity
    raise no.UnsupportedObject(name[:60])
