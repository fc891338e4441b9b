"""Refunds of advances: money back from a vendor out of what is left of a payment.

Source: https://www.zoho.com/books/api/v3/vendor-payments/ (refunds)
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, expenses, heading
from sandbooks.platforms.zoho_books.records.payments import held, refund_facts
from sandbooks.platforms.zoho_books.records.storing import check_open, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import broken
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "vendorpaymentrefund"


def refund(company: Company, payment: Record, given: Body, record: Record | None = None) -> Record:
    """Money back from a vendor out of what is left of a payment."""
    fields = Fields(given, record.body if record else None)
    if record is not None:
        payment = take_back_refund(company, payment, record)
    code = str(payment.body["currency_code"])
    day = heading.day_of(company, fields, required=True)
    money = fields.positive("amount", code)
    if money.amount > Decimal(str(payment.body["balance"])):
        raise broken("refund_exceeds", f"the payment {payment.body['payment_number']}")
    rate = rates.rate_of(company, Fields({"currency_code": code, **given}, fields.standing), code, day)
    account = expenses.paying_account(company, fields, code, name="to_account_id")
    base = held(payment, money, company.currency)
    id = record.id if record else new_id(company)
    document: Body = {
        "vendorpayment_refund_id": id,
        "vendorpayment_id": payment.id,
        "payment_id": payment.id,
        "date": day.isoformat(),
        "refund_mode": fields.text("refund_mode") or "cash",
        "reference_number": fields.text("reference_number"),
        "amount": amount(money.amount, code),
        "currency_code": code,
        "exchange_rate": rate.value,
        **accounts.members(account, "to_account"),
        "description": fields.text("description", limit=NOTE_MAX),
        "_held_base": str(base.amount),
        "_matched": "",
    }
    facts = refund_facts(company, payment, account, money, rate, base, day=day.isoformat(), held_in=chart.PREPAID)
    saved = save(company, KIND, id, document=document, facts=facts)
    _show_refunds(company, payment, refunded=money.amount, base=base.amount)
    return saved


def refunds_of(company: Company, payment: Record) -> list[Record]:
    """The refunds of a payment."""
    return company.records.find(KIND, "payment_id", payment.id)


def _show_refunds(company: Company, payment: Record, *, refunded: Decimal, base: Decimal) -> Record:
    code = str(payment.body["currency_code"])
    left = Decimal(str(payment.body["balance"])) - refunded
    held_base = Decimal(str(payment.body["_held_base"])) - base
    rows = [_refund_row(record, company.currency) for record in refunds_of(company, payment)]
    return touch(company, payment, balance=amount(left, code), _held_base=str(held_base), vendorpayment_refunds=rows)


def _refund_row(record: Record, base: str) -> Body:
    body = record.body
    return {
        "vendorpayment_refund_id": record.id,
        "date": body["date"],
        "refund_mode": body["refund_mode"],
        "reference_number": body["reference_number"],
        "description": body["description"],
        "amount_fcy": body["amount"],
        "amount_bcy": amount(Decimal(str(body["amount"])) * Decimal(str(body["exchange_rate"])), base),
    }


def take_back_refund(company: Company, payment: Record, record: Record) -> Record:
    """Give a refunded amount back to its payment (before the refund is changed or deleted)."""
    check_open(company, record.body["date"])
    base = Decimal(str(record.body["_held_base"]))
    return _show_refunds(company, payment, refunded=-Decimal(str(record.body["amount"])), base=-base)


def delete_refund(company: Company, payment: Record, record: Record) -> None:
    """Delete a refund."""
    if record.body["_matched"]:
        raise broken("transaction_matched")
    check_open(company, record.body["date"])
    remove(company, record)
    _show_refunds(
        company,
        payment,
        refunded=-Decimal(str(record.body["amount"])),
        base=-Decimal(str(record.body["_held_base"])),
    )
