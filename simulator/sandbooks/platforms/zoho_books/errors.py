"""Every refusal in Zoho's own dress: one total table from refusal to status, code and text.

Zoho publishes few of its numbers. Those marked unconfirmed are ours; an organisation's setting ``errors`` replaces any
of them by the name of the refusal or rule: ``{"PeriodClosed": {"code": 10037, "status": 400, "message": "..."}}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sandbooks import ledger
from sandbooks.kit.call import json_reply
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import Refusal
from sandbooks.platforms.zoho_books import refusals as native
from sandbooks.wire import Headers, Response

Said: TypeAlias = tuple[int, int, str]


def reply(status: int, code: int, message: str, headers: Headers = ()) -> Response:
    """The envelope of every refusal. Source: https://www.zoho.com/books/api/v3/errors/"""
    return json_reply({"code": code, "message": message}, status=status, headers=headers)


NOT_AUTHORIZED: Said = (401, 57, "You are not authorized to perform this operation")
# Unconfirmed: whether an expired OAuth token answers 14 or 57; the setting ``expired_token_code`` of a world chooses.
INVALID_TOKEN: Said = (401, 57, "You are not authorized to perform this operation")
INVALID_TOKEN_14: Said = (401, 14, "Invalid value passed for authtoken.")
# Source: https://www.zoho.com/books/api/v3/introduction/#api-call-limit (codes and texts of the three limits)
LIMITS: dict[str, tuple[int, str]] = {
    "minute": (
        44,
        (
            "For security reasons your organization has been blocked as it have exceeded the maximum number of "
            "requests per minute that can originate from an organization."
        ),
    ),
    "day": (45, "The API call for this organization has exceeded the maximum call rate limit of {most}."),
    "concurrent": (
        1070,
        "You have reached the maximum number of in process requests allowed. Kindly try again after some time.",
    ),
}


def _limit(refusal: native.TooMany) -> Said:
    code, text = LIMITS[refusal.limit]
    return 429, code, text.format(most=refusal.most)


