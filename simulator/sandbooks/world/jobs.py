"""What is due later: late commits, webhook deliveries, syncs. Rows, so that a killed world resumes them.

Where several processes share a world, each may run its jobs. A job is claimed under the world's lock and bears the
claimer's session; jobs of one lane (a hub company's, and all others) run one after the other, whoever runs them. A
session ends with its process, and what it had claimed is due again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sandbooks import exact_json
from sandbooks.world.clock import instant, micros

if TYPE_CHECKING:
    from sandbooks.world.world import World


PATIENCE_SECONDS = 0.005


class Job(Struct, frozen=True):
    """``run`` names a function ``module:function`` of ``(world, body)``. It may run twice after a kill."""

    id: int
    due: datetime
    run: str
    body: dict[str, Any]


class Jobs:
    """The due jobs of one world, run in (due, id) order, one at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.running = False
        self._runner = 0

    def put(self, run: str, body: dict[str, Any], *, due: datetime | None = None) -> int:
        """Schedule a job (now, if ``due`` is not given); it is part of the unit that is open."""
        number = self._world.ids.number("job")
        when = micros(due) if due else self._world.clock.micros()
        self._world.store.run("jobs.put", id=number, due=when, run=run, body=exact_json.dumps(body))
        return number

    def earliest(self) -> datetime | None:
        """When the next job is due."""
        row = self._world.store.one("jobs.earliest")
        return instant(row[0]) if row and row[0] is not None else None

    def looking_in(self, until: datetime) -> dict[str, datetime]:
        """When each program that looks in at its interval does so next, where nothing else is due until then; nobody
        where something is. Their jobs are functions called ``look_in``, whose body names the ``application``."""
        every, looks = self._world.store.one("jobs.kinds", until=micros(until)) or (0, 0)
        if every != looks:
            return {}
        waiting = [_job(row) for row in self._world.store.all("jobs.until", until=micros(until))]
        return {f"{job.run} {job.body['application']}": job.due for job in reversed(waiting)}

    def waiting(self) -> list[Job]:
        """Every job that has not ended."""
        return [_job(row[:4]) for row in self._world.store.all("jobs.list")]

    def move(self, job_id: int, due: datetime) -> None:
        """Give a waiting job another due time."""
        self._world.store.run("jobs.move", id=job_id, due=micros(due))

    def resume(self) -> None:
        """After a kill: what was running is due again; in a shared world, what ended processes were running."""
        self._world.store.run("jobs.give_back", owner=self._world.store.session)

    def is_ready(self) -> bool:
        """Whether it is worth the lock to look for a job."""
        store = self._world.store
        if not store.shared:
            return True
        return store.one("jobs.ready", now=self._world.clock.micros(), owner=store.session) is not None

    def await_others(self) -> bool:
        """Wait until no process runs a job of this world; False when there was nobody to wait for.

        Nobody waits inside a job or while holding the world: others could not end.
        """
        store = self._world.store
        if not store.shared or store.is_held() or self._runner == threading.get_ident():
            return False
        waited = False
        while (self._world.store.one("jobs.running") or (0,))[0]:
            waited = True
            self.resume()
            threading.Event().wait(PATIENCE_SECONDS)
        return waited

    def runs_elsewhere(self, run: str, body: dict[str, Any]) -> bool:
        """Whether another process is at work on such a job, or on one of its lane. Ask while holding the world."""
        store = self._world.store
        if not store.shared:
            return False
        found = store.one("jobs.running_beside", run=run, body=exact_json.dumps(body), owner=store.session)
        return found is not None

    def run_due(self, *, most: int = 100_000) -> int:
        """Run what is due at the present instant; the number of jobs run. Does nothing inside a running job.

        A job that fails by a bug is kept as failed and not run again; the bug is raised.
        """
        if self.running:
            return 0
        self.running, self._runner = True, threading.get_ident()
        try:
            ran = 0
            while ran < most and self.is_ready() and self._run_next():
                ran += 1
            return ran
        finally:
            self.running, self._runner = False, 0

    def finish_due(self) -> None:
        """Run what is due at the present instant, and wait for what other threads and processes have taken of it.

        Nobody waits inside a job; call it without holding the world, or others could not end.
        """
        while True:
            ran = self.run_due()
            if self.running and self._runner != threading.get_ident():
                threading.Event().wait(PATIENCE_SECONDS)
            elif not ran and not self.await_others():
                return

    def _run_next(self) -> bool:
        with ExitStack() as claim:
            with self._world.lock:
                job = self._claimed()
                if job is None:
                    return False
                claim.enter_context(self._world.store.pinned())
            self._run(job)
        return True

    def _claimed(self) -> Job | None:
        store = self._world.store
        if store.shared:
            self.resume()
        row = store.one("jobs.next", now=self._world.clock.micros())
        if row is None or not store.run("jobs.claim", id=row[0], owner=store.session):
            return None
        return _job(row)

    def _run(self, job: Job) -> None:
        try:
            _function(job.run)(self._world, job.body)
        except BaseException:
            with self._world.lock:
                self._world.store.run("jobs.failed", id=job.id)
            raise
        with self._world.lock:
            self._world.store.run("jobs.done", id=job.id)


def _job(row: tuple[Any, ...]) -> Job:
    return Job(row[0], instant(row[1]), row[2], exact_json.loads(row[3]))


def _function(name: str) -> Callable[[World, dict[str, Any]], None]:
    module, _, attribute = name.partition(":")
    found: Callable[[World, dict[str, Any]], None] = getattr(import_module(module), attribute)
    return found
