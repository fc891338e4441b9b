"""The dialect: every operation, and how the service says no."""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks import exact_json
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import admission
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.api.operations import OPERATIONS
from sandbooks.platforms.quickbooks_online.wire.replies import frame, refusal_reply, reply
from sandbooks.wire import Response


class QuickBooksOnline:
    """How QuickBooks Online speaks."""

    name = "quickbooks_online"

    @property
    def operations(self) -> Sequence[Operation]:
        return OPERATIONS

    def route(self, path: str) -> str:
        """Resource names are taken in any case, with or without a slash at the end; ids (NON, TAX) as they stand."""
        parts = (path.rstrip("/") or "/").split("/")
        if parts[1].lower() != "v3":
            return "/".join(parts)
        named = 6 if parts[4:5] and parts[4].lower() == "taxservice" else 5
        return "/".join([*(part.lower() for part in parts[:named]), *parts[named:]])

    def admit(self, call: Call) -> None:
        admission.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        if isinstance(refusal, no.SignInRefused):
            body = {"error": refusal.error}
            if refusal.description:
                body["error_description"] = refusal.description
            return json_reply(body, status=refusal.status, headers=frame(call))
        if call.operation.public and not call.has_company:
            return json_reply({"error": "invalid_request"}, status=400, headers=frame(call))
        return refusal_reply(call, refusal)

    def unmatched(self, call: Call, status: int) -> Response:
        if status == 405:
            method = call.request.method
            text = f"message=No resource method found for {method}, return 405 with Allow header; statusCode=405"
        else:
            text, status = "message=Resource not found; statusCode=404", 404
        error = {"Message": text, "Detail": "", "code": str(status)}
        answer = reply(call, {"Fault": {"Error": [error], "type": "SystemFault"}}, status=status)
        if status != 405:
            return answer
        allowed = ("Allow", ", ".join(_methods_at(self.route(call.request.path))))
        return Response(status, (*answer.headers, allowed), answer.body)

    def broken(self, call: Call, error: Exception) -> Response:
        """Source: error 10000 of the error-codes page."""
        told = {
            "Message": "An application error has occurred while processing your request",
            "Detail": f"System Failure Error: {type(error).__name__}",
            "code": "10000",
            "element": "",
        }
        return reply(call, {"Fault": {"Error": [told], "type": "SystemFault"}}, status=500)

    def absent(self, call: Call, error: NotSimulated) -> Response:
        told = {"Message": "Unsupported Operation", "Detail": f"Operation {error} is not supported.", "code": "500"}
        body = {"Fault": {"Error": [told], "type": "SystemFault"}}
        return Response(501, (("Content-Type", "application/json;charset=UTF-8"), *frame(call)), exact_json.dumps(body))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        """Clients are told to wait a minute."""
        return refusal_reply(call, no.Throttled())


def _methods_at(path: str) -> list[str]:
    """The methods that a path takes."""
    parts = path.split("/")
    found = set[str]()
    for operation in OPERATIONS:
        rule = operation.rule.split("/")
        if len(rule) == len(parts) and all(r[:1] == "<" or r == p for r, p in zip(rule, parts, strict=True)):
            found.add(operation.method)
    return sorted(found)


DIALECT = QuickBooksOnline()
