"""What a request looks like: its body, its members, their lengths and values."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class Several(Refusal):
    """Several things are wrong with the request."""

    refusals: tuple[Refusal, ...]


class MalformedBody(Refusal):
    """The body cannot be read: {reason}."""

    reason: str


class BodyEncoding(Refusal):
    """The body is not UTF-8 text."""


class UnsupportedProperty(Refusal):
    """Member {element} is unknown or has the wrong shape."""

    element: str


class UnsupportedObject(Refusal):
    """There is no object {name}."""

    name: str


class UnsupportedOperation(Refusal):
    """Operation {name} is not supported here."""

    name: str


class RequiredMissing(Refusal):
    """Member {element} is missing."""

    element: str


class InvalidId(Refusal):
    """{supplied} is no id."""

    supplied: str


class InvalidText(Refusal):
    """Member {element} holds characters that are not allowed."""

    element: str


class TextLength(Refusal):
    """Member {element} has {length} characters, not {minimum} to {maximum}."""

    element: str
    minimum: int
    maximum: int
    length: int


class DateFormat(Refusal):
    """{supplied} is not a date of the form YYYY-MM-DD."""

    element: str
    supplied: str


class DateValue(Refusal):
    """{supplied} is no date of the calendar."""

    element: str
    supplied: str


class DateRange(Refusal):
    """{supplied} is out of range."""

    element: str
    supplied: str


class NumberFormat(Refusal):
    """{supplied} is not a number."""

    element: str
    supplied: str


class NumberValue(Refusal):
    """{supplied} is not accepted as {element}."""

    element: str
    supplied: str


class TooPrecise(Refusal):
    """{supplied} has more decimals than {element} takes."""

    element: str
    supplied: str


class NumberRange(Refusal):
    """{supplied} is out of the range of {element}."""

    element: str
    supplied: str


class AmountRange(Refusal):
    """{supplied} is no amount that {element} takes."""

    element: str
    supplied: str


class PercentRange(Refusal):
    """{supplied} is no percentage that {element} takes."""

    element: str
    supplied: str


class QuantityRange(Refusal):
    """{supplied} is no quantity that {element} takes."""

    element: str
    supplied: str


class BooleanValue(Refusal):
    """{supplied} is neither true nor false."""

    element: str
    supplied: str


class InvalidChoice(Refusal):
    """{supplied} is not one of the values of {element}."""

    element: str
    supplied: str


class InvalidCurrency(Refusal):
    """{supplied} is no currency that this company uses."""

    element: str
    supplied: str


class InvalidEmail(Refusal):
    """{supplied} is no e-mail address."""

    element: str
    supplied: str


class InvalidUrl(Refusal):
    """{supplied} is no address of a site."""

    element: str
    supplied: str


class ObjectExists(Refusal):
    """There is a {kind} {id} already."""

    kind: str
    id: str


class RequestIdFormat(Refusal):
    """The request id is longer than 50 characters."""

    supplied: str


class RequestIdConflict(Refusal):
    """The request id {supplied} was used for another request."""

    supplied: str


class BatchTooLarge(Refusal):
    """A batch has at most {most} items, not {count}."""

    most: int
    count: int


class ConflictingElements(Refusal):
    """{first} and {second} exclude each other."""

    first: str
    second: str
