"""Verification: a book rebuilt from its entries, compared with what its storage keeps beside them.

A disagreement is a bug in the storage (or a file that was edited by hand), never a refusal. Reads every entry, so it
is for tests, audits and repair, not for the path of a request.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TypeAlias

from sandbooks.ledger.entries import PostedEntry, Source
from sandbooks.ledger.law import check_entry
from sandbooks.ledger.refusals import Refusal
from sandbooks.ledger.rows import BookRows

__all__ = ["BookCorrupt", "verify"]

_DayKey: TypeAlias = tuple[date, str, str]
_Sums: TypeAlias = dict[_DayKey, tuple[int, int]]


class BookCorrupt(Exception):
    """Stored totals, numbers or live postings are not what the entries say."""


def verify(rows: BookRows, base_currency: str) -> None:
    """Raise BookCorrupt, naming the first disagreement, unless storage and entries tell the same story."""
    rebuilt = _Rebuilt(base_currency)
    for posted in rows.entries():
        rebuilt.add(posted)
    for source in rebuilt.seen:
        _agree(f"live entry of {source[0]} {source[1]}", rows.current(*source), rebuilt.live.get(source))
    for version in rebuilt.versions:
        _agree(f"{version} known as posted", rows.was_posted(version), True)
    stored = {(day.date, day.account, day.currency): (day.amount, day.base) for day in rows.day_totals()}
    _compare(stored, rebuilt.days)
    sums = {(row.account, row.currency): (row.amount, row.base) for row in rows.totals()}
    _compare_totals(sums, rebuilt.days)


def _agree(what: str, stored: object, rebuilt: object) -> None:
    if stored != rebuilt:
        raise BookCorrupt(f"{what}: the storage says {stored}, the entries say {rebuilt}")


def _compare(stored: _Sums, rebuilt: _Sums) -> None:
    for key in sorted(stored.keys() | rebuilt.keys()):
        day, account, currency = key
        what = f"total of account {account} in {currency} on {day}"
        _agree(what, stored.get(key, (0, 0)), rebuilt.get(key, (0, 0)))


def _compare_totals(stored: dict[tuple[str, str], tuple[int, int]], days: _Sums) -> None:
    rebuilt: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (_, account, currency), (amount, base) in days.items():
        before = rebuilt[account, currency]
        rebuilt[account, currency] = (before[0] + amount, before[1] + base)
    for key in sorted(stored.keys() | rebuilt.keys()):
        _agree(f"balance of account {key[0]} in {key[1]}", stored.get(key, (0, 0)), rebuilt.get(key, (0, 0)))


class _Rebuilt:
    """The book as its entries tell it, one after the other."""

    def __init__(self, base_currency: str) -> None:
        self.base_currency = base_currency
        self.count = 0
        self.live: dict[tuple[str, str], PostedEntry] = {}
        self.seen: dict[tuple[str, str], None] = {}
        self.versions: set[Source] = set()
        self.days: _Sums = {}

    def add(self, posted: PostedEntry) -> None:
        self.count += 1
        _agree("number of an entry", posted.number, self.count)
        try:
            check_entry(posted.entry, self.base_currency)
        except Refusal as refusal:
            raise BookCorrupt(f"entry {posted.number}: {refusal}") from refusal
        if posted.reverses is None:
            self._post(posted)
        else:
            self._reverse(posted)
        self._add_up(posted)

    def _post(self, posted: PostedEntry) -> None:
        source = posted.entry.source
        key = (source.kind, source.id)
        if key in self.live or source in self.versions:
            raise BookCorrupt(f"entry {posted.number}: {source} is posted twice")
        self.live[key] = posted
        self.seen[key] = None
        self.versions.add(source)

    def _reverse(self, posted: PostedEntry) -> None:
        live = self.live.pop((posted.entry.source.kind, posted.entry.source.id), None)
        if live is None or live.number != posted.reverses or live.entry.reversed() != posted.entry:
            raise BookCorrupt(f"entry {posted.number} is not the reversal of entry {posted.reverses}")

    def _add_up(self, posted: PostedEntry) -> None:
        for posting in posted.entry.postings:
            key = (posted.entry.date, posting.account, posting.amount.currency)
            amount, base = self.days.get(key, (0, 0))
            self.days[key] = (amount + posting.amount.minor, base + posting.base.minor)
