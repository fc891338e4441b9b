"""A qbXML document before anything of it is run: is it XML, for which version, and does it keep to the schema?

Whatever fails here fails the whole document with an HRESULT; nothing of it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.hresults import (
    NO_ROLLBACK,
    PARSE_FAILED,
    VERSION_UNSUPPORTED,
    hresult,
)
from sandbooks.platforms.quickbooks_desktop.queries.about_file import VERSIONS
from sandbooks.platforms.quickbooks_desktop.schema.absent import absent
from sandbooks.platforms.quickbooks_desktop.schema.messages import messages
from sandbooks.platforms.quickbooks_desktop.schema.since import NEWEST, since
from sandbooks.platforms.quickbooks_desktop.schema.xsd import request_schema

_VERSION = re.compile(r'version\s*=\s*["\']([A-Z]{0,2}[0-9]+\.[0-9]+)["\']')
_BYTES_MAX = 20_000_000


class Document(Struct, frozen=True):
    """A document that may be run: its message set and its requests."""

    version: str
    set: etree._Element

    @property
    def requests(self) -> list[etree._Element]:
        return list(self.set.iterchildren(etree.Element))

    @property
    def stops(self) -> bool:
        return self.set.get("onError") == "stopOnError"

    @property
    def new_set(self) -> str:
        return str(self.set.get("newMessageSetID") or "")

    @property
    def old_set(self) -> str:
        return str(self.set.get("oldMessageSetID") or "")

    @property
    def writes(self) -> bool:
        """Whether any request may change the company file."""
        known = messages()
        return any(known[str(request.tag)].writes for request in self.requests)


def parse(raw: bytes, *, us: bool = True) -> Document:
    """Read a document. Raises ``Hresult``, and ``NotSimulated`` for messages that only the real product has."""
    root = _xml(raw)
    version = version_of(root)
    if version not in VERSIONS:
        raise hresult(VERSION_UNSUPPORTED, f"qbXML {version}")
    _check_known(root)
    schema = request_schema(us=us)
    try:
        schema.assertValid(root)
    except etree.DocumentInvalid as error:
        raise hresult(PARSE_FAILED, str(error)[:500]) from error
    message_set = root[0] if isinstance(root[0].tag, str) else next(root.iterchildren(etree.Element))
    if message_set.get("onError") == "rollbackOnError":
        raise hresult(NO_ROLLBACK)
    for _, element in newer(message_set, version):
        raise hresult(PARSE_FAILED, f"qbXML {version} has no {element.tag}")
    return Document(version, message_set)


def newer(tree: etree._Element, version: str) -> Iterator[tuple[etree._Element, etree._Element]]:
    """The elements below one that came with a later version of qbXML, each after its parent."""
    asked = tuple(int(part) for part in version.split("."))
    if asked >= NEWEST:
        return
    for parent in tree.iter(etree.Element):
        for element in parent.iterchildren(etree.Element):
            if since(str(parent.tag), str(element.tag)) > asked:
                yield parent, element


def _xml(raw: bytes) -> etree._Element:
    if len(raw) > _BYTES_MAX:
        raise hresult(PARSE_FAILED, "the document is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(raw.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise hresult(PARSE_FAILED, str(error)) from error
    if next(root.iter(etree.Entity), None) is not None:
        raise hresult(PARSE_FAILED, "entities of a DOCTYPE are not taken")
    return root


def version_of(root: etree._Element) -> str:
    """The version of the ``qbxml`` processing instruction; 1.0 came with a DOCTYPE instead."""
    before = root.getprevious()
    while before is not None:
        if isinstance(before, etree._ProcessingInstruction) and before.target == "qbxml":
            found = _VERSION.search(before.text or "")
            if found is None:
                raise hresult(PARSE_FAILED, "the qbxml processing instruction names no version")
            return re.sub(r"^[A-Z]+", "", found[1])
        before = before.getprevious()
    if root.getroottree().docinfo.internalDTD is not None:
        return "1.0"
    raise hresult(PARSE_FAILED, "there is no qbxml processing instruction")


def _check_known(root: etree._Element) -> None:
    """Name what is real but not simulated, before the schema takes it for a misspelling."""
    for element in root.iterfind("QBXMLMsgsRq/*"):
        if element.tag in absent():
            raise NotSimulated(f"qbXML {element.tag}")
