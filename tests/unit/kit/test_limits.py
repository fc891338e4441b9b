"""Quotas on the world's clock."""

from typing import Any

from sandbooks.app import App
from sandbooks.kit.limits import Window, by_token, overlapping, take
from sandbooks.wire import Request
from sandbooks.world import Exchange

WINDOW = Window("minute", 2, 60)


def test_a_window_admits_its_number_and_no_more() -> None:
    world = App().create_world(seed=5)
    assert [(q.remaining, q.exceeded) for q in (take(world, "acme", WINDOW) for _ in range(3))] == [
        (1, False),
        (0, False),
        (0, True),
    ]


def test_without_limits_no_answer_says_that_a_quota_ran_dry() -> None:
    world = App().create_world(seed=5)
    world.put("settings", "limits", "off")
    assert {(q.remaining, q.exceeded) for q in (take(world, "acme", WINDOW) for _ in range(9))} == {(2, False)}


def _request(token: str) -> Request:
    return Request("GET", "https://api.example/things", (("Authorization", f"Bearer {token}"),))


def test_requests_of_one_caller_that_are_under_way_together_are_counted() -> None:
    world = App().create_world(seed=5)
    with world.traffic.joined("ledger", _request("a")), world.traffic.joined("ledger", _request("b")):
        with world.traffic.joined("other", _request("a")), world.traffic.joined("ledger", _request("a")) as beside:
            exchange = Exchange(world, 1, "ledger", _request("a"), beside=beside)
            assert overlapping(exchange, by_token) == 2
        with world.traffic.joined("ledger", _request("a")) as beside:
            assert overlapping(Exchange(world, 2, "ledger", _request("a"), beside=beside), by_token) == 2


def test_without_limits_no_request_meets_another() -> None:
    world = App().create_world(seed=5)
    world.put("settings", "limits", "off")
    with world.traffic.joined("ledger", _request("a")), world.traffic.joined("ledger", _request("a")) as beside:
        assert overlapping(Exchange(world, 1, "ledger", _request("a"), beside=beside), by_token) == 1


def test_an_exchange_knows_what_is_under_way_beside_it() -> None:
    app = App()
    world = app.create_world(seed=5)
    seen: list[int] = []

    class Plan:
        def __getattr__(self, _: str) -> Any:
            return lambda *_given: None

        def opened(self, exchange: Exchange) -> None:
            seen.append(len(exchange.beside))

    world.plan = Plan()
    asked = Request("GET", "http://127.0.0.1/codat/companies", ())
    with world.traffic.joined("codat", asked), world.traffic.joined("xero", asked):
        app.edge.dispatch(asked, world=world)
    app.edge.dispatch(asked, world=world)
    assert seen == [1, 0]
