"""The ledger: accounts, entries, balances, periods, taxes and settlement of one set of double-entry books.

Pure: no input or output, no clock, no chance. It knows no document, no wire format and no platform; platforms turn
their native records into entries, and the book holds the law that all of them obey.
"""

from sandbooks.ledger.accounts import Account, AccountClass
from sandbooks.ledger.balances import Balance, Line, TrialRow, standing
from sandbooks.ledger.book import Book
from sandbooks.ledger.entries import Dimensions, Entry, PostedEntry, Posting, Source, balanced, credit, debit
from sandbooks.ledger.fx import Settlement, settle
from sandbooks.ledger.refusals import (
    AccountCurrency,
    AccountExists,
    AccountInactive,
    AccountUnknown,
    AlreadyPosted,
    AmountTooLarge,
    BaseCurrency,
    BaseDiffers,
    EmptyEntry,
    NothingPosted,
    OverSettled,
    PeriodClosed,
    Refusal,
    TaxNotCharged,
    Unbalanced,
    WrongPrecision,
)
from sandbooks.ledger.rows import BookRows, Closing, DayTotal, LineFilter, MemoryRows, Total
from sandbooks.ledger.taxes import TaxCode, TaxComponent, TaxPart, TaxResult, tax_on
from sandbooks.ledger.verification import BookCorrupt

__all__ = [
    "Account",
    "AccountClass",
    "AccountCurrency",
    "AccountExists",
    "AccountInactive",
    "AccountUnknown",
    "AlreadyPosted",
    "AmountTooLarge",
    "Balance",
    "BaseCurrency",
    "BaseDiffers",
    "Book",
    "BookCorrupt",
    "BookRows",
    "Closing",
    "DayTotal",
    "Dimensions",
    "EmptyEntry",
    "Entry",
    "Line",
    "LineFilter",
    "MemoryRows",
    "NothingPosted",
    "OverSettled",
    "PeriodClosed",
    "PostedEntry",
    "Posting",
    "Refusal",
    "Settlement",
    "Source",
    "TaxCode",
    "TaxComponent",
    "TaxNotCharged",
    "TaxPart",
    "TaxResult",
    "Total",
    "TrialRow",
    "Unbalanced",
    "WrongPrecision",
    "balanced",
    "credit",
    "debit",
    "settle",
    "standing",
    "tax_on",
]
