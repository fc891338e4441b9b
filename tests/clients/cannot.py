"""What clients cannot do of the eight steps, and why; everything else each of them does, in every run."""

from __future__ import annotations

from collections.abc import Iterable

from tests.clients.steps import STEPS, recorded

NO_DOCUMENTS = "manages companies and their connections: no method takes, shows or credits an accounting document"
CANNOT = {
    ("qbwc-kit", "attach"): "qbXML has no message for attachments",
    ("codat-sync-for-payables", "credit"): "the API writes bills and payments of bills; it has no credit notes",
    ("@xeroapi/xero-mcp-server", "attach"): "the server has no tool that takes a file",
    **{
        (client, step): NO_DOCUMENTS
        for client in ("codat-platform", "@codat/platform")
        for step in ("create", "credit", "read_back", "attach")
    },
}


def wanted(clients: Iterable[str]) -> set[tuple[str, str]]:
    """The steps that these clients do: all of them but what they cannot."""
    return {(client, step) for client in clients for step in STEPS} - CANNOT.keys()


def differing(told: str, clients: Iterable[str]) -> list[tuple[str, str]]:
    """Steps that a script left out, and those that it did though it should not be able to."""
    return sorted(recorded(told) ^ wanted(clients))
