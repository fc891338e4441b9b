"""What public sources leave open, or what differs from file to file, as settings with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_desktop.queries.macros import MONTHS


class Switch(Struct, frozen=True):
    """One doubt: its default, what else it may be, and what would settle it."""

    default: Any
    choices: tuple[Any, ...]
    about: str


SWITCHES: Mapping[str, Switch] = {
    "closing_date": Switch(
        "refused", ("refused", "allowed"), "Writes on or before the closing date: refused, or silent."
    ),
    "dividing_date": Switch("", (), "The dividing date of an Accountant's Copy that is out; nothing where none is."),
    "unwritable_text": Switch(
        "refused", ("refused", "replaced"), "Characters outside Windows-1252: 3080, or a question mark."
    ),
    "class_tracking_off": Switch(
        "refused", ("refused", "ignored"), "A ClassRef while class tracking is off: 3250, or dropped."
    ),
    "class_tracking": Switch(True, (True, False), "The preference Use class tracking."),
    "accounts_required": Switch(
        True, (True, False), "The preference Require accounts; without it Uncategorized Expenses."
    ),
    "fiscal_year_begins": Switch("January", MONTHS, "The first month of the company's fiscal year."),
    "multicurrency": Switch(True, (True, False), "The preference Use multiple currencies."),
    "multicurrency_off": Switch(
        "refused",
        ("refused", "ignored", "warned"),
        "ExchangeRate while multicurrency is off: 3250, dropped, or dropped with 530.",
    ),
    "foreign_fields": Switch(
        "warned", ("warned", "refused"), "Fields of other editions: dropped with 530, or 0x80040400."
    ),
    "value_errors": Switch(
        "status",
        ("status", "document"),
        "Values that are of the wrong type or too long: a 30xx of their request, or 0x80040400 of the document.",
    ),
    "transaction_order": Switch(
        "entry", ("entry", "date", "modified"), "The order of transactions in answers: of entry, of date, of change."
    ),
    "status_codes": Switch(
        {}, (), "Other codes or words of refusals, by name or name and verb: PeriodClosed.Add: {code, text}."
    ),
    "soap_headers": Switch(
        {}, (), "HTTP headers of the Web Connector's calls beside or in the place of the usual ones."
    ),
    "company_details": Switch({}, (), "What CompanyRet tells beside the name: addresses, EIN, SubscribedServices."),
    "file_state": Switch("open", (), "What is the matter with the company file; see hresults.SITUATIONS."),
    "locked_objects": Switch((), (), "Ids of records that another user holds open (3175, 3176, 3180)."),
    "addresses_asked": Switch(
        False,
        (False, True),
        "Whether AppSupport and CertURL are asked when an application is added (QBWC1003, QBWC1004, QBWC1048).",
    ),
    "strict_app_url": Switch(
        False, (False, True), "Whether an IP address of this machine is refused as AppURL (QBWC1001)."
    ),
    "close_after_no_work": Switch(True, (True, False), "Whether closeConnection follows nvu, none and busy."),
    "file_mode": Switch("SingleUser", ("SingleUser", "MultiUser"), "The mode in which the file is open."),
    "next_statuses": Switch((), (), "Statuses that only the machine brings about; see circumstances."),
    "user": Switch(
        "agrees", ("agrees", "declines", "away"), "What the user answers when the Web Connector asks for leave."
    ),
    "web_connector_running": Switch(True, (True, False), "Whether the Web Connector program runs at all."),
}


# What CompanyRet tells in parts.
_IN_PARTS = ("Address", "LegalAddress", "CompanyAddressForCustomer", "SubscribedServices", "AccountantCopy")


def check(settings: Mapping[str, Any]) -> None:
    """Refuse a value that a switch does not have. Raises ``ValueError``."""
    for name in SWITCHES.keys() & settings.keys():
        _check_shape(name, SWITCHES[name], settings[name])
    for name, told in settings.get("status_codes", {}).items():
        if not isinstance(told, Mapping) or type(told.get("code", 0)) is not int:
            raise ValueError(f"status_codes {name} is a code and a text, not {told!r}")
    for name, told in settings.get("company_details", {}).items():
        if isinstance(told, Mapping) != (name in _IN_PARTS):
            raise ValueError(f"company_details {name} is {'a mapping' if name in _IN_PARTS else 'text'}, not {told!r}")
    if settings.get("dividing_date"):
        date.fromisoformat(str(settings["dividing_date"]))


def _check_shape(name: str, known: Switch, value: Any) -> None:
    if known.choices and value not in known.choices:
        raise ValueError(f"{name} is one of {', '.join(map(str, known.choices))}, not {value!r}")
    if isinstance(known.default, Mapping) and not isinstance(value, Mapping):
        raise ValueError(f"{name} is a mapping, not {value!r}")
    if isinstance(known.default, tuple) and not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a list, not {value!r}")


def switch(company: Company, name: str) -> Any:
    """The value of a switch: the company's own, else the default."""
    return company.settings.get(name, SWITCHES[name].default)
