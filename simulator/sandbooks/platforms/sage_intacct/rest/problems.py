"""Refusals as REST dresses them: ``ia::error`` with a code, a message, and the numbered errors as details.

Source: developer.sage.com/intacct (error handling)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.sage_intacct import errors
from sandbooks.platforms.sage_intacct import refusals as native
from sandbooks.platforms.sage_intacct.gateway.replies import support_id
from sandbooks.platforms.sage_intacct.rest.resources import RESOURCES
from sandbooks.wire import Response

_BY_OBJECT = {resource.object: resource for resource in RESOURCES}
_STATUS: dict[type[Refusal], tuple[int, str]] = {
    native.RequestMalformed: (400, "invalidRequest"),
    native.SenderUnknown: (401, "GW-0011"),
    native.SenderUnauthorised: (403, "GW-0042"),
    native.CompanyExpired: (403, "GW-0042"),
    # Source: developer.sage.com/intacct (error handling: GW-0042 forbidden). Unconfirmed: that it tells these two.
    NotPermitted: (403, "GW-0042"),
    native.SignInIncorrect: (401, "UJPP0002"),
    native.SessionInvalid: (401, "invalidRequest"),
    native.RateLimited: (429, "GW-0010"),
    native.KeyReused: (409, "duplicateIdempotencyKey"),
    native.ObjectUnknown: (404, "invalidRequest"),
    native.PathUnknown: (404, "invalidRequest"),
    native.MethodUnknown: (405, "invalidRequest"),
    native.NotFound: (404, "invalidKey"),
    native.FieldUnknown: (400, "invalidRequest"),
    native.FieldMissing: (400, "invalidRequest"),
    native.FieldMalformed: (400, "invalidRequest"),
    native.QueryMalformed: (400, "invalidRequest"),
    native.Taken: (409, "operationFailed"),
    native.UniqueValueTaken: (409, "operationFailed"),
    native.BillNumberTaken: (409, "operationFailed"),
}


def status_of(refusal: Refusal) -> tuple[int, str]:
    """HTTP status and code of a refusal: 422 for what the business rules forbid."""
    if isinstance(refusal, native.TokenRefused):
        return refusal.status, refusal.code
    return _STATUS.get(type(refusal), (422, "operationFailed"))


def body_of(call: Call, refusal: Refusal) -> dict[str, Any]:
    """The ``ia::error`` of a refusal."""
    cause = _cause(refusal)
    _, code = status_of(refusal)
    detail: dict[str, Any] = {"code": cause.number, "message": cause.text, "correction": cause.correction}
    message = cause.text if code != "operationFailed" else f"The operation failed: {cause.text}"
    shown: dict[str, Any] = {"code": code, "message": message, "supportId": support_id(call)}
    if isinstance(refusal, native.FieldUnknown):
        target = "/" + refusal.field.replace(".", "/")
        shown |= _numbered("REST-1064", "IA.PAYLOAD_CONTAINS_ERRORS")
        detail |= {"target": target, **_numbered("REST-1043", "IA.NOT_A_VALID_FIELD", {"FIELD": target})}
    elif isinstance(refusal, native.RequestMalformed) and not call.request.body:
        told = {"OPERATION": call.request.method}
        shown |= _numbered("REST-1028", "IA.REQUEST_REQUIRES_A_PAYLOAD", told)
    return {**shown, "details": [detail]}


def _numbered(number: str, message: str, placeholders: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What tells an error apart without its text, where its number is known.

    Source: github.com/lorenz-bus-service/node-intacct-rest-api (error responses)
    """
    info = {"messageId": message, "placeholders": dict(placeholders or {}), "propertySet": {}}
    return {"errorId": number, "additionalInfo": info}


def _cause(refusal: Refusal) -> errors.Error:
    """The error behind a refusal, in the words of REST. Unconfirmed: the wording of a body that is no JSON."""
    if isinstance(refusal, native.RequestMalformed):
        return errors.Error("XL03000003", f"The request cannot be read: {refusal.problem}.", "Check the request.")
    if isinstance(refusal, native.FieldUnknown):
        held = _BY_OBJECT.get(refusal.object)
        where = held.path if held is not None else refusal.object
        text = f"The object {where} has no member {refusal.field}."
        return errors.Error("invalidRequest", text, "Check the name of the member.")
    if isinstance(refusal, (native.FieldMissing, native.FieldMalformed)):
        resource = _BY_OBJECT.get(refusal.object)
        if resource is not None:
            paths = {member.name: member.path for member in (*resource.line_members, *resource.members)}
            field = paths.get(refusal.field, refusal.field)
            return errors.error_of(replace(refusal, object=resource.path, field=field))
    return errors.error_of(refusal)


def answer(call: Call, refusal: Refusal) -> Response:
    """The native answer to a refusal."""
    status, _ = status_of(refusal)
    return _reply(call, status, body_of(call, refusal))


def single(call: Call, status: int, code: str, message: str) -> Response:
    """An error without a refusal behind it."""
    return _reply(call, status, {"code": code, "message": message, "supportId": support_id(call), "details": []})


_TOKENS = "/ia/api/v1/oauth2/"


def unmatched(call: Call, status: int) -> Response:
    """No such resource or method."""
    if call.request.path.startswith(_TOKENS):
        # Source: developer.sage.com/intacct (error handling: GW-0033 invalid token endpoint)
        return single(call, status, "GW-0033", "Invalid Token Endpoint")
    message = (
        "The method is not allowed." if status == 405 else f"The resource {call.request.path[:200]} does not exist."
    )
    return single(call, status, "invalidRequest", message)


def _reply(call: Call, status: int, error: dict[str, Any]) -> Response:
    meta = {"totalCount": 1, "totalSuccess": 0, "totalError": 1}
    told = {"ia::error": error}
    # Source: developer.sage.com/intacct (error handling). Both places were seen; the setting of the world chooses.
    on_top = call.world.get("settings", "rest_error_place") == "top"
    return json_reply({**(told if on_top else {"ia::result": told}), "ia::meta": meta}, status=status)


def told_in(answer: Any) -> Any:
    """The error that an answer tells, wherever it stands; None without one."""
    if not isinstance(answer, dict):
        return None
    result = answer.get("ia::result")
    return answer.get("ia::error") or (result.get("ia::error") if isinstance(result, dict) else None)
