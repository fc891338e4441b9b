"""Open items: what is settled of bills, vendor credits and journal lines on A/P, and by which payments.

Each such record carries ``_applied``: one row for each payment with the amount that it settles, in the record's
currency and in home currency. What is still open follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger.fx import Settlement, settle
from sandbooks.money import Money, Rate
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.render import cents

KINDS = {"bill": "Bill", "vendorcredit": "VendorCredit", "journalentry": "JournalEntry"}
# Kinds that can also stand on a bill payment and that are not simulated there.
LACKING = ("deposit", "expense", "check", "creditcardcredit", "purchase", "billpayment", "billpaymentcheck")


def applied(body: Mapping[str, Any]) -> Decimal:
    """How much of a record payments have settled."""
    return sum((Decimal(row["amount"]) for row in body.get("_applied", [])), Decimal(0))


def home_amount(facts: Mapping[str, Any], amount: Decimal) -> Decimal:
    """The home amount at which an amount of a record stands on A/P."""
    if facts["currency"] == facts["home"]:
        return amount
    return (
        Rate(Decimal(facts["rate"]), facts["currency"], facts["home"])
        .to_base(Money.of(amount, facts["currency"]))
        .amount
    )


def refresh_balance(realm: Realm, body: dict[str, Any]) -> None:
    """Bring ``Balance`` and ``LinkedTxn`` in step with what is applied."""
    body["Balance"] = cents(Decimal(body["TotalAmt"]) - applied(body))
    if realm.multicurrency:
        settled = sum((Decimal(row["base"]) for row in body.get("_applied", [])), Decimal(0))
        body["HomeBalance"] = cents(Decimal(body["_base"]) - settled)
    linked = [{"TxnId": row["by"], "TxnType": row["type"]} for row in body.get("_applied", [])]
    if linked:
        body["LinkedTxn"] = linked
    else:
        body.pop("LinkedTxn", None)


def payable_of(realm: Realm, record: Record, vendor: str) -> tuple[str, str, Decimal, Money]:
    """A/P account, currency, amount and home amount (both positive) with which a record stands on a vendor's account.

    Raises NotLinkable when it does not stand there.
    """
    body = record.body
    if record.kind != "JournalEntry":
        if body["VendorRef"]["value"] != vendor:
            raise no.NotLinkable(record.kind, record.id, "it is of another vendor")
        total = Decimal(body["TotalAmt"])
        return body["APAccountRef"]["value"], body["CurrencyRef"]["value"], total, _base(realm, body)
    for line in body["Line"]:
        detail = line.get("JournalEntryLineDetail", {})
        on_payable = detail.get("AccountRef", {}).get("value") == body.get("_payable")
        named = detail.get("Entity", {}).get("EntityRef", {}).get("value") == vendor
        if on_payable and named and detail["PostingType"] == "Credit":
            total = Decimal(line["Amount"])
            return body["_payable"], body["CurrencyRef"]["value"], total, _base(realm, body)
    raise no.NotLinkable(record.kind, record.id, "it is not a credit of this vendor on Accounts Payable")


def _base(realm: Realm, body: Mapping[str, Any]) -> Money:
    return Money.of(Decimal(body["_base"]), realm.home)


def settle_part(realm: Realm, record: Record, vendor: str, amount: Money) -> Settlement:
    """What settling ``amount`` of a record relieves, at the record's own rate. Raises OverSettled."""
    _, currency, total, base = payable_of(realm, record, vendor)
    settled_base = sum((Decimal(row["base"]) for row in record.body.get("_applied", [])), Decimal(0))
    open_amount = Money.of(total - applied(record.body), currency)
    open_base = base - Money.of(settled_base, base.currency)
    return settle(open_amount, open_base, paid=amount, paid_base=Money.zero(base.currency))


def apply_to(realm: Realm, record: Record, row: Mapping[str, Any]) -> None:
    """Note on a record that a payment settles a part of it."""
    _change(realm, record, [*record.body.get("_applied", []), dict(row)])


def take_back(realm: Realm, record: Record, payment: str) -> None:
    """Note on a record that a payment no longer settles it."""
    _change(realm, record, [row for row in record.body.get("_applied", []) if row["by"] != payment])


def _change(realm: Realm, record: Record, rows: list[dict[str, Any]]) -> None:
    """A new version with other applications; it moves nothing in the books.

    Unconfirmed: whether this raises the SyncToken; switch ``payment_changes_bill``.
    """
    body = record.copy()
    body["_applied"] = rows
    if record.kind == "JournalEntry":
        linked = [{"TxnId": row["by"], "TxnType": row["type"]} for row in rows]
        body.pop("LinkedTxn", None)
        if linked:
            body["LinkedTxn"] = linked
    else:
        refresh_balance(realm, body)
    facts = realm.records.versions(record.kind, record.id)[-1].facts
    draft = Draft(realm, ENTITIES[record.kind], record.id, body, record, facts=facts, posts=False)
    draft.raises_version = bool(realm.switch("payment_changes_bill"))
    store(draft, action="update")
