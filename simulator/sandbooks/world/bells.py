"""Bells: how a program that looks in at an address every so often is spared the looks at which it would find nothing.

A program beside the companies (the Web Connector) polls an application for ever. Played out, every simulated day would
be thousands of calls that say "nothing to do". An address inside this world hangs up a bell; the program says what it
does when it looks in there; and it looks in at its next interval after the bell was rung. Applications outside the
world have no bell and are polled at every interval.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbooks.world.world import World

_SCOPE = "world/bells"
_SECOND = timedelta(seconds=1)


class Bells:
    """The bells of one world. Everything here writes: call it in a unit of work."""

    def __init__(self, world: World) -> None:
        self._world = world

    def hang(self, address: str) -> None:
        """An address of this world that rings when there is something to fetch."""
        if not self.hangs(address):
            self._world.put(_SCOPE, address, {"run": "", "body": {}, "seconds": 0, "planned": False})

    def hangs(self, address: str) -> bool:
        """Whether an address is one of this world's own."""
        return self._world.get(_SCOPE, address) is not None

    def follow(self, address: str, *, run: str, body: dict[str, Any], every: timedelta) -> None:
        """A program looks in at an address: the job that it does then, and how often it looks in."""
        kept = self._world.get(_SCOPE, address) or {"planned": False}
        seconds = max(1, every // _SECOND)
        self._world.put(_SCOPE, address, {**kept, "run": run, "body": body, "seconds": seconds})

    def ring(self, address: str, *, later: timedelta = timedelta(0)) -> None:
        """There is something at an address: its program comes at its next interval, or so much later."""
        kept = self._world.get(_SCOPE, address)
        if not kept or not kept["run"] or kept["planned"]:
            return
        due = self._world.clock.now() + max(later, kept["seconds"] * _SECOND)
        self._world.put(_SCOPE, address, {**kept, "planned": True})
        self._world.jobs.put(kept["run"], kept["body"], due=due)

    def heard(self, address: str) -> None:
        """The program is on its way: the next ring calls it again."""
        kept = self._world.get(_SCOPE, address)
        if kept:
            self._world.put(_SCOPE, address, {**kept, "planned": False})
