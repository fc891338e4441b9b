"""A book against a naive model of it: a list of entries, summed afresh for every question.

Hypothesis posts, reverses, replaces, locks and archives in any order; the model predicts which calls are refused and
why, and what every balance is on every day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sandbooks.ledger import (
    Account,
    AccountClass,
    AccountCurrency,
    AccountInactive,
    AlreadyPosted,
    BaseDiffers,
    Book,
    BookRows,
    Entry,
    MemoryRows,
    NothingPosted,
    PeriodClosed,
    Posting,
    Refusal,
    Source,
    Unbalanced,
    credit,
    debit,
)
from sandbooks.money import Money, total
from sandbooks.storage import SqliteStore, Store
from sandbooks.storage.book_rows import StoredRows
from sandbooks.storage.postgresql import PostgresDatabase

EMPTY = SqliteStore().image()
FIRST = date(2026, 3, 25)
DAYS = [FIRST + timedelta(days=offset) for offset in range(8)]
IDS = ["r-01", "r-02", "r-03"]
CURRENCIES = ["GBP", "USD", "JPY"]
ACCOUNTS = {
    "travel": None,
    "meals": None,
    "bank": "GBP",
    "visa": "USD",
    "yen": "JPY",
}

days = st.sampled_from(DAYS)
ids = st.sampled_from(IDS)
seldom = st.sampled_from([False, False, False, False, True])
minors = st.integers(-50_000, 50_000)
steps = st.sampled_from([1, 1, 1, 1, 0])  # to the next version of a document, now and then to the last one again


@dataclass
class Kept:
    """One entry as the model remembers it."""

    entry: Entry
    live: bool


def money(minor: int, currency: str) -> Money:
    return Money.from_minor(minor, currency)


@st.composite
def postings(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Mostly balanced postings in one currency or a mixture, now and then with an amount gone wrong."""
    count = draw(st.integers(2, 4))
    names = draw(st.lists(st.sampled_from(list(ACCOUNTS)), min_size=count, max_size=count))
    bases = draw(st.lists(minors, min_size=count - 1, max_size=count - 1))
    bases.append(-sum(bases))
    if draw(st.booleans()):  # each account in its own currency: a transfer or settlement
        currencies = [ACCOUNTS[name] or "GBP" for name in names]
        amounts = draw(st.lists(minors, min_size=count, max_size=count))
    else:
        currency = draw(st.sampled_from(CURRENCIES))
        fitting = [name for name, kept in ACCOUNTS.items() if kept in (None, currency)]
        names = draw(st.lists(st.sampled_from(fitting), min_size=count, max_size=count))
        currencies = [currency] * count
        amounts = draw(st.lists(minors, min_size=count - 1, max_size=count - 1))
        amounts.append(-sum(amounts))
        if draw(st.integers(0, 5)) == 5:  # only base value moves
            names = draw(st.lists(st.sampled_from(list(ACCOUNTS)), min_size=count, max_size=count))
            amounts = [0] * count
    amounts = [b if c == "GBP" else a for a, b, c in zip(amounts, bases, currencies, strict=True)]
    if draw(st.integers(0, 19)) == 19:
        amounts[0] += 1
    if draw(st.integers(0, 19)) == 19:
        bases[-1] -= 1
    return tuple(
        Posting(name, money(amount, currency), money(base, "GBP"))
        for name, amount, base, currency in zip(names, amounts, bases, currencies, strict=True)
    )


