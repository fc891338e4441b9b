"""What should be in the books: the transactions that somebody submitted, and what each customer was told of them.

The same values describe what the hub has accepted and what a driver was given. Knows no platform and no wire format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Literal, TypeAlias

from sandbooks.money import Money, Rate, total

Kind: TypeAlias = Literal[
    "payment", "refund", "reward", "chargeback", "transfer", "adjustment", "reimbursable", "bill", "bill_payment"
]
Status: TypeAlias = Literal["completed", "failed", "refused", "pending"]
Limb: TypeAlias = tuple[str, Money]
DueDate: TypeAlias = date | None

CARD_KINDS = frozenset({"payment", "refund", "reward", "chargeback"})
OUTGOING = frozenset({"payment", "reimbursable", "bill"})


@dataclass(frozen=True, kw_only=True)
class SubmittedLine:
    """One line. ``net`` and ``tax`` are positive where the kind carries the direction; in a transfer and an adjustment
    ``net`` is positive for a debit and negative for a credit."""

    account: str
    net: Money
    tax: Money
    tax_code: str = ""
    tracking: tuple[str, ...] = ()
    description: str = ""

    @property
    def gross(self) -> Money:
        return self.net + self.tax


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """A receipt that was handed over for a transaction.

    ``taken_at`` is the last exchange before the caller was told that it is taken; 0 where nobody was told.
    """

    name: str
    content_type: str
    content: bytes
    taken_at: int = 0

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """One transaction as it was submitted. Accounts are native ids.

    ``status`` is the last that the customer was told: ``refused`` at the door (or as invalid), ``failed`` later. With
    ``through_hub`` the hub's capability tables hold for it. ``tokens`` are further texts that stand for it on the wire;
    ``objects`` is how many native records one such transaction makes; ``rate`` is base units per foreign unit;
    ``names_contact``: ``contact`` is its own, not the default; ``amended``: a later change of it did not go through, so
    that it may stand in an earlier state.

    ``submissions`` counts how often it was handed over, ``dataset`` the call in which it came first (0: not known);
    ``earlier`` are other bodies under the same id, oldest first, ``updated`` whether they were replaced on purpose;
    ``told`` is everything that the customer was told of it, oldest first; ``pays`` are the bills that a payment pays,
    by id; ``files`` its receipts.
    """

    id: str
    kind: Kind
    date: date
    currency: str
    lines: tuple[SubmittedLine, ...]
    bank_account: str = ""
    contact: str = ""
    names_contact: bool = False
    reference: str = ""
    rate: Rate | None = None
    status: Status = "pending"
    native_id: str = ""
    message: str = ""
    tokens: tuple[str, ...] = ()
    through_hub: bool = False
    objects: int = 1
    amended: bool = False
    merchant: str = ""
    notes: str = ""
    due_date: DueDate = None
    submissions: int = 1
    dataset: int = 0
    earlier: tuple[Submitted, ...] = ()
    updated: bool = False
    told: tuple[tuple[Status, str], ...] = ()
    pays: tuple[Limb, ...] = ()
    files: tuple[SubmittedFile, ...] = ()

    @property
    def direction(self) -> int:
        """+1 where the lines are debited, -1 where they are credited, 0 where each line has its own sign."""
        if self.kind in ("transfer", "adjustment", "bill_payment"):
            return 0
        return 1 if self.kind in OUTGOING else -1

    @property
    def gross(self) -> Money:
        """What was charged or given back, tax included; of a transfer the amount that arrives."""
        amounts = [line.gross for line in self.lines] or [money for _, money in self.pays]
        if self.direction == 0:
            amounts = [amount for amount in amounts if amount.amount > 0]
        currency = amounts[0].currency if amounts else self.currency
        return total(amounts, currency)

    def limbs(self) -> list[Limb]:
        """The accounts that are sure to move and by how much in the submitted currency, debit positive; without tax."""
        sign = self.direction or 1
        moved = [(line.account, line.net * sign) for line in self.lines]
        if self.kind in CARD_KINDS and self.bank_account:
            moved.append((self.bank_account, self.gross * -sign))
        if self.kind == "bill_payment" and self.bank_account:
            moved.append((self.bank_account, -total((money for _, money in self.pays), self.currency)))
        return moved

    def __str__(self) -> str:
        of = f" of {self.gross}" if self.lines or self.pays else ""
        return f"{self.kind.replace('_', ' ')} {self.reference or self.id}{of}"
