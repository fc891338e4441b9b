"""Opening a company on FreeAgent: settings by country, the default categories, an owner, and what a plan names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.freeagent import auth, chart, plans, switches
from sandbooks.platforms.freeagent.access import PLATFORM
from sandbooks.platforms.freeagent.records import bank_accounts, categories, cis, lists, people, stock, users
from sandbooks.platforms.freeagent.timeline import months_after
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "IE": "EUR", "FR": "EUR", "DE": "EUR", "CA": "CAD", "AU": "AUD"}
_ZONES = {"GB": "Europe/London", "US": "America/New_York"}
_COUNTRIES = {"GB": "United Kingdom", "US": "United States"}
_DEMO_NAMES = {"GB": "Harbour Lane Studio Ltd", "US": "Prairie Wind Studio LLC"}


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


def _registration(plan: CompanyPlan, start: date) -> dict[str, Any]:
    """What a company of the United Kingdom tells of its seat, and of its VAT registration where it has one."""
    if plan.country != "GB":
        return {}
    seat = {
        "address1": "4 Harbour Lane",
        "town": "Whitby",
        "postcode": "YO21 3PU",
        "company_registration_number": "09876543",
        "business_category": "Design",
        "short_date_format": "dd mmm yy",
    }
    if plan.settings.get("sales_tax_registration_status", "Registered") != "Registered":
        return seat
    return seat | {
        "sales_tax_effective_date": start.isoformat(),
        "vat_first_return_period_ends_on": (months_after(start, 3) - timedelta(days=1)).isoformat(),
        "initial_vat_basis": "Invoice",
        "initially_on_frs": False,
    }


def _settings(plan: CompanyPlan, name: str, today: date) -> dict[str, Any]:
    start = date(today.year - 1, 1, 1)
    return {
        **_tax_settings(plan.country),
        **_registration(plan, start),
        "subdomain": "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "company",
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
        switches.check(plan.settings)
        named = plan.name or _DEMO_NAMES.get(plan.country, f"Demo Company {plan.country}")
        company = open_company(
            world,
            PLATFORM,
            str(world.ids.number("freeagent/company", start=30001)),
            name=named,
            country=plan.country,
            currency=plan.currency or _CURRENCIES.get(plan.country, "USD"),
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings=_settings(plan, named, world.clock.today()),
        )
        contractor = cis.is_contractor(company)
        for category in chart.default_categories(plan.country, cis_contractor=contractor):
            categories.add(company, category.code, category.name, reporting=category.reporting, auto=category.auto)
        owner = {
            "email": "owner@example.com",
            "first_name": "Robin",
            "last_name": "Marsh",
            "role": "Director" if company.settings["type"] == "UkLimitedCompany" else "Owner",
            "permission_level": 8,
            "opening_mileage": "0",
        }
        users.create(company, owner)
        lists.add_asset_types(company)
        if plan.chart is not None:
            plans.take_over(company, plan.chart)
        if plan.demo:
            self._fill_demo(company)
        return OpenedCompany(company=company, labels=plans.labels(company, plan))

    def _fill_demo(self, company: Company) -> None:
        local = company.currency
        other = "USD" if local != "USD" else "EUR"
        for given in (
            {"name": "Business Current Account", "is_primary": True},
            {"name": "Business Card", "type": "CreditCardAccount", "account_number": "4417"},
            {"name": f"{other} Account", "currency": other},
        ):
            bank_accounts.create(company, {"opening_balance": "0", **given})
        for name in ("Northgate Office Supplies", "Skyline Rail", "Copperleaf Catering"):
            people.write_contact(company, {"organisation_name": name})
        stock.write(company, {"description": "Desk lamp", "cost_of_sale_category": "/v2/categories/101"})

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


SEED = FreeAgentSeed()
