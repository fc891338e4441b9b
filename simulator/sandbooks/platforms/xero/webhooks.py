"""Webhooks: events of contacts, invoices and credit notes, signed over the raw body, and the handshake before them.

A subscription belongs to the application and is set in Xero's developer portal, so there is no native operation for it.

# Source: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.wire import Headers
from sandbooks.world import World

SIGN = "sandbooks.platforms.xero.webhooks:headers_of"
CATEGORIES = {"Contact": "CONTACT", "Invoice": "INVOICE", "CreditNote": "CREDITNOTE"}
_PATHS = {"Contact": "Contacts", "Invoice": "Invoices", "CreditNote": "CreditNotes"}
# Retries with decreasing frequency for up to 24 hours; the steps themselves are unconfirmed.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))


def signature(body: bytes, key: str) -> str:
    """``x-xero-signature``: base64 of the HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def webhook_key(world: World) -> str:
    """The signing key of the world's own application."""
    return world.ids.fixed_token("xero/webhook_key", length=64)


def _headers(signed: str) -> Headers:
    return (("Content-Type", "application/json"), ("User-Agent", "Xero/1.0"), ("x-xero-signature", signed))


def announce(company: Company, record: Record, *, created: bool) -> None:
    """Queue one event for every subscription that wants it. Draft changes are announced too."""
    category = CATEGORIES.get(record.kind)
    if category is None:
        return
    world = company.world
    for subscription in outbox.subscriptions(world, "xero"):
        wanted = subscription.enabled and subscription.company in ("", company.id)
        if wanted and (not subscription.events or category in {e.upper() for e in subscription.events}):
            _queue(company, subscription, record=record, category=category, created=created)


def _queue(
    company: Company, subscription: outbox.Subscription, *, record: Record, category: str, created: bool
) -> None:
    world = company.world
    sequence = world.ids.number(f"xero/webhook/sequence/{subscription.id}")
    event: dict[str, Any] = {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/{_PATHS[record.kind]}/{record.id}",
        "resourceId": record.id,
        "eventDateUtc": record.updated.replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "eventType": "CREATE" if created else "UPDATE",
        "eventCategory": category,
        "tenantId": company.id,
        "tenantType": "ORGANISATION",
    }
    if record.kind == "CreditNote":
        event["data"] = {"Type": record.body["Type"], "Status": record.body["Status"]}
    body = delivery(world, subscription, events=[event], first=sequence, last=sequence)
    headers = _headers(signature(body, subscription.secret))
    outbox.send(world, subscription, event=category, headers=headers, body=body, retries=RETRIES, sign=SIGN)


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt, signed over the body that it has."""
    key = outbox.secret_of(world, delivery)
    return outbox.signed(delivery, "x-xero-signature", signature(delivery["body"].encode("utf-8"), key))


def delivery(
    world: World, subscription: outbox.Subscription, *, events: list[dict[str, Any]], first: int, last: int
) -> bytes:
    """The body of a delivery."""
    entropy = world.ids.token(f"xero/webhook/entropy/{subscription.id}", length=20).upper()
    document = {"events": events, "lastEventSequence": last, "firstEventSequence": first, "entropy": entropy}
    return exact_json.dumps(document)


def intent_to_receive(world: World, subscription: outbox.Subscription) -> None:
    """Queue the handshake: empty deliveries, some signed rightly (200 expected), some wrongly (401 expected)."""
    for right in (True, False, True, False):
        body = delivery(world, subscription, events=[], first=0, last=0)
        key = subscription.secret if right else f"{subscription.secret}?"
        name = "intent-to-receive" if right else "intent-to-receive (wrong signature)"
        headers = _headers(signature(body, key))
        expected: Literal["take", "refuse"] = "take" if right else "refuse"
        outbox.send(world, subscription, event=name, headers=headers, body=body, handshake=expected)
