"""Every refusal as a qbXML status: one total table from refusal class to code and words.

The vendor's texts end with what QuickBooks itself said, after two blanks; production code looks for these phrases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks import ledger
from sandbooks.kit import errors as kit
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_desktop import refusals as native

OK = 0
NOTHING_FOUND = 1
PARTLY_FOUND = 500
UNSUPPORTED = 530
LINK_CLOSED = 570
NOTHING_STORED = 600
# Source: QuickBooks Desktop SDK, error recovery. Unconfirmed: the code of a message set id that was used before.
MESSAGE_SET_USED = 9004
_SAID = "  QuickBooks error message: "


class Status(Struct, frozen=True):
    """What an answer says about its request."""

    code: int
    text: str

    @property
    def severity(self) -> str:
        """Source: Onscreen Reference (ranges of status codes)."""
        if self.code < 500:
            return "Info"
        return "Warn" if self.code < 1000 else "Error"


FINE = Status(OK, "Status OK")
# Source: texts quoted from live traffic in github.com/flowlink/quickbooks_desktop_integration and skryl/qbwc
NONE_FOUND = Status(NOTHING_FOUND, "A query request did not find a matching object in QuickBooks")


def partly_found(missing: str) -> Status:
    """Some of the ids or names that a query gave are not there."""
    text = (
        "The query request has not been fully completed. There was a required element "
        f'("{missing}") that could not be found in QuickBooks.'
    )
    return Status(PARTLY_FOUND, text)


def unsupported(field: str) -> Status:
    """A field that this edition, or this file by its preferences, does not know: it is left out."""
    # Source: https://developer.intuit.com/app/developer/qbdesktop/docs/develop/exploring-the-quickbooks-desktop-sdk/
    # status-codes-in-response-messages (530)
    return Status(UNSUPPORTED, f'The field "{field}" is not supported by this implementation.')


def link_closed(id: str) -> Status:
    """A purchase order that is closed, or received in full, takes no more links: the rest is saved."""
    # Source: https://developer.intuit.com/app/developer/qbdesktop/docs/develop/exploring-the-quickbooks-desktop-sdk/
    # status-codes-in-response-messages (570)
    return Status(LINK_CLOSED, f'Unable to link to transaction "{id}" because it has already been closed.')


class Act(Struct, frozen=True):
    """What a request was about when it was refused: its verb and its object."""

    verb: str = "Add"
    about: str = ""


Told: TypeAlias = Callable[[Any, Act], Status]

# By scalar type. Source: Onscreen Reference (conversion errors). Unconfirmed: id, int, float and guid.
_CONVERSION: Mapping[str, tuple[int, str]] = {
    "bool": (3010, 'There was an error when converting the boolean value "{v}" in the field "{f}".'),
    "date": (3020, 'There was an error when converting the date value "{v}" in the field "{f}".'),
    "datetime": (3020, 'There was an error when converting the date value "{v}" in the field "{f}".'),
    "amt": (3040, 'There was an error when converting the amount "{v}" in the field "{f}".'),
    "price": (3045, 'There was an error when converting the price "{v}" in the field "{f}".'),
    "float": (3045, 'There was an error when converting the price "{v}" in the field "{f}".'),
    "percent": (3050, 'There was an error when converting the percent "{v}" in the field "{f}".'),
    "quan": (3060, 'There was an error when converting the quantity "{v}" in the field "{f}".'),
    "int": (3060, 'There was an error when converting the quantity "{v}" in the field "{f}".'),
    "id": (3000, 'The given object ID "{v}" in the field "{f}" is invalid.'),
    "guid": (3000, 'The given object ID "{v}" in the field "{f}" is invalid.'),
}


def _conversion(refusal: native.BadValue, _act: Act) -> Status:
    code, text = _CONVERSION[refusal.type]
    field = _words(refusal.field) if refusal.type in ("id", "guid") else refusal.field
    return Status(code, text.format(v=refusal.value, f=field))


def _words(name: str) -> str:
    """``ListID`` as messages write it: list id. Source: text quoted in github.com/flowlink."""
    return {"ListID": "list id", "TxnID": "transaction id"}.get(name, name)


def _reference(refusal: native.ReferenceInvalid, _act: Act) -> Status:
    text = (
        f'There is an invalid reference to QuickBooks {refusal.list} "{refusal.value}" in the {refusal.document}.'
        f"{_SAID}Invalid argument.  The specified record does not exist in the list."
    )
    return Status(3140, text)


def _not_found(refusal: native.ObjectNotFound, _act: Act) -> Status:
    text = (
        f'Object "{refusal.id}" specified in the request cannot be found.{_SAID}Invalid argument.  '
        "The specified record does not exist in the list."
    )
    return Status(3120, text)


def _invalid(field: str, value: str, reason: str) -> Status:
    return Status(3210, f'The "{field}" field has an invalid value "{value}".{_SAID}{reason}')


# Unconfirmed: the codes by verb; a live file with a closing date would settle them.
_CLOSED = {"Mod": 3171, "Del": 3161, "Void": 3171, "Add": 3180}
_CLOSED_VERB = {"Mod": "modify", "Del": "delete", "Void": "void", "Add": "add"}


def _closed(_refusal: ledger.PeriodClosed, act: Act) -> Status:
    text = (
        f"An attempt was made to {_CLOSED_VERB.get(act.verb, 'modify')} a {act.about} with a date that is on or "
        "before the closing date of the company."
    )
    return Status(_CLOSED.get(act.verb, 3171), text)


def _locked(refusal: native.ObjectLocked, act: Act) -> Status:
    if act.verb == "Void":
        text = (
            f'Cannot void the object specified by the id = "{refusal.id}".{_SAID}The transaction could not be '
            "locked.  It is in use by another user."
        )
        return Status(3180, text)
    verbs = {"Add": "adding", "Mod": "modifying", "Del": "deleting"}
    text = f"There was an error when {verbs.get(act.verb, 'reading')} a {act.about}.{_SAID}The list element is in use."
    return Status(3175 if act.verb != "Add" else 3176, text)


_TABLE: dict[type[Refusal], Told] = {
    native.RequestIdTooLong: lambda r, _: Status(
        1060, f'The request ID "{r.value}" is invalid. Maximum 50 characters.'
    ),
    native.BadValue: _conversion,
    # Unconfirmed: a date that the calendar of QuickBooks does not have is taken for one that cannot be converted.
    native.DateOutOfRange: lambda r, _: Status(
        3020, f'There was an error when converting the date value "{r.value}" in the field "{r.field}".'
    ),
    # Source: QBD-errorcodes of the Onscreen Reference, republished at amigopos.com/help7 (3030, 3031)
    native.RangeReversed: lambda r, _: (
        Status(3030, "Invalid date range: From date is greater than To date.")
        if r.is_date
        else Status(3031, f'The "From" or "To" values in the provided {r.field} are invalid.')
    ),
    native.TooLong: lambda r, _: Status(
        3070, f'The string "{r.value}" in the field "{r.field}" is too long. The maximum length is {r.length}.'
    ),
    native.UnwritableText: lambda r, _: Status(3080, f'The string "{r.value}" in the field "{r.field}" is invalid.'),
    native.NameTaken: lambda r, _: Status(3100, f'The name "{r.name}" of the list element is already in use.'),
    native.SaveFailed: lambda r, _: Status(
        3180, f'There was an error when saving a {r.list} list, element "{r.name}".{_SAID}{r.reason}'
    ),
    native.ObjectNotFound: _not_found,
    native.ParentNotFound: lambda r, _: Status(
        3130, f'There is an invalid reference to a parent "{r.value}" in the {r.list} list.'
    ),
    native.ReferenceInvalid: _reference,
    native.ElementMissing: lambda r, _: Status(3150, f'There is a missing element: "{r.name}".'),
    native.ElementsConflict: lambda r, _: Status(3151, f'There is a conflict between the elements "{r.names}".'),
    native.CannotClear: lambda r, _: Status(3190, f'The element "{r.name}" cannot be cleared.'),
    # Source: glama.ai/mcp/connectors/com.qubesync/quickbooks-desktop-api (list elements are deleted in single-user
    # mode; read-only access: 3263). Unconfirmed: the words.
    native.NotInMultiUser: lambda _r, _: Status(3162, "This operation is not allowed in multi-user mode."),
    native.ReadOnlyApplication: lambda _r, _: Status(
        3263, "The integrated application has read-only access to this company file."
    ),
    native.PersonalDataClosed: lambda r, _: Status(
        3261, f'The integrated application has no permission to access the personal data in the field "{r.field}".'
    ),
    native.PostingAccountMissing: lambda r, _: Status(3270, f'The item "{r.item}" has no account to post to.'),
    native.Announced: lambda r, _: Status(r.code, r.text),
    native.CannotDelete: lambda r, _: Status(
        3160, f'Cannot delete the object specified by the id = "{r.id}".{_SAID}{r.reason}'
    ),
    native.CannotVoid: lambda r, _: Status(
        3185, f'Cannot void the object specified by the id = "{r.id}".{_SAID}{r.reason}'
    ),
    native.CannotModify: lambda r, _: Status(
        3170, f"There was an error when modifying a {r.document}.{_SAID}{r.reason}"
    ),
    native.ObjectLocked: _locked,
    native.EditSequenceStale: lambda r, _: Status(3200, f'The provided edit sequence "{r.sequence}" is out-of-date. '),
    native.InvalidAmount: lambda r, _: _invalid(r.field, r.value, r.reason),
    native.FeatureOff: lambda r, _: Status(
        3250, f"This feature is not enabled or not available in this version of QuickBooks: {r.feature}."
    ),
    native.NotProcessed: lambda _r, _: Status(3231, "The request has not been processed."),
    native.IteratorUnknown: lambda r, _: Status(3240, f'The iterator "{r.id}" is unknown or has ended.'),
    native.MacroUnknown: lambda r, _: Status(9102, f'The macro "{r.macro}" is not defined.'),
    native.MacroTaken: lambda r, _: Status(9101, f'The macro "{r.macro}" is defined already.'),
    native.ApplicationInvalid: lambda r, _: Status(3220, r.reason),
    native.Unknown: lambda r, _: Status(3120, str(r)),
    native.NotSignedIn: lambda _r, _: Status(3260, "Insufficient permission level to perform this action."),
    kit.NotPermitted: lambda _r, _: Status(3260, "Insufficient permission level to perform this action."),
    native.Hresult: lambda r, _: Status(1010, r.text),
    ledger.PeriodClosed: _closed,
    ledger.AccountInactive: lambda r, _: _invalid("AccountRef", r.name, "The account is inactive."),
    ledger.AccountUnknown: lambda r, a: _reference(native.ReferenceInvalid("Account", r.account, a.about), a),
    ledger.AccountCurrency: lambda r, _: _invalid(
        "AccountRef", r.account, f"The account is kept in {r.account_currency}, the transaction is in {r.currency}."
    ),
    ledger.AccountExists: lambda r, _: Status(3100, f'The name "{r.account}" of the list element is already in use.'),
    ledger.Unbalanced: lambda r, _: _invalid(
        "Amount",
        f"{abs(r.difference).amount:f}",
        "The debits and credits are not equal.  The transaction must balance.",
    ),
    ledger.OverSettled: lambda r, _: _invalid(
        "AppliedToTxnAdd payment amount", f"{abs(r.paid).amount:f}", "You cannot pay more than the amount due."
    ),
    ledger.WrongPrecision: lambda r, _: _invalid("Amount", f"{r.money.amount:f}", "The amount has too many decimals."),
    ledger.AmountTooLarge: lambda r, _: _invalid("Amount", f"{r.money.amount:f}", "The amount is too large."),
    ledger.EmptyEntry: lambda _r, _: _invalid("Amount", "0.00", "The transaction amount must not be zero."),
    ledger.BaseCurrency: lambda r, _: _invalid("Amount", f"{r.base.amount:f}", "The home currency amount is invalid."),
    ledger.BaseDiffers: lambda r, _: _invalid("Amount", f"{r.base.amount:f}", "The home currency amount is invalid."),
    ledger.AlreadyPosted: lambda r, a: Status(3170, f"There was an error when saving a {a.about}.{_SAID}{r}"),
    ledger.NothingPosted: lambda r, a: Status(3170, f"There was an error when saving a {a.about}.{_SAID}{r}"),
    ledger.TaxNotCharged: lambda r, _: _invalid("TaxAmount", f"{r.given.amount:f}", "The tax code charges no tax."),
}


def status_of(refusal: Refusal, act: Act, own: Mapping[str, Mapping[str, Any]] | None = None) -> Status:
    """The status of a refusal. Total: a class without a row of its own takes that of its nearest ancestor.

    ``own`` are the codes and words of a company file, by the name of the refusal, or its name and the verb.
    """
    found = next((_TABLE[kind](refusal, act) for kind in type(refusal).__mro__ if kind in _TABLE), None)
    usual = found or Status(1000, str(refusal))
    name = type(refusal).__name__
    told = (own or {}).get(f"{name}.{act.verb}") or (own or {}).get(name) or {}
    return Status(int(told.get("code", usual.code)), str(told.get("text", usual.text)))


def mapped() -> frozenset[type[Refusal]]:
    """The refusal classes that have a row of their own."""
    return frozenset(_TABLE)
