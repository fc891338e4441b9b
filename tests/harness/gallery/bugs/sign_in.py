"""Bugs in keeping the customer's consent alive."""

from __future__ import annotations

import time
from typing import Any

from tests.harness.gallery.client import auth
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.registry import bug


@bug("The renewed refresh token is kept in memory only", severity="S3", origin="FM-19, seen in real code")
class P13(Driver):
    class Auth(auth.Auth):
        renewed: Any = None

        def save(self, pair: Any) -> None:
            if self.driver.store.get("tokens", "pair") is None:
                super().save(pair)
                return
            self.renewed = {**pair, "expires_at": time.time() + float(pair["expires_in"])}

        def pair(self) -> Any:
            return self.renewed or super().pair()


@bug("Each worker renews the tokens for itself", severity="S3", origin="FM-18, seen in real code")
class P14(Driver):
    class Auth(auth.Auth):
        def save(self, pair: Any) -> None:
            super().save(pair)
            self.driver.store.put("tokens", f"pair of {self.driver.worker}", super().pair())

        def pair(self) -> Any:
            own = f"pair of {self.driver.worker}"
            if self.driver.store.get("tokens", own) is None:
                self.driver.store.put("tokens", own, super().pair())
            return self.driver.store.get("tokens", own)


@bug("The body of a refused renewal is stored over the good pair", severity="S3", origin="FM-20, seen in real code")
class P15(Driver):
    class Auth(auth.Auth):
        def is_pair(self, answer: Any) -> bool:
            return True

        def save(self, pair: Any) -> None:
            told = {name: pair.get(name) for name in ("access_token", "refresh_token")}
            lasts = float(pair.get("expires_in") or 0)
            self.driver.store.put("tokens", "pair", {**told, "expires_at": time.time() + lasts})

        def renew(self, refused: str) -> None:
            self.save(self.asked(self.pair()["refresh_token"]))
