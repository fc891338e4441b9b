"""Taxes, tax groups, tax authorities and exemptions. A group is a tax with the percentage of its members together.

Source: https://www.zoho.com/books/api/v3/taxes/
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts
from sandbooks.platforms.zoho_books.records.storing import new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, UnknownReference, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "tax"
AUTHORITY = "taxauthority"
EXEMPTION = "taxexemption"
_USERS = ("expense", "bill", "vendorcredit", "journal", "banktransaction", "item", "contact")


def write(company: Company, given: Body, record: Record | None = None) -> Record:
    """A new version of a tax. Names are unique."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("tax_name", required=True)
    _check_name(company, name, record)
    percent = fields.decimal("tax_percentage", required=True)
    if percent is None:
        raise Required("tax_percentage")
    if not 0 <= percent <= 100:
        raise InvalidValue("tax_percentage")
    authority = fields.record("tax_authority_id", company, AUTHORITY)
    bought = fields.record("purchase_tax_account_id", company, accounts.KIND)
    sold = fields.record("tax_account_id", company, accounts.KIND)
    bought = bought or accounts.named(company, chart.input_account(company.country))
    sold = sold or accounts.named(company, chart.output_account(company.country))
    id = record.id if record else new_id(company)
    document: Body = {
        "tax_id": id,
        "tax_name": name,
        "tax_percentage": percent,
        "tax_type": fields.choice("tax_type", ("tax", "compound_tax"), default="tax"),
        "tax_factor": fields.choice("tax_factor", ("rate", "share"), default="rate"),
        "tax_specific_type": fields.text("tax_specific_type"),
        "tax_authority_id": authority.id if authority else "",
        "tax_authority_name": authority.body["tax_authority_name"] if authority else fields.text("tax_authority_name"),
        # Where tax on purchases is not given back (sales tax), a tax is not value added and is part of the cost.
        "is_value_added": fields.flag("is_value_added", default=company.country != "US"),
        "is_default_tax": fields.flag("is_default_tax"),
        "is_editable": True,
        "country_code": fields.text("country_code"),
        "tax_account_id": sold.id,
        "purchase_tax_account_id": bought.id,
        "status": "Active",
        "_keys": {"name": name.lower()},
    }
    for own in ("_recoverable", "_reverse"):
        if fields.raw(own) is not None:
            document[own] = fields.raw(own)
    return save(company, KIND, id, document=document)


def _check_name(company: Company, name: str, record: Record | None) -> None:
    for other in company.records.find(KIND, "name", name.lower()):
        if record is None or other.id != record.id:
            raise broken("already_exists", f"The tax {name}")


def write_group(company: Company, given: Body, record: Record | None = None) -> Record:
    """A new version of a tax group. ``taxes`` are ids: text with commas, or a list of ids or documents."""
    fields = Fields(given, {"tax_group_name": record.body["tax_name"]} if record else None)
    name = fields.text("tax_group_name", required=True)
    _check_name(company, name, record)
    members = _members(company, given.get("taxes", record.body["taxes"] if record else None))
    total = sum((Decimal(str(member.body["tax_percentage"])) for member in members), Decimal(0))
    id = record.id if record else new_id(company)
    document: Body = {
        "tax_id": id,
        "tax_name": name,
        "tax_percentage": total,
        "tax_type": "tax_group",
        "tax_factor": "rate",
        "tax_specific_type": "",
        "is_value_added": all(member.body["is_value_added"] for member in members),
        "is_default_tax": False,
        "is_editable": True,
        "status": "Active",
        "taxes": [
            {n: member.body[n] for n in ("tax_id", "tax_name", "tax_percentage", "tax_type")} for member in members
        ],
        "tax_account_id": members[0].body["tax_account_id"],
        "purchase_tax_account_id": members[0].body["purchase_tax_account_id"],
        "_keys": {"name": name.lower()},
    }
    return save(company, KIND, id, document=document)


def _members(company: Company, given: object) -> list[Record]:
    if isinstance(given, str):
        ids: list[object] = [id for id in given.split(",") if id.strip()]
    elif isinstance(given, list):
        ids = [item.get("tax_id") if isinstance(item, dict) else item for item in given]
    else:
        raise Required("taxes")
    found = [Fields({"taxes": id}).record("taxes", company, KIND, required=True) for id in ids]
    members = [member for member in found if member is not None]
    if not members or any(member.body["tax_type"] == "tax_group" for member in members):
        raise InvalidValue("taxes")
    return members


def group_shown(record: Record) -> Body:
    """A tax group as its own resource shows it."""
    return {
        "tax_group_id": record.id,
        "tax_group_name": record.body["tax_name"],
        "tax_group_percentage": record.body["tax_percentage"],
        "taxes": record.body["taxes"],
    }


def delete(company: Company, record: Record) -> None:
    """Delete a tax that nothing uses."""
    for kind in (*_USERS, KIND):
        if any(user.id != record.id for user in company.records.find(kind, "tax_id", record.id)):
            raise broken("has_dependents", str(record.body["tax_name"]))
    remove(company, record)


def with_rate(company: Company, percent: Decimal) -> Record | None:
    """The first plain tax or group of a rate."""
    for tax in company.records.scan(KIND):
        if Decimal(str(tax.body["tax_percentage"])) == percent and not tax.body.get("_reverse"):
            return tax
    return None


def reference(company: Company, id: str) -> Record:
    """A tax that is no group. Raises ``UnknownReference``."""
    found = company.records.get(KIND, id)
    if found is None or found.deleted:
        raise UnknownReference("tax_id", "Tax")
    return found
