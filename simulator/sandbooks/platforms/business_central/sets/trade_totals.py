"""What a document of trade comes to: its lines, the discount shared out over them, and tax.

Source: tables Purchase Line (UpdateVATAmounts) and VAT Amount Line, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.posting import shared_tax
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.trade_lines import TradeLines, amounts_of
from sandbooks.platforms.business_central.vat import FULL, NONE, OWED


class Totals:
    """The amounts of a document: of its header, and of each line."""

    def __init__(self, header: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        self.header, self.lines = header, lines


def counted(scope: Scope, of: TradeLines, header: Mapping[str, Any], lines: list[Record]) -> Totals:
    """Line amounts, the invoice discount shared out over them, and tax: rounded once for each tax group."""
    currency, inclusive = header["currencyCode"], bool(header["pricesIncludeTax"])
    zero = Money.zero(currency)
    amounts = [amounts_of(line.body, currency) for line in lines]
    discount = Money.of(Decimal(header["discountAmount"]), currency).rounded()
    shares = _shares(discount, amounts)
    nets = [amount - share for amount, share in zip(amounts, shares, strict=True)]
    charges = [of.tax(scope, header, line.body) for line in lines]
    taxes = _taxes(charges, nets, inclusive=inclusive)
    found = []
    sums = [zero, zero, zero]
    for line, amount, share, net, (facts, tax) in zip(lines, amounts, shares, nets, taxes, strict=True):
        of_it = inclusive or _is_all_tax(facts)
        before = net - tax if of_it else net
        gross = before + tax
        whole_tax = tax if not share else _whole_tax(amount, facts, inclusive=inclusive)
        whole = amount - whole_tax if of_it else amount
        found.append(
            {
                "amountExcludingTax": plain(whole.amount),
                "taxPercent": plain(_rate(facts)),
                "totalTaxAmount": plain(whole_tax.amount),
                "amountIncludingTax": plain((whole + whole_tax).amount),
                "invoiceDiscountAllocation": plain(share.amount),
                "netAmount": plain(before.amount),
                "netTaxAmount": plain(tax.amount),
                "netAmountIncludingTax": plain(gross.amount),
                "discountAmount": line.body["discountAmount"],
            }
        )
        sums = [sums[0] + before, sums[1] + tax, sums[2] + gross]
    names = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")
    return Totals({name: plain(each.amount) for name, each in zip(names, sums, strict=True)}, found)


def _rate(facts: Mapping[str, Any] | None) -> Decimal:
    if facts is None or facts["calculation"] in (*OWED, NONE):
        return Decimal(0)
    return Decimal(str(facts["rate"]))


def _is_all_tax(facts: Mapping[str, Any] | None) -> bool:
    """Full VAT: the whole amount of a line is tax, whatever its rate. Source: table Purchase Line (UpdateVATAmounts)"""
    return facts is not None and facts["calculation"] == FULL


def _whole_tax(amount: Money, facts: Mapping[str, Any] | None, *, inclusive: bool) -> Money:
    """The tax on a line before the discount of the document."""
    return amount if _is_all_tax(facts) else shared_tax([amount], _rate(facts), inclusive=inclusive)[0]


def _shares(discount: Money, amounts: list[Money]) -> list[Money]:
    from sandbooks.money import allocate

    weights = [amount.amount for amount in amounts]
    if not discount or not sum(weights):
        return [Money.zero(discount.currency) for _ in amounts]
    return allocate(discount, weights)


def _taxes(
    facts: list[dict[str, Any] | None], nets: list[Money], *, inclusive: bool
) -> list[tuple[dict[str, Any] | None, Money]]:
    taxes = [Money.zero(net.currency) for net in nets]
    for place, fact in enumerate(facts):
        if _is_all_tax(fact):
            taxes[place] = nets[place]
    for code_ in dict.fromkeys(fact["code"] for fact in facts if fact and _rate(fact) and not _is_all_tax(fact)):
        places = [n for n, fact in enumerate(facts) if fact and fact["code"] == code_]
        shared = shared_tax([nets[n] for n in places], _rate(facts[places[0]]), inclusive=inclusive)
        for place, tax in zip(places, shared, strict=True):
            taxes[place] = tax
    return list(zip(facts, taxes, strict=True))
