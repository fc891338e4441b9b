"""Taxes: tax codes as data, and the tax on one line.

A code is a list of components, each with its rate, its account and the share of it that a purchaser gets back. A code
without components charges nothing, which is also how a country without purchase tax is told. Rounding is per line and
per component, half up (away from zero), so that a refund mirrors its payment. Knows no platform's tax rules; what a
component means for a purchase or a sale is up to the posting rule that uses the parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sandbooks.ledger.refusals import TaxNotCharged, WrongPrecision
from sandbooks.money import Money, allocate, total

__all__ = ["TaxCode", "TaxComponent", "TaxPart", "TaxResult", "tax_on"]


@dataclass(frozen=True, slots=True)
class TaxComponent:
    """One tax within a code.

    ``rate`` is in percent. ``recoverable`` is the share (0 to 1) that is reclaimed; the rest is cost of the line.
    ``reverse_charge``: the supplier charges nothing, the purchaser owes the tax (``output_account``, by default the
    same account) and reclaims it (``account``). ``compound``: computed on the net plus the taxes charged before it.
    """

    name: str
    rate: Decimal
    account: str
    recoverable: Decimal = Decimal(1)
    reverse_charge: bool = False
    compound: bool = False
    output_account: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.rate, Decimal) or not isinstance(self.recoverable, Decimal):
            raise TypeError(f"rate and recoverable share of {self.name} are Decimals")
        if not (self.rate.is_finite() and self.rate > -100):
            raise ValueError(f"{self.rate} percent is no rate for {self.name}")
        if not (self.recoverable.is_finite() and 0 <= self.recoverable <= 1):
            raise ValueError(f"the recoverable share of {self.name} is from 0 to 1, not {self.recoverable}")


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A tax code as chosen on a line. ``purchases`` and ``sales`` tell where it may be chosen."""

    id: str
    name: str
    components: tuple[TaxComponent, ...] = ()
    purchases: bool = True
    sales: bool = True

    def __post_init__(self) -> None:
        if self.factor <= -1:
            raise ValueError(f"the rates of tax code {self.id} take back the whole price")

    @property
    def charged(self) -> tuple[TaxComponent, ...]:
        """The components that are on the supplier's invoice."""
        return tuple(component for component in self.components if not component.reverse_charge)

    @property
    def factor(self) -> Fraction:
        """What the supplier charges per unit of net, exactly: 1/5 for 20 percent."""
        return sum(_factors(self.charged), Fraction(0))


@dataclass(frozen=True, slots=True)
class TaxPart:
    """One posting's worth of tax on one account; ``recoverable`` + ``unrecoverable`` = ``amount``.

    A reverse-charge component gives two parts that cancel: input (positive, as for any purchase) and output.
    """

    component: TaxComponent
    amount: Money
    recoverable: Money
    unrecoverable: Money
    account: str


@dataclass(frozen=True, slots=True)
class TaxResult:
    """The tax on a line: net + tax = gross, and the parts sum to the tax."""

    net: Money
    tax: Money
    gross: Money
    parts: tuple[TaxPart, ...] = ()

    @property
    def recoverable(self) -> Money:
        """What goes to tax accounts, reverse-charge outputs taken off."""
        return total((part.recoverable for part in self.parts), self.net.currency)

    @property
    def unrecoverable(self) -> Money:
        """What is cost of the line, on top of its net."""
        return total((part.unrecoverable for part in self.parts), self.net.currency)


def tax_on(amount: Money, code: TaxCode, *, inclusive: bool, given: Money | None = None) -> TaxResult:
    """The tax on a line of ``amount``: its gross when ``inclusive``, else its net.

    ``given`` is the tax as the document states it; it replaces the computed tax and is shared out over the charged
    components in proportion. An inclusive amount keeps its gross: where no net reproduces it, the tax takes the
    odd minor unit. Raises TaxNotCharged when tax is given for a code that charges none, WrongPrecision for amounts
    with a fraction of a minor unit, CurrencyMismatch.
    """
    for money in (amount, given):
        if money is not None and not money.is_exact:
            raise WrongPrecision(money)
    if given is not None:
        net = amount - given if inclusive else amount
        charges = _shared(given, code)
    elif inclusive:
        net, charges = _within(amount, code)
    else:
        net, charges = amount, _charges(amount, code.charged)
    tax = total(charges, amount.currency)
    return TaxResult(net, tax, net + tax, tuple(_parts(net, charges, code)))


def _factors(components: Iterable[TaxComponent]) -> list[Fraction]:
    """Each component's tax per unit of net, before any rounding."""
    factors: list[Fraction] = []
    for component in components:
        on = 1 + sum(factors) if component.compound else Fraction(1)
        factors.append(on * Fraction(component.rate) / 100)
    return factors


def _charges(net: Money, components: Iterable[TaxComponent]) -> list[Money]:
    """Each component's rounded tax on a net amount."""
    charges: list[Money] = []
    for component in components:
        on = net + total(charges, net.currency) if component.compound else net
        charges.append(on.portion(Fraction(component.rate) / 100))
    return charges


def _within(gross: Money, code: TaxCode) -> tuple[Money, list[Money]]:
    """The net and the charges inside a gross amount: the nearest net whose tax gives it, else the tax adjusted."""
    likely = gross - gross.portion(code.factor / (1 + code.factor))  # the tax is what is rounded half up
    for offset in range(len(code.charged) + 1):
        for minor in (offset, -offset):
            net = likely + Money.from_minor(minor, gross.currency)
            charges = _charges(net, code.charged)
            if net + total(charges, gross.currency) == gross:
                return net, charges
    return likely, _shared(gross - likely, code)


def _shared(tax: Money, code: TaxCode) -> list[Money]:
    """A stated tax over the charged components, in proportion to their rates."""
    factors = _factors(code.charged)
    if tax and not sum(factors):
        raise TaxNotCharged(code.id, tax)
    return allocate(tax, factors)


def _parts(net: Money, charges: list[Money], code: TaxCode) -> Iterable[TaxPart]:
    """The parts in the order of the code's components."""
    remaining = iter(charges)
    for component in code.components:
        if component.reverse_charge:
            owed = net.portion(Fraction(component.rate) / 100)
            yield _part(component, owed)
            output = component.output_account or component.account
            yield TaxPart(component, -owed, -owed, Money.zero(net.currency), output)
        else:
            yield _part(component, next(remaining))


def _part(component: TaxComponent, amount: Money) -> TaxPart:
    recoverable = amount.portion(Fraction(component.recoverable))
    return TaxPart(component, amount, recoverable, amount - recoverable, component.account)
