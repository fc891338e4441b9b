"""A hub company over a platform company, and a client that talks to both: what every hub test begins with."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from tests.hub.contract import check
from tests.opened import prepared

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.control.companies import open_company, open_hub_company, plan_of
from sandbooks.hub import connections, link, records
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.platform import platform_named
from sandbooks.storage import SqliteStore
from sandbooks.wire import Request, Response
from sandbooks.world import World, parse_instant

PLATFORM = "quickbooks_online"
CHART: dict[str, Any] = {
    "accounts": {
        "travel": {"type": "expense", "name": "Trains and taxis"},
        "meals": {"type": "expense", "name": "Client meals"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "bank": {"type": "bank", "name": "Current account"},
        "reserve": {"type": "bank", "name": "Reserve"},
        "dollars": {"type": "credit_card", "name": "Visa USD", "currency": "USD"},
    },
    "suppliers": {"airline": {"name": "Contoso Air"}, "employee": {"name": "Ada Byron"}},
    "customers": {"client": {"name": "Northwind"}},
}


@dataclass
class Answer:
    """What the hub answered."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """One hub company in one world."""

    app: App
    world: World
    native: Company
    labels: dict[str, dict[str, str]]
    company: str
    connection: str
    api_key: str

    # Requests

    def send(self, method: str, path: str, body: Any = None, *, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
        """One request to the hub, ``{c}`` standing for the company and ``{k}`` for its accounting connection."""
        authorization = "Basic " + base64.b64encode(self.api_key.encode()).decode()
        own = (("Authorization", authorization), ("Content-Type", "application/json"))
        sent = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in own if pair[0].lower() not in sent)
        content = body if isinstance(body, bytes) else b"" if body is None else exact_json.dumps(body)
        url = "https://api.codat.io" + self.filled(path)
        answer = self.app.edge.dispatch(Request(method, url, (*kept, *headers), content), world=self.world, raises=True)
        assert isinstance(answer, Response)
        body_shown = exact_json.loads(answer.body) if answer.body else None
        check(self.world, answer.status, body_shown)
        return Answer(answer.status, body_shown, dict(answer.headers))

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        """One request to the control API, below the world."""
        content = b"" if body is None else exact_json.dumps(body)
        url = f"http://127.0.0.1/_control/worlds/{self.world.name}{path}"
        answer = self.app.edge.dispatch(Request(method, url, (), content), raises=True)
        assert isinstance(answer, Response)
        return Answer(answer.status, exact_json.loads(answer.body) if answer.body else None)

    def choose(self, *profiles: str, **more: Any) -> None:
        """Switch on exactly these profiles, and set what else is named."""
        answer = self.control("PUT", "/hub", {"profiles": list(profiles), **more})
        assert answer.status == 200, answer.body

    def filled(self, path: str) -> str:
        return path.replace("{c}", f"/companies/{self.company}").replace("{k}", self.connection)

    def get(self, path: str, **query: str) -> Any:
        """The body of a GET that is answered with 200."""
        text = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        answer = self.send("GET", f"{path}?{text}" if text else path)
        assert answer.status == 200, answer.body
        return answer.body

    def world_connection(self) -> dict[str, Any]:
        """The accounting connection as the hub stores it."""
        return connections.connection_of(self.world, self.company, self.connection)

    # Ids

    def account(self, label: str) -> str:
        return self.labels["accounts"][label]

    def supplier(self, label: str) -> str:
        return self.labels["suppliers"][label]

    # Transactions

    def expense(self, number: int, kind: str = "Payment", **changes: Any) -> dict[str, Any]:
        """An expense of its own amount; changes replace members, ``account`` names the line's account by label."""
        account = self.account(changes.pop("account", "travel"))
        body = {
            "id": transaction_id(number),
            "type": kind,
            "issueDate": "2026-03-20",
            "currency": "GBP",
            "merchantName": f"Merchant {number}",
            "notes": f"Note {number}",
            "lines": [{"netAmount": 10 * number + 3, "taxAmount": 0, "accountRef": {"id": account}}],
        }
        return {**body, **changes}

    def push(self, *expenses: dict[str, Any]) -> str:
        """Create expense transactions; the id of their sync."""
        answer = self.send("POST", "{c}/sync/expenses/expense-transactions", list(expenses))
        assert answer.status == 200, answer.body
        return str(answer.body["syncId"])

    def status(self, sync: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"{{c}}/sync/expenses/syncs/{sync}/status")
        return found

    def outcomes(self, sync: str) -> dict[str, tuple[str, str]]:
        """Status and message of each transaction of a sync."""
        rows = self.get(f"{{c}}/sync/expenses/syncs/{sync}/transactions")["results"]
        return {row["transactionId"]: (row["status"], row["message"]) for row in rows}

    def outcome(self, sync: str) -> tuple[str, str]:
        """Status and message of the only transaction of a sync."""
        (found,) = self.outcomes(sync).values()
        return found

    # What the platform has

    def documents(self, number: int) -> list[Record]:
        """The live native documents that carry a transaction's id."""
        records, mark = self.native.records, f"[{transaction_id(number)}]"
        found = [record for kind in records.kinds() for record in records.scan(kind)]
        return [record for record in found if str(record.body.get("PrivateNote", "")).endswith(mark)]

    def document(self, number: int) -> dict[str, Any]:
        """The one native document of a transaction."""
        (found,) = self.documents(number)
        return {"kind": found.kind, **found.body}

    def native_writes(self) -> list[str]:
        """The operations of the hub's own requests that changed the platform's records."""
        return [entry.operation for entry in self.world.tape.entries() if entry.actor == "hub" and entry.written]

    def balance(self, label: str) -> str:
        return str(self.native.book.balance(self.account(label)).base)

    # Happenings

    def send_form(self, path: str, fields: dict[str, str]) -> Response:
        """A form of the hub's own pages, sent as a browser does."""
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        request = Request("POST", "https://link-api.codat.io" + self.filled(path), headers, urlencode(fields).encode())
        answer = self.app.edge.dispatch(request, world=self.world, raises=True)
        assert isinstance(answer, Response)
        return answer

    def authorise(self) -> None:
        """Give the consent anew."""
        link.authorize(self.world, self.connection, company=self.native.id)
        self.world.settle()

    def linked_company(self) -> None:
        """One more hub company over the same platform company."""
        open_hub_company(self.world, self.native)
        self.world.settle()

    def spend_quota(self) -> None:
        """Send requests until the day's quota is gone."""
        with self.world.unit():
            self.world.put(records.SETTINGS, "daily_quota", 3)
        answers = [self.send("GET", "{c}") for _ in range(5)]
        assert answers[-1].status == 429

    # Life and death

    def reopened(self, image: bytes) -> Desk:
        """The same desk in a new process's worth of Sandbooks, from an image of its world."""
        app = App()
        store = SqliteStore()
        store.restore(image)
        world = app._adopt(World(self.world.name, store=store))
        native = find_company(world, self.native.platform, self.native.id)
        assert native is not None
        return Desk(app, world, native, self.labels, self.company, self.connection, self.api_key)


