"""Sign-in: a pair of tokens, renewed by one worker at a time and written down before it is used."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import requests
from tests.harness.gallery.client.answers import SignInLost, Unavailable

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

RENEW_BEFORE_S = 60
ATTEMPTS = 6
TIMEOUT_S = 20


class Auth:
    """The tokens of one connection. The store is the only place where they are kept."""

    def __init__(self, driver: Driver, *, token_url: str, lasts_s: int) -> None:
        self.driver = driver
        self.token_url = token_url
        credentials = driver.environment["credentials"]
        self.client = (credentials["client_id"], credentials["client_secret"])
        if driver.store.get("tokens", "pair") is None:
            pair = {"access_token": credentials["access_token"], "refresh_token": credentials["refresh_token"]}
            self.save({**pair, "expires_in": lasts_s})

    def save(self, pair: dict[str, Any]) -> None:
        kept = {name: pair[name] for name in ("access_token", "refresh_token")}
        self.driver.store.put("tokens", "pair", {**kept, "expires_at": time.time() + float(pair["expires_in"])})

    def pair(self) -> dict[str, Any]:
        return dict(self.driver.store.get("tokens", "pair"))

    def access_token(self) -> str:
        """A token that is good for a while. Raises ``SignInLost`` or ``Unavailable``."""
        self.check()
        pair = self.pair()
        if time.time() > pair["expires_at"] - RENEW_BEFORE_S:
            self.renew(pair["access_token"])
        return str(self.pair()["access_token"])

    def renew(self, refused: str) -> None:
        """Trade the refresh token for a new pair, unless another worker has done so since ``refused`` was sent."""
        self.check()
        for attempt in range(ATTEMPTS):
            pair = self.pair()
            if pair["access_token"] != refused and time.time() < pair["expires_at"] - RENEW_BEFORE_S:
                return
            answer = self.asked(pair["refresh_token"])
            if self.is_pair(answer):
                self.save({"refresh_token": pair["refresh_token"], **answer})
                return
            if answer.get("error") in ("invalid_grant", "unauthorized_client") and attempt >= 1:
                self.driver.store.put("tokens", "lost", True)
                self.check()
            time.sleep(2**attempt)
        raise Unavailable("the sign-in service cannot be reached")

    def check(self) -> None:
        """Raise ``SignInLost`` once the consent is known to be gone: nothing more is sent until it is given anew."""
        if self.driver.store.get("tokens", "lost"):
            raise SignInLost("the consent is no longer valid: connect again")

    def is_pair(self, answer: dict[str, Any]) -> bool:
        return "access_token" in answer

    def asked(self, refresh_token: str) -> dict[str, Any]:
        """The answer to one request for a new pair; empty when there was none."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            answer = self.driver.http.post(self.token_url, data=form, auth=self.client, timeout=TIMEOUT_S)
            told = answer.json()
        except (requests.RequestException, ValueError):
            return {}
        return told if isinstance(told, dict) else {}
