"""What is exported, and how an export can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Receipt:
    """One card payment. ``account`` and ``card`` are native ids in the customer's chart of accounts."""

    reference: str
    merchant: str
    amount: Decimal
    date: date
    account: str
    card: str


class Refused(Exception):
    """The accounting software said no. Trying again would not help."""


class OutcomeUnknown(Exception):
    """No answer that can be understood: the receipt may have been posted, or not."""
