"""Xero's surface: its operations, paths in any casing, admission, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.xero import api, auth, refusals
from sandbooks.platforms.xero.api.registry import SPELLING
from sandbooks.platforms.xero.wire import errors
from sandbooks.wire import Response

_PREFIXES = ("/api.xro/2.0/", "/files.xro/1.0/")


class XeroDialect:
    """How Xero speaks."""

    name = "xero"

    @cached_property
    def operations(self) -> Sequence[Operation]:
        return api.operations()

    def route(self, path: str) -> str:
        """Resource names in their canonical spelling, whatever the client's; ids and file names untouched."""
        stripped = path.rstrip("/") or "/"
        lowered = stripped.lower()
        for prefix in _PREFIXES:
            if lowered.startswith(prefix):
                parts = stripped[len(prefix) :].split("/")
                return prefix + "/".join(_spelt(parts))
        if lowered.startswith("/connections"):
            return "/connections" + stripped[len("/connections") :]
        return lowered

    def admit(self, call: Call) -> None:
        auth.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        return errors.refused(call, refusal)

    def unmatched(self, call: Call, status: int) -> Response:
        if status == 405 and "/api.xro/" not in call.request.path.lower():
            return errors.not_allowed(call)
        return errors.not_implemented(call) if status == 405 else errors.not_found(call)

    def broken(self, call: Call, error: Exception) -> Response:
        del error  # Xero says nothing of the cause
        message = "An error occurred in Xero. Check the API Status page http://status.developer.xero.com"
        return errors.exception(call, 500, number=500, kind="ServerException", message=message)

    def absent(self, call: Call, error: NotSimulated) -> Response:
        kind = "ApiMethodNotImplementedException"
        return errors.exception(call, 501, number=20, kind=kind, message=str(error))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        named = str(call.facts.get("limit", "minute"))
        return errors.refused(call, refusals.Throttled({"app": "appminute"}.get(named, named), retry_after))


def _spelt(parts: list[str]) -> list[str]:
    """The segments that name resources (first, third, fifth) in their canonical spelling."""
    spelt = [SPELLING.get(parts[0].lower(), parts[0])]
    for position, part in enumerate(parts[1:], start=1):
        names_resource = position % 2 == 0 or spelt[0] in ("Reports", "Organisation", "Associations")
        is_file = position == 3 and spelt[2] == "Attachments"
        spelt.append(SPELLING.get(part.lower(), part) if names_resource and not is_file else part)
    return spelt


DIALECT = XeroDialect()
