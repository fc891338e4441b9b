"""Small clients that hear of things by webhooks, most of them wrong in their own way."""

from __future__ import annotations

import base64
import json
from typing import Any

import requests
from tests.harness.gallery.client.engine import COMPLETE, FAILED, IN_PROGRESS
from tests.harness.gallery.client.hearing import HearingDriver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.small_clients import Careful

from sandbooks.harness.hub_driver import Hub

Json = dict[str, Any]


class Noting(Careful):
    """Notes what it receives, and whether it was in the middle of another verb then."""

    def connect(self, environment: Json) -> None:
        super().connect(environment)
        self.received: list[Json] = []
        self.busy = False
        self.met_busy = False
        self.statuses: list[int] = []
        Noting.last = self

    def settle(self) -> None:
        self.busy = True
        super().settle()
        self.busy = False

    def receive(self, delivery: Json) -> Json:
        self.met_busy |= self.busy
        self.received.append(delivery)
        return {"status": self.statuses.pop(0) if self.statuses else 200}

    last: Noting


class Dying(Noting):
    """Its first delivery ends in an error, its second in death by a kill at the request that it makes."""

    def receive(self, delivery: Json) -> Json:
        answered = super().receive(delivery)
        if len(self.received) == 1:
            raise ValueError("not expected")
        self._call("GET", "companyinfo/1", {})
        return answered


class Trusting(HubDriver):
    """Looks at no signature."""

    def signature(self, secret: str, id: str, at: str, body: bytes) -> str:
        return self.shown

    def receive(self, delivery: Json) -> Json:
        self.shown = {n.lower(): v for n, v in delivery["headers"].items()}.get("webhook-signature", "")
        return super().receive(delivery)


class Gullible(Trusting):
    """Believes what a message says, asks nobody, and looks at no signature."""

    def poll_all(self) -> None:
        """It is told."""

    def under_way(self) -> bool:
        return False

    def heard(self, event: Json) -> None:
        for told in event["payload"].get("transactions", ()):
            if told["status"] == "Completed" and self.store.get("transactions", told["id"]):
                self.store.change("transactions", told["id"], status=COMPLETE)


class Believing(HubDriver):
    """Asks as it should, and besides believes whatever message came last."""

    def heard(self, event: Json) -> None:
        for told in event["payload"].get("transactions", ()):
            status = COMPLETE if told["status"] == "Completed" else FAILED
            self.store.change("transactions", told["id"], status=status, message=told["errorMessage"] or "")


class Selective(HubDriver):
    """Is told and does not ask; knows the statuses of the API, and not those of its messages."""

    def poll_all(self) -> None:
        """It is told."""

    def under_way(self) -> bool:
        return False

    def heard(self, event: Json) -> None:
        known = {"Completed": COMPLETE, "PushError": FAILED, "ValidationError": FAILED}
        for told in event["payload"].get("transactions", ()):
            if told["status"] in known:
                message = told["errorMessage"] or ""
                self.store.change("transactions", told["id"], status=known[told["status"]], message=message)


class Waiting(HubDriver):
    """Learns of the end of a sync by webhook alone."""

    def under_way(self) -> bool:
        waiting = [row for row in self.store.rows("transactions") if row["status"] == IN_PROGRESS]
        return super().under_way() and not waiting

    def poll_all(self) -> None:
        if self.hearing:
            super().poll_all()

    hearing = False

    def heard(self, event: Json) -> None:
        self.hearing = True
        super().heard(event)
        self.hearing = False


class Eager(Hub):
    """Whatever message comes, everything that waits is looked at; nothing is ever asked for without one."""

    def receive(self, delivery: Json) -> Json:
        for id, row in list(self.stored.items()):
            if row["status"] == "pending":
                self._look(id)
        return {"status": 200}

    def settle(self) -> None:
        for id, row in list(self.stored.items()):
            if row["status"] == "pending" and "path" in row:  # bill pay has no messages here
                self._look(id)


class Confiding(HearingDriver):
    """Takes whatever Xero or QuickBooks seems to say."""

    def is_genuine(self, body: bytes, signature: str, secret: str) -> bool:
        return True


class Rewriting(HearingDriver):
    """Verifies the signature over the body as it writes it again."""

    def is_genuine(self, body: bytes, signature: str, secret: str) -> bool:
        written = json.dumps(json.loads(body), separators=(",", ":")).encode()
        return super().is_genuine(written, signature, secret)


class Subscribing:
    """Subscribes its address to the suppliers of a Business Central company; posts nothing."""

    platforms = ("business_central",)

    def connect(self, environment: Json) -> None:
        self.received: list[Json] = []
        token, url = environment["credentials"]["access_token"], environment["base_url"]
        Subscribing.last = self
        resource = f"/api/v2.0/companies({environment['company_id']})/vendors"
        told = {"notificationUrl": environment["webhooks"]["url"], "resource": resource, "clientState": "mine"}
        answer = requests.post(
            f"{url}/api/v2.0/subscriptions", json=told, headers={"Authorization": f"Bearer {token}"}, timeout=20
        )
        self.subscribed = answer.status_code

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [{"id": given["id"], "accepted": False, "message": "nothing is posted"} for given in transactions]

    def settle(self) -> None:
        """Nothing is left to do."""

    def outcomes(self) -> dict[str, Json]:
        return {}

    def receive(self, delivery: Json) -> Json:
        _, _, token = delivery["url"].partition("validationToken=")
        if token:
            return {"status": 200, "body": base64.b64encode(requests.utils.unquote(token).encode()).decode()}
        self.received.append(json.loads(base64.b64decode(delivery["body"])))
        return {"status": 200}

    last: Subscribing
