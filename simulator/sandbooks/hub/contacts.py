"""Suppliers and customers: the copies last read, and creating or changing one in the platform.

Source: github.com/codatio/oas, schemas Supplier and Customer.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from sandbooks.connector import Contact, ContactKind
from sandbooks.hub import companies, data, push, records, wire
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.hub.platform import supplemental
from sandbooks.kit.call import Call
from sandbooks.kit.call import json_reply as reply
from sandbooks.wire import Response

Status = Literal["Unknown", "Active", "Archived"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Address(msgspec.Struct, omit_defaults=True):
    type: Literal["Unknown", "Billing", "Delivery"] = "Unknown"
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    postalCode: str | None = None


class ContactBody(msgspec.Struct, omit_defaults=True, kw_only=True):
    supplierName: Name | None = None
    customerName: Name | None = None
    contactName: str | None = None
    emailAddress: str | None = None
    phone: str | None = None
    addresses: list[Address] | None = None
    registrationNumber: str | None = None
    taxNumber: str | None = None
    defaultCurrency: str | None = None
    status: Status = "Active"


def list_suppliers(call: Call) -> Response:
    return _list(call, "supplier")


def list_customers(call: Call) -> Response:
    return _list(call, "customer")


def get_supplier(call: Call) -> Response:
    return _get(call, "supplier", call.args["supplier_id"])


def get_customer(call: Call) -> Response:
    return _get(call, "customer", call.args["customer_id"])


def create_supplier(call: Call) -> Response:
    return _write(call, "supplier", "")


def create_customer(call: Call) -> Response:
    return _write(call, "customer", "")


def update_supplier(call: Call) -> Response:
    return _write(call, "supplier", call.args["supplier_id"])


def update_customer(call: Call) -> Response:
    return _write(call, "customer", call.args["customer_id"])


def _list(call: Call, kind: ContactKind) -> Response:
    company = companies.called(call)
    found = data.read_copy(call, company["id"], f"{kind}s")
    more = supplemental.beside(call.world, company["id"], f"{kind}s")
    rows = [more.joined(_shown(contact)) for contact in found.values()]
    return wire.page_reply(call, rows, what=kind.capitalize())


def _get(call: Call, kind: ContactKind, id: str) -> Response:
    company = companies.called(call)
    contact = data.read_copy(call, company["id"], f"{kind}s").get(id)
    if contact is None:
        raise not_found(f"No {kind} was found with ID {id}", service="ClientsApi")
    return reply(supplemental.beside(call.world, company["id"], f"{kind}s").joined(_shown(contact)))


def _write(call: Call, kind: ContactKind, id: str) -> Response:
    company = companies.called(call)
    body = wire.parsed(wire.raw_body(call), ContactBody)
    name = body.supplierName if kind == "supplier" else body.customerName
    if not name:
        raise not_valid(Item(f"{kind}Name", f"{kind}Name is required", "Required"))
    known = data.read_copy(call, company["id"], f"{kind}s") if id else {}
    if id and id not in known:
        raise not_found(f"No {kind} was found with ID {id}", service="ClientsApi")
    contact = Contact(
        kind=kind,
        id=id,
        name=name,
        currency=body.defaultCurrency or "",
        contact_name=body.contactName or "",
        email=body.emailAddress or "",
        phone=body.phone or "",
        registration_number=body.registrationNumber or "",
        tax_number=body.taxNumber or "",
        addresses=tuple(_plain(address) for address in body.addresses or ()),
        active=body.status != "Archived",
    )
    shown = msgspec.to_builtins(body) | {"status": body.status} | ({"id": id} if id else {})
    return push.begin(call, f"{kind}s", contact, shown, update=bool(id))


def _plain(address: Address) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.to_builtins(address).items() if value}


def _shown(contact: Contact) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": contact.id,
        f"{contact.kind}Name": contact.name,
        "contactName": contact.contact_name or None,
        "emailAddress": contact.email or None,
        "phone": contact.phone or None,
        "addresses": [{"type": "Unknown", **address} for address in contact.addresses],
        "registrationNumber": contact.registration_number or None,
        "taxNumber": contact.tax_number or None,
        "defaultCurrency": contact.currency or None,
        "status": "Active" if contact.active else "Archived",
        "metadata": {"isDeleted": not contact.active},
    }
    if contact.kind == "customer":
        shown["contacts"] = []
        if not contact.currency:
            del shown["defaultCurrency"]
    if contact.updated is not None:
        shown["sourceModifiedDate"] = shown["modifiedDate"] = records.stamp(contact.updated)
    return shown
