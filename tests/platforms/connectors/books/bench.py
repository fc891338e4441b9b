"""The books that the connectors are tested on: one British company, one of every document, and what stands afterwards.

The usual company, documents and amounts are the same on every platform; what a platform wants otherwise (its tax codes,
the kinds of its records, a second card) it passes in. Knows no platform by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from msgspec.structs import replace
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import (
    Contact,
    Document,
    Expense,
    ExpenseKind,
    File,
    Line,
    PaymentAccount,
    Reimbursable,
    Transfer,
    TransferSide,
)
from sandbooks.platform import CompanyPlan

DAY = date(2026, 3, 2)
BACK: tuple[ExpenseKind, ...] = ("Refund", "Reward", "Chargeback")
FILE = File(name="till receipt #4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")
MARLOW = Contact(
    kind="supplier",
    name="Marlow Print & Sons",
    email="post@marlow.example",
    contact_name="Ada Reed",
    addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
)
CARD = {"type": "credit_card", "name": "Company Card"}
DOLLAR_CARD = {"type": "credit_card", "name": "Dollar Card", "currency": "USD"}
DOLLAR_ACCOUNT = {"type": "bank", "name": "Dollar Account", "currency": "USD"}
REGION = {"region": {"name": "Region", "options": ["North", "South"]}}
EMPLOYEE = {"employee": {"name": "Ines Duarte"}}


def plan(accounts: Mapping[str, Mapping[str, Any]] | None = None, **more: Any) -> CompanyPlan:
    """Harbour Street Ltd, with two accounts of cost, a card and a current account; and what ``more`` says."""
    usual = {
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "card": CARD,
        "current": {"type": "bank", "name": "Current Account"},
    }
    return CompanyPlan(
        name="Harbour Street Ltd", country="GB", currency="GBP", accounts={**usual, **(accounts or {})}, **more
    )


@dataclass(frozen=True, kw_only=True)
class Books:
    """One platform under the tests that every platform has to pass.

    ``documents``: one of every kind that it is offered; ``live``: how many documents stand; ``labels``: the accounts
    whose balances count; ``steps``: at how many of its requests a push is killed; ``open``: a fresh
    company and a connection to it, where it takes more than the usual driver.
    """

    platform: str
    plan: CompanyPlan
    documents: Callable[[Driver], Sequence[Document]]
    live: Callable[[Driver], int]
    labels: tuple[str, ...]
    steps: int = 0
    open: Callable[[], Driver] | None = None

    def opened(self) -> Driver:
        return self.open() if self.open else connected(self.platform, self.plan)

    def balances(self, driver: Driver) -> dict[str, str]:
        return driver.balances(*self.labels)


def nothing(*labels: str) -> dict[str, str]:
    """The balances of accounts that nothing was posted to."""
    return dict.fromkeys(labels, "0.00 GBP")


# Documents


def expense(
    driver: Driver,
    *lines: Line,
    id: str,
    account: str,
    pays: Literal["card", "bank"],
    kind: ExpenseKind = "Payment",
    category: str = "",
    **more: Any,
) -> Expense:
    """Money out of an account, given by its label, or back to it; the account of dollars is in dollars."""
    currency = "USD" if account == "dollars" else driver.books.currency
    own = PaymentAccount(id=driver.labels["accounts"][account], pays=pays, currency=currency, category=category)
    usual = {"key": f"key-{id}-1", "version": 1, "date": DAY, "merchant": "Contoso"}
    return Expense(kind=kind, id=id, currency=currency, account=own, lines=lines, **{**usual, **more})


def travel(driver: Driver, **more: Any) -> Line:
    """A taxed line on travel: 41.23 and 8.25 of tax."""
    return Line(net=Decimal("41.23"), tax=Decimal("8.25"), account=driver.labels["accounts"]["travel"], **more)


def supplier(driver: Driver, label: str, **more: Any) -> Contact:
    return Contact(**{"kind": "supplier", "name": "", "id": driver.labels["suppliers"][label], **more})


def reimbursable(driver: Driver, *, train: Mapping[str, Any], lunch: Mapping[str, Any]) -> Reimbursable:
    """What an employee laid out: train 22.10 and 4.42 of tax, lunch 9.61; ``train``, ``lunch``: more of each line."""
    accounts = driver.labels["accounts"]
    return Reimbursable(
        id="t-03",
        key="key-t-03-1",
        version=1,
        date=DAY,
        due=date(2026, 3, 16),
        currency=driver.books.currency,
        contact=supplier(driver, "employee"),
        lines=(
            Line(net=Decimal("22.10"), tax=Decimal("4.42"), account=accounts["travel"], **train),
            Line(net=Decimal("9.61"), account=accounts["meals"], description="Lunch", **lunch),
        ),
        reference="Trip",
        notes="Fair in Leeds",
    )


def transfer(driver: Driver) -> Transfer:
    """310.40 from the current account to the card."""
    accounts = driver.labels["accounts"]
    return Transfer(
        id="t-02",
        key="key-t-02-1",
        version=1,
        date=DAY,
        source=TransferSide(account=accounts["current"], currency="GBP", amount=Decimal("310.40"), pays="bank"),
        target=TransferSide(account=accounts["card"], currency="GBP", amount=Decimal("310.40"), pays="card"),
        description="Card paid down",
    )


def numbered(documents: Sequence[Document], start: str = "t-1") -> list[Any]:
    """The documents under ids and keys that none of the others has; ``start``: what their ids begin with."""
    return [replace(document, id=f"{start}{place}", key=f"k-{place}") for place, document in enumerate(documents)]


# What becomes of them


def pushed(driver: Driver, document: Document) -> str:
    return driver.push(document).native.id


def found(driver: Driver, document: Document) -> str | None:
    done = driver.look_up(document)
    return done.native.id if done else None


def standing(driver: Driver, *kinds: str) -> int:
    """How many records of some kinds stand."""
    return sum(1 for kind in kinds for _ in driver.books.records.scan(kind))
