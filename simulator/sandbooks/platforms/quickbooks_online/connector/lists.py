"""Accounts, contacts, taxes and tracking of QuickBooks Online, in neutral words and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    NewAccount,
    Steps,
    TaxRate,
    TrackingOption,
)
from sandbooks.platforms.quickbooks_online.connector.native import every, ref

EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")
# Source: developer.intuit.com, entity Account, AccountType and Classification
CLASSES: Mapping[str, AccountClass] = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Income",
    "Other Income": "Income",
    "Expense": "Expense",
    "Other Expense": "Expense",
    "Cost of Goods Sold": "Expense",
}
CONTROL = ("Accounts Receivable", "Accounts Payable", "Non-Posting")
NEW_ACCOUNT_TYPE: Mapping[str, str] = {
    "Asset": "Other Current Asset",
    "Liability": "Other Current Liability",
    "Equity": "Equity",
    "Income": "Income",
    "Expense": "Expense",
}


class Taxes(Struct, frozen=True):
    """The company's tax codes and rates as read for one document."""

    codes: Mapping[str, Mapping[str, Any]]
    rates: Mapping[str, Decimal]

    def of_code(self, code: str) -> list[tuple[str, Decimal]]:
        """The purchase rates of a code: rate id and per cent."""
        found = self.codes.get(code, {}).get("PurchaseTaxRateList") or {}
        refs = [detail["TaxRateRef"]["value"] for detail in found.get("TaxRateDetail", [])]
        return [(ref, self.rates.get(ref, Decimal(0))) for ref in refs]

    def untaxed(self) -> str:
        """The active code that charges nothing: one with no rates at all before one whose rates are zero; else empty.

        Outside the US a line beside a taxed one needs a code of its own.
        """
        codes = [code for code, body in self.codes.items() if code.isdigit() and body.get("Active") is not False]
        free = [code for code in codes if not any(percent for _, percent in self.of_code(code))]
        return min(free, key=lambda code: (len(self.of_code(code)), int(code)), default="")


def _updated(body: Mapping[str, Any]) -> datetime | None:
    text = (body.get("MetaData") or {}).get("LastUpdatedTime")
    return datetime.fromisoformat(text) if text else None


def _name(text: str) -> str:
    return text.removesuffix(" (deleted)")


def account_of(body: Mapping[str, Any]) -> Account:
    native_type = body["AccountType"]
    account_class = CLASSES[native_type]
    category = ".".join(filter(None, (account_class, native_type, body.get("AccountSubType"))))
    names_lines = account_class in ("Income", "Expense")
    return Account(
        id=body["Id"],
        name=_name(body.get("FullyQualifiedName") or body["Name"]),
        nominal_code=body.get("AcctNum") or "",
        description=body.get("Description") or "",
        account_class=account_class,
        category=category,
        currency=ref(body.get("CurrencyRef")),
        pays={"Bank": "bank", "Credit Card": "card"}.get(native_type, ""),  # type: ignore[arg-type]  # its words
        lines=(*(EXPENSE_KINDS if names_lines else ()), *(("Reimbursable",) if names_lines else ()))
        + (() if native_type in CONTROL else ("Adjustment",)),
        transfers=account_class in ("Asset", "Liability", "Equity") and native_type not in CONTROL,
        active=body.get("Active") is not False,
        balance=Decimal(body["CurrentBalance"]) if body.get("CurrentBalance") is not None else None,
        updated=_updated(body),
    )


def contact_of(body: Mapping[str, Any], kind: str) -> Contact:
    address = body.get("BillAddr") or {}
    given = " ".join(filter(None, (body.get("GivenName"), body.get("FamilyName"))))
    return Contact(
        kind="supplier" if kind == "Vendor" else "customer",
        id=body["Id"],
        name=_name(body["DisplayName"]),
        currency=ref(body.get("CurrencyRef")),
        contact_name=given,
        email=(body.get("PrimaryEmailAddr") or {}).get("Address") or "",
        phone=(body.get("PrimaryPhone") or {}).get("FreeFormNumber") or "",
        addresses=(_address(address),) if address else (),
        active=body.get("Active") is not False,
        version=str(body.get("SyncToken", "")),
        updated=_updated(body),
    )


