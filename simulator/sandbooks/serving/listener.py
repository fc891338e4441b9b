"""The listening socket, its connections and its workers, on waitress.

waitress contributes the socket loop, request buffering (large bodies spill to files), ``100 Continue`` and the worker
threads. Its WSGI layer is left out: it would decode paths, join repeated headers and re-case those of answers.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.server import TcpWSGIServer
from waitress.task import Task, ThreadedTaskDispatcher

from sandbooks.framing import (
    MalformedRequest,
    absolute_url,
    origin_of,
    without_transfer_encoding,
    write_head,
    write_response,
    write_truncated,
)
from sandbooks.serving.following import follow
from sandbooks.wire import CONTINUES, Answer, Cut, Dispatch, Headers, Request, Response

BODY_BYTES_MAX = 4 * 1024**3
CONNECTIONS_MAX = 2000
IDLE_SECONDS_MAX = 120
WORKERS_AT_FIRST = 8

log = logging.getLogger("sandbooks.serving")


def settings_of(host: str, port: int, threads: int) -> Adjustments:
    """waitress's settings for one address. Raises OSError for a host that there is not."""
    socket.getaddrinfo(host, port)
    return Adjustments(
        host=host,
        port=port,
        threads=threads,
        asyncore_use_poll=True,  # select() ends at descriptor 1023
        backlog=1024,
        outbuf_overflow=BODY_BYTES_MAX,  # an answer is in memory already; a file would only copy it
        ident=None,
        channel_timeout=IDLE_SECONDS_MAX,
        connection_limit=CONNECTIONS_MAX,
        log_socket_errors=False,
        max_request_body_size=BODY_BYTES_MAX,
        clear_untrusted_proxy_headers=False,
    )


class Workers(ThreadedTaskDispatcher):
    """A few threads, and more where requests come while all are at work: up to ``most``, so that what is under way
    together meets the platforms' limits on it.

    A queue is no problem to report: requests wait for a worker as they would anywhere.
    """

    queue_logger = logging.getLogger("sandbooks.serving.queue")
    queue_logger.addHandler(logging.NullHandler())
    queue_logger.propagate = False

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        # Taken again within: who counts the threads changes their number before another thread counts or stops them.
        self.lock = threading.RLock()
        self.queue_cv, self.thread_exit_cv = threading.Condition(self.lock), threading.Condition(self.lock)

    def add_task(self, task: Task) -> None:
        with self.lock:
            super().add_task(task)
            running = len(self.threads) - self.stop_count
            lacking = len(self.queue) - (running - self.active_count)
            if lacking > 0 and running:  # none is where the server stops
                self.set_thread_count(min(running + lacking, self._most))


class _Parser(HTTPRequestParser):
    """Also keeps the header lines as they came."""

    sent_headers: Headers = ()

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of an absolute target whose host is none
            raise ParsingError("Bad URI") from error
        lines = get_header_lines(header_plus.partition(b"\r\n")[2])
        named = (line.decode("latin-1").partition(":") for line in lines)
        self.sent_headers = tuple((name, value.strip(" \t")) for name, _, value in named)

    def as_request(self, origin: str) -> Request:
        """The wire value. Raises MalformedRequest."""
        body = self.get_body_stream().read()
        headers = without_transfer_encoding(self.sent_headers, len(body))
        if self.version == "1.1" and "HOST" not in self.headers:
            raise MalformedRequest("an HTTP/1.1 request needs a Host header")
        return Request(self.command, absolute_url(self.request_uri, headers, origin), headers, body)

    @property
    def keep_alive(self) -> bool:
        return not self.connection_close


