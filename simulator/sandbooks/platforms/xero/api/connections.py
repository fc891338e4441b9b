"""Connections: which organisations an application may reach. A bare array in camelCase, no tenant header needed.

# Source: https://github.com/XeroAPI/Xero-OpenAPI xero-identity.yaml
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import find_company
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import auth, query
from sandbooks.platforms.xero.refusals import NotFound
from sandbooks.wire import Response


def _reached(call: Call) -> list[dict[str, Any]]:
    assert call.token is not None
    grant = call.token.grant
    return [c for c in auth.connections(call.world, grant.client_id) if c["tenantId"] in grant.companies]


def _stamp(stored: str) -> str:
    """Seven decimals and no zone, as this endpoint writes instants."""
    return f"{stored}0000"


def list_connections(call: Call) -> Response:
    event = query.parameter(call, "authEventId")
    shown = []
    for kept in _reached(call):
        company = find_company(call.world, "xero", kept["tenantId"])
        if company is None or (event and kept["authEventId"] != event):
            continue
        shown.append(
            {
                "id": kept["id"],
                "authEventId": kept["authEventId"],
                "tenantId": company.id,
                "tenantType": "ORGANISATION",
                "tenantName": company.name,
                "createdDateUtc": _stamp(kept["createdDateUtc"]),
                "updatedDateUtc": _stamp(kept["updatedDateUtc"]),
            }
        )
    return json_reply(shown)


def delete_connection(call: Call) -> Response:
    wanted = next((kept for kept in _reached(call) if kept["id"] == call.args["id"].lower()), None)
    if wanted is None:
        raise NotFound
    with call.unit():
        auth.disconnect(call.world, wanted["client_id"], [wanted["tenantId"]])
    return Response(204)


OPERATIONS = (
    Operation("list_connections", "GET", "/connections", list_connections),
    Operation("delete_connection", "DELETE", "/connections/<id>", delete_connection),
)
