"""What a plan names on top of the country's lists, and the native ids behind its labels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.realm import NAME_KINDS, Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.rules.tax import rates_of
from sandbooks.platforms.quickbooks_online.seed import lists
from sandbooks.platforms.quickbooks_online.seed.countries import Country

TYPES = {
    "bank": "Bank",
    "credit_card": "Credit Card",
    "expense": "Expense",
    "income": "Income",
    "cost_of_sales": "Cost of Goods Sold",
    "other_income": "Other Income",
    "other_expense": "Other Expense",
    "current_asset": "Other Current Asset",
    "fixed_asset": "Fixed Asset",
    "current_liability": "Other Current Liability",
    "long_term_liability": "Long Term Liability",
    "equity": "Equity",
    "accounts_payable": "Accounts Payable",
    "accounts_receivable": "Accounts Receivable",
}


def add(realm: Realm, country: Country, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Everything that the plan labels; the ids by part and label."""
    taxes = {"none": _no_tax(realm, country)}
    taxes |= {label: _tax(realm, country, facts) for label, facts in plan.taxes.items()}
    accounts = {label: _account(realm, facts, taxes) for label, facts in plan.accounts.items()}
    return {
        "taxes": taxes,
        "accounts": accounts,
        "suppliers": {label: _name(realm, "Vendor", facts) for label, facts in plan.suppliers.items()},
        "customers": {label: _name(realm, "Customer", facts) for label, facts in plan.customers.items()},
        "tracking": _tracking(realm, plan.tracking),
    }


# Accounts


def _account(realm: Realm, facts: Mapping[str, Any], taxes: Mapping[str, str]) -> str:
    """An account of the plan, or the one that stands under its name with the same type and currency."""
    type_name = TYPES.get(str(facts["type"]), str(facts["type"]))
    currency = str(facts.get("currency") or realm.home)
    name = str(facts["name"])
    lists.use_currency(realm, currency)
    standing = realm.records.find("Account", "FullyQualifiedName", name.lower())
    if standing and _fits(realm, standing[0], type_name, currency):
        id = standing[0].id
    else:
        for other in standing:
            writing.update(
                realm,
                ENTITIES["Account"],
                {"Id": other.id, "Name": f"{name} (default)", "sparse": True},
                any_token=True,
            )
        document: dict[str, Any] = {"Name": name, "AccountType": type_name, "CurrencyRef": {"value": currency}}
        if facts.get("code"):
            document["AcctNum"] = str(facts["code"])
        if facts.get("tax") in taxes:
            document["TaxCodeRef"] = {"value": taxes[str(facts["tax"])]}
        id = writing.create(realm, ENTITIES["Account"], document).id
    if facts.get("opening"):
        _open_balance(realm, id, str(facts["opening"]))
    return id


def _fits(realm: Realm, record: Record, type_name: str, currency: str) -> bool:
    kept = realm.account_currency(record.id) or realm.home
    return bool(record.body["AccountType"] == type_name and kept == currency and record.active)


def _open_balance(realm: Realm, account: str, booking: str) -> None:
    """An opening balance such as ``Dr 100.00 USD``, against Opening Balance Equity."""
    side, _, rest = booking.partition(" ")
    if side not in ("Dr", "Cr"):
        return
    money = parse_money(rest)
    equity = realm.accounts_of("Equity", subtype="OpeningBalanceEquity")[0].id
    ways = ("Debit", "Credit") if side == "Dr" else ("Credit", "Debit")
    lines = [
        {
            "Amount": money.amount,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": way, "AccountRef": {"value": id}},
        }
        for way, id in zip(ways, (account, equity), strict=True)
    ]
    document = {
        "Line": lines,
        "CurrencyRef": {"value": money.currency},
        "PrivateNote": "Opening balance",
        "GlobalTaxCalculation": "NotApplicable",
    }
    writing.create(realm, ENTITIES["JournalEntry"], document)


# Names


def _name(realm: Realm, kind: str, facts: Mapping[str, Any]) -> str:
    """A vendor or customer of the plan; display names are shared, so a second kind gets a suffix."""
    name, currency = str(facts["name"]), str(facts.get("currency") or realm.home)
    lists.use_currency(realm, currency)
    taken = [r for each in NAME_KINDS for r in realm.records.find(each, "DisplayName", name.lower())]
    if taken and taken[0].kind == kind and taken[0].body.get("CurrencyRef", {}).get("value") == currency:
        return taken[0].id
    document: dict[str, Any] = {"DisplayName": f"{name} ({kind})" if taken else name, "CompanyName": name[:100]}
    document["CurrencyRef"] = {"value": currency}
    if facts.get("email"):
        document["PrimaryEmailAddr"] = {"Address": facts["email"]}
    return writing.create(realm, ENTITIES[kind], document).id


# Taxes


def _no_tax(realm: Realm, country: Country) -> str:
    if realm.is_us:
        return "NON"
    found = realm.records.find("TaxCode", "Name", country.no_tax.lower())
    if found:
        return found[0].id
    free = [code for code in realm.records.scan("TaxCode") if not any(r.percent for r in rates_of(realm, code.id))]
    return free[0].id if free else lists.add_tax(realm, country, country.no_tax, "No tax", []).id


def _tax(realm: Realm, country: Country, facts: Mapping[str, Any]) -> str:
    """The tax code that fits: the one named, the country's own with the rate, else a new one."""
    if realm.is_us:
        return "NON"
    native = facts.get("native", {}).get("quickbooks_online")
    named = native or facts.get("name")
    if named:
        for id_or_name in realm.records.find("TaxCode", "Name", str(named).lower()):
            return id_or_name.id
        if native and realm.get("TaxCode", str(native)):
            return str(native)
    rate, share = _percent(facts.get("rate", "0%")), _percent(facts.get("recoverable", "100%")) / 100
    percents = [rate, -rate] if facts.get("reverse_charge") else [rate]
    if not facts.get("name"):
        for code in realm.records.scan("TaxCode"):
            rates = rates_of(realm, code.id)
            if [each.percent for each in rates] == percents and all(each.recoverable == share for each in rates):
                return code.id
    name = str(facts.get("name") or f"{rate:f}%" + (" RC" if facts.get("reverse_charge") else ""))
    if realm.records.find("TaxCode", "Name", name.lower()):
        name = f"{name} ({share:f})"
    return lists.add_tax(realm, country, name[:90], name[:90], percents, recoverable=share).id


def _percent(text: Any) -> Decimal:
    return Decimal(str(text).strip().rstrip("%"))


# Tracking


def _tracking(realm: Realm, tracking: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Classes, and locations as departments; each option by its own label, a dimension without options by its."""
    found: dict[str, str] = {}
    for label, facts in tracking.items():
        kind = "Department" if str(facts.get("kind", "class")) in ("location", "department") else "Class"
        options = facts.get("options") or {label: facts.get("name", label)}
        for key, name in options.items():
            found[key] = _option(realm, kind, str(name))
    return found


def _option(realm: Realm, kind: str, name: str) -> str:
    standing = realm.records.find(kind, "Name", name.lower())
    return standing[0].id if standing else writing.create(realm, ENTITIES[kind], {"Name": name}).id
