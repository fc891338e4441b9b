"""Opening a company on FreeAgent: settings by country, the default categories, an owner, and what a plan names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.freeagent import auth, chart
from sandbooks.platforms.freeagent.access import PLATFORM
from sandbooks.platforms.freeagent.posting import (
    EXCHANGE_DIFFERENCES,
    TRADE_CREDITORS,
    TRADE_DEBTORS,
    VAT_CHARGED,
    VAT_RECLAIMED,
)
from sandbooks.platforms.freeagent.records import bank_accounts, categories, people
from sandbooks.platforms.freeagent.wire import decimal_text
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "IE": "EUR", "FR": "EUR", "DE": "EUR", "CA": "CAD", "AU": "AUD"}
_ZONES = {"GB": "Europe/London", "US": "America/New_York"}
_COUNTRIES = {"GB": "United Kingdom", "US": "United States"}
_DEMO_NAMES = {"GB": "Harbour Lane Studio Ltd", "US": "Prairie Wind Studio LLC"}
# Account types of a plan, and the group of categories that a new one joins.
_GROUPS = {
    "expense": "admin_expenses",
    "cost_of_sales": "cost_of_sales",
    "other_expense": "admin_expenses",
    "income": "income",
    "other_income": "income",
    "asset": "current_assets",
    "current_asset": "current_assets",
    "liability": "liabilities",
    "current_liability": "liabilities",
    "equity": "equities",
}
_BANKS = {
    "bank": "StandardBankAccount",
    "prepaid": "StandardBankAccount",
    "credit_card": "CreditCardAccount",
    "paypal": "PaypalAccount",
}
# What every company has, under the words that scenarios use.
CONTROL = {
    "payables": TRADE_CREDITORS,
    "receivables": TRADE_DEBTORS,
    "input_tax": VAT_RECLAIMED,
    "output_tax": VAT_CHARGED,
    "exchange_differences": EXCHANGE_DIFFERENCES,
    "rounding": EXCHANGE_DIFFERENCES,
}


def _tax_settings(country: str) -> dict[str, Any]:
    if country == "GB":
        return {
            "type": "UkLimitedCompany",
            "sales_tax_name": "VAT",
            "sales_tax_registration_status": "Registered",
            "sales_tax_registration_number": "GB123456789",
            "sales_tax_rates": ["20.0", "5.0", "0.0"],
            "sales_tax_is_value_added": True,
            "mileage_units": "miles",
        }
    kind = "UsLimitedLiabilityCompany" if country == "US" else "UniversalCompany"
    return {
        "type": kind,
        "sales_tax_name": "Sales Tax" if country == "US" else "VAT",
        "sales_tax_registration_status": "Not Registered",
        "sales_tax_rates": ["0.0"],
        "sales_tax_is_value_added": country != "US",
        "mileage_units": "miles" if country == "US" else "kilometers",
    }


def _settings(plan: CompanyPlan, today: date) -> dict[str, Any]:
    start = date(today.year - 1, 1, 1)
    return {
        **_tax_settings(plan.country),
        "subdomain": "-".join("".join(c if c.isalnum() else " " for c in plan.name.lower()).split()) or "company",
        "country": _COUNTRIES.get(plan.country, plan.country),
        "company_start_date": start.isoformat(),
        "freeagent_start_date": start.isoformat(),
        "first_accounting_year_end": date(start.year, 12, 31).isoformat(),
        **plan.settings,
    }


class FreeAgentSeed:
    """Companies of FreeAgent."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company with the default categories of its country, an owner, and what the plan names."""
        named = plan.name or _DEMO_NAMES.get(plan.country, f"Demo Company {plan.country}")
        company = open_company(
            world,
            PLATFORM,
            str(world.ids.number("freeagent/company", start=30001)),
            name=named,
            country=plan.country,
            currency=plan.currency or _CURRENCIES.get(plan.country, "USD"),
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings=_settings(plan, world.clock.today()),
        )
        for category in chart.default_categories(plan.country):
            categories.add(company, category.code, category.name, reporting=category.reporting, auto=category.auto)
        owner = {
            "email": "owner@example.com",
            "first_name": "Robin",
            "last_name": "Marsh",
            "role": "Director" if plan.country == "GB" else "Owner",
            "permission_level": 8,
        }
        categories.open_user_accounts(company, people.add_user(company, owner))
        if plan.demo:
            self._fill_demo(company)
        return OpenedCompany(company=company, labels=self._labels(company, plan))

    def _labels(self, company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
        accounts = {label: _account(company, facts, label) for label, facts in plan.accounts.items()}
        contacts = {
            kind: {label: _contact(company, facts, label) for label, facts in named.items()}
            for kind, named in (("suppliers", plan.suppliers), ("customers", plan.customers))
        }
        return {
            "accounts": {**accounts, **{word: code for word, code in CONTROL.items() if word not in accounts}},
            **contacts,
            "taxes": {label: _tax(company, facts) for label, facts in plan.taxes.items()},
            "tracking": {label: _project(company, facts, label) for label, facts in plan.tracking.items()},
        }

    def _fill_demo(self, company: Company) -> None:
        local = company.currency
        other = "USD" if local != "USD" else "EUR"
        for given in (
            {"name": "Business Current Account", "opening_balance": "12500.00", "is_primary": True},
            {"name": "Business Card", "type": "CreditCardAccount", "account_number": "4417"},
            {"name": f"{other} Account", "currency": other},
        ):
            bank_accounts.create(company, given)
        for name in ("Northgate Office Supplies", "Skyline Rail", "Copperleaf Catering"):
            people.write_contact(company, {"organisation_name": name})

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """An application's id and secret, and a fresh pair of tokens of the owner."""
        return auth.sign_in(world, company)

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables as FreeAgent clients name them."""
        return {
            "FREEAGENT_API_BASE_URL": f"{base_url}/v2/",
            "FREEAGENT_COMPANY_ID": company.id,
            "FREEAGENT_CLIENT_ID": credentials["client_id"],
            "FREEAGENT_CLIENT_SECRET": credentials["client_secret"],
            "FREEAGENT_ACCESS_TOKEN": credentials["access_token"],
            "FREEAGENT_REFRESH_TOKEN": credentials["refresh_token"],
        }


def _account(company: Company, facts: Mapping[str, Any], label: str) -> str:
    name = str(facts.get("name") or label)
    type = str(facts.get("type", "expense"))
    if type in _BANKS:
        given = {
            "name": name,
            "type": _BANKS[type],
            "currency": facts.get("currency") or company.currency,
            "opening_balance": str(facts.get("opening_balance", "0")),
            "account_number": str(facts.get("account_number", "4242")),
            "email": "payments@example.com",
        }
        return bank_accounts.create(company, given).id
    group = chart.GROUPS[_GROUPS[type]]
    for record in company.records.scan("category"):
        if record.body["description"].lower() == name.lower() and group.first <= int(record.id) <= group.last:
            return record.id
    given_code = str(facts.get("code", ""))
    taken = {record.id for record in company.records.scan("category", deleted=True)}
    free = (f"{code:03d}" for code in range(group.last, group.first - 1, -1))
    code = given_code if given_code.isdigit() and given_code not in taken else next(c for c in free if c not in taken)
    auto = str(facts.get("auto_sales_tax_rate", "Standard rate" if company.country == "GB" else ""))
    profit_and_loss = group.set_name != "general_categories"
    return categories.add(company, code, name, auto=auto if profit_and_loss else "", custom=True).id


def _contact(company: Company, facts: Mapping[str, Any], label: str) -> str:
    given = {name: value for name, value in facts.items() if name in ("email", "country", "phone_number")}
    return people.write_contact(company, {**given, "organisation_name": str(facts.get("name") or label)}).id


def _tax(company: Company, facts: Mapping[str, Any]) -> str:
    """Taxes have no ids here: a rate names itself. A rate that the plan brings joins the company's list."""
    from decimal import Decimal

    rate = decimal_text(Decimal(str(facts.get("rate", "0"))))
    listed = list(company.settings["sales_tax_rates"])
    if rate not in listed:
        company.change_settings(sales_tax_rates=[*listed, rate])
    return rate


def _project(company: Company, facts: Mapping[str, Any], label: str) -> str:
    contact = next(iter(company.records.scan("contact")), None)
    if contact is None:
        contact = people.write_contact(company, {"organisation_name": "Internal"})
    given = {"name": str(facts.get("name") or label), "contact": contact.body["url"]}
    return people.write_project(company, given).id


SEED = FreeAgentSeed()
