"""Contacts, categories and bank accounts as FreeAgent wants them to be created or changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbooks.connector import AccountClass, Company, Contact, NewAccount
from sandbooks.platforms.freeagent.connector.reading import ADDRESS, SETS

# Source: dev.freeagent.com/docs/categories: the groups that users may add to
GROUPS: Mapping[AccountClass, str] = {
    "Expense": "admin_expenses",
    "Income": "income",
    "Asset": "current_assets",
    "Liability": "liabilities",
    "Equity": "equities",
}
# A name on the tax return that each group takes, by the beginning of the company's type; the last is for all others.
# Source: dev.freeagent.com/docs/categories, valid tax reporting names by company type
REPORTING: Mapping[str, Sequence[tuple[str, str]]] = {
    "admin_expenses": (
        ("UkLimited", "sundry_expenses"),
        ("UkSole", "other_business_expenses"),
        ("", "other_expenses"),
    ),
    "cost_of_sales": (
        ("UkLimited", "purchases"),
        ("UkSole", "cost_of_goods"),
        ("UkPartnership", "cost_of_sales"),
        ("", "other_costs"),
    ),
    "current_assets": (("", "debtors"),),
    "liabilities": (("UkLimited", "provisions_for_liabilities"), ("", "creditors")),  # the latter as in the samples
}

Body = dict[str, Any]


def contact_body(contact: Contact) -> Body:
    """A contact; what is empty is left as it stands."""
    given, _, family = contact.contact_name.partition(" ")
    body: Body = {"organisation_name": contact.name}
    optional = {
        "first_name": given,
        "last_name": family,
        "email": contact.email,
        "phone_number": contact.phone,
        "sales_tax_registration_number": contact.tax_number,
    }
    for part in contact.addresses[:1]:
        optional |= {theirs: part[ours] for ours, theirs in ADDRESS.items() if part.get(ours)}
    return body | {name: value for name, value in optional.items() if value or contact.replaces}


def same(sent: Mapping[str, Any], stands: Mapping[str, Any]) -> bool:
    """Whether a record that stands is, member for member, what would be created."""
    return all(str(stands.get(name) or "") == str(value) for name, value in sent.items())


def bank_account_body(account: NewAccount) -> Body:
    """A bank or card account; a card needs the end of its number at least."""
    body: Body = {
        "type": "CreditCardAccount" if account.pays == "card" else "StandardBankAccount",
        "name": account.name,
        "opening_balance": "0",
    }
    optional = {
        "currency": account.currency,
        "bank_name": account.institution,
        "account_number": account.account_number,
        "sort_code": account.sort_code,
        "iban": account.iban,
    }
    return body | {name: value for name, value in optional.items() if value}


def category_body(account: NewAccount, company: Company) -> Body:
    """A category; the group follows the class, or the group that the category text names."""
    group = "cost_of_sales" if "cost_of_sales" in account.category else GROUPS[account.account_class]
    body: Body = {"description": account.name, "nominal_code": account.nominal_code, "category_group": group}
    if account.account_class == "Expense":
        body["allowable_for_tax"] = True
    kind = company.facts.get("type", "UkLimitedCompany")
    for beginning, reporting in REPORTING.get(group, ()):
        if kind.startswith(beginning):
            return body | {"tax_reporting_name": reporting}
    return body


def set_of(body: Mapping[str, Any]) -> str:
    """The set that a new category joins: the root of FreeAgent's answer."""
    named = f"{body['category_group']}_categories"
    return named if named in SETS else "general_categories"
