"""The client's API keys: at most ten, and the last one stays.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml; https://docs.codat.io/using-the-api/authentication.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sandbooks.hub import keys, profiles, records, wire
from sandbooks.hub.errors import bad_request, conflict, not_found
from sandbooks.hub.records import HUB
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "apiKey"


NAME_MAX = 50
# Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (create-api-key, examples of 400 and 409)
TOO_MANY_KEYS = "Maximum number of API keys reached. To create a new API key, delete an unused key and try again."


class KeyRequest(msgspec.Struct):
    name: str | None = None


def _every(world: World) -> list[dict[str, Any]]:
    """Every key, the one that the world began with first."""
    first = world.ids.fixed_token("codat/api_key", length=40)
    token = Tokens(world, HUB).find("access", keys.encoded(first))
    id = world.ids.fixed_uuid("codat/apiKey")
    own = [{"id": id, "name": "first", "apiKey": first, "createdDate": records.stamp(token.issued)}] if token else []
    alive = [row for row in own if token is not None and not token.revoked]
    return [*alive, *records.every(world, KIND)]


def list_keys(call: Call) -> Response:
    return json_reply({"results": [_shown(row) for row in _every(call.world)]})


def create_key(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), KeyRequest)
    if len(wanted.name or "") > NAME_MAX:
        raise bad_request(f"Max string length ({NAME_MAX}) for `name` reached.")
    if len(_every(call.world)) >= keys.API_KEYS_MAX:
        raise conflict(TOO_MANY_KEYS)
    with call.unit():
        id = call.world.ids.uuid("codat/apiKey")
        secret = call.world.ids.token("codat/api_key", length=40)
        keys.issue(call.world, secret)
        row = {"id": id, "apiKey": secret, "createdDate": records.now(call.world)}
        row |= {"name": wanted.name} if wanted.name else {}
        records.put(call.world, KIND, id, row)
    return json_reply(row, status=201)


def delete_key(call: Call) -> Response:
    found = _every(call.world)
    row = next((each for each in found if each["id"] == call.args["api_key_id"]), None)
    if row is None:
        raise not_found(f"No API key was found with ID {call.args['api_key_id'][:60]}")
    if len(found) == 1 and not profiles.on(call.world, "last_api_key_deleted"):
        raise conflict("The last API key of a client cannot be deleted.")
    with call.unit():
        keys.revoke(call.world, row["apiKey"])
        records.drop(call.world, KIND, row["id"])
    return Response(204)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "createdDate") if name in row}
