"""What accounts hold: on accrual or cash basis, for all lines or those of a tracking option.

On cash basis an invoice or credit note counts when it is paid or used, for that part: its lines move to the day of the
payment and leave the control account. Journals that are kept out of cash reports are left out.
Unconfirmed: the rounding of parts, and overpayments, which stand on the control account on both bases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, allocate
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.api.reports.asked import Asked
from sandbooks.platforms.xero.api.reports.shapes import ZERO, Sums
from sandbooks.platforms.xero.wire.dates import day_of

_WAITING = ("Invoice", "CreditNote")
UNASSIGNED = "unassigned"


class Moved(Struct, frozen=True):
    """An amount that moves on an account on a day (debit > 0), in base currency, with its tracking."""

    on: date
    account: str
    base: Decimal
    tracking: tuple[tuple[str, str], ...]


class Amounts:
    """The movements of all accounts on the basis that was asked for."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._company = asked.company
        self._plain = not (asked.cash or asked.options or asked.category)
        self._moves: list[Moved] | None = None

    def between(self, since: date | None, through: date, *, option: str = "") -> Sums:
        """What each account moved; ``option`` narrows to one option of the category, or to what has none of it."""
        if self._plain:
            rows = self._company.book.trial_balance(since=since, as_of=through)
            return {row.account.id: row.balance.base.amount for row in rows}
        if self._moves is None:
            self._moves = list(_moves(self._company, cash=self._asked.cash))
        sums: Sums = defaultdict(Decimal)
        for moved in self._moves:
            if moved.on <= through and (since is None or since <= moved.on) and self._wanted(moved, option):
                sums[moved.account] += moved.base
        return sums

    def _wanted(self, moved: Moved, option: str) -> bool:
        carried = {pair[1] for pair in moved.tracking}
        if not carried.issuperset(self._asked.options):
            return False
        if option == UNASSIGNED:
            return self._asked.category not in {pair[0] for pair in moved.tracking}
        return not option or option in carried


def _moves(company: Company, *, cash: bool) -> Iterator[Moved]:
    hidden = _hidden(company) if cash else frozenset()
    for line in company.book.lines():
        if cash and (line.source.kind in _WAITING or (line.source.kind, line.source.id) in hidden):
            continue
        yield Moved(line.date, line.account, line.base.amount, line.posting.dimensions)
    for kind in _WAITING if cash else ():
        for record in company.records.scan(kind):
            yield from _settled_parts(company, record)


def _hidden(company: Company) -> frozenset[tuple[str, str]]:
    """Journals that are kept out of cash reports."""
    return frozenset(
        ("ManualJournal", record.id)
        for record in company.records.scan("ManualJournal", deleted=True)
        if record.body.get("ShowOnCashBasisReports") is False
    )


def _settled_parts(company: Company, record: Record) -> Iterator[Moved]:
    """The lines of a document, the share of each settlement on its day."""
    entry, total = company.book.current(record.kind, record.id), Decimal(record.body["Total"])
    if entry is None or not total:
        return
    payable = record.body["Type"] in ("ACCPAY", "ACCPAYCREDIT")
    control = lookup.system_account(company, "CREDITORS" if payable else "DEBTORS")
    lines = [posting for posting in entry.entry.postings if posting.account != control]
    for on, used in settlements(record):
        moved = [Moved(on, p.account, _part(p.base, used / total), p.dimensions) for p in lines]
        yield from moved
        yield Moved(on, control, -sum((each.base for each in moved), ZERO), ())


def settlements(record: Record) -> list[tuple[date, Decimal]]:
    """When and how much of an invoice or credit note was paid, credited or used."""
    body, found = record.body, []
    for name, field in (
        ("Payments", "Amount"),
        ("Allocations", "Amount"),
        ("CreditNotes", "AppliedAmount"),
        ("Prepayments", "AppliedAmount"),
        ("Overpayments", "AppliedAmount"),
    ):
        found += [(day_of(each["Date"]), Decimal(each[field])) for each in body.get(name, ())]
    return found


def _part(base: Money, share: Decimal) -> Decimal:
    if share >= 1:
        return base.amount
    part, _ = allocate(base, [share, 1 - share])
    return part.amount
