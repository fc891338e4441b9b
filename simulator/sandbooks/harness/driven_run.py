"""A scenario played through a driver: the same steps, the same books, another program under test.

Pushes, updates, files, bills and syncs become verbs of the driver; faults, time and the bookkeeper are as ever. When
the steps are over every fault ends, time passes and the driver settles again, because work that was put off must still
be done once; then the books are audited with what was submitted and what the driver says of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sandbooks.audit import Finding, Submitted, audit_company, books_of_run
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.control.books import documents
from sandbooks.control.errors import ControlError
from sandbooks.harness import shapes
from sandbooks.harness.colleague import NotPaid, pay_bill
from sandbooks.harness.connected_run import ConnectedRun, Customer
from sandbooks.harness.driver import has
from sandbooks.harness.killing import Kill
from sandbooks.harness.relating import UNDO
from sandbooks.kit.errors import NotSimulated
from sandbooks.money import parse_money
from sandbooks.platform import platform_named
from sandbooks.replay import checks
from sandbooks.replay.handing_over import (
    attachment_json,
    bill_json,
    payment_json,
    transaction_json,
)
from sandbooks.replay.native_edits import NotEditable
from sandbooks.replay.run import CONTENT, Place, Unplayable
from sandbooks.replay.script_steps import (
    AddFault,
    Attach,
    Bill,
    Bookkeeper,
    ClearFaults,
    Expect,
    Pay,
    Push,
    Step,
    Sync,
    Transaction,
    Update,
)
from sandbooks.replay.script_steps import (
    Kill as KillStep,
)

FIRST_WAIT = timedelta(minutes=61)  # past the watchdogs that look after an hour
HEARINGS_MOST = 4  # times that a driver settles because it was told of something
SECOND_WAIT = timedelta(hours=25)  # past limits of a day
# What faults do to a program that lives in real time, unless the scenario says otherwise: nobody waits for a minute.
IN_REAL_TIME: dict[str, dict[str, Any]] = {
    "throttle": {"retry_after": "2s"},
    "drop_response": {"how": "closed"},
    "late_commit": {"how": "closed", "after": "5s"},
}


class DrivenRun(ConnectedRun):
    """The steps of a scenario as verbs of a driver, and the end of the run."""

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
        if customer in self.down:
            return
        if action.limit is not None and not self.stage.served:
            self._wait(action.limit)
        customer.told = self._outcomes(customer)

    def _settle(self, customer: Customer) -> None:
        """The driver works until nothing is left to do; what it hears of meanwhile may be new work."""
        for _ in range(HEARINGS_MOST):
            self._verb(customer, "settle")
            if customer in self.down or not self.receiving.deliver():
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
        self.wake()
        # Who lives in real time is let finish in real time first: it cannot see that the world's clock jumps ahead.
        for wait in (timedelta(0), FIRST_WAIT, SECOND_WAIT) if self.stage.served else (FIRST_WAIT, SECOND_WAIT):
            self._wait(wait)
            for customer in self.customers.values():
                self.crashes.clear()
                if customer.connected:
                    self._settle(customer)
                    customer.told = self._outcomes(customer)
            if not self.crashes and not self._waiting() and not (self.fired and self._files_wait()):
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

    def _files_wait(self) -> bool:
        """Whether a file is not yet on a document that stands; of files no driver tells."""
        person = platform_named(self.scenario.platform).load_bookkeeper()
        for sent in self.files.values():
            company = self.company(self.owners.get(sent.transaction, next(iter(self.customers))))
            made = documents(company, transaction=self.id_of(sent.transaction))
            stored = [one for each in made for one in person.files(company, each["kind"], each["native_id"])]
            if made and not any(one.content == sent.content for one in stored):
                return True
        return False

    def submitted(self, key: str) -> list[Submitted]:
        """What should be in the books of a company, and what the driver says of it."""
        customer = self.customers[key]
        found = customer.work.inputs(base_currency=self.scenario.companies[key].currency)
        return [_amended(given) if given.id in customer.amended else given for given in found]

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
        rows = tuple(replace(row, account=self._in_labels(row.account)) for row in finding.table)
        return replace(finding, **texts, table=rows, also=tuple(map(self._in_labels, finding.also)))

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


def _amended(given: Submitted) -> Submitted:
    """A transaction that stands, and whose change did not go through."""
    if given.status == "completed":
        return given
    return replace(given, status="completed", amended=True)
