"""Opening balances of vendors: what an organisation owed a vendor before it began, as one bill that can be paid.

Its cost is the opening balance offset, so that the balance sheet of the first day stands as it was taken over.
Source: https://www.zoho.com/books/api/v3/contacts/ (opening_balances)
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, bills, contacts
from sandbooks.platforms.zoho_books.records.storing import check_open, touch
from sandbooks.platforms.zoho_books.refusals import InvalidValue
from sandbooks.platforms.zoho_books.wire import Body

# Unconfirmed: how the live service calls what is owed from before.
NUMBER = "Opening Balance"


def create(company: Company, given: Body) -> Record:
    """A new contact with what it was owed before."""
    record = contacts.create(company, given)
    if Fields(given).rows("opening_balances"):
        _open(company, record, given)
    return record


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a contact, and what it was owed before where the change says so."""
    record = contacts.update(company, record, given)
    if "opening_balances" in given:
        _open(company, record, given)
    return record


def of_contact(company: Company, record: Record) -> Record | None:
    """The bill that stands for the opening balance of a vendor."""
    if not record.body.get("_opening"):
        return None
    return next(iter(company.records.find(bills.KIND, "opening", record.id)), None)


def shown(company: Company, record: Record) -> list[Body]:
    """The ``opening_balances`` of a contact."""
    bill = of_contact(company, record)
    if bill is None or _is_void(bill):
        return []
    named = {"location_id": bill.body["location_id"]} if "location_id" in bill.body else {}
    return [
        {**named, "exchange_rate": bill.body["exchange_rate"], "opening_balance_amount": bill.body["total"]},
    ]


def _is_void(bill: Record) -> bool:
    return bool(bill.body["_state"] == "void")


def _open(company: Company, record: Record, given: Body) -> None:
    rows = [Fields(row) for row in Fields(given).rows("opening_balances")]
    amounts = [row.decimal("opening_balance_amount") or Decimal(0) for row in rows]
    if any(value < 0 for value in amounts) or len(rows) > 1:
        # Unconfirmed: what a vendor owed is a vendor credit in the product; several locations have a row each.
        raise InvalidValue("opening_balances")
    if any(amounts) and record.body["contact_type"] != "vendor":
        raise NotSimulated("opening balances of customers")
    before = of_contact(company, record)
    if before is not None and _is_void(before):
        # Nothing is owed by it any more: what is said now takes its place.
        bills.delete(company, before)
        before = None
    if not any(amounts):
        if before is not None:
            bills.delete(company, before)
        return
    (row,), (value,) = rows, amounts
    members: Body = {"line_items": [{"account_id": accounts.named(company, chart.OFFSET).id, "rate": value}]}
    members |= {name: row.raw(name) for name in ("exchange_rate", "location_id") if row.gives(name)}
    if before is not None:
        bills.update(company, before, members)
        return
    day = str(company.settings["account_created_date"])
    check_open(company, day)
    fixed = {"vendor_id": record.id, "bill_number": NUMBER, "date": day, "due_date": day}
    bills.create(company, {**fixed, **members}, opening=True)
    touch(company, record, _opening=True)
