"""``--db``: which database a command means, and what to say when it cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sandbooks.storage.postgresql import PostgresDatabase

SCHEMES = ("postgresql://", "postgres://")


def is_database(db: str) -> bool:
    """Whether a place is a PostgreSQL database rather than a file."""
    return db.startswith(SCHEMES)


def database_of(db: str) -> PostgresDatabase:
    """The PostgreSQL database behind a URL, looked into once; ends the command when it cannot be reached."""
    try:
        from sandbooks.storage.postgresql import DatabaseUnreachable, PostgresDatabase
    except ImportError as error:
        raise click.UsageError(f"PostgreSQL needs a driver: pip install 'sandbooks[postgres]' ({error})") from error
    database = PostgresDatabase(db)
    try:
        database.names()
    except DatabaseUnreachable as error:
        raise click.ClickException(f"the database cannot be reached: {error}") from error
    return database
