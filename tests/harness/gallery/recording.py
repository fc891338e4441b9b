"""Recorded answers: what the clean client asked and was told, and a stand-in for the network that says it again.

This is what the usual mocks do. The stand-in keeps no books: it knows what was answered once, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.work import Work, environment_of, opened

Json = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    url: str
    sent: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def place(self) -> tuple[str, str]:
        return self.method, urlsplit(self.url).path.lower()

    @property
    def writes(self) -> bool:
        return self.method in ("POST", "PUT") and "token" not in self.url


@dataclass(frozen=True)
class Recording:
    """A run of the clean client: the environment that it had, and its exchanges in order."""

    environment: Json
    exchanges: tuple[Exchange, ...]

    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.writes]


@cache
def recorded(platform: str, country: str, kind: str) -> Recording:
    """The clean client at work on one usual transaction."""
    with opened(platform, country) as company:
        environment = environment_of(company)
        driver = Driver()
        driver.connect(environment)
        Work(environment).hand_over(driver, kind)
        driver.settle()
        entries = [entry for entry in company._sandbox.tape() if entry.surface == platform]
    exchanges = tuple(
        Exchange(e.method, e.url, e.request_body, e.status, tuple(e.response_headers), e.response_body) for e in entries
    )
    return Recording(environment, exchanges)


@dataclass
class Network:
    """A stand-in for the network. ``before`` are answers, or errors, that come ahead of those recorded for writes."""

    recording: Recording
    before: list[Any] = field(default_factory=list)
    sent: list[Exchange] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    _next: dict[Any, int] = field(default_factory=dict)

    def answer(self, method: str, url: str, params: Any, data: Any) -> requests.Response:
        full = requests.Request(method, url, params=params).prepare().url or url
        asked = Exchange(method.upper(), full, data if isinstance(data, bytes) else b"", 0, (), b"")
        self.sent.append(asked)
        if asked.writes and self.before:
            early = self.before.pop(0)
            if isinstance(early, Exception):
                raise early
            return _response(replace(asked, **early))
        return _response(self._recorded(asked))

    def _recorded(self, asked: Exchange) -> Exchange:
        """The recorded answers of a place one after the other; then the last of them for ever."""
        known = [e for e in self.recording.exchanges if e.place == asked.place and 200 <= e.status < 500]
        if not known and asked.method == "GET":
            return replace(asked, status=200, body=b"{}")  # a list with nothing in it
        if not known:
            raise requests.ConnectionError(f"no answer is recorded for {asked.method} {asked.url}")
        number = self._next.get(asked.place, 0)
        self._next[asked.place] = number + 1
        return known[min(number, len(known) - 1)]

    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.sent if exchange.writes]


def _response(exchange: Exchange) -> requests.Response:
    made = requests.Response()
    made.status_code = exchange.status
    made.headers = CaseInsensitiveDict(dict(exchange.headers))
    made._content = exchange.body
    made.url = exchange.url
    return made


@contextmanager
def answering(network: Network) -> Iterator[Network]:
    """While this lasts, requests are answered by the stand-in, and sleeping takes no time."""

    def request(self: Any, method: str, url: str, **given: Any) -> requests.Response:
        return network.answer(method, url, given.get("params"), given.get("data"))

    with mock.patch.object(requests.Session, "request", request), mock.patch("time.sleep", network.slept.append):
        yield network


def said(exchange: Exchange) -> Any:
    """What a request says; None where it is no JSON."""
    try:
        return json.loads(exchange.sent, parse_float=Decimal, parse_int=Decimal)
    except ValueError:
        return None
