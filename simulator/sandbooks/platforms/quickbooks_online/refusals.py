"""Why QuickBooks Online says no, as facts. The wording and the code of each stand in ``faults``.

Knows no HTTP and no envelope.
"""

from __future__ import annotations

from sandbooks.ledger import Refusal


class Several(Refusal):
    """Several things are wrong with the request."""

    refusals: tuple[Refusal, ...]


# The gateway


class NotAuthenticated(Refusal):
    """The access token is not accepted: {reason}."""

    reason: str


class TokenMissing(Refusal):
    """The request carries no access token."""


class NotAuthorized(Refusal):
    """The access token is not for realm {realm}."""

    realm: str


class UserRemoved(Refusal):
    """The user who connected the application has no access any more."""


class WrongCluster(Refusal):
    """The company is served elsewhere."""


class CompanyLockedOut(Refusal):
    """The company is locked."""


class UnderMaintenance(Refusal):
    """The company is under maintenance."""


class CompanyReset(Refusal):
    """The company's data was reset."""


class Throttled(Refusal):
    """Too many requests."""


# The shape of a request


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


# References and versions


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


# The rules of the books


class BusinessRule(Refusal):
    """{text}"""

    text: str
    element: str = ""


class PeriodIsClosed(Refusal):
    """The books are closed through {closed_through}."""

    date: str
    closed_through: str


class PeriodIsShut(Refusal):
    """The books are closed through {closed_through}, without a password."""

    date: str
    closed_through: str


class TaxAmountMissing(Refusal):
    """A taxed journal line states its tax."""


class OpeningDateMissing(Refusal):
    """An opening balance has a date."""


class InventoryDate(Refusal):
    """The transaction is dated before {start}, when the item's stock began."""

    start: str


class CustomerInactive(Refusal):
    """Customer {id} is not active."""

    id: str


class UnbilledCharges(Refusal):
    """{name} has charges that were not billed yet."""

    name: str


class NameTypeWrong(Refusal):
    """{id} is no {wanted}."""

    id: str
    wanted: str


class BillableStatusWrong(Refusal):
    """{supplied} is set by the service alone."""

    supplied: str


class LineRequired(Refusal):
    """At least one line is needed."""


class PostingTypeMissing(Refusal):
    """A journal line says Debit or Credit."""


class TaxApplicableOnMissing(Refusal):
    """A taxed journal line says whether the tax is on purchases or on sales."""


class NegativeLine(Refusal):
    """A line cannot be negative here."""

    element: str


class DebitsDiffer(Refusal):
    """Debits differ from credits by {difference}."""

    difference: str


class AccountTypeWrong(Refusal):
    """An account of type {account_type} cannot be used as {element}."""

    account_type: str
    element: str


class AccountTypeMissing(Refusal):
    """An account has a type or a subtype."""


class AmountDiffers(Refusal):
    """The amount is not quantity times price."""


class NoName(Refusal):
    """A name has at least one part."""


class LineTaxCode(Refusal):
    """{supplied} is no tax code for a line in this country."""

    supplied: str


class TaxDetailNotApplicable(Refusal):
    """Tax detail is given although tax does not apply."""


class TaxRateMissing(Refusal):
    """A tax rate is missing."""

    element: str


class BillableNeedsCustomer(Refusal):
    """A billable line needs a customer."""


class LineNeedsAccount(Refusal):
    """A line needs an account or an item."""


class FeatureOff(Refusal):
    """The company has not turned on {feature}."""

    feature: str


class SubscriptionEnded(Refusal):
    """The company's subscription has ended."""


class DepositedAlready(Refusal):
    """{kind} {id} was deposited."""

    kind: str
    id: str


# Queries


class QueryUnparsable(Refusal):
    """The query does not parse: {detail}."""

    detail: str


class QueryInvalid(Refusal):
    """The query names what cannot be queried: {detail}."""

    detail: str


class ResultTooLarge(Refusal):
    """More than {most} columns would be answered."""

    most: int


# Files


class LengthMissing(Refusal):
    """The upload states no Content-Length."""


class UploadTooLarge(Refusal):
    """The file has {size} bytes."""

    size: int


class NoMetadata(Refusal):
    """The part with the metadata is no attachable."""


class FileTypeRefused(Refusal):
    """Files of type {name} are not taken."""

    name: str


class AttachedKindUnsupported(Refusal):
    """Nothing can be attached to a {kind}."""

    kind: str


# Sign-in


class SignInRefused(Refusal):
    """{error}: {description}"""

    error: str
    description: str = ""
    status: int = 400
