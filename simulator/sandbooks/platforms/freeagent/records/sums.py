"""Running sums: what a contact or a bank account shows of all its documents, kept as each of them changes.

Reading them costs the same however many documents there are. The documents stay the truth: the sums follow every
version that is stored, in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.wire import tail

_OWED = {"bill": -1, "invoice": 1, "credit_note": 1}


def follow(company: Company, kind: str, before: Record | None, document: Mapping[str, Any] | None) -> None:
    """Bring the sums in step with a record that changed from what stands to ``document`` (None: it is deleted)."""
    standing = None if before is None or before.deleted else before.body
    was, now = (part(company, kind, each) if each is not None else {} for each in (standing, document))
    for name in {**was, **now}:
        moved = now.get(name, Decimal(0)) - was.get(name, Decimal(0))
        if moved:
            company.world.put(_scope(company), name, str(_kept(company, name) + moved))


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
    return _kept(company, _unexplained(bank_account))


def owed(company: Company, contact: str) -> Decimal:
    """What is owed to (negative) or by a contact, in native currency at booking rates."""
    return _kept(company, _owed(contact))


def _unexplained(bank_account: str) -> str:
    return f"unexplained/{bank_account}"


def _owed(contact: str) -> str:
    return f"owed/{contact}"


def _kept(company: Company, name: str) -> Decimal:
    return Decimal(company.world.get(_scope(company), name) or "0")


def _scope(company: Company) -> str:
    return f"freeagent/{company.id}/sums"
