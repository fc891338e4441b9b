"""The books of an account: each subsidiary's in its own base currency, and the whole account's in that of the root.

A transaction of a subsidiary with a base currency of its own stands in two books: in the subsidiary's, as its users see
it, and in the account's, as it would have been booked there: every document at its own rate into the root's currency,
every settlement against what that made of the bill. So both balance by themselves, and a bill that is paid leaves
nothing in either. Transactions of the other subsidiaries stand in the account's book alone.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_N1421213.html (posting in the
subsidiary's base currency)
Unconfirmed: the live service consolidates by the rates of a period; here the day's rate of each document counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.ledger import AccountUnknown, Book, Entry, PostedEntry, Posting
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.posting import entry_of, postings_of
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.storage.book_rows import StoredRows

Facts = Mapping[str, Any]

GROUP = "group"
OWED = frozenset({"vendorBill", "expenseReport", "vendorCredit", "vendorPayment"})


def as_group(facts: Facts) -> dict[str, Any]:
    """The facts of a transaction as the account's own book takes them."""
    own = facts.get(GROUP)
    if not own:
        return dict(facts)
    seen = {**facts, **own, "in_base": False, "card_in_base": False, "base_accounts": []}
    if "legs" in facts:
        seen["legs"] = {id: {**leg, **leg.get(GROUP, {}), "base_accounts": []} for id, leg in facts["legs"].items()}
    for name in ("applied", "credits"):
        if name in facts:
            seen[name] = [{**each, "open_base": each["group_base"]} for each in facts[name]]
    if "payments" in facts:
        seen["payments"] = [{**each, "base": each["group_base"]} for each in facts["payments"]]
    return seen


def of_leg(facts: Facts, subsidiary: str) -> dict[str, Any]:
    """The facts of an intercompany journal as one of its subsidiaries takes them: its own lines at its own rate."""
    leg = facts["legs"][subsidiary]
    head = {name: value for name, value in facts.items() if name != GROUP}
    return {**head, **leg, "legs": {subsidiary: leg}, "subsidiary": subsidiary}


def _foreign(facts: Facts | None) -> dict[str, str]:
    """The subsidiaries in whose own books a transaction stands, with their base currencies."""
    if facts is None:
        return {}
    if "legs" in facts:
        return {id: leg["base"] for id, leg in facts["legs"].items() if leg.get(GROUP)}
    return {facts["subsidiary"]: facts["base"]} if facts.get(GROUP) else {}


def _part(record: Record, facts: Facts, subsidiary: str) -> Entry | None:
    """What a transaction books in one of those books."""
    seen = of_leg(facts, subsidiary) if "legs" in facts else facts
    return entry_of(record.kind, record.id, record.version, document=record.body, facts=seen)


def _whole(record: Record, facts: Facts, own: Entry | None) -> Entry | None:
    """What a transaction books in the account's own book."""
    if own is None:
        return None
    if "legs" not in facts:
        return replace(own, postings=_in_group(record, facts)) if facts.get(GROUP) else own
    legs = [of_leg(facts, id) for id in facts["legs"]]
    postings = (
        p for leg in legs for p in (_in_group if leg.get(GROUP) else _as_posted)(record, leg) if p.amount or p.base
    )
    return replace(own, postings=tuple(postings))


def _as_posted(record: Record, facts: Facts) -> tuple[Posting, ...]:
    return tuple(postings_of(record.kind, record.body, facts))


def book_of(company: Company, facts: Facts) -> Book:
    """The book in which a transaction is booked in its subsidiary's base currency; an intercompany journal stands in
    the account's own and in several."""
    if "legs" in facts:
        return company.book
    return _of_subsidiary(company, facts["subsidiary"], facts["base"]) if facts.get(GROUP) else company.book


def _of_subsidiary(company: Company, subsidiary: str, base: str) -> Book:
    return Book(StoredRows(company.world.store, f"{company.platform}/{company.id}/{subsidiary}", base), base)


def current(company: Company, record: Record, facts: Facts, *, group: bool = False) -> PostedEntry | None:
    """What stands in the books for a transaction: in its subsidiary's base currency, or in the root's."""
    book = company.book if group else book_of(company, facts)
    return book.current(record.kind, record.id)


