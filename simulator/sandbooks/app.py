"""One process's worth of Sandbooks: its worlds, the edge before them, and the ways out for webhooks."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbooks.edge import DEFAULT_WORLD, Edge, Pages, Surface
from sandbooks.platform import Platform, load, platforms
from sandbooks.storage import SqliteStore
from sandbooks.wire import Answer, Cut, Request
from sandbooks.world import World

if TYPE_CHECKING:
    from sandbooks.world import FaultPlan

_OAUTH1_TOKEN = re.compile(r'\boauth_token="([^"]*)"')

HUB = "codat"
HUB_HOSTS = ("api.codat.io", "link-api.codat.io", "link.codat.io")

Receiver = Callable[[Request], Answer]


@dataclass(frozen=True)
class Snapshot:
    """A world as it stood: its image, the world time and the number of exchanges then."""

    image: bytes
    taken_at: datetime
    exchanges: int


class LazyPages:
    """A WSGI application that is made when it is first asked."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _app(self) -> Any:
        return self._make()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        return self._app(environ, start_response)


class App:
    """The worlds of one process and the edge that answers for them.

    Two apps share nothing but the Flask applications of the platforms, which keep no state.
    """

    def __init__(self, *, control_token: str = "", raises: bool = True) -> None:
        """``raises``: a bug inside a native call of the hub surfaces here; on a server it is a native-looking 500."""
        self._raises = raises
        self.control_token = control_token
        self._worlds: dict[str, World] = {}
        self._snapshots: dict[str, dict[str, Snapshot]] = {}
        self._lock = threading.RLock()
        self.receivers: list[tuple[str, Receiver]] = []
        self.send_out: Receiver | None = None
        self.edge = Edge(self, surfaces(), pages=self._pages())

    def _pages(self) -> dict[str, Pages]:
        return {
            "_control": LazyPages(lambda: load("sandbooks.control.api:control_app")(self, token=self.control_token)),
            "": LazyPages(lambda: load("sandbooks.console:console_app")(self, token=self.control_token)),
        }

    # Worlds

    def world(self, name: str) -> World | None:
        """A world by its name."""
        return self._worlds.get(name)

    def worlds(self) -> list[World]:
        """Every world, in order of creation."""
        return list(self._worlds.values())

    def create_world(self, name: str = DEFAULT_WORLD, *, seed: int | None = None, path: Path | None = None) -> World:
        """A new, empty world (or the one in a file). Raises ``ValueError`` when the name is taken."""
        with self._lock:
            if name in self._worlds:
                raise ValueError(f"there is a world {name!r} already")
            return self._adopt(World(name, store=SqliteStore(path), seed=seed))

    def fork_world(self, name: str, new: str) -> World:
        """A copy of a world as it stands now, under a new name."""
        with self._lock:
            if new in self._worlds:
                raise ValueError(f"there is a world {new!r} already")
            return self.adopt_image(new, self._worlds[name].image())

    def adopt_image(self, name: str, image: bytes) -> World:
        """A world from an image of another, under a name of its own."""
        return self._adopt(World(name, store=SqliteStore.of_image(image)))

    def delete_world(self, name: str) -> None:
        """Let a world go."""
        with self._lock:
            self._worlds.pop(name).close()
            self._snapshots.pop(name, None)

    def _adopt(self, world: World) -> World:
        plan: Callable[[World], FaultPlan] = load("sandbooks.faults.plan:Plan")
        world.plan = plan(world)
        world.gateway = self
        self._worlds[world.name] = world
        return world

    def world_of_credential(self, request: Request) -> World | None:
        """The world that issued the request's token (a bearer's, or the one an OAuth 1 header names), when more than
        one is served."""
        if len(self._worlds) < 2:
            return None
        header = request.header("Authorization")
        signed = _OAUTH1_TOKEN.search(header)
        value = signed[1] if signed else header.rpartition(" ")[2]
        if not value:
            return None
        for world in self.worlds():
            with world.lock:
                if world.store.one("tokens.platforms_of", value=value):
                    return world
        return None

    # Snapshots

    def save_snapshot(self, world: str, name: str) -> None:
        """Keep a world as it stands under a name."""
        found = self._worlds[world]
        taken = Snapshot(found.image(), found.clock.now(), found.tape.count())
        self._snapshots.setdefault(world, {})[name] = taken

    def snapshots(self, world: str) -> list[str]:
        return sorted(self._snapshots.get(world, {}))

    def snapshot_facts(self, world: str, name: str) -> dict[str, Any]:
        """When a snapshot was taken (world time) and how many exchanges were on the tape."""
        kept = self._snapshots[world][name]
        return {"taken_at": kept.taken_at.isoformat().replace("+00:00", "Z"), "exchanges": kept.exchanges}

    def restore_snapshot(self, world: str, name: str) -> None:
        """Put a world back as it stood; raises ``LookupError``."""
        kept = self._snapshots.get(world, {}).get(name)
        if kept is None:
            raise LookupError(f"world {world!r} has no snapshot {name!r}")
        self._worlds[world].restore(kept.image)

    def drop_snapshot(self, world: str, name: str) -> None:
        """Forget a snapshot."""
        self._snapshots.get(world, {}).pop(name, None)

    # The ways in and out of a world

    def call(self, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        """A request into a world from inside it: the hub's native calls, a late commit."""
        return self.edge.dispatch(request, world=world, actor=actor, parent=parent, raises=self._raises)

    def deliver(self, request: Request) -> Answer:
        """A request out of a world: to a receiver in this process, else over the network where that is allowed."""
        for prefix, receiver in self.receivers:
            if request.url.startswith(prefix):
                return receiver(request)
        return self.send_out(request) if self.send_out else Cut("refused")

    def close(self) -> None:
        for name in list(self._worlds):
            self.delete_world(name)


def surfaces() -> dict[str, Surface]:
    """Every surface by its prefix: the platforms and the hub. Their code is loaded when first asked."""
    found = {platform.name: _surface(platform) for platform in platforms().values()}
    found[HUB] = _hub()
    return found


@cache
def _surface(platform: Platform) -> Surface:
    return Surface(platform.name, hosts=platform.hosts, load=platform.load_dialect)


@cache
def _hub() -> Surface:
    def loaded() -> Any:
        return load("sandbooks.hub.api:DIALECT")

    return Surface(HUB, hosts=HUB_HOSTS, load=loaded)
