"""Sub accounts of the categories that keep registers of their own: ``602-1`` stands for one type of capital asset.

601 to 607 have one for each type of capital asset, 609 one for each stock item, 792 and 793 one for each hire purchase.
Their accounts are opened when they are first used.
Source: https://dev.freeagent.com/docs/categories (sub accounts), https://dev.freeagent.com/docs/balance_sheet (names)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountUnknown
from sandbooks.platforms.freeagent import chart

Owner: TypeAlias = Mapping[str, Any]  # the document of a type, a stock item or a hire purchase

PURCHASE, DISPOSAL, DEPRECIATION, DISPOSED_DEPRECIATION = "602", "604", "606", "607"
CAPITAL = {
    "601": "Brought Forward",
    PURCHASE: "Purchase",
    DISPOSAL: "Disposal",
    "605": "Depreciation Brought Forward",
    DEPRECIATION: "Depreciation",
    DISPOSED_DEPRECIATION: "Depreciation on Disposal",
}
# What happened in earlier accounting periods is shown as brought forward.
BROUGHT_FORWARD = {PURCHASE: "601", DISPOSAL: "601", DEPRECIATION: "605", DISPOSED_DEPRECIATION: "605"}
STOCK = "609"
UNDER_ONE_YEAR, OVER_ONE_YEAR = "792", "793"
ASSET_TYPE, STOCK_ITEM, HIRE_PURCHASE = "capital_asset_type", "stock_item", "hire_purchase"
OWNERS = {
    **dict.fromkeys(CAPITAL, ASSET_TYPE),
    STOCK: STOCK_ITEM,
    UNDER_ONE_YEAR: HIRE_PURCHASE,
    OVER_ONE_YEAR: HIRE_PURCHASE,
}


def account_of(code: str, owner: Owner) -> str:
    """The account of an owner under a main code: ``602-1``; its sub code counts within the company."""
    return f"{code}-{owner['sub_code']}"


def name_of(code: str, owner: Owner) -> str:
    """How a sub account is called."""
    if code in CAPITAL:
        return f"{owner['name']} {CAPITAL[code]}"
    if code == STOCK:
        return f"Stock: {owner['description']}"
    return f"Hire Purchase Liabilities {'<' if code == UNDER_ONE_YEAR else '>'} 1 Year: {owner['description']}"


def opened(company: Company, code: str, owner: Owner) -> str:
    """The account of an owner, opened where nothing was posted to it before."""
    account = account_of(code, owner)
    if find(company, account) is None:
        company.book.open_account(Account(account, name_of(code, owner), chart.class_of(code)))
    return account


def find(company: Company, account: str) -> Account | None:
    """The account, if it was ever opened."""
    try:
        return company.book.account(account)
    except AccountUnknown:
        return None


def owner_of(company: Company, code: str) -> Record | None:
    """Whom a full code stands for: ``602-1`` the type of capital asset with that sub code."""
    main, _, sub = code.partition("-")
    if main not in OWNERS or not sub:
        return None
    found = company.records.find(OWNERS[main], "sub_code", sub)
    return found[0] if found else None


def rename(company: Company, owner: Record) -> None:
    """Give the accounts of an owner its new name."""
    for code, kind in OWNERS.items():
        standing = find(company, account_of(code, owner.body)) if kind == owner.kind else None
        if standing is not None and standing.name != name_of(code, owner.body):
            name = name_of(code, owner.body)
            company.book.change_account(Account(standing.id, name, standing.kind, standing.currency, standing.active))
