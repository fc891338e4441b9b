"""The one way in: finds the world and the surface, opens the exchange, walks it through its phases, closes it.

Sockets, intercepted connections and the hub's own calls all come through ``Edge.dispatch``.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from flask import Flask
from msgspec import Struct

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import ENVIRON_EXCHANGE, UNMATCHED, Dialect, Routes, call_of, flask_app, run
from sandbooks.storage import WorldGone
from sandbooks.wire import Answer, Cut, Request, Response
from sandbooks.world import Exchange, Interrupt, Postponed, World
from sandbooks.world.files import DEFAULT_WORLD


class Surface:
    """Something that answers under a prefix and under vendor host names: a platform, or the hub."""

    def __init__(self, name: str, *, hosts: tuple[str, ...] = (), load: Callable[[], Dialect]) -> None:
        self.name = name
        self.hosts = hosts
        self._load = load

    @cached_property
    def dialect(self) -> Dialect:
        return self._load()

    @cached_property
    def app(self) -> Flask:
        return flask_app(self.dialect)

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.app, self.dialect)

    def route(self, exchange: Exchange, path: str) -> None:
        """Find the operation of an exchange before anything of the request is looked at."""
        decoded = unquote(_slashes_kept(self.dialect.route(path)), errors="replace")
        operation, args = self._routes.find(exchange.request.method, decoded)
        exchange.dialect = self.dialect
        if operation.refine is not None:
            operation = operation.refine(Call(exchange, operation, args))
        exchange.call = call = Call(exchange, operation, args)
        if operation is not UNMATCHED:
            exchange.operation = operation.name_of(call)
            exchange.writes = operation.writes


class Pages(Protocol):
    """A plain WSGI application beside the surfaces (control, console): not on any tape."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any: ...


class Worlds(Protocol):
    """Where the edge finds worlds."""

    def world(self, name: str) -> World | None: ...

    def world_of_credential(self, request: Request) -> World | None: ...


class Place(Struct, frozen=True):
    """Where a request belongs. Links in its answer begin with ``base_url``; ``path`` is the vendor's own path."""

    world: World
    surface: Surface
    base_url: str
    path: str
    by_host: bool


class Edge:
    """The way in to every world of one process.

    ``raises`` decides what becomes of a bug and of what is not simulated: True lets them out to the caller (in process:
    the user's test), False answers in native dress with an ``X-Sandbooks-…`` header (on a socket).
    """

    def __init__(self, worlds: Worlds, surfaces: Mapping[str, Surface], *, pages: Mapping[str, Pages]) -> None:
        self._worlds = worlds
        self._surfaces = surfaces
        self._pages = pages
        self._hosts = {host: surface for surface in surfaces.values() for host in surface.hosts}

    def knows_host(self, host: str) -> bool:
        """Whether a vendor host name is answered here."""
        return self._surface_of(host.lower().partition(":")[0]) is not None

    def hosts(self) -> list[str]:
        """The vendor host names answered here; ``*.example.com`` stands for any one label before the suffix."""
        return sorted(self._hosts)

    def surfaces_by_host(self) -> dict[str, str]:
        """The name of the surface behind each of ``hosts``."""
        return {host: surface.name for host, surface in self._hosts.items()}

    def _surface_of(self, host: str) -> Surface | None:
        """The surface behind a host name: by the whole name, else by the pattern with one label of any name first."""
        return self._hosts.get(host) or self._hosts.get("*." + host.partition(".")[2])

    def addressed(self, request: Request) -> str:
        """The name of the surface that a request is for; empty where it is for a page beside the surfaces."""
        by_host = self._surface_of(request.host.partition(":")[0])
        surface = by_host or self._surfaces.get(_world_and_rest(request.path)[1][1:].partition("/")[0])
        return surface.name if surface else ""

    def dispatch(
        self,
        request: Request,
        *,
        world: World | None = None,
        actor: str = "client",
        parent: int = 0,
        raises: bool = False,
    ) -> Answer:
        """Answer one request. ``world`` pins the world (interception, the hub); else the request tells."""
        place = self._locate(request, world)
        if not isinstance(place, Place):
            return place
        exchange = Exchange(
            place.world,
            0,
            place.surface.name,
            request,
            actor=actor,
            parent=parent,
            base_url=place.base_url,
            surface_by_host=place.by_host,
            came=place.world.clock.micros(),
        )
        try:
            with place.world.traffic.joined(place.surface.name, request) as exchange.beside, place.world.lock:
                error = self._played(place, exchange)
        except WorldGone:  # another process deleted it while this request waited
            return _plain(404, f"no world {place.world.name!r} any more")
        self._run_due(place.world)
        if error is not None and raises:
            raise error
        if exchange.answer is None:
            raise AssertionError("an exchange always ends with an answer")
        return exchange.answer

    def _played(self, place: Place, exchange: Exchange) -> Exception | None:
        """The whole life of an exchange, from its number to its place on the tape; call it while holding the world."""
        world = place.world
        exchange.number = world.ids.number("exchange")
        error = self._answer(place, exchange)
        if world.plan is not None:
            world.plan.closed(exchange)
        world.tape.keep(exchange)
        world.clock.tick()
        return error

    def _run_due(self, world: World) -> None:
        if world.clock.mode != "live":
            world.jobs.run_due()

    def _answer(self, place: Place, exchange: Exchange) -> Exception | None:
        """Walk the exchange through its phases; the error to raise in process, if one ended it."""
        dialect = place.surface.dialect
        try:
            place.surface.route(exchange, place.path)
            if exchange.world.plan is not None:
                exchange.world.plan.opened(exchange)
            exchange.reach("connect")
            exchange.reach("send")
            exchange.answer = _run_to_the_end(place, exchange)
            exchange.reach("render")
            exchange.reach("deliver")
        except Interrupt as interrupt:
            exchange.answer = interrupt.answer
        except NotSimulated as lack:
            exchange.not_simulated = lack.feature
            answer = dialect.absent(call_of(exchange), lack)
            exchange.answer = _marked(answer, "X-Sandbooks-Not-Simulated", lack.feature)
            return lack
        except Exception as bug:  # noqa: BLE001 - the edge is where a bug of ours becomes a native-looking 500
            exchange.bug = "".join(traceback.format_exception(bug))
            answer = dialect.broken(call_of(exchange), bug)
            exchange.answer = _marked(answer, "X-Sandbooks-Bug", type(bug).__name__)
            return bug
        return None

    def _locate(self, request: Request, pinned: World | None) -> Place | Answer:
        host = request.host.partition(":")[0]
        surface = self._surface_of(host)
        if surface is not None:
            world = pinned or self._world_meant(request, None)
            if world is None:
                return _plain(404, "there is no world to answer this")
            return Place(world, surface, f"{request.scheme}://{request.host}", request.path, by_host=True)
        return self._by_prefix(request, pinned)

    def _by_prefix(self, request: Request, pinned: World | None) -> Place | Answer:
        named, rest = _world_and_rest(request.path)
        base = f"{request.scheme}://{request.host}" + ("" if named is None else f"/w/{named}")
        first, _, tail = rest[1:].partition("/")
        surface = self._surfaces.get(first)
        if surface is None:
            return self._page(request, rest)
        world = pinned or self._world_meant(request, named)
        if world is None:
            return _plain(404, f"no world {named or DEFAULT_WORLD!r}; POST /_control/worlds makes one")
        return Place(world, surface, f"{base}/{first}", "/" + tail, by_host=False)

    def _world_meant(self, request: Request, named: str | None) -> World | None:
        """The world that the path names; else the one that issued the credential; else the default one."""
        if named is not None:
            return self._worlds.world(named)
        return self._worlds.world_of_credential(request) or self._worlds.world(DEFAULT_WORLD)

    def _page(self, request: Request, path: str) -> Answer:
        first = path[1:].partition("/")[0]
        page = self._pages.get(first) or self._pages.get("")
        if page is None:
            return _plain(404, f"nothing is served at {path}; platforms: {', '.join(sorted(self._surfaces))}")
        return call_wsgi(page, request, request.path)


