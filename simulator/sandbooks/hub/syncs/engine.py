"""The sync engine: takes accepted transactions to the platform, one native document each, whatever gets lost or killed.

A job works on one sync. For each pending transaction it writes down the intent, marks it ``sent`` before the first
request that may change the books, and records the outcome; every one of these is durable before the next step and no
unit of work spans a request. Whoever takes the job up after a kill finds in the row what may have happened:

- ``ready``: nothing that could change the books was sent; send it.
- ``sent``: perhaps. Look it up, several times with waits that outlast the platform's search; adopt what is found,
  else send again under the same key.

Where a program has to fetch each request first, a sync rests between a request and its answer: the answer carries it
on. There the errand knows what was handed out, and ``sent`` means that it was and that no answer came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec

from sandbooks.connector import (
    CompanyUnavailable,
    Done,
    Expense,
    NeedsConsent,
    Refused,
    Request,
    Unavailable,
    Unknown,
)
from sandbooks.hub import companies, connections, doubles, errands, profiles, records
from sandbooks.hub.data import company_facts
from sandbooks.hub.errands import Awaiting, Work
from sandbooks.hub.errors import HubRefusal
from sandbooks.hub.expenses_v1 import rules
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.syncs import forced, rows
from sandbooks.hub.syncs.resolve import NotResolvable, resolve
from sandbooks.hub.syncs.rows import Intent, Sync, Transaction
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.world import World

ATTEMPTS_MAX = 5
PARKS_MAX = 40
PARK_SECONDS_MAX = 3600
SECOND = 1_000_000


def run(world: World, body: dict[str, Any]) -> None:
    """The job: carry one sync as far as it will go now, and come back when more can be done."""
    sync = rows.sync(world, body["company"], body["sync"])
    company = records.get(world, "company", body["company"])
    if sync is None or sync.ended or sync.waits:
        return
    if company is None or sync.duplicates or forced.wanted(world, sync.company):
        _end_unsent(world, sync, gone=company is None)
        return
    connection = connections.accounting_of(world, sync.company)
    if connection is None or connection["status"] != "Linked":
        _park_for_consent(world, sync)
        return
    if connection["not_before"] > world.clock.micros():
        _come_back(world, sync, connection["not_before"])
        return
    _Worker(world, sync, connection).work()


def _end_unsent(world: World, sync: Sync, *, gone: bool) -> None:
    """A sync that ends before anything of it is sent."""
    if gone:
        code, text, status = rows.COMPANY_GONE, "The company was deleted.", "Unknown"
    elif sync.duplicates:
        code, text, status = rows.DUPLICATE, rows.processed_before(sync.duplicates), "ValidationError"
    else:
        code, text, status = forced.take(world, sync.company)
    found = [rows.transaction(world, sync.company, id) for id in sync.transactions]
    own = [row for row in found if row is not None and row.sync == sync.id and row.status == "Pending"]
    with world.unit():
        for row in own:
            row.status, row.message, row.intent = cast("rows.Status", status), text, None
            row.uncertain = row.uncertain or status == "Unknown"
            rows.keep(world, row)
        ended = code not in forced.OPEN
        sync.code, sync.status, sync.error = code, forced.TEXTS.get(code, "Failed"), text
        sync.ended = world.clock.micros() if ended else 0
        sync.outcomes = {id: (cast("rows.Status", status), text) for id in sync.transactions} if ended else {}
        rows.keep_sync(world, sync)
        if ended:
            tell(world, sync, [(row.id, row.status, row.message) for row in own])


def _park_for_consent(world: World, sync: Sync) -> None:
    """Nothing is sent without consent: the sync stays open until the connection is linked again."""
    with world.unit():
        sync.code, sync.status = rows.DEAUTHORISED, "Deauthorized"
        sync.error = "The connection is not linked: authorise it again and the sync goes on."
        rows.keep_sync(world, sync)


def _come_back(world: World, sync: Sync, due: int) -> None:
    with world.unit():
        rows.schedule(world, sync, due=due)


class _Throttled(Exception):
    """The whole connection has to wait."""


class _Worker:
    """Works on one sync over one connection."""

    def __init__(self, world: World, sync: Sync, connection: dict[str, Any]) -> None:
        self._world = world
        self._sync = sync
        self._session = Session(world, connection, parent=sync.exchange)

    def work(self) -> None:
        pending: list[Transaction] = []
        try:
            for id in self._sync.transactions:
                row = rows.transaction(self._world, self._sync.company, id)
                if row is not None and row.sync == self._sync.id and row.status == "Pending":
                    self._advance(row)
                    if row.status == "Pending":
                        pending.append(row)
        except NeedsConsent as gone:
            self._deauthorise(gone)
            return
        except Awaiting:
            return
        except _Throttled:
            _come_back(self._world, self._sync, self._session.connection["not_before"])
            return
        if pending:
            due = min(row.intent.not_before if row.intent else 0 for row in pending)
            _come_back(self._world, self._sync, due)
        else:
            finish(self._world, self._sync)

    # One transaction

    def _advance(self, row: Transaction) -> None:
        """Take a transaction to its end, or to the next instant at which something can be done for it."""
        if row.intent is None and not self._intend(row):
            return
        while row.status == "Pending" and row.intent and row.intent.not_before <= self._world.clock.micros():
            if not self._step(row, row.intent):
                return

    def _intend(self, row: Transaction) -> bool:
        """Write down what will be sent; a transaction that cannot be written is refused here, before any request."""
        try:
            document = resolve(self._world, row, self._session.platform)
        except NotResolvable as error:
            with self._world.unit():
                row.status, row.message = "ValidationError", str(error)
                row.native_code = "configuration" if error.configuration else ""
                rows.keep(self._world, row)
            return False
        with self._world.unit():
            stage: rows.Stage = "sent" if row.uncertain else "ready"
            native = row.native if row.update else None
            row.account = document.account.id if isinstance(document, Expense) else ""
            row.intent = Intent(rows.endpoint_of(document), rows.dumped(document), stage=stage, native=native)
            rows.keep(self._world, row)
        return True

    def _step(self, row: Transaction, intent: Intent) -> bool:
        """One look-up or one sending. False when there is nothing more to do now."""
        stage = intent.stage
        try:
            if stage == "sent" and intent.native is None:
                return self._look_up(row, intent)
            return self._write(row, intent)
        except Parked as parked:
            self._parked(row, intent, parked.seconds, stage=stage, throttle=parked.throttled)
        except Unavailable:
            self._parked(row, intent, 5, stage=stage)
        except NeedsConsent:
            self._keep(row, intent, stage=stage)
            raise
        except Unknown as unknown:
            return self._unknown(row, intent, unknown)
        except Refused as refused:
            return self._refused(row, intent, refused, stage=stage)
        return False

    def _write(self, row: Transaction, intent: Intent) -> bool:
        document, session = intent.loaded(), self._session
        facts = company_facts(self._world, row.company)
        if intent.native is None:
            steps = session.connector.push(document, session.consent, facts)
        else:
            native = rows.native_of(intent.native)
            steps = session.connector.update(document, native, session.consent, facts)
        work = self._work(row, intent, "write")
        self._completed(row, session.run(steps, work=work, before_write=self._mark_sent(row, intent)))
        return False

    def _work(self, row: Transaction, intent: Intent, what: str) -> Work:
        """The operation under way, by the attempts before it: each begins anew."""
        attempt = f"{intent.attempts}.{intent.look_ups}.{intent.parks}"
        body = {"company": self._sync.company, "sync": self._sync.id}
        return Work(f"{row.id}/{row.submission}/{what}/{attempt}", rows.RUN, body)

    def _forget(self, row: Transaction) -> None:
        """What came of a transaction, or of an attempt at it, stands in its row. Writes: in a unit of work."""
        if self._session.is_polled:
            errands.forget(self._world, self._session.connection["id"], begins=f"{row.id}/")

    def _mark_sent(self, row: Transaction, intent: Intent) -> Callable[[Request], None]:
        def mark(_: Request) -> None:
            if intent.stage != "sent":
                self._keep(row, intent, stage="sent")

        return mark

    def _look_up(self, row: Transaction, intent: Intent) -> bool:
        """Search for what an earlier attempt may have written; True when it is to be sent again at once."""
        waits = self._session.connector.look_up_waits
        due = intent.since + waits[min(intent.look_ups, len(waits) - 1)] * SECOND
        if intent.since == 0:
            due = self._world.clock.micros() + waits[0] * SECOND
        if due > self._world.clock.micros():
            intent.since = intent.since or self._world.clock.micros()
            intent.not_before = due
            self._keep(row, intent)
            return False
        if self._found(row, intent):
            return False
        intent.look_ups += 1
        if intent.look_ups >= len(waits):
            if intent.attempts >= ATTEMPTS_MAX:
                self._failed(
                    row,
                    f"No answer to {intent.attempts} attempts, and the platform shows no such document.",
                    uncertain=True,
                )
                return False
            intent.stage, intent.look_ups, intent.since = "ready", 0, 0
            intent.given_up += 1
        self._keep(row, intent)
        return True

    def _found(self, row: Transaction, intent: Intent) -> bool:
        session = self._session
        facts = company_facts(self._world, row.company)
        steps = session.connector.look_up(intent.loaded(), session.consent, facts)
        try:
            done = session.run(steps, work=self._work(row, intent, "look up"))
        except Refused as refused:  # a no to the search is none to what was sent before it
            raise Unavailable(refused.message) from refused
        if done is None:
            return False
        self._completed(row, done)
        return True

    # Outcomes

    def _completed(self, row: Transaction, done: Done) -> None:
        with self._world.unit():
            row.status, row.message, row.native_code = "Completed", "", ""
            row.native = msgspec.to_builtins(done.native)
            if row.intent is not None and row.intent.given_up:
                doubles.watch(self._session, row.intent.endpoint, row.intent.document, done.native)
            row.intent = None
            rows.keep(self._world, row)
            self._forget(row)

    def _failed(self, row: Transaction, message: str, code: str = "", *, uncertain: bool = False) -> None:
        with self._world.unit():
            row.uncertain = uncertain
            row.status, row.message, row.native_code, row.intent = "PushError", message, code, None
            rows.keep(self._world, row)
            self._forget(row)

    def _unknown(self, row: Transaction, intent: Intent, unknown: Unknown) -> bool:
        intent.attempts += 1
        intent.look_ups = 0
        intent.since = self._world.clock.micros()
        if intent.native is not None and intent.attempts >= ATTEMPTS_MAX:
            self._failed(
                row,
                f"{unknown.message}, {intent.attempts} times: it is not known whether it was changed.",
                uncertain=True,
            )
            return False
        waits = self._session.connector.look_up_waits
        intent.not_before = self._world.clock.micros() + waits[0] * SECOND
        self._keep(row, intent, stage="sent")
        return False

    def _refused(self, row: Transaction, intent: Intent, refused: Refused, *, stage: rows.Stage) -> bool:
        """A definite no; but an earlier attempt, whose answer was lost, may be what stands in the way."""
        if intent.attempts and intent.native is None and stage != "sent":
            try:
                if self._found(row, intent):
                    return False
            except (Parked, Unavailable):
                self._parked(row, intent, 30, stage="ready")
                return False
        self._failed(row, refused.message, "lapsed" if isinstance(refused, CompanyUnavailable) else refused.native_code)
        return False

    def _parked(
        self, row: Transaction, intent: Intent, seconds: int, *, stage: rows.Stage, throttle: bool = False
    ) -> None:
        intent.parks += 1
        if intent.parks > PARKS_MAX and not throttle:
            self._failed(
                row, "The platform did not answer for a long time; send the transaction again.", uncertain=True
            )
            return
        backoff = 0 if throttle else min(2**intent.parks, PARK_SECONDS_MAX)
        intent.not_before = self._world.clock.micros() + max(seconds, backoff) * SECOND
        self._keep(row, intent, stage=stage)
        if throttle:
            with self._world.unit():
                connection = self._session.connection
                connection["not_before"] = intent.not_before
                connections.keep(self._world, connection)
            raise _Throttled

    def _keep(self, row: Transaction, intent: Intent, *, stage: rows.Stage | None = None) -> None:
        with self._world.unit():
            intent.stage = stage or intent.stage
            row.intent = intent
            rows.keep(self._world, row)

    def _deauthorise(self, gone: NeedsConsent) -> None:
        connections.deauthorise(self._world, self._session.connection, gone.message)
        _park_for_consent(self._world, self._sync)


def finish(world: World, sync: Sync) -> None:
    """Every transaction of a sync has its outcome: close it and tell."""
    found = [rows.transaction(world, sync.company, id) for id in sync.transactions]
    own = [row for row in found if row is not None and row.sync == sync.id]
    failed = [row for row in own if row.status != "Completed"]
    with world.unit():
        sync.pushed = len(failed) < len(own)
        sync.code, sync.status, sync.error = _verdict(world, own, failed)
        sync.ended = world.clock.micros()
        sync.outcomes = {row.id: (row.status, row.message) for row in own}
        rows.keep_sync(world, sync)
        connection = connections.accounting_of(world, sync.company)
        if connection is not None and sync.pushed:
            connection["lastSync"] = records.now(world)
            connections.keep(world, connection)
        tell(world, sync, [(row.id, row.status, row.message) for row in own])


def _verdict(world: World, own: list[Transaction], failed: list[Transaction]) -> tuple[int, str, str]:
    if not failed:
        return (rows.WRITTEN if own else rows.NOTHING_WRITTEN), "Complete", ""
    if any(row.native_code == "lapsed" for row in failed):
        return rows.BILLING_EXPIRED, "PushError", failed[0].message
    push = [row for row in failed if row.status == "PushError"]
    if push:
        correlation = world.ids.uuid("codat/correlation")
        # Source: https://docs.codat.io/expenses/sync-process/syncing-expenses, example of a failed sync
        text = f"An error occurred in a downstream service. Correlation ID: {correlation}. Message:  {push[0].message}"
        return rows.PUSH, "PushError", text
    code = rows.CONFIGURATION if all(row.native_code == "configuration" for row in failed) else rows.PROCESSING
    return code, "ValidationError", failed[0].message


def tell(world: World, sync: Sync, outcomes: list[tuple[str, rows.Status, str]]) -> None:
    """Tell of the end of a sync, by event and by rule. Writes: call it in a unit of work."""
    failed = sync.code not in (rows.WRITTEN, rows.NOTHING_WRITTEN)
    rules.tell_sync(world, sync.company, sync.id, failed=failed)
    try:
        company = companies.company_of(world, sync.company)
    except HubRefusal:
        return
    words = {} if profiles.on(world, "webhook_status_as_api") else _EVENT_STATUS
    payload = {
        "referenceCompany": company_reference(company),
        "syncId": sync.id,
        "transactions": [
            {"id": id, "status": words.get(status, status), "errorMessage": message or None}
            for id, status, message in outcomes
        ],
    }
    event = "expenses.sync.unsuccessful" if failed else "expenses.sync.successful"
    emit(world, event, payload, company=sync.company)


# Source: github.com/codatio/oas, ExpensesSyncWebhook: the event's statuses are not those of the API
_EVENT_STATUS = {"ValidationError": "Failed"}
