"""Webhooks for the system under test wait until it is between two verbs.

A platform's deliveries fall due while the client is in the middle of a call of its own. A web server would take them
in another thread; here they are put off, in their order, until the verb has answered, so that one seed gives one run
and no lock of the client is met twice by one thread.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbooks.harness.killing import KillingPlan
from sandbooks.kit import outbox

Job = tuple[str, dict[str, Any]]


class PostponingPlan(KillingPlan):
    """The fault plan of a stage. ``addresses`` are those of the system under test; ``waiting`` is what is put off."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.addresses: list[str] = []
        self.waiting: list[Job] = []
        self._leaving: dict[str, Any] | None = None

    def holds(self, run: str, body: dict[str, Any]) -> bool:
        if body is self._leaving or not self._is_ours(body):
            return False
        self.waiting.append((run, body))
        return True

    def _is_ours(self, body: dict[str, Any]) -> bool:
        if not self.addresses:
            return False
        url = body["url"] if "url" in body else (self._world.get(outbox.DELIVERIES, body["delivery"]) or {}).get("url")
        return any(str(url or "").startswith(address) for address in self.addresses)

    def let_go(self) -> None:
        """Deliver what has waited longest."""
        run, body = self.waiting.pop(0)
        module, _, name = run.partition(":")
        self._leaving = body
        try:
            getattr(import_module(module), name)(self._world, body)
        finally:
            self._leaving = None
