"""qbXML as this connector writes and reads it: documents out, statuses and records back.

Element order is fixed in qbXML, so requests are built from ordered pairs; a None or empty part is left out.
Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0; status codes as its page "Status codes" lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from msgspec import Struct, field

from sandbooks.connector import Refused, Request, Steps, Unavailable, Unknown, ask

VERSION = "13.0"
# Where a single document is run when it is tried out without the Web Connector; a program that polls has no paths.
QUERY, CHANGE = "/qbxml/query", "/qbxml/change"
NOTHING_FOUND, SOME_MISSING, NOTHING_KEPT = 1, 500, 600
# Somebody else holds the object or the list open. Source: github.com/consolibyte/quickbooks-php, Errors.php
IN_USE = (3175, 3176)
_ERRORS_FROM = 1000  # Source: Onscreen Reference (below are information and warnings)

Part: TypeAlias = tuple[str, "str | Sequence[Part] | None"]


class Answer(Struct, frozen=True):
    """What one request of a document was answered."""

    code: int
    text: str
    element: etree._Element

    @property
    def failed(self) -> bool:
        return self.code >= _ERRORS_FROM

    @property
    def records(self) -> list[etree._Element]:
        """The records in it, as ``…Ret`` elements."""
        return [child for child in self.element.iterchildren("*") if str(child.tag).endswith("Ret")]

    @property
    def left(self) -> int:
        """How many records the iterator still holds."""
        return _number(self.element.get("iteratorRemainingCount"))

    @property
    def iterator(self) -> str:
        return str(self.element.get("iteratorID") or "")


class Answers(Struct, frozen=True):
    """The answers of a document. ``set_code`` tells of its message set, where it named one; 0 is well."""

    each: list[Answer] = field(default_factory=list)
    set_code: int = 0


def parts(*given: Part) -> str:
    """Elements in order."""
    return "".join(_element(name, content) for name, content in given)


def _element(name: str, content: str | Sequence[Part] | None) -> str:
    if content is None:
        return ""
    inner = escape(_printable(content)) if isinstance(content, str) else parts(*content)
    return f"<{name}>{inner}</{name}>"


def _printable(text: str) -> str:
    """QuickBooks stores Windows-1252 and takes no control characters; what it cannot hold becomes a question mark."""
    told = "".join(c if c.isprintable() else " " for c in text)
    return told.encode("cp1252", "replace").decode("cp1252")


def ref(name: str, id: str) -> Part:
    """A reference to a list element by its id; left out for an empty one."""
    return (name, [("ListID", id)] if id else None)


def query(name: str, *given: Part, iterator: str = "", page: int = 0) -> str:
    """A query; with ``page`` one page of an iterator, ``iterator`` the id of one that goes on."""
    attributes = ""
    if page:
        attributes = f' iterator="Continue" iteratorID={quoteattr(iterator)}' if iterator else ' iterator="Start"'
    return f'<{name}QueryRq requestID="1"{attributes}>{parts(*given)}</{name}QueryRq>'


def document(requests: Iterable[str], *, goes_on: bool = False, new_set: str = "", old_set: str = "") -> bytes:
    """A document of requests. ``new_set`` keeps its answers under that id, ``old_set`` asks for what was kept."""
    on_error = "continueOnError" if goes_on else "stopOnError"
    sets = f" newMessageSetID={quoteattr(new_set)}" if new_set else ""
    sets += f" oldMessageSetID={quoteattr(old_set)}" if old_set else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><?qbxml version="{VERSION}"?><QBXML>'
        f'<QBXMLMsgsRq onError="{on_error}"{sets}>{"".join(requests)}</QBXMLMsgsRq></QBXML>'
    ).encode()


def run(request: Request) -> Steps[Answers]:
    """Have a document run. Raises ``Refused`` where QuickBooks could not take it, ``Unknown``, ``Unavailable``."""
    response = yield from ask(request)
    if response.status != 200:
        text = response.body.decode("utf-8", "replace").strip()
        raise Refused(f"QuickBooks could not run the request: {text}", native_code=response.header("X-HRESULT"))
    return _read(response.body, request)


def _read(body: bytes, request: Request) -> Answers:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _unreadable(request) from error
    answers = root.find("QBXMLMsgsRs") if root.tag == "QBXML" else None
    if answers is None:
        raise _unreadable(request)
    each = [
        Answer(_number(child.get("statusCode")), str(child.get("statusMessage") or "").strip(), child)
        for child in answers.iterchildren("*")
    ]
    return Answers(each, _number(answers.get("messageSetStatusCode")))


def _unreadable(request: Request) -> Unknown | Unavailable:
    failure = Unknown if request.mutates else Unavailable
    return failure(f"unreadable answer to: {request.purpose}")


def refused(answer: Answer) -> Refused:
    """The refusal in QuickBooks' words."""
    return Refused(f"{answer.text} (QuickBooks error {answer.code})", native_code=str(answer.code), status=400)


def text_of(element: etree._Element | None, path: str, default: str = "") -> str:
    """The text at a path below an element."""
    found = element.findtext(path) if element is not None else None
    return default if found is None else str(found)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0
