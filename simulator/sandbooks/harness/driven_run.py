"""A scenario played through a driver: the same steps, the same books, another program under test.

Pushes, updates, files, bills and syncs become verbs of the driver; faults, time and the bookkeeper are as ever. When
the steps are over every fault ends, time passes and the driver settles again, because work that was put off must still
be done once; then the books are audited with what was submitted and what the driver says of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sandbooks.audit import Finding, RunBooks, Submitted, Work, audit_company, books_of_run
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.control.books import documents
from sandbooks.control.companies import company_named
from sandbooks.control.errors import ControlError
from sandbooks.harness import shapes
from sandbooks.harness.colleague import NotPaid, pay_bill
from sandbooks.harness.driver import Driver, DriverUnusable, Misshapen, VerbMissing, call, has
from sandbooks.harness.handing_over import (
    Ids,
    attachment_json,
    bill_json,
    environment_json,
    payment_json,
    transaction_json,
)
from sandbooks.harness.killing import Kill, Killed
from sandbooks.harness.latency import drawn_latency
from sandbooks.harness.receiving import Receiver, Receiving
from sandbooks.harness.relating import UNDO
from sandbooks.harness.stage import Prepared, Stage
from sandbooks.harness.subject import HUB, Subject
from sandbooks.harness.workers import Workers
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.money import parse_money
from sandbooks.replay import checks
from sandbooks.replay.linking import link
from sandbooks.replay.native_edits import NotEditable
from sandbooks.replay.run import CONTENT, Place, Run, Unplayable, world_name
from sandbooks.replay.script_steps import (
    AddFault,
    Advance,
    Attach,
    Bill,
    Bookkeeper,
    ClearFaults,
    Configure,
    Connect,
    Expect,
    Pay,
    Push,
    Scenario,
    Step,
    Sync,
    Transaction,
    Update,
)
from sandbooks.replay.script_steps import (
    Kill as KillStep,
)
from sandbooks.world import World

TRIES_MOST = 6  # kills and crashes that one verb may meet before it counts as never coming back
FIRST_WAIT = timedelta(minutes=61)  # past the watchdogs that look after an hour
HEARINGS_MOST = 4  # times that a driver settles because it was told of something
SECOND_WAIT = timedelta(hours=25)  # past limits of a day
# What faults do to a program that lives in real time, unless the scenario says otherwise: nobody waits for a minute.
IN_REAL_TIME: dict[str, dict[str, Any]] = {
    "throttle": {"retry_after": "2s"},
    "drop_response": {"how": "closed"},
    "late_commit": {"how": "closed", "after": "5s"},
}
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


class DrivenRun(Run):
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
        """One step, and the webhooks that it brought."""
        failures = super().play(step)
        self.receiving.deliver()
        return failures

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
                self._revive(customer)
                continue
            faults = shape(answer) if shape else []
            if faults:
                raise Misshapen(verb, f"the driver answered what driver.yaml does not allow: {'; '.join(faults[:3])}")
            return answer
        self.crashes.append(f"{verb} was killed {TRIES_MOST} times and did not come back")
        return None

    def _called(self, customer: Customer, verb: str, *arguments: Any) -> Any:
        """Call a verb once; several workers settle together where the step wants it."""
        if verb != "settle" or self.workers < 2:
            return call(customer.driver, verb, *arguments)
        self.stage.workers = Workers([partial(call, customer.driver, verb) for _ in range(self.workers)])
        try:
            return self.stage.workers.run()
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
                call(driver, "restart")
            except VerbMissing:
                return

    def _hand_over(self, key: str, operation: str, group: list[Transaction]) -> None:
        raise AssertionError("a driver takes a push whole")

    def _push(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Push)
        customer = self.customer(step.company)
        sent, booked = [], []
        for transaction in action.transactions:
            self.transactions[transaction.label] = transaction
            self.owners[transaction.label] = step.company
            id = self.id_of(transaction.label)
            sent.append(transaction_json(transaction, id=id, ids=customer.ids))
            booked.append(transaction_json(transaction, id=id, ids=customer.book_ids))
        receipts = self._verb(customer, "submit", sent, shape=lambda found: shapes.faults_of_list("Receipt", found))
        customer.work.submitted(booked, self._receive(customer, receipts, [given["id"] for given in sent]))

    def _receive(
        self, customer: Customer, receipts: list[dict[str, Any]] | None, ids: list[str]
    ) -> list[dict[str, Any]]:
        """Note who was turned away; the receipts that say so for the first time. A no to what was taken before changes
        nothing."""
        by_id = {str(receipt["id"]): receipt for receipt in receipts or []}
        for id in ids:
            receipt = by_id.get(id)
            if receipt is None or receipt["accepted"]:
                customer.accepted.add(id)
                customer.turned_away.pop(id, None)
                customer.syncs.setdefault(id, []).append("submit")
            elif id not in customer.accepted:
                customer.turned_away[id] = str(receipt.get("message") or "")
        return [by_id[id] for id in ids if id in customer.turned_away]

    def _update(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Update)
        customer = self.customer(step.company)
        transaction, id = action.transaction, self.id_of(action.transaction.label)
        done = self._outcomes(customer).get(id, {}).get("status") == "completed"
        sent = transaction_json(transaction, id=id, ids=customer.ids)
        receipt = self._verb(customer, "update", sent, shape=lambda found: shapes.faults_of_shape("Receipt", found))
        if receipt is None or receipt["accepted"]:
            self.transactions[transaction.label] = transaction
            customer.work.updated(transaction_json(transaction, id=id, ids=customer.book_ids))
            if done:
                customer.amended.add(id)
        else:
            self.turned_down.add(step.number)

    def _attach(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Attach)
        customer = self.customer(step.company)
        content = checks.file_content(self.seed, action.file, action.size)
        sent = attachment_json(
            id=self.id_of(f"file {action.file}"),
            transaction=self.id_of(action.transaction),
            name=action.name,
            type=action.type,
            content=content,
        )
        before = len(self.crashes)
        self._verb(customer, "attach", sent)
        if len(self.crashes) == before:  # a file that is not taken is refused with an error
            customer.work.attached(sent, taken_at=self.world.tape.count())
        self.files[action.file] = checks.FileSent(action.file, action.transaction, content)

    def _bill(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Bill)
        customer, id = self.customer(step.company), self.id_of(action.label)
        sent = bill_json(action, id=id, ids=customer.ids)
        refused = self._submit_bills(customer, {"bills": [sent], "payments": []}, id)
        customer.work.billed([bill_json(action, id=id, ids=customer.book_ids)], receipts=refused)

    def _pay(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Pay)
        customer, id = self.customer(step.company), self.id_of(action.label)
        paid = payment_json(action, id_of=self.id_of, ids=customer.book_ids)
        sent = payment_json(action, id_of=self.id_of, ids=customer.ids)
        refused = self._submit_bills(customer, {"bills": [], "payments": [sent]}, id)
        customer.work.billed(payments=[paid], receipts=refused)

    def _submit_bills(self, customer: Customer, body: dict[str, Any], id: str) -> list[dict[str, Any]]:
        receipts = self._verb(customer, "submit_bills", body, shape=lambda r: shapes.faults_of_list("Receipt", r))
        return self._receive(customer, receipts, [id])

    def _sync(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Sync)
        customer = self.customer(step.company)
        if action.restart:
            if not has(customer.driver, "restart"):
                raise Unplayable("the driver has no `restart`")
            self._revive(customer)
        self.workers = min(action.workers, self.subject.workers)
        self._settle(customer)
        self.workers = 1
        if action.limit is not None and not self.stage.served:
            self._wait(action.limit)
        customer.told = self._outcomes(customer)

    def _settle(self, customer: Customer) -> None:
        """The driver works until nothing is left to do; what it hears of meanwhile may be new work."""
        for _ in range(HEARINGS_MOST):
            self._verb(customer, "settle")
            if not self.receiving.deliver():
                return

    def _unlink(self, step: Step) -> list[str]:
        raise Unplayable("a driver has no verb for leaving a company; use the bookkeeper's `withdraw_consent`")

    def _kill(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, KillStep)
        if not self.subject.in_process:
            raise Unplayable("only a Python driver can be killed at an exchange; over HTTP use `sync: after restart`")
        kill = Kill.of(self._tokens(action.at), phase=action.phase)
        self.stage.plan.kills.append(kill)
        self.kills.append((action, kill))

    def _fault(self, step: Step) -> None:
        """As the control API does it, without the way there."""
        action = step.action
        if isinstance(action, ClearFaults):
            self.acted |= {f.id for f in self.stage.plan.list() if f.fired}
            self.stage.plan.clear()
            return
        assert isinstance(action, AddFault)
        at = self._tokens(action.at)
        if at.get("company") in self.places:
            at["company"] = self.places[at["company"]].company_id
        parameters = {**(IN_REAL_TIME.get(action.kind, {}) if self.stage.served else {}), **action.parameters}
        try:
            with self.world.unit():
                planned = self.stage.plan.add(action.kind, at=at, phase=action.phase, **parameters)
        except (TypeError, ValueError) as error:
            raise Unplayable(str(error)) from error
        self.faults[planned.id] = action

    def _tokens(self, at: Mapping[str, Any]) -> dict[str, Any]:
        """An address in which labels have become what is found on the wire."""
        return {name: self.token(value) if name in CONTENT else value for name, value in at.items()}

    def _bookkeeper(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Bookkeeper)
        if action.action == "withdraw_consent":
            super()._bookkeeper(step)
            return
        if action.action == "pay":
            self._pay_by_hand(step, action.value)
            return
        if action.action == UNDO:
            self._undo(step, str(action.value))
            return
        place = self.places[step.company]
        try:
            Bookkeeping(self.company(step.company)).act(checks.bookkeeper_body(self, place, action))
        except (ControlError, NotEditable) as error:
            raise Unplayable(str(error)) from error

    def _pay_by_hand(self, step: Step, value: Mapping[str, Any]) -> None:
        """Somebody of the company pays a bill. A payment that the platform does not take is not made."""
        company, place = self.company(step.company), self.places[step.company]
        made = documents(company, transaction=self.id_of(str(value["bill"])))
        if not made:
            raise Unplayable(f"there is no bill {value['bill']} to pay: it was not written")
        account, amount = place.names.book_id(str(value["from"])), parse_money(value["amount"])
        day = date.fromisoformat(str(value["date"])) if "date" in value else self.world.clock.today()
        try:
            pay_bill(company, made[0]["native_id"], amount=amount, account=account, day=day)
        except NotPaid as error:
            raise Unplayable(str(error)) from error

    def _undo(self, step: Step, label: str) -> None:
        """Take a document back in the way that the platform has: delete it, else void it."""
        try:
            self._bookkeeper(replace(step, action=Bookkeeper("delete", label)))
        except NotSimulated:
            self._bookkeeper(replace(step, action=Bookkeeper("void", label)))

    def _outcomes(self, customer: Customer) -> dict[str, dict[str, Any]]:
        answer = self._verb(customer, "outcomes", shape=lambda found: shapes.faults_of_map("Outcome", found))
        told: dict[str, dict[str, Any]] = answer or {}
        customer.work.reported(told)
        return told

    def _expect(self, step: Step) -> list[str]:
        """What the hub alone can answer is left out."""
        action = step.action
        assert isinstance(action, Expect)
        for customer in self.customers.values():
            if customer.connected:
                customer.told = self._outcomes(customer)
        said = replace(action, connection=None, sync=None, webhooks={}, deliveries={})
        return super()._expect(replace(step, action=said))

    def hub(self, key: str) -> Any:
        """Who tells of outcomes: here the driver."""
        return self.customers[key]

    # The end

    def findings_of(self, place: Place) -> list[dict[str, Any]]:
        """What the audit finds now; the final word comes at the close."""
        if place.key not in self.customers:
            return super().findings_of(place)
        found = audit_company(self.company(place.key), self.submitted(place.key), quiet=False)
        return [finding.as_json(number) for number, finding in enumerate(found, 1)]

    def rest(self) -> None:
        """Every fault ends, time passes, and what was put off is done."""
        self.acted |= {f.id for f in self.stage.plan.list() if f.fired}
        self.stage.plan.clear()
        for wait in (FIRST_WAIT, SECOND_WAIT):
            self._wait(wait)
            for customer in self.customers.values():
                self.crashes.clear()
                if customer.connected:
                    self._settle(customer)
                    customer.told = self._outcomes(customer)
            if not self.crashes and not self._waiting():
                break
        self.world.settle()
        if self.receiving.deliver():
            for customer in self.customers.values():
                self._settle(customer)
                customer.told = self._outcomes(customer)

    def _wait(self, length: timedelta) -> None:
        if self.receiving.receivers and not self.stage.served:
            self.receiving.pass_time(self.world.clock.now() + length)
            return
        with self.world.lock:
            self.world.advance(by=length)

    def _waiting(self) -> bool:
        return any(
            customer.told.get(id, {}).get("status", "pending") == "pending"
            for customer in self.customers.values()
            for id in customer.accepted
        )

    def submitted(self, key: str) -> list[Submitted]:
        """What should be in the books of a company, and what the driver says of it."""
        customer = self.customers[key]
        found = customer.work.inputs(base_currency=self.scenario.companies[key].currency)
        return [_amended(given) if given.id in customer.amended else given for given in found]

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

    def judge(self, *, command: str = "", quiet: bool = True) -> list[Finding]:
        """The audit of every company at rest; keeps the books for comparing. ``quiet``: no work can be left to do."""
        for key in self.customers:
            company, given = self.company(key), self.submitted(key)
            self.books[key] = books_of_run(company, given)
            edition = self.scenario.edition if self.subject.through_hub else ""
            found = audit_company(company, given, edition=edition, command=command, quiet=quiet, strict=True)
            self.findings += [self.labelled(finding) for finding in found]
        return self.findings

    def labelled(self, finding: Finding) -> Finding:
        """A finding that speaks of transactions by their labels in the scenario, as people would."""
        texts: dict[str, Any] = {}
        for name in ("title", "message", "transaction", "assumption"):
            texts[name] = self._in_labels(getattr(finding, name))
        return replace(finding, **texts, also=tuple(map(self._in_labels, finding.also)))

    def _in_labels(self, text: str) -> str:
        for id, label in self.labels.items():
            text = text.replace(id, label)
        return text

    @property
    def labels(self) -> dict[str, str]:
        """The labels of transactions and bills by their ids."""
        known = dict.fromkeys(self.transactions)
        for step in self.scenario.steps:
            if isinstance(step.action, (Bill, Pay)):
                known[step.action.label] = None
        return {self.id_of(label): label for label in known}

    @property
    def never_met(self) -> list[str]:
        """The faults and kills that were to act and met no exchange."""
        faults = [
            f"the fault {f.kind} at {dict(f.at)}"
            for id, f in self.faults.items()
            if not f.may_rest and id not in self.fired
        ]
        kills = [f"the kill at {dict(step.at)}" for step, kill in self.kills if not step.may_rest and not kill.met]
        return [f"{what} never met an exchange" for what in (*faults, *kills)]

    @property
    def fired(self) -> set[str]:
        """The faults and kills that have acted, by id and by number."""
        acted = self.acted | {f.id for f in self.stage.plan.list() if f.fired}
        return acted | {f"kill {n}" for n, (_, kill) in enumerate(self.kills) if kill.met}


def _book_ids(place: Place) -> Ids:
    def find(part: str, key: str) -> str:
        if part == "accounts":
            return place.names.book_id(key)
        found = place.names.native(part, key)
        if part == "tracking" and found == key:  # where options have labels of their own
            return place.names.native(part, key.partition("/")[2])
        return found

    return find


def _amended(given: Submitted) -> Submitted:
    """A transaction that stands, and whose change did not go through."""
    if given.status == "completed":
        return given
    return replace(given, status="completed", amended=True)
