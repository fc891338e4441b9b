"""The customer's chart of accounts: read whole once, then what has changed since the last checkpoint."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.harness.gallery.client.documents import Account

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

OVERLAP_S = 120


class Chart:
    """Accounts by id."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.store = driver.store

    def refresh(self) -> None:
        """Read what has changed. Raises ``Unavailable`` or ``SignInLost``."""
        started = time.time()
        changed = self.driver.adapter.accounts(self.since(self.store.get("checkpoints", "accounts")))
        for account in changed:
            self.store.put("accounts", account.id, dict(vars(account)))
        self.store.put("checkpoints", "accounts", self.checkpoint(started))

    def checkpoint(self, started: float) -> float:
        """Where the next read takes up: before this one began, by more than a search lags behind."""
        return started - OVERLAP_S

    def since(self, checkpoint: float | None) -> datetime | None:
        return None if checkpoint is None else datetime.fromtimestamp(int(checkpoint), UTC)

    def include(self, ids: Iterable[str]) -> None:
        """Read accounts that the list did not show: it may lag behind."""
        for id in ids:
            if id and self.store.get("accounts", id) is None:
                account = self.driver.adapter.account(id)
                if account is not None:
                    self.store.put("accounts", account.id, dict(vars(account)))

    def accounts(self) -> dict[str, Account]:
        return {row["id"]: Account(**row) for row in self.store.rows("accounts")}
