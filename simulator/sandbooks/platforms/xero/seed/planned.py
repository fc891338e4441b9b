"""What a plan names on top of the default lists, and the native ids behind its labels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.xero.seed.making import free_code, put_account, put_bank, put_contact, put_tax, put_tracking
from sandbooks.platforms.xero.seed.openings import post_opening

# The plan's account types in Xero's words. Source: contracts/scenario.schema.json and the AccountType list.
TYPES = {
    "bank": "BANK",
    "credit_card": "BANK",
    "expense": "EXPENSE",
    "income": "REVENUE",
    "cost_of_sales": "DIRECTCOSTS",
    "other_income": "OTHERINCOME",
    "other_expense": "OVERHEADS",
    "current_asset": "CURRENT",
    "fixed_asset": "FIXED",
    "current_liability": "CURRLIAB",
    "long_term_liability": "TERMLIAB",
    "equity": "EQUITY",
}


def planned(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """What the plan names, on top; native ids by label."""
    taxes = {label: _tax(company, label, facts) for label, facts in plan.taxes.items()}
    return {
        "taxes": {**taxes, "none": "NONE"},
        "accounts": {label: _account(company, facts, taxes) for label, facts in plan.accounts.items()},
        "suppliers": {label: put_contact(company, facts, supplier=True) for label, facts in plan.suppliers.items()},
        "customers": {label: put_contact(company, facts, supplier=False) for label, facts in plan.customers.items()},
        "tracking": _tracking(company, plan.tracking),
    }


def _tax(company: Company, label: str, facts: Mapping[str, Any]) -> str:
    """A native tax type with the plan's rate: the named one, an existing one that fits, or a new one."""
    native = (facts.get("native") or {}).get("xero")
    if native:
        return str(native)
    rate = Decimal(str(facts["rate"]).rstrip("% "))
    share = Decimal(str(facts.get("recoverable", "100%")).rstrip("% ")) / 100
    reverse = bool(facts.get("reverse_charge"))
    if share == 1 and not facts.get("name"):
        for record in company.records.scan("TaxRate"):
            body = record.body
            fits = body["EffectiveRate"] == rate and body["_ReverseCharge"] == reverse
            if fits and body["CanApplyToExpenses"] and record.id != "NONE":
                return record.id
    code = f"TAX{company.records.next_number('tax'):03d}"
    name = str(facts.get("name") or f"{label} {rate}%")[:50]
    parts = [(name, str(rate * share), False), (f"{name} not recoverable"[:50], str(rate * (1 - share)), True)]
    rates = [part for part in parts if Decimal(part[1]) or (share == 1 and not part[2])]
    put_tax(company, code=code, name=name, rates=rates, reverse=reverse)
    return code


def _account(company: Company, facts: Mapping[str, Any], taxes: Mapping[str, str]) -> str:
    """An account of the plan: the chart's own of that name, or a new one."""
    name, wanted = str(facts["name"]), str(facts["type"])
    type = TYPES.get(wanted, wanted.upper())
    found = company.records.find("Account", "Name", name.lower())
    if found and found[0].body["Type"] == type and type != "BANK":
        return found[0].id
    code = str(facts.get("code") or free_code(company, type))
    if type == "BANK":
        currency = str(facts.get("currency") or company.currency)
        id = put_bank(company, code=code, name=name, currency=currency, card=wanted == "credit_card")
    else:
        tax = str(facts.get("tax", "none"))
        id = put_account(company, code=code, name=name, type=type, tax=taxes.get(tax, "NONE"))
    if facts.get("opening"):
        _opening(company, id, str(facts["opening"]), wanted)
    return id


def _opening(company: Company, account: str, text: str, wanted: str) -> None:
    """An opening balance against historical adjustment: ``Dr 100.00 GBP`` or ``Cr 100.00 GBP``."""
    side, _, amount = text.partition(" ")
    money = parse_money(amount) if side in ("Dr", "Cr") else parse_money(text)
    credit = side == "Cr" or (side != "Dr" and wanted in ("credit_card", "income", "equity"))
    post_opening(company, account, -money if credit else money)


def _tracking(company: Company, plan: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Tracking categories; ids of the categories by label, of options by ``label/option``."""
    labels: dict[str, str] = {}
    for label, facts in plan.items():
        given = facts.get("options") or facts.get("values") or []
        names = (
            {str(k): str(v) for k, v in given.items()}
            if isinstance(given, Mapping)
            else {str(n): str(n) for n in given}
        )
        body = put_tracking(company, str(facts.get("name", label)), list(names.values()))
        labels[label] = body["TrackingCategoryID"]
        for (key, name), option in zip(names.items(), body["Options"], strict=True):
            labels[f"{label}/{key}"] = labels[f"{label}/{name}"] = option["TrackingOptionID"]
    return labels
