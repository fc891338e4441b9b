"""The client's own clock follows the world's: token expiry, webhook tolerance and Retry-After agree with the platform.

time-machine moves what the process reads as the time of day; it leaves sleeping alone, so sleep is turned into an
advance of the world here. ``time.monotonic`` stays real, because event loops and locks run on it.
"""

from __future__ import annotations

import asyncio
import heapq
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, SupportsFloat, SupportsIndex
from zoneinfo import ZoneInfo

from sandbooks.world import World


@contextmanager
def client_time(world: World, *, zone: str = "UTC", slept: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Within this, the process reads the world's time of day, and sleeping lets the world's time pass.

    ``zone`` is the process's own time zone meanwhile, the same on every machine. Sleeping threads move the world one
    after the other; sleeping tasks of an event loop wake in the order of their times, once no other task can run.
    ``slept`` is called before each sleep.
    Raises ``ValueError`` for a live world, which follows the wall clock itself.
    """
    import time_machine

    if world.clock.mode == "live":
        raise ValueError("a live world follows the wall clock; client_time needs mode='stepped' or mode='frozen'")
    there = ZoneInfo(zone)  # the traveller puts the process into the zone of the moments that it is given
    with time_machine.travel(world.clock.now().astimezone(there), tick=False) as traveller:

        def follow() -> None:
            traveller.move_to(world.clock.now().astimezone(there))

        def sleep(seconds: SupportsFloat | SupportsIndex, /) -> None:
            wait = float(seconds)
            if wait < 0:
                raise ValueError("sleep length must be non-negative")
            slept()
            world.advance(by=timedelta(seconds=wait))
            follow()

        real_sleep, real_async = time.sleep, asyncio.sleep  # noqa: TID251 - the client's own, to be put back
        before, world.clock.moved = world.clock.moved, follow
        sleepers = _Sleepers(world, real_async, slept)
        _holders.replace({real_sleep: sleep, real_async: sleepers.sleep})
        try:
            yield
        finally:
            _holders.replace({sleep: real_sleep, sleepers.sleep: real_async})
            world.clock.moved = before


class _Holders:
    """Where modules hold the two functions that sleep: client code often says ``from time import sleep``.

    A module whose names are as many as when it was last looked at is not looked at again.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}
        self._names: dict[str, set[str]] = {}

    def replace(self, new_for: Mapping[Any, Any]) -> None:
        """Put the new function wherever a module holds the old one."""
        wanted = {id(old): new for old, new in new_for.items()}
        for key, module in list(sys.modules.items()):
            held = getattr(module, "__dict__", None)
            if not isinstance(held, dict) or key == __name__:
                continue
            self._look_at(key, held, wanted)
            for name in self._names.get(key, ()):
                new = wanted.get(id(held.get(name)))
                if new is not None:
                    setattr(module, name, new)

    def _look_at(self, key: str, held: dict[str, Any], wanted: Mapping[int, Any]) -> None:
        state = (id(held), len(held))
        if self._seen.get(key) != state:
            self._seen[key] = state
            found = {name for name, value in list(held.items()) if id(value) in wanted}
            if found:
                self._names[key] = self._names.get(key, set()) | found


_holders = _Holders()


class _Sleepers:
    """Sleeping tasks. The earliest wakes, and the world's time moves to it, when the loop has nothing else to run."""

    def __init__(self, world: World, real_sleep: Callable[..., Any], slept: Callable[[], None]) -> None:
        self._world = world
        self._slept = slept
        self._real_sleep = real_sleep
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self.sleep = self._sleep_until  # one object, so that it can be found again and put back

    async def _sleep_until(self, delay: float, result: Any = None) -> Any:
        """What stands for ``asyncio.sleep``."""
        if delay <= 0:
            return await self._real_sleep(0, result)
        self._slept()
        loop = asyncio.get_running_loop()
        wake = loop.create_future()
        due = self._world.clock.now() + timedelta(seconds=float(delay))
        heapq.heappush(self._waiting, (due, next(self._numbers), wake))
        loop.call_soon(self._wake_next, loop, wake)
        await wake
        return result

    def _wake_next(self, loop: asyncio.AbstractEventLoop, mine: asyncio.Future[None]) -> None:
        """Wake the earliest sleeper if nothing else can run; else look again. One of these runs for each sleeper."""
        if mine.done():
            return
        if self._has_ready(loop):
            loop.call_soon(self._wake_next, loop, mine)
            return
        while self._waiting:
            due, _, wake = heapq.heappop(self._waiting)
            if not wake.done():
                self._world.advance(to=max(due, self._world.clock.now()))
                wake.set_result(None)
                break
        if not mine.done():
            loop.call_soon(self._wake_next, loop, mine)

    def _has_ready(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether tasks other than sleepers can run. CPython's loops know; others let each task run once in between."""
        ready = getattr(loop, "_ready", ())
        return any(getattr(handle, "_callback", None) != self._wake_next for handle in ready)
