"""tap-xero, unmodified: every stream of an organisation, read by a program that takes no base URL.

Runs under `sandbooks exec`. The tap sends prepared requests through a session of requests, which leaves the certificate
variables of its environment aside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

TAP = Path(sys.executable).with_name("tap-xero")


def tap(*arguments: str) -> list[str]:
    """The lines that the tap prints."""
    done = subprocess.run([str(TAP), *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def main(folder: Path) -> None:
    """Discovery, then all streams."""
    names = ("client_id", "client_secret", "tenant_id", "refresh_token")
    config, catalog = folder / "config.json", folder / "catalog.json"
    settings = {name: os.environ[f"XERO_{name.upper()}"] for name in names}
    config.write_text(json.dumps({"start_date": "2020-01-01T00:00:00Z", **settings}))
    found = json.loads("\n".join(tap("--config", str(config), "--discover")))
    print(f"ok discovery: {len(found['streams'])} streams")
    for stream in found["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = True
    catalog.write_text(json.dumps(found))
    messages = [json.loads(line) for line in tap("--config", str(config), "--catalog", str(catalog))]
    assert {m["stream"] for m in messages if m["type"] == "SCHEMA"} == {s["tap_stream_id"] for s in found["streams"]}
    read = Counter(message["stream"] for message in messages if message["type"] == "RECORD")
    assert min(read[name] for name in ("accounts", "contacts", "tax_rates", "organisations")) > 0, read
    print(f"ok sync: {sum(read.values())} records")
    assert json.loads(config.read_text())["refresh_token"] != settings["refresh_token"]
    print("ok the refreshed token was kept")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
