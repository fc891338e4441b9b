"""NetSuite's surface: every operation that it answers, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks.faults.dress import ServerFailure
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.netsuite import access, errors
from sandbooks.platforms.netsuite.api import OPERATIONS
from sandbooks.platforms.netsuite.api.scripts import ADDRESS
from sandbooks.platforms.netsuite.refusals import LoginInvalid
from sandbooks.wire import Response


class NetSuiteDialect:
    """SuiteTalk REST web services, with sign-in."""

    name = "netsuite"

    @property
    def operations(self) -> Sequence[Operation]:
        return OPERATIONS

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        call.reply_headers.append(("X-N-OperationId", operation_id(call)))
        access.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        if isinstance(refusal, LoginInvalid) and _is_restlet(call):
            # Source: answers of RESTlets in public threads (code and message, status 401)
            return _told(call, errors.restlet("INVALID_LOGIN_ATTEMPT", "Invalid login attempt.", status=401))
        return _told(call, errors.within_script(refusal)) if _is_restlet(call) else errors.answer(refusal)

    def unmatched(self, call: Call, status: int) -> Response:
        # Source: github.com/julbrs/netsuite-api-client (test suite that runs against an account)
        if call.request.method == "OPTIONS" and status == 405:
            return Response(204)
        if status == 405 and call.request.path.endswith(ADDRESS):
            detail = f"Method {call.request.method} is not allowed."
            return _told(call, errors.restlet("METHOD_NOT_ALLOWED", detail, status=405), script=True)
        if status == 405:
            return errors.envelope(405, "METHOD_NOT_ALLOWED", f"Method {call.request.method} is not allowed here.")
        return errors.envelope(404, "INVALID_URL", "The requested resource does not exist.")

    def broken(self, call: Call, error: Exception) -> Response:
        detail = f"An unexpected error occurred. Error ID: {operation_id(call)}"
        status = error.status if isinstance(error, ServerFailure) else 500
        return _told(call, errors.failure(detail, status=status, script=_is_restlet(call)))

    def absent(self, call: Call, error: NotSimulated) -> Response:
        return _told(call, errors.failure(str(error), status=501, script=_is_restlet(call)))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        code = access.concurrency_code(call.company) if call.has_company else access.CONCURRENCY_CODE
        return _told(call, errors.too_many(code, retry_after=retry_after, script=_is_restlet(call)))


def _is_restlet(call: Call) -> bool:
    return call.exchange.operation.startswith("restlet_")


def _told(call: Call, answer: Response, *, script: bool = False) -> Response:
    """An answer; that of a RESTlet in the form that the request asks for."""
    return (
        errors.in_form_of(answer, call.header("Content-Type"), call.header("Accept"))
        if script or _is_restlet(call)
        else answer
    )


def operation_id(call: Call) -> str:
    """The id under which the service knows a request. Unconfirmed: the header's name."""
    return call.world.ids.fixed_uuid(f"netsuite/operation/{call.exchange.number}")


DIALECT = NetSuiteDialect()
