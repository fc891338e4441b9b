"""What a contact or a bank account shows of all its documents: a running sum that follows every version."""

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


def follow(company: Company, kind: str, before: Record | None, document: Mapping[str, Any] | None) -> None:
    """Bring the sums in step with a record that changed from what stands to ``document`` (None: it is deleted)."""
    standing = None if before is None or before.deleted else before.body
    was, now = (part(company, kind, each) if each is not None else {} for each in (standing, document))
    Sums(company).move(was, now)


def part(company: Company, kind: str, document: Mapping[str, Any]) -> dict[str, Decimal]:
    """What a document adds to which sums."""
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


def _unexplained(bank_account: str) -> str:
    return f"unexplained/{bank_account}"


def _owed(contact: str) -> str:
    return f"owed/{contact}"