def _world_and_rest(path: str) -> tuple[str | None, str]:
    """The world that a path names, if it names one, and the path within it.

    >>> _world_and_rest("/w/test/xero/connections"), _world_and_rest("/xero/connections")
    (('test', '/xero/connections'), (None, '/xero/connections'))
    """
    if not path.startswith("/w/"):
        return None, path
    name, _, tail = path[3:].partition("/")
    return name, "/" + tail


def _run_to_the_end(place: Place, exchange: Exchange) -> Answer:
    """The answer of the surface; an exchange that is held back before its commit is run again later."""
    while True:
        reached = len(exchange.reached)
        try:
            return _run(place, exchange)
        except Postponed as pause:
            del exchange.reached[reached:]
            exchange.world.advance(by=pause.by)


def _run(place: Place, exchange: Exchange) -> Answer:
    """A routed exchange goes to its operation at once: Flask's request context would cost more than all the rest.

    What no rule matches goes to the Flask application, which knows 404 from 405.
    """
    call: Call = exchange.call
    if call.operation is not UNMATCHED:
        return run(place.surface.dialect, call.operation, exchange, call.args)
    path = place.surface.dialect.route(place.path)
    return call_wsgi(place.surface.app, exchange.request, path, {ENVIRON_EXCHANGE: exchange})


def _marked(answer: Answer, name: str, value: str) -> Answer:
    if isinstance(answer, Cut):
        return answer
    plain = "".join(c if c.isascii() and c.isprintable() else "?" for c in value)  # it may quote what the client sent
    return Response(answer.status, (*answer.headers, (name, plain)), answer.body)


def _slashes_kept(path: str) -> str:
    """A raw path whose encoded slashes survive one decoding, so that they do not part segments."""
    return path.replace("%2F", "%252F").replace("%2f", "%252F")


def _no_write(data: bytes) -> None:
    raise RuntimeError(f"the old WSGI write() is not used here ({len(data)} bytes)")


def _plain(status: int, text: str) -> Response:
    return Response(status, (("Content-Type", "application/json"),), exact_json.dumps({"error": text}))


def call_wsgi(app: Pages, request: Request, path: str, extra: dict[str, Any] | None = None) -> Response:
    """Call a WSGI application with a wire request; an encoded slash in the path stays encoded."""
    place = urlsplit(request.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(_slashes_kept(path)).decode("latin-1"),
        "QUERY_STRING": place.query,
        "SERVER_NAME": place.hostname or "localhost",
        "SERVER_PORT": str(place.port or (443 if place.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": place.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **(extra or {}),
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value}" if key in environ and key.startswith("HTTP_") else value
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
        started[:] = [int(status.split(" ", 1)[0]), tuple(headers)]
        return _no_write

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    framed = () if request.method == "HEAD" else ("content-length",)
    headers = tuple((k, v) for k, v in started[1] if k.lower() not in framed)
    return Response(started[0], headers, body)
