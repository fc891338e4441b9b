"""A world on the wall clock: time passes between any two readings of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbooks.app import App
from sandbooks.world import World

DONE: list[str] = []


def do(_: World, body: dict[str, Any]) -> None:
    """The job of these tests."""
    DONE.append(body["what"])


def test_settling_does_what_fell_due_a_moment_ago_and_what_falls_due_soon() -> None:
    app = App()
    world = app.create_world(seed=1)
    world.clock.configure(mode="live")
    DONE.clear()
    now = world.clock.now()
    world.jobs.put(f"{__name__}:do", {"what": "late"}, due=now - timedelta(seconds=1))
    world.jobs.put(f"{__name__}:do", {"what": "now"}, due=now)
    world.jobs.put(f"{__name__}:do", {"what": "soon"}, due=now + timedelta(microseconds=40))
    world.jobs.put(f"{__name__}:do", {"what": "later"}, due=now + timedelta(minutes=3))
    world.settle()
    assert DONE == ["late", "now", "soon", "later"]
    assert world.clock.now() >= now + timedelta(minutes=3)
    app.close()
