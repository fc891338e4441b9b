"""Writes that were sent again after an answer that never came: INV-09, and INV-01 where both were posted.

The tape and the books are enough for this: nobody needs to say what should be there. Two purchases that look alike stay
silent: they carry references of their own, or the first was answered, or the client saw the first before it sent the
second.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sandbooks.audit.documents import Document
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import KILLED, Sent, says_word, unlike
from sandbooks.audit.wording import added, day, listed, numbers, saw, step, table, times, told

NOT_ADMITTED = frozenset({401, 403, 429})
MOST_ALIKE = 24  # a repeat follows soon: older tries that look much alike are not compared value by value


@dataclass(frozen=True)
class Repeat:
    """A write whose outcome its client could not know, and the same write sent again.

    ``differing`` are the values that changed in between; ``looked`` the last read that could have shown the first;
    ``same_key``: both carry one idempotency key, so that the platform can tell.
    """

    first: Sent
    again: Sent
    differing: tuple[tuple[str, str, str], ...]
    looked: Sent | None
    same_key: bool

    @property
    def blind(self) -> bool:
        return self.looked is None and not self.same_key


def posted_again(evidence: Evidence) -> Iterator[Finding]:
    """INV-01 (Q), with INV-09 where nobody looked: a write that was sent again after an answer that never came stands
    in the books more than once."""
    for chain in chains(evidence):
        left = standing_of(evidence, chain)
        if len(left) > 1:
            yield _posted_twice(evidence, chain, left)


def blind_retry(evidence: Evidence) -> Iterator[Finding]:
    """INV-09 (W): after a mutating request whose outcome the client could not know, the next one for the same thing
    carries the same idempotency key or comes after a look-up. Harm or none: the client cannot know which it will be."""
    for chain in chains(evidence):
        left = standing_of(evidence, chain)
        if not any(repeat.blind for repeat in chain):
            continue
        if len(left) > 1:
            yield _posted_twice(evidence, chain, left)
        elif _could_have_harmed(chain):
            yield _luckily_once(evidence, chain, left[0] if left else [])


def chains(evidence: Evidence) -> list[list[Repeat]]:
    """The repeats, those of one write together."""
    return evidence.once("chains of repeats", lambda: _chains(evidence))


def _chains(evidence: Evidence) -> list[list[Repeat]]:
    found: dict[int, list[Repeat]] = {}
    head: dict[int, int] = {}
    for repeat in repeats(evidence):
        first = head.get(repeat.first.number, repeat.first.number)
        head[repeat.again.number] = first
        found.setdefault(first, []).append(repeat)
    return list(found.values())


def repeats(evidence: Evidence) -> Iterator[Repeat]:
    """Every write to this company that was sent again while its outcome was unknown, in order."""
    posting = {sent.entry.operation for sent in evidence.sent if _creates(evidence, sent)}
    waiting = _Waiting(evidence)
    reads: list[Sent] = []
    for sent in evidence.sent:
        if not sent.entry.writes:
            reads.append(sent)
        elif sent.entry.operation in posting and not _turned_away(sent):
            match = waiting.take(sent)
            if match is not None:
                first, differing = match
                looked = _look_up(evidence, first, reads)
                named = set(evidence.carried(first)) & set(evidence.carried(sent))
                if named or looked is None or not _shown(first, looked):
                    keys = evidence.platform.idempotency
                    same_key = bool(set(first.keys(keys)) & set(sent.keys(keys)))
                    same_key = same_key or bool(evidence.chosen(first) & evidence.chosen(sent))
                    yield Repeat(first, sent, tuple(differing), looked, same_key)
            if sent.outcome_unknown:
                waiting.add(sent)


def _turned_away(sent: Sent) -> bool:
    """Whether a request never got as far as the thing that it asked for: it says nothing of an earlier try."""
    return sent.answered and sent.entry.status in NOT_ADMITTED and not sent.written


class _Waiting:
    """Writes with an unknown outcome, found again by what they carry or by what they look like."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._by_owner: dict[tuple[str, str, str], Sent] = {}
        self._by_lane: defaultdict[tuple[str, str], dict[int, Sent]] = defaultdict(dict)
        self._by_content: dict[tuple[str, str, str], Sent] = {}

    def add(self, sent: Sent) -> None:
        lane = _lane(sent)
        self._by_content[*lane, sent.content] = sent
        self._by_lane[lane][sent.number] = sent
        for owner in self._evidence.carried(sent):
            self._by_owner[*lane, owner] = sent

    def take(self, sent: Sent) -> tuple[Sent, list[tuple[str, str, str]]] | None:
        """The write that this one repeats, with the values that differ; it waits no more."""
        lane = _lane(sent)
        owners = self._evidence.carried(sent)
        for owner in owners:
            first = self._by_owner.get((*lane, owner))
            if first is not None:
                return self._taken(first), _changes(first, sent)
        first = self._by_content.get((*lane, sent.content))
        if first is not None:
            return self._taken(first), []
        for first in list(islice(reversed(self._by_lane[lane].values()), MOST_ALIKE)):
            differing = unlike(first, sent)
            if differing is not None and not (owners and self._evidence.carried(first)):
                return self._taken(first), differing
        return None

    def _taken(self, first: Sent) -> Sent:
        lane = _lane(first)
        self._by_lane[lane].pop(first.number, None)
        self._by_content.pop((*lane, first.content), None)
        for owner in self._evidence.carried(first):
            self._by_owner.pop((*lane, owner), None)
        return first


