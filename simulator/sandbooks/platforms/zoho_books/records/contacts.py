"""Contacts: customers and vendors, one resource; the id of a contact is its vendor_id and its customer_id.

Source: https://www.zoho.com/books/api/v3/contacts/, https://www.zoho.com/books/api/v3/contact-persons/
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books import rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import custom_fields, tags
from sandbooks.platforms.zoho_books.records.storing import find, new_id, open_of, remove, save
from sandbooks.platforms.zoho_books.refusals import NoSuch, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "contact"
TYPES = ("customer", "vendor")
_ADDRESS = ("attention", "address", "street2", "city", "state", "state_code", "zip", "country", "phone", "fax")
_PERSON = ("salutation", "first_name", "last_name", "email", "phone", "mobile", "designation", "department", "skype")
# Members by edition that are kept as they are given.
_KEPT = (
    *("website", "language_code", "customer_sub_type", "contact_number", "vat_reg_no", "vat_treatment"),
    *("tax_treatment", "tax_reg_no", "gst_no", "gst_treatment", "place_of_contact", "country_code", "legal_name"),
    *("tax_id_type", "tax_id_value", "facebook", "twitter", "owner_id", "tax_authority_id", "tax_exemption_id"),
)
# What a customer owed before the organisation began.
OPENING = "customeropening"
TRANSACTIONS = ("expense", "bill", "vendorpayment", "vendorcredit", "journal", "banktransaction", "project", OPENING)


def create(company: Company, given: Body) -> Record:
    """A new contact."""
    return write(company, given, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a contact."""
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of a contact. Names are unique over customers and vendors."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("contact_name", required=True, limit=200)
    kind = fields.choice("contact_type", TYPES, default="customer")
    _check_name(company, name, kind, record)
    currency = _currency(company, fields, record)
    id = record.id if record else new_id(company)
    document: Body = {
        "contact_id": id,
        "contact_name": name,
        "company_name": fields.text("company_name", limit=200),
        "contact_type": kind,
        "currency_id": currency.id,
        "currency_code": currency.body["currency_code"],
        "currency_symbol": currency.body["currency_symbol"],
        "payment_terms": fields.whole("payment_terms", most=1000),
        "payment_terms_label": fields.text("payment_terms_label") or "Due on Receipt",
        "notes": fields.text("notes", limit=NOTE_MAX),
        "is_taxable": fields.flag("is_taxable", default=True),
        "track_1099": fields.flag("track_1099"),
        "credit_limit": fields.decimal("credit_limit") or Decimal(0),
        **{member: fields.text(member, limit=200) for member in _KEPT},
        "tax_id": _id_of(fields.record("tax_id", company, "tax")),
        "billing_address": _address(fields, "billing_address"),
        "shipping_address": _address(fields, "shipping_address"),
        "tags": tags.read(company, fields),
        "custom_fields": custom_fields.read(company, KIND, fields),
        "status": "active" if record is None or record.active else "inactive",
        "addresses": record.body["addresses"] if record else [],
        "_opening": bool(record.body.get("_opening")) if record else False,
        "_keys": {"name": name.lower()},
    }
    document["contact_persons"] = _persons(company, fields, id, record)
    document |= _primary(document["contact_persons"], fields)
    return save(company, KIND, id, document=document, active=record.active if record else True)


def _id_of(record: Record | None) -> str:
    return record.id if record else ""


def _check_name(company: Company, name: str, kind: str, record: Record | None) -> None:
    for other in company.records.find(KIND, "name", name.lower()):
        if record is None or other.id != record.id:
            raise broken("vendor_exists" if kind == "vendor" else "customer_exists", name)


def _currency(company: Company, fields: Fields, record: Record | None) -> Record:
    standing = str(record.body["currency_code"]) if record else company.currency
    found = rates.currency_of(company, Fields(fields.given), standing)
    if record is not None and found.body["currency_code"] != standing and has_transactions(company, record.id):
        raise broken("contact_currency_fixed")
    return found


def _address(fields: Fields, name: str) -> Body:
    return address(fields.part(name))


def address(given: Body) -> Body:
    """A postal address."""
    fields = Fields(given)
    return {member: fields.text(member, limit=500) for member in _ADDRESS}


