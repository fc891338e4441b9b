"""What a test may claim about one company's books and exchanges. Each claim raises ``BooksWrong`` with its finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sandbooks.audit import BooksWrong, Difference, Finding, raise_findings
from sandbooks.control import books as book_views
from sandbooks.control.exchanges import world_references
from sandbooks.faults.address import tokens_of
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.sandbox import wire_findings as wire
from sandbooks.sandbox.books import Books, dr_cr
from sandbooks.world import TapeEntry

if TYPE_CHECKING:
    from sandbooks.world import World


def money_of(text: str) -> Money:
    """Money from ``Dr 12.30 GBP``, ``Cr 12.30 GBP`` or ``-12.30 GBP``; debit is positive. Raises ``ValueError``."""
    found = re.fullmatch(r"(?:(dr|cr)\s+)?(-?[\d.,]+)\s+([A-Za-z]{3})", text.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no amount; write 'Dr 12.30 GBP' or 'Cr 12.30 GBP'")
    try:
        amount = Decimal(found[2].replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no amount; write 'Dr 12.30 GBP' or 'Cr 12.30 GBP'") from error
    credit = (found[1] or "").lower() == "cr"
    return Money.of(str(-amount if credit else amount), found[3].upper())


def exchanges_of(company: Company) -> list[TapeEntry]:
    """The exchanges of a company, and those of its platform that no company could be told of."""
    entries = company.world.tape.entries()
    return [e for e in entries if e.surface == company.platform and e.company in ("", company.id)]


def carrying(company: Company, reference: str) -> list[Record]:
    """Native records that moved money and carry a reference, deleted ones included, oldest first.

    A record carries it in any member, or was made by a request that did (where the platform keeps it elsewhere).
    """
    tokens = tokens_of(company.world, reference)
    word = re.compile("|".join(rf"(?<![^\W_]){re.escape(t.lower())}(?![^\W_])" for t in tokens))
    made_by = {made for entry in exchanges_of(company) if wire.carries(entry, tokens) for made in wire.created(entry)}
    return [
        record
        for record in book_views.money_records(company)
        if (record.kind, record.id) in made_by or word.search(record.raw.decode("utf-8").lower())
    ]


def standing(company: Company, records: Sequence[Record]) -> list[Record]:
    """Those of the records that are in the books now."""
    return [r for r in records if not r.deleted and company.book.current(r.kind, r.id) is not None]


class Assertions:
    """The claims; ``PlatformCompany`` offers them."""

    _company: Company

    def assert_exactly_once(self, *references: str) -> None:
        """Each reference stands in the books as exactly one native record. INV-01.

        Without references: every one that the world was told of; raises ``ValueError`` when there is none.
        """
        named = references or tuple(world_references(self._company.world))
        if not named:
            raise ValueError("name the references that are to be posted once: assert_exactly_once('r-01', 'r-02')")
        raise_findings([finding for name in named for finding in _not_once(self._company, name)])

    def assert_nothing_posted(self, *references: str) -> None:
        """None of the references has ever reached the books; without references, nothing was ever posted. INV-05."""
        if references:
            found = [(name, record) for name in references for record in carrying(self._company, name)]
        else:
            found = [("", record) for record in book_views.money_records(self._company)]
        raise_findings([_posted(self._company, name, record) for name, record in found])

    def assert_trial_balance(
        self, expected: Mapping[str, str] | None = None, *, as_of: str | date | None = None, only: bool = False
    ) -> None:
        """The books balance in every currency, and the accounts named hold what is expected. INV-11, INV-12.

        ``expected`` maps an account (label, name, native id) to ``Dr 12.30 GBP`` or ``Cr …``; an amount in another
        than the base currency is compared in that currency. ``only``: no other account may hold anything.
        """
        self._company.book.verify()
        books = self._books(as_of)
        raise_findings(list(_unbalanced(books)))
        claims = {books.account(name).id: text for name, text in (expected or {}).items()}
        rows = [_difference(books, name, money_of(text)) for name, text in (expected or {}).items()]
        if only:
            strangers = [row for row in books if row.id not in claims and any(m.amount for m in row.balances.values())]
            rows += [Difference(account=r.name, expected=Money.zero(books.currency), actual=r.base) for r in strangers]
        wrong = tuple(row for row in rows if row.expected != row.actual)
        if wrong:
            raise BooksWrong([_accounts_wrong(self._company, wrong)])

    def assert_balance(self, account: str, expected: str, *, as_of: str | date | None = None) -> None:
        """One account holds exactly this much: ``Dr 12.30 GBP`` or ``Cr 12.30 GBP``."""
        self.assert_trial_balance({account: expected}, as_of=as_of)

    def assert_card_balance(self, account: str, expected: str, *, as_of: str | date | None = None) -> None:
        """The card owes (``Cr``) or is owed (``Dr``) exactly this much. INV-13."""
        self.assert_trial_balance({account: expected}, as_of=as_of)

    def assert_no_blind_retry(self, *references: str) -> None:
        """No write was sent again after a lost answer without a look-up or the same idempotency key. INV-09."""
        texts = [token for name in references for token in tokens_of(self._company.world, name)]
        found = [r for r in wire.repeats(exchanges_of(self._company), texts=texts) if r.blind]
        raise_findings([_blind(self._company, repeat) for repeat in found])

    def assert_respects_limits(self) -> None:
        """No request was sent before an announced Retry-After was over. INV-47."""
        found = wire.too_early(exchanges_of(self._company))
        raise_findings([_early(self._company, told, entry) for told, entry in found])

    def wire_findings(self) -> list[Finding]:
        """Records that a repeat after a lost answer posted a second time. INV-01."""
        twice = [r for r in wire.repeats(exchanges_of(self._company)) if r.posted_twice]
        return [finding for repeat in twice for finding in _twice(self._company, repeat)]

    def _books(self, as_of: str | date | None) -> Books:
        return Books(self._company, as_of=date.fromisoformat(as_of) if isinstance(as_of, str) else as_of)


def _not_once(company: Company, name: str) -> Iterator[Finding]:
    records = standing(company, carrying(company, name))
    if len(records) == 1:
        return
    ids = ", ".join(f"{r.kind} {r.id}" for r in records)
    count = {0: "not at all", 2: "twice"}.get(len(records), f"{len(records)} times")
    yield Finding(
        title=f"{name} is {count} in the books of {company.name}" + (f": {ids}" if ids else ""),
        message=_story(company, tokens_of(company.world, name)),
        invariants=("INV-01",),
        failure_modes=("FM-01",) if len(records) > 1 else ("FM-05",),
        transaction=name,
        exchanges=tuple(r.exchange for r in records if r.exchange),
        table=tuple(row for record in records[1:] for row in _too_much(company, record)),
        remedy="look the reference up before a write is sent again" if records else "",
    )


def _twice(company: Company, repeat: wire.Repeat) -> Iterator[Finding]:
    made = wire.created(repeat.again)
    records = [r for r in (company.records.get(kind, id_) for kind, id_ in made) if r is not None]
    first = [r for r in (company.records.get(kind, id_) for kind, id_ in wire.created(repeat.first)) if r is not None]
    if not standing(company, records) or not standing(company, first):
        return
    names = " and ".join(f"{r.kind} {r.id}" for r in [*first, *records])
    yield Finding(
        title=f"One write of {company.name} is in the books twice: {names}",
        message=f"{wire.shown(repeat.first)}\n{wire.shown(repeat.again)}",
        invariants=("INV-01", "INV-09") if repeat.blind else ("INV-01",),
        failure_modes=("FM-01",),
        exchanges=(repeat.first.number, repeat.again.number),
        table=tuple(row for record in standing(company, records) for row in _too_much(company, record)),
        remedy="look the reference up before a write is sent again, or send both with the same idempotency key",
    )


def _too_much(company: Company, record: Record) -> Iterator[Difference]:
    """The accounts that a record which should not be there has changed."""
    current = company.book.current(record.kind, record.id)
    for posting in current.entry.postings if current else ():
        balance = company.book.balance(posting.account).by_currency
        actual = balance.get(posting.amount.currency, Money.zero(posting.amount.currency))
        name = company.book.account(posting.account).name
        yield Difference(account=name, expected=actual - posting.amount, actual=actual)


def _posted(company: Company, name: str, record: Record) -> Finding:
    return Finding(
        title=f"{record.kind} {record.id} of {company.name} was posted" + (f" for {name}" if name else ""),
        message=_story(company, tokens_of(company.world, name)) if name else "nothing was to reach these books",
        invariants=("INV-05",),
        transaction=name,
        exchanges=(record.exchange,) if record.exchange else (),
        table=tuple(_too_much(company, record)),
    )


def _unbalanced(books: Books) -> Iterator[Finding]:
    totals: dict[str, Money] = {}
    for row in books:
        for currency, amount in row.balances.items():
            totals[currency] = totals.get(currency, Money.zero(currency)) + amount
    for currency, total in totals.items():
        if total.amount:
            yield Finding(
                title=f"The trial balance is out by {dr_cr(total)}",
                message=f"debits and credits in {currency} differ",
                invariants=("INV-12",),
            )


def _difference(books: Books, name: str, expected: Money) -> Difference:
    actual = books.balance(name, currency="" if expected.currency == books.currency else expected.currency)
    return Difference(account=books.account(name).name, expected=expected, actual=actual)


def _accounts_wrong(company: Company, rows: Sequence[Difference]) -> Finding:
    lines = [f"{r.account}: expected {dr_cr(r.expected)}, holds {dr_cr(r.actual)}" for r in rows]
    return Finding(
        title=f"{len(rows)} account{'s' if len(rows) > 1 else ''} of {company.name} do not hold what was expected",
        message="\n".join(lines),
        invariants=("INV-13", "INV-14"),
        table=tuple(rows),
    )


def _blind(company: Company, repeat: wire.Repeat) -> Finding:
    return Finding(
        title=f"A write to {company.name} was sent again blindly: nobody had looked whether the first one was posted",
        message=f"{wire.shown(repeat.first)}\n{wire.shown(repeat.again)}",
        invariants=("INV-09",),
        failure_modes=("FM-01",),
        exchanges=(repeat.first.number, repeat.again.number),
        remedy="look the reference up first, or send both with the same idempotency key",
    )


def _early(company: Company, told: TapeEntry, entry: TapeEntry) -> Finding:
    return Finding(
        title=f"A request to {company.name} did not wait as long as the platform had asked",
        message=f"{wire.shown(told)}, Retry-After {wire.announced(told)} s\n{wire.shown(entry)}",
        invariants=("INV-47",),
        failure_modes=("FM-29",),
        exchanges=(told.number, entry.number),
        remedy="wait as long as Retry-After says",
    )


def _story(company: Company, tokens: Sequence[str]) -> str:
    """The exchanges that carried a reference, one line each."""
    told = [wire.shown(entry) for entry in exchanges_of(company) if wire.carries(entry, tokens)]
    return "\n".join(told) or "no exchange carried it"


def isolated(world: World, one: Company, other: Company) -> list[Finding]:
    """Requests that were addressed to one company and carried another's credentials or id. INV-45."""
    from sandbooks.control.companies import credentials_of

    own = credentials_of(one)
    foreign = [other.id, *(v for k, v in credentials_of(other).items() if own.get(k) != v and len(v) > 5)]
    wrong = [
        entry
        for entry in world.tape.entries()
        if entry.surface == one.platform and entry.company == one.id and _mentions(entry, foreign)
    ]
    return [
        Finding(
            title=f"A request to {one.name} carried what belongs to {other.name}",
            message=wire.shown(entry),
            invariants=("INV-45",),
            exchanges=(entry.number,),
        )
        for entry in wrong
    ]


def _mentions(entry: TapeEntry, values: Sequence[str]) -> bool:
    headers = "\n".join(value for _, value in entry.request_headers).encode()
    content = b"\n".join([entry.url.encode(), headers, entry.request_body])
    return any(value.encode() in content for value in values)
