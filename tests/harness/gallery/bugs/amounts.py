"""Bugs in signs, decimals and tax."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.harness.gallery.client import money, planning, quickbooks, xero
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.registry import bug


@bug("A refund on a card goes out without Credit", severity="S1", origin="FM-69, seen in real code")
class P22(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def credit(self, document: Any) -> dict[str, Any]:
            return {}


@bug(
    "The first line tells the direction, and every amount is made positive",
    severity="S1",
    origin="FM-70, seen in real code",
)
class P23(Driver):
    class Xero(xero.Xero):
        def spends(self, document: Any) -> bool:
            return bool(document.lines[0].net >= 0)

        def signed(self, amount: Any, sign: int) -> Any:
            return abs(amount)

    class QuickBooks(quickbooks.QuickBooks):
        def spends(self, document: Any) -> bool:
            return bool(document.lines[0].net >= 0)

        def signed(self, amount: Any, sign: int) -> Any:
            return abs(amount)


@bug("A reward is posted as a payment", severity="S1", origin="FM-73")
class P24(Driver):
    class Planner(planning.Planner):
        def sign(self, kind: str) -> int:
            return -1 if kind in ("refund", "chargeback") else 1


@bug("Amounts are added up as floats", severity="S2", origin="FM-62, seen in real code")
class P25(Driver):
    class Amounts(money.Amounts):
        def total(self, amounts: Any) -> Any:
            return sum(map(float, amounts), 0.0)


@bug("Gross amounts are sent as exclusive of tax", severity="S1", origin="FM-64")
class P26(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        def line_amount(self, line: Any) -> Any:
            return line.net + line.tax


@bug("Tax is computed anew as rate times the sum of the lines", severity="S1", origin="FM-63")
class P27(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def tax_of(self, lines: Any, rates: Any, currency: str) -> Any:
            percent = sum((Decimal(percent) for _, percent in rates), Decimal(0))
            return self.driver.amounts.rounded(sum(line.net for line in lines) * percent / 100, currency)


@bug("A refund keeps its tax positive beside a negative net", severity="S1", origin="FM-66, seen in real code")
class P28(Driver):
    class Planner(planning.Planner):
        def line(self, line: Any, currency: str, sign: int) -> Any:
            made = super().line(line, currency, sign)
            return replace(made, tax=abs(made.tax))


@bug("A currency without decimals is taken for one with two", severity="S1", origin="FM-80, seen in real code")
class P29(Driver):
    class Amounts(money.Amounts):
        def digits(self, currency: str) -> int:
            return super().digits(currency) or 2


@bug("Lines that cancel out are sent as -0.00", severity="S3", origin="FM-68")
class P47(Driver):
    platforms = ("xero",)

    class Planner(planning.Planner):
        def worth_posting(self, netted: Any) -> Any:
            return netted

    class Xero(xero.Xero):
        def journal_amount(self, net: Any) -> Any:
            return net if net > 0 else -1 * abs(net)
