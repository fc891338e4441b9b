"""A server killed by SIGKILL at each native request of a sync, started again on the same database: posted once."""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.databases import Databases

from sandbooks import capabilities
from sandbooks.platform import platforms

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
TABLES = capabilities.load()
# A rate that charges nothing must be known by its id: Business Central has none that is the same in every company.
NAMES = [
    name
    for name, platform in platforms().items()
    if platform.connector and ("tax_rate_required" not in TABLES[name].rules or TABLES[name].neutral_tax("GB"))
]


@contextmanager
def server(*command: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server process and what it printed when it was up."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


class Client:
    """A small client of the hub."""

    def __init__(self, told: dict[str, Any]) -> None:
        listed = {company["platform"]: company for company in told["companies"]}
        hub = listed.pop("codat")
        (self.native,) = listed.values()
        self.url = f"{hub['base_url']}/companies/{hub['company_id']}"
        self.control = f"{told['url']}/_control/worlds/default"
        key = base64.b64encode(hub["credentials"]["api_key"].encode()).decode()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Basic {key}"

    def push(self, id: str) -> None:
        """Configure, and hand a payment over."""
        options = self.session.get(f"{self.url}/sync/expenses/mappingOptions", timeout=30).json()
        card = min(
            (a for a in options["accounts"] if a["isBankAccount"]), key=lambda a: a["accountType"] != "Liability"
        )
        expense = next(a for a in options["accounts"] if "Payment" in a["validTransactionTypes"] and a != card)
        supplier = self.session.get(f"{self.url}/data/suppliers", timeout=30).json()["results"][0]["id"]
        config = {"bankAccount": {"id": card["id"]}, "supplier": {"id": supplier}, "customer": {}}
        assert self.session.post(f"{self.url}/sync/expenses/config", json=config, timeout=30).status_code == 200
        line: dict[str, Any] = {"netAmount": 47.15, "taxAmount": 0, "accountRef": {"id": expense["id"]}}
        neutral = TABLES[self.native["platform"]].neutral_tax("GB")
        if neutral:
            line["taxRateRef"] = {"id": neutral}
        body = {"id": id, "type": "Payment", "issueDate": time.strftime("%Y-%m-%d"), "currency": "GBP", "notes": "x"}
        answer = self.session.post(
            f"{self.url}/sync/expenses/expense-transactions", json=[{**body, "lines": [line]}], timeout=30
        )
        assert answer.status_code == 200, answer.text

    def status(self, id: str) -> str:
        """The status of a transaction in the latest sync that has it."""
        latest = self.session.get(f"{self.url}/sync/expenses/syncs/latest/status", timeout=30).json()
        url = f"{self.url}/sync/expenses/syncs/{latest['syncId']}/transactions/{id}"
        return str(self.session.get(url, timeout=30).json()[0]["status"])

    def settle(self) -> None:
        self.session.post(f"{self.control}/settle", json={"limit": "2h"}, timeout=60).raise_for_status()

    def documents(self, id: str) -> list[dict[str, Any]]:
        """Live native documents that carry the transaction."""
        company = f"{self.native['platform']}/{self.native['company_id']}"
        found = self.session.get(f"{self.control}/companies/{company}/documents", timeout=30).json()
        return [d for d in found if d["status"] == "live" and id in json.dumps(d["native"])]


def killed_at(database: str, platform: str, when: str, n: int) -> bool:
    """One life of the server up to its kill, and one after; whether the kill came."""
    id = f"6f1c2f34-7f44-4d1b-9f0e-{n:011d}{'0' if when == 'before' else '1'}"
    killer = str(Path(__file__).with_name("killing_server.py"))
    with server(killer, database, "0", platform, when, str(n)) as (process, told):
        Client(told).push(id)
        end = time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None and time.monotonic() < end:
            try:
                if Client(told).status(id) == "Completed":
                    return False
                Client(told).settle()
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                continue
            time.sleep(0.02)
    again = ("-m", "sandbooks", "serve", "--db", database, "--port", "0", "--json", "--limits", "off")
    with server(*again) as (_, told):
        client = Client(told)
        end = time.monotonic() + PATIENCE_SECONDS
        while client.status(id) != "Completed" and time.monotonic() < end:
            client.settle()
            time.sleep(0.05)
        assert client.status(id) == "Completed"
        assert len(client.documents(id)) == 1
    return True


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("platform", NAMES)
def test_a_payment_ends_posted_once_wherever_the_server_is_killed(platform: str, when: str, tmp_path: Path) -> None:
    for n in itertools.count(1):
        if not killed_at(str(tmp_path / f"{n}.db"), platform, when, n):
            break
    assert n > 1, "the sync sends at least one native request"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_ends_posted_once_in_postgresql_wherever_the_server_is_killed(
    when: str, databases: Databases
) -> None:
    for n in itertools.count(1):
        if not killed_at(databases.new(), "freeagent", when, n):
            break
    assert n > 1, "the sync sends at least one native request"
