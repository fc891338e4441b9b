"""Amounts in Xero's notation: CurrencyRate is foreign units per unit of base, so base = foreign / rate, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from sandbooks.money import Money, digits

CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
CENT = Decimal("0.01")


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half up (away from zero) to so many places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=CONTEXT)


def converted(money: Money, rate: Decimal, base: str) -> Money:
    """Foreign money in base currency at so many foreign units per unit of base."""
    if money.currency == base:
        return money
    return Money(rounded(CONTEXT.divide(money.amount, rate), digits(base)), base)
