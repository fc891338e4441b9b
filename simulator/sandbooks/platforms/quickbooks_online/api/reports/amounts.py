"""What accounts hold on either basis.

Accrual is the book as it stands. On cash basis a bill (or a vendor credit) counts when it is paid, for the part that
is paid: its lines move to the day of the payment, or to its own where that is later, and leave Accounts Payable. What
is paid without a bill, or until the day of its bill, stands on Unapplied Cash Bill Payment Expense.
Source: https://quickbooks.intuit.com/learn-support (cash and accrual basis of reports; both cases of that account);
https://newqbo.com/how-do-i-fix-unapplied-cash-payment-income-and-unapplied-cash-bill-payment-expense; exported charts
of accounts in public repositories (its name, type and sub-type)
Unconfirmed: journal entries on Accounts Payable; here they count on their own day on both bases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.money import Money, allocate
from sandbooks.platforms.quickbooks_online.api.reports.asked import FIRST, NAMES, Asked, fiscal_year
from sandbooks.platforms.quickbooks_online.posting import REST
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records.account_types import ACCOUNT_TYPES, AccountType

UNAPPLIED = "unapplied"
_SUBTYPE = "UnappliedCashBillPaymentExpense"
_OPEN_ITEMS = ("Bill", "VendorCredit")


class Moved(Struct, frozen=True):
    """An amount that moves on an account on a day (debit > 0), in home currency."""

    on: date
    account: str
    base: Decimal
    kind: str = ""
    id: str = ""
    tags: tuple[tuple[str, str], ...] = ()


class Amounts:
    """The balances of all accounts between days, on the basis that was asked for."""

    def __init__(self, asked: Asked) -> None:
        self._realm = asked.realm
        self._asked = asked
        self._cash = list(_cash_moves(asked.realm)) if asked.cash else None

    def between(self, start: date | None, end: date) -> dict[str, Decimal]:
        """What each account moved from ``start`` (the beginning, if None) through ``end``; accounts in their order."""
        book = self._realm.company.book
        if self._cash is None:
            return {row.account.id: row.balance.base.amount for row in book.trial_balance(as_of=end, since=start)}
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for moved in self._cash:
            if (start or FIRST) <= moved.on <= end:
                sums[moved.account] += moved.base
        known = (*(account.id for account in book.accounts()), UNAPPLIED)
        return {id: sums[id] for id in known if sums.get(id)}

    def standing(self, end: date) -> dict[str, Decimal]:
        """What each account holds at the end of a day: the profit of earlier fiscal years stands in Retained Earnings.

        Years are not closed by entries. An account of that kind that the chart lacks has no id here.
        """
        realm, held = self._realm, self.between(None, end)
        earned = Decimal(0)
        for id, moved in self.between(None, fiscal_year(realm, end) - timedelta(days=1)).items():
            kind = type_of(realm, id)
            if kind is not None and not kind.balance_sheet:
                held[id] = held.get(id, Decimal(0)) - moved
                earned += moved
        kept = next((each.id for each in realm.accounts_of("Equity", subtype="RetainedEarnings")), "")
        held[kept] = held.get(kept, Decimal(0)) + earned
        known = (*(account.id for account in realm.company.book.accounts()), UNAPPLIED, "")
        return {id: held[id] for id in known if held.get(id)}

    def by_name(self, start: date, end: date) -> dict[str, dict[str, Decimal]]:
        """What each account moved, by the class, location or name that a line carries; empty for none of them."""
        kind, found = NAMES[self._asked.by], dict[str, dict[str, Decimal]]()
        for moved in self._cash if self._cash is not None else _live_moves(self._realm):
            if start <= moved.on <= end:
                sums = found.setdefault(_carried(self._realm, moved, kind), {})
                sums[moved.account] = sums.get(moved.account, Decimal(0)) + moved.base
        return found


def type_of(realm: Realm, id: str) -> AccountType | None:
    """The type of an account of these reports, which may show two that the chart lacks."""
    lacking = {UNAPPLIED: ACCOUNT_TYPES["Expense"], "": ACCOUNT_TYPES["Equity"]}
    return lacking.get(id) or realm.account_type(id)


def _carried(realm: Realm, moved: Moved, kind: str) -> str:
    """The id of the class, location, customer, vendor or employee that a line is about."""
    tagged = dict(moved.tags).get(kind, "")
    if tagged or kind in ("Class", "Department"):
        return tagged
    record = realm.get(moved.kind, moved.id)
    body = record.body if record else {}
    named = body.get("VendorRef", body.get("EntityRef", {})).get("value", "")
    return named if named and realm.name(named, kind) is not None else ""


def _live_moves(realm: Realm) -> Iterator[Moved]:
    """Every line that still stands."""
    book = realm.company.book
    for line in book.lines():
        live = book.current(line.source.kind, line.source.id)
        if live is not None and live.number == line.number:
            source = line.source
            yield Moved(line.date, line.account, line.base.amount, source.kind, source.id, line.posting.dimensions)


def _cash_moves(realm: Realm) -> Iterator[Moved]:
    yield from (moved for moved in _live_moves(realm) if moved.kind not in _OPEN_ITEMS)
    account = next((each.id for each in realm.accounts_of("Expense", subtype=_SUBTYPE)), UNAPPLIED)
    for payment in realm.records.scan("BillPayment"):
        yield from _unapplied(realm, payment, account)
    for kind in _OPEN_ITEMS:
        for record in realm.records.scan(kind):
            yield from _paid_parts(realm, record, account)


def _unapplied(realm: Realm, payment: Record, account: str) -> Iterator[Moved]:
    """What a payment leaves on no bill."""
    entry = realm.company.book.current(payment.kind, payment.id)
    for posting in entry.entry.postings if entry is not None else ():
        if posting.memo == REST and posting.base:
            on, rest = _day(payment), posting.base.amount
            yield Moved(on, posting.account, -rest, payment.kind, payment.id)
            yield Moved(on, account, rest, payment.kind, payment.id)


def _settlements(realm: Realm, record: Record) -> Iterator[tuple[Any, Record]]:
    """What was applied to a bill or vendor credit, with the payment that did."""
    for row in record.body.get("_applied", []):
        payment = realm.get("BillPayment", row["by"])
        if payment is not None:
            yield row, payment


def _day(record: Record) -> date:
    return date.fromisoformat(record.body["TxnDate"])


def _paid_parts(realm: Realm, record: Record, account: str) -> Iterator[Moved]:
    """The lines of a bill, each payment's share on the day of that payment, and not before that of the bill."""
    entry = realm.company.book.current(record.kind, record.id)
    if entry is None:
        return
    payable = record.body["APAccountRef"]["value"]
    costs = [posting for posting in entry.entry.postings if posting.account != payable]
    whole = abs(Decimal(record.body["_base"]))
    for row, payment in _settlements(realm, record) if whole else ():
        paid, on, share = _day(payment), max(_day(payment), _day(record)), Decimal(row["base"]) / whole
        source = (record.kind, record.id)
        moved = [Moved(on, p.account, _part(p.base, share), *source, p.dimensions) for p in costs]
        yield from moved
        part = sum((each.base for each in moved), Decimal(0))
        yield Moved(paid, payable, -part)
        if on > paid:
            yield Moved(paid, account, part, payment.kind, payment.id)
            yield Moved(on, account, -part, payment.kind, payment.id)


def _part(base: Money, share: Decimal) -> Decimal:
    """A share of an amount in whole minor units."""
    if share == 1:
        return base.amount
    part, _ = allocate(base, [share, 1 - share])
    return part.amount
