"""Payments of invoices by payment journals, what the ledger tells of them, and what is left of invoices.

The API has no entries of vendors and no list of posted payments: the ledger shows a payment by its document number and
its description, which says what it paid. What is left of an invoice shows only from a payment that could be applied to
it; for that an empty line stands for each vendor in a journal of its own, which is never posted.
Source: learn.microsoft.com, Business Central, API v2.0 (vendorPaymentJournal, vendorPayment, applyVendorEntry,
generalLedgerEntry).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from sandbooks.connector import Company, Done, Native, Refused, Steps, Unavailable, Unknown, marked
from sandbooks.payables import ZERO, BillPayment, NewPayment, PaymentLink, day_of, number_of, unmarked
from sandbooks.platforms.business_central.connector import journals
from sandbooks.platforms.business_central.connector.calls import (
    EXISTS,
    MISSING,
    Body,
    Place,
    caption,
    every,
    read,
    write,
)
from sandbooks.platforms.business_central.connector.documents import (
    DESCRIPTION_MOST,
    LINE_STEP,
    REFERENCE_MOST,
    Journal,
    chosen_id,
)
from sandbooks.platforms.business_central.connector.journals import Task
from sandbooks.platforms.business_central.connector.reading import updated

JOURNALS, LINES = "vendorPaymentJournals", "vendorPayments"
PAYMENT = "vendorPayment"
VIEW = "SBOPENINV"  # the journal from which what is left of invoices is seen
_PAYS = re.compile(r"Pays (?P<number>\S+) (?P<amount>\d+(?:\.\d+)?) (?P<currency>[A-Z]{3})")


def native(id: str) -> Native:
    """A payment's identity: its document number, which the ledger shows."""
    return Native(kind=PAYMENT, id=id, data_type="billPayments")


# What is left of invoices


def open_amounts(vendor: str, place: Place) -> Steps[dict[str, Decimal]]:
    """What is left of each open invoice of a vendor, by the invoice's number. Raises ``Unavailable``.

    A vendor whom no payment may name has no such view; what was paid of its invoices cannot be told.
    """
    line = chosen_id(f"{VIEW}/{vendor}")
    path = place.path(f"{JOURNALS}({chosen_id(VIEW)})/{LINES}({line})/applyVendorEntries")
    try:
        found = yield from _entries(path)
    except Refused as missing:
        if missing.status != MISSING:
            raise
        if not (yield from _view(vendor, line, place)):
            return {}
        found = yield from _entries(path)
    return {str(row["documentNumber"]): abs(number_of(row.get("remainingAmount"))) for row in found}


def _entries(path: str) -> Steps[list[Body]]:
    found = yield from every(path, purpose="see what is left of a vendor's invoices")
    return [row for row in found if caption(row.get("documentType")) == "Invoice"]


def _view(vendor: str, line: str, place: Place) -> Steps[bool]:
    """Put an empty payment of a vendor into the journal that is never posted; False where none may be made."""
    journal = {"id": chosen_id(VIEW), "code": VIEW, "displayName": "What is left of invoices (not to be posted)"}
    row = {"id": line, "vendorId": vendor, "amount": ZERO, "description": journal["displayName"]}
    try:
        yield from _made(place.path(JOURNALS), journal)
        yield from _made(place.path(f"{JOURNALS}({journal['id']})/{LINES}"), row)
    except Unknown as unknown:
        raise Unavailable(unknown.message) from unknown
    except Refused:
        return False
    return True


def _made(path: str, body: Mapping[str, Any]) -> Steps[None]:
    try:
        yield from write("POST", path, body, purpose="make a view of open invoices")
    except Refused as refused:
        if refused.native_code != EXISTS:
            raise


# Paying


def pay(record: NewPayment, place: Place) -> Steps[Done]:
    """Pay one invoice, or a vendor on account. Raises ``Refused`` for what Business Central cannot state."""
    if len(record.links) != 1 or record.links[0].kind not in ("Bill", "PaymentOnAccount"):
        raise Refused("Business Central takes a payment of one bill, or one on account", element="lines")
    if record.account is None:
        raise Refused("Business Central needs the bank account that a payment leaves", element="accountRef")
    link = record.links[0]
    invoice: Body = {}
    if link.kind == "Bill":
        invoice = yield from _invoice(link.id, place, reference=record.id)
    task = Task(
        journal=Journal.of(record.id),
        body=_journal(record, link, invoice, account=record.account.id),
        native=native(Journal.of(record.id).number),
        reference=record.id,
        set=JOURNALS,
        lines=LINES,
        check=lambda: _check_left(link, invoice, place),
    )
    done = yield from journals.carry_out(task, place)
    return done


