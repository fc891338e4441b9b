"""The catalogue of integrations and where their pictures are.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (Integration, Branding).
"""

from __future__ import annotations

from typing import Any

from sandbooks.hub import connections, data, records, wire
from sandbooks.hub.errors import not_found
from sandbooks.hub.integrations import Integration, integration_of, integrations
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

PICTURES = "https://static.codat.io/public"


def named(call: Call) -> Integration:
    """The integration that the path names; 404 when there is none."""
    found = integration_of(call.args["platform_key"])
    if found is None:
        raise not_found(f"No integration was found with key {call.args['platform_key'][:40]}")
    return found


def list_integrations(call: Call) -> Response:
    counts = _counts(call.world)
    return wire.page_reply(call, [_shown(each, counts) for each in integrations()], what="Integration", nulls=False)


def get_integration(call: Call) -> Response:
    return json_reply(wire.without_nulls(_shown(named(call), _counts(call.world))))


def _counts(world: World) -> dict[str, tuple[int, int]]:
    """Linked and all connections of each integration."""
    counts: dict[str, tuple[int, int]] = {}
    for company in records.every(world, "company"):
        for connection in connections.of_company(world, company["id"]):
            linked, total = counts.get(connection["platformKey"], (0, 0))
            counts[connection["platformKey"]] = (linked + (connection["status"] == "Linked"), total + 1)
    return counts


def _shown(found: Integration, counts: dict[str, tuple[int, int]]) -> dict[str, Any]:
    linked, total = counts.get(found.key, (0, 0))
    return {
        "key": found.key,
        "name": found.name,
        "enabled": True,
        "logoUrl": f"{PICTURES}/officialLogos/Full/{found.source_id}.png",
        "integrationId": found.integration_id,
        "sourceId": found.source_id,
        "sourceType": found.source_type,
        "isBeta": False,
        "isOfflineConnector": False,
        "dataProvidedBy": None,
        "datatypeFeatures": [
            # The description calls it dataType among the members and datatype among the required ones.
            {
                "datatype": name,
                "dataType": name,
                "supportedFeatures": [{"featureType": "Get", "featureState": "Release"}],
            }
            for name in data.SHAPES
        ],
        "linkedConnectionsCount": linked,
        "totalConnectionsCount": total,
    }


def get_branding(call: Call) -> Response:
    found = named(call)
    place = f"{found.source_id}.png"
    name = found.name.lower()
    return json_reply(
        {
            "logo": {
                "full": _picture(f"officialLogos/Full/{place}", f"{name} full icon"),
                "square": _picture(f"officialLogos/Square/{place}", f"{name} square icon"),
            },
            "button": {
                "default": _picture(f"officialButtons/Full/{place}", f"{name} default button icon"),
                "hover": _picture(f"officialButtons/Hover/{place}", f"{name} hover button icon"),
            },
            "sourceId": found.source_id,
        }
    )


def _picture(path: str, alt: str) -> dict[str, Any]:
    return {"image": {"src": f"{PICTURES}/{path}", "alt": alt}}
