"""Rows of what no record holds: preferences, exchange rates of the company's own, values of its own dimensions.

Source: developer.intacct.com/api/company-console (subscriptions, exchange-rates: the daily rate is not listed).
Unconfirmed: the field names of COMPANYPREF, EXCHANGERATE and EXCHANGERATEENTRY.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.objects.preferences import APPLICATIONS, preferences
from sandbooks.platforms.sage_intacct.rates import custom_rates, custom_types
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date

_FIRST_TYPE = 101


def rows_of(company: Company, kind: ObjectType) -> Iterator[dict[str, str]]:
    """The rows of a view."""
    if kind.name == "COMPANYPREF":
        yield from _preferences(company)
    elif kind.name == "EXCHANGERATE":
        yield from _rates(company)
    elif kind.name == "EXCHANGERATEENTRY":
        yield from _rate_entries(company)
    else:
        yield from own.values_of(company, kind.name)


def rate_types(company: Company) -> Iterator[dict[str, str]]:
    """The types of exchange rates that the company has defined, beside those that are kept."""
    for number, name in enumerate(custom_types(company), _FIRST_TYPE):
        yield {"RECORDNO": str(number), "ID": str(number), "NAME": name, "ISDEFAULT": "false", "STATUS": "active"}


def _preferences(company: Company) -> Iterator[dict[str, str]]:
    held = [(application, *pair) for application in APPLICATIONS for pair in preferences(company, application).items()]
    for number, (application, name, value) in enumerate(held, 1):
        yield {"RECORDNO": str(number), "APPLICATION": application, "PREFERENCE": name, "PREFVALUE": value}


def _rates(company: Company) -> Iterator[dict[str, str]]:
    for number, (type, currency, _) in enumerate(custom_rates(company), 1):
        names = {"EXCH_RATE_TYPE_ID": type, "FROM_CURRENCY": currency, "TO_CURRENCY": company.currency}
        yield {"RECORDNO": str(number), **names}


def _rate_entries(company: Company) -> Iterator[dict[str, str]]:
    number = 0
    for key, (_, _, days) in enumerate(custom_rates(company), 1):
        for day, rate in days:
            number += 1
            reciprocal = (Decimal(1) / rate).quantize(Decimal("0.000000000001"))
            yield {
                "RECORDNO": str(number),
                "EXCHANGERATEKEY": str(key),
                "EFFECTIVE_START_DATE": native_date(day),
                "EXCHANGE_RATE": decimal_text(rate),
                "RECIPROCAL_RATE": decimal_text(reciprocal),
            }
