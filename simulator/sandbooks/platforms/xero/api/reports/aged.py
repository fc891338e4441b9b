"""Open bills or invoices of one contact, as they stood on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.xero import query
from sandbooks.platforms.xero.api.reports.asked import day, written
from sandbooks.platforms.xero.api.reports.shapes import (
    ZERO,
    Row,
    added,
    amounts,
    answered,
    header,
    row,
    section,
    summary,
)
from sandbooks.platforms.xero.refusals import NotFound, QueryUnreadable
from sandbooks.platforms.xero.wire.dates import day_of, stored_date
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.wire import Response

_FIRST = date(1900, 1, 1)
_HEADER = ("Date", "Reference", "Due Date", "", "Total", "Paid", "Credited", "Due")


def aged(kind: str) -> Callable[[Call], Response]:
    """The report of bills (ACCPAY) or sales invoices (ACCREC). Source: example of xero_accounting.yaml"""
    name = "AgedPayablesByContact" if kind == "ACCPAY" else "AgedReceivablesByContact"
    title = "Aged Payables By Contact" if kind == "ACCPAY" else "Aged Receivables By Contact"

    def run(call: Call) -> Response:
        text = query.parameter(call, "contactID")
        if not text:
            raise QueryUnreadable("contactID must be specified")
        contact = call.company.records.get("Contact", guid(text) or "")
        if contact is None:
            raise NotFound
        on = day(call, "date", call.today())
        since, through = day(call, "fromDate", _FIRST), day(call, "toDate", on)
        rows = _rows(call, contact, kind, since=since, through=through, on=on)
        first = written(since) if since > _FIRST else "the beginning"
        dated = (f"From {first} to {written(through)}", f"Showing payments to {written(on)}")
        return answered(call, name, title, titles=("Invoices", contact.body["Name"], *dated), rows=rows)

    return run


def _rows(call: Call, contact: Record, kind: str, *, since: date, through: date, on: date) -> list[Row]:
    records = [
        record
        for record in call.company.records.find("Invoice", "Contact.ContactID", contact.id)
        if record.body["Type"] == kind and record.body["Status"] in ("AUTHORISED", "PAID")
    ]
    before = [record for record in records if day_of(record.body["Date"]) < since]
    opening = sum((_amounts(record, on)[3] for record in before), ZERO)
    shown, totals = list[Row](), [ZERO] * 4
    for record in records:
        found = _amounts(record, on)
        if since <= day_of(record.body["Date"]) <= through and found[3]:
            totals = added(totals, found)
            shown.append(_row(record, found, on))
    closing = [*totals[:3], totals[3] + opening]
    blank = ("", "", "")
    rows = [header(*_HEADER)]
    if since > _FIRST:
        start = row(stored_date(since), ["Opening Balance", "", "", "", "", "", *amounts([opening])])
        rows.append(section("", [start]))
    rows.append(section("", [*shown, summary("Total", [*blank, *amounts(totals)])]))
    rows.append(section("", [summary("Closing Balance", [*blank, *amounts(closing)])]))
    return rows


def _amounts(record: Record, on: date) -> list[Decimal]:
    """Total, paid, credited and due, counting what was set against the document up to a day."""
    body = record.body
    paid, credited = ZERO, ZERO
    for each in body.get("Payments", ()):
        paid += Decimal(each["Amount"]) if day_of(each["Date"]) <= on else ZERO
    for name in ("CreditNotes", "Prepayments", "Overpayments"):
        for each in body.get(name, ()):
            credited += Decimal(each["AppliedAmount"]) if day_of(each["Date"]) <= on else ZERO
    total = Decimal(body["Total"])
    return [total, paid, credited, total - paid - credited]


def _row(record: Record, found: list[Decimal], on: date) -> Row:
    body = record.body
    late = (on - day_of(body["DueDate"])).days if body.get("DueDate") else 0
    said = f"{late} days overdue" if late > 0 else ""
    values = [body.get("InvoiceNumber", ""), body.get("DueDate", ""), said, *amounts(found)]
    return row(body["Date"], values, mark=("invoiceID", record.id))
