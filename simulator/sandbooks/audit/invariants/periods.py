"""Closed periods: INV-32."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.wording import day, listed, step
from sandbooks.ledger import Closing, Line
from sandbooks.money import Money

Changes = dict[tuple[str, str], Money]


def closed_period_stands(evidence: Evidence) -> Iterator[Finding]:
    """INV-32 (S): while a period is closed, no balance as of its last day changes."""
    closings = evidence.company.book.closings()
    for closing, following in pairwise([*closings, None]):
        if closing is None or closing.through is None:
            continue
        until = following.after if following is not None else None
        lines = [line for line in evidence.lines if _falls_into(line, closing, until)]
        changed = {key: money for key, money in _sums(lines).items() if money}
        if changed:
            yield _changed(evidence, closing, lines, changed)


def _falls_into(line: Line, closing: Closing, until: int | None) -> bool:
    later = line.number > closing.after and (until is None or line.number <= until)
    return later and closing.through is not None and line.date <= closing.through


def _sums(lines: list[Line]) -> Changes:
    found: Changes = {}
    for line in lines:
        key = (line.account, line.amount.currency)
        found[key] = found[key] + line.amount if key in found else line.amount
    return found


def _changed(evidence: Evidence, closing: Closing, lines: list[Line], changed: Changes) -> Finding:
    through = closing.through
    before: defaultdict[tuple[str, str], Money] = defaultdict()
    for line in evidence.lines:
        key = (line.account, line.amount.currency)
        if key in changed and line.number <= closing.after and through is not None and line.date <= through:
            before[key] = before[key] + line.amount if key in before else line.amount
    rows = []
    for (account, currency), money in changed.items():
        stood = before.get((account, currency), Money.zero(currency))
        rows.append(Difference(account=evidence.account_name(account), expected=stood, actual=stood + money))
    sources = list(dict.fromkeys((line.source.kind, line.source.id) for line in lines))
    documents = [d for source in sources if (d := evidence.made.get(source)) is not None]
    writers = sorted({n for document in documents for n in document.exchanges})
    sent = [evidence.by_number[n] for n in writers if n in evidence.by_number]
    names = listed([f"{kind} {id_}" for kind, id_ in sources])
    return Finding(
        title=f"The books were closed through {day(through)}, and balances as of that day changed afterwards: {names}.",
        message="Whoever reported that period reported other figures than the books now hold.",
        invariants=("INV-32",),
        failure_modes=("FM-57",),
        transaction=evidence.owners.get(sources[0], "") if len(sources) == 1 else "",
        exchanges=tuple(one.number for one in sent),
        steps=tuple(step(one) for one in sent),
        table=tuple(rows),
        control="Dated after the closed period, or with the period opened first, the same entry leaves it alone.",
        remedy="Refuse, or post on the first open day and record both dates.",
        assumption=f"The period was closed after entry {closing.after} of the book and not opened again before.",
    )
