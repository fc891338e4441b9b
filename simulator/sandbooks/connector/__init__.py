"""What the hub may ask of any accounting platform, and how a platform's client answers: one native request at a time.

A connector is a client of a platform's native HTTP API. It never sends anything itself: every operation is a generator
that yields the next ``Request`` and receives the answer, so that whoever drives it (the hub's sync, a test, a desktop
program that polls) decides how a request travels, and may stop for good between any two steps. It knows its platform
from the outside only: nothing of the emulator of that platform, of worlds, books or the hub's own records. Ids, keys
and time arrive as arguments.

Rules that every connector keeps
- An operation starts from nothing but its arguments: closed at any yield it may be started anew, by another process.
- ``push`` is a pure function of document and company: resent with the same key it sends the same bytes.
- Every mutating request carries the document's ``key`` where the platform has an idempotency key, and the document's
  ``id`` in a text that the platform keeps and that ``look_up`` finds again.
- An answer that cannot be read after a mutating request is ``Unknown``, never a success and never a refusal.
- Amounts are ``Decimal`` and written digit for digit; nothing passes through a float.
"""

from __future__ import annotations

from sandbooks.connector.asking import ask, cut_of, json_of, unless_refused, with_headers
from sandbooks.connector.consent import Application, Asked, Consent
from sandbooks.connector.documents import (
    Adjustment,
    AdjustmentLine,
    Attached,
    Dated,
    Document,
    Done,
    Expense,
    ExpenseKind,
    File,
    Line,
    Native,
    NewAccount,
    PaymentAccount,
    Reimbursable,
    TrackingRef,
    Transfer,
    TransferSide,
    Written,
    as_made,
    kind_of,
    marked,
    plain,
)
from sandbooks.connector.lists import Account, AccountClass, Company, Contact, ContactKind, TaxRate, TrackingOption
from sandbooks.connector.polling import Heard, Polled, Program, Told
from sandbooks.connector.protocol import (
    AsksCredentials,
    Connector,
    ReadsAnything,
    SignsAddress,
    TakesBackDoubles,
    TakesBackFiles,
)
from sandbooks.connector.steps import (
    Base,
    CompanyUnavailable,
    Failure,
    NeedsConsent,
    Refused,
    Request,
    Step,
    Steps,
    Unavailable,
    Unknown,
    Wait,
)

__all__ = [
    "Account",
    "AccountClass",
    "Adjustment",
    "AdjustmentLine",
    "Application",
    "Asked",
    "AsksCredentials",
    "Attached",
    "Base",
    "Company",
    "CompanyUnavailable",
    "Connector",
    "Consent",
    "Contact",
    "ContactKind",
    "Dated",
    "Document",
    "Done",
    "Expense",
    "ExpenseKind",
    "Failure",
    "File",
    "Heard",
    "Line",
    "Native",
    "NeedsConsent",
    "NewAccount",
    "PaymentAccount",
    "Polled",
    "Program",
    "ReadsAnything",
    "Refused",
    "Reimbursable",
    "Request",
    "SignsAddress",
    "Step",
    "Steps",
    "TakesBackDoubles",
    "TakesBackFiles",
    "TaxRate",
    "Told",
    "TrackingOption",
    "TrackingRef",
    "Transfer",
    "TransferSide",
    "Unavailable",
    "Unknown",
    "Wait",
    "Written",
    "as_made",
    "ask",
    "cut_of",
    "json_of",
    "kind_of",
    "marked",
    "plain",
    "unless_refused",
    "with_headers",
]
