"""Vendors, customers and accounts as NetSuite wants them to be created or changed. Pure.

Source: docs.oracle.com, NetSuite Online Help, records vendor, customer and account in REST web services.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.connector import AccountClass, Company, Contact, NewAccount, Refused
from sandbooks.platforms.netsuite.connector.reading import CLASSES, CURRENCY, SUBSIDIARY

NEW_TYPE: Mapping[AccountClass, str] = {
    "Asset": "OthCurrAsset",
    "Liability": "OthCurrLiab",
    "Equity": "Equity",
    "Income": "Income",
    "Expense": "Expense",
}
Body = dict[str, Any]


def contact_body(contact: Contact, company: Company, *, creates: bool) -> Body:
    """A vendor or customer; what is empty is left as it stands. Subsidiary and currency are set once.

    Addresses are not written: each is a subrecord of an address book, which cannot be changed once it is there.
    Source: docs.oracle.com, section_1545141395 (subrecords cannot be updated)
    """
    body: Body = {"companyName": contact.name or None, "isInactive": not contact.active}
    body |= {"entityId": contact.name} if contact.name else {}  # an entity is never without an id
    told = {"email": contact.email, "phone": contact.phone}
    body |= {name: text or None for name, text in told.items() if text or contact.replaces}
    if contact.kind == "supplier" and contact.tax_number:
        body["vatRegNumber"] = contact.tax_number
    return body | _once(contact, company) if creates else body


def _once(contact: Contact, company: Company) -> Body:
    body: Body = {"isPerson": False} | _subsidiary(company)
    if contact.currency:
        body["currency"] = {"id": currency_id(contact.currency, company)}
    return body


def account_body(account: NewAccount, company: Company) -> Body:
    """An account. A currency of its own is for bank and card accounts."""
    named = next((part for part in reversed(account.category.split(".")) if part in CLASSES), "")
    native_type = {"card": "CredCard", "bank": "Bank"}.get(account.pays, "") or named or NEW_TYPE[account.account_class]
    body: Body = {"acctName": account.name, "acctType": {"id": native_type}}
    if account.nominal_code:
        body["acctNumber"] = account.nominal_code
    if account.description:
        body["description"] = account.description
    if account.currency and account.pays:
        body["currency"] = {"id": currency_id(account.currency, company)}
    if company.facts.get(SUBSIDIARY):
        body["subsidiary"] = {"items": [{"id": company.facts[SUBSIDIARY]}]}
    return body


def _subsidiary(company: Company) -> Body:
    return {"subsidiary": {"id": company.facts[SUBSIDIARY]}} if company.facts.get(SUBSIDIARY) else {}


def currency_id(code: str, company: Company) -> str:
    """The internal id of a currency. Raises ``Refused`` for one that the account does not use."""
    id = company.facts.get(f"{CURRENCY}{code}")
    if not id:
        raise Refused(f"the NetSuite account has no currency {code}", element="currency")
    return id
