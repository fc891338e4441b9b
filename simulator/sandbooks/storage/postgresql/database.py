"""All worlds of one PostgreSQL database: which there are, making and dropping them, and their snapshots.

Knows no world from inside: what a world keeps is rows, written through its ``PostgresStore``.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import psycopg
from msgspec import Struct

from sandbooks.storage.postgresql import images
from sandbooks.storage.postgresql.connecting import (
    CATALOG,
    DATABASE,
    WORLDS,
    Connection,
    connect,
    statements,
    world_schema,
)
from sandbooks.storage.postgresql.store import PostgresStore, schema_name
from sandbooks.storage.store import Row, layouts, schema


class WorldNameTaken(ValueError):
    """There is a world of that name already."""


class Kept(Struct, frozen=True):
    """A world that stands in the database; ``holder`` is the session that was last at work on it."""

    number: int
    holder: int


class KeptImage(Struct, frozen=True):
    """A world as it stood at ``taken_at`` (world time in microseconds since 1970), after so many exchanges."""

    image: bytes
    taken_at: int
    exchanges: int


class PostgresDatabase:
    """The worlds behind one database URL. Used from any thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._mutex = threading.RLock()
        self._open: Connection | None = None
        self._laid_out = False

    # Worlds

    def find(self, name: str) -> Kept | None:
        """The world of a name."""
        row = self._one("catalog.find", name=name)
        return Kept(*row) if row else None

    def names(self) -> list[str]:
        """The names of all worlds, in order of creation."""
        return [row[0] for row in self._all("catalog.names")]

    def count(self) -> int:
        """How many worlds there are."""
        row = self._one("catalog.count")
        return int(row[0]) if row else 0

    def with_work(self, wall: int) -> list[str]:
        """The live worlds in which a job is due, or under way; ``wall`` is the present in microseconds since 1970."""
        return [row[0] for row in self._all("catalog.with_work", wall=wall)]

    def create(
        self,
        name: str,
        *,
        state: Mapping[tuple[str, str], bytes] | None = None,
        image: bytes = b"",
        snapshots: Mapping[str, KeptImage] | None = None,
    ) -> PostgresStore:
        """A new world that holds some state or a whole image, and has snapshots, from its first moment on.

        Raises ``WorldNameTaken``.
        """
        with self._mutex:
            connection = self._connection()
            with connection.transaction():
                number = self._made(connection, name)
                for (scope, key), value in (state or {}).items():
                    connection.execute(statements()["state.put"], {"scope": scope, "key": key, "value": value})
                if image:
                    images.put_back(connection, image)
                for named, kept in (snapshots or {}).items():
                    self.put_snapshot(number, named, kept)
        return PostgresStore(self._url, number)

    def _made(self, connection: Connection, name: str) -> int:
        wanted = {"name": name, "layout": layouts("world", database=DATABASE)}
        row = connection.execute(statements()["catalog.create"], wanted).fetchone()
        if row is None:
            raise WorldNameTaken(f"there is a world {name!r} already")
        number = int(row[0])
        connection.execute(f"CREATE SCHEMA {schema_name(number)}".encode())
        connection.execute("SELECT set_config('search_path', %s, true)", (f"{schema_name(number)}, pg_catalog",))
        connection.execute(world_schema())
        _lay_out(connection, "world", since=0)
        return number

    def open(self, number: int) -> PostgresStore:
        """The rows of a world; those that an older release made are brought up to date."""
        with self._mutex:
            row = self._one("catalog.layout", number=number)
            if row is not None and row[0] < layouts("world", database=DATABASE):
                self._bring_up_to_date(number)
        return PostgresStore(self._url, number)

    def _bring_up_to_date(self, number: int) -> None:
        connection = self._connection()
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s::integer, %s::integer)", (WORLDS, number))
            row = connection.execute(statements()["catalog.layout"], {"number": number}).fetchone()
            if row is None:
                return
            connection.execute("SELECT set_config('search_path', %s, true)", (f"{schema_name(number)}, pg_catalog",))
            layout = _lay_out(connection, "world", since=int(row[0]))
            connection.execute(statements()["catalog.laid_out"], {"number": number, "layout": layout})

    def drop(self, number: int) -> None:
        """Delete a world and its snapshots, once nobody is at work on it.

        On a connection of its own: others look up worlds meanwhile.
        """
        with connect(self._url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s::integer, %s::integer)", (WORLDS, number))
            connection.execute(statements()["catalog.drop"], {"number": number})
            connection.execute(f"DROP SCHEMA IF EXISTS {schema_name(number)} CASCADE".encode())

    # Snapshots

    def put_snapshot(self, world: int, name: str, kept: KeptImage) -> None:
        """Keep an image."""
        facts = {"image": kept.image, "taken_at": kept.taken_at, "exchanges": kept.exchanges}
        self._all("catalog.put_snapshot", world=world, name=name, **facts)

    def snapshots(self, world: int) -> list[str]:
        """The names of a world's snapshots."""
        return [row[0] for row in self._all("catalog.snapshots", world=world)]

    def snapshot_facts(self, world: int, name: str) -> tuple[int, int] | None:
        """When a snapshot was taken, and the number of exchanges then."""
        row = self._one("catalog.snapshot_facts", world=world, name=name)
        return (row[0], row[1]) if row else None

    def snapshot(self, world: int, name: str) -> bytes | None:
        """The image of a snapshot."""
        row = self._one("catalog.snapshot", world=world, name=name)
        return bytes(row[0]) if row else None

    def drop_snapshot(self, world: int, name: str) -> None:
        """Forget a snapshot."""
        self._all("catalog.drop_snapshot", world=world, name=name)

    def close(self) -> None:
        """Let the connection go; it is made anew when it is next needed."""
        with self._mutex:
            if self._open is not None:
                self._open.close()
                self._open = None

    # The connection

    def _all(self, query: str, **parameters: Any) -> list[Row]:
        with self._mutex:
            connection = self._connection()
            try:
                cursor = connection.execute(statements()[query], parameters)
            except psycopg.OperationalError:  # each of these may be asked twice, and a lost connection shows only here
                if not connection.closed:
                    raise
                cursor = self._connection().execute(statements()[query], parameters)
            return cursor.fetchall() if cursor.description else []

    def _one(self, query: str, **parameters: Any) -> Row | None:
        return next(iter(self._all(query, **parameters)), None)

    def _connection(self) -> Connection:
        if self._open is None or self._open.closed:
            self._open = connect(self._url)
            if not self._laid_out:
                _make_catalog(self._open)
                self._laid_out = True
        return self._open


def _make_catalog(connection: Connection) -> None:
    """Make what the worlds share, unless it stands; one process at a time."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s::integer, %s::integer)", (WORLDS, CATALOG))
        connection.execute(b"CREATE SCHEMA IF NOT EXISTS sandbooks")
        connection.execute(b"CREATE TABLE IF NOT EXISTS sandbooks.catalog (layout INTEGER NOT NULL)")
        row = connection.execute("SELECT max(layout) FROM sandbooks.catalog").fetchone()
        since = int(row[0]) if row and row[0] is not None else 0
        layout = _lay_out(connection, "catalog", since=since)
        if layout > since:
            connection.execute("INSERT INTO sandbooks.catalog (layout) VALUES (%s)", (layout,))


def _lay_out(connection: Connection, name: str, *, since: int) -> int:
    """Take the steps of a schema that come after a layout; the layout that stands then."""
    newest = layouts(name, database=DATABASE)
    for step in range(since + 1, newest + 1):
        connection.execute(schema(f"{name}_{step}", database=DATABASE).encode())
    return max(since, newest)
