"""Undeposited money: lines of journals and transfers that a deposit takes to the bank, and what that fixes.

Source: LinkedTxn of https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/deposit and error
6540 of the error-codes page
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.rules.header import money

_KINDS = {"journalentry": "JournalEntry", "transfer": "Transfer"}
_LACKING = ("payment", "salesreceipt", "refundreceipt", "creditcardpayment", "purchase", "billpayment", "check")


def linked_line(draft: Draft, line: dict[str, Any]) -> str:
    """Complete a line that deposits what another transaction left undeposited; the account that it credits.

    Raises NotLinkable, RequiredMissing; NotSimulated for kinds that nothing here can make.
    """
    links = line["LinkedTxn"]
    if len(links) != 1:
        raise no.BusinessRule("A line links one transaction")
    link = links[0]
    for name in ("TxnId", "TxnType"):
        if name not in link:
            raise no.RequiredMissing(name)
    record = _record(draft.realm, str(link["TxnType"]), str(link["TxnId"]))
    link |= {"TxnType": record.kind, "TxnLineId": str(link.get("TxnLineId", "0"))}
    account, amount = _undeposited(draft.realm, record, link["TxnLineId"])
    if record.body["CurrencyRef"]["value"] != draft.facts["currency"]:
        raise no.NotLinkable(record.kind, record.id, "it is in another currency")
    if money(draft, line.setdefault("Amount", amount)) != money(draft, amount):
        raise no.NotLinkable(record.kind, record.id, "it is deposited as a whole")
    line["Amount"] = money(draft, amount).amount
    line.pop("DetailType", None)
    line.pop("DepositLineDetail", None)
    _take(draft, record, link["TxnLineId"])
    return account


def _record(realm: Realm, kind: str, id: str) -> Record:
    if kind.lower() in _LACKING:
        raise NotSimulated(f"Deposit of a {kind}", instead="a JournalEntry or Transfer into Undeposited Funds")
    known = _KINDS.get(kind.lower())
    if known is None:
        raise no.NotLinkable(kind[:40], id[:40], "a deposit cannot take it")
    record = realm.get(known, id)
    if record is None:
        raise no.NotFound(known, id[:40])
    return record


def _undeposited(realm: Realm, record: Record, line_id: str) -> tuple[str, Decimal]:
    """The account and the amount of a debit on Undeposited Funds. Raises NotLinkable."""
    body = record.body
    account, amount = "", Decimal(0)
    if record.kind == "Transfer" and line_id == "0":
        account, amount = body["ToAccountRef"]["value"], Decimal(body["Amount"])
    for line in body.get("Line", []):
        detail = line.get("JournalEntryLineDetail", {})
        if line["Id"] == line_id and detail.get("PostingType") == "Debit":
            account, amount = detail["AccountRef"]["value"], Decimal(line["Amount"])
    found = realm.get("Account", account) if account else None
    if found is None or found.body.get("AccountSubType") != "UndepositedFunds":
        raise no.NotLinkable(record.kind, record.id, "it is no debit on Undeposited Funds")
    return account, amount


# Which deposit took what


def _scope(realm: Realm) -> str:
    return f"quickbooks_online/{realm.company.id}/deposited"


def _take(draft: Draft, record: Record, line_id: str) -> None:
    realm, key = draft.realm, f"{record.kind}/{record.id}/{line_id}"
    if realm.world.get(_scope(realm), key) is not None:
        raise no.NotLinkable(record.kind, record.id, "it is deposited already")
    realm.world.put(_scope(realm), key, draft.id)
    whole = f"{record.kind}/{record.id}"
    realm.world.put(_scope(realm), whole, (realm.world.get(_scope(realm), whole) or 0) + 1)


def release(realm: Realm, deposit: Record) -> None:
    """What a deposit took is undeposited again."""
    for line in deposit.body.get("Line", []):
        for link in line.get("LinkedTxn", []):
            whole = f"{link['TxnType']}/{link['TxnId']}"
            realm.world.put(_scope(realm), f"{whole}/{link['TxnLineId']}", None)
            realm.world.put(_scope(realm), whole, (realm.world.get(_scope(realm), whole) or 1) - 1)


def check_undeposited(realm: Realm, record: Record) -> None:
    """Refuse to change what is part of a deposit."""
    if realm.world.get(_scope(realm), f"{record.kind}/{record.id}"):
        raise no.DepositedAlready(record.kind, record.id)
