"""A signed-in connection to one customer's accounting software: tokens, waiting, and telling a no from an unknown."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import requests

from exporter.receipts import OutcomeUnknown, Refused

TIMEOUT_S = 20
RENEW_BEFORE_S = 120
WAIT_WHEN_NOT_TOLD_S = 60

_json = msgspec.json.Encoder(decimal_format="number")  # amounts go out digit for digit, never through a float


@dataclass
class Tokens:
    """An OAuth 2 pair. ``expires_at`` is in seconds since 1970."""

    access: str
    refresh: str
    expires_at: float


class Connection:
    """Sends requests with a token that is good, renewing it in time and once more when it is refused."""

    def __init__(self, token_url: str, credentials: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self._token_url = token_url
        self._client = (credentials["client_id"], credentials["client_secret"])
        self._headers = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        self._tokens = Tokens(credentials["access_token"], credentials["refresh_token"], time.time() + 1800)
        self._session = requests.Session()

    def close(self) -> None:
        self._session.close()

    def call(self, method: str, url: str, *, body: Any = None, **query: str) -> Any:
        """The JSON of a good answer. Raises ``Refused`` or ``OutcomeUnknown``."""
        if time.time() > self._tokens.expires_at - RENEW_BEFORE_S:
            self._renew()
        answer = self._send(method, url, body, query)
        if answer.status_code == 401:
            self._renew()
            answer = self._send(method, url, body, query)
        if answer.status_code == 429:
            time.sleep(float(answer.headers.get("Retry-After", WAIT_WHEN_NOT_TOLD_S)))
            answer = self._send(method, url, body, query)
        return _understood(answer)

    def _send(self, method: str, url: str, body: Any, query: Mapping[str, str]) -> requests.Response:
        headers = {**self._headers, "Authorization": f"Bearer {self._tokens.access}"}
        data = _json.encode(body) if body is not None else None
        try:
            return self._session.request(method, url, params=query, data=data, headers=headers, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            raise OutcomeUnknown(str(error)) from error

    def _renew(self) -> None:
        """Trade the refresh token for a new pair; both kinds of software hand out a new refresh token each time."""
        form = {"grant_type": "refresh_token", "refresh_token": self._tokens.refresh}
        for attempt in range(4):
            try:
                answer = self._session.post(self._token_url, data=form, auth=self._client, timeout=TIMEOUT_S)
                pair = _understood(answer)
            except (requests.RequestException, OutcomeUnknown) as error:
                if attempt == 3:
                    raise OutcomeUnknown("the sign-in service cannot be reached") from error
                time.sleep(2**attempt)
            else:
                self._tokens = Tokens(pair["access_token"], pair["refresh_token"], time.time() + pair["expires_in"])
                return


def _understood(answer: requests.Response) -> Any:
    """The JSON of an answer that says yes."""
    if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
        raise Refused(f"{answer.status_code}: {answer.text}")
    try:
        parsed = answer.json()
    except requests.JSONDecodeError as error:
        raise OutcomeUnknown(f"status {answer.status_code}, and no JSON") from error
    if answer.status_code >= 300:
        raise OutcomeUnknown(f"status {answer.status_code}")
    return parsed
