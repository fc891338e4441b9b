"""The lawful ways in which Zoho Books says no, beside those of the books themselves.

Facts only: ``errors`` gives each its code, status and text.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal

__all__ = [
    "Broken",
    "EmptyBody",
    "InvalidToken",
    "InvalidValue",
    "NoSuch",
    "NotAuthorized",
    "OAuthDenied",
    "OAuthThrottled",
    "Required",
    "TooLong",
    "TooMany",
    "UnknownReference",
    "WrongOrganization",
    "broken",
]


class InvalidToken(Refusal):
    """The access token is missing, unknown, expired, or of another data centre."""


class NotAuthorized(Refusal):
    """The token's scopes do not hold {scope}."""

    scope: str


class WrongOrganization(Refusal):
    """The user does not belong to organisation {organization_id}."""

    organization_id: str


class TooMany(Refusal):
    """More than {most} calls: the {limit} limit (``minute``, ``day`` or ``concurrent``)."""

    limit: str
    most: int
    retry_after: int


class EmptyBody(Refusal):
    """The request carries no JSON document, or one that cannot be read."""


class InvalidValue(Refusal):
    """The value of {param} will not do."""

    param: str


class Required(Refusal):
    """{param} is not given."""

    param: str


class TooLong(Refusal):
    """{param} has more than {most} characters."""

    param: str
    most: int


class NoSuch(Refusal):
    """There is no {entity} {id}."""

    entity: str
    id: str


class UnknownReference(Refusal):
    """{param} names no {entity}."""

    param: str
    entity: str


class Broken(Refusal):
    """A rule of the documents is broken: {rule} ({detail})."""

    rule: str
    detail: str


class OAuthDenied(Refusal):
    """The accounts server refuses: {error}."""

    error: str


class OAuthThrottled(Refusal):
    """More tokens were asked for than the accounts server gives in its window."""

    status: int


def broken(rule: str, detail: str = "") -> Broken:
    """A broken rule by its name in ``errors.RULES``."""
    return Broken(rule, detail)
