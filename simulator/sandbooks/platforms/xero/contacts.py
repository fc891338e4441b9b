"""Contacts as documents and the contact resource use them: found, made, renamed, archived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]

# Source: https://developer.xero.com/documentation/api/accounting/contacts
NOT_IDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, "
    "ContactNumber"
)
ARCHIVED = (
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the "
    "API."
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MERGED = ("ContactID", "Addresses", "Phones")
_ADDRESSES = ("STREET", "POBOX")
_PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
_DETAILS = ("FirstName", "LastName", "EmailAddress", "AccountNumber", "TaxNumber", "BankAccountDetails")


def write_contact(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change a contact. Raises Invalid."""
    company = call.company
    if prior is None and given.get("ContactNumber") and call.request.method == "POST":
        found = company.records.find("Contact", "ContactNumber", given["ContactNumber"].lower())
        prior = found[0] if found else None
    if prior is not None and not prior.active and given.get("ContactStatus") != "ACTIVE":
        raise invalid(ARCHIVED)
    return keep(company, _contact_body(company, given, prior))


def _contact_body(company: Company, given: Mapping[str, Any], prior: Record | None) -> Body:
    body = prior.copy() if prior else blank(company)
    body.update({name: value for name, value in given.items() if name not in _MERGED})
    body["Name"] = str(body.get("Name", "")).strip()
    body["ContactStatus"] = given.get("ContactStatus") or body["ContactStatus"]
    fill_slots(body, given)
    check(company, body, prior)
    return body


def blank(company: Company) -> Body:
    """A contact before anything is known of it."""
    return {
        "ContactID": company.records.next_uuid("contact"),
        "ContactStatus": "ACTIVE",
        "Name": "",
        "IsSupplier": False,
        "IsCustomer": False,
        "ContactPersons": [],
        "ContactGroups": [],
        "HasAttachments": False,
    }


def fill_slots(body: Body, given: Mapping[str, Any]) -> None:
    """Give a contact its address and telephone slots, what is given over what it had."""
    body["Addresses"] = _slots(given.get("Addresses"), body.get("Addresses"), "AddressType", _ADDRESSES)
    body["Phones"] = _slots(given.get("Phones"), body.get("Phones"), "PhoneType", _PHONES)


def _slots(given: Any, kept: Any, key: str, names: tuple[str, ...]) -> list[Body]:
    """The fixed slots that every contact shows, filled with what is given. Source: recorded live answers."""
    empty: Body = {"AddressType": "", "City": "", "Region": "", "PostalCode": "", "Country": ""}
    if key == "PhoneType":
        empty = {"PhoneType": "", "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
    slots = {name: {**empty, key: name} for name in names}
    for source in (kept or [], given or []):
        for entry in source:
            name = entry.get(key) or names[0]
            slots[name] = {**slots.get(name, empty), **entry, key: name}
    return list(slots.values())


def check(company: Company, body: Body, prior: Record | None) -> None:
    """Name, number and e-mail address. Raises Invalid."""
    if not body["Name"]:
        raise invalid(NOT_IDENTIFIED if prior is None else "The contact name cannot be empty.")
    others = company.records.find("Contact", "Name", body["Name"].lower())
    taken = [other for other in others if other.active and other.id != body["ContactID"]]
    if taken and body["ContactStatus"] == "ACTIVE":
        raise invalid(
            f"The contact name {body['Name']} is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        )
    number = body.get("ContactNumber")
    if number:
        holders = company.records.find("Contact", "ContactNumber", number.lower())
        if any(holder.id != body["ContactID"] for holder in holders):
            raise invalid(
                f"The contact number {number} is already assigned to another contact. "
                "The contact number must be unique across all contacts."
            )
    if body.get("EmailAddress") and not _EMAIL.fullmatch(body["EmailAddress"]):
        raise invalid("Email address must be valid.")


def keep(company: Company, body: Body) -> Record:
    return save(company, "Contact", {**body, "UpdatedDateUTC": ""})


def document_contact(call: Call, given: Mapping[str, Any] | None, prior: Mapping[str, Any] | None) -> Body:
    """The contact that a document names, made when only a new name is given. Raises Invalid."""
    if not given:
        if prior:
            return dict(prior)
        raise invalid(NOT_IDENTIFIED)
    record = lookup.find_contact(call.company, given)
    if record is None:
        if given.get("ContactID"):
            raise invalid("The Contact with the specified ContactID could not be found.")
        if not given.get("Name"):
            raise invalid(NOT_IDENTIFIED)
        record = write_contact(call, given, None)
    elif not record.active and record.id != (prior or {}).get("ContactID"):
        raise invalid(ARCHIVED)
    elif record.active:
        record = _with_details(call.company, record, given)
    return {"ContactID": record.id, "Name": record.body["Name"]}


def _with_details(company: Company, record: Record, given: Mapping[str, Any]) -> Record:
    """Details of a contact inside a document change the contact."""
    changes = {n: given[n] for n in _DETAILS if given.get(n) and given[n] != record.body.get(n)}
    if given.get("ContactID") and given.get("Name") and given["Name"].strip() != record.body["Name"]:
        changes["Name"] = given["Name"]
    return keep(company, _contact_body(company, changes, record)) if changes else record


def mark_role(company: Company, contact_id: str, *, supplier: bool) -> None:
    """A contact with a bill is a supplier, one with a sales invoice a customer."""
    record = company.records.get("Contact", contact_id)
    name = "IsSupplier" if supplier else "IsCustomer"
    if record is not None and not record.body.get(name):
        keep(company, {**record.copy(), name: True})
