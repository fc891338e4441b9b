"""Files in two steps: an entity that says where a file belongs, then its bytes.

Source: pages Attachments and Document Attachments, github.com/microsoft/BCApps;
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/resources/dynamics_attachment
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sandbooks.kit.records import Record, Records
from sandbooks.platforms.business_central.fields import choice, flag, shown, text, uid, whole
from sandbooks.platforms.business_central.names import BLANK_ID, caption, encoded
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.accounts import entry_id
from sandbooks.platforms.business_central.sets.entity import Given, Parent, Row, Scope, StoredSet, single
from sandbooks.platforms.business_central.sets.masters import record_of

INCOMING = (
    "",
    "Journal",
    "Sales Order",
    "Sales Quote",
    "Sales Credit Memo",
    "Sales Invoice",
    "Purchase Invoice",
    "Purchase Order",
    "Purchase Credit Memo",
    "Employee",
    "Job",
    "Item",
    "Customer",
    "Vendor",
)
ELSEWHERE = frozenset(["Employee", "Job", "Item", "Customer", "Vendor"])
PARENT_KINDS = {
    "Journal": ("journalLine", "vendorPayment", "customerPayment"),
    "Purchase Invoice": ("purchaseInvoice",),
    "Purchase Order": ("purchaseOrder",),
    "Purchase Credit Memo": ("purchaseCreditMemo",),
    "Sales Invoice": ("salesInvoice",),
    "Sales Credit Memo": ("salesCreditMemo",),
    "Sales Order": ("salesOrder",),
    "Sales Quote": ("salesQuote",),
    "Employee": ("employee",),
    "Item": ("item",),
    "Job": ("project",),
    "Customer": ("customer",),
    "Vendor": ("vendor",),
}
_OF_SETS = {
    "journalLines": "Journal",
    "generalLedgerEntries": "Journal",
    "purchaseInvoices": "Purchase Invoice",
    "purchaseOrders": "Purchase Order",
    "purchaseCreditMemos": "Purchase Credit Memo",
    "salesInvoices": "Sales Invoice",
    "salesCreditMemos": "Sales Credit Memo",
    "salesOrders": "Sales Order",
    "salesQuotes": "Sales Quote",
    "vendors": "Vendor",
    "customers": "Customer",
    "employees": "Employee",
    "items": "Item",
    "projects": "Job",
}


class _Files(StoredSet):
    """What both kinds of attachment share."""

    inserts = modifies = deletes = writes_streams = True
    streams = ("attachmentContent",)
    no_parent: ClassVar[str] = "You must specify a document id to get the attachments."

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered & {"parentId", "id"}:
            raise Dialog(self.no_parent)

    def rows(self, scope: Scope, parent: Parent | None = None) -> Any:
        if parent is not None and parent.set.name == "generalLedgerEntries":
            source = source_of_entry(scope, parent)
            found = files_of(scope.records, self.type, source)
            return iter([self.render(scope, record) for record in found])
        return super().rows(scope, parent)

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        if parent is not None:
            if given.values.get("parentId", BLANK_ID) not in (BLANK_ID, parent.id):
                raise Dialog("The attachment is linked to another document than you specified.")
            values["parentId"] = parent.id
            if caption(values["parentType"]) == "":
                values["parentType"] = encoded(_OF_SETS.get(parent.set.name, ""))
        self._settle_parent(scope, values)
        values["fileName"] = safe_name(values["fileName"])
        values["byteSize"] = 0
        return self.render(scope, self.save(scope, self.new_id(scope, given), values))

    def _settle_parent(self, scope: Scope, values: dict[str, Any]) -> None:
        kind = caption(values["parentType"])
        if values["parentId"] == BLANK_ID:
            raise Dialog(self.no_parent)
        if kind not in PARENT_KINDS:
            raise Dialog("No document with the specified ID exists.")
        if not any(scope.get(each, values["parentId"]) for each in PARENT_KINDS[kind]):
            raise Dialog("No document with the specified ID exists.")

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        for member in ("parentId", "parentType"):
            if given.values.get(member, record.body[member]) != record.body[member]:
                raise Dialog(f"You cannot change the value of the key field {member}.")
        values = {**record.copy(), **given.values}
        values["fileName"] = safe_name(values["fileName"])
        return self.render(scope, self.save(scope, record.id, values))

    def delete(self, scope: Scope, row: Row) -> None:
        scope.records.drop_blob(f"{self.type}/{row.id}")
        self.remove(scope, record_of(row))

    def store(self, scope: Scope, row: Row, content: bytes, content_type: str) -> None:
        """The second step: the bytes."""
        scope.records.put_blob(f"{self.type}/{row.id}", content)
        body = {**record_of(row).copy(), "byteSize": len(content), "_contentType": content_type}
        self.save(scope, row.id, body)

    def content(self, scope: Scope, row: Row) -> tuple[bytes, str]:
        held = scope.records.blob(f"{self.type}/{row.id}") or b""
        return held, record_of(row).body.get("_contentType", "")


class Attachments(_Files):
    """Incoming documents: files of journal lines and of documents of trade."""

    name, type, caption = "attachments", "attachment", "Attachment Entity Buffer"
    parents: ClassVar[Mapping[str, str]] = {
        "journalLines": "parentId",
        "purchaseInvoices": "parentId",
        "purchaseOrders": "parentId",
        "purchaseCreditMemos": "parentId",
        "salesInvoices": "parentId",
        "salesCreditMemos": "parentId",
        "salesOrders": "parentId",
        "salesQuotes": "parentId",
        "generalLedgerEntries": "parentId",
    }
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {single(name): (name, "parentId") for name in parents}
    fields = (uid("parentId"), text("fileName", 250), *shown(whole("byteSize")), choice("parentType", *INCOMING))

    def _settle_parent(self, scope: Scope, values: dict[str, Any]) -> None:
        kind = caption(values["parentType"])
        if kind in ELSEWHERE:
            raise Dialog(f"Parent type {kind} is not supported. Use documentAttachments API instead.")
        if kind == "Journal":
            # Source: page Attachments, github.com/microsoft/BCApps (a journal line or a G/L entry)
            values["_document"] = document_of_entry(scope, values["parentId"])
        if not values.get("_document"):
            super()._settle_parent(scope, values)

    def lookup(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Files of a G/L entry are those of the document behind it."""
        keys = super().lookup(body)
        return keys | {"document": body["_document"]} if body.get("_document") else keys


