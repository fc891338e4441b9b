"""Runs a client script in this process with its connections intercepted: vendor URLs, no socket.

Usage: intercepted.py PLATFORM SCRIPT VENDOR_BASE_URL (credentials come from a fresh company)
"""

from __future__ import annotations

import json
import runpy
import sys
import tempfile
from pathlib import Path

from books import VENDOR, connected

from sandbooks import Sandbox


def main(platform: str, script: str, base_url: str, form: str) -> None:
    """A company, its credentials in the form that the script takes, and the script."""
    with Sandbox(seed=11, clock="2026-03-18T09:00:00 Europe/London", network="refuse") as sandbox:
        sandbox.world.put("settings", "limits", "off")
        acme = sandbox.company("quickbooks_online" if platform == "codat" else platform, country="GB", demo=True)
        credentials = acme.credentials
        if platform == "codat":
            behind = connected(VENDOR, acme.credentials)
            credentials = {**sandbox.hub(acme).credentials, "books": behind}
        with tempfile.TemporaryDirectory() as folder, sandbox.client_time(), sandbox.intercept() as interception:
            file = Path(folder) / "credentials.json"
            file.write_text(json.dumps(credentials))
            sys.argv = [script, base_url, str(file) if form == "file" else json.dumps(credentials)]
            runpy.run_path(script, run_name="__main__")
            assert interception.network_exchanges == []
        acme.audit()


if __name__ == "__main__":
    main(*sys.argv[1:])
