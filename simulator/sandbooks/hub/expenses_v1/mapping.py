"""Mapping options as the first version shows them: fewer members, eight transaction types.

Source: github.com/codatio/oas, yaml/Codat-Sync-Expenses-v1.yaml (MappingOptions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbooks.capabilities import PlatformCapabilities
from sandbooks.connector import Account, TaxRate, TrackingOption
from sandbooks.hub.expenses_v1.moves import POSTED_AS, TRANSFERS
from sandbooks.hub.integrations import PARTNER_NAME


def options(
    accounts: Iterable[Account],
    found: Mapping[str, Mapping[str, Any]],
    table: PlatformCapabilities,
    *,
    currency: str,
    read_at: str,
) -> dict[str, Any]:
    """The whole answer; ``read_at`` is when the tracking categories were read last."""
    return {
        "expenseProvider": PARTNER_NAME,
        "accounts": [_account(each, table, currency) for each in accounts if each.active],
        "trackingCategories": [_tracking(t, read_at) for t in found["trackingCategories"].values() if t.active],
        "taxRates": [_tax(rate, table) for rate in found["taxRates"].values() if rate.active],
    }


def _types(kinds: Iterable[str], table: PlatformCapabilities) -> list[str]:
    known = frozenset(kinds)
    return [name for name, posted in POSTED_AS.items() if posted in known and table.allows(f"expense.{name}")]


def _account(account: Account, table: PlatformCapabilities, currency: str) -> dict[str, Any]:
    types = _types(account.lines, table)
    if account.pays and account.transfers:
        types += [name for name in TRANSFERS if name not in types and table.allows(f"expense.{name}")]
    return {
        "id": account.id,
        "name": account.name,
        "currency": account.currency or currency,
        "accountType": account.account_class,
        "validTransactionTypes": types,
    }


def _tracking(option: TrackingOption, read_at: str) -> dict[str, Any]:
    return {
        "id": option.id,
        "modifiedDate": read_at,
        "name": option.name,
        "hasChildren": option.has_children,
        "parentId": option.parent or None,
    }


def _tax(rate: TaxRate, table: PlatformCapabilities) -> dict[str, Any]:
    return {
        "id": rate.id,
        "name": rate.name,
        "code": rate.code or None,
        "effectiveTaxRate": rate.effective,
        "totalTaxRate": rate.total,
        "validTransactionTypes": _types(rate.kinds, table),
    }
