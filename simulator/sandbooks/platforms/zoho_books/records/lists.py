"""Small lists: users, employees, items, projects, locations, tax authorities and exemptions, comments.

Source: https://www.zoho.com/books/api/v3/users/, items/, projects/, locations/, expenses/ (employees)
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, contacts, custom_fields, tags
from sandbooks.platforms.zoho_books.records.storing import find, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, broken
from sandbooks.platforms.zoho_books.wire import Body

ROLES = ("staff", "admin", "timesheetstaff")
_BILLING = (
    "fixed_cost_for_project",
    "based_on_project_hours",
    "based_on_staff_hours",
    "based_on_task_hours",
)


def unique(company: Company, kind: str, name: str, record: Record | None, said: str) -> None:
    """Refuse a name that another record of the kind has."""
    for other in company.records.find(kind, "name", name.lower()):
        if record is None or other.id != record.id:
            raise broken("already_exists", said)


def write_user(company: Company, given: Body, record: Record | None = None) -> Record:
    """A user of the organisation."""
    fields = Fields(given, record.body if record else None)
    email = fields.text("email", required=True, limit=200)
    if "@" not in email:
        raise InvalidValue("email")
    unique(company, "user", email, record, f"The user {email}")
    id = record.id if record else new_id(company)
    role = fields.choice("user_role", ROLES, default="staff")
    document: Body = {
        "user_id": id,
        "role_id": fields.text("role_id"),
        "name": fields.text("name", required=True, limit=200),
        "email": email,
        "user_role": role,
        "status": record.body["status"] if record else given.get("_status", "invited"),
        "is_current_user": False,
        "photo_url": "",
        "user_type": "zoho",
        "_keys": {"name": email.lower()},
    }
    return save(company, "user", id, document=document)


def write_employee(company: Company, given: Body) -> Record:
    """An employee: whom an expense can be for."""
    fields = Fields(given)
    id = new_id(company)
    document: Body = {
        "employee_id": id,
        "name": fields.text("name", required=True, limit=200),
        "email": fields.text("email", required=True, limit=200),
        "status": "active",
    }
    return save(company, "employee", id, document=document)


def delete_employee(company: Company, record: Record) -> None:
    """Delete an employee without expenses."""
    if company.records.find("expense", "employee_id", record.id):
        raise broken("has_transactions", str(record.body["name"]))
    remove(company, record)


def write_item(company: Company, given: Body, record: Record | None = None) -> Record:
    """An item that is bought or sold."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("name", required=True)
    unique(company, "item", name, record, f"The item {name}")
    price = fields.decimal("rate", required=True)
    tax = fields.record("tax_id", company, "tax")
    sold = fields.record("account_id", company, accounts.KIND)
    bought = fields.record("purchase_account_id", company, accounts.KIND)
    id = record.id if record else new_id(company)
    document: Body = {
        "item_id": id,
        "name": name,
        "status": "inactive" if record and not record.active else "active",
        "description": fields.text("description", limit=NOTE_MAX),
        "rate": price if price is not None else Decimal(0),
        "unit": fields.text("unit"),
        "sku": fields.text("sku"),
        "product_type": fields.choice("product_type", ("goods", "service"), default="goods"),
        "item_type": fields.text("item_type") or "sales_and_purchases",
        "tax_id": tax.id if tax else "",
        "tax_name": tax.body["tax_name"] if tax else "",
        "tax_percentage": tax.body["tax_percentage"] if tax else 0,
        **accounts.members(sold),
        "purchase_account_id": bought.id if bought else "",
        "purchase_account_name": bought.body["account_name"] if bought else "",
        "purchase_rate": fields.decimal("purchase_rate") or Decimal(0),
        "purchase_description": fields.text("purchase_description", limit=NOTE_MAX),
        "custom_fields": custom_fields.read(company, "item", fields),
        "tags": tags.read(company, fields),
        "_keys": {"name": name.lower()},
    }
    return save(company, "item", id, document=document, active=record.active if record else True)


