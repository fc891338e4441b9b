"""One run of a test that is being swept: the fault that it meets, and what it left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from sandbooks.harness.schedules import Schedule

if TYPE_CHECKING:
    from sandbooks.audit import Finding
    from sandbooks.sandbox import Sandbox
    from sandbooks.sandbox.transparency import WorldBooks
    from sandbooks.world import TapeEntry


@dataclass
class Outcome:
    """How a test went. ``error`` is the first exception of any of its stages."""

    failed: bool = False
    error: BaseException | None = None


@dataclass
class Run:
    """A run under a schedule; without one, the first."""

    schedule: Schedule | None = None
    fired: bool = False
    findings: list[Finding] = field(default_factory=list)
    entries: list[TapeEntry] = field(default_factory=list)
    books: WorldBooks = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    trouble: str = ""
    set_up: int = 0
    _fault: str = ""
    _world: Sandbox | None = None

    @property
    def is_first(self) -> bool:
        return self.schedule is None

    def begin(self, world: Sandbox) -> None:
        """Plan the fault."""
        self._world = world
        if self.schedule is not None:
            fault = self.schedule
            with world.world.unit():
                planned = world.plan.add(fault.kind, at=fault.at, phase=fault.phase, **fault.parameters)
            self._fault = planned.id

    def set_up_done(self) -> None:
        """The fixtures stand; the test itself begins."""
        if self._world is not None:
            self.set_up = self._world.world.tape.count()

    def end(self, world: Sandbox, outcome: Outcome) -> None:
        """Keep what the run left behind."""
        from sandbooks.sandbox.transparency import books_of_world

        self.fired = any(f.id == self._fault and f.fired for f in world.plan.list())
        self.entries = world.tape()
        self.books = books_of_world(world)
        self.outcome = outcome
        self._world = None


RUN: pytest.StashKey[Run] = pytest.StashKey()
