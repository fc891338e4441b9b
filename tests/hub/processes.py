"""Real processes of ``sandbooks`` over one database, one of which dies at a chosen step, and a client of theirs."""

from __future__ import annotations

import base64
import fcntl
import http.server
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import requests

from sandbooks import capabilities

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.005
COUNTER = struct.Struct("<QQ")
TABLES = capabilities.load()
JOBS = "SELECT count(*) FROM {}jobs WHERE state <> 'failed'"
NO_ANSWER = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def until(found: Callable[[], Any], *, what: str) -> Any:
    """What is found in the end."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"in vain: {what}")


class Nursery:
    """Where processes begin whose steps are counted."""

    def __init__(self, folder: Path, *platforms: str, kinds: str = "every") -> None:
        self.folder = folder
        (folder / "steps").write_bytes(COUNTER.pack(0, 0))
        env = {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("killing_nursery.py")), str(folder), kinds, *platforms],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def begin(self, name: str, *arguments: str) -> int:
        """Begin a process; its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([name, arguments]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def aim(self, step: int) -> None:
        """Whoever takes this step from now on dies; 0: nobody."""
        (self.folder / "steps.log").write_bytes(b"")
        with (self.folder / "steps").open("r+b") as file:
            file.write(COUNTER.pack(step, 0))

    def spare(self) -> bool:
        """Nobody dies from now on; whether somebody has."""
        with (self.folder / "steps").open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            target, count = COUNTER.unpack(file.read(COUNTER.size))
            file.seek(0)
            file.write(COUNTER.pack(0, count))
        return self._is_gone(target, count)

    @property
    def hit(self) -> bool:
        """Whether the step was taken; whoever took it is gone then."""
        return self._is_gone(*COUNTER.unpack((self.folder / "steps").read_bytes().ljust(COUNTER.size, b"\0")))

    def _is_gone(self, target: int, count: int) -> bool:
        if not target or count < target:
            return False
        taken = (self.folder / "steps.log").read_text().splitlines()
        until(lambda: not is_alive(int(taken[target - 1].split(" ")[1])), what="the end of a process")
        return True

    def steps(self) -> list[str]:
        """The steps that were taken, in words."""
        lines = (self.folder / "steps.log").read_text().splitlines()
        return [line.split(" ", 2)[2] for line in lines]

    def end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_SECONDS)
        self._process.stdout.close()


def is_alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


class House:
    """A server and workers over one database; whoever died is replaced when asked."""

    def __init__(
        self, nursery: Nursery, database: str, *platforms: str, servers: int = 1, workers: int = 0, config: str = ""
    ) -> None:
        self.nursery = nursery
        self.database = database
        self._serving = ["serve", "--db", database, "--limits", "off", "--json"]
        self._serving += [word for name in platforms for word in ("--platform", name)]
        self._serving += ["--workers", str(servers)] if servers > 1 else []
        self._serving += ["--leave-jobs"] if workers else []
        self._serving += ["--config", config] if config else []
        self._port = 0
        self._running: dict[str, int] = {}
        self._workers = [f"worker-{number}" for number in range(workers)]
        self.told: dict[str, Any] = {}

    def revive(self) -> None:
        """Let there be all of them, but for whoever dies of it."""
        if not self._lives("server"):
            self._serve()
        for name in self._workers:
            if not self._lives(name):
                self._running[name] = self.nursery.begin(name, "worker", "--db", self.database)

    def _lives(self, name: str) -> bool:
        return name in self._running and is_alive(self._running[name])

    def _serve(self) -> None:
        told = self.nursery.folder / "server.out"
        told.write_bytes(b"")
        self._running["server"] = self.nursery.begin("server", *self._serving, "--port", str(self._port))
        until(lambda: told.read_bytes().endswith(b"\n") or not self._lives("server"), what="the server stands")
        if not self._lives("server"):
            assert self.nursery.hit, self.errors()
            return
        self.told = json.loads(told.read_text())
        self._port = int(self.told["url"].rpartition(":")[2])

    def errors(self) -> str:
        """What the processes complained of."""
        return "\n".join(file.read_text() for file in sorted(self.nursery.folder.glob("*.err")))

    def at_rest(self) -> bool:
        """Whether nothing is due or under way any more."""
        if self.database.startswith("postgresql"):
            with psycopg.connect(self.database) as connection:
                row = connection.execute(JOBS.format("sandbooks_world_1.").encode()).fetchone()
        else:
            import sqlite3

            with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as file:
                row = file.execute(JOBS.format("")).fetchone()
        return row is not None and not row[0]

    def end(self) -> None:
        """SIGKILL to all of them, so that each life of a database begins after a kill."""
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        until(lambda: not any(is_alive(process) for process in self._running.values()), what="they are gone")


