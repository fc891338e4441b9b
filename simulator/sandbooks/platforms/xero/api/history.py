"""History and notes of a document: what its versions tell, and the notes that were added.

# Source: https://developer.xero.com/documentation/api/accounting/historyandnotes
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import lookup, writes
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS
from sandbooks.platforms.xero.records import NUMBER_FIELD, PLURAL
from sandbooks.platforms.xero.refusals import BatchInvalid, NotFound, invalid
from sandbooks.platforms.xero.wire import reading, writing
from sandbooks.platforms.xero.wire.dates import stored_instant
from sandbooks.wire import Response

_SCOPES = {
    "BankTransaction": f"{TRANSACTIONS} accounting.banktransactions",
    "BankTransfer": f"{TRANSACTIONS} accounting.banktransactions",
    "BatchPayment": f"{TRANSACTIONS} accounting.payments",
    "Contact": "accounting.contacts",
    "CreditNote": f"{TRANSACTIONS} accounting.invoices",
    "ExpenseClaim": f"{TRANSACTIONS} accounting.classicexpenses",
    "Invoice": f"{TRANSACTIONS} accounting.invoices",
    "Item": f"accounting.settings {TRANSACTIONS} accounting.invoices",
    "ManualJournal": f"{TRANSACTIONS} accounting.manualjournals",
    "Overpayment": f"{TRANSACTIONS} accounting.payments",
    "Payment": f"{TRANSACTIONS} accounting.payments",
    "Prepayment": f"{TRANSACTIONS} accounting.payments",
    "PurchaseOrder": f"{TRANSACTIONS} accounting.invoices",
    "Quote": f"{TRANSACTIONS} accounting.invoices",
    "Receipt": f"{TRANSACTIONS} accounting.classicexpenses",
}
_STATUSES = {"AUTHORISED": "Approved", "POSTED": "Approved", "SUBMITTED": "Submitted"}
_CHANGES = {"create": "Created", "update": "Edited", "delete": "Deleted", "void": "Voided"}


def _parent(call: Call, kind: str) -> Record:
    record = lookup.record_named(call.company, kind, call.args["id"], number=NUMBER_FIELD.get(kind, ""))
    if record is None:
        raise NotFound
    return record


def read_history(call: Call, kind: str) -> Response:
    parent = _parent(call, kind)
    records = call.company.records
    found: list[dict[str, Any]] = []
    before: Mapping[str, Any] = {}
    for version in records.versions(kind, parent.id):
        change = _change(version.action, before, version.body)
        before = version.body
        if change:
            found.append(_entry(change, stored_instant(version.at), ""))
    files = records.find("Attachment", "parent", f"{kind}/{parent.id}")
    found += [_entry("Attached a file", stored_instant(file.created), file.body["FileName"]) for file in files]
    found += [note.body for note in records.find("HistoryRecord", "parent", f"{kind}/{parent.id}")]
    return writing.answer(call, "HistoryRecord", sorted(found, key=lambda entry: entry["DateUTC"], reverse=True))


def _change(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What a version did, in the words of the history; empty when it only shows that a file was attached.

    # Unconfirmed: the words; settled by the history of documents of a demo company.
    """
    if action != "update":
        return _CHANGES[action]
    if _settled(after) > _settled(before):
        return "Paid" if after.get("Status") == "PAID" else "Payment Made"
    if _settled(after) < _settled(before):
        return "Payment Deleted"
    if after.get("Status") != before.get("Status"):
        return _STATUSES.get(str(after.get("Status")), "Edited")
    shown = ("HasAttachments", "UpdatedDateUTC")
    same = {n: v for n, v in after.items() if n not in shown} == {n: v for n, v in before.items() if n not in shown}
    return "" if same and after.get("HasAttachments") != before.get("HasAttachments") else "Edited"


def _settled(body: Mapping[str, Any]) -> Decimal:
    """How much of a document was paid or credited."""
    return sum((Decimal(body.get(name, 0)) for name in ("AmountPaid", "AmountCredited", "AppliedAmount")), Decimal(0))


def _entry(changes: str, at: str, details: str) -> dict[str, Any]:
    return {"Changes": changes, "DateUTCString": at[:19], "DateUTC": at, "User": "System Generated", "Details": details}


def put_history(call: Call, kind: str) -> Response:
    """Add notes. Raises Invalid, and BatchInvalid for a document that does not exist."""
    given = [reading.read(element, "HistoryRecord") for element in reading.elements(call, "HistoryRecord")]
    try:
        parent = _parent(call, kind)
    except NotFound as refusal:
        # Source: example of createPaymentHistory in XeroAPI/Xero-OpenAPI xero_accounting.yaml
        errors = [{"Message": "The document with the supplied id was not found for this endpoint."}]
        told = tuple({**note, "ValidationErrors": errors} for note in given)
        raise BatchInvalid("HistoryRecord", told) from refusal
    return writes.keyed(call, lambda: _noted(call, parent, given))


def _noted(call: Call, parent: Record, given: list[dict[str, Any]]) -> Response:
    company, made = call.company, []
    for note in given:
        if not note.get("Details"):
            raise invalid("Details must be specified.")
        entry = _entry("Note", stored_instant(call.world.clock.now()), note["Details"])
        keys = {"parent": f"{parent.kind}/{parent.id}"}
        company.records.put("HistoryRecord", company.records.next_uuid("history"), entry, version=1, keys=keys)
        made.append(entry)
    return writing.answer(call, "HistoryRecord", made)


def _operations(kind: str, scope: str) -> tuple[Operation, ...]:
    rule = f"{ROOT}/{PLURAL[kind]}/<id>/History"

    def get(call: Call) -> Response:
        return read_history(call, kind)

    def put(call: Call) -> Response:
        return put_history(call, kind)

    return (
        Operation(f"read_history_{kind}", "GET", rule, get, scope=scope),
        Operation(f"put_history_{kind}", "PUT", rule, put, writes=True, scope=scope),
    )


OPERATIONS = tuple(operation for kind, scope in _SCOPES.items() for operation in _operations(kind, scope))
