"""Looking again, long after a write was repeated: whether the request that was given up has been carried out after all.

A platform without keys, or with keys that it soon forgets, cannot tell a repeat from a second document. The look-ups
before a repeat outlast every usual delay; what comes later still is found here and taken back, so that one is left.
Between its coming and the next look there are two: no client of such a platform can prevent that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from sandbooks.connector import (
    Attached,
    Failure,
    File,
    Native,
    Refused,
    Steps,
    TakesBackDoubles,
    TakesBackFiles,
    Unknown,
)
from sandbooks.hub import connections, data, records
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.syncs import rows
from sandbooks.payables import NewBill, NewCredit, NewEntry, NewPayment, as_adjustment, pays_bills
from sandbooks.payables.partial import TakesBackRecords
from sandbooks.world import World
from sandbooks.world.clock import instant

RUN = "sandbooks.hub.doubles:look"
AFTER_SECONDS = (600, 3600)
SECOND = 1_000_000
RECORDS: Mapping[str, type[Any]] = {"bill": NewBill, "credit": NewCredit, "payment": NewPayment}
ENTRY = "journalEntry"


def watch(session: Session, kind: str, what: Any, native: Native) -> None:
    """Look again for what was written more than once, where the platform cannot tell. ``kind`` is that of a document or
    record, or ``file``; ``what`` was written. Writes: call it in a unit of work."""
    if not _takes_back(session, kind):
        return
    world, connection = session.world, session.connection
    body = {"company": connection["companyId"], "connection": connection["id"], "kind": kind}
    kept = {"what": msgspec.to_builtins(what), "native": msgspec.to_builtins(native)}
    _plan(world, {**body, **kept, "since": world.clock.micros(), "looks": 0})


def attaching(session: Session, file: File, native: Native) -> Steps[Attached]:
    """Attach a file; what may be made of it late, by a request without an answer, is looked for."""
    try:
        return (yield from session.connector.attach(file, native, session.consent))
    except Unknown:
        with session.world.unit():
            watch(session, "file", replace(file, content=b""), native)
        raise


def _takes_back(session: Session, kind: str) -> bool:
    connector = session.connector
    if session.is_polled:
        return False
    if kind == "file":
        return isinstance(connector, TakesBackFiles)
    if kind in rows.SHAPES or kind == ENTRY:
        return isinstance(connector, TakesBackDoubles)
    return kind in RECORDS and pays_bills(connector) and isinstance(connector.payables, TakesBackRecords)


def _plan(world: World, body: dict[str, Any]) -> None:
    if body["looks"] < len(AFTER_SECONDS):
        due = body["since"] + AFTER_SECONDS[body["looks"]] * SECOND
        world.jobs.put(RUN, body, due=instant(due))


def look(world: World, body: dict[str, Any]) -> None:
    """The job: one look, and the next one planned."""
    connection = records.get(world, connections.KIND, body["connection"], company=body["company"])
    if connection is None:
        return
    if connection["status"] == "Linked":
        session = Session(world, connection)
        try:
            session.run(_steps(world, session, body))
        except Refused as refused:
            _tell(world, connection, session, body, refused)
            return
        except (Failure, Parked):  # not now; the next look may do
            pass
    with world.unit():
        _plan(world, {**body, "looks": body["looks"] + 1})


def _tell(
    world: World, connection: dict[str, Any], session: Session, body: Mapping[str, Any], refused: Refused
) -> None:
    """What must stay twice is told where the connection is shown."""
    text = f"{body['kind']} {body['native']['id']} stands twice in {session.platform.title}: {refused.message}"
    with world.unit():
        connections.note_error(world, connection, code="409", text="Conflict", message=text)


def _steps(world: World, session: Session, body: Mapping[str, Any]) -> Steps[Sequence[str]]:
    """How the doubles are taken back."""
    connector: Any = session.connector
    consent, native, kind, what = session.consent, msgspec.convert(body["native"], Native), body["kind"], body["what"]
    steps: Steps[Sequence[str]]
    if kind == "file":
        steps = connector.take_back_empty(msgspec.convert(what, File), native, consent)
        return steps
    facts = data.company_facts(world, body["company"])
    if kind == ENTRY:
        entry = as_adjustment(msgspec.convert(what, NewEntry))
        steps = connector.take_back_doubles(entry, native, consent, facts)
        return steps
    if kind in rows.SHAPES:
        steps = connector.take_back_doubles(msgspec.convert(what, rows.SHAPES[kind]), native, consent, facts)
        return steps
    steps = connector.payables.take_back_doubles(msgspec.convert(what, RECORDS[kind]), native, consent, facts)
    return steps
