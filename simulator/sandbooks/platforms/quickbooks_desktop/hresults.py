"""HRESULTs: why QuickBooks did not run a document at all.

Reported to the application through ``connectionError`` when the company file could not be opened, through
``receiveResponseXML`` when a document could not be run.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.platforms.quickbooks_desktop.refusals import Hresult

# Source: QuickBooks Web Connector Programmer's Guide (0x80040400 to 0x80040402); codes and situations of the others as
# quoted in public threads of github.com/consolibyte/quickbooks-php and skryl/qbwc. Unconfirmed: 0x8004040C, 0x80040410,
# 0x80040413, 0x8004041B, 0x8004041C, 0x80040423.
TEXTS: Mapping[str, str] = {
    "0x80040400": "QuickBooks found an error when parsing the provided XML text stream.",
    "0x80040401": "Could not access QuickBooks.",
    "0x80040402": "Unexpected error. Check the qbsdklog.txt file for possible, additional information.",
    "0x80040403": "Could not open the specified QuickBooks company data file.",
    "0x80040406": "The version of the QuickBooks company data file is unknown, or the file was not found.",
    "0x80040408": "Could not start QuickBooks.",
    "0x8004040A": "QuickBooks company data file is already open and it is different from the one requested.",
    "0x8004040C": "BeginSession has not been called or it did not succeed.",
    "0x8004040D": "The ticket parameter is invalid.",
    "0x80040410": "The QuickBooks company data file is currently open in a mode other than the one specified.",
    "0x80040413": "The rollbackOnError value of onError is not supported.",
    "0x80040414": "A modal dialog box is showing in the QuickBooks user interface.",
    "0x80040416": "QuickBooks is not running, and no company data file was named.",
    "0x80040417": "QuickBooks is running, but no company data file is open.",
    "0x80040418": "This application has not accessed this company file before; its administrator must grant access.",
    "0x8004041A": "This application does not have permission to access this QuickBooks company data file.",
    "0x8004041B": "Unable to lock the necessary information to allow this application access. Try again later.",
    "0x8004041C": "An internal QuickBooks error occurred while trying to access the company data file.",
    "0x8004041D": "This application is not allowed to log into this QuickBooks company data file automatically.",
    "0x8004041F": "This edition of QuickBooks does not support integration.",
    "0x80040420": "The QuickBooks user has denied access.",
    "0x80040422": "This application requires Single User file access mode and there is already another application "
    "sharing data with this QuickBooks company data file.",
    "0x80040423": "The version of qbXML that was requested is not supported or is unknown.",
    "0x80040424": "QuickBooks did not finish its initialization. Please try again later.",
    "0x80040438": "Another instance or another Windows user has this company data file open.",
    "0x80040154": "The QuickBooks request processor is not installed.",
}

PARSE_FAILED = "0x80040400"
UNEXPECTED = "0x80040402"
CANNOT_OPEN = "0x80040403"
NO_ROLLBACK = "0x80040413"
NO_PERMISSION = "0x8004041A"
UNSUPPORTED_EDITION = "0x8004041F"
VERSION_UNSUPPORTED = "0x80040423"

# What may be the matter with a company file, by the name that the bookkeeper or a test sets it to.
SITUATIONS: Mapping[str, str] = {
    "open": "",
    "no_access": "0x80040401",
    "unexpected": "0x80040402",
    "closed": "0x80040416",
    "no_file_open": "0x80040417",
    "other_file_open": "0x8004040A",
    "cannot_open": "0x80040403",
    "unknown_version": "0x80040406",
    "cannot_start": "0x80040408",
    "no_session": "0x8004040C",
    "bad_ticket": "0x8004040D",
    "other_mode": "0x80040410",
    "modal_dialog": "0x80040414",
    "first_access": "0x80040418",
    "no_permission": "0x8004041A",
    "information_locked": "0x8004041B",
    "internal_error": "0x8004041C",
    "no_automatic_login": "0x8004041D",
    "unsupported_edition": "0x8004041F",
    "denied": "0x80040420",
    "single_user": "0x80040422",
    "initializing": "0x80040424",
    "other_instance": "0x80040438",
    "not_installed": "0x80040154",
}


def hresult(code: str, detail: str = "") -> Hresult:
    """The refusal of a whole document."""
    return Hresult(code, TEXTS[code], detail)
