"""The far end of an intercepted connection: takes the client's bytes, gives back those of the answer.

It does what a server and the network between would do, as far as a client can see: keeps the connection or closes
it, answers garbage with 400, and turns a Cut into the error that a socket raises at that place. Knows no client
library.
"""

from __future__ import annotations

import errno
import os
from http.client import HTTPException
from typing import Literal, TypeAlias

from sandbooks.framing import (
    CONTINUE,
    MalformedRequest,
    Received,
    RequestReader,
    origin_of,
    write_response,
    write_truncated,
)
from sandbooks.intercept.active import active
from sandbooks.wire import Answer, Cut, Response

Ending: TypeAlias = Literal["open", "closed", "reset", "timeout"]


def refuse_connection(cut: Cut, authority: str) -> None:
    """Raise what connecting raises for a cut: it is refused, times out or is reset."""
    if cut.how == "timeout":
        raise TimeoutError(errno.ETIMEDOUT, f"timed out connecting to {authority}")
    if cut.how == "refused":
        raise ConnectionRefusedError(errno.ECONNREFUSED, f"{os.strerror(errno.ECONNREFUSED)}: {authority}")
    raise ConnectionResetError(errno.ECONNRESET, f"{os.strerror(errno.ECONNRESET)}: {authority}")


def connect(host: str, port: int, *, scheme: str) -> Peer:
    """A connection to an emulated host. Raises OSError where the interception's ``connect`` cuts it."""
    interception = active.answering(host)
    cut = interception.connect(host, port) if interception and interception.connect else None
    if cut is not None:
        refuse_connection(cut, f"{host}:{port}")
    return Peer(host, port, scheme=scheme)


class Peer:
    """One intercepted connection. Which interception answers is asked for each request, as pools outlive contexts."""

    def __init__(self, host: str, port: int, *, scheme: str) -> None:
        self.host = host
        self.port = port
        self._reader = RequestReader(origin_of(scheme, host, port))
        self._output = bytearray()
        self._ending: Ending = "open"

    def start_tls(self) -> None:
        """From here on requests are https."""
        self._reader.origin = origin_of("https", self.host, self.port)

    @property
    def ended(self) -> bool:
        """Whether reading gives the end of the stream (or an error) and no more requests are taken."""
        return self._ending != "open" or active.answering(self.host) is None

    def receive(self, data: bytes | bytearray | memoryview) -> None:
        """Take bytes of the client and answer the requests that they complete. Raises OSError once ended."""
        if self.ended:
            raise BrokenPipeError(errno.EPIPE, f"{os.strerror(errno.EPIPE)}: {self.host}")
        try:
            for received in self._reader.feed(data):
                self._answer(received)
                if self._ending != "open":
                    return
        except MalformedRequest as error:
            self._output += write_response(error.as_response(), "GET", keep_alive=False)
            self._ending = "closed"
        if self._reader.take_continue():
            self._output += CONTINUE

    def read(self, count: int) -> bytes:
        """Up to ``count`` bytes for the client; none at the end of the stream.

        Raises TimeoutError where nothing is going to come, ConnectionResetError after a reset.
        """
        if self._output:
            data = bytes(self._output[:count])
            del self._output[:count]
            return data
        if self._ending == "reset":
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        if self._ending == "closed" or active.answering(self.host) is None:
            return b""
        raise TimeoutError("timed out")

    def close(self) -> None:
        """The client has closed its end."""
        self._ending = "closed"
        self._output.clear()

    def _answer(self, received: Received) -> None:
        answer = self._dispatch(received)
        method = received.request.method
        if isinstance(answer, Response):
            self._output += write_response(answer, method, received.keep_alive)
            self._ending = "open" if received.keep_alive else "closed"
        elif answer.how == "truncated":
            self._output += write_truncated(answer, method)
        else:
            self._ending = "reset" if answer.how == "refused" else answer.how

    def _dispatch(self, received: Received) -> Answer:
        self._ending = "closed"  # should the dispatch raise, the connection is not to be used again
        interception = active.answering(self.host)
        if interception is None:
            return Cut("closed")
        try:
            return interception.dispatch(received.request)
        except (OSError, HTTPException) as error:
            from sandbooks.intercept import DispatchFailed

            raise DispatchFailed(f"{type(error).__name__} in the dispatch of {received.request.url}") from error
