"""Writes of single records (suppliers, customers, accounts, bank accounts) as push operations, carried out by a job.

Source: https://docs.codat.io/using-the-api/push, github.com/codatio/oas (PushOperation).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sandbooks.connector import Account, Contact, NeedsConsent, NewAccount, Refused, Unavailable, Unknown
from sandbooks.hub import companies, connections, data, records, wire
from sandbooks.hub.errands import Awaiting, Work, forget
from sandbooks.hub.errors import bad_request, not_found
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World
from sandbooks.world.clock import instant

PUSH = "push"
RUN = "sandbooks.hub.push:write"
TIMEOUT_MINUTES = 60
ATTEMPTS_MAX = 12
WORDS = {"suppliers": "supplier", "customers": "customer", "chartOfAccounts": "account", "bankAccounts": "bank account"}


def begin(
    call: Call, data_type: str, record: Contact | NewAccount, shown: Mapping[str, Any], *, update: bool
) -> Response:
    """Queue the write of a record and answer with its push operation; ``shown`` is the record as it was sent."""
    company, connection = connections.called(call)
    if connection["sourceType"] != "Accounting" or connection["status"] != "Linked":
        raise bad_request(f"The data connection is {connection['status']}: nothing can be written")
    with call.unit():
        key = call.world.ids.uuid("codat/push")
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
            "exchange": call.exchange.number,
        }
        records.put(call.world, PUSH, key, body, company=company["id"])
        call.world.jobs.put(RUN, {"company": company["id"], "push": key, "attempts": 0})
    # Source: github.com/codatio/oas, CreateSupplierResponse and its kin have data, PushOperation has it no more
    return json_reply(shown_of(body) | {"data": body["data"]})


def write(world: World, body: dict[str, Any]) -> None:
    """The job: carry out one push operation; sent again under the same key while its outcome is unknown."""
    row = records.get(world, PUSH, body["push"], company=body["company"])
    if row is None or row["status"] != "Pending":
        return
    connection = records.get(world, connections.KIND, row["dataConnectionKey"], company=body["company"])
    if connection is None or connection["status"] != "Linked":
        _end(world, row, status="Failed", code=401, message="The connection is not linked.")
        return
    session = Session(world, connection, parent=row["exchange"])
    try:
        made = _carry_out(world, session, row, body)
    except Awaiting:
        return
    except Parked as parked:
        _again(world, row, body, parked.seconds)
    except (Unknown, Unavailable):
        _again(world, row, body, 5)
    except NeedsConsent as gone:
        connections.deauthorise(world, connection, gone.message)
        _end(world, row, status="Failed", code=401, message=gone.message)
    except Refused as refused:
        _end(world, row, status="Failed", code=400, message=refused.message)
    else:
        _end(world, row, status="Success", code=200, made=made)


def _carry_out(world: World, session: Session, row: Mapping[str, Any], body: dict[str, Any]) -> Contact | Account:
    facts = data.company_facts(world, row["companyId"])
    connector, consent, key = session.connector, session.consent, row["pushOperationKey"]
    work = Work(f"push/{key}/{body['attempts']}", RUN, body)
    if row["dataType"] in ("suppliers", "customers"):
        contact = msgspec.convert(row["record"], Contact)
        change = connector.update_contact if row["update"] else connector.create_contact
        return session.run(change(contact, consent, facts, key=key), work=work)
    account = msgspec.convert(row["record"], NewAccount)
    return session.run(connector.create_account(account, consent, facts, key=key), work=work)


def _again(world: World, row: dict[str, Any], body: dict[str, Any], seconds: int) -> None:
    attempts = body["attempts"] + 1
    if attempts > ATTEMPTS_MAX:
        _end(world, row, status="TimedOut", code=504, message="The platform did not answer in time.")
        return
    with world.unit():
        due = instant(world.clock.micros() + max(seconds, 2**attempts) * 1_000_000)
        world.jobs.put(RUN, {**body, "attempts": attempts}, due=due)


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
        records.put(world, PUSH, row["pushOperationKey"], row, company=row["companyId"])
        forget(world, row["dataConnectionKey"], begins=f"push/{row['pushOperationKey']}/")
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
