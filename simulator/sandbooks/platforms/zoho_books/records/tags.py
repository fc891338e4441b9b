"""Reporting tags: up to ten categories with options, chosen on lines, journals and contacts.

Source: https://www.zoho.com/books/help/settings/reporting-tags.html
"""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records.storing import new_id, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, UnknownReference, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "tag"
# Unconfirmed: the limit of newer plans.
TAGS_MAX = 10


def read(company: Company, fields: Fields, name: str = "tags") -> list[Body]:
    """The tags of a line or document, each with the names that answers add. Raises the rule ``tag_mandatory``."""
    chosen = [_chosen(company, Fields(row)) for row in fields.rows(name)]
    if len({tag["tag_id"] for tag in chosen}) < len(chosen):
        raise InvalidValue(name)
    return chosen


def _chosen(company: Company, fields: Fields) -> Body:
    tag = fields.record("tag_id", company, KIND, required=True)
    option = fields.id("tag_option_id", required=True)
    if tag is None:
        raise Required("tag_id")
    found = next((o for o in tag.body["tag_options"] if o["tag_option_id"] == option), None)
    if found is None or not found["is_active"] or not tag.active:
        raise UnknownReference("tag_option_id", "Reporting tag option")
    return {
        "tag_id": tag.id,
        "tag_name": tag.body["tag_name"],
        "tag_option_id": option,
        "tag_option_name": found["tag_option_name"],
        "is_tag_mandatory": tag.body["is_mandatory"],
    }


def check_mandatory(company: Company, chosen: list[Body]) -> None:
    """Refuse a line that lacks a mandatory tag."""
    given = {tag["tag_id"] for tag in chosen}
    for tag in company.records.scan(KIND):
        if tag.active and tag.body["is_mandatory"] and tag.id not in given:
            raise broken("tag_mandatory", str(tag.body["tag_name"]))


def dimensions(chosen: list[Body]) -> list[list[str]]:
    """Tags as dimensions of a posting."""
    return [[str(tag["tag_name"]), str(tag["tag_option_name"])] for tag in chosen]


def create(company: Company, given: Body) -> Record:
    """A new tag, with the options that come with it."""
    return write(company, given, None)


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of a tag."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("tag_name", required=True)
    for other in company.records.find(KIND, "name", name.lower()):
        if record is None or other.id != record.id:
            raise broken("already_exists", f"The reporting tag {name}")
    if record is None and company.records.count(KIND) >= TAGS_MAX:
        raise broken("tag_count", str(TAGS_MAX))
    id = record.id if record else new_id(company)
    document = {
        "tag_id": id,
        "tag_name": name,
        "description": fields.text("description", limit=500),
        "is_mandatory": fields.flag("is_mandatory"),
        "is_active": record.active if record else True,
        "tag_options": _options(company, fields, record),
        "_keys": {"name": name.lower()},
    }
    return save(company, KIND, id, document=document, active=record.active if record else True)


def _options(company: Company, fields: Fields, record: Record | None) -> list[Body]:
    standing = {o["tag_option_id"]: o for o in record.body["tag_options"]} if record else {}
    options = []
    for row in fields.rows("tag_options"):
        own = Fields(row, standing.get(str(row.get("tag_option_id", ""))))
        options.append(
            {
                "tag_option_id": own.id("tag_option_id") or new_id(company),
                "tag_option_name": own.text("tag_option_name", required=True),
                "is_active": own.flag("is_active", default=True),
            }
        )
    return options


def set_active(company: Company, record: Record, *, active: bool) -> Record:
    """Mark a tag as active or inactive."""
    return save(company, KIND, record.id, document={**record.copy(), "is_active": active}, active=active)
