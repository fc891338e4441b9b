"""The storage side of a book over any ``Store``: what ``ledger.BookRows`` asks for, one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sandbooks import exact_json
from sandbooks.ledger import (
    Account,
    AccountClass,
    Closing,
    DayTotal,
    Entry,
    Line,
    LineFilter,
    PostedEntry,
    Posting,
    Source,
    Total,
)
from sandbooks.money import Money
from sandbooks.storage.store import Row, Store

FIRST_DAY = "0000-00-00"
LAST_DAY = "9999-99-99"


class StoredRows:
    """The accounts, entries and day totals of one book. Writes belong inside a unit of work."""

    def __init__(self, store: Store, book: str, base_currency: str) -> None:
        self._store = store
        self._book = book
        self._base = base_currency

    def put_account(self, account: Account) -> None:
        self._store.run(
            "book.put_account",
            book=self._book,
            id=account.id,
            name=account.name,
            kind=account.kind.value,
            currency=account.currency,
            active=account.active,
        )

    def find_accounts(self, ids: Collection[str] | None = None) -> Iterable[Account]:
        if ids is None:
            return [_account(row) for row in self._store.all("book.accounts", book=self._book)]
        rows = (self._store.one("book.account", book=self._book, id=wanted) for wanted in ids)
        return [_account(row) for row in rows if row is not None]

    def append(self, entry: Entry, *, reverses: int | None = None) -> int:
        last = self._store.one("book.last_number", book=self._book)
        number = (last[0] or 0) + 1 if last else 1
        source, day = entry.source, entry.date.isoformat()
        if reverses is not None:
            self._store.run("book.retire", book=self._book, kind=source.kind, id=source.id)
        self._store.run(
            "book.add_entry",
            book=self._book,
            number=number,
            day=day,
            kind=source.kind,
            id=source.id,
            version=source.version,
            memo=entry.memo,
            reverses=reverses,
            live=reverses is None,
        )
        lines = [self._line(number, position, day, posting) for position, posting in enumerate(entry.postings)]
        self._store.run_many("book.add_line", lines)
        self._store.run_many("book.add_total", lines)
        return number

    def _line(self, number: int, position: int, day: str, posting: Posting) -> dict[str, Any]:
        return {
            "book": self._book,
            "number": number,
            "position": position,
            "day": day,
            "account": posting.account,
            "currency": posting.amount.currency,
            "amount": posting.amount.minor,
            "base": posting.base.minor,
            "tax_code": posting.tax_code,
            "party": posting.party,
            "dimensions": exact_json.dumps(posting.dimensions).decode() if posting.dimensions else "",
            "memo": posting.memo,
        }

    def entries(self) -> Iterator[PostedEntry]:
        for row in self._store.all("book.entries", book=self._book):
            yield self._posted(row)

    def current(self, kind: str, source_id: str) -> PostedEntry | None:
        row = self._store.one("book.live_entry", book=self._book, kind=kind, id=source_id)
        return self._posted(row) if row else None

    def _posted(self, row: Row) -> PostedEntry:
        number, day, kind, id_, version, memo, reverses = row
        rows = self._store.all("book.lines_of_entry", book=self._book, number=number)
        postings = tuple(self._posting(line) for line in rows)
        return PostedEntry(number, Entry(date.fromisoformat(day), Source(kind, id_, version), postings, memo), reverses)

    def _posting(self, row: Row) -> Posting:
        account, currency, amount, base, tax_code, party, dimensions, memo = row
        return Posting(
            account,
            Money.from_minor(amount, currency),
            Money.from_minor(base, self._base),
            tax_code,
            party,
            tuple((name, value) for name, value in exact_json.loads(dimensions)) if dimensions else (),
            memo,
        )

    def was_posted(self, source: Source) -> bool:
        row = self._store.one(
            "book.posted_version", book=self._book, kind=source.kind, id=source.id, version=source.version
        )
        return row is not None

    def lines(self, wanted: LineFilter) -> Iterator[Line]:
        for row in self._candidates(wanted):
            number, position, day, kind, id_, version, memo, reverses = row[:8]
            line = Line(
                number,
                position,
                date.fromisoformat(day),
                Source(kind, id_, version),
                self._posting(row[8:]),
                memo,
                reverses,
            )
            if wanted.admits(line):
                yield line

    def _candidates(self, wanted: LineFilter) -> list[Row]:
        if wanted.kind is not None and wanted.id is not None:
            return self._store.all("book.lines_of_source", book=self._book, kind=wanted.kind, id=wanted.id)
        span = _span(wanted.since, wanted.through)
        if wanted.account is not None:
            return self._store.all("book.lines_of_account", book=self._book, account=wanted.account, **span)
        return self._store.all("book.lines", book=self._book, **span)

    def totals(
        self, *, account: str | None = None, since: date | None = None, through: date | None = None
    ) -> Iterable[Total]:
        span = _span(since, through)
        if account is None:
            rows = self._store.all("book.totals", book=self._book, **span)
        else:
            rows = self._store.all("book.totals_of", book=self._book, account=account, **span)
        return [Total(*row) for row in rows]

    def day_totals(self) -> Iterable[DayTotal]:
        for day, *rest in self._store.all("book.day_totals", book=self._book):
            yield DayTotal(date.fromisoformat(day), *rest)

    def currencies_used(self, account: str) -> Collection[str]:
        return [row[0] for row in self._store.all("book.currencies_of", book=self._book, account=account)]

    def closed_through(self) -> date | None:
        row = self._store.one("book.closing", book=self._book)
        return date.fromisoformat(row[0]) if row and row[0] else None

    def close_through(self, through: date | None) -> None:
        self._store.run("book.close", book=self._book, through=through.isoformat() if through else None)

    def closings(self) -> Iterable[Closing]:
        rows = self._store.all("book.closings", book=self._book)
        return [Closing(after, date.fromisoformat(through) if through else None) for after, through in rows]


def _account(row: Row) -> Account:
    id_, name, kind, currency, active = row
    return Account(id_, name, AccountClass(kind), currency, bool(active))


def _span(since: date | None, through: date | None) -> dict[str, str]:
    return {
        "since": since.isoformat() if since else FIRST_DAY,
        "through": through.isoformat() if through else LAST_DAY,
    }
