"""The Intacct Daily Rate: what one unit of a foreign currency is worth in the company's base currency on a day.

The live table is a service of the vendor. A company of this simulator carries its rates in the setting
``exchange_rates``: ``{"USD": "0.7741"}``, or by first day of validity ``{"USD": {"2026-01-01": "0.7741"}}``;
currencies without one have a fixed, plausible rate.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from sandbooks.kit.company import Company
from sandbooks.money import Rate

DAILY = "Intacct Daily Rate"
# Euros for a hundred units of each currency: plausible and fixed, so that the same seed gives the same books.
_IN_EUR = {
    "EUR": "100",
    "GBP": "118.31",
    "USD": "91.27",
    "CHF": "106.44",
    "CAD": "66.92",
    "AUD": "60.18",
    "NZD": "55.37",
    "SEK": "8.83",
    "NOK": "8.52",
    "DKK": "13.40",
    "PLN": "23.42",
    "CZK": "4.01",
    "JPY": "0.614",
    "CNY": "12.73",
    "HKD": "11.69",
    "SGD": "69.05",
    "INR": "1.086",
    "ZAR": "5.04",
    "AED": "24.85",
    "MXN": "4.93",
    "BRL": "16.41",
    "ILS": "25.36",
    "KWD": "297.5",
}


def custom_rates(company: Company) -> list[tuple[str, str, list[tuple[date, Decimal]]]]:
    """The rates of a company's own: type, currency, and the rates by the day from which each holds."""
    return [
        (str(type), str(currency), [(date.fromisoformat(day), Decimal(str(days[day]))) for day in sorted(days)])
        for type, currencies in company.settings.get("custom_exchange_rates", {}).items()
        for currency, days in currencies.items()
    ]


def custom_types(company: Company) -> tuple[str, ...]:
    """The names of the types of exchange rates that the company has defined."""
    return tuple(dict.fromkeys(type for type, _, _ in custom_rates(company)))


def custom_rate(company: Company, type: str, currency: str, on: date) -> Rate | None:
    """The rate of a type of the company's own on a day; None when it has none for it."""
    for name, code, days in custom_rates(company):
        held = [rate for day, rate in days if day <= on]
        if (name, code) == (type, currency) and held:
            return Rate(held[-1], currency, company.currency)
    return None


def day_rate(company: Company, currency: str, on: date) -> Rate | None:
    """Base units for one unit of a currency on a day; None when there is no rate for it."""
    base = company.currency
    if currency == base:
        return Rate(Decimal(1), base, base)
    given = company.settings.get("exchange_rates", {}).get(currency)
    if isinstance(given, dict):
        days = sorted(day for day in given if day <= on.isoformat()) or sorted(given)[:1]
        given = given[days[-1]] if days else None
    if given is not None:
        return Rate(Decimal(str(given)), currency, base)
    if currency not in _IN_EUR or base not in _IN_EUR:
        return None
    value = Fraction(Decimal(_IN_EUR[currency])) / Fraction(Decimal(_IN_EUR[base]))
    return Rate((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.00000001")), currency, base)
