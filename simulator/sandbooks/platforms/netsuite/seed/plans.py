"""From a neutral plan of a company to NetSuite's own records, and the native ids behind the plan's labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import known_currency, parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.netsuite.records import store, writing
from sandbooks.platforms.netsuite.records.lists import root_subsidiary
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.platforms.netsuite.usual import usual_accounts

Facts = Mapping[str, Any]

_TYPES = {
    "bank": "Bank",
    "credit_card": "CredCard",
    "expense": "Expense",
    "income": "Income",
    "cost_of_sales": "COGS",
    "other_income": "OthIncome",
    "other_expense": "OthExpense",
    "current_asset": "OthCurrAsset",
    "fixed_asset": "FixedAsset",
    "current_liability": "OthCurrLiab",
    "long_term_liability": "LongTermLiab",
    "equity": "Equity",
}
_FIRST_NUMBER = {"Bank": 1010, "CredCard": 2110, "Income": 4010, "OthIncome": 7010, "COGS": 5010, "Expense": 6010}


def make(company: Company, kind: str, **members: Any) -> str:
    """A record of a list, made as the screens would; its internal id."""
    return writing.create(company, TYPES[kind], members).id


def currencies_of(plan: CompanyPlan) -> list[str]:
    """The currencies that a plan names."""
    named = [f.get("currency") for group in (plan.accounts, plan.suppliers, plan.customers) for f in group.values()]
    named += [subsidiary.get("currency") for subsidiary in plan.settings.get("subsidiaries", ())]
    return [str(code) for code in [*plan.settings.get("currencies", ()), *named] if code and known_currency(str(code))]


def labels(company: Company, plan: CompanyPlan, *, neutral_tax: str) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    taxes = {label: _tax(company, label, facts) for label, facts in plan.taxes.items()}
    return {
        "accounts": {**usual_accounts(company), **{n: _account(company, n, f) for n, f in plan.accounts.items()}},
        "suppliers": {n: entity(company, "vendor", str(f.get("name") or n), f) for n, f in plan.suppliers.items()},
        "customers": {n: entity(company, "customer", str(f.get("name") or n), f) for n, f in plan.customers.items()},
        "taxes": {"none": neutral_tax, **taxes},
        "tracking": dict(_tracking(company, plan.tracking)),
    }


def _account(company: Company, label: str, facts: Facts) -> str:
    type, name = _TYPES[str(facts.get("type", "expense"))], str(facts.get("name") or label)[:60]
    standing = [r for r in company.records.find("account", "name", name.lower()) if r.body["acctType"]["id"] == type]
    currency = str(facts.get("currency") or company.currency)
    wanted = {"id": store.currency_id(company, currency)}
    if standing and standing[0].body.get("currency", wanted) == wanted:
        id = standing[0].id
    else:
        members: dict[str, Any] = {"acctName": name, "acctType": {"id": type}}
        members["acctNumber"] = free_number(company, str(facts.get("code") or ""), type)
        if type in ("Bank", "CredCard"):
            members["currency"] = wanted
        id = make(company, "account", **members)
    _opening(company, id, facts, currency)
    return id


def free_number(company: Company, wanted: str, type: str) -> str:
    taken = {str(r.body.get("acctNumber", "")).lower() for r in company.records.scan("account")}
    if wanted and wanted.lower() not in taken:
        return wanted
    number = _FIRST_NUMBER.get(type, 9010)
    while str(number) in taken:
        number += 1
    return str(number)


def _opening(company: Company, account: str, facts: Facts, currency: str) -> None:
    """An opening balance, written ``Dr 316.23 GBP``, against the account Opening Balance."""
    side, _, written = str(facts.get("opening") or "").partition(" ")
    if not written:
        return
    money = parse_money(written)
    ours, theirs = ("debit", "credit") if side == "Dr" else ("credit", "debit")
    lines = [
        {"account": {"id": account}, ours: money.amount},
        {"account": {"id": company.settings["usual"]["opening"]}, theirs: money.amount},
    ]
    make(
        company,
        "journalEntry",
        subsidiary={"id": root_subsidiary(company)},
        currency={"id": store.currency_id(company, currency)},
        tranDate=date(company.settings["period_years"][0], 12, 31).isoformat(),
        memo="Opening balance",
        line=lines,
    )


def entity(company: Company, kind: str, name: str, facts: Facts) -> str:
    """A vendor or customer who trades in every currency of the account, the named one first."""
    primary = store.currency_id(company, str(facts.get("currency") or company.currency))
    every = [primary, *(r.id for r in company.records.scan("currency"))]
    members = {name: facts[name] for name in ("email", "phone") if facts.get(name)}
    return make(
        company,
        kind,
        entityId=name[:83],
        companyName=name[:83],
        subsidiary={"id": root_subsidiary(company)},
        currency={"id": primary},
        currencyList=[{"currency": {"id": id}} for id in dict.fromkeys(every)],
        **members,
    )


def _tax(company: Company, label: str, facts: Facts) -> str:
    """A tax code of its own for each tax of a plan."""
    rate = Decimal(str(facts.get("rate", "0")).removesuffix("%"))
    recovered = Decimal(str(facts.get("recoverable", "100%")).removesuffix("%"))
    return make(
        company,
        "salesTaxItem",
        itemId=str(facts.get("name") or label)[:60],
        rate=rate,
        nonDeductibleRate=100 - recovered,
        reverseCharge=bool(facts.get("reverse_charge")),
        country=company.country,
    )


_KINDS = {"department": "department", "class": "classification", "location": "location"}


def _tracking(company: Company, tracking: Mapping[str, Facts]) -> list[tuple[str, str]]:
    """Dimensions are departments, classes and locations: by the label if it names one, else in that order."""
    free = [kind for word, kind in _KINDS.items() if word not in {label.lower() for label in tracking}]
    made = []
    for label, facts in tracking.items():
        kind = _KINDS.get(label.lower()) or (free.pop(0) if free else "department")
        options = [str(option) for option in facts.get("options", ())]
        for option in options or [str(facts.get("name") or label)]:
            members = {"name": _free_name(company, kind, option)}
            made.append((f"{label}/{option}" if options else label, make(company, kind, **members)))
    return made


def _free_name(company: Company, kind: str, name: str) -> str:
    taken = {str(r.body["name"]).lower() for r in company.records.scan(kind)}
    return name if name.lower() not in taken else f"{name} ({len(taken) + 1})"
