"""Invoices, bills and credit notes: drawn up as drafts, approved, changed, voided.

Both kinds share one life; ``DocumentKind`` says what differs. ``_BaseOpen`` is what is still open in base currency.

# Source: https://developer.xero.com/documentation/api/accounting/invoices and .../creditnotes
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.xero import documents, lookup
from sandbooks.platforms.xero.contacts import mark_role
from sandbooks.platforms.xero.posting.money import converted
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
ZERO = Decimal("0.00")
OPEN_STATUS = ("DRAFT", "SUBMITTED")


class DocumentKind(Struct, frozen=True):
    """What sets invoices and credit notes apart. ``series`` numbers the sales side."""

    kind: str
    noun: str
    payable: str
    number: str
    series: str
    dated: bool  # whether approval asks for a due date

    @property
    def id(self) -> str:
        return f"{self.kind}ID"


INVOICE = DocumentKind("Invoice", "Invoice", "ACCPAY", "InvoiceNumber", "INV-", dated=True)
CREDIT_NOTE = DocumentKind("CreditNote", "Credit Note", "ACCPAYCREDIT", "CreditNoteNumber", "CN-", dated=False)
# What may change on a document that money has been set against: nothing that the books rest on.
_FREE = frozenset(
    {"InvoiceID", "CreditNoteID", "Reference", "DueDate", "Url", "SentToContact", "ExpectedPaymentDate",
     "PlannedPaymentDate", "BrandingThemeID", "Status", "Type", "InvoiceNumber", "CreditNoteNumber"}
)  # fmt: skip
_OWN = ("Reference", "Url", "DueDate", "BrandingThemeID", "SentToContact", "ExpectedPaymentDate", "PlannedPaymentDate")


def write_invoice(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change an invoice or bill. Raises Invalid."""
    return _write(call, given, prior or _by_number(call, given), INVOICE)


