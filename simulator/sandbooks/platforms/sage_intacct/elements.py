"""How the gateway's XML is judged: by what its schema describes, and by what no schema tells.

Source: developer.intacct.com/web-services (functions), developer.intacct.com/api (objects)
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sandbooks.kit.elements import Doubt, Element, Schemas
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.gateway import absent
from sandbooks.platforms.sage_intacct.gateway.described import requests_xsd
from sandbooks.platforms.sage_intacct.objects.catalogue import ABSENT, ALIASES, OBJECTS, ObjectType
from sandbooks.platforms.sage_intacct.objects.relations import has
from sandbooks.platforms.sage_intacct.query.answer import AGGREGATES
from sandbooks.platforms.sage_intacct.wire.scalars import flag, is_iso
from sandbooks.platforms.sage_intacct.wire.xml import children, name_of, text
from sandbooks.settings import contract_path, nearest

_ABSENT = "exists, and Sandbooks does not simulate it"


def _doubts(root: Element) -> Iterator[Doubt]:
    """What the schema cannot tell: what only the product has, fields that a query names, values."""
    for holder in root.iter("function"):
        for function in children(holder):
            name = name_of(function)
            if name in absent.FUNCTIONS:
                yield Doubt(function, _ABSENT, "leave it out of this check")
            elif name in ("create", "update"):
                for each in children(function):
                    yield from _object_doubts(each)
            elif name != "inspect":
                yield from _reading_doubts(function)


def _object_doubts(element: Element) -> Iterator[Doubt]:
    name = name_of(element).upper()
    kind = OBJECTS.get(ALIASES.get(name, name))
    if name in ABSENT:
        yield Doubt(element, _ABSENT, "leave it out of this check")
    if kind is None:
        return
    for each in element.iter(etree.Element):
        value, field = text(each), name_of(each).upper()
        if children(each) or not value:
            continue
        if is_iso(value) and (field.startswith("WHEN") or field.endswith("DATE")):
            yield Doubt(each, f"`{value[:60]}` is no date of the gateway", "send MM/DD/YYYY")
        if each.getparent() is element:
            yield from _value_doubts(each, kind, field, value)


def _value_doubts(element: Element, kind: ObjectType, field: str, value: str) -> Iterator[Doubt]:
    allowed = kind.choices.get(field, ())
    if allowed and value.lower() not in map(str.lower, allowed):
        yield Doubt(element, f"`{value[:60]}` is not among its values", nearest(value, allowed))
    if field in kind.flags and flag(value) is None:
        yield Doubt(element, f"`{value[:60]}` is no boolean", "send true or false")
    if field in kind.lengths and len(value) > kind.lengths[field]:
        yield Doubt(element, f"is {len(value)} characters long", f"send {kind.lengths[field]} at most")


def _reading_doubts(function: Element) -> Iterator[Doubt]:
    """An object that there is not, and fields that it does not have."""
    named = next((each for each in children(function) if name_of(each) == "object"), None)
    if named is None:
        return
    name = text(named).upper()
    kind = OBJECTS.get(ALIASES.get(name, name))
    if name in ABSENT:
        yield Doubt(named, _ABSENT, "leave it out of this check")
    elif kind is None:
        yield Doubt(named, f"there is no object `{name[:60]}`", nearest(name, OBJECTS))
    else:
        yield from _field_doubts(function, kind)


def _field_doubts(function: Element, kind: ObjectType) -> Iterator[Doubt]:
    """The fields that a reading function asks for, sorts and compares by."""
    for element in function.iter("field", "fields", *AGGREGATES):
        if children(element):
            continue
        for each in text(element).split(",") if name_of(element) == "fields" else (text(element),):
            field = each.strip().upper()
            if field not in ("", "*"):
                yield from _reach_doubts(element, kind, field)


def _reach_doubts(element: Element, kind: ObjectType, field: str) -> Iterator[Doubt]:
    """A field that the object does not have, itself or through the objects that it reaches."""
    try:
        known = has(kind, field)
    except NotSimulated:
        yield Doubt(element, _ABSENT, "leave it out of this check")
        return
    if not known:
        yield Doubt(element, f"{kind.name} has no field `{field[:60]}`", nearest(field, kind.fields))


def _answers() -> bytes:
    return contract_path("platforms", "sage_intacct", "response.xsd").read_bytes()


SCHEMAS = Schemas(requests=requests_xsd, answers=_answers, doubts=_doubts)
