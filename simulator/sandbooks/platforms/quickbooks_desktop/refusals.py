"""The ways in which QuickBooks Desktop says no, beside the ledger's own. Facts only; the codes are in ``statuses``."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class Hresult(Refusal):
    """QuickBooks could not run the document: {code} {text}"""

    code: str
    text: str
    detail: str = ""


class NotSignedIn(Refusal):
    """The bearer token of this door is missing, unknown or revoked."""


class RequestIdTooLong(Refusal):
    """The request id {value} is longer than 50 characters."""

    value: str


class BadValue(Refusal):
    """{value!r} in {field} is not of type {type}."""

    field: str
    value: str
    type: str


class DateOutOfRange(Refusal):
    """The date {value} in {field} is out of range."""

    field: str
    value: str


class RangeReversed(Refusal):
    """The range from {first} to {last} ends before it begins."""

    field: str
    first: str
    last: str
    is_date: bool


class TooLong(Refusal):
    """The text in {field} is longer than {length} characters."""

    field: str
    value: str
    length: int


class UnwritableText(Refusal):
    """The text in {field} holds a character that the company file cannot store."""

    field: str
    value: str


class NameTaken(Refusal):
    """The name {name} of the list element is already in use."""

    name: str


class SaveFailed(Refusal):
    """{list} element {name} could not be saved: {reason}"""

    list: str
    name: str
    reason: str


class ObjectNotFound(Refusal):
    """Object {id} cannot be found."""

    id: str


class ParentNotFound(Refusal):
    """There is no parent {value} in the list."""

    list: str
    value: str


class ReferenceInvalid(Refusal):
    """There is an invalid reference to QuickBooks {list} {value} in the {document}."""

    list: str
    value: str
    document: str


class ElementMissing(Refusal):
    """There is a missing element: {name}."""

    name: str


class ElementsConflict(Refusal):
    """The elements {names} do not go together."""

    names: str


class CannotClear(Refusal):
    """The element {name} cannot be cleared."""

    name: str


class NotInMultiUser(Refusal):
    """Not while the company file is open in multi-user mode."""


class PersonalDataClosed(Refusal):
    """The application may not see or change personal data: {field}."""

    field: str


class ReadOnlyApplication(Refusal):
    """The application may read only."""


class PostingAccountMissing(Refusal):
    """{item} names no account to post to."""

    item: str


class Announced(Refusal):
    """{code}: {text}"""

    code: int
    text: str


class CannotDelete(Refusal):
    """{id} cannot be deleted: {reason}"""

    id: str
    reason: str


class CannotVoid(Refusal):
    """{id} cannot be voided: {reason}"""

    id: str
    reason: str


class CannotModify(Refusal):
    """A {document} cannot be modified: {reason}"""

    document: str
    reason: str


class ObjectLocked(Refusal):
    """{id} is in use by another user."""

    id: str


class EditSequenceStale(Refusal):
    """The provided edit sequence {sequence} is out-of-date."""

    sequence: str


class InvalidAmount(Refusal):
    """The {field} field has an invalid value {value}: {reason}"""

    field: str
    value: str
    reason: str


class FeatureOff(Refusal):
    """{feature} is not enabled in this company file."""

    feature: str


class NotProcessed(Refusal):
    """The request has not been processed."""


class IteratorUnknown(Refusal):
    """The iterator {id} is unknown or has ended."""

    id: str


class MacroUnknown(Refusal):
    """No object was named {macro} in this message set."""

    macro: str


class MacroTaken(Refusal):
    """The macro {macro} names an object of this message set already."""

    macro: str


class ApplicationInvalid(Refusal):
    """{code}: {reason}"""

    code: str
    reason: str


class Unknown(Refusal):
    """There is no {what} {id}."""

    what: str
    id: str
