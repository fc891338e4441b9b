"""The law of one entry: what can be said of it without knowing the book's other entries.

Pure checks that raise refusals; the book calls them before it writes, and a verification calls them on what it reads.
"""

from __future__ import annotations

from collections import defaultdict

from sandbooks.ledger.accounts import Account
from sandbooks.ledger.entries import Entry, Posting
from sandbooks.ledger.refusals import (
    AccountCurrency,
    AmountTooLarge,
    BaseCurrency,
    BaseDiffers,
    EmptyEntry,
    Unbalanced,
    WrongPrecision,
)
from sandbooks.money import Money

__all__ = ["check_currency", "check_entry"]

_MINOR_MAX = 10**15  # of one posting: nine thousand of them still fit a 64-bit sum of the storage


def check_entry(entry: Entry, base_currency: str) -> None:
    """Amounts are whole minor units with their base amounts, and debits equal credits.

    An entry in one currency sums to zero in it; one that mixes currencies (a transfer, a settlement) cannot, so its
    base amounts alone are held to zero, as they are for every entry.
    """
    if not entry.postings:
        raise EmptyEntry
    amounts: defaultdict[str, int] = defaultdict(int)  # minor units: this runs for every posting of every entry
    base = 0
    for posting in entry.postings:
        base += _base_minor(posting, base_currency)
        if posting.amount:
            amounts[posting.amount.currency] += _minor(posting.amount)
    if len(amounts) == 1:
        _check_sum(*amounts.popitem())
    _check_sum(base_currency, base)


def _minor(money: Money) -> int:
    if not money.is_exact:
        raise WrongPrecision(money)
    minor = money.minor
    if abs(minor) > _MINOR_MAX:
        raise AmountTooLarge(money)
    return minor


def _base_minor(posting: Posting, base_currency: str) -> int:
    amount, base = posting.amount, posting.base
    if base.currency != base_currency:
        raise BaseCurrency(posting.account, base, base_currency)
    if amount.currency == base_currency and amount != base:
        raise BaseDiffers(posting.account, amount, base)
    return _minor(base)


def _check_sum(currency: str, difference: int) -> None:
    if difference:
        raise Unbalanced(currency, Money.from_minor(difference, currency))


def check_currency(account: Account, amount: Money, *, base_currency: str) -> None:
    """The account takes the amount's currency. One kept in base also takes a zero amount in any currency: a posting
    that moves only base value, such as a rounding residual. Raises AccountCurrency."""
    kept = account.currency
    if kept is None or kept == amount.currency or (kept == base_currency and not amount):
        return
    raise AccountCurrency(account.id, kept, amount.currency)
