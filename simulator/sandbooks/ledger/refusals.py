"""Refusals: the lawful ways in which books, and everything above them, say no.

A refusal is no bug and no missing feature: the request was understood and the law of the books, or a platform's rule,
forbids it. Its facts are fields, so that each platform can map it to its own code in one total table, and nobody has
to read the message. Knows nothing of any platform's codes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from inspect import cleandoc, get_annotations
from typing import TYPE_CHECKING, Any, dataclass_transform

from sandbooks.money import Money

if TYPE_CHECKING:
    from sandbooks.ledger.entries import Source

__all__ = [
    "AccountCurrency",
    "AccountExists",
    "AccountInactive",
    "AccountUnknown",
    "AlreadyPosted",
    "AmountTooLarge",
    "BaseCurrency",
    "BaseDiffers",
    "EmptyEntry",
    "NothingPosted",
    "OverSettled",
    "PeriodClosed",
    "Refusal",
    "TaxNotCharged",
    "Unbalanced",
    "WrongPrecision",
]


@dataclass_transform(eq_default=False)
@dataclass(eq=False, repr=False)
class Refusal(Exception):
    """The request is refused."""

    # Subclasses declare their facts as annotated fields and write the message as the first line of their docstring,
    # with the fields in braces; the dataclass is made here, so that a new refusal is three lines.

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if get_annotations(cls) or len(cls.__bases__) > 1:  # one without facts of its own is made as its parent is
            dataclass(eq=False, repr=False, match_args=False)(cls)

    def __post_init__(self) -> None:
        self.args = tuple(self.facts.values())  # copies and pickles rebuild an exception from its args

    @property
    def facts(self) -> dict[str, Any]:
        """The facts by name, in the order of declaration."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def message(self) -> str:
        """One sentence for a human; a platform's own wording replaces it on the wire."""
        return cleandoc(type(self).__doc__ or "").partition("\n")[0].format(**self.facts)

    def __str__(self) -> str:
        return self.message


class EmptyEntry(Refusal):
    """An entry needs at least one posting."""


class Unbalanced(Refusal):
    """Debits and credits differ by {difference}."""

    currency: str
    difference: Money  # debits less credits


class WrongPrecision(Refusal):
    """{money} has more decimals than its currency."""

    money: Money


class AmountTooLarge(Refusal):
    """{money} is larger than the books can hold."""

    money: Money


class BaseCurrency(Refusal):
    """The base amount {base} of account {account} is not in the base currency {base_currency}."""

    account: str
    base: Money
    base_currency: str


class BaseDiffers(Refusal):
    """The amount {amount} of account {account} is in the base currency, but its base amount is {base}."""

    account: str
    amount: Money
    base: Money


class AccountUnknown(Refusal):
    """There is no account {account}."""

    account: str


class AccountExists(Refusal):
    """There is already an account {account}."""

    account: str


class AccountInactive(Refusal):
    """Account {account} ({name}) is not active."""

    account: str
    name: str


class AccountCurrency(Refusal):
    """Account {account} is kept in {account_currency} and cannot take {currency}."""

    account: str
    account_currency: str
    currency: str


class PeriodClosed(Refusal):
    """{date} is in a closed period: the books are closed through {closed_through}."""

    date: datetime.date
    closed_through: datetime.date


class AlreadyPosted(Refusal):
    """{source} is already posted."""

    source: Source


class NothingPosted(Refusal):
    """{source} has no live posting."""

    source: Source


class OverSettled(Refusal):
    """{paid} settles more than what is open, {open}."""

    open: Money
    paid: Money


class TaxNotCharged(Refusal):
    """Tax code {code} charges no tax, so {given} cannot be its tax."""

    code: str
    given: Money
