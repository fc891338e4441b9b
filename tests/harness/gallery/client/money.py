"""Amounts: kept as whole minor units, sent as plain decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.harness.gallery.client.answers import Refused

# Source: ISO 4217, minor units that are not two
DIGITS = {"BHD": 3, "CLP": 0, "ISK": 0, "IQD": 3, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3}
DIGITS |= {"PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0}


class Amounts:
    """The arithmetic of the client."""

    def digits(self, currency: str) -> int:
        return DIGITS.get(currency, 2)

    def stored(self, text: str, currency: str) -> int:
        """An amount as minor units. Raises ``Refused`` for more decimals than the currency has."""
        scaled = Decimal(text).scaleb(DIGITS.get(currency, 2))
        if scaled != scaled.to_integral_value():
            raise Refused(f"{text} has more decimals than {currency} has")
        return int(scaled)

    def amount(self, minor: int, currency: str) -> Decimal:
        """Minor units as a decimal of the currency."""
        return Decimal(minor).scaleb(-self.digits(currency))

    def total(self, amounts: Any) -> Any:
        return sum(amounts, Decimal(0))

    def rounded(self, amount: Decimal, currency: str) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-self.digits(currency)), "ROUND_HALF_UP")

    def on_wire(self, amount: Any) -> Any:
        """The amount as it is sent: no negative zero."""
        return amount if amount else abs(amount)
