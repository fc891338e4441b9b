"""Accounts: what amounts are posted to.

Five classes, as in any chart of accounts; platforms keep their own finer account types and name the class of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sandbooks.money import digits

__all__ = ["Account", "AccountClass"]


class AccountClass(StrEnum):
    """The five classes; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def debit_normal(self) -> bool:
        return self in (AccountClass.ASSET, AccountClass.EXPENSE)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a book. ``currency`` is the only one it takes; None takes any. Raises UnknownCurrency."""

    id: str
    name: str
    kind: AccountClass
    currency: str | None = None
    active: bool = True

    def __post_init__(self) -> None:
        if self.currency is not None:
            digits(self.currency)
