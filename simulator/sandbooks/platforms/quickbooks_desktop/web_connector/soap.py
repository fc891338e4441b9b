"""SOAP 1.1 as the Web Connector speaks it: document/literal calls, answers read by local names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from sandbooks.wire import Headers

# Source: github.com/johnballantyne/qbws lib/qbws.wsdl (namespace, actions, order of parts)
NAMESPACE = "http://developer.intuit.com/"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
# Unconfirmed: the User-Agent of the program; a .NET SOAP client sends one of this form.
_AGENT = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class NotSoap(Exception):
    """The application's answer is no SOAP answer to the call."""


@dataclass(frozen=True)
class Fault(Exception):
    """The application answered with a SOAP fault."""

    code: str
    text: str


def headers(method: str) -> Headers:
    """The HTTP headers of a call."""
    return (
        ("User-Agent", _AGENT),
        ("Content-Type", "text/xml; charset=utf-8"),
        ("SOAPAction", f'"{NAMESPACE}{method}"'),
    )


def envelope(method: str, parts: Iterable[tuple[str, str]]) -> bytes:
    """A call with its parts in order; an empty text is an empty element."""
    inner = "".join(f"<{name}>{escape(_clean(text))}</{name}>" if text else f"<{name} />" for name, text in parts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<soap:Envelope xmlns:soap="{_ENVELOPE}" xmlns:xsi="{_SCHEMA}-instance" xmlns:xsd="{_SCHEMA}"><soap:Body>'
        f'<{method} xmlns="{NAMESPACE}">{inner}</{method}></soap:Body></soap:Envelope>'
    ).encode("utf-8", "replace")


def _clean(text: str) -> str:
    """XML has no other control characters than these three."""
    return _CONTROLS.sub("", text)


def result(raw: bytes, method: str) -> list[str]:
    """The texts of a call's result: one, or each string of an array. Raises ``Fault`` and ``NotSoap``.

    Applications wrap and prefix as their SOAP libraries please, so only local names and text content count.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotSoap(f"the answer to {method} is not XML: {error}") from error
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name == "Fault":
            raise Fault(_below(element, "faultcode"), _below(element, "faultstring"))
        if name == f"{method}Result":
            inner = list(element.iterchildren(etree.Element))
            return ["".join(map(str, child.itertext())) for child in inner] or [element.text or ""]
        if name == f"{method}Response" and not len(element):
            return [""]
    raise NotSoap(f"the answer has no {method}Result")


def _below(element: etree._Element, name: str) -> str:
    found = (child for child in element.iter(etree.Element) if etree.QName(child).localname == name)
    return "".join(map(str, next(found, element).itertext())).strip()
