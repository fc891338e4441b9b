"""QuickBooks Online on the wire: what an answer has against a request, and texts within a query."""

from __future__ import annotations

from typing import Any


class Fault:
    """What QuickBooks Online has against a request."""

    def __init__(self, message: str, code: str) -> None:
        self.message = message
        self.code = code


def fault_of(body: Any) -> Fault | None:
    """The fault in an answer, whatever its status; the gateway spells the members in lower case."""
    fault = (body.get("Fault") or body.get("fault")) if isinstance(body, dict) else None
    if not fault:
        return None
    errors = fault.get("Error") or fault.get("error") or [{}]
    said = [
        ": ".join(str(e[n]) for n in ("Message", "message", "Detail", "detail") if e.get(n)) or "refused"
        for e in errors
    ]
    return Fault("; ".join(said), str(errors[0].get("code") or "").lstrip("0"))


def quoted(text: str) -> str:
    """A text within single quotes of a query."""
    return text.replace("\\", "\\\\").replace("'", "\\'")
