"""Worlds as the control API shows and makes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from sandbooks.control.companies import company_named, list_companies, open_described, open_hub_company
from sandbooks.control.errors import ControlError, unknown
from sandbooks.kit.company import Company
from sandbooks.platform import platform_named
from sandbooks.world import ClockMode, World, parse_duration, parse_instant

HUB = "codat"
CREATION = "sandbooks:creation"


class Worlds(Protocol):
    """The worlds of a process, as the app keeps them."""

    def world(self, name: str) -> World | None: ...

    def worlds(self) -> list[World]: ...

    def count_worlds(self) -> int: ...

    def draft_world(self, name: str, *, seed: int | None = None) -> World: ...

    def found_world(self, draft: World, *, snapshot: str) -> World: ...

    def fork_world(self, name: str, new: str) -> World: ...

    def delete_world(self, name: str) -> None: ...

    def save_snapshot(self, world: str, name: str) -> None: ...

    def snapshots(self, world: str) -> list[str]: ...

    def restore_snapshot(self, world: str, name: str) -> None: ...

    def snapshot_facts(self, world: str, name: str) -> dict[str, Any]: ...

    def drop_snapshot(self, world: str, name: str) -> None: ...


def duration(given: object) -> timedelta:
    """A duration from a number of seconds or from text: ``30s``, ``5m``, ``2h``, ``+31d``, ``P31D``."""
    try:
        return parse_duration(str(given))
    except ValueError as error:
        raise ControlError("invalid_duration", str(error), remedy="write 90, 30s, 5m, 2h, +31d or P31D") from error


def clock_json(world: World) -> dict[str, Any]:
    """The clock of a world."""
    due = world.jobs.earliest()
    return {
        "now": _stamp(world.clock.now()),
        "mode": world.clock.mode,
        "jobs": len(world.jobs.waiting()),
        "next_due": _stamp(due) if due else None,
    }


def _stamp(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")


def world_json(world: World, base_url: str) -> dict[str, Any]:
    """A world with its companies."""
    with world.lock:
        return {
            "name": world.name,
            "seed": world.seed,
            "clock": clock_json(world),
            "base_url": base_url,
            "companies": list_companies(world, base_url),
            "exchanges": world.tape.count(),
            "faults": len(world.store.all("tape.faults")),
        }


def create(worlds: Worlds, body: dict[str, Any]) -> World:
    """A world with its companies, from a ``WorldRequest``. There is none when a company cannot be opened, and none
    before all of them are: not even where the process is killed meanwhile."""
    name = body["name"]
    if worlds.world(name) is not None:
        raise _exists(name)
    draft = worlds.draft_world(name, seed=body.get("seed", 1))
    set_clock(draft, body.get("clock"))
    choose_capabilities(draft, body.get("capabilities") or {})
    for wanted in body.get("companies", []):
        add_company(draft, wanted)
    try:
        return worlds.found_world(draft, snapshot=CREATION)
    except ValueError as error:  # somebody else made it meanwhile
        raise _exists(name) from error


def _exists(name: str) -> ControlError:
    return ControlError("world_exists", f"there is a world {name!r}", remedy="take another name", status=409)


def choose_capabilities(world: World, wanted: dict[str, Any]) -> None:
    """Which edition of the capability tables the hub of a world keeps to, and which profiles."""
    if not wanted:
        return
    from sandbooks.hub import profiles

    try:
        with world.unit():
            profiles.choose(world, wanted.get("profiles", ()), edition=wanted.get("edition", ""))
    except ValueError as error:
        raise ControlError("unknown_capabilities", str(error), remedy="see `sandbooks capabilities`") from error


def set_clock(world: World, wanted: Any) -> None:
    """Where time begins: text, or ``{now, mode}``."""
    if wanted is None:
        return
    given = wanted if isinstance(wanted, dict) else {"now": wanted}
    mode: ClockMode | None = given.get("mode")
    try:
        world.clock.configure(mode=mode, at=parse_instant(given["now"]) if "now" in given else None)
    except ValueError as error:
        raise ControlError("invalid_time", str(error), remedy="write 2026-03-28T17:40:00 Europe/London") from error


def move_clock(world: World, body: dict[str, Any]) -> None:
    """Move time forward, or change how it moves."""
    if "mode" in body:
        world.clock.configure(mode=body["mode"])
    try:
        if "advance" in body:
            world.advance(by=duration(body["advance"]))
        elif "to" in body:
            world.advance(to=parse_instant(body["to"]))
    except ValueError as error:
        remedy = "time moves forward only; write 2026-03-28T17:40:00Z"
        raise ControlError("invalid_time", str(error), remedy=remedy) from error


def add_company(world: World, wanted: dict[str, Any]) -> tuple[str, str]:
    """A company from a ``CompanyRequest``: its surface and its id there."""
    rest = dict(wanted)
    platform = rest.pop("platform")
    connected = rest.pop("connected_to", None)
    if platform == HUB:
        made = open_hub_company(world, _connected(world, connected))
        return HUB, made["company_id"]
    try:
        name = platform_named(platform).name
    except LookupError as error:
        raise ControlError("unknown_platform", str(error), remedy="see `sandbooks platforms`") from error
    company = open_described(world, name, **rest).company
    return company.platform, company.id


def _connected(world: World, connected: Any) -> Company:
    if not connected:
        raise ControlError("not_connected", "a hub company needs connected_to", remedy="name platform and company_id")
    return company_named(world, connected["platform"], connected["company_id"])


def world_named(worlds: Worlds, name: str) -> World:
    """A world by its name; raises ``ControlError`` with the nearest names."""
    world = worlds.world(name)
    if world is None:
        raise unknown("world", name, [w.name for w in worlds.worlds()])
    return world
