"""A hub company ready for work: connected to a platform company, its lists read, a configuration chosen."""

from __future__ import annotations

from typing import Any

from sandbooks.hub import companies, config, connections, data, keys, link, records
from sandbooks.hub.integrations import integration_of, partner_expense
from sandbooks.kit.company import Company
from sandbooks.platform import platforms
from sandbooks.world import World

CONFIGURED = f"{__name__}:configured"


def open_hub_company(world: World, platform_company: Company, *, awaited: bool = True) -> dict[str, str]:
    """A new hub company over a platform company, signed in through the platform's own consent page.

    Returns ``api_key``, ``company_id``, ``connection_id``, ``partner_expense_connection_id``. Where it is not
    ``awaited``, the lists are read and the configuration is chosen by jobs that are due at once. Not inside a unit of
    work: it sends requests.
    """
    platform = platforms()[platform_company.platform]
    integration = integration_of(platform.hub_key)
    if integration is None:
        raise LookupError(f"{platform.title} has no connector yet")
    with world.unit():
        api_key = keys.api_key(world)
        company = companies.make(world, name=platform_company.name)
        connection = connections.make(world, company, integration, status="PendingAuth")
        partner = connections.make(world, company, partner_expense(), status="Linked")
    link.authorize(world, connection["id"], company=platform_company.id, awaited=awaited)
    if awaited:
        world.jobs.finish_due()
        configure(world, company["id"])
    else:
        world.jobs.put(CONFIGURED, {"company": company["id"]})
    return {
        "api_key": api_key,
        "company_id": company["id"],
        "connection_id": connection["id"],
        "partner_expense_connection_id": partner["id"],
    }


def configured(world: World, body: dict[str, Any]) -> None:
    """The job that chooses a configuration; it lets the reads go before it, which bring what there is to choose."""
    now = world.clock.now()
    if any(job.due <= now and job.run != CONFIGURED for job in world.jobs.waiting()):
        world.jobs.put(CONFIGURED, body)
    else:
        configure(world, body["company"])


def configure(world: World, company: str) -> None:
    """Choose the first card account (else bank account), supplier and customer as the company's configuration."""
    accounts = [a for a in (data.copy_of(world, company, "bankAccounts") or {}).values() if a.active]
    cards = [account for account in accounts if account.pays == "card"]
    body: dict[str, Any] = {
        "bankAccount": _first([*cards, *accounts]),
        "supplier": _first((data.copy_of(world, company, "suppliers") or {}).values()),
        "customer": _first((data.copy_of(world, company, "customers") or {}).values()),
    }
    if set(body) != set(config.MEMBERS):
        raise AssertionError("the configuration has the members that the API shows")
    with world.unit():
        records.put(world, "config", "config", body, company=company)


def _first(found: Any) -> dict[str, str]:
    return next(({"id": one.id} for one in found if one.active), {})
