"""Opening balances: what a new account holds and what stock a new item has, booked against Opening Balance Equity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, check_open, next_id, store
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.records.account_types import ACCOUNT_TYPES
from sandbooks.platforms.quickbooks_online.rules.accounts import account, open_account
from sandbooks.platforms.quickbooks_online.rules.journals import journal_entry
from sandbooks.platforms.quickbooks_online.rules.lists import item

_DETAIL = "JournalEntryLineDetail"


def opened_account(draft: Draft) -> None:
    """Complete an account with what it holds at the beginning, as a journal entry of its date.

    Source: error 6060 of the error-codes page; OpeningBalance and OpeningBalanceDate of the account page.
    Unconfirmed: the kind of the transaction that books it; settled by creating such an account and listing.
    """
    holds = Decimal(draft.body.pop("OpeningBalance", 0))
    on = draft.body.pop("OpeningBalanceDate", None)
    account(draft)
    if not holds or draft.before is not None:
        return
    kind = ACCOUNT_TYPES[draft.body["AccountType"]]
    if not kind.balance_sheet or kind.name in ("Accounts Payable", "Accounts Receivable"):
        raise no.BusinessRule("Accounts of this type have no opening balance", "OpeningBalance")
    if on is None:
        raise no.OpeningDateMissing
    check_open(draft.realm, on)
    open_in_book = draft.after

    def after(record: Record) -> None:
        if open_in_book is not None:
            open_in_book(record)
        _book(draft, record, holds if kind.kind is AccountClass.ASSET else -holds, on)

    draft.after = after


def stocked_item(draft: Draft) -> None:
    """Complete an item; the stock that a new one begins with is booked at its cost, on the day that it begins.

    Source: QtyOnHand and InvStartDate of the item page. Unconfirmed: the kind of the transaction that books it.
    """
    item(draft)
    body = draft.body
    if draft.before is not None or body["Type"] != "Inventory":
        return
    worth = Decimal(body["QtyOnHand"]) * Decimal(body.get("PurchaseCost", 0))
    if not worth:
        return
    check_open(draft.realm, body["InvStartDate"])
    asset = draft.realm.get("Account", draft.ref("AssetAccountRef"))
    if asset is not None:
        draft.after = lambda _: _book(draft, asset, worth, body["InvStartDate"], note="Inventory Starting Value")


def _book(draft: Draft, opened: Record, debit: Decimal, on: str, *, note: str = "Opening Balance") -> None:
    realm, entity = draft.realm, ENTITIES["JournalEntry"]
    found = realm.accounts_of("Equity", subtype="OpeningBalanceEquity")
    equity = found[0] if found else _equity(draft)
    sides = ((opened.id, debit), (equity.id, -debit))
    body: dict[str, Any] = {
        "TxnDate": on,
        "CurrencyRef": opened.body["CurrencyRef"],
        "PrivateNote": note,
        "GlobalTaxCalculation": "NotApplicable",
        "Line": [_line(id, amount) for id, amount in sides],
    }
    made = Draft(realm, entity, next_id(realm, entity), body)
    journal_entry(made)
    store(made, action="create")


def _line(id: str, amount: Decimal) -> dict[str, Any]:
    way = "Debit" if amount > 0 else "Credit"
    return {"Amount": abs(amount), "DetailType": _DETAIL, _DETAIL: {"PostingType": way, "AccountRef": {"value": id}}}


def _equity(draft: Draft) -> Record:
    members = {"AccountType": "Equity", "AccountSubType": "OpeningBalanceEquity", "_system": True}
    return open_account(draft.realm, Name="Opening Balance Equity", **members)
