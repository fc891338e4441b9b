"""Money between accounts: transfers, card payments, deposits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.deposited import check_undeposited, linked_line, release
from sandbooks.platforms.quickbooks_online.rules.header import (
    check_doc_number,
    check_total,
    complete_header,
    drop_untracked,
    money,
    number_lines,
    touch,
)
from sandbooks.platforms.quickbooks_online.rules.open_items import check_unchanged, home_amount
from sandbooks.platforms.quickbooks_online.rules.tax import complete_tax

_CONTROL = ("Accounts Payable", "Accounts Receivable")


def transfer(draft: Draft) -> None:
    """Complete a transfer between two balance sheet accounts of one currency, or of the home and a foreign one."""
    body, realm = draft.body, draft.realm
    if draft.before is not None:
        check_undeposited(realm, draft.before)
    ids = (draft.ref("FromAccountRef"), draft.ref("ToAccountRef"))
    if ids[0] == ids[1]:
        raise no.BusinessRule("The two accounts of a transfer must differ", "ToAccountRef")
    for id, member in zip(ids, ("FromAccountRef", "ToAccountRef"), strict=True):
        kind = realm.account_type(id)
        if kind is None or not kind.balance_sheet or kind.name in _CONTROL:
            raise no.AccountTypeWrong(kind.name if kind else "", member)
    kept = {realm.account_currency(id) or realm.home for id in ids}
    foreign = kept - {realm.home}
    if len(foreign) > 1:
        raise no.BusinessRule("A transfer between two foreign currencies is not possible", "ToAccountRef")
    complete_header(draft, currency=next(iter(foreign), realm.home))
    _complete_amount(draft)
    touch(draft, ids)
    drop_untracked(draft, body)
    body.pop("DocNumber", None)


def _complete_amount(draft: Draft) -> None:
    draft.body["Amount"] = money(draft, draft.body.get("Amount", 0)).amount
    if draft.body["Amount"] <= 0:
        raise no.BusinessRule("You must set a transaction amount.", "Amount")


def credit_card_payment(draft: Draft) -> None:
    """Complete a payment of a card from a bank, both in home currency."""
    realm = draft.realm
    for member, wanted in (("CreditCardAccountRef", "Credit Card"), ("BankAccountRef", "Bank")):
        kind = realm.account_type(draft.ref(member))
        if kind is None or kind.name != wanted:
            raise no.AccountTypeWrong(kind.name if kind else "", member)
        if realm.account_currency(draft.ref(member)) not in ("", realm.home):
            raise no.BusinessRule("A credit card payment is between accounts in the home currency", member)
    complete_header(draft, currency=realm.home)
    if draft.facts["currency"] != realm.home:
        raise no.BusinessRule("A credit card payment is in the home currency", "CurrencyRef")
    _complete_amount(draft)
    touch(draft, (draft.ref("CreditCardAccountRef"), draft.ref("BankAccountRef")))


def deposit(draft: Draft) -> None:
    """Complete a deposit: lines on accounts, cash taken back, a total that is not negative."""
    body, realm = draft.body, draft.realm
    account = draft.ref("DepositToAccountRef")
    kind = realm.account_type(account)
    if kind is None or kind.name not in ("Bank", "Other Current Asset"):
        raise no.AccountTypeWrong(kind.name if kind else "", "DepositToAccountRef")
    complete_header(draft, currency=realm.account_currency(account) or realm.home)
    drop_untracked(draft, body)
    check_doc_number(draft, "Deposit")
    if not body["Line"]:
        raise no.RequiredMissing("Line")
    if draft.before is not None:
        release(realm, draft.before)
    accounts = {str(index): _deposit_line(draft, line) for index, line in enumerate(body["Line"])}
    back = _cash_back(draft)
    draft.facts["accounts"] = accounts
    draft.facts["party"] = ""
    touch(draft, [account, *accounts.values()])
    number_lines(draft)
    body["TotalAmt"] = complete_tax(draft, needed=False) - back
    check_total(body["TotalAmt"])
    check_unchanged(draft)
    if realm.multicurrency:
        body["HomeTotalAmt"] = home_amount(draft.facts, body["TotalAmt"])


def _deposit_line(draft: Draft, line: dict[str, Any]) -> str:
    """Complete one line; the account that it credits."""
    if line.get("LinkedTxn"):
        return linked_line(draft, line)
    line.pop("LinkedTxn", None)
    line.setdefault("DetailType", "DepositLineDetail")
    detail = line.get("DepositLineDetail")
    if detail is None:
        raise no.RequiredMissing("DepositLineDetail")
    if "AccountRef" not in detail:
        raise no.LineNeedsAccount
    if "Amount" not in line:
        raise no.RequiredMissing("Amount")
    line["Amount"] = money(draft, line["Amount"]).amount
    drop_untracked(draft, detail)
    account = str(detail["AccountRef"]["value"])
    kind = draft.realm.account_type(account)
    named = detail.get("Entity", {}).get("type", "")
    if kind is not None and kind.name == "Accounts Payable" and named != "Vendor":
        raise no.BusinessRule("When you use Accounts Payable, you must choose a vendor in the Name field.")
    if kind is not None and kind.name == "Accounts Receivable" and named != "Customer":
        raise no.BusinessRule("When you use Accounts Receivable, you must choose a customer in the Name field.")
    return account


def _cash_back(draft: Draft) -> Decimal:
    """What is taken back in cash from a deposit."""
    back = draft.body.get("CashBack")
    if not back:
        draft.body.pop("CashBack", None)
        return Decimal(0)
    for name in ("AccountRef", "Amount"):
        if name not in back:
            raise no.RequiredMissing(name)
    back["Amount"] = money(draft, back["Amount"]).amount
    if back["Amount"] < 0:
        raise no.NegativeLine("CashBack")
    touch(draft, [back["AccountRef"]["value"]])
    return Decimal(back["Amount"])
