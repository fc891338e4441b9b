"""Lines on a resource, a fixed asset, an item charge or an allocation account: what they name, where they are posted.

A resource is posted as a service is, to the account of the general posting setup. A fixed asset is posted to the
acquisition cost account of its depreciation book. An item charge is assigned to items in the application's own pages
alone, so that a line of one stands on a draft and is not posted. An allocation account gives way to its destinations
before anything is posted (``allocation``).
Source: tables Purchase Line (CopyFromResource, CopyFromFixedAsset, CopyFromItemCharge, GetFAPostingGroup) and Gen.
Journal Line, codeunits Purch.-Post, FA Jnl.-Check Line and Gen. Jnl.-Post Line, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.names import caption
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets.entity import Scope

RESOURCE, FIXED_ASSET, CHARGE, ALLOCATION = "Resource", "Fixed Asset", "Charge", "Allocation Account"
PARTNER, INTERCOMPANY = "IC Partner", "Intercompany"
ACQUISITION = "Acquisition Cost"
PAGE_MEMBERS = frozenset({"faPostingType", "icAccountNumber"})
"""Members of journal lines that only the application's own pages show."""


class Kind(Struct, frozen=True):
    """The records that lines of a kind name, and the table that messages call them by."""

    record: str
    table: str


KINDS: Mapping[str, Kind] = {
    RESOURCE: Kind("resource", "Resource"),
    FIXED_ASSET: Kind("fixedAsset", "Fixed Asset"),
    CHARGE: Kind("itemCharge", "Item Charge"),
    ALLOCATION: Kind("allocationAccount", "Allocation Account"),
}


def check_sides(kinds: tuple[str, str]) -> None:
    """Refuse a journal line with allocation accounts on both sides. Raises ``Dialog``."""
    if kinds == (ALLOCATION, ALLOCATION):
        raise Dialog("You cannot use both account type and balancing account type as allocation accounts.")


def changed(values: dict[str, Any]) -> None:
    """What follows from the account types of a journal line that is changed. Raises ``Dialog``."""
    kinds = caption(values["accountType"]), caption(values["balanceAccountType"])
    check_sides(kinds)
    if FIXED_ASSET not in kinds:
        values.pop("_faPostingType", None)


def named(scope: Scope, kind: str, number: str, *, table: str) -> Record:
    """What a line of a kind names by its number. Raises ``Unrelated``, or ``FieldRule`` for what is blocked."""
    found = scope.by(KINDS[kind].record, "number", number.lower())
    if found is None:
        raise Unrelated("No.", table, number, KINDS[kind].table)
    if found.body.get("blocked"):
        held = f"{KINDS[kind].table}: No.={found.body['number']}"
        raise FieldRule(f"Blocked must be equal to 'No' in {held}. Current value is 'Yes'.")
    return found


def tax_code(scope: Scope, record: Record) -> str:
    """The tax code that a line on a record begins with: an asset has that of its acquisition cost account."""
    if record.kind != KINDS[FIXED_ASSET].record:
        return str(record.body.get("taxCode", ""))
    account = scope.get("account", record.body.get("_costAccount", ""))
    return str(account.body.get("_taxCode", "")) if account else ""


def check_document_line(kind: str, record: Record, *, amount: Decimal, line: str) -> None:
    """Refuse a document line that cannot be posted; ``line`` is its key as messages write it.

    Raises ``FieldRule`` for an asset without a depreciation book, ``Dialog`` for an item charge that is not assigned.
    """
    if kind == FIXED_ASSET and not record.body.get("_book"):
        raise FieldRule(f"Depreciation Book Code must have a value in {line}. It cannot be zero or empty.")
    if kind == CHARGE and not amount:
        raise FieldRule(f"Line Amount must have a value in {line}. It cannot be zero or empty.")
    if kind == CHARGE:
        raise Dialog(f"You must assign item charge {record.body['number']} if you want to invoice it.")


def posted_on(scope: Scope, kind: str, record: Record, *, role: str) -> tuple[str, str]:
    """The ledger account of a document line, and the asset that it is posted for; ``role`` is a resource's account."""
    if kind == FIXED_ASSET:
        return str(record.body["_costAccount"]), record.id
    return scope.posting[role], ""


def sides(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The account types and numbers of a journal line's two sides."""
    pairs = ("accountType", "accountNumber"), ("balanceAccountType", "balancingAccountNumber")
    return [(caption(body[kind]), str(body[number])) for kind, number in pairs]


def lacking(scope: Scope, body: Mapping[str, Any]) -> str:
    """The field that a journal line on a fixed asset must have and has not; blank where it has all."""
    for kind, number in sides(body):
        if kind == FIXED_ASSET and number:
            if not body.get("_faPostingType"):
                return "FA Posting Type"
            asset = scope.by("fixedAsset", "number", number.lower())
            if asset is None or not asset.body.get("_book"):
                return "Depreciation Book Code"
    return ""


def partner_account(scope: Scope, body: Mapping[str, Any]) -> str:
    """The partner's account of a journal line: what people gave it, else the default of the G/L account opposite the
    partner; blank where there is none. Source: table Gen. Journal Line (GetDefaultICPartnerGLAccNo)"""
    kinds = dict(sides(body))
    account = scope.by("account", "number", kinds.get("G/L Account", "").lower()) if PARTNER in kinds else None
    default = str(account.body.get("_icAccount", "")) if account is not None else ""
    return str(body.get("_icAccountNumber", default))


def journal_account(kind: str, record: Record, *, amount: Decimal) -> tuple[str, str]:
    """The ledger account behind a fixed asset or a partner in a journal, and the asset that it is posted for.

    A debit is owed by the partner, a credit to it. Source: codeunit Gen. Jnl.-Post Line (PostICPartner)
    """
    if kind == FIXED_ASSET:
        return str(record.body["_costAccount"]), record.id
    return str(record.body["_receivables" if amount > 0 else "_payables"]), ""


def entered(scope: Scope, line: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A journal line as people complete it in its own page. The FA posting type brings the tax of the cost account."""
    body = line.copy()
    if "icAccountNumber" in changes:
        body["_icAccountNumber"] = str(changes["icAccountNumber"])[:20].upper()
    if "faPostingType" not in changes:
        return body
    if changes["faPostingType"] not in ("", ACQUISITION):
        raise NotSimulated(f"the FA posting type {changes['faPostingType']}", instead=ACQUISITION)
    body["_faPostingType"] = changes["faPostingType"]
    asset = scope.by("fixedAsset", "number", body["accountNumber"].lower()) if body["accountNumber"] else None
    if caption(body["accountType"]) == FIXED_ASSET and asset is not None and changes["faPostingType"]:
        body["taxCode"] = tax_code(scope, asset)
    return body
