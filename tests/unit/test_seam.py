"""The seam: a toy platform from request to posted entry, through the edge."""

from datetime import date
from typing import Any

import pytest

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.edge import Edge, Surface
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company, find_company, open_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Account, AccountClass, Entry, Refusal, Source, credit, debit
from sandbooks.money import Money
from sandbooks.wire import Request, Response


def create_spend(call: Call) -> Response:
    company = find_company(call.world, "toy", call.args["company"])
    assert company is not None
    call.company = company
    body = call.json()
    with call.unit():
        number = str(company.records.next_number("spend"))
        record = company.records.put("Spend", number, body, version=1, keys={"ref": body["ref"]})
        amount = Money.of(body["amount"], "GBP")
        entry = Entry(date(2026, 3, 2), Source("Spend", number, 1), (debit("travel", amount), credit("card", amount)))
        company.post(record, entry)
    return json_reply({"id": number, "amount": body["amount"]}, status=201)


def lacking(call: Call) -> Response:
    raise NotSimulated("spend approval")


def crash(call: Call) -> Response:
    raise ZeroDivisionError


class Toy:
    name = "toy"
    operations = (
        Operation("create_spend", "POST", "/<company>/spend", create_spend, writes=True, public=True),
        Operation("approve", "POST", "/<company>/approve", lacking, public=True),
        Operation("crash", "GET", "/crash", crash, public=True),
    )

    def route(self, path: str) -> str:
        return path.lower()

    def admit(self, call: Call) -> None:
        raise AssertionError("every operation of the toy is public")

    def refused(self, call: Call, refusal: Refusal) -> Response:
        return json_reply({"no": type(refusal).__name__}, status=400)

    def unmatched(self, call: Call, status: int) -> Response:
        return json_reply({"no": status}, status=status)

    def broken(self, call: Call, error: Exception) -> Response:
        return json_reply({"no": "internal"}, status=500)

    def absent(self, call: Call, error: NotSimulated) -> Response:
        return json_reply({"no": error.feature}, status=501)

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        return json_reply({"no": retry_after}, status=429)


@pytest.fixture
def app() -> App:
    app = App()
    app.edge = Edge(app, {"toy": Surface("toy", hosts=("api.toy.example",), load=Toy)}, pages={})
    world = app.create_world(seed=7)
    company = open_company(world, "toy", "acme", name="Acme", country="GB", currency="GBP")
    company.book.open_account(Account("travel", "Travel", AccountClass.EXPENSE))
    company.book.open_account(Account("card", "Card", AccountClass.LIABILITY))
    return app


def post(app: App, url: str, body: object, **how: Any) -> Response:
    answer = app.edge.dispatch(Request("POST", url, (), exact_json.dumps(body)), **how)
    assert isinstance(answer, Response)
    return answer


def acme(app: App) -> Company:
    world = app.world("default")
    assert world is not None
    company = find_company(world, "toy", "acme")
    assert company is not None
    return company


def test_a_write_by_prefix_or_by_vendor_host_lands_in_the_books(app: App) -> None:
    assert post(app, "http://127.0.0.1:9/toy/acme/spend", {"ref": "a", "amount": "12.30"}).status == 201
    assert post(app, "https://api.toy.example/ACME/spend", {"ref": "b", "amount": "0.41"}).status == 201
    assert str(acme(app).book.balance("card").base) == "-12.71 GBP"
    assert [record.body["ref"] for record in acme(app).records.scan("Spend")] == ["a", "b"]


def test_an_exchange_notes_its_phases_and_what_it_wrote(app: App) -> None:
    post(app, "http://127.0.0.1:9/toy/acme/spend", {"ref": "a", "amount": "3.07"})
    world = app.world("default")
    assert world is not None
    (entry,) = world.tape.entries()
    assert entry.phases == ("connect", "send", "admit", "validate", "commit", "render", "deliver")
    assert entry.written == [("toy", "acme", "Spend", "1", 1, "create")]
    assert (entry.operation, entry.company, entry.status) == ("create_spend", "acme", 201)


def test_a_refusal_of_the_ledger_is_native_and_writes_nothing(app: App) -> None:
    acme(app).book.lock(date(2026, 3, 31))
    answer = post(app, "http://127.0.0.1:9/toy/acme/spend", {"ref": "a", "amount": "3.07"})
    assert (answer.status, exact_json.loads(answer.body)) == (400, {"no": "PeriodClosed"})
    assert list(acme(app).records.scan("Spend")) == []


def test_what_is_not_simulated_says_so_loudly(app: App) -> None:
    answer = post(app, "http://127.0.0.1:9/toy/acme/approve", {})
    assert (answer.status, answer.header("X-Sandbooks-Not-Simulated")) == (501, "spend approval")
    with pytest.raises(NotSimulated):
        post(app, "http://127.0.0.1:9/toy/acme/approve", {}, raises=True)


def test_a_bug_of_ours_is_a_native_500_on_a_socket_and_an_exception_in_process(app: App) -> None:
    request = Request("GET", "http://127.0.0.1:9/toy/crash")
    answer = app.edge.dispatch(request)
    assert isinstance(answer, Response)
    assert (answer.status, answer.header("X-Sandbooks-Bug")) == (500, "ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        app.edge.dispatch(request, raises=True)


def test_unknown_paths_and_methods_are_answered_by_the_surface(app: App) -> None:
    answer = post(app, "http://127.0.0.1:9/toy/nowhere", {})
    assert answer.status == 404
    answer = post(app, "http://127.0.0.1:9/toy/crash", {})
    assert answer.status == 405


def test_a_fork_goes_its_own_way(app: App) -> None:
    post(app, "http://127.0.0.1:9/toy/acme/spend", {"ref": "a", "amount": "5.11"})
    app.fork_world("default", "other")
    answer = post(app, "http://127.0.0.1:9/w/other/toy/acme/spend", {"ref": "b", "amount": "6.22"}, raises=True)
    assert answer.status == 201
    assert str(acme(app).book.balance("card").base) == "-5.11 GBP"
    other = app.world("other")
    assert other is not None
    forked = find_company(other, "toy", "acme")
    assert forked is not None
    assert str(forked.book.balance("card").base) == "-11.33 GBP"
