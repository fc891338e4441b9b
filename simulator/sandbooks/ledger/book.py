"""The book: one company's double-entry accounts, and the law that every entry obeys.

It is the referee for all platforms: entries balance, accounts exist, are active and take the currency, the period is
open, each document has at most one live posting and each of its versions is posted once. Entries are only ever added.
Nothing is written unless the whole call is lawful. Knows no storage engine, no document and no platform.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from sandbooks.ledger.accounts import Account
from sandbooks.ledger.balances import Balance, Line, TrialRow
from sandbooks.ledger.entries import Entry, PostedEntry, Source
from sandbooks.ledger.law import check_currency, check_entry
from sandbooks.ledger.refusals import (
    AccountExists,
    AccountInactive,
    AccountUnknown,
    AlreadyPosted,
    NothingPosted,
    PeriodClosed,
)
from sandbooks.ledger.rows import BookRows, Closing, LineFilter, Total
from sandbooks.ledger.verification import verify
from sandbooks.money import Money, digits

__all__ = ["Book"]


class Book:
    """A company's accounts and entries over some storage; every write raises a Refusal or happens as a whole."""

    def __init__(self, rows: BookRows, base_currency: str) -> None:
        digits(base_currency)
        self._rows = rows
        self.base_currency = base_currency

    # Accounts

    def open_account(self, account: Account) -> None:
        """Add an account. Raises AccountExists."""
        if self._find([account.id]):
            raise AccountExists(account.id)
        self._rows.put_account(account)

    def change_account(self, account: Account) -> None:
        """Rename, reclassify, archive or revive an account. Raises AccountUnknown; AccountCurrency when the account
        already has postings in a currency that it would no longer take."""
        before = self.account(account.id)
        for currency in self._rows.currencies_used(account.id) if account.currency != before.currency else ():
            check_currency(account, Money.from_minor(1, currency), base_currency=self.base_currency)
        self._rows.put_account(account)

    def account(self, account_id: str) -> Account:
        """The account. Raises AccountUnknown."""
        found = self._find([account_id])
        if not found:
            raise AccountUnknown(account_id)
        return found[account_id]

    def accounts(self) -> list[Account]:
        """All accounts, in the order of opening."""
        return list(self._rows.find_accounts())

    def _find(self, ids: Iterable[str]) -> dict[str, Account]:
        return {account.id: account for account in self._rows.find_accounts(tuple(dict.fromkeys(ids)))}

    # Entries

    def post(self, entry: Entry) -> int:
        """Add an entry and return its number. Raises a Refusal and adds nothing when the law forbids it."""
        source = entry.source
        if self._rows.current(source.kind, source.id) is not None or self._rows.was_posted(source):
            raise AlreadyPosted(source)
        self._check(entry)
        return self._rows.append(entry)

    def reverse(self, kind: str, source_id: str, *, allow_closed: bool = False) -> int:
        """Take back the live posting of a document, dated as the original, and return the reversal's number.

        Accounts archived since do not matter. Raises NothingPosted; PeriodClosed unless ``allow_closed``.
        """
        live = self._live(Source(kind, source_id, 0))
        if not allow_closed:
            self._check_open(live.entry.date)
        return self._rows.append(live.entry.reversed(), reverses=live.number)

    def replace(self, entry: Entry) -> int:
        """Reverse the document's live posting, post the new version, return the new entry's number.

        Both dates must be open. Raises NothingPosted, AlreadyPosted and what ``post`` raises; then nothing changed.
        """
        live = self._live(entry.source)
        if self._rows.was_posted(entry.source):
            raise AlreadyPosted(entry.source)
        self._check_open(live.entry.date)
        self._check(entry)
        self._rows.append(live.entry.reversed(), reverses=live.number)
        return self._rows.append(entry)

    def current(self, kind: str, source_id: str) -> PostedEntry | None:
        """The live posting of a document, or None."""
        return self._rows.current(kind, source_id)

    def _live(self, source: Source) -> PostedEntry:
        live = self._rows.current(source.kind, source.id)
        if live is None:
            raise NothingPosted(source)
        return live

    # The law

    def _check(self, entry: Entry) -> None:
        check_entry(entry, self.base_currency)
        self._check_accounts(entry)
        self._check_open(entry.date)

    def _check_accounts(self, entry: Entry) -> None:
        accounts = self._find(posting.account for posting in entry.postings)
        for posting in entry.postings:
            account = accounts.get(posting.account)
            if account is None:
                raise AccountUnknown(posting.account)
            if not account.active:
                raise AccountInactive(account.id, account.name)
            check_currency(account, posting.amount, base_currency=self.base_currency)

    def _check_open(self, date: datetime.date) -> None:
        closed_through = self._rows.closed_through()
        if closed_through is not None and date <= closed_through:
            raise PeriodClosed(date, closed_through)

    # Periods

    @property
    def closed_through(self) -> datetime.date | None:
        """The last closed day, or None."""
        return self._rows.closed_through()

    def lock(self, through: datetime.date | None) -> None:
        """Close every day up to and including ``through``; an earlier day reopens those after it, None reopens all."""
        self._rows.close_through(through)

    def closings(self) -> list[Closing]:
        """What was closed through which day, and after which entry, oldest first."""
        return list(self._rows.closings())

    # Reading

    def balance(self, account: str, *, as_of: datetime.date | None = None) -> Balance:
        """What the account holds at the end of a day, or after all entries. Raises AccountUnknown."""
        self.account(account)
        return self._balance(self._rows.totals(account=account, through=as_of))

    def trial_balance(
        self, *, as_of: datetime.date | None = None, since: datetime.date | None = None
    ) -> list[TrialRow]:
        """The accounts that hold anything, in the order of opening; with ``since``, the movement from that day on."""
        totals: dict[str, list[Total]] = {}
        for row in self._rows.totals(since=since, through=as_of):
            totals.setdefault(row.account, []).append(row)
        rows = (TrialRow(account, self._balance(totals.get(account.id, ()))) for account in self.accounts())
        return [row for row in rows if row.balance]

    def lines(
        self,
        *,
        account: str | None = None,
        source: Source | tuple[str, str] | None = None,
        since: datetime.date | None = None,
        through: datetime.date | None = None,
    ) -> Iterator[Line]:
        """Postings in the order they were added, reversals too; a (kind, id) finds all versions of a document."""
        if isinstance(source, Source):
            wanted = LineFilter(account, source.kind, source.id, source.version, since, through)
        else:
            kind, source_id = source or (None, None)
            wanted = LineFilter(account, kind, source_id, None, since, through)
        return self._rows.lines(wanted)

    def verify(self) -> None:
        """Rebuild totals, numbers and live postings from the entries and compare. Raises BookCorrupt."""
        verify(self._rows, self.base_currency)

    def _balance(self, totals: Iterable[Total]) -> Balance:
        by_currency: dict[str, Money] = {}
        base = 0
        for row in totals:
            base += row.base
            if row.amount:
                by_currency[row.currency] = Money.from_minor(row.amount, row.currency)
        return Balance(by_currency, Money.from_minor(base, self.base_currency))
