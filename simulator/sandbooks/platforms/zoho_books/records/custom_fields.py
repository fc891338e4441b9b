"""Custom fields: defined by the organisation for each module, and what makes an update or upsert by key possible.

A definition stands in the setting ``custom_fields`` of a company: ``{"expense": [{"customfield_id", "api_name",
"label", "data_type"}]}``.
Source: https://www.zoho.com/books/api/v3/expenses/ (custom_fields, X-Unique-Identifier-Key, X-Upsert)
"""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records.storing import custom_key
from sandbooks.platforms.zoho_books.refusals import InvalidValue
from sandbooks.platforms.zoho_books.wire import Body

# The modules that have them.
MODULES = ("expense", "bill", "contact", "vendorpayment", "item", "project", "journal", "vendorcredit", "account")
_VALUE_MAX = 500


def defined(company: Company, kind: str) -> list[Body]:
    """The custom fields of a module."""
    found: list[Body] = company.settings.get("custom_fields", {}).get(kind, [])
    return found


def read(company: Company, kind: str, fields: Fields) -> list[Body]:
    """The custom fields of a document: named by id, api name, label or index. Others are passed over, as they are
    by the live service."""
    # Unconfirmed: whether an unknown field is passed over or refused.
    shown = []
    for row in fields.rows("custom_fields"):
        found = _definition(company, kind, row)
        if found is not None:
            value = (
                Fields(row).text("value", limit=_VALUE_MAX) if not isinstance(row.get("value"), bool) else row["value"]
            )
            shown.append({**found, "value": value})
    return shown


def _definition(company: Company, kind: str, row: Body) -> Body | None:
    for index, found in enumerate(defined(company, kind), 1):
        names = {"customfield_id": found["customfield_id"], "custom_field_id": found["customfield_id"]}
        names |= {"api_name": found["api_name"], "label": found["label"], "index": str(index)}
        if any(str(row[name]) == value for name, value in names.items() if row.get(name) not in (None, "")):
            return {**found, "index": index}
    return None


def find(company: Company, kind: str, *, key: str, value: str) -> Record | None:
    """The record whose custom field holds a value. Raises ``InvalidValue`` for a field that is not defined."""
    if not any(found["api_name"] == key for found in defined(company, kind)):
        raise InvalidValue("X-Unique-Identifier-Key")
    return next(iter(company.records.find(kind, custom_key(key), value)), None)


def with_key(company: Company, kind: str, given: Body, *, key: str, value: str) -> Body:
    """A document with the custom field that an upsert names."""
    rows = [row for row in Fields(given).rows("custom_fields") if row.get("api_name") != key]
    return {**given, "custom_fields": [*rows, {"api_name": key, "value": value}]}