class BookAgainstModel(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.book = Book(self.new_rows(), "GBP")
        self.kept: list[Kept] = []
        self.active = dict.fromkeys(ACCOUNTS, True)
        self.closed: date | None = None
        self.sealed: dict[tuple[str, str], tuple[int, int]] = {}
        for name, currency in ACCOUNTS.items():
            self.book.open_account(Account(name, name.title(), AccountClass.ASSET, currency))

    def new_rows(self) -> BookRows:
        return MemoryRows()

    # The model

    def lawful(self, entry: Entry) -> set[type[Refusal]]:
        """Every reason for which the entry must be refused; none when it must be posted."""
        reasons: set[type[Refusal]] = set()
        foreign = {p.amount.currency for p in entry.postings if p.amount}
        if any(p.amount.currency == "GBP" and p.amount != p.base for p in entry.postings):
            reasons.add(BaseDiffers)
        if len(foreign) == 1 and sum(p.amount.minor for p in entry.postings):
            reasons.add(Unbalanced)
        if sum(p.base.minor for p in entry.postings):
            reasons.add(Unbalanced)
        if not all(self.active[p.account] for p in entry.postings):
            reasons.add(AccountInactive)
        for posting in entry.postings:
            own = ACCOUNTS[posting.account]
            if own not in (None, posting.amount.currency) and (posting.amount or own != "GBP"):
                reasons.add(AccountCurrency)
        if self.is_closed(entry.date):
            reasons.add(PeriodClosed)
        return reasons

    def is_closed(self, day: date) -> bool:
        return self.closed is not None and day <= self.closed

    def live(self, id_: str) -> Kept | None:
        return next((kept for kept in self.kept if kept.live and kept.entry.source.id == id_), None)

    def next_source(self, id_: str, step: int) -> Source:
        last = max((kept.entry.source.version for kept in self.kept if kept.entry.source.id == id_), default=0)
        return Source("Purchase", id_, last + step)

    def was_posted(self, source: Source) -> bool:
        return any(kept.entry.source == source for kept in self.kept)

    def sums(self, *, since: date | None = None, through: date | None = None) -> dict[tuple[str, str], tuple[int, int]]:
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for kept in self.kept:
            if (
                kept.live
                and (since is None or since <= kept.entry.date)
                and (through is None or kept.entry.date <= through)
            ):
                for posting in kept.entry.postings:
                    key = (posting.account, posting.amount.currency)
                    amount, base = found.get(key, (0, 0))
                    found[key] = (amount + posting.amount.minor, base + posting.base.minor)
        return found

    def attempt(self, call: str, reasons: set[type[Refusal]], *args: object) -> bool:
        """Call the book; True when it did it, which it must exactly when there is no reason against it."""
        lines = list(self.book.lines())
        if reasons:
            with pytest.raises(tuple(reasons)):
                getattr(self.book, call)(*args)
            assert list(self.book.lines()) == lines
            return False
        getattr(self.book, call)(*args)
        assert list(self.book.lines())[: len(lines)] == lines  # append-only
        return True

    # What may happen

    @rule(id_=ids, step=steps, day=days, parts=postings(), mistaken=seldom)
    def write(self, id_: str, step: int, day: date, parts: tuple[Posting, ...], mistaken: bool) -> None:
        """Post a new document or replace a live one, now and then the other way round."""
        entry = Entry(day, self.next_source(id_, step), parts)
        live = self.live(id_)
        call = "replace" if (live is None) == mistaken else "post"
        reasons = self.lawful(entry)
        if self.was_posted(entry.source) or (call == "post" and live):
            reasons.add(AlreadyPosted)
        if call == "replace" and live is None:
            reasons.add(NothingPosted)
        if call == "replace" and live and self.is_closed(live.entry.date):
            reasons.add(PeriodClosed)
        if self.attempt(call, reasons, entry):
            if live:
                live.live = False
            self.kept.append(Kept(entry, live=True))

    @rule(id_=ids)
    def reverse(self, id_: str) -> None:
        live = self.live(id_)
        reasons: set[type[Refusal]] = set()
        if live is None:
            reasons.add(NothingPosted)
        elif self.is_closed(live.entry.date):
            reasons.add(PeriodClosed)
        if self.attempt("reverse", reasons, "Purchase", id_) and live is not None:
            live.live = False

    @rule(through=st.sampled_from([None, None, *DAYS[:4]]))
    def lock(self, through: date | None) -> None:
        self.book.lock(through)
        self.closed = through
        self.sealed = {} if through is None else self.sums(through=through)

    @rule(name=st.sampled_from(list(ACCOUNTS)), active=st.sampled_from([True, True, False]))
    def archive_or_revive(self, name: str, active: bool) -> None:
        self.book.change_account(replace(self.book.account(name), active=active))
        self.active[name] = active

    # What always holds

    def stated(self, *, since: date | None = None, through: date | None = None) -> dict[str, dict[str, int]]:
        rows = self.book.trial_balance(since=since, as_of=through)
        return {
            row.account.id: {
                **{currency: amount.minor for currency, amount in row.balance.by_currency.items()},
                "base": row.balance.base.minor,
            }
            for row in rows
        }

    def expected(self, sums: dict[tuple[str, str], tuple[int, int]]) -> dict[str, dict[str, int]]:
        accounts: dict[str, dict[str, int]] = {}
        for (name, currency), (amount, base) in sums.items():
            account = accounts.setdefault(name, {"base": 0})
            account["base"] += base
            if amount:
                account[currency] = amount
        return {name: account for name, account in accounts.items() if any(account.values())}

    @invariant()
    def the_trial_balance_is_the_models_on_every_day(self) -> None:
        if not hasattr(self, "book"):
            return
        assert self.stated() == self.expected(self.sums())
        for day in (DAYS[0], DAYS[3], DAYS[-1]):
            assert self.stated(through=day) == self.expected(self.sums(through=day))
        assert self.stated(since=DAYS[2], through=DAYS[5]) == self.expected(self.sums(since=DAYS[2], through=DAYS[5]))

    @invariant()
    def base_sums_to_zero_and_each_balance_is_its_trial_row(self) -> None:
        if not hasattr(self, "book"):
            return
        rows = self.book.trial_balance(as_of=DAYS[4])
        assert not total((row.balance.base for row in rows), "GBP")
        assert all(self.book.balance(row.account.id, as_of=DAYS[4]) == row.balance for row in rows)

    @invariant()
    def balances_as_of_the_lock_never_change_while_it_stands(self) -> None:
        if hasattr(self, "book") and self.closed is not None:
            assert self.stated(through=self.closed) == self.expected(self.sealed)

    @invariant()
    def each_document_has_the_live_posting_of_the_model(self) -> None:
        for id_ in IDS if hasattr(self, "book") else ():
            current, live = self.book.current("Purchase", id_), self.live(id_)
            assert (current and current.entry) == (live and live.entry)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.book.verify()


class StoredBookAgainstModel(BookAgainstModel):
    """The same over a database, beside another company's book that must not be seen."""

    def new_store(self) -> Store:
        return SqliteStore()

    def new_rows(self) -> BookRows:
        self.store = self.new_store()
        self.other = Book(StoredRows(self.store, "other", "JPY"), "JPY")
        self.other.open_account(Account("travel", "Travel", AccountClass.EXPENSE))
        yen = money(77, "JPY")
        self.other.post(Entry(FIRST, Source("Purchase", "r-01", 1), (debit("travel", yen), credit("travel", yen))))
        self.other.lock(DAYS[-1])
        return StoredRows(self.store, "acme", "GBP")

    def teardown(self) -> None:
        super().teardown()
        if hasattr(self, "store"):
            assert self.other.current("Purchase", "r-01") is not None
            assert (self.other.closed_through, len(list(self.other.lines()))) == (DAYS[-1], 2)
            self.store.close()


FEW = settings(max_examples=4, stateful_step_count=25, deadline=None)


class SharedBookAgainstModel(StoredBookAgainstModel):
    """The same in PostgreSQL."""

    database: ClassVar[PostgresDatabase]

    def new_store(self) -> Store:
        standing = self.database.find("book")
        if standing is None:
            return self.database.create("book", state={})
        store = self.database.open(standing.number)
        store.restore(EMPTY)
        return store


BookAgainstModel.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestBookAgainstModel = BookAgainstModel.TestCase
StoredBookAgainstModel.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestStoredBookAgainstModel = StoredBookAgainstModel.TestCase


def test_a_book_in_postgresql_against_the_model(database_url: str) -> None:
    SharedBookAgainstModel.database = PostgresDatabase(database_url)
    try:
        run_state_machine_as_test(SharedBookAgainstModel, settings=FEW)
    finally:
        SharedBookAgainstModel.database.close()
