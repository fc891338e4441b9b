"""Iterators: a query's findings kept under an id and given out page by page, for as long as the connection lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM, CompanyFile
from sandbooks.platforms.quickbooks_desktop.refusals import IteratorUnknown
from sandbooks.world import World

SCOPE = f"{PLATFORM}/iterator"


class Page(Struct, frozen=True):
    """A page of an iterator."""

    records: list[Record]
    id: str
    remaining: int


def _key(file: CompanyFile, session: str, id: str) -> str:
    return f"{file.company.id}/{session}/{id}"


def start(file: CompanyFile, session: str, *, query: str, records: Iterable[Record], most: int) -> Page:
    """The first page, and an id for the rest."""
    found = list(records)
    id = "{" + file.company.world.ids.uuid(SCOPE) + "}"
    rest = [[record.kind, record.id] for record in found[most:]]
    file.company.world.put(SCOPE, _key(file, session, id), {"query": query, "rest": rest})
    return Page(found[:most], id, len(rest))


def go_on(file: CompanyFile, session: str, id: str, *, query: str, most: int) -> Page:
    """The next page. What was deleted meanwhile is left out. Raises ``IteratorUnknown``."""
    world = file.company.world
    kept: dict[str, Any] | None = world.get(SCOPE, _key(file, session, id))
    if kept is None or kept["query"] != query:
        raise IteratorUnknown(id)
    pairs, rest = kept["rest"][:most], kept["rest"][most:]
    world.put(SCOPE, _key(file, session, id), {"query": query, "rest": rest})
    records = [record for kind, each in pairs if (record := file.find((kind,), each)) is not None]
    return Page(records, id, len(rest))


def stop(file: CompanyFile, session: str, id: str) -> None:
    """End an iterator. Raises ``IteratorUnknown``."""
    world = file.company.world
    if world.get(SCOPE, _key(file, session, id)) is None:
        raise IteratorUnknown(id)
    world.put(SCOPE, _key(file, session, id), None)


def close_session(world: World, company: str, session: str) -> None:
    """End every iterator of a connection."""
    for key in world.kept(SCOPE):
        if key.startswith(f"{company}/{session}/"):
            world.put(SCOPE, key, None)