# Rules of the documents. Status 400 throughout.
# Source: code 3062 and its text: public logs of contact creation; 36, 1004, 4016, 11016: zohopy on PyPI (exceptions).
# Texts of bill_number_exists, payment_exceeds, expense_account and paid_through_account: as public clients on GitHub
# quote them and match them literally; the first two numbers are ours.
# Unconfirmed: every other number here, and the wording; recordings of the live service would settle them.
RULES: dict[str, tuple[int, str]] = {
    "contact_exists": (3062, 'The contact "{}" already exists. Please specify a different name.'),
    "customer_exists": (3062, 'The customer "{}" already exists. Please specify a different name.'),
    "vendor_exists": (3062, 'The vendor "{}" already exists. Please specify a different name.'),
    "contact_inactive": (3044, "The contact {} is inactive. Mark it as active and try again."),
    "not_a_vendor": (3043, "The contact {} is not a vendor."),
    "contact_currency_fixed": (3049, "You cannot change the currency of a contact that has transactions."),
    "has_transactions": (1004, "{} is involved in transactions and cannot be deleted."),
    "has_dependents": (36, "{} is associated with other records and cannot be deleted."),
    "already_exists": (4, "{} already exists."),
    "no_line_items": (4016, "Please add at least one line item."),
    "bill_number_exists": (
        13011,
        "A bill with this number has already been created for this vendor. Please check and try again.",
    ),
    "due_before_date": (13017, "The due date cannot be before the bill date."),
    "bill_total_negative": (13012, "The bill total cannot be negative."),
    "bill_has_payments": (13013, "Payments or credits are applied to the bill. Delete them and try again."),
    "bill_below_paid": (13014, "The bill total cannot be less than the amount already paid."),
    "bill_not_open": (13015, "The bill is not open: its status is {}."),
    "bill_status": (13016, "The status of the bill does not allow this: it is {}."),
    "payment_exceeds": (13021, "The amount entered is more than the balance due for the selected bills."),
    "applied_exceeds_amount": (13022, "The sum of the amounts applied is more than the amount of the payment."),
    "payment_other_vendor": (13023, "The bill {} is of another vendor."),
    "payment_other_currency": (13024, "The bill {} is in another currency."),
    "payment_matched": (13025, "The payment is matched with a bank transaction. Unmatch it and try again."),
    "payment_refunded": (13026, "The payment is refunded in part. Delete the refunds and try again."),
    "payment_applied_later": (13027, "The payment was applied to a bill after it was made. Remove that and try again."),
    "refund_exceeds": (13028, "The amount of the refund is more than the balance of {}."),
    "credit_exceeds": (13031, "The amount applied is more than the balance of the vendor credit {}."),
    "credit_not_open": (13032, "The vendor credit is not open: its status is {}."),
    "credit_used": (13033, "The vendor credit is applied or refunded. Delete that and try again."),
    "credit_number_exists": (13034, "The vendor credit number {} already exists."),
    "amount_not_positive": (9001, "The amount should be greater than zero."),
    "expense_account": (1002, "Please enter valid expense account"),
    "paid_through_account": (1002, "Please enter valid paid through account"),
    "paid_through_currency": (9003, "The account {} is in a currency that the transaction cannot be paid in."),
    "account_type": (9004, "The account {} cannot be used in this transaction."),
    "same_account": (9005, "The transaction needs two different accounts."),
    "file_type": (9011, "Please ensure that the file is one of {}."),
    "file_size": (9012, "Please ensure that the file is smaller than {} MB."),
    "file_count": (9013, "You cannot attach more than {} files."),
    "no_file": (9014, "Please choose a file to attach."),
    "journal_unbalanced": (11018, "The debits and the credits of the journal do not match."),
    "journal_account": (11016, "The account {} cannot be used in a journal."),
    "journal_contact": (11017, "A contact is needed with the account {}."),
    "journal_currency": (11019, "The account {} is in a currency that the journal cannot be posted in."),
    "journal_published": (11020, "The journal is already published."),
    "transaction_matched": (12001, "The transaction is matched or categorized. Undo that and try again."),
    "line_status": (12002, "The status of the transaction does not allow this: it is {}."),
    "match_amount": (12003, "The amounts of the transactions do not match."),
    "no_exchange_rate": (12011, "There is no exchange rate for {}."),
    "currency_in_use": (12012, "The currency {} is in use and cannot be deleted."),
    "base_currency": (12013, "The base currency cannot be changed."),
    "system_account": (11501, "The account {} is a system account and cannot be changed."),
    "account_involved": (11502, "The account {} is involved in transactions."),
    "tag_mandatory": (11601, "Choose an option of the reporting tag {}."),
    "tag_count": (11602, "You cannot have more than {} reporting tags."),
    "feature_off": (110817, "Enable {} to perform this operation."),
}


# Source: change logs of public clients on GitHub (404 and 1002 for an account that is none of the organisation's).
# Unconfirmed: the status of an account of another kind.
_NOT_FOUND = frozenset(["expense_account", "paid_through_account"])


def _rule(refusal: native.Broken) -> Said:
    code, text = RULES[refusal.rule]
    return 404 if refusal.rule in _NOT_FOUND else 400, code, text.replace("{}", refusal.detail[:200])


# What a missing or unknown reference is told as, by its member, where the usual sentence does not stand.
# Source: texts that public clients on GitHub quote from the live service.
_OF_MEMBERS = {
    "vendor_id": "The Vendor field can neither be blank nor be incorrect. Please enter a correct vendor name.",
    "bill_id": (
        "Some of the bills for which you've chosen to record payments do not exist. Please check and try again."
    ),
}


def _required(refusal: native.Required) -> Said:
    # Unconfirmed: number and wording where a mandatory member is missing.
    return 400, 1001, _OF_MEMBERS.get(refusal.param, f"Invalid value passed for {refusal.param}")


def _unknown(refusal: native.UnknownReference) -> Said:
    return 400, 1002, _OF_MEMBERS.get(refusal.param, f"{refusal.entity} does not exist.")


