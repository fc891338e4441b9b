"""The law of one entry: what can be said of it without knowing the book's other entries.

Pure checks that raise refusals; the book calls them before it writes, and a verification calls them on what it reads.
"""

from __future__ import annotations

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
from sandbooks.money import Money, total

__all__ = ["check_currency", "check_entry"]

_MINOR_MAX = 10**15  # of one posting: nine thousand of them still fit a 64-bit sum of the storage


def check_entry(entry: Entry, base_currency: str) -> None:
    """Amounts are whole minor units with their base amounts, and debits equal credits.

    An entry in one currency sums to zero in it; one that mixes currencies (a transfer, a settlement) cannot, so its
    base amounts alone are held to zero, as they are for every entry.
    """
    if not entry.postings:
        raise EmptyEntry
    for posting in entry.postings:
        _check_amounts(posting, base_currency)
    currencies = entry.currencies
    if len(currencies) == 1:
        _check_sum([posting.amount for posting in entry.postings if posting.amount], *currencies)
    _check_sum([posting.base for posting in entry.postings], base_currency)


def _check_amounts(posting: Posting, base_currency: str) -> None:
    amount, base = posting.amount, posting.base
    if base.currency != base_currency:
        raise BaseCurrency(posting.account, base, base_currency)
    for money in (amount, base):
        if not money.is_exact:
            raise WrongPrecision(money)
        if abs(money.minor) > _MINOR_MAX:
            raise AmountTooLarge(money)
    if amount.currency == base_currency and amount != base:
        raise BaseDiffers(posting.account, amount, base)


def _check_sum(amounts: list[Money], currency: str) -> None:
    difference = total(amounts, currency)
    if difference:
        raise Unbalanced(currency, difference)


def check_currency(account: Account, amount: Money, *, base_currency: str) -> None:
    """The account takes the amount's currency. One kept in base also takes a zero amount in any currency: a posting
    that moves only base value, such as a rounding residual. Raises AccountCurrency."""
    kept = account.currency
    if kept is None or kept == amount.currency or (kept == base_currency and not amount):
        return
    raise AccountCurrency(account.id, kept, amount.currency)
