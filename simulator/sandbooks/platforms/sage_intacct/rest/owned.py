"""Owned objects: the lines of a document as a change of it leaves them.

A change names a line by its key and what changes of it, adds lines that have no key, and deletes those that it says so
of; lines that it does not name stay.
Source: https://developer.sage.com/intacct/docs/developer-portal/guides/owned-objects;
github.com/control-air-enterprises/intacct-php-sdk (ia::operation: delete). Unconfirmed: that lines of payments are
stated anew, as their details are not written on their own; and the key of a line is its place, so it moves up where a
line before it is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents import bills, reports
from sandbooks.platforms.sage_intacct.documents.allocations import as_part
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, NotFound
from sandbooks.platforms.sage_intacct.rest.members import Resource
from sandbooks.platforms.sage_intacct.wire.xml import Fields

DELETE = "delete"
_OPERATION = "ia::operation"
_AMOUNTS = ("TRX_AMOUNT", "TOTALTRXAMOUNT", "AMOUNT")


def _plain(line: Fields) -> Fields:
    return as_part({name: value for name, value in line.items() if name != "TOTALTRXAMOUNT"})


# How the kept lines of each object would be sent again.
_AS_SENT: Mapping[str, Callable[[Fields], Fields]] = {
    "APBILL": bills.as_sent,
    "APADVANCE": dict,
    "EEXPENSES": reports.as_sent,
    "CCTRANSACTION": _plain,
    "GLBATCH": as_part,
    "ALLOCATION": dict,
}
# A field that stands for the same as another, which gives way to it.
_INSTEAD = {"ACCOUNTNO": "ACCOUNTLABEL", "ACCOUNTLABEL": "ACCOUNTNO"}


def is_merged(resource: Resource) -> bool:
    """Whether a change of an object's lines leaves those that it does not name."""
    return resource.object in _AS_SENT


def operation_of(given: Mapping[str, Any], resource: Resource) -> str:
    """What is to be done with an owned object; empty where nothing is said. Raises ``FieldMalformed``."""
    told = given.get(_OPERATION)
    if told not in (None, "", DELETE):
        raise FieldMalformed(resource.object, _OPERATION, str(told)[:40], "operation of an owned object")
    return str(told or "")


def merged(
    resource: Resource, record: Record, lines: Sequence[Any], read: Callable[[Mapping[str, Any]], Fields]
) -> list[Fields]:
    """The lines of a document after a change, as they would be sent. Raises ``NotFound`` for a key of no line."""
    number = record.body["RECORDNO"]
    held = {f"{number}{place:03d}": line for place, line in enumerate(record.body["LINES"], 1)}
    standing = {key: _AS_SENT[resource.object](line) for key, line in held.items()}
    fresh = []
    for given in lines:
        key = str(given.get("key") or "")[:100] if isinstance(given, dict) else ""
        if not key:
            fresh.append(_fresh(resource, given, read))
        elif key not in standing:
            raise NotFound(resource.line_path.rpartition("/")[2], key)
        elif operation_of(given, resource) == DELETE:
            del standing[key]
        else:
            standing[key] = _changed(resource, standing[key], read(given))
    return [*standing.values(), *fresh]


def _fresh(resource: Resource, given: Any, read: Callable[[Mapping[str, Any]], Fields]) -> Fields:
    if isinstance(given, dict) and operation_of(given, resource) == DELETE:
        raise FieldMissing(resource.object, "key")
    return read(given)


def _changed(resource: Resource, line: Fields, changes: Fields) -> Fields:
    """A line with what changes of it; what was worked out from an amount goes with that amount."""
    left = dict(line)
    if any(changes.get(name) for name in _AMOUNTS):
        if "SPENT" in line:
            raise NotSimulated("the amount of an expense in another currency by the key of its line")
        left = {name: value for name, value in left.items() if name not in _AMOUNTS}
        if left.get("TAXENTRIES"):
            taxes = left["TAXENTRIES"]["TAXENTRY"]
            left["TAXENTRIES"] = {"TAXENTRY": [{"DETAILID": each["DETAILID"]} for each in taxes]}
    for name, other in _INSTEAD.items():
        if changes.get(name):
            left.pop(other, None)
    return {**left, **changes}
