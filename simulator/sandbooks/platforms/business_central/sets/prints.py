"""Printed documents: the PDF of a posted invoice or credit memo, of an order, a quote or a project.

Source: page PDF Document, codeunits PDF Document Management and the handlers of each document type,
github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit import pdf
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central import languages
from sandbooks.platforms.business_central.fields import choice, shown, uid
from sandbooks.platforms.business_central.names import encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.entity import EntitySet, Parent, Row, Scope, single
from sandbooks.platforms.business_central.sets.files import INCOMING
from sandbooks.platforms.business_central.sets.headers import HEADERS
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.trade_lines import lines_of

_SETS = {
    "purchaseInvoice": ("purchaseInvoices", "Purchase Invoice"),
    "purchaseCreditMemo": ("purchaseCreditMemos", "Purchase Credit Memo"),
    "purchaseOrder": ("purchaseOrders", "Purchase Order"),
    "salesInvoice": ("salesInvoices", "Sales Invoice"),
    "salesCreditMemo": ("salesCreditMemos", "Sales Credit Memo"),
    "salesOrder": ("salesOrders", "Sales Order"),
    "salesQuote": ("salesQuotes", "Sales Quote"),
    "project": ("projects", "Job"),
}
_POSTED_FIRST = ("purchaseInvoice", "purchaseCreditMemo", "salesCreditMemo")


class PdfDocuments(EntitySet):
    """The print of a document, under the document's own id."""

    name, type, caption = "pdfDocument", "pdfDocument", "PDF Document"
    tracked = False
    parents: ClassVar[Mapping[str, str]] = {name: "id" for name, _ in _SETS.values()}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {single(name): (name, "parentId") for name in parents}
    streams = ("pdfDocumentContent",)
    fields = shown(uid("parentId"), choice("parentType", *INCOMING))

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and "parentType" not in filtered:
            raise Dialog("You must specify a parentType in the request body.")
        if parent is None and not filtered & {"id", "parentId"}:
            raise Dialog("You must specify a parentId in the request body.")

    def check_root(self) -> None:
        raise Dialog("You must specify a parentType in the request body.")

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        if parent is not None:
            yield self.row(scope, parent.id)
            return
        for kind in _SETS:
            for record in scope.records.scan(kind):
                if _is_ready(record):
                    yield self._shown(record)

    def known(self, scope: Scope, id: str) -> Row | None:
        record = _found(scope, id)
        return self._shown(record) if record is not None and _is_ready(record) else None

    def row(self, scope: Scope, id: str) -> Row:
        return self._shown(_document(scope, id))

    def place(self, scope: Scope, id: str) -> str:
        return f"{_SETS[_document(scope, id).kind][0]}({id})/pdfDocument"

    def content(self, scope: Scope, row: Row) -> tuple[bytes, str]:
        record = record_of(row)
        title = f"{languages.term(_SETS[record.kind][1], scope.language)} {record.body['number']}"
        return pdf.document(title, _told(scope, record)), "application/pdf"

    def _shown(self, record: Record) -> Row:
        body = {"parentId": record.id, "parentType": encoded(_SETS[record.kind][1])}
        return Row(record.id, self.shown(record.id, body), entity_tag(self.type, record.id, record.version), record)


def _document(scope: Scope, id: str) -> Record:
    """The document to be printed. Raises ``Dialog`` for one that is not there or not posted yet."""
    record = _found(scope, id)
    if record is None:
        raise Dialog(f"The document {id} cannot be found.")
    if not _is_ready(record):
        word = _SETS[record.kind][1].lower()
        raise Dialog(f"You must post {word} {record.id} before generating the PDF document.")
    return record


def _found(scope: Scope, id: str) -> Record | None:
    return next((found for kind in _SETS if (found := scope.get(kind, id)) is not None), None)


def _is_ready(record: Record) -> bool:
    return record.kind not in _POSTED_FIRST or bool(record.body.get("_posted"))


def _told(scope: Scope, record: Record) -> list[str]:
    """What the print says. Unconfirmed: its layout, which is a report of the company's own."""
    body: Mapping[str, Any] = record.body
    if record.kind == "project":
        return [scope.company.name, str(body["displayName"])]
    headers = HEADERS[record.kind]
    lines = lines_of(scope, headers.lines, record.id)
    currency = body["currencyCode"]
    sums = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")
    return [
        scope.company.name,
        f"{body[f'{headers.party}Number']} {body[f'{headers.party}Name']}",
        f"{languages.term('Posting date', scope.language)} {_day(scope, body['postingDate'])}",
        "",
        *(f"{line.body['description']}   {_number(scope, line.body['netAmount'])} {currency}" for line in lines),
        "",
        *(f"{name}: {_number(scope, body[name])} {currency}" for name in sums),
    ]


def _day(scope: Scope, value: str) -> str:
    return languages.day(value, scope.language) if scope.language else value


def _number(scope: Scope, value: Any) -> str:
    return languages.number(Decimal(str(value)), scope.language) if scope.language else str(value)


SETS = (PdfDocuments(),)
