"""How qbXML is judged: documents by the schema of requests, values by their types, SOAP answers by the calls.

Source: QuickBooks Desktop SDK, Onscreen Reference; QuickBooks Web Connector Programmer's Guide (the callbacks)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from sandbooks.kit.elements import Callbacks, Doubt, Element, Schemas
from sandbooks.platforms.quickbooks_desktop import documents, refusals, values
from sandbooks.platforms.quickbooks_desktop.queries.about_file import VERSIONS
from sandbooks.platforms.quickbooks_desktop.schema import notation
from sandbooks.platforms.quickbooks_desktop.schema.absent import absent
from sandbooks.platforms.quickbooks_desktop.schema.answers import answers_xsd
from sandbooks.platforms.quickbooks_desktop.schema.messages import messages
from sandbooks.platforms.quickbooks_desktop.schema.xsd import requests_xsd
from sandbooks.platforms.quickbooks_desktop.web_connector import qwc, soap
from sandbooks.settings import nearest

# Source: Onscreen Reference (data types): what a value of each is called here.
_WORDS = {
    "amt": "an amount with at most two decimals",
    "bool": "true or false",
    "date": "a date, YYYY-MM-DD",
    "datetime": "a date with or without its time, YYYY-MM-DDTHH:MM:SS",
    "float": "a number",
    "guid": "a GUID, or 0",
    "id": "an id of QuickBooks",
    "int": "a whole number",
    "percent": "a percentage with at most five decimals",
    "price": "a price with at most five decimals",
    "quan": "a quantity with at most five decimals",
}
_ANYTHING = '<xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>'
_INTEGER = re.compile(r"\s*-?[0-9]{1,9}\s*")
_METHODS = (
    "serverVersion",
    "clientVersion",
    "authenticate",
    "sendRequestXML",
    "receiveResponseXML",
    "connectionError",
    "getLastError",
    "closeConnection",
)
_NO_FILE = ("", "none", "nvu", "busy")
_ABSENT = "exists, and Sandbooks does not simulate it"


def _requests() -> bytes:
    """The schema of every edition, with what only the real product has, and the .qwc file."""
    real = "".join(
        f'<xs:element name="{name}"><xs:complexType mixed="true"><xs:sequence>{_ANYTHING}</xs:sequence>'
        '<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>'
        for name in sorted(absent())
    )
    text = requests_xsd(us=False)
    end = text.rindex("</xs:choice>")
    text = text[:end] + real + text[end:]
    return text.replace("</xs:schema>", f"{_qwc()}</xs:schema>").encode()


def _qwc() -> str:
    names = [*((name, 1) for name in qwc.REQUIRED), *((name, 0) for name in qwc.OPTIONAL if name != "Scheduler")]
    members = "".join(
        f'<xs:element name="{name}" minOccurs="{least}"{_of(qwc.VALUES.get(name, ()))}' for name, least in names
    )
    every = "".join(
        f'<xs:element name="{name}" type="xs:nonNegativeInteger"/>' for name in ("RunEveryNMinutes", "RunEveryNSeconds")
    )
    schedule = f'<xs:complexType><xs:choice minOccurs="0">{every}</xs:choice></xs:complexType>'
    return (
        f'<xs:element name="QBWCXML"><xs:complexType><xs:all>{members}<xs:element name="Scheduler" minOccurs="0">'
        f"{schedule}</xs:element></xs:all></xs:complexType></xs:element>"
    )


def _of(allowed: tuple[str, ...]) -> str:
    if not allowed:
        return ' type="xs:string"/>'
    listed = "".join(f'<xs:enumeration value="{value}"/>' for value in allowed)
    return f'><xs:simpleType><xs:restriction base="xs:string">{listed}</xs:restriction></xs:simpleType></xs:element>'


def _doubts(root: Element) -> Iterator[Doubt]:
    """What the schema of a document cannot tell: its version, what only the real product has, values."""
    if root.tag == "QBWCXML":
        return
    yield from _version_doubts(root)
    for request in root.iterfind("QBXMLMsgsRq/*"):
        message = messages().get(str(request.tag))
        if message is not None:
            yield from _value_doubts(request, message.content)
        elif request.tag in absent():
            yield Doubt(request, _ABSENT, "leave it out of this check")


def _version_doubts(root: Element) -> Iterator[Doubt]:
    try:
        version = documents.version_of(root)
    except refusals.Hresult as failure:
        yield Doubt(root, failure.detail, 'put <?qbxml version="13.0"?> before it')
        return
    if version not in VERSIONS:
        yield Doubt(root, f"there is no qbXML {version}", nearest(version, VERSIONS))
        return
    for message_set in root.iterfind("QBXMLMsgsRq"):
        for _, element in documents.newer(message_set, version):
            yield Doubt(element, f"qbXML {version} does not have it yet", "name a later version, or leave it out")


def _value_doubts(element: Element, content: notation.Sequence) -> Iterator[Doubt]:
    for child in element.iterchildren(etree.Element):
        declared = content.elements.get(str(child.tag))
        if declared is None:
            continue
        if declared.content is not None:
            yield from _value_doubts(child, declared.content)
        elif not child.get("useMacro") and not len(child):
            yield from _value_doubt(child, declared)


def _value_doubt(element: Element, declared: notation.Element) -> Iterator[Doubt]:
    text = "".join(map(str, element.itertext()))
    if declared.length and len(text) > declared.length:
        yield Doubt(element, f"is {len(text)} characters long", f"send {declared.length} at most")
    if declared.type in ("str", "enum"):
        return
    try:
        values.read(declared.type, declared.name, text)
    except refusals.DateOutOfRange:
        yield Doubt(element, f"`{text[:60]}` is out of range", "send a date of the years 1901 to 9999")
    except refusals.BadValue:
        word = _WORDS[declared.type]
        yield Doubt(element, f"`{text[:60]}` is not {word}", f"send {word}")


# The user's own service


def _method(headers: Mapping[str, str]) -> str:
    """The call of the Web Connector that a request is; empty for any other."""
    action = headers.get("soapaction", "").strip().strip('"')
    return action.removeprefix(soap.NAMESPACE) if action.startswith(soap.NAMESPACE) else ""


def _called(root: Element, name: str) -> list[Element]:
    return [each for each in root.iter(etree.Element) if etree.QName(each).localname == name]


def _answer_doubts(method: str, root: Element) -> Iterator[Doubt]:
    """What is wrong with the answer to a call; a SOAP fault is an answer, too."""
    if method not in _METHODS or _called(root, "Fault"):
        return
    responses = _called(root, f"{method}Response")
    if not responses:
        # The innermost of what wraps it: an envelope, a body.
        holder = (_called(root, "Body") or [root])[0]
        held = [*holder.iterchildren(etree.Element)] or [holder]
        yield _stranger(held[0], f"{method}Response")
        return
    results = [*responses[0].iterchildren(etree.Element)]
    for each in results:
        if etree.QName(each).localname != f"{method}Result":
            yield _stranger(each, f"{method}Result")
        elif method in _RESULTS:
            yield from _RESULTS[method](each)


def _stranger(element: Element, wanted: str) -> Doubt:
    name = etree.QName(element).localname
    return Doubt(element, f"`{name}` is no element of this answer", nearest(name, (wanted,)))


def _authenticate(result: Element) -> Iterator[Doubt]:
    """A ticket; a company file or a word; seconds until the next run; least seconds between runs."""
    given = [*result.iterchildren(etree.Element)]
    for number, each in enumerate(given):
        text = "".join(map(str, each.itertext()))
        if number > 3:
            yield Doubt(each, "is more than the four texts of this answer", "leave it out")
        elif number > 1 and text and not _INTEGER.fullmatch(text):
            yield Doubt(each, f"`{text[:60]}` is not a whole number", "send seconds")
        elif number == 1 and text.strip().lower() not in _NO_FILE and not re.search(r"[\\/:.]", text):
            word = nearest(text.strip().lower(), _NO_FILE[1:])
            yield Doubt(each, f"`{text[:60]}` is neither a company file nor a word", word)


def _percent(result: Element) -> Iterator[Doubt]:
    text = "".join(map(str, result.itertext()))
    if not _INTEGER.fullmatch(text):
        yield Doubt(result, f"`{text[:60]}` is not a whole number", "send the percentage that is done")


_RESULTS: Mapping[str, Callable[[Element], Iterator[Doubt]]] = {
    "authenticate": _authenticate,
    "receiveResponseXML": _percent,
}


def _held(method: str, root: Element) -> Iterator[tuple[Element, bytes]]:
    """The document that an answer hands over."""
    for result in _called(root, "sendRequestXMLResult") if method == "sendRequestXML" else ():
        text = "".join(map(str, result.itertext()))
        if text.strip() and text.strip().lower() != "noop":
            yield result, text.encode()


CALLBACKS = Callbacks(method=_method, doubts=_answer_doubts, documents=_held)
SCHEMAS = Schemas(requests=_requests, answers=answers_xsd, doubts=_doubts, callbacks=CALLBACKS)
