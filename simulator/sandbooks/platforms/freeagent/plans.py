"""From a neutral plan of a company to FreeAgent's own records, and the native ids behind the plan's labels.

A plan may also bring answers of the API itself (categories, contacts, bank accounts), so that a company looks like one
that its owner already has.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.freeagent import chart
from sandbooks.platforms.freeagent.posting import (
    BANK,
    EXCHANGE_DIFFERENCES,
    SUSPENSE,
    TRADE_CREDITORS,
    TRADE_DEBTORS,
    USER_CODES,
    VAT_CHARGED,
    VAT_RECLAIMED,
)
from sandbooks.platforms.freeagent.records import bank_accounts, categories, journal_sets, lists, people, stock
from sandbooks.platforms.freeagent.tax import AUTO_RATES, scheme_of
from sandbooks.platforms.freeagent.wire import decimal_text, path

# Account types of a plan, and the group of categories that a new one joins.
_GROUPS = {
    "expense": "admin_expenses",
    "other_expense": "admin_expenses",
    "cost_of_sales": "cost_of_sales",
    "income": "income",
    "other_income": "income",
    "current_asset": "current_assets",
    # Fixed assets proper belong to capital asset types, which keep registers of their own.
    "fixed_asset": "current_assets",
    "current_liability": "liabilities",
    "long_term_liability": "liabilities",
    "equity": "equities",
}
_LISTS = (
    *chart.SETS,
    "contacts",
    "bank_accounts",
    "capital_asset_types",
    "stock_items",
)  # what is taken from answers of the API
_BANKS = {"bank": "StandardBankAccount", "credit_card": "CreditCardAccount"}
# What every company has, under the words that scenarios use.
CONTROL = {
    "payables": TRADE_CREDITORS,
    "receivables": TRADE_DEBTORS,
    "input_tax": VAT_RECLAIMED,
    "output_tax": VAT_CHARGED,
    "exchange_differences": EXCHANGE_DIFFERENCES,
    "rounding": EXCHANGE_DIFFERENCES,
}


def labels(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    taxes = {label: _tax(company, facts) for label, facts in plan.taxes.items()}
    accounts = {label: _account(company, facts, label, taxes=taxes) for label, facts in plan.accounts.items()}
    return {
        "accounts": {**accounts, **{word: code for word, code in CONTROL.items() if word not in accounts}},
        "suppliers": {label: _contact(company, facts, label) for label, facts in plan.suppliers.items()},
        "customers": {label: _contact(company, facts, label) for label, facts in plan.customers.items()},
        "taxes": taxes,
        "tracking": dict(_projects(company, plan.tracking)),
    }


def _account(company: Company, facts: Mapping[str, Any], label: str, *, taxes: Mapping[str, str]) -> str:
    type = str(facts.get("type", "expense"))
    name = str(facts.get("name") or label)
    if type in _BANKS:
        return _bank_account(company, facts, name, _BANKS[type])
    code = _category(company, facts, name, _auto(company, facts, taxes), group=chart.GROUPS[_GROUPS[type]])
    opening = _opening(facts)
    if opening:
        _open_category(company, code, opening)
    return code


def _opening(facts: Mapping[str, Any]) -> Decimal:
    """An opening balance, written ``Dr 316.23 GBP``; debit is positive."""
    side, _, amount = str(facts.get("opening") or "").partition(" ")
    if not amount:
        return Decimal(0)
    value = parse_money(amount).amount
    return value if side == "Dr" else -value


def _bank_account(company: Company, facts: Mapping[str, Any], name: str, type: str) -> str:
    given = {
        "name": name,
        "type": type,
        "currency": facts.get("currency") or company.currency,
        "opening_balance": decimal_text(_opening(facts)),
        "account_number": str(facts.get("code") or "4242"),
    }
    return bank_accounts.create(company, given).id


def _category(company: Company, facts: Mapping[str, Any], name: str, auto: str, *, group: chart.Group) -> str:
    """The category of that name in the group, else a new one: under the code given, if it is free and fits."""
    taken = {record.id: record for record in company.records.scan("category", deleted=True)}
    for record in taken.values():
        if record.body["description"].lower() == name.lower() and group.first <= int(record.id) <= group.last:
            return record.id
    wanted = str(facts.get("code", ""))
    codes = [f"{code:03d}" for code in range(group.last, group.first - 1, -1)]
    code = wanted if wanted in codes and wanted not in taken else next(c for c in codes if c not in taken)
    profit_and_loss = group.set_name != "general_categories"
    return categories.add(company, code, name, auto=auto if profit_and_loss else "", custom=True).id


def _auto(company: Company, facts: Mapping[str, Any], taxes: Mapping[str, str]) -> str:
    """The default sales tax of a category, from the plan's tax."""
    named = str(facts.get("tax", ""))
    if named == "none":
        return AUTO_RATES[0]
    rate = taxes.get(named, named)
    scheme = scheme_of(company)
    for auto in ("Standard rate", "Reduced rate", "Zero rate"):
        if rate and decimal_text(scheme.rate_of(auto)) == rate:
            return auto
    return "Standard rate" if company.country == "GB" else ""


