"""Bills and vendor credits: what is owed to a vendor, and what is still open of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.accounts import payable_account
from sandbooks.platforms.quickbooks_online.rules.expense_lines import complete_lines
from sandbooks.platforms.quickbooks_online.rules.header import (
    check_doc_number,
    check_total,
    complete_header,
    drop_untracked,
    touch,
)
from sandbooks.platforms.quickbooks_online.rules.open_items import (
    applied,
    home_amount,
    refresh_balance,
)
from sandbooks.platforms.quickbooks_online.rules.orders import complete_status, link_orders
from sandbooks.platforms.quickbooks_online.rules.tax import complete_tax


def bill(draft: Draft) -> None:
    """Complete a bill."""
    _complete(draft, "Bill")
    link_orders(draft)
    refresh_balance(draft.realm, draft.body)
    if "DueDate" not in draft.body:
        draft.body["DueDate"] = _due(draft).isoformat()


def vendor_credit(draft: Draft) -> None:
    """Complete a vendor credit."""
    _complete(draft, "Vendor Credit")


def purchase_order(draft: Draft) -> None:
    """Complete a purchase order, which posts nothing."""
    _head_and_lines(draft, "Purchase Order")
    draft.posts = False
    complete_status(draft)
    if draft.before is not None:
        for name in ("VendorRef", "CurrencyRef"):
            if draft.old.get("LinkedTxn") and draft.ref(name) != draft.old[name]["value"]:
                raise no.BusinessRule(f"{name} of a purchase order that was billed cannot be changed", name)


def _complete(draft: Draft, txn_type: str) -> None:
    _head_and_lines(draft, txn_type)
    _check_applied(draft)
    draft.body["_base"] = home_amount(draft.facts, draft.body["TotalAmt"])
    refresh_balance(draft.realm, draft.body)


def _head_and_lines(draft: Draft, txn_type: str) -> None:
    body, realm = draft.body, draft.realm
    vendor = realm.get("Vendor", draft.ref("VendorRef"))
    if vendor is None:
        raise no.InvalidReference("Names", draft.ref("VendorRef"), "VendorRef")
    currency = vendor.body.get("CurrencyRef", {}).get("value", realm.home)
    complete_header(draft, currency=currency)
    if draft.facts["currency"] != currency:
        raise no.BusinessRule("The currency of the transaction is not the currency of the vendor", "CurrencyRef")
    payable(draft)
    drop_untracked(draft, body)
    check_doc_number(draft, txn_type, same="VendorRef")
    complete_lines(draft, party_kind="Vendor")
    body["TotalAmt"] = complete_tax(draft)
    check_total(body["TotalAmt"])


def payable(draft: Draft) -> None:
    """The A/P account: the one given, else that of the currency. Raises AccountTypeWrong."""
    realm = draft.realm
    if not draft.ref("APAccountRef"):
        draft.body["APAccountRef"] = {"value": payable_account(realm, draft.facts["currency"])}
    id = draft.ref("APAccountRef")
    kind = realm.account_type(id)
    if kind is None or kind.name != "Accounts Payable":
        raise no.AccountTypeWrong(kind.name if kind else "", "APAccountRef")
    touch(draft, [id])


def _check_applied(draft: Draft) -> None:
    """What payments settle stays settled. Unconfirmed: that the vendor and the rate of a paid bill are fixed."""
    used = applied(draft.old)
    if not used:
        return
    body, old = draft.body, draft.old
    for name in ("VendorRef", "CurrencyRef", "APAccountRef"):
        if body.get(name, {}).get("value") != old.get(name, {}).get("value"):
            raise no.BusinessRule(f"{name} of a transaction with payments cannot be changed", name)
    if body.get("ExchangeRate") != old.get("ExchangeRate"):
        raise no.BusinessRule("The exchange rate of a transaction with payments cannot be changed", "ExchangeRate")
    if body["TotalAmt"] < used:
        raise no.BusinessRule("The amount cannot be less than what was already paid", "TotalAmt")


def _due(draft: Draft) -> date:
    """The due date by the terms of the bill, else the day of the bill."""
    issued = date.fromisoformat(draft.body["TxnDate"])
    term = draft.realm.get("Term", draft.ref("SalesTermRef")) if draft.ref("SalesTermRef") else None
    return issued if term is None else _due_by(term.body, issued)


def _due_by(term: Mapping[str, Any], issued: date) -> date:
    if "DayOfMonthDue" not in term:
        return issued + timedelta(days=int(term.get("DueDays", 0)))
    due = _on_day(issued, int(term["DayOfMonthDue"]))
    if (due - issued).days < int(term.get("DueNextMonthDays", 0)) or due < issued:
        following = (issued.replace(day=1) + timedelta(days=32)).replace(day=1)
        due = _on_day(following, int(term["DayOfMonthDue"]))
    return due


def _on_day(month: date, day: int) -> date:
    last = (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return month.replace(day=min(day, last.day))
