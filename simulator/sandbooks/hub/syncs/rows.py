"""Transactions and syncs as rows: the queue of the sync engine and what the API tells of it.

A transaction's row holds the request as accepted, the intent (the document as it will be sent, its key, how far the
sending got) and the native document once there is one. It is the only thing that survives a kill.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal, TypeAlias, cast

import msgspec
from msgspec import Struct, field

from sandbooks.connector import Adjustment as AdjustmentDocument
from sandbooks.connector import Document, Expense, Native, Reimbursable, Transfer
from sandbooks.hub import records
from sandbooks.world import World, instant

TRANSACTION = "transaction"
SYNC = "sync"
RUN = "sandbooks.hub.syncs.engine:run"

Endpoint: TypeAlias = Literal["expense", "reimbursable", "transfer", "adjustment"]
Status: TypeAlias = Literal["Unknown", "Pending", "ValidationError", "Completed", "PushError"]
Stage: TypeAlias = Literal["ready", "sent"]
"""``ready``: no request is out that could have changed the books; ``sent``: one may have."""

SHAPES: dict[str, type[Any]] = {
    "expense": Expense,
    "reimbursable": Reimbursable,
    "transfer": Transfer,
    "adjustment": AdjustmentDocument,
}

# Source: https://docs.codat.io/expenses/sync-process/syncing-expenses (status codes)
IN_PROGRESS, IN_PROGRESS_LONG = 1000, 1010
WRITTEN, NOTHING_WRITTEN = 2000, 2040
CONFIGURATION, COMPANY_GONE, DEAUTHORISED, BILLING_EXPIRED = 4000, 4040, 4220, 4260
SERVER_ERROR, DUPLICATE, PROCESSING, PUSH = 5000, 5080, 5120, 5130
LONG = timedelta(minutes=10)


class Intent(Struct):
    """What is being sent, written down before anything is sent.

    ``attempts`` counts sendings that left the outcome open, ``look_ups`` the searches since the last of them, ``since``
    and ``not_before`` are microseconds since 1970; ``native`` is the document to change, for an update; ``given_up``
    counts the sendings that were repeated because nothing was found of them.
    """

    endpoint: Endpoint
    document: dict[str, Any]
    stage: Stage = "ready"
    attempts: int = 0
    look_ups: int = 0
    parks: int = 0
    since: int = 0
    not_before: int = 0
    native: dict[str, str] | None = None
    given_up: int = 0

    def loaded(self) -> Document:
        """The document."""
        made: Document = msgspec.convert(self.document, SHAPES[self.endpoint])
        return made


def endpoint_of(document: Document) -> Endpoint:
    """What kind of document it is: a transfer of the first version came as an expense."""
    found = next(name for name, shape in SHAPES.items() if isinstance(document, shape))
    return cast("Endpoint", found)


def dumped(document: Document) -> dict[str, Any]:
    """A document as plain values, decimals as text."""
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return plain


class Transaction(Struct):
    """One transaction. ``submission`` counts the times it was accepted: its sync, its version and its key follow.

    ``account`` is the account that an expense is paid from, chosen when it is about to be sent: the configuration may
    change later. ``native`` is the document in the platform; ``uncertain``: an earlier submission ended without anybody
    knowing whether it was written, so the next one begins with a look-up. ``generation`` is the version of the API that
    it came through, ``current`` or ``v1``.
    """

    id: str
    company: str
    endpoint: Endpoint
    kind: str
    request: dict[str, Any]
    sync: str
    submission: int = 1
    status: Status = "Pending"
    message: str = ""
    native_code: str = ""
    update: bool = False
    uncertain: bool = False
    account: str = ""
    intent: Intent | None = None
    native: dict[str, str] | None = None
    attachments: list[str] = field(default_factory=list)
    generation: str = "current"

    def native_document(self) -> Native | None:
        return msgspec.convert(self.native, Native) if self.native else None


class Sync(Struct):
    """One sync: the transactions of one request, in their order. ``exchange`` is that request on the tape.

    ``outcomes`` are status and message of each transaction when the sync ended: a later sync of the same transaction
    does not change what this one says. ``duplicates`` are those that were processed before: they end the sync.
    ``waits``: it was not initiated yet.
    """

    id: str
    company: str
    transactions: list[str]
    created: int
    exchange: int = 0
    code: int = IN_PROGRESS
    status: str = "InProgress"
    error: str = ""
    pushed: bool = False
    ended: int = 0
    outcomes: dict[str, tuple[Status, str]] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    generation: str = "current"
    waits: bool = False


def transaction(world: World, company: str, id: str) -> Transaction | None:
    """A transaction by its id."""
    kept = records.get(world, TRANSACTION, id, company=company)
    return msgspec.convert(kept, Transaction) if kept else None


def keep(world: World, row: Transaction) -> None:
    """Store a transaction's next version. Writes: call it in a unit of work."""
    records.put(world, TRANSACTION, row.id, msgspec.to_builtins(row), company=row.company)


