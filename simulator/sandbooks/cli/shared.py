"""``sandbooks serve`` over a shared database: one or several processes that answer on one port.

The parent binds the port, opens the worlds and starts the processes; they inherit the listening socket, and whoever is
free takes the next connection. The parent serves nothing itself: it starts a process again that ended, and ends them
all when it is asked to. They end by themselves when it was killed.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from sandbooks.cli.database import database_of, is_database

if TYPE_CHECKING:
    from sandbooks.app import App
    from sandbooks.world import World


RESTART_SECONDS = 0.2


class Serving(Struct, frozen=True):
    """What was asked for on the command line. ``front``: where its certificate is written, TLS port, proxy port."""

    db: str
    host: str
    port: int
    workers: int
    leave_jobs: bool
    seed: int
    clock: str
    limits: str
    control_token: str
    only: tuple[str, ...]
    config: Path | None
    front: tuple[Path, int | None, int | None] | None
    as_json: bool


def is_shared(db: str, *, workers: int, leaves_jobs: bool) -> bool:
    """Whether the worlds are in a shared database. Raises ``UsageError`` for what only such a database allows."""
    if workers < 1:
        raise click.UsageError(f"--workers {workers}: at least one process serves")
    if is_database(db):
        return True
    if "://" in db and not db.startswith("sqlite:///"):
        raise click.UsageError(f"--db {db}: give a path, sqlite:///path or postgresql://…")
    place = f"the file {db}" if db else "memory"
    if workers > 1:
        text = f"--workers {workers}: a world in {place} belongs to one process; more need --db postgresql://…"
        raise click.UsageError(text)
    if leaves_jobs:
        raise click.UsageError(
            f"--leave-jobs: no other process can work on a world in {place}; use --db postgresql://…"
        )
    return False


def serve_shared(serving: Serving) -> None:
    """Serve until interrupted."""
    if serving.workers > 1 and serving.front is not None:
        raise click.UsageError(
            "--ca, --tls-port, --proxy-port: a listener under vendor host names is one process; use --workers 1"
        )
    if serving.workers > 1 and not hasattr(os, "fork"):
        raise click.UsageError(f"--workers {serving.workers}: this operating system cannot hand a port to processes")
    with _bound(serving) as listening:
        told = _open_worlds(serving, _url(listening))
        if serving.workers == 1:
            _serve(serving, listening, told)
        else:
            _Processes(serving, listening).run(told)


def _bound(serving: Serving) -> socket.socket:
    from sandbooks.serving import bound

    try:
        return bound(serving.host, serving.port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {serving.host}:{serving.port}: {error.strerror}") from error


def _url(listening: socket.socket) -> str:
    from sandbooks.framing import origin_of

    host, port = listening.getsockname()[:2]
    return origin_of("http", {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104 - not bound to


def _app(serving: Serving) -> App:
    from sandbooks.app import App
    from sandbooks.cli.serve import _post

    app = App(control_token=serving.control_token, raises=False, database=database_of(serving.db))
    app.send_out = _post
    return app


# The worlds


def _open_worlds(serving: Serving, url: str) -> dict[str, Any]:
    """Make the worlds that do not stand yet; what is told of the default one. Nothing stays open."""
    from sandbooks.cli.serve import _uncollected, begin, open_worlds
    from sandbooks.control.companies import list_companies

    app = _app(serving)
    try:
        with _uncollected():
            world = _default(app, serving.seed)
            with world.lock:  # a second server that starts now waits, and finds the companies
                begin(app, world, clock=serving.clock, only=serving.only)
                if serving.limits == "off":
                    world.put("settings", "limits", "off")
        if serving.config:
            open_worlds(app, serving.config)
        return {"url": url, "seed": world.seed, "companies": list_companies(world, url)}
    finally:
        app.close()


def _default(app: App, seed: int) -> World:
    from sandbooks.world.files import DEFAULT_WORLD

    world = app.world(DEFAULT_WORLD)
    while world is None:
        try:
            world = app.create_world(seed=seed)
        except ValueError:  # another server made it in the meantime
            world = app.world(DEFAULT_WORLD)
    return world


def _announce(serving: Serving, told: dict[str, Any], *, front: dict[str, Any]) -> None:
    from sandbooks import exact_json
    from sandbooks.cli.serve import tell_front
    from sandbooks.control.variables import short_lines

    if serving.as_json:
        click.echo(exact_json.dumps({"url": told["url"], **front, "companies": told["companies"]}))
        return
    click.echo(f"Sandbooks on {told['url']}, seed {told['seed']}, {serving.workers} process(es) over one database.")
    click.echo("Not affiliated with the vendors.")
    for company in told["companies"]:
        click.echo(f"\n{company['platform']}  {company['name']}  {company['company_id']}\n  {company['base_url']}")
        for line in short_lines(company["environment"]):
            click.echo(f"  {line}")
    tell_front(front)
    click.echo(f"\nControl: {told['url']}/_control/health   stop with Ctrl-C")


# One process


def _serve(serving: Serving, listening: socket.socket, told: dict[str, Any]) -> None:
    """Answer in this process until it is asked to end."""
    with _answering(serving, listening) as app:
        front: dict[str, Any] = {}
        if serving.front is not None:
            from sandbooks.cli.serve import _fronted

            front = _fronted(app, serving.front, serving.host)
        _announce(serving, told, front=front)
        _until_asked(serving, app)


@contextmanager
def _answering(serving: Serving, listening: socket.socket) -> Iterator[App]:
    from sandbooks.serving import Server

    app = _app(serving)
    server = Server(app.edge.dispatch, shared=listening.dup()).start()
    try:
        yield app
    finally:
        server.stop()
        app.close()


def _until_asked(serving: Serving, app: App) -> None:
    from sandbooks.cli.worker import run_jobs, wait_for_end

    if serving.leave_jobs:
        wait_for_end()
    else:
        run_jobs(app)


# Several processes


class _Processes:
    """The server processes of one port."""

    def __init__(self, serving: Serving, listening: socket.socket) -> None:
        self._serving = serving
        self._listening = listening
        self._running: set[int] = set()
        self._alive, self._held = os.pipe()  # the children see its end when the parent is gone
        self._ending = False
        self._pause = threading.Event()

    def run(self, told: dict[str, Any]) -> None:
        """Start the processes, tell, and keep as many running until asked to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for _ in range(self._serving.workers):
            self._start()
        _announce(self._serving, told, front={})
        while self._running:
            ended, status = os.wait()
            self._running.discard(ended)
            if not self._ending:
                click.echo(f"server process {ended} ended ({status}); another takes its place", err=True)
                self._pause.wait(RESTART_SECONDS)
            if not self._ending:
                self._start()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True
        self._pause.set()
        for process in self._running:
            os.kill(process, signal.SIGTERM)

    def _start(self) -> None:
        process = os.fork()
        if process:
            self._running.add(process)
            return
        status = 1
        try:
            self._serve()
            status = 0
        except BaseException:  # noqa: BLE001 - nothing of the parent's may run in a child, whatever ended it
            traceback.print_exc()
        finally:
            os._exit(status)

    def _serve(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.close(self._held)
        threading.Thread(target=self._end_with_parent, daemon=True).start()
        with _answering(self._serving, self._listening) as app:
            _until_asked(self._serving, app)

    def _end_with_parent(self) -> None:
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)
