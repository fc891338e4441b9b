"""A toy platform with sign-in, a write, a read, a search and a refusal, for faults to act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.edge import Edge, Surface
from sandbooks.faults.plan import Plan
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company, find_company, open_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Tokens
from sandbooks.ledger import Account, AccountClass, Book, Entry, Refusal, Source, credit, debit
from sandbooks.money import Money
from sandbooks.storage import SqliteStore
from sandbooks.wire import Answer, Cut, Request, Response
from sandbooks.world import World

HOST = "api.toy.example"
BASE = f"https://{HOST}"


class TokenDead(Refusal):
    """The token is not good."""


def create_spend(call: Call) -> Response:
    body = call.json()
    key = call.header("Idempotency-Key")
    if key and call.company.records.find("Spend", "key", key):
        return shown(call.company.records.find("Spend", "key", key)[0], status=201)
    with call.unit():
        number = str(call.company.records.next_number("spend"))
        record = call.company.records.put("Spend", number, body, version=1, keys={"key": key} if key else {})
        amount = Money.of(body["amount"], "GBP")
        postings = (debit("travel", amount), credit("card", amount))
        call.company.post(record, Entry(date(2026, 3, 2), Source("Spend", number, 1), postings))
    return shown(record, status=201)


def find_spends(call: Call) -> Response:
    found = call.company.records.scan("Spend", lag=call.exchange.lag)
    return json_reply({"spends": [record.body["ref"] for record in found]})


def get_spend(call: Call) -> Response:
    record = call.company.records.get("Spend", call.args["id"])
    return shown(record) if record else json_reply({"no": 404}, status=404)


def shown(record: Record, *, status: int = 200) -> Response:
    return json_reply({"id": record.id, "ref": record.body["ref"]}, status=status)


def sign_in(call: Call) -> Response:
    return json_reply({"token": "none"})


class Toy:
    name = "toy"
    operations = (
        Operation("create_spend", "POST", "/<company>/spend", create_spend, writes=True),
        Operation("find_spends", "GET", "/<company>/spend", find_spends),
        Operation("get_spend", "GET", "/<company>/spend/<id>", get_spend),
        Operation("find_mine", "GET", "/mine", find_spends),
        Operation("sign_in", "POST", "/token", sign_in, public=True),
    )

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        token = Tokens(call.world, "toy").find("access", call.header("Authorization").removeprefix("Bearer "))
        company = find_company(call.world, "toy", call.args.get("company", "borealis"))
        if token is None or company is None or not token.is_live(call.world.clock.now()):
            raise TokenDead
        call.company = company
        call.reply_headers.append(("X-Toy-Left", "41"))

    def refused(self, call: Call, refusal: Refusal) -> Response:
        name = type(refusal).__name__
        status = {"TokenDead": 401, "NotPermitted": 403}.get(name, 400)
        return json_reply({"no": name}, status=status)

    def unmatched(self, call: Call, status: int) -> Response:
        return json_reply({"no": status}, status=status)

    def broken(self, call: Call, error: Exception) -> Response:
        return json_reply({"no": "internal"}, status=500)

    def absent(self, call: Call, error: NotSimulated) -> Response:
        return json_reply({"no": error.feature}, status=501)

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        headers = (("Retry-After", str(retry_after)),)
        return json_reply({"no": call.facts["limit"]}, status=429, headers=headers)


@dataclass
class Bench:
    """A world with two companies on the toy platform, and its client."""

    app: App
    name: str = "default"

    @property
    def world(self) -> World:
        world = self.app.world(self.name)
        assert world is not None
        return world

    @property
    def plan(self) -> Plan:
        plan = self.world.plan
        assert isinstance(plan, Plan)
        return plan

    def company(self, id: str = "acme") -> Company:
        company = find_company(self.world, "toy", id)
        assert company is not None
        return company

    @staticmethod
    def books_of(world: World) -> Book:
        company = find_company(world, "toy", "acme")
        assert company is not None
        return company.book

    def refs(self, id: str = "acme") -> list[str]:
        """What the books hold, and that the ledger agrees."""
        records = list(self.company(id).records.scan("Spend"))
        posted = {line.source.id for line in self.company(id).book.lines()}
        assert posted == {record.id for record in records}
        return [record.body["ref"] for record in records]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        usual = {"Authorization": "Bearer good", "Content-Type": "application/json"}
        sent = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
        raw = b"" if body is None else exact_json.dumps(body)
        request = Request(method, BASE + path, tuple(sent.items()), raw)
        return self.app.edge.dispatch(request, world=self.world, raises=True)

    def spend(self, ref: str, amount: str = "12.30", company: str = "acme", **headers: str) -> Answer:
        return self.send("POST", f"/{company}/spend", {"ref": ref, "amount": amount}, **headers)

    def found(self, company: str = "acme") -> list[str]:
        answer = response(self.send("GET", f"/{company}/spend"))
        refs: list[str] = exact_json.loads(answer.body)["spends"]
        return refs

    def faults_on_tape(self) -> list[list[str]]:
        return [entry.faults for entry in self.world.tape.entries()]


def response(answer: Answer) -> Response:
    assert isinstance(answer, Response), answer
    return answer


def cut(answer: Answer) -> str:
    assert isinstance(answer, Cut), answer
    return answer.how


def new_app() -> App:
    app = App()
    app.edge = Edge(app, {"toy": Surface("toy", hosts=(HOST,), load=Toy)}, pages={})
    return app


def new_bench(path: Path | None = None) -> Bench:
    app = new_app()
    world = app.create_world(seed=7, path=path)
    with world.unit():
        for id, name in (("acme", "Acme Ltd"), ("borealis", "Borealis GmbH")):
            company = open_company(world, "toy", id, name=name, country="GB", currency="GBP")
            company.book.open_account(Account("travel", "Travel", AccountClass.EXPENSE))
            company.book.open_account(Account("card", "Card", AccountClass.LIABILITY))
        tokens = Tokens(world, "toy")
        grant = tokens.new_grant(client_id="c", scopes=["all"], companies=["acme", "borealis"])
        tokens.issue("access", grant, lifetime=timedelta(days=1), value="good")
        tokens.issue("refresh", grant, lifetime=None, value="again")
    return Bench(app)


def reopened(path: Path) -> Bench:
    """The same file in a new process, as it were."""
    app = new_app()
    app._adopt(World("default", store=SqliteStore(path)))
    return Bench(app)
