"""What the hub reads from Business Central, in neutral words. The API has no rates of taxes, and no types of banks.

Source: learn.microsoft.com, Business Central, API v2.0, resource pages of each set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Contact,
    ContactKind,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.business_central.connector.calls import Body, Place, caption, every, read

EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")
CLASSES: Mapping[str, AccountClass] = {
    "Assets": "Asset",
    "Liabilities": "Liability",
    "Equity": "Equity",
    "Income": "Income",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
}
BANK = "Bank Account"
LEDGER = "G/L Account"
BLANK_ID = "00000000-0000-0000-0000-000000000000"
BLANK_YEAR = "0001"


def company(place: Place) -> Steps[Company]:
    """The company, with what it says of itself."""
    found = yield from read(place.entity, purpose="read the company")
    info = yield from _only(place, "companyInformation")
    currency = yield from _currency(place, info)
    return Company(
        id=place.company,
        name=str(found.get("displayName") or found.get("name") or info.get("displayName") or place.company),
        legal_name=str(info.get("displayName") or ""),
        country=str(info.get("country") or ""),
        currency=currency,
    )


def _only(place: Place, set: str) -> Steps[Body]:
    """The one entity of a set that has no more."""
    body = yield from read(place.path(set), purpose=f"read {set}")
    rows = body.get("value")
    if isinstance(rows, list):
        found = next((row for row in rows if isinstance(row, dict)), None)
        if found is None:
            raise Unavailable(f"no {set} in Business Central's answer")
        return found
    return body


def _currency(place: Place, info: Mapping[str, Any]) -> Steps[str]:
    """The local currency. Where the company does not name it, the set-up of its ledger does."""
    if info.get("currencyCode"):
        return str(info["currencyCode"])
    setup = yield from _only(place, "generalLedgerSetup")
    if not setup.get("localCurrencyCode"):
        raise Unavailable("no local currency in Business Central's answer")
    return str(setup["localCurrencyCode"])


def accounts(place: Place) -> Steps[Sequence[Account]]:
    """The accounts of the general ledger that can be posted to, blocked ones included, then the bank accounts."""
    home = yield from _currency(place, (yield from _only(place, "companyInformation")))
    chart = yield from every(place.path("accounts"), purpose="list accounts")
    banks = yield from every(place.path("bankAccounts"), purpose="list bank accounts")
    ledger = [account(row, home) for row in chart if caption(row.get("accountType")) in ("", "Posting")]
    return ledger + [bank_account(row, home) for row in banks]


def account(body: Mapping[str, Any], home: str) -> Account:
    """An account of the general ledger. Without direct posting only the platform's own routines post to it.

    A card may be an account of liabilities: any such account can be balanced against.
    """
    category = caption(body.get("category"))
    account_class = CLASSES.get(category, "Expense")
    direct = body.get("directPosting") is not False
    parts = (account_class, category or LEDGER, caption(body.get("subCategory")))
    return Account(
        id=str(body["id"]),
        name=str(body.get("displayName") or ""),
        nominal_code=str(body.get("number") or ""),
        account_class=account_class,
        category=".".join(part.replace(".", "") for part in parts if part),
        currency=home,
        lines=(*EXPENSE_KINDS, "Adjustment") if direct else (),
        active=body.get("blocked") is not True,
        updated=updated(body),
    )


def bank_account(body: Mapping[str, Any], home: str) -> Account:
    """A bank account, which may stand for a card: the API does not tell."""
    return Account(
        id=str(body["id"]),
        name=str(body.get("displayName") or ""),
        nominal_code=str(body.get("number") or ""),
        account_class="Asset",
        category=f"Asset.{BANK}",
        currency=str(body.get("currencyCode") or home),
        pays="bank",
        active=body.get("blocked") is not True,
        updated=updated(body),
    )


def updated(body: Mapping[str, Any]) -> datetime | None:
    """When a record was last changed; None where it does not tell."""
    text = str(body.get("lastModifiedDateTime") or "")
    return None if not text or text.startswith(BLANK_YEAR) else datetime.fromisoformat(text)


SETS: Mapping[ContactKind, str] = {"supplier": "vendors", "customer": "customers"}


def contacts(place: Place, kind: ContactKind) -> Steps[Sequence[Contact]]:
    """Vendors or customers, blocked ones included."""
    found = yield from every(place.path(SETS[kind]), purpose=f"list {SETS[kind]}")
    return [contact(row, kind) for row in found]


def contact(body: Mapping[str, Any], kind: ContactKind) -> Contact:
    """A vendor or customer; one that is blocked in every way is inactive."""
    address = {ours: str(body[theirs]) for ours, theirs in ADDRESS.items() if body.get(theirs)}
    return Contact(
        kind=kind,
        id=str(body["id"]),
        name=str(body.get("displayName") or ""),
        currency=str(body.get("currencyCode") or ""),
        email=str(body.get("email") or ""),
        phone=str(body.get("phoneNumber") or ""),
        tax_number=str(body.get("taxRegistrationNumber") or ""),
        addresses=(address,) if address else (),
        active=caption(body.get("blocked")) != "All",
        version=str(body.get("@odata.etag") or ""),
        updated=updated(body),
    )


ADDRESS = {
    "line1": "addressLine1",
    "line2": "addressLine2",
    "city": "city",
    "region": "state",
    "postalCode": "postalCode",
    "country": "country",
}


def tax_rates(place: Place) -> Steps[Sequence[TaxRate]]:
    """Tax groups: product posting groups of VAT, or groups of sales tax.

    The API has no percentages: the ledger works the tax out of the gross.
    """
    found = yield from every(place.path("taxGroups"), purpose="list tax groups")
    return [
        TaxRate(
            id=str(row["id"]),
            name=str(row.get("displayName") or row["code"]),
            code=str(row["code"]),
            effective=Decimal(0),
            total=Decimal(0),
            kinds=EXPENSE_KINDS,
        )
        for row in found
        if row.get("code")
    ]


def tracking(place: Place) -> Steps[Sequence[TrackingOption]]:
    """Dimensions, each followed by its values. A value is known by the ids of both, as a line needs them."""
    dimensions = yield from every(place.path("dimensions"), purpose="list dimensions")
    values = yield from every(place.path("dimensionValues"), purpose="list dimension values")
    options: list[TrackingOption] = []
    for dimension in dimensions:
        id = str(dimension["id"])
        under = [row for row in values if str(row.get("dimensionId", "")).lower() == id.lower()]
        name = str(dimension.get("displayName") or dimension.get("code") or "")
        options.append(TrackingOption(id=id, name=name, has_children=bool(under), updated=updated(dimension)))
        options += [
            TrackingOption(
                id=f"{id}_{row['id']}",
                name=str(row.get("displayName") or row.get("code") or ""),
                parent=id,
                updated=updated(row),
            )
            for row in under
        ]
    return options
