"""A connection to PostgreSQL as a world needs it, and our statements in its words.

Statements commit by themselves unless a unit is open. Python's numbers all go as bigint, so that a statement is
prepared once; text that holds a zero character, which PostgreSQL cannot store, is kept with a stand-in for it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, TypeAlias

import psycopg
from psycopg.abc import Buffer
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumperUnknown, TextLoader

from sandbooks.storage.store import queries, schema

DATABASE = "postgresql"
NUL, STAND_IN = "\x00", "\U0010fffe"
PREPARED_MOST = 500
# Holding a session's number is a lock of this class: see sandbooks.is_gone in catalog_1.sql.
SESSIONS = 1935764579
WORLDS = 1935764578
CATALOG = 0

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]


class _Text(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace(NUL, STAND_IN) if NUL in obj else obj)


class _Whole(Int8Dumper):
    def dump(self, obj: Any) -> Buffer | None:
        return super().dump(int(obj))


class _Loaded(TextLoader):
    def load(self, data: Buffer) -> str:
        text = str(data, "utf-8")
        return text.replace(STAND_IN, NUL) if STAND_IN in text else text


class DatabaseUnreachable(Exception):
    """No connection could be made. The text is the driver's own."""


def connect(url: str, *, schema_name: str = "sandbooks") -> Connection:
    """An open connection whose statements find the tables of one schema first. Raises ``DatabaseUnreachable``."""
    try:
        connection: Connection = psycopg.connect(url, autocommit=True, application_name=f"sandbooks {schema_name}")
    except psycopg.Error as error:
        raise DatabaseUnreachable(str(error).strip()) from error
    connection.prepared_max = PREPARED_MOST
    connection.adapters.register_dumper(str, _Text)
    connection.adapters.register_dumper(int, _Whole)
    connection.adapters.register_dumper(bool, _Whole)
    connection.adapters.register_loader("text", _Loaded)
    for name, value in _settings(schema_name, connection.info.server_version).items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    return connection


def _settings(schema_name: str, version: int) -> dict[str, str]:
    """What a session needs set: a dead process, or machine, must be noticed; commits as lazy as SQLite's log."""
    found = {
        "search_path": f"{schema_name}, pg_catalog",
        "client_encoding": "UTF8",
        "synchronous_commit": "off",
        "tcp_keepalives_idle": "15",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "lock_timeout": "0",
        "statement_timeout": "0",
    }
    return found | ({"client_connection_check_interval": "2s"} if version >= 140000 else {})


@cache
def statements() -> dict[str, bytes]:
    """Every named query as PostgreSQL takes it."""
    return {name: translated(text) for name, text in queries(DATABASE).items()}


def translated(text: str) -> bytes:
    """A statement with ``:name`` parameters in psycopg's form."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", text.replace("%", "%%")).encode()


_TYPES = (
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),  # ordered as SQLite orders it, whatever the database's own language
    (r"\bBLOB\b", "BYTEA"),
    (r"\) WITHOUT ROWID", ")"),
)


def world_schema() -> bytes:
    """The tables of ``schema.sql`` in PostgreSQL's types."""
    text = schema()
    for pattern, replacement in _TYPES:
        text = re.sub(pattern, replacement, text)
    return text.encode()