def _lane(sent: Sent) -> tuple[str, str]:
    return sent.entry.method, sent.path


def _changes(first: Sent, again: Sent) -> list[tuple[str, str, str]]:
    before, after = dict(first.leaves), dict(again.leaves)
    names = dict.fromkeys([*before, *after])
    return [(n, before.get(n, ""), after.get(n, "")) for n in names if before.get(n) != after.get(n)]


def _creates(evidence: Evidence, sent: Sent) -> bool:
    """Whether a request created a document: a list entry or an edit of what exists is no second posting."""
    return any(action == "create" and (kind, id_) in evidence.made for _, _, kind, id_, _, action in sent.written)


def _look_up(evidence: Evidence, first: Sent, reads: Sequence[Sent]) -> Sent | None:
    """The last answered read since the first try that could have shown what became of it."""
    carried = set(evidence.carried(first))
    words = _resource_words(first, evidence)
    for read in reversed(reads):
        if read.number < first.number:
            return None
        if not read.succeeded:
            continue
        about = set(evidence.carried(read))
        if about & carried or (not (about and carried) and any(word in read.text for word in words)):
            return read
    return None


def _resource_words(first: Sent, evidence: Evidence) -> set[str]:
    """What reads of the same resource say: its name in the path, the kinds of documents, the general journal."""
    segments = [part.lower() for part in re.split(r"[/.]", first.path) if part.isalpha()]
    kinds = {document.kind.lower() for document in evidence.documents}
    return {*(part.removesuffix("s") for part in segments[-1:]), *kinds, "journal", "ledger", "transaction"}


def _shown(first: Sent, looked: Sent) -> bool:
    """Whether the read showed what the first try had made: then what follows is a new write, not a repeat."""
    answer = looked.entry.response_body.decode("utf-8", "replace")
    return any(says_word(answer, id_) for _, _, _, id_, _, action in first.written if action == "create")


def standing_of(evidence: Evidence, chain: Sequence[Repeat]) -> list[list[Document]]:
    """What each try of one write left standing, tries that left nothing aside. A batch leaves several documents."""
    tries = [chain[0].first, *(repeat.again for repeat in chain)]
    made = [[(w[2], w[3]) for w in sent.written if w[5] == "create"] for sent in tries]
    left = [[d for key in keys if (d := evidence.made.get(key)) is not None and evidence.counts(d)] for keys in made]
    return [documents for documents in left if documents]


