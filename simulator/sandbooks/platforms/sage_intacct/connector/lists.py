"""Vendors, customers and accounts as Sage Intacct wants them to be created or changed. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sandbooks.connector import Contact, NewAccount, Refused
from sandbooks.platforms.sage_intacct.connector.reading import ADDRESS

ID_MOST = 20  # Source: https://developer.intacct.com/api/accounts-payable/vendors/, VENDORID
NAME_MOST = 100
PERSON_MOST = 40

Body = dict[str, Any]


def contact_id(contact: Contact, key: str) -> str:
    """An id for a new contact: the same for the same key, so that no attempt makes a second one."""
    word = re.sub(r"[^A-Z0-9]", "", contact.name.upper())[:11]
    return f"{word or 'C'}-{hashlib.sha256(key.encode()).hexdigest()[:8].upper()}"[:ID_MOST]


def contact_body(contact: Contact, *, object: str, id: str, new: bool) -> Body:
    """A vendor or customer with its display contact; what is empty is left as it stands."""
    # Source: https://docs.codat.io/payables/sync/suppliers (split at the last space, each part of 40 characters)
    given, space, family = contact.contact_name.rpartition(" ")
    given, family = (given[:PERSON_MOST], family[:PERSON_MOST]) if space else (family[:PERSON_MOST], "")
    shown: Body = {"PRINTAS": contact.name, "COMPANYNAME": contact.name} if new else {}
    optional = {"FIRSTNAME": given, "LASTNAME": family, "PHONE1": contact.phone, "EMAIL1": contact.email}
    shown |= {name: text for name, text in optional.items() if text or (contact.replaces and not new)}
    address = {
        theirs: part[ours] for part in contact.addresses[:1] for ours, theirs in ADDRESS.items() if part.get(ours)
    }
    if address:
        shown["MAILADDRESS"] = address
    body: Body = {f"{object}ID": id, "NAME": contact.name[:NAME_MOST]}
    if shown:
        body["DISPLAYCONTACT"] = shown
    if contact.tax_number:
        body["TAXID"] = contact.tax_number
    if contact.currency and new:
        body["CURRENCY"] = contact.currency
    return body | {"STATUS": "active" if contact.active else "inactive"}


def account_body(account: NewAccount) -> Body:
    """An account of the chart. Raises ``Refused`` without a number, which is its id."""
    if not account.nominal_code:
        raise Refused("Sage Intacct needs an account number: send a nominalCode")
    results = account.account_class in ("Income", "Expense")
    return {
        "ACCOUNTNO": account.nominal_code,
        "TITLE": account.name,
        "ACCOUNTTYPE": "incomestatement" if results else "balancesheet",
        "NORMALBALANCE": "debit" if account.account_class in ("Asset", "Expense") else "credit",
        "CLOSINGTYPE": "closing account" if results else "non-closing account",
        "STATUS": "active",
    }


def bank_body(account: NewAccount) -> Body:
    """A checking account over an account of the chart. Raises ``Refused`` for a card or without that account."""
    if account.pays == "card":
        # Source: https://developer.intacct.com/api/cash-management/ (charge card accounts are read, not created)
        raise Refused("charge card accounts are set up in Sage Intacct itself")
    if not account.nominal_code:
        raise Refused("Sage Intacct needs the general ledger account of a bank account: send a nominalCode")
    body: Body = {
        "BANKACCOUNTID": re.sub(r"[^A-Za-z0-9 -]", "", account.name).strip()[:ID_MOST].rstrip(),
        "BANKNAME": account.institution or account.name,
        "GLACCOUNTNO": account.nominal_code,
    }
    optional = {
        "BANKACCOUNTNO": account.account_number or account.iban,
        "ROUTINGNO": account.sort_code,
        "CURRENCY": account.currency,
    }
    return body | {name: text for name, text in optional.items() if text}
