"""A keep-alive HTTP/1.1 client on a bare socket: light enough that the server is what is measured."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """One request as bytes, and where it goes."""

    host: str
    port: int
    data: bytes


def shot(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Shot:
    """A request for ``http://host:port/path``."""
    rest = url.removeprefix("http://")
    place, slash, path = rest.partition("/")
    host, _, port = place.partition(":")
    lines = [f"{method} {slash}{path} HTTP/1.1", f"Host: {place}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return Shot(host, int(port), ("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def fire(target: Shot, seconds: float) -> tuple[float, list[float]]:
    """Requests per second over a connection for so long, and every latency in microseconds."""
    latencies: list[float] = []
    end = time.perf_counter() + seconds
    connection = _connect(target)
    while (begun := time.perf_counter()) < end:
        connection.sendall(target.data)
        if not _read_answer(connection):
            connection.close()
            connection = _connect(target)
        latencies.append((time.perf_counter() - begun) * 1e6)
    connection.close()
    return len(latencies) / sum(latencies) * 1e6, latencies


def _connect(target: Shot) -> socket.socket:
    connection = socket.create_connection((target.host, target.port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read_answer(connection: socket.socket) -> bool:
    """Read one answer; whether the connection stays open. Raises when it is no success."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return False
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status >= 400:
        raise RuntimeError(f"HTTP {status}: {body[:300]!r}")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
    elif b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
    return b"connection: close" not in lower
