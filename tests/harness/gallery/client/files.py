"""Receipts: uploaded when their transaction is in the books. Whatever becomes of it, the transaction stays posted."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, SignInLost, Unavailable
from tests.harness.gallery.client.engine import COMPLETE

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

ATTEMPTS = 6
WAITING, STORED, NOT_TAKEN = "waiting", "stored", "not taken"


class Files:
    """The files of transactions, with a status of their own."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.store = driver.store

    def taken(self, given: Mapping[str, Any]) -> None:
        if self.store.get("files", given["id"]) is None:
            self.store.put("files", given["id"], {**given, "status": WAITING, "tries": 0})

    def ready(self) -> list[dict[str, Any]]:
        """Files that wait for nothing but their upload."""
        done = {row["id"] for row in self.store.rows("transactions") if row["status"] == COMPLETE}
        return [row for row in self.store.rows("files") if row["status"] == WAITING and row["transaction"] in done]

    def now(self, id: str) -> None:
        """Upload a file whose transaction is in the books. Raises ``Refused`` for one that is not taken."""
        for file in self.ready():
            if file["id"] == id:
                with suppress(Unavailable, SignInLost):
                    self.upload(file)
        if self.store.get("files", id)["status"] == NOT_TAKEN:
            raise Refused(f"the file is not taken: {self.store.get('files', id)['message']}")

    def run(self) -> None:
        for file in self.ready():
            self.upload(file)

    def upload(self, file: Mapping[str, Any]) -> None:
        """Upload one file, unless an earlier attempt did."""
        row = self.store.get("transactions", file["transaction"])
        document = self.driver.planner.document(row["given"])
        document = replace(document, facts=row.get("facts") or {})
        for attempt in range(ATTEMPTS):
            try:
                if not self.there(document, row["native_id"], file):
                    content = self.content(file)
                    adapter = self.driver.adapter
                    adapter.attach(document, row["native_id"], file, content, key=self.key(file))
                self.store.change("files", file["id"], status=STORED)
                return
            except Refused as refused:
                self.not_taken(file, str(refused))
                return
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(min(4 ** (attempt + 1), 60))
        self.store.change("files", file["id"], tries=file["tries"] + 1)

    def key(self, file: Mapping[str, Any]) -> str:
        return f"{file['id']}-file"

    def there(self, document: Any, native_id: str, file: Mapping[str, Any]) -> bool:
        return bool(self.driver.adapter.attached(document, native_id, file))

    def content(self, file: Mapping[str, Any]) -> bytes:
        return base64.b64decode(file["content"])

    def not_taken(self, file: Mapping[str, Any], message: str) -> None:
        """The file is refused; what it belongs to is in the books all the same."""
        self.store.change("files", file["id"], status=NOT_TAKEN, message=message)
