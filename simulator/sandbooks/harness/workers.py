"""Several workers of one program at once, of which one runs at a time: they change places at their exchanges.

A program that reads something, asks the platform, and then acts on what it read does the same thing twice when two of
its workers do so together. Threads that run freely show it now and then; here the order is the same every time: each
worker runs up to its next exchange and lets the next worker run. One that waits for a lock of another is passed over
until it moves again. Knows threads, no driver.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Thread, get_ident

POLL_S = 0.01
STOP_TRIES = 20  # at ending a worker that is wanted no more
STOP_S = 0.05
STILL_POLLS = 12  # a worker that has used no processor time for so many polls waits for somebody else


class Stopped(BaseException):
    """Ends a worker whose work is wanted no more. No ``Exception``, so that the program's own handlers let it pass."""


@dataclass(eq=False)
class _Worker:
    """One worker. ``waits``: at an exchange, for its turn; ``passed``: it held its turn and did not move."""

    number: int
    thread: Thread | None = None
    waits: bool = False
    passed: bool = False
    done: bool = False
    error: BaseException | None = None


class Workers:
    """Workers that take turns. ``at_exchange`` is called by whoever carries an exchange of the program."""

    def __init__(self, works: Sequence[Callable[[], object]]) -> None:
        self._changed = Condition()
        self._workers = [_Worker(number) for number in range(len(works))]
        self._works = works
        self._turn: _Worker | None = None
        self._by_thread: dict[int, _Worker] = {}
        self._stopped = False

    def run(self) -> None:
        """Let all of them work to their end. Raises the first error that one of them ended with; where this thread is
        told to stop, none of them goes on."""
        try:
            self._run()
        except BaseException:
            self._stop()
            raise

    def _run(self) -> None:
        for worker, work in zip(self._workers, self._works, strict=True):
            worker.waits = True
            worker.thread = Thread(target=self._life, args=(worker, work), daemon=True)
            worker.thread.start()
        with self._changed:
            self._turn = self._workers[0]
            self._changed.notify_all()
            self._watch()
        for worker in self._workers:
            if worker.thread is not None:
                worker.thread.join()
        error = next((worker.error for worker in self._workers if worker.error is not None), None)
        if error is not None:
            raise error

    def at_exchange(self) -> None:
        """Let the next worker run, and wait for the turn to come back. Threads of the program's own pass."""
        worker = self._by_thread.get(get_ident())
        if worker is None:
            return
        with self._changed:
            worker.waits, worker.passed = True, False
            if self._turn is worker:
                self._pass_on(worker)
            self._wait_for_turn(worker)

    # In the worker's thread

    def _life(self, worker: _Worker, work: Callable[[], object]) -> None:
        self._by_thread[get_ident()] = worker
        try:
            with self._changed:
                self._wait_for_turn(worker)
            work()
        except BaseException as error:  # noqa: BLE001 - whatever ends a worker is raised where all of them were started
            worker.error = error
        with self._changed:
            worker.done, worker.waits = True, False
            if self._turn is worker:
                self._pass_on(worker)
            self._changed.notify_all()

    def _wait_for_turn(self, worker: _Worker) -> None:
        while self._turn is not worker:
            if self._stopped:
                raise Stopped
            self._changed.wait()
        worker.waits = False

    def _pass_on(self, worker: _Worker) -> None:
        """Give the turn to the next one that waits for it; to nobody while the others are held up."""
        count = len(self._workers)
        order = [self._workers[(worker.number + step) % count] for step in range(1, count + 1)]
        self._turn = next((one for one in order if one.waits and not one.done), None)
        self._changed.notify_all()

    # In the thread that started them

    def _stop(self) -> None:
        """End the workers that still run, so that none uses up the processor for the rest of the campaign. One that
        waits for a lock that nobody gives back stays where it is."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for _ in range(STOP_TRIES):
            running = [one.thread for one in self._workers if one.thread is not None and one.thread.is_alive()]
            for thread in running:
                _interrupt(thread)
                thread.join(STOP_S)
            if not running:
                return

    def _watch(self) -> None:
        """Until all are done: pass over a worker that holds its turn and does not move."""
        used, still = 0.0, 0
        held: _Worker | None = None
        while not all(worker.done for worker in self._workers):
            self._changed.wait(POLL_S)
            worker = self._turn
            if worker is None:
                self._pass_on(self._workers[-1])
                continue
            now = _processor_time(worker)
            still = still + 1 if worker is held and now == used else 0
            held, used = worker, now
            if still >= STILL_POLLS and not worker.passed and any(one.waits for one in self._workers):
                worker.passed = True
                still = 0
                self._pass_on(worker)


def _interrupt(thread: Thread) -> None:
    """Raise ``Stopped`` in another thread as soon as it computes."""
    if thread.ident is not None and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped))


def _processor_time(worker: _Worker) -> float:
    """How long the worker's thread has been running on a processor."""
    ident = worker.thread.ident if worker.thread is not None else None
    if ident is None or worker.done:
        return 0.0
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(ident))
    except OSError:  # the thread has just ended
        return 0.0
