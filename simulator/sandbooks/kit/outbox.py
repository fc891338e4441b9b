"""Webhooks on their way out: subscriptions, deliveries, retries on the world's clock.

A platform decides what a delivery says and how it is signed; this decides when it goes and what becomes of the answer.
Deliveries are jobs, so faults may double, reorder or delay them and a killed world resumes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict

from sandbooks.wire import Answer, Cut, Headers, Request, Response
from sandbooks.world import World

SUBSCRIPTIONS = "webhook/subscription"
DELIVERIES = "webhook/delivery"
RUN = "sandbooks.kit.outbox:deliver"


class Subscription(Struct, frozen=True, kw_only=True):
    """Where a platform sends its events. ``secret`` signs; ``events`` empty means all; ``company`` empty means any.

    ``tags`` are a platform's own labels of the companies that are meant; empty means any.
    """

    id: str
    platform: str
    url: str
    secret: str
    events: tuple[str, ...] = ()
    company: str = ""
    enabled: bool = True
    tags: tuple[str, ...] = ()


def subscribe(world: World, platform: str, *, url: str, secret: str = "", **options: Any) -> Subscription:
    """A new subscription; the secret is drawn from the world when none is given."""
    number = world.ids.uuid(f"{platform}/webhook")
    made = Subscription(
        id=number,
        platform=platform,
        url=url,
        secret=secret or world.ids.fixed_token(f"{platform}/webhook/{number}", length=32),
        **options,
    )
    keep(world, made)
    return made


def keep(world: World, subscription: Subscription) -> None:
    """Store a subscription as it is now."""
    world.put(SUBSCRIPTIONS, f"{subscription.platform}/{subscription.id}", asdict(subscription))


def drop(world: World, subscription: Subscription) -> None:
    """End a subscription."""
    world.put(SUBSCRIPTIONS, f"{subscription.platform}/{subscription.id}", None)


def subscriptions(world: World, platform: str) -> list[Subscription]:
    """The subscriptions of a platform."""
    kept = world.kept(SUBSCRIPTIONS).values()
    lists = ("events", "tags")
    found = [{**s, **{name: tuple(s.get(name, ())) for name in lists}} for s in kept if s["platform"] == platform]
    return [Subscription(**each) for each in found]


def send(
    world: World,
    subscription: Subscription,
    *,
    event: str,
    headers: Headers,
    body: bytes,
    retries: Sequence[timedelta] = (),
    after: timedelta = timedelta(0),
    sign: str = "",
    message: str = "",
    retried: Sequence[int] = (),
    told: str = "",
    handshake: Literal["", "take", "refuse"] = "",
    method: str = "POST",
) -> str:
    """Queue one delivery; the id it is known by in ``deliveries``. ``retries`` are the waits after each failure.

    ``sign`` names a function ``module:function`` of ``(world, delivery)`` that gives the headers of each attempt, for
    signatures that cover the time of sending; ``message`` is the id of the event, the same for every receiver.
    ``retried`` are the statuses after which it is tried again, beside no answer; empty: every failure. ``told`` names a
    function ``module:function`` of ``(world, delivery, status)`` that learns of each attempt. ``handshake``:
    it tests the receiver, who is to take it, or to refuse it because it is signed wrongly on purpose. ``method`` is
    the HTTP method of every attempt.
    """
    delivery = world.ids.uuid(f"{subscription.platform}/delivery")
    world.put(
        DELIVERIES,
        delivery,
        {
            "id": delivery,
            "platform": subscription.platform,
            "subscription": subscription.id,
            "company": subscription.company,
            "event": event,
            "url": subscription.url,
            "headers": [list(pair) for pair in headers],
            "body": body.decode("utf-8"),
            "waits": [wait // timedelta(seconds=1) for wait in retries],
            "attempts": [],
            "state": "waiting",
            "sign": sign,
            "message": message,
            "retried": list(retried),
            "told": told,
            "handshake": handshake,
            "method": method,
        },
    )
    world.jobs.put(RUN, {"delivery": delivery}, due=world.clock.now() + after)
    return delivery


def deliveries(world: World) -> list[dict[str, Any]]:
    """Every delivery and its attempts, in the order in which they were queued."""
    kept = list(world.kept(DELIVERIES).values())
    return sorted(kept, key=lambda d: (d["attempts"][0]["at"] if d["attempts"] else "~", d["id"]))


def deliver(world: World, body: dict[str, Any]) -> None:
    """The job: one attempt of one delivery, and its retry if the receiver did not answer with success.

    The fault plan may hold it back or have it sent again (``again``: a further copy of a delivery that succeeded).
    """
    if world.plan is not None and world.plan.holds(RUN, body):
        return
    with world.unit():
        delivery = world.get(DELIVERIES, body["delivery"])
        if not body.get("again") and not _may_leave(world, delivery):
            return
    headers, body_sent = headers_of(world, delivery), delivery["body"].encode("utf-8")
    request = Request(delivery.get("method", "POST"), delivery["url"], headers, body_sent)
    # A subscription without a URL keeps its deliveries in the world, to be read there.
    answer = world.deliver(request) if delivery["url"] else Response(200)
    with world.unit():
        delivery = world.get(DELIVERIES, body["delivery"])
        if body.get("again"):
            _note_attempt(world, delivery, answer)
            world.put(DELIVERIES, delivery["id"], delivery)
        else:
            _note(world, delivery, answer)
            if world.plan is not None:
                world.plan.arrived(delivery)


def headers_of(world: World, delivery: dict[str, Any]) -> Headers:
    """The headers of an attempt that is made now."""
    if delivery.get("sign"):
        module, _, attribute = delivery["sign"].partition(":")
        signed: Headers = getattr(import_module(module), attribute)(world, delivery)
        return signed
    return tuple((k, v) for k, v in delivery["headers"])


def secret_of(world: World, delivery: Mapping[str, Any]) -> str:
    """The key of the subscription that a delivery is for; empty when it is gone."""
    kept = world.get(SUBSCRIPTIONS, f"{delivery['platform']}/{delivery['subscription']}")
    return str(kept["secret"]) if kept else ""


def signed(delivery: Mapping[str, Any], header: str, value: str) -> Headers:
    """The headers of a delivery with another signature."""
    return tuple((name, value if name == header else told) for name, told in delivery["headers"])


def again(world: World, delivery: dict[str, Any], *, due: datetime) -> None:
    """Send one more copy of a delivery at an instant, whatever became of it."""
    world.jobs.put(RUN, {"delivery": delivery["id"], "again": True}, due=due)


def resume(world: World, delivery_id: str, *, due: datetime) -> None:
    """Try a delivery that was held back, at an instant."""
    world.jobs.put(RUN, {"delivery": delivery_id}, due=due)


def _may_leave(world: World, delivery: dict[str, Any]) -> bool:
    leaves = world.plan is None or world.plan.departing(delivery)
    world.put(DELIVERIES, delivery["id"], delivery)
    return leaves


def _note_attempt(world: World, delivery: dict[str, Any], answer: Answer) -> int:
    status = 0 if isinstance(answer, Cut) else answer.status
    delivery["attempts"].append({"at": world.clock.now().isoformat(), "status": status})
    return status


def _note(world: World, delivery: dict[str, Any], answer: Answer) -> None:
    status = _note_attempt(world, delivery, answer)
    if 200 <= status < 300:
        delivery["state"] = "delivered"
    elif delivery["waits"] and (not delivery.get("retried") or status in (0, *delivery["retried"])):
        wait = max(timedelta(seconds=delivery["waits"].pop(0)), _asked_to_wait(delivery, answer))
        world.jobs.put(RUN, {"delivery": delivery["id"]}, due=world.clock.now() + wait)
    else:
        delivery["state"] = "failed"
    world.put(DELIVERIES, delivery["id"], delivery)
    if delivery.get("told"):
        module, _, attribute = delivery["told"].partition(":")
        getattr(import_module(module), attribute)(world, delivery, status)


def _asked_to_wait(delivery: dict[str, Any], answer: Answer) -> timedelta:
    """What the receiver's ``Retry-After`` asks for, where such deliveries honour it."""
    text = answer.header("Retry-After") if delivery.get("retried") and isinstance(answer, Response) else ""
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else timedelta(0)
