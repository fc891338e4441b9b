"""Contacts, projects and notes: who and what the money documents refer to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import cis, sums
from sandbooks.platforms.freeagent.records.storing import new_id, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path

# Source: https://dev.freeagent.com/docs/contacts (attributes)
_CONTACT_TEXTS = [
    "first_name",
    "last_name",
    "organisation_name",
    "email",
    "billing_email",
    "phone_number",
    "mobile",
    "address1",
    "address2",
    "address3",
    "town",
    "region",
    "postcode",
    "country",
    "locale",
    "sales_tax_registration_number",
]


def write_contact(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A contact, new or changed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    texts = {name: value for name in _CONTACT_TEXTS if (value := fields.text(name)) is not None}
    if "organisation_name" not in texts and not {"first_name", "last_name"} <= texts.keys():
        fields.wrong("organisation_name", "can't be blank")
    terms = fields.decimal("default_payment_terms_in_days")
    if terms is not None and (terms != terms.to_integral_value() or not 0 <= terms <= 3650):
        fields.wrong("default_payment_terms_in_days", "is not a number")
    document: dict[str, Any] = {
        **texts,
        "locale": texts.get("locale", "en"),
        "contact_name_on_invoices": fields.flag("contact_name_on_invoices", default=True),
        "uses_contact_invoice_sequence": fields.flag("uses_contact_invoice_sequence"),
        "charge_sales_tax": fields.choice("charge_sales_tax", ("Auto", "Always", "Never"), default="Auto"),
        "status": fields.choice("status", ("Active", "Hidden"), default="Active"),
        **cis.contact_members(company, fields),
    }
    fields.check()
    if terms is not None:
        document["default_payment_terms_in_days"] = int(terms)
    id = record.id if record else new_id(company, "contact")
    active = document["status"] == "Active"
    return save(company, "contact", id, document={"url": path("contacts", id), **document}, active=active)


def contact_name(document: dict[str, Any]) -> str:
    """The name that a contact is sorted by."""
    person = f"{document.get('first_name', '')} {document.get('last_name', '')}".strip()
    return str(document.get("organisation_name") or person)


def is_supplier(company: Company, record: Record) -> bool:
    """A contact is a supplier once it has bills."""
    return company.records.has_found("bill", "contact", record.id)


def is_client(company: Company, record: Record) -> bool:
    """A contact is a client once it has invoices."""
    return company.records.has_found("invoice", "contact", record.id)


def account_balance(company: Company, record: Record) -> str:
    """What is owed to (negative) or by a contact, in native currency at booking rates."""
    return decimal_text(sums.owed(company, record.id))


def delete_contact(company: Company, record: Record) -> None:
    """Delete a contact without documents. Raises ``Invalid``."""
    if any(company.records.find(kind, "contact", record.id) for kind in ("bill", "project", "invoice", "credit_note")):
        raise Invalid(("Contact has bills, invoices or projects and can't be deleted",))
    remove(company, record)


def write_project(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A project, new or changed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    contact = fields.record("contact", company, "contact", required=True)
    name = fields.text("name", required=True)
    budget = fields.decimal("budget")
    rate = fields.decimal("normal_billing_rate")
    starts, ends = fields.date("starts_on"), fields.date("ends_on")
    document: dict[str, Any] = {
        "contact": refer(contact) if contact else "",
        "name": name,
        "status": fields.choice("status", ("Active", "Completed", "Cancelled", "Hidden"), default="Active"),
        "currency": fields.currency("currency", company.currency),
        "budget": decimal_text(budget or Decimal(0)),
        "budget_units": fields.choice("budget_units", ("Hours", "Days", "Monetary"), default="Hours"),
        "normal_billing_rate": decimal_text(rate or Decimal(0)),
        "billing_period": fields.choice("billing_period", ("hour", "day"), default="hour"),
        "is_ir35": fields.flag("is_ir35"),
        **({"starts_on": starts.isoformat()} if starts else {}),
        **({"ends_on": ends.isoformat()} if ends else {}),
    }
    reference = fields.text("contract_po_reference")
    if reference is not None:
        document["contract_po_reference"] = reference
    fields.check()
    id = record.id if record else new_id(company, "project")
    active = document["status"] == "Active"
    return save(company, "project", id, document={"url": path("projects", id), **document}, active=active)


def delete_project(company: Company, record: Record) -> None:
    """Delete a project that nothing refers to. Raises ``Invalid``."""
    if any(company.records.find(kind, "project", record.id) for kind in _PROJECT_USERS):
        raise Invalid(("Project has items and can't be deleted",))
    for task in company.records.find("task", "project", record.id):
        remove(company, task)
    remove(company, record)


_PROJECT_USERS = ("bill", "invoice", "credit_note", "expense", "bank_transaction_explanation", "timeslip")


def write_note(
    company: Company,
    given: dict[str, Any],
    record: Record | None = None,
    *,
    parent: Record | None = None,
    author: str = "",
) -> Record:
    """A note on a contact or a project. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    text = fields.text("note", required=True, limit=65535)
    fields.check()
    id = record.id if record else new_id(company, "note")
    stands = record.body if record else {"parent_url": refer(parent) if parent else "", "author": author}
    document = {"url": path("notes", id), "parent_url": stands["parent_url"], "author": stands["author"], "note": text}
    return save(company, "note", id, document=document)
