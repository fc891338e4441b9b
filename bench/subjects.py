"""What is measured: a null Flask route, Sandbooks, moto's server and a Node peer, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.load import Shot, shot

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"

NULL_ROUTE = """
import sys
from flask import Flask, jsonify
from waitress import serve
app = Flask("null")
DOCUMENT = {"id": "1", "lines": [{"text": "x" * 120, "amount": 10.5, "account": "400"} for _ in range(5)]}
@app.get("/")
def null():
    return jsonify(DOCUMENT)
serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4, _quiet=True)
"""


@dataclass(frozen=True)
class Subject:
    """One thing that is measured, and the request that measures it."""

    name: str
    target: Shot


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], port: int, *, cwd: Path = ROOT) -> Iterator[float]:
    """A server process, up until the end of the context; gives the seconds from start to first connection."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if child.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.005)
        yield time.perf_counter() - begun
    finally:
        child.terminate()
        child.wait()


@contextlib.contextmanager
def null_route() -> Iterator[list[Subject]]:
    """The yardstick: ``jsonify`` of a 1 kB document under the server that Sandbooks uses."""
    port = free_port()
    with process([sys.executable, "-c", NULL_ROUTE, str(port)], port):
        yield [Subject("null Flask route", shot("GET", f"http://127.0.0.1:{port}/", {}))]


@contextlib.contextmanager
def sandbooks(platforms: tuple[str, ...]) -> Iterator[list[Subject]]:
    """One native read and one native write on each platform, through a running server."""
    import requests

    from bench.platforms import shots_of

    port = free_port()
    command = [sys.executable, "-m", "sandbooks", "serve", "--port", str(port), "--limits", "off"]
    for platform in platforms:
        command += ["--platform", platform]
    with process(command, port):
        base = f"http://127.0.0.1:{port}"
        listed = requests.get(f"{base}/_control/worlds/default/companies", timeout=10).json()
        companies = {c["platform"]: c for c in listed}
        yield [subject for platform in platforms for subject in shots_of(companies[platform])]


@contextlib.contextmanager
def moto() -> Iterator[list[Subject]]:
    """moto's server: DynamoDB PutItem of a 1 kB document."""
    folder = BUILD / "moto"
    if not (folder / "bin" / "moto_server").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "moto[server,dynamodb]", "boto3"]
        subprocess.run(pip, check=True)
    port = free_port()
    with process([str(folder / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port):
        url = f"http://127.0.0.1:{port}/"
        _dynamodb(url, "CreateTable", _TABLE)
        item = {"TableName": "t", "Item": {"id": {"S": "1"}, "text": {"S": "x" * 900}}}
        yield [Subject("moto write", shot("POST", url, _aws("PutItem"), json.dumps(item).encode()))]


_TABLE = {
    "TableName": "t",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def _aws(operation: str) -> dict[str, str]:
    return {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/dynamodb/aws4_request, Signature=s",
    }


def _dynamodb(url: str, operation: str, body: object) -> None:
    import requests

    requests.post(url, headers=_aws(operation), data=json.dumps(body), timeout=30).raise_for_status()


@contextlib.contextmanager
def node_peer() -> Iterator[list[Subject]]:
    """json-server: a Node server with a JSON file behind it. Without npm there is nothing to measure."""
    npm = shutil.which("npm")
    if npm is None:
        yield []
        return
    folder = BUILD / "node"
    script = folder / "node_modules" / ".bin" / "json-server"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--prefix", str(folder), "json-server@0.17.4"], check=True)
    data = folder / "db.json"
    data.write_text(json.dumps({"items": [{"id": 1, "text": "x" * 900}]}))
    port = free_port()
    command = [str(script), "--quiet", "--host", "127.0.0.1", "--port", str(port), str(data)]
    with process(command, port, cwd=folder):
        base = f"http://127.0.0.1:{port}/items"
        body = json.dumps({"text": "x" * 900}).encode()
        yield [
            Subject("json-server read", shot("GET", f"{base}/1", {})),
            Subject("json-server write", shot("POST", base, {"Content-Type": "application/json"}, body)),
        ]


def pinned() -> str:
    """Where this ran, in one line."""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} cores"