def _persons(company: Company, fields: Fields, contact: str, record: Record | None) -> list[Body]:
    rows = fields.rows("contact_persons")
    persons = [person(company, row, contact) for row in rows]
    if persons and not any(p["is_primary_contact"] for p in persons):
        persons[0]["is_primary_contact"] = True
    return persons


def person(company: Company, given: Body, contact: str) -> Body:
    """One contact person."""
    fields = Fields(given)
    return {
        "contact_person_id": fields.id("contact_person_id") or new_id(company),
        "contact_id": contact,
        **{member: fields.text(member, limit=200) for member in _PERSON},
        "is_primary_contact": fields.flag("is_primary_contact"),
    }


def _primary(persons: list[Body], fields: Fields) -> Body:
    """What a contact shows of its primary person, or was given itself."""
    first: Body = next((p for p in persons if p["is_primary_contact"]), {})
    return {
        member: first.get(member) or fields.text(member, limit=200)
        for member in ("first_name", "last_name", "email", "phone", "mobile")
    } | {"primary_contact_id": first.get("contact_person_id", "")}


def has_transactions(company: Company, id: str) -> bool:
    """Whether any document names the contact."""
    keys = ("vendor_id", "customer_id")
    return any(company.records.has_found(kind, key, id) for kind in TRANSACTIONS for key in keys)


def set_active(company: Company, record: Record, *, active: bool) -> Record:
    """Mark a contact as active or inactive."""
    document = {**record.copy(), "status": "active" if active else "inactive"}
    return save(company, KIND, record.id, document=document, active=active)


def delete(company: Company, record: Record) -> None:
    """Delete a contact without transactions."""
    if has_transactions(company, record.id):
        raise broken("has_transactions", str(record.body["contact_name"]))
    remove(company, record)


def vendor(company: Company, fields: Fields, *, required: bool = True) -> Record | None:
    """The active vendor that a document names."""
    return _party(fields.record("vendor_id", company, KIND, required=required), fields)


def customer(company: Company, fields: Fields) -> Record | None:
    """The active contact that a document names as its customer."""
    return _party(fields.record("customer_id", company, KIND), fields, name="customer_id")


def _party(record: Record | None, fields: Fields, *, name: str = "vendor_id") -> Record | None:
    if record is not None and name == "vendor_id" and record.body["contact_type"] != "vendor":
        raise broken("not_a_vendor", str(record.body["contact_name"]))
    if record is not None and not record.active and fields.standing.get(name) != record.id:
        raise broken("contact_inactive", str(record.body["contact_name"]))
    return record


def members(record: Record | None, prefix: str) -> dict[str, Any]:
    """The id and name of a contact as documents show it."""
    return {
        f"{prefix}_id": record.id if record else "",
        f"{prefix}_name": record.body["contact_name"] if record else "",
    }


def shown(company: Company, record: Record) -> Body:
    """A contact with what follows from its documents."""
    payable = open_of(company, record.id, kind="bill") if record.body["contact_type"] == "vendor" else Decimal(0)
    owed = company.records.find(OPENING, "opening", record.id) if record.body.get("_opening") else ()
    unused = sum((open_of(company, record.id, kind=kind) for kind in ("vendorcredit", "vendorpayment")), Decimal(0))
    return record.copy() | {
        "has_transaction": has_transactions(company, record.id),
        "outstanding_payable_amount": payable,
        "unused_credits_payable_amount": unused,
        "outstanding_receivable_amount": sum((Decimal(str(each.body["balance"])) for each in owed), Decimal(0)),
        "unused_credits_receivable_amount": Decimal(0),
    }


def of_person(company: Company, id: str) -> tuple[Record, Body]:
    """The contact and the person behind a contact person's id. Raises ``NoSuch``."""
    for contact in company.records.find(KIND, "contact_person_id", id):
        return contact, next(dict(one) for one in contact.body["contact_persons"] if one["contact_person_id"] == id)
    raise NoSuch("Contact person", id)


def with_id(company: Company, id: str) -> Record:
    """A contact by its id. Raises ``NoSuch``."""
    return find(company, KIND, id)
