"""Master data that lines name and that has no page in the API: resources, item charges, allocation accounts and
intercompany partners. The company's own people keep it; settings give it when a company is opened.

Source: tables Resource, Item Charge, Allocation Account, Alloc. Account Distribution and IC Partner of the base
application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from sandbooks.platforms.business_central.fields import choice, code, flag, number, plain, text
from sandbooks.platforms.business_central.names import encoded
from sandbooks.platforms.business_central.sets.masters import CodedSet
from sandbooks.platforms.business_central.sets.variable_allocation import AT_DATE, PERIODS

_PERCENT = Decimal("0.00001")
_NUMBER_LENGTH, _BOOK_LENGTH = 20, 10
_DIGITS_MAX = 15  # before the point: more than the books can hold


class _Master(CodedSet):
    key = "number"
    keys = ("number",)


class Resources(_Master):
    name, type, caption = "resources", "resource", "Resource"
    fields = (code("number"), text("displayName"), flag("blocked"), number("unitCost"), code("taxCode"))


class ItemCharges(_Master):
    name, type, caption = "itemCharges", "itemCharge", "Item Charge"
    fields = (code("number"), text("displayName"), code("taxCode"))


class AllocationAccounts(_Master):
    """``_shares`` holds for each destination the account's id, its percentage and its dimensions by id; for variable
    ones also the account by whose balance it is reckoned, its period and its dimensions by code."""

    name, type, caption = "allocationAccounts", "allocationAccount", "Allocation Account"
    fields = (
        code("number"),
        text("displayName"),
        choice("accountType", "Fixed", "Variable"),
        choice("documentLinesSplit", "Split Amount", "Split Quantity"),
    )


class Partners(_Master):
    """``_receivables`` and ``_payables`` are ids of G/L accounts."""

    name, type, caption = "icPartners", "icPartner", "IC Partner"
    fields = (code("number"), text("displayName"), flag("blocked"), code("currencyCode", 10))


RESOURCES, CHARGES, ALLOCATIONS, PARTNERS = Resources(), ItemCharges(), AllocationAccounts(), Partners()
SETS: tuple[CodedSet, ...] = (RESOURCES, CHARGES, ALLOCATIONS, PARTNERS)
"""Sets behind the company's own pages: none of them is an entity set of the API."""


