"""An answer that goes on: what it names as its continuation is asked for again and again, and sent as it comes.

Holds no worker of the server: one thread for each such connection, until the client or the server goes.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from msgspec import structs
from waitress.channel import ClientDisconnected

from sandbooks.framing import write_chunk
from sandbooks.wire import CONTINUES, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbooks.serving.listener import Connection, Listener
    from sandbooks.wire import Request

POLL_SECONDS = 0.2
SILENCE_SECONDS_MAX = 15


def follow(listener: Listener, connection: Connection, request: Request, first: Response) -> None:
    """Send on whatever comes after an answer whose head has been written, in a thread of its own."""

    def run() -> None:
        with contextlib.suppress(ClientDisconnected, OSError):  # OSError: the server's own sockets are closed already
            for piece in _pieces(listener, request, first):
                connection.write_soon(write_chunk(piece))
                listener.pull_trigger()
            if not listener.stopping.is_set():
                connection.write_soon(write_chunk(b""))
                connection.end()

    threading.Thread(target=run, name="sandbooks follower", daemon=True).start()


def _pieces(listener: Listener, request: Request, first: Response) -> Iterator[bytes]:
    """The bodies as they come, and an empty line where nothing has come for long."""
    answer, silent = first, 0.0
    while True:
        silent = 0.0 if answer.body else silent + POLL_SECONDS
        if answer.body:
            yield answer.body
        elif silent >= SILENCE_SECONDS_MAX:
            silent = 0.0
            yield b"\n"
        url = answer.header(CONTINUES)
        if not url or listener.stopping.wait(POLL_SECONDS):
            return
        later = listener.dispatch(structs.replace(request, url=f"{request.scheme}://{request.host}{url}"))
        if not isinstance(later, Response):
            return
        answer = later
