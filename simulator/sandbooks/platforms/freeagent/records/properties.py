"""Properties: what an unincorporated landlord lets, and which every bill and expense is for.

Source: https://dev.freeagent.com/docs/properties
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records.storing import new_id, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import path

KIND = "property"
LANDLORD = "UkUnincorporatedLandlord"
_TEXTS = ("address1", "address2", "address3", "town", "region", "postcode")
_USERS = ("bill", "expense", "bank_transaction_explanation", "journal_set", "invoice", "credit_note")


def offered(company: Company) -> bool:
    """Whether a company has properties at all."""
    return company.settings.get("type") == LANDLORD


def write(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A property, new or changed; its country is always the United Kingdom. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    texts = {name: fields.text(name, required=name == "address1") for name in _TEXTS}
    fields.check()
    id = record.id if record else new_id(company, KIND)
    document = {name: value for name, value in texts.items() if value is not None}
    return save(company, KIND, id, document={"url": path("properties", id), **document, "country": "United Kingdom"})


def delete(company: Company, record: Record) -> None:
    """Delete a property that nothing is for. Raises ``Invalid``."""
    if any(company.records.find(kind, KIND, record.id) for kind in _USERS):
        # Unconfirmed: what the live service makes of it.
        raise Invalid(("Property has items and can't be deleted",))
    remove(company, record)


def read(company: Company, fields: Fields, *, required: bool = False) -> dict[str, Any]:
    """The property that a document is for; wrong ones are noted. ``required`` counts for landlords alone."""
    if not offered(company):
        if fields.gives(KIND):
            fields.wrong(KIND, "is only for unincorporated landlords")
        return {}
    found = fields.record(KIND, company, KIND, required=required)
    return {KIND: refer(found)} if found is not None else {}
