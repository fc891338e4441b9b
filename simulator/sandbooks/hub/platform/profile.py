"""The client's profile, and the origins from which browsers may call.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (Profile, ConnectionManagementAllowedOrigins).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from sandbooks.hub import records, wire
from sandbooks.hub.errors import Item, not_valid
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

ORIGINS = "allowed_origins"
Url = Annotated[str, msgspec.Meta(max_length=2000)]


class ProfileRequest(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    redirectUrl: Url | None = None
    logoUrl: Url | None = None
    iconUrl: Url | None = None
    whiteListUrls: list[Url] | None = None
    confirmCompanyName: bool | None = None


_KEPT = {
    "name": "client_name",
    "redirectUrl": "redirect_url",
    "logoUrl": "logo_url",
    "iconUrl": "icon_url",
    "whiteListUrls": "white_list_urls",
    "confirmCompanyName": "confirm_company_name",
}


def get_profile(call: Call) -> Response:
    return json_reply(_shown(call))


def update_profile(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), ProfileRequest)
    with call.unit():
        for member, setting in _KEPT.items():
            value = getattr(wanted, member)
            if value is not None:
                call.world.put(records.SETTINGS, setting, value)
    return json_reply(_shown(call))


def _shown(call: Call) -> dict[str, Any]:
    chosen = {member: records.setting(call.world, setting) for member, setting in _KEPT.items()}
    usual: dict[str, Any] = {"name": "Sandbooks", "redirectUrl": "", "whiteListUrls": [], "confirmCompanyName": False}
    return usual | {member: value for member, value in chosen.items() if value is not None}


class Origins(msgspec.Struct):
    allowedOrigins: list[Annotated[str, msgspec.Meta(min_length=1, max_length=300)]]


def get_origins(call: Call) -> Response:
    return json_reply({"allowedOrigins": records.setting(call.world, ORIGINS, [])})


def set_origins(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), Origins)
    for place, origin in enumerate(wanted.allowedOrigins):
        parts = wire.web_address(origin)
        if parts is None or parts.path.strip("/"):
            text = f"an origin is a scheme and a host, not {origin[:80]!r}"
            raise not_valid(Item(f"allowedOrigins[{place}]", text, "Origin"))
    with call.unit():
        call.world.put(records.SETTINGS, ORIGINS, wanted.allowedOrigins)
    return json_reply({"allowedOrigins": wanted.allowedOrigins})
