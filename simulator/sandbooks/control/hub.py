"""The hub behind the control API: its readings of public pages, how its next sync ends, how its syncs fare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks import capabilities
from sandbooks.control.errors import ControlError, unknown
from sandbooks.hub import health, keys, plan, profiles, records
from sandbooks.hub.syncs import forced
from sandbooks.settings import PLATFORMS, read_contract
from sandbooks.world import World


def hub_json(world: World) -> dict[str, Any]:
    """What is chosen, and what there is to choose."""
    with world.lock:
        return {
            "edition": records.setting(world, "edition", "") or capabilities.LATEST,
            "editions": list(capabilities.EDITIONS),
            "profiles": profiles.chosen(world),
            "known": [*_own(), *_of_platforms()],
            "daily_quota": keys.daily_quota(world),
            "companies_max": records.setting(world, "companies_max"),
            "account": plan.account(world),
            "unavailable_platforms": list(records.setting(world, "unavailable_platforms", ())),
        }


def _own() -> list[dict[str, Any]]:
    return [{"name": name, **facts} for name, facts in profiles.known().items()]


def _of_platforms() -> list[dict[str, Any]]:
    found = []
    for platform in PLATFORMS:
        for name, facts in read_contract("platforms", platform, "capabilities.yaml")["profiles"].items():
            shown = {"name": f"{platform}.{name}", "title": facts["title"], "since": facts["editions"][0]}
            found.append({**shown, "is": facts["is"], "sources": facts["sources"]})
    return found


def choose(world: World, body: Mapping[str, Any]) -> dict[str, Any]:
    """Choose an edition, profiles and limits; what the body does not name stays."""
    edition = body.get("edition", records.setting(world, "edition", ""))
    names = body.get("profiles", profiles.chosen(world))
    try:
        with world.unit():
            profiles.choose(world, names, edition=edition)
            for name in ("daily_quota", "companies_max", "account", "unavailable_platforms"):
                if name in body:
                    world.put(records.SETTINGS, name, body[name])
    except ValueError as error:
        remedy = "GET the same path lists every edition and profile"
        raise ControlError("unknown_choice", str(error), remedy=remedy) from error
    return hub_json(world)


def ask_for_next_sync(world: World, company: str, body: Mapping[str, Any]) -> None:
    """Let the next sync of a hub company end with a status code."""
    if records.get(world, "company", company) is None:
        raise unknown("hub company", company, [each["id"] for each in records.every(world, "company")])
    with world.unit():
        forced.ask(world, company, body["code"], message=body.get("message", ""))


def filter_of(given: Mapping[str, str]) -> health.Filter:
    """Which syncs the query parameters mean."""
    code = given.get("code", "0")
    if not (code.isascii() and code.isdigit() and len(code) < 10):
        raise ControlError("invalid_parameter", f"code={code!r} is no status code", remedy="write code=5130")
    return health.Filter(
        company=given.get("company", ""),
        platform=given.get("platform", ""),
        first=_day(given, "from"),
        last=_day(given, "to"),
        code=int(code),
        outcome=_word(given, "outcome", health.OUTCOMES),
        status=_word(given, "status", health.FAILED),
    )


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ControlError("invalid_date", f"{name}={text!r} is no date", remedy="write it as 2026-03-31") from error


def _word(given: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    word = given.get(name, "")
    if word and word not in words:
        raise ControlError("invalid_parameter", f"{name}={word!r} is not known", remedy=f"use {', '.join(words)}")
    return word


def overview(world: World, given: Mapping[str, str]) -> dict[str, Any]:
    """Totals and days."""
    wanted = filter_of(given)
    with world.lock:
        return health.overview(world, wanted)


def syncs(world: World, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The syncs, newest first."""
    wanted = filter_of(given)
    with world.lock:
        return [health.sync_json(row) for row in health.syncs(world, wanted)]


def errors(world: World, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The transactions that did not get through."""
    wanted = filter_of(given)
    with world.lock:
        return health.errors(world, wanted)
