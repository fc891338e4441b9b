"""The schema of requests as XSD: what decides whether a document is parsed at all.

Order, presence, repetition and enumerations are the parser's; scalar types and lengths are judged request by request
afterwards, so they stay plain text here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import quoteattr

from lxml import etree

from sandbooks.platforms.quickbooks_desktop.schema.messages import TRANSACTIONS, Message, messages
from sandbooks.platforms.quickbooks_desktop.schema.notation import Choice, Element, Part, Sequence
from sandbooks.platforms.quickbooks_desktop.schema.shared import ENUMERATIONS

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\n'
# useMacro stands in place of an id's value. Source: QuickBooks Desktop SDK, Onscreen Reference (macros)
_ID = (
    '<xs:complexType name="id"><xs:simpleContent><xs:extension base="xs:string">'
    '<xs:attribute name="useMacro" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>\n'
)
_ITERATOR = (
    '<xs:attribute name="iterator"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Start"/>'
    '<xs:enumeration value="Continue"/><xs:enumeration value="Stop"/></xs:restriction></xs:simpleType></xs:attribute>'
    '<xs:attribute name="iteratorID" type="xs:string"/>'
)
_META = (
    '<xs:attribute name="metaData"><xs:simpleType><xs:restriction base="xs:string">'
    '<xs:enumeration value="NoMetaData"/><xs:enumeration value="MetaDataOnly"/>'
    '<xs:enumeration value="MetaDataAndResponseData"/></xs:restriction></xs:simpleType></xs:attribute>'
)
_ON_ERROR = (
    '<xs:attribute name="onError" use="required"><xs:simpleType><xs:restriction base="xs:string">'
    '<xs:enumeration value="stopOnError"/><xs:enumeration value="continueOnError"/>'
    '<xs:enumeration value="rollbackOnError"/></xs:restriction></xs:simpleType></xs:attribute>'
    '<xs:attribute name="responseData"><xs:simpleType><xs:restriction base="xs:string">'
    '<xs:enumeration value="includeAll"/><xs:enumeration value="includeNone"/></xs:restriction></xs:simpleType>'
    '</xs:attribute><xs:attribute name="newMessageSetID" type="xs:string"/>'
    '<xs:attribute name="oldMessageSetID" type="xs:string"/>'
)
# Source: QuickBooks Desktop SDK, Onscreen Reference (defMacro: transactions and some of their lines, never lists)
_NAMED_ADDS = tuple(f"{kind}Add" for kind in TRANSACTIONS)
_NAMED_LINES = ("ExpenseLineAdd", "JournalLine", "CashBackAdd", "DepositLineAdd")
_MACRO = '<xs:attribute name="defMacro" type="xs:string"/>'


_REFERENCE = (
    '<xs:complexType name="reference"><xs:sequence><xs:element name="ListID" type="id" minOccurs="0"/>'
    '<xs:element name="FullName" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType>\n'
)
_NAMED = {tuple(text.split()): name for name, text in ENUMERATIONS.items()}


def _groups(known: Iterable[Message], *, us: bool) -> str:
    """A type for each group that requests use, in the order of their names."""
    found: dict[str, Sequence] = {}
    for message in known:
        _collect(message.content, found)
    return "".join(
        f'<xs:complexType name="{name}">{_sequence(found[name], us=us)}'
        f"{_MACRO if name in _NAMED_LINES else ''}</xs:complexType>"
        for name in sorted(found)
    )


def _collect(sequence: Sequence, found: dict[str, Sequence]) -> None:
    for element in sequence.elements.values():
        if element.group and element.content is not None:
            found[element.group] = element.content
        if element.content is not None:
            _collect(element.content, found)


def _enumerations() -> str:
    return "".join(
        f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">{_values(values)}</xs:restriction>'
        "</xs:simpleType>"
        for values, name in _NAMED.items()
    )


def _values(values: Iterable[str]) -> str:
    return "".join(f"<xs:enumeration value={quoteattr(value)}/>" for value in values)


@cache
def request_schema(*, us: bool = True) -> etree.XMLSchema:
    """The compiled schema of request documents of an edition."""
    return etree.XMLSchema(etree.fromstring(requests_xsd(us=us).encode()))


def requests_xsd(*, us: bool = True) -> str:
    """The schema of request documents as text."""
    known = messages().values()
    requests = "".join(f"    {_request(message, us=us)}\n" for message in known)
    body = (
        '<xs:element name="QBXML"><xs:complexType><xs:sequence><xs:element name="QBXMLMsgsRq"><xs:complexType>'
        f'<xs:choice minOccurs="0" maxOccurs="unbounded">\n{requests}</xs:choice>{_ON_ERROR}'
        "</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>\n"
    )
    text = f"{_HEAD}{_ID}{_REFERENCE}{_enumerations()}{_groups(known, us=us)}{body}</xs:schema>"
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(text.encode(), parser), pretty_print=True, encoding="unicode")


def _request(message: Message, *, us: bool) -> str:
    attributes = '<xs:attribute name="requestID" type="xs:string"/>'
    attributes += (_META if message.counted else "") + (_ITERATOR if message.iterated else "")
    content = _sequence(message.content, us=us)
    return (
        f"<xs:element name={quoteattr(message.name)}><xs:complexType>{content}{attributes}</xs:complexType>"
        "</xs:element>"
    )


def _sequence(sequence: Sequence, *, us: bool) -> str:
    return f"<xs:sequence>{_parts(sequence.parts, us=us)}</xs:sequence>"


def _parts(parts: Iterable[Part], *, us: bool) -> str:
    return "".join(_choice(p, us=us) if isinstance(p, Choice) else _element(p, us=us) for p in parts)


def _choice(choice: Choice, *, us: bool) -> str:
    branches = "".join(_sequence(branch, us=us) for branch in choice.branches)
    return f"<xs:choice{_occurs(choice.least, choice.most)}>{branches}</xs:choice>"


def _element(element: Element, *, us: bool) -> str:
    if element.foreign and us:
        return ""
    head = f"<xs:element name={quoteattr(element.name)}{_occurs(element.least, element.most)}"
    if element.values:
        return f'{head} type="{_NAMED[element.values]}"/>'
    if element.is_reference:
        return f'{head} type="reference"/>'
    if element.group:
        return f'{head} type="{element.group}"/>'
    if element.content is not None:
        macro = _MACRO if element.name in _NAMED_ADDS else ""
        inner = _sequence(element.content, us=us)
        return f"{head}><xs:complexType>{inner}{macro}</xs:complexType></xs:element>"
    return f'{head} type="{"id" if element.type == "id" else "xs:string"}"/>'


def _occurs(least: int, most: int | None) -> str:
    text = "" if least == 1 else f' minOccurs="{least}"'
    return text if most == 1 else f'{text} maxOccurs="unbounded"'
