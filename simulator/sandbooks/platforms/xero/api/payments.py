"""Payments and batch payments.

# Source: https://developer.xero.com/documentation/api/accounting/payments and .../batchpayments
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import documents, lookup, paying, settling
from sandbooks.platforms.xero.api.registry import TRANSACTIONS, Resource
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
SCOPES = f"{TRANSACTIONS} accounting.payments"
_OWN = ("Reference", "Particulars", "Code", "Details", "Narrative")


def write_batch_payment(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Pay several documents of one kind at once, or delete the whole batch. Raises Invalid."""
    if prior is None:
        return _create(call, given)
    if given.get("Status") != "DELETED" or prior.deleted:
        raise invalid("Batch payment not of valid status for modification")
    for entry in prior.body["Payments"]:
        payment = call.company.records.get("Payment", entry["PaymentID"])
        if payment is not None and not payment.deleted:
            paying.take_back(call.company, payment)
    return save(call.company, "BatchPayment", {**prior.copy(), "Status": "DELETED"})


def _create(call: Call, given: Mapping[str, Any]) -> Record:
    company = call.company
    wanted = given.get("Payments") or []
    if not wanted:
        raise invalid("A batch payment must contain at least one payment.")
    account = lookup.bank_account(company, given.get("Account"), what="Account")
    targets = [settling.named(company, payment.get("Invoice") or {}, "Invoice") for payment in wanted]
    kind = _kind(targets)
    id = company.records.next_uuid("batch_payment")
    date = given.get("Date") or documents.today(call)
    batch = {"BatchPaymentID": id, "BatchPayment": {"BatchPaymentID": id, "Date": date}}
    payments = [
        paying.pay(call, {**payment, "Account": {"AccountID": account.id}, "Date": date}, batch=batch)
        for payment in wanted
    ]
    total = sum((Decimal(payment.body["Amount"]) for payment in payments), Decimal("0.00"))
    body: Body = {
        "BatchPaymentID": id,
        "Account": {"AccountID": account.id, "Code": account.body.get("Code"), "Name": account.body["Name"]},
        **{name: given[name] for name in _OWN if name in given},
        "Date": date,
        "Type": "PAYBATCH" if kind == "ACCPAY" else "RECBATCH",
        "Status": "AUTHORISED",
        "TotalAmount": total,
        "IsReconciled": False,
        "Payments": [_entry(payment, asked) for payment, asked in zip(payments, wanted, strict=True)],
        "UpdatedDateUTC": "",
    }
    return save(company, "BatchPayment", body)


def _kind(targets: list[Record | None]) -> str:
    """The type that all invoices of a batch share. Raises Invalid."""
    found = [target for target in targets if target is not None]
    if len(found) < len(targets):
        raise invalid("Invoice could not be found.")
    if len({(target.body["Type"], target.body["CurrencyCode"]) for target in found}) > 1:
        raise invalid("All invoices of a batch payment must be of one type and one currency.")
    return str(found[0].body["Type"])


def _entry(payment: Record, asked: Mapping[str, Any]) -> Body:
    own = {
        name: asked[name] for name in ("BankAccountNumber", "Particulars", "Details", "Reference") if asked.get(name)
    }
    return {
        "PaymentID": payment.id,
        "Invoice": {"InvoiceID": payment.body["Invoice"]["InvoiceID"], "LineItems": []},
        "Amount": payment.body["Amount"],
        **own,
    }


PAYMENTS = Resource(kind="Payment", scopes=SCOPES, writer=paying.write_payment, pages=True)
BATCHES = Resource(kind="BatchPayment", scopes=SCOPES, writer=write_batch_payment)
OPERATIONS: tuple[Operation, ...] = (*PAYMENTS.operations(), *BATCHES.operations())