def post(company: Company, record: Record, facts: Facts, before: Facts | None) -> None:
    """Bring the books in step with a transaction's version. ``before``: the facts of the version that stood."""
    was = current(company, record, before) if before is not None else None
    own = entry_of(record.kind, record.id, record.version, document=record.body, facts=facts)
    company.post(record, _whole(record, facts, own))
    now = _foreign(facts)
    for id, base in _foreign(before).items():
        if id not in now:
            _post_beside(company, _of_subsidiary(company, id, base), record, None)
    for id, base in now.items():
        _post_beside(company, _of_subsidiary(company, id, base), record, _part(record, facts, id))
    _follow(company, record.kind, (before, was.entry if was is not None else None), (facts, own))


def take_back(company: Company, record: Record, facts: Facts) -> None:
    """Take a deleted transaction out of the books."""
    was = current(company, record, facts)
    company.post(record, None)
    for id, base in _foreign(facts).items():
        _post_beside(company, _of_subsidiary(company, id, base), record, None)
    _follow(company, record.kind, (facts, was.entry if was is not None else None), (facts, None))


def _post_beside(company: Company, book: Book, record: Record, entry: Entry | None) -> None:
    """The same in a subsidiary's book, whose accounts are those of the account."""
    standing = book.current(record.kind, record.id)
    if entry is None:
        if standing is not None:
            book.reverse(record.kind, record.id)
        return
    for id in dict.fromkeys(posting.account for posting in entry.postings):
        _keep_account(company, book, id)
    if standing is None:
        book.post(entry)
    else:
        book.replace(entry)


def _keep_account(company: Company, book: Book, id: str) -> None:
    account = company.book.account(id)
    try:
        known = book.account(id)
    except AccountUnknown:
        book.open_account(account)
        return
    if known != account:
        book.change_account(account)


def _in_group(record: Record, facts: Facts) -> tuple[Posting, ...]:
    """The postings of the account's own book: what the document would have posted there, in the same currencies."""
    theirs = postings_of(record.kind, record.body, facts)
    ours = postings_of(record.kind, record.body, as_group(facts))
    kept = [_in_currency_of(theirs, n, posting) for n, posting in enumerate(ours)]
    return tuple(posting for posting in kept if posting.amount or posting.base)


def _in_currency_of(theirs: list[Posting], place: int, posting: Posting) -> Posting:
    """A posting in the currency that its account took in the subsidiary's book (base, where it is kept in base)."""
    other = theirs[place] if place < len(theirs) else None
    if other is None or other.account != posting.account or not other.amount:
        return posting
    return replace(posting, amount=other.amount) if other.amount.currency != posting.amount.currency else posting


def consolidated_rate(company: Company, base: str, day: date) -> Decimal | None:
    """Units of the root's currency for one of a subsidiary's base currency, by which a period is consolidated."""
    # Source: docs.oracle.com, section_4685850130 (rates per period); SOAP schema browser 2022.1 (currentRate)
    # Unconfirmed: average and historical rates, which are weighted there, are that of the period's last day here too.
    found = day_rate(company, base, periods.last_day(day))
    return found.value if found is not None else None


# What is owed to each vendor


def _follow(
    company: Company, kind: str, before: tuple[Facts | None, Entry | None], now: tuple[Facts, Entry | None]
) -> None:
    """Bring what is owed in step: what stands on payables accounts, by entity and base currency."""
    if kind in OWED or now[0].get("payables"):
        Sums(company).move(_owed(*before), _owed(*now))


def _owed(facts: Facts | None, entry: Entry | None) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    if facts is None or entry is None:
        return sums
    payables = payables_of(facts)
    for posting in entry.postings:
        if posting.account in payables and posting.party:
            for name in (_by_base(posting.party, facts["base"]), _by_subsidiary(posting.party, facts["subsidiary"])):
                sums[name] = sums.get(name, 0) - posting.base.amount
    return sums


def payables_of(facts: Facts) -> set[str]:
    """The payables accounts that a transaction posts to: a payment to those of what it settles."""
    if "payables" in facts:
        return set(facts["payables"])
    own = {facts["account"]} if "credits" not in facts else set()
    return own | {each["account"] for name in ("applied", "credits") for each in facts.get(name, ())}


def owed(company: Company, entity: str, *, base: str = "", subsidiary: str = "") -> Any:
    """What an entity is owed at booking rates: by a subsidiary, or by all that have a base currency."""
    return Sums(company).of(_by_subsidiary(entity, subsidiary) if subsidiary else _by_base(entity, base))


def _by_base(entity: str, base: str) -> str:
    return f"owed/{entity}/{base}"


def _by_subsidiary(entity: str, subsidiary: str) -> str:
    return f"owed/{entity}/subsidiary/{subsidiary}"
