"""Money, currencies and rates: the only arithmetic on amounts.

Amounts are decimals with a currency, never floats, so that a cent is never lost between a native document and the
books. All arithmetic runs in a context of its own: code under test may set the process's decimal context to anything.
Knows nothing of accounts, documents or platforms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from functools import cache
from typing import TypeAlias

__all__ = [
    "CurrencyMismatch",
    "Money",
    "Rate",
    "UnknownCurrency",
    "allocate",
    "digits",
    "known_currency",
    "parse_money",
    "parse_rate",
    "total",
]

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
_MAGNITUDE_MAX = 24  # digits before the point; above every platform's limit, and keeps hostile exponents out
_DECIMALS_MAX = 36  # with the digits before the point: what the context above holds without rounding
_RATE_DECIMALS = 9
_ONE = Decimal(1)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_AMOUNT = re.compile(rf"\s*({_NUMBER.pattern})\s+([A-Z]{{3}})\s*")

# Source: ISO 4217 list one, column "minor unit" (SIX Interbank Clearing). CLDR, which Babel carries, differs from it
# where coins fell out of use (IQD, LBP, ALL ...), and accounting platforms follow ISO.
_ZERO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
_ISO_DIGITS = {
    code: count for count, codes in ((0, _ZERO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS)) for code in codes.split()
}
_NOT_MONEY = frozenset({"XTS", "XXX"})

Number: TypeAlias = str | int | Decimal


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(left, right)
        self.left = left
        self.right = right

    def __str__(self) -> str:
        return f"{self.left} and {self.right} cannot be added or compared without a rate"


class UnknownCurrency(ValueError):
    """A code that ISO 4217 does not know."""

    def __init__(self, code: object) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code!r} is not an ISO 4217 currency code"


@cache
def _codes() -> frozenset[str]:
    from babel.core import get_global  # loaded when the first amount is made: importing the package stays cheap

    return frozenset(get_global("all_currencies")) - _NOT_MONEY


def known_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code, in capitals; withdrawn currencies count, as old books carry them."""
    return code in _codes()


@cache
def digits(currency: str) -> int:
    """Decimal places of the currency's minor unit (0, 2 or 3; 4 for two units of account). Raises UnknownCurrency."""
    if not isinstance(currency, str) or not known_currency(currency):
        raise UnknownCurrency(currency)
    return _ISO_DIGITS.get(currency, 2)


