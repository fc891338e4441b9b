"""The lawful ways in which Business Central says no, beside those of the books themselves.

Facts only: ``errors`` gives each its code, status and text.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal

__all__ = [
    "BadBody",
    "BadUrl",
    "BlankMember",
    "BodyTooLarge",
    "CompanyMissing",
    "CredentialsRejected",
    "DependencyFailed",
    "Dialog",
    "EntityChanged",
    "EnvironmentMissing",
    "FieldRule",
    "FilterTooLong",
    "IncompatibleTypes",
    "KeyExists",
    "MethodNotAllowed",
    "NoRate",
    "NotAnOption",
    "NothingWithin",
    "OperationTooLong",
    "PageTooLarge",
    "PermissionMissing",
    "QueuedTooLong",
    "ReadOnlyMember",
    "RecordMissing",
    "RequestTooLong",
    "SegmentMissing",
    "SignInRefused",
    "TokenNotValid",
    "TooLong",
    "TooMany",
    "UnknownMember",
    "Unrelated",
]


class CredentialsRejected(Refusal):
    """The access token is missing, unknown, expired or meant for someone else."""


class EnvironmentMissing(Refusal):
    """There is no environment {environment}."""

    environment: str


class CompanyMissing(Refusal):
    """There is no company {company}."""

    company: str


class SegmentMissing(Refusal):
    """There is no resource {segment}."""

    segment: str


class MethodNotAllowed(Refusal):
    """{method} is not possible on {resource}."""

    method: str
    resource: str


class BadBody(Refusal):
    """The body cannot be read: {problem}."""

    problem: str


class BadUrl(Refusal):
    """The address cannot be read: {problem}."""

    problem: str


class BodyTooLarge(Refusal):
    """The body has more than {most} bytes."""

    most: int


class PageTooLarge(Refusal):
    """A page has at most {most} rows."""

    most: int


class PermissionMissing(Refusal):
    """No permission set allows {right} on table {number}, {table}."""

    number: int
    table: str
    right: str
    extension: str


class UnknownMember(Refusal):
    """{type} has no member {member}."""

    type: str
    member: str


class ReadOnlyMember(Refusal):
    """{member} cannot be set."""

    member: str


class IncompatibleTypes(Refusal):
    """A {left} cannot be compared with a {right}."""

    left: str
    right: str
    operator: str


class NotAnOption(Refusal):
    """{value} is none of the options of {member}."""

    member: str
    value: str
    options: tuple[str, ...]


class TooLong(Refusal):
    """A text of {length} characters stands where {most} are the most."""

    length: int
    most: int
    value: str


class TokenNotValid(Refusal):
    """The concurrency token is missing or is none."""


class EntityChanged(Refusal):
    """Another version of the record stands."""


class BlankMember(Refusal):
    """The member {member} was given as null, which it cannot be."""

    member: str


class FilterTooLong(Refusal):
    """The filter compares {member} of {table} with {value}, of {length} characters, where {most} are the most."""

    value: str
    member: str
    table: str
    length: int
    most: int


class DependencyFailed(Refusal):
    """The request {request} of the same batch failed, and this one depends on it."""

    request: str


class RecordMissing(Refusal):
    """There is no {table} {identification}."""

    table: str
    identification: str


class KeyExists(Refusal):
    """There is a {table} {identification} already."""

    table: str
    identification: str


class Unrelated(Refusal):
    """{member} of {table} names {value}, which is not in {related}."""

    member: str
    table: str
    value: str
    related: str


class NoRate(Refusal):
    """There is no exchange rate of {currency} for {date}."""

    currency: str
    date: str


class NothingWithin(Refusal):
    """There is no {table} of that description."""

    table: str


class FieldRule(Refusal):
    """A field breaks a rule of its table: {text}"""

    text: str


class Dialog(Refusal):
    """A business rule of the application says no: {text}"""

    text: str


class TooMany(Refusal):
    """More than {most} requests in {seconds} seconds; 0 seconds: at once."""

    most: int
    actual: int
    seconds: int
    retry_after: int


class OperationTooLong(Refusal):
    """An operation is worked at for {minutes} minutes at most."""

    minutes: int


class QueuedTooLong(Refusal):
    """A request waits for {minutes} minutes at most."""

    minutes: int


class RequestTooLong(Refusal):
    """A request is answered within {minutes} minutes or not at all."""

    minutes: int


class SignInRefused(Refusal):
    """Sign-in is refused: {error}, {code}."""

    error: str
    code: int
    text: str