class DocumentAttachments(_Files):
    """Document attachments: files of masters and of documents."""

    name, type, caption = "documentAttachments", "documentAttachment", "Document Attachment"
    parents: ClassVar[Mapping[str, str]] = {
        "vendors": "parentId",
        "customers": "parentId",
        "employees": "parentId",
        "items": "parentId",
        "projects": "parentId",
        "purchaseInvoices": "parentId",
        "purchaseOrders": "parentId",
        "purchaseCreditMemos": "parentId",
        "salesInvoices": "parentId",
        "salesCreditMemos": "parentId",
        "salesOrders": "parentId",
        "salesQuotes": "parentId",
    }
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {single(name): (name, "parentId") for name in parents}
    fields = (
        text("fileName", 250),
        *shown(whole("byteSize")),
        choice("parentType", *INCOMING),
        uid("parentId"),
        whole("lineNumber"),
        flag("documentFlowSales"),
        flag("documentFlowPurchase"),
    )


def safe_name(name: str) -> str:
    """A usable file name; what is none becomes ``filename.txt``."""
    kept = name.strip()
    if not kept or any(letter in kept for letter in '\\/:*?"<>|') or any(ord(letter) < 32 for letter in kept):
        return "filename.txt"
    return kept


def files_of(records: Records, type: str, id: str) -> list[Record]:
    """The files of a document, those that hang on its G/L entries included."""
    return [*records.find(type, "parent", id), *records.find(type, "document", id)]


def dropped(scope: Scope, document: str) -> None:
    """A document is deleted, and its files with it.

    Source: codeunit Document Attachment Mgmt (DeleteAttachedDocuments), github.com/microsoft/BCApps
    """
    for each in SETS:
        for record in files_of(scope.records, each.type, document):
            scope.records.drop_blob(f"{each.type}/{record.id}")
            each.remove(scope, record)


def handed_on(scope: Scope, document: str, *, to: str, of: str) -> None:
    """A document of another set takes the place of one, and has its files. Source: the same (CopyAttachments)"""
    for each in SETS:
        for record in files_of(scope.records, each.type, document):
            each.save(scope, record.id, {**record.copy(), "parentId": to, "parentType": encoded(_OF_SETS[of])})


def document_of_entry(scope: Scope, id: str) -> str:
    """The document behind a G/L entry by the entry's id, empty where there is no such entry."""
    for place, line in enumerate(scope.company.book.lines(), start=1):
        if entry_id(scope, place) == id:
            return line.source.id
    return ""


def source_of_entry(scope: Scope, parent: Parent) -> str:
    """The document behind a G/L entry."""
    place = int(parent.set.row(scope, parent.id).values["entryNumber"])
    for number, line in enumerate(scope.company.book.lines(), start=1):
        if number == place:
            return line.source.id
    return ""


ATTACHMENTS, DOCUMENT_ATTACHMENTS = Attachments(), DocumentAttachments()
SETS: tuple[_Files, ...] = (ATTACHMENTS, DOCUMENT_ATTACHMENTS)
