"""Connection pools of httpcore, and so of httpx, whose requests to emulated hosts go to a peer of this process.

A request for an emulated host is handed to a pool beside the client's own, with the same retries and a network
backend that connects to peers. The client's pool, its proxies and its open connections are left as they are, so
that nothing intercepted can outlive the interception inside them.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sandbooks.intercept.active import active
from sandbooks.intercept.peer import Peer, connect

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from sandbooks.intercept.patching import Replace

_beside: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
_lock = Lock()


def patch_httpcore(module: ModuleType, replace: Replace) -> None:
    """Replace where pools, direct or over a proxy, take a request."""
    pool, async_pool = module.ConnectionPool, module.AsyncConnectionPool
    replace(pool, "handle_request", _handle_request(pool.handle_request))
    replace(async_pool, "handle_async_request", _handle_async_request(async_pool.handle_async_request))


def forget_pools() -> None:
    """Drop the pools beside: the next interception begins with new connections."""
    with _lock:
        _beside.clear()


def _handle_request(original: Any) -> Any:
    @wraps(original)
    def handle_request(pool: Any, request: Any) -> Any:
        if _emulated(request):
            return original(_pool_beside(pool), request)
        return original(pool, request)

    return handle_request


def _handle_async_request(original: Any) -> Any:
    @wraps(original)
    async def handle_async_request(pool: Any, request: Any) -> Any:
        if _emulated(request):
            return await original(_pool_beside(pool), request)
        return await original(pool, request)

    return handle_async_request


def _emulated(request: Any) -> bool:
    """Whether a peer answers; otherwise the exchange is counted, or refused with httpcore.ConnectError."""
    host = request.url.host.decode("ascii")
    if active.answering(host) is not None:
        return True
    if active.interceptions:
        with _httpcore_errors("Connect"):
            active.refuse_network(host)
        active.count_network(host)
    return False


def _pool_beside(pool: Any) -> Any:
    with _lock:
        beside = _beside.get(pool)
        if beside is None:
            beside = _beside[pool] = _new_pool_beside(pool)
        return beside


def _new_pool_beside(pool: Any) -> Any:
    import httpcore

    is_async = isinstance(pool, httpcore.AsyncConnectionPool)
    kind: Any = httpcore.AsyncConnectionPool if is_async else httpcore.ConnectionPool
    return kind(
        ssl_context=_unused_ssl_context(),
        max_connections=None,
        retries=getattr(pool, "_retries", 0),
        network_backend=_async_backend() if is_async else _backend(),
    )


@cache
def _unused_ssl_context() -> ssl.SSLContext:
    """Given so that httpcore does not load the certificate bundle for a handshake that never happens."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def _httpcore_errors(operation: str) -> Iterator[None]:
    """Turn socket errors into httpcore's own, as its backends do: ``Connect``, ``Read`` or ``Write`` errors."""
    import httpcore

    try:
        yield
    except TimeoutError as error:
        raise getattr(httpcore, f"{operation}Timeout")(error) from error
    except OSError as error:
        raise getattr(httpcore, f"{operation}Error")(error) from error


def _connect(options: Mapping[str, Any]) -> Peer:
    with _httpcore_errors("Connect"):
        return connect(options["host"], options["port"], scheme="http")


def _extra_info(peer: Peer, info: str) -> Any:
    if info == "is_readable":
        return peer.ended
    if info == "server_addr":
        return (peer.host, peer.port)
    return ("127.0.0.1", 0) if info == "client_addr" else None


@cache
def _backend() -> Any:
    import httpcore

    class PeerStream(httpcore.NetworkStream):
        def __init__(self, peer: Peer) -> None:
            self._peer = peer

        def read(self, max_bytes: int, *_args: Any, **_options: Any) -> bytes:
            with _httpcore_errors("Read"):
                return self._peer.read(max_bytes)

        def write(self, buffer: bytes, *_args: Any, **_options: Any) -> None:
            with _httpcore_errors("Write"):
                self._peer.receive(buffer)

        def close(self) -> None:
            self._peer.close()

        def start_tls(self, *_args: Any, **_options: Any) -> httpcore.NetworkStream:
            self._peer.start_tls()
            return self

        def get_extra_info(self, info: str) -> Any:
            return _extra_info(self._peer, info)

    class PeerBackend(httpcore.SyncBackend):
        """Connects to peers; waits between retries as httpcore does."""

        def connect_tcp(self, *_args: Any, **options: Any) -> httpcore.NetworkStream:
            return PeerStream(_connect(options))

    return PeerBackend()


@cache
def _async_backend() -> Any:
    import httpcore

    class AsyncPeerStream(httpcore.AsyncNetworkStream):
        def __init__(self, peer: Peer) -> None:
            self._peer = peer

        async def read(self, max_bytes: int, *_args: Any, **_options: Any) -> bytes:
            with _httpcore_errors("Read"):
                return self._peer.read(max_bytes)

        async def write(self, buffer: bytes, *_args: Any, **_options: Any) -> None:
            with _httpcore_errors("Write"):
                self._peer.receive(buffer)

        async def aclose(self) -> None:
            self._peer.close()

        async def start_tls(self, *_args: Any, **_options: Any) -> httpcore.AsyncNetworkStream:
            self._peer.start_tls()
            return self

        def get_extra_info(self, info: str) -> Any:
            return _extra_info(self._peer, info)

    class AsyncPeerBackend(httpcore.AnyIOBackend):
        """Connects to peers; waits between retries as httpcore does."""

        async def connect_tcp(self, *_args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
            return AsyncPeerStream(_connect(options))

    return AsyncPeerBackend()
