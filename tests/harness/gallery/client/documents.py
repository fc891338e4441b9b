"""What is to be posted, in the client's own words: amounts are signed, spending is positive, money back negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. In an adjustment ``net`` is positive for a debit."""

    account: str
    net: Any
    tax: Any = Decimal(0)
    tax_code: str = ""
    tracking: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a transfer."""

    account: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document. ``rate`` is base units for one foreign unit, None where no foreign currency takes part."""

    id: str
    kind: str
    date: date
    currency: str = ""
    rate: Decimal | None = None
    lines: tuple[Line, ...] = ()
    account: str = ""
    contact: str = ""
    due: date | None = None
    merchant: str = ""
    reference: str = ""
    notes: str = ""
    source: Side | None = None
    target: Side | None = None
    facts: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def spends(self) -> bool:
        """Whether the document takes money out, on the whole."""
        return bool(sum(line.net + line.tax for line in self.lines) >= 0)

    @property
    def text(self) -> str:
        return " - ".join(part for part in (self.merchant, self.notes) if part)


@dataclass(frozen=True)
class Account:
    """An account of the customer's chart, as far as posting needs it."""

    id: str
    name: str
    currency: str
    active: bool = True
    code: str = ""
    pays: str = ""  # "card" or "bank"


@dataclass(frozen=True)
class Posted:
    """The platform has it under this id."""

    native_id: str


@dataclass(frozen=True)
class Rejected:
    """The platform does not take it, and why."""

    message: str
    code: str = ""


Verdict = Posted | Rejected
