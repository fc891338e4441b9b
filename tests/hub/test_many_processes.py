"""Two server processes and two workers over one PostgreSQL, killed again and again: each expense is posted once.

Every kill is SIGKILL. Servers are children of one parent that starts them anew; a killed worker is replaced here.
"""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests
from tests.databases import Databases

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
EXPENSES, KILLS = 24, 8
DRAWN_BY = 20260328


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbooks", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}


@contextmanager
def served(url: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Two server processes on one port that leave the work to workers, and what they printed."""
    arguments = ("serve", "--db", url, "--workers", "2", "--leave-jobs", "--port", "0", "--json")
    with subprocess.Popen(
        command(*arguments, "--platform", "quickbooks_online", "--limits", "off"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


class Workers:
    """The worker processes."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self._url = url
        self._running: list[subprocess.Popen[bytes]] = []
        stack.callback(self.end)

    def start(self) -> None:
        worker, nowhere = command("worker", "--db", self._url), subprocess.DEVNULL
        self._running.append(subprocess.Popen(worker, cwd=ROOT, env=environment(), stdout=nowhere, stderr=nowhere))

    def kill_one(self, drawn: random.Random) -> None:
        """One worker dies where it is, and another takes its place."""
        victim = self._running.pop(drawn.randrange(len(self._running)))
        victim.kill()
        victim.wait()
        self.start()

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


def children_of(process: int) -> list[int]:
    return [child.pid for child in psutil.Process(process).children()]


class Client:
    """A client of the hub that sends again when it got no answer, as a good one does."""

    def __init__(self, told: dict[str, Any]) -> None:
        listed = {company["platform"]: company for company in told["companies"]}
        hub, native = listed["codat"], listed["quickbooks_online"]
        self._hub = f"{hub['base_url']}/companies/{hub['company_id']}"
        self.control = f"{told['url']}/_control"
        self.books = f"{self.control}/worlds/default/companies/quickbooks_online/{native['company_id']}"
        key = base64.b64encode(hub["credentials"]["api_key"].encode()).decode()
        self._headers = {"Authorization": f"Basic {key}"}

    def call(self, method: str, url: str, body: Any = None) -> Any:
        """The decoded answer, however many attempts it takes."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                answer = requests.request(method, url, json=body, headers=self._headers, timeout=PATIENCE_SECONDS)
                assert answer.status_code < 300, (url, answer.status_code, answer.text)
                return answer.json() if answer.content else None
        raise AssertionError(f"nobody answers {url}")

    def hub(self, method: str, path: str, body: Any = None) -> Any:
        return self.call(method, f"{self._hub}/{path}", body)

    def configure(self) -> str:
        """Choose card and supplier; the account that expenses go to."""
        accounts = self.hub("GET", "sync/expenses/mappingOptions")["accounts"]
        card = next(a for a in accounts if a["isBankAccount"] and a["accountType"] == "Liability")
        supplier = self.hub("GET", "data/suppliers")["results"][0]["id"]
        config = {"bankAccount": {"id": card["id"]}, "supplier": {"id": supplier}, "customer": {}}
        self.hub("POST", "sync/expenses/config", config)
        return str(next(a["id"] for a in accounts if "Payment" in a["validTransactionTypes"] and a != card))

    def push(self, id: str, amount: float, account: str) -> None:
        line = {"netAmount": amount, "taxAmount": 0, "accountRef": {"id": account}}
        body = {"id": id, "type": "Payment", "issueDate": time.strftime("%Y-%m-%d"), "currency": "GBP", "notes": id}
        self.hub("POST", "sync/expenses/expense-transactions", [{**body, "lines": [line]}])

    def outcomes(self) -> dict[str, set[str]]:
        """Every status that the hub has told of a transaction."""
        found: dict[str, set[str]] = {}
        for sync in self.hub("GET", "sync/expenses/syncs/list/status"):
            listed = self.hub("GET", f"sync/expenses/syncs/{sync['syncId']}/transactions?page=1&pageSize=100")
            for row in listed["results"]:
                found.setdefault(row["transactionId"], set()).add(row["status"])
        return found

    def documents(self) -> list[dict[str, Any]]:
        """The live native documents."""
        found: list[dict[str, Any]] = self.call("GET", f"{self.books}/documents?kind=Purchase")
        return [document for document in found if document["status"] == "live"]


def transaction_id(number: int) -> str:
    return f"3f1c2f34-7f44-4d1b-9f0e-{number:012d}"


def test_expenses_are_posted_once_each_however_often_servers_and_workers_are_killed(databases: Databases) -> None:
    drawn, url = random.Random(DRAWN_BY), databases.new()  # noqa: S311 - draws a test, no secret
    amounts = {transaction_id(n): 10 + n + drawn.randrange(100) / 100 for n in range(EXPENSES)}
    with served(url) as (parent, told), ExitStack() as stack:
        client, workers = Client(told), Workers(url, stack)
        account = client.configure()
        before = len(client.documents())
        for _ in range(2):
            workers.start()
        killed_at = sorted(drawn.sample(range(EXPENSES), KILLS))
        for number, (id, amount) in enumerate(amounts.items()):
            client.push(id, amount, account)
            if number in killed_at:
                workers.kill_one(drawn)
                with suppress(ProcessLookupError, IndexError):
                    os.kill(drawn.choice(children_of(parent.pid)), signal.SIGKILL)
        done = finished(client, amounts, workers, drawn)
        documents = client.documents()
        posted = {id: [d for d in documents if id in json.dumps(d["native"])] for id in amounts}
        assert {id: len(found) for id, found in posted.items()} == dict.fromkeys(amounts, 1)
        assert len(documents) - before == EXPENSES
        assert {id: found[0]["native"]["TotalAmt"] for id, found in posted.items()} == amounts
        assert done
        findings = client.call("GET", f"{client.books}/findings")
        assert findings == [], json.dumps(findings)
    assert claims(url) == 0


def finished(client: Client, amounts: dict[str, float], workers: Workers, drawn: random.Random) -> bool:
    """Wait until the hub calls everything completed; time passes faster than it would, for what waits to look up."""
    end = time.monotonic() + PATIENCE_SECONDS
    kills = 2
    while time.monotonic() < end:
        outcomes = client.outcomes()
        if all("Completed" in outcomes.get(id, ()) for id in amounts):
            return True
        if kills:
            workers.kill_one(drawn)
            kills -= 1
        client.call("POST", f"{client.control}/worlds/default/clock", {"advance": "20s"})
        time.sleep(0.1)
    return False


def claims(url: str) -> int:
    """How many jobs are still claimed by somebody."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM sandbooks_world_1.jobs WHERE state = 'running'").fetchone()
    assert row is not None
    return int(row[0])
