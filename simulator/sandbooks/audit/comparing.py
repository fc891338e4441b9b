"""Two runs compared: with a fault and without (INV-70), and twice with one seed (INV-62). Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from sandbooks import exact_json
from sandbooks.audit.documents import Document
from sandbooks.audit.evidence import Evidence, gather
from sandbooks.audit.findings import Difference, Finding, Step
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import listed, step
from sandbooks.kit.company import Company
from sandbooks.money import Money

Place = tuple[str, str, date]
Moves = dict[Place, tuple[Money, Money]]
SHOWN_MOST = 12  # exchanges of a story that concerns a whole run


@dataclass(frozen=True)
class RunBooks:
    """The books of one company at the end of a run, as a value that outlives its world.

    ``totals`` are the movements of each account, currency and day, in that currency and in base; ``undone`` the ids
    that the customer was finally told are not done, ``told`` why; ``steps`` the exchanges that a fault met
    or that wrote documents; ``parties`` what was booked with each contact, by name, currency and day.
    """

    company: str
    platform: str
    currency: str
    totals: Moves
    documents: tuple[Document, ...] = ()
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)
    account_names: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    parties: Moves = field(default_factory=dict)


def books_of_run(company: Company, submitted: Iterable[Submitted] | None = None) -> RunBooks:
    """The books of a company now, to be compared with those of another run."""
    evidence = gather(company, submitted)
    totals: Moves = {}
    for line in evidence.lines:
        _add(totals, (line.account, line.amount.currency, line.date), line.amount, line.base)
    return RunBooks(
        company.name,
        evidence.platform.title,
        company.currency,
        totals,
        tuple(evidence.documents),
        evidence.owners,
        frozenset(g.id for g in evidence.submitted or () if g.status in ("failed", "refused")),
        {g.id: g.message for g in evidence.submitted or () if g.status in ("failed", "refused")},
        {account.id: account.name for account in evidence.accounts.values()},
        _steps(evidence),
        _parties(evidence),
    )


def _parties(evidence: Evidence) -> Moves:
    """What the client's documents booked with each contact, whichever account bears it, by the contact's name."""
    found: Moves = {}
    for document in evidence.documents:
        names = {evidence.contacts[p.party].name for p in document.postings if p.party in evidence.contacts}
        if document.live and len(names) == 1 and document.total is not None:
            _add(found, (names.pop(), document.total.currency, document.date), document.total, document.total)
    return found


def _add(totals: Moves, place: Place, amount: Money, base: Money) -> None:
    before = totals.get(place)
    totals[place] = (amount, base) if before is None else (before[0] + amount, before[1] + base)


def _steps(evidence: Evidence) -> tuple[Step, ...]:
    told = [sent for sent in evidence.sent if sent.entry.faults or sent.written]
    return tuple(step(sent) for sent in told)


def compare_books(run: RunBooks, control: RunBooks, *, gave_up: bool = False, command: str = "") -> list[Finding]:
    """INV-70 (D): the books with faults equal those without, but for transactions that ended in a told failure with
    nothing posted.

    ``gave_up``: the client ended with an error of its own, so that what is missing was told to somebody.
    """
    expected = _without(control, _told_as_undone(run, control))
    wrong = {place for place in run.totals.keys() | expected.keys() if _of(run.totals, place) != _of(expected, place)}
    if not wrong:
        return []
    extra, missing = _documents_apart(run, control)
    if gave_up and not extra:
        expected = _without(control, missing)
        wrong = {p for p in run.totals.keys() | expected.keys() if _of(run.totals, p) != _of(expected, p)}
        if not wrong:
            return []
    return [_trace(run, control, expected, wrong, extra=extra, missing=missing, command=command)]


def _told_as_undone(run: RunBooks, control: RunBooks) -> list[Document]:
    """The control's documents of transactions that the run told as not done, and of which it has nothing."""
    standing = {run.owners.get((d.kind, d.id)) for d in run.documents if d.live}
    excused = run.undone - standing
    return [d for d in control.documents if control.owners.get((d.kind, d.id)) in excused]


def _without(control: RunBooks, documents: Sequence[Document]) -> Moves:
    totals = dict(control.totals)
    for document in (d for d in documents if d.live):
        for posting in document.postings:
            _add(totals, (posting.account, posting.amount.currency, document.date), -posting.amount, -posting.base)
    return totals


def _of(totals: Moves, place: Place) -> tuple[int, int]:
    amount, base = totals.get(place, (None, None))
    return (amount.minor if amount else 0, base.minor if base else 0)


def _documents_apart(run: RunBooks, control: RunBooks) -> tuple[list[Document], list[Document]]:
    """What the run has too much and too little, told by date and movement."""
    return _beyond(run, control), _beyond(control, run)


def _beyond(one: RunBooks, other: RunBooks) -> list[Document]:
    left = Counter(_shape(document) for document in other.documents if document.live)
    found = []
    for document in (d for d in one.documents if d.live):
        shape = _shape(document)
        if left[shape]:
            left[shape] -= 1
        else:
            found.append(document)
    return found


