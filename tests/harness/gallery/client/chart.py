"""The customer's chart of accounts: read whole once, then what has changed since the last checkpoint."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tests.harness.gallery.client.documents import Account

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver


class Chart:
    """Accounts by id."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.store = driver.store

    def refresh(self) -> None:
        """Read what has changed. Raises ``Unavailable`` or ``SignInLost``."""
        since = self.store.get("checkpoints", "accounts") or ""
        changed, checkpoint = self.driver.adapter.accounts(since)
        for account in changed:
            self.store.put("accounts", account.id, asdict(account))
        self.store.put("checkpoints", "accounts", checkpoint)

    def accounts(self) -> dict[str, Account]:
        return {row["id"]: Account(**row) for row in self.store.rows("accounts")}
