"""Requests and what their answers mean. Reads are repeated here; a lost write is the engine's matter."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import msgspec
import requests
from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, SignInLost, Unavailable

if TYPE_CHECKING:
    from tests.harness.gallery.client.auth import Auth
    from tests.harness.gallery.client.driver import Driver

TIMEOUT_S = 30
ATTEMPTS = 7
WAIT_WHEN_NOT_TOLD_S = 60
_json = msgspec.json.Encoder(decimal_format="number")  # digit for digit, never through a float


@dataclass(frozen=True)
class Answer:
    """An answer that could be read. ``body`` is decoded JSON; None for an empty body."""

    status: int
    body: Any
    content: bytes


class Transport:
    """Sends requests of one connection."""

    def __init__(self, driver: Driver, auth: Auth | None, headers: Mapping[str, str]) -> None:
        self.driver = driver
        self.auth = auth
        self.headers = {"Accept": "application/json", **headers}

    def read(self, url: str, *, headers: Mapping[str, str] | None = None, **query: Any) -> Answer:
        """A GET, repeated until it is answered. Raises ``Unavailable`` or ``SignInLost``."""
        for attempt in range(ATTEMPTS):
            try:
                return self.send("GET", url, headers=headers, query=query)
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(self.pause(attempt))
        raise Unavailable(f"no answer from {url.partition('?')[0]}")

    def write(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        """One attempt. Raises ``OutcomeUnknown``, ``RateLimited`` or ``SignInLost``."""
        content = _json.encode(body) if data is None else data
        kind = {} if data is not None else {"Content-Type": "application/json"}
        return self.send(method, url, data=content, headers={**kind, **(headers or {})}, query=query)

    def send(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, Any],
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, with another token once if its token is refused."""
        for renewed in (False, True):
            token = self.signed_with()
            signed = {**self.headers, **(headers or {}), **({"Authorization": token} if token else {})}
            answer = self.asked(method, url, query, data, signed)
            if answer.status_code != 401:
                return self.understood(answer)
            if renewed or self.auth is None:
                raise SignInLost("the platform does not accept this connection any more: connect again")
            self.auth.renew(token.partition(" ")[2])
        raise AssertionError("the loop has two rounds")

    def signed_with(self) -> str:
        try:
            return f"Bearer {self.auth.access_token()}" if self.auth else ""
        except Unavailable as error:
            raise OutcomeUnknown(str(error)) from error

    def asked(
        self, method: str, url: str, query: Mapping[str, Any], data: bytes | None, headers: Mapping[str, str]
    ) -> requests.Response:
        try:
            return self.driver.http.request(method, url, params=query, data=data, headers=headers, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            raise OutcomeUnknown(f"no answer: {type(error).__name__}") from error

    def understood(self, answer: requests.Response) -> Answer:
        """The answer, if it can be one of the platform's own."""
        if answer.status_code == 429:
            raise RateLimited(self.wait_of(answer.headers.get("Retry-After", "")))
        if answer.status_code >= 500 or answer.status_code == 408:
            raise OutcomeUnknown(f"status {answer.status_code}")
        if not answer.content:
            return Answer(answer.status_code, None, b"")
        try:
            return Answer(answer.status_code, answer.json(), answer.content)
        except ValueError as error:
            raise OutcomeUnknown(f"status {answer.status_code}, and no JSON") from error

    def wait_of(self, told: str) -> float:
        """Seconds to wait by a Retry-After, which is a number of seconds or a date."""
        if not told:
            return WAIT_WHEN_NOT_TOLD_S
        try:
            return float(told) + 1
        except ValueError:
            return max(0.0, parsedate_to_datetime(told).timestamp() - time.time()) + 1

    def pause(self, attempt: int) -> float:
        """Seconds before a read is repeated."""
        return float(min(2**attempt, 30))
