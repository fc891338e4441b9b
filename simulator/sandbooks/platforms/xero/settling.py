"""Setting payments and credits against documents: what is relieved, at which base amount, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger.fx import settle
from sandbooks.money import Money, allocate
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
ZERO = Decimal("0.00")
TARGETS = ("Invoice", "CreditNote", "Prepayment", "Overpayment")
# Source: https://developer.xero.com/documentation/api/accounting/payments (PaymentType)
_PAYMENT_TYPES = {
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "SPEND-PREPAYMENT": "APPREPAYMENTPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT",
    "SPEND-OVERPAYMENT": "APOVERPAYMENTPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT",
}
_PAYABLE = frozenset({"ACCPAY", "ACCPAYCREDIT", "SPEND-PREPAYMENT", "SPEND-OVERPAYMENT"})
NUMBERS = {"Invoice": "InvoiceNumber", "CreditNote": "CreditNoteNumber"}


class Relief(Struct, frozen=True):
    """A part of a document that is settled. ``parts`` are facts for the posting rule."""

    record: Record
    amount: Decimal
    base: Decimal
    parts: list[Body]

    @property
    def body(self) -> Mapping[str, Any]:
        return self.record.body


def payable(body: Mapping[str, Any]) -> bool:
    """Whether a document stands with a supplier."""
    return body["Type"] in _PAYABLE


def payment_type(body: Mapping[str, Any]) -> str:
    return _PAYMENT_TYPES[body["Type"]]


def money_leaves(record: Record) -> bool:
    """Whether a payment on the document takes money out of the bank: bills, and refunds to customers."""
    return payable(record.body) == (record.kind == "Invoice")


def currency_of(company: Company, body: Mapping[str, Any]) -> str:
    return str(body.get("CurrencyCode") or company.currency)


def open_amount(record: Record) -> Decimal:
    name = "AmountDue" if record.kind == "Invoice" else "RemainingCredit"
    return Decimal(record.body[name])


def relief(company: Company, record: Record, amount: Decimal) -> Relief:
    """What settling an amount of a document relieves. Raises Invalid, OverSettled, WrongPrecision."""
    if record.body["Status"] not in ("AUTHORISED", "PAID"):
        raise invalid("Payments can only be made against Authorised documents")
    if amount <= 0:
        raise invalid("The amount must be greater than zero.")
    currency = currency_of(company, record.body)
    paid = Money(amount, currency)
    left = Money(open_amount(record), currency)
    base_left = Money(Decimal(record.body["_BaseOpen"]), company.currency)
    done = settle(left, base_left, paid=paid, paid_base=Money.zero(company.currency))
    parts = _parts(company, record, paid, done.relieved_base)
    return Relief(record, amount, done.relieved_base.amount, parts)


def _parts(company: Company, record: Record, paid: Money, base: Money) -> list[Body]:
    """The accounts that the settled part stands on: the control account, or where a prepayment was coded to."""
    shares = record.body.get("_Shares")
    if not shares:
        control = lookup.system_account(company, "CREDITORS" if payable(record.body) else "DEBTORS")
        return [{"account": control, "amount": str(paid.amount), "base": str(base.amount)}]
    weights = [Decimal(share["amount"]) for share in shares]
    amounts, bases = allocate(paid, weights), allocate(base, weights)
    return [
        {"account": share["account"], "amount": str(amount.amount), "base": str(worth.amount), "tax": share["tax"]}
        for share, amount, worth in zip(shares, amounts, bases, strict=True)
    ]


def paid_off(company: Company, done: Relief, *, date: str, payment: Body) -> Record:
    """The document after a payment (or, with a negative relief, after its deletion)."""
    body = _less(done, date)
    if done.record.kind == "Invoice":
        body["AmountPaid"] = Decimal(body["AmountPaid"]) + done.amount
    body["Payments"] = _listed(body["Payments"], payment, "PaymentID", adds=done.amount > 0)
    return save(company, done.record.kind, body)


def credited(company: Company, done: Relief, *, date: str, collection: str, credit: Body) -> Record:
    """An invoice after an allocation (or after its deletion)."""
    body = _less(done, date)
    body["AmountCredited"] = Decimal(body["AmountCredited"]) + done.amount
    body[collection] = _listed(body[collection], credit, "AllocationID", adds=done.amount > 0)
    return save(company, "Invoice", body)


def used_up(company: Company, done: Relief, *, date: str, allocation: Body) -> Record:
    """A credit after an allocation (or after its deletion)."""
    body = _less(done, date)
    body["AppliedAmount"] = Decimal(body.get("AppliedAmount", ZERO)) + done.amount
    body["Allocations"] = _listed(body["Allocations"], allocation, "AllocationID", adds=done.amount > 0)
    return save(company, done.record.kind, body)


def _less(done: Relief, date: str) -> Body:
    """The document with so much less open; PAID when nothing is left, AUTHORISED while something is."""
    body = done.record.copy()
    name = "AmountDue" if done.record.kind == "Invoice" else "RemainingCredit"
    body[name] = Decimal(body[name]) - done.amount
    body["_BaseOpen"] = Decimal(body["_BaseOpen"]) - done.base
    body["Status"] = "AUTHORISED" if body[name] else "PAID"
    if body[name]:
        body.pop("FullyPaidOnDate", None)
    else:
        body["FullyPaidOnDate"] = date
    return body


def _listed(kept: list[Body], entry: Body, key: str, *, adds: bool) -> list[Body]:
    rest = [other for other in kept if other.get(key) != entry[key]]
    return [*rest, entry] if adds else rest


def undone(record: Record, amount: Decimal, base: Decimal) -> Relief:
    """The relief that takes a settlement back."""
    return Relief(record, -amount, -base, [])


def base_of(parts: list[Body]) -> Decimal:
    return sum((Decimal(part["base"]) for part in parts), ZERO)


def reference(record: Record) -> Body:
    """A document as a payment or allocation names it."""
    body = record.body
    found: Body = {f"{record.kind}ID": record.id}
    if record.kind in NUMBERS:
        found[NUMBERS[record.kind]] = body.get(NUMBERS[record.kind])
    return {
        **found,
        "Type": body["Type"],
        "Contact": body["Contact"],
        "CurrencyCode": body["CurrencyCode"],
        "LineItems": [],
    }


def named(company: Company, given: Mapping[str, Any], kind: str) -> Record | None:
    """The document of a nested reference, by id or number."""
    id = given.get(f"{kind}ID")
    if id:
        return company.records.get(kind, id)
    number = given.get(NUMBERS.get(kind, ""))
    found = company.records.find(kind, NUMBERS[kind], number.lower()) if number else []
    return found[-1] if found else None
