"""What is written to a platform, in neutral words: documents, files and new accounts, and what came of them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from sandbooks.connector.lists import Account, AccountClass, Contact

ExpenseKind: TypeAlias = Literal["Payment", "Refund", "Reward", "Chargeback"]


class TrackingRef(Struct, frozen=True, kw_only=True):
    """A tag of a line: a tracking option, or a contact where the platform takes one."""

    id: str
    kind: Literal["tracking", "customer", "supplier"] = "tracking"


class PaymentAccount(Struct, frozen=True, kw_only=True):
    """The account that money leaves or reaches, with what the platform's document choice depends on."""

    id: str
    pays: Literal["card", "bank"]
    currency: str
    category: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """A line of an expense or a reimbursable. ``net`` and ``tax`` are in the document's currency; ``tax`` None leaves
    the amount to the platform. ``invoice_to`` is the customer whom it is billed on to."""

    net: Decimal
    tax: Decimal | None = None
    account: str = ""
    item: str = ""
    tax_rate: str = ""
    description: str = ""
    tracking: tuple[TrackingRef, ...] = ()
    invoice_to: str = ""


class Expense(Struct, frozen=True, kw_only=True):
    """Money spent or received back on a card or bank account. Amounts are positive as sent: ``kind`` has the sign.

    ``id`` is the transaction's id at the hub, which the native document must carry; ``key`` the idempotency key of
    this version, stable over resends; ``version`` counts from 1 with each update. ``rate``: base units per ONE unit
    of ``currency``, None where no conversion takes part.
    """

    kind: ExpenseKind
    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    account: PaymentAccount
    lines: tuple[Line, ...]
    rate: Decimal | None = None
    contact: Contact | None = None
    reference: str = ""
    merchant: str = ""
    notes: str = ""
    draft: bool = False


class Reimbursable(Struct, frozen=True, kw_only=True):
    """What is owed to an employee: a bill whose supplier is the employee."""

    id: str
    key: str
    version: int
    date: datetime.date
    due: datetime.date
    currency: str
    contact: Contact
    lines: tuple[Line, ...]
    rate: Decimal | None = None
    reference: str = ""
    notes: str = ""
    payables_account: str = ""


class TransferSide(Struct, frozen=True, kw_only=True):
    """One end of a transfer; the amount is in the account's own currency."""

    account: str
    currency: str
    amount: Decimal
    pays: Literal["card", "bank", ""] = ""


class Transfer(Struct, frozen=True, kw_only=True):
    """Money moved between two accounts; the rate follows from the two amounts."""

    id: str
    key: str
    version: int
    date: datetime.date
    source: TransferSide
    target: TransferSide
    description: str = ""


class AdjustmentLine(Struct, frozen=True, kw_only=True):
    """A journal line: ``amount`` above zero is a debit, below zero a credit."""

    amount: Decimal
    account: str
    description: str = ""
    tracking: tuple[TrackingRef, ...] = ()
    invoice_to: str = ""


class Adjustment(Struct, frozen=True, kw_only=True):
    """A journal entry; its lines sum to zero."""

    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    lines: tuple[AdjustmentLine, ...]
    rate: Decimal | None = None
    reference: str = ""


Document: TypeAlias = Expense | Reimbursable | Transfer | Adjustment


class Native(Struct, frozen=True, kw_only=True):
    """A document as the platform knows it. ``version`` is its version token, empty where there is none; ``data_type``
    the hub's word for that kind of record (``directCosts``, ``bills`` ...)."""

    kind: str
    id: str
    version: str = ""
    data_type: str = ""


class Done(Struct, frozen=True, kw_only=True):
    """The document stands in the platform's books. ``found``: it was there already, from an earlier attempt."""

    native: Native
    found: bool = False


class File(Struct, frozen=True, kw_only=True):
    """A file to attach. ``key`` is stable over resends."""

    name: str
    content_type: str
    content: bytes
    key: str
    include_when_sent: bool = False


class Attached(Struct, frozen=True, kw_only=True):
    """A file as the platform knows it."""

    id: str


class NewAccount(Struct, frozen=True, kw_only=True):
    """An account to be created. ``category`` and ``account_class`` as in ``Account``; for a bank account ``pays``."""

    name: str
    account_class: AccountClass
    category: str = ""
    currency: str = ""
    nominal_code: str = ""
    description: str = ""
    pays: Literal["card", "bank", ""] = ""
    institution: str = ""
    account_number: str = ""
    sort_code: str = ""
    iban: str = ""


def as_made(sent: NewAccount, id: str) -> Account:
    """A new account as it was sent, for where the platform does not show it."""
    return Account(
        id=id,
        name=sent.name,
        account_class=sent.account_class,
        category=sent.category,
        currency=sent.currency,
        nominal_code=sent.nominal_code,
        description=sent.description,
        pays=sent.pays,
    )


def kind_of(document: Document) -> str:
    """``Payment`` ``Refund`` ``Reward`` ``Chargeback`` ``Reimbursable`` ``Transfer`` ``Adjustment``."""
    return document.kind if isinstance(document, Expense) else type(document).__name__


def plain(amount: Decimal) -> str:
    """A decimal as plain text: no exponent, no minus zero."""
    return f"{amount if amount else abs(amount):f}"


def marked(text: str, id: str, *, most: int) -> str:
    """A note that ends with the transaction's id in brackets; the text is cut to fit ``most`` characters, never the id.

    >>> marked("Taxi to the airport", "r-01", most=14)
    'Taxi to [r-01]'
    """
    mark = f"[{id}]"
    kept = text.strip()[: max(0, most - len(mark) - 1)].rstrip()
    return f"{kept} {mark}" if kept else mark
