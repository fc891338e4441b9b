"""Client code that reads the process clock or sleeps lives in the world's time."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from time import sleep as early_bound_sleep

import pytest
from tests.toy import registered
from tests.toy_client import ToyClient

from sandbooks import Sandbox

START = datetime(2026, 3, 28, 17, 40, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with registered(), Sandbox(clock=START, mode="frozen") as made:
        yield made


def test_every_way_to_read_the_time_of_day_agrees_with_the_world(sandbox: Sandbox) -> None:
    with sandbox.client_time():
        assert time.time() == START.timestamp()
        assert datetime.now(UTC) == START
        sandbox.clock.advance(days=31)
        assert datetime.now(UTC) == START + timedelta(days=31)
        assert time.strftime("%Y-%m-%d", time.gmtime()) == "2026-04-28"
    assert abs(datetime.now(UTC) - START) > timedelta(minutes=1)


def test_the_clock_follows_every_exchange_of_a_stepped_world() -> None:
    with registered(), Sandbox(clock=START) as sandbox:
        acme = sandbox.company("toy")
        with sandbox.client_time(), sandbox.intercept(), ToyClient(acme.credentials) as client:
            client.find("r-1")
            assert datetime.now(UTC) == START + timedelta(seconds=1)


def test_sleeping_moves_the_world_and_takes_no_time(sandbox: Sandbox) -> None:
    began = time.monotonic()
    with sandbox.client_time():
        time.sleep(3600)
        early_bound_sleep(60)
        assert sandbox.clock.now == START + timedelta(seconds=3660)
        assert time.time() == sandbox.clock.now.timestamp()
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
    assert time.monotonic() - began < 5


def test_what_was_patched_is_put_back_even_after_an_error(sandbox: Sandbox) -> None:
    before = (time.sleep, asyncio.sleep, asyncio.tasks.sleep, early_bound_sleep)
    with pytest.raises(KeyError), sandbox.client_time():
        raise KeyError
    assert (time.sleep, asyncio.sleep, asyncio.tasks.sleep, early_bound_sleep) == before


def test_sleeping_tasks_wake_in_the_order_of_their_times(sandbox: Sandbox) -> None:
    woken: list[tuple[str, float]] = []

    async def nap(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((name, (sandbox.clock.now - START).total_seconds()))

    async def all_of_them() -> str:
        await asyncio.gather(nap("long", 9), nap("short", 2.5), nap("middle", 5), nap("none", 0))
        return await asyncio.sleep(1, "rested")

    with sandbox.client_time():
        assert asyncio.run(all_of_them()) == "rested"
    assert woken == [("none", 0), ("short", 2.5), ("middle", 5), ("long", 9)]
    assert sandbox.clock.now == START + timedelta(seconds=10)


def test_a_background_poller_does_not_run_away_with_the_time(sandbox: Sandbox) -> None:
    polls: list[datetime] = []

    async def poll() -> None:
        while True:
            await asyncio.sleep(30)
            polls.append(sandbox.clock.now)

    async def work() -> None:
        poller = asyncio.create_task(poll())
        for _ in range(50):
            await asyncio.sleep(0)
        await asyncio.sleep(65)
        poller.cancel()

    with sandbox.client_time():
        asyncio.run(work())
    assert len(polls) == 2
    assert sandbox.clock.now == START + timedelta(seconds=65)


def test_a_client_renews_its_token_when_its_own_clock_says_so(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    with sandbox.client_time(), sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
        assert client.renewals == 0
        sandbox.clock.advance(minutes=26)
        client.export("r-02", "4.10")
        assert client.renewals == 1
    assert [entry.status for entry in sandbox.tape()] == [201, 200, 201]


def test_a_client_that_waits_as_it_was_told_is_let_in_again(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    fault = sandbox.fault("throttle", at=acme.write("r-01"), retry_after=45)
    with sandbox.client_time(), sandbox.intercept(), ToyClient(acme.credentials) as client, fault:
        client.export("r-01", "12.30")
    assert [entry.status for entry in sandbox.tape()] == [429, 201]
    assert sandbox.clock.now == START + timedelta(seconds=45)
    acme.assert_respects_limits()


def test_a_live_world_is_refused(sandbox: Sandbox) -> None:
    with Sandbox(mode="live") as live, pytest.raises(ValueError, match="live world"), live.client_time():
        pass


def test_a_module_that_takes_sleep_meanwhile_gets_the_real_one_back(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "napping_client.py").write_text("from time import sleep\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = time.sleep
    with sandbox.client_time():
        napping_client = import_module("napping_client")
        assert napping_client.sleep is not before
    assert napping_client.sleep is before
    with sandbox.client_time():
        napping_client.sleep(60)
        assert sandbox.clock.now == START + timedelta(seconds=60)
