"""What is read from a platform, in neutral words: company, accounts, contacts, tax rates, tracking."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct, field

ContactKind: TypeAlias = Literal["supplier", "customer"]
AccountClass: TypeAlias = Literal["Asset", "Liability", "Income", "Expense", "Equity"]


class Company(Struct, frozen=True, kw_only=True):
    """The company behind a connection. ``facts`` are the platform's own settings that its documents depend on."""

    id: str
    name: str
    currency: str
    country: str = ""
    legal_name: str = ""
    multicurrency: bool = True
    time_zone: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Account(Struct, frozen=True, kw_only=True):
    """An account of the chart, or a bank or card account.

    ``category`` is the fully qualified native category, parts joined by dots (``Liability.Credit Card.CreditCard``).
    ``pays`` tells what kind of payment account it can be: ``card``, ``bank``, or empty for none. ``lines`` are the
    document kinds that may name it on a line: the four of ``ExpenseKind``, ``Reimbursable``, ``Adjustment``;
    ``transfers``: it may be a side of a transfer.
    """

    id: str
    name: str
    account_class: AccountClass
    category: str
    currency: str
    nominal_code: str = ""
    description: str = ""
    pays: Literal["card", "bank", ""] = ""
    lines: tuple[str, ...] = ()
    transfers: bool = False
    active: bool = True
    balance: Decimal | None = None
    updated: datetime.datetime | None = None


class Contact(Struct, frozen=True, kw_only=True):
    """A supplier or a customer. ``currency`` empty: any. With ``id`` empty it is one to be created.

    ``replaces``: in a change, what is empty here is cleared; otherwise it is left as it stands.
    """

    kind: ContactKind
    name: str
    id: str = ""
    currency: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    registration_number: str = ""
    tax_number: str = ""
    addresses: tuple[Mapping[str, str], ...] = ()
    active: bool = True
    version: str = ""
    updated: datetime.datetime | None = None
    replaces: bool = False


class TaxRate(Struct, frozen=True, kw_only=True):
    """A tax that a line may carry. Rates are per cent; ``effective`` includes compounding, ``total`` is the plain sum.
    ``kinds`` are the document kinds that may use it."""

    id: str
    name: str
    code: str = ""
    effective: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    kinds: tuple[str, ...] = ()
    active: bool = True


class TrackingOption(Struct, frozen=True, kw_only=True):
    """A class, department, location, project or tracking option that a line may carry."""

    id: str
    name: str
    parent: str = ""
    has_children: bool = False
    active: bool = True
    updated: datetime.datetime | None = None
