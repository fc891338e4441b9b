"""The way of webhooks to the drivers of a run: an address for each company, a subscription to it, and the verb.

A driver that has ``receive`` is subscribed to every event of its company, as a person would do it in the platform's
screens or in the hub's portal. Where only the platform's API can, the driver subscribes its address itself.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbooks.harness import shapes
from sandbooks.harness.driver import Driver, DriverUnusable, Misshapen, VerbMissing
from sandbooks.harness.killing import Killed
from sandbooks.harness.stage import Stage
from sandbooks.harness.subject import HUB
from sandbooks.kit import outbox
from sandbooks.platform import load, platform_named
from sandbooks.sandbox.company import SIGNING_KEYS
from sandbooks.wire import Answer, Cut, Request, Response
from sandbooks.world import World

Json = dict[str, Any]
Belief = tuple[Json, str, str, str]  # a forged delivery, a transaction, what was said of it before and after

ADDRESS = "https://receiver.sandbooks.test"
AT_ONCE_MOST = 200  # deliveries; a client whose answer to one leads to the next would go on for ever


class Receiver:
    """One company's way in: whatever is sent to its address goes to its driver."""

    def __init__(
        self, driver: Driver, stage: Stage, *, key: str, surface: str, company: str, credentials: Mapping[str, str]
    ) -> None:
        self.driver = driver
        self.stage = stage
        self.surface = surface
        self.company = company
        self.url = f"{ADDRESS}/{key}/webhooks"
        self.secret = self._signing_key(credentials)
        self.lacking = False

    def _signing_key(self, credentials: Mapping[str, str]) -> str:
        drawn = self._world.ids.fixed_token(f"{self.surface}/receiver", length=32)
        if self.surface == HUB:
            return "whsec_" + base64.b64encode(drawn.encode()).decode()
        if platform_named(self.surface).webhooks != "screens":
            return ""
        return next((credentials[name] for name in SIGNING_KEYS if credentials.get(name)), drawn)

    @property
    def _world(self) -> World:
        return self.stage.current

    def subscribe(self) -> None:
        """Subscribe the address to every event, unless the driver has done so, or only the driver can."""
        known = outbox.subscriptions(self._world, self.surface)
        if any(one.url.startswith(self.url) for one in known):
            return
        platform = None if self.surface == HUB else platform_named(self.surface)
        if platform is not None and platform.webhooks != "screens":
            return
        with self._world.unit():
            for one in known:
                if not one.url and one.company == self.company:
                    outbox.drop(self._world, one)  # kept for reading; faults count the deliveries that are made
            facts = {"url": self.url, "secret": self.secret, "company": self.company}
            made = outbox.subscribe(self._world, self.surface, **facts)
            if platform is not None and platform.subscribed:
                load(platform.subscribed)(self._world, made)

    def told(self) -> dict[str, str]:
        """What the driver says of each transaction now; nothing where it cannot say."""
        try:
            outcomes = self.driver.outcomes()
        except Exception:  # noqa: BLE001 - the system under test: its own verb is called and judged elsewhere
            return {}
        return {id: str(outcome.get("status", "")) for id, outcome in outcomes.items()}

    def delivery(self, request: Request) -> Json:
        """One delivery as the verb takes it."""
        kept = outbox.subscriptions(self._world, self.surface)
        secret = next((one.secret for one in kept if request.url.startswith(one.url) and one.url), self.secret)
        return {
            "source": self.surface,
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            "body": base64.b64encode(request.body).decode(),
            "secret": secret,
        }


class Receiving:
    """Every receiver of a run. ``revive`` starts a driver again that has died; ``crashed`` learns of its errors."""

    def __init__(self, stage: Stage, *, revive: Callable[[Driver], None], crashed: Callable[[str], None]) -> None:
        self.stage = stage
        self.receivers: list[Receiver] = []
        self.believed: list[Belief] = []
        self.heard = 0  # genuine deliveries that reached a driver
        self._revive = revive
        self._crashed = crashed

    def add(self, receiver: Receiver) -> Json:
        """A new receiver; what its driver is told of it (schema ``Webhooks``)."""
        self.receivers.append(receiver)
        self.stage.plan.addresses.append(receiver.url)
        self.stage.app.receivers.append((receiver.url, lambda request: self._receive(receiver, request)))
        return {"url": receiver.url, "secret": receiver.secret}

    def subscribe(self, driver: Driver) -> None:
        """A driver has connected: its address is subscribed."""
        for receiver in self.receivers:
            if receiver.driver is driver:
                receiver.subscribe()

    def deliver(self) -> int:
        """Hand over what has been put off, the oldest first, and what comes of it; how many were genuine."""
        plan, before = self.stage.plan, self.heard
        while self.heard - before < AT_ONCE_MOST and plan.waiting:
            _, body = plan.waiting[0]
            if body.get("kind") == "forged":
                self._watched(body)
            else:
                plan.let_go()
            self.stage.current.jobs.run_due()  # a fault may have put something in its place
        return self.heard - before

    def _watched(self, message: Json) -> None:
        """A forged delivery, with what the driver says before and after it."""
        receiver = next(one for one in self.receivers if message["url"].startswith(one.url))
        before, heard = receiver.told(), self.heard
        self.stage.plan.let_go()
        after, self.heard = receiver.told(), heard
        changed = {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
        self.believed += [(message, id, before.get(id, ""), after.get(id, "")) for id in sorted(changed)]

    def pass_time(self, target: datetime) -> None:
        """Reach an instant with a stop at everything that falls due, so that no delivery comes later than it must."""
        world = self.stage.current
        while (due := world.jobs.earliest()) is not None and due <= target:
            before = (due, len(world.jobs.waiting()))
            world.advance(to=max(due, world.clock.now()))
            self.deliver()
            if before == (world.jobs.earliest(), len(world.jobs.waiting())):
                break  # it is run by somebody else
        world.advance(to=max(target, world.clock.now()))
        self.deliver()

    def _receive(self, receiver: Receiver, request: Request) -> Answer:
        if receiver.lacking:
            return Response(501)
        self.heard += 1
        try:
            answered = self.stage.measured(receiver.driver, "receive", receiver.delivery(request))
        except Killed:
            self._revive(receiver.driver)
            return Cut("reset")
        except VerbMissing:
            receiver.lacking = True
            return Response(501)
        except (Misshapen, DriverUnusable):
            raise
        except Exception as error:  # noqa: BLE001 - the system under test: its server would answer 500
            self._crashed(f"receive ended with {type(error).__name__}: {error}")
            return Response(500)
        if self.stage.dead:
            self._revive(receiver.driver)
            return Cut("reset")
        return _answer(answered)


def _answer(answered: Any) -> Response:
    faults = shapes.faults_of_shape("Answered", answered)
    if faults:
        raise Misshapen("receive", f"the driver answered what driver.yaml does not allow: {'; '.join(faults[:3])}")
    try:
        body = base64.b64decode(answered.get("body") or "", validate=True)
    except binascii.Error as error:
        raise Misshapen("receive", "the driver's answer has a body that is not base64") from error
    return Response(answered["status"], tuple((answered.get("headers") or {}).items()), body)
