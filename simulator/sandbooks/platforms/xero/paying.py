"""Payments of bills and invoices, refunds of credits, and their deletion.

# Source: https://developer.xero.com/documentation/api/accounting/payments
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.xero import documents, lookup, settling
from sandbooks.platforms.xero.posting.money import converted, rounded
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import facts_of, save

Body = dict[str, Any]


def write_payment(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create a payment, or delete one: nothing else of it can change. Raises Invalid, OverSettled."""
    if prior is None:
        return pay(call, given)
    if given.get("Status") != "DELETED" or prior.deleted:
        raise invalid("Payment not of valid status for modification")
    if prior.body.get("BatchPaymentID"):
        raise invalid("Payments within a batch cannot be deleted.")
    return take_back(call.company, prior)


def pay(call: Call, given: Mapping[str, Any], *, batch: Body | None = None) -> Record:
    """Pay an open document from an account, or refund a credit into one."""
    company = call.company
    target = _target(company, given)
    account = payment_account(company, given)
    amount = rounded(given.get("Amount", Decimal(0)))
    date = given.get("Date") or documents.today(call)
    lookup.check_open(company, date)
    currency = settling.currency_of(company, target.body)
    rate = lookup.currency_rate(company, given.get("CurrencyRate"), currency)
    relief = settling.relief(company, target, amount)
    bank = _bank_side(company, account, Money(amount, currency), rate)
    body = _body(company, given, relief, account=account, date=date)
    body |= {"CurrencyRate": rate, "BankAmount": bank["bank_amount"], **(batch or {})}
    facts = _facts(company, relief, bank, account)
    kept = {name: value for name, value in body.items() if value is not None}
    settling.paid_off(company, relief, date=date, payment=_nested(kept))
    return save(company, "Payment", kept, facts=facts)


def _target(company: Company, given: Mapping[str, Any]) -> Record:
    """The document that a payment names. Raises Invalid."""
    wanted = dict(given)
    for kind, number in settling.NUMBERS.items():
        if given.get(number) and kind not in wanted:
            wanted[kind] = {number: given[number]}
    named = [kind for kind in settling.TARGETS if wanted.get(kind)]
    if len(named) != 1:
        raise invalid("A payment must name one Invoice, CreditNote, Prepayment or Overpayment.")
    record = settling.named(company, wanted[named[0]], named[0])
    if record is None or record.deleted:
        if named[0] == "CreditNote":
            raise invalid("An existing Credit Note with the specified CreditNoteID could not be found")
        raise invalid(f"{named[0]} could not be found.")
    if record.body["Status"] != "AUTHORISED":
        raise invalid("Payments can only be made against Authorised documents")
    return record


def payment_account(company: Company, given: Mapping[str, Any]) -> Record:
    """A bank account, or an account that payments are enabled for. Raises Invalid."""
    wanted = given.get("Account") or {"Code": given.get("Code")}
    record = lookup.referenced_account(company, wanted)
    if record is None or record.deleted:
        raise invalid("A valid Account must be specified for the payment.")
    if record.body["Type"] != "BANK" and not record.body.get("EnablePaymentsToAccount"):
        raise invalid("The Account must be a bank account or have payments enabled.")
    if not record.active:
        raise invalid(lookup.archived_account(record))
    return record


def _bank_side(company: Company, account: Record, paid: Money, rate: Decimal) -> Body:
    """What moves on the bank account. Raises Invalid for a third currency."""
    own = lookup.currency_of(company, account)
    base = converted(paid, rate, company.currency)
    if own not in (paid.currency, company.currency):
        raise invalid("The payment account must be in the currency of the document or in the base currency.")
    amount = paid if own == paid.currency else base
    return {"bank_amount": amount.amount, "bank_currency": own, "bank_base": base.amount}


def _body(company: Company, given: Mapping[str, Any], relief: settling.Relief, *, account: Record, date: str) -> Body:
    target = relief.record
    return {
        "PaymentID": company.records.next_uuid("payment"),
        "Date": date,
        "Amount": relief.amount,
        "Reference": given.get("Reference"),
        "IsReconciled": given.get("IsReconciled", False),
        "Status": "AUTHORISED",
        "PaymentType": settling.payment_type(target.body),
        "Account": {"AccountID": account.id, "Code": account.body.get("Code"), "Name": account.body["Name"]},
        target.kind: settling.reference(target),
        **{name: given.get(name) for name in ("BankAccountNumber", "Particulars", "Details")},
        "HasAccount": True,
        "HasValidationErrors": False,
        "UpdatedDateUTC": "",
    }


def _facts(company: Company, relief: settling.Relief, bank: Body, account: Record) -> Body:
    return {
        "base": company.currency,
        "currency": settling.currency_of(company, relief.body),
        "side": 1 if settling.money_leaves(relief.record) else -1,
        "relieved": relief.parts,
        "bank": account.id,
        **{name: value if isinstance(value, str) else str(value) for name, value in bank.items()},
        "gains": lookup.system_account(company, "REALISEDCURRENCYGAIN"),
        "rounding": lookup.system_account(company, "ROUNDING"),
        "party": relief.body["Contact"]["ContactID"],
    }


def _nested(body: Body) -> Body:
    """A payment as its document shows it. Source: recorded live answers."""
    names = ("PaymentID", "BatchPaymentID", "Date", "Amount", "Reference", "CurrencyRate")
    kept = {name: body[name] for name in names if name in body}
    return {**kept, "HasAccount": False, "HasValidationErrors": False}


def take_back(company: Company, record: Record) -> Record:
    """Delete a payment: the document is open again by its amount. Raises Invalid."""
    body = record.copy()
    if body.get("IsReconciled"):
        raise invalid("This payment has been reconciled and cannot be deleted")
    lookup.check_open(company, body["Date"])
    facts = facts_of(company, "Payment", record.id)
    kind = next(name for name in settling.TARGETS if name in body)
    target = company.records.get(kind, body[kind][f"{kind}ID"])
    assert target is not None
    back = settling.undone(target, Decimal(body["Amount"]), settling.base_of(facts["relieved"]))
    settling.paid_off(company, back, date=body["Date"], payment={"PaymentID": record.id})
    return save(company, "Payment", {**body, "Status": "DELETED"})
