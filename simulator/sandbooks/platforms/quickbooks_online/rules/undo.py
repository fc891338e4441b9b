"""What must be undone elsewhere before a transaction is deleted or voided."""

from __future__ import annotations

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.rules.bill_payments import drop_lines, take_back_all
from sandbooks.platforms.quickbooks_online.rules.deposited import check_undeposited, release
from sandbooks.platforms.quickbooks_online.rules.open_items import applied, standing
from sandbooks.platforms.quickbooks_online.rules.orders import unlink


def undo_bill(realm: Realm, record: Record, _: str) -> None:
    """Before a bill goes: its payments lose the line that paid it, and keep their amount as unapplied credit.

    Unconfirmed: what the API does with the payments of a deleted bill; switch ``delete_paid_bill``.
    """
    unlink(realm, record)
    if not applied(record.body):
        return
    if realm.switch("delete_paid_bill") == "refused":
        raise no.BusinessRule("A transaction that is linked to payments must be unlinked before it is deleted")
    for row in record.body["_applied"]:
        payment = realm.get("BillPayment", row["by"])
        if payment is not None:
            drop_lines(realm, payment, kind=record.kind, id=record.id)


def undo_journal(realm: Realm, record: Record, action: str) -> None:
    """A journal that was deposited stays; one that was paid goes as a bill does, one that paid as a credit does."""
    check_undeposited(realm, record)
    undo_on_payable(realm, record, action)


def undo_on_payable(realm: Realm, record: Record, action: str) -> None:
    """What stands on Accounts Payable by its lines: an applied credit stays, what was paid loses its payments."""
    found = standing(realm, record)
    if found is not None and found.credit and applied(record.body):
        raise no.InUse(record.kind, record.id)
    undo_bill(realm, record, action)


def undo_transfer(realm: Realm, record: Record, _: str) -> None:
    """A transfer that was deposited stays."""
    check_undeposited(realm, record)


def undo_deposit(realm: Realm, record: Record, action: str) -> None:
    """What was deposited is undeposited again."""
    undo_on_payable(realm, record, action)
    release(realm, record)


def undo_vendor_credit(_: Realm, record: Record, __: str) -> None:
    """A credit that settles bills cannot go: the bills would be underpaid. Unconfirmed: that this is error 800."""
    if applied(record.body):
        raise no.InUse(record.kind, record.id)


def undo_bill_payment(realm: Realm, record: Record, action: str) -> None:
    """The bills that a payment settled are open again."""
    linked = bool(record.body.get("_applies"))
    if action == "delete" and linked and realm.switch("delete_linked_payment") == "refused":
        raise no.BusinessRule("A payment that is linked to bills must be unlinked before it is deleted")
    take_back_all(realm, record)
