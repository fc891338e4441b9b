"""Exchange rates: base-currency units for one unit of a foreign currency, on a day.

A rate comes from the account's currency rate records, else from the setting ``exchange_rates`` (``{"USD": "0.7741"}``,
or by first day of validity), else from a fixed, plausible table, so that the same seed gives the same books.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1477353.html (direction of the rate)
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from sandbooks.kit.company import Company
from sandbooks.money import Rate

_CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP)
_PLACES = Decimal("0.00000001")
_IN_DOLLARS = {
    code: Decimal(value)
    for code, value in {
        "USD": "1", "GBP": "1.2817", "EUR": "1.0839", "CAD": "0.7284", "AUD": "0.6513", "NZD": "0.5936",
        "CHF": "1.1421", "SEK": "0.0953", "NOK": "0.0927", "DKK": "0.1453", "PLN": "0.2519", "CZK": "0.0431",
        "HUF": "0.00276", "JPY": "0.00663", "CNY": "0.1387", "HKD": "0.1282", "SGD": "0.7468", "INR": "0.01194",
        "ZAR": "0.0546", "AED": "0.2723", "ILS": "0.2751", "BRL": "0.1784", "MXN": "0.0519", "KWD": "3.2517",
        "BHD": "2.6525", "THB": "0.0297", "KRW": "0.00072", "TRY": "0.0256",
    }.items()
}  # fmt: skip


def day_rate(company: Company, currency: str, on: date, *, base: str = "") -> Rate | None:
    """The rate of a currency on a day, into the base currency of a subsidiary (the root's, if none is named); None when
    the account has none. A rate that stands only for the root's currency is crossed."""
    base = base or company.currency
    if currency == base:
        return Rate(Decimal(1), base, base)
    found = _recorded(company, currency, on, base=base)
    if found is None and base == company.currency:
        found = _given(company, currency, on)
    elif found is None:
        found = _crossed(company, currency, on, base=base)
    if found is not None:
        return Rate(found, currency, base)
    if currency not in _IN_DOLLARS or base not in _IN_DOLLARS:
        return None
    return Rate(
        _CONTEXT.divide(_IN_DOLLARS[currency], _IN_DOLLARS[base]).quantize(_PLACES, context=_CONTEXT), currency, base
    )


def _crossed(company: Company, currency: str, on: date, *, base: str) -> Decimal | None:
    there, here = day_rate(company, currency, on), day_rate(company, base, on)
    if there is None or here is None:
        return None
    return _CONTEXT.divide(there.value, here.value).quantize(_PLACES, context=_CONTEXT)


def _recorded(company: Company, currency: str, on: date, *, base: str) -> Decimal | None:
    dated = {
        record.body["effectiveDate"]: record.body["exchangeRate"]
        for record in company.records.find("currencyRate", "symbol", f"{currency}/{base}")
        if record.body["effectiveDate"] <= on.isoformat()
    }
    return Decimal(dated[max(dated)]) if dated else None


def _given(company: Company, currency: str, on: date) -> Decimal | None:
    given = (company.settings.get("exchange_rates") or {}).get(currency)
    if isinstance(given, dict):
        days = sorted(day for day in given if day <= on.isoformat()) or sorted(given)[:1]
        given = given[days[-1]] if days else None
    return Decimal(str(given)) if given is not None else None
