"""The stage of one example: a world of its own with its companies, and the way into it for the code under test.

Opening companies costs more than an example, so that a world is prepared once for each set-up and forked from then on.
Python drivers are intercepted in this process, in the world's time; drivers behind HTTP are served on a socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbooks.app import App
from sandbooks.harness.driver import Driver, call
from sandbooks.harness.killing import Killed
from sandbooks.harness.postponing import PostponingPlan
from sandbooks.harness.restless import SILENCE_S, Patience
from sandbooks.harness.workers import Workers
from sandbooks.wire import Answer, Request
from sandbooks.world import World

IN_PROCESS = "http://sandbooks.test"
OWN_HOST = "sandbooks.test"


@dataclass
class Prepared:
    """Worlds with their companies, as images, by what they were made from."""

    images: dict[str, tuple[bytes, Any]] = field(default_factory=dict)
    most: int = 64

    def keep(self, key: str, image: bytes, facts: Any) -> None:
        """Remember an image; the oldest goes when there are too many."""
        if len(self.images) >= self.most:
            self.images.pop(next(iter(self.images)))
        self.images[key] = (image, facts)


class Stage:
    """One world and the way into it; a ``Transport`` for the scenario runner.

    ``served``: the code under test lives in another process. ``silence``: how long it may do nothing, in seconds.
    """

    def __init__(self, *, served: bool = False, silence: float = SILENCE_S) -> None:
        self.app = App()
        self.base_url = IN_PROCESS
        self.served = served
        self.dead = False
        self.patience = Patience(silence)
        self.workers: Workers | None = None  # those that are at work now, where there are several
        self._world = ""
        self._server: Any = None
        if served:
            from sandbooks.serving import Server

            self._server = Server(self._dispatch_served).start()
            self.base_url = self._server.url

    def send(self, request: Request) -> Answer:
        """A request of the harness itself: control, the hub's set-up."""
        return self.app.edge.dispatch(request)

    def _dispatch_served(self, request: Request) -> Answer:
        """A request of a program in another process."""
        self.patience.arrived()
        return self.app.edge.dispatch(request)

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
        self.app.close()

    def world(self, name: str) -> World:
        """The world, once it is made. Its plan also knows kills, and puts webhooks off, from then on."""
        found = self.app.world(name)
        if found is None:
            raise LookupError(f"there is no world {name!r}")
        if not isinstance(found.plan, PostponingPlan):
            found.plan = PostponingPlan(found)
        self._world = name
        return found

    @property
    def current(self) -> World:
        """The world of the run."""
        return self.world(self._world)

    @property
    def plan(self) -> PostponingPlan:
        plan = self.world(self._world).plan
        if not isinstance(plan, PostponingPlan):
            raise AssertionError("the plan of a stage knows kills and puts webhooks off")
        return plan

    def dispatch(self, request: Request) -> Answer:
        """A request of the code under test. Raises ``Killed`` where a kill met it, and from then on until revived;
        ``Restless`` where one verb has made too many."""
        if self.workers is not None:
            self.workers.at_exchange()
        if self.dead:
            raise Killed
        self.patience.sent()
        answer = self.app.edge.dispatch(request, world=self.app.world(self._world))
        if self.plan.dying:
            self.dead, self.plan.dying = True, False
            raise Killed
        return answer

    def measured(self, driver: Driver, verb: str, *arguments: Any) -> Any:
        """Call a verb and measure what it does meanwhile. Raises ``Restless``, and ``VerbMissing``."""
        if self.served:
            return self.patience.outlast(verb, partial(call, driver, verb, *arguments))
        with self.patience.during(verb):
            return call(driver, verb, *arguments)

    @contextmanager
    def client(self, *, zone: str = "") -> Iterator[None]:
        """While this lasts, code in this process reaches the world and lives in its time, in a time zone: code that
        takes its own zone for the company's shows it."""
        if self.served:
            yield
            return
        from sandbooks.intercept import intercept
        from sandbooks.sandbox.client_time import client_time

        world = self.world(self._world)
        with intercept(self.dispatch, self._knows), client_time(world, zone=zone or "UTC", slept=self.patience.slept):
            yield

    def _knows(self, host: str) -> bool:
        return host == OWN_HOST or self.app.edge.knows_host(host)
