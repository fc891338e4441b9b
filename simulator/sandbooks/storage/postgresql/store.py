"""One world in PostgreSQL: a schema of its own, one connection per process, one process at work on it at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from sandbooks.storage.postgresql import images
from sandbooks.storage.postgresql.connecting import SESSIONS, Connection, connect, statements
from sandbooks.storage.postgresql.locking import WorldLock
from sandbooks.storage.store import Row, WorldGone


class PostgresStore:
    """See ``Store`` for what each method promises.

    The connection is this process's presence at the world: its session number stands beside what it has claimed, and
    everything that it holds is free when it ends. A connection that was lost is made anew when the world is next taken,
    unless something is under way that was claimed under the old one.
    """

    shared = True
    durable = True

    def __init__(self, url: str, number: int) -> None:
        self.number = number
        self.session = 0
        self._url = url
        self._open: Connection | None = None
        self._closed = False
        self._pins = 0
        self._depth = 0
        self._changed: Callable[[], None] = _nothing
        self._world = WorldLock(self._take, self._give)
        self._statements = statements()

    @property
    def lock(self) -> WorldLock:
        return self._world

    @property
    def in_unit(self) -> bool:
        return self._depth > 0

    def watch(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def is_held(self) -> bool:
        return self._world.is_held()

    @contextmanager
    def pinned(self) -> Iterator[None]:
        with self._world.mutex:
            self._pins += 1
        try:
            yield
        finally:
            with self._world.mutex:
                self._pins -= 1

    # The connection

    def _connection(self) -> Connection:
        if self._open is None or (self._open.closed and not self._world.is_taken and self._may_reconnect()):
            self._open, self.session = self._connected()
        return self._open

    def _may_reconnect(self) -> bool:
        """Whether nothing is under way that was claimed under the session that was lost."""
        return not self._closed and self._pins == 0 and self._depth == 0

    def _connected(self) -> tuple[Connection, int]:
        if self._closed:
            raise psycopg.OperationalError("this world was closed")
        connection = connect(self._url, schema_name=schema_name(self.number))
        row = connection.execute("SELECT nextval('sandbooks.sessions')").fetchone()
        if row is None:
            raise AssertionError("a sequence always answers")
        connection.execute("SELECT pg_advisory_lock(%s::integer, %s::integer)", (SESSIONS, row[0]))
        return connection, row[0]

    def _take(self) -> None:
        if self._open is None or (self._open.closed and self._may_reconnect()):
            self._open, self.session = self._connected()
        try:
            row = self._taken(self._open)
        except psycopg.OperationalError:  # it may be this that shows that the connection was lost
            if not (self._open.closed and self._may_reconnect()):
                raise
            self._open, self.session = self._connected()
            row = self._taken(self._open)
        if row is None or row[0] is None:
            raise WorldGone(f"world number {self.number} was deleted")
        if row[0] != self.session:
            try:
                self._changed()
            except BaseException:
                self._give()
                raise

    def _taken(self, connection: Connection) -> Row | None:
        wanted = (self.number, self.session)
        return connection.execute("SELECT sandbooks.take(%s::integer, %s::integer)", wanted).fetchone()

    def _give(self) -> None:
        if self._open is not None and not self._open.closed:
            self._open.execute("SELECT sandbooks.give(%s::integer)", (self.number,))

    # Statements

    @contextmanager
    def unit(self) -> Iterator[None]:
        with self._world:
            connection, name = self._connection(), f"unit_{self._depth}".encode()
            connection.execute(b"BEGIN" if self._depth == 0 else b"SAVEPOINT " + name)
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._undo(connection, name)
                raise
            self._depth -= 1
            connection.execute(b"COMMIT" if self._depth == 0 else b"RELEASE " + name)

    def _undo(self, connection: Connection, name: bytes) -> None:
        if connection.closed:  # the server has rolled back, and the error that said so is on its way
            return
        connection.execute(b"ROLLBACK" if self._depth == 0 else b"ROLLBACK TO " + name)
        if self._depth:
            connection.execute(b"RELEASE " + name)

    def all(self, query: str, /, **parameters: Any) -> list[Row]:
        return self._read(query, parameters).fetchall()

    def one(self, query: str, /, **parameters: Any) -> Row | None:
        return self._read(query, parameters).fetchone()

    def _read(self, query: str, parameters: Mapping[str, Any]) -> psycopg.Cursor[Row]:
        """The whole answer to a query; asked again where it is this that shows that the connection was lost."""
        with self._world.mutex:
            connection = self._connection()
            try:
                return connection.execute(self._statements[query], parameters)
            except psycopg.OperationalError:
                again = self._connection()
                if again is connection:
                    raise
                return again.execute(self._statements[query], parameters)

    def run(self, query: str, /, **parameters: Any) -> int:
        with self._world:
            return self._connection().execute(self._statements[query], parameters).rowcount

    def run_many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        with self._world, self._connection().cursor() as cursor:
            cursor.executemany(self._statements[query], rows)

    # The whole world

    def image(self) -> bytes:
        if self.in_unit:
            raise RuntimeError("an image is taken between units, never inside one")
        with self._world:
            return images.taken(self._connection())

    def restore(self, image: bytes) -> None:
        if self.in_unit:
            raise RuntimeError("an image is restored between units, never inside one")
        with self.unit():
            images.put_back(self._connection(), image)

    def rest(self) -> None:
        """Give the connection back if nothing is under way; the next statement opens another."""
        if not self._world.mutex.acquire(blocking=False):
            return
        try:
            if self._open is not None and self._pins == 0 and not self._world.is_taken:
                self._open.close()
                self._open = None
        finally:
            self._world.mutex.release()

    def close(self) -> None:
        """Leave the world to others."""
        with self._world.mutex:
            self._closed = True
            if self._open is not None:
                self._open.close()


def schema_name(number: int) -> str:
    """The schema of a world."""
    return f"sandbooks_world_{number}"


def _nothing() -> None:
    """Nobody remembers anything of this world."""
