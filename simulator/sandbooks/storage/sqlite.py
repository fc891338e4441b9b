"""A world in SQLite: in memory by default, or in a file (write-ahead log) that survives a kill."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sandbooks.storage.store import Row, StoreInUse, StoreUnreadable, queries, schema

OWNER = "-owner"
PATIENCE_SECONDS = 1.0  # a command that changes a file is done with it sooner


class SqliteStore:
    """One connection to one database; see ``Store`` for what each method promises.

    ``path`` None keeps the world in memory; a file is this store's alone until it is closed or its process ends.
    Threads take turns: a unit, or a statement beside units, at a time. Raises ``StoreUnreadable`` for a file that is no
    world, or one of another version, ``StoreInUse`` for one that another store has.
    """

    shared = False
    session = 0

    def __init__(self, path: Path | None = None) -> None:
        owned = _owned(path) if path else None
        with ExitStack() as unless_taken:
            if owned is not None:
                unless_taken.callback(owned.close)
                unless_taken.callback(Path(f"{path}{OWNER}").unlink, missing_ok=True)
            self._take(_of_file(path) if path else _connect(":memory:"), path)
            unless_taken.pop_all()
        if owned is not None:
            self._give_up = weakref.finalize(self, owned.close)
        if not path:
            self._connection.execute("PRAGMA journal_mode=MEMORY")
            self._connection.executescript(schema())

    @classmethod
    def of_image(cls, image: bytes) -> SqliteStore:
        """A copy in memory of the store that the image was taken of."""
        store = cls.__new__(cls)
        store._take(opened(image), None)
        return store

    def _take(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._queries = queries()
        self._depth = 0
        self._hold(connection)

    def _hold(self, connection: sqlite3.Connection) -> None:
        """Work on a connection from now on. A world that nobody closes takes it along: no warning, no open file."""
        self._connection = connection
        self._let_go = weakref.finalize(self, connection.close)

    @property
    def durable(self) -> bool:
        return self.path is not None

    @property
    def in_unit(self) -> bool:
        return self._depth > 0

    def watch(self, changed: Callable[[], None]) -> None:
        """Nobody else writes here."""

    def pinned(self) -> AbstractContextManager[None]:
        return nullcontext()

    def is_held(self) -> bool:
        return False

    @contextmanager
    def unit(self) -> Iterator[None]:
        with self.lock:
            name = f"unit_{self._depth}"
            self._connection.execute("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._connection.execute("ROLLBACK" if self._depth == 0 else f"ROLLBACK TO {name}")
                if self._depth:
                    self._connection.execute(f"RELEASE {name}")
                raise
            self._depth -= 1
            self._connection.execute("COMMIT" if self._depth == 0 else f"RELEASE {name}")

    def all(self, query: str, /, **parameters: Any) -> list[Row]:
        with self.lock:
            return self._connection.execute(self._queries[query], parameters).fetchall()

    def one(self, query: str, /, **parameters: Any) -> Row | None:
        with self.lock:
            row: Row | None = self._connection.execute(self._queries[query], parameters).fetchone()
        return row

    def run(self, query: str, /, **parameters: Any) -> int:
        with self.lock:
            return self._connection.execute(self._queries[query], parameters).rowcount

    def run_many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        with self.lock:
            self._connection.executemany(self._queries[query], rows)

    def image(self) -> bytes:
        if self.in_unit:
            raise RuntimeError("an image is taken between units, never inside one")
        if self.path:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bytes(self._connection.serialize())

    def restore(self, image: bytes) -> None:
        if self.in_unit:
            raise RuntimeError("an image is restored between units, never inside one")
        source = opened(image)
        if self.path:
            with closing(source):
                source.backup(self._connection)
        else:
            self._let_go()
            self._hold(source)

    def rest(self) -> None:
        """A database of one's own costs nobody anything."""

    def close(self) -> None:
        self._let_go()
        if self.path is not None:
            self._give_up()


def image_of(path: Path) -> bytes:
    """A world file as it stands, whoever works on it; it is left as it is. Raises ``StoreUnreadable``."""
    with closing(_connect(":memory:")) as copy, closing(_connect(str(path))) as connection:
        try:
            _check_tables(connection, path)
            connection.backup(copy)
        except sqlite3.DatabaseError as error:
            raise StoreUnreadable(f"{path} cannot be opened as a world: {error}; name another file") from error
        return bytes(copy.serialize())


def _owned(path: Path) -> sqlite3.Connection:
    """A hold on a file beside the world's own, which others can read meanwhile. It ends with the process.

    Source: https://www.sqlite.org/lang_transaction.html (EXCLUSIVE keeps out every other connection)
    """
    if not path.parent.is_dir():
        raise StoreUnreadable(f"{path}: there is no folder {path.parent}")
    held = sqlite3.connect(f"{path}{OWNER}", timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        held.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise StoreUnreadable(f"{path} cannot be opened as a world: {error}") from error
        raise StoreInUse(
            f"{path} is in use by another process: stop that one, or work through its address; "
            "several processes can serve one database in PostgreSQL"
        ) from error
    return held


def _of_file(path: Path) -> sqlite3.Connection:
    """A world file, made where there is none. Another program's database is left as it is."""
    with ExitStack() as unless_opened:
        try:
            connection = unless_opened.enter_context(closing(_connect(str(path))))
            _check_tables(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(schema())
        except sqlite3.DatabaseError as error:
            raise StoreUnreadable(f"{path} cannot be opened as a world: {error}; name another file") from error
        unless_opened.pop_all()
    return connection


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database without our tables, or with tables of ours that have other columns."""
    found = _columns(connection)
    if not found:
        return
    with closing(sqlite3.connect(":memory:")) as blank:
        blank.executescript(schema())
        wanted = _columns(blank)
    if not found.keys() & wanted.keys():
        raise StoreUnreadable(f"{path} is a database of another program; name another file")
    other = [name for name in sorted(found.keys() & wanted.keys()) if found[name] != wanted[name]]
    if other:
        raise StoreUnreadable(
            f"{path} was written by another version of Sandbooks (table {other[0]}); "
            "open it with that version, or name another file"
        )


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables of a database, each with its columns."""
    rows = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _connect(name: str) -> sqlite3.Connection:
    """A connection without implicit transactions: units begin and end them."""
    return sqlite3.connect(name, isolation_level=None, check_same_thread=False, cached_statements=512)


def opened(image: bytes) -> sqlite3.Connection:
    """An image as a database in memory."""
    connection = _connect(":memory:")
    connection.deserialize(_without_wal(image))
    connection.execute("PRAGMA journal_mode=MEMORY")
    return connection


def _without_wal(image: bytes) -> bytes:
    """An image of a write-ahead-log database opens in memory only as a rollback-journal one.

    Source: https://www.sqlite.org/fileformat.html#file_format_version_numbers (bytes 18 and 19).
    """
    return image[:18] + b"\x01\x01" + image[20:] if image[18:20] == b"\x02\x02" else image
