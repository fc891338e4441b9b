"""The promise that every database behind a world keeps.

Queries are named (``records.get``) and live in ``sql/*.sql``, written with ``:name`` parameters, so that the same names
serve every database; where one database needs other words, its own folder says a query again. A unit is atomic and
nests: an inner unit that fails leaves the outer one as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = tuple[Any, ...]


class WorldGone(LookupError):
    """The world was deleted, perhaps by another process."""


class StoreUnreadable(Exception):
    """A file that cannot be opened as a world: what stands in the way, and what to do about it."""


class StoreInUse(StoreUnreadable):
    """A file that another process works on: a world in a file belongs to one."""


class Store(Protocol):
    """One world's database, used from one thread at a time (``lock`` sees to that)."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Whoever holds it is the only one at work on the world, in this process and in any other. Re-entrant."""

    @property
    def shared(self) -> bool:
        """Whether other processes may have the same world open."""

    @property
    def durable(self) -> bool:
        """Whether the world is still there when the process was killed."""

    @property
    def session(self) -> int:
        """This process's number at the database; it ends with the process."""

    @property
    def in_unit(self) -> bool:
        """Whether a unit is open."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called, under the lock, when another process may have written since this one looked."""

    def pinned(self) -> AbstractContextManager[None]:
        """Within this, a session that was lost is not replaced by a new one: what was claimed under it is not ours."""

    def is_held(self) -> bool:
        """Whether the calling thread holds the lock of a shared world."""

    def unit(self) -> AbstractContextManager[None]:
        """All or nothing: commit on leaving, roll back on any exception. Nests as savepoints."""

    def all(self, query: str, /, **parameters: Any) -> list[Row]:
        """Every row of a named query."""

    def one(self, query: str, /, **parameters: Any) -> Row | None:
        """The first row of a named query, if any."""

    def run(self, query: str, /, **parameters: Any) -> int:
        """A named statement; the number of rows it changed."""

    def run_many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """A named statement for each set of parameters."""

    def image(self) -> bytes:
        """The whole world as bytes that ``restore`` of any store takes back: a SQLite database. Refused in a unit."""

    def restore(self, image: bytes) -> None:
        """Put the world back to an image."""

    def rest(self) -> None:
        """Hold on to nothing while nothing is under way; the next statement takes it up again."""

    def close(self) -> None:
        """Let the database go; nothing works afterwards."""


@cache
def queries(database: str = "") -> Mapping[str, str]:
    """Every named query: ``-- name: get`` in ``records.sql`` is ``records.get``; those of a database's folder count.

    A reader of our own instead of aiosql: that library builds a method for each query over each driver's own adapter,
    where we bind names through one protocol and need no more.
    """
    found = _read(_folder())
    return {**found, **_read(_folder() / database)} if database else found


def _read(folder: Traversable) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in folder.iterdir():
        if not file.name.endswith(".sql"):
            continue
        area = file.name.removesuffix(".sql")
        for part in file.read_text(encoding="utf-8").split("-- name: ")[1:]:
            name, _, text = part.partition("\n")
            found[f"{area}.{name.strip()}"] = text.strip().rstrip(";")
    return found


def schema(name: str = "schema", *, database: str = "") -> str:
    """The statements that make an empty world, or those of a database's own file."""
    return (_folder() / database / f"{name}.sql").read_text(encoding="utf-8")


def layouts(name: str, *, database: str) -> int:
    """How many steps a database's own schema has: ``<name>_1.sql`` and so on, each made once, in order."""
    files = [file.name for file in (_folder() / database).iterdir() if file.name.startswith(f"{name}_")]
    return len(files)


def _folder() -> Traversable:
    return resources.files("sandbooks.storage") / "sql"
