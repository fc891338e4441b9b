"""``sandbooks serve``: every platform and the hub on one port, until interrupted."""

from __future__ import annotations

import gc
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sandbooks.app import App
    from sandbooks.edge import Edge
    from sandbooks.wire import Answer, Request
    from sandbooks.world import World

DEFAULT_PORT = 8787
HUB = "codat"
PORT = click.IntRange(0, 65535)

READING = ("serve", "reading")  # kept while the hub has not read everything that it reads first

T = TypeVar("T")


@click.command()
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Worlds and companies (YAML)."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=DEFAULT_PORT, show_default=True, help="Port; 0 takes a free one.")
@click.option("--db", "db", default="", help="Keep worlds in this file (path or sqlite:///path) or postgresql://…")
@click.option("--workers", default=1, show_default=True, help="Server processes on the port; more need postgresql://.")
@click.option("--leave-jobs", is_flag=True, help="Leave syncs and webhooks of live worlds to `sandbooks worker`.")
@click.option("--seed", default=1, show_default=True, help="Ids, names and chance follow from it.")
@click.option("--clock", "clock", default="live", show_default=True, help="live, stepped, frozen@ISO or stepped@ISO.")
@click.option("--limits", type=click.Choice(["real", "off"]), default="real", show_default=True, help="Request quotas.")
@click.option("--control-token", default="", help="Admits control from other machines.")
@click.option("--platform", "only", multiple=True, help="Open demo companies on these platforms only.")
@click.option("--tls-port", type=PORT, help="TLS for vendor host names that resolve to this machine.")
@click.option("--proxy-port", type=PORT, help="An HTTPS proxy; its user name chooses the world.")
@click.option(
    "--ca",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Answer under vendor host names too; the certificate to trust is written here, else where the start says.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the companies as one JSON line.")
def serve(
    config: Path | None,
    host: str,
    port: int,
    db: str,
    workers: int,
    leave_jobs: bool,
    seed: int,
    clock: str,
    limits: str,
    control_token: str,
    only: tuple[str, ...],
    tls_port: int | None,
    proxy_port: int | None,
    ca: Path | None,
    as_json: bool,
) -> None:
    """Serve every platform and the hub on one port.

    The world `default` has one demo company per platform and a hub company connected to each; more worlds come from
    POST /_control/worlds or a config file. Not affiliated with the vendors.
    """
    from sandbooks.app import App
    from sandbooks.cli.shared import Serving, is_shared, serve_shared
    from sandbooks.serving import Server
    from sandbooks.world.ticker import run_out

    asked = fronts_asked(ca, tls_port, proxy_port)
    check_beginning(clock, only)
    if is_shared(db, workers=workers, leaves_jobs=leave_jobs):
        serve_shared(
            Serving(
                db,
                host,
                port,
                workers=workers,
                leave_jobs=leave_jobs,
                seed=seed,
                clock=clock,
                limits=limits,
                control_token=control_token,
                only=only,
                config=config,
                front=asked,
                as_json=as_json,
            )
        )
        return
    app = App(control_token=control_token, raises=False, file=Path(db.removeprefix("sqlite:///")) if db else None)
    app.send_out = _post
    world = _default(app, seed)
    gate = Gate(app.edge)
    server = _listening(lambda: Server(gate, host, port), host, port).start()
    try:
        with _uncollected():
            begin(app, world, clock=clock, only=only, awaited=False)
            if limits == "off":
                world.put("settings", "limits", "off")
            if config:
                open_worlds(app, config)
            gate.open()
            front = _fronted(app, asked, host) if asked else {}
            _announce(world, server.url, as_json=as_json, front=front)
            if world.get(*READING):
                run_out(world)
                world.put(*READING, None)
        gate.open_hub()
        _run(app, lambda text: click.echo(text, err=True))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    finally:
        server.stop()
        app.close()


def check_beginning(clock: str, only: tuple[str, ...]) -> None:
    """Raises ``UsageError`` for a clock or a platform that there is not, before anything is opened."""
    from sandbooks.platform import platform_named
    from sandbooks.world import parse_instant, within_reach

    mode, _, at = clock.partition("@")
    if mode not in ("live", "stepped", "frozen"):
        raise click.UsageError(f"--clock {clock!r}: write live, stepped, frozen@2026-03-28T17:40:00 or stepped@…")
    try:
        if at:
            within_reach(parse_instant(at))
    except ValueError as error:
        raise click.UsageError(f"--clock {clock!r}: {error}") from error
    try:
        for name in only:
            platform_named(name)
    except LookupError as error:
        raise click.UsageError(f"--platform: {error.args[0]}") from error


def _default(app: App, seed: int) -> World:
    """The default world, in memory or in its file; the worlds in files beside it are opened as well."""
    from sandbooks.storage import StoreUnreadable

    try:
        world = app.create_world(seed=seed)
    except StoreUnreadable as error:
        raise click.ClickException(f"--db: {error}") from error
    for refused in app.open_others():
        click.echo(f"left alone: {refused}", err=True)
    return world


def _listening(opened: Callable[[], T], host: str, port: int | None) -> T:
    """What listens on an address; ends the command where that cannot be had."""
    try:
        return opened()
    except OSError as error:
        where = f"{host}:{port}" if port is not None else host
        raise click.ClickException(f"cannot listen on {where}: {error.strerror or error}") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile, nor of what was made meanwhile: code, routes and tables, which stay.

    A fifth of the start went into looking for garbage among them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def fronts_asked(
    ca: Path | None, tls_port: int | None, proxy_port: int | None
) -> tuple[Path, int | None, int | None] | None:
    """Where vendor host names are to be answered, if anywhere: a place for the certificate, TLS port, proxy port."""
    if ca is None and tls_port is None and proxy_port is None:
        return None
    if ca is None:
        ca = Path(tempfile.mkdtemp(prefix="sandbooks-")) / "ca.pem"
    return ca, tls_port, proxy_port


def _fronted(app: App, asked: tuple[Path, int | None, int | None], host: str) -> dict[str, Any]:
    """Listen under vendor host names, on the ports that are given, on free ports if none is; what to tell of it."""
    from sandbooks.cli.fronts import open_front

    ca, tls_port, proxy_port = asked
    if tls_port is None and proxy_port is None:
        tls_port = proxy_port = 0
    try:
        ca.touch()
    except OSError as error:
        raise click.ClickException(f"--ca {ca}: {error.strerror}") from error
    front = _listening(
        lambda: open_front(app, ca, host=host, tls_port=tls_port, proxy_port=proxy_port),
        host,
        tls_port or proxy_port,
    )
    return {"tls_port": front.tls_port, "proxy_port": front.proxy_port, "ca": str(ca)}


def _run(app: App, report: Callable[[str], None]) -> None:
    """Let live worlds run until interrupted."""
    from sandbooks.world.ticker import Ticker

    ticker = Ticker(app.worlds, report=report)
    ticker.start()
    try:
        threading.Event().wait()
    finally:
        ticker.stop()


class Gate:
    """Lets each request through as soon as what it asks for is there: a start is quick to show itself.

    Health is there at once, everything else when the worlds stand; the hub when it has read the companies' lists.
    """

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._open, self._hub_open = threading.Event(), threading.Event()

    def open(self) -> None:
        """The worlds stand."""
        self._open.set()

    def open_hub(self) -> None:
        """The hub has read what it shows."""
        self._hub_open.set()

    def __call__(self, request: Request) -> Answer:
        if request.path != "/_control/health":
            self._open.wait()
        if not self._hub_open.is_set() and self._edge.addressed(request) == HUB:
            self._hub_open.wait()
        return self._edge.dispatch(request)


def begin(app: App, world: World, *, clock: str, only: tuple[str, ...], awaited: bool = True) -> None:
    """Set the clock and open the demo companies, unless the world has companies already.

    They are opened in a draft, so that a world is empty or whole: a start that is killed leaves the work to the next.
    In a live world that is not ``awaited``, what the hub reads first is left to jobs that are due at once.
    """
    from sandbooks.control.worlds import CREATION, set_clock
    from sandbooks.kit.company import companies

    mode, _, at = clock.partition("@")
    if companies(world):
        return
    draft = app.draft_world(world.name, seed=world.seed)
    set_clock(
        draft,
        {"mode": mode, **({"now": at} if at else {})} if at or mode != "live" else {"mode": "live", "now": _now()},
    )
    awaited = awaited or mode != "live"
    open_demo(draft, only, awaited=awaited)
    if not awaited:
        draft.put(*READING, True)
    app.put_world(world, draft, snapshot=CREATION)


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat()  # noqa: TID251 - a live world begins at the wall clock


def open_demo(world: World, only: tuple[str, ...] = (), *, awaited: bool = True) -> None:
    """One demo company per platform and a hub company connected to each."""
    from sandbooks.control.companies import open_company, open_hub_company, plan_of
    from sandbooks.platform import platform_named, platforms

    chosen = [platform_named(name) for name in only] or list(platforms().values())
    for platform in chosen:
        plan = plan_of(world, platform.name, name=f"Demo {platform.title}", country="GB", demo=True)
        opened = open_company(world, platform.name, plan)
        if platform.connector:
            open_hub_company(world, opened.company, awaited=awaited)


def open_worlds(app: App, config: Path) -> None:
    """The worlds of a file; those that stand since an earlier start stay as they are."""
    from sandbooks.cli.config import configured_worlds, open_configured
    from sandbooks.world.files import DEFAULT_WORLD

    standing = {world.name for world in app.worlds()} - {DEFAULT_WORLD}
    for wanted in configured_worlds(config):
        if wanted["name"] not in standing:
            open_configured(app, wanted, config)


def _announce(world: World, url: str, *, as_json: bool, front: dict[str, Any]) -> None:
    from sandbooks import exact_json
    from sandbooks.control.companies import list_companies
    from sandbooks.control.variables import short_lines

    listed = list_companies(world, url)
    if as_json:
        click.echo(exact_json.dumps({"url": url, **front, "companies": listed}))
        return
    click.echo(f"Sandbooks on {url}, seed {world.seed}. Not affiliated with the vendors.")
    for company in listed:
        click.echo(f"\n{company['platform']}  {company['name']}  {company['company_id']}\n  {company['base_url']}")
        for line in short_lines(company["environment"]):
            click.echo(f"  {line}")
    tell_front(front)
    click.echo(f"\nControl: {url}/_control/health   stop with Ctrl-C")


def tell_front(front: dict[str, Any]) -> None:
    """Say where vendor host names are answered, if anywhere."""
    if front:
        click.echo(
            f"\nVendor host names: TLS port {front['tls_port'] or 'none'}, proxy port {front['proxy_port'] or 'none'}"
        )
        click.echo(f"  certificate to trust: {front['ca']}")


def _post(request: Any) -> Any:
    """Deliver a webhook over the network."""
    import requests

    from sandbooks.wire import Cut, Response

    try:
        answer = requests.post(request.url, data=request.body, headers=dict(request.headers), timeout=15)
    except requests.Timeout:
        return Cut("timeout")
    except requests.RequestException:
        return Cut("refused")
    return Response(answer.status_code, tuple(answer.headers.items()), answer.content)
