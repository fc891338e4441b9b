"""What clients cannot do of the eight steps, and why; everything else each of them does, in every run."""

from __future__ import annotations

from collections.abc import Iterable

from tests.clients.steps import STEPS, recorded

COMPANIES_ONLY = "manages companies and connections: no method reads or writes an accounting document"
CANNOT = {
    ("qbwc-kit", "attach"): "qbXML has no message for attachments",
}


def wanted(clients: Iterable[str]) -> set[tuple[str, str]]:
    """The steps that these clients do: all of them but what they cannot."""
    return {(client, step) for client in clients for step in STEPS} - CANNOT.keys()


def differing(told: str, clients: Iterable[str]) -> list[tuple[str, str]]:
    """Steps that a script left out, and those that it did though it should not be able to."""
    return sorted(recorded(told) ^ wanted(clients))
