"""Contacts and contact groups.

# Source: https://developer.xero.com/documentation/api/accounting/contacts and .../contactgroups
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import lookup, query, writes
from sandbooks.platforms.xero.api.registry import ROOT, Keep, Resource, all_of, ids_filter
from sandbooks.platforms.xero.contacts import write_contact
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.reading import elements, read
from sandbooks.wire import Response

SCOPES = "accounting.contacts"
GROUPS_MOST = 100


def _keep(call: Call) -> Keep | None:
    return all_of(ids_filter(call, "Contact"), _archived(call), _search(call))


def _archived(call: Call) -> Keep | None:
    if query.is_true(call, "includeArchived"):
        return None
    return lambda body: body["ContactStatus"] != "ARCHIVED"


def _search(call: Call) -> Keep | None:
    term = query.parameter(call, "searchTerm").strip().lower()
    names = ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress", "AccountNumber")
    if not term:
        return None
    return lambda body: any(term in str(body.get(name, "")).lower() for name in names)


def _shape(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """summaryOnly leaves details out."""
    if query.is_true(call, "summaryOnly"):
        for name in ("Addresses", "Phones", "ContactPersons", "ContactGroups", "PaymentTerms", "BatchPayments"):
            body.pop(name, None)
    return body


def write_group(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, rename or delete a contact group. Raises Invalid."""
    company = call.company
    body: dict[str, Any] = (
        prior.copy()
        if prior
        else {"ContactGroupID": company.records.next_uuid("group"), "Status": "ACTIVE", "Contacts": []}
    )
    if not (given.get("Name") or body.get("Name")):
        raise invalid("Please enter a unique Name.")
    name = given.get("Name") or body["Name"]
    others = company.records.find("ContactGroup", "Name", name.lower())
    if any(other.id != body["ContactGroupID"] for other in others):
        raise invalid("Please enter a unique Name.")
    if prior is None and company.records.count("ContactGroup") >= GROUPS_MOST:
        raise invalid("You've reached the limit of 100 contact groups.")
    body |= {"Name": name, "Status": given.get("Status", body["Status"])}
    return save(company, "ContactGroup", body)


def add_to_group(call: Call) -> Response:
    """PUT contacts into a group."""
    group = GROUPS.find(call, call.args["id"])
    wanted = [read(element, "Contact") for element in elements(call, "Contact")]

    def run() -> Response:
        body, added = group.copy(), []
        for given in wanted:
            contact = lookup.find_contact(call.company, given) if given else None
            if contact is None:
                raise invalid("The Contact could not be found.")
            added.append({"ContactID": contact.id, "Name": contact.body["Name"]})
        kept = {entry["ContactID"]: entry for entry in (*body["Contacts"], *added)}
        save(call.company, "ContactGroup", {**body, "Contacts": list(kept.values())})
        return writing.answer(call, "Contact", added)

    return writes.keyed(call, run)


def remove_from_group(call: Call) -> Response:
    """DELETE one contact, or all, out of a group: 204."""
    group = GROUPS.find(call, call.args["id"])
    leaving = call.args.get("contact", "").lower()
    contacts = group.body["Contacts"]
    staying = [entry for entry in contacts if leaving and entry["ContactID"] != leaving]
    if leaving and len(staying) == len(contacts):
        raise NotFound

    def run() -> Response:
        save(call.company, "ContactGroup", {**group.copy(), "Contacts": staying})
        return Response(204)

    return writes.keyed(call, run)


CONTACTS = Resource(kind="Contact", scopes=SCOPES, writer=write_contact, pages=True, keep=_keep, shape=_shape)


def _live(_: Call) -> Keep:
    return lambda body: body["Status"] != "DELETED"


GROUPS = Resource(kind="ContactGroup", scopes=SCOPES, writer=write_group, keep=_live)
_MEMBERS = f"{ROOT}/ContactGroups/<id>/Contacts"
OPERATIONS = (
    *CONTACTS.operations(),
    *GROUPS.operations(),
    Operation("add_group_contacts", "PUT", _MEMBERS, add_to_group, writes=True, scope=SCOPES),
    Operation("clear_group_contacts", "DELETE", _MEMBERS, remove_from_group, writes=True, scope=SCOPES),
    Operation("remove_group_contact", "DELETE", f"{_MEMBERS}/<contact>", remove_from_group, writes=True, scope=SCOPES),
)
