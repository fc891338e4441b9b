"""Bills, payments, suppliers and accounts as the Bill Pay API shows them. Pure.

Source: github.com/codatio/oas, yaml/Codat-Sync-Payables.yaml.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from sandbooks.connector import Account, Contact, NewAccount, TaxRate
from sandbooks.hub import records
from sandbooks.payables import Bill, BillFile, BillLine, BillPayment

Body = dict[str, Any]


def day(when: datetime.date) -> str:
    """A calendar day as the hub writes it: midnight, without a zone."""
    return f"{when.isoformat()}T00:00:00"


def changed(body: Body, when: datetime.datetime | None) -> Body:
    """A body with the instant at which the platform last changed the record, where that is known."""
    return body if when is None else {**body, "sourceModifiedDate": records.stamp(when)}


def bill(found: Bill) -> Body:
    body = {
        "id": found.id,
        "reference": found.reference or None,
        "supplierRef": {"id": found.supplier, "supplierName": found.supplier_name or None},
        "issueDate": day(found.date),
        "dueDate": day(found.due),
        "currency": found.currency,
        "currencyRate": found.rate,
        "lineItems": [line(one) for one in found.lines],
        "status": found.status,
        "totalAmount": found.total,
        "amountDue": found.open,
    }
    return changed(body, found.updated)


def line(found: BillLine) -> Body:
    body: Body = {
        "description": found.description or None,
        "unitAmount": found.unit,
        "quantity": found.quantity,
        "taxAmount": found.tax,
        "totalAmount": found.net + found.tax,
    }
    if found.account:
        body["accountRef"] = {"id": found.account}
    if found.tax_rate:
        body["taxRateRef"] = {"id": found.tax_rate}
    return body | {
        "trackingRefs": [
            {
                "id": ref.id,
                "dataType": "customers" if ref.kind == "customer" else "trackingCategories",
                "isBillable": found.billable and ref.kind == "customer",
            }
            for ref in found.tracking
        ]
    }


def payment(found: BillPayment, amount: Decimal) -> Body:
    """A payment as seen from the one bill that it pays: ``amount`` is what it paid of that."""
    return {
        "id": found.id,
        "amount": amount,
        "date": day(found.date),
        "reference": found.reference or None,
        "accountRef": {"id": found.account},
        "currencyRate": found.rate,
    }


def supplier(found: Contact) -> Body:
    body = {
        "id": found.id,
        "supplierName": found.name,
        "contactName": found.contact_name or None,
        "emailAddress": found.email or None,
        "phone": found.phone or None,
        "addresses": [{"type": "Unknown", **address} for address in found.addresses],
        "status": "Active" if found.active else "Archived",
        "balance": None,
        "defaultCurrency": found.currency or None,
    }
    return changed(body, found.updated)


def account(found: Account, home: str) -> Body:
    """An account that a bill's line may name."""
    body = {
        "id": found.id,
        "nominalCode": found.nominal_code or None,
        "name": found.name,
        "type": found.account_class,
        "currency": found.currency or home,
        "status": "Active" if found.active else "Archived",
    }
    return changed(body, found.updated)


def tax_rate(found: TaxRate) -> Body:
    return {
        "id": found.id,
        "name": found.name,
        "code": found.code or None,
        "effectiveTaxRate": found.effective,
        "totalTaxRate": found.total,
        "status": "Active" if found.active else "Archived",
    }


def bank_account(found: Account, home: str, asked: NewAccount | None = None) -> Body:
    """An account that a payment may leave; ``asked`` knows the numbers that lists of accounts leave out."""
    body = {
        "id": found.id,
        "name": found.name,
        "accountNumber": (asked.account_number if asked else "") or None,
        "nominalCode": found.nominal_code or None,
        "sortCode": (asked.sort_code if asked else "") or None,
        "currency": found.currency or home,
        "status": "Active" if found.active else "Archived",
        "accountType": "Credit" if found.pays == "card" else "Debit",
    }
    return changed(body, found.updated)


def file(found: BillFile) -> Body:
    body: Body = {
        "id": found.id,
        "name": found.name,
        "contentType": found.content_type,
        "fileSize": found.size,
        "includeWhenSent": found.include_when_sent,
    }
    return body if found.created is None else {**body, "dateCreated": records.stamp(found.created)}
