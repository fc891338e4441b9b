"""Lists with levels: accounts, classes, departments, items, customers. Full names, depth, and unique names."""

from __future__ import annotations

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES

_LEVELS = 5


def complete_hierarchy(draft: Draft, *, flag: str, name: str = "Name") -> Record | None:
    """Fill the full name; the parent, if there is one. Raises for loops, depth and names that are taken."""
    body = draft.body
    parent = _parent(draft, flag)
    if draft.before and body[name].endswith(" (deleted)"):
        body[name] = body[name].removesuffix(" (deleted)")
    full = body[name] if parent is None else f"{parent.body['FullyQualifiedName']}:{body[name]}"
    if full.count(":") >= _LEVELS:
        raise no.TooDeep
    body["FullyQualifiedName"] = full
    body[flag] = parent is not None
    if draft.active:
        _check_unique(draft, full)
    moved = draft.before is not None and draft.old.get("FullyQualifiedName") != full
    if moved:
        _rename_children(draft.realm, draft.entity.name, draft.id, full)
    return parent


def _parent(draft: Draft, flag: str) -> Record | None:
    id = draft.ref("ParentRef")
    if not id or draft.body.get(flag) is False:
        draft.body.pop("ParentRef", None)
        if draft.body.get(flag) and flag in draft.given:
            raise no.ParentRequired(flag)
        return None
    if id == draft.id:
        raise no.OwnParent(id)
    parent = draft.realm.get(draft.entity.name, id)
    if parent is None:
        raise no.InvalidParent(id)
    above: Record | None = parent
    for _ in range(_LEVELS + 1):
        if above is None:
            break
        if above.id == draft.id:
            raise no.InvalidParent(id)
        higher = above.body.get("ParentRef", {}).get("value")
        above = draft.realm.get(draft.entity.name, higher) if higher else None
    return parent


def _check_unique(draft: Draft, full: str) -> None:
    for other in draft.realm.records.find(draft.entity.name, "FullyQualifiedName", full.lower()):
        if other.id != draft.id:
            raise no.NameTaken(draft.entity.list_name, other.id)


def _rename_children(realm: Realm, kind: str, id: str, full: str) -> None:
    entity = ENTITIES[kind]
    for child in list(realm.records.scan(kind)):
        if child.body.get("ParentRef", {}).get("value") != id:
            continue
        body = child.copy()
        body["FullyQualifiedName"] = f"{full}:{body.get('Name', body.get('DisplayName'))}"
        if body["FullyQualifiedName"].count(":") >= _LEVELS:
            raise no.TooDeep
        draft = Draft(realm, entity, child.id, body, child, active=child.active)
        store(draft, action="update")
        if kind == "Account":
            record = realm.records.get(kind, child.id)
            if record is not None:
                realm.company.book.change_account(realm.ledger_account(record))
        _rename_children(realm, kind, child.id, body["FullyQualifiedName"])
