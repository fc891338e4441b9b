"""What answers under this platform's prefix: the Web Connector's window and a door for single qbXML documents.

Both are ours, for the real product has no HTTP of its own. They speak JSON, the documents XML.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_desktop import access, refusals, statuses
from sandbooks.platforms.quickbooks_desktop.api import OPERATIONS
from sandbooks.wire import Response


class DesktopDialect:
    """JSON around the Web Connector, qbXML inside."""

    name = "quickbooks_desktop"

    @property
    def operations(self) -> Sequence[Operation]:
        return OPERATIONS

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        access.admit(call)

    def refused(self, _call: Call, refusal: Refusal) -> Response:
        if isinstance(refusal, refusals.NotSignedIn):
            return _error(401, "not_signed_in", refusal.message, ("WWW-Authenticate", "Bearer"))
        if isinstance(refusal, NotPermitted):
            return _error(403, "not_permitted", refusal.message)
        if isinstance(refusal, refusals.Unknown):
            return _error(404, "not_found", refusal.message)
        if isinstance(refusal, refusals.Hresult):
            body = {"error": "hresult", "hresult": refusal.code, "message": refusal.text, "detail": refusal.detail}
            return json_reply(body, status=422)
        if isinstance(refusal, refusals.ApplicationInvalid):
            return _error(400, refusal.code, refusal.reason)
        status = statuses.status_of(refusal, statuses.Act())
        return _error(400, str(status.code), status.text)

    def unmatched(self, _call: Call, status: int) -> Response:
        return _error(status, "no_such_path", "QuickBooks Desktop serves no HTTP; see the Web Connector's paths")

    def broken(self, _call: Call, _error_: Exception) -> Response:
        return _error(500, "internal", "QuickBooks has stopped working")

    def absent(self, _call: Call, error: NotSimulated) -> Response:
        return _error(501, "not_simulated", str(error))

    def throttled(self, _call: Call, *, retry_after: int) -> Response:
        del retry_after  # the application is told that QuickBooks is busy, never for how long
        return _error(429, "busy", "QuickBooks is busy")


def _error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Response:
    return json_reply({"error": code, "message": message}, status=status, headers=headers)


DIALECT = DesktopDialect()
