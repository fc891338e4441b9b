"""SOAP 1.1 as the Web Connector speaks it: document/literal calls, or RPC where a .qwc file asks for that style.

Answers are read by local names and their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from sandbooks.wire import Headers

# Source: github.com/johnballantyne/qbws lib/qbws.wsdl (namespace, actions, order of parts)
NAMESPACE = "http://developer.intuit.com/"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
_INTEGERS = ("qbXMLMajorVers", "qbXMLMinorVers")
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


def headers(method: str, own: Mapping[str, str] | None = None) -> Headers:
    """The HTTP headers of a call; ``own`` come beside the usual ones, or in their place."""
    usual = {
        "User-Agent": _AGENT,
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{NAMESPACE}{method}"',
    }
    given = {name.lower(): (name, str(value)) for name, value in (own or {}).items()}
    kept = [given.pop(name.lower(), (name, value)) for name, value in usual.items()]
    return (*kept, *given.values())


def envelope(method: str, parts: Iterable[tuple[str, str]], *, rpc: bool = False) -> bytes:
    """A call with its parts in order; an empty text is an empty element."""
    # Source: SOAP 1.1 (section 7, RPC). Unconfirmed: that the program writes it as .NET clients do.
    inner = "".join(_part(name, text, rpc=rpc) for name, text in parts)
    style = f' soap:encodingStyle="{_ENCODING}"' if rpc else ""
    call = (
        f'<tns:{method} xmlns:tns="{NAMESPACE}">{inner}</tns:{method}>'
        if rpc
        else f'<{method} xmlns="{NAMESPACE}">{inner}</{method}>'
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<soap:Envelope xmlns:soap="{_ENVELOPE}" xmlns:xsi="{_SCHEMA}-instance" xmlns:xsd="{_SCHEMA}">'
        f"<soap:Body{style}>{call}</soap:Body></soap:Envelope>"
    ).encode("utf-8", "replace")


def _part(name: str, text: str, *, rpc: bool) -> str:
    kind = f' xsi:type="xsd:{"int" if name in _INTEGERS else "string"}"' if rpc else ""
    return f"<{name}{kind}>{escape(_clean(text))}</{name}>" if text else f"<{name}{kind} />"


def _clean(text: str) -> str:
    """XML has no other control characters than these three."""
    return _CONTROLS.sub("", text)


def result(raw: bytes, method: str, *, rpc: bool = False) -> list[str]:
    """The texts of a call's result: one, or each string of an array. Raises ``Fault`` and ``NotSoap``.

    Applications wrap and prefix as their SOAP libraries please, so only local names and text content count; in RPC
    style the name of the result is the library's own, and it may stand elsewhere under an id.
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
            return _texts(element)
        if name == f"{method}Response" and (rpc or not len(element)):
            found = next(element.iterchildren(etree.Element), None)
            return _texts(_referred(root, found)) if found is not None else [""]
    raise NotSoap(f"the answer has no {method}Result")


def _texts(element: etree._Element) -> list[str]:
    inner = list(element.iterchildren(etree.Element))
    return ["".join(map(str, child.itertext())) for child in inner] or [element.text or ""]


def _referred(root: etree._Element, element: etree._Element) -> etree._Element:
    """The element itself, or the one that it refers to. Source: SOAP 1.1 (section 5.4.1, multi-reference values)"""
    id = str(element.get("href") or "").removeprefix("#")
    return next((each for each in root.iter(etree.Element) if id and each.get("id") == id), element)


def _below(element: etree._Element, name: str) -> str:
    found = (child for child in element.iter(etree.Element) if etree.QName(child).localname == name)
    return "".join(map(str, next(found, element).itertext())).strip()
