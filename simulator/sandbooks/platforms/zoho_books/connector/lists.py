"""Contacts and accounts as Zoho Books wants them to be created or changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.connector import AccountClass, Contact, NewAccount
from sandbooks.platforms.zoho_books.connector.reading import ADDRESS, CLASSES, native_type

# Source: https://www.zoho.com/books/api/v3/chart-of-accounts/, account_type
TYPES: Mapping[AccountClass, str] = {
    "Asset": "other_current_asset",
    "Liability": "other_current_liability",
    "Income": "income",
    "Expense": "expense",
    "Equity": "equity",
}

Body = dict[str, Any]


def contact_body(contact: Contact, *, currency_id: str, stands: Mapping[str, Any] | None = None) -> Body:
    """A contact; what is empty is left as it stands. ``stands``: the contact to be changed."""
    body: Body = {"contact_name": contact.name, "contact_type": native_type(contact.kind)}
    if stands is None:
        body["company_name"] = contact.name
    if currency_id:
        body["currency_id"] = currency_id
    if contact.tax_number:
        body["vat_reg_no"] = contact.tax_number
    address = {theirs: part[ours] for part in contact.addresses[:1] for ours, theirs in ADDRESS.items() if ours in part}
    if address:
        body["billing_address"] = {name: value for name, value in address.items() if value}
    person = _person(contact)
    if contact.replaces:
        body |= person  # the contact itself tells what its primary person does not
    if person:
        body["contact_persons"] = [person | _primary(stands or {})]
    return body


def _person(contact: Contact) -> Body:
    given, _, family = contact.contact_name.partition(" ")
    told = {"first_name": given, "last_name": family, "email": contact.email, "phone": contact.phone}
    return {name: value for name, value in told.items() if value or contact.replaces}


def _primary(stands: Mapping[str, Any]) -> Body:
    """The person to be changed, so that no second one is made."""
    persons = [row for row in stands.get("contact_persons") or () if row.get("is_primary_contact", True)]
    id = persons[0].get("contact_person_id") if persons else stands.get("primary_contact_id")
    return {"is_primary_contact": True} | ({"contact_person_id": id} if id else {})


def same_contact(wanted: Contact, stands: Contact) -> bool:
    """Whether a contact that stands is, as far as a list shows it, the one that would be created."""
    shown = (stands.name, stands.contact_name, stands.email, stands.phone)
    return shown == (wanted.name, wanted.contact_name, wanted.email, wanted.phone)


def account_type(account: NewAccount) -> str:
    """The type that the category text ends with, where it is one of the class, else the class's usual one."""
    if account.pays:
        return "credit_card" if account.pays == "card" else "bank"
    named = account.category.rpartition(".")[2]
    return named if CLASSES.get(named) == account.account_class else TYPES[account.account_class]


def account_body(account: NewAccount, *, currency_id: str) -> Body:
    """An account of the chart, or a bank or card account."""
    body: Body = {"account_name": account.name, "account_type": account_type(account)}
    optional = {
        "account_code": account.nominal_code,
        "description": account.description,
        "currency_id": currency_id,
    }
    if account.pays:
        optional |= {
            "bank_name": account.institution,
            "account_number": account.account_number or account.iban,
            "routing_number": account.sort_code,
        }
    return body | {name: value for name, value in optional.items() if value}
