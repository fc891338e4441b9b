"""Ids and chance: keyed counters and seeded draws, never one random stream.

One more call here moves nothing there.
"""

from __future__ import annotations

import hashlib
import random
from uuid import UUID

from sandbooks.storage import Store


def key_uuid(seed: int, key: str) -> str:
    """The UUID of a key under a seed: the same however often it is asked."""
    return str(UUID(bytes=_digest(seed, key)[:16], version=4))


def key_bytes(seed: int, key: str, size: int) -> bytes:
    """So many bytes that follow from a seed and a key alone."""
    return random.Random(_digest(seed, key)).randbytes(size)


def _digest(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}/{key}".encode()).digest()


class Ids:
    """Ids of one world. ``key`` names the series: the same key gives the next id, other keys are not disturbed."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self.seed = seed

    def number(self, key: str, *, start: int = 1) -> int:
        """The next whole number of a series that begins with ``start``."""
        row = self._store.one("state.next", name=key, start=start)
        if row is None:
            raise AssertionError("a counter always answers")
        return int(row[0])

    def digest(self, key: str) -> bytes:
        """32 bytes that depend on the seed and the key alone."""
        return _digest(self.seed, key)

    def uuid(self, key: str) -> str:
        """The next random-looking UUID (version 4 form) of a series."""
        return self.fixed_uuid(f"{key}/{self.number(f'uuid/{key}')}")

    def fixed_uuid(self, key: str) -> str:
        """The UUID of a key: the same for a seed however often it is asked."""
        return key_uuid(self.seed, key)

    def token(self, key: str, *, length: int = 40) -> str:
        """The next opaque token (lower-case letters and digits) of a series."""
        return self.fixed_token(f"{key}/{self.number(f'token/{key}')}", length=length)

    def fixed_token(self, key: str, *, length: int = 40) -> str:
        """The token of a key: the same for a seed however often it is asked."""
        alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
        drawn = random.Random(self.digest(key))
        return "".join(drawn.choice(alphabet) for _ in range(length))

    def chance(self, key: str) -> random.Random:
        """A generator of its own for a key."""
        return random.Random(self.digest(key))
