"""Writes of the first version: a push operation at once, carried out by a job, told by an event.

A push operation is what the client asked for; the write itself is an intent, as everywhere in bill pay, so that a job
that is killed goes on where it was.
Source: https://docs.codat.io/using-the-api/push, github.com/codatio/oas (PushOperation).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sandbooks.connector import Done, NeedsConsent, Refused, Steps, Unavailable, Unknown
from sandbooks.hub import companies, connections, keys, push, records
from sandbooks.hub.bill_pay import writing
from sandbooks.hub.bill_pay.desk import SERVICE, Desk
from sandbooks.hub.bill_pay.writing import Action, Intent
from sandbooks.hub.errands import Awaiting, Work, forget, of_connection
from sandbooks.hub.errors import HubRefusal, Item, not_valid
from sandbooks.hub.native import Parked
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World
from sandbooks.world.clock import instant

RUN = "sandbooks.hub.bill_pay.pushes:write"
SECOND = 1_000_000
MINUTES_DEFAULT = 60
MINUTES_MOST = 10_080
PAUSE_MOST = 600
KINDS = {
    "bills": "bill",
    "billPayments": "payment",
    "billCreditNotes": "credit",
    "journalEntries": "journalEntry",
    "journals": "journal",
}
TYPES: Mapping[Action, str] = {"create": "Create", "update": "Update", "remove": "Delete"}
CHANGES: Mapping[Action, str] = {"create": "Created", "update": "Modified", "remove": "Deleted"}


def begin(
    call: Call,
    desk: Desk,
    data_type: str,
    *,
    action: Action,
    shown: Mapping[str, Any] | None = None,
    make: Callable[[str, str], Any] | None = None,
    target: str = "",
    expects: Mapping[str, str] | None = None,
) -> Response:
    """Queue a write and answer with its push operation.

    ``shown`` is the record as it was sent, ``make`` gives what is to be written for an id and a key, ``target`` names
    what is changed or removed; ``expects`` are members that the target must have when it is written.
    """
    minutes = _minutes(call)
    with call.unit():
        key = call.world.ids.uuid("codat/push")
        intent = _intended(call, desk, data_type, action=action, make=make, target=target, key=key)
        row: dict[str, Any] = {
            "pushOperationKey": key,
            "companyId": desk.company,
            "dataConnectionKey": intent.connection,
            "dataType": "bills" if data_type == "attachments" else data_type,
            "requestedOnUtc": records.now(call.world),
            "completedOnUtc": None,
            "timeoutInMinutes": minutes,
            "status": "Pending",
            "statusCode": 202,
            "errorMessage": None,
            "changes": [],
            "data": dict(shown or {}),
            "update": action == "update",
            "action": action,
            "intent": intent.id,
            "expects": dict(expects or {}),
            "ends": call.world.clock.micros() + minutes * 60 * SECOND,
            "exchange": call.exchange.number,
        }
        records.put(call.world, push.PUSH, key, row, company=desk.company)
        call.world.jobs.put(RUN, {"company": desk.company, "push": key, "attempts": 0})
        body = push.shown_of(row)
        answer = json_reply({**body, "data": row["data"]} if shown is not None else body)
        keys.keep_answer(call, answer)
    return answer


def _intended(
    call: Call,
    desk: Desk,
    data_type: str,
    *,
    action: Action,
    make: Callable[[str, str], Any] | None,
    target: str,
    key: str,
) -> Intent:
    """The intent of a write; that of an earlier push operation where its request comes again under its own
    Idempotency-Key, however much later. Writes: in a unit of work."""
    token = call.header("Idempotency-Key").strip()
    digest = writing.digest_of(call.request.method, call.request.path, call.body.hex()) if token else key
    earlier = writing.of_token(call.world, desk.company, token=token, digest=digest)
    if earlier is not None and earlier.stage != "refused":
        return earlier
    id = writing.new_id(call.world, token, company=desk.company) if token else key
    record = make(id, writing.native_key(id)) if make else None
    intent = Intent(
        id=id,
        company=desk.company,
        connection=str(desk.session.connection["id"]),
        kind="file" if data_type == "attachments" else KINDS[data_type],
        action=action,
        record=msgspec.to_builtins(record) if record is not None else {},
        digest=digest,
        token=token,
        target=target,
    )
    writing.keep(call.world, intent)
    return intent


def _minutes(call: Call) -> int:
    text = call.query.get("timeoutInMinutes", "")
    if not text:
        return MINUTES_DEFAULT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MINUTES_MOST:
        item = Item("timeoutInMinutes", f"timeoutInMinutes is a whole number from 1 to {MINUTES_MOST}", "Range")
        raise not_valid(item, service=SERVICE)
    return int(text)


# The job


def write(world: World, body: dict[str, Any]) -> None:
    """The job: carry out one push operation as far as it will go now."""
    row = records.get(world, push.PUSH, body["push"], company=body["company"])
    if row is None or row["status"] != "Pending":
        return
    kept = records.get(world, writing.KIND, row["intent"], company=body["company"])
    connection = records.get(world, connections.KIND, row["dataConnectionKey"], company=body["company"])
    if connection is None or kept is None:
        _fail(world, row, 401, "The connection is not linked.")
        return
    intent = msgspec.convert(kept, Intent)
    if connection["status"] != "Linked":
        _without_consent(world, row, body, intent, "The connection is not linked.")
        return
    desk = Desk(world, connection, parent=row["exchange"])
    try:
        done = _carried_out(desk, intent, row, body)
    except Awaiting:
        return
    except Parked as parked:
        _again(world, row, body, parked.seconds)
    except writing.Open as open:
        _again(world, row, body, open.seconds)
    except (Unavailable, Unknown):
        _again(world, row, body, 5)
    except HubRefusal as refusal:
        if refusal.status in (429, 503):
            _again(world, row, body, refusal.retry_after)
        else:
            _fail(world, row, refusal.status, "; ".join(i.message for i in refusal.items) or refusal.error)
    except NeedsConsent as gone:
        connections.deauthorise(world, connection, gone.message)
        _without_consent(world, row, body, intent, gone.message)
    except Refused as refused:
        _fail(world, row, 400, refused.message)
    else:
        _succeed(world, row, done)


def _without_consent(world: World, row: dict[str, Any], body: dict[str, Any], intent: Intent, message: str) -> None:
    """Nothing more can be asked: what was not sent has failed; of what was, nobody can tell before the time is up."""
    errand = _errand(row)
    out = [one for one in of_connection(world, row["dataConnectionKey"]) if one.key.startswith(errand)]
    if intent.stage == "sent" or any(one.count or one.state != "waiting" for one in out):
        _again(world, row, body, PAUSE_MOST)
    else:
        _fail(world, row, 401, message)


def _carried_out(desk: Desk, intent: Intent, row: Mapping[str, Any], body: dict[str, Any]) -> Done:
    """The write brought to its end. Where requests wait to be fetched it is one operation, carried on from answer to
    answer, that begins anew with each attempt."""
    checked = _checked(desk, intent, row["expects"])
    if not desk.session.is_polled:
        desk.session.run(checked)
        return writing.settle(desk, intent)
    work = Work(f"{_errand(row)}{body['attempts']}", RUN, body)
    return desk.session.run(writing.in_one(desk, intent, checked), work=work)


def _errand(row: Mapping[str, Any]) -> str:
    """What the errands of a push operation begin with."""
    return f"push/{row['pushOperationKey']}/"


def _checked(desk: Desk, intent: Intent, expects: Mapping[str, str]) -> Steps[None]:
    """What is to be changed or removed must be there, as the client knew it. Raises Refused."""
    if intent.action == "create" or intent.stage != "ready" or intent.kind == "file":
        return
    side, consent = desk.payables, desk.session.consent
    read = {"bill": side.bill, "payment": side.payment, "credit": side.credit}[intent.kind]
    found = yield from read(intent.target, consent, desk.facts)
    if found is None or not found.active:
        raise Refused(f"There is no {intent.kind} {intent.target} in {desk.platform}.", status=404)
    known = expects.get("sourceModifiedDate")
    if known and found.updated is not None and records.stamp(found.updated)[:19] != known[:19]:
        text = "The record was changed in the accounting software since it was last read"
        raise Refused(f"{text}: read it again, or send forceUpdate=true.", status=409)


def _again(world: World, row: dict[str, Any], body: dict[str, Any], seconds: int) -> None:
    if world.clock.micros() >= row["ends"]:
        _end(world, row, status="TimedOut", code=504, message="The platform did not answer in time.")
        return
    attempts = body["attempts"] + 1
    pause = max(seconds, min(2**attempts, PAUSE_MOST))
    with world.unit():
        world.jobs.put(RUN, {**body, "attempts": attempts}, due=instant(world.clock.micros() + pause * SECOND))


def _fail(world: World, row: dict[str, Any], code: int, message: str) -> None:
    _end(world, row, status="Failed", code=code, message=message)


def _succeed(world: World, row: dict[str, Any], done: Done) -> None:
    _end(world, row, status="Success", code=200, made=done.native.id)


def _end(
    world: World, row: dict[str, Any], *, status: str, code: int, message: str | None = None, made: str = ""
) -> None:
    """Close a push operation and tell."""
    action: Action = row["action"]
    with world.unit():
        row |= {"status": status, "statusCode": code, "errorMessage": message, "completedOnUtc": records.now(world)}
        if made:
            ref = {"id": made, "dataType": row["dataType"]}
            row["changes"] = [{"type": CHANGES[action], "recordRef": ref, "attachmentId": None}]
        if made and row["data"]:
            row["data"] = {**row["data"], "id": made}
        records.put(world, push.PUSH, row["pushOperationKey"], row, company=row["companyId"])
        forget(world, row["dataConnectionKey"], begins=_errand(row))
        payload = {
            "id": row["pushOperationKey"],
            "type": TYPES[action],
            "referenceCompany": company_reference(companies.company_of(world, row["companyId"])),
            "connectionId": row["dataConnectionKey"],
            "requestedOnDate": row["requestedOnUtc"],
            "completedOnDate": row["completedOnUtc"],
            "status": "Success" if made else "Failed",
            "record": {"id": made or None},
            "attachmentId": None,
        }
        event = f"{row['dataType']}.write.{'successful' if made else 'unsuccessful'}"
        emit(world, event, payload, company=row["companyId"])
