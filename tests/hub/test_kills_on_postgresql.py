"""A sync whose process is cut off from PostgreSQL at any step, and taken up by another process, posts exactly once.

Unlike a kill in memory nothing is copied: the dead process leaves what it had committed, its claim and its session
behind, and the next process finds them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import psycopg
import pytest
from tests.hub.bill_pay.desk import created, payer
from tests.hub.bill_pay.test_cut_off import _push, _push_to_the_end, _pushes, _state
from tests.hub.desk import Desk, open_desk
from tests.hub.test_kills import WORK, Killed, Reaper, accepted, settled_once

from sandbooks.app import App
from sandbooks.audit import audit_company
from sandbooks.kit.company import find_company
from sandbooks.storage.postgresql import PostgresDatabase, PostgresStore
from sandbooks.world import World

Desks = Callable[[bytes, str], Desk]
NAMES = itertools.count(1)


class Cut(Reaper):
    """Cuts the process off from its database, and kills it, at the chosen point."""

    def _pass(self) -> None:
        if self._world.store.in_unit:
            return
        self.passed += 1
        if self.passed == self._point:
            self._world.store.close()
            raise Killed


def over(app: App, desk: Desk, world: World) -> Desk:
    """A desk in a world of its kind."""
    native = find_company(world, desk.native.platform, desk.native.id)
    assert native is not None
    return Desk(app, world, native, desk.labels, desk.company, desk.connection, desk.api_key)


class Machines:
    """Processes over one database, each an app of its own."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self._url = url
        self._stack = stack

    def _app(self) -> App:
        app = App(database=PostgresDatabase(self._url))
        self._stack.callback(app.close)
        return app

    def first(self, desk: Desk, image: bytes) -> Desk:
        """A process that begins a world from an image."""
        app = self._app()
        return over(app, desk, app.adopt_image(f"kill-{next(NAMES)}", image))

    def next(self, desk: Desk) -> Desk:
        """Another process that opens the same world."""
        app = self._app()
        world = app.world(desk.world.name)
        assert world is not None
        return over(app, desk, world)

    def end(self, desk: Desk) -> None:
        """The world is looked at no more."""
        desk.app.delete_world(desk.world.name)
        desk.app.close()


@pytest.fixture
def machines(database_url: str) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(database_url, stack)


def killed(machines: Machines, desk: Desk, *, point: int, work: Callable[[Desk], object]) -> Desk:
    """What the next process finds."""
    killer = Cut(desk.world, point)
    with suppress(Killed, psycopg.OperationalError):  # the dying process cannot even say that its job failed
        work(desk)
    assert killer.passed >= point
    assert isinstance(desk.world.store, PostgresStore)
    return machines.next(desk)


def test_an_expense_cut_off_at_any_step_is_posted_once_by_the_next_process(machines: Machines) -> None:
    begun = open_desk()
    image = begun.world.image()
    work = WORK["Payment on visa"]
    whole = machines.first(begun, image)
    reaper = Cut(whole.world)
    work(whole)
    steps = reaper.passed
    machines.end(whole)
    assert steps > 6
    for point in range(1, steps + 1):
        after = killed(machines, machines.first(begun, image), point=point, work=work)
        if not accepted(after):
            work(after)  # the client had no answer and sends again
        settled_once(after)
        assert audit_company(after.native) == []
        machines.end(after)


def test_a_push_of_bill_pay_cut_off_at_any_step_is_written_once_by_the_next_process(machines: Machines) -> None:
    begun = payer("quickbooks_online")
    bill = str(created(begun, 1)["id"])
    image = begun.world.image()
    whole = machines.first(begun, image)
    reaper = Cut(whole.world)
    _push_to_the_end(whole, bill)
    steps = reaper.passed
    wanted = _state(whole)
    assert steps > 3
    machines.end(whole)
    for point in range(1, steps + 1):
        after = killed(
            machines, machines.first(begun, image), point=point, work=lambda desk: _push_to_the_end(desk, bill)
        )
        after.world.settle()
        if not _pushes(after):
            _push(after, bill)  # the client had no answer and sends again
            after.world.settle()
        assert [one["status"] for one in _pushes(after)] == ["Success"], point
        assert _state(after) == wanted, point
        assert audit_company(after.native) == []
        machines.end(after)
