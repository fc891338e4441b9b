"""The ways in which Xero says no, beside the ledger's own refusals. Facts as fields; ``wire.errors`` dresses them."""

from __future__ import annotations

from typing import Any

from sandbooks.ledger import Refusal


class Invalid(Refusal):
    """One element is not valid: {errors}."""

    errors: tuple[str, ...]


class BatchInvalid(Refusal):
    """A validation exception occurred."""

    kind: str
    elements: tuple[dict[str, Any], ...]


class Unreadable(Refusal):
    """The body cannot be read: {reason}."""

    reason: str
    number: int = 14


class QueryUnreadable(Refusal):
    """{reason}"""

    reason: str


class TooLarge(Refusal):
    """The request is larger than {most} bytes."""

    most: int


class NotFound(Refusal):
    """There is no such resource."""


class NotImplementedHere(Refusal):
    """The method is not implemented for {resource}."""

    resource: str


class Unauthenticated(Refusal):
    """The access token is missing or unknown."""

    detail: str = "AuthenticationUnsuccessful"


class ScopeMissing(Refusal):
    """The access token lacks the scope for this resource."""


class TenantForbidden(Refusal):
    """The tenant header is missing or names an organisation that is not connected."""


class PreconditionFailed(Refusal):
    """The organisation cannot be reached through the API: {detail}."""

    detail: str


class Throttled(Refusal):
    """Too many requests ({problem})."""

    problem: str
    retry_after: int


class KeyReused(Refusal):
    """Idempotency Key: {key} is used with a different request."""

    key: str


class KeyInvalid(Refusal):
    """The Idempotency-Key is longer than 128 characters."""


class FileRefused(Refusal):
    """{detail}"""

    kind: str
    title: str
    detail: str


class SignInRefused(Refusal):
    """The sign-in request is refused: {error}."""

    error: str
    description: str = ""
    status: int = 400


def invalid(*errors: str) -> Invalid:
    """One element is refused with these messages."""
    return Invalid(errors)
