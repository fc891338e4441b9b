"""Requests of Sage Intacct's XML gateway, built and signed. Pure.

Source: https://developer.intacct.com/web-services/requests/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree
from msgspec.structs import replace

from sandbooks.connector import Consent, Request, plain

PATH = "/ia/xml/xmlgw.phtml"
HEADERS = (("Content-Type", "application/xml"), ("Accept", "application/xml"))

Value: TypeAlias = "str | Decimal | bool | Mapping[str, Any] | Sequence[Any] | None"
Row = dict[str, str]

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML does not know


def parse(body: bytes) -> etree._Element:
    """The root of a document; entities stay unresolved, and files may be large."""
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def element(name: str, value: Value, **attributes: str) -> etree._Element:
    """An element from plain values: a mapping's members are children in their order, a list repeats its member."""
    made = etree.Element(name, attributes)
    if isinstance(value, Mapping):
        for member, inner in value.items():
            many = isinstance(inner, Sequence) and not isinstance(inner, str)
            for one in inner if many else (inner,):
                made.append(element(member, one))
    elif value is not None:
        made.text = _text(value)
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return _CONTROLS.sub("", text)


def envelope(function: etree._Element, *, control_id: str, once: bool, way: etree._Element) -> bytes:
    """A request with one function; ``way`` is how it authenticates. The sender is named when it is signed."""
    request = etree.Element("request")
    control = element(
        "control",
        {
            "senderid": "",
            "password": "",
            "controlid": control_id,
            "uniqueid": once,
            "dtdversion": "3.0",
            "includewhitespace": False,
        },
    )
    operation = etree.Element("operation")
    authentication = etree.SubElement(operation, "authentication")
    authentication.append(way)
    content = etree.SubElement(operation, "content")
    wrapped = etree.SubElement(content, "function", controlid=control_id)
    wrapped.append(function)
    request.extend([control, operation])
    return _bytes(request)


def _bytes(root: etree._Element) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def with_credentials(body: bytes, *, sender: str, password: str, session: str = "") -> bytes:
    """The request with its sender and, where it has none, its session filled in."""
    root = parse(body)
    _fill(root, "control/senderid", sender)
    _fill(root, "control/password", password)
    if session:
        _fill(root, "operation/authentication/sessionid", session)
    return _bytes(root)


def _fill(root: etree._Element, path: str, text: str) -> None:
    found = root.find(path)
    if found is not None:
        found.text = text


def signed(request: Request, consent: Consent) -> Request:
    """The request with the credential in its body."""
    body = with_credentials(
        request.body,
        sender=consent.facts.get("sender_id", ""),
        password=consent.facts.get("sender_password", ""),
        session=consent.access_token,
    )
    return replace(request, body=body)


def condition(operator: str, field: str, *values: str) -> etree._Element:
    """One condition of a query's filter. Source: https://developer.intacct.com/web-services/queries/ (filters)."""
    return element(operator, {"field": field, "value": list(values)})


def flat(node: etree._Element) -> Row:
    """The fields of a row by their names, those of a part named with a dot; an empty one is an empty text."""
    row: Row = {}
    for child in node:
        if not isinstance(child.tag, str):
            continue
        if len(child):
            row |= {f"{child.tag}.{name}": text for name, text in flat(child).items()}
        else:
            row[child.tag] = (child.text or "").strip()
    return row
