"""The faults that a world has in store, and when each of them acts.

A fault is addressed by content (whose transaction, which operation, the nth time), so that it hits the same exchange
however many others come before it.
"""

from __future__ import annotations

from typing import Any

from sandbooks.world import Exchange, Phase, World


class Plan:
    """The fault plan of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def opened(self, exchange: Exchange) -> None:
        """A new exchange begins: find the faults that it will meet."""

    def reached(self, exchange: Exchange, phase: Phase) -> None:
        """The exchange has reached a phase: let those faults act that name it."""

    def closed(self, exchange: Exchange) -> None:
        """The exchange has ended."""

    def departing(self, delivery: dict[str, Any]) -> bool:
        """Whether a webhook may leave now."""
        return bool(delivery)

    def arrived(self, delivery: dict[str, Any]) -> None:
        """The receiver of a webhook has answered."""
