"""Settlement in foreign currency: what a payment relieves of an open item, and the gain or loss it realises.

An item was booked at one rate and is paid at another. The open item is relieved at its own booking rate, pro rata, and
the payment that closes it takes whatever base amount is left, so that no cent stays behind on the control account.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sandbooks.ledger.refusals import OverSettled, WrongPrecision
from sandbooks.money import CurrencyMismatch, Money

__all__ = ["Settlement", "settle"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one payment does to one open item.

    ``relieved`` and ``relieved_base`` leave the control account; ``gain`` is in base, negative for a loss, and is
    credited to the exchange account (a loss debited); ``open_amount`` and ``open_base`` stay open.
    """

    relieved: Money
    relieved_base: Money
    gain: Money
    open_amount: Money
    open_base: Money


def settle(open_amount: Money, open_base: Money, *, paid: Money, paid_base: Money) -> Settlement:
    """Settle ``paid`` of an open item; all four amounts carry the sign of the open item on its control account.

    That is: positive for what is owed to the company (a receipt), negative for what it owes (a payment), so that the
    gain comes out right on both sides. Raises OverSettled when the payment has another sign than the item or exceeds
    it, WrongPrecision, and CurrencyMismatch.
    """
    for left, right in ((open_amount, paid), (open_base, paid_base)):
        if left.currency != right.currency:
            raise CurrencyMismatch(left.currency, right.currency)
    for money in (open_amount, open_base, paid, paid_base):
        if not money.is_exact:
            raise WrongPrecision(money)
    if abs(paid) > abs(open_amount) or paid.amount * open_amount.amount < 0:
        raise OverSettled(open_amount, paid)
    if paid == open_amount:
        relieved_base = open_base
    else:
        relieved_base = open_base.portion(Fraction(paid.amount) / Fraction(open_amount.amount))
    return Settlement(paid, relieved_base, paid_base - relieved_base, open_amount - paid, open_base - relieved_base)