class _Exchange(Task):
    """One request answered, or cut, on its connection."""

    def execute(self) -> None:
        listener: Listener = self.channel.server
        try:
            request = self.request.as_request(listener.origin)
        except MalformedRequest as error:
            self._send(error.as_response(), keep_alive=False)
            return
        answer = _answer(listener.dispatch, request)
        if isinstance(answer, Response) and answer.header(CONTINUES):
            self._write(write_head(answer))
            self.channel.hold()
            follow(listener, self.channel, request, answer)
        elif isinstance(answer, Response):
            self._send(answer, keep_alive=self.request.keep_alive)
        else:
            self._cut(answer)

    def finish(self) -> None:
        """The whole answer is written by then."""

    def _send(self, response: Response, *, keep_alive: bool) -> None:
        self._write(write_response(response, self.request.command, keep_alive))
        self.close_on_finish = not keep_alive

    def _cut(self, cut: Cut) -> None:
        if cut.how == "timeout":
            self.channel.hold()
            return
        if cut.how == "truncated":
            self._write(write_truncated(cut, self.request.command))
        elif cut.how != "closed":
            self.channel.reset_on_close()
        self.close_on_finish = True

    def _write(self, data: bytes) -> None:
        self.wrote_header = True
        self.channel.write_soon(data)


def _answer(dispatch: Dispatch, request: Request) -> Answer:
    try:
        return dispatch(request)
    except Exception as error:
        log.exception("the dispatch of %s %s failed", request.method, request.url)
        body = f"{type(error).__name__}: a defect of the simulator, its log holds the traceback\n"
        return Response(500, (("Content-Type", "text/plain; charset=utf-8"),), body.encode())


class Connection(HTTPChannel):
    """A client's connection, which may be held without an answer or reset."""

    task_class = _Exchange
    parser_class = _Parser
    held = False

    def hold(self) -> None:
        """Answer nothing any more, but keep the connection, and no thread, until the client or the server goes."""
        self.held = True

    def end(self) -> None:
        """From any thread: close when all that was written has been sent."""
        self.close_when_flushed = True
        self.server.pull_trigger()

    def reset_on_close(self) -> None:
        """Closing will reset the connection instead of ending it in order."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _flush_some(self, do_close: bool = True) -> Any:
        """Under the lock: a follower writes to a held connection while the socket loop sends."""
        with self.outbuf_lock:
            return super()._flush_some(do_close=do_close)

    def received(self, data: bytes) -> Any:
        return True if self.held else super().received(data)

    def del_channel(self, map: Any = None) -> None:
        """Closed, whoever closed it: let go of an upload that was not finished."""
        if self.request is not None:
            self.request.close()
        super().del_channel(map)

    def cancel(self) -> None:
        """The server stops before a worker was free for these requests."""
        for request in self.requests:
            request.close()
        super().cancel()


class Listener(TcpWSGIServer):
    """One bound address that serves a dispatch; ``shared`` is a socket that was bound before."""

    channel_class = Connection

    def __init__(self, dispatch: Dispatch, settings: Adjustments, shared: socket.socket | None = None) -> None:
        self.dispatch = dispatch
        self.stopping = threading.Event()
        workers = Workers(settings.threads)
        sockets: dict[int, Any] = {}
        ipv4_first = sorted(settings.listen, key=lambda listened: listened[0] != socket.AF_INET)
        try:
            super().__init__(
                None,
                map=sockets,
                dispatcher=workers,
                adj=settings,
                sockinfo=ipv4_first[0] if shared is None else (shared.family, shared.type, shared.proto, None),
                bind_socket=shared is None,
                _sock=shared,
            )
        except OSError:
            wasyncore.close_all(sockets)
            raise
        workers.set_thread_count(min(WORKERS_AT_FIRST, settings.threads))

    @property
    def port(self) -> int:
        return int(self.effective_port)

    @property
    def reachable_host(self) -> str:
        """The bound address, or loopback where all addresses are bound."""
        host = str(self.effective_host)
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compares, binds nothing

    @property
    def origin(self) -> str:
        """Stands in for the Host header where a client sent none."""
        return origin_of("http", self.reachable_host, self.port)

    def maintenance(self, now: float) -> None:
        """Close idle connections, but not those that are held on purpose."""
        for connection in self.active_channels.values():
            if connection.held:
                connection.last_activity = now
        super().maintenance(now)

    def serve(self) -> None:
        """Run the socket loop until asked to stop."""
        while not self.stopping.is_set():
            wasyncore.loop(timeout=self.adj.asyncore_loop_timeout, map=self._map, use_poll=True, count=1)

    def ask_to_stop(self) -> None:
        """From any thread: end the socket loop."""
        self.stopping.set()
        if self._map:
            self.pull_trigger()

    def shut(self) -> None:
        """Stop the workers and close every socket. Further calls do nothing."""
        self.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)
