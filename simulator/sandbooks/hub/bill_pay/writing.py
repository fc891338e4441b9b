"""Writes to a platform that are never lost and never doubled, whoever is killed where.

Before a record is written its intent is kept: the record, its key, how far the writing got. ``ready``: nothing that
could change the books was sent. ``sent``: perhaps; it is looked up, and adopted when found. Only where the look-ups
have outlasted the platform's search, or where the platform itself tells a repeat by its key, is it sent again, under
the same key. A request that repeats one whose outcome is open goes on with that one's intent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Struct

from sandbooks import exact_json
from sandbooks.connector import (
    Account,
    Contact,
    Done,
    Native,
    NewAccount,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
)
from sandbooks.hub import doubles, records
from sandbooks.hub.bill_pay.desk import Desk
from sandbooks.hub.native import Parked, Seen, is_keyed, watched
from sandbooks.payables import NewBill, NewCredit, NewEntry, NewJournal, NewPayment, as_adjustment
from sandbooks.world import World

KIND = "payables-write"
SECOND = 1_000_000
SENDINGS_MOST = 2  # within one request

Stage: TypeAlias = Literal["ready", "sent", "done", "refused"]
Action: TypeAlias = Literal["create", "update", "remove"]
SHAPES: Mapping[str, type[Any]] = {
    "bill": NewBill,
    "payment": NewPayment,
    "credit": NewCredit,
    "journal": NewJournal,
    "journalEntry": NewEntry,
    "supplier": Contact,
    "account": NewAccount,
}


class Open(Exception):
    """Nobody can say yet whether it was written; ask again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Intent(Struct):
    """What is being written. ``target`` is the native id of what is changed or removed; ``since`` in microseconds.

    ``keyed``: the request that wrote carried a key by which the platform itself tells a repeat.
    """

    id: str
    company: str
    connection: str
    kind: str
    action: Action
    record: dict[str, Any]
    digest: str
    token: str = ""
    target: str = ""
    stage: Stage = "ready"
    attempts: int = 0
    look_ups: int = 0
    since: int = 0
    given_up: int = 0  # sendings that were repeated because nothing was found of them
    keyed: bool = False
    native: dict[str, str] | None = None

    @property
    def key(self) -> str:
        """The idempotency key of this write."""
        return native_key(self.id)

    def loaded(self) -> Any:
        """The record to be written."""
        return msgspec.convert(self.record, SHAPES[self.kind])

    def done(self) -> Done:
        """The outcome of an intent that is done."""
        return Done(native=msgspec.convert(self.native, Native), found=True)


def native_key(id: str) -> str:
    """The key under which a platform tells repeats of a write: 32 characters, which every platform takes."""
    return hashlib.sha256(f"payables/{id}".encode()).hexdigest()[:32]


def digest_of(method: str, path: str, body: Any) -> str:
    """What makes two requests the same."""
    text = f"{method} {path}\n".encode() + exact_json.dumps(body)
    return hashlib.sha256(text).hexdigest()


def begun(world: World, company: str, *, token: str, digest: str) -> Intent | None:
    """The intent that a request goes on with: its own by its Idempotency-Key, or an equal one whose outcome is open."""
    known = of_token(world, company, token=token, digest=digest)
    if known is not None:
        return known
    for row in records.found(world, KIND, "open", digest, company=company):
        return msgspec.convert(row, Intent)
    return None


def of_token(world: World, company: str, *, token: str, digest: str) -> Intent | None:
    """The intent of a request that came before with the same Idempotency-Key."""
    for row in records.found(world, KIND, "token", token, company=company) if token else ():
        if row["digest"] == digest:
            return msgspec.convert(row, Intent)
    return None


def new_id(world: World, token: str, *, company: str) -> str:
    """The id that the native record will carry: the client's own key where that is a GUID, else one of ours."""
    try:
        wanted = str(UUID(token))
    except ValueError:
        return world.ids.uuid("codat/payables")
    taken = records.record(world, KIND, wanted, company=company) is not None
    return world.ids.uuid("codat/payables") if taken else wanted


def keep(world: World, intent: Intent) -> None:
    """Store an intent's next version. Writes: call it in a unit of work."""
    keys = {"token": intent.token} if intent.token else {}
    if intent.stage in ("ready", "sent"):
        keys["open"] = intent.digest
    records.put(world, KIND, intent.id, msgspec.to_builtins(intent), company=intent.company, keys=keys)


def settle(desk: Desk, intent: Intent) -> Done:
    """Take a write to its end. Raises what the connector raises, and ``Open`` when the outcome cannot be told yet."""
    sendings = 0
    while intent.stage != "done":
        if intent.stage == "sent" and intent.action == "create":
            found = _look_up(desk, intent)
            if found is None and not _may_repeat(desk, intent):
                raise Open(_patience(desk, intent))
            if found is not None:
                break
        if sendings >= SENDINGS_MOST:
            raise Open(desk.session.connector.look_up_waits[0])
        sendings += 1
        intent.given_up += intent.stage == "sent"
        _send(desk, intent)
    return intent.done()


def in_one(desk: Desk, intent: Intent, checked: Steps[None]) -> Steps[Done]:
    """A write as one operation, for platforms that are polled for: every request and answer of it is durable, and the
    platform itself tells a repeat by the write's key. Raises what the connector raises."""
    try:
        yield from checked
        done = yield from _steps(desk, intent)
    except Unknown:
        _keep(desk, intent, "sent")
        raise
    _complete(desk, intent, done)
    return done


