"""Entries: balanced sets of postings, and the document versions that they come from.

Values only. A posting is a debit when its amount is positive and a credit when it is negative. Entries never change:
a correction is a reversal and a new entry.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from sandbooks.ledger.refusals import EmptyEntry, Unbalanced, WrongPrecision
from sandbooks.money import Money, total

__all__ = ["Dimensions", "Entry", "PostedEntry", "Posting", "Source", "balanced", "credit", "debit"]

Dimensions: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The version of a native document that an entry books: ("Bill", "145", 2)."""

    kind: str
    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id} version {self.version}"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry; debit > 0.

    ``amount`` is in the transaction's currency, ``base`` the same in the book's base currency. An amount of zero with
    a base amount moves only the base value: a rounding residual, a revaluation.
    """

    account: str
    amount: Money
    base: Money
    tax_code: str = ""
    party: str = ""
    dimensions: Dimensions = ()
    memo: str = ""

    def reversed(self) -> Posting:
        return replace(self, amount=-self.amount, base=-self.base)


def debit(
    account: str,
    money: Money,
    base: Money | None = None,
    *,
    tax_code: str = "",
    party: str = "",
    dimensions: Dimensions = (),
    memo: str = "",
) -> Posting:
    """A posting to the debit side; ``base`` defaults to ``money``. A negative amount ends on the credit side."""
    return Posting(account, money, money if base is None else base, tax_code, party, dimensions, memo)


def credit(
    account: str,
    money: Money,
    base: Money | None = None,
    *,
    tax_code: str = "",
    party: str = "",
    dimensions: Dimensions = (),
    memo: str = "",
) -> Posting:
    """A posting to the credit side, from positive amounts; ``base`` defaults to ``money``."""
    return Posting(account, -money, -(money if base is None else base), tax_code, party, dimensions, memo)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated set of postings that books one version of one document."""

    date: datetime.date
    source: Source
    postings: tuple[Posting, ...]
    memo: str = ""

    def reversed(self) -> Entry:
        """The same entry with debits and credits exchanged, dated as the original."""
        return replace(self, postings=tuple(posting.reversed() for posting in self.postings))


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry in the book. ``number`` counts from 1 without gaps; ``reverses`` is the number that it takes back."""

    number: int
    entry: Entry
    reverses: int | None = None


def balanced(entry_parts: Iterable[Posting], rounding_account: str) -> tuple[Posting, ...]:
    """The postings, plus one that takes the base-currency rounding residual, if there is one.

    Converting each line by itself leaves up to half a minor unit per line. More than that is no rounding: Unbalanced.
    The added posting has a zero amount in the transaction currency, which must balance without it.
    """
    postings = tuple(entry_parts)
    if not postings:
        raise EmptyEntry
    base_currency = postings[0].base.currency
    residual = total((posting.base for posting in postings), base_currency)
    if not residual:
        return postings
    if not residual.is_exact:
        raise WrongPrecision(residual)
    foreign = next((p.amount.currency for p in postings if p.amount.currency != base_currency), None)
    if foreign is None or abs(residual.minor) * 2 > len(postings):
        raise Unbalanced(base_currency, residual)
    return (*postings, Posting(rounding_account, Money.zero(foreign), -residual, memo="Rounding"))
