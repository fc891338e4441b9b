"""Currencies of an organisation and their exchange rates by day.

Source: https://www.zoho.com/books/api/v3/currency/
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import digits, known_currency
from sandbooks.platforms.zoho_books import rates
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records.storing import new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "currency"
RATE = "exchangerate"
SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "INR": "₹", "JPY": "¥", "AUD": "$", "CAD": "$"}
_FORMATS = {0: "1,234,567", 2: "1,234,567.89", 3: "1,234,567.899", 4: "1,234,567.8999"}


def write(company: Company, given: Body, record: Record | None = None) -> Record:
    """A new currency, or another symbol and format for one that stands."""
    fields = Fields(given, record.body if record else None)
    code = fields.text("currency_code", required=True).upper()
    if not known_currency(code) or (record is not None and code != record.body["currency_code"]):
        raise InvalidValue("currency_code")
    if record is None and company.records.find(KIND, "code", code):
        raise broken("already_exists", f"The currency {code}")
    id = record.id if record else new_id(company)
    document: Body = {
        "currency_id": id,
        "currency_code": code,
        "currency_name": fields.text("currency_name") or f"{code}- {_name(code)}",
        "currency_symbol": fields.text("currency_symbol") or SYMBOLS.get(code, code),
        "price_precision": digits(code),
        "currency_format": fields.text("currency_format") or _FORMATS[digits(code)],
        "is_base_currency": code == company.currency,
        "_keys": {"code": code},
    }
    return save(company, KIND, id, document=document)


def _name(code: str) -> str:
    from babel.numbers import get_currency_name

    return get_currency_name(code, locale="en")


def shown(company: Company, record: Record) -> Body:
    """A currency with the rate in force today."""
    code = str(record.body["currency_code"])
    today = company.world.clock.today(company.time_zone)
    if record.body["is_base_currency"]:
        return record.copy() | {"exchange_rate": 1, "effective_date": ""}
    rate = rates.stored_rate(company, code, today)
    return record.copy() | {"exchange_rate": rate.value if rate else 0, "effective_date": today.isoformat()}


def delete(company: Company, record: Record) -> None:
    """Delete a currency that nothing uses."""
    kinds = ("account", "contact", "expense", "bill", "vendorpayment", "vendorcredit", "journal", "banktransaction")
    used = any(company.records.find(kind, "currency_id", record.id) for kind in kinds)
    if record.body["is_base_currency"] or used:
        raise broken("currency_in_use", str(record.body["currency_code"]))
    for rate in company.records.find(RATE, "currency_id", record.id):
        remove(company, rate)
    remove(company, record)


def write_rate(company: Company, currency: Record, given: Body, record: Record | None = None) -> Record:
    """A rate from a day on; one a day."""
    if currency.body["is_base_currency"]:
        raise broken("base_currency")
    fields = Fields(given, record.body if record else None)
    day = fields.date("effective_date") or company.world.clock.today(company.time_zone)
    value = fields.decimal("rate", required=True)
    if value is None:
        raise Required("rate")
    code = str(currency.body["currency_code"])
    rate = rates.checked_rate(value, code, company.currency, name="rate")
    same = company.records.find(RATE, "day", f"{currency.id}/{day.isoformat()}")
    if record is None and same:
        record = same[0]
    return put_rate(company, currency, day, rate.value, record)


def put_rate(company: Company, currency: Record, day: date, value: Decimal, record: Record | None = None) -> Record:
    """Store a rate."""
    id = record.id if record else new_id(company)
    document: Body = {
        "exchange_rate_id": id,
        "currency_id": currency.id,
        "currency_code": currency.body["currency_code"],
        "effective_date": day.isoformat(),
        "rate": value,
        "_keys": {"day": f"{currency.id}/{day.isoformat()}"},
    }
    return save(company, RATE, id, document=document)
