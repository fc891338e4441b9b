"""Open items: what is settled of bills, vendor credits and journal lines on A/P, and by which payments.

Each such record carries ``_applied``: one row for each payment with the amount that it settles, in the record's
currency and in home currency. What is still open follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.ledger.fx import Settlement, settle
from sandbooks.money import Money, Rate
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.render import cents
from sandbooks.platforms.quickbooks_online.rules.orders import linked_orders

# How a payment's line names what it settles, and the kind behind each name. Expenses and deposits stand there with
# their lines on Accounts Payable. Source: TxnType on
# https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/billpayment
KINDS = {
    "bill": "Bill",
    "vendorcredit": "VendorCredit",
    "journalentry": "JournalEntry",
    "deposit": "Deposit",
    "expense": "Purchase",
    "check": "Purchase",
    "creditcardcredit": "Purchase",
    "purchase": "Purchase",
}
NAMES = {"expense": "Expense", "check": "Check", "creditcardcredit": "CreditCardCredit", "purchase": "Expense"}
# Kinds that can also stand on a bill payment and that are not simulated there.
LACKING = ("billpayment", "billpaymentcheck", "billpaymentcreditcard")


class Standing(Struct, frozen=True):
    """How a record stands on a vendor's account: amounts are positive; a ``credit`` lowers what is owed."""

    account: str
    vendor: str
    currency: str
    amount: Decimal
    base: Money
    credit: bool


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
    linked += linked_orders(body)
    if linked:
        body["LinkedTxn"] = linked
    else:
        body.pop("LinkedTxn", None)


def standing_of(realm: Realm, record: Record, vendor: str) -> Standing:
    """How a record stands on a vendor's account. Raises NotLinkable when it does not stand there."""
    found = standing(realm, record)
    if found is None:
        raise no.NotLinkable(record.kind, record.id, "it is not on this vendor's Accounts Payable")
    if found.vendor != vendor:
        raise no.NotLinkable(record.kind, record.id, "it is of another vendor")
    return found


def standing(realm: Realm, record: Record) -> Standing | None:
    """How a record stands on Accounts Payable; None when it does not."""
    body = record.body
    if record.kind in ("Bill", "VendorCredit"):
        total, credit = Decimal(body["TotalAmt"]), record.kind == "VendorCredit"
        account, vendor = body["APAccountRef"]["value"], body["VendorRef"]["value"]
        return Standing(account, vendor, body["CurrencyRef"]["value"], total, _base(realm, body), credit)
    account, vendor, owed = _on_payable(realm, record)
    if not owed:
        return None
    facts = realm.records.versions(record.kind, record.id)[-1].facts
    base = Money.of(home_amount(facts, abs(owed)), realm.home)
    return Standing(account, vendor, body["CurrencyRef"]["value"], abs(owed), base, owed < 0)


def _on_payable(realm: Realm, record: Record) -> tuple[str, str, Decimal]:
    """Account, vendor and amount (above zero is owed) of the lines of a journal, deposit or expense on A/P.

    Where lines are on several accounts or of several vendors, those of the first count.
    """
    place, total = ("", ""), Decimal(0)
    for line in record.body.get("Line", []):
        detail = line.get(line.get("DetailType", ""), {})
        account = detail.get("AccountRef", {}).get("value", "")
        kind = realm.account_type(account) if account else None
        if kind is None or kind.name != "Accounts Payable":
            continue
        vendor, sign = _named(record, detail)
        place = place if place[0] else (account, vendor)
        total += Decimal(line["Amount"]) * sign if place == (account, vendor) else 0
    return (*place, total)


def _named(record: Record, detail: Mapping[str, Any]) -> tuple[str, int]:
    """The vendor of a line on A/P, and whether its amount is owed (1) or lowers what is owed (-1)."""
    body = record.body
    if record.kind == "JournalEntry":
        owed = detail["PostingType"] == "Credit"
        return detail.get("Entity", {}).get("EntityRef", {}).get("value", ""), 1 if owed else -1
    if record.kind == "Deposit":
        return detail.get("Entity", {}).get("value", ""), 1
    return body.get("EntityRef", {}).get("value", ""), 1 if body.get("Credit") else -1


def check_unchanged(draft: Draft) -> None:
    """Refuse to change what an expense or deposit put on A/P once payments rest on it.

    Unconfirmed: what may change then; here nothing that moves money.
    """
    if applied(draft.old) and _effect(draft.old) != _effect(draft.body):
        raise no.BusinessRule("A transaction that is linked to payments must be unlinked before it is changed")


def _effect(body: Mapping[str, Any]) -> Any:
    rows = []
    for line in body.get("Line", []):
        detail = line.get(line.get("DetailType", ""), {})
        named = detail.get("Entity", {}).get("value", "")
        rows.append((Decimal(line["Amount"]), detail.get("AccountRef", {}).get("value", ""), named))
    refs = [body.get(name, {}).get("value", "") for name in ("EntityRef", "CurrencyRef")]
    return rows, refs, Decimal(body.get("ExchangeRate", 1)), bool(body.get("Credit"))


def _base(realm: Realm, body: Mapping[str, Any]) -> Money:
    return Money.of(Decimal(body["_base"]), realm.home)


def settle_part(realm: Realm, record: Record, vendor: str, amount: Money) -> Settlement:
    """What settling ``amount`` of a record relieves, at the record's own rate. Raises OverSettled."""
    found = standing_of(realm, record, vendor)
    currency, total, base = found.currency, found.amount, found.base
    settled_base = sum((Decimal(row["base"]) for row in record.body.get("_applied", [])), Decimal(0))
    open_amount = Money.of(total - applied(record.body), currency)
    if total and not open_amount:
        raise no.NotLinkable(record.kind, record.id, "it is already paid")
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
    if record.kind in ("JournalEntry", "Deposit", "Purchase"):
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
