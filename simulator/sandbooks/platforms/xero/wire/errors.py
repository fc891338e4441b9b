"""Every refusal in Xero's dress: one total table from refusal class to status, type and message.

# Source: https://developer.xero.com/documentation/api/accounting/responsecodes
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks import exact_json, ledger
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.xero import refusals
from sandbooks.platforms.xero.wire.dates import lock_text
from sandbooks.platforms.xero.wire.writing import JSON, XML, wants_json, xml_document
from sandbooks.wire import Response

VALIDATION = (10, "ValidationException", "A validation exception occurred")


def _archived(refusal: ledger.AccountInactive) -> str:
    # Source: wording as in public integration tests; the account is named where it has no code.
    return (
        f"Account code '{refusal.name}' has been archived, or has been deleted. "
        "Each line item must reference a valid account."
    )


def _closed(refusal: ledger.PeriodClosed) -> str:
    return lock_message("end of year lock date", refusal.closed_through)


def lock_message(which: str, through: Any) -> str:
    # Source: https://github.com/fylein/fyle-xero-api matches "end of year lock date"; live answers carry the suffix.
    return f"The document date cannot be before the {which}, currently set at {lock_text(through)}"


# What one element of a batch says when the ledger refuses it.
LEDGER_MESSAGES: dict[type[Refusal], Callable[[Any], str]] = {
    ledger.PeriodClosed: _closed,
    ledger.AccountInactive: _archived,
    ledger.AccountUnknown: lambda r: f"Account '{r.account}' is not a valid account for this document.",
    ledger.AccountExists: lambda _: "Please enter a unique Name.",
    ledger.AccountCurrency: lambda r: f"The account is in {r.account_currency} and cannot take {r.currency}.",
    ledger.AlreadyPosted: lambda _: "The document has been changed by another request.",
    ledger.NothingPosted: lambda _: "The document is not posted.",
    ledger.EmptyEntry: lambda _: "The document total must be greater than zero.",
    ledger.Unbalanced: lambda _: "The total debits must equal total credits",
    ledger.WrongPrecision: lambda r: f"The amount {r.money.amount} has more decimals than {r.money.currency} has.",
    ledger.AmountTooLarge: lambda _: "The amount is out of range.",
    ledger.BaseCurrency: lambda _: "The amount is not in the base currency.",
    ledger.BaseDiffers: lambda _: "The amount differs from its base amount.",
    ledger.OverSettled: lambda _: "Payment amount exceeds the amount outstanding on this document",
    ledger.TaxNotCharged: lambda r: f"The tax amount {r.given.amount} is not valid for tax type '{r.code}'.",
}


def messages_of(refusal: Refusal) -> tuple[str, ...]:
    """What an element's ValidationErrors say."""
    if isinstance(refusal, refusals.Invalid):
        return refusal.errors
    message = LEDGER_MESSAGES.get(type(refusal))
    return (message(refusal) if message else refusal.message,)


def exception(
    call: Call, status: int, *, number: int, kind: str, message: str, of: str = "", **members: Any
) -> Response:
    """An ApiException document; ``of`` is the kind of its elements."""
    body: dict[str, Any] = {"ErrorNumber": number, "Type": kind, "Message": message, **members}
    if wants_json(call):
        return Response(status, (("Content-Type", JSON),), exact_json.dumps(body))
    return Response(status, (("Content-Type", XML),), xml_document("ApiException", body, element_type=of))


def problem(call: Call, status: int, title: str, *, detail: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """The gateway's document for 401, 403 and 412: JSON whatever was asked for."""
    body: dict[str, Any] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": call.world.ids.fixed_uuid(f"xero/problem/{call.exchange.number}"),
        "Extensions": {},
    }
    return Response(status, (("Content-Type", "application/json"), *headers), exact_json.dumps(body))


def _invalid(call: Call, refusal: Refusal) -> Response:
    number, kind, message = VALIDATION
    errors = [{"Message": text} for text in messages_of(refusal)]
    return exception(call, 400, number=number, kind=kind, message=message, Elements=[{"ValidationErrors": errors}])


def _batch(call: Call, refusal: refusals.BatchInvalid) -> Response:
    number, kind, message = VALIDATION
    elements = list(refusal.elements)
    return exception(call, 400, number=number, kind=kind, message=message, of=refusal.kind, Elements=elements)


def _unreadable(call: Call, refusal: refusals.Unreadable) -> Response:
    return exception(call, 400, number=refusal.number, kind="PostDataInvalidException", message=refusal.reason)


def _query(call: Call, refusal: refusals.QueryUnreadable) -> Response:
    return exception(call, 400, number=16, kind="QueryParseException", message=refusal.reason)


