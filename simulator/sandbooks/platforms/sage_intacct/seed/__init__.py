"""Opening a company on Sage Intacct: setup by country, the lists every company has, and what a plan names."""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.kit.company import Company, companies, open_company
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.sage_intacct import signing, switches, triggers
from sandbooks.platforms.sage_intacct.rest.access import issue
from sandbooks.platforms.sage_intacct.seed import chart, demo, plans
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "IE": "EUR", "FR": "EUR", "DE": "EUR", "CA": "CAD", "AU": "AUD", "ZA": "ZAR"}
_ZONES = {"GB": "Europe/London", "US": "America/New_York"}
_DEMO_NAMES = {"GB": "Ravenscourt Trading Ltd", "US": "Blue Mesa Outfitters Inc"}


class SageIntacctSeed:
    """Companies of Sage Intacct."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company with the chart and tax solution of its country, its lists, and what the plan names."""
        switches.check(plan.settings)
        name = plan.name or _DEMO_NAMES.get(plan.country, f"Demo Company {plan.country}")
        company = open_company(
            world,
            signing.PLATFORM,
            _company_id(world, name),
            name=name,
            country=plan.country,
            currency=plan.currency or _CURRENCIES.get(plan.country, "USD"),
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings={"accounts": chart.setup_of(plan.country), **plan.settings, triggers.OPENING: True},
        )
        plans.open_lists(company)
        if plan.chart is not None:
            plans.take_over(company, plan.chart)
        if plan.demo:
            demo.fill(company)
        labels = plans.labels(company, plan)
        signing.consent(world, company)
        company.change_settings(**{triggers.OPENING: None})
        return OpenedCompany(company=company, labels=labels)

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """Sender and user of the gateway, and an application with fresh tokens for REST."""
        sender_id, sender_password = signing.sender(world)
        client_id, client_secret = Tokens(world, signing.PLATFORM).client()
        tokens = issue(world, signing.consent(world, company), entity="")
        user, password = signing.USER, signing.password_of(company)
        return {
            "sender_id": sender_id,
            "sender_password": sender_password,
            "company_id": company.id,
            "user": user,
            "password": password,
            "user_id": user,
            "user_password": password,
            "client_id": client_id,
            "client_secret": client_secret,
            "webhook_key": client_secret,
            "username": f"{user}@{company.id}",
            "access_token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables as clients name them. Source: github.com/Intacct/intacct-sdk-php (INTACCT_…)"""
        return {
            "INTACCT_ENDPOINT_URL": f"{base_url}/ia/xml/xmlgw.phtml",
            "INTACCT_SENDER_ID": credentials["sender_id"],
            "INTACCT_SENDER_PASSWORD": credentials["sender_password"],
            "INTACCT_COMPANY_ID": company.id,
            "INTACCT_USER_ID": credentials["user_id"],
            "INTACCT_USER_PASSWORD": credentials["user_password"],
            "INTACCT_REST_URL": f"{base_url}/ia/api/v1",
            "INTACCT_CLIENT_ID": credentials["client_id"],
            "INTACCT_CLIENT_SECRET": credentials["client_secret"],
            "INTACCT_USERNAME": credentials["username"],
        }


def _company_id(world: World, name: str) -> str:
    """An id made of the name, as its owner would choose; numbered where it is taken."""
    plain = "".join(each for each in name.lower() if each.isascii() and each.isalnum())[:16] or "company"
    taken = {company.id for company in companies(world, signing.PLATFORM)}
    number, id = 1, plain
    while id in taken:
        number += 1
        id = f"{plain}-{number}"
    return id


SEED = SageIntacctSeed()
