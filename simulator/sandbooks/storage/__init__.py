"""Where a world's rows live. One protocol, one database per world; only this package knows a database driver."""

from sandbooks.storage.sqlite import SqliteStore, image_of
from sandbooks.storage.store import Row, Store, StoreInUse, StoreUnreadable, WorldGone

__all__ = ["Row", "SqliteStore", "Store", "StoreInUse", "StoreUnreadable", "WorldGone", "image_of"]
