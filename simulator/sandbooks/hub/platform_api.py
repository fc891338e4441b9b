"""The client's own affairs: the catalogue of integrations, API keys, profile.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sandbooks.hub import data, keys, records, wire
from sandbooks.hub.errors import Item, conflict, not_found, not_valid
from sandbooks.hub.integrations import Integration, integration_of, integrations
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

API_KEY = "apiKey"


def list_integrations(call: Call) -> Response:
    return wire.page_reply(call, [_shown(found) for found in integrations()], what="Integration", nulls=False)


def get_integration(call: Call) -> Response:
    found = integration_of(call.args["platform_key"])
    if found is None:
        raise not_found(f"No integration was found with key {call.args['platform_key']}")
    return json_reply(wire.without_nulls(_shown(found)))


def _shown(found: Integration) -> dict[str, Any]:
    return {
        "key": found.key,
        "name": found.name,
        "enabled": True,
        "logoUrl": f"https://static.codat.io/public/officialLogos/Full/{found.key}.png",
        "integrationId": found.integration_id,
        "sourceId": found.source_id,
        "sourceType": found.source_type,
        "isBeta": False,
        "isOfflineConnector": False,
        "dataProvidedBy": None,
        "datatypeFeatures": [
            {"datatype": name, "supportedFeatures": [{"featureType": "Get", "featureState": "Release"}]}
            for name in data.SHAPES
        ],
        "linkedConnectionsCount": 0,
        "totalConnectionsCount": 0,
    }


class KeyRequest(msgspec.Struct):
    name: str


def list_keys(call: Call) -> Response:
    found = [_key_shown(row) for row in records.every(call.world, API_KEY)]
    return json_reply({"results": found})


def create_key(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), KeyRequest)
    if sum(1 for _ in records.every(call.world, API_KEY)) >= keys.API_KEYS_MAX - 1:
        raise conflict(f"A client has at most {keys.API_KEYS_MAX} API keys.")
    with call.unit():
        id = call.world.ids.uuid("codat/apiKey")
        secret = call.world.ids.token("codat/api_key", length=40)
        keys.issue(call.world, secret)
        row = {"id": id, "name": wanted.name, "apiKey": secret, "createdDate": records.now(call.world)}
        records.put(call.world, API_KEY, id, row)
    return json_reply(row, status=201)


def delete_key(call: Call) -> Response:
    row = records.get(call.world, API_KEY, call.args["api_key_id"])
    if row is None:
        raise not_found(f"No API key was found with ID {call.args['api_key_id']}")
    with call.unit():
        keys.revoke(call.world, row["apiKey"])
        records.drop(call.world, API_KEY, row["id"])
    return Response(204)


def _key_shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "createdDate")}


def get_profile(call: Call) -> Response:
    return json_reply(_profile(call))


def update_profile(call: Call) -> Response:
    body = wire.raw_body(call)
    if not isinstance(body, dict):
        raise not_valid(Item("body", "the body is an object", "Schema"))
    url = body.get("redirectUrl")
    if url is not None and (not isinstance(url, str) or len(url) > 2000):
        raise not_valid(Item("redirectUrl", "redirectUrl is a text", "Schema"))
    with call.unit():
        if isinstance(url, str):
            call.world.put(records.SETTINGS, "redirect_url", url)
        if isinstance(body.get("name"), str):
            call.world.put(records.SETTINGS, "client_name", body["name"][:200])
    return json_reply(_profile(call))


def _profile(call: Call) -> dict[str, Any]:
    return {
        "name": records.setting(call.world, "client_name", "Sandbooks"),
        "redirectUrl": records.setting(call.world, "redirect_url", ""),
        "whiteListUrls": [],
        "logoUrl": None,
        "iconUrl": None,
        "apiKey": None,
        "confirmCompanyName": False,
        "alertAuthHeader": None,
    }
