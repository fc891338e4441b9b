"""Every refusal as Sage Intacct words it: one total table from refusal class to numbered errors.

The cause comes first, the generic wrapper of the operation last. Texts that public integrations match literally are
kept as they are matched; the others are ours.
Source: developer.intacct.com/web-services/error-handling, github.com/fylein/fyle-intacct-api (texts that it matches),
github.com/Intacct/intacct-sdk-php (fixtures)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks import ledger
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.sage_intacct import refusals as native
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date

GENERIC = "BL01001973"
ROLLED_BACK = "XL03000009"
RATE_LIMIT = "GW-0010"


class Error(Struct, frozen=True):
    """One numbered error. ``text`` is ``description2``, where clients look."""

    number: str
    text: str
    correction: str = ""
    description: str = ""


Wording: TypeAlias = Callable[[Any], Error]


def _rule(text: Callable[[Any], str], correction: str = "", number: str = GENERIC) -> Wording:
    return lambda refusal: Error(number, text(refusal), correction)


def _reference(refusal: native.ReferenceInvalid) -> Error:
    what, value = refusal.what, refusal.value
    if refusal.object == "CCTRANSACTION":
        return Error(GENERIC, f"Invalid {what} '{value}' specified.", "Check the value, then try again.")
    if what.lower() in ("department", "location", "employee"):
        return Error(GENERIC, f"The {what.lower()} '{value}' is invalid.", "Provide a valid value.")
    if what in ("Account", "Account number"):
        return Error(GENERIC, f"Account number '{value}' specified is not valid. Account {value} is not valid.", "")
    return Error(GENERIC, f"{what} '{value}' specified is not valid.", "Provide a valid value.")


def _inactive(refusal: native.Inactive) -> Error:
    what = refusal.what
    if what == "Vendor":
        return Error(GENERIC, f"Activate the vendor {refusal.value}, then try again.", "")
    if what in ("Department", "Location", "Employee"):
        return Error(GENERIC, f"The {what.lower()} '{refusal.value}' is invalid.", "It is inactive.")
    return Error(GENERIC, f"{what} '{refusal.value}' specified is not valid.", "It is inactive.")


def _closed(refusal: ledger.PeriodClosed) -> Error:
    # Unconfirmed: the number of this error. Clients know it by the words "period" and "closed", or "Date must be ...".
    first = native_date(refusal.closed_through + timedelta(days=1))
    text = (
        f"Periods are closed. Your transaction date ({native_date(refusal.date)}) is within a period that's been "
        f"closed. Date must be on or after {first}."
    )
    return Error(GENERIC, text, "Enter a date in an open period.")


def _taken(refusal: native.Taken) -> Error:
    # Source: developer.intacct.com FAQ sample (UT01); github.com/fylein/fyle-intacct-api (PL05000104, BL34000061)
    text = f"Another {refusal.object.capitalize()} with the given value(s) {refusal.value}  already exists"
    number = "PL05000104" if refusal.object == "EMPLOYEE" else "BL34000061"
    return Error(number, text, "Use a unique value instead.")


_TABLE: dict[type[Refusal], Wording] = {
    native.RequestMalformed: lambda r: Error(
        "XL03000003", f"XML Parse schema error: {r.problem}", "Check the request."
    ),
    native.FunctionUnknown: lambda r: Error(
        "XL03000003",
        f"XML Parse schema error: Error 1871: Element '{r.name}': This element is not expected.",
        "Check the name of the function.",
    ),
    # Source: developer.intacct.com/web-services/error-handling (GW-0011: HTTP 400 or 401)
    native.SenderUnknown: lambda r: (
        Error("XL03000006", "Incorrect Intacct XML Partner ID or password.", "Check the sender ID and its password.")
        if r.status == 200
        else Error("GW-0011", "Invalid Request")
    ),
    native.SenderUnauthorised: lambda r: Error(
        "XL03000006",
        f"The sender ID '{r.sender}' is not authorized to make Web Services requests to company ID '{r.company}'.",
        "Contact the company administrator to grant Web Services authorization to this sender ID.",
        "Invalid Web Services Authorization",
    ),
    # Source: github.com/Intacct/intacct-sdk-php (tests of its responses)
    native.CompanyExpired: lambda _: Error("PL04000055", "This company is a demo company and has expired."),
    native.SignInIncorrect: lambda r: Error(
        "XL03000006" if r.status == 200 else "UJPP0002", "Sign-in information is incorrect. Please check your request."
    ),
    native.SessionInvalid: lambda r: Error(
        "XL03000006" if r.status == 200 else "invalidRequest",
        "The session is invalid or has timed out.",
        "Sign in again.",
    ),
    native.TokenRefused: lambda r: Error(r.code, r.problem),
    native.RateLimited: lambda _: Error(RATE_LIMIT, "API rate limit exceeded", "Wait, then try again."),
    # Unconfirmed: number and wording for a control id that was used before.
    native.ControlIdUsed: lambda r: Error(
        "XL03000004", f"The control ID '{r.control_id}' has already been used.", "Use a unique control ID."
    ),
    # Source: github.com/Intacct/intacct-sdk-net (tests of its responses)
    native.PolicyUnknown: lambda r: Error("XL03000006", f"{r.policy} is not a valid transport policy."),
    native.KeyReused: lambda _: Error("duplicateIdempotencyKey", "The idempotency key has already been used."),
    native.ObjectUnknown: lambda r: Error("Query Failed", f"Object definition {r.name} not found"),
    native.PathUnknown: lambda r: Error("invalidRequest", f"The resource {r.path} does not exist."),
    native.MethodUnknown: lambda r: Error("invalidRequest", f"The resource {r.path} does not take {r.method}."),
    # Source: github.com/intacct/intacct-sdk-js issue 83 (number and text of an answer)
    native.FieldsNotQueried: lambda r: Error(
        "XL03000006",
        f"The following fields cannot be queried: [ {r.object.lower()}: [{', '.join(r.fields)}] ]",
        "Check the names of the fields.",
    ),
    native.FieldUnknown: lambda r: Error(
        "Query Failed", f"Field {r.field} does not exist on object {r.object}", "Check the name of the field."
    ),
    native.QueryMalformed: lambda r: Error("Query Failed", f"The query is not valid: {r.problem}", "Check the query."),
    # Unconfirmed: wording for a record that is not there.
    native.NotFound: lambda r: Error(
        "DL02000001", f"There was an error processing the request: {r.object} {r.key} was not found.", "Check the key."
    ),
    native.FieldMissing: lambda r: Error(
        "BL03000018", f"Required field {r.field} is missing for {r.object}.", f"Provide a value for {r.field}."
    ),
    native.FieldMalformed: _rule(
        lambda r: f"The value '{r.value}' for the field {r.field} of {r.object} is not a valid {r.kind}.",
        "Provide a valid value.",
    ),
    native.Taken: _taken,
    native.UniqueValueTaken: _rule(
        lambda r: f"Another record with the value '{r.value}' for the field {r.field} already exists.",
        "Use a unique value instead.",
    ),
    native.ReferenceInvalid: _reference,
    native.Inactive: _inactive,
    native.AccountRequires: _rule(
        lambda r: (
            f"This transaction is missing the {r.dimension} dimension for the Account {r.account}. "
            f"The account number '{r.account}' requires a {r.dimension}."
        ),
        "Add the dimension, then try again.",
    ),
    # Source: github.com/Intacct/intacct-sdk-js issue 86
    native.BillNumberMissing: lambda _: Error("BL03002128", "Enter a Bill number, and try again."),
    # Unconfirmed: wording for a number that the vendor's bills have already.
    native.BillNumberTaken: lambda r: Error(
        "BL03002185",
        f"Another record with the value '{r.number}' for the bill number of vendor {r.vendor} already exists.",
        "Use a unique value instead.",
    ),
    # Source: github.com/Intacct/intacct-sdk-net issues 205 and 132. Unconfirmed: the words for what is no bill.
    native.LineUnusable: lambda r: (
        Error(
            "BL03002101", "Remove the extra line item in the request, then reclassify the bill.", f"See line {r.line}."
        )
        if r.object == "APBILL"
        else Error(GENERIC, f"Line {r.line} has no amount or account.", "Enter both, or remove the line.")
    ),
    native.Overpaid: _rule(
        lambda r: f"The payment amount {r.paid} exceeds total amount due ({r.due}).",
        "Enter an amount up to what is due.",
    ),
    native.NotAllowed: lambda r: Error(GENERIC, r.problem, r.correction),
    # Source: github.com/fylein/sageintacct-sdk-py (recognised by these words). Unconfirmed: the number.
    NotPermitted: lambda _: Error(GENERIC, "You do not have permission for API operations on this object."),
    ledger.PeriodClosed: _closed,
    ledger.AccountInactive: _rule(lambda r: f"Account {r.account} is not valid.", "Activate the account."),
    ledger.AccountUnknown: _rule(lambda r: f"Account {r.account} is not valid.", "Provide a valid account."),
    ledger.AccountExists: lambda r: Error(
        "BL34000061",
        f"Another Glaccount with the given value(s) {r.account}  already exists",
        "Use a unique value instead.",
    ),
    ledger.AccountCurrency: _rule(
        lambda r: (
            f"Account {r.account} is kept in {r.account_currency}; a transaction in {r.currency} is not valid for it."
        ),
        "Use the account's currency.",
    ),
    ledger.Unbalanced: _rule(
        lambda r: f"Transactions do not balance by {decimal_text(abs(r.difference.amount))} {r.currency}.",
        "Make debits and credits equal.",
    ),
    ledger.WrongPrecision: _rule(
        lambda r: f"The amount {decimal_text(r.money.amount)} has too many decimal places.", "Round the amount."
    ),
    ledger.AmountTooLarge: _rule(lambda _: "The amount is too large.", "Enter a smaller amount."),
    ledger.OverSettled: _rule(
        lambda r: (
            f"The payment amount {decimal_text(abs(r.paid.amount))} exceeds total amount due "
            f"({decimal_text(abs(r.open.amount))})."
        )
    ),
    ledger.TaxNotCharged: _rule(lambda r: f"Tax detail '{r.code}' charges no tax.", "Leave the tax amount out."),
    ledger.EmptyEntry: _rule(lambda _: "The transaction moves no amount.", "Enter an amount."),
    ledger.BaseCurrency: _rule(lambda _: "The base currency is not valid."),
    ledger.BaseDiffers: _rule(lambda _: "The exchange rate is not valid."),
    ledger.AlreadyPosted: _rule(lambda _: "The transaction is already posted."),
    ledger.NothingPosted: _rule(lambda _: "The transaction is not posted."),
}
REFUSALS = frozenset(_TABLE)
CONTROL = (
    native.RequestMalformed,
    native.FunctionUnknown,
    native.SenderUnknown,
    native.CompanyExpired,
    native.RateLimited,
    native.PolicyUnknown,
)


def error_of(refusal: Refusal) -> Error:
    """The cause in native words; a refusal outside the table is a bug and raises ``KeyError``."""
    return _TABLE[type(refusal)](refusal)


def wrapped(refusal: Refusal, operation: str) -> tuple[Error, ...]:
    """The cause, and what the operation adds: ``create cctransaction`` -> "Could not create cctransaction record!"."""
    cause = error_of(refusal)
    if not operation:
        return (cause,)
    return (
        cause,
        Error(
            GENERIC, f"Currently, we can't {operation.partition(' ')[0]} the transaction. Could not {operation} record!"
        ),
    )
