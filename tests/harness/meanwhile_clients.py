"""Clients that are wrong only while somebody else works in the same books, or two workers of theirs do; right ones."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tests.harness.gallery.client.documents import Document, Verdict
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.quickbooks import QuickBooks
from tests.harness.small_clients import Careful, Json

ALL = quote("select * from Purchase")


class ChecksThenActs(Careful):
    """Looks whether a transaction is there, then posts it without a key: two workers find nothing, and both post."""

    workers = 2

    def _post(self, row: Json) -> None:
        _, found = self._call("GET", f"query?query={ALL}", {})
        known = found["QueryResponse"].get("Purchase", [])
        standing = next((p for p in known if p.get("PrivateNote") == row["given"]["id"]), None)
        if standing:
            row.update(status="completed", native_id=standing["Id"])
        else:
            super()._post(row)

    def _path(self, id: str) -> str:
        return "purchase"


class Claims(ChecksThenActs):
    """Marks a transaction as taken before it asks anything."""

    def settle(self) -> None:
        for row in self.stored.values():
            if row["status"] == "pending" and not row.get("taken"):
                row["taken"] = True
                self._post(row)


class Locks(ChecksThenActs):
    """One worker at a time, by a lock that is held across exchanges."""

    lock = threading.Lock()

    def settle(self) -> None:
        with self.lock:
            super().settle()


class PutsBack(Careful):
    """Writes its own state over whatever stands, each time it settles."""

    def settle(self) -> None:
        super().settle()
        for row in self.stored.values():
            if row["status"] != "completed" or "refresh_token" not in self.tokens:
                continue
            status, answer = self._call("GET", f"purchase/{row['native_id']}", {})
            if status == 200:
                stands = {name: answer["Purchase"][name] for name in ("Id", "SyncToken")}
                self._call("POST", "purchase", {**self._purchase(row["given"]), **stands})


class ChangesWithoutTracking(Driver):
    """A change sends the lines anew, and their dimensions no more."""

    platforms = ("quickbooks_online",)

    class QuickBooks(QuickBooks):
        def update(self, document: Document, native_id: str, *, key: str) -> Verdict:
            lines = tuple(replace(line, tracking=()) for line in document.lines)
            return super().update(replace(document, lines=lines), native_id, key=key)


class DropsTracking(Driver):
    """Leaves the dimensions of lines out."""

    class QuickBooks(QuickBooks):
        def body(self, document: Any) -> dict[str, Any]:
            body = super().body(document)
            for line in body.get("Line", ()):
                line.get("AccountBasedExpenseLineDetail", {}).pop("ClassRef", None)
            return body
