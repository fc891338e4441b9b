"""Sage Intacct's surface: the XML gateway at one address, the REST API beside it, and how each says no."""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.sage_intacct import errors, limits
from sandbooks.platforms.sage_intacct.gateway import replies, running
from sandbooks.platforms.sage_intacct.gateway.envelope import Control
from sandbooks.platforms.sage_intacct.refusals import RateLimited
from sandbooks.platforms.sage_intacct.rest import OPERATIONS as REST_OPERATIONS
from sandbooks.platforms.sage_intacct.rest import access, problems
from sandbooks.wire import Response

GATEWAY = "/ia/xml/xmlgw.phtml"


class SageIntacctDialect:
    """Two surfaces over one company."""

    name = "sage_intacct"

    @property
    def operations(self) -> Sequence[Operation]:
        return (
            Operation("xml_gateway", "POST", GATEWAY, running.run, refine=running.refine),
            *REST_OPERATIONS,
        )

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        if _is_gateway(call):
            running.admit(call)
        else:
            access.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        call.reply_headers.clear()
        return running.refused(call, refusal) if _is_gateway(call) else problems.answer(call, refusal)

    def unmatched(self, call: Call, status: int) -> Response:
        if call.request.path.endswith(GATEWAY):
            # Source: developer.intacct.com/web-services (GET is blocked since January 2023)
            error = errors.Error("XL03000003", "Only POST requests are accepted.", "Send the request by POST.")
            return replies.plain_failure(call, Control(), [error], status=status)
        return problems.unmatched(call, status)

    def broken(self, call: Call, _error: Exception) -> Response:
        if _is_gateway(call):
            error = errors.Error("GW-0001", "Unable to process request", "Try again later.")
            return replies.plain_failure(call, call.facts.get("control", Control()), [error], status=500)
        return problems.single(call, 500, "internalError", "Unable to process request")

    def absent(self, call: Call, error: NotSimulated) -> Response:
        if _is_gateway(call):
            # The official clients try a 5xx again, so this one is a 4xx. Source: intacct-sdk-php (RequestHandler)
            told = errors.Error("NotSimulated", str(error), error.instead)
            return replies.plain_failure(call, call.facts.get("control", Control()), [told], status=422)
        return problems.single(call, 501, "notImplemented", str(error))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        refusal = RateLimited(retry_after, limits.status_of(call))
        answer = self.refused(call, refusal)
        return Response(answer.status, (*answer.headers, ("Retry-After", str(retry_after))), answer.body)


def _is_gateway(call: Call) -> bool:
    return call.operation.rule == GATEWAY


DIALECT = SageIntacctDialect()
