"""Fixed assets and where they stand.

An asset that a client makes has no depreciation book: the company's people give it one, with the FA posting group that
names its acquisition cost account, or the setting ``fixed_assets`` does.
Source: pages Fixed Assets and FA Locations of API v2.0, table Fixed Asset, codeunits FA MoveEntries and FA Check
Consistency of the base application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.ledger import Entry, Posting
from sandbooks.platforms.business_central.fields import code, flag, text, uid
from sandbooks.platforms.business_central.names import BLANK_ID
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets.entity import Given, Row, Scope
from sandbooks.platforms.business_central.sets.masters import CodedSet, coded, record_of

TABLE = "Fixed Asset"
PAGE_MEMBERS = frozenset({"depreciationBookCode", "acquisitionCostAccount"})
# Unconfirmed: the classes of a new company; these are those of the demonstration data.
CLASSES: Mapping[str, tuple[str, ...]] = {
    "FINANCIAL": (),
    "INTANGIBLE": ("GOODWILL", "LEASEHOLD", "PATENTS"),
    "TANGIBLE": ("BUILDING", "EQUIPMENT", "LAND", "VEHICLES"),
}


class FixedAssets(CodedSet):
    """``_book`` is an asset's depreciation book, ``_costAccount`` the id of its acquisition cost account."""

    name, type, caption = "fixedAssets", "fixedAsset", TABLE
    key = "number"
    keys = ("number",)
    series = ("FA", 10, 10)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "fixedAssetLocation": ("fixedAssetLocations", "fixedAssetLocationId"),
        "employee": ("employees", "employeeId"),
    }
    fields = (
        code("number"),
        text("displayName"),
        code("fixedAssetLocationCode", 10),
        uid("fixedAssetLocationId"),
        code("classCode", 10),
        code("subclassCode", 10),
        flag("blocked"),
        text("serialNumber", 50),
        code("employeeNumber"),
        uid("employeeId"),
        flag("underMaintenance"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        _settle(scope, given, values, ("fixedAssetLocationCode", "fixedAssetLocationId"), _LOCATION)
        _settle(scope, given, values, ("employeeNumber", "employeeId"), _EMPLOYEE)
        _settle_class(given, values)

    def delete(self, scope: Scope, row: Row) -> None:
        if _has_entries(scope, record_of(row)):
            raise Dialog("Only disposed fixed assets can be deleted.")
        super().delete(scope, row)


_LOCATION = ("fixedAssetLocation", "code", "FA Location", "FA Location Code", "FA Location Id")
_EMPLOYEE = ("employee", "number", "Employee", "Responsible Employee", "Responsible Employee Id")


def _settle(
    scope: Scope, given: Given, values: dict[str, Any], members: tuple[str, str], to: tuple[str, str, str, str, str]
) -> None:
    """A code and an id for one record: the id is validated last, so it wins. Raises ``Unrelated``."""
    named, by_id = members
    kind, key, table, its_code, its_id = to
    found = None
    if given.values.get(named):
        found = scope.by(kind, key, values[named].lower())
        if found is None:
            raise Unrelated(its_code, TABLE, values[named], table)
    if given.values.get(by_id, BLANK_ID) != BLANK_ID:
        found = scope.get(kind, values[by_id])
        if found is None:
            raise Unrelated(its_id, TABLE, f"{{{values[by_id].upper()}}}", table)
    if found is not None:
        values.update({named: found.body[key], by_id: found.id})
    elif given.has(named, by_id):
        values.update({named: "", by_id: BLANK_ID})


def _settle_class(given: Given, values: dict[str, Any]) -> None:
    """A subclass brings its class along; another class has no place for it."""
    its_class, subclass = values["classCode"], values["subclassCode"]
    if its_class and its_class not in CLASSES:
        raise Unrelated("FA Class Code", TABLE, its_class, "FA Class")
    if given.has("classCode") and not given.has("subclassCode") and subclass not in CLASSES.get(its_class, ()):
        values["subclassCode"] = ""
        return
    if not subclass:
        return
    found = next((each for each, parts in CLASSES.items() if subclass in parts), None)
    if found is None:
        raise Unrelated("FA Subclass Code", TABLE, subclass, "FA Subclass")
    if its_class not in ("", found):
        raise Dialog("This fixed asset subclass belongs to a different fixed asset class.")
    values["classCode"] = found


def entered(scope: Scope, asset: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """An asset with the depreciation book and the acquisition cost account that people give it in its own page."""
    body = asset.copy()
    if "acquisitionCostAccount" in changes:
        number = str(changes["acquisitionCostAccount"])
        account = scope.by("account", "number", number.lower())
        if account is None:
            raise Unrelated("Acquisition Cost Account", "FA Posting Group", number, "G/L Account")
        if account.id != body.get("_costAccount") and _has_entries(scope, asset):
            used = "posted FA ledger entries use the existing posting group"
            raise Dialog(f"You cannot change the FA posting group because {used}.")
        body["_costAccount"] = account.id
    if "depreciationBookCode" in changes:
        body["_book"] = str(changes["depreciationBookCode"])[:10].upper()
    if body.get("_book") and not body.get("_costAccount"):
        raise FieldRule("Acquisition Cost Account must have a value in FA Posting Group. It cannot be zero or empty.")
    return body


def _postings(scope: Scope, asset: Record) -> Iterator[Posting]:
    account = asset.body.get("_costAccount")
    return (line.posting for line in scope.company.book.lines(account=account)) if account else iter(())


def _has_entries(scope: Scope, asset: Record) -> bool:
    return any(posting.party == asset.id for posting in _postings(scope, asset))


def check_cost(scope: Scope, entry: Entry | None) -> None:
    """Refuse an entry that takes more acquisition cost off an asset than stands on it. Raises ``Dialog``.

    Source: codeunit FA Check Consistency (Text005), codeunit Depreciation Calculation (FAName)
    """
    moved: dict[str, Decimal] = {}
    for posting in entry.postings if entry else ():
        if posting.party:
            moved[posting.party] = moved.get(posting.party, Decimal(0)) + posting.base.amount
    for party, amount in moved.items():
        asset = scope.get("fixedAsset", party) if amount < 0 else None
        if asset is None or entry is None:
            continue
        stands = sum((p.base.amount for p in _postings(scope, asset) if p.party == asset.id), Decimal(0))
        if stands + amount < 0:
            raise Dialog(_negative(asset, entry.date))


def _negative(asset: Record, day: date) -> str:
    named = f"Fixed Asset No. = {asset.body['number']} in Depreciation Book Code = {asset.body['_book']}"
    return f"Acquisition Cost must not be negative on {day:%m/%d/%y} for {named}."


ASSETS = FixedAssets()
SETS = (ASSETS, coded("fixedAssetLocations", "fixedAssetLocation", "FA Location"))
