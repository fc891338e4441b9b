"""The schema of answers as XSD: each response with its elements in their order.

A request may ask for some elements only (IncludeRetElement), so none has to be there.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from sandbooks.platforms.quickbooks_desktop.schema.messages import Message, messages
from sandbooks.platforms.quickbooks_desktop.schema.notation import Choice, Element, Part, Sequence

# Source: Onscreen Reference (data types). Unconfirmed: how many decimals other numbers are told with.
_TYPES = {
    "amt": ("AMTTYPE", r"-?[0-9]+\.[0-9]{2}"),
    "bool": ("BOOLTYPE", "true|false"),
    "date": ("DATETYPE", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": ("DATETIMETYPE", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?"),
    "int": ("INTTYPE", "-?[0-9]+"),
}
_STATUS = (
    '<xs:attribute name="statusCode" type="xs:nonNegativeInteger" use="required"/>'
    '<xs:attribute name="statusSeverity" type="severity" use="required"/>'
    '<xs:attribute name="statusMessage" type="xs:string"/><xs:attribute name="requestID" type="xs:string"/>'
    '<xs:attribute name="retCount" type="xs:nonNegativeInteger"/><xs:attribute name="iteratorID" type="xs:string"/>'
    '<xs:attribute name="iteratorRemainingCount" type="xs:nonNegativeInteger"/>'
)
_SETS = "".join(
    f'<xs:attribute name="{name}" type="xs:string"/>'
    for name in ("newMessageSetID", "oldMessageSetID", "messageSetStatusCode")
)
_SEVERITY = "".join(f'<xs:enumeration value="{each}"/>' for each in ("Info", "Warn", "Error"))


def answers_xsd() -> bytes:
    """The schema of answers as text."""
    types = "".join(
        f'<xs:simpleType name="{name}"><xs:restriction base="xs:string"><xs:pattern value="{form}"/></xs:restriction>'
        "</xs:simpleType>"
        for name, form in _TYPES.values()
    )
    severity = f'<xs:simpleType name="severity"><xs:restriction base="xs:string">{_SEVERITY}</xs:restriction>'
    replies = "".join(map(_reply, messages().values()))
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{types}{severity}</xs:simpleType>'
        '<xs:element name="QBXML"><xs:complexType><xs:sequence><xs:element name="QBXMLMsgsRs"><xs:complexType>'
        f'<xs:choice minOccurs="0" maxOccurs="unbounded">{replies}</xs:choice>{_SETS}</xs:complexType></xs:element>'
        "</xs:sequence></xs:complexType></xs:element></xs:schema>"
    ).encode()


def _reply(message: Message) -> str:
    content = f"<xs:complexType>{_content(message.answer)}{_STATUS}</xs:complexType>"
    return f'<xs:element name="{message.reply}">{content}</xs:element>'


def _content(sequence: Sequence) -> str:
    return f"<xs:sequence>{_parts(sequence.parts)}</xs:sequence>"


def _parts(parts: Iterable[Part]) -> str:
    return "".join(_choice(part) if isinstance(part, Choice) else _element(part) for part in parts)


def _choice(choice: Choice) -> str:
    most = "" if choice.most == 1 else ' maxOccurs="unbounded"'
    return f'<xs:choice minOccurs="0"{most}>{"".join(map(_content, choice.branches))}</xs:choice>'


def _element(element: Element) -> str:
    most = "" if element.most == 1 else ' maxOccurs="unbounded"'
    head = f'<xs:element name="{element.name}" minOccurs="0"{most}'
    if element.content is not None:
        return f"{head}><xs:complexType>{_content(element.content)}</xs:complexType></xs:element>"
    if element.values:
        values = "".join(f"<xs:enumeration value={quoteattr(value)}/>" for value in element.values)
        inner = f'<xs:simpleType><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>'
        return f"{head}>{inner}</xs:element>"
    return f'{head} type="{_TYPES[element.type][0] if element.type in _TYPES else "xs:string"}"/>'
