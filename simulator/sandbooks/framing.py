"""HTTP/1.1 messages as bytes, to and from the wire values.

One reader and one writer, so that an intercepted connection and a served socket frame alike: a body ends where its
Content-Length or its last chunk says, an answer that is cut short still announces its whole length. Header order and
casing, the raw path and the content encoding stay as sent; only the transfer encoding is taken off, and a
Content-Length stands in its place. Knows nothing of sockets, threads or what a request means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import h11
from msgspec import Struct

from sandbooks.wire import Cut, Headers, Request, Response

HEAD_BYTES_MAX = 256 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_SLICE_BYTES = 1024 * 1024
_DEFAULT_PORT = {"http": "80", "https": "443"}
_AUTHORITY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]+")
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_FRAMING_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})
_BREAKS_A_HEADER = re.compile(r"[\r\n\0]")


class MalformedRequest(Exception):
    """The bytes are no HTTP request; ``status`` is what a server answers (400, 414, 431, 501)."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status

    def as_response(self) -> Response:
        """The plain answer of a server that cannot read its client."""
        return Response(self.status, (("Content-Type", "text/plain; charset=utf-8"),), f"{self}\n".encode())


class Received(Struct, frozen=True):
    """A whole request, and whether its client wants to keep the connection afterwards."""

    request: Request
    keep_alive: bool


def origin_of(scheme: str, host: str, port: int | str | None = None) -> str:
    """``scheme://host[:port]`` with an IPv6 address in brackets and the default port left out."""
    name = f"[{host}]" if ":" in host and not host.startswith("[") else host
    plain = port is None or str(port) == _DEFAULT_PORT.get(scheme)
    return f"{scheme}://{name}" if plain else f"{scheme}://{name}:{port}"


def absolute_url(target: str, headers: Headers, origin: str) -> str:
    """The URL that a client meant, its path and query raw, its host as the Host header spells it.

    ``target`` is the request target in origin, absolute or asterisk form; ``origin`` gives the scheme, and the host
    where no Host header was sent. Raises MalformedRequest for any other target and for a Host that is no authority.
    """
    url = _url_meant(target, headers, origin)
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise MalformedRequest("the request names no host and port") from error
    return url


def _url_meant(target: str, headers: Headers, origin: str) -> str:
    if target.lower().startswith(("http://", "https://")):
        return target
    hosts = [value for name, value in headers if name.lower() == "host"]
    if len(hosts) > 1:
        raise MalformedRequest("more than one Host header")
    if hosts and hosts[0]:
        if not _AUTHORITY.fullmatch(hosts[0]):
            raise MalformedRequest("the Host header is not a host")
        origin = f"{origin.partition('://')[0]}://{hosts[0]}"
    if target == "*":
        return origin
    if not target.startswith("/"):
        raise MalformedRequest("the request target is neither a path nor a URL")
    return origin + target


def without_transfer_encoding(headers: Iterable[tuple[str, str]], body_bytes: int) -> Headers:
    """The headers as sent, with a Content-Length where a chunked body had its Transfer-Encoding."""
    return tuple(
        ("Content-Length", str(body_bytes)) if name.lower() == "transfer-encoding" else (name, value)
        for name, value in headers
    )


class RequestReader:
    """Collects the bytes of one connection into requests, one after the other.

    ``origin`` (``https://api.example.com``) may be set until the first request is whole: TLS starts after connecting.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._parser = _new_parser()
        self._head: h11.Request | None = None
        self._body: list[bytes] = []
        self._continue = False

    @property
    def idle(self) -> bool:
        """Whether no request is under way."""
        return self._head is None and not self._parser.trailing_data[0]

    def take_continue(self) -> bool:
        """True once after a head that asked for ``100 Continue`` and whose body has not begun."""
        wanted, self._continue = self._continue, False
        return wanted

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[Received]:
        """Yield each request that these bytes complete. Raises MalformedRequest."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _SLICE_BYTES):
            try:
                self._parser.receive_data(bytes(view[start : start + _SLICE_BYTES]))
                yield from self._completed()
            except h11.RemoteProtocolError as error:
                raise MalformedRequest(str(error), error.error_status_hint) from error

    def _completed(self) -> Iterator[Received]:
        while (event := self._parser.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            if isinstance(event, h11.Request):
                self._head = event
                self._continue = self._parser.they_are_waiting_for_100_continue
            elif isinstance(event, h11.Data):
                self._continue = False
                self._body.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                yield self._finish()

    def _finish(self) -> Received:
        head, body = self._head, b"".join(self._body)
        if head is None:
            raise AssertionError("a message ended that never began")
        keep_alive = self._parser.their_state is not h11.MUST_CLOSE
        leftover = self._parser.trailing_data[0]
        self._head, self._body, self._continue = None, [], False
        self._parser = _new_parser()
        if leftover:
            self._parser.receive_data(leftover)
        return Received(_request_of(head, body, self.origin), keep_alive)


def _new_parser() -> h11.Connection:
    return h11.Connection(our_role=h11.SERVER, max_incomplete_event_size=HEAD_BYTES_MAX)


def _request_of(head: h11.Request, body: bytes, origin: str) -> Request:
    sent = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
    headers = without_transfer_encoding(sent, len(body))
    url = absolute_url(head.target.decode("latin-1"), headers, origin)
    return Request(head.method.decode("ascii"), url, headers, body)


def write_response(response: Response, request_method: str, keep_alive: bool) -> bytes:
    """One answer as bytes: status line, headers in their order and casing, framing headers, body.

    HEAD, 204 and 304 carry no body; a HEAD answer announces the length that its GET would have. Raises ValueError for
    a header that would break the head apart.
    """
    return _head_bytes(response, request_method, keep_alive) + _body_on_wire(response, request_method)


def write_head(response: Response) -> bytes:
    """The head of an answer whose body comes in chunks, as :func:`write_chunk` writes them."""
    return _head_bytes(response, "GET", keep_alive=False, chunked=True)


def write_chunk(data: bytes) -> bytes:
    """One piece of such a body; an empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def write_truncated(cut: Cut, request_method: str) -> bytes:
    """The bytes of an answer that stops after ``cut.keep`` bytes of its body, its head announcing all of them.

    Whoever sends them then closes the connection. Raises ValueError where the cut holds no response.
    """
    if cut.response is None:
        raise ValueError("a truncated answer needs the response that is cut")
    head = _head_bytes(cut.response, request_method, keep_alive=True)
    return head + _body_on_wire(cut.response, request_method)[: max(cut.keep, 0)]


def _body_on_wire(response: Response, request_method: str) -> bytes:
    return b"" if request_method == "HEAD" or _bodiless(response.status) else response.body


def _bodiless(status: int) -> bool:
    return status < 200 or status in (204, 304)


def _head_bytes(response: Response, request_method: str, keep_alive: bool, *, chunked: bool = False) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}"]
    for name, value in response.headers:
        if _BREAKS_A_HEADER.search(name) or _BREAKS_A_HEADER.search(value):
            raise ValueError(f"the header {name!r} holds a line break")
        if name.lower() not in _FRAMING_HEADERS:
            lines.append(f"{name}: {value}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif not _bodiless(response.status):
        announced = response.header("content-length") if request_method == "HEAD" and not response.body else ""
        lines.append(f"Content-Length: {announced or len(response.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
