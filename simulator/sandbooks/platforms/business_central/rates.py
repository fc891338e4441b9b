"""Exchange rates as the company's table holds them: local = amount x relational amount / exchange amount.

Source: table Currency Exchange Rate of the base application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from decimal import Context, Decimal

from sandbooks.kit.company import Company
from sandbooks.money import Rate
from sandbooks.platforms.business_central.refusals import NoRate

_EXACT = Context(prec=40)


def rate_on(company: Company, currency: str, day: str) -> Rate:
    """The rate of the last day of validity up to a posting date (ISO). Raises ``NoRate``."""
    if currency == company.currency:
        return Rate(Decimal(1), currency, currency)
    found = [
        record.body
        for record in company.records.find("currencyExchangeRate", "currencyCode", currency.lower())
        if record.body["startingDate"] <= day
    ]
    if not found:
        raise NoRate(currency, day)
    valid = max(found, key=lambda body: str(body["startingDate"]))
    value = _EXACT.divide(Decimal(valid["relationalExchangeRateAmount"]), Decimal(valid["exchangeRateAmount"]))
    return Rate(value, currency, company.currency)
