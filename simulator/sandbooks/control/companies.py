"""Opening companies on platforms and in the hub, and telling how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from sandbooks.control.charts import check_chart
from sandbooks.control.errors import ControlError, unknown
from sandbooks.control.places import currency_of, known_zone, zone_of
from sandbooks.kit.company import Company, companies, find_company
from sandbooks.kit.plans import note_taxes
from sandbooks.ledger import Refusal
from sandbooks.money import known_currency
from sandbooks.platform import CompanyPlan, OpenedCompany, load, platform_named
from sandbooks.world import World

HUB = "codat"
LABELS = "company/labels"
ACCOUNT_TYPES = "account/type"
CREDENTIALS = "company/credentials"
HUB_COMPANIES = "hub/opened"

NAMED_PARTS = ("accounts", "suppliers", "customers")
CHART_PARTS = ("accounts", "suppliers", "customers", "taxes", "tracking", "settings")


class Reach(Struct, frozen=True):
    """How code reaches a company: as ``GET /_control/worlds/{world}/companies`` lists it."""

    platform: str
    name: str
    base_url: str
    company_id: str
    credentials: dict[str, str]
    environment: dict[str, str]
    country: str = ""
    currency: str = ""
    timezone: str = ""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "platform": self.platform,
            "name": self.name,
            "base_url": self.base_url,
            "company_id": self.company_id,
            "country": self.country,
            "currency": self.currency,
            "timezone": self.timezone,
            "labels": self.labels,
            "credentials": self.credentials,
            "environment": self.environment,
        }


def plan_of(
    world: World, platform: str, *, country: str = "GB", currency: str = "", name: str = "", **rest: Any
) -> CompanyPlan:
    """A whole plan from what the caller gave; names the caller did not give are drawn from the world.

    Whoever lists nothing has a demo company, with banks, cards and contacts to work with.
    """
    demo = bool(rest.pop("demo", all(rest.get(part) is None for part in ("chart", *CHART_PARTS))))
    chart = rest.pop("chart", None)
    parts = {part: rest.pop(part, None) or {} for part in CHART_PARTS}
    if isinstance(chart, Mapping) and set(chart) <= set(CHART_PARTS):
        parts.update(chart)
        chart = None
    check_chart(parts)
    for part in NAMED_PARTS:
        parts[part] = {label: {"name": named_after(label), **facts} for label, facts in parts[part].items()}
    _check_currencies(
        currency, *(str(facts.get("currency") or "") for part in NAMED_PARTS for facts in parts[part].values())
    )
    zone = known_zone(rest.pop("timezone", "") or zone_of(country))
    if rest:
        raise unknown("company member", next(iter(rest)), [*CHART_PARTS, "country", "currency", "timezone", "chart"])
    return CompanyPlan(
        name=name or _name(world, platform, country),
        country=country,
        currency=currency or currency_of(country),
        time_zone=zone,
        chart=chart,
        demo=demo,
        **parts,
    )


def _check_currencies(*given: str) -> None:
    for currency in given:
        if currency and not known_currency(currency):
            raise ControlError(
                "unknown_currency", f"no currency {currency!r}", remedy="write an ISO 4217 code: GBP, USD"
            )


def named_after(label: str) -> str:
    """The name of what has none of its own: ``travel_abroad`` is called Travel abroad."""
    return label.replace("_", " ").replace("-", " ").capitalize()


def _name(world: World, platform: str, country: str) -> str:
    from faker import Faker

    faker = Faker({"GB": "en_GB", "US": "en_US", "AU": "en_AU", "CA": "en_CA", "NZ": "en_NZ"}.get(country, "en_GB"))
    faker.seed_instance(world.ids.chance(f"company name/{platform}/{world.ids.number('company name')}").random())
    return str(faker.company())


def open_company(world: World, platform: str, plan: CompanyPlan) -> OpenedCompany:
    """Open a company on a platform and remember which native ids stand behind the plan's labels."""
    with world.unit():
        seed = platform_named(platform).load_seed()
        opened = seed.open(world, plan)
        company = opened.company
        key = f"{company.platform}/{company.id}"
        world.put(LABELS, key, {part: dict(ids) for part, ids in opened.labels.items()})
        world.put(CREDENTIALS, key, seed.credentials(world, company))
        note_account_types(company, plan, opened.labels.get("accounts", {}))
        note_taxes(company, plan.taxes, opened.labels.get("taxes", {}))
    return opened


def open_described(world: World, platform: str, **described: Any) -> OpenedCompany:
    """Open a company as its caller describes it; raises ``ControlError`` when the lists given are not understood."""
    plan = plan_of(world, platform, **described)
    try:
        return open_company(world, platform, plan)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, Refusal) as error:
        if all(described.get(part) is None for part in ("chart", *CHART_PARTS)):
            raise
        remedy = "give answers of the platform's own lists, as it sends them"
        if plan.chart is None:
            remedy = "name accounts, taxes and contacts as a company of a scenario does"
        what = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise ControlError("chart_unreadable", f"the chart cannot be read: {what}", remedy=remedy) from error


def note_account_types(company: Company, plan: CompanyPlan, ids: Mapping[str, str]) -> None:
    """Keep the neutral types of the plan's accounts: an account's class alone tells no card from another debt."""
    key = f"{company.platform}/{company.id}"
    kept = company.world.get(ACCOUNT_TYPES, key) or {}
    told = {ids[label]: facts["type"] for label, facts in plan.accounts.items() if label in ids and "type" in facts}
    company.world.put(ACCOUNT_TYPES, key, {**told, **kept})


