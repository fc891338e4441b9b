"""Approval of purchase documents: what waits for it, and who asked whom.

A workflow is on for the kinds of document that the company's setting ``approval_required`` names; requests are sent and
decided in the application's own pages, never over the API. Source: codeunits Approvals Mgmt. and Release Purchase
Document, pages Approval Entries and Posted Approval Entries of API v2.0, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.business_central.fields import (
    Field,
    choice,
    code,
    day,
    flag,
    instant,
    number,
    plain,
    shown,
    text,
    uid,
    whole,
)
from sandbooks.platforms.business_central.names import encoded
from sandbooks.platforms.business_central.rates import rate_on
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule
from sandbooks.platforms.business_central.sets.entity import Scope, StoredSet, stamp

SETTING = "approval_required"
PENDING, RELEASED = "Pending Approval", "Released"
_TYPES = {"purchaseInvoice": "Invoice", "purchaseCreditMemo": "Credit Memo", "purchaseOrder": "Order"}
KINDS = frozenset(_TYPES)
_CODES = {"purchaseInvoice": "PIAPW", "purchaseCreditMemo": "PCMAPW", "purchaseOrder": "POAPW"}
_HEADER, _POSTED = 38, {"purchaseInvoice": 122, "purchaseCreditMemo": 124, "purchaseOrder": 122}
_DOCUMENTS = ("Quote", "Order", "Invoice", "Credit Memo", "Blanket Order", "Return Order", "")
_STAMPS = (instant("dateTimeSentForApproval"), instant("lastDateTimeModified"))
_AMOUNTS = (
    flag("comment"),
    day("dueDate"),
    number("amount"),
    number("amountLCY"),
    code("currencyCode", 10),
    choice("approvalType", "Workflow User Group", "Sales Pers./Purchaser", "Approver", ""),
    choice("limitType", "Approval Limits", "Credit Limits", "Request Limits", "No Limits", ""),
    number("availableCreditLimitLCY"),
)
_COUNTS = (text("delegationDateFormula", 32), whole("numberOfApprovedRequests"), whole("numberOfRejectedRequests"))


def _requests(purchaser_code: str, purchaser_name: str) -> tuple[Field, ...]:
    """Who asks whom; the two kinds of entry differ in what they call the purchaser."""
    return (
        whole("sequenceNumber"),
        code("senderId", 50),
        text("senderName", 80),
        code("approvalCode"),
        code(purchaser_code),
        text(purchaser_name, 50),
        code("approverId", 50),
        text("approverName", 80),
        choice("status", "Created", "Open", "Canceled", "Rejected", "Approved", ""),
    )


class _Entries(StoredSet):
    def lookup(self, body: Mapping[str, Any]) -> dict[str, str]:
        return {"document": str(body["_document"])}


class Approvals(_Entries):
    name, type, caption = "approvalEntries", "approvalEntry", "Approval Entry"
    fields: ClassVar[tuple[Field, ...]] = shown(
        whole("entryNumber"),
        whole("tableId"),
        choice("documentType", *_DOCUMENTS),
        code("documentNumber"),
        *_requests("salespersonPurchaserCode", "salespersonPurchaserName"),
        *_STAMPS,
        *_AMOUNTS,
        whole("pendingApprovals"),
        text("recordIdToApprove", 250),
        *_COUNTS,
        flag("relatedToChange"),
        uid("workflowStepInstanceId"),
    )


class PostedApprovals(_Entries):
    name, type, caption = "postedApprovalEntries", "postedApprovalEntry", "Posted Approval Entry"
    fields: ClassVar[tuple[Field, ...]] = shown(
        whole("entryNumber"),
        whole("tableId"),
        code("documentNumber"),
        *_requests("salespersonPurchCode", "salespersonPurchName"),
        *_STAMPS,
        text("lastModifiedById", 50),
        *_AMOUNTS,
        text("recordId", 250),
        *_COUNTS,
        whole("iterationNumber"),
    )


ENTRIES, POSTED_ENTRIES = Approvals(), PostedApprovals()
SETS = (ENTRIES, POSTED_ENTRIES)


def word_of(document: Record) -> str:
    """The document type of a purchase document."""
    return _TYPES[document.kind]


def is_required(scope: Scope, kind: str) -> bool:
    """Whether a workflow is on for a kind of purchase document."""
    given = scope.company.settings.get(SETTING, ())
    return bool(given is True or (given and kind in given))


def check_editable(document: Record) -> None:
    """Refuse changes to what waits for approval or is released. Raises ``FieldRule``."""
    status = document.body.get("_approval")
    if status:
        key = f"Document Type={_TYPES[document.kind]}, No.={document.body['number']}"
        raise FieldRule(f"Status must be equal to 'Open' in Purchase Header: {key}. Current value is '{status}'.")


def check_postable(scope: Scope, document: Record) -> None:
    """Refuse to post what an approval is wanted for and not given. Raises ``Dialog``."""
    status = document.body.get("_approval")
    if status == PENDING or (not status and is_required(scope, document.kind)):
        named = f"Purchase {_TYPES[document.kind]} {document.body['number']}"
        raise Dialog(f"{named} must be approved and released before you can perform this action.")


def decided(scope: Scope, document: Record, status: str) -> dict[str, Any]:
    """Send, approve, reject or take back a request, or release and reopen without one: the changes of the document.

    ``status`` is what the document or its request becomes: ``Pending Approval``, ``Released``, ``Rejected``,
    ``Canceled`` or ``Open``. Raises ``Dialog``.
    """
    now, required = document.body.get("_approval", ""), is_required(scope, document.kind)
    if document.body.get("_posted") or status not in (PENDING, RELEASED, "Rejected", "Canceled", "Open"):
        raise Dialog(f"The status of the document cannot become '{status[:40]}'.")
    if status == PENDING:
        if not required:
            raise Dialog("No approval workflow for this record type is enabled.")
        if now:
            raise Dialog("An approval request already exists.")
        _request(scope, document)
        return {"_approval": PENDING, "status": encoded("In Review")}
    if status == RELEASED:
        if required and not now:
            raise Dialog("This document can only be released when the approval process is complete.")
        _settle(scope, document, "Approved")
        return {"_approval": RELEASED, "status": encoded("In Review")}
    if now == PENDING and status == "Open":
        raise Dialog("The approval process must be cancelled or completed to reopen this document.")
    if status != "Open" and now != PENDING:
        raise Dialog("There is no approval request to be decided.")
    _settle(scope, document, status)
    return {"_approval": "", "status": "Draft"}


def _request(scope: Scope, document: Record) -> None:
    body, company = document.body, scope.company
    net = Money.of(Decimal(str(body["totalAmountExcludingTax"])), body["currencyCode"])
    local = rate_on(company, body["currencyCode"], body["postingDate"]).to_base(net)
    now = stamp(scope.world.clock.now())
    values = {
        "entryNumber": scope.records.next_number("series/approvalEntry", start=1),
        "tableId": _HEADER,
        "documentType": encoded(_TYPES[document.kind]),
        "documentNumber": body["number"],
        "sequenceNumber": 1,
        "senderId": "OWNER",
        "approvalCode": _CODES[document.kind],
        "salespersonPurchaserCode": body.get("purchaser", ""),
        "approverId": "APPROVER",
        "status": "Open",
        "dateTimeSentForApproval": now,
        "lastDateTimeModified": now,
        "dueDate": scope.today.isoformat(),
        "amount": plain(net.amount),
        "amountLCY": plain(local.amount),
        "currencyCode": "" if body["currencyCode"] == company.currency else body["currencyCode"],
        # Unconfirmed: the approver and the limit, which are set up in the workflow.
        "approvalType": "Approver",
        "limitType": encoded("No Limits"),
        "pendingApprovals": 1,
        "recordIdToApprove": f"Purchase Header: {_TYPES[document.kind]},{body['number']}",
        "_document": document.id,
    }
    blank = {f.name: f.blank for f in ENTRIES.fields}
    ENTRIES.save(scope, scope.records.next_uuid(ENTRIES.type), {**blank, **values})


def _settle(scope: Scope, document: Record, status: str) -> None:
    """Give every open request of a document its outcome."""
    for entry in scope.records.find(ENTRIES.type, "document", document.id):
        if entry.body["status"] == "Open":
            counted = {"Approved": "numberOfApprovedRequests", "Rejected": "numberOfRejectedRequests"}.get(status)
            changes: dict[str, Any] = {"status": status, "pendingApprovals": 0, **({counted: 1} if counted else {})}
            changes["lastDateTimeModified"] = stamp(scope.world.clock.now())
            ENTRIES.save(scope, entry.id, {**entry.copy(), **changes})


def moved(scope: Scope, document: str, *, posted: Record) -> None:
    """A document is posted: its requests are kept with the posted one."""
    for entry in list(scope.records.find(ENTRIES.type, "document", document)):
        body = {f.name: entry.body.get(f.name, f.blank) for f in POSTED_ENTRIES.fields}
        body.update(
            tableId=_POSTED[posted.kind],
            documentNumber=posted.body["number"],
            salespersonPurchCode=entry.body["salespersonPurchaserCode"],
            lastModifiedById=entry.body["approverId"],
            recordId=f"Purch. Inv. Header: {posted.body['number']}"
            if posted.kind == "purchaseInvoice"
            else f"Purch. Cr. Memo Hdr.: {posted.body['number']}",
            _document=posted.id,
        )
        POSTED_ENTRIES.save(scope, scope.records.next_uuid(POSTED_ENTRIES.type), body)
        ENTRIES.remove(scope, entry)


def dropped(scope: Scope, document: str) -> None:
    """A document is deleted, and its requests with it."""
    for entry in list(scope.records.find(ENTRIES.type, "document", document)):
        ENTRIES.remove(scope, entry)
