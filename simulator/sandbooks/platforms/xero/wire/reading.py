"""From a request body to elements: JSON or XML, bare or wrapped, names in any casing, values as texts or not.

Unknown and read-only members are ignored, as Xero does. Knows no record and no book.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from lxml import etree

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.xml_text import clean
from sandbooks.platforms.xero.entities import ENTITIES, LOWER, Field
from sandbooks.platforms.xero.records import PLURAL
from sandbooks.platforms.xero.refusals import Invalid, Unreadable
from sandbooks.platforms.xero.wire.dates import NotADate, read_date, read_instant, stored_instant

_MAGNITUDE_MAX = 12  # digits before the point
_DECIMALS_MAX = 10
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def elements(call: Call, kind: str) -> list[dict[str, Any]]:
    """The submitted elements of a kind, as plain members under canonical names; values not yet read.

    Raises Unreadable.
    """
    try:
        body = call.body
    except UnreadableBody as error:
        raise Unreadable(str(error), 17) from error
    if not body.strip():
        raise Unreadable("No data was posted", 17)
    # Unconfirmed: error numbers 14 and 17; a recorded answer to malformed JSON would settle them.
    found = _from_xml(body, kind) if _is_xml(call, body) else _from_json(body, kind)
    if not all(isinstance(element, Mapping) for element in found):
        raise Unreadable(f"{PLURAL[kind]} must hold objects", 17)
    return [_named(element, kind) for element in found]


def _is_xml(call: Call, body: bytes) -> bool:
    media = call.content_type
    if "json" in media:
        return False
    wide = body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return wide or body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


def _from_json(body: bytes, kind: str) -> list[Any]:
    try:
        document = exact_json.loads(body)
    except exact_json.MalformedJson as error:
        raise Unreadable("Invalid Json data", 17) from error
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise Unreadable("Invalid Json data", 17)
    wrapper = next((name for name in document if name.lower() == PLURAL[kind].lower()), None)
    if wrapper is None:
        return [document]
    inside = document[wrapper]
    if isinstance(inside, dict):
        return [inside]
    if not isinstance(inside, list):
        raise Unreadable(f"{PLURAL[kind]} must be a list", 17)
    return inside


def _from_xml(body: bytes, kind: str) -> list[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("Invalid XML data", 17) from error
    name = _local(root).lower()
    if name == PLURAL[kind].lower():
        return [_plain(child, kind) for child in root if isinstance(child.tag, str)]
    return [_plain(root, kind)]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _plain(element: etree._Element, kind: str) -> dict[str, Any]:
    """An XML element as members, guided by the fields of its kind."""
    found: dict[str, Any] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = LOWER[kind].get(_local(child).lower())
        if name is None:
            continue
        field = ENTITIES[kind][name]
        if field.kind == "object":
            found[name] = _plain(child, field.of)
        elif field.kind == "list":
            found[name] = [_plain(item, field.of) for item in child if isinstance(item.tag, str)]
        else:
            found[name] = child.text
    return found


def _named(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The known members under their canonical names; null counts as not given."""
    lower = LOWER[kind]
    found = {}
    for name, value in given.items():
        canonical = lower.get(name.lower())
        if canonical is not None and value is not None:
            found[canonical] = value
    return found


class _Problems(list[str]):
    """What is wrong with one element, in Xero's manner."""


def read(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The writable members of one element, with their types. Raises Invalid, Unreadable for values of a wrong type."""
    problems = _Problems()
    found = _object(given, kind, problems)
    if problems:
        raise Invalid(tuple(problems))
    return found


def _object(given: Mapping[str, Any], kind: str, problems: _Problems) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in _named(given, kind).items():
        field = ENTITIES[kind][name]
        if field.read_only:
            continue
        if field.kind == "object":
            found[name] = _object(_mapping(value, name), field.of, problems)
        elif field.kind == "list":
            found[name] = [_object(_mapping(item, name), field.of, problems) for item in _sequence(value, name)]
        else:
            _scalar(found, name, value, field=field, problems=problems)
    return found


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"{name} must be an object")
    return value


def _sequence(value: Any, name: str) -> list[Any]:
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, list):
        raise Unreadable(f"{name} must be a list")
    return [item for item in value if item is not None]


def _scalar(found: dict[str, Any], name: str, value: Any, *, field: Field, problems: _Problems) -> None:
    """Read one value into ``found``; an empty text counts as not given where a text has no meaning."""
    if isinstance(value, (dict, list)):
        raise Unreadable(f"{name} must be a single value")
    if field.kind == "text":
        found[name] = _text(value, name, field=field, problems=problems)
    elif value == "":
        return
    elif field.kind == "number":
        _put(found, name, _number(value, name, problems))
    elif field.kind == "whole":
        number = _number(value, name, problems)
        _put(found, name, None if number is None else int(number))
    elif field.kind == "flag":
        found[name] = _flag(value, name)
    elif field.kind == "date":
        found[name] = _date(value, name)
    elif field.kind == "guid":
        found[name] = _guid(value, name)
    elif field.kind == "enum":
        _put(found, name, _choice(value, name, field=field, problems=problems))
    elif field.kind == "instant":
        found[name] = _instant(value, name)


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        found[name] = value


def _text(value: Any, name: str, *, field: Field, problems: _Problems) -> str:
    written = clean(value) if isinstance(value, str) else _plain_text(value)
    if field.most and len(written) > field.most:
        problems.append(f"{name} must not be longer than {field.most} characters.")
    return written


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and abs(value.adjusted()) > 40:
        raise Unreadable("a number is out of range")
    if isinstance(value, int) and value.bit_length() > 200:
        raise Unreadable("a number is out of range")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _number(value: Any, name: str, problems: _Problems) -> Decimal | None:
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value.strip())):
        raise Unreadable(f"{name} must be a number")
    if isinstance(value, int) and value.bit_length() > 200:
        problems.append(f"{name} is out of range.")
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except (InvalidOperation, TypeError) as error:
        raise Unreadable(f"{name} must be a number") from error
    if number and number.adjusted() >= _MAGNITUDE_MAX:
        problems.append(f"{name} is out of range.")
        return None
    if number.adjusted() < -_DECIMALS_MAX - 20 or len(number.as_tuple().digits) > 40:
        problems.append(f"{name} has too many digits.")
        return None
    return number + 0 if number else Decimal(0)


def _flag(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false", "1", "0"):
        return value.strip().lower() in ("true", "1")
    raise Unreadable(f"{name} must be true or false")


def _date(value: Any, name: str) -> str:
    try:
        return read_date(value if isinstance(value, str) else "")
    except NotADate as error:
        raise Unreadable(f"{name} is not a date") from error


def _instant(value: Any, name: str) -> str:
    try:
        return stored_instant(read_instant(value if isinstance(value, str) else ""))
    except NotADate as error:
        raise Unreadable(f"{name} is not a date") from error


def guid(value: str) -> str | None:
    """A lower-case dashed GUID from a GUID with or without dashes; None when it is none."""
    try:
        return str(UUID(value.strip())) if len(value.strip()) in (32, 36, 38) else None
    except ValueError:
        return None


def _guid(value: Any, name: str) -> str:
    found = guid(value) if isinstance(value, str) else None
    if found is None:
        raise Unreadable(f"{name} is not a GUID")
    return found


def _choice(value: Any, name: str, *, field: Field, problems: _Problems) -> str | None:
    written = clean(value).strip() if isinstance(value, str) else _plain_text(value)
    found = next((choice for choice in field.choices if choice.lower() == written.lower()), None)
    if found is None:
        problems.append(f"'{written[:100]}' is not a valid {name}.")
    return found
