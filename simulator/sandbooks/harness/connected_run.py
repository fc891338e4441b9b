"""A run through a driver as far as the connection: the world, the companies, the drivers, and how a verb is called.

Each company gets a driver of its own, which learns at its first verb where the platform is and what its records are
called. A verb that dies is called again on the same storage, as whoever called it would. What the steps make of the
verbs stands in ``driven_run``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbooks.audit import Finding, RunBooks, Work
from sandbooks.control.companies import company_named
from sandbooks.harness.driver import Driver, DriverUnusable, Misshapen, VerbMissing, call, has
from sandbooks.harness.killing import Kill, Killed
from sandbooks.harness.latency import drawn_latency
from sandbooks.harness.receiving import Receiver, Receiving
from sandbooks.harness.stage import Prepared, Stage
from sandbooks.harness.subject import HUB, Subject
from sandbooks.harness.workers import Workers
from sandbooks.kit.company import Company
from sandbooks.replay.handing_over import (
    Ids,
    environment_json,
)
from sandbooks.replay.hub_client import HubClient
from sandbooks.replay.linking import link
from sandbooks.replay.run import Place, Run, Unplayable, world_name
from sandbooks.replay.script_steps import (
    Advance,
    Bookkeeper,
    Configure,
    Connect,
    Scenario,
    Step,
)
from sandbooks.replay.script_steps import (
    Kill as KillStep,
)
from sandbooks.world import World
from sandbooks.world.ids import key_uuid

SHARED = 15  # Source: RFC 9562, 5.7: the first 48 bits of a UUIDv7 are milliseconds, and its version follows
TRIES_MOST = 6  # kills and crashes that one verb may meet before it counts as never coming back
STATUSES = {"completed": "Completed", "failed": "PushError", "pending": "Pending"}


@dataclass
class Customer:
    """What one company's driver was given and what it said; stands in for the hub where scenarios ask it."""

    driver: Driver
    ids: Ids
    book_ids: Ids
    work: Work
    environment: dict[str, Any] = field(default_factory=dict)
    connected: bool = False
    accepted: set[str] = field(default_factory=set)
    turned_away: dict[str, str] = field(default_factory=dict)
    amended: set[str] = field(default_factory=set)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    syncs: dict[str, list[str]] = field(default_factory=dict)

    def outcome(self, id: str) -> tuple[str, str]:
        """Status in the words of scenarios, and message."""
        if id in self.turned_away:
            return "ValidationError", self.turned_away[id]
        told = self.told.get(id, {})
        return STATUSES.get(str(told.get("status", "")), ""), str(told.get("message") or "")


