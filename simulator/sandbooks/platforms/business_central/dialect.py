"""Business Central's surface: its operations, its addresses, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import access, api, errors, paths, places
from sandbooks.platforms.business_central.refusals import MethodNotAllowed, TooMany
from sandbooks.wire import Response


class BusinessCentralDialect:
    """API v2.0, and the sign-in service before it."""

    name = "business_central"

    @cached_property
    def operations(self) -> Sequence[Operation]:
        return api.OPERATIONS

    def route(self, path: str) -> str:
        return paths.routed(path, api.SPELLING)

    def admit(self, call: Call) -> None:
        access.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        return errors.refused(call, refusal)

    def unmatched(self, call: Call, status: int) -> Response:
        path = access.native_path(call)
        last = path.rstrip("/").rpartition("/")[2]
        if status == 405:
            return errors.refused(call, MethodNotAllowed(call.request.method, last.partition("(")[0]))
        if "." in last and last.lower().startswith("microsoft.nav"):
            text = f"The action '{last}' is not implemented."
            return errors.answer(call, 501, "BadRequest_MethodNotImplemented", text)
        code = "BadRequest_ResourceNotFound"
        return errors.answer(call, 404, code, f"Resource not found for the segment '{last}'.")

    def broken(self, call: Call, error: Exception) -> Response:
        del error  # nothing is said of the cause
        return errors.answer(call, 500, "Internal_ServerError", "An unexpected error occurred.")

    def absent(self, call: Call, error: NotSimulated) -> Response:
        return errors.answer(call, 501, "BadRequest_MethodNotImplemented", str(error))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        user, at_once = access.USER, places.CONNECTIONS
        if call.facts.get("limit") == "concurrent":
            return errors.refused(call, TooMany(at_once, at_once + 1, 0, retry_after))
        return errors.refused(call, TooMany(user.most, user.most + 1, user.seconds, retry_after))


DIALECT = BusinessCentralDialect()
