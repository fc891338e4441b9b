"""The hub's own records: companies, connections, transactions, syncs. Rows in the world's store, with every version.

Knows nothing of HTTP or of any platform. What belongs to no company lies under the empty company id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sandbooks.kit.records import Keys, Record, Records
from sandbooks.world import World

HUB = "codat"
SETTINGS = "codat/settings"

Body = dict[str, Any]


def get(world: World, kind: str, id: str, *, company: str = "") -> Body | None:
    """One record's body, free to change; None when there is none or it was deleted."""
    record = Records(world, HUB, company).get(kind, id)
    return None if record is None or record.deleted else record.copy()


def record(world: World, kind: str, id: str, *, company: str = "") -> Record | None:
    """One record with its version."""
    return Records(world, HUB, company).get(kind, id)


def put(
    world: World, kind: str, id: str, body: Mapping[str, Any], *, company: str = "", keys: Keys | None = None
) -> None:
    """Store a record's next version. ``keys`` replace the lookup values, so give them each time."""
    rows = Records(world, HUB, company)
    known = rows.get(kind, id)
    version = known.version + 1 if known else 1
    rows.put(kind, id, body, version=version, action="update" if known else "create", keys=keys)


def drop(world: World, kind: str, id: str, *, company: str = "") -> None:
    """Delete a record; its versions stay."""
    rows = Records(world, HUB, company)
    known = rows.get(kind, id)
    if known is not None:
        rows.put(kind, id, known.body, version=known.version + 1, action="delete", deleted=True)


def every(world: World, kind: str, *, company: str = "") -> Iterator[Body]:
    """The bodies of a kind in order of creation."""
    return (record.copy() for record in Records(world, HUB, company).scan(kind))


def once(world: World, kind: str, *, company: str = "") -> Iterator[Body]:
    """The bodies of a kind that there are and that there were, in order of creation."""
    return (record.copy() for record in Records(world, HUB, company).scan(kind, deleted=True))


def found(world: World, kind: str, key: str, value: str, *, company: str = "") -> Iterator[Body]:
    """The bodies of a kind that carry a lookup value, in order of creation."""
    return (record.copy() for record in Records(world, HUB, company).find(kind, key, value))


def setting(world: World, name: str, default: Any = None) -> Any:
    """A choice of this world about the hub (capability edition, redirect URL, ...)."""
    kept = world.get(SETTINGS, name)
    return default if kept is None else kept


def stamp(moment: datetime) -> str:
    """An instant as the hub writes it: UTC, seven fractional digits.

    Source: github.com/codatio/oas, schema DateTime and its examples.
    """
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"


def now(world: World) -> str:
    """The present instant as the hub writes it."""
    return stamp(world.clock.now())
