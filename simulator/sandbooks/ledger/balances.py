"""Balances and lines: what is read from a book."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sandbooks.ledger.accounts import Account
from sandbooks.ledger.entries import Posting, Source
from sandbooks.money import Money

__all__ = ["Balance", "Line", "TrialRow"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds; debit > 0. ``by_currency`` leaves out currencies that stand at zero."""

    by_currency: dict[str, Money]
    base: Money

    def __bool__(self) -> bool:
        """Whether anything is left, in any currency or in base."""
        return bool(self.base or self.by_currency)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account of a trial balance."""

    account: Account
    balance: Balance


@dataclass(frozen=True, slots=True)
class Line:
    """One posting as it stands in the book: ``index`` counts from 0 within entry ``number``."""

    number: int
    index: int
    date: datetime.date
    source: Source
    posting: Posting
    entry_memo: str = ""
    reverses: int | None = None

    @property
    def account(self) -> str:
        return self.posting.account

    @property
    def amount(self) -> Money:
        return self.posting.amount

    @property
    def base(self) -> Money:
        return self.posting.base


def standing(lines: Iterable[Line]) -> list[Line]:
    """The postings that stand, in their order: no reversals, and nothing that one of them takes back.

    What is told apart has to hold a reversal wherever it holds what is reversed: the lines of an account, or of days.
    """
    found = list(lines)
    gone = {line.reverses for line in found if line.reverses is not None}
    return [line for line in found if line.reverses is None and line.number not in gone]
