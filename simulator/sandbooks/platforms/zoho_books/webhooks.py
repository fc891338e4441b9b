"""Webhooks: what a workflow rule of the organisation sends when a record changes.

Rules are made in Zoho's screens, not by the API; here they are subscriptions of the world. What the rules of an
organisation send is its setting ``webhook``: ``{"method": "PUT", "payload": "JSONString", "headers": {...},
"parameters": {...}}``; without it POST of the record under its root, as JSON.
Source: https://www.zoho.com/books/help/settings/automation/webhooks.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import structs

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.wire import Body, public
from sandbooks.wire import Headers
from sandbooks.world import World

PLATFORM = "zoho_books"
SIGN = "sandbooks.platforms.zoho_books.webhooks:headers_of"
# The module that a rule is made for, and the root of its payload.
ROOTS = {
    "bill": "bill",
    "contact": "contact",
    "expense": "expense",
    "item": "item",
    "journal": "journal",
    "vendorcredit": "vendor_credit",
    "vendorpayment": "vendorpayment",
}
# Unconfirmed: whether and how often a failed delivery is tried again.
RETRIES = (timedelta(minutes=5), timedelta(minutes=30))


_FORM = "application/x-www-form-urlencoded"


def signature(body: bytes, secret: str, *, url: str = "", form: bool = False) -> str:
    """``X-Zoho-Webhook-Signature``: hex HMAC-SHA256 over the parameters and the payload.

    The parameters of the address and of a form, sorted by their names, each as its name and value without anything
    between; a raw payload after them.
    Source: https://www.zoho.com/us/subscriptions/kb/webhooks/securing-webhooks.html (the same feature there)
    """
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    pairs += parse_qsl(body.decode("utf-8"), keep_blank_values=True) if form else []
    told = "".join(f"{name}{value}" for name, value in sorted(pairs)).encode("utf-8")
    return hmac.new(secret.encode(), told if form else told + body, hashlib.sha256).hexdigest()


def announce(company: Company, record: Record, action: str) -> None:
    """Queue one delivery for every rule that wants the event (``expense.created``, or ``expense`` for all)."""
    root = ROOTS.get(record.kind)
    if root is None:
        return
    event = f"{record.kind}.{action}"
    rule = company.settings.get("webhook", {})
    for subscription in outbox.subscriptions(company.world, PLATFORM):
        wanted = subscription.enabled and subscription.company in ("", company.id)
        if wanted and (not subscription.events or {event, record.kind} & set(subscription.events)):
            target = _addressed(subscription, rule)
            body, kind = _payload({root: public(record.body)}, rule)
            signed = signature(body, subscription.secret, url=target.url, form=kind == _FORM)
            outbox.send(
                company.world,
                target,
                event=event,
                headers=(*_own_headers(rule), ("Content-Type", kind), ("X-Zoho-Webhook-Signature", signed)),
                body=body,
                retries=RETRIES,
                sign=SIGN,
                method=str(rule.get("method", "POST")),
            )


def _addressed(subscription: outbox.Subscription, rule: Mapping[str, Any]) -> outbox.Subscription:
    """A subscription whose address carries the parameters of the rule."""
    parameters = urlencode(rule.get("parameters", {}))
    if not parameters or not subscription.url:
        return subscription
    mark = "&" if urlsplit(subscription.url).query else "?"
    return structs.replace(subscription, url=f"{subscription.url}{mark}{parameters}")


def _payload(document: Body, rule: Mapping[str, Any]) -> tuple[bytes, str]:
    """The body of a delivery and its type: the record as it is, or as the ``JSONString`` of a form."""
    body = exact_json.dumps(document)
    if rule.get("payload") == "JSONString":
        return urlencode({"JSONString": body.decode("utf-8")}).encode("ascii"), _FORM
    return body, "application/json"


def _own_headers(rule: Mapping[str, Any]) -> Headers:
    return tuple((str(name), str(value)) for name, value in rule.get("headers", {}).items())


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt, signed over the body that it has."""
    key = outbox.secret_of(world, delivery)
    form = dict(tuple(pair) for pair in delivery["headers"]).get("Content-Type") == _FORM
    value = signature(delivery["body"].encode("utf-8"), key, url=delivery["url"], form=form)
    return outbox.signed(delivery, "X-Zoho-Webhook-Signature", value)
