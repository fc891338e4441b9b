"""Zoho's surface: every operation that it answers, and how it says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.zoho_books import access, errors
from sandbooks.platforms.zoho_books.api import OPERATIONS
from sandbooks.platforms.zoho_books.refusals import TooMany
from sandbooks.wire import Response

_LEGACY_PREFIX = "/api/v3/"


class ZohoBooksDialect:
    """API version 3 in JSON, and the accounts server beside it."""

    name = access.PLATFORM

    @property
    def operations(self) -> Sequence[Operation]:
        return OPERATIONS

    def route(self, path: str) -> str:
        """Older clients address ``books.zoho.com/api/v3``; both prefixes are one API."""
        if path.startswith(_LEGACY_PREFIX):
            return f"{access.PREFIX}/{path.removeprefix(_LEGACY_PREFIX)}"
        return path

    def admit(self, call: Call) -> None:
        access.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        return errors.answer(refusal, _overrides(call))

    def unmatched(self, _call: Call, status: int) -> Response:
        # Source: https://www.zoho.com/books/api/v3/errors/ (404, 405); code 5: public client logs
        if status == 405:
            return errors.reply(405, 5, "Method Not Allowed")
        return errors.reply(404, 5, "Invalid URL Passed")

    def broken(self, _call: Call, _error: Exception) -> Response:
        return errors.reply(500, 1000, "Internal error")

    def absent(self, _call: Call, error: NotSimulated) -> Response:
        return errors.reply(501, 1000, str(error))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        named = str(call.facts.get("limit", "minute"))
        limit = named if named in errors.LIMITS else "minute"  # no limit of an application is known here
        most = access.daily(call.company) if call.has_company and limit == "day" else access.MINUTE.most
        refusal = TooMany(limit, most, retry_after)
        return errors.answer(refusal, _overrides(call), (("X-Rate-Limit-Reset", str(retry_after)),))


def _overrides(call: Call) -> Mapping[str, Mapping[str, Any]]:
    if not call.has_company:
        expired = call.world.get("settings", "zoho_books/expired_token_code")
        return {"InvalidToken": {"code": 14, "message": errors.INVALID_TOKEN_14[2]}} if expired == 14 else {}
    found: Mapping[str, Mapping[str, Any]] = call.company.settings.get("errors", {})
    return found


DIALECT = ZohoBooksDialect()
