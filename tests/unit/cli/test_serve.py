"""``serve`` from its first request on: who is let through when, and what the hub reads meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from sandbooks.app import App
from sandbooks.cli.serve import Gate, begin
from sandbooks.control.companies import list_companies
from sandbooks.hub import records
from sandbooks.wire import Request, Response
from sandbooks.world import World
from sandbooks.world.ticker import run_out

PATIENCE = 5


@pytest.fixture
def app() -> Iterator[App]:
    app = App(raises=False)
    yield app
    app.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def _asked(gate: Gate, path: str, pool: ThreadPoolExecutor, *, host: str = "127.0.0.1") -> Future[int]:
    def ask() -> int:
        answer = gate(Request("GET", f"http://{host}{path}"))
        assert isinstance(answer, Response)
        return answer.status

    return pool.submit(ask)


def test_each_request_waits_for_what_it_asks_for_and_no_longer(app: App, pool: ThreadPoolExecutor) -> None:
    gate = Gate(app.edge)
    hub = [
        _asked(gate, "/codat/companies", pool),
        _asked(gate, "/w/default/codat/companies", pool),
        _asked(gate, "/companies", pool, host="api.codat.io"),
    ]
    native = _asked(gate, "/freeagent/v2/company", pool)
    assert _asked(gate, "/_control/health", pool).result(PATIENCE) == 200
    app.create_world()
    gate.open()
    assert native.result(PATIENCE) == 401
    assert not any(asked.done() for asked in hub)
    gate.open_hub()
    assert [asked.result(PATIENCE) for asked in hub] == [401, 401, 401]


@pytest.fixture
def worlds(app: App) -> tuple[World, World]:
    """A world whose hub has read everything when it is opened, and one that leaves it to jobs."""
    awaited, later = app.create_world("awaited", seed=5), app.create_world("later", seed=5)
    for world in (awaited, later):
        begin(app, world, clock="live", only=("freeagent", "quickbooks_desktop"), awaited=world is awaited)
    return awaited, later


def test_what_is_read_later_ends_as_what_is_read_at_once(worlds: tuple[World, World]) -> None:
    awaited, later = worlds
    assert (awaited.jobs.waiting(), len(later.jobs.waiting()) > 0) == ([], True)
    run_out(later)
    assert later.jobs.waiting() == []
    assert _told(later) == _told(awaited)
    assert all(configuration["bankAccount"] and links for configuration, links in _told(later))


def test_a_reset_brings_back_a_hub_that_has_read_its_lists(app: App, worlds: tuple[World, World]) -> None:
    awaited, later = worlds
    run_out(later)
    answer = app.edge.dispatch(Request("POST", "http://127.0.0.1/_control/worlds/later/reset"))
    assert isinstance(answer, Response)
    assert (answer.status, _told(later)) == (200, _told(awaited))


def test_a_stepped_world_is_opened_whole(app: App) -> None:
    world = app.create_world()
    begin(app, world, clock="stepped@2026-03-28T17:40:00Z", only=("freeagent",), awaited=False)
    assert world.jobs.waiting() == []


def _told(world: World) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The configuration and the connections of each hub company; QuickBooks Desktop's ids end with the time."""
    told = []
    for hub in (company["company_id"] for company in list_companies(world, "") if company["platform"] == "codat"):
        chosen = records.get(world, "config", "config", company=hub) or {}
        links = [(link["id"], link["status"]) for link in records.every(world, "connection", company=hub)]
        told.append(({part: one.get("id", "").partition("-")[0] for part, one in chosen.items()}, links))
    return told
