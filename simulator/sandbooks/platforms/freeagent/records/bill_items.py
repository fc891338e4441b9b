"""The items of a bill: each a category with its value and tax.

Source: https://dev.freeagent.com/docs/bills (bill item attributes)
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.money import Rate
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import targets
from sandbooks.platforms.freeagent.records.capital_assets import Bought
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import Basis, SalesTax, Scheme, sales_tax, without_standing_tax
from sandbooks.platforms.freeagent.wire import decimal_text, tail

ITEMS_MAX = 40
DESCRIPTION_MAX = 4000
UNITS = ["-no unit-", "Hours", "Days", "Weeks", "Months", "Years", "Products", "Services", "Training", "Stock"]


class Item(Struct, frozen=True, kw_only=True):
    """One item as it will stand, its tax, and the asset that it buys."""

    document: dict[str, Any]
    tax: SalesTax
    bought: Bought | None = None


def read(
    company: Company, given: Any, *, standing: list[dict[str, Any]], rate: Rate, scheme: Scheme, ec: str
) -> list[Item]:
    """The items that a bill will have. Raises ``Invalid``."""
    wanted = _merged(given, standing)
    if not wanted:
        raise Invalid(("bill_items can't be blank",))
    if len(wanted) > ITEMS_MAX:
        # Unconfirmed: the wording; the limit itself is documented.
        raise Invalid((f"bill_items can't be more than {ITEMS_MAX}",))
    items, messages = [], []
    for item_given, item_standing in wanted:
        fields = Fields(item_given, without_standing_tax(item_standing, item_given), where="bill_items.")
        item = _item(company, fields, rate=rate, scheme=scheme, ec=ec)
        messages += fields.messages
        if item is not None:
            items.append(item)
    if messages:
        raise Invalid(tuple(dict.fromkeys(messages)))
    return items


def _merged(given: Any, standing: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each item's new members over what stands of it. Raises ``Invalid``."""
    if given is None:
        given = []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Invalid(("bill_items is invalid",))
    changes: dict[str, dict[str, Any]] = {}
    added: list[tuple[dict[str, Any], dict[str, Any]]] = []
    known = {tail(item["url"], "bill_items") for item in standing}
    for item in given:
        if item.get("url") in (None, ""):
            if not _destroyed(item):
                added.append((item, {}))
            continue
        id = tail(item["url"], "bill_items")
        if id not in known:
            raise Invalid(("Bill item not found",))
        changes[id] = item
    merged = []
    for item in standing:
        change = changes.get(tail(item["url"], "bill_items"), {})
        if not _destroyed(change):
            merged.append((change, item))
    return merged + added


def _destroyed(item: dict[str, Any]) -> bool:
    return str(item.get("_destroy", "")).lower() in ("1", "true")


def _item(company: Company, fields: Fields, *, rate: Rate, scheme: Scheme, ec: str) -> Item | None:
    target = targets.chosen(fields, company)
    project = fields.record("project", company, "project")
    net = fields.gives("total_value_ex_tax") and not fields.gives("total_value")
    value = fields.money("total_value_ex_tax" if net else "total_value", rate.foreign, required=True)
    unit = fields.choice("unit", UNITS, default="-no unit-")
    buys = target is not None and target.buys_asset
    description = fields.text("description", limit=DESCRIPTION_MAX, required=buys)
    if target is None or value is None:
        return None
    targets.check_bought(fields, target, value, name="total_value_ex_tax" if net else "total_value")
    basis = Basis(
        scheme=scheme,
        auto=target.auto,
        ec=ec,
        inclusive=not net,
        rate=rate if rate.foreign != rate.base else None,
        shown=-1,
    )
    tax = sales_tax(fields, value, basis)
    document: dict[str, Any] = {
        "category": target.reference,
        "description": description or "",
        "unit": "Stock" if target.is_stock else unit,
        "quantity": "1.0",
        "total_value": decimal_text(tax.gross.amount),
        "total_value_ex_tax": decimal_text(tax.net.amount),
        **tax.members,
        **target.members,
    }
    if project is not None:
        document["project"] = refer(project)
    if fields.standing.get("url"):
        document["url"] = fields.standing["url"]
    return Item(document=document, tax=tax, bought=target.bought(fields, company))
