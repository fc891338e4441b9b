"""Bugs in what is tried again, and in paying bills."""

from __future__ import annotations

from typing import Any

from tests.harness.gallery.client import engine, intacct, payables
from tests.harness.gallery.client.answers import Refused
from tests.harness.gallery.client.driver import Driver, IntacctDriver
from tests.harness.gallery.client.engine import FAILED
from tests.harness.gallery.registry import bug


@bug(
    "What the platform has refused is sent again on each run, for ever",
    severity="S3",
    origin="FM-37, seen in real code",
)
class P18(Driver):
    class Engine(engine.Engine):
        def recover(self) -> None:
            super().recover()
            for id in self.unfinished():
                self.enqueue(id)

        def under_way(self) -> bool:
            return super().under_way() or bool(self.unfinished())

        def unfinished(self) -> list[str]:
            rows = self.store.rows("transactions")
            return [row["id"] for row in rows if row["status"] == FAILED and row.get("code") != "final"]


@bug("A payment is not held to what is still open of its bill", severity="S2", origin="FM-116")
class P44(Driver):
    platforms = ("quickbooks_online",)

    class Payables(payables.Payables):
        def check(self, payment: Any) -> None:
            if not payment["contact"]:
                raise Refused("one payment pays the bills of one supplier")

        def sent(self, payment: Any) -> Any:
            for part in payment["parts"]:  # QuickBooks takes no more than is open for one bill
                balance = self.driver.adapter.open_balance(part["native_id"], payment["currency"])
                part["applied"] = min(part["amount"], balance)
            return payment


@bug(
    "The support id is part of what tells errors apart, so that the cap on trying again is never reached",
    severity="S3",
    origin="FM-114, seen in real code",
)
class P52(IntacctDriver):
    class Intacct(intacct.Intacct):
        def worded(self, said: Any) -> str:
            return "; ".join(f"{message} ({code})" for code, message in said)

    class Engine(P18.Engine):
        def failed(self, id: str, message: str, *, code: str = "") -> None:
            seen = self.store.get("errors", f"{id} {message}")
            self.store.put("errors", f"{id} {message}", True)
            super().failed(id, message, code="final" if seen else code)
