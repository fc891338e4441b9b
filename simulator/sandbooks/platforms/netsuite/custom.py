"""The custom fields of an account: defined by its administrator, then members of records like any other.

They are given with the account (setting ``custom_fields``, by id) or defined, changed and taken away on the screens:
the bookkeeper does so by editing the record of the kind ``customFields`` and the id ``1``, whose members are the fields
by id, None for one that goes. Control, Python and scenarios reach it so. A field that was taken away is no longer
accepted, shown or queried; what it held is shown again when it is defined again.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1540810168.html (the catalog shows what an
account has defined)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.platforms.netsuite.refusals import BadContent, RecordMissing
from sandbooks.platforms.netsuite.schema import TYPES, RecordType
from sandbooks.platforms.netsuite.schema.custom import (
    KINDS,
    LIST,
    MULTIPLE,
    PREFIXES,
    CustomField,
    extended,
    is_allowed,
    prefix_of,
)

KIND, ONLY = "customFields", "1"
_MEMBERS = frozenset({"type", "label", "appliesTo", "mandatory", "selectRecordType", "values"})
_FIXED = ("type", "selectRecordType", "values")


def defined(company: Company) -> tuple[CustomField, ...]:
    """The fields of an account, in the order in which they were defined."""
    kept = company.settings.get("custom_fields") or {}
    return tuple(_field(id, facts) for id, facts in kept.items() if not facts.get("isInactive"))


def type_of(company: Company, name: str) -> RecordType:
    """A record type as the account has it."""
    own = defined(company)
    return _extended(name, own) if own else TYPES[name]


@lru_cache(maxsize=512)
def _extended(name: str, own: tuple[CustomField, ...]) -> RecordType:
    return extended(TYPES[name], own)


def make(company: Company, given: Mapping[str, Any]) -> None:
    """The fields that an account begins with, and the record by which they are changed. Raises ``BadContent``."""
    company.records.put(KIND, ONLY, {"id": ONLY, "name": "Custom Fields"}, version=1)
    for id, facts in given.items():
        define(company, id, facts)


def change(company: Company, changes: Mapping[str, Any]) -> None:
    """What an administrator does to the fields: definitions by id, None takes one away. Raises ``BadContent``,
    ``RecordMissing``."""
    record = company.records.get(KIND, ONLY)
    if record is None:
        raise RecordMissing(KIND, ONLY)
    for id, facts in changes.items():
        if facts is None:
            drop(company, id)
        else:
            define(company, id, facts)
    company.records.put(KIND, ONLY, record.copy(), version=record.version + 1, action="update")


def define(company: Company, id: str, given: Mapping[str, Any]) -> None:
    """Define a field, or change its label, its records and whether it is mandatory. Raises ``BadContent``."""
    kept = dict(company.settings.get("custom_fields") or {})
    standing = kept.get(id, {})
    if not isinstance(given, Mapping):
        raise BadContent(f"The custom field {id[:60]} is defined by its members.", "id")
    unknown = sorted(set(given) - _MEMBERS)
    if unknown:
        raise BadContent(f"A custom field has no member {unknown[0][:40]}.", unknown[0][:40])
    facts = {**standing, **given}
    facts.pop("isInactive", None)
    _check(id, facts)
    if standing and any(facts.get(name) != standing.get(name) for name in _FIXED):
        raise BadContent(f"The type of the custom field {id} cannot be changed.", "type")
    company.change_settings(custom_fields={**kept, id: facts})


def drop(company: Company, id: str) -> None:
    """Take a field away. Raises ``RecordMissing``."""
    kept = dict(company.settings.get("custom_fields") or {})
    if id not in kept or kept[id].get("isInactive"):
        raise RecordMissing("customField", id)
    company.change_settings(custom_fields={**kept, id: {**kept[id], "isInactive": True}})


def _field(id: str, facts: Mapping[str, Any]) -> CustomField:
    return CustomField(
        id,
        facts["type"],
        str(facts.get("label") or id),
        tuple(facts.get("appliesTo") or ()),
        bool(facts.get("mandatory")),
        str(facts.get("selectRecordType") or ""),
        tuple((str(key), str(text)) for key, text in (facts.get("values") or {}).items()),
    )


def _applies(prefix: str, name: Any) -> bool:
    return isinstance(name, str) and name in TYPES and is_allowed(prefix, TYPES[name])


def _check(id: str, facts: Mapping[str, Any]) -> None:
    prefix = prefix_of(id)
    if not prefix:
        raise BadContent(
            f"{id[:60]} is no id of a custom field: one of {', '.join(PREFIXES)}, and small letters.", "id"
        )
    type, record, values = facts.get("type"), facts.get("selectRecordType"), facts.get("values")
    if not isinstance(type, str) or type not in KINDS:
        raise BadContent(f"A custom field has one of the types {', '.join(KINDS)}.", "type")
    names, choices = facts.get("appliesTo") or [], values or {}
    if not isinstance(names, list) or not all(_applies(prefix, name) for name in names):
        raise BadContent(f"{prefix} fields do not apply to all of {str(names)[:60]}.", "appliesTo")
    if record is not None and (not isinstance(record, str) or record not in TYPES):
        raise BadContent(f"There is no record type {str(record)[:40]} to select from.", "selectRecordType")
    if not isinstance(choices, dict) or not all(isinstance(text, str) for pair in choices.items() for text in pair):
        raise BadContent("The values of a list are texts by their ids.", "values")
    if (type == LIST) != (bool(record) != bool(choices)) and type != MULTIPLE:
        raise BadContent("A field of the type listRecord, and no other, has a selectRecordType or values.", "type")
    if type == MULTIPLE and (not record or choices):
        raise BadContent("A field of the type multipleSelect has a selectRecordType.", "selectRecordType")
