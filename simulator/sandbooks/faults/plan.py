"""The faults that a world has in store, and when each of them acts.

A fault is addressed by content (whose transaction, which operation, the nth time), so that it hits the same exchange
however many others come before it. It counts the exchanges that it means when they begin, and acts when the one that
it waits for reaches its phase.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from sandbooks.faults import stored, webhooks
from sandbooks.faults.address import Address
from sandbooks.faults.content import Content
from sandbooks.faults.fault import Fault, Firing
from sandbooks.faults.kinds import ALL_KINDS, KINDS, WEBHOOK_KINDS
from sandbooks.faults.late_commit import LATE
from sandbooks.faults.parameters import chosen, remedy
from sandbooks.wire import Response
from sandbooks.world import PHASES, Exchange, Interrupt, Phase, World

Faults: TypeAlias = list[Fault]

UNIT_PHASES = ("validate", "commit")


class Meeting(Struct):
    """An exchange and the faults that it meets: ``due`` wait for their phase, ``open`` for its company to be known."""

    content: Content
    due: list[Fault] = field(default_factory=list)
    open: list[Fault] = field(default_factory=list)
    touched: list[Fault] = field(default_factory=list)
    afterwards: list[Callable[[], object]] = field(default_factory=list)


class Plan:
    """The fault plan of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._meetings: dict[int, Meeting] = {}

    def add(
        self, kind: str, *, at: Mapping[str, Any] | None = None, phase: str | None = None, **parameters: Any
    ) -> Fault:
        """Plan a fault. Raises ``ValueError``, with a remedy, for what ``contracts/faults.yaml`` does not know."""
        declared = ALL_KINDS.get(kind)
        if declared is None:
            raise ValueError(f"there is no fault {kind!r}{remedy(kind, ALL_KINDS)}")
        if phase is not None and phase not in declared.phases:
            raise ValueError(f"{kind} does not act after {phase!r}; it acts after {', '.join(declared.phases)}")
        values = chosen(declared.parameters, parameters, kind=kind)
        address = Address.of(at or {}, webhooks=kind in WEBHOOK_KINDS)
        after = next((known for known in PHASES if known == phase), declared.default_phase)
        with self._world.lock:
            id = stored.id_of(self._world.ids.number("fault"))
            fault = Fault(id=id, kind=kind, phase=after, at=address, parameters=values)
            stored.put(self._world, fault)
        return fault

    def list(self) -> Faults:
        """The faults in the order of their making."""
        with self._world.lock:
            return [*stored.faults_of(self._world)]

    def remove(self, id: str) -> None:
        """End a fault. Raises ``LookupError``."""
        with self._world.lock:
            fault = next((fault for fault in stored.faults_of(self._world) if fault.id == id), None)
            if fault is None:
                raise LookupError(f"there is no fault {id!r}")
            stored.drop(self._world, fault)
            webhooks.ended(self._world, fault)

    def clear(self) -> None:
        """End every fault."""
        for fault in self.list():
            self.remove(fault.id)

    def unfired(self) -> Faults:
        """The faults that have not acted."""
        return [fault for fault in self.list() if not fault.fired]

    def opened(self, exchange: Exchange) -> None:
        """A new exchange begins: find the faults that it will meet."""
        faults = stored.faults_of(self._world)
        if not faults or exchange.actor == LATE:
            return
        meeting = self._meetings[exchange.number] = Meeting(Content(exchange))
        for fault in faults:
            self._decide(meeting, fault)

    def _decide(self, meeting: Meeting, fault: Fault) -> None:
        if fault.kind not in KINDS or not KINDS[fault.kind].concerns(meeting.content):
            return
        meant = fault.at.means(meeting.content)
        if meant is None:
            meeting.open.append(fault)
        elif meant:
            fault.matches += 1
            meeting.touched.append(fault)
            if fault.acts_now:
                meeting.due.append(fault)

    def reached(self, exchange: Exchange, phase: Phase) -> None:
        """The exchange has reached a phase: let those faults act that name it."""
        meeting = self._meetings.get(exchange.number)
        if meeting is None:
            return
        if phase == "admit":
            self._decide_open(meeting)
        for fault in self._acting(meeting, phase):
            self._act(meeting, fault, phase)

    def _decide_open(self, meeting: Meeting) -> None:
        waiting, meeting.open = meeting.open, []
        for fault in waiting:
            self._decide(meeting, fault)

    def _acting(self, meeting: Meeting, phase: Phase) -> Faults:
        """The faults that act after a phase; those that end the exchange come last."""
        standing = stored.faults_of(self._world)
        exchange = meeting.content.exchange
        acting = [f for f in meeting.due if f in standing and (f.phase == phase or _acts_instead(f, exchange, phase))]
        acting += [f for f in standing if f not in acting and _goes_on(f, exchange, phase)]
        return sorted(acting, key=lambda fault: KINDS[fault.kind].ends)

    def _act(self, meeting: Meeting, fault: Fault, phase: Phase) -> None:
        if fault in meeting.due:
            meeting.due.remove(fault)
        exchange = meeting.content.exchange
        effect = KINDS[fault.kind].act(Firing(fault, exchange, meeting.content, phase))
        if effect is None:
            return
        fault.fired += 1
        fault.exchanges.append(exchange.number)
        meeting.touched.append(fault)
        exchange.faults.append(f"{fault.id} {fault.kind} after {phase}" + (f": {effect.note}" if effect.note else ""))
        if effect.afterwards is not None:
            meeting.afterwards.append(effect.afterwards)
        if effect.error is not None:
            raise effect.error
        if effect.answer is not None:
            raise Interrupt(effect.answer)

    def closed(self, exchange: Exchange) -> None:
        """The exchange has ended: do what no rollback may undo, and write down what was counted."""
        meeting = self._meetings.pop(exchange.number, None)
        if meeting is None:
            return
        for action in meeting.afterwards:
            action()
        if exchange.faults and not exchange.company and not exchange.has_reached("admit"):
            exchange.company = meeting.content.company_named  # cut off before admission, but the tape should tell
        standing = stored.faults_of(self._world)
        for fault in standing:
            if fault in meeting.touched:
                stored.keep(self._world, fault)

    def holds(self, run: str, body: dict[str, Any]) -> bool:
        """Webhooks leave when they are due."""
        del run, body
        return False

    def departing(self, delivery: dict[str, Any]) -> bool:
        """Whether a webhook may leave now."""
        return webhooks.departing(self._world, delivery)

    def arrived(self, delivery: dict[str, Any]) -> None:
        """The receiver of a webhook has answered."""
        webhooks.arrived(self._world, delivery)


def _goes_on(fault: Fault, exchange: Exchange, phase: Phase) -> bool:
    """Whether a fault hits an exchange that it did not match, as a throttled company's next call."""
    return fault.phase == phase and fault.kind in KINDS and KINDS[fault.kind].lingers(fault, exchange)


def _acts_instead(fault: Fault, exchange: Exchange, phase: Phase) -> bool:
    """Whether a fault of the unit's phases acts when the answer is rendered, because there was no unit of work.

    So it is with reads, and with a repeated write that is answered from memory; a refused write never gets that far.
    """
    if phase != "render" or fault.phase not in UNIT_PHASES or exchange.has_reached(fault.phase):
        return False
    answer = exchange.answer
    accepted = isinstance(answer, Response) and answer.status < 400 and not exchange.refused
    return not exchange.writes or accepted
