"""From a neutral plan of an organisation to Zoho's own records, and the native ids behind the plan's labels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.records import accounts, contacts, openings, tags, taxes
from sandbooks.platforms.zoho_books.usual import usual_accounts

# The plan's account types in Zoho's words.
TYPES = {
    "bank": "bank",
    "credit_card": "credit_card",
    "expense": "expense",
    "other_expense": "other_expense",
    "cost_of_sales": "cost_of_goods_sold",
    "income": "income",
    "other_income": "other_income",
    "current_asset": "other_current_asset",
    "fixed_asset": "fixed_asset",
    "current_liability": "other_current_liability",
    "long_term_liability": "long_term_liability",
    "equity": "equity",
}


def labels(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    made = {label: _account(company, facts, label) for label, facts in plan.accounts.items()}
    _open_balances(company, plan, made)
    return {
        "accounts": {**usual_accounts(company), **made},
        "suppliers": {label: _contact(company, facts, label, "vendor") for label, facts in plan.suppliers.items()},
        "customers": {label: _contact(company, facts, label, "customer") for label, facts in plan.customers.items()},
        "taxes": {label: _tax(company, facts, label) for label, facts in plan.taxes.items()},
        "tracking": _tracking(company, plan.tracking),
    }


def _account(company: Company, facts: Mapping[str, Any], label: str) -> str:
    """The account of that name and type where there is one, else a new one."""
    kind = TYPES[str(facts.get("type", "expense"))]
    name = str(facts.get("name") or label)
    currency = str(facts.get("currency") or "") if kind in chart.MONEY_TYPES else ""
    for standing in company.records.find("account", "name", name.lower()):
        fits = standing.body["account_type"] == kind and standing.body["currency_code"] == (
            currency or company.currency
        )
        if fits:
            return standing.id
        name = f"{name} ({kind.replace('_', ' ')})"
    code = str(facts.get("code") or "")
    if code and company.records.find("account", "code", code):
        code = ""
    return accounts.add(company, name, kind, code=code, currency=currency).id


def _open_balances(company: Company, plan: CompanyPlan, made: Mapping[str, str]) -> None:
    """Balances written ``Dr 316.23 GBP``, as opening balances on the day the organisation was created."""
    rows = []
    for label, facts in plan.accounts.items():
        side, _, text = str(facts.get("opening") or "").partition(" ")
        if text:
            money = parse_money(text)
            rows.append(
                {
                    "account_id": made[label],
                    "debit_or_credit": "debit" if side == "Dr" else "credit",
                    "amount": money.amount,
                    "currency_id": rates.currency_with(company, money.currency).id,
                }
            )
    if rows:
        openings.write(company, {"date": company.settings["account_created_date"], "accounts": rows})


def _contact(company: Company, facts: Mapping[str, Any], label: str, kind: str) -> str:
    name = str(facts.get("name") or label)
    for standing in company.records.find("contact", "name", name.lower()):
        if standing.body["contact_type"] == kind:
            return standing.id
        # One name stands for one contact; a customer of the same name needs another.
        name = f"{name} ({kind})"
    given: dict[str, Any] = {"contact_name": name, "contact_type": kind}
    if facts.get("email"):
        given["contact_persons"] = [{"email": str(facts["email"]), "is_primary_contact": True}]
    if facts.get("currency"):
        given["currency_id"] = rates.currency_with(company, str(facts["currency"])).id
    return contacts.create(company, given).id


def _tax(company: Company, facts: Mapping[str, Any], label: str) -> str:
    """The tax of that name or rate in the usual list, else a new one."""
    native = (facts.get("native") or {}).get("zoho_books")
    if native:
        found = company.records.find("tax", "name", str(native).lower())
        if found:
            return found[0].id
    rate = Decimal(str(facts.get("rate", "0")).removesuffix("%"))
    share = Decimal(str(facts.get("recoverable", "100")).removesuffix("%")) / 100
    reverse = bool(facts.get("reverse_charge"))
    name = str(facts.get("name") or "")
    standing = company.records.find("tax", "name", name.lower())[:1] if name else []
    found_tax = standing[0] if standing else None if name else taxes.with_rate(company, rate)
    plain = share == 1 and not reverse and company.country != "US"
    if plain and found_tax is not None and Decimal(str(found_tax.body["tax_percentage"])) == rate:
        return found_tax.id
    title = name if name and not standing else f"{label.replace('_', ' ').title()} {rate:f}%"
    given: dict[str, Any] = {"tax_name": title[:100], "tax_percentage": rate, "is_value_added": bool(share)}
    given |= {"_recoverable": str(share), "_reverse": reverse}
    return taxes.write(company, given).id


def _tracking(company: Company, tracking: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """A reporting tag for each category; its options by ``category/option``."""
    made: dict[str, str] = {}
    for label, facts in tracking.items():
        options = [str(option) for option in facts.get("options", ())]
        tag = tags.create(
            company,
            {
                "tag_name": str(facts.get("name") or label),
                "tag_options": [{"tag_option_name": option} for option in options],
            },
        )
        made[label] = tag.id
        for option, row in zip(options, tag.body["tag_options"], strict=True):
            made[f"{label}/{option}"] = row["tag_option_id"]
    return made
