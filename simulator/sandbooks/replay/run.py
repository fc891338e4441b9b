"""One run of a scenario: its companies, and how each kind of step is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from msgspec import structs

from sandbooks.capabilities import LATEST
from sandbooks.capabilities import load as load_capabilities
from sandbooks.platform import CompanyPlan
from sandbooks.replay import checks, payables
from sandbooks.replay.handing_over import bill_json, payment_json, transaction_json
from sandbooks.replay.hub_bodies import bill_body, payment_body, payments_body, said, transaction_body, update_body
from sandbooks.replay.hub_client import HubClient
from sandbooks.replay.linking import link
from sandbooks.replay.names import Names
from sandbooks.replay.native_edits import NotEditable
from sandbooks.replay.raw_http import send_raw
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
    Http,
    Kill,
    Pay,
    Push,
    Remember,
    Scenario,
    Step,
    Sync,
    Transaction,
    Unlink,
    Update,
)
from sandbooks.replay.transport import Control, Refused, Transport
from sandbooks.world.ids import key_uuid


@dataclass
class Place:
    """One company of the run: on its platform, and in the hub once it is connected."""

    key: str
    platform: str
    company_id: str
    facts: dict[str, Any]
    names: Names
    hub: HubClient | None = None
    books_before: dict[str, Any] = field(default_factory=dict)


class Unplayable(Exception):
    """A step cannot be played here."""


class Run:
    """The state of one run while its steps are played."""

    clock_mode = "stepped"

    def __init__(self, scenario: Scenario, transport: Transport, *, seed: int | None = None) -> None:
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.control = Control(transport, world_name(scenario))
        self.places: dict[str, Place] = {}
        self.transactions: dict[str, Transaction] = {}
        self.owners: dict[str, str] = {}
        self.payables: dict[str, payables.Payable] = {}
        self.remembered: dict[str, Any] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.files: dict[str, checks.FileSent] = {}
        self.judged: set[str] = set()
        self.allowed: set[str] = set()
        self.faults: dict[str, AddFault] = {}

    def id_of(self, label: str) -> str:
        """The id that stands for a label in this run."""
        return key_uuid(self.seed, f"transaction/{label}")

    def token(self, text: str) -> str:
        """A label as it is found on the wire: its id for a transaction, else the text itself."""
        return self.id_of(text) if text in self.transactions or text in self._labels else text

    @property
    def _labels(self) -> set[str]:
        actions = [step.action for step in self.scenario.steps]
        pushed = {t.label for action in actions if isinstance(action, Push) for t in action.transactions}
        return pushed | {action.label for action in actions if isinstance(action, Bill | Pay)}

    def place(self, key: str) -> Place:
        return self.places[key]

    def hub(self, key: str) -> HubClient:
        """The hub company; raises ``Unplayable`` before it is connected."""
        hub = self.places[key].hub
        if hub is None:
            raise Unplayable(f"{key} is not connected yet; put `connect: {key}` before this step")
        return hub

    # Set-up

    def open(self) -> None:
        """The world and its companies."""
        at = self.scenario.clock.astimezone(UTC).isoformat()
        edition = self.scenario.edition
        chosen = {"capabilities": {"edition": edition}} if edition != LATEST else {}
        self.control.create(seed=self.seed, clock={"now": at, "mode": self.clock_mode}, **chosen)
        for key, declared in self.scenario.companies.items():
            plan = declared if declared.customers else structs.replace(declared, customers=DEFAULT_CUSTOMER)
            chart = {
                part: {name: _plain(facts) for name, facts in getattr(plan, part).items()}
                for part in ("accounts", "suppliers", "customers", "taxes", "tracking", "settings")
            }
            wanted = {"platform": self.scenario.platform, "country": plan.country, "currency": plan.currency}
            named = {"name": plan.name, "chart": chart, **({"timezone": plan.time_zone} if plan.time_zone else {})}
            made = self.control.call("POST", "/companies", {**wanted, **named})
            self.place_company(key, plan, made)
        for place in self.places.values():
            place.books_before = checks.books_of(self.control, place)

    def place_company(self, key: str, plan: CompanyPlan, made: dict[str, Any]) -> Place:
        """A company that stands, as the control API told of it."""
        names = Names(plan, made.get("labels", {}), self._neutral_tax(plan.country))
        self.places[key] = Place(key, made["platform"], made["company_id"], made, names)
        return self.places[key]

    def _neutral_tax(self, country: str) -> str:
        table = load_capabilities(self.scenario.edition)[self.scenario.platform]
        return table.neutral_tax(country) or ""

    # Steps

    def play(self, step: Step) -> list[str]:
        """One step; what was wrong with it."""
        player: Callable[[Step], list[str] | None] = getattr(self, f"_{step.verb}")
        try:
            return player(step) or []
        except (Refused, Unplayable) as error:
            return [str(error)]

    def _connect(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Connect)
        link(self, self.places[action.company], consent=action.consent)

    def _configure(self, step: Step) -> list[str]:
        action = step.action
        assert isinstance(action, Configure)
        hub, names = self.hub(step.company), self.places[step.company].names
        body: dict[str, Any] = {"bankAccount": {}, "supplier": {}, "customer": {}}
        for member, part, key in (
            ("bankAccount", "accounts", action.bank_account),
            ("supplier", "contacts", action.supplier),
            ("customer", "customers", action.customer or next(iter(names.customers), None)),
        ):
            if key:
                body[member] = {"id": names.hub_id(hub, part, key)}
        status, answer = hub.call("POST", f"{hub.expenses}/config", body)
        return [] if status == 200 else [f"the hub refused the configuration: {status} {said(answer)}"]

    def _push(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Push)
        for operation, group in _by_operation(action.transactions):
            self._hand_over(step.company, operation, group)

    def _hand_over(self, key: str, operation: str, group: list[Transaction]) -> None:
        hub, names = self.hub(key), self.places[key].names
        for transaction in group:
            self.transactions[transaction.label] = transaction
            self.owners[transaction.label] = key
        ids = [self.id_of(t.label) for t in group]
        find = names.finder(hub)
        given = [transaction_json(t, id=id, ids=find) for t, id in zip(group, ids, strict=True)]
        bodies = [transaction_body(one, no_tax=find("taxes", "none")) for one in given]
        status, answer = hub.push(operation, bodies, ids)
        for transaction in group:
            if status >= 400:
                self.refusals[transaction.label] = (status, said(answer))
            else:
                self.refusals.pop(transaction.label, None)

    def _update(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Update)
        transaction = action.transaction
        hub, names = self.hub(step.company), self.places[step.company].names
        self.transactions[transaction.label] = transaction
        find = names.finder(hub)
        given = transaction_json(transaction, id=self.id_of(transaction.label), ids=find)
        body = update_body(given, no_tax=find("taxes", "none"))
        operation = transaction.operation.partition(".")[0]
        status, answer = hub.update(operation, self.id_of(transaction.label), body)
        if status >= 400:
            self.refusals[f"update of {transaction.label}"] = (status, said(answer))
            self.refusals[transaction.label] = (status, said(answer))

    def _sync(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Sync)
        if action.restart:
            self.control.call("POST", "/snapshots", {"name": "restart"})
            self.control.call("POST", "/snapshots/restart/restore")
        if action.limit is None:
            self.control.call("POST", "/settle", {"limit": "2h"})
            self._ask_again()
        else:
            self.control.call("POST", "/clock", {"advance": int(action.limit.total_seconds())})

    def _attach(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Attach)
        content = checks.file_content(self.seed, action.file, action.size)
        hub = self.hub(step.company)
        status, answer = hub.attach(
            self.id_of(action.transaction), name=action.name, content_type=action.type, content=content
        )
        self.files[action.file] = checks.FileSent(action.file, action.transaction, content)
        if status >= 400:
            self.refusals[action.file] = (status, said(answer))

    def _unlink(self, step: Step) -> list[str]:
        action = step.action
        assert isinstance(action, Unlink)
        hub = self.hub(action.company)
        path = f"{hub.company}/connections/{hub.connection_id}"
        status, answer = hub.call("PATCH", path, {"status": "Unlinked"})
        return [] if status == 200 else [f"the hub refused to unlink: {status} {said(answer)}"]

    def _advance(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Advance)
        if action.to is not None:
            self.control.call("POST", "/clock", {"to": action.to.astimezone(UTC).isoformat()})
        elif action.by is not None:
            self.control.call("POST", "/clock", {"advance": int(action.by.total_seconds())})

    def _fault(self, step: Step) -> None:
        action = step.action
        if isinstance(action, ClearFaults):
            self.control.call("DELETE", "/faults")
            self.faults.clear()
            return
        assert isinstance(action, AddFault)
        at = {name: self.token(value) if name in CONTENT else value for name, value in action.at.items()}
        if at.get("company") in self.places:
            at["company"] = self.places[at["company"]].company_id
        body = {"kind": action.kind, "at": at, **action.parameters}
        made = self.control.call("POST", "/faults", body | ({"phase": action.phase} if action.phase else {}))
        self.faults[made["id"]] = action

    def _kill(self, step: Step) -> None:
        assert isinstance(step.action, Kill)
        raise Unplayable("`kill` needs a program that can be killed: give a driver (`sandbooks replay --driver`)")

    def _bookkeeper(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Bookkeeper)
        place = self.places[step.company]
        if action.action == "withdraw_consent":
            self.control.call("POST", f"{path_of(place)}/tokens/revoke", {})
            return
        if action.action == "pay":
            raise Unplayable("`pay` by the bookkeeper needs a driver (`sandbooks replay --driver`)")
        try:
            body = checks.bookkeeper_body(self, place, action)
        except NotEditable as error:
            raise Unplayable(str(error)) from error
        self.control.call("POST", f"{path_of(place)}/bookkeeper", body)

    def _http(self, step: Step) -> list[str]:
        action = step.action
        assert isinstance(action, Http)
        return send_raw(self, self.places[step.company], action)

    def _remember(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Remember)
        for name, source in action.sources.items():
            self.remembered[name] = checks.Memory(source, checks.value_of(self, self.places[step.company], source))

    def _bill(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Bill)
        hub, names = self.hub(step.company), self.places[step.company].names
        find = names.finder(hub)
        given = bill_json(action, id=self.id_of(action.label), ids=find)
        body = bill_body(given, no_tax=find("taxes", "none"))
        path = f"{hub.payables if payables.is_synchronous(self.scenario.platform) else hub.pushes}/bills"
        self._hand(step.company, action.label, payables.Payable("POST", path, body))

    def _pay(self, step: Step) -> None:
        action = step.action
        assert isinstance(action, Pay)
        hub, names = self.hub(step.company), self.places[step.company].names
        given = payment_json(action, id_of=self.id_of, ids=names.finder(hub))
        bills = [self._paid_bill(hub, label) for label in action.bills]
        if len(bills) == 1 and payables.is_synchronous(self.scenario.platform):
            path = f"{hub.payables}/bills/{bills[0]['id']}/payment"
            payable = payables.Payable("POST", path, payment_body(given))
        else:
            one_line = "one_line" in payables.rules(self.scenario.platform)
            body = payments_body(given, bills=bills, one_line=one_line)
            payable = payables.Payable("POST", f"{hub.pushes}/billPayments", body)
        self._hand(step.company, action.label, payable)

    def _paid_bill(self, hub: HubClient, label: str) -> dict[str, Any]:
        """Id and supplier of a bill that is to be paid. Raises Unplayable when it never came to be."""
        handed = hub.handed.get(self.id_of(label))
        if handed is not None:
            payables.look(hub, handed)
        if handed is None or not handed.native:
            raise Unplayable(f"there is no bill {label} to pay: it was not written")
        return {"id": handed.native, "supplier": handed.body["supplierRef"]["id"]}

    def _hand(self, key: str, label: str, payable: payables.Payable) -> None:
        """Hand a bill or payment over to the hub of a company."""
        hub, id = self.hub(key), self.id_of(label)
        self.payables[label], self.owners[label] = payable, key
        hub.handed[id] = payable
        status, answer = payables.send(hub, id, payable)
        if 400 <= status < 500 and status != 429:
            self.refusals[label] = (status, said(answer))
            payable.status = ""

    def _ask_again(self) -> None:
        """Ask once more for what the hub could not tell the outcome of."""
        for label, payable in self.payables.items():
            if payable.status == "Pending" and not payable.push:
                status, answer = payables.send(self.hub(self.owners[label]), self.id_of(label), payable)
                if 400 <= status < 500 and status != 429:
                    self.refusals[label] = (status, said(answer))
                    payable.status = ""

    def _expect(self, step: Step) -> list[str]:
        action = step.action
        assert isinstance(action, Expect)
        self.allowed |= set(action.findings)
        self._learn_names(step.company)
        return checks.check(self, self.places[step.company], action)

    def _learn_names(self, key: str) -> None:
        """Some accounts (exchange differences) are made when they are first needed."""
        place = self.places[key]
        for company in self.control.call("GET", "/companies"):
            if (company["platform"], company["company_id"]) == (place.platform, place.company_id):
                place.names.learn(company.get("labels", {}))

    # The end

    def findings_of(self, place: Place) -> list[dict[str, Any]]:
        """What the audit of one company finds, as the control API lists it."""
        found: list[dict[str, Any]] = self.control.call("GET", f"{path_of(place)}/findings")
        return found

    def close(self) -> list[str]:
        """What must hold of every run: no fault that never acted, no failure that nobody expected, sound books."""
        failures = []
        fired = {fault["id"]: fault["fired"] for fault in self.control.call("GET", "/faults")}
        for id, fault in self.faults.items():
            if not fault.may_rest and not fired.get(id):
                failures.append(f"the fault {fault.kind} at {dict(fault.at)} never met an exchange")
        failures += checks.unexpected(self)
        failures += [text for place in self.places.values() for text in checks.findings(self, place)]
        return failures


# The hub's configuration asks for a customer; a scenario that never says which has this one.
DEFAULT_CUSTOMER = {"card_provider": {"name": "Card Provider"}}
CONTENT = ("write", "read", "reference")


def world_name(scenario: Scenario) -> str:
    """A world name that is the same for the same run: letters, digits and dashes."""
    text = "".join(c if c.isalnum() else "-" for c in scenario.name.lower())
    return "-".join(part for part in text.split("-") if part)[:60]


def path_of(place: Place) -> str:
    """The control path of a company."""
    return f"/companies/{place.platform}/{place.company_id}"


def _by_operation(transactions: tuple[Transaction, ...]) -> list[tuple[str, list[Transaction]]]:
    """Groups that go out in one request, in order; transfers go alone."""
    groups: list[tuple[str, list[Transaction]]] = []
    for transaction in transactions:
        operation = transaction.operation.partition(".")[0]
        if groups and groups[-1][0] == operation and operation != "transfer":
            groups[-1][1].append(transaction)
        else:
            groups.append((operation, [transaction]))
    return groups


def _plain(facts: Any) -> Any:
    return {name: value for name, value in facts.items() if value is not None} if isinstance(facts, Mapping) else facts
