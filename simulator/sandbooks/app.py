"""One process's worth of Sandbooks: its worlds, the edge before them, and the ways out for webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbooks.edge import Edge, Pages, Surface
from sandbooks.platform import Platform, load, platforms
from sandbooks.storage import SqliteStore, StoreUnreadable
from sandbooks.wire import Answer, Cut, Request
from sandbooks.world import World
from sandbooks.world.files import DEFAULT_WORLD, WorldFiles
from sandbooks.world.registry import OwnWorlds, Registry, SharedWorlds

if TYPE_CHECKING:
    from sandbooks.storage.postgresql import PostgresDatabase
    from sandbooks.world import FaultPlan

_OAUTH1_TOKEN = re.compile(r'\boauth_token="([^"]*)"')

ISSUERS_KNOWN = 10_000

HUB = "codat"
HUB_HOSTS = ("api.codat.io", "link-api.codat.io", "link.codat.io")

Receiver = Callable[[Request], Answer]


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

    def __init__(
        self,
        *,
        control_token: str = "",
        raises: bool = True,
        database: PostgresDatabase | None = None,
        file: Path | None = None,
    ) -> None:
        """``raises``: a bug inside a native call of the hub surfaces here; on a server it is a native-looking 500.

        ``database`` holds the worlds, for this process and others; without one each world is this process's own: in
        memory, or the world ``default`` in ``file`` and the others in files beside it.
        """
        self._raises = raises
        self.control_token = control_token
        self._own = OwnWorlds(self._furnished, WorldFiles(file) if file else None)
        self._registry: Registry = self._own if database is None else SharedWorlds(database, self._furnished)
        self._issuers: dict[str, str] = {}  # names of worlds by token: others need not be asked again
        self.receivers: list[tuple[str, Receiver]] = []
        self.send_out: Receiver | None = None
        self.witness: Callable[[Request, Answer], None] | None = None  # sees what goes out, and what comes back
        self.edge = Edge(self, surfaces(), pages=self._pages())

    def _pages(self) -> dict[str, Pages]:
        return {
            "_control": LazyPages(lambda: load("sandbooks.control.api:control_app")(self, token=self.control_token)),
            "": LazyPages(lambda: load("sandbooks.console:console_app")(self, token=self.control_token)),
        }

    # Worlds

    def world(self, name: str) -> World | None:
        """A world by its name."""
        return self._registry.get(name)

    def worlds(self) -> list[World]:
        """Every world, in order of creation."""
        return self._registry.all()

    def worlds_with_work(self) -> list[World]:
        """The live worlds in which something may be due."""
        return self._registry.with_work()

    def count_worlds(self) -> int:
        """How many worlds there are."""
        return self._registry.count()

    def create_world(self, name: str = DEFAULT_WORLD, *, seed: int | None = None, path: Path | None = None) -> World:
        """A new, empty world (or the one in a file). Raises ``ValueError`` when the name is taken."""
        return self._registry.create(name, seed=seed, path=path)

    def open_others(self) -> list[StoreUnreadable]:
        """Open the worlds in files beside the default one's; why those that cannot be opened are left alone."""
        return self._own.open_others()

    def fork_world(self, name: str, new: str) -> World:
        """A copy of a world as it stands now, under a new name."""
        world = self._registry.get(name)
        if world is None:
            raise LookupError(f"there is no world {name!r}")
        return self.adopt_image(new, world.image())

    def adopt_image(self, name: str, image: bytes) -> World:
        """A world from an image of another, under a name of its own. Raises ``ValueError`` when the name is taken."""
        return self._registry.from_image(name, image)

    def draft_world(self, name: str, *, seed: int | None = None) -> World:
        """A world in memory that no name leads to yet: it is set up out of sight, so that nobody ever finds half."""
        return self._furnished(World(name, store=SqliteStore(), seed=seed))

    def found_world(self, draft: World, *, snapshot: str) -> World:
        """Serve a world that was set up as a draft; ``snapshot`` names that moment. The draft is not used any more.

        Raises ``ValueError`` when the name is taken.
        """
        return self._registry.found(draft, snapshot)

    def put_world(self, world: World, draft: World, *, snapshot: str) -> None:
        """Put an empty world to the state of a draft, at once. The draft is not used any more."""
        self._registry.put(world, draft, snapshot)

    def delete_world(self, name: str) -> None:
        """Let a world go."""
        self._registry.drop(name)

    def _adopt(self, world: World) -> World:
        return self._own.adopt(world)

    def _furnished(self, world: World) -> World:
        plan: Callable[[World], FaultPlan] = load("sandbooks.faults.plan:Plan")
        world.plan = plan(world)
        world.gateway = self
        return world

    def world_of_credential(self, request: Request) -> World | None:
        """The world that issued the request's token (a bearer's, or the one an OAuth 1 header names), when more than
        one is served."""
        header = request.header("Authorization")
        signed = _OAUTH1_TOKEN.search(header)
        value = signed[1] if signed else header.rpartition(" ")[2]
        if not value:
            return None
        known = self._issuers.get(value)
        return (self.world(known) if known else None) or self._issuer(value)

    def _issuer(self, token: str) -> World | None:
        if self._registry.count() < 2:
            return None
        for world in self.worlds():
            with world.lock:
                found = world.store.one("tokens.platforms_of", value=token)
            if found:
                if len(self._issuers) == ISSUERS_KNOWN:
                    self._issuers.clear()
                self._issuers[token] = world.name
                return world
        return None

    # Snapshots

    def save_snapshot(self, world: str, name: str) -> None:
        """Keep a world as it stands under a name."""
        self._registry.save_snapshot(world, name)

    def snapshots(self, world: str) -> list[str]:
        return self._registry.snapshots(world)

    def snapshot_facts(self, world: str, name: str) -> dict[str, Any]:
        """When a snapshot was taken (world time) and how many exchanges were on the tape."""
        kept = self._registry.snapshot(world, name)
        return {"taken_at": kept.taken_at.isoformat().replace("+00:00", "Z"), "exchanges": kept.exchanges}

    def restore_snapshot(self, world: str, name: str) -> None:
        """Put a world back as it stood; raises ``LookupError``."""
        self._registry.restore_snapshot(world, name)

    def drop_snapshot(self, world: str, name: str) -> None:
        """Forget a snapshot."""
        self._registry.drop_snapshot(world, name)

    # The ways in and out of a world

    def call(self, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        """A request into a world from inside it: the hub's native calls, a late commit."""
        return self.edge.dispatch(request, world=world, actor=actor, parent=parent, raises=self._raises)

    def deliver(self, request: Request) -> Answer:
        """A request out of a world: to a receiver in this process, else over the network where that is allowed."""
        answer = self._sent_out(request)
        if self.witness is not None:
            self.witness(request, answer)
        return answer

    def _sent_out(self, request: Request) -> Answer:
        for prefix, receiver in self.receivers:
            if request.url.startswith(prefix):
                return receiver(request)
        return self.send_out(request) if self.send_out else Cut("refused")

    def close(self) -> None:
        """Let go of every world: one of this process's own ends, a shared one goes on elsewhere."""
        self._registry.close()


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