def write_credit_note(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change a credit note. Raises Invalid."""
    return _write(call, given, prior, CREDIT_NOTE)


def _by_number(call: Call, given: Mapping[str, Any]) -> Record | None:
    """A POST that names an existing sales invoice by number updates it."""
    number = given.get("InvoiceNumber")
    if call.request.method != "POST" or not number or given.get("Type") == "ACCPAY" or given.get("InvoiceID"):
        return None
    found = call.company.records.find("Invoice", "InvoiceNumber", number.lower())
    return next((record for record in found if record.body["Type"] == "ACCREC"), None)


def _write(call: Call, given: Mapping[str, Any], prior: Record | None, kind: DocumentKind) -> Record:
    if prior is None:
        return _create(call, given, kind)
    status, wanted = prior.body["Status"], given.get("Status", prior.body["Status"])
    if status in ("PAID", "VOIDED", "DELETED"):
        return _closed_document(call, given, prior, kind)
    if wanted == "PAID" or (status == "AUTHORISED" and wanted in ("DRAFT", "SUBMITTED", "DELETED")):
        raise invalid(f"{kind.noun} not of valid status for modification")
    if wanted == "VOIDED":
        return _void(call, prior, kind)
    if wanted == "DELETED":
        return save(call.company, kind.kind, {**prior.copy(), "Status": "DELETED"})
    return _change(call, given, prior, kind)


def _closed_document(call: Call, given: Mapping[str, Any], prior: Record, kind: DocumentKind) -> Record:
    """A paid, voided or deleted document changes no more."""
    if given.get("Status") == "VOIDED" and prior.body["Status"] == "PAID":
        return _void(call, prior, kind)
    raise invalid(f"{kind.noun} not of valid status for modification")


def _create(call: Call, given: Mapping[str, Any], kind: DocumentKind) -> Record:
    company = call.company
    if not given.get("Type"):
        raise invalid("A valid Type must be specified.")
    status = given.get("Status", "DRAFT")
    if status not in ("DRAFT", "SUBMITTED", "AUTHORISED"):
        raise invalid(f"{kind.noun} not of valid status for creation")
    body: Body = {kind.id: company.records.next_uuid(kind.kind.lower()), "Type": given["Type"], "HasAttachments": False}
    body["_App"] = call.token.grant.client_id if call.token else ""
    body[kind.number] = _number(company, given, {}, kind, own=body[kind.id])
    body |= _drawn_up(call, given, {}, kind=kind, status=status)
    if kind is INVOICE:
        body |= {"AmountPaid": ZERO, "AmountCredited": ZERO, "CreditNotes": [], "Prepayments": [], "Overpayments": []}
    else:
        body |= {"AppliedAmount": ZERO, "Allocations": []}
    body["Payments"] = []
    return _keep(call, body, kind)


def _number(
    company: Company, given: Mapping[str, Any], prior: Mapping[str, Any], kind: DocumentKind, *, own: str
) -> str:
    """The document number: unique on the sales side, and made up there when none is given."""
    number = str(given.get(kind.number) or prior.get(kind.number) or "")
    if given.get("Type", prior.get("Type")) == kind.payable:
        return number
    if not number:
        return _next_number(company, kind)
    others = company.records.find(kind.kind, kind.number, number.lower())
    if any(other.id != own and other.body["Type"] != kind.payable for other in others):
        raise invalid(f"{kind.noun} # must be unique.")
    return number


def _next_number(company: Company, kind: DocumentKind) -> str:
    while True:
        number = f"{kind.series}{company.records.next_number(kind.number):04d}"
        if not company.records.find(kind.kind, kind.number, number.lower()):
            return number


def _drawn_up(
    call: Call, given: Mapping[str, Any], prior: Mapping[str, Any], *, kind: DocumentKind, status: str
) -> Body:
    """The document as it would stand. Raises Invalid."""
    company = call.company
    approved = status not in OPEN_STATUS
    stated = given.get("CurrencyCode") or prior.get("CurrencyCode")
    currency = lookup.checked_currency(company, stated, company.currency)
    draft = documents.Draft(
        given=given,
        prior=prior,
        currency=currency,
        complete=approved or status == "SUBMITTED",
        purchase=given.get("Type", prior.get("Type")) == kind.payable,
    )
    body: Body = {"Status": status, **documents.common(call, draft)}
    body |= {name: draft.value(name) for name in _OWN if draft.value(name) is not None}
    _check(company, body, kind, complete=draft.complete, approved=approved)
    return body


def _check(company: Company, body: Body, kind: DocumentKind, *, complete: bool, approved: bool) -> None:
    """What a document needs before it is submitted or approved. Raises Invalid."""
    if complete:
        lookup.rejects(
            "One or more line items must be specified." if not body["LineItems"] else None,
            "Due Date must be specified." if kind.dated and not body.get("DueDate") else None,
            "Line item description must be specified."
            if any(not line.get("Description") for line in body["LineItems"])
            else None,
        )
    if body["Total"] < 0:
        raise invalid(f"The {kind.noun.lower()} total cannot be negative.")
    if approved:
        lookup.check_open(company, body["Date"])


def _keep(call: Call, body: Body, kind: DocumentKind) -> Record:
    """Store the document with what is open of it, and its facts."""
    company = call.company
    payable = body["Type"] == kind.payable
    control = lookup.system_account(company, "CREDITORS" if payable else "DEBTORS")
    facts = documents.facts(company, body, control=control)
    total = Money(Decimal(body["Total"]), facts["currency"])
    body["_BaseOpen"] = converted(total, Decimal(facts["rate"]), facts["base"]).amount
    if kind is INVOICE:
        body["AmountDue"] = body["Total"]
        if not payable:
            body["TotalDiscount"] = _discount(body)
    else:
        body["RemainingCredit"] = body["Total"]
    if body["Status"] == "AUTHORISED" and kind is INVOICE:
        mark_role(company, body["Contact"]["ContactID"], supplier=payable)
        if body["Total"] == 0:
            body |= {"Status": "PAID", "FullyPaidOnDate": body["Date"]}
    return save(company, kind.kind, {**body, "UpdatedDateUTC": ""}, facts=facts)


def _discount(body: Body) -> Decimal:
    total = ZERO
    for line in body["LineItems"]:
        if "UnitAmount" in line and ("DiscountRate" in line or "DiscountAmount" in line):
            total += line["Quantity"] * line["UnitAmount"] - line["LineAmount"]
    return total.quantize(ZERO)


def is_settled(body: Mapping[str, Any]) -> bool:
    """Whether payments or credits are set against a document."""
    return bool(body.get("Payments") or body.get("Allocations") or body.get("AmountPaid") or body.get("AmountCredited"))


def _change(call: Call, given: Mapping[str, Any], prior: Record, kind: DocumentKind) -> Record:
    body = prior.body
    if given.get("Type", body["Type"]) != body["Type"]:
        raise invalid(f"The type of the {kind.noun.lower()} cannot be changed.")
    if is_settled(body) and not set(given) <= _FREE:
        raise invalid("This document cannot be edited as it has a payment or credit note allocated to it.")
    if is_settled(body):
        free = {name: given[name] for name in _OWN if name in given}
        return save(call.company, kind.kind, {**prior.copy(), **free})
    if body["Status"] == "AUTHORISED":
        lookup.check_open(call.company, body["Date"])
    status = given.get("Status", body["Status"])
    number = _number(call.company, given, body, kind, own=prior.id)
    made = _drawn_up(call, given, body, kind=kind, status=status)
    return _keep(call, {**prior.copy(), kind.number: number, **made}, kind)


def _void(call: Call, prior: Record, kind: DocumentKind) -> Record:
    """Void an approved document: a reversing entry under its own date."""
    body = prior.copy()
    if is_settled(body):
        raise invalid(
            f"The status VOIDED cannot be applied to the {kind.noun.lower()} because it has payments or credit notes "
            "allocated to it."
        )
    if body["Status"] in OPEN_STATUS:
        raise invalid(f"{kind.noun} not of valid status for modification")
    lookup.check_open(call.company, body["Date"])
    body["Status"] = "VOIDED"
    body["AmountDue" if kind is INVOICE else "RemainingCredit"] = ZERO
    return save(call.company, kind.kind, body)
