"""The two ways in by vendor host name: TLS for names that resolve here, and a proxy for clients that ask one.

Each connection has a thread of its own; there are few of them, from one test run. A ``Cut`` is done to the socket.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator

from sandbooks.framing import MalformedRequest, Received, RequestReader, write_response, write_truncated
from sandbooks.front.authority import Authority
from sandbooks.wire import Answer, Cut, Request, Response, header_of

log = logging.getLogger("sandbooks.front")

Dispatch = Callable[[Request, str], Answer]
HEAD_BYTES_MAX = 64 * 1024
CHUNK = 256 * 1024


class Front:
    """Listens for TLS and for proxy requests.

    ``dispatch`` takes a request and the name of the world that the proxy's user name asked for (empty: none did);
    ``knows`` tells which hosts are emulated. Port 0 takes a free one; None leaves that way in out.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        knows: Callable[[str], bool],
        authority: Authority,
        *,
        host: str = "127.0.0.1",
        tls_port: int | None = 0,
        proxy_port: int | None = 0,
    ) -> None:
        self._dispatch = dispatch
        self._knows = knows
        self._authority = authority
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.tls_port = self._listen(host, tls_port, self._serve_tls)
        self.proxy_port = self._listen(host, proxy_port, self._serve_proxy)

    def _listen(self, host: str, port: int | None, serve: Callable[[socket.socket], None]) -> int:
        if port is None:
            return 0
        listening = socket.create_server((host, port), reuse_port=False)
        self._sockets.append(listening)
        thread = threading.Thread(target=self._accept, args=(listening, serve), name="sandbooks front", daemon=True)
        self._threads.append(thread)
        thread.start()
        return int(listening.getsockname()[1])

    def close(self) -> None:
        """Take no more connections."""
        for listening in self._sockets:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self, listening: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._guarded, args=(connection, serve), daemon=True).start()

    def _guarded(self, connection: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        """A peer that goes away, or speaks no TLS, ends its own connection and nothing else."""
        try:
            serve(connection)
        except OSError as error:
            log.debug("a connection ended: %s", error)
        finally:
            connection.close()

    # TLS

    def _serve_tls(self, connection: socket.socket) -> None:
        self._secured(connection, "", world="")

    def _secured(self, connection: socket.socket, expected: str, *, world: str) -> None:
        """Shake hands under the name that the client asks for, then answer its requests."""
        asked = [expected]

        def choose(channel: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> int | None:
            host = (name or expected).lower()
            asked[0] = host
            if not self._knows(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            channel.context = self._authority.context(host)
            return None

        greeting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        greeting.minimum_version = ssl.TLSVersion.TLSv1_2
        greeting.sni_callback = choose
        with greeting.wrap_socket(connection, server_side=True) as secured:
            self._answer_all(secured, f"https://{asked[0]}", world=world)

    def _answer_all(self, connection: socket.socket, origin: str, *, world: str, first: bytes = b"") -> None:
        reader = RequestReader(origin)
        for received in self._received(connection, reader, first):
            answer = self._dispatch(received.request, world)
            if isinstance(answer, Cut):
                _cut(connection, answer, received.request.method)
                return
            connection.sendall(write_response(answer, received.request.method, received.keep_alive))
            if not received.keep_alive:
                return

    def _received(self, connection: socket.socket, reader: RequestReader, first: bytes) -> Iterator[Received]:
        data = first or connection.recv(CHUNK)
        while data:
            try:
                yield from reader.feed(data)
            except MalformedRequest as error:
                connection.sendall(write_response(error.as_response(), "GET", False))
                return
            if reader.take_continue():
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            data = connection.recv(CHUNK)

    # Proxy

    def _serve_proxy(self, connection: socket.socket) -> None:
        head, rest = _head(connection)
        line, *headers = head.split("\r\n")
        method, _, target = line.partition(" ")
        pairs = [(name, value.strip()) for name, _, value in (header.partition(":") for header in headers)]
        world = _world(header_of(pairs, "Proxy-Authorization"))
        if method.upper() != "CONNECT":
            self._forward(connection, head, rest, world=world)
            return
        host = target.partition(" ")[0].rpartition(":")[0].strip("[]").lower()
        if not self._knows(host):
            connection.sendall(_refusal(host))
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._secured(connection, host, world=world)

    def _forward(self, connection: socket.socket, head: str, rest: bytes, *, world: str) -> None:
        """A plain http request through the proxy, its target an absolute URL."""
        target = head.partition("\r\n")[0].partition(" ")[2].partition(" ")[0]
        host = target.partition("://")[2].partition("/")[0].partition(":")[0].lower()
        if not self._knows(host):
            connection.sendall(_refusal(host or target))
            return
        whole = f"{head}\r\n\r\n".encode("latin-1") + rest
        self._answer_all(connection, f"http://{host}", world=world, first=whole)


def _refusal(host: str) -> bytes:
    """A refusal that names the host in its status line too: of a refused tunnel, clients show nothing else."""
    host = "".join(letter for letter in host if letter.isascii() and letter.isprintable())
    told = f"{host} is not emulated by Sandbooks"
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("X-Sandbooks-Refused-Host", host))
    answer = Response(403, headers, f"{told}, and nothing here reaches the network\n".encode())
    _, _, rest = write_response(answer, "GET", False).partition(b"\r\n")
    return f"HTTP/1.1 403 {told}\r\n".encode() + rest


def _head(connection: socket.socket) -> tuple[str, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(CHUNK)
        if not more or len(data) > HEAD_BYTES_MAX:
            raise ConnectionError("no request came")
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def _world(authorization: str) -> str:
    """The world that a proxy user name means."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")[0]
    except ValueError:
        return ""


def _cut(connection: socket.socket, cut: Cut, method: str) -> None:
    """Do to the socket what the client is to see."""
    if cut.how == "truncated":
        connection.sendall(write_truncated(cut, method))
    elif cut.how in ("reset", "refused"):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif cut.how == "timeout":
        with contextlib.suppress(OSError):
            while connection.recv(CHUNK):
                continue
