"""Writes of single records (suppliers, customers, accounts, bank accounts) as push operations, carried out by a job.

A push operation is marked ``sent`` before the first request that may change the books. From then on nothing but the
platform's own word ends it before its time is up: without an answer, or without consent, nobody can tell what it did.
Source: https://docs.codat.io/using-the-api/push, github.com/codatio/oas (PushOperation).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sandbooks.connector import (
    Account,
    Contact,
    NeedsConsent,
    NewAccount,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
)
from sandbooks.hub import companies, connections, data, records, wire
from sandbooks.hub.errands import Awaiting, Work, forget, of_connection
from sandbooks.hub.errors import bad_request, not_found
from sandbooks.hub.native import Parked, Seen, Session, is_keyed, watched
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World
from sandbooks.world.clock import instant

PUSH = "push"
RUN = "sandbooks.hub.push:write"
TIMEOUT_MINUTES = 60
PAUSE_MOST = 600
SECOND = 1_000_000
WORDS = {"suppliers": "supplier", "customers": "customer", "chartOfAccounts": "account", "bankAccounts": "bank account"}


def begin(
    call: Call, data_type: str, record: Contact | NewAccount, shown: Mapping[str, Any], *, update: bool
) -> Response:
    """Queue the write of a record and answer with its push operation; ``shown`` is the record as it was sent."""
    company, connection = connections.called(call)
    if connection["sourceType"] != "Accounting" or connection["status"] != "Linked":
        raise bad_request(f"The data connection is {connection['status']}: nothing can be written")
    token, digest = call.header("Idempotency-Key").strip(), _digest(call)
    with call.unit():
        key = call.world.ids.uuid("codat/push")
        unheard = _unheard(call.world, company["id"], token, digest)
        body = {
            "pushOperationKey": key,
            "companyId": company["id"],
            "dataConnectionKey": connection["id"],
            "dataType": data_type,
            "requestedOnUtc": records.now(call.world),
            "completedOnUtc": None,
            "timeoutInMinutes": TIMEOUT_MINUTES,
            "status": "Pending",
            "statusCode": 202,
            "errorMessage": None,
            "changes": [],
            "data": dict(shown),
            "record": msgspec.to_builtins(record),
            "update": update,
            "ends": call.world.clock.micros() + TIMEOUT_MINUTES * 60 * SECOND,
            "sent": bool(unheard),
            "sent_at": unheard["sent_at"] if unheard else 0,
            "keyed": False,
            "key": unheard["key"] if unheard else key,
            "namesakes": unheard["namesakes"] if unheard else _namesakes(call.world, company["id"], data_type, record),
            "token": token,
            "digest": digest,
            "exchange": call.exchange.number,
        }
        _keep(call.world, body)
        call.world.jobs.put(RUN, {"company": company["id"], "push": key, "attempts": 0})
    # Source: github.com/codatio/oas, CreateSupplierResponse and its kin have data, PushOperation has it no more
    return json_reply(shown_of(body) | {"data": body["data"]})


def _namesakes(world: World, company: str, data_type: str, record: Contact | NewAccount) -> list[str]:
    """The records of that name that are known before one is made: none of them is the one that will be."""
    kept = data.copy_of(world, company, data_type) or {}
    return [one.id for one in kept.values() if _is_called(one, record.name)]


def _is_called(one: Contact | Account, name: str) -> bool:
    return one.name.strip().casefold() == name.strip().casefold()


def _digest(call: Call) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(f"{call.request.method} {call.request.path}\n".encode() + call.body).hexdigest()


def _unheard(world: World, company: str, token: str, digest: str) -> dict[str, Any]:
    """An earlier push operation of the same request of which nobody could tell what came of it; empty where none is.

    The one that comes after it goes on under its native key: the platform, or a look, knows by that what was written.
    """
    for row in records.found(world, PUSH, "token", token, company=company) if token else ():
        if row["digest"] == digest and row["status"] == "TimedOut":
            return row
    return {}


def _keep(world: World, row: Mapping[str, Any]) -> None:
    keys = {"token": row["token"]} if row["token"] else {}
    records.put(world, PUSH, row["pushOperationKey"], row, company=row["companyId"], keys=keys)


def write(world: World, body: dict[str, Any]) -> None:
    """The job: carry out one push operation; sent again under the same key while its outcome is unknown."""
    row = records.get(world, PUSH, body["push"], company=body["company"])
    if row is None or row["status"] != "Pending":
        return
    connection = records.get(world, connections.KIND, row["dataConnectionKey"], company=body["company"])
    if connection is None or connection["status"] != "Linked":
        _without_consent(world, row, body, "The connection is not linked.")
        return
    session = Session(world, connection, parent=row["exchange"])
    before, seen = {name: row[name] for name in ("sent", "sent_at", "keyed")}, Seen()
    if rest := _rest(world, session, row):
        _again(world, row, body, rest)
        return
    try:
        made = _carry_out(world, session, row, body, seen)
    except Awaiting:
        return
    except Parked as parked:
        _again(world, row | before if parked.throttled and seen.turned_away else row, body, parked.seconds)
    except Unavailable:
        _again(world, row, body, 5)
    except Unknown:
        _again(world, row | {"sent": True}, body, 5)
    except NeedsConsent as gone:
        connections.deauthorise(world, connection, gone.message)
        _without_consent(world, row | before if seen.turned_away else row, body, gone.message)
    except Refused as refused:
        _end(world, row, status="Failed", code=400, message=refused.message)
    else:
        _end(world, row, status="Success", code=200, made=made)


def _rest(world: World, session: Session, row: Mapping[str, Any]) -> int:
    """How many seconds a record has to wait that may be written already, and that the platform would not know again:
    until then an earlier request can still arrive. 0: none."""
    if row["update"] or row["keyed"] or not row["sent_at"] or session.is_polled:
        return 0
    due: int = row["sent_at"] + session.connector.look_up_waits[-1] * SECOND
    return max(0, -(-(due - world.clock.micros()) // SECOND))


def _without_consent(world: World, row: dict[str, Any], body: dict[str, Any], message: str) -> None:
    """Nothing more can be asked: what was not sent has failed; of what was, nobody can tell before the time is up."""
    out = [one for one in of_connection(world, row["dataConnectionKey"]) if one.key.startswith(_errand(row))]
    if row["sent"] or any(one.count or one.state != "waiting" for one in out):
        _again(world, row, body, PAUSE_MOST)
    else:
        _end(world, row, status="Failed", code=401, message=message)


def _errand(row: Mapping[str, Any]) -> str:
    """What the errands of a push operation begin with."""
    return f"push/{row['pushOperationKey']}/"


def _carry_out(
    world: World, session: Session, row: dict[str, Any], body: dict[str, Any], seen: Seen
) -> Contact | Account:
    def mark_sent(request: Request) -> None:
        row["sent"], row["sent_at"] = True, world.clock.micros()
        row["keyed"] = is_keyed(request, session.platform.idempotency)
        with world.unit():
            _keep(world, row)

    steps: Steps[Contact | Account] = _steps(world, session, row)
    if row["sent"] and not row["update"]:
        steps = _adopting(steps, session, row)
    work = Work(f"{_errand(row)}{body['attempts']}", RUN, body)
    return session.run(watched(steps, seen), work=work, before_write=mark_sent)


def _steps(world: World, session: Session, row: Mapping[str, Any]) -> Steps[Contact | Account]:
    facts = data.company_facts(world, row["companyId"])
    connector, consent, key = session.connector, session.consent, row["key"]
    if row["dataType"] in ("suppliers", "customers"):
        contact = msgspec.convert(row["record"], Contact)
        change = connector.update_contact if row["update"] else connector.create_contact
        return change(contact, consent, facts, key=key)
    account = msgspec.convert(row["record"], NewAccount)
    return connector.create_account(account, consent, facts, key=key)


def _adopting(steps: Steps[Contact | Account], session: Session, row: Mapping[str, Any]) -> Steps[Contact | Account]:
    """Create a record that an earlier attempt may have created: where the platform says no, that one may be why. It
    bears the name, and was not there when the record was asked for."""
    try:
        return (yield from steps)
    except Refused as refused:
        found = yield from _listed(session, row["dataType"])
        named = (one for one in found if one.active and _is_called(one, row["record"]["name"]))
        made = [one for one in named if one.id not in row["namesakes"]]
        if len(made) != 1:
            raise refused from None
        return made[0]


def _listed(session: Session, data_type: str) -> Steps[Sequence[Contact | Account]]:
    connector, consent = session.connector, session.consent
    try:
        if data_type == "suppliers":
            return (yield from connector.suppliers(consent))
        if data_type == "customers":
            return (yield from connector.customers(consent))
        return (yield from connector.accounts(consent))
    except Refused as refused:  # a no to the search is none to what was sent before it
        raise Unavailable(refused.message) from refused


def _again(world: World, row: dict[str, Any], body: dict[str, Any], seconds: int) -> None:
    if world.clock.micros() >= row["ends"]:
        _end(world, row, status="TimedOut", code=504, message="The platform did not answer in time.")
        return
    attempts = body["attempts"] + 1
    pause = max(seconds, min(2**attempts, PAUSE_MOST))
    with world.unit():
        _keep(world, row)
        world.jobs.put(RUN, {**body, "attempts": attempts}, due=instant(world.clock.micros() + pause * SECOND))


def _end(
    world: World,
    row: dict[str, Any],
    *,
    status: str,
    code: int,
    message: str | None = None,
    made: Contact | Account | None = None,
) -> None:
    with world.unit():
        row |= {"status": status, "statusCode": code, "errorMessage": message, "completedOnUtc": records.now(world)}
        if made is not None:
            ref = {"id": made.id, "dataType": row["dataType"]}
            kind = "Modified" if row["update"] else "Created"
            row["changes"] = [{"type": kind, "recordRef": ref, "attachmentId": None}]
            row["data"] = {**row["data"], "id": made.id}
        _keep(world, row)
        forget(world, row["dataConnectionKey"], begins=_errand(row))
        good = status == "Success"
        payload = {
            "id": row["pushOperationKey"],
            "type": "Update" if row["update"] else "Create",
            "referenceCompany": company_reference(companies.company_of(world, row["companyId"])),
            "connectionId": row["dataConnectionKey"],
            "requestedOnDate": row["requestedOnUtc"],
            "completedOnDate": row["completedOnUtc"],
            "status": status,
            **({"record": {"id": made.id}} if made else {}),
            "attachmentId": None,
        }
        event = f"{row['dataType']}.write.{'successful' if good else 'unsuccessful'}"
        emit(world, event, payload, company=row["companyId"])


def list_pushes(call: Call) -> Response:
    company = companies.called(call)
    found = [shown_of(row) for row in records.every(call.world, PUSH, company=company["id"])]
    return wire.page_reply(call, found[::-1], what="PushOperation")


def get_push(call: Call) -> Response:
    company = companies.called(call)
    row = records.get(call.world, PUSH, call.args["push_operation_key"], company=company["id"])
    if row is None:
        raise not_found(f"No push operation was found with key {call.args['push_operation_key']}", service="PushApi")
    return json_reply(shown_of(row))


def shown_of(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "changes",
        "dataType",
        "companyId",
        "pushOperationKey",
        "dataConnectionKey",
        "requestedOnUtc",
        "timeoutInMinutes",
        "status",
        "errorMessage",
        "statusCode",
    )
    shown = {name: row[name] for name in names}
    problem = {"itemId": None, "message": row["errorMessage"], "validatorName": None}
    shown["validation"] = {"errors": [problem] if row["errorMessage"] else [], "warnings": []}
    return shown | ({"completedOnUtc": row["completedOnUtc"]} if row["completedOnUtc"] else {})


# Options


def options_of(call: Call, data_type: str, members: Mapping[str, tuple[str, bool]]) -> Response:
    """The model of a record that can be created: each member's type and whether it is required."""
    _, connection = connections.called(call)
    word = WORDS[data_type]
    properties = {
        name: {
            "type": kind,
            "displayName": _spaced(name),
            "description": f"{_spaced(name)} of the {word}.",
            "required": required,
        }
        for name, (kind, required) in members.items()
    }
    body = {
        "type": "Object",
        "displayName": word.capitalize(),
        "description": f"A {word} to be created in {connection['platformName']}.",
        "required": True,
        "properties": properties,
    }
    return json_reply(body)


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).capitalize()
