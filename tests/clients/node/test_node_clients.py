"""SDKs for Node, unmodified: over a socket with only the base URL changed, or below the vendor's own address.

Collected only on a machine with npm (see ``conftest.py``): the SDKs are installed once, in exact versions, under
build/clients/node.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.cannot import differing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FOLDER = ROOT / "build" / "clients" / "node"
HELPER = "steps.js"

# The package and the script of each platform.
SCRIPTS = {
    "quickbooks_online": ("node-quickbooks", "quickbooks_online_client.js"),
    "xero": ("xero-node", "xero_client.js"),
    "codat": ("@codat/platform", "codat_platform_client.mjs"),
}

# Takes only addresses of the vendor's own domain, so it runs under `sandbooks exec`.
EXECUTED = ("@intacct/intacct-sdk", "sage_intacct_client.js")

# An MCP host, which starts a server under `sandbooks exec`.
HOST = ("@xeroapi/xero-mcp-server", "xero_mcp_client.mjs")

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def node_folder() -> Path:
    """A folder that holds the scripts beside the SDKs that they require."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes run side by side; one of them installs
        done = FOLDER / "installed.json"
        if not done.exists() or done.read_text() != wanted:
            shutil.copy(HERE / "package.json", FOLDER)
            command = [str(shutil.which("npm")), "install", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(command, cwd=FOLDER, check=True, stdin=subprocess.DEVNULL)
            done.write_text(wanted)
        for _, script in (*SCRIPTS.values(), EXECUTED, HOST):
            shutil.copy(HERE / script, FOLDER)
        shutil.copy(HERE / HELPER, FOLDER)
    return FOLDER


@pytest.mark.parametrize("platform", SCRIPTS)
def test_an_unmodified_node_client_works_over_a_socket(
    platform: str, node_folder: Path, companies: dict[str, Any], tmp_path: Path
) -> None:
    company = companies[platform]
    package, script = SCRIPTS[platform]
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({**company["credentials"], "company_id": company["company_id"]}))
    done = subprocess.run(
        [str(shutil.which("node")), script, company["base_url"], str(file)],
        cwd=node_folder,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert differing(done.stdout, [package]) == []


def test_the_intacct_sdk_for_node_works_as_it_is_at_the_vendors_address(node_folder: Path) -> None:
    sandbooks = [sys.executable, "-m", "sandbooks", "exec", "--platform", "sage_intacct", "--"]
    done = subprocess.run(
        [*sandbooks, str(shutil.which("node")), EXECUTED[1]],
        cwd=node_folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "simulator")},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert differing(done.stdout, [EXECUTED[0]]) == []


def test_the_mcp_server_of_xero_works_as_it_is_under_a_host(node_folder: Path) -> None:
    sandbooks = [sys.executable, "-m", "sandbooks", "exec", "--limits", "off", "--platform", "xero"]
    done = subprocess.run(
        [str(shutil.which("node")), HOST[1], *sandbooks],
        cwd=node_folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "simulator")},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert differing(done.stdout, [HOST[0]]) == []
