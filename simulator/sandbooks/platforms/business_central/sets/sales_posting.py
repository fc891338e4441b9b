"""Posting sales documents, taking them back, and making one out of another.

Revenue and sales tax go against the customer's receivables. Items that are sold move no cost: it is not posted
automatically. Source: codeunits Sales-Post, Correct Posted Sales Invoice, Cancel Posted Sales Cr. Memo, Sales-Quote to
Invoice and Sales-Quote to Order; table Inventory Setup (Automatic Cost Posting), github.com/microsoft/BCApps
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.names import BLANK_DATE
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets import files
from sandbooks.platforms.business_central.sets.entity import Row, Scope
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.periods import check_open
from sandbooks.platforms.business_central.sets.sales import CREDIT_MEMOS, INVOICES, ORDERS, QUOTES, SalesDocuments
from sandbooks.platforms.business_central.sets.trade_lines import lines_of
from sandbooks.platforms.business_central.sets.trade_posting import copy_lines, mirror, post

_OPEN_BEFORE = "_openBefore"  # what was open of an invoice before it was cancelled


def post_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """Post a draft invoice."""
    record = record_of(row)
    if record.body.get("_posted"):
        raise Dialog("The action can be applied to a draft invoice only.")
    _check_lines(scope, INVOICES, record, word="invoice")
    _check_discount(scope, record.body)
    INVOICES.check_parties(scope, record.body, verb="post")
    post(scope, INVOICES, record, status="Open")
    return "salesInvoices", record.id


def post_credit_memo(scope: Scope, row: Row) -> tuple[str, str]:
    """Post a draft credit memo; one that names an invoice settles it."""
    record = record_of(row)
    if record.body.get("_posted"):
        raise Dialog("The action can be applied to a draft credit memo only.")
    _check_lines(scope, CREDIT_MEMOS, record, word="credit memo")
    CREDIT_MEMOS.check_parties(scope, record.body, verb="post")
    post(scope, CREDIT_MEMOS, record, status="Open")
    return "salesCreditMemos", record.id


def _check_lines(scope: Scope, documents: SalesDocuments, record: Record, *, word: str) -> None:
    # Source: codeunit APIV2 - Send Sales Document (CheckDocumentIfNoItemsExists), page Sales Credit Memos
    if not lines_of(scope, documents.lines, record.id):
        raise Dialog(f"Please add at least one line item to the {word}.")


def _check_discount(scope: Scope, body: dict[str, Any]) -> None:
    terms = scope.get("paymentTerm", body["paymentTermsId"])
    if terms is not None and terms.body["discountPercent"]:
        raise NotSimulated("payment discounts granted to customers", instead="payment terms without a discount")


def cancel_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """Take a posted invoice back: a corrective credit memo, posted today, mirrors it and closes it."""
    record = record_of(row)
    if not record.body.get("_posted"):
        raise Dialog("The action can be applied to a posted invoice only.")
    if record.body["status"] == "Canceled":
        raise Dialog("The invoice cannot be canceled because it has already been canceled.")
    told = "You cannot cancel this posted sales invoice because {}"
    _check_open(scope, record, told)
    if record.body["status"] == "Corrective":
        raise Dialog(told.format("it represents a correction of a credit memo."))
    if not _is_open(record):
        raise Dialog(
            told.format(
                "it is fully or partially paid.\\\\To reverse a paid sales invoice, you must manually create a sales "
                "credit memo."
            )
        )
    _check_customers(scope, record, told)
    before = {name: record.body[name] for name in ("_remaining", "_remainingBase")}
    made = mirror(scope, record, into=CREDIT_MEMOS)
    _relate(scope, made, record)
    cancelled = _current(scope, INVOICES, record.id)
    INVOICES.save(scope, record.id, {**cancelled.copy(), _OPEN_BEFORE: before})
    return "salesInvoices", record.id


def cancel_credit_memo(scope: Scope, row: Row) -> tuple[str, str]:
    """Take back the credit memo that cancelled an invoice: a corrective invoice, posted today, mirrors it, and the
    invoice that was cancelled is open again. No other credit memo is cancelled."""
    record = record_of(row)
    if not record.body.get("_posted"):
        raise Dialog("The action can be applied to a posted credit memo only.")
    if record.body["status"] == "Canceled":
        raise Dialog("The credit memo cannot be cancelled because it has already been canceled.")
    told = "You cannot cancel this posted sales credit memo because {}"
    _check_open(scope, record, told)
    _check_customers(scope, record, told)
    if record.body["status"] != "Corrective":
        raise Dialog(told.format("it is not a corrective document."))
    mirror(scope, record, into=INVOICES)
    invoice = _current(scope, INVOICES, record.body["invoiceId"])
    body = invoice.copy()
    before = body.pop(_OPEN_BEFORE)
    INVOICES.save(scope, invoice.id, {**body, **before, "status": "Open"})
    return "salesCreditMemos", record.id


def _check_open(scope: Scope, record: Record, told: str) -> None:
    try:
        check_open(scope, record.body["postingDate"])
    except Dialog as error:
        raise Dialog(told.format("it was posted in a posting period that is closed.")) from error


def _check_customers(scope: Scope, record: Record, told: str) -> None:
    for member in ("customerId", INVOICES.payer_id):
        customer = scope.get("customer", record.body[member])
        if customer is not None and customer.body["blocked"] in ("Invoice", "All"):
            raise Dialog(told.format(f"customer {customer.body['displayName']} is blocked."))


def _is_open(invoice: Record) -> bool:
    return Decimal(invoice.body["_remaining"]) == Decimal(str(invoice.body["totalAmountIncludingTax"]))


def _current(scope: Scope, documents: SalesDocuments, id: str) -> Record:
    record = scope.get(documents.type, id)
    if record is None:
        raise AssertionError("a posted document stays")
    return record


def _relate(scope: Scope, memo: Record, invoice: Record) -> None:
    """A corrective credit memo names the invoice that it closed."""
    named = {"invoiceId": invoice.id, "invoiceNumber": invoice.body["number"]}
    CREDIT_MEMOS.save(scope, memo.id, {**_current(scope, CREDIT_MEMOS, memo.id).copy(), **named})


def make_corrective_credit_memo(scope: Scope, row: Row) -> tuple[str, str]:
    """A draft credit memo like a posted invoice that nothing is paid of, applied to it."""
    invoice = record_of(row)
    if not invoice.body.get("_posted"):
        raise Dialog("The action can be applied to a posted invoice only.")
    if not _is_open(invoice):
        # Source: page Sales Invoices of API v2.0 (InvoiceClosedErr, InvoicePartiallyPaidErr)
        raise Dialog(
            "The invoice is partially paid or credited. The corrective credit memo may not be fully closed by the "
            "invoice."
            if Decimal(invoice.body["_remaining"])
            else "The invoice is closed. The corrective credit memo will not be applied to the invoice."
        )
    today = scope.today.isoformat()
    dates = {"creditMemoDate": today, "postingDate": today, "dueDate": today}
    named = {"invoiceId": invoice.id, "invoiceNumber": invoice.body["number"]}
    made = _made_from(scope, INVOICES, invoice, CREDIT_MEMOS, **dates, **named)
    return "salesCreditMemos", made.id


def make_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """A draft invoice takes the place of a quote."""
    quote = _checked_quote(scope, row)
    made = _made_from(scope, QUOTES, quote, INVOICES, invoiceDate=quote.body["documentDate"])
    _give_way(scope, QUOTES, quote, to=made.id, of=INVOICES)
    return "salesInvoices", made.id


def make_order(scope: Scope, row: Row) -> tuple[str, str]:
    """An order takes the place of a quote."""
    quote = _checked_quote(scope, row)
    made = _made_from(scope, QUOTES, quote, ORDERS, orderDate=quote.body["documentDate"], partialShipping=True)
    for line in lines_of(scope, ORDERS.lines, made.id):
        whole = {"shipQuantity": line.body["quantity"], "invoiceQuantity": line.body["quantity"]}
        ORDERS.lines.save(scope, line.id, {**line.copy(), **whole})
    _give_way(scope, QUOTES, quote, to=made.id, of=ORDERS)
    return "salesOrders", made.id


def _checked_quote(scope: Scope, row: Row) -> Record:
    quote = record_of(row)
    QUOTES.check_parties(scope, quote.body, verb="create")
    return quote


def ship_and_invoice(scope: Scope, row: Row) -> tuple[str, str]:
    """Ship and invoice an order as a whole: a posted invoice takes its place."""
    order = record_of(row)
    # The page says estimate of everything that is no invoice. Source: codeunit APIV2 - Send Sales Document
    _check_lines(scope, ORDERS, order, word="estimate")
    for line in lines_of(scope, ORDERS.lines, order.id):
        if any(line.body[member] != line.body["quantity"] for member in ("shipQuantity", "invoiceQuantity")):
            raise NotSimulated("shipping or invoicing a sales order in parts", instead="quantities of the whole line")
    ORDERS.check_parties(scope, order.body, verb="post")
    due = INVOICES.due(scope, {**order.body, INVOICES.date_member: order.body["orderDate"]})
    named = {"orderId": order.id, "orderNumber": order.body["number"]}
    made = _made_from(scope, ORDERS, order, INVOICES, invoiceDate=order.body["orderDate"], dueDate=due, **named)
    _check_discount(scope, made.body)
    post(scope, INVOICES, made, status="Open")
    _give_way(scope, ORDERS, order, to=made.id, of=INVOICES)
    return "salesInvoices", made.id


def _made_from(scope: Scope, source: SalesDocuments, record: Record, into: SalesDocuments, **members: Any) -> Record:
    """A draft of another kind with the members and lines of a document, under a number of its own."""
    body = {f.name: record.body.get(f.name, f.blank) for f in into.fields}
    body.update(
        number=str(scope.records.next_number(f"series/{into.type}", start=into.series)),
        pricesIncludeTax=record.body["pricesIncludeTax"],
        status="Draft",
        _dimensions=record.body.get("_dimensions", []),
    )
    body.update(members)
    if body["postingDate"] == BLANK_DATE:
        body["postingDate"] = scope.today.isoformat()
    made = into.save(scope, scope.records.next_uuid(into.type), body)
    copy_lines(scope, record, source, made.id, into)
    return into.recount(scope, made.id)


def _give_way(scope: Scope, documents: SalesDocuments, record: Record, *, to: str, of: SalesDocuments) -> None:
    """Another document takes the place of one."""
    files.handed_on(scope, record.id, to=to, of=of.name)
    for line in lines_of(scope, documents.lines, record.id):
        documents.lines.remove(scope, line)
    documents.remove(scope, record)
