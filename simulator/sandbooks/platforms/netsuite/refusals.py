"""The lawful ways in which NetSuite says no, beside those of the books themselves.

Facts only: ``errors`` gives each its status and code.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal

__all__ = [
    "BadContent",
    "BadHeader",
    "BadParameter",
    "BadReference",
    "BadSearch",
    "BodyTooLarge",
    "CannotDelete",
    "ExternalIdMissing",
    "FeatureOff",
    "IdInvalid",
    "JobUnknown",
    "LoginInvalid",
    "NoAnalytics",
    "OAuthRefused",
    "PermissionMissing",
    "RecordChanged",
    "RecordMissing",
    "Repeated",
    "ScriptFailed",
    "ScriptMissing",
    "TooManyAtOnce",
    "TypeUnknown",
    "Unparsable",
    "UserError",
]


class LoginInvalid(Refusal):
    """The credential is refused: {reason}."""

    reason: str
    token_refused: bool = False
    code: str = "INVALID_LOGIN"


class PermissionMissing(Refusal):
    """The role lacks the permission {permission}."""

    permission: str


class NoAnalytics(Refusal):
    """The role may read and write records one by one, but neither list nor query them."""


class RecordMissing(Refusal):
    """There is no {kind} {id}."""

    kind: str
    id: str


class IdInvalid(Refusal):
    """{id} is no internal id of a {kind}."""

    kind: str
    id: str


class ExternalIdMissing(Refusal):
    """No record has the external id {external}, which {path} names; the URL where that is empty."""

    external: str
    path: str = ""


class RecordChanged(Refusal):
    """Others saved {kind} {id} after it was loaded."""

    kind: str
    id: str
    code: str


class TypeUnknown(Refusal):
    """There is no record type {name}."""

    name: str


class BadContent(Refusal):
    """The body is not acceptable at {path}: {detail}."""

    detail: str
    path: str = ""


class BadReference(Refusal):
    """The reference at {path} does not fit: {detail}."""

    detail: str
    path: str = ""


class UserError(Refusal):
    """A rule of the account forbids it: {detail}."""

    detail: str
    path: str = ""


class CannotDelete(Refusal):
    """The record cannot be deleted: {detail}."""

    detail: str


class FeatureOff(Refusal):
    """The feature {feature} is not enabled in this account."""

    feature: str


class BadParameter(Refusal):
    """The query parameter {parameter} is not acceptable: {detail}."""

    detail: str
    parameter: str


class BadSearch(Refusal):
    """The query cannot be run: {detail}."""

    detail: str


class BadHeader(Refusal):
    """The header {header} is not acceptable: {detail}."""

    detail: str
    header: str


class BodyTooLarge(Refusal):
    """The body has more than {most} bytes."""

    most: int


class Unparsable(Refusal):
    """The request body is not one JSON object: {detail}."""

    detail: str


class Repeated(Refusal):
    """The idempotency key was used for job {location} already."""

    location: str


class JobUnknown(Refusal):
    """There is no asynchronous job or task {id}."""

    id: str


class TooManyAtOnce(Refusal):
    """More than {limit} requests at once."""

    limit: int
    code: str
    restlet: bool


class OAuthRefused(Refusal):
    """The authorization server refuses: {error}."""

    error: str
    status: int = 400


class ScriptFailed(Refusal):
    """A RESTlet refuses with {code}: {sentence}."""

    code: str
    sentence: str
    status: int = 400


class ScriptMissing(Refusal):
    """No script {script} is deployed as {deploy}."""

    script: str
    deploy: str