class ConnectedRun(Run):
    """A run through a driver. ``crashes`` are errors that a verb ended with, other than a kill."""

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        subject: Subject,
        *,
        prepared: Prepared | None = None,
        zone: str = "",
        tax_mode: str = "",
    ) -> None:
        super().__init__(scenario, stage)
        self.stage = stage
        self.subject = subject
        self.clock_mode = "live" if stage.served else "stepped"
        self.zone = zone
        self.tax_mode = tax_mode
        self.workers = 1  # that settle at once
        self.customers: dict[str, Customer] = {}
        self.kills: list[tuple[KillStep, Kill]] = []
        self.crashes: list[str] = []
        self.findings: list[Finding] = []
        self.books: dict[str, RunBooks] = {}
        self.acted: set[str] = set()
        self.turned_down: set[int] = set()  # steps of changes that the driver did not take
        self.receiving = Receiving(stage, revive=self._start_again, crashed=self.crashes.append)
        self._prepared = prepared
        self._begun = 0  # steps
        self.down: list[Customer] = []  # whose programs were killed and stay down
        self._named = world_name(scenario)

    # Set-up

    @property
    def world(self) -> World:
        return self.stage.world(self._named)

    def open(self) -> None:
        """The world and its companies, forked from a prepared one where the same was opened before."""
        key = self._key()
        if self._prepared is None or self.stage.served or key not in self._prepared.images:
            super().open()
            if self._prepared is not None and not self.stage.served:
                facts = {name: (place.facts, place.books_before) for name, place in self.places.items()}
                self._prepared.keep(key, self.world.image(), facts)
        else:
            image, facts = self._prepared.images[key]
            self.stage.app.adopt_image(self._named, image)
            for name, (made, books) in facts.items():
                declared = self.scenario.companies[name]
                self.place_company(name, declared, made).books_before = books
        self.world.settle()
        self.world.clock.latency = drawn_latency(self.world)

    def _key(self) -> str:
        scenario = self.scenario
        companies = {name: repr(plan) for name, plan in scenario.companies.items()}
        return json.dumps([scenario.platform, self.seed, scenario.clock.isoformat(), self._named, companies])

    def id_of(self, label: str) -> str:
        """The id that stands for a label: ids of one run begin alike, as those that carry the time do (UUIDv7)."""
        return key_uuid(self.seed, "ids of one moment")[:SHARED] + super().id_of(label)[SHARED:]

    def company(self, key: str) -> Company:
        place = self.places[key]
        return company_named(self.world, place.platform, place.company_id)

    def customer(self, key: str) -> Customer:
        """The driver of a company, connected. Raises ``Unplayable``."""
        customer = self.customers.get(key)
        if customer is None:
            raise Unplayable(f"{key} is not connected yet; put `connect: {key}` before this step")
        if not customer.connected:
            customer.connected = True
            self._verb(customer, "connect", customer.environment)
            self.receiving.subscribe(customer.driver)
        return customer

    def play(self, step: Step) -> list[str]:
        """One step, and the webhooks that it brought. A program that stays down misses what the bookkeeper does."""
        self._begun += 1
        if not isinstance(step.action, Bookkeeper):
            self.wake()
        failures = super().play(step)
        if not self.down:
            self.receiving.deliver()
        return failures

    def wake(self) -> None:
        """Start the programs that were killed and stayed down."""
        while self.down:
            self._revive(self.down.pop())

    def _advance(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Advance)
        if not self.receiving.receivers or self.stage.served:
            super()._advance(step)
        elif action.to is not None:
            self.receiving.pass_time(action.to)
        elif action.by is not None:
            self.receiving.pass_time(self.world.clock.now() + action.by)

    def _connect(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Connect)
        if action.company in self.customers:
            return
        if self.customers and not self.subject.in_process:
            raise Unplayable("a driver behind HTTP serves one company at a time")
        place = self.places[action.company]
        finder = _book_ids(place)
        ids = finder
        if self.subject.through_hub:
            self._link(place)
            ids = self._hub_ids(place)
        surface = HUB if self.subject.through_hub else place.platform
        work = Work(platform=surface, company_id=place.company_id, defaults=self._book_defaults(place.key))
        customer = Customer(self.subject.build(), ids, finder, work)
        customer.environment = self._environment(action.company, customer)
        if has(customer.driver, "receive"):
            customer.environment["webhooks"] = self.receiving.add(self._receiver(place, customer))
        self.customers[action.company] = customer

    def _receiver(self, place: Place, customer: Customer) -> Receiver:
        told = customer.environment
        return Receiver(
            customer.driver,
            self.stage,
            key=place.key,
            surface=HUB if self.subject.through_hub else place.platform,
            company=told["company_id"],
            credentials=told["credentials"],
        )

    def _link(self, place: Place) -> None:
        """The company's connection in the hub, put back where the same was linked before as the first thing done."""
        key = f"{self._key()}/{place.key}/{'receive' in self.subject.verbs}"
        prepared = self._prepared if self._begun == 1 and not self.stage.served else None
        if prepared is not None and key in prepared.images:
            image, told = prepared.images[key]
            self.world.restore(image)
            place.hub = HubClient(self.control, *told)
        else:
            self._link_anew(place)
            if prepared is not None and place.hub is not None:
                hub = place.hub
                prepared.keep(key, self.world.image(), (hub.api_key, hub.company_id, hub.connection_id))
        self.world.clock.latency = drawn_latency(self.world)

    def _link_anew(self, place: Place) -> None:
        try:
            link(self, place, consent="approve")
        except LookupError as error:
            raise Unplayable(str(error)) from error
        hub = place.hub
        if hub is not None and "receive" in self.subject.verbs:  # events tell it, and names there are plain letters
            name = str(place.facts["name"])
            hub.call("PUT", hub.company, {"name": name, "description": name})

    def _hub_ids(self, place: Place) -> Ids:
        hub = place.hub
        assert hub is not None

        def find(part: str, key: str) -> str:
            return place.names.hub_id(hub, {"suppliers": "contacts"}.get(part, part), key)

        return find

    def _configure(self, step: Step) -> list[str]:
        action = step.action
        assert isinstance(action, Configure)
        customer = self.customers.get(step.company)
        if customer is None:
            raise Unplayable(f"{step.company} is not connected yet; put `connect` before this step")
        if customer.connected:
            raise Unplayable("a driver learns its defaults when it connects; put `configure` right after `connect`")
        named = {"bank_account": ("accounts", action.bank_account), "supplier": ("suppliers", action.supplier)}
        named["customer"] = ("customers", action.customer)
        customer.environment["defaults"] = {w: customer.ids(part, key) for w, (part, key) in named.items() if key}
        return []

    def _environment(self, key: str, customer: Customer) -> dict[str, Any]:
        place, plan = self.places[key], self.scenario.companies[key]
        facts = dict(place.facts)
        if self.subject.through_hub:
            facts = {**facts, **self._hub_facts(place)}
        keys: dict[str, dict[str, str]] = {
            "accounts": {name: customer.ids("accounts", name) for name in plan.accounts},
            "suppliers": {name: customer.ids("suppliers", name) for name in plan.suppliers},
            "customers": {name: customer.ids("customers", name) for name in plan.customers},
            "taxes": {name: customer.ids("taxes", name) for name in plan.taxes},
        }
        none = customer.ids("taxes", "none")
        if none and none != "none":
            keys["taxes"].setdefault("none", none)
        keys["tracking"] = {
            f"{category}/{option}": customer.ids("tracking", f"{category}/{option}")
            for category, given in plan.tracking.items()
            for option in given.get("options", [])
        }
        told = environment_json(facts, keys=keys, defaults={})
        return {**told, "tax_mode": self.tax_mode} if self.tax_mode else told

    def _hub_facts(self, place: Place) -> dict[str, Any]:
        assert place.hub is not None
        for listed in self.control.call("GET", "/companies"):
            if listed["platform"] == "codat" and listed["company_id"] == place.hub.company_id:
                return {**listed, "connected_platform": place.platform}
        raise Unplayable("the hub does not list its own company")

    # Verbs

    def _verb(
        self, customer: Customer, verb: str, *arguments: Any, shape: Callable[[Any], list[str]] | None = None
    ) -> Any:
        """Call a verb; where it dies, start the program again and call it again, as whoever called it would."""
        for _ in range(TRIES_MOST):
            try:
                answer = self._called(customer, verb, *arguments)
            except Killed:
                if self._stays_down(verb):
                    self.down.append(customer)
                    return None
                self._revive(customer)
                continue
            except VerbMissing as error:
                raise Unplayable(f"the driver has no `{error.verb}`") from error
            except (Misshapen, DriverUnusable):
                raise
            except Exception as error:  # noqa: BLE001 - the system under test: whatever it raises is a crash of its own
                self.crashes.append(f"{verb} ended with {type(error).__name__}: {error}")
                self._revive(customer)
                if verb not in ("submit", "connect") or len(self.crashes) >= TRIES_MOST:
                    return None
                continue
            if self.stage.dead:
                if self._stays_down(verb):
                    self.down.append(customer)
                    return None
                self._revive(customer)
                continue
            faults = shape(answer) if shape else []
            if faults:
                raise Misshapen(verb, f"the driver answered what driver.yaml does not allow: {'; '.join(faults[:3])}")
            return answer
        self.crashes.append(f"{verb} was killed {TRIES_MOST} times and did not come back")
        return None

    def _stays_down(self, verb: str) -> bool:
        """Whether the kill that was met last leaves the program down; a verb that hands work over is called again."""
        last = next((step for step, kill in reversed(self.kills) if kill.met), None)
        return verb == "settle" and last is not None and last.stays_down

    def _called(self, customer: Customer, verb: str, *arguments: Any) -> Any:
        """Call a verb once; several workers settle together where the step wants it. Raises ``Restless``."""
        if verb != "settle" or self.workers < 2:
            return self.stage.measured(customer.driver, verb, *arguments)
        with self.stage.patience.during(verb):
            return self._settled_by_several(customer.driver, verb)

    def _settled_by_several(self, driver: Driver, verb: str) -> None:
        self.stage.workers = Workers([partial(call, driver, verb) for _ in range(self.workers)])
        try:
            self.stage.workers.run()
        finally:
            self.stage.workers = None

    @contextmanager
    def client(self) -> Iterator[None]:
        """While this lasts a driver in this process reaches the world, in its time and in the run's time zone."""
        with self.stage.client(zone=self.zone):
            yield

    def _revive(self, customer: Customer) -> None:
        """The program starts again on the same storage."""
        self._start_again(customer.driver)

    def _start_again(self, driver: Driver) -> None:
        self.stage.dead = False
        if has(driver, "restart"):
            try:
                self.stage.measured(driver, "restart")
            except VerbMissing:
                return

    def _book_defaults(self, key: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for step in self.scenario.steps:
            if isinstance(step.action, Configure) and step.company == key:
                names = _book_ids(self.places[key])
                if step.action.bank_account:
                    found["bank_account"] = names("accounts", step.action.bank_account)
                if step.action.supplier:
                    found["supplier"] = names("suppliers", step.action.supplier)
        return found


def _book_ids(place: Place) -> Ids:
    def find(part: str, key: str) -> str:
        if part == "accounts":
            return place.names.book_id(key)
        found = place.names.native(part, key)
        if part == "tracking" and found == key:  # where options have labels of their own
            return place.names.native(part, key.partition("/")[2])
        return found

    return find
