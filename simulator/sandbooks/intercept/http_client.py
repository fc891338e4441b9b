"""Connections of ``http.client`` and of urllib3 that end in a peer of this process.

Both libraries write and parse HTTP through ``http.client``, so replacing the socket replaces all that lies below
pools, retries and redirects. A connection is looked at when a request begins (``putrequest``): one that was opened
to the network before the interception is not used for an emulated host, nor the other way round.
"""

from __future__ import annotations

import io
import os
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sandbooks.intercept.active import active
from sandbooks.intercept.peer import Peer, connect

if TYPE_CHECKING:
    from types import ModuleType

    from sandbooks.intercept.patching import Replace

_TARGET = "_sandbooks_target"


class Target(NamedTuple):
    """The server that a request is meant for, whatever proxy the connection belongs to."""

    host: str
    port: int


def patch_http_client(module: ModuleType, replace: Replace) -> None:
    """Replace where plain ``http.client`` connections connect and where every request begins."""
    replace(module.HTTPConnection, "putrequest", _putrequest(module.HTTPConnection.putrequest))
    for owner in (module.HTTPConnection, module.HTTPSConnection):
        replace(owner, "connect", _connect(owner.connect))


def patch_urllib3(module: ModuleType, replace: Replace) -> None:
    """Replace where urllib3's connections connect."""
    for owner in (module.HTTPConnection, module.HTTPSConnection):
        replace(owner, "connect", _connect_urllib3(owner.connect))


def _putrequest(original: Any) -> Any:
    @wraps(original)
    def putrequest(connection: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
        target = _target_of(connection, url)
        vars(connection)[_TARGET] = target if _is_absolute(url) else None
        emulated = active.answering(target.host) is not None
        if connection.sock is not None and not _serves(connection.sock, target, emulated=emulated):
            connection.sock.close()
            connection.sock = None
        if not emulated and active.interceptions:
            _note_network(connection, target)
        return original(connection, method, url, *args, **options)

    return putrequest


def _serves(sock: Any, target: Target, *, emulated: bool) -> bool:
    if isinstance(sock, MemorySocket):
        return emulated and sock.peer.host == target.host and not sock.peer.ended
    return not emulated


def _note_network(connection: Any, target: Target) -> None:
    """Count the exchange, unless it is going to be refused: then the connection is given up, so that it connects."""
    if any(entry.network == "refuse" for entry in active.interceptions):
        if connection.sock is not None:
            connection.sock.close()
            connection.sock = None
        return
    active.count_network(target.host)


def _is_absolute(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _target_of(connection: Any, url: str = "") -> Target:
    if _is_absolute(url):
        parts = urlsplit(url)
        return Target(parts.hostname or "", parts.port or (443 if parts.scheme.lower() == "https" else 80))
    if connection._tunnel_host:
        return Target(connection._tunnel_host, connection._tunnel_port or connection.default_port)
    return Target(connection.host, connection.port)


def _target_at_connect(connection: Any) -> Target:
    """The target of the request that a forwarding proxy was to carry, else that of the connection itself."""
    noted: Target | None = vars(connection).pop(_TARGET, None)
    return noted or _target_of(connection)


def _connect(original: Any) -> Any:
    @wraps(original)
    def connect_in_process(connection: Any) -> None:
        if not active.interceptions:
            original(connection)
            return
        target = _target_at_connect(connection)
        if active.answering(target.host) is None:
            active.refuse_network(target.host)
            original(connection)
            return
        connection.sock = MemorySocket(connect(*target, scheme=_scheme(connection)), connection.timeout)

    return connect_in_process


def _connect_urllib3(original: Any) -> Any:
    @wraps(original)
    def connect_in_process(connection: Any) -> None:
        if not active.interceptions:
            original(connection)
            return
        target = _target_at_connect(connection)
        if active.answering(target.host) is None:
            with _UrllibErrors(connection, target):
                active.refuse_network(target.host)
            original(connection)
            return
        with _UrllibErrors(connection, target):
            peer = connect(*target, scheme=_scheme(connection))
        connection.sock = MemorySocket(peer, connection.timeout)
        connection.is_verified = _scheme(connection) == "https"
        if getattr(connection, "proxy", None):
            connection._has_connected_to_proxy = True
            connection.proxy_is_verified = connection.is_verified

    return connect_in_process


def _scheme(connection: Any) -> str:
    return "https" if connection.default_port == 443 else "http"


class _UrllibErrors:
    """Turns the errors of connecting into urllib3's, by which its Retry tells connecting from reading.

    Source: urllib3/connection.py, HTTPConnection._new_conn
    """

    def __init__(self, connection: Any, target: Target) -> None:
        self._connection = connection
        self._target = target

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

        if isinstance(error, TimeoutError):
            waited = f"(connect timeout={self._connection.timeout})"
            message = f"Connection to {self._target.host} timed out. {waited}"
            raise ConnectTimeoutError(self._connection, message) from error
        if isinstance(error, OSError):
            raise NewConnectionError(self._connection, f"Failed to establish a new connection: {error}") from error


class MemorySocket:
    """What ``http.client`` needs of a socket, over a peer."""

    def __init__(self, peer: Peer, timeout: Any = None) -> None:
        self.peer = peer
        self._timeout = timeout

    def sendall(self, data: Any, _flags: int = 0) -> None:
        self.peer.receive(data)

    def send(self, data: Any, _flags: int = 0) -> int:
        self.peer.receive(data)
        return memoryview(data).nbytes

    def recv(self, count: int, _flags: int = 0) -> bytes:
        return self.peer.read(count)

    def recv_into(self, buffer: Any, count: int = 0, _flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        data = self.peer.read(count or len(view))
        view[: len(data)] = data
        return len(data)

    def makefile(self, *_mode: Any, **_options: Any) -> io.BufferedReader:
        return io.BufferedReader(_PeerReader(self.peer))

    def settimeout(self, timeout: Any) -> None:
        self._timeout = timeout

    def gettimeout(self) -> Any:
        return self._timeout

    def setsockopt(self, *_option: Any) -> None:
        pass

    def shutdown(self, _how: int) -> None:
        self.peer.close()

    def close(self) -> None:
        """A response that still reads keeps what it was sent, as with a socket whose file is open."""

    def fileno(self) -> int:
        """A descriptor that polls as this socket would: readable once the peer has ended, silent before.

        Pools poll an idle connection to learn whether it is still good.
        """
        return _ended_descriptor() if self.peer.ended else _silent_descriptor()

    def getpeername(self) -> tuple[str, int]:
        return (self.peer.host, self.peer.port)

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 0)

    def getpeercert(self, binary_form: bool = False) -> Any:
        return b"" if binary_form else {}

    def selected_alpn_protocol(self) -> str:
        return "http/1.1"

    def version(self) -> str:
        return "TLSv1.3"


class _PeerReader(io.RawIOBase):
    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self._peer = peer

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._peer.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@cache
def _silent_descriptor() -> int:
    reading, _writing = os.pipe()
    return reading


@cache
def _ended_descriptor() -> int:
    reading, writing = os.pipe()
    os.close(writing)
    return reading
