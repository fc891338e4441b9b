"""Server and workers killed by SIGKILL at every step of a sync, on both databases: each expense is posted once.

The steps are enumerated: the processes count together, and whoever takes step n dies there, for each n until a sync
comes to its end before it gets that far. A killed process is replaced by another over the same database, in which the
next expense is handed over; so every kill also meets what the kills before it have left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.databases import Databases
from tests.hub.processes import Client, House, Nursery, carrying, receiving, transaction_id, until

PLATFORM = "freeagent"
HOUSES = {
    "a server over a file": ("file", {}),
    "a server over postgresql": ("postgresql", {}),
    "four servers over postgresql": ("postgresql", {"servers": 4}),
    "one worker over postgresql": ("postgresql", {"workers": 1}),
    "four workers over postgresql": ("postgresql", {"workers": 4}),
}


def play(house: House, client: Client, id: str) -> bool:
    """Hand an expense over and wait until all work on it has ended, or somebody has died; whether somebody has."""
    client.push(id)
    until(lambda: house.nursery.hit or house.at_rest(), what="rest, or a death")
    return house.nursery.hit


def recovered(house: House, client: Client, id: str) -> None:
    """Whoever died is replaced, the client asks what came of its expense, and everything comes to rest."""
    house.nursery.aim(0)
    house.revive()
    if not client.is_known(id):
        assert client.push(id)
    until(lambda: client.settle() and house.at_rest(), what="rest after the kill")


def enumerate_kills(house: House, receiver_url: str) -> list[str]:
    client = Client(house.told)
    client.configure(receiver_url)
    before = len(client.documents())
    for step in itertools.count(1):
        id = transaction_id(step)
        house.nursery.aim(step)
        died = play(house, client, id)
        taken = house.nursery.steps()
        print(step, died, len(taken), taken[-1:], flush=True)
        recovered(house, client, id)
        assert client.statuses(id) == ["Completed"], (step, taken[-1], house.errors())
        assert carrying(client.documents(), id) == 1, (step, taken[-1])
        if not died:
            break
    assert len(client.documents()) - before == step
    assert client.findings() == []
    return taken


@pytest.mark.parametrize("kind", HOUSES)
def test_an_expense_is_posted_once_whichever_step_a_process_is_killed_at(
    kind: str, tmp_path: Path, databases: Databases
) -> None:
    database, more = HOUSES[kind]
    url = databases.new() if database == "postgresql" else str(tmp_path / "world.db")
    nursery = Nursery(tmp_path, PLATFORM)
    with ExitStack() as stack:
        stack.callback(nursery.end)
        receiver = stack.enter_context(receiving())
        house = House(nursery, url, platform=PLATFORM, **more)
        stack.callback(house.end)
        taken = enumerate_kills(house, receiver.url)
        print(len(taken), taken)
