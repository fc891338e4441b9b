"""Worlds that several processes serve: each app here stands for a process of its own, over one PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.databases import end_session
from tests.storage.conftest import NewApp

from sandbooks.app import App
from sandbooks.control.worlds import CREATION, create
from sandbooks.storage import WorldGone
from sandbooks.storage.postgresql import PostgresDatabase
from sandbooks.storage.postgresql.connecting import connect
from sandbooks.storage.postgresql.store import PostgresStore
from sandbooks.wire import Request, Response
from sandbooks.world import World, registry

JOB = f"{__name__}:work"
HUB_JOB = "sandbooks.hub.syncs.engine:run"
RAN: list[str] = []


def work(world: World, body: dict[str, str]) -> None:
    """What a job does here."""
    RAN.append(body["name"])


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    RAN.clear()


def opened(app: App, name: str = "w") -> World:
    world = app.world(name)
    assert world is not None
    return world


def store_of(world: World) -> PostgresStore:
    assert isinstance(world.store, PostgresStore)
    return world.store


def lose_connection(world: World, url: str) -> None:
    row = store_of(world)._connection().execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    end_session(url, row[0])


# Worlds


def test_a_world_that_one_process_makes_is_served_by_the_others_with_its_seed(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    assert second.world("w") is None
    made = first.create_world("w", seed=4127)
    assert opened(second).seed == 4127
    assert opened(second).ids.fixed_uuid("x") == made.ids.fixed_uuid("x")
    assert [world.name for world in second.worlds() if world.name == "w"] == ["w"]
    with pytest.raises(ValueError, match="already"):
        second.create_world("w")


def test_a_world_that_one_process_deletes_is_gone_for_the_others_and_may_be_made_anew(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    first.create_world("w").put("s", "k", 1)
    old = opened(second)
    first.delete_world("w")
    assert second.world("w") is None
    with pytest.raises((WorldGone, psycopg.Error)), old.lock:
        pass
    second.create_world("w", seed=2)
    assert (opened(first).seed, opened(first).get("s", "k")) == (2, None)


def test_a_request_that_waited_for_a_world_until_it_was_deleted_finds_no_world(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    create(first, {"name": "w", "companies": [{"platform": "freeagent", "country": "GB"}]})
    world = opened(second)
    first.delete_world("w")
    request = Request("GET", "http://127.0.0.1:8787/w/w/freeagent/v2/company", (), b"")
    for waited in (second.edge.dispatch(request, world=world), second.edge.dispatch(request)):
        assert isinstance(waited, Response)
        assert waited.status == 404


def test_worlds_stand_when_every_process_has_ended(new_app: NewApp) -> None:
    app = new_app()
    app.create_world("w", seed=3).put("s", "k", "kept")
    app.close()
    assert opened(new_app()).get("s", "k") == "kept"


def test_counters_go_on_over_processes(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one, two = first.create_world("w"), opened(second)
    assert [world.ids.number("n") for world in (one, two, one, one, two)] == [1, 2, 3, 4, 5]


def test_many_processes_that_start_on_an_empty_database_at_once_lay_it_out_once(databases: object) -> None:
    from tests.databases import Databases

    assert isinstance(databases, Databases)
    url, found = databases.new(), []

    def start(number: int) -> None:
        database = PostgresDatabase(url)
        app = App(database=database)
        app.create_world(f"w{number}")
        found.append(number)
        app.close()

    threads = [threading.Thread(target=start, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database = PostgresDatabase(url)
    assert sorted(database.names()) == ["w0", "w1", "w2", "w3"]
    database.close()


# What a process remembers


def test_a_clock_that_one_process_moves_is_read_anew_by_the_others(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)
    one.clock.configure(mode="frozen")
    one.advance(by=timedelta(days=31))
    assert (opened(second).clock.now(), opened(second).clock.mode) == (one.clock.now(), "frozen")
    two.advance(by=timedelta(hours=5))
    with one.lock:
        assert one.clock.now() == two.clock.now()


def test_a_fault_that_one_process_was_told_of_acts_in_another(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    create(first, {"name": "w", "companies": [{"platform": "freeagent", "country": "GB"}]})
    seen = opened(second)
    told: Any = opened(first).plan
    told.add("server_error", at={"operation": "get_company"})
    plan: Any = seen.plan
    with seen.lock:
        assert [fault.kind for fault in plan.list()] == ["server_error"]


def test_what_nobody_else_has_written_is_not_read_anew(new_app: NewApp) -> None:
    world = new_app().create_world("w")
    with world.lock:
        world.local["remembered"] = 1
    with world.lock:
        assert world.local == {"remembered": 1}


# Snapshots


def test_snapshots_forks_and_resets_are_the_same_for_every_process(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    create(first, {"name": "w", "seed": 5, "companies": [{"platform": "xero", "country": "GB"}]})
    world = opened(first)
    born = world.clock.now()
    world.put("s", "k", 1)
    second.save_snapshot("w", "one")
    world.put("s", "k", 2)
    world.advance(by=timedelta(days=2))
    assert first.snapshots("w") == ["one", CREATION]
    fork = second.fork_world("w", "copy")
    assert (fork.get("s", "k"), fork.seed, fork.clock.now()) == (2, 5, world.clock.now())
    second.restore_snapshot("w", "one")
    assert (opened(first).get("s", "k"), opened(first).clock.now()) == (1, born)
    second.restore_snapshot("w", CREATION)
    assert opened(first).get("s", "k") is None
    assert opened(first, "copy").get("s", "k") == 2
    second.drop_snapshot("w", "one")
    with pytest.raises(LookupError):
        first.restore_snapshot("w", "one")


def test_a_snapshot_in_postgresql_opens_in_memory(new_app: NewApp) -> None:
    shared = new_app()
    create(shared, {"name": "w", "seed": 5, "companies": [{"platform": "freeagent", "country": "GB"}]})
    memory = App()
    copy = memory.adopt_image("w", opened(shared).image())
    assert copy.seed == 5
    assert copy.image() == opened(shared).image()
    memory.close()


# One writer at a time


def test_while_one_process_is_at_work_on_a_world_another_waits(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one, order = first.create_world("w"), []
    two = opened(second)
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        with two.lock:
            order.append(f"second sees {two.get('s', 'k')}")

    with one.lock:
        thread = threading.Thread(target=wait)
        thread.start()
        begun.wait()
        for value in range(20):
            one.put("s", "k", value)
        order.append("first")
    thread.join()
    assert order == ["first", "second sees 19"]


def test_a_process_that_dies_at_work_leaves_the_world_free_and_nothing_half_done(
    new_app: NewApp, database_url: str
) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)

    def die_half_way() -> None:
        with one.unit():
            one.put("s", "k", "half")
            lose_connection(one, database_url)
            with two.lock:
                assert two.get("s", "k") is None
            one.put("s", "k", "more")

    with pytest.raises(psycopg.OperationalError):
        die_half_way()
    assert two.get("s", "k") is None


def test_a_connection_that_was_lost_between_two_pieces_of_work_is_made_anew(new_app: NewApp, database_url: str) -> None:
    app = new_app()
    world = app.create_world("w")
    sessions = {world.store.session}
    for value in (1, 2):
        lose_connection(world, database_url)
        world.put("s", "k", value)
        sessions.add(world.store.session)
        lose_connection(world, database_url)
        assert opened(app).get("s", "k") == value
        assert world.get("s", "k") == value
        sessions.add(world.store.session)
    assert (len(sessions), min(sessions) > 0) == (5, True)


# Jobs


def test_each_job_is_run_by_one_process(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)
    with one.unit():
        for number in range(30):
            one.jobs.put(JOB, {"name": str(number)})
    threads = [threading.Thread(target=world.jobs.run_due) for world in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.settle()
    assert sorted(RAN, key=int) == [str(number) for number in range(30)]


def test_a_process_that_opens_a_world_leaves_alone_what_a_living_one_is_running(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    one.jobs.put(JOB, {"name": "taken"})
    with one.lock:
        assert one.jobs._claimed() is not None
    assert opened(second).jobs.run_due() == 0
    assert RAN == []


def test_what_a_dead_process_was_running_is_due_again(new_app: NewApp, database_url: str) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)
    one.jobs.put(JOB, {"name": "orphan"})
    with one.lock:
        assert one.jobs._claimed() is not None
    assert not two.jobs.is_ready()
    lose_connection(one, database_url)
    assert two.jobs.is_ready()
    assert two.jobs.run_due() == 1
    assert RAN == ["orphan"]


def test_a_process_that_lost_its_claim_goes_no_further_with_it(new_app: NewApp, database_url: str) -> None:
    world = new_app().create_world("w")
    world.jobs.put(f"{__name__}:losing", {"url": database_url})
    with pytest.raises(psycopg.OperationalError):
        world.jobs.run_due()
    assert [job.body for job in world.jobs.waiting()] == [{"url": database_url}]
    assert RAN == []


def losing(world: World, body: dict[str, str]) -> None:
    """A job whose process is cut off from the database half way; everything after that is refused."""
    lose_connection(world, body["url"])
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError):
            world.put("s", "k", 1)
    with world.unit():
        RAN.append("went on")


def test_jobs_of_one_hub_company_wait_for_each_other_and_others_do_not(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)
    for company in ("a", "a", "b"):
        one.jobs.put(HUB_JOB, {"company": company, "sync": "none"})
    with one.lock:
        taken = one.jobs._claimed()
    assert taken is not None
    with two.lock:
        beside = two.jobs._claimed()
        assert beside is not None
        assert two.jobs._claimed() is None
        assert two.jobs.runs_elsewhere(HUB_JOB, {"company": "a"})
        assert not two.jobs.runs_elsewhere(HUB_JOB, {"company": "b"})
    assert (taken.body["company"], beside.body["company"]) == ("a", "b")


def test_settling_waits_for_what_another_process_is_running(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    one = first.create_world("w")
    two = opened(second)
    two.jobs.put(f"{__name__}:slow", {"name": "slow"})
    begun, seen = STARTED, []
    begun.clear()
    runner = threading.Thread(target=two.jobs.run_due)
    runner.start()
    begun.wait()
    settler = threading.Thread(target=lambda: (one.settle(), seen.extend(RAN)))
    settler.start()
    settler.join(0.1)
    assert settler.is_alive()
    GO_ON.set()
    settler.join()
    runner.join()
    assert seen == ["slow", "after slow"]


STARTED, GO_ON = threading.Event(), threading.Event()


def slow(world: World, body: dict[str, str]) -> None:
    """A job that takes its time and leaves another."""
    STARTED.set()
    GO_ON.wait()
    RAN.append(body["name"])
    world.jobs.put(JOB, {"name": f"after {body['name']}"})


def test_only_live_worlds_with_something_due_are_looked_at(new_app: NewApp, database_url: str) -> None:
    first, second = new_app(), new_app()
    idle, live, stepped, later = (first.create_world(name) for name in ("idle", "live", "stepped", "later"))
    for world in (idle, live, later):
        world.clock.configure(mode="live", at=world.clock.wall() + timedelta(days=3))
    live.jobs.put(JOB, {"name": "live"})
    stepped.jobs.put(JOB, {"name": "stepped"})
    later.jobs.put(JOB, {"name": "later"}, due=later.clock.now() + timedelta(hours=1))
    assert [world.name for world in second.worlds_with_work()] == ["live"]
    later.advance(by=timedelta(minutes=59))
    with live.lock:
        assert live.jobs._claimed() is not None
    assert [world.name for world in second.worlds_with_work()] == ["live"]
    lose_connection(live, database_url)
    for world in second.worlds_with_work():
        world.jobs.run_due()
    assert (RAN, second.worlds_with_work()) == (["live"], [])
    later.clock.configure(at=later.clock.now() + timedelta(minutes=2))
    assert [world.name for world in second.worlds_with_work()] == ["later"]
    later.clock.configure(mode="frozen")
    assert second.worlds_with_work() == []


def test_a_process_holds_connections_to_the_worlds_that_it_used_last(
    new_app: NewApp, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "CONNECTED_MOST", 2)
    app = new_app()
    worlds = [app.create_world(f"w{number}") for number in range(4)]
    assert [store_of(world)._open is None for world in worlds] == [True, True, False, False]
    worlds[0].put("s", "k", 1)
    assert opened(new_app(), "w0").get("s", "k") == 1
    assert app.count_worlds() == 4


# Surfaces


def test_control_and_pages_of_every_process_show_the_same(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    create(first, {"name": "default", "companies": [{"platform": "xero", "country": "GB"}]})

    def shown(app: App, path: str) -> bytes:
        answer = app.edge.dispatch(Request("GET", f"http://127.0.0.1:8787{path}", (), b""))
        assert isinstance(answer, Response)
        assert answer.status == 200
        return answer.body

    for path in ("/_control/worlds", "/_control/worlds/default/companies", "/_control/worlds/default/clock", "/"):
        assert shown(first, path) == shown(second, path)


def test_a_world_of_an_older_layout_is_brought_up_to_date(
    database: PostgresDatabase, new_app: NewApp, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbooks.storage.postgresql import database as module

    new_app().create_world("w").put("s", "k", 1)
    monkeypatch.setattr(module, "layouts", lambda name, *, database: 2)
    monkeypatch.setattr(module, "schema", lambda name, *, database: f"CREATE TABLE {name} (added TEXT)")
    world = opened(new_app())
    assert world.get("s", "k") == 1
    kept = database.find("w")
    assert kept is not None
    with connect(database_url, schema_name=f"sandbooks_world_{kept.number}") as connection:
        assert connection.execute("SELECT count(*) FROM world_2").fetchone() == (0,)
