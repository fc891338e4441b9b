"""Unmodified vendor SDKs, each in an environment of its own. They come last: the environments are made meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.clients.environments import ENVIRONMENTS, ROOT, python_with

HERE = Path(__file__).resolve().parent
# oauthlib: plain http is fine on loopback, and scopes add up over the consents of one application as they do at Xero.
LOOPBACK = {"OAUTHLIB_INSECURE_TRANSPORT": "1", "OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
MAKING: pytest.StashKey[subprocess.Popen[bytes]] = pytest.StashKey()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the clients last, and let one process make their environments until then."""
    own = [item for item in items if HERE in item.path.parents]
    if not own:
        return
    items[:] = [item for item in items if HERE not in item.path.parents] + own
    first = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    if first and len(own) > 1 and not config.option.collectonly:
        config.stash[MAKING] = _made_meanwhile()


def _made_meanwhile() -> subprocess.Popen[bytes]:
    from tests.clients.test_clients import ALL_REQUIREMENTS

    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    asked = ENVIRONMENTS / "asked.json"
    asked.write_text(json.dumps([{"requirements": r, "simulator": s} for r, s in ALL_REQUIREMENTS]))
    command = [sys.executable, str(HERE / "environments.py"), str(asked)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever makes environments is done, or gives up with the tests."""
    making = config.stash.get(MAKING, None)
    if making is not None:
        with suppress(ProcessLookupError):
            os.killpg(making.pid, signal.SIGTERM)  # what it has begun ends with it
        making.wait()


@pytest.fixture(scope="module")
def companies() -> Iterator[dict[str, Any]]:
    """The companies of a server that was started as a user would start it."""
    command = [sys.executable, "-m", "sandbooks", "serve", "--port", "0", "--json", "--limits", "off"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        listed: dict[str, Any] = {}
        for company in told["companies"]:
            connected = company.get("connected_to", {}).get("platform", "quickbooks_online")
            if connected == "quickbooks_online":
                listed.setdefault(company["platform"], company)
        yield listed
        server.terminate()


@pytest.fixture
def run_client() -> Callable[..., str]:
    """Run a client script in its own environment; gives what it printed."""

    def run(requirements: tuple[str, ...], script: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "PYTEST"))}
        done = subprocess.run(
            [str(python_with(requirements)), str(ROOT / "tests" / "clients" / script), *arguments],
            capture_output=True,
            text=True,
            timeout=300,
            cwd=ROOT,
            env={**surroundings, **LOOPBACK, **(env or {})},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, f"{script} failed\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture
def run_executed() -> Callable[..., str]:
    """Run a client script under `sandbooks exec`; its environment need not know anything of the simulator."""

    def run(requirements: tuple[str, ...], script: str, *platforms: str, simulator: bool = False) -> str:
        only = [text for platform in platforms for text in ("--platform", platform)]
        client = [str(python_with(requirements, simulator=simulator)), str(ROOT / "tests" / "clients" / script)]
        done = subprocess.run(
            [sys.executable, "-m", "sandbooks", "exec", "--limits", "off", *only, "--", *client],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "simulator")},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, f"{script} failed\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run
