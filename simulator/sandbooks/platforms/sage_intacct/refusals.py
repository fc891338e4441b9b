"""The lawful ways in which Sage Intacct says no, beside those of the books themselves.

Facts only: ``errors`` gives each its number and its texts, for the gateway and for REST alike.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal

__all__ = [
    "AccountRequires",
    "BillNumberMissing",
    "BillNumberTaken",
    "CompanyExpired",
    "ControlIdUsed",
    "FieldMalformed",
    "FieldMissing",
    "FieldUnknown",
    "FieldsNotQueried",
    "FunctionUnknown",
    "Inactive",
    "KeyReused",
    "LineUnusable",
    "MethodUnknown",
    "NotAllowed",
    "NotFound",
    "ObjectUnknown",
    "Overpaid",
    "PathUnknown",
    "PolicyUnknown",
    "QueryMalformed",
    "RateLimited",
    "ReferenceInvalid",
    "RequestMalformed",
    "SenderUnauthorised",
    "SenderUnknown",
    "SessionInvalid",
    "SignInIncorrect",
    "Taken",
    "TokenRefused",
    "UniqueValueTaken",
]


class RequestMalformed(Refusal):
    """The request document is not as it must be: {problem}."""

    problem: str


class SenderUnknown(Refusal):
    """The sender id or its password is wrong."""

    status: int = 200


class SenderUnauthorised(Refusal):
    """Sender {sender} may not call for company {company}."""

    sender: str
    company: str


class CompanyExpired(Refusal):
    """The company was made for trying the product, and its time is over."""


class SignInIncorrect(Refusal):
    """The user, company or password is wrong."""

    status: int = 200


class SessionInvalid(Refusal):
    """The session is unknown or has timed out."""

    status: int = 200


class TokenRefused(Refusal):
    """The access token is missing, unknown or has run out: {problem}."""

    problem: str
    code: str
    status: int = 401


class RateLimited(Refusal):
    """Too many requests; wait {retry_after} seconds."""

    retry_after: int
    status: int = 200


class ControlIdUsed(Refusal):
    """The control id {control_id} was used before."""

    control_id: str


class KeyReused(Refusal):
    """The idempotency key {key} was used before."""

    key: str


class FunctionUnknown(Refusal):
    """There is no function {name}."""

    name: str


class ObjectUnknown(Refusal):
    """There is no object {name}."""

    name: str


class PathUnknown(Refusal):
    """There is no resource at {path}."""

    path: str


class MethodUnknown(Refusal):
    """The resource at {path} does not take {method}."""

    method: str
    path: str


class FieldUnknown(Refusal):
    """Object {object} has no field {field}."""

    object: str
    field: str


class FieldsNotQueried(Refusal):
    """A query selects fields that {object} does not have: {fields}."""

    object: str
    fields: tuple[str, ...]


class FieldMissing(Refusal):
    """{object} needs {field}."""

    object: str
    field: str


class FieldMalformed(Refusal):
    """{value} is no {kind} for {field} of {object}."""

    object: str
    field: str
    value: str
    kind: str


class PolicyUnknown(Refusal):
    """The company has no transport policy {policy}."""

    policy: str


class QueryMalformed(Refusal):
    """The query cannot be read: {problem}."""

    problem: str


class NotFound(Refusal):
    """There is no {object} {key}."""

    object: str
    key: str


class Taken(Refusal):
    """Another {object} with the value {value} exists."""

    object: str
    value: str


class UniqueValueTaken(Refusal):
    """Another {object} holds {field} {value}."""

    object: str
    field: str
    value: str


class ReferenceInvalid(Refusal):
    """{value} names no {what} for {object}."""

    object: str
    what: str
    value: str


class Inactive(Refusal):
    """{what} {value} is not active."""

    what: str
    value: str


class AccountRequires(Refusal):
    """Account {account} requires the dimension {dimension}."""

    account: str
    dimension: str


class BillNumberMissing(Refusal):
    """A bill needs a number."""


class BillNumberTaken(Refusal):
    """Vendor {vendor} has a bill {number} already."""

    vendor: str
    number: str


class LineUnusable(Refusal):
    """Line {line} of {object} has no amount or account."""

    object: str
    line: int


class Overpaid(Refusal):
    """{paid} is more than what is due, {due}."""

    due: str
    paid: str


class NotAllowed(Refusal):
    """{problem}"""

    object: str
    problem: str
    correction: str = ""
