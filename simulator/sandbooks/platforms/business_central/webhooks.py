"""Subscriptions and their notifications: which entities changed, gathered for half a minute.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import Company, find_company
from sandbooks.world import World
from sandbooks.world.clock import instant

PLATFORM = "business_central"
RUN = "sandbooks.platforms.business_central.webhooks:flush"
PENDING = "business_central/webhook/pending"
FACTS = "business_central/subscription"
GATHERED_FOR = timedelta(seconds=30)
LIFETIME = timedelta(days=3)
MOST = 200
COLLECTION_ABOVE = 1000
SUPPORTED = frozenset(
    [
        "accounts",
        "companyInformation",
        "countriesRegions",
        "currencies",
        "customerPaymentJournals",
        "customers",
        "dimensions",
        "employees",
        "generalLedgerEntries",
        "itemCategories",
        "items",
        "journals",
        "paymentMethods",
        "paymentTerms",
        "purchaseInvoices",
        "salesCreditMemos",
        "salesInvoices",
        "salesOrders",
        "salesQuotes",
        "shipmentMethods",
        "unitsOfMeasure",
        "vendors",
    ]
)
# Source: the same page: retried for 36 hours. The distances are unconfirmed.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, 600, 600))


def announce(company: Company, set_name: str, id: str, change: str) -> None:
    """Note a change for the subscriptions of a company; the first one starts the window."""
    world = company.world
    if set_name not in SUPPORTED or not _wanted_by(world, company.id, set_name):
        return
    waiting = world.get(PENDING, company.id) or []
    if not waiting:
        world.jobs.put(RUN, {"company": company.id}, due=world.clock.now() + GATHERED_FOR)
    kept = [e for e in waiting if (e["set"], e["id"]) != (set_name, id)]
    before = next((e["change"] for e in waiting if (e["set"], e["id"]) == (set_name, id)), "")
    told = "created" if before == "created" and change == "updated" else change
    world.put(PENDING, company.id, [*kept, {"set": set_name, "id": id, "change": told, "at": world.clock.micros()}])


def _wanted_by(world: World, company: str, set_name: str) -> list[outbox.Subscription]:
    found = []
    for each in outbox.subscriptions(world, PLATFORM):
        names = {event.lower() for event in each.events}
        if each.enabled and each.company in ("", company) and (not names or set_name.lower() in names):
            found.append(each)
    return found


def flush(world: World, body: dict[str, Any]) -> None:
    """The job at the end of a window: one delivery for each subscription."""
    company = find_company(world, PLATFORM, body["company"])
    if company is None:
        return
    with world.unit():
        events = world.get(PENDING, company.id) or []
        world.put(PENDING, company.id, None)
        by_subscription: dict[str, tuple[outbox.Subscription, list[dict[str, Any]]]] = {}
        for event in events:
            for subscription in _wanted_by(world, company.id, event["set"]):
                by_subscription.setdefault(subscription.id, (subscription, []))[1].append(event)
        for subscription, wanted in by_subscription.values():
            if _lives(world, subscription):
                _send(world, company, subscription, wanted)


def _lives(world: World, subscription: outbox.Subscription) -> bool:
    """Whether a subscription still stands; one that has run out, or whose receiver said no for good, is dropped."""
    facts = world.get(FACTS, subscription.id)
    expired = facts is not None and facts["expires"] <= world.clock.micros()
    if expired or (facts is not None and turned_away(world, subscription.id)):
        outbox.drop(world, subscription)
        world.put(FACTS, subscription.id, None)
        return False
    return True


def turned_away(world: World, subscription: str) -> bool:
    """Whether a receiver answered with anything that is not worth a retry: its subscription ends there."""
    statuses = [
        attempt["status"]
        for delivery in outbox.deliveries(world)
        if delivery["subscription"] == subscription
        for attempt in delivery["attempts"][-1:]
    ]
    return any(300 <= status < 500 and status not in (408, 429) for status in statuses)


def _send(world: World, company: Company, subscription: outbox.Subscription, events: list[dict[str, Any]]) -> None:
    facts = world.get(FACTS, subscription.id) or {}
    # Unconfirmed: subscriptions made in the simulator's own control carry no client state and never expire.
    about = {
        "subscriptionId": subscription.id.replace("-", ""),
        "clientState": facts.get("clientState", ""),
        "expirationDateTime": _stamp(facts["expires"]) if facts else "9999-12-31T23:59:59Z",
    }
    root = f"api/v2.0/companies({company.id})"
    told = []
    for name in dict.fromkeys(event["set"] for event in events):
        of_set = [event for event in events if event["set"] == name]
        if len(of_set) > COLLECTION_ABOVE:
            since = quote(_stamp(min(event["at"] for event in of_set)))
            resource = f"{root}/{name}?$filter=lastDateTimeModified%20gt%20{since}"
            last = max(event["at"] for event in of_set)
            told.append(
                {**about, "resource": resource, "changeType": "collection", "lastModifiedDateTime": _stamp(last)}
            )
            continue
        for event in of_set:
            resource = f"{root}/{name}({event['id']})"
            at = _stamp(event["at"])
            told.append({**about, "resource": resource, "changeType": event["change"], "lastModifiedDateTime": at})
    names = {event["set"] for event in events}
    outbox.send(
        world,
        subscription,
        event=next(iter(names)) if len(names) == 1 else "several",
        headers=(("Content-Type", "application/json; charset=utf-8"),),
        body=exact_json.dumps({"value": told}),
        retries=RETRIES,
    )


def _stamp(micros: int) -> str:
    return instant(micros).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
