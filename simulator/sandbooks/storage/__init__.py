"""Where a world's rows live. One protocol, one database per world; only this package knows a database driver."""

from sandbooks.storage.sqlite import SqliteStore
from sandbooks.storage.store import Row, Store, StoreUnreadable, WorldGone

__all__ = ["Row", "SqliteStore", "Store", "StoreUnreadable", "WorldGone"]
