"""Opening a company file: its lists by country, what a plan names, and credentials for code under test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.kit.exports import each_answer
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM, CompanyFile
from sandbooks.platforms.quickbooks_desktop.seed import making, planned
from sandbooks.platforms.quickbooks_desktop.switches import check
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "CA": "CAD", "IE": "EUR", "FR": "EUR", "DE": "EUR", "AU": "AUD"}
_ZONES = {"GB": "Europe/London", "US": "America/New_York", "CA": "America/Toronto"}
_DEMO_NAMES = {"GB": "Harbour Lane Joinery Ltd", "US": "Prairie Wind Builders Inc"}
_FOLDER = "C:\\Users\\Public\\Documents\\Intuit\\QuickBooks\\Company Files\\"


class DesktopSeed:
    """Company files of QuickBooks Desktop."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company file with the default lists of its country, plus what the plan names."""
        check(plan.settings)
        named = plan.name or _DEMO_NAMES.get(plan.country, f"Demo Company {plan.country}")
        company = open_company(
            world,
            PLATFORM,
            world.ids.uuid(f"{PLATFORM}/company"),
            name=named,
            country=plan.country,
            currency=plan.currency or _CURRENCIES.get(plan.country, "USD"),
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings={"file": _path(named), **plan.settings},
        )
        file = CompanyFile(company)
        making.fill(file)
        if plan.chart is not None:
            take_over(file, plan.chart)
        if plan.demo:
            making.fill_demo(file)
        return OpenedCompany(company=company, labels=planned.labels(file, plan))

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """The bearer token of the Web Connector's window; user name and password for an application's own service."""
        tokens = Tokens(world, PLATFORM)
        grant = tokens.new_grant(client_id="web_connector", scopes=(), companies=(company.id,), user="Admin")
        token = tokens.issue("access", grant, lifetime=None)
        return {
            "access_token": token.value,
            "user_name": "sandbooks",
            "password": world.ids.fixed_token(f"{PLATFORM}/password/{company.id}", length=16),
            "company_file": str(company.settings["file"]),
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables for an application and for whoever drives the Web Connector."""
        return {
            "QBWC_CONTROL_URL": f"{base_url}/web_connector",
            "QBWC_ACCESS_TOKEN": credentials["access_token"],
            "QBWC_USERNAME": credentials["user_name"],
            "QBWC_PASSWORD": credentials["password"],
            "QBWC_COMPANY_FILE": credentials["company_file"],
        }


def _path(name: str) -> str:
    return _FOLDER + "".join(c for c in name if c.isalnum() or c in " -_&'").strip() + ".qbw"


def take_over(file: CompanyFile, export: Any) -> None:
    """Take the lists from answers of qbXML queries that somebody exported as text, one or a list of them."""
    from sandbooks.platforms.quickbooks_desktop.seed.exports import KINDS, take

    each_answer(export, lambda text: isinstance(text, str) and take(file, text), lists=KINDS)


SEED = DesktopSeed()
