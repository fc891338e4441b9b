"""The heartbeat of live worlds: runs what has fallen due, on a thread of its own, until stopped."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterable

from sandbooks.world.world import World

BEAT_SECONDS = 0.02
NEXT_SECONDS = 0.0002  # while there is work: enough for those who wait for the world to get it first
FAILED_SECONDS = 0.5  # after a failure: a database that is gone would fail at every beat


def run_out(world: World) -> None:
    """Run what is due until nothing is, with room after each job for those who wait for the world."""
    pause = threading.Event()
    while world.jobs.run_due(most=1):
        pause.wait(NEXT_SECONDS)


class Ticker:
    """Runs the due jobs of live worlds. ``worlds`` is asked at every beat; ``report`` hears of a job that failed."""

    def __init__(self, worlds: Callable[[], Iterable[World]], *, report: Callable[[str], None]) -> None:
        self._worlds = worlds
        self._report = report
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="sandbooks ticker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop after the job that is running, if one is."""
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        pause = BEAT_SECONDS
        while not self._stop.wait(pause):
            try:
                pause = NEXT_SECONDS if self._once_around() else BEAT_SECONDS
            except Exception:  # noqa: BLE001 - one failed job must not end the heartbeat; it is reported, not hidden
                self._report(traceback.format_exc())
                pause = FAILED_SECONDS

    def _once_around(self) -> int:
        """Run one job in each world that has one; the number of jobs run."""
        ran = 0
        for world in list(self._worlds()):
            if world.clock.mode == "live":
                ran += world.jobs.run_due(most=1)
        return ran
