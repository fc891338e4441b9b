"""A record on its way to be written, and the putting of it: version, lookup keys, posting.

What is shared by the writing of requests and by the rules that change other records on the way (a payment its bills).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.posting import Document, entry_of
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import Entity
from sandbooks.platforms.quickbooks_online.stock import move_stock
from sandbooks.platforms.quickbooks_online.webhooks import announce

# Classes and attachables have ids of nineteen digits. Source: recorded answers in github.com/fylein/qbo-sdk-py
_FIRST_ID = {"class": 5_000_000_000_000_000_001, "attachable": 5_000_000_000_000_000_001}


class Draft(Struct):
    """A record on its way to be written. Rules complete ``body`` and fill ``facts``.

    ``before`` is what stood; ``given`` the members that the client sent; ``after`` runs between the record and its
    posting. Without ``posts`` the books stay as they are, without ``raises_version`` the SyncToken does.
    """

    realm: Realm
    entity: Entity
    id: str
    body: dict[str, Any]
    before: Record | None = None
    given: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    facts: dict[str, Any] = field(default_factory=dict)
    active: bool = True
    after: Callable[[Record], None] | None = None
    posts: bool = True
    raises_version: bool = True

    @property
    def version(self) -> int:
        return self.before.version + self.raises_version if self.before else 0

    @property
    def old(self) -> Mapping[str, Any]:
        return self.before.body if self.before else {}

    def ref(self, name: str) -> str:
        """The id that a reference member holds; empty without one."""
        return str(self.body.get(name, {}).get("value", ""))


def check_open(realm: Realm, *days: str) -> None:
    """Refuse a date in the closed period."""
    closed = realm.company.book.closed_through
    for on in days:
        if closed is not None and date.fromisoformat(on) <= closed:
            shut = realm.switch("closed_books_code") == "6200"
            raise (no.PeriodIsShut if shut else no.PeriodIsClosed)(on, closed.isoformat())


def next_id(realm: Realm, entity: Entity) -> str:
    """The next id of the record's series."""
    return str(realm.records.next_number(entity.series, start=_FIRST_ID.get(entity.series, 1)))


def store(draft: Draft, *, action: str) -> Record:
    """Put a completed draft: version, lookup keys, posting."""
    realm, entity = draft.realm, draft.entity
    body = {**draft.body, "Id": draft.id, "SyncToken": str(draft.version)}
    record = realm.records.put(
        entity.name,
        draft.id,
        body,
        version=draft.version,
        action=action,
        active=draft.active,
        keys=keys_of(entity, body, active=draft.active),
        facts=draft.facts,
    )
    realm.forget(entity.name, draft.id)
    announce(realm, record, action)
    if draft.after is not None:
        draft.after(record)
    if entity.transaction and draft.posts:
        move_stock(realm, entity.name, before=draft.old, after=body)
        post(realm, record, draft.facts)
    return record


def post(realm: Realm, record: Record, facts: Mapping[str, Any]) -> None:
    """Post a version of a transaction."""
    document = Document(record.kind, record.id, record.version, record.body, facts)
    realm.post(record, entry_of(document))


def keys_of(entity: Entity, body: Mapping[str, Any], *, active: bool) -> dict[str, list[str]]:
    """The lookup values of a record: text in lower case, references by id."""
    keys: dict[str, list[str]] = {}
    for name in entity.keys:
        value = body.get(name)
        if isinstance(value, dict):
            value = value.get("value")
        if value is None or value == "":
            continue
        suffix = "" if active or name not in ("Name", "DisplayName", "FullyQualifiedName") else " (deleted)"
        keys[name] = [f"{value}{suffix}".lower()]
    for kind, id in body.get("_links", []):
        keys.setdefault("linked", []).append(f"{kind}/{id}")
    return keys
