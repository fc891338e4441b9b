"""Opening a company on Business Central: settings by country, the usual lists, and what a plan names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.business_central.access import PLATFORM
from sandbooks.platforms.business_central.api import sign_in
from sandbooks.platforms.business_central.seed import charts, line_masters, opening, plans
from sandbooks.platforms.business_central.sets import line_masters as masters
from sandbooks.platforms.business_central.sets import posting_setup
from sandbooks.platforms.business_central.sets.entity import Scope, stamp
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "IE": "EUR", "FR": "EUR", "DE": "EUR", "CA": "CAD", "AU": "AUD", "NZ": "NZD"}
_ZONES = {"GB": "Europe/London", "US": "America/New_York"}
_DEMO_NAMES = {"GB": "Northwind Joinery Ltd", "US": "Lakeside Joinery Inc."}


class BusinessCentralSeed:
    """Companies of Business Central."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company with the usual lists of its country, and what the plan names."""
        settings = {**self._settings(world, plan), **plan.settings}
        posting_setup.check(settings)
        masters.read(settings)
        currency = plan.currency or _CURRENCIES.get(plan.country, "USD")
        company = open_company(
            world,
            PLATFORM,
            world.ids.uuid("business_central/company"),
            name=plan.name or _DEMO_NAMES.get(plan.country, f"Demo Company {plan.country}"),
            country=plan.country,
            currency=currency,
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings=settings,
        )
        opening.fill(company, country=plan.country)
        if plan.chart is not None:
            plans.take_over(company, plan.chart)
        if plan.demo:
            self._fill_demo(company)
        labels = plans.labels(company, plan)
        opening.set_account_dimensions(company)
        line_masters.fill(company)
        return OpenedCompany(company=company, labels=labels)

    def _settings(self, world: World, plan: CompanyPlan) -> dict[str, Any]:
        return {
            **(line_masters.DEMO if plan.demo else {}),
            "environment": "Production",
            "tax_type": "Sales Tax" if plan.country in charts.SALES_TAX_COUNTRIES else "VAT",
            "currency_symbol": {"GB": "£", "US": "$"}.get(plan.country, ""),
            "opened_at": stamp(world.clock.now()),
        }

    def _fill_demo(self, company: Company) -> None:
        scope = Scope(company)
        other = "USD" if company.currency != "USD" else "EUR"
        plans.bank(scope, "Current Account", card=False)
        plans.bank(scope, "Company Card", card=True)
        plans.bank(scope, f"{other} Account", card=False, currency=other)
        plans.bank(scope, f"Company Card {other}", card=True, currency=other)
        for name in ("Fabrikam Office Supplies", "Contoso Air", "Wide World Catering"):
            opening.make(scope, "vendors", displayName=name)
        opening.make(scope, "customers", displayName="Card Provider")
        opening.make(scope, "employees", givenName="Robin", surname="Marsh", email="robin@example.com")
        opening.make(scope, "items", displayName="Oak board", type="Service", unitCost=24)

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """An application's id and secret, and a fresh pair of tokens of the owner."""
        return sign_in.sign_in(world, company)

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables as Business Central clients name them."""
        environment = credentials.get("environment", str(company.settings["environment"]))
        tenant = credentials.get("tenant_id", "")
        return {
            "BC_API_URL": base_url,
            "BC_BASE_URL": f"{base_url}/v2.0/{environment}/api/v2.0",
            "BC_TOKEN_URL": f"{base_url}/{tenant}/oauth2/v2.0/token",
            "BC_AUTHORITY": f"{base_url}/{tenant}",
            "BC_TENANT_ID": tenant,
            "BC_ENVIRONMENT": environment,
            "BC_COMPANY_ID": company.id,
            "BC_CLIENT_ID": credentials["client_id"],
            "BC_CLIENT_SECRET": credentials["client_secret"],
            "BC_ACCESS_TOKEN": credentials["access_token"],
            "BC_REFRESH_TOKEN": credentials["refresh_token"],
        }


SEED = BusinessCentralSeed()
