"""Small lists that documents may draw on: the price list and the types of capital assets. They move no money.

Source: https://dev.freeagent.com/docs/price_list_items, https://dev.freeagent.com/docs/capital_asset_types
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import categories, sub_accounts
from sandbooks.platforms.freeagent.records.invoice_items import TYPES
from sandbooks.platforms.freeagent.records.storing import new_id, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path

PRICE, ASSET_TYPE = "price_list_item", "capital_asset_type"
ASSET_TYPES = ("Computer Equipment", "Fixtures and Fittings", "Motor Vehicles", "Other Capital Asset")
VAT_STATUSES = ("out_of_scope", "reduced", "standard", "zero")


def write_price(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """An item of the price list, new or changed. Its code is its own. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    if fields.raw("item_type") == "Stock" or fields.gives("stock_item"):
        raise NotSimulated("stock items")
    code = fields.text("code", required=True)
    type = fields.choice("item_type", TYPES)
    if type is None and not fields.messages:
        fields.wrong("item_type", "can't be blank")
    price, quantity = (fields.decimal(name, required=True) for name in ("price", "quantity"))
    description = fields.text("description", required=True, limit=65535)
    category = categories.chosen(fields, company, required=False)
    status = fields.choice("vat_status", VAT_STATUSES, default="out_of_scope")
    fields.check()
    if code is None or price is None or quantity is None:
        raise AssertionError("checked above")
    others = company.records.find(PRICE, "code", code.lower())
    if any(record is None or other.id != record.id for other in others):
        raise Invalid(("code has already been taken",))
    document: dict[str, Any] = {
        "code": code,
        "item_type": type,
        "quantity": decimal_text(quantity),
        "price": decimal_text(price),
        "description": description,
        "vat_status": status,
    }
    if category is not None:
        document["category"] = refer(category)
    id = record.id if record else new_id(company, PRICE)
    return save(company, PRICE, id, document={"url": path("price_list_items", id), **document})


def add_asset_types(company: Company) -> None:
    """The types that every company has."""
    for name in ASSET_TYPES:
        _keep_type(company, name, system=True)


def write_asset_type(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A type of the user's own, new or renamed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    name = fields.text("name", required=True)
    fields.check()
    if record is not None:
        _check_own(company, record)
    if any(other.body["name"] == name for other in company.records.scan(ASSET_TYPE) if other != record):
        raise Invalid(("name has already been taken",))
    return _keep_type(company, str(name), system=False, record=record)


def _keep_type(company: Company, name: str, *, system: bool, record: Record | None = None) -> Record:
    id = record.id if record else new_id(company, ASSET_TYPE)
    sub_code = record.body["sub_code"] if record else str(company.records.next_number("capital_asset_type_sub_code"))
    document = {"url": path("capital_asset_types", id), "name": name, "system_default": system, "sub_code": sub_code}
    saved = save(company, ASSET_TYPE, id, document=document)
    if record is not None:
        sub_accounts.rename(company, saved)
    return saved


def _check_own(company: Company, record: Record) -> None:
    # Source: https://dev.freeagent.com/docs/capital_asset_types. Unconfirmed: the words of the refusals.
    if record.body["system_default"]:
        raise Invalid(("Capital asset type is a system default and can't be changed",))
    if any(company.records.find(kind, ASSET_TYPE, record.id) for kind in ("capital_asset", "journal_set")):
        raise Invalid(("Capital asset type has items and can't be changed",))


def delete_asset_type(company: Company, record: Record) -> None:
    """Delete a type of the user's own. Raises ``Invalid``."""
    _check_own(company, record)
    remove(company, record)
