"""The reference client with an ear for the platforms' own webhooks: QuickBooks Online and Xero sign the raw body.

A message is a hint that something has changed: what it is about is read anew. Messages of other companies of the same
application are none of this connection's business.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from tests.harness.gallery.client.answers import SignInLost, Unavailable
from tests.harness.gallery.client.driver import Driver

Json = dict[str, Any]
SIGNATURES = {"quickbooks_online": "intuit-signature", "xero": "x-xero-signature"}


class HearingDriver(Driver):
    """Reads the chart of accounts again when it is told of a change."""

    def receive(self, delivery: Json) -> Json:
        headers = {name.lower(): value for name, value in delivery["headers"].items()}
        body = base64.b64decode(delivery["body"])
        if not self.is_genuine(body, headers.get(SIGNATURES[delivery["source"]], ""), delivery["secret"]):
            return {"status": 401}
        changes = list(self.changes(json.loads(body)))
        if any(company == self.environment["company_id"] and self.is_new(id) for company, id in changes):
            try:
                self.chart.refresh()
            except (Unavailable, SignInLost):
                return {"status": 503}  # it is told again
        for _, id in changes:
            self.store.put("changes heard", id, True)
        return {"status": 200}

    def is_genuine(self, body: bytes, signature: str, secret: str) -> bool:
        signed = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(signed, signature)

    def is_new(self, id: str) -> bool:
        return self.store.get("changes heard", id) is None

    def changes(self, told: Any) -> Iterator[tuple[str, str]]:
        """The company of each change, and what tells it from others."""
        if isinstance(told, list):  # the newer form of QuickBooks
            yield from ((event["intuitaccountid"], event["id"]) for event in told)
            return
        for event in told.get("events", ()):
            yield event["tenantId"], f"{event['resourceId']} {event['eventDateUtc']}"
        for note in told.get("eventNotifications", ()):
            for entity in note["dataChangeEvent"]["entities"]:
                what = (entity["name"], entity["id"], entity["operation"], entity["lastUpdated"])
                yield note["realmId"], " ".join(what)
