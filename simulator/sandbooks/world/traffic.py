"""Requests that are under way at the same moment, by surface.

A world answers one request at a time; those that came while another was at work wait for it, as they wait in the queue
of a real service, whose limits count them. What is counted here belongs to the process: no image of a world holds it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbooks.wire import Request


class Traffic:
    """The requests of one world that have come and have no answer yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, list[Request]] = {}

    @contextmanager
    def joined(self, surface: str, request: Request) -> Iterator[tuple[Request, ...]]:
        """A request comes, and goes at the end; what was under way on its surface when it came."""
        with self._lock:
            others = self._under_way.setdefault(surface, [])
            beside = tuple(others)
            others.append(request)
        try:
            yield beside
        finally:
            with self._lock:
                others.remove(request)
