"""Documents as XML and back: the same members as in JSON, references as text with attributes.

Source: XSD of https://github.com/intuit/QuickBooks-V3-PHP-SDK, whose client speaks XML by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from sandbooks.kit.xml_text import clean
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.fields import Members

NAMESPACE = "http://schema.intuit.com/finance/v3"
_ATTRIBUTES = frozenset(
    {"domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId", "operation", "time"}
)
_REFERENCE = frozenset({"value", "name", "type"})


def parse(data: bytes) -> etree._Element:
    """The root element. Raises MalformedBody for ill-formed documents and for document types."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise no.MalformedBody("the XML is not well-formed") from error
    if b"<!DOCTYPE" in data:
        raise no.MalformedBody("a document type is not accepted")
    return root


def name_of(element: etree._Element) -> str:
    """The local name of an element; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def document(element: etree._Element, rules: Members) -> dict[str, Any]:
    """An element's members by its rules; the frame's attributes (``sparse``) become members."""
    found: dict[str, Any] = {name: element.get(name) for name in ("sparse", "domain") if element.get(name) is not None}
    if found.get("sparse") == "true":
        found["sparse"] = True
    for child in element:
        name = name_of(child)
        if not name:
            continue
        rule = rules.get(name)
        kind = rule.kind if rule else "text"
        if rule is not None and kind == "many":
            found.setdefault(name, []).append(document(child, rule.members))
        elif rule is not None and kind == "group":
            found[name] = document(child, rule.members)
        elif kind == "ref":
            found[name] = {"value": _text(child), **{n: v for n in ("name", "type") if (v := child.get(n)) is not None}}
        elif kind in ("ignored", "lacking") and len(child):
            found[name] = {"Members": [name_of(each) for each in child]} if kind == "lacking" else None
        else:
            found[name] = _text(child)
    return found


def _text(element: etree._Element) -> str:
    if len(element):
        raise no.UnsupportedProperty(name_of(element)[:60])
    return str(element.text or "")


def response(payload: Mapping[str, Any], *, time: str) -> bytes:
    """An ``IntuitResponse`` around an answer."""
    root = etree.fromstring(f'<IntuitResponse xmlns="{NAMESPACE}"/>')
    root.set("time", time)
    for name, value in payload.items():
        _append(root, name, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def report(payload: Mapping[str, Any]) -> bytes:
    """A ``Report``, which has no envelope. Source: Report.xsd of https://github.com/intuit/QuickBooks-V3-PHP-SDK"""
    root = etree.fromstring(f'<Report xmlns="{NAMESPACE}"/>')
    for name, value in payload.items():
        _append(root, name, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _append(parent: etree._Element, name: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, list):
        for each in value:
            _append(parent, name, each)
        return
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if name == "PurchaseEx":
        for each in value["any"]:
            _append(element, "NameValue", each["value"])
    elif name == "Error":
        _append_error(element, value)
    elif name in _AS_ATTRIBUTES:
        _append_mixed(element, value, _AS_ATTRIBUTES[name])
    elif isinstance(value, Mapping):
        _append_members(element, value)
    else:
        element.text = text_of(value)


# Members of report rows that XML writes as attributes. Source: Report.xsd of the same place
_AS_ATTRIBUTES = {"ColData": ("value", "id"), "Row": ("type", "group")}


def _append_mixed(element: etree._Element, value: Mapping[str, Any], attributes: tuple[str, ...]) -> None:
    for name, each in value.items():
        if name in attributes:
            element.set(name, text_of(each))
        else:
            _append(element, name, each)


def _append_error(element: etree._Element, error: Mapping[str, Any]) -> None:
    element.set("code", text_of(error["code"]))
    if error.get("element"):
        element.set("element", text_of(error["element"]))
    _append(element, "Message", error["Message"])
    _append(element, "Detail", error["Detail"])


def _append_members(element: etree._Element, value: Mapping[str, Any]) -> None:
    if "value" in value and set(value) <= _REFERENCE:
        for name in ("name", "type"):
            if name in value:
                element.set(name, text_of(value[name]))
        element.text = text_of(value["value"])
        return
    is_fault = "Error" in value
    for name, each in value.items():
        if name in _ATTRIBUTES or (is_fault and name == "type"):
            element.set(name, text_of(each))
        else:
            _append(element, name, each)


def text_of(value: Any) -> str:
    """A scalar as XML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat()
    return clean(str(value))
