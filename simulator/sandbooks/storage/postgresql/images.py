"""Images of a world: the same SQLite database whichever database the world lives in.

So a snapshot of a world in PostgreSQL opens in memory, and a world from a file can move to a shared server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sandbooks.storage.postgresql.connecting import Connection
from sandbooks.storage.sqlite import opened
from sandbooks.storage.store import schema


def taken(connection: Connection) -> bytes:
    """The image of the world of a connection; call it while nobody else writes."""
    image = sqlite3.connect(":memory:", isolation_level=None)
    try:
        image.executescript(schema())
        image.execute("BEGIN")
        for table, columns in _tables(image):
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}".encode())  # noqa: S608 - names of our schema
            marks = ", ".join("?" for _ in columns)
            image.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - the same names
        image.execute("COMMIT")
        return bytes(image.serialize())
    finally:
        image.close()


def put_back(connection: Connection, image: bytes) -> None:
    """Replace everything in the world of a connection; call it in a transaction."""
    source = opened(image)
    try:
        tables = list(_tables(source))
        connection.execute(f"TRUNCATE {', '.join(table for table, _ in tables)}".encode())
        with connection.cursor() as cursor:
            for table, columns in tables:
                names = ", ".join(columns)
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
                    for row in source.execute(f"SELECT {names} FROM {table}"):  # noqa: S608 - names of our schema
                        copy.write_row(row)
    finally:
        source.close()


def _tables(image: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Every table of an image and its columns."""
    for (table,) in image.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
        yield table, [row[1] for row in image.execute(f"PRAGMA table_info({table})")]
