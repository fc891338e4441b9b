"""Fields that an account defines for itself: what they are, and record types with them added.

Their ids tell where they belong: ``custbody`` on transactions, ``custcol`` on the lines of transactions, ``custentity``
on entities, ``custitem`` on items, ``custrecord`` on other lists. In REST and SuiteQL a field goes by its id.
Source: docs.oracle.com, section_1545129726.html (custom fields in the metadata catalog); SOAP schema browser
(CustomizationFieldType: the names of types)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.platforms.netsuite.schema.fields import Field, Kind, RecordType, Sublist

# A selection is a reference to records of a type, or a choice among values that the account lists.
LIST, MULTIPLE = "listRecord", "multipleSelect"
KINDS: Mapping[str, Kind] = {
    "checkBox": "flag",
    "currency": "amount",
    "date": "date",
    "dateTime": "datetime",
    "decimalNumber": "number",
    "eMailAddress": "text",
    "freeFormText": "text",
    "hyperlink": "text",
    "integerNumber": "integer",
    LIST: "ref",
    "longText": "text",
    MULTIPLE: "refs",
    "percent": "number",
    "phoneNumber": "text",
    "textArea": "text",
}
# Unconfirmed: the lengths; help pages for custom fields tell those of free-form and long text.
_LENGTHS = {"freeFormText": 300, "textArea": 4000, "longText": 100_000, "eMailAddress": 254, "phoneNumber": 32}
PREFIXES = ("custbody", "custcol", "custentity", "custitem", "custrecord")
_ID = re.compile(rf"({'|'.join(PREFIXES)})[a-z0-9_]{{1,30}}")
# Unconfirmed: that lines of deposits and applied lines have no custom fields here follows from the screens.
COLUMN_SUBLISTS = frozenset({"expense", "item", "line"})


class CustomField(Struct, frozen=True):
    """One field. ``applies_to`` are record types, none of them for all that the id's prefix allows; ``values`` are ids
    and texts of a list of the account's own."""

    id: str
    type: str
    label: str
    applies_to: tuple[str, ...] = ()
    mandatory: bool = False
    record: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def prefix(self) -> str:
        return prefix_of(self.id)


def prefix_of(id: str) -> str:
    """What an id begins with; empty for what is no id of a custom field."""
    found = _ID.fullmatch(id)
    return found[1] if found else ""


def is_allowed(prefix: str, type: RecordType) -> bool:
    """Whether fields of a prefix may be on a record type, or on its lines."""
    if type.is_transaction:
        return prefix in ("custbody", "custcol")
    own = {"entity": "custentity", "item": "custitem"}.get(type.series, "custrecord" if type.writable else "")
    return prefix == own


def as_field(given: CustomField) -> Field:
    """A custom field as the schema knows it."""
    kind = "enum" if given.type == LIST and given.values else KINDS[given.type]
    targets = (given.record,) if given.record else ()
    length = _LENGTHS.get(given.type, 999)
    made = Field(name=given.id, kind=kind, label=given.label, targets=targets, choices=dict(given.values), custom=True)
    return replace(made, required=given.mandatory, length=length)


def extended(type: RecordType, given: tuple[CustomField, ...]) -> RecordType:
    """A record type with the custom fields that apply to it."""
    fitting = [f for f in given if is_allowed(f.prefix, type) and (not f.applies_to or type.name in f.applies_to)]
    if not fitting:
        return type
    columns = tuple(as_field(f) for f in fitting if f.prefix == "custcol")
    fields = tuple(as_field(f) for f in fitting if f.prefix != "custcol")
    sublists = tuple(_with_columns(sublist, columns) for sublist in type.sublists)
    return replace(type, fields=(*type.fields, *fields), sublists=sublists)


def _with_columns(sublist: Sublist, columns: tuple[Field, ...]) -> Sublist:
    if sublist.name not in COLUMN_SUBLISTS:
        return sublist
    return replace(sublist, fields=(*sublist.fields, *columns))
