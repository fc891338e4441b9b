"""Invoices (ACCREC) and bills (ACCPAY)."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import query
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS, Keep, Resource, all_of, ids_filter
from sandbooks.platforms.xero.approvals import write_invoice
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import writing
from sandbooks.wire import Response

SCOPES = f"{TRANSACTIONS} accounting.invoices"


def _one_of(call: Call, parameter: str, path: str) -> Keep | None:
    text = query.parameter(call, parameter)
    wanted = {part.strip().lower() for part in text.split(",") if part.strip()}
    return (lambda body: str(body.get(path, "")).lower() in wanted) if wanted else None


def _contacts(call: Call) -> Keep | None:
    wanted = query.listed(call, "ContactIDs")
    return (lambda body: body["Contact"]["ContactID"].replace("-", "") in wanted) if wanted else None


def _search(call: Call) -> Keep | None:
    term = query.parameter(call, "searchTerm").strip().lower()
    if not term:
        return None
    return lambda body: any(
        term in str(text).lower()
        for text in (body.get("InvoiceNumber"), body.get("Reference"), body["Contact"]["Name"])
    )


def _own(call: Call) -> Keep | None:
    """createdByMyApp keeps what this application made."""
    if not query.is_true(call, "createdByMyApp"):
        return None
    client_id = call.token.grant.client_id if call.token else ""
    return lambda body: body.get("_App", "") == client_id


def _keep(call: Call) -> Keep | None:
    return all_of(
        _own(call),
        ids_filter(call, "Invoice"),
        _one_of(call, "InvoiceNumbers", "InvoiceNumber"),
        _one_of(call, "Statuses", "Status"),
        _contacts(call),
        _search(call),
    )


def _shape(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """summaryOnly leaves line items, payments and credits out."""
    if query.is_true(call, "summaryOnly"):
        for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments"):
            body.pop(name, None)
        body["LineItems"] = []
    return body


def email(call: Call) -> Response:
    """Send an approved sales invoice: 204, nothing leaves the simulator."""
    record = INVOICES.find(call, call.args["id"])
    if record.body["Type"] != "ACCREC" or record.body["Status"] not in ("AUTHORISED", "PAID", "SUBMITTED"):
        raise invalid("Invoice must be an approved sales invoice to be emailed.")
    with call.unit():
        save(call.company, "Invoice", {**record.copy(), "SentToContact": True})
    return Response(204)


def online_invoice(call: Call) -> Response:
    record = INVOICES.find(call, call.args["id"])
    if record.body["Type"] != "ACCREC":
        raise invalid("Online invoices exist for sales invoices only.")
    return writing.envelope(
        call, "OnlineInvoices", [{"OnlineInvoiceUrl": f"https://in.xero.com/{record.id}"}], paging=None
    )


INVOICES = Resource(
    kind="Invoice", scopes=SCOPES, writer=write_invoice, pages=True, brief=True, keep=_keep, shape=_shape
)
OPERATIONS = (
    *INVOICES.operations(),
    Operation("read_invoice_pdf", "GET", f"{ROOT}/Invoices/<id>/pdf", INVOICES.read_pdf, scope=SCOPES),
    Operation("email_invoice", "POST", f"{ROOT}/Invoices/<id>/Email", email, writes=True, scope=SCOPES),
    Operation("online_invoice", "GET", f"{ROOT}/Invoices/<id>/OnlineInvoice", online_invoice, scope=SCOPES),
)
