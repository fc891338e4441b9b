"""Who is told of events, and what was delivered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbooks.control.errors import ControlError
from sandbooks.kit import outbox
from sandbooks.kit.outbox import Subscription
from sandbooks.world import World


def subscription_json(subscription: Subscription) -> dict[str, Any]:
    """One subscription."""
    return {
        "id": subscription.id,
        "platform": subscription.platform,
        "company_id": subscription.company,
        "url": subscription.url or None,
        "events": list(subscription.events) or ["*"],
        "secret": subscription.secret,
        "disabled": not subscription.enabled,
    }


def _of_company(world: World, platform: str, company_id: str) -> list[Subscription]:
    return [s for s in outbox.subscriptions(world, platform) if s.company in ("", company_id)]


def subscriptions(world: World, platform: str, company_id: str) -> list[dict[str, Any]]:
    """The subscriptions of a company."""
    with world.lock:
        return [subscription_json(s) for s in _of_company(world, platform, company_id)]


def add_subscription(world: World, platform: str, *, company_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """A new subscription; without a URL the world keeps the deliveries to be read."""
    events = tuple(event for event in body.get("events", ["*"]) if event != "*")
    url = body.get("url") or ""
    if url and not _is_address(url):
        raise ControlError(
            "invalid_url", f"{url!r} is no address", remedy="write http://host/path or https://host/path"
        )
    with world.unit():
        made = outbox.subscribe(
            world,
            platform,
            url=url,
            secret=body.get("secret", ""),
            events=events,
            company=company_id,
        )
    return subscription_json(made)


def _is_address(url: str) -> bool:
    try:
        place = urlsplit(url)
        return place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        return False


def drop_subscriptions(world: World, platform: str, *, company_id: str, only: str = "") -> int:
    """End the subscriptions of a company (or one of them); how many there were."""
    with world.unit():
        found = [s for s in _of_company(world, platform, company_id) if only in ("", s.id)]
        for subscription in found:
            outbox.drop(world, subscription)
    return len(found)


def deliveries(world: World, *, after: int = 0, platform: str = "", company: str = "") -> list[dict[str, Any]]:
    """Every attempt, oldest first, with headers and exact bytes."""
    attempts: list[dict[str, Any]] = []
    with world.lock:
        kept = outbox.deliveries(world)
    for delivery in kept:
        for number, attempt in enumerate(delivery["attempts"], start=1):
            attempts.append({"delivery": delivery, "attempt": number, **attempt})
    attempts.sort(key=lambda a: a["at"])
    listed = [_attempt_json(number, attempt) for number, attempt in enumerate(attempts, start=1)]
    of_company = [a for a in listed if platform in ("", a["platform"]) and company in ("", a["company_id"])]
    return [a for a in of_company if a["number"] > after]


def _attempt_json(number: int, attempt: dict[str, Any]) -> dict[str, Any]:
    delivery = attempt["delivery"]
    return {
        "number": number,
        "subscription": delivery["subscription"],
        "platform": delivery["platform"],
        "company_id": delivery["company"],
        "event": delivery["event"],
        "message_id": delivery["id"],
        "at": attempt["at"].replace("+00:00", "Z"),
        "attempt": attempt["attempt"],
        "url": delivery["url"] or None,
        "headers": delivery["headers"],
        "body": delivery["body"],
        "status": attempt["status"],
    }
