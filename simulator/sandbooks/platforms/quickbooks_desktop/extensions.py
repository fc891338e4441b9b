"""Data extensions: custom fields (owner 0) and the private data of applications, kept beside the records they are on.

A definition names a field of an owner, its type and the kinds of object that have it; a value belongs to one object, to
one line of a transaction, or to the company. Neither changes the edit sequence of what it is on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.file import ITEMS, PLATFORM, CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import (
    ElementMissing,
    InvalidAmount,
    NameTaken,
    ObjectNotFound,
    TooLong,
)

DEFINITIONS = f"{PLATFORM}/data_ext_def"
VALUES = f"{PLATFORM}/data_ext"
CUSTOM = "0"
Row = dict[str, Any]
# What has custom fields; sales documents have them too. Source: QuickBooks Desktop help (custom fields).
# Unconfirmed: the code of a custom field for anything else.
_PRIVATE_ALONE = (
    *("Account", "Bill", "BillPaymentCheck", "BillPaymentCreditCard", "Check", "Company", "CreditCardCharge"),
    *("CreditCardCredit", "Deposit", "ItemReceipt", "JournalEntry", "OtherName", "SalesTaxPaymentCheck"),
    "VendorCredit",
)
# Source: QuickBooks Desktop SDK, Onscreen Reference (DataExtType)
_SCALARS: Mapping[str, str] = {
    "AMTTYPE": "amt",
    "DATETIMETYPE": "datetime",
    "INTTYPE": "int",
    "PERCENTTYPE": "percent",
    "PRICETYPE": "price",
    "QUANTYPE": "quan",
}
_LENGTHS: Mapping[str, int] = {"STR255TYPE": 255, "STR1024TYPE": 1024}
_TARGETS = ("ListDataExtType", "TxnDataExtType", "OtherDataExtType")
_LINES = ("ExpenseLine", "ItemLine", "PurchaseOrderLine")


# Definitions


def define(file: CompanyFile, node: Node) -> Row:
    """Add a definition. Raises ``NameTaken`` and ``InvalidAmount``."""
    name, owner = str(node.get("DataExtName")), str(node.get("OwnerID"))
    _check_new(file, owner, name, "DataExtName")
    objects = _assigned(node, owner)
    row: Row = {
        "OwnerID": owner,
        "DataExtID": str(file.records.next_number("data_ext")),
        "DataExtName": name,
        "DataExtType": str(node.get("DataExtType")),
        "AssignToObject": objects,
        "DataExtListRequire": values.write(bool(node.get("DataExtListRequire", False))),
        "DataExtTxnRequire": values.write(bool(node.get("DataExtTxnRequire", False))),
        "DataExtFormatString": str(node.get("DataExtFormatString", "")),
    }
    file.company.world.put(DEFINITIONS, _key(file, owner, name), row)
    return row


def _check_new(file: CompanyFile, owner: str, name: str, field: str) -> None:
    if not name.strip():
        raise ElementMissing(field)
    if _definition(file, owner, name) is not None:
        raise NameTaken(name)


def _assigned(node: Node, owner: str) -> list[str]:
    """The kinds of object that a request assigns a field to. Raises ``InvalidAmount``."""
    objects = list(dict.fromkeys(str(each.value) for each in node.all("AssignToObject")))
    wrong = [each for each in objects if owner == CUSTOM and each in _PRIVATE_ALONE]
    if wrong:
        raise InvalidAmount("AssignToObject", wrong[0], "It has no custom fields.")
    return objects


def redefine(file: CompanyFile, node: Node) -> Row:
    """Change a definition: its name, what it is assigned to, what it demands. Values stay under the new name."""
    # Source: github.com/qbwc/qbxml, schema/qbxmlops130.xml (DataExtDefMod).
    # Unconfirmed: that objects keep and show their values where the assignment goes; here they do.
    owner, name = str(node.get("OwnerID")), str(node.get("DataExtName"))
    standing = _known(file, owner, name)
    new = str(node.get("DataExtNewName", "")) or name
    if new.lower() != name.lower():
        _check_new(file, owner, new, "DataExtNewName")
    gone = {str(each.value) for each in node.all("RemoveFromObject")}
    kept = [each for each in standing["AssignToObject"] if each not in gone]
    row = {**standing, "DataExtName": new, "AssignToObject": list(dict.fromkeys([*kept, *_assigned(node, owner)]))}
    row |= {
        word: values.write(node.get(word)) for word in ("DataExtListRequire", "DataExtTxnRequire") if node.has(word)
    }
    if node.has("DataExtFormatString"):
        row["DataExtFormatString"] = str(node.get("DataExtFormatString"))
    file.company.world.put(DEFINITIONS, _key(file, owner, name), None)
    file.company.world.put(DEFINITIONS, _key(file, owner, new), row)
    _rename(file, _field(owner, name), _field(owner, new))
    return row


def undefine(file: CompanyFile, node: Node, *, at: str) -> Row:
    """Delete a definition and every value of it. Raises ``ObjectNotFound``."""
    owner, name = str(node.get("OwnerID")), str(node.get("DataExtName"))
    standing = _known(file, owner, name)
    file.company.world.put(DEFINITIONS, _key(file, owner, name), None)
    _rename(file, _field(owner, name), "")
    return {"OwnerID": owner, "DataExtName": standing["DataExtName"], "TimeDeleted": at}


def forget(file: CompanyFile, id: str) -> None:
    """Drop what an object carries of every owner."""
    file.company.world.put(VALUES, _key(file, id), None)


def _known(file: CompanyFile, owner: str, name: str) -> Row:
    found = _definition(file, owner, name)
    if found is None:
        raise ObjectNotFound(name)
    return found


def _field(owner: str, name: str) -> str:
    return f"{owner.lower()}/{name.lower()}"


def _rename(file: CompanyFile, old: str, new: str) -> None:
    """Keep every value of a field under another name; without one it is dropped."""
    for key, kept in file.company.world.kept(VALUES).items():
        if key.startswith(f"{file.company.id}/") and old in kept and old != new:
            rest = {name: value for name, value in kept.items() if name != old}
            file.company.world.put(VALUES, key, ({**rest, new: kept[old]} if new else rest) or None)


def definitions(file: CompanyFile, node: Node) -> list[Row]:
    """The definitions of some owners, or of some kinds of object; of all, where none is named."""
    owners = {str(each.value).lower() for each in node.all("OwnerID")}
    objects = {str(each.value) for each in node.all("AssignToObject")}
    kept = file.company.world.kept(DEFINITIONS)
    mine = [row for key, row in kept.items() if key.startswith(f"{file.company.id}/")]
    return [
        row
        for row in sorted(mine, key=lambda row: int(row["DataExtID"]))
        if (not owners or str(row["OwnerID"]).lower() in owners)
        and (not objects or objects & set(row["AssignToObject"]))
    ]


def _key(file: CompanyFile, *parts: str) -> str:
    return "/".join((file.company.id, *(part.lower() for part in parts)))


def _definition(file: CompanyFile, owner: str, name: str) -> Row | None:
    found: Row | None = file.company.world.get(DEFINITIONS, _key(file, owner, name))
    return found


# Values


def put(file: CompanyFile, node: Node, *, known: bool) -> Row:
    """Set the value of a field on an object; ``known`` demands that it has one. Raises what does not fit."""
    # Unconfirmed: that an Add may lay a value over another one.
    kind, id, _ = _target(file, node)
    if known and _value(file, id, str(node.get("OwnerID")), str(node.get("DataExtName"))) is None:
        raise ObjectNotFound(str(node.get("DataExtName")))
    return _set(file, node, kind, id)


def _set(file: CompanyFile, node: Node, kind: str, id: str) -> Row:
    owner, name = str(node.get("OwnerID")), str(node.get("DataExtName"))
    definition = _definition(file, owner, name)
    if definition is None:
        raise ObjectNotFound(name)
    if kind not in definition["AssignToObject"]:
        raise InvalidAmount("DataExtName", name, f"It is not assigned to {kind}.")
    kept = _kept(file, id)
    text = _text(str(definition["DataExtType"]), str(node.get("DataExtValue")))
    field = f"{owner.lower()}/{name.lower()}"
    file.company.world.put(VALUES, _key(file, id), {**kept, field: text})
    return _shown(definition, text)


def remove(file: CompanyFile, node: Node, *, at: str) -> Row:
    """Take the value of a field off an object. Raises ``ObjectNotFound``."""
    owner, name = str(node.get("OwnerID")), str(node.get("DataExtName"))
    _, id, told = _target(file, node)
    kept = _kept(file, id)
    field = f"{owner.lower()}/{name.lower()}"
    if field not in kept:
        raise ObjectNotFound(name)
    rest = {each: value for each, value in kept.items() if each != field}
    file.company.world.put(VALUES, _key(file, id), rest or None)
    return {"OwnerID": owner, "DataExtName": name, **told, "TimeDeleted": at}


def put_on_lines(file: CompanyFile, kind: str, node: Node, body: Mapping[str, Any]) -> None:
    """The data that lines of an Add carry, put on the lines that came of them."""
    for word in _LINES:
        nodes = [child for child in node.children if child.name == f"{word}Add"]
        for child, line in zip(nodes, body.get(f"{word}Ret", ()), strict=False):
            for extension in child.all("DataExt"):
                _set(file, extension, kind, str(line["TxnLineID"]))


def of(file: CompanyFile, id: str, owners: Iterable[str]) -> list[Row]:
    """DataExtRet: what an object carries of some owners, in the order of definition."""
    wanted, kept = {owner.lower() for owner in owners}, _kept(file, id)
    found = []
    for field, text in kept.items():
        owner, _, name = field.partition("/")
        definition = _definition(file, owner, name)
        if owner in wanted and definition is not None:
            found.append((int(definition["DataExtID"]), _shown(definition, text)))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def with_extensions(file: CompanyFile, body: Mapping[str, Any], id: str, owners: Iterable[str]) -> Row:
    """A document as it is shown, with what it and its lines carry of some owners."""
    told: Row = {**body, "DataExtRet": of(file, id, owners)}
    for word in _LINES:
        lines = body.get(f"{word}Ret")
        if lines:
            found = [{**line, "DataExtRet": of(file, str(line["TxnLineID"]), owners)} for line in lines]
            told[f"{word}Ret"] = found
    return told


def _target(file: CompanyFile, node: Node) -> tuple[str, str, Row]:
    """The kind and id of what a request is about, and the elements that name it. Raises ``ObjectNotFound``."""
    word = next(name for name in _TARGETS if node.has(name))
    kind = str(node.get(word))
    if word == "OtherDataExtType":
        return kind, file.company.id, {word: kind}
    if word == "ListDataExtType":
        reference = node.child("ListObjRef")
        kinds = ITEMS if kind == "Item" else (kind,)
        found = file.refer(reference, "DataExt", kinds=kinds) if reference else None
        if found is None:
            raise ElementMissing("ListObjRef")
        record = file.lookup(kinds, found["ListID"])
        name = str(record.body["FullName"])
        return kind, record.id, {word: kind, "ListObjRef": {"ListID": record.id, "FullName": name}}
    transaction = file.lookup((kind,), str(node.get("TxnID")))
    told = {word: kind, "TxnID": transaction.id}
    if not node.has("TxnLineID"):
        return kind, transaction.id, told
    line = str(node.get("TxnLineID"))
    lines = [each for word in _LINES for each in transaction.body.get(f"{word}Ret", ())]
    if not any(each["TxnLineID"] == line for each in lines):
        raise ObjectNotFound(line)
    return kind, line, {**told, "TxnLineID": line}


def _kept(file: CompanyFile, id: str) -> dict[str, str]:
    kept: dict[str, str] | None = file.company.world.get(VALUES, _key(file, id))
    return kept or {}


def _value(file: CompanyFile, id: str, owner: str, name: str) -> str | None:
    return _kept(file, id).get(f"{owner.lower()}/{name.lower()}")


def _text(type: str, raw: str) -> str:
    """A value as it is kept. Raises ``BadValue`` and ``TooLong``."""
    if type in _LENGTHS:
        if len(raw) > _LENGTHS[type]:
            raise TooLong("DataExtValue", raw, _LENGTHS[type])
        return raw
    scalar = _SCALARS[type]
    return values.write(values.read(scalar, "DataExtValue", raw), scalar)


def _shown(definition: Row, text: str) -> Row:
    names = ("OwnerID", "DataExtName", "DataExtType")
    return {**{name: definition[name] for name in names}, "DataExtValue": text}
