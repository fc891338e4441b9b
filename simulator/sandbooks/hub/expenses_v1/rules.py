"""Rules: the older service of events, which sends a message of its own shape to a URL for each rule that it meets.

Not signed; an answer outside a short list of statuses is final, and what is tried again is tried three times in two
minutes. Source: https://docs.codat.io/using-the-api/webhooks/legacy. Unconfirmed: the members of a rule at /rules; a
public sample project creates rules of the types sync-complete and sync-failed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

import msgspec

from sandbooks import exact_json
from sandbooks.hub import records, wire
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.hub.records import HUB
from sandbooks.kit import outbox
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "rule"
SYNC_COMPLETED, SYNC_FAILED = "Sync Completed", "Sync Failed"
STATUS_CHANGED = "DataConnectionStatusChanged"
COMPANY_SYNCHRONISED = "New company synchronized"
DATA_SYNC_COMPLETED = "Data sync completed"
DATASET_CHANGED = "Dataset data changed"
DATA_SYNC_ERROR = "Data Sync Status Changed To Error"
PUSH_CHANGED = "Push Operation Status Changed()"
PUSH_TIMED_OUT = "Push Operation Timed Out"
LIMIT_REACHED, LIMIT_RESET = "Rate Limit Reached", "Rate Limit Reset"
TYPES = (
    SYNC_COMPLETED,
    SYNC_FAILED,
    STATUS_CHANGED,
    COMPANY_SYNCHRONISED,
    DATA_SYNC_COMPLETED,
    DATASET_CHANGED,
    DATA_SYNC_ERROR,
    PUSH_CHANGED,
    PUSH_TIMED_OUT,
    LIMIT_REACHED,
    LIMIT_RESET,
)
# Source: github.com/codatio/sample-project-sync-for-expenses
SHORT = {"sync-complete": SYNC_COMPLETED, "sync-failed": SYNC_FAILED}
RETRIES = (timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=70))
RETRIED = (408, 420, 429, 460, 502, 503, 504, 522, 524)


class Notifiers(msgspec.Struct):
    webhook: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
    emails: list[str] | None = None


class RuleRequest(msgspec.Struct):
    type: str
    notifiers: Notifiers
    companyId: str | None = None
    authHeader: str | None = None


def list_rules(call: Call) -> Response:
    return wire.page_reply(call, [_shown(row) for row in records.every(call.world, KIND)], what="Rule", nulls=False)


def get_rule(call: Call) -> Response:
    return json_reply(_shown(_called(call)))


def create_rule(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), RuleRequest)
    kind = SHORT.get(wanted.type, wanted.type)
    if kind not in TYPES:
        raise not_valid(Item("type", f"there is no type {wanted.type[:60]!r}; there is {', '.join(TYPES)}", "Type"))
    if wire.web_address(wanted.notifiers.webhook) is None:
        raise not_valid(Item("notifiers.webhook", "webhook is an absolute http or https address", "Url"))
    with call.unit():
        id = call.world.ids.uuid("codat/rule")
        row = {
            "id": id,
            "type": kind,
            "companyId": wanted.companyId,
            "webhook": wanted.notifiers.webhook,
            "emails": wanted.notifiers.emails or [],
            "authHeader": wanted.authHeader,
        }
        records.put(call.world, KIND, id, row)
    return json_reply(_shown(row))


def delete_rule(call: Call) -> Response:
    row = _called(call)
    with call.unit():
        records.drop(call.world, KIND, row["id"])
    return Response(204)


def _called(call: Call) -> dict[str, Any]:
    row = records.get(call.world, KIND, call.args["rule_id"])
    if row is None:
        raise not_found(f"No rule was found with ID {call.args['rule_id']}")
    return row


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"id": row["id"], "type": row["type"], "notifiers": {"webhook": row["webhook"], "emails": row["emails"]}}
    return shown | ({"companyId": row["companyId"]} if row["companyId"] else {})


def tell(
    world: World, kind: str, message: str, data: Mapping[str, Any], *, company: str = "", connection: str = ""
) -> None:
    """Queue a message for every rule of a type that a company meets; part of the unit that is open."""
    for rule in records.every(world, KIND):
        if rule["type"] == kind and rule["companyId"] in (None, company):
            _send(world, rule, message, data, company=company, connection=connection)


def _send(
    world: World, rule: Mapping[str, Any], message: str, data: Mapping[str, Any], *, company: str, connection: str
) -> None:
    client = world.ids.fixed_uuid("codat/client")
    alert = world.ids.uuid("codat/alert")
    body: dict[str, Any] = {
        "AlertId": alert,
        "RuleId": rule["id"],
        "RuleType": rule["type"],
        "ClientId": client,
        "ClientName": records.setting(world, "client_name", "Sandbooks"),
        **({"CompanyId": company} if company else {}),
        **({"DataConnectionId": connection} if connection else {}),
        "Message": message,
        "Data": dict(data),
    }
    given = rule["authHeader"] or records.setting(world, "alert_auth_header")
    headers = [("Content-Type", "application/json"), ("X-Codat-ClientId", client)]
    headers += [("Authorization", given)] if given else []
    subscription = outbox.Subscription(id=rule["id"], platform=HUB, url=rule["webhook"], secret="", company=company)
    outbox.send(
        world,
        subscription,
        event=rule["type"],
        headers=tuple(headers),
        body=exact_json.dumps(body),
        retries=RETRIES,
        message=alert,
        retried=RETRIED,
    )


def tell_sync(world: World, company: str, sync: str, *, failed: bool) -> None:
    """The end of a sync. Source: github.com/codatio/oas, SyncCompleteWebhook and SyncFailedWebhook, their examples."""
    start = f"Sync {sync} for company {company} of type Expense"
    data: dict[str, Any] = {"syncId": sync, "syncType": "Expense"}
    if not failed:
        tell(world, SYNC_COMPLETED, f"{start} completed successfully.", data, company=company)
        return
    data |= {"FailureStage": "Pushing"}
    tell(world, SYNC_FAILED, f"{start} has failed at step Pushing.", data, company=company)


def tell_event(world: World, event: str, payload: Mapping[str, Any], *, company: str = "") -> None:
    """An event of the present service, told by the older rules for the same; part of the unit that is open."""
    if not any(True for _ in records.every(world, KIND)):
        return
    for kind, message, data, connection in _meanings(event, payload):
        tell(world, kind, message, data, company=company, connection=connection)


def _meanings(event: str, payload: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Rule type, message, data and connection. Source: https://docs.codat.io/using-the-api/webhooks/legacy/core-rules-types

    Unconfirmed: the wording of the messages of all but syncs.
    """
    name = payload.get("referenceCompany", {}).get("name", "")
    if event.startswith("connection.") and event not in ("connection.failed", "connection.deleted"):
        yield _status_changed(name, payload["connection"], _BEFORE[event])
    elif event == "read.completed.initial":
        yield COMPANY_SYNCHRONISED, f"{name} has been synchronized.", {}, ""
    elif event == "read.completed":
        for read in payload["dataTypes"]:
            yield from _read(name, read)
    elif event.endswith((".write.successful", ".write.unsuccessful")):
        yield _pushed(event.partition(".")[0], payload)
    elif event == "client.rateLimit.reached":
        yield LIMIT_REACHED, "The daily quota of requests is spent.", dict(payload), ""
    elif event == "client.rateLimit.reset":
        yield LIMIT_RESET, "The daily quota of requests is full again.", dict(payload), ""


