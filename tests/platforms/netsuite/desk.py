"""A NetSuite account behind the edge, and a client of plain wire requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.opened import opened
from tests.platforms.netsuite import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Request, Response
from sandbooks.world import World

BASE = "http://127.0.0.1:9/netsuite"
RECORD = "/services/rest/record/v1"
PLAN = CompanyPlan(
    name="Larch and Finch Ltd",
    country="GB",
    accounts={
        "travel": {"type": "expense", "name": "Site Travel"},
        "office": {"type": "expense", "name": "Office Sundries"},
        "sales": {"type": "income", "name": "Workshop Sales"},
        "bank": {"type": "bank", "name": "Current Account"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollar_visa": {"type": "credit_card", "name": "Dollar Visa", "currency": "USD"},
    },
    suppliers={"acme": {"name": "Acme Timber"}, "zenith": {"name": "Zenith Rail"}},
    customers={"shop": {"name": "Corner Shop"}},
    taxes={
        "half": {"rate": "20%", "recoverable": "50%", "name": "Half back"},
        "fifteen": {"rate": "15%"},
        "reverse": {"rate": "20%", "reverse_charge": True, "name": "Turned round"},
    },
    tracking={"department": {"options": ["North", "South"]}, "class": {"name": "Retail"}},
    settings={"exchange_rates": {"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}, "EUR": "0.8512"}},
)


class Desk:
    """One account, signed in."""

    def __init__(self, app: App, world: World, company: Company, labels: Mapping[str, Mapping[str, str]]) -> None:
        self.app, self.world, self.company, self.labels = app, world, company, labels
        with world.unit():
            self.credentials = platform_named("netsuite").load_seed().credentials(world, company)
        self._seen = 0

    def start_over(self) -> None:
        """Forget what was seen of the tape (the world was put back)."""
        self._seen = self.world.tape.count()

    def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: object
    ) -> Response:
        url = path if path.startswith("http") else f"{BASE}{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        sent = {"Authorization": f"Bearer {self.credentials['access_token']}", **(headers or {})}
        raw = body if isinstance(body, bytes) else b"" if body is None else exact_json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self.app.edge.dispatch(Request(method, url, tuple(sent.items()), raw), raises=True)
        assert isinstance(answer, Response)
        own = [entry for entry in self.world.tape.entries(after=self._seen) if entry.actor == "client"]
        self._seen = own[-1].number
        contract.check(own[-1].operation, answer)
        return answer

    def get(self, path: str, **query: object) -> Any:
        answer = self.send("GET", path if path.startswith("/services") else f"{RECORD}/{path}", **query)
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)

    def read(self, path: str) -> Any:
        """A record with its sublists."""
        return self.get(path, expandSubResources="true")

    def write(self, method: str, path: str, body: Any = None, **query: object) -> str:
        """A write that succeeds; ``type/id`` of what it wrote."""
        answer = self.send(method, f"{RECORD}/{path}", body, **query)
        assert answer.status == 204, answer.body
        return answer.header("Location").partition(f"{RECORD}/")[2]

    def make(self, kind: str, **members: object) -> str:
        """A new record; ``type/id``."""
        return self.write("POST", kind, members)

    def refused(
        self, method: str, path: str, body: Any = None, *, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """Code and detail of a refusal, which wrote nothing and posted nothing."""
        before = self.posted()
        target = path if path.startswith("/") else f"{RECORD}/{path}"
        answer = self.send(method, target, body, headers=headers)
        assert answer.status == status, (answer.status, answer.body)
        assert self.posted() == before
        (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
        return detail["o:errorCode"], detail["detail"]

    def suiteql(self, query: str, **page: object) -> list[dict[str, str]]:
        """The rows of a query, without their links."""
        path = "/services/rest/query/v1/suiteql"
        answer = self.send("POST", path, {"q": query}, headers={"Prefer": "transient"}, **page)
        assert answer.status == 200, answer.body
        return [{k: v for k, v in item.items() if k != "links"} for item in exact_json.loads(answer.body)["items"]]

    def posted(self) -> tuple[int, int]:
        return len(list(self.company.book.lines())), len(self.company.records.changes())

    def id(self, label: str) -> dict[str, str]:
        """The reference behind a label of any part of the plan."""
        found = next(part[label] for part in self.labels.values() if label in part)
        return {"id": found}

    def currency(self, symbol: str) -> dict[str, str]:
        (record,) = self.company.records.find("currency", "symbol", symbol)
        return {"id": record.id}

    def line(self, amount: object, *, account: str = "travel", **members: object) -> dict[str, object]:
        return {"account": self.id(account), "amount": amount, **members}

    def spend(self, kind: str, *lines: Mapping[str, object], account: str, **members: object) -> str:
        given = {"account": self.id(account), "entity": self.id("acme"), "tranDate": "2026-03-02"}
        return self.make(kind, **{**given, "expense": {"items": list(lines)}, **members})

    def bill(self, *lines: Mapping[str, object], **members: object) -> str:
        given: dict[str, object] = {"entity": self.id("acme"), "tranDate": "2026-03-02"}
        return self.make("vendorBill", **{**given, "expense": {"items": list(lines)}, **members})

    def books(self) -> dict[str, str]:
        """What every account holds in base currency, under the plan's labels."""
        names = {id: label for label, id in reversed(self.labels["accounts"].items())}
        rows = self.company.book.trial_balance()
        return {names.get(r.account.id, r.account.name): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}

    def held(self, label: str) -> dict[str, str]:
        """What an account holds in each currency."""
        balance = self.company.book.balance(self.labels["accounts"][label])
        return {code: str(money.amount) for code, money in balance.by_currency.items() if money}


def open_desk(app: App, plan: CompanyPlan = PLAN) -> Desk:
    made = opened(app, "netsuite", plan)
    return Desk(app, made.company.world, made.company, made.labels)
