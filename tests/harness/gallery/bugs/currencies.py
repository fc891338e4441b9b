"""Bugs in rates, currencies and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.harness.gallery.client import engine, planning, quickbooks, xero
from tests.harness.gallery.client.answers import Refused
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.engine import QUEUED
from tests.harness.gallery.registry import bug


@bug("A missing rate becomes 1", severity="S1", origin="FM-76, seen in real code")
class P30(Driver):
    class Planner(planning.Planner):
        def rate(self, given: Any) -> Decimal | None:
            return Decimal(given.get("rate") or 1) if given["currency"] != self.company["currency"] else None


@bug("The rate is sent the wrong way round", severity="S1", origin="FM-77")
class P31(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        def currency_rate(self, rate: Decimal) -> Decimal:
            return rate


@bug("A transfer posts the amount that leaves on both sides", severity="S1", origin="FM-82")
class P32(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def transfer(self, document: Any) -> dict[str, Any]:
            return {**super().transfer(document), "Amount": document.source.amount}

        def transfer_rate(self, home: Any, foreign: Any) -> Decimal:
            return Decimal(1)


@bug("A date is turned into UTC and cut to ten characters", severity="S1", origin="FM-58, seen in real code")
class P33(Driver):
    class Planner(planning.Planner):
        def date(self, text: str) -> date:
            midnight = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.company["timezone"]))
            return midnight.astimezone(UTC).date()


@bug(
    "In a closed period the first day of this month is taken instead, without a word",
    severity="S1",
    origin="FM-57, seen in real code",
)
class P34(Driver):
    class Engine(engine.Engine):
        def failed(self, id: str, message: str, *, code: str = "") -> None:
            first = datetime.now(UTC).date().replace(day=1).isoformat()
            given = self.store.get("transactions", id)["given"]
            closed = any(words in message.lower() for words in ("period closed", "lock date"))
            if closed and given["date"] != first:
                self.store.change("transactions", id, status=QUEUED, given={**given, "date": first})
                self.enqueue(id)
            else:
                super().failed(id, message, code=code)


@bug("Currencies are checked by the transaction alone, not by the bank account", severity="S2", origin="FM-79")
class P48(Driver):
    class Planner(planning.Planner):
        def check_currency(self, document: Any, bank: Any) -> None:
            if document.currency not in (self.company["currency"], bank.currency):
                raise Refused(f"{bank.name} cannot be charged in {document.currency}")
