"""Vendors, customers and bank accounts as Business Central wants them to be created or changed. Pure.

Every create chooses the record's id, so that a second one of the same key is refused.
"""

from __future__ import annotations

from typing import Any

from sandbooks.connector import Company, Contact, NewAccount, Refused
from sandbooks.platforms.business_central.connector.documents import chosen_id
from sandbooks.platforms.business_central.connector.reading import ADDRESS

NOT_BLOCKED = " "
NAME_MOST = 100  # Source: github.com/microsoft/BCApps, tables Vendor, Customer and Bank Account, Name

Body = dict[str, Any]


def contact_body(contact: Contact) -> Body:
    """A vendor or customer; what is empty is left as it stands."""
    body: Body = {"displayName": contact.name}
    optional = {
        "email": contact.email,
        "phoneNumber": contact.phone,
        "taxRegistrationNumber": contact.tax_number,
    }
    for part in contact.addresses[:1]:
        optional |= {theirs: part[ours] for ours, theirs in ADDRESS.items() if part.get(ours)}
    return body | {name: text for name, text in optional.items() if text}


def new_contact(contact: Contact, company: Company, *, key: str) -> Body:
    """A vendor or customer to be created; without a currency it is in the local one."""
    body = {"id": chosen_id(key)} | contact_body(contact)
    if contact.currency and contact.currency != company.currency:
        body["currencyCode"] = contact.currency
    return body if contact.active else body | {"blocked": "All"}


def changed_contact(contact: Contact) -> Body:
    """A vendor or customer to be changed."""
    return contact_body(contact) | {"blocked": NOT_BLOCKED if contact.active else "All"}


def new_bank_account(account: NewAccount, company: Company, *, key: str) -> Body:
    """A bank account; a card is one too. The ledger's own accounts are not made by the API.

    Source: learn.microsoft.com, Business Central, API v2.0, resource account (read only).
    """
    if not account.pays:
        raise Refused("Business Central's API creates no G/L accounts: create it in Business Central")
    body: Body = {"id": chosen_id(key), "displayName": account.name[:NAME_MOST]}
    number = f"{account.sort_code}{account.account_number}"
    currency = account.currency if account.currency != company.currency else ""
    optional = {
        "number": account.nominal_code,
        "bankAccountNumber": number,
        "iban": account.iban,
        "currencyCode": currency,
    }
    return body | {name: text for name, text in optional.items() if text}
