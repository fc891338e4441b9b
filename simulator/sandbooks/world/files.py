"""Where worlds are kept in files: the default world in the file that is named, each other one beside it.

``books.db`` holds the world ``default``, ``books.acme.db`` the world ``acme``; snapshots of a world are in a folder
beside its file. Knows paths and images, and nothing of what is in a world.
"""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

DEFAULT_WORLD = "default"
WORLD_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_WITH_A_FILE = ("", "-wal", "-shm", "-owner")


class Snapshot(Struct, frozen=True):
    """A world as it stood: the world time and the number of exchanges then."""

    taken_at: datetime
    exchanges: int


class Shelf:
    """Snapshots of a world that is in a file: images of it, in a folder beside it, each a world that can be opened."""

    def __init__(self, world: Path) -> None:
        self._folder = world.with_name(f"{world.name}.snapshots")

    def names(self) -> list[str]:
        return sorted(file.stem.replace(".", ":") for file in self._folder.glob("*.db"))

    def put(self, name: str, facts: Snapshot, image: bytes) -> None:
        self._folder.mkdir(exist_ok=True)
        file = self._file(name)
        file.with_suffix(".json").write_bytes(msgspec.json.encode(facts))
        _put_at_once(file, image)

    def get(self, name: str) -> tuple[Snapshot, bytes] | None:
        file = self._file(name)
        if not file.exists():
            return None
        return msgspec.json.decode(file.with_suffix(".json").read_bytes(), type=Snapshot), file.read_bytes()

    def drop(self, name: str) -> None:
        for suffix in (".db", ".json"):
            self._file(name).with_suffix(suffix).unlink(missing_ok=True)

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name.replace(':', '.')}.db"


class WorldFiles:
    """The files of worlds by the worlds' names."""

    def __init__(self, default: Path) -> None:
        self._default = default

    def of(self, world: str) -> Path:
        """The file of a world, whether it is there or not."""
        path = self._default
        return path if world == DEFAULT_WORLD else path.with_name(f"{path.stem}.{world}{path.suffix}")

    def others(self) -> list[str]:
        """The worlds beside the default one that have a file, by name."""
        folder, stem = self._default.parent, f"{self._default.stem}."
        names = [file.name.removeprefix(stem).removesuffix(self._default.suffix) for file in folder.glob(f"{stem}*")]
        return sorted(name for name in set(names) if self._is_other(name))

    def _is_other(self, name: str) -> bool:
        return name != DEFAULT_WORLD and bool(WORLD_NAME.fullmatch(name)) and self.of(name).is_file()

    def lay(self, world: str, image: bytes) -> Path:
        """Put a world into its file: whole or not at all."""
        path = self.of(world)
        _put_at_once(path, image)
        return path


def remove_world(path: Path) -> None:
    """Remove a world's file, what SQLite and its owner keep beside it, and its snapshots."""
    for suffix in _WITH_A_FILE:
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    Shelf(path).remove()


def _put_at_once(file: Path, image: bytes) -> None:
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(image)
    beside.replace(file)
