"""What vendors are owed and customers owe: their part of the control accounts, in their own currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.posting import RULES, entry_of

_CONTROL = {"Vendor": "AccountsPayable", "Customer": "AccountsReceivable"}


def owed(file: CompanyFile, name: Record) -> Decimal:
    """What a vendor is owed, or a customer owes, by every transaction that names it on a control account."""
    control = _CONTROL[name.kind]
    currency = file.currency_of(name)
    total = Decimal(0)
    for kind in RULES:
        for record in file.records.find(kind, "refers", name.id):
            facts = file.records.versions(kind, record.id)[-1].facts
            entry = entry_of(kind, record.id, record.version, body=record.body, facts=facts)
            for posting in entry.postings if entry else ():
                if posting.party == name.id and file.account_type(posting.account) == control:
                    total += posting.amount.amount if posting.amount.currency == currency else posting.base.amount
    return total if control == "AccountsReceivable" else -total


def total_owed(file: CompanyFile, name: Record) -> Decimal:
    """The same with the jobs of a customer."""
    return sum((owed(file, each) for each in _below(file, name)), owed(file, name))


def _below(file: CompanyFile, parent: Record) -> Iterator[Record]:
    for child in file.records.find(parent.kind, "parent", parent.id):
        yield child
        yield from _below(file, child)
