"""Lists from a company's own qbXML answers: accounts, vendors, customers and classes under their names."""

from __future__ import annotations

from typing import Any

from lxml import etree

from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.rules import lists
from sandbooks.platforms.quickbooks_desktop.seed.making import use_currency

KINDS = ("Account", "Vendor", "Customer", "Class")
_TAKEN = ("Name", "AccountType", "AccountNumber", "Desc", "CompanyName", "Phone", "Email", "Notes")


def take(file: CompanyFile, text: str) -> bool:
    """Add every list record of an answer that is not there yet, parents first as the answer lists them.

    Says whether there was any such list. Raises ``ValueError`` for what is no answer.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the chart is not XML: {error.msg}") from error
    if root is None or next(root.iter("QBXMLMsgsRs", *(f"{kind}Ret" for kind in KINDS)), None) is None:
        raise ValueError("the XML holds no qbXML answer")
    for kind in KINDS:
        for found in root.iter(f"{kind}Ret"):
            _take(file, kind, found)
    known = [f"{kind}{end}" for kind in KINDS for end in ("Ret", "QueryRs")]
    return next(root.iter(*known), None) is not None


def _take(file: CompanyFile, kind: str, found: etree._Element) -> None:
    full = found.findtext("FullName") or found.findtext("Name") or ""
    spaces = ENTITIES if kind in ENTITIES else (kind,)
    if not full or file.named(spaces, full) is not None:
        return
    body: dict[str, Any] = {name: found.findtext(name) for name in _TAKEN if found.findtext(name)}
    parent = file.named((kind,), full.rpartition(":")[0]) if ":" in full else None
    if parent is not None:
        body["ParentRef"] = {"ListID": parent.id}
    currency = found.findtext("CurrencyRef/FullName")
    if currency:
        listed = file.named(("Currency",), currency)
        if listed is not None and listed.body["CurrencyCode"] != file.home:
            body["CurrencyRef"] = {"ListID": use_currency(file, str(listed.body["CurrencyCode"])).id}
    lists.add(file, kind, body)
