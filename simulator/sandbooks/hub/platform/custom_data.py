"""Data types of the client's own: a native path, the members to keep, and what tells records apart.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (CustomDataTypeConfiguration, CustomDataTypeRecords).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from sandbooks import exact_json
from sandbooks.hub import connections, data, query, records, wire
from sandbooks.hub.errors import HubRefusal, bad_request, not_found
from sandbooks.hub.native import Session
from sandbooks.hub.platform import integrations, raw_reads
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "customDataType"
RECORDS = "customData"
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Configuration(msgspec.Struct):
    dataSource: Text
    requiredData: dict[str, Text]
    keyBy: Annotated[list[Text], msgspec.Meta(min_length=1)]
    sourceModifiedDate: list[Text] | None = None


def configure(call: Call) -> Response:
    found = integrations.named(call)
    wanted = msgspec.to_builtins(wire.parsed(wire.raw_body(call), Configuration))
    with call.unit():
        records.put(call.world, KIND, f"{found.key}/{call.args['custom']}", wanted)
    return json_reply(wanted)


def get_configuration(call: Call) -> Response:
    found = integrations.named(call)
    return json_reply(_configured(call.world, found.key, call.args["custom"]))


def _configured(world: World, key: str, name: str) -> dict[str, Any]:
    kept = records.get(world, KIND, f"{key}/{name}")
    if kept is None:
        raise not_found(f"No custom data type was found with identifier {name[:60]}")
    return kept


def _check_available(world: World, key: str) -> None:
    """451 for a platform whose data this world's hub may not give.

    Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (response Legal-Reasons)
    """
    if key in records.setting(world, "unavailable_platforms", ()):
        text = f"Platform '{key}' is not currently available for compliance purposes."
        raise HubRefusal(451, text, "StdznCustomData")


def refresh(call: Call) -> Response:
    company, connection = connections.called(call)
    name = call.args["custom"]
    _check_available(call.world, connection["platformKey"])
    _configured(call.world, connection["platformKey"], name)
    if connection["status"] != "Linked":
        raise bad_request(f"The data connection is {connection['status']}: nothing can be read")
    data.check_idle(call.world, company["id"], f"{data.CUSTOM}{name}")
    with call.unit():
        (pull_id,) = data.queue(call.world, company["id"], connection["id"], (f"{data.CUSTOM}{name}",))
    return json_reply(data.shown(records.get(call.world, data.PULL, pull_id, company=company["id"]) or {}))


def read(world: World, session: Session, company: str, name: str) -> bool:
    """Read a data type of the client's own and keep its records; whether they are other than before.

    Raises what a connector's read raises.
    """
    connection = session.connection
    kept = records.get(world, KIND, f"{connection['platformKey']}/{name}")
    if kept is None:
        return False
    found = [_kept(each, kept) for each in raw_reads.read(session, kept["dataSource"])]
    body = {"at": records.now(world), "rows": list({row["id"]: row for row in found}.values())}
    place = f"{connection['id']}/{name}"
    before = records.get(world, RECORDS, place, company=company) or {"rows": []}
    with world.unit():
        records.put(world, RECORDS, place, body, company=company)
    return bool(before["rows"] != (records.get(world, RECORDS, place, company=company) or body)["rows"])


def _kept(record: Mapping[str, Any], configured: Mapping[str, Any]) -> dict[str, Any]:
    key = [raw_reads.picked(record, path) for path in configured["keyBy"]]
    content = {name: raw_reads.picked(record, path) for name, path in configured["requiredData"].items()}
    id = str(key[0]) if len(key) == 1 and key[0] is not None else hashlib.sha256(exact_json.dumps(key)).hexdigest()[:32]
    return {"id": id, "content": content}


def list_records(call: Call) -> Response:
    company, connection = connections.called(call)
    _check_available(call.world, connection["platformKey"])
    _configured(call.world, connection["platformKey"], call.args["custom"])
    kept = records.get(call.world, RECORDS, f"{connection['id']}/{call.args['custom']}", company=company["id"])
    if kept is None:
        # Source: github.com/codatio/oas, response Conflict, example; this operation lists no 409 of its own
        raise HubRefusal(404, "The data set has not been requested.", "PullApi")
    asked = call.query
    number = query.page_of(asked.get("page", ""), name="page", default=1, most=10**8)
    size = query.page_of(asked.get("pageSize", ""), name="pageSize", default=100, most=query.PAGE_SIZE_MAX)
    rows = kept["rows"][(number - 1) * size :][:size]
    shown = [_shown(row, kept["at"]) for row in rows]
    return json_reply({"results": shown, "pageNumber": number, "pageSize": size, "totalResults": len(kept["rows"])})


def _shown(row: Mapping[str, Any], at: str) -> dict[str, Any]:
    return {"id": row["id"], "content": row["content"], "modifiedDate": {"modifiedDate": at}}
