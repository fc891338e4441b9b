"""Webhooks: which records changed, told by id, in either of the two forms, signed over the raw body.

Events are gathered for a few seconds and sent together. Source:
https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import find_company
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.switches import switch
from sandbooks.wire import Headers
from sandbooks.world import World
from sandbooks.world.clock import instant

NAME = "quickbooks_online"
RUN = "sandbooks.platforms.quickbooks_online.webhooks:flush"
SIGN = "sandbooks.platforms.quickbooks_online.webhooks:headers_of"
PENDING = "quickbooks_online/webhook/pending"
GATHERED_FOR = timedelta(seconds=5)  # Unconfirmed: the length of the window
# Source: the best-practices page: 10 s, 20 s, 30 s, 5 min, 20 min, 2 h, 4 h, 6 h, then every 6 h
_WAITS = (10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600, 21_600)
RETRIES = tuple(timedelta(seconds=seconds) for seconds in _WAITS)
KINDS = {
    "Account": "Account",
    "Bill": "Bill",
    "BillPayment": "BillPayment",
    "Class": "Class",
    "CompanyCurrency": "Currency",
    "Customer": "Customer",
    "Department": "Department",
    "Deposit": "Deposit",
    "Employee": "Employee",
    "Item": "Item",
    "JournalEntry": "JournalEntry",
    "PaymentMethod": "PaymentMethod",
    "Preferences": "Preferences",
    "Purchase": "Purchase",
    "PurchaseOrder": "PurchaseOrder",
    "TaxAgency": "TaxAgency",
    "Term": "Term",
    "Transfer": "Transfer",
    "Vendor": "Vendor",
    "VendorCredit": "VendorCredit",
}
_OPERATIONS = {
    "create": ("Create", "created"),
    "update": ("Update", "updated"),
    "delete": ("Delete", "deleted"),
    "void": ("Void", "voided"),
}


def announce(realm: Realm, record: Record, action: str) -> None:
    """Note a change for the subscriptions of a company; the first one starts the window."""
    kind = KINDS.get(record.kind)
    world = realm.world
    if kind is None or not _wanted_by(world, realm.company.id):
        return
    waiting = world.get(PENDING, realm.company.id) or []
    if not waiting:
        world.jobs.put(RUN, {"realm": realm.company.id}, due=world.clock.now() + GATHERED_FOR)
    event = {"kind": kind, "id": record.id, "action": action, "at": world.clock.micros()}
    same = [each for each in waiting if (each["kind"], each["id"], each["action"]) != (kind, record.id, action)]
    world.put(PENDING, realm.company.id, [*same, event])


def _wanted_by(world: World, realm: str) -> list[outbox.Subscription]:
    found = outbox.subscriptions(world, NAME)
    return [each for each in found if each.enabled and each.company in ("", realm)]


def flush(world: World, body: dict[str, Any]) -> None:
    """The job at the end of a window: one delivery for each subscription."""
    realm = body["realm"]
    with world.unit():
        events = world.get(PENDING, realm) or []
        world.put(PENDING, realm, None)
        company = find_company(world, NAME, realm)
        if company is None:
            return
        form = switch(company.settings, "webhook_form")
        for subscription in _wanted_by(world, realm):
            wanted = [event for event in events if _passes(subscription, event)]
            if wanted:
                _send(world, subscription, realm, wanted, form)


def _passes(subscription: outbox.Subscription, event: dict[str, Any]) -> bool:
    names = {each.lower() for each in subscription.events}
    typed = event_type(event)
    return not names or event["kind"].lower() in names or typed in names


def event_type(event: dict[str, Any]) -> str:
    """The CloudEvents type, e.g. ``qbo.bill.updated.v1``."""
    return f"qbo.{event['kind'].lower()}.{_OPERATIONS[event['action']][1]}.v1"


def _send(
    world: World, subscription: outbox.Subscription, realm: str, events: Sequence[dict[str, Any]], form: str
) -> None:
    told: Any = _legacy(realm, events) if form == "legacy" else [_cloud_event(world, realm, e) for e in events]
    body = exact_json.dumps(told)
    headers = (
        ("Content-Type", "application/json"),
        ("User-Agent", "intuit_notification_server/1.0"),
        ("intuit-signature", signature(body, subscription.secret)),
        ("intuit-created-time", world.clock.now().isoformat(timespec="milliseconds")),
        ("intuit-t-id", world.ids.uuid(f"{NAME}/notification")),
        ("intuit-notification-schema-version", "1.0" if form == "legacy" else "2.0"),
    )
    name = events[0]["kind"] if len({e["kind"] for e in events}) == 1 else "several"
    outbox.send(world, subscription, event=name, headers=headers, body=body, retries=RETRIES, sign=SIGN)


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt, signed over the body that it has."""
    signed = signature(delivery["body"].encode("utf-8"), outbox.secret_of(world, delivery))
    return outbox.signed(delivery, "intuit-signature", signed)


def signature(body: bytes, verifier_token: str) -> str:
    """``intuit-signature``: base64 of the HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(verifier_token.encode(), body, hashlib.sha256).digest()).decode("ascii")


def _legacy(realm: str, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    entities = [
        {
            "name": event["kind"],
            "id": event["id"],
            "operation": _OPERATIONS[event["action"]][0],
            "lastUpdated": _stamp(event, "milliseconds"),
        }
        for event in events
    ]
    return {"eventNotifications": [{"realmId": realm, "dataChangeEvent": {"entities": entities}}]}


def _cloud_event(world: World, realm: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": world.ids.uuid(f"{NAME}/event"),
        "source": "intuit." + base64.b64encode(world.ids.digest(f"{NAME}/source")).decode("ascii"),
        "type": event_type(event),
        "datacontenttype": "application/json",
        "time": _stamp(event, "microseconds").removesuffix("Z") + "000Z",
        "intuitentityid": event["id"],
        "intuitaccountid": realm,
        "data": {},
    }


def _stamp(event: dict[str, Any], spec: str) -> str:
    return instant(event["at"]).replace(tzinfo=None).isoformat(timespec=spec) + "Z"
