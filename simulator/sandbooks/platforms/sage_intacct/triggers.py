"""Platform triggers: what a company tells an application when a record is made, changed or deleted.

A person deploys triggers on the screens. One of type HTTP post with webhook delivery is a subscription of the world,
for an object of REST (``accounts-payable/bill``), an event of it (``accounts-payable/bill.after_create``) or an event
of all; what waits to be fetched is the setting ``event_queue``. A payload is what the trigger's template makes: the
setting ``trigger_template``, names and the members behind them.
Source: https://developer.sage.com/intacct/docs/developer-portal/guides/webhooks (retries, idempotency key, headers),
https://developer.sage.com/intacct/docs/developer-portal/guides/events (queue);
github.com/control-air-enterprises/intacct-php-sdk (docs/Webhooks and its tests: the examples of both pages)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import structs

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.kit.tokens import Tokens
from sandbooks.platforms.sage_intacct.wire.scalars import native_instant
from sandbooks.wire import Headers
from sandbooks.world import World

if TYPE_CHECKING:
    from sandbooks.platforms.sage_intacct.rest.members import Resource

PLATFORM = "sage_intacct"
SIGN = "sandbooks.platforms.sage_intacct.triggers:headers_of"
TOLD = "sandbooks.platforms.sage_intacct.triggers:note_attempt"
SIGNATURE = "X-IA-Sage-Signature"
QUEUE = "sage_intacct/event"
RETRIES = (timedelta(seconds=10), timedelta(seconds=30), timedelta(seconds=90))
RETRIED = (408, 429, 500, 502, 503, 504)
KEPT = timedelta(days=7)
# Unconfirmed: how long a signature holds; it is an hour in an example of the client above.
HOLDS = timedelta(hours=1)
EVENTS = ("after_create", "after_update", "after_delete")
# The setting of a company that is being opened: what it begins with is not told.
OPENING = "opening"
_TEMPLATE = {"key": "key", "id": "id"}


def announce(company: Company, record: Record, event: str) -> None:
    """Tell of ``after_create``, ``after_update`` or ``after_delete`` of a record that a trigger is deployed for."""
    if company.settings.get(OPENING):
        return
    if company.settings.get("smart_events"):
        from sandbooks.platforms.sage_intacct import smart_events

        smart_events.announce(company, record, event)
    hooks = [each for each in outbox.subscriptions(company.world, PLATFORM) if each.enabled]
    pulls = company.settings.get("event_queue", ())
    resources = _resources(record) if hooks or pulls else []
    if not resources:
        return
    resource = resources[0]
    names = {event, *(name for each in resources for name in (each.path, f"{each.path}.{event}"))}
    hooks = [each for each in hooks if each.company in ("", company.id)]
    hooks = [each for each in hooks if not each.events or names & {*each.events}]
    pulled = names & {*pulls}
    if not hooks and not pulled:
        return
    body = _payload(company, resource, record)
    if pulled:
        enqueue(company.world, company.id, body=body, context=_told(resource, record, event))
    for hook in hooks:
        _send(company, hook, resource, record, event=event, body=body)


def _resources(record: Record) -> list[Resource]:
    """The objects of REST that a record is one of, that of fewer records first."""
    from sandbooks.platforms.sage_intacct.rest.resources import RESOURCES

    found = [each for each in RESOURCES if each.object == record.kind and each.has(record.body)]
    return sorted(found, key=lambda each: each.only is None)


def _payload(company: Company, resource: Resource, record: Record) -> bytes:
    """What the template makes of a record."""
    from sandbooks.platforms.sage_intacct.rest.showing import leaves

    template = {str(name): str(path) for name, path in company.settings.get("trigger_template", _TEMPLATE).items()}
    found = leaves(company, resource, record, names=template.values())
    return exact_json.dumps({name: found.get(path) for name, path in template.items()})


def _told(resource: Resource, record: Record, event: str) -> dict[str, str]:
    """What an event in the queue says of itself."""
    key = str(record.body["RECORDNO"])
    id = str(record.body.get(resource.id) or key)
    return {"object": resource.name, "event": event.replace("_", "."), "key": key, "id": id}


def _send(
    company: Company, hook: outbox.Subscription, resource: Resource, record: Record, *, event: str, body: bytes
) -> None:
    world = company.world
    context: dict[str, Any] = {
        "COMPANY": company.id,
        "ENTITY": record.body.get("MEGAENTITYID") or False,
        "USER": str(record.body.get("MODIFIEDBY", "")),
        "OBJECTNAME": record.kind,
        "RESTOBJECTNAME": resource.path,
        "DOCTYPE": "",
        "ID": {},
        "VID": str(record.body["RECORDNO"]),
        "EVENT": event,
        "EVENTNAME": f"{event.replace('_', ' ').capitalize()} {resource.name}",
        "TIMESTAMP": native_instant(world.clock.now()),
    }
    headers = (
        ("Content-Type", "application/json"),
        ("Idempotency-Key", world.ids.uuid("sage_intacct/webhook")),
        ("X-ClientContext", _encoded(context)),
        (SIGNATURE, ""),
    )
    outbox.send(
        world,
        structs.replace(hook, company=company.id),
        event=f"{resource.path}.{event}",
        headers=headers,
        body=body,
        retries=RETRIES,
        retried=RETRIED,
        sign=SIGN,
        told=TOLD,
    )


def _encoded(value: Mapping[str, Any]) -> str:
    return base64.b64encode(exact_json.dumps(value)).decode("ascii")


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt, signed as it is made."""
    token = signature(world, delivery["body"].encode("utf-8"), delivery["company"], outbox.secret_of(world, delivery))
    company = find_company(world, PLATFORM, delivery["company"])
    if company is not None and company.settings.get("webhook_signature") == "envelope":
        client, _ = Tokens(world, PLATFORM).client()
        token = _encoded({"clientId": client, "companyId": company.id, "jwtData": token})
    return outbox.signed(delivery, SIGNATURE, token)


