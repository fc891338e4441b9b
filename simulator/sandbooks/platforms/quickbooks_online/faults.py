"""Every refusal in QuickBooks Online's own codes and words: one total table.

Source: https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sandbooks import ledger
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no


class Native(Struct, frozen=True):
    """How one refusal is told. ``detail`` and ``message`` may name the refusal's facts in braces.

    ``type`` is the fault's type; ``gateway`` faults are answered by the API gateway in its own older envelope.
    """

    code: str
    message: str
    detail: str
    status: int = 400
    type: str = "ValidationFault"
    gateway: bool = False


_INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
_BUSINESS = "A business validation error has occurred while processing your request"
_UNSUPPORTED = "Request has invalid or unsupported property"
# Source: https://github.com/fylein/fyle-qbo-api (tests with the closed-period answer)
_CLOSED = "Account Period Closed, Cannot Update Through Services API"
_CLOSED_DETAIL = (
    "The account period has closed and the account books cannot be updated through through the QBO Services API. "
    "Please use the QBO website to make these changes."
)
_NUMBER_TAKEN = "Duplicate Document Number Error"
_NUMBER_TAKEN_DETAIL = (
    "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
    "DocNumber={number} is assigned to TxnType={txn_type} with TxnId={id}"
)
_PRECISE = "Amount has more precision than allowed"
_NOT_UTF8 = "Unsupported Operation : The request body is not UTF-8 text."


def _business(text: str) -> Native:
    return Native("6000", _BUSINESS, f"Business Validation Error: {text}")


FAULTS: Mapping[type[Refusal], Native] = {
    # The gateway
    no.NotAuthenticated: Native(
        "3200",
        "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        "{reason}",
        401,
        "AUTHENTICATION",
        gateway=True,
    ),
    no.TokenMissing: Native(
        "3202",
        "message=AuthenticationFailed; errorCode=003202; statusCode=401",
        "Token field is empty.",
        401,
        "AUTHENTICATION",
        gateway=True,
    ),
    no.NotAuthorized: Native(
        "3100",
        "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
        "The application is not authorized for this company.",
        403,
        "AUTHORIZATION",
        gateway=True,
    ),
    # Unconfirmed: the wording of these five but the detail of 120; settled by losing access to a vendor's sandbox.
    no.UserRemoved: Native(
        "120",
        "Authorization Failure",
        "Authorization Failure : -11014-You do not have access to use QuickBooks Online Plus.",
        400,
        "AuthorizationFault",
    ),
    no.WrongCluster: Native("130", "Wrong cluster", "The company is not on this cluster.", 400, "SystemFault"),
    no.CompanyLockedOut: Native("140", "Company locked", "The company file is locked.", 400, "SystemFault"),
    no.UnderMaintenance: Native(
        "150", "Company under maintenance", "The company is under maintenance. Try again later.", 503, "SystemFault"
    ),
    no.CompanyReset: Native("10200", "Company reset", "The data of the company was reset.", 400, "SystemFault"),
    no.Throttled: Native(
        "3001",
        "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "The request limit was reached.",
        429,
        "SERVICE",
    ),
    # The shape of a request
    no.MalformedBody: Native("2010", _UNSUPPORTED, "Property Name:failed to parse json object; {reason}"),
    no.BodyEncoding: Native("500", "Unsupported Operation", _NOT_UTF8),
    no.UnsupportedProperty: Native(
        "2010",
        _UNSUPPORTED,
        "Property Name:failed to parse json object; a property specified is unsupported or invalid : {element}",
    ),
    no.UnsupportedObject: Native("2000", "Invalid object name", "The object {name} is invalid or unsupported."),
    no.UnsupportedOperation: Native("500", "Unsupported Operation", "Operation {name} is not supported."),
    no.RequiredMissing: Native(
        "2020",
        "Required param missing, need to supply the required value for the API",
        "Required parameter {element} is missing in the request",
    ),
    no.InvalidId: Native("2030", "Invalid ID", "Id should be a valid number. Supplied value:{supplied}"),
    no.InvalidText: Native("2040", "Invalid String", "Invalid characters in {element}"),
    no.TextLength: Native(
        "2050",
        "String length is either shorter or longer than supported by specification",
        "String length specified does not match the supported length. "
        "Min:{minimum} Max:{maximum} supported. Supplied length:{length}",
    ),
    no.DateFormat: Native("2060", "Invalid date format", "Date format is invalid. Supplied value:{supplied}"),
    no.DateValue: Native("2070", "Invalid date value", "Date value is invalid. Supplied value:{supplied}"),
    no.DateRange: Native("2190", "Invalid date range", "Date is out of range. Supplied value:{supplied}"),
    no.NumberFormat: Native("2080", "Invalid number format", "Number format is invalid. Supplied value:{supplied}"),
    no.NumberValue: Native("2090", "Invalid number", "Number is invalid for {element}. Supplied value:{supplied}"),
    no.TooPrecise: Native("2110", "Invalid decimal value", _PRECISE + " : {element}. Supplied value:{supplied}"),
    no.NumberRange: Native("2240", "Invalid number range", "{element} is out of range. Supplied value:{supplied}"),
    no.AmountRange: Native("2140", "Invalid amount", "Invalid amount in {element}. Supplied value:{supplied}"),
    no.PercentRange: Native("2150", "Invalid percent", "Invalid percent in {element}. Supplied value:{supplied}"),
    no.QuantityRange: Native("2160", "Invalid quantity", "Invalid quantity in {element}. Supplied value:{supplied}"),
    no.BooleanValue: Native("2230", "Invalid boolean value", "Invalid boolean in {element}. Supplied value:{supplied}"),
    no.InvalidChoice: Native("2170", "Invalid Enumeration", "Invalid Enumeration : {supplied}"),
    no.InvalidCurrency: Native("2220", "Invalid currency", "Invalid currency {supplied} in {element}"),
    no.InvalidEmail: Native("2210", "Invalid Email Address format", "Email Address does not conform to the RFC format"),
    no.InvalidUrl: Native("2200", "Invalid URL format", "URL does not conform to the RFC format : {supplied}"),
    no.RequestIdFormat: Native("2130", "Invalid requestid", "Request id must have 1 to 50 characters."),
    no.RequestIdConflict: Native("600", "Duplicate Request ID", "Duplicate Request ID : {supplied}"),
    no.BatchTooLarge: Native(
        "1040", "Batch size exceeds allowed limit", "Batch items specified: {count}. Maximum allowed: {most}"
    ),
    no.ConflictingElements: Native("2600", "Conflicting elements", "Only one of {first} and {second} may be given."),
    # References and versions
    no.NotFound: Native("610", "Object Not Found", _INACTIVE),
    no.Deleted: Native("610", "Object Not Found", "Object Not Found : Another user has deleted this transaction."),
    no.Inactive: Native("610", "Object Not Found", _INACTIVE),
    no.InvalidReference: Native(
        "2500", "Invalid Reference Id", "Invalid Reference Id : {word} element id {id} not found"
    ),
    no.StaleObject: Native(
        "5010",
        "Stale Object Error",
        "Stale Object Error : You and {user} were working on this at the same time. "
        "{user} finished before you did, so your work was not saved.",
    ),
    no.NotLinkable: Native(
        "620", "Transaction cannot be linked", "This transaction cannot be linked : {kind} {id}, {reason}"
    ),
    no.ObjectExists: Native("630", "Duplicate object", "Duplicate object : {kind} {id} exists already"),
    no.NameTaken: Native(
        "6240",
        "Duplicate Name Exists Error",
        "The name supplied already exists. : Another {what} is already using this name. Please use a different name.",
    ),
    no.DocNumberTaken: Native("6140", _NUMBER_TAKEN, _NUMBER_TAKEN_DETAIL),
    no.DocNumberTakenOfOld: Native("6210", _NUMBER_TAKEN, _NUMBER_TAKEN_DETAIL),
    no.InvalidParent: Native("700", "Invalid Parent Id", "Invalid Parent Id : {id}"),
    no.OwnParent: Native("900", "Parent Id same as own", "A record cannot be its own parent : {id}"),
    no.ParentRequired: Native("6150", "Parent reference required", "ParentRef is required when {element} is true"),
    no.TooDeep: Native("6180", "Hierarchy too deep", "A maximum of 5 levels is supported."),
    no.HasBalance: Native(
        "6220", "Name has an open balance", "{name} has an open balance and cannot be made inactive."
    ),
    no.InUse: Native("800", "Cannot delete", "{kind} {id} is used by other records and cannot be deleted."),
    # The rules of the books
    no.BusinessRule: _business("{text}"),
    no.PeriodIsClosed: Native("6210", _CLOSED, _CLOSED_DETAIL),
    no.PeriodIsShut: Native("6200", _CLOSED, _CLOSED_DETAIL),
    no.LineRequired: Native("2250", "Line required", "At least one split line is required"),
    no.PostingTypeMissing: Native("2260", "PostingType missing", "PostingType is required for every journal line"),
    no.TaxApplicableOnMissing: Native("2270", "TaxApplicableOn missing", "TaxApplicableOn is required on a taxed line"),
    no.TaxAmountMissing: Native("2280", "TaxAmount missing", "TaxAmount is required on a taxed line"),
    no.NegativeLine: Native("2290", "Negative amount", "Negative amounts are not supported : {element}"),
    no.DebitsDiffer: Native(
        "2300",
        "Total debits differ from total credits",
        "The total of the debits and the total of the credits differ by {difference}",
    ),
    no.AccountTypeWrong: Native(
        "6430", "Invalid account type", "Invalid account type used : {element} cannot be a {account_type} account"
    ),
    no.AccountTypeMissing: Native(
        "6010", "Account type missing", "Either AccountType or AccountSubType must be supplied"
    ),
    no.AmountDiffers: Native(
        "6070", "Amount calculation incorrect", "Amount is not equal to UnitPrice * Qty. Supplied value differs"
    ),
    no.NoName: Native(
        "6080",
        "No name provided",
        "At least one of Title, GivenName, MiddleName, FamilyName, Suffix or DisplayName must be supplied",
    ),
    no.OpeningDateMissing: Native(
        "6060", "OpenBalanceDate missing", "An opening balance must have an OpeningBalanceDate"
    ),
    no.CustomerInactive: Native("6250", "Customer inactive", "The customer is inactive : {id}"),
    no.InventoryDate: Native(
        "6270",
        "Invalid inventory date",
        "The transaction is dated before the inventory start date of the item, {start}",
    ),
    no.UnbilledCharges: Native(
        "6280", "Customer has unbilled charges", "{name} has unbilled charges and cannot be made inactive."
    ),
    no.NameTypeWrong: Native("6300", "Invalid name type", "The name {id} is not of type {wanted}"),
    no.BillableStatusWrong: Native("6320", "Invalid billable status", "The billable status {supplied} cannot be set"),
    no.LineTaxCode: Native("6100", "Invalid tax code", "Invalid tax code on a line : {supplied}"),
    no.TaxDetailNotApplicable: Native(
        "6170", "Tax detail not applicable", "TxnTaxDetail must be empty when GlobalTaxCalculation is NotApplicable"
    ),
    no.TaxRateMissing: Native("6470", "Tax rate missing", "A tax rate is missing : {element}"),
    no.BillableNeedsCustomer: Native("6310", "Customer required", "A billable line must have a CustomerRef"),
    no.LineNeedsAccount: Native("6440", "Account required", "Each split line must have an account or an item"),
    no.FeatureOff: Native("5030", "Feature Not Supported Error", "Feature Not Supported Error : {feature} is not on"),
    no.SubscriptionEnded: Native(
        "6190",
        "Subscription period has ended",
        "Subscription period has ended or cancelled or there was a billing problem : You cannot add data.",
    ),
    no.DepositedAlready: Native(
        "6540", "Deposited transaction cannot be changed", "{kind} {id} is part of a deposit and cannot be changed."
    ),
    # Queries
    no.QueryUnparsable: Native("4000", "Error parsing query", "{detail}"),
    no.QueryInvalid: Native("4001", "Invalid query", "{detail}"),
    no.ResultTooLarge: Native("10100", "Result set too large", "The result has more than {most} columns."),
    # Files
    no.LengthMissing: Native("6020", "Content-Length missing", "The upload has no Content-Length header."),
    no.UploadTooLarge: Native("6030", "File too large", "The file of {size} bytes is larger than allowed."),
    no.NoMetadata: Native("6040", "Invalid metadata", "The metadata of the upload is not an Attachable."),
    no.FileTypeRefused: Native("6041", "Invalid file type", "Files of type {name} are not supported."),
    no.AttachedKindUnsupported: Native("6050", "Unsupported entity", "Nothing can be attached to {kind}."),
    # Sign-in has an envelope of its own; this is for completeness
    no.SignInRefused: Native("3200", "{error}", "{description}", 401, "AUTHENTICATION", gateway=True),
    NotPermitted: Native("5020", "Permission Denied Error", "Permission Denied Error : You do not have permission."),
    # The ledger
    ledger.EmptyEntry: Native("2250", "Line required", "At least one split line is required"),
    ledger.Unbalanced: Native(
        "2300",
        "Total debits differ from total credits",
        "The total of the debits and the total of the credits differ by {difference}",
    ),
    ledger.WrongPrecision: Native("2110", "Invalid decimal value", _PRECISE + " : {money}"),
    ledger.AmountTooLarge: Native("2140", "Invalid amount", "Amount is out of range : {money}"),
    ledger.BaseCurrency: _business("The amounts of this transaction do not match its currency."),
    ledger.BaseDiffers: _business("The amounts of this transaction do not match its currency."),
    ledger.AccountUnknown: Native(
        "2500", "Invalid Reference Id", "Invalid Reference Id : Accounts element id {account} not found"
    ),
    ledger.AccountExists: Native(
        "6240",
        "Duplicate Name Exists Error",
        "The name supplied already exists. : Another account is already using this name.",
    ),
    ledger.AccountInactive: Native("610", "Object Not Found", _INACTIVE),
    ledger.AccountCurrency: _business(
        "The currency of the transaction is not the currency of the account or the home currency."
    ),
    ledger.PeriodClosed: Native("6210", _CLOSED, _CLOSED_DETAIL),
    ledger.AlreadyPosted: Native("5010", "Stale Object Error", "Stale Object Error : {source}"),
    ledger.NothingPosted: Native("610", "Object Not Found", _INACTIVE),
    ledger.OverSettled: _business("The amount applied, {paid}, is more than what is open, {open}."),
    ledger.TaxNotCharged: Native("6160", "Invalid TaxCodeRef", "Tax code {code} charges no tax, but {given} was given"),
}


def native_of(refusal: Refusal) -> Native:
    """The native fault of a refusal; the gravest decides where several stand together."""
    if isinstance(refusal, no.Several):
        return native_of(refusal.refusals[0])
    return FAULTS[type(refusal)]


def errors_of(refusal: Refusal) -> list[dict[str, Any]]:
    """The members of ``Fault.Error``."""
    if isinstance(refusal, no.Several):
        return [error for each in refusal.refusals for error in errors_of(each)]
    native = FAULTS[type(refusal)]
    facts = {name: str(value) for name, value in refusal.facts.items()}
    error: dict[str, Any] = {
        "Message": native.message.format(**facts),
        "Detail": native.detail.format(**facts),
        "code": native.code,
    }
    element = facts.get("element")
    if isinstance(refusal, no.NameTaken) and not facts["what"].startswith(("customer", "account")):
        error["Detail"] = f"The name supplied already exists. : Id={facts['id']}"
    return [{**error, "element": element} if element is not None else error]


def fault_of(refusal: Refusal) -> dict[str, Any]:
    """The ``Fault`` object, without envelope."""
    return {"Error": errors_of(refusal), "type": native_of(refusal).type}


def gateway_fault(refusal: Refusal, *, time_ms: int) -> dict[str, Any]:
    """The gateway's older, flat envelope with lower-case members; ``time_ms`` since 1970."""
    errors = [
        {"message": e["Message"], "detail": e["Detail"], "code": e["code"], "element": None} for e in errors_of(refusal)
    ]
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": errors, "type": native_of(refusal).type},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": time_ms,
        "status": None,
        "cdcresponse": [],
    }
