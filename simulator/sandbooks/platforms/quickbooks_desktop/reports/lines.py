"""What reports are made of: the postings of transactions as they stand, or as a trailing index still shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.ledger import Posting
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.posting import entry_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import TRANSACTIONS


class Line(Struct, frozen=True):
    """One posting of a transaction."""

    record: Record
    day: date
    posting: Posting


class Standing(Struct, frozen=True):
    """A transaction as it stands: its facts and its postings, none where it moves nothing."""

    record: Record
    day: date
    facts: Mapping[str, Any]
    postings: tuple[Posting, ...]


def standing(file: CompanyFile, lag: timedelta) -> Iterator[Standing]:
    """Every transaction that posts, by type of transaction."""
    for kind in TRANSACTIONS:
        for record in file.records.scan(kind, lag=lag):
            facts = _facts(file, record) if lag else file.records.facts(kind, record.id)
            if not facts or facts.get("void"):
                continue
            entry = entry_of(kind, record.id, record.version, body=record.body, facts=facts)
            postings = tuple(entry.postings) if entry else ()
            yield Standing(record, date.fromisoformat(record.body["TxnDate"]), facts, postings)


def _facts(file: CompanyFile, record: Record) -> Mapping[str, Any]:
    """What the version of a record rests on that a trailing index still shows."""
    versions = file.records.versions(record.kind, record.id)
    return next(each.facts for each in reversed(versions) if each.version <= record.version)


def accrual_lines(file: CompanyFile, lag: timedelta) -> Iterator[Line]:
    """Every posting of every transaction."""
    if not lag:  # the books themselves know
        for kind in TRANSACTIONS:
            for record in file.records.scan(kind):
                posted = file.company.book.current(kind, record.id)
                if posted is not None:
                    yield from (Line(record, posted.entry.date, posting) for posting in posted.entry.postings)
        return
    for each in standing(file, lag):
        yield from (Line(each.record, each.day, posting) for posting in each.postings)
