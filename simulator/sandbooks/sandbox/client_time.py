"""The client's own clock follows the world's: token expiry, webhook tolerance and Retry-After agree with the platform.

time-machine moves what the process reads as the time of day; it leaves sleeping alone, so sleep is turned into an
advance of the world here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, SupportsFloat, SupportsIndex

from sandbooks.world import World


@contextmanager
def client_time(world: World) -> Iterator[None]:
    """Within this, the process reads the world's time of day, and sleeping lets the world's time pass."""
    import time_machine

    with time_machine.travel(world.clock.now(), tick=False) as traveller:
        watcher = _Watcher(world, traveller)
        real_sleep, real_async_sleep = time.sleep, asyncio.sleep  # noqa: TID251 - the client's, to be put back

        async def async_sleep(delay: float, result: Any = None) -> Any:
            watcher.sleep(delay)
            return await real_async_sleep(0, result)

        time.sleep = watcher.sleep  # noqa: TID251 - the client's sleep, not ours
        asyncio.sleep = async_sleep
        tick, world.clock.moved = world.clock.moved, watcher.follow
        try:
            yield
        finally:
            time.sleep, asyncio.sleep = real_sleep, real_async_sleep  # noqa: TID251 - as above
            world.clock.moved = tick


class _Watcher:
    """Keeps the process clock where the world's clock is."""

    def __init__(self, world: World, traveller: Any) -> None:
        self._world = world
        self._traveller = traveller

    def follow(self) -> None:
        self._traveller.move_to(self._world.clock.now())

    def sleep(self, seconds: SupportsFloat | SupportsIndex) -> None:
        self._world.advance(by=timedelta(seconds=float(seconds)))
        self.follow()