def _open_category(company: Company, code: str, value: Decimal) -> None:
    entries = [
        {"category": path("categories", code), "debit_value": decimal_text(value)},
        {"category": path("categories", SUSPENSE), "debit_value": decimal_text(-value)},
    ]
    given = {"dated_on": company.settings["freeagent_start_date"], "description": "Opening balance"}
    journal_sets.create(company, {**given, "journal_entries": entries})


def _contact(company: Company, facts: Mapping[str, Any], label: str) -> str:
    given = {name: value for name, value in facts.items() if name in ("email", "country", "phone_number")}
    return people.write_contact(company, {**given, "organisation_name": str(facts.get("name") or label)}).id


def _tax(company: Company, facts: Mapping[str, Any]) -> str:
    """Taxes have no ids here: a rate names itself. A rate that the plan brings joins the company's list."""
    rate = decimal_text(Decimal(str(facts.get("rate", "0")).removesuffix("%")))
    listed = list(company.settings["sales_tax_rates"])
    if rate not in listed:
        company.change_settings(sales_tax_rates=[*listed, rate])
    return rate


def _projects(company: Company, tracking: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Projects are the only dimension: one for each option of a category, or for the category itself."""
    made = []
    for label, facts in tracking.items():
        options = [str(option) for option in facts.get("options", ())]
        for option in options or [str(facts.get("name") or label)]:
            given = {"name": option, "contact": _any_contact(company)}
            made.append((f"{label}/{option}" if options else label, people.write_project(company, given).id))
    return made


def _any_contact(company: Company) -> str:
    contact = next(iter(company.records.scan("contact")), None)
    return str((contact or people.write_contact(company, {"organisation_name": "Internal"})).body["url"])


def take_over(company: Company, export: Any) -> None:
    """Take the lists from answers of the API: one answer, or a list of them. What else they hold is passed over."""
    each_answer(export, lambda answer: _take_answer(company, answer), lists=_LISTS)


def _take_answer(company: Company, answer: Any) -> bool:
    """Whether the answer held a list."""
    if not isinstance(answer, Mapping) or not any(name in answer for name in _LISTS):
        return False
    for name in chart.SETS:
        for item in answer.get(name, ()):
            _take_category(company, item)
    for contact in answer.get("contacts", ()):
        people.write_contact(company, dict(contact))
    for account in answer.get("bank_accounts", ()):
        bank_accounts.create(company, {"opening_balance": "0", **account})
    for type in answer.get("capital_asset_types", ()):
        if not type.get("system_default"):
            lists.write_asset_type(company, {"name": type.get("name")})
    for item in answer.get("stock_items", ()):
        stock.write(company, dict(item))
    return True


def _take_category(company: Company, item: Mapping[str, Any]) -> None:
    code, name = str(item["nominal_code"]), str(item["description"])
    if not (code.isascii() and code.isdigit()) or len(code) != 3:
        return
    standing = company.records.get("category", code)
    if standing is None:
        reporting, auto = str(item.get("tax_reporting_name", "")), str(item.get("auto_sales_tax_rate", ""))
        categories.add(company, code, name, reporting=reporting, auto=auto, custom=True)
    elif int(code) not in USER_CODES and code != BANK:
        categories.update(company, standing, {"description": name})
