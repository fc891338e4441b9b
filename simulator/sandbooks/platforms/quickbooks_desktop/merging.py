"""Merging two list elements: everything that names the one names the other afterwards, and the one is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop import extensions, saving
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import (
    CannotDelete,
    EditSequenceStale,
    InvalidAmount,
    ObjectNotFound,
)
from sandbooks.platforms.quickbooks_desktop.rules import lists
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, applied_in, keys_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS, TRANSACTIONS


def merge(file: CompanyFile, node: Node) -> tuple[Record, Record]:
    """The element that is gone and the one that took its place. Raises what does not go together."""
    # Source: QuickBooks Desktop SDK, Onscreen Reference (ListMerge).
    # Unconfirmed: the codes, and that the edit sequences of what named the element change.
    kind = str(node.get("ListMergeType"))
    old, new = (_named(file, kind, node, name) for name in ("MergeFrom", "MergeTo"))
    _check(file, old, new)
    for each in TRANSACTIONS:
        for record in file.records.find(each, "refers", old.id):
            _move_transaction(file, record, old.id, new.id)
    for each in LISTS:
        found = {r.id: r for key in ("refers", "parent") for r in file.records.find(each, key, old.id)}
        for record in found.values():
            _move_element(file, record, old.id, new.id)
    # Source: QuickBooks Desktop help (merging list entries: the one that is kept keeps its own details). Its custom
    # fields and private data are among them; those of the one that is gone go with it.
    extensions.forget(file, old.id)
    gone = saving.remove(file, file.lookup((kind,), old.id))
    return gone, file.lookup((kind,), new.id)


def _named(file: CompanyFile, kind: str, node: Node, name: str) -> Record:
    inner = node.child(name)
    if inner is None or kind not in LISTS:
        raise ObjectNotFound(str(inner.get("ListID")) if inner else name)
    record = file.lookup((kind,), str(inner.get("ListID")))
    file.check_unlocked(record.id)
    if str(inner.get("EditSequence")) != record.body["EditSequence"]:
        raise EditSequenceStale(str(inner.get("EditSequence")))
    return record


def _check(file: CompanyFile, old: Record, new: Record) -> None:
    full = str(new.body["FullName"])
    if old.body.get("ShipToAddress") and new.body.get("ShipToAddress"):
        raise NotSimulated("merging customers that both have ship-to addresses (SameShipAddrOk)")
    if old.id == new.id or f"{full}:".lower().startswith(f"{old.body['FullName']}:".lower()):
        raise InvalidAmount("MergeTo", full, "A list element cannot be merged with itself or with one below it.")
    if old.body.get("SpecialAccountType"):
        raise CannotDelete(old.id, "The account is one that QuickBooks keeps for itself.")
    if old.body.get("AccountType") != new.body.get("AccountType"):
        raise InvalidAmount("MergeTo", full, "Accounts of different types cannot be merged.")
    if file.currency_of(old) != file.currency_of(new):
        raise InvalidAmount("MergeTo", full, "List elements of different currencies cannot be merged.")


def _move_transaction(file: CompanyFile, record: Record, old: str, new: str) -> None:
    saving.check_open(file, record.body)
    facts = _replaced(file.records.facts(record.kind, record.id), old, new)
    body = _replaced(record.body, old, new)
    saving.put(file, record.kind, record.id, Ready(body, facts, keys_of(body, facts, applied=applied_in(facts))))


def _move_element(file: CompanyFile, record: Record, old: str, new: str) -> None:
    draft = _replaced(record.body, old, new)
    lists.save(file, record.kind, record.id, lists.ready(file, record.kind, draft, id=record.id, standing=record))


def _replaced(value: Any, old: str, new: str) -> Any:
    """The same with one id in the place of another, wherever it stands."""
    if isinstance(value, Mapping):
        return {(new if key == old else key): _replaced(each, old, new) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(each, old, new) for each in value]
    return new if value == old else value
