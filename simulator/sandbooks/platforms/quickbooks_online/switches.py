"""Behaviour of the service that no public source settles, as switches of a company with their defaults.

A company's settings may carry any of these names. ``docs`` lists them from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Switch(Struct, frozen=True):
    """One doubt: its default, what else it may be, and what would settle it."""

    default: Any
    choices: tuple[Any, ...]
    about: str


SWITCHES: Mapping[str, Switch] = {
    "refresh_rotation": Switch(
        "daily", ("always", "daily", "never"), "When a refresh gives a new refresh token; the old one overlaps a day."
    ),
    "delete_token": Switch(
        "not_lower", ("not_lower", "exact", "any"), "Which SyncToken a delete accepts; some SDKs always send 1."
    ),
    "default_accept": Switch("json", ("json", "xml"), "The format when a request has no Accept header."),
    "gateway_case": Switch("lower", ("lower", "pascal"), "Member case of authentication faults."),
    "throttle_case": Switch("pascal", ("pascal", "lower"), "Member case of throttling faults."),
    "payment_changes_bill": Switch(True, (True, False), "Whether paying a bill raises the bill's SyncToken."),
    "delete_linked_payment": Switch("allowed", ("allowed", "refused"), "Deleting a payment that is linked to bills."),
    "delete_paid_bill": Switch("unlinked", ("unlinked", "refused"), "Deleting a bill that has payments."),
    "tax_code_required": Switch(True, (True, False), "Whether lines need a tax code where tax is on (not in the US)."),
    "closed_books_code": Switch("6210", ("6210", "6200"), "The code of a write into a closed period."),
    "duplicate_number_code": Switch("6140", ("6140", "6210"), "The code of a document number that is used twice."),
    "multicurrency_off_code": Switch("6000", ("6000", "5030"), "A foreign currency while multicurrency is off."),
    "tracking_off": Switch("dropped", ("dropped", "refused"), "A class or location while its tracking is off."),
    "journal_total": Switch("debits", ("debits", "zero"), "TotalAmt of a JournalEntry."),
    "page_over_limit": Switch("capped", ("capped", "refused"), "MAXRESULTS above 1000."),
    "requestid_reuse": Switch("replay", ("replay", "refused"), "The same requestid with another body."),
    "purchase_currency": Switch(
        "home_account",
        ("home_account", "account"),
        "Whether an account in home currency takes a foreign Purchase.",
    ),
    "per_second_limit": Switch(0, (0, 10), "Requests a second for one realm and application; 0 enforces none."),
    "monthly_read_limit": Switch(
        0, (0, 500_000), "Reads a month for one application, as on the free tier; 0: no limit."
    ),
    "vendor_terms": Switch("ignored", ("ignored", "kept"), "What a TermRef does when a vendor is created."),
    "warn_duplicate_numbers": Switch(
        False, (False, True), "Whether duplicate numbers are refused; custom transaction numbers must be on too."
    ),
    "inactive_names": Switch("taken", ("taken", "free"), "Whether an inactive name may be given to another."),
    "document_zone": Switch("America/Los_Angeles", (), "The time zone that times are written in."),
    "subscription": Switch("active", ("active", "ended"), "Whether the company's subscription lets it write."),
    "journal_tax_amount": Switch("required", ("required", "computed"), "A taxed journal line without a TaxAmount."),
    "company_access": Switch(
        "open",
        ("open", "user_removed", "wrong_cluster", "locked_out", "maintenance", "reset"),
        "Why the company cannot be reached: errors 120, 130, 140, 150 and 10200.",
    ),
    "unquoted_numbers": Switch(
        "accepted",
        ("accepted", "refused"),
        "A number without quotes in a comparison, for which parser errors were seen.",
    ),
    "webhook_form": Switch("cloudevents", ("cloudevents", "legacy"), "The form of webhook deliveries."),
}


def switch(settings: Mapping[str, Any], name: str) -> Any:
    """The value of a switch: the company's own, else the default."""
    return settings.get(name, SWITCHES[name].default)
