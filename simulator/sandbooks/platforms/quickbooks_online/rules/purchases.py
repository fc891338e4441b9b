"""Purchases: an expense, a check, a card charge, a card refund."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.expense_lines import complete_lines
from sandbooks.platforms.quickbooks_online.rules.header import (
    check_doc_number,
    check_total,
    complete_header,
    drop_untracked,
    touch,
)
from sandbooks.platforms.quickbooks_online.rules.open_items import check_unchanged
from sandbooks.platforms.quickbooks_online.rules.tax import complete_tax

# Unconfirmed: that Cash may be paid by card; settled by posting one to a vendor's sandbox.
_PAID_BY = {
    "CreditCard": ("Credit Card",),
    "Check": ("Bank",),
    "Cash": ("Bank", "Other Current Asset", "Credit Card"),
    "Expense": ("Bank", "Other Current Asset", "Credit Card"),
    "Other": ("Bank", "Other Current Asset", "Credit Card"),
}


def purchase(draft: Draft) -> None:
    """Complete a purchase. Raises AccountTypeWrong when the account does not fit the payment type."""
    body, realm = draft.body, draft.realm
    account = draft.ref("AccountRef")
    kind = realm.account_type(account)
    if kind is None or kind.name not in _PAID_BY[body["PaymentType"]]:
        raise no.AccountTypeWrong(kind.name if kind else "", "AccountRef")
    if body.get("Credit") and body["PaymentType"] != "CreditCard":
        raise no.BusinessRule("Only a credit card transaction can be a credit", "Credit")
    if body["PaymentType"] == "CreditCard":
        body.setdefault("Credit", False)
    kept = realm.account_currency(account) or realm.home
    complete_header(draft, currency=kept)
    if realm.switch("purchase_currency") == "account" and draft.facts["currency"] != kept:
        raise no.BusinessRule("The currency of the transaction is not the currency of the account", "CurrencyRef")
    touch(draft, [account])
    _check_name(draft)
    drop_untracked(draft, body)
    check_doc_number(draft, body["PaymentType"])
    complete_lines(draft, party_kind=body.get("EntityRef", {}).get("type", ""))
    body["TotalAmt"] = complete_tax(draft)
    check_total(body["TotalAmt"])
    check_unchanged(draft)
    body.setdefault("PrintStatus", "NotSet")
    draft.facts["party"] = draft.ref("EntityRef")


def _check_name(draft: Draft) -> None:
    """A name in a foreign currency takes transactions in that currency or in the home currency."""
    record = draft.realm.name(draft.ref("EntityRef")) if draft.ref("EntityRef") else None
    if record is None:
        return
    home = draft.realm.home
    currency = record.body.get("CurrencyRef", {}).get("value", home)
    if currency != home and draft.facts["currency"] not in (currency, home):
        raise no.BusinessRule("The currency of the transaction is not the currency of the name", "CurrencyRef")
