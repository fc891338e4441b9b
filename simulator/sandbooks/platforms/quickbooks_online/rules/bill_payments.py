"""Bill payments: what they pay from, what they settle, and what stays unapplied."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES, TRANSACTIONS
from sandbooks.platforms.quickbooks_online.rules import open_items
from sandbooks.platforms.quickbooks_online.rules.bills import payable
from sandbooks.platforms.quickbooks_online.rules.header import (
    check_doc_number,
    complete_header,
    drop_untracked,
    money,
    touch,
)

_PAID_FROM = {
    "Check": ("CheckPayment", "BankAccountRef", "Bank"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef", "Credit Card"),
}


def bill_payment(draft: Draft) -> None:
    """Complete a bill payment and settle what it pays. An update first takes back what it settled before."""
    body, realm = draft.body, draft.realm
    if body.get("_void"):
        raise no.BusinessRule("A voided payment cannot be changed")
    if "TotalAmt" not in body:
        raise no.BusinessRule("You must set a transaction amount.", "TotalAmt")
    paid_from = _paid_from(draft)
    vendor = realm.get("Vendor", draft.ref("VendorRef"))
    if vendor is None:
        raise no.InvalidReference("Names", draft.ref("VendorRef"), "VendorRef")
    currency = vendor.body.get("CurrencyRef", {}).get("value", realm.home)
    complete_header(draft, currency=currency)
    if draft.facts["currency"] != currency:
        raise no.BusinessRule("The currency of the transaction is not the currency of the vendor", "CurrencyRef")
    body["TotalAmt"] = money(draft, body["TotalAmt"]).amount
    if body["TotalAmt"] < 0:
        raise no.BusinessRule("Transaction amount must be 0 or greater", "TotalAmt")
    check_doc_number(draft, "Bill Payment")
    drop_untracked(draft, body)
    if draft.before is not None:
        take_back_all(realm, draft.before)
    _settle(draft)
    touch(draft, [paid_from])
    draft.facts["paid_from"] = paid_from


def _paid_from(draft: Draft) -> str:
    """The bank or card account. Raises RequiredMissing, AccountTypeWrong."""
    group, member, wanted = _PAID_FROM[draft.body["PayType"]]
    detail = draft.body.get(group)
    if detail is None:
        raise no.RequiredMissing(group)
    if member not in detail:
        raise no.RequiredMissing(member)
    id = str(detail[member]["value"])
    kind = draft.realm.account_type(id)
    if kind is None or kind.name != wanted:
        raise no.AccountTypeWrong(kind.name if kind else "", member)
    for other, _, _ in _PAID_FROM.values():
        if other != group:
            draft.body.pop(other, None)
    if group == "CheckPayment":
        detail.setdefault("PrintStatus", "NotSet")
    return id


def _settle(draft: Draft) -> None:
    """Settle the linked transactions in the order of the lines. Raises NotLinkable, OverSettled, BusinessRule."""
    body, realm = draft.body, draft.realm
    parts = [_part(draft, line) for line in body.setdefault("Line", [])]
    _choose_payable(draft, [record for record, _ in parts])
    settled: list[dict[str, Any]] = []
    for record, amount in parts:
        fresh = realm.get(record.kind, record.id) or record
        settled.append(_settled(draft, fresh, amount))
    paid = sum((row["amount"] * (-1 if row["credit"] else 1) for row in settled), Decimal(0))
    if paid > body["TotalAmt"] or paid < 0:
        raise no.BusinessRule("The total of the payment is less than the amounts that it is applied to", "TotalAmt")
    draft.facts["settled"] = settled
    draft.facts["rest"] = body["TotalAmt"] - paid
    body["_applies"] = [[row["kind"], row["id"]] for row in settled]


def _part(draft: Draft, line: dict[str, Any]) -> tuple[Record, Decimal]:
    """The record that a line settles, and the amount."""
    links = line.get("LinkedTxn", [])
    if len(links) != 1:
        raise no.RequiredMissing("LinkedTxn") if not links else no.BusinessRule("A line links one transaction")
    for name in ("TxnId", "TxnType"):
        if name not in links[0]:
            raise no.RequiredMissing(name)
    if "Amount" not in line:
        raise no.RequiredMissing("Amount")
    line["Amount"] = money(draft, line["Amount"]).amount
    if line["Amount"] < 0:
        raise no.NegativeLine("Amount")
    id, type_name = str(links[0]["TxnId"]), str(links[0]["TxnType"])
    kind = open_items.KINDS.get(type_name.lower())
    if kind is None:
        if type_name.lower() in open_items.LACKING:
            raise NotSimulated(f"BillPayment linked to {type_name}")
        raise no.NotLinkable(type_name[:40], id, "a payment cannot settle it")
    record = draft.realm.get(kind, id)
    if record is None:
        other = next((each.name for each in TRANSACTIONS if draft.realm.get(each.name, id) is not None), "")
        raise no.NotLinkable(kind, id, f"it is a {other}") if other else no.NotFound(kind, id)
    links[0]["TxnType"] = open_items.NAMES.get(type_name.lower(), kind)
    return record, line["Amount"]


def _choose_payable(draft: Draft, records: list[Record]) -> None:
    """One A/P account and one currency for all that is settled."""
    vendor = draft.ref("VendorRef")
    for record in records:
        found = open_items.standing_of(draft.realm, record, vendor)
        account = found.account
        if found.currency != draft.facts["currency"]:
            raise no.NotLinkable(record.kind, record.id, "it is in another currency")
        if draft.ref("APAccountRef") not in ("", account):
            raise no.NotLinkable(record.kind, record.id, "it is on another Accounts Payable account")
        draft.body["APAccountRef"] = {"value": account}
    payable(draft)


def _settled(draft: Draft, record: Record, amount: Decimal) -> dict[str, Any]:
    part = open_items.settle_part(draft.realm, record, draft.ref("VendorRef"), money(draft, amount))
    kind = "BillPaymentCheck" if draft.body["PayType"] == "Check" else "BillPaymentCreditCard"
    row = {"by": draft.id, "type": kind, "amount": amount, "base": part.relieved_base.amount}
    open_items.apply_to(draft.realm, record, row)
    credit = open_items.standing_of(draft.realm, record, draft.ref("VendorRef")).credit
    return {"kind": record.kind, "id": record.id, "amount": amount, "base": row["base"], "credit": credit}


def take_back_all(realm: Realm, payment: Record) -> None:
    """Open again whatever a payment settles."""
    for kind, id in payment.body.get("_applies", []):
        record = realm.get(kind, id)
        if record is not None:
            open_items.take_back(realm, record, payment.id)


def drop_lines(realm: Realm, payment: Record, *, kind: str, id: str) -> None:
    """Take what pays one record out of a payment: its amount stays, as unapplied credit."""
    facts = realm.records.versions("BillPayment", payment.id)[-1].facts
    gone = [row for row in facts["settled"] if (row["kind"], row["id"]) == (kind, id)]
    amount = sum((Decimal(row["amount"]) for row in gone), Decimal(0))
    facts = {**facts, "settled": [row for row in facts["settled"] if row not in gone]}
    facts["rest"] = Decimal(facts["rest"]) + amount
    body = payment.copy()
    body["Line"] = [line for line in body["Line"] if line["LinkedTxn"][0]["TxnId"] != id]
    body["_applies"] = [[row["kind"], row["id"]] for row in facts["settled"]]
    store(Draft(realm, ENTITIES["BillPayment"], payment.id, body, payment, facts=facts), action="update")