def transaction_id(number: int) -> str:
    return f"5a9d0000-0000-4000-8000-{number:012d}"


def open_desk(*, platform: str = PLATFORM, seed: int = 11, **plan: Any) -> Desk:
    """A new world with a platform company of the usual chart and a configured hub company over it."""
    app = App()
    chart = {part: {**CHART[part], **plan.pop(part, {})} for part in CHART}
    described = {"name": "Acme", "country": "GB", **chart, **plan}

    def configured(app: App, world: World) -> dict[str, Any]:
        world.clock.configure(mode="stepped", at=parse_instant("2026-03-23T09:00:00 Europe/London"))
        opened = open_company(world, platform, plan_of(world, platform, **described))
        made = open_hub_company(world, opened.company)
        labels = {part: dict(ids) for part, ids in opened.labels.items()}
        told = {"native": opened.company.id, "labels": labels, **made}
        desk = _desk_of(app, world, platform, told)
        configuration = {
            "bankAccount": {"id": desk.account("visa")},
            "supplier": {"id": desk.supplier("airline")},
            "customer": {"id": labels["customers"]["client"]},
        }
        assert desk.send("POST", "{c}/sync/expenses/config", configuration).status == 200
        return told

    world, told = prepared(app, ("hub", platform, repr(described)), seed, configured)
    return _desk_of(app, world, platform, told)


def _desk_of(app: App, world: World, platform: str, told: dict[str, Any]) -> Desk:
    native = find_company(world, platform_named(platform).name, told["native"])
    assert native is not None
    return Desk(app, world, native, told["labels"], told["company_id"], told["connection_id"], told["api_key"])
