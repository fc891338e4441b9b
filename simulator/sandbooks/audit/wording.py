"""Words and tables for findings: exchanges as steps of a story, money as debits and credits, counts and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sandbooks.audit.documents import Document, Moves
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding, Step
from sandbooks.audit.reading import KILLED, Sent
from sandbooks.audit.submitted import Submitted
from sandbooks.money import Money
from sandbooks.recording import redact_url
from sandbooks.world import TapeEntry, instant

SHORT = 20  # characters of an id that people can read
_TIMES = {0: "not at all", 1: "once", 2: "twice", 3: "three times"}
_CUTS = {
    "refused": "no connection",
    "closed": "a closed connection",
    "reset": "a connection reset",
    "timeout": "no answer in time",
    "truncated": "half an answer",
}


def times(count: int) -> str:
    return _TIMES.get(count, f"{count} times")


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def numbers(sent: Iterable[Sent]) -> str:
    return listed([f"#{one.number}" for one in sent])


def dr_cr(money: Money) -> str:
    """Money as an accountant writes it: ``Dr 12.30 GBP``, ``Cr 12.30 GBP``; nothing is ``0.00 GBP``."""
    return str(money) if not money else f"{'Dr' if money.amount > 0 else 'Cr'} {abs(money)}"


def day(value: object) -> str:
    """A date as people write it: ``28 March 2026``."""
    return f"{value:%d %B %Y}".lstrip("0")


def saw(entry: TapeEntry) -> str:
    """What the client saw of an exchange."""
    if any(fault.startswith(KILLED) for fault in entry.faults):
        return "nothing more: it was killed"
    if entry.cut:
        return _CUTS.get(entry.cut, entry.cut)
    html = any(n.lower() == "content-type" and v.lower().startswith("text/html") for n, v in entry.response_headers)
    return f"{entry.status}, an HTML page" if html else str(entry.status)


def step(sent: Sent) -> Step:
    """One exchange as a step of the story."""
    entry = sent.entry
    last = entry.phases[-1] if entry.phases else "connect"
    wrote = [f"{kind} {id_}" for _, _, kind, id_, _, action in entry.written if action == "create"]
    wrote += [f"{kind} {id_} ({action})" for _, _, kind, id_, _, action in entry.written if action != "create"]
    wrote += [f"{kind} {id_} (late, #{late.number})" for late in sent.late for _, _, kind, id_, _, _ in late.written]
    return Step(
        number=entry.number,
        at=instant(entry.at),
        sent=f"{entry.method} {redact_url(sent.path)}",
        reached=last,
        wrote=tuple(dict.fromkeys(wrote)),
        saw=saw(entry),
        fault=", ".join(entry.faults),
    )


def called(evidence: Evidence, id: str, *, among: re.Pattern[str] | None = None) -> str:
    """A record, or a part of one, by its name and its id: ``Research (3ee93e51)``; the id alone where it has none.

    ``among`` are the kinds that it may be of: an id of few digits is that of many records.
    """
    kinds = [version for version in evidence.versions if among is None or among.search(version.kind)]
    names = (name for version in kinds for name in _names_of(version.body, id))
    name = evidence.once(f"name of {id} among {among}", lambda: next(names, ""))
    return f"{name} ({id if len(id) <= SHORT else id[:8]})" if name else id


def _names_of(value: Any, id: str) -> Iterator[str]:
    """The names beside an id, wherever it stands in a native record."""
    if isinstance(value, dict):
        if any(member == id for member in value.values()):
            yield from (str(m) for key, m in value.items() if key.lower().endswith("name") and m and m != id)
        for member in value.values():
            yield from _names_of(member, id)
    elif isinstance(value, list):
        for member in value:
            yield from _names_of(member, id)


def steps_of(evidence: Evidence, owner: str, documents: Iterable[Document] = ()) -> tuple[Step, ...]:
    """The exchanges of a transaction, and those that wrote the documents given."""
    found = {sent.number: sent for sent in evidence.sent_by_owner.get(owner, [])}
    for document in documents:
        for number in document.exchanges:
            sent = evidence.by_number.get(number)
            if sent is not None:
                found[sent.number] = sent
    return tuple(step(found[number]) for number in sorted(found))


def told(given: Submitted) -> str:
    """What the customer was told of a transaction."""
    words = {"completed": "it is done", "failed": "it failed", "refused": "it was refused", "pending": "nothing final"}
    under = f", as {given.native_id}" if given.native_id else ""
    why = f" ({given.message})" if given.message else ""
    return f"The customer was told: {words[given.status]}{under}{why}."


def table(evidence: Evidence, expected: Moves, actual: Moves) -> tuple[Difference, ...]:
    """Expected and actual movement by account and currency, in the order of the chart."""
    order = {account: place for place, account in enumerate(evidence.accounts)}
    keys = sorted(expected.keys() | actual.keys(), key=lambda key: (order.get(key[0], len(order)), key))
    rows = [
        Difference(
            account=evidence.account_name(account),
            expected=expected.get((account, currency), Money.zero(currency)),
            actual=actual.get((account, currency), Money.zero(currency)),
        )
        for account, currency in keys
    ]
    return tuple(row for row in rows if row.expected or row.actual)


def added(moves: Iterable[Moves]) -> Moves:
    """Movements summed up."""
    found: Moves = {}
    for one in moves:
        for key, money in one.items():
            found[key] = found[key] + money if key in found else money
    return found


def placed(finding: Finding, evidence: Evidence, *, command: str) -> Finding:
    """The finding with its company and the command that shows it again."""
    company = evidence.company
    return replace(
        finding,
        platform=evidence.platform.title,
        company=company.name,
        command=finding.command or command,
        exchanges=finding.exchanges or tuple(one.number for one in finding.steps),
    )