def _unauthenticated(call: Call, refusal: refusals.Unauthenticated) -> Response:
    return problem(call, 401, "Unauthorized", detail=refusal.detail)


def _scope(call: Call, _: refusals.ScopeMissing) -> Response:
    # Unconfirmed: the spelling; live answers have been seen with `insufficent_scope`.
    header = ("WWW-Authenticate", 'Bearer error="insufficient_scope"')
    return problem(call, 401, "Unauthorized", detail="AuthorizationUnsuccessful", headers=(header,))


def _tenant(call: Call, _: refusals.TenantForbidden) -> Response:
    return problem(call, 403, "Forbidden", detail="AuthenticationUnsuccessful")


def _not_permitted(call: Call, _: NotPermitted) -> Response:
    """The user behind the consent has lost the right: the gateway's document, which has no elements.

    Unconfirmed: the detail; settled by taking a user's role away while an application is connected.
    """
    return problem(call, 403, "Forbidden", detail="AuthorizationUnsuccessful")


def _precondition(call: Call, refusal: refusals.PreconditionFailed) -> Response:
    # Unconfirmed: what brings it about; seen for organisations whose trial or subscription has a problem.
    return problem(call, 412, "PreconditionFailed", detail=refusal.detail)


def not_found(_: Call, __: Refusal | None = None) -> Response:
    """404 is HTML without a body. Source: recorded live answer."""
    return Response(404, (("Content-Type", "text/html; charset=utf-8"),), b"")


def not_allowed(_: Call) -> Response:
    """A wrong method at the identity server or at the connections. Unconfirmed: recorded answers of both."""
    return Response(405, (), b"")


def _throttled(_: Call, refusal: refusals.Throttled) -> Response:
    headers = [("X-Rate-Limit-Problem", refusal.problem)]
    if refusal.problem != "concurrent":
        headers.append(("Retry-After", str(refusal.retry_after)))
    return Response(429, tuple(headers), b"")


def _key_reused(call: Call, refusal: refusals.KeyReused) -> Response:
    number, kind, _ = VALIDATION
    return exception(call, 400, number=number, kind=kind, message=refusal.message, Elements=[])


def _key_invalid(call: Call, refusal: refusals.KeyInvalid) -> Response:
    number, kind, _ = VALIDATION
    return exception(call, 400, number=number, kind=kind, message=refusal.message, Elements=[])


def _too_large(call: Call, _: refusals.TooLarge) -> Response:
    return problem(call, 413, "RequestEntityTooLarge", detail="The request is too large")


def not_implemented(_: Call, refusal: refusals.NotImplementedHere | None = None) -> Response:
    """A method that a resource lacks: XML with a message, whatever was asked for."""
    text = f"The method is not implemented{f' for {refusal.resource}' if refusal else ''}"
    body = xml_document(
        "ApiException", {"ErrorNumber": 20, "Type": "ApiMethodNotImplementedException", "Message": text}
    )
    return Response(501, (("Content-Type", XML),), body)


def _sign_in(_: Call, refusal: refusals.SignInRefused) -> Response:
    body = {"error": refusal.error}
    if refusal.description:
        body["error_description"] = refusal.description
    return Response(refusal.status, (("Content-Type", "application/json"),), exact_json.dumps(body))


def _file(_: Call, refusal: refusals.FileRefused) -> Response:
    """The Files API's own document: a bare list. Source: examples of XeroAPI/Xero-OpenAPI xero_files.yaml"""
    body = [{"type": refusal.kind, "title": refusal.title, "detail": refusal.detail}]
    return Response(400, (("Content-Type", JSON),), exact_json.dumps(body))


TABLE: dict[type[Refusal], Callable[[Call, Any], Response]] = {
    **dict.fromkeys(LEDGER_MESSAGES, _invalid),
    refusals.Invalid: _invalid,
    refusals.BatchInvalid: _batch,
    refusals.Unreadable: _unreadable,
    refusals.QueryUnreadable: _query,
    refusals.TooLarge: _too_large,
    refusals.NotFound: not_found,
    refusals.NotImplementedHere: not_implemented,
    refusals.Unauthenticated: _unauthenticated,
    refusals.ScopeMissing: _scope,
    refusals.TenantForbidden: _tenant,
    NotPermitted: _not_permitted,
    refusals.PreconditionFailed: _precondition,
    refusals.Throttled: _throttled,
    refusals.KeyReused: _key_reused,
    refusals.KeyInvalid: _key_invalid,
    refusals.FileRefused: _file,
    refusals.SignInRefused: _sign_in,
}


def refused(call: Call, refusal: Refusal) -> Response:
    """Any refusal in Xero's dress; one that this table does not know yet is a validation error with its sentence."""
    return TABLE.get(type(refusal), _invalid)(call, refusal)
