"""The promise that every database behind a world keeps.

Queries are named (``records.get``) and live in ``sql/*.sql``, written with ``:name`` parameters, so that the same names
serve every database. A unit is atomic and nests: an inner unit that fails leaves the outer one as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib import resources
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = tuple[Any, ...]


class Store(Protocol):
    """One world's database, used from one thread at a time (the world's lock sees to that)."""

    def unit(self) -> AbstractContextManager[None]:
        """All or nothing: commit on leaving, roll back on any exception. Nests as savepoints."""

    @property
    def in_unit(self) -> bool:
        """Whether a unit is open."""

    def all(self, query: str, /, **parameters: Any) -> list[Row]:
        """Every row of a named query."""

    def one(self, query: str, /, **parameters: Any) -> Row | None:
        """The first row of a named query, if any."""

    def run(self, query: str, /, **parameters: Any) -> int:
        """A named statement; the number of rows it changed."""

    def run_many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """A named statement for each set of parameters."""

    def image(self) -> bytes:
        """The whole database as bytes that ``restore`` takes back. Refused inside a unit."""

    def restore(self, image: bytes) -> None:
        """Put the database back to an image."""

    def close(self) -> None:
        """Let the database go; nothing works afterwards."""


@cache
def queries() -> Mapping[str, str]:
    """Every named query: ``-- name: get`` in ``records.sql`` is ``records.get``.

    A reader of fifteen lines instead of aiosql: that library builds a method for each query over each driver's own
    adapter, where we bind names through one protocol and need no more.
    """
    found: dict[str, str] = {}
    for file in (resources.files("sandbooks.storage") / "sql").iterdir():
        if not file.name.endswith(".sql") or file.name.startswith("schema"):
            continue
        area = file.name.removesuffix(".sql")
        for part in file.read_text(encoding="utf-8").split("-- name: ")[1:]:
            name, _, text = part.partition("\n")
            found[f"{area}.{name.strip()}"] = text.strip().rstrip(";")
    return found


def schema() -> str:
    """The statements that make an empty world."""
    return (resources.files("sandbooks.storage") / "sql" / "schema.sql").read_text(encoding="utf-8")
