"""What a request points at: records, versions, names, parents."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class NotFound(Refusal):
    """There is no {kind} {id}."""

    kind: str
    id: str


class Deleted(Refusal):
    """{kind} {id} was deleted."""

    kind: str
    id: str


class Inactive(Refusal):
    """{kind} {id} is not active."""

    kind: str
    id: str


class InvalidReference(Refusal):
    """{word} {id} does not exist."""

    word: str
    id: str
    element: str


class StaleObject(Refusal):
    """{kind} {id} has changed since it was read."""

    kind: str
    id: str
    user: str


class NotLinkable(Refusal):
    """{kind} {id} cannot be linked: {reason}."""

    kind: str
    id: str
    reason: str


class NameTaken(Refusal):
    """Another {what} is already using the name."""

    what: str
    id: str


class DocNumberTaken(Refusal):
    """Number {number} is already used by {txn_type} {id}."""

    number: str
    txn_type: str
    id: str


class DocNumberTakenOfOld(DocNumberTaken):
    """Number {number} is already used by {txn_type} {id}, under the code of 2017."""


class InvalidParent(Refusal):
    """{id} cannot be the parent."""

    id: str


class OwnParent(Refusal):
    """A record cannot be its own parent."""

    id: str


class ParentRequired(Refusal):
    """A sub-record needs a parent."""

    element: str


class TooDeep(Refusal):
    """Lists are at most five levels deep."""


class HasBalance(Refusal):
    """{name} has an open balance."""

    name: str


class InUse(Refusal):
    """{kind} {id} is used by other records."""

    kind: str
    id: str
