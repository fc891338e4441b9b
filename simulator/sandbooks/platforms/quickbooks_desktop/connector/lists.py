"""Vendors, customers and accounts that the hub creates or changes in QuickBooks Desktop. Pure.

Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbooks.connector import Company, Contact, NewAccount, Refused
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import Part, ref
from sandbooks.platforms.quickbooks_desktop.connector.reading import CLASSES, CURRENCY

NAME_MOST = 41
ACCOUNT_NAME_MOST = 31
NUMBER_MOST = 7
NEW_TYPE: Mapping[str, str] = {
    "Asset": "OtherCurrentAsset",
    "Liability": "OtherCurrentLiability",
    "Income": "Income",
    "Expense": "Expense",
    "Equity": "Equity",
}


def word_of(contact: Contact) -> str:
    """The list that a contact belongs to."""
    return "Vendor" if contact.kind == "supplier" else "Customer"


def contact(contact: Contact, company: Company, *, creates: bool) -> Iterator[Part]:
    """The content of a name's Add or Mod. Raises ``Refused`` for what QuickBooks cannot state."""
    if len(contact.name) > NAME_MOST or ":" in contact.name:
        raise Refused(f"a name in QuickBooks has at most {NAME_MOST} characters and no colon", element="supplierName")
    yield ("Name", contact.name)
    if not creates:
        yield ("IsActive", "true" if contact.active else "false")
    yield ("CompanyName", contact.name)
    yield ("Phone", contact.phone[:21] or None)
    yield ("Email", contact.email[:1023] or None)
    yield ("Contact", contact.contact_name[:NAME_MOST] or None)
    if contact.kind == "supplier":
        yield ("VendorTaxIdent", contact.tax_number[:15] or None)
    if creates:
        yield _currency(contact.currency, company)


def account(account: NewAccount, company: Company) -> Iterator[Part]:
    """The content of an account's Add. Raises ``Refused`` for what QuickBooks cannot state."""
    if len(account.name) > ACCOUNT_NAME_MOST or ":" in account.name:
        raise Refused(f"an account in QuickBooks has a name of at most {ACCOUNT_NAME_MOST} characters and no colon")
    if len(account.nominal_code) > NUMBER_MOST:
        raise Refused(f"an account number in QuickBooks has at most {NUMBER_MOST} characters")
    named = account.category.rpartition(".")[2]
    by_pay = {"card": "CreditCard", "bank": "Bank"}.get(account.pays, "")
    yield ("Name", account.name)
    yield ("AccountType", by_pay or (named if named in CLASSES else NEW_TYPE[account.account_class]))
    yield ("AccountNumber", account.nominal_code or None)
    yield ("BankNumber", account.account_number[:25] or None)
    yield ("Desc", account.description[:200] or None)
    yield _currency(account.currency, company)


def _currency(code: str, company: Company) -> Part:
    """A currency other than home. Raises ``Refused`` for one that the file does not list."""
    if code in ("", company.currency):
        return ("CurrencyRef", None)
    id = company.facts.get(f"{CURRENCY}{code}", "")
    if not id:
        raise Refused(f"the company file has no currency {code}", element="currency")
    return ref("CurrencyRef", id)