def _send(desk: Desk, intent: Intent) -> None:
    def mark(request: Request) -> None:
        if intent.stage != "sent":
            intent.keyed = is_keyed(request, desk.session.platform.idempotency)
            intent.since = desk.world.clock.micros()
            _keep(desk, intent, "sent")

    before = intent.stage
    seen = Seen()
    try:
        done = desk.session.run(watched(_steps(desk, intent), seen), before_write=mark)
    except Parked as parked:
        if parked.throttled and seen.turned_away:
            _keep(desk, intent, before)  # the one request that writes was turned away
        raise
    except Unknown:
        intent.attempts += 1
        intent.look_ups = 0
        intent.since = desk.world.clock.micros()
        _keep(desk, intent, "sent")
    except Refused:
        # An earlier attempt, whose answer was lost, may be what stands in the way.
        if not (intent.action == "create" and (intent.attempts or before == "sent") and _look_up(desk, intent)):
            _keep(desk, intent, "refused")
            raise
    else:
        _complete(desk, intent, done)


def _complete(desk: Desk, intent: Intent, done: Done) -> None:
    intent.native = msgspec.to_builtins(done.native)
    with desk.world.unit():
        intent.stage = "done"
        keep(desk.world, intent)
        if intent.given_up and intent.action == "create":
            doubles.watch(desk.session, intent.kind, intent.record, done.native)


def _keep(desk: Desk, intent: Intent, stage: Stage) -> None:
    with desk.world.unit():
        intent.stage = stage
        keep(desk.world, intent)


def _look_up(desk: Desk, intent: Intent) -> Done | None:
    try:
        found = desk.session.run(_search(desk, intent))
    except Refused as refused:  # a no to the search is none to what was sent before it
        raise Unavailable(refused.message) from refused
    if found is None:
        intent.look_ups += 1
        _keep(desk, intent, intent.stage)
    else:
        _complete(desk, intent, found)
    return found


def _may_repeat(desk: Desk, intent: Intent) -> bool:
    """Whether a record that no search shows may be sent again."""
    if intent.keyed:
        return True
    waits = desk.session.connector.look_up_waits
    waited = desk.world.clock.micros() - intent.since
    return intent.look_ups >= len(waits) and waited >= waits[-1] * SECOND


def _patience(desk: Desk, intent: Intent) -> int:
    waits = desk.session.connector.look_up_waits
    return waits[min(max(intent.look_ups - 1, 0), len(waits) - 1)]


# Which operation of the connector


def _steps(desk: Desk, intent: Intent) -> Steps[Done]:
    consent, facts = desk.session.consent, desk.facts
    if intent.action == "remove":
        return _removed(desk, intent)
    record = intent.loaded()
    match record:
        case Contact():
            return _contact(desk, intent, record)
        case NewAccount():
            return _account(desk, intent, record)
        case NewEntry() if "entries" in desk.payables.offers:
            return desk.payables.enter(record, consent, facts)
        case NewEntry():
            return desk.session.connector.push(as_adjustment(record), consent, facts)
        case NewJournal():
            return desk.payables.open_journal(record, consent, facts)
        case _ if intent.action == "update":
            return desk.payables.change(record, intent.target, consent, facts)
        case _:
            return desk.payables.write(record, consent, facts)


def _removed(desk: Desk, intent: Intent) -> Steps[Done]:
    consent = desk.session.consent
    if intent.kind == "file":
        bill, _, file = intent.target.partition("/")
        yield from desk.payables.remove_file(bill, file, consent, key=intent.key)
        return Done(native=Native(kind="file", id=file))
    kind: Any = intent.kind
    yield from desk.payables.remove(kind, intent.target, consent, desk.facts, key=intent.key)
    return Done(native=desk.payables.native(kind, intent.target))


def _contact(desk: Desk, intent: Intent, contact: Contact) -> Steps[Done]:
    connector, consent = desk.session.connector, desk.session.consent
    change = connector.update_contact if intent.action == "update" else connector.create_contact
    made = yield from change(contact, consent, desk.facts, key=intent.key)
    return Done(native=Native(kind="supplier", id=made.id, data_type="suppliers"))


def _account(desk: Desk, intent: Intent, account: NewAccount) -> Steps[Done]:
    made = yield from desk.session.connector.create_account(account, desk.session.consent, desk.facts, key=intent.key)
    return Done(native=Native(kind="account", id=made.id, data_type="bankAccounts"))


def _search(desk: Desk, intent: Intent) -> Steps[Done | None]:
    record = intent.loaded()
    consent, facts = desk.session.consent, desk.facts
    match record:
        case Contact():
            return _named(desk.session.connector.suppliers(consent), record.name, "suppliers")
        case NewAccount():
            return _named(desk.session.connector.accounts(consent), record.name, "bankAccounts")
        case NewEntry() if "entries" in desk.payables.offers:
            return desk.payables.find_entry(record, consent, facts)
        case NewEntry():
            return desk.session.connector.look_up(as_adjustment(record), consent, facts)
        case NewJournal():
            return desk.payables.find_journal(record, consent, facts)
        case _:
            return desk.payables.look_up(record, consent, facts)


def _named(read: Steps[Any], name: str, data_type: str) -> Steps[Done | None]:
    """Lists carry no id of ours: a record of this name is the one, as hardly a platform takes a name twice."""
    found: list[Account | Contact] = yield from read
    for one in found:
        if one.active and one.name == name:
            return Done(native=Native(kind=data_type, id=one.id, data_type=data_type), found=True)
    return None
