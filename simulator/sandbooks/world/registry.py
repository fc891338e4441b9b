"""Which worlds a process serves: those of its own, or those of a database that other processes serve as well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sandbooks import exact_json
from sandbooks.storage import SqliteStore, StoreUnreadable, WorldGone
from sandbooks.world.clock import instant, micros, wall_micros
from sandbooks.world.files import Shelf, Snapshot, WorldFiles, remove_world
from sandbooks.world.world import SEED, SEED_DEFAULT, World

if TYPE_CHECKING:
    from sandbooks.storage.postgresql import KeptImage, PostgresDatabase, PostgresStore

CONNECTED_MOST = 12  # a server of PostgreSQL takes a hundred connections, of all processes together

Furnish: TypeAlias = Callable[[World], World]
"""Attaches what a world needs to be served: its fault plan, and the ways in and out."""


class Registry(Protocol):
    """Worlds by name, and their snapshots. What names nothing raises ``LookupError``."""

    def get(self, name: str) -> World | None: ...

    def all(self) -> list[World]: ...

    def with_work(self) -> list[World]: ...

    def count(self) -> int: ...

    def create(self, name: str, *, seed: int | None, path: Path | None) -> World: ...

    def from_image(self, name: str, image: bytes) -> World: ...

    def found(self, draft: World, snapshot: str) -> World: ...

    def put(self, world: World, draft: World, snapshot: str) -> None: ...

    def drop(self, name: str) -> None: ...

    def save_snapshot(self, world: str, name: str) -> None: ...

    def snapshots(self, world: str) -> list[str]: ...

    def snapshot(self, world: str, name: str) -> Snapshot: ...

    def restore_snapshot(self, world: str, name: str) -> None: ...

    def drop_snapshot(self, world: str, name: str) -> None: ...

    def close(self) -> None: ...


class OwnWorlds:
    """The worlds of this process alone, in memory or in files; snapshots are where their world is."""

    def __init__(self, furnish: Furnish, files: WorldFiles | None = None) -> None:
        self._furnish = furnish
        self._files = files
        self._worlds: dict[str, World] = {}
        self._snapshots: dict[str, dict[str, tuple[Snapshot, bytes]]] = {}
        self._lock = threading.RLock()

    def open_others(self) -> list[StoreUnreadable]:
        """Serve the worlds that have files beside the default one's; why those that cannot be opened are not."""
        refused = []
        for name in self._files.others() if self._files else ():
            try:
                self.create(name, seed=None, path=None)
            except StoreUnreadable as error:
                refused.append(error)
        return refused

    def get(self, name: str) -> World | None:
        return self._worlds.get(name)

    def all(self) -> list[World]:
        return list(self._worlds.values())

    def with_work(self) -> list[World]:
        """The live worlds that may have something due."""
        return [world for world in self.all() if world.clock.mode == "live"]

    def count(self) -> int:
        return len(self._worlds)

    def create(self, name: str, *, seed: int | None, path: Path | None) -> World:
        with self._lock:
            self._check_free(name)
            if path is None and self._files is not None:
                path = self._files.of(name)
            return self.adopt(World(name, store=SqliteStore(path), seed=seed))

    def from_image(self, name: str, image: bytes) -> World:
        with self._lock:
            self._check_free(name)
            return self.adopt(World(name, store=self._store_of(name, image)))

    def found(self, draft: World, snapshot: str) -> World:
        """Serve a world that was set up as a draft, under its name; the snapshot is of that moment."""
        with self._lock:
            self._check_free(draft.name)
            if self._files is None:
                self.adopt(draft)
                self.save_snapshot(draft.name, snapshot)
                return draft
            image = draft.image()
            facts = Snapshot(draft.clock.now(), draft.tape.count())
            Shelf(self._files.of(draft.name)).put(snapshot, facts, image)  # first: a kill may come in between
            draft.close()
            return self.from_image(draft.name, image)

    def _check_free(self, name: str) -> None:
        if name in self._worlds:
            raise ValueError(f"there is a world {name!r} already")

    def _store_of(self, name: str, image: bytes) -> SqliteStore:
        return SqliteStore.of_image(image) if self._files is None else SqliteStore(self._files.lay(name, image))

    def adopt(self, world: World) -> World:
        """Serve a world that was made elsewhere."""
        self._worlds[world.name] = self._furnish(world)
        return world

    def drop(self, name: str) -> None:
        """Delete a world, with its file where this process keeps worlds in files."""
        with self._lock:
            self._worlds.pop(name).close()
            self._snapshots.pop(name, None)
            if self._files is not None:
                remove_world(self._files.of(name))

    def save_snapshot(self, world: str, name: str) -> None:
        found = self._worlds[world]
        self._keep(world, name, Snapshot(found.clock.now(), found.tape.count()), found.image())

    def _keep(self, world: str, name: str, facts: Snapshot, image: bytes) -> None:
        shelf = self._shelf(world)
        if shelf is None:
            self._snapshots.setdefault(world, {})[name] = facts, image
        else:
            shelf.put(name, facts, image)

    def snapshots(self, world: str) -> list[str]:
        shelf = self._shelf(world)
        return sorted(self._snapshots.get(world, {})) if shelf is None else shelf.names()

    def snapshot(self, world: str, name: str) -> Snapshot:
        return self._kept(world, name)[0]

    def restore_snapshot(self, world: str, name: str) -> None:
        self._worlds[world].restore(self._kept(world, name)[1])

    def put(self, world: World, draft: World, snapshot: str) -> None:
        """Put a world to the state of a draft, and keep that as a snapshot: first, as a kill may come in between."""
        image = draft.image()
        self._keep(world.name, snapshot, Snapshot(draft.clock.now(), draft.tape.count()), image)
        world.restore(image)
        draft.close()

    def _kept(self, world: str, name: str) -> tuple[Snapshot, bytes]:
        shelf = self._shelf(world)
        kept = self._snapshots.get(world, {}).get(name) if shelf is None else shelf.get(name)
        if kept is None:
            raise LookupError(f"world {world!r} has no snapshot {name!r}")
        return kept

    def drop_snapshot(self, world: str, name: str) -> None:
        shelf = self._shelf(world)
        if shelf is None:
            self._snapshots.get(world, {}).pop(name, None)
        else:
            shelf.drop(name)

    def _shelf(self, world: str) -> Shelf | None:
        """The snapshots beside the file of a world; none for a world in memory."""
        path = self._path(world)
        return None if path is None else Shelf(path)

    def _path(self, world: str) -> Path | None:
        found = self._worlds.get(world)
        return found.store.path if found is not None and isinstance(found.store, SqliteStore) else None

    def close(self) -> None:
        """Let go of every world; what is in files stays there."""
        with self._lock:
            for world in self._worlds.values():
                world.close()
            self._worlds.clear()
            self._snapshots.clear()


