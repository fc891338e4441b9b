"""Jobs that another thread has taken: who needs what comes of them waits."""

from __future__ import annotations

import threading

from sandbooks.app import App
from sandbooks.world import World

BEGUN, MAY_END = threading.Event(), threading.Event()
DONE: list[str] = []


def work(world: World, body: dict[str, str]) -> None:
    """What a job does here: it takes until it is told to end."""
    BEGUN.set()
    assert MAY_END.wait(10)
    DONE.append(body["name"])


def test_what_another_thread_is_running_is_waited_for() -> None:
    app = App()
    world = app.create_world()
    world.jobs.put(f"{__name__}:work", {"name": "pull"})
    heartbeat = threading.Thread(target=world.jobs.run_due)
    heartbeat.start()
    assert BEGUN.wait(10)
    threading.Timer(0.05, MAY_END.set).start()
    world.jobs.finish_due()
    assert DONE == ["pull"]
    heartbeat.join()
    app.close()
