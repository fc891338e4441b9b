"""A fault as it stands in a world's plan, and what each kind of fault declares about itself.

Knows exchanges, phases and answers; nothing of how faults are found or stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbooks.faults.address import Address
from sandbooks.faults.content import Content
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Answer
from sandbooks.world import Exchange, Phase, World


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One planned fault. ``phase`` is the phase after which it acts.

    ``matches`` counts the exchanges (for webhooks: deliveries) that its address meant, ``fired`` how often it acted,
    ``exchanges`` where. ``state`` is what a kind must remember between exchanges.
    """

    id: str
    kind: str
    phase: Phase
    at: Address
    parameters: dict[str, Any]
    matches: int = 0
    fired: int = 0
    exchanges: list[int] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def acts_now(self) -> bool:
        """Whether the match that was just counted is the one it waits for."""
        return self.matches == self.at.nth or (self.at.every and self.matches > self.at.nth)

    def as_dict(self) -> dict[str, Any]:
        """The fault as the control API shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "phase": self.phase,
            "at": self.at.as_dict(),
            "parameters": dict(self.parameters),
            "fired": self.fired,
            "exchanges": list(self.exchanges),
        }


@dataclass(frozen=True, slots=True)
class Firing:
    """A fault about to act on an exchange. ``phase`` may be later than its own, where that one has nothing to offer."""

    fault: Fault
    exchange: Exchange
    content: Content
    phase: Phase

    def parameter(self, name: str) -> Any:
        return self.fault.parameters[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a fault did. ``answer`` ends the exchange with what the client sees; ``error`` is raised where it acts.

    ``afterwards`` runs when the exchange has ended and no unit is open, so that no rollback undoes it.
    """

    note: str = ""
    answer: Answer | None = None
    error: Exception | None = None
    afterwards: Callable[[], object] | None = None


def any_exchange(_: Content) -> bool:
    """Concerns every exchange."""
    return True


def never(_fault: Fault, _exchange: Exchange) -> bool:
    """Hits only the exchanges that it matched."""
    return False


def nothing_to_do(_: Sending) -> bool:
    """Does not follow other deliveries: nothing has changed."""
    return False


def nothing_held(_fault: Fault, _world: World) -> None:
    """Holds nothing back that its end would set free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault.

    ``act`` does it (None: there was nothing to do it to, so it has not acted). ``concerns`` leaves out exchanges that
    it means nothing to, before they are counted. ``ends``: the exchange ends there, so other faults go first.
    ``lingers``: it goes on to hit exchanges beyond those that it matched.
    """

    name: str
    phases: tuple[Phase, ...]
    default_phase: Phase
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    act: Callable[[Firing], Effect | None]
    concerns: Callable[[Content], bool] = any_exchange
    ends: bool = False
    lingers: Callable[[Fault, Exchange], bool] = never


@dataclass(frozen=True, slots=True)
class Sending:
    """A fault about to act on a webhook delivery of its world."""

    fault: Fault
    world: World
    delivery: dict[str, Any]

    def parameter(self, name: str) -> Any:
        return self.fault.parameters[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookKind:
    """A kind of fault that acts on webhooks: at ``render`` before one leaves, at ``deliver`` when one has succeeded.

    ``act`` says whether the delivery may leave now. ``passed`` hears of every delivery that was made, and ``ended`` of
    the end of the fault itself.
    """

    name: str
    phases: tuple[Phase, ...]
    default_phase: Phase
    parameters: Mapping[str, Parameter]
    act: Callable[[Sending], bool]
    passed: Callable[[Sending], bool] = nothing_to_do
    ended: Callable[[Fault, World], None] = nothing_held
