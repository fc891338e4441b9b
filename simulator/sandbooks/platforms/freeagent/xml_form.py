"""The XML form of FreeAgent's documents: elements with dashes in their names, and a type where it is not text.

What is answered and taken is the same as in JSON; this module turns one into the other and knows no resource.
Source: https://dev.freeagent.com/docs/introduction (request and response formats; the XML samples of each page)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from sandbooks.kit.xml_text import clean

ROOT = "freeagent"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Text of a person's choice is never anything but text, whatever it looks like.
_TEXTS = frozenset(
    [
        *("account_number", "cheque_number", "comment", "comments", "description", "display_nominal_code"),
        *("full_description", "message", "name", "nominal_code", "note", "po_reference", "receipt_reference"),
        *("reference", "sort_code", "tag", "title", "transaction_id"),
    ]
)
_DEPTH_MAX = 40


class UnreadableXml(ValueError):
    """The body is not one XML document of the kind that Rails reads."""


def rendered(value: Any) -> bytes:
    """A JSON value as the XML document that holds the same."""
    root = etree.Element(ROOT)
    _fill(root, value if isinstance(value, Mapping) else {"value": value})
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _fill(element: etree._Element, members: Mapping[str, Any]) -> None:
    for name, value in members.items():
        _add(element, name, value)


def _add(parent: etree._Element, name: str, value: Any) -> None:
    dashed = name.replace("_", "-")
    if _NAME.fullmatch(dashed):
        element = etree.SubElement(parent, dashed)
    else:
        # Engine sizes and mileages are names in JSON; an element can bear them only as an attribute.
        # Unconfirmed: how the live service names such elements.
        element = etree.SubElement(parent, "entry", key=clean(name))
    if isinstance(value, Mapping):
        _fill(element, value)
    elif isinstance(value, list):
        element.set("type", "array")
        for item in value:
            _add(element, singular(name), item)
    elif value is None:
        element.set("nil", "true")
    else:
        _write_leaf(element, name, value)


def _write_leaf(element: etree._Element, name: str, value: Any) -> None:
    kind = _type_of(name, value)
    if kind:
        element.set("type", kind)
    element.text = str(value).lower() if isinstance(value, bool) else clean(str(value))


def _type_of(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if not isinstance(value, str):
        return "decimal"
    if name in _TEXTS:
        return ""
    for kind, shape in (("date", _DATE), ("datetime", _INSTANT), ("decimal", _DECIMAL)):
        if shape.fullmatch(value):
            return kind
    return ""


def singular(name: str) -> str:
    """The name of the items of a list."""
    for plural, one in (("categories", "category"), ("entries", "entry"), ("properties", "property")):
        if name.endswith(plural):
            return name.removesuffix(plural) + one
    return name.removesuffix("s") or name


def parsed(data: bytes) -> Any:
    """An XML document as the JSON value that says the same. Raises ``UnreadableXml``."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if b"<!DOCTYPE" in data:
        raise UnreadableXml("a document type is not accepted")
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableXml("the body is not well-formed") from error
    if root.tag == ROOT:
        return _members(root, 0)
    return {_name_of(root): _value(root, 0)}


def _name_of(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        raise UnreadableXml("an entity is not accepted")
    return etree.QName(element).localname.replace("-", "_")


def _members(element: etree._Element, depth: int) -> dict[str, Any]:
    return {_name_of(child): _value(child, depth) for child in element}


def _value(element: etree._Element, depth: int) -> Any:
    """What an element holds, by its type, as Rails' ``Hash.from_xml`` reads it."""
    if depth > _DEPTH_MAX:
        raise UnreadableXml("elements are nested too deeply")
    kind = element.get("type", "")
    if element.get("nil") == "true":
        return None
    if kind == "array":
        return [_value(child, depth + 1) for child in element if _name_of(child)]
    if len(element):
        return _group(element, depth + 1)
    text = element.text or ""
    if kind == "integer" and re.fullmatch(r"\s*[+-]?\d{1,18}\s*", text):
        return int(text)
    if kind == "boolean":
        return text.strip() in ("true", "1")
    return text.strip() if kind else text


def _group(element: etree._Element, depth: int) -> Any:
    """Members by name; a plural whose children all bear its singular is a list that lacks its type."""
    names = [_name_of(child) for child in element]
    name = _name_of(element)
    if set(names) == {singular(name)} and names[0] != name:
        return [_value(child, depth) for child in element]
    if len(set(names)) != len(names):
        raise UnreadableXml(f"{name} repeats an element")
    return _members(element, depth)
