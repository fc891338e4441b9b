"""How a Xero organisation is opened, and how code is signed in to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.xero import auth, webhooks
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.seed import charts, exports
from sandbooks.platforms.xero.seed.making import put_account, put_bank, put_contact, put_currency, put_tax, put_tracking
from sandbooks.platforms.xero.seed.planned import planned
from sandbooks.platforms.xero.wire.dates import stored_instant
from sandbooks.world import World

Body = dict[str, Any]


class XeroSeed:
    """Opens organisations."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        region = charts.REGIONS.get(plan.country, charts.Region("USD", "UTC", "INPUT", "OUTPUT"))
        number = world.ids.number("xero/organisations")
        id = world.ids.fixed_uuid(f"xero/organisation/{number}")
        facts = {"demo": plan.demo, "created": stored_instant(world.clock.now()), "short_code": f"!sb{number:03d}"}
        company = open_company(
            world,
            "xero",
            id,
            name=plan.name or f"Demo Company ({plan.country})",
            country=plan.country,
            currency=plan.currency or region.currency,
            time_zone=plan.time_zone or region.zone,
            settings={"organisation": facts, **plan.settings},
        )
        _lists(company, plan, region)
        labels = planned(company, plan)
        if plan.demo:
            _demo(company)
        _lock(company)
        return OpenedCompany(company=company, labels=labels)

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        client_id, secret = auth.client(world)
        event = world.ids.uuid("xero/authentication_event")
        auth.connect(world, company, client_id=client_id, event=event)
        scopes = sorted(auth.SCOPES)
        tokens = auth.tokens_of(world)
        grant = tokens.new_grant(client_id=client_id, scopes=scopes, companies=[company.id], user=auth.USER)
        facts = {"event": event}
        issued = auth.issue(world, grant, issuer="https://identity.xero.com", facts=facts)
        return {
            "client_id": client_id,
            "client_secret": secret,
            "access_token": issued["access_token"],
            "refresh_token": issued["refresh_token"],
            "tenant_id": company.id,
            "webhook_key": webhooks.webhook_key(world),
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        base = base_url.rstrip("/")
        named = {"organisation_name": company.name, **credentials}
        return {
            "XERO_BASE_URL": f"{base}/api.xro/2.0",
            "XERO_FILES_URL": f"{base}/files.xro/1.0",
            "XERO_IDENTITY_URL": base,
            "XERO_AUTHORIZE_URL": f"{base}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{base}/connect/token",
            "XERO_REVOKE_URL": f"{base}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{base}/connections",
            **{f"XERO_{name.upper()}": value for name, value in named.items()},
        }


SEED = XeroSeed()


def _lock(company: Company) -> None:
    """Close the book up to the lock dates that the plan's settings name."""
    names = ["EndOfYearLockDate"]
    if company.settings.get("period_lock_binds_api") is not False:
        names.append("PeriodLockDate")
    days = [date.fromisoformat(company.settings[name]) for name in names if company.settings.get(name)]
    if days:
        company.book.lock(max(days))


def _lists(company: Company, plan: CompanyPlan, region: charts.Region) -> None:
    """The organisation's own lists, or those of a native export."""
    exported = exports.collected(plan.chart) if plan.chart is not None else {}
    rows = charts.TAXES.get(company.country, charts.GLOBAL_TAXES)
    for row in rows:
        put_tax(company, code=row.code, name=row.name, rates=[(row.name, row.rate, False)], row=row)
    _currencies(company, plan)
    _chart(company, region, own=exported.get("Accounts", []))
    exports.bring_in(company, exported)
    if not company.records.count("User"):
        _people(company)


def _currencies(company: Company, plan: CompanyPlan) -> None:
    named = [a.get("currency") for group in (plan.accounts, plan.suppliers, plan.customers) for a in group.values()]
    wanted = [company.currency, "USD", "EUR", "GBP", *named] if plan.demo else [company.currency, *named]
    if not plan.demo:
        wanted += list(plan.settings.get("currencies", charts.CURRENCIES))
    for code in dict.fromkeys(c for c in wanted if c):
        put_currency(company, str(code))


def _chart(company: Company, region: charts.Region, *, own: list[Body]) -> None:
    """Every row of the default chart; with an export only the system accounts that it lacks."""
    taxes = {"buy": region.buy, "sell": region.sell, "none": "NONE"}
    rows = (*charts.CHART, charts.IMPORTS) if company.country in ("AU", "NZ") else charts.CHART
    systems = {account.get("SystemAccount") for account in own}
    codes = {account.get("Code") for account in own}
    for row in rows:
        if own and (not row.system or row.system in systems):
            continue
        name = charts.GST_NAMES.get(company.country, row.name) if row.system == "GST" else row.name
        code = row.code if row.code not in codes else f"{row.code}S"
        put_account(company, code=code, name=name, type=row.type, tax=taxes[row.tax], system=row.system)


def _people(company: Company) -> None:
    now = stored_instant(company.world.clock.now())
    user: Body = {"UserID": company.world.ids.fixed_uuid("xero/user/owner"), "EmailAddress": "owner@example.com"}
    role = {"IsSubscriber": True, "OrganisationRole": "FINANCIALADVISER"}
    save(company, "User", {**user, "FirstName": "Robin", "LastName": "Owner", **role})
    theme: Body = {"BrandingThemeID": company.records.next_uuid("theme"), "Name": "Standard", "Type": "INVOICE"}
    save(company, "BrandingTheme", {**theme, "SortOrder": 0, "CreatedDateUTC": now})


def _demo(company: Company) -> None:
    """What a demo company has beside its lists: accounts at home and abroad, contacts, tracking."""
    foreign = "USD" if company.currency != "USD" else "EUR"
    put_bank(company, name="Business Bank Account", currency=company.currency, card=False)
    put_bank(company, name="Business Savings Account", currency=company.currency, card=False)
    put_bank(company, name=f"Business {foreign} Account", currency=foreign, card=False)
    put_bank(company, name="Business Credit Card", currency=company.currency, card=True)
    put_bank(company, name=f"Business {foreign} Card", currency=foreign, card=True)
    for name in charts.DEMO_SUPPLIERS:
        put_contact(company, {"name": name, "email": "accounts@example.com"}, supplier=True)
    for name in charts.DEMO_CUSTOMERS:
        put_contact(company, {"name": name, "email": "billing@example.com"}, supplier=False)
    for name, options in charts.DEMO_TRACKING.items():
        put_tracking(company, name, list(options))
