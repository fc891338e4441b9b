"""What is still open of bills and vendor credits: their totals less what live bill payments settle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal

PAYMENTS = ("BillPaymentCheck", "BillPaymentCreditCard")
# What settles bills and credits. Source: Onscreen Reference (ApplyCheckToTxnAdd of a check)
SETTLERS = (*PAYMENTS, "Check")
TOTAL = {"Bill": "AmountDue", "VendorCredit": "CreditAmount"}


def settlements(file: CompanyFile, id: str, *, without: str = "") -> Iterator[tuple[Record, Mapping[str, Any]]]:
    """The live payments that settle a document, each with what it settles of it."""
    for kind in SETTLERS:
        for payment in file.records.find(kind, "applied", id):
            facts = file.records.facts(kind, payment.id)
            if payment.id != without and not facts.get("void"):
                yield from ((payment, item) for item in facts.get("settled", ()) if item["id"] == id)


def settled(file: CompanyFile, id: str, *, without: str = "") -> Decimal:
    """How much of a document payments have settled, in its currency."""
    return sum((Decimal(item["amount"]) for _, item in settlements(file, id, without=without)), Decimal(0))


def open_amount(file: CompanyFile, record: Record, *, without: str = "") -> Decimal:
    """What is still open of a bill or credit."""
    return decimal(record.body, TOTAL[record.kind]) - settled(file, record.id, without=without)


def relief(file: CompanyFile, record: Record, amount: Decimal, *, without: str = "") -> Decimal:
    """The home value that settling an amount takes off a document: pro rata, the last one takes the rest."""
    facts = file.records.facts(record.kind, record.id)
    total = Money.of(decimal(record.body, TOTAL[record.kind]), facts["currency"])
    base = _base(total, facts)
    for _, item in settlements(file, record.id, without=without):
        base, total = base - Money.of(item["base"], file.home), total - Money.of(item["amount"], total.currency)
    if amount == total.amount or not total:
        return base.amount
    return base.portion(Fraction(amount) / Fraction(total.amount)).amount


def _base(total: Money, facts: Mapping[str, Any]) -> Money:
    from sandbooks.money import Rate

    if total.currency == facts["home"]:
        return total
    return Rate(Decimal(facts["rate"]), total.currency, facts["home"]).to_base(total)
