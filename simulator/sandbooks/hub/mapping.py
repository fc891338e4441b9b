"""Mapping options: the accounts, tax rates and tracking categories that a company's transactions may name.

Source: github.com/codatio/oas, schema MappingOptions; https://docs.codat.io/expenses/config-and-categorize.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbooks.capabilities import PlatformCapabilities
from sandbooks.connector import Account, TaxRate, TrackingOption
from sandbooks.hub import caps, companies, connections, data, profiles, records
from sandbooks.hub.errors import not_found
from sandbooks.hub.expenses import EXPENSE_TYPES
from sandbooks.hub.expenses_v1 import mapping as mapping_v1
from sandbooks.hub.integrations import PARTNER_NAME, integration_of
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response


def get_options(call: Call) -> Response:
    company = companies.called(call)
    connection = connections.accounting_of(call.world, company["id"])
    integration = integration_of(connection["platformKey"]) if connection else None
    if integration is None or integration.platform is None:
        raise not_found("Data connection not found: the company has no accounting connection")
    table = caps.table(call.world, integration.platform.name)
    found = {name: data.read_copy(call, company["id"], name) for name in ("taxRates", "trackingCategories", "company")}
    currency = next(iter(found["company"].values())).currency
    accounts = data.read_copy(call, company["id"], "chartOfAccounts") | (
        data.copy_of(call.world, company["id"], "bankAccounts") or {}
    )
    if profiles.on(call.world, "sync_for_expenses_v1"):
        first = caps.table(call.world, integration.platform.name, generation=caps.FIRST_VERSION)
        read_at = (records.get(call.world, data.CACHE, "trackingCategories", company=company["id"]) or {})["at"]
        return json_reply(mapping_v1.options(accounts.values(), found, first, currency=currency, read_at=read_at))
    body = {
        "expenseProvider": PARTNER_NAME,
        "accounts": [_account(a, table, currency) for a in _active(accounts.values())],
        "trackingCategories": [_tracking(t) for t in _active(found["trackingCategories"].values())],
        "taxRates": [_tax(rate, table) for rate in _active(found["taxRates"].values())],
    }
    return json_reply(body)


def _active(found: Iterable[Any]) -> list[Any]:
    return [one for one in found if one.active]


def _types(kinds: Iterable[str], table: PlatformCapabilities) -> list[str]:
    return [kind for kind in EXPENSE_TYPES if kind in kinds and table.allows(f"expense.{kind}")]


def _account(account: Account, table: PlatformCapabilities, currency: str) -> dict[str, Any]:
    types = _types(account.lines, table)
    uses = [f"expense-transactions.{kind}" for kind in types]
    if "Reimbursable" in account.lines and table.allows("reimbursable"):
        uses.append("reimbursable-expense-transactions")
    if account.transfers and table.allows("transfer"):
        uses.append("transfer-transactions")
    if "Adjustment" in account.lines and table.allows("adjustment"):
        uses.append("adjustment-transactions")
    return {
        "id": account.id,
        "nominalCode": account.nominal_code or None,
        "name": account.name,
        "currency": account.currency or currency,
        "accountType": account.account_class,
        "fullyQualifiedCategory": account.category,
        "isBankAccount": bool(account.pays),
        "validTransactionTypes": types,
        "validFor": uses,
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


def _tracking(option: TrackingOption) -> dict[str, Any]:
    return {
        "id": option.id,
        "name": option.name,
        "hasChildren": option.has_children,
        "parentId": option.parent or None,
    }
