"""``sandbooks serve`` that kills itself: SIGKILL before or after the n-th request between hub and platform,
counted from the first expense that is handed over.

Usage: killing_server.py WORLD_FILE_OR_URL PORT PLATFORM before|after N
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sandbooks.app import App
from sandbooks.cli.main import main
from sandbooks.edge import Edge
from sandbooks.wire import Answer, Request
from sandbooks.world import World


def kill_at(moment: str, n: int) -> None:
    """From now on, count what the hub sends while it syncs and end the process there."""
    call, dispatch = App.call, Edge.dispatch
    sent, armed = 0, False

    def noticed(self: Edge, request: Request, **how: Any) -> Answer:
        nonlocal armed
        armed = armed or (request.method == "POST" and request.path.endswith("/expense-transactions"))
        return dispatch(self, request, **how)

    def counted(self: App, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        nonlocal sent
        syncing = armed and world.jobs.running
        sent += syncing
        if syncing and sent == n and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call(self, world, request, actor=actor, parent=parent)
        if syncing and sent == n and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Edge.dispatch = noticed  # type: ignore[method-assign]
    App.call = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    file, port, platform, when, place = sys.argv[1:]
    kill_at(when, int(place))
    main(["serve", "--db", file, "--port", port, "--platform", platform, "--json", "--limits", "off"])
