"""Opening a company: lists of its country, what a plan names, and credentials for code under test."""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.kit.company import Company, open_company
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.quickbooks_online.api.sign_in import ACCESS, ACCOUNTING, NAME, REFRESH
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.seed import lists, planned
from sandbooks.platforms.quickbooks_online.seed.chart import import_chart
from sandbooks.platforms.quickbooks_online.seed.countries import country_of
from sandbooks.world import World


class QuickBooksOnlineSeed:
    """How a QuickBooks Online company begins."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company with its country's lists (or those of a native export), plus what the plan names."""
        country = country_of(plan.country, plan.currency)
        number = world.ids.number(f"{NAME}/realm")
        id = _realm_id(world, number)
        settings = {"verifier_token": world.ids.fixed_token(f"{NAME}/verifier/{id}", length=36), **plan.settings}
        company = open_company(
            world,
            NAME,
            id,
            name=plan.name or f"Sandbox Company {plan.country} {number}",
            country=plan.country,
            currency=plan.currency or country.currency,
            time_zone=plan.time_zone or country.time_zone,
            settings=settings,
        )
        realm = Realm(company)
        lists.open_settings(realm, country, multicurrency=bool(settings.get("multicurrency", True)))
        given = import_chart(realm, country, plan.chart)
        lists.fill(realm, country, without=given)
        if plan.demo:
            lists.fill_demo(realm)
        return OpenedCompany(company=company, labels=planned.add(realm, country, plan))

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """Fresh tokens for the world's own application."""
        tokens = Tokens(world, NAME)
        client_id, client_secret = tokens.client()
        scopes = (ACCOUNTING, "openid", "profile", "email")
        grant = tokens.new_grant(client_id=client_id, scopes=scopes, companies=[company.id])
        refresh = tokens.issue("refresh", grant, lifetime=REFRESH)
        access = tokens.issue("access", grant, lifetime=ACCESS)
        return {
            "client_id": client_id,
            "client_secret": client_secret,
            "access_token": access.value,
            "refresh_token": refresh.value,
            "realm_id": company.id,
            "verifier_token": str(company.settings["verifier_token"]),
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables for a .env file."""
        return {
            "QBO_BASE_URL": base_url,
            "QBO_API_URL": f"{base_url}/v3",
            "QBO_DISCOVERY_URL": f"{base_url}/.well-known/openid_configuration/",
            "QBO_TOKEN_URL": f"{base_url}/oauth2/v1/tokens/bearer",
            "QBO_REALM_ID": company.id,
            "QBO_CLIENT_ID": credentials.get("client_id", ""),
            "QBO_CLIENT_SECRET": credentials.get("client_secret", ""),
            "QBO_ACCESS_TOKEN": credentials.get("access_token", ""),
            "QBO_REFRESH_TOKEN": credentials.get("refresh_token", ""),
            "QBO_WEBHOOK_VERIFIER_TOKEN": credentials.get("verifier_token", ""),
            # Read by Intuit's Java SDK. Source: Config.java of https://github.com/intuit/QuickBooks-V3-Java-SDK
            "IPP_QBO_BASE_URL": f"{base_url}/v3/company",
        }


def _realm_id(world: World, number: int) -> str:
    """A realm id of sixteen digits, the same for a seed."""
    drawn = int.from_bytes(world.ids.digest(f"{NAME}/realm")[:5], "big") % 10**9
    return f"9130{drawn:09d}{number:03d}"


SEED = QuickBooksOnlineSeed()
