"""What a book needs of its storage, and the same in memory.

The protocol is set-based and speaks in minor units where sums are taken, so that a SQL store answers each method with
one statement. Rows obey; the law of the books is in ``book``. A store makes the writes of one call, and of one unit
of work, atomic.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sandbooks.ledger.accounts import Account
from sandbooks.ledger.balances import Line
from sandbooks.ledger.entries import Entry, PostedEntry, Source

__all__ = ["BookRows", "Closing", "DayTotal", "LineFilter", "MemoryRows", "Total"]


class Total(NamedTuple):
    """The sum of an account's postings in one currency, in minor units of that currency and of base; debit > 0."""

    account: str
    currency: str
    amount: int
    base: int


class DayTotal(NamedTuple):
    """The sum of an account's postings in one currency on one day, in minor units; debit > 0."""

    date: datetime.date
    account: str
    currency: str
    amount: int
    base: int


class Closing(NamedTuple):
    """A change of the closed period: from entry number ``after`` on, every day up to ``through`` is closed."""

    after: int
    through: datetime.date | None


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are wanted: None means any, dates are inclusive."""

    account: str | None = None
    kind: str | None = None
    id: str | None = None
    version: int | None = None
    since: datetime.date | None = None
    through: datetime.date | None = None

    def admits(self, line: Line) -> bool:
        source = line.source
        return (
            self.account in (None, line.posting.account)
            and self.kind in (None, source.kind)
            and self.id in (None, source.id)
            and self.version in (None, source.version)
            and (self.since is None or self.since <= line.date)
            and (self.through is None or line.date <= self.through)
        )


class BookRows(Protocol):
    """The storage of one book."""

    def put_account(self, account: Account) -> None:
        """Insert the account, or replace the one with its id."""
        ...

    def find_accounts(self, ids: Collection[str] | None = None) -> Iterable[Account]:
        """The accounts with these ids that exist, in any order; or all, in the order in which they were first put."""
        ...

    def append(self, entry: Entry, *, reverses: int | None = None) -> int:
        """Add an entry under the next number (from 1, without gaps) and add its postings to the day totals.

        With ``reverses`` the source's (kind, id) has no live entry afterwards, else this one is it.
        """
        ...

    def entries(self) -> Iterator[PostedEntry]:
        """Every entry in the order of numbers."""
        ...

    def current(self, kind: str, source_id: str) -> PostedEntry | None:
        """The live entry of a source: appended and not reversed."""
        ...

    def was_posted(self, source: Source) -> bool:
        """Whether this very version was ever appended, other than by a reversal."""
        ...

    def lines(self, wanted: LineFilter) -> Iterator[Line]:
        """The postings admitted, in the order of (number, index)."""
        ...

    def totals(
        self, *, account: str | None = None, since: datetime.date | None = None, through: datetime.date | None = None
    ) -> Iterable[Total]:
        """Sums of the day totals between two inclusive dates, one per (account, currency); those of zero may be left
        out. Costs days, never entries."""
        ...

    def day_totals(self) -> Iterable[DayTotal]:
        """Every stored day total, for verification."""
        ...

    def currencies_used(self, account: str) -> Collection[str]:
        """The currencies of the account's postings, those that sum to zero too."""
        ...

    def closed_through(self) -> datetime.date | None:
        """The last day that is closed."""
        ...

    def close_through(self, through: datetime.date | None) -> None:
        """Close every day up to and including this one, and open those after it; None opens all."""
        ...

    def closings(self) -> Iterable[Closing]:
        """What was closed and when, oldest first; of several changes between two entries the last one counts."""
        ...


