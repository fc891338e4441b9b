"""What vendors are owed and customers owe, as running sums: their part of the control accounts, in their currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.posting import RULES, entry_of

_CONTROL = {"Vendor": "AccountsPayable", "Customer": "AccountsReceivable"}


def follow(
    file: CompanyFile, kind: str, before: Record | None, body: Mapping[str, Any] | None, facts: Mapping[str, Any]
) -> None:
    """Bring the sums in step with a transaction that changes (without a body: it is deleted)."""
    if kind not in RULES:
        return
    was: dict[str, Decimal] = {}
    if before is not None and not before.deleted:
        was = _parts(file, kind, before.body, file.records.facts(kind, before.id))
    Sums(file.company).move(was, _parts(file, kind, body, facts) if body is not None else {})


def owed(file: CompanyFile, name: Record) -> Decimal:
    """What a vendor is owed, or a customer owes, by every transaction that names it on a control account."""
    return Sums(file.company).of(f"{_CONTROL[name.kind]}/{name.id}")


def total_owed(file: CompanyFile, name: Record) -> Decimal:
    """The same with the jobs of a customer."""
    return sum((owed(file, each) for each in _below(file, name)), owed(file, name))


def _parts(file: CompanyFile, kind: str, body: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Decimal]:
    """What one transaction adds for each name on a control account."""
    entry = entry_of(kind, "", 1, body=body, facts=facts) if facts else None
    parts: dict[str, Decimal] = {}
    for posting in entry.postings if entry else ():
        control = file.account_type(posting.account) if posting.party else ""
        if control not in _CONTROL.values():
            continue
        own = posting.amount.currency == _currency(file, posting.party)
        amount = posting.amount.amount if own else posting.base.amount
        place = f"{control}/{posting.party}"
        parts[place] = parts.get(place, Decimal(0)) + (amount if control == "AccountsReceivable" else -amount)
    return parts


def _currency(file: CompanyFile, party: str) -> str:
    found = next((name for kind in _CONTROL if (name := file.records.get(kind, party)) is not None), None)
    return file.currency_of(found) if found is not None else file.home


def _below(file: CompanyFile, parent: Record) -> Iterator[Record]:
    for child in file.records.find(parent.kind, "parent", parent.id):
        yield child
        yield from _below(file, child)