def look_up(record: NewPayment, place: Place) -> Steps[Done | None]:
    """A payment in the ledger."""
    number = Journal.of(record.id).number
    found = yield from journals.posted(number, place, reference=record.id)
    return Done(native=native(number), found=True) if found else None


def _invoice(id: str, place: Place, *, reference: str) -> Steps[Body]:
    try:
        found = yield from read(
            place.path(f"purchaseInvoices({id})"), purpose="read the invoice to be paid", reference=reference
        )
    except Refused as refused:
        if refused.status == MISSING:
            raise Refused(f"there is no bill {id} in Business Central", status=MISSING, element="lines") from refused
        raise
    return found


def _check_left(link: PaymentLink, invoice: Body, place: Place) -> Steps[None]:
    """No more than is left of an invoice: what is over would stand on the vendor, set against nothing."""
    if not invoice:
        return
    left = yield from open_amounts(str(invoice["vendorId"]), place)
    known = left.get(str(invoice["number"]), ZERO)
    if link.amount > known:
        raise Refused(f"{known} is left of the bill {invoice.get('number')}, not {link.amount}", element="lines")


def _journal(record: NewPayment, link: PaymentLink, invoice: Body, *, account: str) -> Body:
    journal = Journal.of(record.id)
    line: Body = {
        "id": journal.line_id(0),
        "lineNumber": LINE_STEP,
        "vendorId": record.supplier or link.id,
        "postingDate": record.date.isoformat(),
        "documentNumber": journal.number,
        "amount": record.total,
        "description": marked(_said(record, link, invoice), record.id, most=DESCRIPTION_MOST),
    }
    line |= {"appliesToInvoiceId": link.id} if invoice else {}
    line |= {"externalDocumentNumber": record.reference[:REFERENCE_MOST]} if record.reference else {}
    return {
        "id": journal.id,
        "code": journal.code,
        "displayName": marked("", record.id, most=DESCRIPTION_MOST),
        "balancingAccountId": account,
        LINES: [line],
    }


def _said(record: NewPayment, link: PaymentLink, invoice: Body) -> str:
    """What a payment pays, so that the ledger tells it, then its note."""
    paid = f"Pays {invoice['number']} {link.amount:f} {record.currency}" if invoice else ""
    return " ".join(filter(None, (paid, record.note)))


# What the ledger tells of payments


def every_payment(place: Place, company: Company) -> Steps[Sequence[BillPayment]]:
    """Every payment in the ledger, by its document number."""
    rows = yield from every(
        place.path("generalLedgerEntries"), purpose="list payments", filter="documentType eq 'Payment'"
    )
    invoices = yield from every(place.path("purchaseInvoices"), purpose="list purchase invoices")
    ordered = sorted(rows, key=lambda row: (str(row.get("documentNumber")), int(row.get("entryNumber") or 0)))
    groups = (list(group) for _, group in groupby(ordered, key=lambda row: str(row.get("documentNumber"))))
    return [_payment(group, invoices, company) for group in groups]


def one_payment(id: str, place: Place, company: Company) -> Steps[BillPayment | None]:
    """A payment by its document number."""
    if "'" in id:
        return None
    found = yield from journals.posted(id, place)
    rows = [row for row in found if caption(row.get("documentType")) == "Payment"]
    if not rows:
        return None
    invoices = yield from every(place.path("purchaseInvoices"), purpose="list purchase invoices")
    return _payment(rows, invoices, company)


def _payment(rows: Sequence[Body], invoices: Sequence[Body], company: Company) -> BillPayment:
    """One payment out of its ledger entries, which are in local currency; what it paid stands in the description.

    The largest credit is the money: beside it there are at most differences of exchange.
    """
    money = max(rows, key=lambda row: number_of(row.get("creditAmount")))
    said = unmarked(str(money.get("description") or ""))
    found = _PAYS.match(said)
    invoice = next((one for one in invoices if found and str(one.get("number")) == found["number"]), None)
    amount = Decimal(found["amount"]) if found else number_of(money.get("creditAmount"))
    supplier = str(invoice.get("vendorId") or "") if invoice else ""
    return BillPayment(
        id=str(money["documentNumber"]),
        date=day_of(money, "postingDate"),
        currency=found["currency"] if found else company.currency,
        total=amount,
        account=str(money.get("accountId") or ""),
        supplier=supplier,
        supplier_name=str(invoice.get("vendorName") or "") if invoice else "",
        note=_PAYS.sub("", said).strip(),
        links=(PaymentLink(kind="Bill", id=str(invoice["id"]), amount=amount),) if invoice else (),
        updated=updated(money),
    )
