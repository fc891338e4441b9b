"""What crosses a wire: one request, and what the client sees in return.

Every way in (a socket, an intercepted connection, the hub's own calls) turns into these values before anything else
happens, so that phases, faults and the tape see one shape. Knows nothing of worlds, platforms or servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

Headers: TypeAlias = tuple[tuple[str, str], ...]

CONTINUES = "X-Sandbooks-Continues"
"""A header of an answer that goes on: what to read after it. A server asks for that by itself and sends it on."""


def header_of(headers: Iterable[tuple[str, str]], name: str, default: str = "") -> str:
    """The first value of a header, its name in any case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), default)


class Request(Struct, frozen=True):
    """One HTTP request as received.

    ``url`` is absolute and raw: path and query keep the percent-encoding of the client (OAuth 1 signs those bytes).
    ``body`` is already free of transfer encoding; content encoding (gzip) is left as sent.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """Host and port as the client addressed it, lower case."""
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()

    @property
    def path(self) -> str:
        """The raw path, percent-encoding kept."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The raw query string without the question mark."""
        return urlsplit(self.url).query

    def header(self, name: str, default: str = "") -> str:
        return header_of(self.headers, name, default)


class Response(Struct, frozen=True):
    """One HTTP answer. ``headers`` carries no Content-Length: whoever writes it to a wire adds what framing needs."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str, default: str = "") -> str:
        return header_of(self.headers, name, default)


CutHow: TypeAlias = Literal["refused", "closed", "reset", "timeout", "truncated"]


class Cut(Struct, frozen=True):
    """What the client sees when no whole answer arrives.

    ``refused``: no connection; ``closed``: the peer closes without a byte; ``reset``: the connection is reset;
    ``timeout``: nothing comes until the client gives up; ``truncated``: the head of ``response`` with its full
    Content-Length, then only the first ``keep`` bytes of its body.
    """

    how: CutHow
    response: Response | None = None
    keep: int = 0


Answer: TypeAlias = Response | Cut
Dispatch: TypeAlias = Callable[[Request], Answer]