def signature(world: World, body: bytes, company: str, secret: str) -> str:
    """A token (JWT, HS256) over the hash of a body; its instants are in milliseconds."""
    at = int(world.clock.now().timestamp() * 1000)
    client, _ = Tokens(world, PLATFORM).client()
    claims = {
        "iss": "Sage Intacct",
        "iat": at,
        "exp": at + HOLDS // timedelta(milliseconds=1),
        "tenant_id": company,
        "app_id": client,
        "payload_signature": hashlib.sha256(body).hexdigest(),
        "payload_signature_alg": "SHA-256",
    }
    signed = b".".join(_url_safe(exact_json.dumps(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    seal = _url_safe(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    return b".".join((signed, seal)).decode("ascii")


def _url_safe(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def note_attempt(world: World, delivery: Mapping[str, Any], status: int) -> None:
    """A delivery that failed as often as it was tried waits in the queue to be fetched."""
    if delivery["state"] != "failed" or delivery["waits"] or status not in (0, *RETRIED):
        return
    sent = dict(tuple(pair) for pair in delivery["headers"])
    context = exact_json.loads(base64.b64decode(sent["X-ClientContext"]))
    enqueue(world, delivery["company"], body=delivery["body"].encode("utf-8"), context=context)


def enqueue(world: World, company: str, *, body: bytes, context: Mapping[str, Any]) -> None:
    """Put an event in the queue of a company's application."""
    number = world.ids.number(f"sage_intacct/event/{company}")
    event = {
        "clientContext": _encoded(context),
        "contentType": "application/json",
        "eventId": world.ids.uuid("sage_intacct/event"),
        "eventType": "pull",
        "payload": base64.b64encode(body).decode("ascii"),
    }
    world.put(QUEUE, f"{company}/{number:012d}", {"at": world.clock.now().isoformat(), "event": event})


def queued(world: World, company: str) -> dict[str, dict[str, Any]]:
    """The events that wait, oldest first, by their place in the queue."""
    # Source: the page of webhooks (kept for 7 days). Unconfirmed: that events of queue triggers end then too.
    now = world.clock.now()
    kept = sorted(world.kept(QUEUE).items())
    mine = [(place, each) for place, each in kept if place.rpartition("/")[0] == company]
    return {place: each["event"] for place, each in mine if now - datetime.fromisoformat(each["at"]) < KEPT}
