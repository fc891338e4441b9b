"""Webhooks: what a workflow rule of the organisation sends when a record changes.

Rules are made in Zoho's screens, not by the API; here they are subscriptions of the world.
Source: https://www.zoho.com/books/help/settings/automation/webhooks.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.wire import public
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


def signature(body: bytes, secret: str) -> str:
    """``X-Zoho-Webhook-Signature``: hex HMAC-SHA256 over the payload."""
    # Unconfirmed: which query parameters come before the payload when there are any; these deliveries have none.
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def announce(company: Company, record: Record, action: str) -> None:
    """Queue one delivery for every rule that wants the event (``expense.created``, or ``expense`` for all)."""
    root = ROOTS.get(record.kind)
    if root is None:
        return
    event = f"{record.kind}.{action}"
    for subscription in outbox.subscriptions(company.world, PLATFORM):
        wanted = subscription.enabled and subscription.company in ("", company.id)
        if wanted and (not subscription.events or {event, record.kind} & set(subscription.events)):
            body = exact_json.dumps({root: public(record.body)})
            headers = (
                ("Content-Type", "application/json"),
                ("X-Zoho-Webhook-Signature", signature(body, subscription.secret)),
            )
            outbox.send(
                company.world, subscription, event=event, headers=headers, body=body, retries=RETRIES, sign=SIGN
            )


def headers_of(world: World, delivery: Mapping[str, Any]) -> Headers:
    """The headers of one attempt, signed over the body that it has."""
    key = outbox.secret_of(world, delivery)
    return outbox.signed(delivery, "X-Zoho-Webhook-Signature", signature(delivery["body"].encode("utf-8"), key))
