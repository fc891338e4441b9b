"""When each data type is read: on the first link, and every so many hours.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (SyncSetting); https://docs.codat.io/core-concepts/data-type-settings.
Reads are scheduled only where a client has set a schedule: by default time can be moved without traffic of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec

from sandbooks.hub import companies, connections, data, plan, records, wire
from sandbooks.hub.errors import Item, not_valid
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "syncSettings"
RUN = "sandbooks.hub.platform.sync_settings:read_due"
HOURS_MAX = 8784
_HOUR = timedelta(hours=1)

Count = Annotated[int, msgspec.Meta(ge=0, le=1200)]


class Setting(msgspec.Struct, omit_defaults=True):
    dataType: str
    fetchOnFirstLink: bool
    syncSchedule: Annotated[int, msgspec.Meta(ge=0, le=HOURS_MAX)]
    syncOrder: int
    syncFromUtc: str | None = None
    syncFromWindow: Count | None = None
    monthsToSync: Count | None = None
    isLocked: bool | None = None


class SettingsRequest(msgspec.Struct):
    settings: list[Setting]
    overridesDefaults: bool
    clientId: str | None = None
    companyId: str | None = None


def settings_of(world: World, company: str = "") -> list[dict[str, Any]]:
    """The settings of a company: its own, else the client's, else the usual ones; by order."""
    own = records.get(world, KIND, KIND, company=company) if company else None
    kept = own or records.get(world, KIND, KIND)
    usual = [
        {"dataType": name, "fetchOnFirstLink": True, "syncSchedule": 0, "syncOrder": place, "isLocked": False}
        for place, name in enumerate(data.SHAPES)
    ]
    if kept is None or not kept["overridesDefaults"]:
        return usual
    named = {setting["dataType"]: setting for setting in kept["settings"]}
    merged = [named.pop(setting["dataType"], setting) for setting in usual]
    return sorted([*merged, *named.values()], key=lambda setting: setting["syncOrder"])


def first_read(world: World, company: str) -> tuple[str, ...]:
    """The data types that are read when a company is linked for the first time."""
    chosen = [setting["dataType"] for setting in settings_of(world, company) if setting["fetchOnFirstLink"]]
    return tuple(name for name in chosen if name in data.SHAPES)


def get_of_client(call: Call) -> Response:
    kept = records.get(call.world, KIND, KIND)
    return json_reply(
        {
            "clientId": call.world.ids.fixed_uuid("codat/client"),
            "settings": settings_of(call.world),
            "overridesDefaults": bool(kept and kept["overridesDefaults"]),
        }
    )


def get_of_company(call: Call) -> Response:
    company = companies.called(call)
    kept = records.get(call.world, KIND, KIND, company=company["id"])
    return json_reply(
        {
            "companyId": company["id"],
            "settings": settings_of(call.world, company["id"]),
            "overridesDefaults": bool(kept and kept["overridesDefaults"]),
        }
    )


def set_of_client(call: Call) -> Response:
    wanted = _wanted(call)
    client = call.world.ids.fixed_uuid("codat/client")
    if wanted.clientId != client:
        raise not_valid(Item("clientId", f"clientId is this client's own id, {client}", "ClientId"))
    with call.unit():
        records.put(call.world, KIND, KIND, msgspec.to_builtins(wanted))
        for company in records.every(call.world, "company"):
            schedule(call.world, company["id"])
    return Response(204)


def set_of_company(call: Call) -> Response:
    company = companies.called(call)
    wanted = _wanted(call)
    if wanted.companyId != company["id"]:
        raise not_valid(Item("companyId", "companyId is the company of the path", "CompanyId"))
    with call.unit():
        records.put(call.world, KIND, KIND, msgspec.to_builtins(wanted), company=company["id"])
        schedule(call.world, company["id"])
    return Response(204)


def _wanted(call: Call) -> SettingsRequest:
    wanted = wire.parsed(wire.raw_body(call), SettingsRequest)
    twice = [each.dataType for each in wanted.settings]
    if len(set(twice)) != len(twice):
        raise not_valid(Item("settings", "a data type has one setting", "Unique"))
    for setting in wanted.settings:
        plan.check_schedule(call.world, setting.syncSchedule)
    return wanted


def schedule(world: World, company: str) -> None:
    """Plan the next read of each data type that has a schedule. Writes: call it in a unit of work."""
    generation = world.ids.number(f"codat/schedule/{company}")
    world.put(KIND, company, generation)
    for setting in settings_of(world, company):
        if setting["syncSchedule"] and setting["dataType"] in data.SHAPES:
            _plan(world, company, setting, generation)


def _plan(world: World, company: str, setting: dict[str, Any], generation: int) -> None:
    due = world.clock.now() + setting["syncSchedule"] * _HOUR
    world.jobs.put(RUN, {"company": company, "dataType": setting["dataType"], "generation": generation}, due=due)


def read_due(world: World, body: dict[str, Any]) -> None:
    """The job: read a data type and plan its next read; a schedule that was replaced meanwhile ends here."""
    company = body["company"]
    if world.get(KIND, company) != body["generation"] or records.get(world, "company", company) is None:
        return
    found = [each for each in settings_of(world, company) if each["dataType"] == body["dataType"]]
    connection = connections.accounting_of(world, company)
    with world.unit():
        if connection is not None and connection["status"] == "Linked":
            data.queue(world, company, connection["id"], (body["dataType"],))
        for setting in found:
            _plan(world, company, setting, body["generation"])
