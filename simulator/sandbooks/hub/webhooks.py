"""Events to the hub's consumers: registration, the envelope, the signature, and when a lost delivery is tried again.

Source: https://docs.codat.io/using-the-api/webhooks (Svix signatures, retry schedule), github.com/codatio/oas
Codat-Platform (WebhookConsumer).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.hub import records, wire
from sandbooks.hub.errors import Item, bad_request, not_found, not_valid
from sandbooks.hub.expenses_v1 import rules
from sandbooks.hub.records import HUB
from sandbooks.kit import outbox
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Headers, Response
from sandbooks.world import World, instant

RETRIES = tuple(timedelta(seconds=s) for s in (1, 5, 300, 1800, 7200, 18_000, 36_000, 36_000))
CONSUMERS_MAX = 50
SIGN = "sandbooks.hub.webhooks:headers_of"
TOLD = "sandbooks.hub.webhooks:note_attempt"
FAILING = "codat/failing-consumer"
FAILS_FOR = timedelta(days=5)  # Source: https://docs.codat.io/using-the-api/webhooks/troubleshooting
TAG_MAX = 128  # Source: github.com/codatio/oas, schema WebhookConsumer


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """One ``v1`` signature over the raw body.

    >>> body = b'{"test": 2432232314}'
    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    bare = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(bare, validate=True)
    except binascii.Error:
        key = bare.encode()
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt: the id stays over all attempts, time and signature are the attempt's own."""
    secrets = {s.id: s.secret for s in outbox.subscriptions(world, HUB)}
    secret = secrets.get(delivery["subscription"], "")
    message = f"msg_{delivery['message']}"
    seconds = world.clock.micros() // 1_000_000
    body = delivery["body"].encode("utf-8")
    return (
        ("Content-Type", "application/json"),
        ("webhook-id", message),
        ("webhook-timestamp", str(seconds)),
        ("webhook-signature", signature(secret, message, seconds, body)),
    )


def emit(world: World, event: str, payload: Mapping[str, Any], *, company: str = "") -> None:
    """Queue an event for every consumer that wants it; part of the unit that is open."""
    wanted = [s for s in outbox.subscriptions(world, HUB) if s.enabled and (not s.events or event in s.events)]
    wanted = [s for s in wanted if not s.company or s.company == company]
    wanted = [s for s in wanted if not s.tags or set(s.tags) & _tags_of(payload)]
    rules.tell_event(world, event, payload, company=company)
    if not wanted:
        return
    message = world.ids.uuid("codat/event")
    body = exact_json.dumps(
        {"id": message, "eventType": event, "generatedDate": records.now(world), "payload": payload}
    )
    for subscription in wanted:
        outbox.send(
            world,
            subscription,
            event=event,
            headers=(),
            body=body,
            retries=RETRIES,
            sign=SIGN,
            message=message,
            told=TOLD,
        )


def _tags_of(payload: Mapping[str, Any]) -> set[str]:
    """The tags of the company that an event is about, as consumers name them."""
    tags = payload.get("tags") or payload.get("referenceCompany", {}).get("tags") or {}
    return {f"{key}:{value}" for key, value in tags.items()}


def note_attempt(world: World, delivery: Mapping[str, Any], status: int) -> None:
    """A consumer that fails for five days is disabled; one success and the days count anew."""
    id = delivery["subscription"]
    if 200 <= status < 300:
        world.put(FAILING, id, None)
        return
    since = world.get(FAILING, id)
    if since is None:
        world.put(FAILING, id, world.clock.micros())
    elif world.clock.now() - instant(since) >= FAILS_FOR:
        for subscription in outbox.subscriptions(world, HUB):
            if subscription.id == id and subscription.enabled:
                outbox.keep(world, replace(subscription, enabled=False))


def company_reference(company: Mapping[str, Any]) -> dict[str, Any]:
    """A company as events refer to it."""
    return {
        "id": company["id"],
        "name": company["name"],
        "description": company.get("description"),
        "links": {"portal": f"https://app.codat.io/companies/{company['id']}/summary"},
        "tags": company.get("tags") or {},
    }


class ConsumerRequest(msgspec.Struct, forbid_unknown_fields=False):
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
    eventTypes: Annotated[list[str], msgspec.Meta(min_length=1)] | None = None
    disabled: bool = False
    companyTags: Annotated[list[str], msgspec.Meta(max_length=10)] | None = None


def list_consumers(call: Call) -> Response:
    return json_reply({"results": [_rendered(s) for s in outbox.subscriptions(call.world, HUB)]})


def create_consumer(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), ConsumerRequest)
    if wire.web_address(wanted.url) is None:
        raise not_valid(Item("url", "url is an absolute http or https address", "Url"))
    _check_tags(wanted.companyTags or ())
    if len(outbox.subscriptions(call.world, HUB)) >= CONSUMERS_MAX:
        raise bad_request(f"A client has at most {CONSUMERS_MAX} webhook consumers.")
    with call.unit():
        secret = "whsec_" + base64.b64encode(call.world.ids.token("codat/secret", length=24).encode()).decode()
        events = tuple(wanted.eventTypes or ())
        made = outbox.subscribe(
            call.world,
            HUB,
            url=wanted.url,
            secret=secret,
            events=events,
            enabled=not wanted.disabled,
            tags=tuple(wanted.companyTags or ()),
        )
    return json_reply(_rendered(made), status=201)


def _check_tags(tags: Sequence[str]) -> None:
    for place, tag in enumerate(tags):
        key, colon, value = tag.partition(":")
        if not (key and colon and value) or len(tag) > TAG_MAX:
            text = f"a tag is key:value of at most {TAG_MAX} characters, not {tag[:60]!r}"
            raise not_valid(Item(f"companyTags[{place}]", text, "Tags"))


def delete_consumer(call: Call) -> Response:
    for subscription in outbox.subscriptions(call.world, HUB):
        if subscription.id == call.args["webhook_id"]:
            with call.unit():
                outbox.drop(call.world, subscription)
            return Response(204)
    raise not_found(f"No webhook consumer was found with ID {call.args['webhook_id']}")


def rotate_zapier_key(call: Call) -> Response:
    """A new key for the automation service; only the newest one counts."""
    with call.unit():
        key = f"sk_integ_{call.world.ids.token('codat/zapier', length=32)}.us"
        call.world.put(records.SETTINGS, "zapier_key", key)
    return json_reply({"key": key}, status=201)


def _rendered(subscription: outbox.Subscription) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "url": subscription.url,
        "disabled": not subscription.enabled,
        "eventTypes": list(subscription.events),
        "companyTags": list(subscription.tags),
    }
