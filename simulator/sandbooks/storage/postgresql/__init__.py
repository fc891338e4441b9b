"""Worlds in PostgreSQL: a schema for each, shared by any number of processes on any number of machines.

Imported where a database URL was given, as it needs psycopg (``pip install 'sandbooks[postgres]'``).
"""

from sandbooks.storage.postgresql.connecting import DatabaseUnreachable
from sandbooks.storage.postgresql.database import Kept, KeptImage, PostgresDatabase, WorldNameTaken
from sandbooks.storage.postgresql.store import PostgresStore

__all__ = ["DatabaseUnreachable", "Kept", "KeptImage", "PostgresDatabase", "PostgresStore", "WorldNameTaken"]
