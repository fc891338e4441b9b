"""Day rates: what one unit of a foreign currency is worth in the company's own.

FreeAgent converts by daily rates of its own and offers no table of them. A company of this simulator carries its rates
in the setting ``exchange_rates``: ``{"USD": "0.7741"}``, or by first day of validity
``{"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}}``; currencies without one have a fixed, plausible rate.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from sandbooks.kit.company import Company
from sandbooks.money import Rate

# Units of GBP for one unit of each currency: plausible and fixed, so that the same seed gives the same books.
_IN_GBP = {
    code: Decimal(value)
    for code, value in (
        pair.split(":")
        for pair in [
            "GBP:1",
            "USD:0.7812",
            "EUR:0.8437",
            "CHF:0.8923",
            "SEK:0.0741",
            "NOK:0.0722",
            "DKK:0.1131",
            "PLN:0.1967",
            "CZK:0.0336",
            "HUF:0.00214",
            "CAD:0.5691",
            "AUD:0.5083",
            "NZD:0.4617",
            "JPY:0.00519",
            "CNY:0.1083",
            "HKD:0.1001",
            "SGD:0.5834",
            "INR:0.00921",
            "ZAR:0.0427",
            "AED:0.2127",
            "ILS:0.2144",
            "TRY:0.0189",
            "BRL:0.1377",
            "MXN:0.0386",
            "KWD:2.5391",
            "BHD:2.0721",
            "THB:0.0233",
            "KRW:0.00054",
        ]
    )
}
_PLACES = Decimal("0.00000001")


def day_rate(company: Company, currency: str, on: date) -> Rate | None:
    """Base units for one unit of a currency on a day; None when the company has no rate for it."""
    base = company.currency
    if currency == base:
        return Rate(Decimal(1), base, base)
    given = company.settings.get("exchange_rates", {}).get(currency)
    if isinstance(given, dict):
        days = sorted(day for day in given if day <= on.isoformat()) or sorted(given)[:1]
        given = given[days[-1]] if days else None
    if given is not None:
        return Rate(Decimal(str(given)), currency, base)
    if currency not in _IN_GBP or base not in _IN_GBP:
        return None
    value = Fraction(_IN_GBP[currency]) / Fraction(_IN_GBP[base])
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Rate(exact.quantize(_PLACES), currency, base)
