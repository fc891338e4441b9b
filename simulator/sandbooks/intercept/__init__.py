"""Vendor hosts answered in this process: connections that end in a dispatch instead of on the network.

Code under test keeps its URLs, sessions, pools, retries and proxies. Only the connection below them is replaced: that
of ``http.client`` and urllib3 (so requests and the SDKs built on it) and that of httpcore (so httpx, sync and async).
Real HTTP bytes still cross, so that every layer above does its own work; an adapter mounted higher would hide the
retries that tests are after. Nothing resolves a name, opens a socket, speaks TLS or sleeps.

Interceptions nest: the innermost that knows a host answers for it. They hold for the whole process, not for one
thread, because code under test starts threads of its own. Client libraries are patched when they are imported, so
that entering costs nothing for those that a test never uses. Knows dispatches and wire values, no platform.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeAlias

from sandbooks.intercept.active import NetworkRefused, active

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType

    from sandbooks.wire import Cut, Dispatch

__all__ = ["DispatchFailed", "Interception", "NetworkRefused", "intercept"]

Hosts: TypeAlias = "Callable[[str], bool] | Collection[str]"
Network: TypeAlias = Literal["pass", "refuse"]

_lock = Lock()


class DispatchFailed(RuntimeError):
    """A dispatch raised an error that HTTP clients take for a broken connection and would retry; it is the cause."""


class Interception(ContextDecorator):
    """A context in which some hosts are answered by a dispatch; see :func:`intercept`.

    ``network_exchanges`` lists the host of every exchange that a patched client sent to the network meanwhile.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        hosts: Hosts,
        *,
        network: Network = "pass",
        connect: Callable[[str, int], Cut | None] | None = None,
    ) -> None:
        self.dispatch = dispatch
        self.network = network
        self.connect = connect
        self.network_exchanges: list[str] = []
        self._knows: Callable[[str], bool] = hosts if callable(hosts) else frozenset(map(str.lower, hosts)).__contains__

    def knows(self, host: str) -> bool:
        """Whether this interception answers for a host (lower case, no port, no trailing dot)."""
        return self._knows(host)

    def __enter__(self) -> Interception:
        from sandbooks.intercept import patching

        with _lock:
            active.push(self)
            patching.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from sandbooks.intercept import patching

        with _lock:
            active.remove(self)
            if not active.interceptions:
                patching.uninstall()


def intercept(
    dispatch: Dispatch,
    hosts: Hosts,
    *,
    network: Network = "pass",
    connect: Callable[[str, int], Cut | None] | None = None,
) -> Interception:
    """Answer some hosts by ``dispatch`` while the returned context is open, whatever client calls them.

    ``hosts`` is a collection of host names or a predicate on one (lower case, no port). Other hosts are left to the
    network, or with ``network="refuse"`` fail to connect with an error that names them. ``connect(host, port)`` may
    return a Cut for a connection that is not to come about. Proxies never see a known host. A Cut raises in the
    client what a real socket would, at once; any other error of the dispatch reaches the caller as it is, an
    OSError or HTTPException as the cause of DispatchFailed, because clients would retry those.
    """
    return Interception(dispatch, hosts, network=network, connect=connect)
