"""Companies and worlds under concurrent load: none sees another's data, tokens, webhooks or limits.

Two worlds of one seed, so that their companies have the same ids and tokens, and two companies of each platform in
each. A client for every company works beside the others, in an order that is drawn; each amount says whose it is.
"""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from tests.databases import Databases
from tests.hub.processes import ROOT, Receiver, receiving, until

PLATFORMS = ("freeagent", "quickbooks_online")
WORLDS = ("first", "second")
NAMES = ("Acme", "Initech")
EXPENSES = 6
DRAWN_BY = 20260331


@dataclass(frozen=True)
class Client:
    """A client of one company; ``mark`` is the pence of all its amounts."""

    url: str
    world: str
    native: dict[str, Any]
    hub: dict[str, Any]
    mark: int

    @property
    def company(self) -> str:
        return f"{self.hub['base_url']}/companies/{self.hub['company_id']}"

    @property
    def books(self) -> str:
        platform, id = self.native["platform"], self.native["company_id"]
        return f"{self.url}/_control/worlds/{self.world}/companies/{platform}/{id}"

    def id(self, number: int) -> str:
        return f"7a1c2f34-7f44-4d1b-9f0e-{self.mark:06d}{number:06d}"

    def ask(self, method: str, url: str, body: Any = None) -> requests.Response:
        key = base64.b64encode(self.hub["credentials"]["api_key"].encode()).decode()
        return requests.request(method, url, json=body, headers={"Authorization": f"Basic {key}"}, timeout=60)

    def native_answer(self, token: str) -> requests.Response:
        """The company's own record on its platform, asked for with a token."""
        paths = {
            "freeagent": "/v2/company",
            "quickbooks_online": f"/v3/company/{self.native['company_id']}/companyinfo/1",
        }
        url = self.native["base_url"] + paths[self.native["platform"]]
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return requests.get(url, headers=headers, timeout=60)

    def configure(self) -> str:
        """Choose card and supplier; the account that expenses go to."""
        accounts = self.ask("GET", f"{self.company}/sync/expenses/mappingOptions").json()["accounts"]
        card = min((a for a in accounts if a["isBankAccount"]), key=lambda a: a["accountType"] != "Liability")
        supplier = self.ask("GET", f"{self.company}/data/suppliers").json()["results"][0]["id"]
        config = {"bankAccount": {"id": card["id"]}, "supplier": {"id": supplier}, "customer": {}}
        assert self.ask("POST", f"{self.company}/sync/expenses/config", config).status_code == 200
        return str(next(a["id"] for a in accounts if "Payment" in a["validTransactionTypes"] and a != card))

    def push(self, number: int, account: str) -> None:
        amount = number + 10 + self.mark / 100
        line = {"netAmount": amount, "taxAmount": 0, "accountRef": {"id": account}}
        body = {"id": self.id(number), "type": "Payment", "issueDate": time.strftime("%Y-%m-%d"), "currency": "GBP"}
        answer = self.ask(
            "POST", f"{self.company}/sync/expenses/expense-transactions", [{**body, "lines": [line], "notes": "x"}]
        )
        assert answer.status_code == 200, answer.text

    def statuses(self) -> dict[str, str]:
        """Each transaction that the hub tells this company of, with its status."""
        found = {}
        for sync in self.ask("GET", f"{self.company}/sync/expenses/syncs/list/status").json():
            rows = self.ask("GET", f"{self.company}/sync/expenses/syncs/{sync['syncId']}/transactions?page=1").json()
            found |= {row["transactionId"]: row["status"] for row in rows["results"]}
        return found

    def work(self, drawn: random.Random) -> None:
        """Hand expenses over, and look at one's own things in between."""
        account = self.configure()
        for number in range(EXPENSES):
            self.push(number, account)
            for _ in range(drawn.randrange(3)):
                looked = drawn.choice((self._looks_at_records, self._looks_at_syncs))
                looked()
        until(lambda: [*self.statuses().values()].count("Completed") == EXPENSES, what=f"{self.mark} is written")

    def _looks_at_records(self) -> None:
        answer = self.native_answer(self.native["credentials"]["access_token"])
        assert (answer.status_code, self.native["name"] in answer.text) == (200, True), answer.text

    def _looks_at_syncs(self) -> None:
        own = {self.id(number) for number in range(EXPENSES)}
        assert set(self.statuses()) <= own


