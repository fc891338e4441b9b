"""Tax on purchases: what each line and each rate of a document comes to.

Pure. The arithmetic of one line is the ledger's; this sums it up as the API shows it, and lets amounts that the client
states replace the computed ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.ledger.taxes import TaxCode, TaxComponent, TaxResult, tax_on
from sandbooks.money import Money, allocate, total


class TaxRate(Struct, frozen=True):
    """One rate of a code: percent, the account that its tax goes to, and the share that is reclaimed."""

    id: str
    percent: Decimal
    account: str
    recoverable: Decimal = Decimal(1)


class TaxedLine(Struct, frozen=True):
    """One line before tax: ``amount`` is gross when ``inclusive``; ``tax`` is what the client states, if it does."""

    amount: Money
    rates: tuple[TaxRate, ...]
    inclusive: bool = False
    tax: Money | None = None


class RateTotal(Struct, frozen=True):
    """What one rate comes to on the whole document."""

    rate: TaxRate
    tax: Money
    taxable: Money


class Taxed(Struct, frozen=True):
    """The lines with their tax, and the totals by rate in the order of first use."""

    lines: tuple[TaxResult, ...]
    totals: tuple[RateTotal, ...]
    tax: Money


def taxed(
    lines: Sequence[TaxedLine], currency: str, *, stated: Mapping[str, Money], stated_total: Money | None
) -> Taxed:
    """Tax a document. ``stated`` replaces the tax of a rate, ``stated_total`` the sum. Raises TaxNotCharged."""
    results = tuple(tax_on(line.amount, _code(line.rates), inclusive=line.inclusive, given=line.tax) for line in lines)
    totals = _totals(lines, results, currency)
    totals = tuple(replace(t, tax=stated[t.rate.id]) if t.rate.id in stated else t for t in totals)
    if stated_total is not None and not stated:
        totals = _shared(totals, stated_total)
    return Taxed(results, totals, total((t.tax for t in totals), currency))


def _code(rates: tuple[TaxRate, ...]) -> TaxCode:
    components = tuple(TaxComponent(rate.id, rate.percent, rate.account) for rate in rates)
    return TaxCode("", "", components)


def _totals(lines: Sequence[TaxedLine], results: Sequence[TaxResult], currency: str) -> tuple[RateTotal, ...]:
    found: dict[str, RateTotal] = {}
    for line, result in zip(lines, results, strict=True):
        for rate, part in zip(line.rates, result.parts, strict=True):
            known = found.get(rate.id, RateTotal(rate, Money.zero(currency), Money.zero(currency)))
            found[rate.id] = RateTotal(rate, known.tax + part.amount, known.taxable + result.net)
    return tuple(found.values())


def _shared(totals: tuple[RateTotal, ...], stated: Money) -> tuple[RateTotal, ...]:
    weights = [t.tax.amount for t in totals]
    if not sum(weights):
        return totals
    return tuple(replace(t, tax=share) for t, share in zip(totals, allocate(stated, weights), strict=True))
