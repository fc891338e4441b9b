"""How the hub's syncs fare: totals, their course by day, every sync, and every transaction that did not get through.

Reads the rows of the sync engine and changes nothing. The real service shows such figures in a portal of its own; here
they stand behind the control API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct, field

from sandbooks.hub import connections, records
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.syncs import rows
from sandbooks.hub.syncs.rows import Sync
from sandbooks.world import World, instant

Outcome = Literal["successful", "unsuccessful", "in_progress"]
FAILED = ("ValidationError", "PushError", "Unknown")


class Filter(Struct, frozen=True, kw_only=True):
    """Which syncs are meant; empty means any. Days are in UTC, both included."""

    company: str = ""
    platform: str = ""
    first: date | None = None
    last: date | None = None
    code: int = 0
    outcome: str = ""
    status: str = ""

    def takes(self, row: Row) -> bool:
        """Whether a sync is meant. ``status`` is about transactions and is not looked at here."""
        day = row.started.date()
        return (
            (self.platform in ("", row.platform))
            and (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
            and (self.code in (0, row.code))
            and (self.outcome in ("", row.outcome))
        )


class Row(Struct, frozen=True):
    """One sync with its company."""

    sync: Sync
    company: str
    platform: str | None
    started: datetime
    code: int
    outcome: Outcome
    transactions: dict[str, tuple[str, str]] = field(default_factory=dict)


def syncs(world: World, wanted: Filter) -> list[Row]:
    """The syncs that are meant, newest first; those of deleted companies stay."""
    found = [row for row in _every(world, wanted.company) if wanted.takes(row)]
    return sorted(found, key=lambda row: (row.started, row.sync.id), reverse=True)


def _every(world: World, only: str) -> Iterator[Row]:
    for company in records.once(world, "company"):
        if only not in ("", company["id"]):
            continue
        platform = _platform(world, company["id"])
        for sync in rows.syncs(world, company["id"]):
            yield _row(world, sync, company["name"], platform)


def _platform(world: World, company: str) -> str | None:
    connection = connections.accounting_of(world, company)
    integration = integration_of(connection["platformKey"]) if connection else None
    return integration.platform.name if integration and integration.platform else None


def _row(world: World, sync: Sync, company: str, platform: str | None) -> Row:
    good = sync.code in (rows.WRITTEN, rows.NOTHING_WRITTEN)
    outcome: Outcome = "in_progress" if not sync.ended else "successful" if good else "unsuccessful"
    told: dict[str, tuple[str, str]] = {id: (status, text) for id, (status, text) in sync.outcomes.items()}
    if not sync.ended:
        open_ = [rows.transaction(world, sync.company, id) for id in sync.transactions]
        told = {row.id: (row.status, row.message) for row in open_ if row is not None}
    started = instant(sync.created)
    code = sync.code
    if code == rows.IN_PROGRESS and world.clock.now() - started > rows.LONG:
        code = rows.IN_PROGRESS_LONG
    return Row(sync, company, platform, started, code, outcome, told)


def sync_json(row: Row) -> dict[str, Any]:
    """A sync as the control API lists it."""
    return {
        "sync_id": row.sync.id,
        "company_id": row.sync.company,
        "company": row.company,
        "platform": row.platform,
        "started_at": records.stamp(row.started),
        "ended_at": records.stamp(instant(row.sync.ended)) if row.sync.ended else None,
        "code": row.code,
        "status": row.sync.status,
        "message": row.sync.error,
        "outcome": row.outcome,
        "transactions": dict(Counter(status for status, _ in row.transactions.values())),
    }


def overview(world: World, wanted: Filter) -> dict[str, Any]:
    """Totals and the course by day."""
    found = syncs(world, wanted)
    outcomes = Counter(row.outcome for row in found)
    statuses = Counter(status for row in found for status, _ in row.transactions.values())
    ended = sum(count for status, count in statuses.items() if status != "Pending")
    rate = Decimal(100 * statuses["Completed"]) / ended if ended else None
    return {
        "companies": len({row.sync.company for row in found}),
        "syncs": {"total": len(found), **{name: outcomes[name] for name in OUTCOMES}},
        "transactions": dict(statuses),
        "success_rate": None if rate is None else rate.quantize(Decimal("0.01")),
        "days": _days(found),
    }


OUTCOMES: tuple[Outcome, ...] = ("successful", "unsuccessful", "in_progress")


def _days(found: list[Row]) -> list[dict[str, Any]]:
    days: dict[str, Counter[str]] = {}
    for row in reversed(found):
        days.setdefault(row.started.date().isoformat(), Counter())[row.outcome] += 1
    return [{"date": day, **{name: counts[name] for name in OUTCOMES}} for day, counts in days.items()]


def errors(world: World, wanted: Filter) -> list[dict[str, Any]]:
    """Every transaction that did not get through, newest sync first."""
    listed = []
    for row in syncs(world, wanted):
        for id, (status, message) in row.transactions.items():
            if status in FAILED and wanted.status in ("", status):
                known = rows.transaction(world, row.sync.company, id)
                listed.append(
                    {
                        "transaction_id": id,
                        "sync_id": row.sync.id,
                        "company_id": row.sync.company,
                        "company": row.company,
                        "platform": row.platform,
                        "type": known.kind if known else "",
                        "status": status,
                        "message": message,
                        "at": records.stamp(instant(row.sync.ended or row.sync.created)),
                    }
                )
    return listed
