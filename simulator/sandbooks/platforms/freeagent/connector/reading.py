"""What is read from FreeAgent, in neutral words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    Request,
    Steps,
    ask,
)
from sandbooks.platforms.freeagent.connector.calls import ACCEPT, accepted, paged, read, tail

REGISTRATION = "sales_tax_registration_status"
# Source: dev.freeagent.com/docs/categories, the four sets of categories
SETS: Mapping[str, AccountClass | None] = {
    "admin_expenses_categories": "Expense",
    "cost_of_sales_categories": "Expense",
    "income_categories": "Income",
    "general_categories": None,
}
# The class of a general category by its nominal code: the first code of each stretch.
# Source: dev.freeagent.com/docs/categories (groups and their ranges); what lies between them by convention.
_GENERAL: Sequence[tuple[int, AccountClass]] = (
    (0, "Income"),
    (52, "Expense"),
    (600, "Asset"),
    (670, "Equity"),
    (671, "Asset"),
    (731, "Liability"),
    (750, "Asset"),
    (751, "Liability"),
    (901, "Equity"),
    (902, "Liability"),
    (908, "Equity"),
    (909, "Liability"),
    (911, "Equity"),
)
ADDRESS = {
    "line1": "address1",
    "line2": "address2",
    "city": "town",
    "region": "region",
    "postalCode": "postcode",
    "country": "country",
}


def company(consent: Consent) -> Steps[Company]:
    """The company of the token."""
    body = yield from read("company", "company", purpose="read the company")
    facts = {name: str(body[name]) for name in (REGISTRATION, "type", "subdomain") if body.get(name)}
    return Company(
        id=consent.company,
        name=str(body.get("name") or ""),
        currency=str(body.get("currency") or ""),
        country=_country(body),
        facts=facts,
    )


def _country(body: Mapping[str, Any]) -> str:
    """Two letters by the company's type, which names the two countries that FreeAgent has books for."""
    kind = str(body.get("type") or "")
    return "GB" if kind.startswith("Uk") else "US" if kind.startswith("Us") else ""


def accounts() -> Steps[Sequence[Account]]:
    """Categories, then bank and card accounts, hidden ones included."""
    home = str((yield from read("company", "company", purpose="read the company")).get("currency") or "")
    request = Request("GET", "/v2/categories", purpose="list categories", headers=(ACCEPT,))
    response = yield from ask(request)
    body = accepted(response, request)
    found = [category(row, name, home) for name in SETS for row in body.get(name) or ()]
    banks = yield from paged("bank_accounts")
    return found + [bank_account(row) for row in banks]


def category(body: Mapping[str, Any], set_name: str, home: str) -> Account:
    """A category; its nominal code is its id. Only costs may be paid for or billed."""
    code = str(body.get("nominal_code") or tail(body.get("url")))
    account_class = SETS.get(set_name) or _class_of(code)
    parts = (account_class, set_name.removesuffix("_categories"), body.get("group_description"))
    return Account(
        id=code,
        name=str(body.get("description") or ""),
        nominal_code=code,
        account_class=account_class,
        category=".".join(str(part) for part in parts if part),
        currency=home,
        lines=("Payment", "Reimbursable") if account_class == "Expense" else (),
    )


def _class_of(code: str) -> AccountClass:
    number = int(code[:3]) if code[:3].isdigit() else 0
    found: AccountClass = "Asset"
    for first, account_class in _GENERAL:
        if number >= first:
            found = account_class
    return found


def bank_account(body: Mapping[str, Any]) -> Account:
    """A bank, PayPal or credit card account."""
    native_type = str(body.get("type") or "StandardBankAccount")
    card = native_type == "CreditCardAccount"
    balance = body.get("current_balance")
    return Account(
        id=tail(body["url"]),
        name=str(body.get("name") or ""),
        account_class="Liability" if card else "Asset",
        category=f"{'Liability' if card else 'Asset'}.Bank Account.{native_type}",
        currency=str(body.get("currency") or ""),
        pays="card" if card else "bank",
        transfers=True,
        active=body.get("status", "active") == "active",
        balance=Decimal(str(balance)) if balance is not None else None,
        updated=instant(body.get("updated_at")),
    )


def contacts(kind: ContactKind) -> Steps[Sequence[Contact]]:
    """Every contact, hidden ones included: FreeAgent has one list for suppliers and customers."""
    found = yield from paged("contacts", query={"view": "all", "sort": "created_at"})
    return [contact(body, kind) for body in found]


def contact(body: Mapping[str, Any], kind: ContactKind) -> Contact:
    """A contact under the name of its organisation, else its own."""
    person = " ".join(str(body[name]) for name in ("first_name", "last_name") if body.get(name))
    address = {ours: str(body[theirs]) for ours, theirs in ADDRESS.items() if body.get(theirs)}
    return Contact(
        kind=kind,
        id=tail(body["url"]),
        name=str(body.get("organisation_name") or person),
        contact_name=person,
        email=str(body.get("email") or ""),
        phone=str(body.get("phone_number") or body.get("mobile") or ""),
        tax_number=str(body.get("sales_tax_registration_number") or ""),
        addresses=(address,) if address else (),
        active=body.get("status", "Active") == "Active",
        updated=instant(body.get("updated_at")),
    )


def instant(text: Any) -> datetime | None:
    """An instant as FreeAgent writes it: ISO 8601 in UTC."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
