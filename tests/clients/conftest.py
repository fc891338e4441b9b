"""Unmodified vendor SDKs, each in an environment of its own under build/clients.

The SDKs pin what each other forbids, so none of them is a development dependency. An environment is made once, from
exact versions, and is kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / "build" / "clients"
# oauthlib: plain http is fine on loopback, and scopes add up over the consents of one application as they do at Xero.
LOOPBACK = {"OAUTHLIB_INSECURE_TRANSPORT": "1", "OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}


def _python(requirements: tuple[str, ...], *, simulator: bool = True) -> Path:
    """The interpreter of an environment that holds exactly these requirements, and the simulator unless told."""
    folder = ENVIRONMENTS / requirements[0].replace("=", "")
    python = folder / "bin" / "python"
    done = folder / "installed.json"
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes run side by side; one of them makes the environment
        if done.exists() and json.loads(done.read_text()) == list(requirements):
            return python
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "-qqq", "--disable-pip-version-check"]
        own = ("--editable", str(ROOT)) if simulator else ()
        subprocess.run([*command, *requirements, *own], check=True, stdin=subprocess.DEVNULL)
        done.write_text(json.dumps(list(requirements)))
    return python


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
            [str(_python(requirements)), str(ROOT / "tests" / "clients" / script), *arguments],
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
    """Run a client script under `sandbooks exec`, in an environment that knows nothing of the simulator."""

    def run(requirements: tuple[str, ...], script: str, *platforms: str) -> str:
        only = [text for platform in platforms for text in ("--platform", platform)]
        client = [str(_python(requirements, simulator=False)), str(ROOT / "tests" / "clients" / script)]
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
