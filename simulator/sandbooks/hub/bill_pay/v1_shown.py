"""Bills, payments, credits and lists as the first version of bill pay shows them. Pure.

Source: github.com/codatio/oas, yaml/Codat-Sync-Payables-v1.yaml.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.connector import Account, TaxRate, TrackingOption
from sandbooks.hub import records
from sandbooks.hub.bill_pay.shown import day
from sandbooks.payables import (
    Bill,
    BillCredit,
    BillLine,
    BillPayment,
    LedgerJournal,
    PaymentLink,
    PaymentMethod,
    Settlement,
)

Body = dict[str, Any]
Names = Mapping[str, str]


def dated(body: Body, updated: datetime.datetime | None, *, active: bool = True) -> Body:
    """A record with what every record has: whether it is deleted, and when it was last changed."""
    body["metadata"] = {"isDeleted": not active}
    if updated is not None:
        body["sourceModifiedDate"] = body["modifiedDate"] = records.stamp(updated)
    return body


def bill(found: Bill, *, accounts: Names, rates: Mapping[str, TaxRate], payments: Sequence[BillPayment]) -> Body:
    body: Body = {
        "id": found.id,
        "reference": found.reference or None,
        "supplierRef": {"id": found.supplier, "supplierName": found.supplier_name or None},
        "purchaseOrderRefs": [{"id": id, "purchaseOrderNumber": number or None} for id, number in found.orders],
        "issueDate": day(found.date),
        "dueDate": day(found.due),
        "currency": found.currency,
        "currencyRate": found.rate,
        "lineItems": [
            {**_line(one, accounts, rates), "lineNumber": str(number), "isDirectCost": False}
            for number, one in enumerate(found.lines, 1)
        ],
        "withholdingTax": [],
        "status": found.status,
        "subTotal": found.total - found.tax,
        "taxAmount": found.tax,
        "totalAmount": found.total,
        "amountDue": found.open,
        "note": found.note or None,
        "paymentAllocations": _allocations(found.id, found.currency, found.settled, payments, "Bill"),
    }
    return dated(body, found.updated, active=found.active)


def credit(
    found: BillCredit, *, accounts: Names, rates: Mapping[str, TaxRate], payments: Sequence[BillPayment]
) -> Body:
    body: Body = {
        "id": found.id,
        "billCreditNoteNumber": found.number or None,
        "supplierRef": {"id": found.supplier, "supplierName": found.supplier_name or None},
        "withholdingTax": [],
        "totalAmount": found.total,
        "totalDiscount": Decimal(0),
        "subTotal": found.total - found.tax,
        "totalTaxAmount": found.tax,
        "discountPercentage": Decimal(0),
        "remainingCredit": found.remaining,
        "status": found.status,
        "issueDate": day(found.date),
        "currency": found.currency,
        "currencyRate": found.rate,
        "lineItems": [_line(one, accounts, rates) for one in found.lines],
        "paymentAllocations": _allocations(found.id, found.currency, found.settled, payments, "CreditNote"),
        "createdFromRefs": [],
        "note": found.note or None,
    }
    return dated(body, found.updated, active=found.active)


def _line(found: BillLine, accounts: Names, rates: Mapping[str, TaxRate]) -> Body:
    body: Body = {
        "description": found.description or None,
        "unitAmount": found.unit,
        "quantity": found.quantity,
        "discountAmount": Decimal(0),
        "subTotal": found.net,
        "taxAmount": found.tax,
        "totalAmount": found.net + found.tax,
        "accountRef": {"id": found.account, "name": accounts.get(found.account, "")} if found.account else None,
        "trackingCategoryRefs": [{"id": ref.id} for ref in found.tracking if ref.kind == "tracking"],
        "tracking": _tracking(found),
    }
    if found.tax_rate:
        rate = rates.get(found.tax_rate)
        body["taxRateRef"] = {
            "id": found.tax_rate,
            "name": rate.name if rate else "",
            "effectiveTaxRate": rate.effective if rate else Decimal(0),
        }
    if found.item:
        body["itemRef"] = {"id": found.item}
    return body


def _tracking(found: BillLine) -> Body:
    customer = next((ref.id for ref in found.tracking if ref.kind == "customer"), "")
    body: Body = {
        "categoryRefs": [{"id": ref.id} for ref in found.tracking if ref.kind == "tracking"],
        "isBilledTo": "Customer" if customer else "NotApplicable",
        "isRebilledTo": "Customer" if customer and found.billable else "NotApplicable",
    }
    return body | ({"customerRef": {"id": customer}} if customer else {})


def _allocations(
    id: str, currency: str, settled: Sequence[Settlement], payments: Sequence[BillPayment], kind: str
) -> list[Body]:
    """What settled a record: the payments that were read, else what the record itself tells."""
    found = [
        _allocation(payment.id, payment.date, link.amount, currency, payment)
        for payment in payments
        for link in payment.links
        if payment.active and (link.kind, link.id) == (kind, id)
    ]
    known = {payment.id for payment in payments}
    rest = [_allocation(one.id, one.date, one.amount, currency, None) for one in settled if one.id not in known]
    return [*found, *rest]


def _allocation(id: str, on: datetime.date | None, amount: Decimal, currency: str, payment: BillPayment | None) -> Body:
    paid: Body = {"id": id, "currency": payment.currency if payment else currency, "currencyRate": None}
    if payment is not None:
        paid |= {
            "note": payment.note or None,
            "reference": payment.reference or None,
            "currencyRate": payment.rate,
            "paidOnDate": day(payment.date),
            "totalAmount": payment.total,
        }
        if payment.account:
            paid["accountRef"] = {"id": payment.account}
    allocation: Body = {"currency": currency, "currencyRate": payment.rate if payment else None, "totalAmount": amount}
    if on is not None:
        allocation["allocatedOnDate"] = day(on)
    return {"payment": paid, "allocation": allocation}


def payment(found: BillPayment, *, accounts: Names) -> Body:
    body: Body = {
        "id": found.id,
        "totalAmount": found.total,
        "currency": found.currency,
        "currencyRate": found.rate,
        "date": day(found.date),
        "note": found.note or None,
        "lines": [_payment_line(link, found) for link in found.links],
        "reference": found.reference or None,
    }
    if found.supplier:
        body["supplierRef"] = {"id": found.supplier, "supplierName": found.supplier_name or None}
    if found.account:
        body["accountRef"] = {"id": found.account, "name": accounts.get(found.account, "")}
    if found.method:
        body["paymentMethodRef"] = {"id": found.method}
    return dated(body, found.updated, active=found.active)


def _payment_line(link: PaymentLink, found: BillPayment) -> Body:
    """A line for each thing settled: money against a bill, or a credit that takes the place of money."""
    amount = -link.amount if link.kind == "CreditNote" else link.amount
    shown = {"type": link.kind, "id": link.id, "amount": -amount, "currencyRate": found.rate}
    return {"amount": amount, "links": [shown], "allocatedOnDate": day(found.date)}


def payment_method(found: PaymentMethod) -> Body:
    body: Body = {
        "id": found.id,
        "name": found.name,
        "type": found.type,
        "status": "Active" if found.active else "Archived",
    }
    return dated(body, found.updated, active=found.active)


def journal(found: LedgerJournal) -> Body:
    body: Body = {
        "id": found.id,
        "journalCode": found.code or None,
        "name": found.name,
        "type": found.type or None,
        "parentId": found.parent or None,
        "hasChildren": found.has_children,
        "status": "Active" if found.active else "Archived",
    }
    if found.created is not None:
        body["createdOn"] = records.stamp(found.created)
    return dated(body, found.updated, active=found.active)


def tax_rate(found: TaxRate) -> Body:
    body: Body = {
        "id": found.id,
        "name": found.name,
        "code": found.code or None,
        "status": "Active" if found.active else "Archived",
        "effectiveTaxRate": found.effective,
        "totalTaxRate": found.total,
        "components": [{"name": found.name, "rate": found.total, "isCompound": found.effective != found.total}],
        "validDatatypeLinks": [],
    }
    return dated(body, None, active=found.active)


def tracking(found: TrackingOption) -> Body:
    body: Body = {
        "id": found.id,
        "name": found.name,
        "status": "Active" if found.active else "Archived",
        "parentId": found.parent or None,
        "hasChildren": found.has_children,
    }
    return dated(body, found.updated, active=found.active)


def tracking_tree(found: TrackingOption, every: Sequence[TrackingOption]) -> Body:
    """A tracking category with everything below it."""
    below = [tracking_tree(one, every) for one in every if one.parent == found.id]
    return {**tracking(found), "subCategories": below}


def names_of(accounts: Mapping[str, Account]) -> Names:
    """Account names by id."""
    return {id: account.name for id, account in accounts.items()}