def sync(world: World, company: str, id: str) -> Sync | None:
    """A sync by its id."""
    kept = records.get(world, SYNC, id, company=company)
    return msgspec.convert(kept, Sync) if kept else None


def keep_sync(world: World, row: Sync) -> None:
    """Store a sync's next version. Writes: call it in a unit of work."""
    keys = {"open": "yes"} if not row.ended else {}
    records.put(world, SYNC, row.id, msgspec.to_builtins(row), company=row.company, keys=keys)


def syncs(world: World, company: str) -> list[Sync]:
    """A company's syncs, oldest first."""
    return [msgspec.convert(kept, Sync) for kept in records.every(world, SYNC, company=company)]


def open_syncs(world: World, company: str) -> list[Sync]:
    """The syncs that have not ended, oldest first."""
    found = records.found(world, SYNC, "open", "yes", company=company)
    return [msgspec.convert(kept, Sync) for kept in found]


def accept(
    world: World,
    company: str,
    rows: Sequence[Transaction],
    *,
    exchange: int,
    duplicates: Sequence[str] = (),
    generation: str = "current",
    waits: bool = False,
) -> Sync:
    """Queue transactions as one sync that starts by itself, or waits. Writes: call it in a unit of work."""
    made = Sync(
        id=world.ids.uuid("codat/sync"),
        company=company,
        transactions=[*(row.id for row in rows), *duplicates],
        created=world.clock.micros(),
        exchange=exchange,
        duplicates=list(duplicates),
        generation=generation,
        waits=waits,
    )
    for row in rows:
        row.sync = made.id
        keep(world, row)
    keep_sync(world, made)
    if not waits:
        schedule(world, made)
    return made


def fresh_and_duplicates(
    world: World, company: str, made: Sequence[Transaction]
) -> tuple[list[Transaction], list[str]]:
    """Transactions that may be sent, each knowing its earlier submissions, and the ids of those that were processed."""
    fresh, duplicates = [], []
    for row in made:
        known = transaction(world, company, row.id)
        if known and (known.status in ("Completed", "Pending") or known.native):
            duplicates.append(row.id)
            continue
        if known:
            row.submission, row.uncertain = known.submission + 1, known.uncertain
        fresh.append(row)
    return fresh, duplicates


def processed_before(ids: Sequence[str]) -> str:
    """What is said of transactions that come again. Source: https://docs.codat.io/expenses/faq"""
    return f"One or more transactions have previously been processed: {', '.join(ids)}"


def schedule(world: World, row: Sync, *, due: int = 0) -> None:
    """Let the engine work on a sync, at an instant or now. Writes: call it in a unit of work."""
    when = instant(due) if due > world.clock.micros() else None
    world.jobs.put(RUN, {"company": row.company, "sync": row.id}, due=when)


def resume(world: World, company: str) -> None:
    """Let the engine work on every sync that is still open (after a connection came back)."""
    for row in open_syncs(world, company):
        if not row.waits:
            schedule(world, row)


def native_of(kept: dict[str, str]) -> Native:
    """A native document as stored."""
    return msgspec.convert(kept, Native)
