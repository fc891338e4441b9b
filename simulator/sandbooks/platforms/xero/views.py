"""How stored records are shown: with the whole contact by id, with a short one and without lines in plain lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero.wire.dates import day_of

Body = dict[str, Any]
_LINES = {
    "Invoice": "LineItems",
    "CreditNote": "LineItems",
    "BankTransaction": "LineItems",
    "ManualJournal": "JournalLines",
    "Prepayment": "LineItems",
    "Overpayment": "LineItems",
}


def short_contact(company: Company, kept: Body) -> Body:
    """A contact inside a list: id, name as it is now, empty collections. Source: recorded live answers."""
    record = company.records.get("Contact", kept["ContactID"])
    name = record.body["Name"] if record else kept.get("Name")
    empty: Body = {"Addresses": [], "Phones": [], "ContactGroups": [], "ContactPersons": []}
    return {"ContactID": kept["ContactID"], "Name": name, **empty, "HasValidationErrors": False}


def full(company: Company, record: Record) -> Body:
    """A record by its id: everything."""
    body = record.copy()
    if record.kind == "Contact":
        body["Balances"] = balances(company, record.id)
        body["ContactGroups"] = _groups(company, record.id)
    elif isinstance(body.get("Contact"), dict):
        contact = company.records.get("Contact", body["Contact"]["ContactID"])
        body["Contact"] = contact.copy() if contact else body["Contact"]
    return body


def _groups(company: Company, contact_id: str) -> list[Body]:
    """The groups that a contact is in."""
    names = ("ContactGroupID", "Name", "Status")
    return [
        {name: group.body[name] for name in names}
        for group in company.records.scan("ContactGroup")
        if any(entry["ContactID"] == contact_id for entry in group.body["Contacts"])
    ]


def in_list(company: Company, record: Record, *, lines: bool) -> Body:
    """A record in a list; ``lines`` is whether line details are shown."""
    body = record.copy()
    if isinstance(body.get("Contact"), dict):
        body["Contact"] = short_contact(company, body["Contact"])
    name = _LINES.get(record.kind)
    if name and not lines:
        body[name] = []
    return body


def balances(company: Company, contact_id: str) -> Body:
    """What a contact owes and is owed, in the documents' own currencies."""
    today = company.world.clock.today(company.time_zone)
    sums = {"ACCREC": [Decimal(0), Decimal(0)], "ACCPAY": [Decimal(0), Decimal(0)]}
    for record in company.records.find("Invoice", "Contact.ContactID", contact_id):
        if record.body["Status"] == "AUTHORISED":
            due = record.body["AmountDue"]
            pair = sums[record.body["Type"]]
            pair[0] += due
            if record.body.get("DueDate") and day_of(record.body["DueDate"]) < today:
                pair[1] += due
    return {
        "AccountsReceivable": {"Outstanding": sums["ACCREC"][0], "Overdue": sums["ACCREC"][1]},
        "AccountsPayable": {"Outstanding": sums["ACCPAY"][0], "Overdue": sums["ACCPAY"][1]},
    }