class SharedWorlds:
    """The worlds of a PostgreSQL database. Any process makes, opens and deletes them; closing leaves them standing."""

    def __init__(self, database: PostgresDatabase, furnish: Furnish) -> None:
        self._database = database
        self._furnish = furnish
        self._open: dict[str, tuple[int, World]] = {}
        self._lock = threading.RLock()

    def get(self, name: str) -> World | None:
        """A world as it stands now, with nothing remembered that another process has changed since."""
        kept = self._database.find(name)
        world = self._opened(name, kept.number if kept else None)
        if world is None or kept is None:
            return None
        if kept.holder != world.store.session:
            try:
                with world.lock:  # taking it reads anew what others have written
                    pass
            except WorldGone:
                return None
        return world

    def _opened(self, name: str, number: int | None) -> World | None:
        """The world of a number; one of that name that stands no more is let go."""
        with self._lock:
            known = self._open.get(name)
            if known is not None and known[0] == number:
                self._open[name] = self._open.pop(name)
                self._rest_others()
                return known[1]
            if known is not None:
                self._open.pop(name)[1].close()
            if number is None:
                return None
            return self._take_in(name, number, World(name, store=self._database.open(number)))

    def _take_in(self, name: str, number: int, world: World) -> World:
        self._open[name] = (number, self._furnish(world))
        self._rest_others()
        return world

    def _rest_others(self) -> None:
        """The worlds that were asked for longest ago give their connections back."""
        for _, world in list(self._open.values())[:-CONNECTED_MOST]:
            world.store.rest()

    def all(self) -> list[World]:
        return [world for name in self._database.names() if (world := self.get(name)) is not None]

    def with_work(self) -> list[World]:
        """The live worlds in which something is due; no other is opened."""
        names = self._database.with_work(wall_micros())
        return [world for name in names if (world := self.get(name)) is not None]

    def count(self) -> int:
        return self._database.count()

    def create(self, name: str, *, seed: int | None, path: Path | None) -> World:
        if path is not None:
            raise ValueError("a world is in a file or in PostgreSQL, not in both")
        first = {("world", SEED): exact_json.dumps(seed if seed is not None else SEED_DEFAULT)}
        return self._made(name, self._database.create(name, state=first))

    def from_image(self, name: str, image: bytes) -> World:
        return self._made(name, self._database.create(name, image=image))

    def found(self, draft: World, snapshot: str) -> World:
        """A world as its draft stands, and a snapshot of it: both or neither, if the process is killed."""
        kept = _kept_image(draft)
        store = self._database.create(draft.name, image=kept.image, snapshots={snapshot: kept})
        draft.close()
        return self._made(draft.name, store)

    def put(self, world: World, draft: World, snapshot: str) -> None:
        """Put a world to the state of a draft, and keep that as a snapshot."""
        kept = _kept_image(draft)
        self._database.put_snapshot(self._number(world.name), snapshot, kept)
        world.restore(kept.image)
        draft.close()

    def _made(self, name: str, store: PostgresStore) -> World:
        with self._lock:
            return self._take_in(name, store.number, World(name, store=store))

    def drop(self, name: str) -> None:
        number = self._number(name)
        self._database.drop(number)
        self._opened(name, None)

    def _number(self, name: str) -> int:
        kept = self._database.find(name)
        if kept is None:
            raise LookupError(f"there is no world {name!r}")
        return kept.number

    def save_snapshot(self, world: str, name: str) -> None:
        number, found = self._number(world), self.get(world)
        if found is None:
            raise LookupError(f"there is no world {world!r}")
        self._database.put_snapshot(number, name, _kept_image(found))

    def snapshots(self, world: str) -> list[str]:
        return self._database.snapshots(self._number(world))

    def snapshot(self, world: str, name: str) -> Snapshot:
        facts = self._database.snapshot_facts(self._number(world), name)
        if facts is None:
            raise LookupError(f"world {world!r} has no snapshot {name!r}")
        return Snapshot(instant(facts[0]), facts[1])

    def restore_snapshot(self, world: str, name: str) -> None:
        image = self._database.snapshot(self._number(world), name)
        found = self.get(world)
        if image is None or found is None:
            raise LookupError(f"world {world!r} has no snapshot {name!r}")
        found.restore(image)

    def drop_snapshot(self, world: str, name: str) -> None:
        self._database.drop_snapshot(self._number(world), name)

    def close(self) -> None:
        with self._lock:
            for _, world in self._open.values():
                world.close()
            self._open.clear()
        self._database.close()


def _kept_image(world: World) -> KeptImage:
    from sandbooks.storage.postgresql import KeptImage

    with world.lock:
        return KeptImage(world.image(), micros(world.clock.now()), world.tape.count())
