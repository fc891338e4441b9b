"""The HTTP clients that production code uses, behind one call, so that a behaviour is shown for each of them."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
import urllib3

Pairs = list[tuple[str, str]]
Send = Callable[..., "Got"]


@dataclass(frozen=True)
class Got:
    status: int
    headers: Pairs
    body: bytes

    def values(self, name: str) -> list[str]:
        """Every value of a header, joined values taken apart."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return [part.strip() for value in found for part in value.split(",")]


@dataclass(frozen=True)
class Client:
    """``send(method, url, headers=, body=, timeout=)`` and the errors that this client's users catch."""

    name: str
    send: Send
    errors: dict[str, type[Exception]]

    def __repr__(self) -> str:
        return self.name


def _requests(method: str, url: str, *, headers: Any = None, body: Any = None, timeout: float = 30) -> Got:
    with requests.Session() as session:
        answer = session.request(method, url, headers=headers, data=body, timeout=timeout, allow_redirects=False)
        return Got(answer.status_code, list(answer.raw.headers.items()), answer.content)


def _urllib3(method: str, url: str, *, headers: Any = None, body: Any = None, timeout: float = 30) -> Got:
    with urllib3.PoolManager() as pool:
        answer = pool.request(method, url, headers=headers, body=body, timeout=timeout, retries=False, redirect=False)
        return Got(answer.status, list(answer.headers.items()), answer.data)


def _http_client(method: str, url: str, *, headers: Any = None, body: Any = None, timeout: float = 30) -> Got:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=timeout)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=headers or {})
        with connection.getresponse() as answer:
            return Got(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def _httpx(method: str, url: str, *, headers: Any = None, body: Any = None, timeout: float = 30) -> Got:
    with httpx.Client(timeout=timeout) as client:
        answer = client.request(method, url, headers=headers, content=body)
        return _got_of(answer)


def _httpx_async(method: str, url: str, *, headers: Any = None, body: Any = None, timeout: float = 30) -> Got:
    async def call() -> Got:
        async with httpx.AsyncClient(timeout=timeout) as client:
            content = _alternating(body) if isinstance(body, Iterator) else body
            return _got_of(await client.request(method, url, headers=headers, content=content))

    return asyncio.run(call())


async def _alternating(parts: Iterator[bytes]) -> Any:
    for part in parts:
        await asyncio.sleep(0)
        yield part


def _got_of(answer: httpx.Response) -> Got:
    pairs = [(name.decode(), value.decode()) for name, value in answer.headers.raw]
    return Got(answer.status_code, pairs, answer.content)


_HTTPX_ERRORS: dict[str, type[Exception]] = {
    "connect": httpx.ConnectError,
    "connect timeout": httpx.ConnectTimeout,
    "refused": httpx.ReadError,
    "closed": httpx.RemoteProtocolError,
    "reset": httpx.ReadError,
    "timeout": httpx.ReadTimeout,
    "truncated": httpx.RemoteProtocolError,
}

CLIENTS = [
    Client(
        "requests",
        _requests,
        {
            "connect": requests.ConnectionError,
            "connect timeout": requests.ConnectTimeout,
            "refused": requests.ConnectionError,
            "closed": requests.ConnectionError,
            "reset": requests.ConnectionError,
            "timeout": requests.ReadTimeout,
            "truncated": requests.exceptions.ChunkedEncodingError,
        },
    ),
    Client(
        "urllib3",
        _urllib3,
        {
            "connect": urllib3.exceptions.NewConnectionError,
            "connect timeout": urllib3.exceptions.ConnectTimeoutError,
            "refused": urllib3.exceptions.ProtocolError,
            "closed": urllib3.exceptions.ProtocolError,
            "reset": urllib3.exceptions.ProtocolError,
            "timeout": urllib3.exceptions.ReadTimeoutError,
            "truncated": urllib3.exceptions.ProtocolError,
        },
    ),
    Client(
        "http.client",
        _http_client,
        {
            "connect": ConnectionRefusedError,
            "connect timeout": TimeoutError,
            "refused": ConnectionResetError,
            "closed": http.client.RemoteDisconnected,
            "reset": ConnectionResetError,
            "timeout": TimeoutError,
            "truncated": http.client.IncompleteRead,
        },
    ),
    Client("httpx", _httpx, _HTTPX_ERRORS),
    Client("httpx async", _httpx_async, _HTTPX_ERRORS),
]
