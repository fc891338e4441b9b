"""Lines of purchases, bills and vendor credits: accounts and items, quantities, billable customers, tracking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.header import drop_untracked, money, number_lines, touch

_ACCOUNT = "AccountBasedExpenseLineDetail"
_ITEM = "ItemBasedExpenseLineDetail"


def complete_lines(draft: Draft, *, party_kind: str) -> None:
    """Complete the lines and note the account of each. ``party_kind`` is the kind of the name in the header."""
    lines = draft.body["Line"]
    if not lines:
        raise no.RequiredMissing("Line")
    accounts: dict[str, str] = {}
    for index, line in enumerate(lines):
        account = _complete(draft, line)
        if account:
            accounts[str(index)] = account
            _check_account(draft, account, party_kind)
    if not accounts:
        raise no.LineRequired
    draft.facts["accounts"] = accounts
    touch(draft, accounts.values())
    number_lines(draft)


def _complete(draft: Draft, line: dict[str, Any]) -> str:
    """Complete one line; the account that it posts to, empty for a description."""
    kind = line.get("DetailType")
    if kind is None:
        raise no.RequiredMissing("DetailType")
    if kind == "DescriptionOnly":
        line["Amount"] = money(draft, 0).amount
        return ""
    detail = line.get(kind)
    if detail is None:
        raise no.LineNeedsAccount
    for other in (_ACCOUNT, _ITEM):
        if other != kind:
            line.pop(other, None)
    drop_untracked(draft, detail)
    if detail.get("BillableStatus") == "Billable" and "CustomerRef" not in detail:
        raise no.BillableNeedsCustomer
    if detail.get("BillableStatus") == "HasBeenBilled" and draft.before is None:
        raise no.BillableStatusWrong("HasBeenBilled")
    detail.setdefault("BillableStatus", "NotBillable")
    account = _item_account(draft, line, detail) if kind == _ITEM else _line_account(detail)
    if "Amount" not in line:
        raise no.RequiredMissing("Amount")
    line["Amount"] = money(draft, line["Amount"]).amount
    return account


def _line_account(detail: dict[str, Any]) -> str:
    account = detail.get("AccountRef")
    if account is None:
        raise no.LineNeedsAccount
    return str(account["value"])


def _item_account(draft: Draft, line: dict[str, Any], detail: dict[str, Any]) -> str:
    """The account that an item's purchase posts to; quantity, price and amount are made to agree.

    Source: https://github.com/fylein/fyle-qbo-api sends Qty 1 without UnitPrice; the price is then the amount.
    """
    if "ItemRef" not in detail:
        raise no.LineNeedsAccount
    item = draft.realm.get("Item", detail["ItemRef"]["value"])
    if item is None:
        raise no.InvalidReference("Items", detail["ItemRef"]["value"], "ItemRef")
    start = item.body.get("InvStartDate")
    if item.body.get("Type") == "Inventory" and start and draft.body["TxnDate"] < start:
        raise no.InventoryDate(start)
    member = "AssetAccountRef" if item.body.get("Type") == "Inventory" else "ExpenseAccountRef"
    account = item.body.get(member)
    if account is None:
        raise no.BusinessRule("The item has no expense account: it is not set up to be purchased", "ItemRef")
    quantity = Decimal(detail.setdefault("Qty", Decimal(1)))
    if "Amount" not in line and "UnitPrice" in detail:
        line["Amount"] = quantity * Decimal(detail["UnitPrice"])
    if "Amount" not in line:
        raise no.RequiredMissing("Amount")
    if "UnitPrice" not in detail:
        price = Decimal(line["Amount"]) / quantity if quantity else Decimal(0)
        detail["UnitPrice"] = price.quantize(Decimal("0.0000001")).normalize() if price else price
    elif money(draft, quantity * Decimal(detail["UnitPrice"])) != money(draft, line["Amount"]):
        raise no.AmountDiffers
    return str(account["value"])


def _check_account(draft: Draft, account: str, party_kind: str) -> None:
    kind = draft.realm.account_type(account)
    name = kind.name if kind else ""
    if name == "Accounts Payable" and party_kind != "Vendor":
        raise no.BusinessRule("When you use Accounts Payable, you must choose a vendor in the Name field.")
    if name == "Accounts Receivable" and party_kind != "Customer":
        raise no.BusinessRule("When you use Accounts Receivable, you must choose a customer in the Name field.")
