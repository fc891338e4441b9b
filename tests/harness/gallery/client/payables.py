"""Bill pay: bills are posted as any document; a payment follows when its bills are in the books and open enough."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, SignInLost
from tests.harness.gallery.client.documents import Posted, Rejected, Verdict
from tests.harness.gallery.client.engine import COMPLETE, FAILED, LOOK_UP_WAITS_S, QUEUED

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

ATTEMPTS = 5


class Payables:
    """Payments of bills."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.store = driver.store

    def taken(self, given: Mapping[str, Any]) -> None:
        if self.store.get("payments", given["id"]) is None:
            amounts = self.driver.amounts
            bills = [{**b, "amount": amounts.stored(b["amount"], given["currency"])} for b in given["bills"]]
            self.store.put("payments", given["id"], {**given, "bills": bills, "status": QUEUED})

    def waiting(self) -> list[dict[str, Any]]:
        return [row for row in self.store.rows("payments") if row["status"] == QUEUED]

    def run(self) -> None:
        for row in self.waiting():
            bills = [self.store.get("transactions", bill["id"]) for bill in row["bills"]]
            if any(bill is None or bill["status"] == FAILED for bill in bills):
                self.done(row, Rejected("a bill of this payment is not in the books"))
            elif all(bill["status"] == COMPLETE for bill in bills):
                self.pay(row, bills)

    def pay(self, row: Mapping[str, Any], bills: list[Mapping[str, Any]]) -> None:
        """Pay once. What was sent before is looked for first; the balances are read anew."""
        unclear = bool(row.get("sent"))
        for _ in range(ATTEMPTS):
            payment = self.payment(row, bills)
            if unclear and (found := self.looked_up(payment)):
                self.done(row, Posted(found))
                return
            try:
                self.check(payment)
                payment = self.payment(row, bills)
                self.store.change("payments", row["id"], sent=True)
                self.done(row, self.driver.adapter.pay(self.sent(payment), key=f"{row['id']}-payment"))
                return
            except Refused as refused:
                self.done(row, Rejected(str(refused)))
                return
            except SignInLost as lost:
                if unclear:
                    raise
                self.done(row, Rejected(str(lost)))
                return
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                unclear = True

    def looked_up(self, payment: Mapping[str, Any]) -> str | None:
        for wait in LOOK_UP_WAITS_S:
            time.sleep(wait)
            found = self.driver.adapter.find_payment(payment)
            if found:
                return str(found)
        return None

    def payment(self, row: Mapping[str, Any], bills: list[Mapping[str, Any]]) -> dict[str, Any]:
        contacts = {str((bill.get("facts") or {}).get("contact") or bill["given"]["contact"]) for bill in bills}
        if len(contacts) > 1:
            contacts = {""}
        amounts = self.driver.amounts
        parts = [
            {
                "native_id": bill["native_id"],
                "amount": amounts.amount(part["amount"], row["currency"]),
                "applied": amounts.amount(part["amount"], row["currency"]),
            }
            for part, bill in zip(row["bills"], bills, strict=True)
        ]
        return {**row, "contact": contacts.pop(), "parts": parts}

    def check(self, payment: Mapping[str, Any]) -> None:
        """Raise ``Refused`` for more than is open, as it stands in the books now."""
        if not payment["contact"]:
            raise Refused("one payment pays the bills of one supplier")
        for part in payment["parts"]:
            balance = self.driver.adapter.open_balance(part["native_id"], payment["currency"])
            if part["amount"] > balance:
                raise Refused(f"the bill has {balance} open, less than is to be paid")

    def sent(self, payment: dict[str, Any]) -> dict[str, Any]:
        return payment

    def done(self, row: Mapping[str, Any], verdict: Verdict) -> None:
        if isinstance(verdict, Posted):
            self.store.change("payments", row["id"], status=COMPLETE, native_id=verdict.native_id)
        else:
            self.store.change("payments", row["id"], status=FAILED, message=verdict.message)
