"""Market rates: what the service offers for a day on which a company has set no rate of its own.

The service takes them from a market data provider; these are made-up, plausible and the same on every day.
"""

from __future__ import annotations

from decimal import Decimal

# US dollars per unit of each currency.
DOLLARS = {
    "USD": Decimal(1),
    "EUR": Decimal("1.09"),
    "GBP": Decimal("1.27"),
    "CAD": Decimal("0.73"),
    "AUD": Decimal("0.65"),
    "NZD": Decimal("0.6"),
    "CHF": Decimal("1.13"),
    "SEK": Decimal("0.096"),
    "NOK": Decimal("0.094"),
    "DKK": Decimal("0.146"),
    "PLN": Decimal("0.25"),
    "JPY": Decimal("0.0067"),
    "KWD": Decimal("3.25"),
    "SGD": Decimal("0.74"),
    "HKD": Decimal("0.128"),
    "INR": Decimal("0.012"),
    "ZAR": Decimal("0.054"),
    "BRL": Decimal("0.2"),
    "MXN": Decimal("0.058"),
    "AED": Decimal("0.2723"),
}


def market_rate(currency: str, home: str) -> Decimal | None:
    """Home units for one unit of a currency; None for a currency that is not quoted."""
    if currency not in DOLLARS or home not in DOLLARS:
        return None
    return (DOLLARS[currency] / DOLLARS[home]).quantize(Decimal("0.000001"))