class Resource(Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    unit_cost: Decimal = Decimal(0)
    tax: str = ""


class ItemCharge(Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    tax: str = ""


class Asset(Struct, frozen=True, forbid_unknown_fields=True):
    """``book``: its depreciation book, none where blank; ``account``: the number of its acquisition cost account."""

    name: str = ""
    book: str = "COMPANY"
    account: str = "10100"


class Share(Struct, frozen=True, forbid_unknown_fields=True):
    """One destination: a G/L account by its number, its share, and its dimensions by code.

    ``by``: the number of the account whose balance is the share, in a ``period``, of entries with the dimensions
    ``where``.
    """

    account: str
    share: Decimal = Decimal(1)
    dimensions: dict[str, str] = field(default_factory=dict)
    by: str = ""
    period: str = AT_DATE
    where: dict[str, str] = field(default_factory=dict)


class Allocation(Struct, frozen=True, forbid_unknown_fields=True):
    shares: list[Share]
    name: str = ""
    split: Literal["Amount", "Quantity"] = "Amount"

    @property
    def variable(self) -> bool:
        """Whether balances make the shares."""
        return any(share.by for share in self.shares)


class Partner(Struct, frozen=True, forbid_unknown_fields=True):
    """``receivables`` and ``payables``: numbers of G/L accounts."""

    name: str = ""
    currency: str = ""
    receivables: str = "15150"
    payables: str = "20150"


class Masters(Struct, frozen=True):
    """What the settings of these names give, by number. ``ic_accounts``: the partner's account of one's own."""

    resources: dict[str, Resource] = field(default_factory=dict)
    item_charges: dict[str, ItemCharge] = field(default_factory=dict)
    fixed_assets: dict[str, Asset] = field(default_factory=dict)
    allocation_accounts: dict[str, Allocation] = field(default_factory=dict)
    ic_partners: dict[str, Partner] = field(default_factory=dict)
    ic_accounts: dict[str, str] = field(default_factory=dict)


def read(settings: Mapping[str, Any]) -> Masters:
    """The masters that settings give. Raises ``ValueError``, which names the setting."""
    given = {name: settings[name] for name in Masters.__struct_fields__ if settings.get(name)}
    try:
        found = msgspec.convert(given, Masters)
    except msgspec.ValidationError as error:
        raise ValueError(f"settings of masters: {error}") from error
    for name in Masters.__struct_fields__:
        _check_numbers(name, getattr(found, name))
    for number_, resource in found.resources.items():
        if not _is_amount(resource.unit_cost):
            raise ValueError(f"resources.{number_} has a unit_cost from 0")
    for number_, asset in found.fixed_assets.items():
        if len(asset.book) > _BOOK_LENGTH:
            raise ValueError(f"fixed_assets.{number_} has a book of at most {_BOOK_LENGTH} characters")
    for number_, each in found.allocation_accounts.items():
        if not all(_is_amount(share.share) for share in each.shares) or not sum(share.share for share in each.shares):
            raise ValueError(f"allocation_accounts.{number_} has shares above zero")
        if each.variable and not all(share.by for share in each.shares):
            raise ValueError(f"allocation_accounts.{number_} has shares by balances or fixed ones, not both")
        if not {share.period for share in each.shares} <= set(PERIODS):
            raise ValueError(f"allocation_accounts.{number_}: a period is one of {', '.join(PERIODS)}")
    return found


def _check_numbers(name: str, held: Mapping[str, Any]) -> None:
    if any(not number_.strip() or len(number_) > _NUMBER_LENGTH for number_ in held):
        raise ValueError(f"{name} are named by numbers of 1 to {_NUMBER_LENGTH} characters")
    if len({number_.upper() for number_ in held}) < len(held):
        raise ValueError(f"{name} have numbers that differ in more than their case")


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and value >= 0 and value.adjusted() < _DIGITS_MAX


def percentages(allocation: Allocation) -> list[str]:
    """Shares as percentages of five decimals, blank where balances make them; the last takes what rounding leaves.

    Source: table Alloc. Account Distribution (CalcPercent)
    """
    if allocation.variable:
        return ["" for _ in allocation.shares]
    whole = sum((each.share for each in allocation.shares), Decimal(0))
    found = [(100 * each.share / whole).quantize(_PERCENT, ROUND_HALF_UP) for each in allocation.shares[:-1]]
    return [str(each) for each in [*found, 100 - sum(found, Decimal(0))]]


def resource_body(number_: str, each: Resource, *, tax: str) -> dict[str, Any]:
    """A resource as it is stored; ``tax`` is its tax code where it names none."""
    return {**_named(number_, each.name), "unitCost": plain(each.unit_cost), "taxCode": each.tax or tax}


def charge_body(number_: str, each: ItemCharge, *, tax: str) -> dict[str, Any]:
    """An item charge as it is stored."""
    return {**_named(number_, each.name), "taxCode": each.tax or tax}


def allocation_body(number_: str, each: Allocation, shares: list[list[Any]]) -> dict[str, Any]:
    """An allocation account as it is stored."""
    kinds = {
        "accountType": "Variable" if each.variable else "Fixed",
        "documentLinesSplit": encoded(f"Split {each.split}"),
    }
    return {**_named(number_, each.name), **kinds, "_shares": shares}


def _named(number_: str, name: str) -> dict[str, Any]:
    return {"number": number_.upper(), "displayName": (name or number_)[:100], "blocked": False}


def partner_body(number_: str, each: Partner, *, currency: str, accounts: tuple[str, str]) -> dict[str, Any]:
    """An intercompany partner as it is stored; ``accounts`` are the ids of its receivables and payables."""
    more = {"currencyCode": each.currency.upper() or currency, "_receivables": accounts[0], "_payables": accounts[1]}
    return {**_named(number_, each.name), **more}


def asset_body(number_: str, each: Asset, *, account: str) -> dict[str, Any]:
    """A fixed asset as it is stored; ``account`` is the id of its acquisition cost account."""
    return {**_named(number_, each.name), "_book": each.book.upper(), "_costAccount": account if each.book else ""}
