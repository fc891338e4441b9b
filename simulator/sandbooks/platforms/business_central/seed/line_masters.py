"""What a new company has of resources, item charges, fixed assets, allocation accounts and intercompany partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.seed import charts
from sandbooks.platforms.business_central.seed.opening import add_account, stored
from sandbooks.platforms.business_central.sets import line_masters
from sandbooks.platforms.business_central.sets.assets import ASSETS
from sandbooks.platforms.business_central.sets.entity import Scope, StoredSet

# Settings of a demonstration company, which others may have as well.
DEMO: Mapping[str, Any] = {
    "resources": {"R10": {"name": "Joiner, by the hour", "unit_cost": "38.50"}},
    "item_charges": {"FREIGHT": {"name": "Freight on goods"}},
    "fixed_assets": {"FA00010": {"name": "Delivery van"}, "FA00020": {"name": "Panel saw, on order", "book": ""}},
    "allocation_accounts": {
        "OFFICE": {
            "name": "Office costs by department",
            "shares": [
                {"account": "61200", "share": 2, "dimensions": {"DEPARTMENT": "ADM"}},
                {"account": "61200", "share": 1, "dimensions": {"DEPARTMENT": "SALES"}},
            ],
        }
    },
    "ic_partners": {"IC10": {"name": "Northwind Timber Ltd"}},
    "ic_accounts": {"61200": "8200"},
}
_ON_DEMAND = {
    "15150": charts.Line("15150", "Intercompany Receivables", charts.ASSETS),
    "20150": charts.Line("20150", "Intercompany Payables", charts.LIABILITIES),
}


def fill(company: Company) -> None:
    """Make what the company's settings name. Raises ``ValueError`` for what they name that is not there."""
    masters, scope = line_masters.read(company.settings), Scope(company)
    _check_codes(scope, masters)
    usual = str(_account(scope, "50100").body["_taxCode"]) if masters.resources or masters.item_charges else ""
    for number, resource in masters.resources.items():
        _put(scope, line_masters.RESOURCES, line_masters.resource_body(number, resource, tax=usual))
    for number, charge in masters.item_charges.items():
        _put(scope, line_masters.CHARGES, line_masters.charge_body(number, charge, tax=usual))
    for number, asset in masters.fixed_assets.items():
        cost = _account(scope, asset.account).id
        _put(scope, ASSETS, line_masters.asset_body(number, asset, account=cost))
    for number, each in masters.allocation_accounts.items():
        body = line_masters.allocation_body(number, each, _shares(scope, each))
        _put(scope, line_masters.ALLOCATIONS, body)
    for number, partner in masters.ic_partners.items():
        pair = _account(scope, partner.receivables).id, _account(scope, partner.payables).id
        body = line_masters.partner_body(number, partner, currency=company.currency, accounts=pair)
        _put(scope, line_masters.PARTNERS, body)
    for number, theirs in masters.ic_accounts.items():
        _name_partner_account(scope, _account(scope, number), theirs)


def _check_codes(scope: Scope, masters: line_masters.Masters) -> None:
    taxes = (*(each.tax for each in masters.resources.values()), *(each.tax for each in masters.item_charges.values()))
    for tax in filter(None, taxes):
        if scope.by("taxGroup", "code", tax.lower()) is None:
            raise ValueError(f"a resource or item charge names the tax {tax}, which is not there")
    for partner in masters.ic_partners.values():
        known = partner.currency.upper() in ("", scope.company.currency)
        if not known and scope.by("currency", "code", partner.currency.lower()) is None:
            raise ValueError(f"an intercompany partner names the currency {partner.currency}, which is not there")


def _put(scope: Scope, to: StoredSet, values: Mapping[str, Any]) -> None:
    body = {f.name: f.blank for f in to.fields} | dict(values)
    to.save(scope, scope.records.next_uuid(to.type), body)


def _name_partner_account(scope: Scope, account: Record, theirs: str) -> None:
    stored("accounts").save(scope, account.id, {**account.copy(), "_icAccount": theirs[:20].upper()})


def _shares(scope: Scope, allocation: line_masters.Allocation) -> list[list[Any]]:
    percentages = line_masters.percentages(allocation)
    return [
        [
            _account(scope, share.account).id,
            percent,
            [_dimension(scope, *pair) for pair in share.dimensions.items()],
            _balance(scope, share) if share.by else {},
        ]
        for share, percent in zip(allocation.shares, percentages, strict=True)
    ]


def _balance(scope: Scope, share: line_masters.Share) -> dict[str, Any]:
    named = [_value(scope, *pair) for pair in share.where.items()]
    where = [[dimension.body["code"], value.body["code"]] for dimension, value in named]
    return {"account": _account(scope, share.by).id, "period": share.period, "where": where}


def _dimension(scope: Scope, code: str, value: str) -> list[str]:
    return [record.id for record in _value(scope, code, value)]


def _value(scope: Scope, code: str, value: str) -> tuple[Record, Record]:
    dimension = scope.by("dimension", "code", code.lower())
    known = scope.records.find("dimensionValue", "parent", dimension.id) if dimension else []
    found = next((each for each in known if each.body["code"] == value.upper()), None)
    if dimension is None or found is None:
        raise ValueError(f"allocation_accounts names {code} {value}, which is not there")
    return dimension, found


def _account(scope: Scope, number: str) -> Record:
    found = scope.by("account", "number", number.lower())
    if found is None and number in _ON_DEMAND:
        add_account(scope, _ON_DEMAND[number])
        found = scope.by("account", "number", number.lower())
    if found is None or found.body["accountType"] != "Posting":
        raise ValueError(f"account {number} is not there, or takes no postings")
    return found