def _could_have_harmed(chain: Sequence[Repeat]) -> bool:
    """A platform that refuses the second for the first one's sake protects its client: no harm could come."""
    return any(repeat.blind and (repeat.again.succeeded or repeat.again.outcome_unknown) for repeat in chain)


def _posted_twice(evidence: Evidence, chain: Sequence[Repeat], left: Sequence[Sequence[Document]]) -> Finding:
    tries = [chain[0].first, *(repeat.again for repeat in chain)]
    documents = [document for of_try in left for document in of_try]
    unseen = [sent for sent in tries if sent.outcome_unknown and sent.written]
    lost = numbers(unseen[:1] or tries[:1])
    saw_none = (
        f"was posted, but the client saw {saw(unseen[0].entry)} and sent the same again" if unseen else "was posted"
    )
    twice = _of_one(evidence, documents) if len(left[0]) > 1 else []
    return Finding(
        title=f"{_subject(evidence, twice or left[0])} stands in the books {times(len(left))}: "
        f"{listed([document.name for document in twice or documents])}.",
        message=f"{lost} {saw_none}. {_knows(documents, tries)}{_told(evidence, documents)}",
        invariants=("INV-01", "INV-09") if any(repeat.blind for repeat in chain) else ("INV-01",),
        failure_modes=(_failure_mode(chain),),
        transaction=_owner(evidence, documents),
        exchanges=tuple(sent.number for sent in tries),
        steps=tuple(step(sent) for sent in _with_reads(tries, chain)),
        repeat=_repeat(evidence, chain[0]),
        table=table(evidence, added(d.moves() for d in left[0]), added(document.moves() for document in documents)),
        control=f"With the answer to {lost} delivered whole, the same client posts it once.",
        remedy=_remedy(evidence, chain),
        assumption=_assumption(chain[0]),
    )


def _of_one(evidence: Evidence, documents: Sequence[Document]) -> Sequence[Document]:
    """Of a batch that was sent again in part: the documents of the one transaction that has several."""
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        found[evidence.owners.get((document.kind, document.id), "")].append(document)
    doubled = [own for owner, own in found.items() if owner and len(own) > 1]
    return doubled[0] if len(doubled) == 1 else []


def _subject(evidence: Evidence, documents: Sequence[Document]) -> str:
    given = evidence.by_id.get(_owner(evidence, documents))
    owners = {evidence.owners.get((d.kind, d.id), "") for d in documents}
    if given is not None and len(owners) == 1 and "" not in owners:
        return f"The {given}"
    first = documents[0]
    total = first.total
    of = f" of {total}" if total is not None else ""
    what = f"One {first.kind}{of}" if len(documents) == 1 else f"One batch of {len(documents)} documents"
    return f"{what}, dated {day(first.date)},"


def _knows(documents: Sequence[Document], tries: Sequence[Sent]) -> str:
    seen = {sent.number for sent in tries if sent.succeeded}
    known = [document.name for document in documents if document.made_by in seen]
    unknown = [document.name for document in documents if document.made_by not in seen]
    if not known:
        return f"It knows of none of them: {listed(unknown)}."
    return (
        f"It knows of {listed(known)}; nobody knows of {listed(unknown)}."
        if unknown
        else f"It knows of {listed(known)}."
    )


def _told(evidence: Evidence, documents: Sequence[Document]) -> str:
    given = evidence.by_id.get(_owner(evidence, documents))
    return f"\n{told(given)}" if given else ""


