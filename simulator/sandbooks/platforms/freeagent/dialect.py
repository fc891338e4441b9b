"""FreeAgent's surface: every operation that it answers, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.freeagent import access, errors
from sandbooks.platforms.freeagent.api import OPERATIONS
from sandbooks.platforms.freeagent.wire import in_form_asked
from sandbooks.wire import Response


class FreeAgentDialect:
    """API version 2 in JSON."""

    name = "freeagent"

    @property
    def operations(self) -> Sequence[Operation]:
        return OPERATIONS

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        access.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        call.reply_headers.clear()
        worded = call.company.settings.get("errors", {}) if call.has_company else {}
        return in_form_asked(call, errors.answer(refusal, worded))

    def unmatched(self, call: Call, status: int) -> Response:
        return in_form_asked(
            call, errors.single(status, "Method not allowed" if status == 405 else "Resource not found")
        )

    def broken(self, _call: Call, _error: Exception) -> Response:
        return errors.single(500, "Internal Server Error")

    def absent(self, _call: Call, error: NotSimulated) -> Response:
        return errors.single(501, str(error))

    def throttled(self, _call: Call, *, retry_after: int) -> Response:
        return errors.too_many(access.MINUTE.most, access.MINUTE.seconds, retry_after)


DIALECT = FreeAgentDialect()
