"""Opening balances of the organisation: one record, on one day, against the opening balance offset.

Source: https://www.zoho.com/books/api/v3/opening-balance/
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts
from sandbooks.platforms.zoho_books.records.storing import check_open, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required, broken
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "openingbalance"


def standing(company: Company) -> Record:
    """The opening balances. Raises ``NoSuch`` where none are entered."""
    found = next(iter(company.records.scan(KIND)), None)
    if found is None:
        raise NoSuch("Opening balance", "")
    return found


def write(company: Company, given: Body) -> Record:
    """Enter the opening balances, in the place of those that stand."""
    fields = Fields(given)
    day = fields.date("date", required=True)
    rows = fields.rows("accounts")
    if day is None or not rows:
        raise Required("accounts")
    check_open(company, day.isoformat())
    before = next(iter(company.records.scan(KIND)), None)
    if before is not None:
        check_open(company, before.body["date"])
    read = [_line(company, Fields(row), day.isoformat()) for row in rows]
    id = before.id if before else new_id(company)
    base = company.currency
    total = sum((Decimal(str(d["bcy_amount"])) for d, _ in read if d["debit_or_credit"] == "debit"), Decimal(0))
    document: Body = {
        "opening_balance_id": id,
        "date": day.isoformat(),
        "accounts": [shown for shown, _ in read],
        "total": amount(total, base),
    }
    facts = {
        "posts": True,
        "base": base,
        "currency": base,
        "rate": "1",
        "date": day.isoformat(),
        "memo": "Opening Balance",
        "lines": [line for _, line in read],
        "offset": accounts.named(company, chart.OFFSET).id,
        "exchange": accounts.named(company, chart.EXCHANGE).id,
    }
    return save(company, KIND, id, document=document, facts=facts)


def _line(company: Company, fields: Fields, day: str) -> tuple[Body, Body]:
    account = fields.record("account_id", company, accounts.KIND, required=True)
    side = fields.choice("debit_or_credit", ("debit", "credit"))
    if account is None or not side:
        raise Required("debit_or_credit")
    currency = rates.currency_of(company, fields, str(account.body["currency_code"]))
    code = str(currency.body["currency_code"])
    if account.body["account_type"] in chart.MONEY_TYPES and code != account.body["currency_code"]:
        raise broken("paid_through_currency", str(account.body["account_name"]))
    rate = rates.rate_of(company, fields, code, date.fromisoformat(day))
    money = fields.positive("amount", code)
    signed = money if side == "debit" else -money
    shown: Body = {
        "account_split_id": new_id(company),
        **accounts.members(account),
        "debit_or_credit": side,
        "exchange_rate": rate.value,
        "currency_id": currency.id,
        "currency_code": code,
        "amount": amount(money.amount, code),
        "bcy_amount": rate.to_base(Money.of(money.amount, code)).amount,
    }
    line: Body = {"account": account.id, "amount": str(signed.amount), "currency": code, "rate": str(rate.value)}
    return shown, line


def delete(company: Company) -> None:
    """Take the opening balances back."""
    record = standing(company)
    check_open(company, record.body["date"])
    remove(company, record)
