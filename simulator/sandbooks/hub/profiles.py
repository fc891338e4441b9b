"""How this world's hub reads its own public pages where they contradict each other: named profiles, off by default.

What they are, since when and why the default is what it is stands in ``contracts/hub/profiles.yaml``. What a platform
offers is chosen in ``caps``; one list names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sandbooks.hub import caps, records
from sandbooks.settings import nearest, read_contract
from sandbooks.world import World

SETTING = "hub_profiles"


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """Every profile of the hub by name: ``title``, ``since``, ``is``, ``sources``."""
    found: Mapping[str, Mapping[str, Any]] = read_contract("hub", "profiles.yaml")["profiles"]
    return found


def on(world: World, name: str) -> bool:
    """Whether a profile is switched on in a world."""
    if name not in known():
        raise LookupError(f"there is no profile {name!r}")
    return name in records.setting(world, SETTING, ())


def chosen(world: World) -> list[str]:
    """The profiles that are switched on, the hub's own first."""
    return [*records.setting(world, SETTING, ()), *records.setting(world, "profiles", ())]


def choose(world: World, names: Iterable[str], *, edition: str = "") -> None:
    """Switch on exactly these profiles, of the hub (``name``) and of platforms (``platform.name``), and an edition.

    Writes: call it in a unit of work. Raises ``ValueError`` for a name that there is not.
    """
    wanted = list(dict.fromkeys(names))
    own = [name for name in wanted if name in known()]
    others = tuple(name for name in wanted if name not in known())
    try:
        caps.choose(world, edition=edition, profiles=others, file=records.setting(world, "capabilities_file", ""))
    except ValueError as error:
        near = nearest(others[0], known()) if others else ""
        raise ValueError(f"{error} {near}".strip()) from error
    world.put(records.SETTINGS, SETTING, own)