class MemoryRows:
    """BookRows in plain containers, for tests and for books that need no database."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._entries: list[PostedEntry] = []
        self._current: dict[tuple[str, str], int] = {}
        self._posted: set[Source] = set()
        self._by_account: defaultdict[str, list[int]] = defaultdict(list)
        self._by_source: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._ever: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)  # account -> currency -> [amount, base]
        self._days: defaultdict[tuple[str, str], dict[datetime.date, list[int]]] = defaultdict(dict)
        self._closings: dict[int, datetime.date | None] = {}

    def put_account(self, account: Account) -> None:
        self._accounts[account.id] = account

    def find_accounts(self, ids: Collection[str] | None = None) -> Iterable[Account]:
        if ids is None:
            return list(self._accounts.values())
        return [self._accounts[wanted] for wanted in ids if wanted in self._accounts]

    def append(self, entry: Entry, *, reverses: int | None = None) -> int:
        number = len(self._entries) + 1
        self._entries.append(PostedEntry(number, entry, reverses))
        source = (entry.source.kind, entry.source.id)
        if reverses is None:
            self._posted.add(entry.source)
            self._current[source] = number
        else:
            del self._current[source]
        self._by_source[source].append(number)
        for account in dict.fromkeys(posting.account for posting in entry.postings):
            self._by_account[account].append(number)
        self._add_up(entry)
        return number

    def _add_up(self, entry: Entry) -> None:
        for posting in entry.postings:
            account, currency = posting.account, posting.amount.currency
            day = self._days[account, currency].setdefault(entry.date, [0, 0])
            ever = self._ever[account].setdefault(currency, [0, 0])
            amount, base = posting.amount.minor, posting.base.minor
            for sums in (day, ever):
                sums[0] += amount
                sums[1] += base

    def entries(self) -> Iterator[PostedEntry]:
        return iter(tuple(self._entries))

    def current(self, kind: str, source_id: str) -> PostedEntry | None:
        number = self._current.get((kind, source_id))
        return None if number is None else self._entries[number - 1]

    def was_posted(self, source: Source) -> bool:
        return source in self._posted

    def lines(self, wanted: LineFilter) -> Iterator[Line]:
        for posted in self._candidates(wanted):
            for index, posting in enumerate(posted.entry.postings):
                entry = posted.entry
                line = Line(posted.number, index, entry.date, entry.source, posting, entry.memo, posted.reverses)
                if wanted.admits(line):
                    yield line

    def _candidates(self, wanted: LineFilter) -> Iterator[PostedEntry]:
        """The entries that can hold wanted lines, by the narrowest index."""
        if wanted.kind is not None and wanted.id is not None:
            numbers = self._by_source.get((wanted.kind, wanted.id), [])
        elif wanted.account is not None:
            numbers = self._by_account.get(wanted.account, [])
        else:
            yield from self.entries()
            return
        yield from [self._entries[number - 1] for number in numbers]

    def totals(
        self, *, account: str | None = None, since: datetime.date | None = None, through: datetime.date | None = None
    ) -> Iterable[Total]:
        accounts = list(self._ever) if account is None else [account]
        for name in accounts:
            for currency, ever in self._ever.get(name, {}).items():
                if since is None and through is None:
                    yield Total(name, currency, ever[0], ever[1])
                else:
                    yield self._between(name, currency, since=since, through=through)

    def _between(
        self, account: str, currency: str, *, since: datetime.date | None, through: datetime.date | None
    ) -> Total:
        amount = base = 0
        for day, sums in self._days[account, currency].items():
            if (since is None or since <= day) and (through is None or day <= through):
                amount += sums[0]
                base += sums[1]
        return Total(account, currency, amount, base)

    def day_totals(self) -> Iterable[DayTotal]:
        for (account, currency), days in self._days.items():
            for day, (amount, base) in days.items():
                yield DayTotal(day, account, currency, amount, base)

    def currencies_used(self, account: str) -> Collection[str]:
        return list(self._ever.get(account, {}))

    def closed_through(self) -> datetime.date | None:
        return next(reversed(self._closings.values()), None)

    def close_through(self, through: datetime.date | None) -> None:
        self._closings[len(self._entries)] = through

    def closings(self) -> Iterable[Closing]:
        return [Closing(after, through) for after, through in self._closings.items()]
