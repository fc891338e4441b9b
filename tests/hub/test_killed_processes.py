"""Server and workers killed by SIGKILL at every step of a sync, on both databases: each expense is posted once.

The steps are enumerated: the processes count together, and whoever takes step n dies there, for each n until a sync
comes to its end before it gets that far. A killed process is replaced by another over the same database, in which the
next expense is handed over; so every kill also meets what the kills before it have left.

On one platform every step is enumerated, with one process and with four; on the others, and where answers are lost,
those are at which a request of the hub goes or was answered. ``KILLS=every`` enumerates every step of every platform.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.databases import Databases
from tests.hub.processes import Client, House, Nursery, Receiver, carrying, receiving, transaction_id, until

from sandbooks.platform import platforms

PLATFORM = "freeagent"
OTHERS = [name for name, platform in platforms().items() if platform.connector and name != PLATFORM]
EVERY = os.environ.get("KILLS") == "every"
HOUSES = {
    "a server over a file": (False, {}),
    "a server over postgresql": (True, {}),
    "four servers over postgresql": (True, {"servers": 4}),
    "one worker over postgresql": (True, {"workers": 1}),
    "four workers over postgresql": (True, {"workers": 4}),
}
USUAL = ("a server over a file", "four workers over postgresql")
Work = Callable[[House, Client, str], None]
Open = Callable[..., AbstractContextManager[tuple[House, Receiver]]]


def at_its_pace(house: House, client: Client, id: str) -> None:
    """An expense is handed over and taken to its end."""
    client.push(id)
    until(lambda: house.nursery.hit or house.at_rest(), what="rest, or a death")


def hurried(house: House, client: Client, id: str) -> None:
    """The same, and time is moved on over what is waited for."""
    client.push(id)
    until(lambda: house.nursery.hit or (client.settle() and house.at_rest()), what="rest, or a death")


def recovered(house: House, client: Client, id: str) -> None:
    """Whoever died is replaced, the client asks what came of its expense, and everything comes to rest."""
    house.revive()
    if not client.statuses(id):
        assert client.push(id)
    until(lambda: client.settle() and house.at_rest(), what="rest after the kill")


def killed_at_each_step(house: House, receiver: Receiver, work: Work = hurried, *, lost: bool = False) -> list[str]:
    """The steps, once each of them was the last of a process. ``lost``: so is the answer to each write."""
    client = Client(house.told)
    client.configure(receiver.url)
    before = len(client.documents())
    for step in itertools.count(1):
        id = transaction_id(step)
        if lost:
            client.lose_answer(id)
        house.nursery.aim(step)
        work(house, client, id)
        died, taken = house.nursery.spare(), house.nursery.steps()
        recovered(house, client, id)
        assert client.statuses(id) == ["Completed"], (step, taken[-1], house.errors())
        assert carrying(client.documents(), id) == 1, (step, taken[-1])
        assert any(id.encode() in body for _, body in receiver.received), (step, taken[-1])
        if not died:
            break
    assert len(client.documents()) - before == step
    assert client.findings() == []
    return taken


@pytest.fixture
def opened(tmp_path: Path, databases: Databases) -> Open:
    """Opens a house over a database of its own, and a receiver of its webhooks."""

    @contextmanager
    def made(
        platform: str, *, shared: bool = False, steps: str = "every", **more: int
    ) -> Iterator[tuple[House, Receiver]]:
        url = databases.new() if shared else str(tmp_path / "world.db")
        nursery = Nursery(tmp_path, platform, kinds=steps)
        try:
            house = House(nursery, url, platform, **more)
            house.revive()
            with receiving() as receiver:
                yield house, receiver
        finally:
            house.end()
            nursery.end()

    return made


@pytest.mark.parametrize("kind", HOUSES if EVERY else USUAL)
def test_an_expense_is_posted_once_whichever_step_a_process_is_killed_at(kind: str, opened: Open) -> None:
    shared, more = HOUSES[kind]
    with opened(PLATFORM, shared=shared, **more) as (house, receiver):
        taken = killed_at_each_step(house, receiver, at_its_pace)
    assert {"jobs.claim", "before call", "after call", "before deliver", "after deliver", "jobs.done"} <= set(taken)


@pytest.mark.parametrize("kind", ["a server over a file", *(["four workers over postgresql"] if EVERY else [])])
def test_an_expense_whose_answer_was_lost_is_posted_once_whichever_step_a_process_is_killed_at(
    kind: str, opened: Open
) -> None:
    shared, more = HOUSES[kind]
    with opened(PLATFORM, shared=shared, steps="every" if EVERY else "requests", **more) as (house, receiver):
        taken = killed_at_each_step(house, receiver, lost=True)
    assert taken.count("before call") > 1, "it was looked up"


@pytest.mark.parametrize("kind", HOUSES if EVERY else ["a server over a file"])
@pytest.mark.parametrize("platform", OTHERS)
def test_an_expense_is_posted_once_on_every_platform_whichever_request_a_process_is_killed_at(
    platform: str, kind: str, opened: Open
) -> None:
    shared, more = HOUSES[kind]
    with opened(platform, shared=shared, steps="every" if EVERY else "requests", **more) as (house, receiver):
        taken = killed_at_each_step(house, receiver)
    assert {"before call", "after call"} <= set(taken)
