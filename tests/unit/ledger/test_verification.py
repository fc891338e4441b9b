"""Verification finds every disagreement between a book's entries and what its storage keeps beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.ledger.builders import MARCH, flight, gbp, lunch, new_book

from sandbooks.ledger import BookCorrupt, DayTotal, LineFilter, MemoryRows, PostedEntry, Source, Total, debit


class BentRows(MemoryRows):
    """Rows of which a test can bend one answer."""

    def __init__(self) -> None:
        super().__init__()
        self.bent_entries: list[PostedEntry] | None = None
        self.forgets: str = ""

    def entries(self) -> Iterator[PostedEntry]:
        return super().entries() if self.bent_entries is None else iter(self.bent_entries)

    def current(self, kind: str, source_id: str) -> PostedEntry | None:
        return None if self.forgets == "current" else super().current(kind, source_id)

    def was_posted(self, source: Source) -> bool:
        return self.forgets != "versions" and super().was_posted(source)

    def day_totals(self) -> Iterator[DayTotal]:
        return (day for day in super().day_totals() if (day.account, day.currency) != (self.forgets, "GBP"))

    def totals(self, **wanted: Any) -> Iterator[Total]:
        rows = super().totals(**wanted)
        return (row if self.forgets != "balances" else row._replace(base=row.base + 1) for row in rows)


def verified(bend: str = "", *, entries: list[PostedEntry] | None = None) -> None:
    rows = BentRows()
    book = new_book(rows)
    book.post(lunch("r-01"))
    book.post(flight("r-02"))
    book.replace(lunch("r-01", "8.05 GBP", version=2))
    book.reverse("Purchase", "r-02")
    rows.forgets = bend
    rows.bent_entries = entries
    book.verify()


def test_a_sound_book_is_verified() -> None:
    verified()
    assert list(new_book().lines()) == []


@pytest.mark.parametrize(
    ("bend", "told"),
    [
        ("current", "live entry of Purchase r-01"),
        ("versions", "known as posted"),
        ("meals", "total of account meals in GBP on 2026-03-28"),
        ("balances", "balance of account"),
    ],
)
def test_a_storage_that_keeps_something_else_than_the_entries_say_is_found(bend: str, told: str) -> None:
    with pytest.raises(BookCorrupt, match=told):
        verified(bend)


def posted(number: int, version: int = 1, *, reverses: int | None = None) -> PostedEntry:
    entry = lunch("r-01", version=version)
    return PostedEntry(number, entry if reverses is None else entry.reversed(), reverses)


UNBALANCED = PostedEntry(1, replace(lunch("r-01"), postings=(debit("meals", gbp("1.00")),)))


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([posted(2)], "number of an entry"),
        ([UNBALANCED], "entry 1: Debits and credits differ by 1.00 GBP"),
        ([posted(1), posted(2, 2)], "posted twice"),
        ([posted(1), posted(2, reverses=1), posted(3)], "posted twice"),
        ([posted(1, reverses=1)], "entry 1 is not the reversal"),
        ([posted(1), posted(2, reverses=7)], "entry 2 is not the reversal of entry 7"),
        ([posted(1), posted(2, 2, reverses=1)], "entry 2 is not the reversal of entry 1"),
    ],
)
def test_entries_that_break_the_law_are_found(entries: list[PostedEntry], told: str) -> None:
    with pytest.raises(BookCorrupt, match=told):
        verified(entries=entries)


class CountingRows(MemoryRows):
    """Rows that count what a question touches."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.scans = 0

    def entries(self) -> Iterator[PostedEntry]:
        self.scans += 1
        return super().entries()

    def lines(self, wanted: LineFilter) -> Iterator[Any]:
        self.scans += 1
        return super().lines(wanted)

    def totals(self, **wanted: Any) -> Iterator[Total]:
        for row in super().totals(**wanted):
            self.read += 1
            yield row


@pytest.mark.parametrize("count", [3, 300])
def test_a_balance_touches_as_many_rows_in_a_long_book_as_in_a_short_one(count: int) -> None:
    rows = CountingRows()
    book = new_book(rows)
    for number in range(count):
        book.post(lunch(f"r-{number}"))
    book.balance("meals")
    book.balance("meals", as_of=MARCH)
    book.trial_balance()
    book.trial_balance(as_of=MARCH, since=MARCH)
    assert rows.scans == 0
    assert rows.read == 1 + 1 + 2 + 2
    assert sum(1 for _ in rows.day_totals()) == 2