class Client:
    """A client of the hub that asks again when it heard nothing, as a good one does."""

    def __init__(self, told: dict[str, Any]) -> None:
        listed = {company["platform"]: company for company in told["companies"]}
        hub = listed.pop("codat")
        (self.native,) = listed.values()
        self._api = hub["base_url"]
        self._hub = f"{hub['base_url']}/companies/{hub['company_id']}"
        self._control = f"{told['url']}/_control/worlds/default"
        self._books = f"{self._control}/companies/{self.native['platform']}/{self.native['company_id']}"
        self._session = requests.Session()
        key = base64.b64encode(hub["credentials"]["api_key"].encode()).decode()
        self._session.headers["Authorization"] = f"Basic {key}"
        self._expense = ""

    def ask(self, method: str, url: str, body: Any = None) -> requests.Response:
        return self._session.request(method, url, json=body, timeout=PATIENCE_SECONDS)

    def got(self, url: str) -> Any:
        """The body of a GET, however many attempts it takes."""

        def answer() -> list[Any]:
            with suppress(*NO_ANSWER):
                told = self.ask("GET", url)
                assert told.status_code == 200, (url, told.status_code, told.text)
                return [told.json()]
            return []

        return until(answer, what=url)[0]

    def configure(self, receiver: str) -> None:
        """Choose card and supplier, and have events sent."""
        accounts = self.got(f"{self._hub}/sync/expenses/mappingOptions")["accounts"]
        card = min((a for a in accounts if a["isBankAccount"]), key=lambda a: a["accountType"] != "Liability")
        self._expense = next(a["id"] for a in accounts if "Payment" in a["validTransactionTypes"] and a != card)
        supplier = self.got(f"{self._hub}/data/suppliers")["results"][0]["id"]
        config = {"bankAccount": {"id": card["id"]}, "supplier": {"id": supplier}, "customer": {}}
        assert self.ask("POST", f"{self._hub}/sync/expenses/config", config).status_code == 200
        assert self.ask("POST", f"{self._api}/webhooks", {"url": receiver}).status_code == 201

    def push(self, id: str) -> bool:
        """Hand an expense over; whether there was an answer."""
        line: dict[str, Any] = {"netAmount": 47.15, "taxAmount": 0, "accountRef": {"id": self._expense}}
        tax = self._neutral_tax()
        if tax:
            line["taxRateRef"] = {"id": tax}
        body = {"id": id, "type": "Payment", "issueDate": time.strftime("%Y-%m-%d"), "currency": "GBP", "notes": "x"}
        try:
            answer = self.ask("POST", f"{self._hub}/sync/expenses/expense-transactions", [{**body, "lines": [line]}])
        except NO_ANSWER:
            return False
        assert answer.status_code == 200, answer.text
        return True

    def _neutral_tax(self) -> str:
        """The rate that charges nothing: of the platform where it has one for all companies, else of this company."""
        table = TABLES[self.native["platform"]]
        if "tax_rate_required" in table.rules:
            return table.neutral_tax("GB") or str(self.native["labels"]["taxes"]["none"])
        return table.neutral_tax("GB") or ""

    def lose_answer(self, id: str) -> None:
        """The platform will write an expense, and the answer to that will be lost."""
        at = {"platform": self.native["platform"], "write": id}
        fault = {"kind": "drop_response", "phase": "commit", "at": at}
        answer = self.ask("POST", f"{self._control}/faults", fault)
        assert answer.status_code < 300, answer.text

    def statuses(self, id: str) -> list[str]:
        """What the hub has told of a transaction, sync by sync."""
        found = []
        for sync in self.got(f"{self._hub}/sync/expenses/syncs/list/status"):
            rows = self.got(f"{self._hub}/sync/expenses/syncs/{sync['syncId']}/transactions?page=1&pageSize=100")
            found += [row["status"] for row in rows["results"] if row["transactionId"] == id]
        return found

    def is_known(self, id: str) -> bool:
        """Whether the hub has taken the transaction in."""
        return bool(self.statuses(id))

    def settle(self) -> bool:
        """Let time pass until nothing is due; whether there was an answer."""
        try:
            self.ask("POST", f"{self._control}/settle", {"limit": "2h"}).raise_for_status()
        except NO_ANSWER:
            return False
        return True

    def documents(self) -> list[dict[str, Any]]:
        """The live native documents."""
        return [one for one in self.got(f"{self._books}/documents") if one["status"] == "live"]

    def findings(self) -> Any:
        """What the audit has against the books and the traffic."""
        return self.got(f"{self._books}/findings")


class Receiver(http.server.ThreadingHTTPServer):
    """Receives webhooks on a socket."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Received)
        self.received: list[tuple[str, bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class _Received(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Receiver)
        self.server.received.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Tell nobody."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that is up."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()


def transaction_id(step: int) -> str:
    return f"6f1c2f34-7f44-4d1b-9f0e-{step:012d}"


def carrying(documents: Sequence[dict[str, Any]], id: str) -> int:
    """How many documents carry a transaction."""
    return sum(id in json.dumps(one["native"]) for one in documents)