def _shape(document: Document) -> tuple[date, frozenset[tuple[str, Money]]]:
    return document.date, frozenset((account, money) for (account, _), money in document.moves().items())


def _trace(
    run: RunBooks,
    control: RunBooks,
    expected: Moves,
    wrong: set[Place],
    *,
    extra: Sequence[Document],
    missing: Sequence[Document],
    command: str,
) -> Finding:
    kinds = [f"{document.name} too much" for document in extra] + [f"no {document.name}" for document in missing]
    what = f": {listed(kinds[:SHOWN_MOST])}" if kinds else ""
    faults = tuple(dict.fromkeys(step.fault for step in run.steps if step.fault))
    concerned = {number for document in extra for number in document.exchanges}
    steps = tuple(s for s in run.steps if s.fault or s.number in concerned)[:SHOWN_MOST]
    only_extra = bool(extra) and not missing
    return Finding(
        title=f"With {listed(faults) or 'faults'} the books end otherwise than without{what}.",
        message=_who_was_told(run, control),
        invariants=("INV-70",),
        failure_modes=("FM-01",) if only_extra else ("FM-02",) if missing and not extra else (),
        company=run.company,
        platform=run.platform,
        transaction=_one_owner(run, extra) or _one_owner(control, missing),
        exchanges=tuple(s.number for s in steps),
        steps=steps,
        table=tuple(_rows(run, expected, wrong)),
        control="The same run without a fault ends with the expected figures.",
        remedy="After an answer that did not come: the same idempotency key again, or a look-up first.",
        assumption="Both runs began with the same books, and the client was given the same work.",
        command=command,
    )


def _who_was_told(run: RunBooks, control: RunBooks) -> str:
    """What the customer heard of the difference, in this run and in the other."""
    here = [f"{id} ({why})" if why else id for id, why in sorted(run.told.items())]
    there = [f"{id} ({why})" if why else id for id, why in sorted(control.told.items()) if id not in run.told]
    said = f"Told as failed: {listed(here)}." if here else "Nobody was told that anything failed."
    return f"{said} In the other run told as failed: {listed(there)}." if there else said


def _one_owner(run: RunBooks, extra: Sequence[Document]) -> str:
    owners = {run.owners.get((document.kind, document.id), "") for document in extra}
    return owners.pop() if len(owners) == 1 else ""


def _rows(run: RunBooks, expected: Moves, wrong: set[Place]) -> Iterable[Difference]:
    """The accounts that differ; where only days differ, each day by itself."""
    places = sorted({(account, currency) for account, currency, _ in wrong})
    for account, currency in places:
        name = run.account_names.get(account, account)
        days = sorted(day for a, c, day in wrong if (a, c) == (account, currency))
        sides = [_sum(totals, account, currency, days) for totals in (expected, run.totals)]
        if sides[0] != sides[1]:
            yield Difference(account=name, expected=sides[0], actual=sides[1])
            continue
        for day in days:
            one, other = (_sum(totals, account, currency, [day]) for totals in (expected, run.totals))
            yield Difference(account=f"{name} on {day}", expected=one, actual=other)


def _sum(totals: Moves, account: str, currency: str, days: Sequence[date]) -> Money:
    found = Money.zero(currency)
    for day in days:
        amount = totals.get((account, currency, day))
        found = found + amount[0] if amount else found
    return found


def compare_tapes(first: Iterable[bytes], second: Iterable[bytes], *, command: str = "") -> list[Finding]:
    """INV-62 (D): two runs with one seed give the same canonical tape, byte for byte. One finding for the first
    difference; what follows it follows from it."""
    for place, (one, other) in enumerate(zip_longest(first, second, fillvalue=b""), 1):
        if one != other:
            return [_not_the_same(place, one, other, command)]
    return []


def _not_the_same(place: int, one: bytes, other: bytes, command: str) -> Finding:
    lines = _apart(exact_json.loads(one), exact_json.loads(other)) if one and other else []
    shorter = "" if one and other else f" {'The first' if other else 'The second'} run has ended there."
    where = f" in {lines[0].partition(':')[0]}" if lines else ""
    return Finding(
        title=f"Two runs with the same seed part at exchange {place} of the tape{where}.",
        message=f"A run that is not repeatable cannot be shown again to anybody.{shorter}",
        invariants=("INV-62",),
        exchanges=(place,),
        repeat=tuple(lines[:SHOWN_MOST]),
        control="The same seed, scenario and faults give the same tape, byte for byte.",
        remedy="Look for a clock, a random number or an order of threads that does not come from the world.",
        assumption="Canonical tapes: addresses and transport headers are already brought to one form.",
        command=command,
    )


def _apart(one: Any, other: Any, where: str = "") -> list[str]:
    """The members in which two lines of a tape differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys([*one, *other])
        parts = [_apart(one.get(n), other.get(n), f"{where}.{n}" if where else n) for n in names]
        return [line for part in parts for line in part]
    if one == other:
        return []
    return [f"{where}: {one} -> {other}"]
