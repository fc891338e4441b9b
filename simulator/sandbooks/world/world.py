"""One world: everything that a run depends on, in one object with one lock and one store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sandbooks import exact_json
from sandbooks.storage import Store
from sandbooks.wire import Answer, Cut, Request
from sandbooks.world.bells import Bells
from sandbooks.world.clock import LATEST, Clock, within_reach
from sandbooks.world.exchange import Exchange, FaultPlan
from sandbooks.world.ids import Ids
from sandbooks.world.jobs import Jobs
from sandbooks.world.tape import Tape
from sandbooks.world.traffic import Traffic

SEED, SEED_DEFAULT = "seed", 1
IDLE_LOOKS = 3  # of a program that looks in for ever: so many that wrote nothing, and it has nothing to do


class Gateway(Protocol):
    """The way in and out of a world, attached by the app that serves it."""

    def call(self, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        """A request into the world."""

    def deliver(self, request: Request) -> Answer:
        """A request out of the world."""


class World:
    """Clock, ids, chance, tape, jobs and store of one isolated world.

    ``seed`` decides every id and draw. Whoever serves the world attaches ``plan`` (faults) and ``gateway`` (the way in
    through the edge, used by the hub, and the way out, used by webhooks).
    """

    def __init__(self, name: str, *, store: Store, seed: int | None = None) -> None:
        self.name = name
        self.store = store
        self.lock = store.lock
        self.plan: FaultPlan | None = None
        self.gateway: Gateway | None = None
        self.local: dict[str, Any] = {}
        with self.lock:
            self.seed = self._own_seed(seed)
            self.clock = Clock(store)
            self.ids = Ids(store, self.seed)
            self.tape = Tape(store)
            self.jobs = Jobs(self)
            self.bells = Bells(self)
            self.traffic = Traffic()
            self.jobs.resume()
        store.watch(self._read_anew)

    def _own_seed(self, seed: int | None) -> int:
        kept = self.get("world", SEED)
        if kept is None:
            kept = seed if seed is not None else SEED_DEFAULT
            self.put("world", SEED, kept)
        return int(kept)

    def _read_anew(self) -> None:
        """Another process may have written: what is remembered of the rows is forgotten."""
        self.clock.reload()
        self.local.clear()

    def call(self, request: Request, *, actor: str = "client", parent: int = 0) -> Answer:
        """Send a request into this world through the edge, as the hub does."""
        if self.gateway is None:
            raise RuntimeError(f"world {self.name!r} is not served: nobody answers {request.url}")
        return self.gateway.call(self, request, actor=actor, parent=parent)

    def deliver(self, request: Request) -> Answer:
        """Send a request out of this world (a webhook). A world that is not served delivers to nobody."""
        if self.gateway is None:
            return Cut("refused")
        return self.gateway.deliver(request)

    @contextmanager
    def unit(self, exchange: Exchange | None = None) -> Iterator[None]:
        """One unit of work. The outermost one reaches ``validate`` before it commits, ``commit`` after.

        A unit that rolls back takes what it wrote off the exchange again.
        """
        with self.lock:
            outermost = not self.store.in_unit
            written = len(exchange.written) if exchange is not None else 0
            try:
                with self.store.unit():
                    yield
                    if exchange is not None and outermost:
                        exchange.reach("validate")
                        if exchange.written and self.store.durable:
                            self.tape.foresee(exchange)
            except BaseException:
                if exchange is not None:
                    del exchange.written[written:]
                raise
            if exchange is not None and outermost:
                exchange.reach("commit")

    def get(self, scope: str, key: str) -> Any:
        """A small value kept in the world; None when there is none."""
        row = self.store.one("state.get", scope=scope, key=key)
        return exact_json.loads(row[0]) if row else None

    def put(self, scope: str, key: str, value: Any) -> None:
        """Keep a small JSON value in the world; None drops it."""
        if value is None:
            self.store.run("state.drop", scope=scope, key=key)
        else:
            self.store.run("state.put", scope=scope, key=key, value=exact_json.dumps(value))

    def kept(self, scope: str) -> dict[str, Any]:
        """Every small value of a scope."""
        return {key: exact_json.loads(value) for key, value in self.store.all("state.scope", scope=scope)}

    def advance(self, *, to: datetime | None = None, by: timedelta | None = None) -> None:
        """Let time pass, stopping at each job that falls due on the way."""
        try:
            target = within_reach(to or self.clock.now() + (by or timedelta(0)))
        except OverflowError as error:
            raise ValueError(f"no clock runs for {by}") from error
        if to is not None and to < self.clock.now():
            raise ValueError(f"the clock stands at {self.clock.now().isoformat()} and does not run backwards")
        self._pass(target)

    def settle(self, *, horizon: timedelta = timedelta(days=7)) -> None:
        """Run jobs, moving the clock to each, until none is due within ``horizon`` of now.

        Programs that look in at every interval go on for ever: where nothing else is due they are waited for until each
        has looked in a few times and written nothing.
        """
        now = self.clock.now()
        end = now + min(horizon, LATEST - now)
        idle: Counter[str] = Counter()
        while True:
            while (due := self.jobs.earliest()) is not None and due <= end:
                programs, last = self.jobs.looking_in(end), self.tape.count()
                self._pass(due)
                if not programs or any(entry.written for entry in self.tape.entries(after=last)):
                    idle.clear()
                else:
                    idle.update(program for program, when in programs.items() if when <= due)
                if programs and all(idle[program] >= IDLE_LOOKS for program in programs):
                    break
            if not self.jobs.await_others():
                return

    def _pass(self, target: datetime) -> None:
        """Reach an instant, or stay where a live clock has got to in the meantime."""
        while (due := self.jobs.earliest()) is not None and due <= target:
            self.clock.reach(due)
            if not self.jobs.run_due() and not self.jobs.await_others():
                break
        self.clock.reach(target)

    def image(self) -> bytes:
        """The whole world as bytes: a snapshot, or the start of a fork."""
        with self.lock:
            return self.store.image()

    def restore(self, image: bytes) -> None:
        """Put the whole world back to an image."""
        with self.lock:
            self.store.restore(image)
            self._read_anew()

    def close(self) -> None:
        self.store.close()