def _luckily_once(evidence: Evidence, chain: Sequence[Repeat], documents: Sequence[Document]) -> Finding:
    repeat = next(repeat for repeat in chain if repeat.blind)
    first, again = numbers([repeat.first]), numbers([repeat.again])
    why = f"because {first if not repeat.first.written else again} got no further than {_furthest(repeat)}"
    stands = f"This time {documents[0].name} stands once" if documents else "This time nothing was posted"
    what = documents[0].kind if documents else repeat.first.entry.operation
    return Finding(
        title=f"A {what} was sent again without asking whether the first try had been posted.",
        message=f"For {first} the client saw {saw(repeat.first.entry)}, and it sent {again} blindly. {stands}, {why}; "
        "the client could not know that. One step later the same calls post it twice.",
        invariants=("INV-09",),
        failure_modes=("FM-02",),
        transaction=_owner(evidence, documents) or next(iter(evidence.carried(repeat.first)), ""),
        exchanges=(repeat.first.number, repeat.again.number),
        steps=tuple(step(sent) for sent in _with_reads([repeat.first, repeat.again], [repeat])),
        repeat=_repeat(evidence, repeat),
        control=f"Lose the answer to {first} after the commit instead: the client sees the same bytes.",
        remedy=_remedy(evidence),
        assumption=_assumption(repeat),
    )


def _furthest(repeat: Repeat) -> str:
    return step(repeat.again if repeat.first.written else repeat.first).reached


def _owner(evidence: Evidence, documents: Sequence[Document]) -> str:
    return next((o for d in documents if (o := evidence.owners.get((d.kind, d.id)))), "")


def _with_reads(tries: Sequence[Sent], chain: Sequence[Repeat]) -> list[Sent]:
    found = {sent.number: sent for sent in [*tries, *(repeat.looked for repeat in chain if repeat.looked)]}
    return [found[number] for number in sorted(found)]


def _failure_mode(chain: Sequence[Repeat]) -> str:
    first = chain[0].first
    if first.late:
        return "FM-15"
    if any(fault.startswith(KILLED) for fault in first.entry.faults):
        return "FM-03"
    if chain[0].looked is not None:
        return "FM-44"
    if any(repeat.same_key for repeat in chain):
        return "FM-10"
    return "FM-14" if first.entry.cut == "truncated" or (not first.answered and not first.entry.cut) else "FM-01"


def _repeat(evidence: Evidence, repeat: Repeat) -> tuple[str, ...]:
    """What differs between the first try and its repeat, line by line."""
    lines = list(_differing(repeat)) or ["body: the same"]
    for way in evidence.platform.idempotency:
        before, after = (", ".join(sent.keys([way])) or "none" for sent in (repeat.first, repeat.again))
        lines.append(f"{way.replace(':', ' ')}: {before}" + (" both times" if before == after else f" -> {after}"))
    looked = repeat.looked
    lines.append(f"looked up in between: {f'#{looked.number} {looked.entry.method} {looked.path}' if looked else 'no'}")
    return tuple(lines)


def _differing(repeat: Repeat) -> Iterator[str]:
    """The values that differ; an element of a list that came or went is one line."""
    moved: dict[tuple[str, bool], int] = {}
    for where, before, after in repeat.differing:
        element = where[: where.find("]") + 1]
        if element and not (before and after):
            moved[element, bool(after)] = moved.get((element, bool(after)), 0) + 1
        else:
            yield f"{where or 'body'}: {before or 'nothing'} -> {after or 'nothing'}"
    for (element, came), count in moved.items():
        yield f"{element}: {count} value{'s' if count > 1 else ''}, only {'the second time' if came else 'at first'}"


def _remedy(evidence: Evidence, chain: Sequence[Repeat] = ()) -> str:
    if any(repeat.same_key for repeat in chain):
        return (
            "A key protects for a while only: the platform had forgotten it. Later than that, or whenever you cannot "
            "tell, look the transaction up by its reference before it is sent again, and adopt what is found."
        )
    look = "look it up by its reference before it is sent again, and adopt what is found"
    ways = [way.replace(":", " ") for way in evidence.platform.idempotency]
    if not ways:
        return f"{evidence.platform.title} has no idempotency key: {look}."
    return f"Send every try of one transaction with the same key ({' or '.join(ways)}), or {look}."


def _assumption(repeat: Repeat) -> str:
    like = "bodies equal" if not repeat.differing else "bodies that differ as shown above and in nothing else"
    return (
        f"{numbers([repeat.first])} and {numbers([repeat.again])} mean one transaction: same company and address, "
        f"{like}, and the first was never answered. A second purchase would carry a reference of its own."
    )
