"""Exchange rates: base units for one unit of a foreign currency, as given on a document or stored for its date.

Source: https://www.zoho.com/books/api/v3/currency/ (exchange rates by effective date)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Rate
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.refusals import InvalidValue, UnknownReference, broken

_RATE_MAX = Decimal(10) ** 7


def currency_of(company: Company, fields: Fields, default: str) -> Record:
    """The currency that a document names by ``currency_id`` or ``currency_code``, else the default code's."""
    if fields.gives("currency_id") or not fields.gives("currency_code"):
        found = fields.record("currency_id", company, "currency")
        if found is not None:
            return found
    return currency_with(company, fields.text("currency_code") or default)


def currency_with(company: Company, code: str) -> Record:
    """The organisation's currency of an ISO code. Raises ``UnknownReference``."""
    found = company.records.find("currency", "code", code)
    if not found:
        raise UnknownReference("currency_code", "Currency")
    return found[0]


def rate_of(company: Company, fields: Fields, code: str, on: date, *, name: str = "exchange_rate") -> Rate:
    """The rate of a document: the one given, else the one stored for its date."""
    if code == company.currency:
        return Rate(Decimal(1), code, code)
    stands = fields.standing.get("currency_code") == code
    given = fields.decimal(name) if stands or fields.gives(name) else None
    if given is not None:
        return checked_rate(given, code, company.currency, name=name)
    found = stored_rate(company, code, on)
    if found is None:
        raise broken("no_exchange_rate", code)
    return found


def checked_rate(value: Decimal, code: str, base: str, *, name: str = "exchange_rate") -> Rate:
    """A rate within bounds. Raises ``InvalidValue``."""
    if not 0 < value < _RATE_MAX:
        raise InvalidValue(name)
    try:
        return Rate(value, code, base)
    except ValueError as error:
        raise InvalidValue(name) from error


def stored_rate(company: Company, code: str, on: date) -> Rate | None:
    """The rate in force on a day: the latest at or before it, else the earliest there is."""
    currency = currency_with(company, code)
    stored = sorted(
        company.records.find("exchangerate", "currency_id", currency.id),
        key=lambda r: (r.body["effective_date"], r.sequence),
    )
    if not stored:
        return None
    before = [record for record in stored if record.body["effective_date"] <= on.isoformat()]
    chosen = before[-1] if before else stored[0]
    return Rate(Decimal(str(chosen.body["rate"])), code, company.currency)
