"""What each refusal looks like on the wire: code, status and text.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/dynamics-error-codes
Statuses beside 400 are partly unconfirmed; that of a duplicate key is switchable (setting ``duplicate_key_status``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from sandbooks import exact_json, ledger
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import languages
from sandbooks.platforms.business_central import refusals as no
from sandbooks.wire import Headers, Response

JSON_TYPE = ("Content-Type", "application/json; odata.metadata=minimal; odata.streaming=true")
ODATA = (JSON_TYPE, ("OData-Version", "4.0"))

Shape: TypeAlias = tuple[int, str, str]
R = TypeVar("R", bound=Refusal)

DIALOG = "Application_DialogException"
FIELD = "Application_FieldValidationException"
TABLE: dict[type[Refusal], Callable[[Any], Shape]] = {}


def _says(kind: type[R], status: int, code: str, text: str) -> None:
    TABLE[kind] = lambda refusal: (status, code, text.format(**refusal.facts))


def _dialog(kind: type[R], text: str) -> None:
    _says(kind, 400, DIALOG, text)


_says(
    no.CredentialsRejected, 401, "Authentication_InvalidCredentials", "The server has rejected the client credentials."
)
_says(no.EnvironmentMissing, 404, "NoEnvironment", "Environment '{environment}' does not exist.")
_says(
    no.CompanyMissing,
    404,
    "Internal_CompanyNotFound",
    "The server could not find the company '{company}'. Check that the company exists and that you may use it.",
)
_says(no.SegmentMissing, 404, "BadRequest_ResourceNotFound", "Resource not found for the segment '{segment}'.")
_says(
    no.MethodNotAllowed,
    405,
    "BadRequest_MethodNotAllowed",
    "'{method}' requests for '{resource}' of EdmType 'Entity' are not allowed within Microsoft Dynamics NAV OData web "
    "services.",
)
_says(no.BadBody, 400, "BadRequest", "{problem}")
_says(no.BadUrl, 400, "BadRequest_InvalidRequestUrl", "Bad Request - Error in query syntax. {problem}")
_says(no.BodyTooLarge, 413, "RequestEntityTooLarge", "The request body is larger than {most} bytes.")
# Unconfirmed: the code of a page that is too large; the status stands beside the limit.
_says(no.PageTooLarge, 413, "RequestEntityTooLarge", "The page size is larger than {most} entities.")
_says(
    no.UnknownMember,
    400,
    "BadRequest",
    "The property '{member}' does not exist on type 'Microsoft.NAV.{type}'. Use only property names that the type "
    "defines.",
)
_says(no.BlankMember, 400, "BadRequest_RequiredParamNotProvided", "Field '{member}' must not be blank or empty.")
# Unconfirmed: how the page's member and table are called there; a caption stands in their place.
_says(
    no.FilterTooLong,
    400,
    "Application_FilterErrorException",
    "The filter \"='{value}'\" is not valid for the {member} field on the {table} table. The length of the string is "
    "{length}, but it must be less than or equal to {most} characters. Value: {value}",
)
_says(no.ReadOnlyMember, 400, "BadRequest_InvalidOperation", "Control '{member}' is read-only.")
_says(
    no.IncompatibleTypes,
    400,
    "BadRequest",
    "A binary operator with incompatible types was detected. Found operand types '{left}' and '{right}' for operator "
    "kind '{operator}'.",
)
TABLE[no.NotAnOption] = lambda refusal: (
    400,
    "Unknown",
    f"'{refusal.value}' is not an option. The existing options are: {','.join(o or ' ' for o in refusal.options)}",
)
_says(
    no.TooLong,
    400,
    "Application_StringExceededLength",
    "The length of the string is {length}, but it must be less than or equal to {most} characters. Value: {value}",
)
_says(
    no.TokenNotValid,
    400,
    "BadRequest_InvalidToken",
    "Could not validate the client concurrency token required by the service. Please provide a valid token in the "
    "client request.",
)
_says(no.EntityChanged, 409, "Request_EntityChanged", "Another user has already changed the record.")
# Unconfirmed: code and text of what a batch passes over; the status is that of the OData JSON format 4.01.
_says(no.DependencyFailed, 424, "Unknown", "The request depends on request '{request}' of the batch, which failed.")
_says(
    no.RecordMissing,
    404,
    "Internal_RecordNotFound",
    "The {table} does not exist. Identification fields and values: {identification}",
)
_says(
    no.KeyExists,
    400,
    "Internal_EntityWithSameKeyExists",
    "The record in table {table} already exists. Identification fields and values: {identification}",
)
_says(
    no.Unrelated,
    400,
    "Internal_InvalidTableRelation",
    "The field {member} of table {table} contains a value ({value}) that cannot be found in the related table "
    "({related}).",
)
_says(no.NoRate, 400, "Internal_DataNotFoundFilter", "There is no Currency Exchange Rate within the filter.")
_says(no.NothingWithin, 400, "Internal_DataNotFoundFilter", "There is no {table} within the filter.")
_says(no.FieldRule, 400, FIELD, "{text}")
_dialog(no.Dialog, "{text}")
_says(no.TooMany, 429, "Application_TooManyRequests", "Too many requests reached. Actual ({actual}). Maximum ({most}).")
# Unconfirmed: code and text of all three; the statuses are those of the operational limits.
_says(no.OperationTooLong, 408, "Unknown", "The operation took longer than {minutes} minutes and was canceled.")
_says(no.QueuedTooLong, 503, "Internal_ServerError", "The request waited longer than {minutes} minutes.")
_says(no.RequestTooLong, 504, "Unknown", "The request took longer than {minutes} minutes.")
_says(no.SignInRefused, 400, "{error}", "{text}")
# Source: https://wiki.myrapidi.com/wiki/403_forbidden (an integrator's report of status, code and text)
_says(
    no.PermissionMissing,
    403,
    "Internal_ServerError",
    "Sorry, the current permissions prevented the action. (TableData {number} {table} {right}: {extension})",
)
_says(
    NotPermitted,
    403,
    "Authorization_RequestDenied",
    "Sorry, the current permissions prevented the action.",
)
# The books' own refusals. Source of the texts: the base application's posting routines at github.com/microsoft/BCApps
_dialog(ledger.PeriodClosed, "Posting Date is not within your range of allowed posting dates: {date}.")
_says(ledger.AccountInactive, 400, FIELD, "Blocked must be equal to 'No' in {name}. Current value is 'Yes'.")
_dialog(ledger.AccountUnknown, "The G/L Account {account} does not exist.")
_dialog(
    ledger.AccountCurrency,
    "The currency {currency} cannot be posted to account {account}, which is kept in {account_currency}.",
)
_dialog(ledger.Unbalanced, "The lines are out of balance by {difference}.")
_dialog(ledger.EmptyEntry, "There is nothing to post.")
_dialog(ledger.WrongPrecision, "The amount {money} has more decimals than its currency.")
_dialog(ledger.AmountTooLarge, "The amount {money} is too large.")
_dialog(ledger.OverSettled, "The amount {paid} is larger than the remaining amount {open}.")
_dialog(ledger.TaxNotCharged, "There is no tax on {code}.")
_dialog(ledger.AlreadyPosted, "{source} has been posted.")
_dialog(ledger.NothingPosted, "{source} has not been posted.")
_dialog(ledger.AccountExists, "The G/L Account {account} already exists.")
_dialog(ledger.BaseCurrency, "The amount {base} is not in the local currency {base_currency}.")
_dialog(ledger.BaseDiffers, "The amounts {amount} and {base} of account {account} differ.")


def shape_of(call: Call, refusal: Refusal) -> Shape:
    """Status, code and text of a refusal. Total over the table: an unmapped one is a bug and raises ``LookupError``."""
    if isinstance(refusal, no.KeyExists) and call.has_company:
        status = int(call.company.settings.get("duplicate_key_status", 400))
        return status, *TABLE[no.KeyExists](refusal)[1:]
    if isinstance(refusal, no.EntityChanged) and call.has_company:
        # Unconfirmed: gateways are said to answer 412 in places.
        return int(call.company.settings.get("stale_tag_status", 409)), *TABLE[no.EntityChanged](refusal)[1:]
    if isinstance(refusal, no.NotAnOption) and call.has_company:
        # Unconfirmed: which code invalid options have; newer versions are said to answer Application_EvaluateException.
        status, code, text = TABLE[no.NotAnOption](refusal)
        return status, str(call.company.settings.get("invalid_option_code", code)), text
    return TABLE[type(refusal)](refusal)


def correlation(call: Call) -> str:
    """The next id that an error is told with, none of them twice."""
    return call.world.ids.uuid("business_central/correlation")


def body_of(call: Call, code: str, text: str) -> dict[str, Any]:
    """The error envelope."""
    told = languages.spoken(text, languages.language_of(call.header("Accept-Language")))
    return {"error": {"code": code, "message": f"{told}  CorrelationId:  {correlation(call)}."}}


def answer(call: Call, status: int, code: str, text: str, *, headers: Headers = ()) -> Response:
    """An error in Business Central's envelope."""
    return Response(status, (*ODATA, *headers), exact_json.dumps(body_of(call, code, text)))