def _decimal(value: Number) -> Decimal:
    """The exact decimal of a number; TypeError for floats and other types, ValueError for text that is no number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise TypeError(f"an amount is text, an integer or a Decimal, never {type(value).__name__}")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise ValueError(f"{value!r} is not a decimal number")
    return Decimal(value.strip() if isinstance(value, str) else value)


def _checked(value: Decimal) -> Decimal:
    """The decimal, -0 made 0; ValueError for NaN, infinity and magnitudes beyond any ledger."""
    if not value.is_finite():
        raise ValueError(f"{value} is not an amount")
    if not value:
        # A zero keeps its decimals but not its sign, and not an exponent that would make it huge to write out.
        return value.copy_abs() if -_MAGNITUDE_MAX < value.adjusted() <= 0 else Decimal(0)
    if not -_DECIMALS_MAX <= value.adjusted() < _MAGNITUDE_MAX or _EXACT.plus(value) != value:
        raise ValueError(f"a number has at most {_MAGNITUDE_MAX} digits before the point and {_DECIMALS_MAX} after it")
    return value


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, of any precision until it is rounded.

    Equality compares value and currency (1.5 GBP equals 1.50 GBP); ordering and sums across currencies raise
    CurrencyMismatch. Raises TypeError for floats, ValueError for NaN and infinity, UnknownCurrency.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"an amount is a Decimal, never {type(self.amount).__name__}; see Money.of")
        digits(self.currency)
        checked = _checked(self.amount)
        if checked is not self.amount:
            object.__setattr__(self, "amount", checked)

    @classmethod
    def of(cls, value: Number, currency: str) -> Money:
        """Money from text like ``"-12.30"``, an integer of whole units, or a Decimal."""
        return cls(_decimal(value), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """Money from a count of minor units: 1230 GBP is 12.30 GBP, 1230 JPY is 1230 JPY."""
        return cls(_EXACT.scaleb(Decimal(minor), -digits(currency)), currency)

    @property
    def minor(self) -> int:
        """The count of minor units; ValueError when the amount has a fraction of one."""
        scaled = _EXACT.scaleb(self.amount, digits(self.currency))
        units = int(scaled)
        if units != scaled:
            raise ValueError(f"{self} has more than {digits(self.currency)} decimals")
        return units

    @property
    def is_exact(self) -> bool:
        """Whether the amount is a whole count of minor units."""
        scaled = _EXACT.scaleb(self.amount, digits(self.currency))
        return scaled == int(scaled)

    def rounded(self, mode: str = ROUND_HALF_UP) -> Money:
        """The amount in whole minor units; half up means away from zero, so that a refund mirrors its payment."""
        unit = _EXACT.scaleb(_ONE, -digits(self.currency))
        return Money(self.amount.quantize(unit, rounding=mode, context=_EXACT), self.currency)

    def portion(self, share: Fraction) -> Money:
        """A share of the amount, computed exactly and then rounded half up (away from zero) to minor units."""
        scale: int = 10 ** digits(self.currency)
        exact = Fraction(self.amount) * share * scale
        units = (2 * abs(exact) + 1) // 2
        return Money.from_minor(-units if exact < 0 else units, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(_EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(_EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, (int, Decimal)):
            return NotImplemented
        return Money(_EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        shown = self.rounded().amount if self.is_exact else self.amount
        return f"{shown:f} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts that all carry ``currency``; zero for none. Raises CurrencyMismatch."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate: base units per ONE foreign unit, at most nine decimals (half up).

    Written out it is an equation, ``1 USD = 0.7741 GBP``, so that its direction cannot be doubted.
    """

    value: Decimal
    foreign: str
    base: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError(f"a rate is a Decimal, never {type(self.value).__name__}")
        digits(self.foreign)
        digits(self.base)
        value = _checked(self.value)
        if -int(value.as_tuple().exponent) > _RATE_DECIMALS:
            value = value.quantize(_EXACT.scaleb(_ONE, -_RATE_DECIMALS), context=_EXACT)
        if value <= 0:
            raise ValueError(f"a rate is more than zero in its first nine decimals, not {self.value}")
        if self.foreign == self.base and value != _ONE:
            raise ValueError(f"1 {self.foreign} is 1 {self.base}, not {value:f}")
        object.__setattr__(self, "value", value)

    def to_base(self, money: Money) -> Money:
        """Foreign money in base currency, half up to its minor unit. Raises CurrencyMismatch."""
        if money.currency != self.foreign:
            raise CurrencyMismatch(money.currency, self.foreign)
        return Money(_EXACT.multiply(money.amount, self.value), self.base).rounded()

    @property
    def inverse(self) -> Rate:
        """The rate the other way round, to nine decimals: turning it back need not give the same rate."""
        return Rate(_EXACT.divide(_ONE, self.value), self.base, self.foreign)

    def __str__(self) -> str:
        return f"1 {self.foreign} = {self.value:f} {self.base}"


def parse_money(text: str) -> Money:
    """Money from text like ``412.37 USD``: a plain decimal, a blank, a currency in capitals. Raises ValueError."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an amount with its currency, like '412.37 USD'")
    return Money.of(match[1], match[2])


def parse_rate(text: str, *, base: str = "") -> Rate:
    """A rate from an equation with 1 on one side: ``1 USD = 0.7741 GBP`` or ``0.7741 GBP = 1 USD``.

    The currency beside the 1 is the foreign one. With ``base``, the equation may be written from either currency
    and the rate is turned so that it ends in base. Raises ValueError.
    """
    left, equals, right = text.partition("=")
    if not equals or "=" in right:
        raise ValueError(f"{text!r} is not a rate; write it as an equation, like '1 USD = 0.7741 GBP'")
    one, other = parse_money(left), parse_money(right)
    if one.amount != _ONE:
        one, other = other, one
    if one.amount != _ONE:
        raise ValueError(f"{text!r} has no 1 on either side; write it like '1 USD = 0.7741 GBP'")
    rate = Rate(other.amount, one.currency, other.currency)
    if base and rate.base != base:
        rate = rate.inverse
    if base and rate.base != base:
        raise ValueError(f"{text!r} does not name {base}")
    return rate


def allocate(total: Money, weights: Sequence[Decimal | Fraction]) -> list[Money]:
    """Shares of ``total`` in proportion to ``weights``, in whole minor units that sum to it exactly.

    Largest remainder, the earlier share first; a zero weight gets nothing, negative weights get the opposite sign,
    and the shares of ``-total`` are the negated shares of ``total``. ValueError when the weights sum to zero and
    ``total`` does not, or when ``total`` has a fraction of a minor unit.
    """
    units = abs(total).minor
    exact_weights = [Fraction(weight) for weight in weights]
    whole = sum(exact_weights)
    if not units:
        return [Money.from_minor(0, total.currency) for _ in weights]
    if not whole:
        raise ValueError(f"{total} cannot be shared out: the weights sum to zero")
    exact = [units * weight / whole for weight in exact_weights]
    shares = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    sign = -1 if total.amount < 0 else 1
    return [Money.from_minor(sign * share, total.currency) for share in shares]
