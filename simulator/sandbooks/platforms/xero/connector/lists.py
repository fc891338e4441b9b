"""Contacts and accounts as Xero wants them to be created or changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.connector import AccountClass, Contact, NewAccount
from sandbooks.platforms.xero.connector.reading import ADDRESS, CLASS_OF_TYPE

NAME_MOST = 255  # Source: github.com/XeroAPI/Xero-OpenAPI, Contact.Name
NEW_TYPE: Mapping[AccountClass, str] = {
    "Asset": "CURRENT",
    "Liability": "CURRLIAB",
    "Equity": "EQUITY",
    "Income": "REVENUE",
    "Expense": "EXPENSE",
}

Body = dict[str, Any]


def contact_body(contact: Contact, *, creates: bool) -> Body:
    """A contact; what is empty is left as it stands."""
    given, _, family = contact.contact_name.partition(" ")
    body: Body = {"Name": contact.name}
    optional = {
        "FirstName": given,
        "LastName": family,
        "EmailAddress": contact.email,
        "CompanyNumber": contact.registration_number,
        "TaxNumber": contact.tax_number,
        "DefaultCurrency": contact.currency if creates else "",
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": contact.phone}] if contact.phone else None,
        "Addresses": [_address(part) for part in contact.addresses[:1]],
    }
    if contact.replaces:
        body |= {"FirstName": given, "LastName": family, "EmailAddress": contact.email}
        body["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": contact.phone}]
    body |= {name: value for name, value in optional.items() if value}
    if not contact.active:
        body["ContactStatus"] = "ARCHIVED"
    return body


def _address(part: Mapping[str, str]) -> Body:
    return {"AddressType": "STREET"} | {theirs: part[ours] for ours, theirs in ADDRESS.items() if part.get(ours)}


def account_body(account: NewAccount) -> Body:
    """An account; of a bank account Xero asks for a number, of every other one for a code."""
    body: Body = {"Name": account.name}
    if account.nominal_code:
        body["Code"] = account.nominal_code
    if account.pays:
        number = f"{account.sort_code}{account.account_number}" or account.iban
        body |= {"Type": "BANK", "BankAccountType": "CREDITCARD" if account.pays == "card" else "BANK"}
        optional = {"BankAccountNumber": number, "CurrencyCode": account.currency}
        return body | {name: value for name, value in optional.items() if value}
    named = next((part for part in reversed(account.category.upper().split(".")) if part in CLASS_OF_TYPE), "")
    body["Type"] = named or NEW_TYPE[account.account_class]
    if account.description:
        body["Description"] = account.description
    return body
