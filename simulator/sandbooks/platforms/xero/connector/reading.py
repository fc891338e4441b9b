"""What is read from Xero, in neutral words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.xero.connector.calls import listed, paged, read

EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")
# Source: developer.xero.com, types and codes, account class types
CLASSES: Mapping[str, AccountClass] = {
    "ASSET": "Asset",
    "LIABILITY": "Liability",
    "REVENUE": "Income",
    "EXPENSE": "Expense",
    "EQUITY": "Equity",
}
# Source: developer.xero.com, types and codes, account types; for an answer that leaves the class out
CLASS_OF_TYPE: Mapping[str, AccountClass] = {
    "BANK": "Asset",
    "CURRENT": "Asset",
    "FIXED": "Asset",
    "INVENTORY": "Asset",
    "NONCURRENT": "Asset",
    "PREPAYMENT": "Asset",
    "CURRLIAB": "Liability",
    "LIABILITY": "Liability",
    "TERMLIAB": "Liability",
    "PAYG": "Liability",
    "EQUITY": "Equity",
    "REVENUE": "Income",
    "SALES": "Income",
    "OTHERINCOME": "Income",
    "DEPRECIATN": "Expense",
    "DIRECTCOSTS": "Expense",
    "EXPENSE": "Expense",
    "OVERHEADS": "Expense",
}
_JSON_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: Any) -> datetime | None:
    """An instant as Xero writes it: milliseconds since 1970 in ``/Date(…)/``, or ISO 8601 in UTC."""
    if not isinstance(text, str) or not text:
        return None
    counted = _JSON_DATE.fullmatch(text)
    if counted:
        return _EPOCH + timedelta(milliseconds=int(counted[1]))
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(text: Any) -> date | None:
    """The calendar day of a document date, which Xero writes as midnight UTC."""
    read = instant(text)
    return read.date() if read else None


def company(consent: Consent) -> Steps[Company]:
    """The organisation behind the consent."""
    found = yield from _organisation()
    return Company(
        id=consent.company,
        name=str(found["Name"]),
        legal_name=str(found.get("LegalName") or ""),
        currency=str(found["BaseCurrency"]),
        country=str(found.get("CountryCode") or ""),
        facts={name: str(found[name]) for name in ("Timezone", "Version", "Class") if found.get(name)},
    )


def _organisation() -> Steps[dict[str, Any]]:
    body = yield from read("Organisation", purpose="read the organisation")
    found: dict[str, Any] = next(iter(body.get("Organisations") or ()), {})
    if not found.get("Name") or not found.get("BaseCurrency"):
        raise Unavailable("no organisation in Xero's answer")
    return found


def accounts() -> Steps[Sequence[Account]]:
    """The chart, bank and card accounts and archived ones included."""
    home = str((yield from _organisation())["BaseCurrency"])
    found = yield from listed("Accounts")
    return [account(body, home) for body in found if body.get("Status") != "DELETED"]


def account(body: Mapping[str, Any], home: str) -> Account:
    """An account. A credit card is a bank account in Xero; what is owed on it is a liability all the same."""
    native_type = str(body.get("Type") or "")
    bank = native_type == "BANK"
    card = bank and body.get("BankAccountType") == "CREDITCARD"
    account_class = CLASSES.get(str(body.get("Class"))) or CLASS_OF_TYPE.get(native_type, "Asset")
    if card:
        account_class = "Liability"
    parts = (account_class, native_type, body.get("BankAccountType") if bank else body.get("SystemAccount"))
    names_lines = not bank and bool(body.get("Code")) and not body.get("SystemAccount")
    return Account(
        id=str(body["AccountID"]),
        name=str(body.get("Name") or ""),
        nominal_code=str(body.get("Code") or ""),
        description=str(body.get("Description") or ""),
        account_class=account_class,
        category=".".join(str(part) for part in parts if part),
        currency=str(body.get("CurrencyCode") or home),
        pays=("card" if card else "bank") if bank else "",
        # Source: developer.xero.com, bank transactions and manual journals: lines name accounts by code, never a bank
        # account; accounts of Xero's own (control, gains, rounding) are left to Xero.
        lines=(*EXPENSE_KINDS, "Adjustment") if names_lines else (),
        transfers=bank,
        active=body.get("Status", "ACTIVE") == "ACTIVE",
        updated=instant(body.get("UpdatedDateUTC")),
    )


def contacts(kind: ContactKind) -> Steps[Sequence[Contact]]:
    """Suppliers or customers, archived ones included.

    Xero has one list, and calls a contact a supplier or a customer only once it has bills or invoices: one that has
    neither may still be paid, or pay, for the first time, and is on both lists.
    """
    flag, other = ("IsSupplier", "IsCustomer") if kind == "supplier" else ("IsCustomer", "IsSupplier")
    found = yield from paged("Contacts", "ContactID", query={"includeArchived": "true"})
    return [contact(body, kind) for body in found if body.get(flag) or not body.get(other)]


def contact(body: Mapping[str, Any], kind: ContactKind) -> Contact:
    """A contact. Its default currency binds nobody, so it is no currency of its own."""
    given = " ".join(str(body[name]) for name in ("FirstName", "LastName") if body.get(name))
    return Contact(
        kind=kind,
        id=str(body["ContactID"]),
        name=str(body.get("Name") or ""),
        contact_name=given,
        email=str(body.get("EmailAddress") or ""),
        phone=_phone(body),
        registration_number=str(body.get("CompanyNumber") or ""),
        tax_number=str(body.get("TaxNumber") or ""),
        addresses=tuple(filter(None, (_address(part) for part in body.get("Addresses") or ()))),
        active=body.get("ContactStatus", "ACTIVE") == "ACTIVE",
        updated=instant(body.get("UpdatedDateUTC")),
    )


def _phone(body: Mapping[str, Any]) -> str:
    for phone in body.get("Phones") or ():
        if phone.get("PhoneNumber"):
            parts = (phone.get("PhoneCountryCode"), phone.get("PhoneAreaCode"), phone["PhoneNumber"])
            return " ".join(str(part) for part in parts if part)
    return ""


ADDRESS = {
    "line1": "AddressLine1",
    "line2": "AddressLine2",
    "city": "City",
    "region": "Region",
    "postalCode": "PostalCode",
    "country": "Country",
}


def _address(body: Mapping[str, Any]) -> dict[str, str]:
    return {ours: str(body[theirs]) for ours, theirs in ADDRESS.items() if body.get(theirs)}


def tax_rates() -> Steps[Sequence[TaxRate]]:
    """Every tax type, deleted and archived ones included."""
    found = yield from listed("TaxRates")
    return [_tax_rate(body) for body in found if body.get("TaxType")]


def _tax_rate(body: Mapping[str, Any]) -> TaxRate:
    parts = [_decimal(part.get("Rate")) for part in body.get("TaxComponents") or ()]
    shown = _decimal(body.get("DisplayTaxRate"))
    uses = [body[name] for name in body if name.startswith("CanApplyTo")]
    return TaxRate(
        id=str(body["TaxType"]),
        name=str(body.get("Name") or body["TaxType"]),
        code=str(body["TaxType"]),
        effective=_decimal(body["EffectiveRate"]) if body.get("EffectiveRate") is not None else shown,
        total=sum(parts, Decimal(0)) if parts else shown,
        kinds=EXPENSE_KINDS if any(uses) or not uses else (),
        active=body.get("Status", "ACTIVE") == "ACTIVE",
    )


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def tracking() -> Steps[Sequence[TrackingOption]]:
    """Tracking categories, each followed by its options, archived ones included."""
    options: list[TrackingOption] = []
    for category in (yield from tracking_categories()):
        if category.get("Status") == "DELETED":
            continue
        under = [o for o in category.get("Options") or () if o.get("Status") != "DELETED"]
        id, active = str(category["TrackingCategoryID"]), category.get("Status", "ACTIVE") == "ACTIVE"
        options.append(TrackingOption(id=id, name=str(category["Name"]), has_children=bool(under), active=active))
        options += [
            TrackingOption(
                id=str(option["TrackingOptionID"]),
                name=str(option["Name"]),
                parent=id,
                active=active and option.get("Status", "ACTIVE") == "ACTIVE",
            )
            for option in under
        ]
    return options


def tracking_categories(*, reference: str = "") -> Steps[list[dict[str, Any]]]:
    """The native tracking categories with their options."""
    found = yield from listed("TrackingCategories", query={"includeArchived": "true"}, reference=reference)
    return found
