"""A fault as it stands in a world's plan, and what each kind of fault declares about itself.

Knows exchanges, phases and answers; nothing of how faults are found or stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from sandbooks.faults.address import Address
from sandbooks.faults.content import Content
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Answer
from sandbooks.world import Exchange, Phase, World


class Fault(Struct, kw_only=True, eq=False):
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


class Firing(Struct, frozen=True):
    """A fault about to act on an exchange. ``phase`` may be later than its own, where that one has nothing to offer."""

    fault: Fault
    exchange: Exchange
    content: Content
    phase: Phase

    def parameter(self, name: str) -> Any:
        return self.fault.parameters[name]


class Effect(Struct, frozen=True, kw_only=True):
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


class Kind(Struct, frozen=True, kw_only=True):
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


class Sending(Struct, frozen=True):
    """A fault about to act on a webhook delivery of its world."""

    fault: Fault
    world: World
    delivery: dict[str, Any]

    def parameter(self, name: str) -> Any:
        return self.fault.parameters[name]


class WebhookKind(Struct, frozen=True, kw_only=True):
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
