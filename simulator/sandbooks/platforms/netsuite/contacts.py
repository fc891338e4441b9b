"""Contacts on records: who is attached to a customer, a vendor, a project or a document, and in which role.

Source: docs.oracle.com, article_0113084334.html (attach and detach); NetSuite REST API Browser, record v1 2026.1 (which
record types have the operations)
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.refusals import UserError

Body = dict[str, Any]

HOLDERS = frozenset(
    {
        "check",
        "customer",
        "customerPayment",
        "job",
        "purchaseOrder",
        "vendor",
        "vendorBill",
        "vendorCredit",
        "vendorPayment",
    }
)
_LINK = "contactAttachment"


def attach(company: Company, record: Record, contact: Record, role: str) -> None:
    """Attach a contact to a record in a role; a second time changes the role. Raises ``UserError``."""
    if record.kind not in HOLDERS:
        # Unconfirmed: the sentence; the live service has no such operation for other records.
        raise UserError(f"Contacts cannot be attached to a record of the type {record.kind}.")
    id = f"{record.kind}/{record.id}/{contact.id}"
    standing = company.records.get(_LINK, id)
    body: Body = {"contact": {"id": contact.id}}
    if role:
        body["role"] = {"id": role}
    if standing is not None and not standing.deleted and standing.body == body:
        return
    version = standing.version + 1 if standing else 1
    company.records.put(_LINK, id, body, version=version, keys={"record": f"{record.kind}/{record.id}"})


def detach(company: Company, record: Record, contact: Record) -> None:
    """Take a contact off a record. Raises ``UserError`` when it is not attached."""
    standing = company.records.get(_LINK, f"{record.kind}/{record.id}/{contact.id}")
    if standing is None or standing.deleted:
        raise UserError("The contact is not attached to this record.")
    store.remove(company, standing)


def roles(company: Company, record: Record) -> list[Body]:
    """The contacts of a record as lines: those who work for it, and those who are attached, with their roles."""
    own = {
        contact.id: {"contact": {"id": contact.id}} for contact in company.records.find("contact", "company", record.id)
    }
    links = company.records.find(_LINK, "record", f"{record.kind}/{record.id}")
    attached = {link.body["contact"]["id"]: link.body for link in links}
    found: list[Body] = []
    for id, line in {**own, **attached}.items():
        contact = store.get(company, "contact", id)
        if contact is not None:
            shown = {"contactName": contact.body["entityId"], "email": contact.body.get("email")}
            found.append({"line": len(found) + 1, **line, **shown})
    return found
