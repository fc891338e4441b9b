"""Bills, credit notes and payments as Xero takes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.connector import Company, Line, Refused, marked
from sandbooks.payables import NewBill, NewCredit, NewPayment, NewRecord, PaymentLink
from sandbooks.platforms.xero.connector.documents import (
    CENT,
    DESCRIPTION_MOST,
    NO_TAX,
    RATE_PLACES,
    RATE_PLACES_FINE,
    REFERENCE_MOST,
    Body,
    Lists,
    cents,
    code_of,
    tracked,
)

# The link back to the program that made a bill: never a real host. Source: developer.xero.com, invoices, Url
LINK_BACK = "https://sandbooks.invalid/records/"
UNIT_PLACES = Decimal("0.0001")  # Source: developer.xero.com, invoices, unitdp


def carries(body: Mapping[str, Any], record: NewRecord) -> bool:
    """Whether a bill or credit note is the one written for a record."""
    mark = str(body.get("Reference") or "") if isinstance(record, NewCredit) else str(body.get("Url") or "")
    return mark.rstrip("]").endswith(record.id)


def bill(record: NewBill, company: Company, lists: Lists) -> Body:
    body: Body = {
        "Type": "ACCPAY",
        "Contact": {"ContactID": record.supplier.id},
        "Date": record.date.isoformat(),
        "DueDate": record.due.isoformat(),
        "LineAmountTypes": "Exclusive",
        "Status": "DRAFT" if record.draft else "AUTHORISED",
        "Url": f"{LINK_BACK}{record.id}",
        "LineItems": _line_items(record, lists),
    }
    if record.reference:
        body["InvoiceNumber"] = record.reference[:REFERENCE_MOST]
    return body | _currency(record, company)


def credit(record: NewCredit, company: Company, lists: Lists) -> Body:
    """A credit note. It has no link back, so its reference carries the hub's id."""
    body: Body = {
        "Type": "ACCPAYCREDIT",
        "Contact": {"ContactID": record.supplier.id},
        "Date": record.date.isoformat(),
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "Reference": marked(record.note, record.id, most=REFERENCE_MOST),
        "LineItems": _line_items(record, lists),
    }
    if record.number:
        body["CreditNoteNumber"] = record.number[:REFERENCE_MOST]
    return body | _currency(record, company)


def _currency(record: NewBill | NewCredit, company: Company) -> Body:
    if record.currency == company.currency:
        return {}
    body: Body = {"CurrencyCode": record.currency}
    if record.rate is not None:
        total = sum((line.net + (line.tax or 0) for line in record.lines), Decimal(0))
        body["CurrencyRate"] = currency_rate(record.rate, total)
    return body


def currency_rate(rate: Decimal, total: Decimal) -> Decimal:
    """Foreign units per base unit, the reciprocal of ours; finer where six decimals would miss the base amount."""
    if rate <= 0:
        raise Refused("a rate is above zero")
    wanted = (total * rate).quantize(CENT, "ROUND_HALF_UP")
    found = (1 / rate).quantize(RATE_PLACES, "ROUND_HALF_UP")
    if not found or (total / found).quantize(CENT, "ROUND_HALF_UP") != wanted:
        found = (1 / rate).quantize(RATE_PLACES_FINE, "ROUND_HALF_UP")
    return found


def _line_items(record: NewBill | NewCredit, lists: Lists) -> list[Body]:
    units = record.quantities or tuple((Decimal(1), line.net) for line in record.lines)
    return [_line_item(line, *unit, lists) for line, unit in zip(record.lines, units, strict=True)]


def _line_item(line: Line, quantity: Decimal, unit: Decimal, lists: Lists) -> Body:
    if unit != unit.quantize(UNIT_PLACES) or (quantity * unit).quantize(CENT) != line.net:
        quantity, unit = Decimal(1), line.net
    body: Body = {
        "Description": (line.description or "Bill")[:DESCRIPTION_MOST],
        "Quantity": quantity,
        "UnitAmount": unit,
        "LineAmount": cents(line.net),
        "AccountCode": code_of(line.account, lists),
    }
    if line.tax_rate or not line.tax:
        body["TaxType"] = line.tax_rate or NO_TAX
    if line.tax is not None:
        body["TaxAmount"] = cents(line.tax)
    return body | tracked([ref for ref in line.tracking if ref.kind == "tracking"], lists)


def payment(record: NewPayment, link: PaymentLink, company: Company) -> Body:
    """A payment of one bill, or the refund of one credit note."""
    name = "Invoice" if link.kind == "Bill" else "CreditNote"
    body: Body = {
        name: {f"{name}ID": link.id},
        "Account": {"AccountID": record.account.id if record.account else ""},
        "Date": record.date.isoformat(),
        "Amount": cents(link.amount),
        "Reference": marked(record.reference or record.note, record.id, most=REFERENCE_MOST),
    }
    if record.currency != company.currency and record.rate is not None:
        body["CurrencyRate"] = currency_rate(record.rate, link.amount)
    return body


def batch(record: NewPayment) -> Body:
    """One payment of several bills; each of its payments says where it comes from too."""
    text = marked(record.reference or record.note, record.id, most=REFERENCE_MOST)
    paid = [{"Invoice": {"InvoiceID": link.id}, "Amount": cents(link.amount)} for link in record.links]
    return {
        "Account": {"AccountID": record.account.id if record.account else ""},
        "Date": record.date.isoformat(),
        "Reference": text,
        "Payments": [{**one, "Reference": text} for one in paid],
    }


def amount(value: Any) -> Decimal:
    """An amount of an answer."""
    return Decimal(str(value or 0))
