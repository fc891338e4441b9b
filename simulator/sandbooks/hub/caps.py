"""What the connected platform takes: the capability tables in the edition and profiles that the world has chosen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sandbooks.capabilities import Capabilities, PlatformCapabilities, load
from sandbooks.hub import records
from sandbooks.world import World

FIRST_VERSION = "v1"
FIRST_EDITION = "2023"
# Source: docs.codat.io, expenses/sync-process/uploading-receipts as it was in 2023 (4 MB on Xero)
FIRST_PROFILES = ("attachments_4_mb",)


@cache
def _tables(edition: str, profiles: tuple[str, ...], override: str) -> Capabilities:
    return load(edition or None, profiles=profiles, override_file=Path(override) if override else None)


def table(world: World, platform: str, *, generation: str = "current") -> PlatformCapabilities:
    """The table of a platform, as this world's settings ``edition``, ``profiles`` and ``capabilities_file`` choose.

    What was sent through the first version of the API is judged by the tables of its time.
    """
    edition = records.setting(world, "edition", "")
    profiles = tuple(records.setting(world, "profiles", ()))
    if generation == FIRST_VERSION:
        edition, profiles = FIRST_EDITION, (*FIRST_PROFILES, *profiles)
    return _tables(edition, profiles, records.setting(world, "capabilities_file", ""))[platform]


def choose(world: World, *, edition: str = "", profiles: tuple[str, ...] = (), file: str = "") -> None:
    """Choose edition, profiles and a file of one's own for a world. Raises what ``capabilities.load`` raises."""
    _tables(edition, profiles, file)
    world.put(records.SETTINGS, "edition", edition)
    world.put(records.SETTINGS, "profiles", list(profiles))
    world.put(records.SETTINGS, "capabilities_file", file)
