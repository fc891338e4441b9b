"""Bills, payments and credit notes of Xero in neutral words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.connector import Company, TrackingRef
from sandbooks.payables import (
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    BillPayment,
    CreditStatus,
    PaymentLink,
    Settlement,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.xero.connector.reading import day, instant

# Source: developer.xero.com, payments, PaymentType
PAID_OUT = ("ACCPAYPAYMENT", "APCREDITPAYMENT")
RATE_PLACES = Decimal("1e-9")

Body = Mapping[str, Any]


def bill(body: Body, company: Company) -> Bill:
    total = number_of(body.get("Total"))
    status = body.get("Status")
    issued = _day(body, "Date")
    open = number_of(body["AmountDue"]) if body.get("AmountDue") is not None else total
    return Bill(
        id=str(body["InvoiceID"]),
        supplier=_contact(body, "ContactID"),
        supplier_name=_contact(body, "Name"),
        date=issued,
        due=day(body.get("DueDate")) or issued,
        currency=str(body.get("CurrencyCode") or company.currency),
        rate=_rate(body, company),
        reference=str(body.get("InvoiceNumber") or ""),
        note=str(body.get("Reference") or ""),
        status=status_of(total, open, draft=status in ("DRAFT", "SUBMITTED"), void=status in ("VOIDED", "DELETED")),
        total=total,
        open=open,
        tax=number_of(body.get("TotalTax")),
        lines=_lines(body),
        settled=tuple(_settled(body)),
        updated=instant(body.get("UpdatedDateUTC")),
        active=status not in ("VOIDED", "DELETED"),
    )


def credit(body: Body, company: Company) -> BillCredit:
    total, left = number_of(body.get("Total")), number_of(body.get("RemainingCredit"))
    status: CreditStatus = "Paid" if left <= 0 else "Submitted" if left >= total else "PartiallyPaid"
    if body.get("Status") in ("VOIDED", "DELETED"):
        status = "Void"
    elif body.get("Status") in ("DRAFT", "SUBMITTED"):
        status = "Draft"
    return BillCredit(
        id=str(body["CreditNoteID"]),
        supplier=_contact(body, "ContactID"),
        supplier_name=_contact(body, "Name"),
        date=_day(body, "Date"),
        currency=str(body.get("CurrencyCode") or company.currency),
        rate=_rate(body, company),
        number=str(body.get("CreditNoteNumber") or ""),
        note=unmarked(str(body.get("Reference") or "")),
        status=status,
        total=total,
        remaining=left,
        tax=number_of(body.get("TotalTax")),
        lines=_lines(body),
        settled=tuple(
            Settlement(id=str(row.get("AllocationID") or ""), amount=number_of(row.get("Amount")), kind="credit")
            for row in body.get("Allocations") or ()
        ),
        updated=instant(body.get("UpdatedDateUTC")),
        active=status != "Void",
    )


def _day(body: Body, name: str) -> date:
    return day(body.get(name)) or date(1970, 1, 1)


def _contact(body: Body, name: str) -> str:
    return str((body.get("Contact") or {}).get(name) or "")


def _rate(body: Body, company: Company) -> Decimal | None:
    """Base units per foreign unit: Xero tells the reciprocal."""
    rate = number_of(body.get("CurrencyRate"))
    if not rate or body.get("CurrencyCode") in (None, company.currency):
        return None
    return (1 / rate).quantize(RATE_PLACES).normalize()


def _lines(body: Body) -> tuple[BillLine, ...]:
    inclusive = body.get("LineAmountTypes") == "Inclusive"
    return tuple(_line(line, inclusive=inclusive) for line in body.get("LineItems") or ())


def _line(line: Body, *, inclusive: bool) -> BillLine:
    amount, tax = number_of(line.get("LineAmount")), number_of(line.get("TaxAmount"))
    net = amount - tax if inclusive else amount
    quantity = number_of(line.get("Quantity")) or Decimal(1)
    tags = [
        TrackingRef(id=str(tag["TrackingOptionID"])) for tag in line.get("Tracking") or () if "TrackingOptionID" in tag
    ]
    return BillLine(
        net=net,
        tax=tax,
        quantity=quantity,
        unit=number_of(line.get("UnitAmount")) if not inclusive else net / quantity,
        description=str(line.get("Description") or ""),
        account=str(line.get("AccountID") or line.get("AccountCode") or ""),
        item=str((line.get("Item") or {}).get("ItemID") or ""),
        tax_rate=str(line.get("TaxType") or ""),
        tracking=tuple(tags),
    )


def _settled(body: Body) -> list[Settlement]:
    paid = [
        Settlement(
            id=str(row.get("BatchPaymentID") or row["PaymentID"]),
            amount=number_of(row.get("Amount")),
            date=day(row.get("Date")),
        )
        for row in body.get("Payments") or ()
    ]
    credited = [
        Settlement(
            id=str(row.get("CreditNoteID") or ""),
            amount=number_of(row.get("AppliedAmount")),
            date=day(row.get("Date")),
            kind="credit",
        )
        for row in body.get("CreditNotes") or ()
    ]
    return [*paid, *credited]


def payments(found: Sequence[Body], company: Company, *, alone: bool = False) -> list[BillPayment]:
    """Payments; the payments of one batch are one payment of several bills, unless a single one was asked for."""
    groups: dict[str, list[Body]] = {}
    for body in found:
        batch = (
            ""
            if alone
            else str(body.get("BatchPaymentID") or (body.get("BatchPayment") or {}).get("BatchPaymentID") or "")
        )
        groups.setdefault(batch or str(body["PaymentID"]), []).append(body)
    return [_payment(id, parts, company) for id, parts in groups.items()]


def _payment(id: str, parts: Sequence[Body], company: Company) -> BillPayment:
    first = parts[0]
    targets = [part.get("Invoice") or part.get("CreditNote") or {} for part in parts]
    suppliers = {str((target.get("Contact") or {}).get("ContactID") or "") for target in targets}
    alive = [part for part in parts if part.get("Status") != "DELETED"]
    refund = first.get("PaymentType") == "APCREDITPAYMENT"
    total = sum((number_of(part.get("Amount")) for part in parts), Decimal(0))
    currency = str(targets[0].get("CurrencyCode") or company.currency)
    links = tuple(_link(part) for part in parts)
    return BillPayment(
        id=id,
        date=_day(first, "Date"),
        currency=currency,
        rate=None if currency == company.currency else _rate({**first, "CurrencyCode": currency}, company),
        total=-total if refund else total,
        account=str((first.get("Account") or {}).get("AccountID") or ""),
        supplier=suppliers.pop() if len(suppliers) == 1 else "",
        supplier_name=str((targets[0].get("Contact") or {}).get("Name") or "") if len(parts) == 1 else "",
        reference=unmarked(str(first.get("Reference") or "")),
        links=links,
        updated=max(filter(None, (instant(part.get("UpdatedDateUTC")) for part in parts)), default=None),
        active=bool(alive),
    )


def _link(part: Body) -> PaymentLink:
    amount = number_of(part.get("Amount"))
    if part.get("CreditNote"):
        return PaymentLink(kind="CreditNote", id=str(part["CreditNote"].get("CreditNoteID") or ""), amount=amount)
    return PaymentLink(kind="Bill", id=str((part.get("Invoice") or {}).get("InvoiceID") or ""), amount=amount)


def file(row: Body) -> BillFile:
    return BillFile(
        id=str(row["AttachmentID"]),
        name=str(row.get("FileName") or ""),
        content_type=str(row.get("MimeType") or "application/octet-stream"),
        size=int(row["ContentLength"]) if row.get("ContentLength") is not None else None,
        include_when_sent=row.get("IncludeOnline") is True,
    )
