"""Documents: native records that moved money and were written by a client, each as its client left it.

What the company's own people do afterwards in the platform's screens (edit, void, delete) is theirs: it neither makes
nor heals a client's mistake, so it is left out here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.records import Version
from sandbooks.ledger import Line, Posting
from sandbooks.money import Money
from sandbooks.world.clock import micros

Source = tuple[str, str]
Moves = dict[tuple[str, str], Money]
_Countered = dict[frozenset[tuple[tuple[str, str], Money]], list[int]]


@dataclass(frozen=True)
class Document:
    """A native record that moved money. ``postings`` are those of the version that its client left, dated ``date``.

    ``live``: it stands in the books, as far as its client is concerned. ``made_by`` is the exchange that created it,
    ``exchanges`` all that wrote it, ``text`` what it says. ``gone_at`` is when people took it out of the books, in
    microseconds since 1970, as the tape has it.
    """

    kind: str
    id: str
    live: bool
    date: date
    postings: tuple[Posting, ...]
    made_by: int
    exchanges: tuple[int, ...]
    text: str
    gone_at: int | None = None

    @property
    def name(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def total(self) -> Money | None:
        """The sum of its debits, where they are in one currency."""
        debits = [posting.amount for posting in self.postings if posting.amount.amount > 0]
        if not debits or len({amount.currency for amount in debits}) > 1:
            return None
        return sum(debits[1:], debits[0])

    def moves(self) -> Moves:
        """What it moves, by account and currency of posting."""
        return moves_of(self.postings)


def moves_of(postings: Iterable[Posting]) -> Moves:
    """The movement of each account in each currency, debit positive."""
    found: Moves = {}
    for posting in postings:
        key = (posting.account, posting.amount.currency)
        found[key] = found[key] + posting.amount if key in found else posting.amount
    return found


@lru_cache(maxsize=4096)
def leaves_of(text: str) -> list[tuple[str, str]]:
    """The texts of a native document by place; numbers and switches are left out."""
    return list(_texts(exact_json.loads(text.encode("utf-8", "surrogatepass")), ""))


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member, f"{where}[]")
    elif isinstance(value, str):
        yield where, value


@dataclass
class _Posted:
    """An entry of the book while it is put together from its lines."""

    version: int
    date: date
    reversed: bool
    postings: list[Posting]


def documents_of(changes: Iterable[Version], lines: Iterable[Line]) -> list[Document]:
    """The documents behind all lines of a book, in order of creation; those without a client's hand are left out.

    ``changes`` is the company's change feed.
    """
    entries = _entries(lines)
    versions: defaultdict[Source, list[Version]] = defaultdict(list)
    for version in changes:
        if (version.kind, version.id) in entries:
            versions[version.kind, version.id].append(version)
    return list(_documents(entries, versions))


def _entries(lines: Iterable[Line]) -> dict[Source, dict[int, _Posted]]:
    """The posted entries of each source by number, reversals taken into account."""
    found: dict[Source, dict[int, _Posted]] = {}
    for line in lines:
        of_source = found.setdefault((line.source.kind, line.source.id), {})
        if line.reverses is not None:
            of_source[line.reverses].reversed = True
            continue
        entry = of_source.get(line.number)
        if entry is None:
            entry = of_source[line.number] = _Posted(line.source.version, line.date, False, [])
        entry.postings.append(line.posting)
    return found


def _documents(entries: dict[Source, dict[int, _Posted]], versions: dict[Source, list[Version]]) -> Iterator[Document]:
    countered = _countered(entries, versions)
    for (kind, id_), history in versions.items():
        ours = [version for version in history if version.exchange]
        numbers = {version.version for version in ours}
        posted = [entry for entry in entries[kind, id_].values() if entry.version in numbers]
        if not posted:
            continue
        last = posted[-1]
        yield Document(
            kind,
            id_,
            _is_live(last, history),
            last.date,
            tuple(last.postings),
            ours[0].exchange,
            tuple(dict.fromkeys(version.exchange for version in ours)),
            ours[-1].raw.decode("utf-8"),
            _gone_at([*entries[kind, id_].values()], history, countered),
        )


def _is_live(last: _Posted, history: list[Version]) -> bool:
    """Whether the client's last posting stands, or was taken back by somebody else than the client."""
    return not last.reversed or _taken_back(last, history) is not None


def _taken_back(last: _Posted, history: list[Version]) -> Version | None:
    """The version with which somebody else than the client took its last posting back.

    What a client writes to the record without taking it back, a receipt's mark for one, does not count.
    """
    for version in history:
        if version.version <= last.version:
            continue
        if not version.exchange:
            return version
        if version.action != "update":
            return None
    return None


def _gone_at(posted: list[_Posted], history: list[Version], countered: _Countered) -> int | None:
    """When people took the document out of the books, where nothing of it stands any more: reversed it, or marked it
    and made the same with every sign turned, as a platform does that keeps what was posted. What they enter against it
    and leave no mark of on the document is no business of the client's."""
    if all(entry.reversed for entry in posted):
        back = _taken_back(posted[-1], history)
        return None if back is None else micros(back.at)
    turned = frozenset((place, -money) for place, money in moves_of(posted[-1].postings).items())
    marked = {micros(version.at) for version in history[1:] if not version.exchange}
    return next((at for at in countered.get(turned, ()) if at in marked), None)


def _countered(entries: dict[Source, dict[int, _Posted]], versions: Mapping[Source, list[Version]]) -> _Countered:
    """When people made records, by what these move."""
    found: defaultdict[frozenset[tuple[tuple[str, str], Money]], list[int]] = defaultdict(list)
    for source, history in versions.items():
        if not history[0].exchange:
            moves = moves_of(posting for entry in entries[source].values() for posting in entry.postings)
            found[frozenset(moves.items())].append(micros(history[0].at))
    return found