def write_project(company: Company, given: Body, record: Record | None = None) -> Record:
    """A project of a customer."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("project_name", required=True)
    customer = fields.record("customer_id", company, contacts.KIND, required=True)
    if customer is None:
        raise Required("customer_id")
    for other in company.records.find("project", "name", name.lower()):
        if other.body["customer_id"] == customer.id and (record is None or other.id != record.id):
            raise broken("already_exists", f"The project {name}")
    id = record.id if record else new_id(company)
    document: Body = {
        "project_id": id,
        "project_name": name,
        **contacts.members(customer, "customer"),
        "currency_code": customer.body["currency_code"],
        "description": fields.text("description", limit=500),
        "status": "inactive" if record and not record.active else "active",
        "billing_type": fields.choice("billing_type", _BILLING, default="fixed_cost_for_project"),
        "rate": fields.decimal("rate") or Decimal(0),
        "budget_type": fields.text("budget_type"),
        "cost_budget_amount": fields.decimal("cost_budget_amount") or Decimal(0),
        "custom_fields": custom_fields.read(company, "project", fields),
        "users": record.body["users"] if record else [],
        "tasks": record.body["tasks"] if record else [],
        "_keys": {"name": name.lower()},
    }
    return save(company, "project", id, document=document, active=record.active if record else True)


def delete_item(company: Company, record: Record) -> None:
    """Delete an item that no line names."""
    if any(company.records.find(kind, "item_id", record.id) for kind in ("bill", "vendorcredit")):
        raise broken("has_transactions", str(record.body["name"]))
    remove(company, record)


def delete_project(company: Company, record: Record) -> None:
    """Delete a project that no document names."""
    kinds = ("expense", "bill", "vendorcredit", "journal")
    if any(company.records.find(kind, "project_id", record.id) for kind in kinds):
        raise broken("has_transactions", str(record.body["project_name"]))
    remove(company, record)


def write_location(company: Company, given: Body, record: Record | None = None) -> Record:
    """A location of the organisation (a branch, as it was called)."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("location_name", required=True)
    unique(company, "location", name, record, f"The location {name}")
    parent = fields.record("parent_location_id", company, "location")
    id = record.id if record else new_id(company)
    address = Fields(fields.part("address"))
    document: Body = {
        "location_id": id,
        "location_name": name,
        "type": fields.choice("type", ("general", "line_item_only"), default="general"),
        "email": fields.text("email"),
        "phone": fields.text("phone"),
        "address": {
            part: address.text(part, limit=200)
            for part in ("attention", "street_address1", "street_address2", "city", "state", "state_code", "country")
        },
        "parent_location_id": parent.id if parent else "",
        "is_primary": record.body["is_primary"] if record else not company.records.count("location"),
        "is_location_active": record.active if record else True,
        "_keys": {"name": name.lower()},
    }
    return save(company, "location", id, document=document, active=record.active if record else True)


def delete_location(company: Company, record: Record) -> None:
    """Delete a location that no document names."""
    kinds = ("expense", "bill", "vendorcredit", "vendorpayment", "journal")
    if record.body["is_primary"] or any(company.records.find(k, "location_id", record.id) for k in kinds):
        raise broken("has_dependents", str(record.body["location_name"]))
    remove(company, record)


def make_primary(company: Company, record: Record) -> None:
    """The primary location is one."""
    for other in list(company.records.scan("location")):
        primary = other.id == record.id
        if other.body["is_primary"] != primary:
            document = {**other.copy(), "is_primary": primary}
            save(company, "location", other.id, document=document, active=other.active)


def set_active(company: Company, record: Record, *, active: bool) -> Record:
    """Mark an item, project, location or user as active or inactive."""
    shown: Body = {"location": {"is_location_active": active}}.get(
        record.kind, {"status": "active" if active else "inactive"}
    )
    return save(company, record.kind, record.id, document={**record.copy(), **shown}, active=active)


def write_authority(company: Company, given: Body, record: Record | None = None) -> Record:
    """A tax authority."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("tax_authority_name", required=True)
    unique(company, "taxauthority", name, record, f"The tax authority {name}")
    id = record.id if record else new_id(company)
    document: Body = {
        "tax_authority_id": id,
        "tax_authority_name": name,
        "description": fields.text("description", limit=500),
        "registration_number": fields.text("registration_number"),
        "registration_number_label": fields.text("registration_number_label"),
        "_keys": {"name": name.lower()},
    }
    return save(company, "taxauthority", id, document=document)


def write_exemption(company: Company, given: Body, record: Record | None = None) -> Record:
    """A reason why no tax is charged."""
    fields = Fields(given, record.body if record else None)
    code = fields.text("tax_exemption_code", required=True)
    unique(company, "taxexemption", code, record, f"The tax exemption {code}")
    id = record.id if record else new_id(company)
    document: Body = {
        "tax_exemption_id": id,
        "tax_exemption_code": code,
        "type": fields.choice("type", ("customer", "item", "vendor"), default="customer"),
        "description": fields.text("description", limit=500),
        "_keys": {"name": code.lower()},
    }
    return save(company, "taxexemption", id, document=document)


def comment(company: Company, parent: Record, given: Body, *, user: Record) -> Record:
    """A comment of a user on a document."""
    fields = Fields(given)
    id = new_id(company)
    document: Body = {
        "comment_id": id,
        "parent_id": parent.id,
        "transaction_id": parent.id,
        "transaction_type": parent.kind,
        "description": fields.text("description", required=True, limit=2000),
        "commented_by_id": user.id,
        "commented_by": user.body["name"],
        "comment_type": "internal",
        "operation_type": "Added",
        "date": company.world.clock.today(company.time_zone).isoformat(),
    }
    return save(company, "comment", id, document=document)


def comments_of(company: Company, parent: Record) -> list[Record]:
    """The comments on a document, newest first."""
    return company.records.find("comment", "parent_id", parent.id)[::-1]


def with_id(company: Company, kind: str, id: str) -> Record:
    """A record of a kind. Raises ``NoSuch``."""
    return find(company, kind, id)
