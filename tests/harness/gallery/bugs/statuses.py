"""Bugs in what is tried again, and in paying bills."""

from __future__ import annotations

from typing import Any

from tests.harness.gallery.client import engine, payables
from tests.harness.gallery.client.answers import Refused
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.engine import FAILED
from tests.harness.gallery.registry import bug


@bug("What the platform has refused is sent again on each run, for ever", severity="S3", origin="FM-37, seen in real code")
class P18(Driver):
    class Engine(engine.Engine):
        def recover(self) -> None:
            super().recover()
            for row in self.store.rows("transactions"):
                if row["status"] == FAILED:
                    self.enqueue(row["id"])

        def under_way(self) -> bool:
            return super().under_way() or any(r["status"] == FAILED for r in self.store.rows("transactions"))


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