def refused(call: Call, refusal: Refusal) -> Response:
    """A refusal in Business Central's envelope, or in the sign-in service's own."""
    if isinstance(refusal, no.SignInRefused):
        return sign_in_refused(call, refusal)
    status, code, text = shape_of(call, refusal)
    if isinstance(refusal, no.TooMany):
        # Unconfirmed: whether 429 carries Retry-After; several clients expect it.
        return answer(call, status, code, text, headers=(("Retry-After", str(refusal.retry_after)),))
    if isinstance(refusal, no.QueuedTooLong):
        # Source: learn.microsoft.com/dynamics365/business-central, HTTP status codes (retry-after on 502 and 503)
        return answer(call, status, code, text, headers=(("Retry-After", "60"),))
    headers = (("WWW-Authenticate", "Bearer"),) if status == 401 else ()
    return answer(call, status, code, text, headers=headers)


def sign_in_refused(call: Call, refusal: no.SignInRefused) -> Response:
    """The token endpoint's error. Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes"""
    trace, id, now = call.world.ids.uuid("business_central/trace"), correlation(call), call.world.clock.now()
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    told = f"AADSTS{refusal.code}: {refusal.text} Trace ID: {trace} Correlation ID: {id} Timestamp: {stamp}"
    body = {
        "error": refusal.error,
        "error_description": told,
        "error_codes": [refusal.code],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": id,
        "error_uri": f"https://login.microsoftonline.com/error?code={refusal.code}",
    }
    # Unconfirmed: 401 for a wrong client secret; the official documentation shows 400 and 401 in different places.
    wrong_client = refusal.error in ("invalid_client", "unauthorized_client")
    status = int(call.world.get("settings", "entra_invalid_client_status") or 401) if wrong_client else 400
    return Response(status, (("Content-Type", "application/json; charset=utf-8"),), exact_json.dumps(body))
