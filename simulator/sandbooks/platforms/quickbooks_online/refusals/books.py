"""The rules of the books."""

from __future__ import annotations

from sandbooks.ledger import Refusal


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
