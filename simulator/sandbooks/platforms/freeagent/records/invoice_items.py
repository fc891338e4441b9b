"""The items of an invoice or a credit note: each its unit price, its category and its sales tax.

Source: https://dev.freeagent.com/docs/invoices, https://dev.freeagent.com/docs/credit_notes (item attributes)
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import categories
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import MOSS, Basis, SalesTax, Scheme, sales_tax, without_standing_tax
from sandbooks.platforms.freeagent.wire import decimal_text, tail

ITEMS_MAX = 500
DESCRIPTION_MAX = 65535
TIMED = ("Hours", "Days", "Weeks", "Months", "Years")
TYPES = (*TIMED, "Products", "Services", "Training", "Expenses", "Comment", "Bills", "Discount", "Credit", "VAT")
# What an item is sold on when it names no category.
SALES = "001"


class Item(Struct, frozen=True, kw_only=True):
    """One item as it will stand, and its tax."""

    document: dict[str, Any]
    tax: SalesTax


class Terms(Struct, frozen=True, kw_only=True):
    """What the head says to each of the items; ``charged``: one that names no rate has that of its category."""

    currency: str
    scheme: Scheme
    ec: str
    discount: Decimal
    charged: bool


def read(company: Company, given: Any, *, standing: list[dict[str, Any]], terms: Terms, where: str) -> list[Item]:
    """The items that a document will have. Raises ``Invalid``."""
    items, messages = [], []
    wanted = _merged(given, standing, where)
    if len(wanted) > ITEMS_MAX:
        raise Invalid((f"{where} can't be more than {ITEMS_MAX}",))
    for position, (item_given, item_standing) in enumerate(wanted, start=1):
        fields = Fields(item_given, without_standing_tax(item_standing, item_given), where=f"{where}.")
        item = _item(company, fields, terms=terms, position=position)
        messages += fields.messages
        if item is not None:
            items.append(item)
    if messages:
        raise Invalid(tuple(dict.fromkeys(messages)))
    return items


def _merged(given: Any, standing: list[dict[str, Any]], where: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each item's new members over what stands of it; items are told by ``id`` or ``url``. Raises ``Invalid``."""
    given = [] if given is None else given
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Invalid((f"{where} is invalid",))
    known = {tail(item["url"], "invoice_items"): item for item in standing}
    changes: dict[str, dict[str, Any]] = {}
    added: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for item in given:
        id = str(item.get("id") or "") or tail(item.get("url"), "invoice_items")
        if not id and item.get("url") in (None, ""):
            added.append((item, {}))
        elif id in known:
            changes[id] = item
        else:
            raise Invalid(("Invoice item not found",))
    kept = [(changes.get(id, {}), item) for id, item in known.items()]
    return [pair for pair in (*kept, *added) if not _destroyed(pair[0])]


def _destroyed(item: dict[str, Any]) -> bool:
    return str(item.get("_destroy", "")).lower() in ("1", "true")


def _item(company: Company, fields: Fields, *, terms: Terms, position: int) -> Item | None:
    if fields.gives("stock_item") or fields.raw("item_type") == "Stock":
        raise NotSimulated("stock items")
    description = fields.text("description", required=True, limit=DESCRIPTION_MAX)
    type = fields.choice("item_type", TYPES)
    # Time has the billing rate of the project where no price is given; a project is not asked here.
    price = fields.decimal("price", required=type not in ("Comment", *TIMED))
    quantity = fields.decimal("quantity")
    category = _category(company, fields)
    project = fields.record("project", company, "project")
    if category is None or description is None:
        return None
    auto = category.body.get("auto_sales_tax_rate", "Outside of the scope of VAT")
    if not terms.charged and auto in ("Standard rate", "Reduced rate"):
        auto = "Zero rate"
    basis = Basis(scheme=terms.scheme, auto=auto, ec=terms.ec, inclusive=False)
    value = _value(fields, price, quantity, terms)
    if terms.ec == MOSS and value and not fields.has("sales_tax_rate") and not fields.has("sales_tax_status"):
        raise NotSimulated("the rates of EC VAT MOSS", instead="sales_tax_rate on each item")
    tax = sales_tax(fields, value, basis)
    document: dict[str, Any] = {
        "position": position,
        "description": description,
        "quantity": decimal_text(quantity or Decimal(0)),
        "price": decimal_text(price or Decimal(0)),
        **tax.members,
        "category": refer(category),
    }
    document |= {"item_type": type} if type else {}
    document |= {"project": refer(project)} if project is not None else {}
    if fields.standing.get("url"):
        document["url"] = fields.standing["url"]
    return Item(document=document, tax=tax)


def _category(company: Company, fields: Fields) -> Any:
    """The category sold on; purchases' own accounts are not for sale."""
    if fields.has("category"):
        return categories.sellable(fields, categories.chosen(fields, company))
    return categories.find_code(company, SALES)


def _value(fields: Fields, price: Decimal | None, quantity: Decimal | None, terms: Terms) -> Money:
    """The net of an item, less its part of the discount, in whole minor units."""
    amount = (price or Decimal(0)) * (quantity or Decimal(0)) * (100 - terms.discount) / 100
    if abs(amount) >= 10**12:
        fields.wrong("price", "is too large")
        amount = Decimal(0)
    return Money(amount, terms.currency).rounded()