Answer: TypeAlias = Callable[[Any], Said]


def _fixed(status: int, code: int, text: str) -> Answer:
    return lambda _: (status, code, text)


_TABLE: dict[type[Refusal], Answer] = {
    native.InvalidToken: lambda _: INVALID_TOKEN,
    native.NotAuthorized: lambda _: NOT_AUTHORIZED,
    NotPermitted: lambda _: NOT_AUTHORIZED,
    native.WrongOrganization: lambda r: (
        400,
        6041,
        f"This user is not associated with the CompanyID/CompanyName:{r.organization_id[:50]}.",
    ),
    native.TooMany: _limit,
    native.EmptyBody: _fixed(400, 11, "JSON is not well formed"),
    native.InvalidValue: lambda r: (400, 2, f"Invalid value passed for {r.param}"),
    native.Required: _required,
    native.TooLong: lambda r: (400, 15, f"Please ensure that the {r.param} has less than {r.most + 1} characters."),
    native.NoSuch: lambda r: (404, 1002, f"{r.entity} does not exist."),
    native.UnknownReference: _unknown,
    native.Broken: _rule,
    # Unconfirmed: number and text of a write into a locked period.
    ledger.PeriodClosed: lambda r: (
        400,
        10037,
        f"You cannot create or modify transactions dated on or before {r.closed_through}, as they have been locked.",
    ),
    ledger.AccountInactive: lambda r: (400, 11503, f"The account {r.name} is inactive."),
    ledger.AccountUnknown: _fixed(400, 1002, "Account does not exist."),
    ledger.AccountExists: _fixed(400, 4, "The account already exists."),
    ledger.AccountCurrency: _fixed(400, 9003, "The account is in a currency that the transaction cannot be made in."),
    ledger.AmountTooLarge: _fixed(400, 2, "Invalid value passed for amount"),
    ledger.WrongPrecision: _fixed(400, 2, "Invalid value passed for amount"),
    ledger.OverSettled: _fixed(400, 13021, "The amount applied is more than the balance of the bill."),
    ledger.TaxNotCharged: _fixed(400, 2, "Invalid value passed for tax_amount"),
    ledger.Unbalanced: _fixed(400, 11018, "The debits and the credits of the journal do not match."),
    ledger.EmptyEntry: _fixed(400, 9001, "The amount should be greater than zero."),
    ledger.BaseCurrency: _fixed(400, 2, "Invalid value passed for currency_id"),
    ledger.BaseDiffers: _fixed(400, 2, "Invalid value passed for exchange_rate"),
    ledger.AlreadyPosted: _fixed(400, 4, "The transaction already exists."),
    ledger.NothingPosted: _fixed(400, 1002, "The transaction does not exist."),
}

# Answers of the accounts server, in an envelope of their own.
_OAUTH: dict[type[Refusal], Callable[[Any], Response]] = {
    # Source: https://www.zoho.com/accounts/protocol/oauth.html (errors come with status 200; clients look at ``error``)
    native.OAuthDenied: lambda r: json_reply({"error": r.error}),
    # Unconfirmed: the status; the setting ``token_denial_status`` of a world chooses another.
    native.OAuthThrottled: lambda r: json_reply(
        {
            "error_description": "You have made too many requests continuously. Please try again after some time.",
            "error": "Access Denied",
            "status": "failure",
        },
        status=r.status,
    ),
}

REFUSALS = frozenset(_TABLE) | frozenset(_OAUTH)


def answer(refusal: Refusal, overrides: Mapping[str, Mapping[str, Any]], headers: Headers = ()) -> Response:
    """The native answer to a refusal; a refusal outside the tables is a bug and raises ``KeyError``."""
    if type(refusal) in _OAUTH:
        return _OAUTH[type(refusal)](refusal)
    status, code, message = _TABLE[type(refusal)](refusal)
    name = refusal.rule if isinstance(refusal, native.Broken) else type(refusal).__name__
    own = overrides.get(name, {})
    return reply(
        int(own.get("status", status)), int(own.get("code", code)), str(own.get("message", message)), headers=headers
    )
