"""Opening balances of contacts: what was owed to a vendor, or by a customer, before an organisation began.

What a vendor was owed is one bill that can be paid; what a customer owed stands on accounts receivable by itself. The
other side is the opening balance offset, so that the balance sheet of the first day stands as it was taken over.
Source: https://www.zoho.com/books/api/v3/contacts/ (opening_balances)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, bills, contacts, lines
from sandbooks.platforms.zoho_books.records.storing import check_open, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import InvalidValue
from sandbooks.platforms.zoho_books.wire import Body, amount

# Unconfirmed: how the live service calls what is owed from before.
NUMBER = "Opening Balance"
OWED = contacts.OPENING


def create(company: Company, given: Body) -> Record:
    """A new contact with what it was owed, or owed, before."""
    record = contacts.create(company, given)
    if Fields(given).rows("opening_balances"):
        _open(company, record, given)
    return record


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a contact, and what was owed before where the change says so."""
    if (
        of_contact(company, record) is not None
        and given.get("contact_type", record.body["contact_type"]) != (record.body["contact_type"])
    ):
        # Unconfirmed: what becomes of a balance whose contact is of the other kind.
        raise InvalidValue("contact_type")
    record = contacts.update(company, record, given)
    if "opening_balances" in given:
        _open(company, record, given)
    return record


def of_contact(company: Company, record: Record) -> Record | None:
    """What stands for the opening balance of a contact: a bill, or a balance of its own."""
    if not record.body.get("_opening"):
        return None
    kinds = (bills.KIND, OWED)
    return next((found for kind in kinds for found in company.records.find(kind, "opening", record.id)), None)


def shown(company: Company, record: Record) -> list[Body]:
    """The ``opening_balances`` of a contact."""
    found = of_contact(company, record)
    if found is None or _is_void(found):
        return []
    named = {"location_id": found.body["location_id"]} if "location_id" in found.body else {}
    return [
        {**named, "exchange_rate": found.body["exchange_rate"], "opening_balance_amount": found.body["total"]},
    ]


def _is_void(found: Record) -> bool:
    return bool(found.body.get("_state") == "void")


def _open(company: Company, record: Record, given: Body) -> None:
    rows = [Fields(row) for row in Fields(given).rows("opening_balances")]
    amounts = [row.decimal("opening_balance_amount") or Decimal(0) for row in rows]
    if any(value < 0 for value in amounts) or len(rows) > 1:
        # Unconfirmed: what was owed the other way is a credit in the product; several locations have a row each.
        raise InvalidValue("opening_balances")
    before = of_contact(company, record)
    if before is not None and _is_void(before):
        # Nothing is owed by it any more: what is said now takes its place.
        bills.delete(company, before)
        before = None
    if not any(amounts):
        if before is not None:
            _take_back(company, before)
        return
    day = str(company.settings["account_created_date"])
    if before is None:
        check_open(company, day)
    write = _owe if record.body["contact_type"] == "vendor" else _be_owed
    write(company, record, rows[0], before)
    if before is None:
        touch(company, record, _opening=True)


def _take_back(company: Company, before: Record) -> None:
    if before.kind == bills.KIND:
        bills.delete(company, before)
        return
    check_open(company, before.body["date"])
    remove(company, before)


def _owe(company: Company, record: Record, row: Fields, before: Record | None) -> None:
    """What a vendor was owed, as a bill."""
    value = row.decimal("opening_balance_amount")
    members: Body = {"line_items": [{"account_id": accounts.named(company, chart.OFFSET).id, "rate": value}]}
    members |= {name: row.raw(name) for name in ("exchange_rate", "location_id") if row.gives(name)}
    if before is not None:
        bills.update(company, before, members)
        return
    day = str(company.settings["account_created_date"])
    fixed = {"vendor_id": record.id, "bill_number": NUMBER, "date": day, "due_date": day}
    bills.create(company, {**fixed, **members}, opening=True)


def _be_owed(company: Company, record: Record, row: Fields, before: Record | None) -> None:
    """What a customer owed, on accounts receivable."""
    day, code = str(company.settings["account_created_date"]), str(record.body["currency_code"])
    check_open(company, day)
    fields = Fields(row.given, before.body if before is not None else None)
    rate = rates.rate_of(company, fields, code, date.fromisoformat(day))
    total = Money.of(fields.decimal("opening_balance_amount") or Decimal(0), code).rounded()
    place = lines.location(company, fields)
    id = before.id if before is not None else new_id(company)
    document: Body = {
        "opening_balance_id": id,
        "customer_id": record.id,
        "date": day,
        "currency_code": code,
        "exchange_rate": rate.value,
        "total": amount(total.amount, code),
        "balance": amount(total.amount, code),
        **({"location_id": place.id} if place is not None else {}),
        "_keys": {"opening": record.id},
    }
    owed = {"account": accounts.named(company, chart.RECEIVABLE).id, "amount": str(total.amount), "party": record.id}
    facts = {
        "posts": True,
        "base": company.currency,
        "date": day,
        "memo": NUMBER,
        "lines": [{**owed, "currency": code, "rate": str(rate.value)}],
        "offset": accounts.named(company, chart.OFFSET).id,
        "exchange": accounts.named(company, chart.EXCHANGE).id,
    }
    save(company, OWED, id, document=document, facts=facts)
