"""Vendor host names at the edge: whole names, and patterns for vendors that give each account a host of its own."""

import pytest
from tests.unit.test_seam import Toy

from sandbooks.app import App
from sandbooks.edge import Edge, Surface
from sandbooks.kit.company import open_company
from sandbooks.ledger import Account, AccountClass
from sandbooks.wire import Request, Response


@pytest.fixture
def app() -> App:
    app = App()
    hosts = ("api.toy.example", "*.accounts.toy.example")
    app.edge = Edge(app, {"toy": Surface("toy", hosts=hosts, load=Toy)}, pages={})
    company = open_company(app.create_world(seed=7), "toy", "acme", name="Acme", country="GB", currency="GBP")
    company.book.open_account(Account("travel", "Travel", AccountClass.EXPENSE))
    company.book.open_account(Account("card", "Card", AccountClass.LIABILITY))
    return app


def status(app: App, host: str) -> int:
    body = b'{"ref":"r","amount":"7.31"}'
    answer = app.edge.dispatch(Request("POST", f"https://{host}/acme/spend", (), body))
    assert isinstance(answer, Response)
    return answer.status


@pytest.mark.parametrize("host", ["api.toy.example", "12-sb1.accounts.toy.example", "A.Accounts.toy.example:443"])
def test_a_host_of_a_platform_is_answered(app: App, host: str) -> None:
    assert app.edge.knows_host(host)
    assert status(app, host) == 201


@pytest.mark.parametrize("host", ["accounts.toy.example", "a.b.accounts.toy.example", "toy.example"])
def test_any_other_host_is_not(app: App, host: str) -> None:
    assert not app.edge.knows_host(host)
    assert status(app, host) == 404