def _address(body: Mapping[str, Any]) -> dict[str, str]:
    named = {
        "line1": "Line1",
        "line2": "Line2",
        "city": "City",
        "region": "CountrySubDivisionCode",
        "country": "Country",
        "postalCode": "PostalCode",
    }
    return {ours: str(body[theirs]) for ours, theirs in named.items() if body.get(theirs)}


def read_taxes(consent: Consent, *, reference: str = "") -> Steps[Taxes]:
    codes = yield from every(consent, "TaxCode", reference=reference)
    rates = yield from every(consent, "TaxRate", reference=reference)
    return Taxes(
        {body["Id"]: body for body in codes},
        {body["Id"]: Decimal(body.get("RateValue") or 0) for body in rates},
    )


def buys(body: Mapping[str, Any]) -> bool:
    return not body["Id"].isdigit() or bool((body.get("PurchaseTaxRateList") or {}).get("TaxRateDetail"))


def tax_rate_of(body: Mapping[str, Any], taxes: Taxes) -> TaxRate:
    percents = [percent for _, percent in taxes.of_code(body["Id"])]
    return TaxRate(
        id=f"{body['Id']}_Bills" if body["Id"].isdigit() else body["Id"],
        name=_name(body["Name"]),
        code=body["Name"],
        effective=sum(percents, Decimal(0)),
        total=sum(percents, Decimal(0)),
        kinds=(*EXPENSE_KINDS, "Reimbursable"),
        active=body.get("Active") is not False,
    )


def tracking_of(entity: str, body: Mapping[str, Any], parents: set[str]) -> TrackingOption:
    parent = ref(body.get("ParentRef"))
    return TrackingOption(
        id=f"{entity.upper()}_{body['Id']}",
        name=_name(body["Name"]),
        parent=f"{entity.upper()}_{parent}" if parent else "",
        has_children=body["Id"] in parents,
        active=body.get("Active") is not False,
        updated=_updated(body),
    )


def contact_body(contact: Contact, company: Company) -> dict[str, Any]:
    body: dict[str, Any] = {"DisplayName": contact.name}
    given, _, family = contact.contact_name.partition(" ")
    optional = {
        "GivenName": given,
        "FamilyName": family,
        "PrimaryEmailAddr": {"Address": contact.email} if contact.email else None,
        "PrimaryPhone": {"FreeFormNumber": contact.phone} if contact.phone else None,
        "CurrencyRef": {"value": contact.currency} if contact.currency and company.multicurrency else None,
    }
    if contact.replaces:
        # A sparse update leaves out what is null, and clears what is empty.
        # Source: developer.intuit.com, update operations
        body |= {"GivenName": "", "FamilyName": "", "PrimaryEmailAddr": {}, "PrimaryPhone": {}}
    body.update({name: value for name, value in optional.items() if value})
    for address in contact.addresses[:1]:
        named = {"line1": "Line1", "line2": "Line2", "city": "City", "postalCode": "PostalCode", "country": "Country"}
        body["BillAddr"] = {theirs: address[ours] for ours, theirs in named.items() if address.get(ours)}
    return body


def account_body(account: NewAccount, company: Company) -> dict[str, Any]:
    parts = account.category.split(".")
    native_type = {"card": "Credit Card", "bank": "Bank"}.get(account.pays, "")
    native_type = native_type or next((part for part in parts if part in CLASSES), "")
    body: dict[str, Any] = {"Name": account.name, "AccountType": native_type or NEW_ACCOUNT_TYPE[account.account_class]}
    if len(parts) == 3 and parts[1] == body["AccountType"]:
        body["AccountSubType"] = parts[2]
    if account.nominal_code:
        body["AcctNum"] = account.nominal_code
    if account.description:
        body["Description"] = account.description[:100]
    if account.currency and company.multicurrency:
        body["CurrencyRef"] = {"value": account.currency}
    return body