@contextmanager
def served(database: str, processes: int) -> Iterator[str]:
    """The address of a server over a database, or in memory."""
    command = [sys.executable, "-m", "sandbooks", "serve", "--port", "0", "--json", "--platform", "freeagent"]
    more = ["--db", database, "--workers", str(processes)] if database else []
    env = {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}
    with subprocess.Popen([*command, *more], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def opened(url: str, world: str, receiver: Receiver) -> Iterator[Client]:
    """A world with its companies, its events sent to a path of its own."""
    control = f"{url}/_control/worlds"
    companies = [{"platform": platform, "name": name, "country": "GB"} for platform in PLATFORMS for name in NAMES]
    for company in companies:
        company["chart"] = CHART
    now = {"mode": "live", "now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    made = requests.post(control, json={"name": world, "seed": 31, "clock": now, "companies": companies}, timeout=60)
    assert made.status_code == 201, made.text
    for company in made.json()["companies"]:
        connected = {"platform": company["platform"], "company_id": company["company_id"]}
        body = {"platform": "codat", "connected_to": connected}
        hub = requests.post(f"{control}/{world}/companies", json=body, timeout=60)
        assert hub.status_code == 201, hub.text
        mark = 1 + 10 * WORLDS.index(world) + made.json()["companies"].index(company)
        yield Client(url, world, company, hub.json(), mark)
    key = base64.b64encode(hub.json()["credentials"]["api_key"].encode()).decode()
    consumer = {"url": f"{receiver.url}/{world}"}
    headers = {"Authorization": f"Basic {key}"}
    told = requests.post(f"{hub.json()['base_url']}/webhooks", json=consumer, headers=headers, timeout=60)
    assert told.status_code == 201, told.text


CHART = {
    "accounts": {"travel": {"type": "expense", "name": "Travel"}, "card": {"type": "credit_card", "name": "Card"}},
    "suppliers": {"shop": {"name": "Fabrikam Stores"}},
}


@pytest.fixture(params=["memory", "postgresql"])
def clients(request: pytest.FixtureRequest, databases: Databases) -> Iterator[tuple[list[Client], Receiver]]:
    shared = request.param == "postgresql"
    with served(databases.new() if shared else "", 4) as url, receiving() as receiver:
        yield [client for world in WORLDS for client in opened(url, world, receiver)], receiver


def side_by_side(clients: list[Client], drawn: random.Random) -> None:
    """All of them at work at once."""
    draws = [random.Random(drawn.random()) for _ in clients]  # noqa: S311 - draws a test, no secret
    start = threading.Barrier(len(clients))

    def work(client: Client, draw: random.Random) -> None:
        start.wait()
        client.work(draw)

    with ThreadPoolExecutor(len(clients)) as pool:
        for done in [pool.submit(work, client, draw) for client, draw in zip(clients, draws, strict=True)]:
            done.result()


def test_clients_at_work_side_by_side_see_their_own_and_nothing_else(clients: tuple[list[Client], Receiver]) -> None:
    everybody, receiver = clients
    assert len({client.native["company_id"] for client in everybody}) < len(everybody), "worlds of one seed"
    side_by_side(everybody, random.Random(DRAWN_BY))  # noqa: S311 - draws a test, no secret
    for client in everybody:
        own = {client.id(number) for number in range(EXPENSES)}
        others = {other.id(n) for other in everybody if other is not client for n in range(EXPENSES)}
        assert client.statuses() == dict.fromkeys(own, "Completed")
        documents = json.dumps(requests.get(f"{client.books}/documents", timeout=60).json())
        assert {id for id in own | others if id in documents} == own
        tape = requests.get(f"{client.url}/_control/worlds/{client.world}/tape", timeout=60).text
        elsewhere = {other.id(n) for other in everybody if other.world != client.world for n in range(EXPENSES)}
        assert not [id for id in elsewhere if id in tape]
        assert requests.get(f"{client.books}/findings", timeout=60).json() == []
    for world in WORLDS:
        until(lambda world=world: told_of(receiver, world) == ids_of(everybody, world), what=f"the events of {world}")


def told_of(receiver: Receiver, world: str) -> set[str]:
    """The transactions that a world's receiver was told of."""
    bodies = [json.loads(body) for path, body in receiver.received if path.endswith(f"/{world}")]
    syncs = [body["payload"] for body in bodies if body["eventType"].startswith("expenses.sync.")]
    return {one["id"] for sync in syncs for one in sync["transactions"]}


def ids_of(clients: list[Client], world: str) -> set[str]:
    return {client.id(n) for client in clients if client.world == world for n in range(EXPENSES)}


def test_a_token_opens_its_own_company_alone(clients: tuple[list[Client], Receiver]) -> None:
    everybody, _ = clients
    for client in everybody:
        for other in everybody:
            if client.world == other.world and client is not other:
                answer = client.native_answer(other.native["credentials"]["access_token"])
                assert answer.status_code >= 400 or client.native["name"] not in answer.text, answer.text
    # What one world ends stands in the other, although both know it by the same text.
    first, second = everybody[0], everybody[len(everybody) // 2]
    token = first.native["credentials"]["access_token"]
    assert token == second.native["credentials"]["access_token"]
    ended = requests.post(f"{first.books}/tokens/revoke", timeout=60)
    assert ended.status_code < 300, ended.text
    assert (first.native_answer(token).status_code, second.native_answer(token).status_code) == (401, 200)


def test_a_quota_that_has_run_dry_in_one_world_is_full_in_the_other(clients: tuple[list[Client], Receiver]) -> None:
    everybody, _ = clients
    first, second = everybody[0], everybody[len(everybody) // 2]
    hub = f"{first.url}/_control/worlds/{first.world}/hub"
    assert requests.put(hub, json={"daily_quota": 1}, timeout=60).status_code == 200
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(one.ask, "GET", one.company) for one in (first, second) * 4]
        answers = [done.result() for done in asked]
    assert {answer.status_code for answer in answers[0::2]} == {429}
    assert {answer.status_code for answer in answers[1::2]} == {200}


def test_a_platforms_quota_is_each_companys_own(clients: tuple[list[Client], Receiver]) -> None:
    everybody, _ = clients
    first, neighbour = everybody[:2]
    twin = everybody[len(everybody) // 2]

    def asked(client: Client) -> int:
        return client.native_answer(client.native["credentials"]["access_token"]).status_code

    with ThreadPoolExecutor(8) as pool:
        assert 429 in set(pool.map(asked, [first] * 150))
    assert (asked(neighbour), asked(twin)) == (200, 200)
