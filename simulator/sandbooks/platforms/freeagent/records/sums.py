"""What a contact, a bank account or a stock item shows of all its documents: a sum that follows every version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.money import Money
from sandbooks.platforms.freeagent.wire import tail

_OWED = {"bill": -1, "invoice": 1, "credit_note": 1}
# What moves stock, and where its lines are; those of the document itself have no name.
_STOCKED = {"bill": "bill_items", "journal_set": "journal_entries", "expense": "", "bank_transaction_explanation": ""}


def follow(company: Company, kind: str, before: Record | None, document: Mapping[str, Any] | None) -> None:
    """Bring the sums in step with a record that changed from what stands to ``document`` (None: it is deleted)."""
    standing = None if before is None or before.deleted else before.body
    was, now = (part(company, kind, each) if each is not None else {} for each in (standing, document))
    Sums(company).move(was, now)


def part(company: Company, kind: str, document: Mapping[str, Any]) -> dict[str, Decimal]:
    """What a document adds to which sums."""
    return _amounts(company, kind, document) | _stocked(kind, document)


def _amounts(company: Company, kind: str, document: Mapping[str, Any]) -> dict[str, Decimal]:
    if kind == "bank_transaction":
        return {_unexplained(tail(document["bank_account"], "bank_accounts")): Decimal(document["unexplained_amount"])}
    if kind not in _OWED or document.get("state", "Sent") != "Sent":
        return {}
    due = _OWED[kind] * Decimal(document["due_value"]) * Decimal(document["exchange_rate"])
    return {_owed(tail(document["contact"], "contacts")): Money(due, company.currency).rounded().amount}


def unexplained(company: Company, bank_account: str) -> Decimal:
    """What is not yet explained of a bank account, in its own currency."""
    return Sums(company).of(_unexplained(bank_account))


def owed(company: Company, contact: str) -> Decimal:
    """What is owed to (negative) or by a contact, in native currency at booking rates."""
    return Sums(company).of(_owed(contact))


def stock(company: Company, item: str) -> Decimal:
    """How many units of a stock item came in, less those that went out, since the opening."""
    return Sums(company).of(_stock(item))


def stock_moved(kind: str, line: Mapping[str, Any], item: str = "") -> list[Decimal]:
    """The units that a line moves in (positive) or out, of any item or of one; none where it moves no stock."""
    if "stock_item" not in line or (item and tail(line["stock_item"], "stock_items") != item):
        return []
    quantity = Decimal(line["stock_altering_quantity"])
    return [-quantity if kind == "bank_transaction_explanation" and line["is_money_in"] else quantity]


def _stocked(kind: str, document: Mapping[str, Any]) -> dict[str, Decimal]:
    moved: dict[str, Decimal] = {}
    if kind not in _STOCKED:
        return moved
    for line in document.get(_STOCKED[kind], ()) if _STOCKED[kind] else (document,):
        for quantity in stock_moved(kind, line):
            name = _stock(tail(line["stock_item"], "stock_items"))
            moved[name] = moved.get(name, Decimal(0)) + quantity
    return moved


def _unexplained(bank_account: str) -> str:
    return f"unexplained/{bank_account}"


def _owed(contact: str) -> str:
    return f"owed/{contact}"


def _stock(item: str) -> str:
    return f"stock/{item}"
