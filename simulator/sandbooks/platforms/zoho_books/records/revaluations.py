"""Base currency adjustments: foreign balances at a new rate. Base values move, amounts do not.

Source: https://www.zoho.com/books/api/v3/base-currency-adjustment/
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts
from sandbooks.platforms.zoho_books.records.storing import check_open, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import Required, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "basecurrencyadjustment"


def proposed(company: Company, given: Body) -> tuple[Fields, Record, Rate, date]:
    """The currency, rate and day of an adjustment."""
    fields = Fields(given)
    currency = fields.record("currency_id", company, "currency", required=True)
    day = fields.date("adjustment_date", required=True)
    value = fields.decimal("exchange_rate", required=True)
    if currency is None or day is None or value is None:
        raise Required("currency_id")
    if currency.body["is_base_currency"]:
        raise broken("base_currency")
    return fields, currency, rates.checked_rate(value, str(currency.body["currency_code"]), company.currency), day


def lines(company: Company, rate: Rate, day: date, *, only: Collection[str] = ()) -> list[Body]:
    """Each account that holds the currency on a day, and what the rate makes of it."""
    found = []
    for record in company.records.scan(accounts.KIND):
        if only and record.id not in only:
            continue
        held = _held(company, record.id, rate, day)
        if held is not None:
            fcy, bcy = held
            adjusted = rate.to_base(fcy)
            found.append(
                {
                    **accounts.members(record),
                    "fcy_balance": fcy.amount,
                    "bcy_balance": bcy.amount,
                    "adjusted_balance": adjusted.amount,
                    "gain_or_loss": (adjusted - bcy).amount,
                }
            )
    return found


def _held(company: Company, account: str, rate: Rate, day: date) -> tuple[Money, Money] | None:
    """What a balance-sheet account holds of a currency: the amount, and the base value that stands for it."""
    record = company.records.get(accounts.KIND, account)
    kind = str(record.body["account_type"]) if record else ""
    if kind not in (*chart.MONEY_TYPES, *chart.CONTROL_TYPES):
        return None
    fcy, bcy = Money.zero(rate.foreign), Money.zero(rate.base)
    for line in company.book.lines(account=account, through=day):
        if line.amount.currency == rate.foreign:
            fcy, bcy = fcy + line.amount, bcy + line.base
    return (fcy, bcy) if fcy or bcy else None


def create(company: Company, given: Body, *, only: Collection[str] = ()) -> Record:
    """A new adjustment of the accounts named, or of all that hold the currency."""
    fields, currency, rate, day = proposed(company, given)
    check_open(company, day.isoformat())
    found = lines(company, rate, day, only=only)
    id = new_id(company)
    document: Body = {
        "base_currency_adjustment_id": id,
        "adjustment_date": day.isoformat(),
        "exchange_rate": rate.value,
        "currency_id": currency.id,
        "currency_code": rate.foreign,
        "accounts": found,
        "notes": fields.text("notes", required=True, limit=NOTE_MAX),
        "gain_or_loss": sum((Decimal(line["gain_or_loss"]) for line in found), Decimal(0)),
    }
    facts = {
        "posts": True,
        "base": company.currency,
        "currency": rate.foreign,
        "rate": str(rate.value),
        "date": day.isoformat(),
        "memo": document["notes"],
        "exchange": accounts.named(company, chart.EXCHANGE).id,
        "lines": [{"account": line["account_id"], "gain": str(line["gain_or_loss"])} for line in found],
    }
    return save(company, KIND, id, document=document, facts=facts)


def delete(company: Company, record: Record) -> None:
    """Take an adjustment back."""
    check_open(company, record.body["adjustment_date"])
    remove(company, record)
