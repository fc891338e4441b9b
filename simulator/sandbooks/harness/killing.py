"""Kills: the system under test dies at an exchange of its own, as from SIGKILL.

In this process death is an exception that no ordinary handler catches, raised out of the client's own call. A kill has
an address as a fault has; it acts before anything is sent, or when the answer has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbooks.faults.address import Address
from sandbooks.faults.content import Content
from sandbooks.faults.plan import Plan
from sandbooks.wire import Cut
from sandbooks.world import Exchange, Interrupt, Phase


class Killed(BaseException):
    """The system under test is dead. No ``Exception``, so that its own handlers do not survive their own death."""


@dataclass(eq=False)
class Kill:
    """One planned kill; ``met`` says whether it has acted."""

    at: Address
    phase: Phase
    matches: int = 0
    met: bool = False

    @classmethod
    def of(cls, at: Mapping[str, Any], *, phase: str) -> Kill:
        """A kill from plain data. Raises ``ValueError`` for an address that ``faults.yaml`` does not know."""
        return cls(Address.of(at), "connect" if phase == "connect" else "deliver")


class KillingPlan(Plan):
    """The fault plan of a world, with kills beside the faults. ``dying`` is set by the exchange that kills."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.kills: list[Kill] = []
        self.dying = False
        self._due: dict[int, Kill] = {}

    def opened(self, exchange: Exchange) -> None:
        super().opened(exchange)
        if exchange.actor != "client" or not self.kills:
            return
        content = Content(exchange)
        for kill in self.kills:
            if not kill.met and kill.at.means(content) is not False:
                kill.matches += 1
                if kill.matches == kill.at.nth:
                    self._due[exchange.number] = kill

    def reached(self, exchange: Exchange, phase: Phase) -> None:
        super().reached(exchange, phase)
        kill = self._due.get(exchange.number)
        if kill is not None and kill.phase == phase:
            self._strike(exchange, kill)

    def closed(self, exchange: Exchange) -> None:
        kill = self._due.get(exchange.number)
        if kill is not None and not kill.met and kill.phase == "deliver":
            self._strike(exchange, kill)  # a fault ended the exchange before its answer was delivered
        self._due.pop(exchange.number, None)
        super().closed(exchange)

    def _strike(self, exchange: Exchange, kill: Kill) -> None:
        kill.met = self.dying = True
        exchange.faults.append(f"kill at {kill.phase}")
        if kill.phase == "connect":
            raise Interrupt(Cut("reset"))
