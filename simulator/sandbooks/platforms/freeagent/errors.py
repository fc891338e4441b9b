"""Every refusal in FreeAgent's own dress: one total table from refusal class to status and body.

FreeAgent publishes no list of errors; statuses and envelopes are those that public clients parse. A company's setting
``errors`` replaces any of them by the name of the refusal: ``{"PeriodClosed": {"message": "...", "status": 422}}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sandbooks import ledger
from sandbooks.kit.call import json_reply
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.freeagent import refusals as native
from sandbooks.wire import Response

Answer: TypeAlias = Callable[[Any], Response]


def single(status: int, message: str) -> Response:
    """The nested envelope of everything but validation."""
    # Source: https://api-discuss.freeagent.com (errors quoted in threads), github.com/endjin/Endjin.FreeAgent
    return json_reply({"errors": {"error": {"message": message}}}, status=status)


def several(messages: tuple[str, ...]) -> Response:
    """The validation envelope: one message per broken rule, 422."""
    # Source: github.com/markheydon/freeagent-dotnet (error tests: errors[].message)
    return json_reply({"errors": [{"message": message} for message in messages]}, status=422)


def plain(status: int, text: str, *headers: tuple[str, str]) -> Response:
    """A plain-text answer, as for limits and failed Basic authentication."""
    return Response(status, (("Content-Type", "text/plain; charset=utf-8"), *headers), text.encode())


def oauth(status: int, error: str, description: str = "") -> Response:
    """The token endpoint's envelope. Source: RFC 6749 section 5.2; https://dev.freeagent.com/docs/oauth"""
    body = {"error": error, **({"error_description": description} if description else {})}
    return json_reply(body, status=status, headers=(("Cache-Control", "no-store"),))


def too_many(most: int, seconds: int, retry_after: int) -> Response:
    """The limit's own answer. Source: https://dev.freeagent.com/docs/introduction (rate limits)"""
    text = f"You must not exceed {most} requests per {seconds} seconds"
    return plain(429, text, ("Retry-After", str(retry_after)))


def _rule(text: Callable[[Any], str]) -> Answer:
    return lambda refusal: several((text(refusal),))


# Unconfirmed: wording of each validation message; a recording of the live API would settle it.
_TABLE: dict[type[Refusal], Answer] = {
    native.TokenNotRecognised: lambda _: single(401, "Access token not recognised"),
    native.UserAgentMissing: lambda _: single(400, "User-Agent header is required"),
    # Source: https://api-discuss.freeagent.com (quoted text)
    native.AccessDenied: lambda _: single(403, "You are not allowed to access this action."),
    NotPermitted: lambda _: single(403, "You are not allowed to access this action."),
    # Source: https://api-discuss.freeagent.com (quoted text). Unconfirmed: 403 rather than 401.
    native.ApiAccessDisabled: lambda _: single(403, "API access is disabled for this company"),
    native.Missing: lambda _: single(404, "Resource not found"),
    native.Invalid: lambda refusal: several(refusal.messages),
    # Source: https://dev.freeagent.com/docs/depreciation_profiles (update requests)
    native.ScheduleDeprecated: lambda _: single(
        422, "`depreciation_schedule` is deprecated, use `depreciation_profile` instead"
    ),
    native.Malformed: lambda refusal: single(400, refusal.problem),
    native.NotAcceptable: lambda _: single(406, "Not Acceptable"),
    native.EmptyStatement: lambda _: single(406, "The statement is empty"),
    native.LinkExpired: lambda _: plain(403, "Request has expired"),
    native.TooMany: lambda refusal: too_many(refusal.most, refusal.seconds, refusal.retry_after),
    native.InvalidClient: lambda refusal: (
        plain(401, "HTTP Basic: Access denied.", ("WWW-Authenticate", 'Basic realm="Application"'))
        if refusal.basic
        else oauth(401, "invalid_client")
    ),
    native.InvalidGrant: lambda refusal: oauth(400, "invalid_grant", refusal.problem),
    native.UnsupportedGrant: lambda _: oauth(400, "unsupported_grant_type"),
    ledger.PeriodClosed: _rule(lambda _: "dated_on is in a locked accounting period"),
    ledger.AccountInactive: _rule(lambda refusal: f"{refusal.name} is hidden"),
    ledger.AccountUnknown: _rule(lambda _: "Category not found"),
    ledger.AccountExists: _rule(lambda _: "nominal_code has already been taken"),
    ledger.AccountCurrency: _rule(lambda _: "currency can't be changed once the account has transactions"),
    ledger.AmountTooLarge: _rule(lambda _: "value is too large"),
    ledger.WrongPrecision: _rule(lambda _: "value has too many decimal places"),
    ledger.OverSettled: _rule(lambda _: "gross_value can't be more than the due value of the bill"),
    ledger.TaxNotCharged: _rule(lambda _: "manual_sales_tax_amount is invalid"),
    ledger.Unbalanced: _rule(lambda _: "journal_entries must balance"),
    ledger.EmptyEntry: _rule(lambda _: "value must be other than 0"),
    ledger.BaseCurrency: _rule(lambda _: "currency is invalid"),
    ledger.BaseDiffers: _rule(lambda _: "exchange_rate is invalid"),
    ledger.AlreadyPosted: _rule(lambda _: "item has already been saved"),
    ledger.NothingPosted: _rule(lambda _: "item has not been saved"),
}


REFUSALS = frozenset(_TABLE)


# What a company may word otherwise: neither the messages of single members nor limits and sign-in.
WORDED = frozenset(
    refusal.__name__
    for refusal in REFUSALS
    - {native.Invalid, native.TooMany, native.LinkExpired}
    - {native.InvalidClient, native.InvalidGrant, native.UnsupportedGrant}
)


def answer(refusal: Refusal, overrides: Mapping[str, Mapping[str, Any]]) -> Response:
    """The native answer to a refusal, or what the company's setting ``errors`` says in its place: a message, and a
    status. A refusal outside the table is a bug and raises ``KeyError``."""
    said = _TABLE[type(refusal)](refusal)
    own = overrides.get(type(refusal).__name__)
    if own is None:
        return said
    status, message = int(own.get("status", said.status)), str(own["message"])
    return several((message,)) if status == 422 else single(status, message)
