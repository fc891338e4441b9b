"""What should be in the books: the transactions that somebody submitted, and what each customer was told of them.

The same values describe what the hub has accepted and what a driver was given. Knows no platform and no wire format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from sandbooks.money import Money, Rate, total

Kind: TypeAlias = Literal[
    "payment", "refund", "reward", "chargeback", "transfer", "adjustment", "reimbursable", "bill", "bill_payment"
]
Status: TypeAlias = Literal["completed", "failed", "refused", "pending"]
Limb: TypeAlias = tuple[str, Money]

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

    @property
    def gross(self) -> Money:
        return self.net + self.tax


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """One transaction as it was submitted. Accounts are native ids.

    ``status`` is the last that the customer was told: ``refused`` at the door (or as invalid), ``failed`` later. With
    ``through_hub`` the hub's capability tables hold for it. ``tokens`` are further texts that stand for it on the wire;
    ``objects`` is how many native records one such transaction makes; ``rate`` is base units per foreign unit;
    ``amended``: a later change of it did not go through, so that it may stand in an earlier state.
    """

    id: str
    kind: Kind
    date: date
    currency: str
    lines: tuple[SubmittedLine, ...]
    bank_account: str = ""
    contact: str = ""
    reference: str = ""
    rate: Rate | None = None
    status: Status = "pending"
    native_id: str = ""
    message: str = ""
    tokens: tuple[str, ...] = ()
    through_hub: bool = False
    objects: int = 1
    amended: bool = False

    @property
    def direction(self) -> int:
        """+1 where the lines are debited, -1 where they are credited, 0 where each line has its own sign."""
        if self.kind in ("transfer", "adjustment", "bill_payment"):
            return 0
        return 1 if self.kind in OUTGOING else -1

    @property
    def gross(self) -> Money:
        """What was charged or given back, tax included; of a transfer the amount that arrives."""
        amounts = [line.gross for line in self.lines]
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
        return moved

    def __str__(self) -> str:
        of = f" of {self.gross}" if self.lines else ""
        return f"{self.kind.replace('_', ' ')} {self.reference or self.id}{of}"


def of_driver(
    transactions: Iterable[Mapping[str, Any]],
    outcomes: Mapping[str, Mapping[str, Any]],
    *,
    base_currency: str,
    refused: Iterable[str] = (),
    defaults: Mapping[str, str] | None = None,
) -> list[Submitted]:
    """Submitted transactions from the driver contract's own shapes.

    ``outcomes`` are what the driver says of each id, ``refused`` the ids that it did not take, ``defaults`` its default
    ``bank_account`` and ``supplier``. The last version of an id counts.
    """
    latest = {str(given["id"]): given for given in transactions}
    turned_away = set(refused)
    return [
        _of_driver(given, outcomes.get(id_, {}), base_currency, refused=id_ in turned_away, defaults=defaults or {})
        for id_, given in latest.items()
    ]


def _of_driver(
    given: Mapping[str, Any],
    outcome: Mapping[str, Any],
    base_currency: str,
    *,
    refused: bool,
    defaults: Mapping[str, str],
) -> Submitted:
    kind = str(given["kind"])
    currency = str(given["to"]["currency"] if kind == "transfer" else given["currency"])
    rate = given.get("rate")
    foreign = currency != base_currency
    return Submitted(
        id=str(given["id"]),
        kind=kind,  # type: ignore[arg-type]  # the driver contract names the same kinds
        date=date.fromisoformat(given["date"]),
        currency=currency,
        lines=_transfer_lines(given) if kind == "transfer" else tuple(_line(x, currency) for x in given["lines"]),
        bank_account=str(given.get("bank_account") or defaults.get("bank_account", "")),
        contact=str(given.get("contact") or defaults.get("supplier", "")),
        reference=str(given.get("reference") or ""),
        rate=Rate(Decimal(rate), currency, base_currency) if rate and foreign else None,
        status="refused" if refused else outcome.get("status", "pending"),
        native_id=str(outcome.get("native_id") or ""),
        message=str(outcome.get("message") or ""),
    )


def _line(given: Mapping[str, Any], currency: str) -> SubmittedLine:
    return SubmittedLine(
        account=str(given["account"]),
        net=Money.of(given["amount"] if "amount" in given else given["net"], currency),
        tax=Money.of(given.get("tax", "0"), currency),
        tax_code=str(given.get("tax_code") or ""),
    )


def _transfer_lines(given: Mapping[str, Any]) -> tuple[SubmittedLine, ...]:
    arriving, leaving = given["to"], given["from"]
    return tuple(
        SubmittedLine(
            account=str(side["account"]),
            net=Money.of(side["amount"], side["currency"]) * sign,
            tax=Money.zero(side["currency"]),
        )
        for side, sign in ((arriving, 1), (leaving, -1))
    )
