"""The lawful ways in which FreeAgent says no, beside those of the books themselves.

Facts only: ``errors`` gives each its status and body.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal

__all__ = [
    "AccessDenied",
    "ApiAccessDisabled",
    "EmptyStatement",
    "Invalid",
    "InvalidClient",
    "InvalidGrant",
    "LinkExpired",
    "Malformed",
    "Missing",
    "NotAcceptable",
    "ScheduleDeprecated",
    "TokenNotRecognised",
    "TooMany",
    "UnsupportedGrant",
    "UserAgentMissing",
]


class TokenNotRecognised(Refusal):
    """The access token is missing, unknown or expired."""


class UserAgentMissing(Refusal):
    """The request names no User-Agent."""


class AccessDenied(Refusal):
    """The user has permission level {level}, and this needs {needed}."""

    level: int
    needed: int


class ApiAccessDisabled(Refusal):
    """The company lets no application in."""


class Missing(Refusal):
    """There is no {resource} {id}."""

    resource: str
    id: str


class Invalid(Refusal):
    """The document breaks rules: {messages}."""

    messages: tuple[str, ...]


class ScheduleDeprecated(Refusal):
    """Years of depreciation are given in the old way to an asset that has a profile."""


class Malformed(Refusal):
    """The request cannot be read: {problem}."""

    problem: str


class NotAcceptable(Refusal):
    """No answer can be given as {accept}."""

    accept: str


class EmptyStatement(Refusal):
    """The statement holds no transactions."""


class LinkExpired(Refusal):
    """The signed link to a file is not valid, or not any more."""


class TooMany(Refusal):
    """More than {most} requests in {seconds} seconds."""

    most: int
    seconds: int
    retry_after: int


class InvalidClient(Refusal):
    """The application's credentials are wrong."""

    basic: bool


class InvalidGrant(Refusal):
    """The authorisation code or refresh token is not valid: {problem}."""

    problem: str


class UnsupportedGrant(Refusal):
    """There is no grant type {grant_type}."""

    grant_type: str
