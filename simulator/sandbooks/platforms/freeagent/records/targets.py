"""What a line of a purchase is put on: a category, or the sub account of an asset type, a stock item, a hire purchase.

Source: https://dev.freeagent.com/docs/categories (sub accounts), https://dev.freeagent.com/docs/bills (bill items)
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import BANK, TRADE_CREDITORS, TRADE_DEBTORS, USER_CODES
from sandbooks.platforms.freeagent.records import categories, depreciation, sub_accounts
from sandbooks.platforms.freeagent.records.capital_assets import Bought, profile_of
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

_CONTROL = (BANK, TRADE_CREDITORS, TRADE_DEBTORS)
# What a purchase may be put on with a sub code: the rest of 601 to 609 follows from it.
_BOUGHT = (sub_accounts.PURCHASE, sub_accounts.STOCK)
_HIRED = (sub_accounts.UNDER_ONE_YEAR, sub_accounts.OVER_ONE_YEAR)


class Target(Struct, frozen=True, kw_only=True):
    """A category, the account behind it, and whom that stands for; ``members`` is what the line shows beside it."""

    category: Record
    account: str
    owner: Record | None = None
    members: dict[str, Any] = {}

    @property
    def reference(self) -> str:
        """The stored reference to the category or its sub account."""
        return path("categories", self.account)

    @property
    def auto(self) -> str:
        """The default sales tax."""
        return str(self.category.body.get("auto_sales_tax_rate", "Outside of the scope of VAT"))

    @property
    def buys_asset(self) -> bool:
        return self.category.id == sub_accounts.PURCHASE

    @property
    def is_stock(self) -> bool:
        return self.category.id == sub_accounts.STOCK

    @property
    def is_hired(self) -> bool:
        return self.category.id in _HIRED

    def bought(self, fields: Fields, company: Company) -> Bought | None:
        """The asset that the line buys, with the profile that it names or that stands; wrong members are noted."""
        if not self.buys_asset or self.owner is None:
            return None
        profile = depreciation.read(fields, profile_of(company, dict(fields.standing)))
        return Bought(type=self.owner, profile=profile)


def chosen(fields: Fields, company: Company, *, hired: bool = False) -> Target | None:
    """The target that a line names; wrong ones are noted. ``hired``: liabilities of hire purchase are taken too."""
    category = categories.chosen(fields, company)
    if category is None:
        return None
    if category.id in sub_accounts.OWNERS:
        if category.id not in (*_BOUGHT, *(_HIRED if hired else ())):
            fields.wrong("category", "is not included in the list")
            return None
        return (
            _of_stock(fields, company, category)
            if category.id == sub_accounts.STOCK
            else _of(fields, company, category)
        )
    if category.id in _CONTROL or int(category.id) in USER_CODES:
        fields.wrong("category", "is not included in the list")
        return None
    if fields.gives("stock_item"):
        fields.wrong("stock_item", "is only for purchases of stock")
    return Target(category=category, account=category.id)


def code_named(fields: Fields) -> str:
    """The whole nominal code that a line names, with its sub code."""
    named = fields.raw("nominal_code") if fields.gives("nominal_code") and not fields.gives("category") else None
    return str(named) if named is not None else tail(fields.raw("category"), "categories")


def _of(fields: Fields, company: Company, category: Record) -> Target | None:
    owner = sub_accounts.owner_of(company, code_named(fields))
    if owner is None:
        fields.wrong("category", f"must be a sub account of {category.id}")
        return None
    return Target(category=category, account=sub_accounts.opened(company, category.id, owner.body), owner=owner)


def _of_stock(fields: Fields, company: Company, category: Record) -> Target | None:
    item = stock_item(fields, company)
    quantity = stock_quantity(fields)
    if item is None or quantity is None:
        return None
    account = sub_accounts.opened(company, category.id, item.body)
    return Target(category=category, account=account, owner=item, members=stock_members(item, quantity))


def stock_item(fields: Fields, company: Company) -> Record | None:
    """The stock item that a line names, by itself or by the sub code of its category."""
    by_code = sub_accounts.owner_of(company, code_named(fields)) if fields.has("category") else None
    if by_code is not None and (fields.gives("category") or not fields.gives("stock_item")):
        named = fields.record("stock_item", company, "stock_item") if fields.gives("stock_item") else by_code
        if named is not None and named.id != by_code.id:
            fields.wrong("stock_item", "is not that of the category")
        return by_code
    return fields.record("stock_item", company, "stock_item", required=True)


def stock_quantity(fields: Fields, *, signed: bool = False) -> Decimal | None:
    """How many units are bought or sold; a journal's change may be negative."""
    quantity = fields.decimal("stock_altering_quantity", required=True)
    if quantity is not None and (not quantity if signed else quantity <= 0):
        fields.wrong("stock_altering_quantity", "must be other than 0" if signed else "must be greater than 0")
        return None
    return quantity


def stock_members(item: Record, quantity: Decimal) -> dict[str, Any]:
    """What a line shows of the stock that it moves."""
    return {
        "stock_item": refer(item),
        "stock_item_description": item.body["description"],
        "stock_altering_quantity": decimal_text(quantity),
    }


def check_bought(fields: Fields, target: Target, value: Money, *, name: str) -> None:
    """Assets and stock are bought, never given back: there are no credit notes for them. What is spent is positive."""
    # Source: https://support.freeagent.com article 115001219670 (no bill credit notes for stock items).
    # Unconfirmed: the same of capital assets, and the words.
    if (target.buys_asset or target.is_stock) and value.amount <= 0:
        fields.wrong(name, "must be a purchase")