_BEFORE = {
    "connection.created": "",
    "connection.connected": "PendingAuth",
    "connection.disconnected": "Linked",
    "connection.reconnected": "Unlinked",
}


def _status_changed(name: str, connection: Mapping[str, Any], before: str) -> tuple[str, str, dict[str, Any], str]:
    status = connection["status"]
    data = {
        "dataConnectionId": connection["id"],
        "newStatus": status,
        "oldStatus": before or None,
        "platformKey": connection["integrationKey"],
    }
    message = f"Data connection for {name} changed status from {before or 'nothing'} to {status}."
    return STATUS_CHANGED, message, data, connection["id"]


def _read(name: str, read: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    data_type, connection = read["dataType"], read["connectionId"]
    data = {"dataType": data_type}
    if read["status"] != "Complete":
        message = f"Data sync status for {data_type} of {name} changed to {read['status']}."
        yield DATA_SYNC_ERROR, message, {**data, "syncStatus": read["status"]}, connection
        return
    yield DATA_SYNC_COMPLETED, f"Data sync of {data_type} for {name} completed.", data, connection
    if read["recordsModified"]:
        yield DATASET_CHANGED, f"Data of {data_type} for {name} changed.", data, connection


def _pushed(data_type: str, payload: Mapping[str, Any]) -> tuple[str, str, dict[str, Any], str]:
    kind = PUSH_TIMED_OUT if payload["status"] == "TimedOut" else PUSH_CHANGED
    data = {"dataType": data_type, "status": payload["status"], "pushOperationKey": payload["id"]}
    return kind, f"Push of {data_type} is {payload['status']}.", data, payload["connectionId"]
