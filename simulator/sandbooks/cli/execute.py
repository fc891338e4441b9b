"""``sandbooks exec -- COMMAND``: a program in any language, its calls to vendor hosts answered here."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from sandbooks.cli.serve import _post, begin, check_beginning

if TYPE_CHECKING:
    from sandbooks.app import App
    from sandbooks.front import Front

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.option("--seed", default=1, show_default=True, help="Ids, names and chance follow from it.")
@click.option("--clock", default="live", show_default=True, help="live, stepped, frozen@ISO or stepped@ISO.")
@click.option("--platform", "only", multiple=True, help="Open demo companies on these platforms only.")
@click.option("--allow", "allowed", multiple=True, metavar="HOST", help="A host that COMMAND may reach directly.")
@click.option("--limits", type=click.Choice(["real", "off"]), default="real", show_default=True, help="Request quotas.")
@click.option("--tape", type=click.Path(dir_okay=False, path_type=Path), help="Write the HTTP archive of the run here.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(
    seed: int,
    clock: str,
    only: tuple[str, ...],
    allowed: tuple[str, ...],
    limits: str,
    tape: Path | None,
    command: tuple[str, ...],
) -> None:
    """Run COMMAND with connections to emulated vendor hosts ending here; other hosts are refused by name.

    Certificates, proxy variables and preloads for Node and Python are set for the command alone, and so are the
    credentials of the demo companies. Ends with the exit code of the command.

    \b
    sandbooks exec -- npm test
    sandbooks exec --clock stepped@2026-03-28T17:40:00Z -- python export.py
    """
    from sandbooks.app import App
    from sandbooks.serving import Server
    from sandbooks.world.ticker import Ticker

    check_beginning(clock, only)
    app = App(raises=False)
    app.send_out = _post
    world = app.create_world(seed=seed)
    begin(app, world, clock=clock, only=only)
    if limits == "off":
        world.put("settings", "limits", "off")
    ticker = Ticker(app.worlds, report=lambda text: click.echo(text, err=True))
    ticker.start()
    with tempfile.TemporaryDirectory() as folder, Server(app.edge.dispatch) as server:
        front, variables = fronted(app, Path(folder), server.url, allowed=allowed)
        try:
            code = _run(command, variables)
        except FileNotFoundError as error:
            raise click.UsageError(f"there is no command {command[0]!r}") from error
        finally:
            front.close()
            ticker.stop()
        if tape:
            _write_tape(app, tape)
    app.close()
    raise SystemExit(code)


def _run(command: tuple[str, ...], variables: dict[str, str]) -> int:
    """The command's exit code, as a shell tells it.

    Who ends this process, as a host of MCP servers does, ends the command. Raises FileNotFoundError when there is none.
    """
    with subprocess.Popen(command, env={**os.environ, **variables}) as running:  # noqa: S603 - the user's own

        def end(number: int, frame: FrameType | None) -> None:
            running.terminate()

        before = signal.signal(signal.SIGTERM, end)
        code = running.wait()
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code


def fronted(app: App, folder: Path, url: str, *, allowed: Iterable[str] = ()) -> tuple[Front, dict[str, str]]:
    """A front for an app, and the variables that lead a process through it."""
    from sandbooks.cli.fronts import open_front
    from sandbooks.control.companies import list_companies

    hosts = app.edge.hosts()
    certificate = folder / "sandbooks-ca.pem"
    front = open_front(app, certificate)
    preloads = {"node": folder / "preload.cjs", "python": folder / "python" / "sitecustomize.py"}
    for preload in preloads.values():
        preload.parent.mkdir(exist_ok=True)
        source = resources.files("sandbooks.front") / f"preload{preload.suffix}"
        preload.write_bytes(source.read_bytes())
    world = app.worlds()[0]
    variables: dict[str, str] = {}
    for company in list_companies(world, url):
        variables |= {name: value for name, value in company["environment"].items() if not name.endswith("_URL")}
    return front, variables | _leading(front, certificate, preloads, hosts=hosts, direct=[*LOOPBACK, *allowed]) | {
        "SANDBOOKS_URL": url,
        "SANDBOOKS_AT": url,
    }


def _leading(
    front: Front, certificate: Path, preloads: Mapping[str, Path], *, hosts: list[str], direct: list[str]
) -> dict[str, str]:
    """What makes the common clients of each language trust the authority and go through the proxy."""
    proxy = f"http://127.0.0.1:{front.proxy_port}"
    trusted = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE")
    proxies = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    options = f"{os.environ.get('NODE_OPTIONS', '')} --require {preloads['node']}".strip()
    modules = [str(preloads["python"].parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **dict.fromkeys(trusted, str(certificate)),
        **dict.fromkeys(proxies, proxy),
        "NO_PROXY": ",".join(direct),
        "no_proxy": ",".join(direct),
        "NODE_OPTIONS": options,
        "PYTHONPATH": os.pathsep.join(modules),
        "SANDBOOKS_FRONT_CA": str(certificate),
        "SANDBOOKS_FRONT_TLS_PORT": str(front.tls_port),
        "SANDBOOKS_FRONT_HOSTS": ",".join(hosts),
    }


def _write_tape(app: App, file: Path) -> None:
    from sandbooks import exact_json
    from sandbooks.recording import har

    file.write_bytes(exact_json.dumps(har(app.worlds()[0].tape.entries())))
