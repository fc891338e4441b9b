"""A dispatch on a real port: HTTP/1.1 over TCP, for clients in other processes and other languages.

The server reads requests raw and writes answers through the same framing as an intercepted connection, so that both
ways in show a client the same bytes. What a Cut means is done to the socket itself. Knows dispatches and wire values,
no platform; the HTTP server library is loaded when a server is made.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

from sandbooks.framing import origin_of

if TYPE_CHECKING:
    from types import TracebackType

    from sandbooks.wire import Dispatch

__all__ = ["Server", "bound"]

BACKLOG = 1024
THREADS_MAX = 128  # more than any platform admits at once, so that the one too many is refused by it


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens already, to be handed to the servers of several processes: each takes what it can.

    Clients wait in it until the first server stands. Raises OSError where the address is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


class Server:
    """Serves a dispatch from at most ``threads`` worker threads; ``port`` 0 takes a free one. Binds when made.

    ``shared`` is a socket that listens already (:func:`bound`); host and port are its own then. Raises OSError where
    the address is taken. Also a context manager: served inside, stopped at the end.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        threads: int = THREADS_MAX,
        shared: socket.socket | None = None,
    ) -> None:
        from sandbooks.serving.listener import Listener, settings_of

        self._listener = Listener(dispatch, settings_of(host, port, threads), shared)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def url(self) -> str:
        """``http://host:port`` as a client reaches it, without a trailing slash."""
        return origin_of("http", self._listener.reachable_host, self.port)

    def start(self) -> Server:
        """Serve in a background thread and return at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self.serve_forever, name=f"sandbooks {self.url}", daemon=True)
            self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until :meth:`stop` is called from another one, or until KeyboardInterrupt."""
        self._listener.serve()

    def stop(self) -> None:
        """Close the port and every connection, held ones included. Returns when no thread serves any more."""
        self._listener.ask_to_stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._listener.shut()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
