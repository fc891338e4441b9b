"""One writer at a time for a world, across threads, processes and machines.

A lock of the database session (an advisory lock) for as long as a process is at work on a world, around any number of
transactions: an exchange is several, and must not be interleaved with another. It goes with its session, so a killed
process leaves none behind. Taking it tells who held it last; whoever was not the last reads anew what it remembers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType


class WorldLock:
    """Re-entrant in a thread. ``take`` and ``give`` are called when the first level is entered and the last is left."""

    def __init__(self, take: Callable[[], None], give: Callable[[], None]) -> None:
        self._take = take
        self._give = give
        self._levels = 0
        self._holder = 0
        self.mutex = threading.RLock()

    @property
    def is_taken(self) -> bool:
        """Whether a thread of this process holds the world."""
        return self._levels > 0

    def is_held(self) -> bool:
        """Whether the calling thread does."""
        return self._levels > 0 and self._holder == threading.get_ident()

    def __enter__(self) -> WorldLock:
        self.mutex.acquire()
        try:
            self._levels += 1
            self._holder = threading.get_ident()
            if self._levels == 1:
                self._take()
        except BaseException:
            self._levels -= 1
            self.mutex.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._levels == 1:
                self._give()
        finally:
            self._levels -= 1
            self.mutex.release()
