"""The exchanges of a world as the control API shows them: bodies as text where they are text, secrets redacted."""

from __future__ import annotations

import base64
from typing import Any

from sandbooks.recording import redact_body, redact_headers, redact_url
from sandbooks.world import TapeEntry, World, instant

CLIENTS = {"client": "outside", "hub": "hub", "late": "outside", "driver": "driver"}


def stamp(micros: int) -> str:
    """An instant as ``2026-03-28T17:40:00Z``."""
    return instant(micros).isoformat().replace("+00:00", "Z")


def body_of(data: bytes) -> dict[str, Any]:
    """A body as text, or as base64 when it is not text."""
    try:
        return {"body": data.decode("utf-8"), "body_base64": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(data).decode(), "body_base64": True}


def exchange_json(entry: TapeEntry, *, transactions: list[str]) -> dict[str, Any]:
    """One exchange."""
    answered = entry.status and entry.cut in ("", "truncated")
    response = {
        "status": entry.status,
        "headers": [list(pair) for pair in redact_headers(entry.response_headers)],
        **body_of(redact_body(entry.response_body)),
    }
    return {
        "number": entry.number,
        "platform": entry.surface,
        "company": entry.company or None,
        "operation": entry.operation or None,
        "at": stamp(entry.at),
        "client": CLIENTS.get(entry.actor, "outside"),
        "transactions": transactions,
        "request": {
            "method": entry.method,
            "url": redact_url(entry.url),
            "headers": [list(pair) for pair in redact_headers(entry.request_headers)],
            **body_of(redact_body(entry.request_body)),
        },
        "response": response if answered else None,
        "cut": entry.cut or None,
        "phases": list(entry.phases),
        "writes": entry.writes,
        "faults": [line.partition(" ")[0] for line in entry.faults],
        "written": [{"kind": w[2], "native_id": w[3], "version": w[4], "action": w[5]} for w in entry.written],
        "findings": [],
    }


def transactions_in(entry: TapeEntry, references: dict[str, list[str]]) -> list[str]:
    """The known references that a request carries."""
    text = (entry.url.encode() + entry.request_body).lower()
    return [name for name, tokens in references.items() if any(t.lower().encode() in text for t in tokens)]


def world_references(world: World) -> dict[str, list[str]]:
    """Every known reference of a world and the texts that stand for it."""
    return {name: [name, *tokens] for name, tokens in world.kept("reference").items()}
