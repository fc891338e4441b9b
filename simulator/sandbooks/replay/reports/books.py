"""Books before and after as an accountant lays them out: debit and credit columns, what moved, totals that agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbooks.money import Money
from sandbooks.replay.checks import movements
from sandbooks.replay.names import Names
from sandbooks.replay.reports.amounts import dr_cr, money_of, number
from sandbooks.replay.result import Result
from sandbooks.replay.script_steps import Expect

BAR_WIDTH = 70  # pixels of the longest bar, to either side


@dataclass(frozen=True)
class Sides:
    """An amount in the column that it belongs to."""

    money: Money

    @property
    def debit(self) -> str:
        return number(self.money) if self.money.amount > 0 else ""

    @property
    def credit(self) -> str:
        return number(self.money) if self.money.amount < 0 else ""


@dataclass(frozen=True)
class AccountRow:
    """One account in base currency; ``foreign`` tells its balance in its own currency after the run."""

    id: str
    name: str
    type: str
    before: Sides
    moved: Sides
    after: Sides
    foreign: tuple[str, ...] = ()
    bar: int = 0

    @property
    def still(self) -> bool:
        return not self.moved.money and not self.foreign


@dataclass(frozen=True)
class Totals:
    """Both columns of one pair."""

    debit: Money
    credit: Money

    @property
    def agree(self) -> bool:
        return self.debit == self.credit

    @property
    def texts(self) -> tuple[str, str]:
        return number(self.debit), number(self.credit)


@dataclass(frozen=True)
class BooksTable:
    """The books of one company."""

    company: str
    currency: str
    rows: tuple[AccountRow, ...]
    before: Totals
    moved: Totals
    after: Totals

    @property
    def agree(self) -> bool:
        return self.before.agree and self.moved.agree and self.after.agree

    @property
    def moving(self) -> int:
        return sum(bool(row.moved.money) for row in self.rows)


@dataclass(frozen=True)
class DifferenceRow:
    """What an account should have moved by, what it moved by, and the difference."""

    account: str
    expected: str
    actual: str
    difference: str = ""


@dataclass(frozen=True)
class JournalLine:
    """One posted line."""

    account: str
    amount: Sides
    currency: str
    base: str = ""


@dataclass(frozen=True)
class JournalEntry:
    """One entry of the journal; ``reverses`` is the entry that it takes back."""

    number: str
    date: str
    lines: tuple[JournalLine, ...]
    reverses: str = ""


def books_table(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> BooksTable:
    """The trial balances of a company before and after, side by side. Accounts that hold nothing are left out."""
    currency = str(after["base_currency"])
    zero = Money.zero(currency)
    moved = {id: amounts.get("base", zero) for id, amounts in movements(before, after).items()}
    found = {row["account"]: row for books in (before, after) for row in books["accounts"]}
    was = {row["account"]: money_of(row["base"]) for row in before["accounts"]}
    now = {row["account"]: row for row in after["accounts"]}
    longest = max((abs(m) for m in moved.values()), default=zero)
    rows = [
        AccountRow(
            id=id,
            name=str(row["name"]),
            type=str(row["type"]).replace("_", " "),
            before=Sides(was.get(id, zero)),
            moved=Sides(moved[id]),
            after=Sides(money_of(now[id]["base"]) if id in now else zero),
            foreign=tuple(_foreign(now.get(id), currency)),
            bar=_bar(moved[id], longest),
        )
        for id, row in found.items()
    ]
    kept = [row for row in rows if row.before.money or row.moved.money or row.after.money or row.foreign]
    kept.sort(key=lambda row: not row.moved.money)
    columns = (totals((getattr(row, part).money for row in rows), currency) for part in ("before", "moved", "after"))
    return BooksTable(key, currency, tuple(kept), *columns)


def _foreign(row: Mapping[str, Any] | None, base: str) -> Iterable[str]:
    """What an account that is kept in another currency holds in it."""
    for amount in row["balances"] if row and row["currency"] != base else ():
        if amount["currency"] != base and money_of(amount):
            yield dr_cr(money_of(amount))


def _bar(moved: Money, longest: Money) -> int:
    """Pixels, debit to the right."""
    if not moved:
        return 0
    length = int(abs(moved).amount * BAR_WIDTH / longest.amount)
    return max(2, length) * (1 if moved.amount > 0 else -1)


def totals(amounts: Iterable[Money], currency: str) -> Totals:
    """Debits and credits of signed amounts."""
    debit = credit = Money.zero(currency)
    for amount in amounts:
        if amount.amount > 0:
            debit += amount
        else:
            credit -= amount
    return Totals(debit, credit)


def differences(result: Result) -> list[DifferenceRow]:
    """Expected, actual and difference of the last failed ``expect`` that speaks of the books at the end of the run."""
    failed = [p.step for p in result.played if p.failures and isinstance(p.step.action, Expect)]
    for step in reversed(failed):
        expect = step.action
        if isinstance(expect, Expect) and expect.books and expect.as_of is None and step.company in result.names:
            return _differences(result, step.company, expect)
    return []


def _differences(result: Result, key: str, expect: Expect) -> list[DifferenceRow]:
    before, after = result.books_before[key], result.books_after[key]
    moved, base, names = movements(before, after), after["base_currency"], result.names[key]
    titles = {row["account"]: row["name"] for books in (before, after) for row in books["accounts"]}
    planned = result.scenario.companies[key].accounts
    rows = []
    for name, wanted in expect.books.items():
        id = names.book_id(name)
        title = str(titles.get(id) or planned.get(name, {}).get("name") or name.replace("_", " ").capitalize())
        for amount in wanted:
            found = moved.get(id, {}).get("base" if amount.currency == base else amount.currency)
            rows.append(_difference(title, amount, found or Money.zero(amount.currency)))
    if expect.nothing_else:
        rows += _others(moved, _named(expect, names), titles)
    return rows if any(row.difference for row in rows) else []


def _named(expect: Expect, names: Names) -> set[str]:
    return {names.book_id(name) for name in expect.books}


def _others(
    moved: Mapping[str, Mapping[str, Money]], named: set[str], titles: Mapping[str, str]
) -> list[DifferenceRow]:
    return [
        _difference(titles.get(id, id), Money.zero(amounts["base"].currency), amounts["base"])
        for id, amounts in moved.items()
        if id not in named and amounts["base"]
    ]


def _difference(account: str, expected: Money, actual: Money) -> DifferenceRow:
    off = actual - expected
    return DifferenceRow(account, _or_nothing(expected), _or_nothing(actual), dr_cr(off) if off else "")


def _or_nothing(money: Money) -> str:
    return dr_cr(money) if money else "nothing"


def journal(lines: Sequence[Mapping[str, Any]], document: str) -> list[JournalEntry]:
    """The entries that a document (kind and native id) caused, oldest first."""
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["document"] == document:
            entries.setdefault(line["entry"], []).append(line)
    return [
        JournalEntry(
            number, posted[0]["date"], tuple(_journal_line(line) for line in posted), posted[0]["reverses"] or ""
        )
        for number, posted in entries.items()
    ]


def _journal_line(line: Mapping[str, Any]) -> JournalLine:
    amount, base = money_of(line["amount"]), money_of(line["base"])
    shown = "" if amount == base else f"{number(base)} {base.currency}"
    return JournalLine(line["account_name"] or line["account"], Sides(amount), amount.currency, shown)
