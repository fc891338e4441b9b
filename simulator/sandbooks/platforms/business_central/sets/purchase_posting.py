"""Posting purchase documents, and taking them back.

Source: codeunits Purch.-Post and Cancel PstdPurchCrM (Yes/No), github.com/microsoft/BCApps
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets import approvals, files
from sandbooks.platforms.business_central.sets.entity import Row, Scope
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.purchases import CREDIT_MEMOS, INVOICES, ORDERS
from sandbooks.platforms.business_central.sets.trade_lines import lines_of
from sandbooks.platforms.business_central.sets.trade_posting import (
    copy_lines,
    mirror,
    post,
)

NO_NUMBER = (
    "You need to enter the document number of the document from the vendor in the {member} field, so that this "
    "document stays linked to the original."
)


def post_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """Post a draft invoice."""
    record = record_of(row)
    if record.body.get("_posted"):
        raise Dialog("The action can be applied to a draft invoice only.")
    approvals.check_postable(scope, record)
    _check_number(scope, record, "vendorInvoiceNumber", "Vendor Invoice No.", "Purchase Invoice")
    post(scope, INVOICES, record, status="Open")
    return "purchaseInvoices", record.id


def post_credit_memo(scope: Scope, row: Row) -> tuple[str, str]:
    """Post a draft credit memo; one that names an invoice settles it."""
    record = record_of(row)
    if record.body.get("_posted"):
        raise Dialog("The action can be applied to a draft credit memo only.")
    approvals.check_postable(scope, record)
    if not lines_of(scope, CREDIT_MEMOS.lines, record.id):
        raise Dialog("Please add at least one line item to the credit memo.")
    _check_number(scope, record, "vendorCreditMemoNumber", "Vendor Cr. Memo No.", "Purchase Credit Memo")
    post(scope, CREDIT_MEMOS, record, status="Open")
    return "purchaseCreditMemos", record.id


def cancel_credit_memo(scope: Scope, row: Row) -> tuple[str, str]:
    """Take a posted credit memo back: a corrective invoice, posted today, mirrors it."""
    record = record_of(row)
    if record.body["status"] in ("Canceled", "Corrective"):
        raise Dialog("The credit memo cannot be cancelled because it has already been canceled.")
    if not record.body.get("_posted"):
        raise Dialog("The action can be applied to a posted credit memo only.")
    if Decimal(str(record.body["_remaining"])) != Decimal(str(record.body["totalAmountIncludingTax"])):
        raise Dialog("You cannot cancel this posted purchase credit memo because it is applied to an invoice.")
    mirror(scope, record, into=INVOICES)
    return "purchaseCreditMemos", record.id


def receive_and_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """Receive and invoice an order as a whole: a posted invoice takes its place."""
    order = record_of(row)
    approvals.check_postable(scope, order)
    body = {f.name: order.body.get(f.name, f.blank) for f in INVOICES.fields}
    # Unconfirmed: the vendor's invoice number of an order, which the order's page does not carry.
    body.update(
        invoiceDate=order.body["orderDate"],
        dueDate=order.body["postingDate"],
        vendorInvoiceNumber=order.body["number"],
        orderId=order.id,
        orderNumber=order.body["number"],
        status="Draft",
        _dimensions=order.body.get("_dimensions", []),
    )
    invoice = INVOICES.save(scope, scope.records.next_uuid("purchaseInvoice"), body)
    copy_lines(scope, order, ORDERS, invoice.id, INVOICES)
    posted = post(scope, INVOICES, INVOICES.recount(scope, invoice.id), status="Open")
    approvals.moved(scope, order.id, posted=posted)
    files.handed_on(scope, order.id, to=invoice.id, of="purchaseInvoices")
    for line in lines_of(scope, ORDERS.lines, order.id):
        ORDERS.lines.remove(scope, line)
    ORDERS.remove(scope, order)
    return "purchaseInvoices", invoice.id


def _check_number(scope: Scope, record: Record, member: str, label: str, word: str) -> None:
    wanted = record.body[member]
    if not wanted:
        if scope.company.settings.get("external_document_mandatory", True):
            raise Dialog(NO_NUMBER.format(member=label))
        return
    for other in scope.records.find(record.kind, member, wanted.lower()):
        same_vendor = other.body["vendorId"] == record.body["vendorId"]
        if other.id != record.id and same_vendor and other.body.get("_posted") and other.body["status"] != "Canceled":
            raise Dialog(f"{word} {wanted} already exists for this vendor.")
