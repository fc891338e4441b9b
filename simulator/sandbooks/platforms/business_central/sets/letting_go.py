"""What a vendor lets go of invoices that are paid: the discount of its terms, and what a payment misses by tolerance.

Source: codeunits Payment Tolerance Management and Gen. Jnl.-Post Line (CalcPmtTolerance, CalcPmtDisc, FindAmtForAppln),
github.com/microsoft/BCApps; https://learn.microsoft.com/dynamics365/business-central/
finance-payment-tolerance-and-payment-discount-tolerance (examples 1 and 2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sandbooks.kit.records import Record
from sandbooks.money import Money, total


def missed_by(owed: Sequence[Record], paid: Money, *, day: str) -> dict[str, Money]:
    """By how much a payment misses each of the invoices that it is applied to, where that is let go.

    Nothing of it is where the payment misses what is owed of all of them, less the discounts that it is in time for, by
    more than the tolerances of all of them. Less than nothing where it is too much. So a payment in full, in time for a
    discount no larger than the tolerance, has both: what the discount leaves over is missed.
    (PmtTolVendLedgEntry, without a warning; PutVendPmtTolAmount)
    """
    if any(invoice.body["currencyCode"] != paid.currency for invoice in owed):
        return {}  # refused where it is applied
    rests = (_open(invoice) - offered(invoice, day=day) for invoice in owed)
    missed = total(rests, paid.currency) - paid
    allowed = {invoice.id: min(_kept(invoice, "_tolerance"), _open(invoice)) for invoice in owed}
    if not missed or abs(missed) > total(allowed.values(), paid.currency):
        return {}
    return _shares(owed, missed, allowed)


def _shares(owed: Sequence[Record], missed: Money, allowed: Mapping[str, Money]) -> dict[str, Money]:
    """What is missed, by the amounts of the invoices, of none more than its tolerance; the smallest tolerance first."""
    shares: dict[str, Money] = {}
    left = missed
    weights = {invoice.id: Fraction(str(invoice.body["totalAmountIncludingTax"])) for invoice in owed}
    for id in sorted(weights, key=lambda each: allowed[each]):
        weight = weights.pop(id)
        share = left.portion(weight / (weight + sum(weights.values())))
        shares[id] = _at_most(share, allowed[id])
        left = left - shares[id]
    for id, share in shares.items():  # what is over, to those that are allowed more
        shares[id] = _at_most(share + left, allowed[id])
        left = left - (shares[id] - share)
    return shares


def _at_most(amount: Money, most: Money) -> Money:
    """An amount of either sign, no larger than another."""
    return max(-most, min(amount, most))


def offered(invoice: Record, *, day: str) -> Money:
    """The discount that a vendor gives on a day where the rest is paid. It is left out where it would leave nothing."""
    discount, in_time = _kept(invoice, "_discount"), day <= invoice.body.get("_discountDate", "")
    return discount if in_time and _open(invoice) > discount else Money.zero(discount.currency)


def discount(invoice: Record, most: Money, missed: Money, *, day: str) -> Money:
    """What the vendor lets go: all of its discount where the rest is paid in time, else nothing.

    It does so too where everything is paid: the discount then stays with the vendor as an open payment.
    (CheckCalcPmtDisc: at least what is left without the discount; FindAmtForAppln: the invoice is closed as a whole)
    """
    found = offered(invoice, day=day)
    return found if not most + missed < _open(invoice) - found else Money.zero(found.currency)


def _open(invoice: Record) -> Money:
    return _kept(invoice, "_remaining")


def _kept(invoice: Record, member: str) -> Money:
    return Money.of(Decimal(str(invoice.body.get(member, "0"))), invoice.body["currencyCode"])