def planned_account_types(company: Company) -> dict[str, str]:
    """The neutral types of the accounts that the company was opened with, by native id."""
    kept: dict[str, str] = company.world.get(ACCOUNT_TYPES, f"{company.platform}/{company.id}") or {}
    return kept


def labels_of(company: Company) -> dict[str, dict[str, str]]:
    """The native ids behind the labels that the company was opened with, by part (accounts, suppliers, ...).

    The accounts that every company has are there too, under ``payables``, ``input_tax`` and so on.
    """
    kept: dict[str, dict[str, str]] = company.world.get(LABELS, f"{company.platform}/{company.id}") or {}
    usual = platform_named(company.platform).usual_accounts
    named = load(usual)(company) if usual else {}
    return {**kept, "accounts": {**named, **kept.get("accounts", {})}}


def credentials_of(company: Company) -> dict[str, str]:
    """The credentials that the company was opened with."""
    kept: dict[str, str] = company.world.get(CREDENTIALS, f"{company.platform}/{company.id}") or {}
    return kept


def company_named(world: World, platform: str, company_id: str) -> Company:
    """A company by platform and native id; raises ``ControlError`` with the nearest there are."""
    try:
        name = platform_named(platform).name
    except LookupError as error:
        raise ControlError("unknown_platform", str(error), remedy="see `sandbooks platforms`", status=404) from error
    company = find_company(world, name, company_id)
    if company is None:
        raise unknown("company", company_id, [c.id for c in companies(world, name)])
    return company


def check_reach(world: World, platform: str, company_id: str) -> None:
    """Raises ``ControlError`` when there is no such company, on a platform or in the hub."""
    if platform != HUB:
        company_named(world, platform, company_id)
    elif world.get(HUB_COMPANIES, company_id) is None:
        raise unknown("hub company", company_id, list(world.kept(HUB_COMPANIES)))


def open_hub_company(world: World, company: Company, *, awaited: bool = True) -> dict[str, str]:
    """A hub company that is connected to a platform company: ``api_key``, ``company_id``, ``connection_id``.

    Where it is not ``awaited``, jobs that are due at once read its lists and configure it.
    """
    opener = load("sandbooks.hub.seed:open_hub_company")
    made: dict[str, str] = opener(world, company, awaited=awaited)
    world.put(HUB_COMPANIES, made["company_id"], {**made, "platform": company.platform, "native_id": company.id})
    return made


def link_again(world: World, platform: str, company_id: str) -> dict[str, str]:
    """Link the connection of a hub company that is not linked any more; raises ``ControlError``."""
    from sandbooks.connector import Failure
    from sandbooks.hub import connections
    from sandbooks.hub.browser import NoConsent
    from sandbooks.hub.link import authorize

    made = world.get(HUB_COMPANIES, company_id) if platform == HUB else None
    if made is None:
        raise unknown("hub company", company_id, list(world.kept(HUB_COMPANIES)))
    connection = connections.connection_of(world, company_id, made["connection_id"])
    if connection["status"] != "Linked":
        try:
            authorize(world, connection["id"], company=made["native_id"])
        except (NoConsent, Failure) as error:
            remedy = "see what the platform says, and try again"
            raise ControlError("not_linked", str(error), remedy=remedy, status=409) from error
        connection = connections.connection_of(world, company_id, made["connection_id"])
    return {"connection_id": connection["id"], "status": connection["status"]}


def reach_of(company: Company, base_url: str) -> Reach:
    """How to reach a platform company under a server's base URL (without a trailing slash)."""
    seed = platform_named(company.platform).load_seed()
    credentials = credentials_of(company)
    url = f"{base_url}/{company.platform}"
    return Reach(
        company.platform,
        company.name,
        url,
        company.id,
        credentials,
        seed.environment(url, company, credentials),
        company.country,
        company.currency,
        company.time_zone,
        labels_of(company),
    )


def hub_reaches(world: World, base_url: str) -> list[dict[str, Any]]:
    """The hub companies of a world, listed as the control API lists them."""
    found = []
    for made in world.kept(HUB_COMPANIES).values():
        native = find_company(world, made["platform"], made["native_id"])
        environment = {
            "CODAT_BASE_URL": f"{base_url}/{HUB}",
            "CODAT_API_KEY": made["api_key"],
            "CODAT_COMPANY_ID": made["company_id"],
            "CODAT_CONNECTION_ID": made["connection_id"],
        }
        reach = Reach(
            HUB,
            native.name if native else "",
            f"{base_url}/{HUB}",
            made["company_id"],
            {k: v for k, v in made.items() if k not in ("company_id", "platform", "native_id")},
            environment,
            native.country if native else "",
            native.currency if native else "",
            native.time_zone if native else "",
        )
        connected = {"platform": made["platform"], "company_id": made["native_id"]}
        found.append({**reach.as_json(), "connected_to": connected})
    return found


def list_companies(world: World, base_url: str) -> list[dict[str, Any]]:
    """Every company of a world, platforms first, then the hub's."""
    with world.lock:
        listed = [reach_of(company, base_url).as_json() for company in companies(world)]
        return listed + hub_reaches(world, base_url)
