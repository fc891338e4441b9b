"""Texts: whole characters, whole references, and references that stay apart. INV-38 and INV-39."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote

from sandbooks.audit.documents import Document, leaves_of
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import listed, steps_of, told

_BROKEN = re.compile("[\ud800-\udfff\ufffd]")
_PLAIN = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"(?=\S*\d)\S{8,}")
_WORDS = re.compile(r"[\w-]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ODD = re.compile(r"[^\x20-\x7e]|[&<>\"'%]")
LEAST = 8  # letters and digits of an id that tell it apart
Owned = tuple[Submitted, Document]


def characters_are_whole(evidence: Evidence) -> Iterator[Finding]:
    """INV-38 (S): what is stored of a text ends between two characters and is in the encoding in which it was sent."""
    for given, document in _owned(evidence):
        said = " ".join([given.merchant, given.notes, given.reference, *(line.description for line in given.lines)])
        wrong = next((text for _, text in leaves_of(document.text) if _is_broken(text, said)), None)
        if wrong is not None:
            yield Finding(
                title=f"{document.name} holds the broken text {wrong[-40:]!r}.",
                message=f"{told(given)} It was submitted as {said.strip()[:80]!r}.",
                invariants=("INV-38",),
                failure_modes=("FM-95",) if _BROKEN.search(wrong) else ("FM-94",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, [document]),
                control="A shorter text, or one of plain letters, is stored whole.",
                remedy="Cut texts by characters, never by bytes, and encode once.",
                assumption="The submitted texts hold no such character themselves.",
            )


def _is_broken(text: str, said: str) -> bool:
    if _BROKEN.search(text) and not _BROKEN.search(said):
        return True
    return any(word in text and word not in said for word in _encoded(said))


@lru_cache(maxsize=1024)
def _encoded(said: str) -> frozenset[str]:
    """The words of a text as they look where they were encoded once too often: as UTF-8, for HTML or for a URL."""
    odd = [word for word in said.split() if _ODD.search(word)]
    found = {_encoded_twice(word) for word in odd if not word.isascii()}
    found |= {escaped for word in odd for escaped in (html.escape(word), html.escape(word, quote=False))}
    return frozenset((found | {quote(word, safe="") for word in odd}) - set(odd))


def _encoded_twice(word: str) -> str:
    return word.encode("utf-8", "surrogatepass").decode("latin-1")


def references_are_whole(evidence: Evidence) -> Iterator[Finding]:
    """INV-38 (S): where a client keeps its reference, the reference is never cut off by the text before it."""
    owned = list(_owned(evidence))
    places = evidence.once("places of references", lambda: _places(evidence, owned))
    for given, document in owned:
        here = places.get(document.kind, {})
        if not here or any(_names(v, given) or _says_reference(v, given) for _, v in leaves_of(document.text)):
            continue
        others = {owner for owners in here.values() for owner in owners if owner != given.id}
        place = next(iter(here))
        value = dict(leaves_of(document.text)).get(place, "")
        if others and value and not _has_a_mark(evidence, document, owned):
            yield Finding(
                title=f"{document.name} for the {given} does not say which transaction it is: {place} is {value!r}.",
                message=f"{told(given)} Nobody can find it again by its reference, neither before a repeat nor later.",
                invariants=("INV-38",),
                failure_modes=("FM-95",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, [document]),
                control=f"With a shorter text before it, {place} carries the reference.",
                remedy="Put the reference first, or shorten the text around it to what is left of the limit.",
                assumption=f"In other documents of this run {place} carries at least {LEAST} characters of the id.",
            )


def references_stay_apart(evidence: Evidence) -> Iterator[Finding]:
    """INV-39 (S): two transactions never have one native reference, after truncation and case folding."""
    owned = list(_owned(evidence))
    places = evidence.once("places of references", lambda: _places(evidence, owned))
    least = evidence.once("telling apart", lambda: _telling_apart(evidence))
    taken: defaultdict[tuple[str, str, str], dict[str, Owned]] = defaultdict(dict)
    for given, document in owned:
        for place, value in leaves_of(document.text):
            if place in places.get(document.kind, {}) and value.strip():
                taken[document.kind, place, value.casefold()][given.id] = (given, document)
    for (_, place, value), found in taken.items():
        if len(found) < 2 or any(_names(value, given, least) for given, _ in found.values()):
            continue
        if _names_another(evidence, value, ""):
            continue  # what several documents refer to, as the payments of one bill do
        if value not in evidence.once("texts that were sent", lambda: _sent(evidence)):
            continue  # the platform's own words
        if len({given.reference.casefold() for given, _ in found.values()}) == 1 and _is_given(found, value):
            continue
        names = listed([document.name for _, document in found.values()])
        first, document = next(iter(found.values()))
        yield Finding(
            title=f"{names} have one reference, {value!r}, and stand for {len(found)} transactions.",
            message=f"Whoever looks one of them up finds the other: {listed([str(g) for g, _ in found.values()])}.",
            invariants=("INV-39",),
            failure_modes=("FM-95",),
            exchanges=tuple(sorted({n for _, d in found.values() for n in d.exchanges})),
            steps=steps_of(evidence, first.id, [document]),
            control="Shorter texts leave the references apart.",
            remedy="Cut the text before the reference, never the reference; a digest of the id stays short and apart.",
            assumption=f"{place} is where this client keeps its reference, as its other documents show.",
        )


def _sent(evidence: Evidence) -> frozenset[str]:
    """Every text that a write carried."""
    return frozenset(str(value).casefold() for sent in evidence.writes for _, value in sent.leaves)


def _is_given(found: dict[str, Owned], value: str) -> bool:
    """Whether the shared value is the reference that the transactions themselves were submitted with."""
    return any(given.reference and given.reference.casefold() in value for given, _ in found.values())


def _owned(evidence: Evidence) -> Iterator[Owned]:
    for given in evidence.submitted or ():
        for document in evidence.standing(given.id):
            yield given, document


def _places(evidence: Evidence, owned: list[Owned]) -> dict[str, dict[str, set[str]]]:
    """Where the documents of each kind carry their transaction's reference: path to the transactions found there."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for given, document in owned:
        for place, value in leaves_of(document.text):
            if _names(value, given) and not _names_another(evidence, value, given.id):
                found[document.kind][place].add(given.id)
    return {kind: dict(places) for kind, places in found.items()}


def _names(value: str, given: Submitted, least: int = LEAST) -> bool:
    """Whether a text carries the transaction's id: whole, or so much of its beginning."""
    wanted = _plain(given.id)
    if len(wanted) >= least and wanted[:least] in _plain(value):
        return True
    return any(token and token.casefold() in value.casefold() for token in (given.id, *given.tokens))


def _names_another(evidence: Evidence, value: str, id: str) -> bool:
    """Whether a text carries so much of the id of another transaction that it can mean no other: ids may begin alike,
    and a payment names its bill."""
    least = evidence.once("telling apart", lambda: _telling_apart(evidence))
    begins = evidence.once("beginnings", lambda: {_plain(g.id)[:least]: g.id for g in evidence.submitted or ()})
    said = _plain(value)
    if id and _plain(id)[:least] in said:
        return False
    return any(len(begin) >= least and begin in said for begin, other in begins.items() if other != id)


def _says_reference(value: str, given: Submitted) -> bool:
    """Whether a text carries the reference that the transaction was submitted with."""
    return bool(given.reference) and given.reference.casefold() in value.casefold()


def _telling_apart(evidence: Evidence) -> int:
    """How much of the beginning of an id tells it from all others."""
    ids = sorted({_plain(given.id) for given in evidence.submitted or ()})
    alike = [_alike(one, other) for one, other in pairwise(ids)]
    return max([LEAST, *(length + 1 for length in alike)])


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def _has_a_mark(evidence: Evidence, document: Document, owned: list[Owned]) -> bool:
    """Whether a document carries a token that its client sent and no other has: a reference of another make."""
    made_by = evidence.by_number.get(document.made_by)
    if made_by is None:
        return False
    counts = evidence.once("tokens of documents", lambda: Counter(t for _, d in owned for t in _tokens(d)))
    known = evidence.accounts.keys() | evidence.contacts.keys()
    return any(counts[t] == 1 and t not in known and t.lower() in made_by.text for t in _tokens(document))


def _tokens(document: Document) -> set[str]:
    """Words of a document by themselves that look like a reference: long, with digits, no date."""
    words = {word for _, text in leaves_of(document.text) for word in _WORDS.findall(text)}
    return {word for word in words if _TOKEN.fullmatch(word) and not _DATE.match(word)}


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Letters and digits alone."""
    return _PLAIN.sub("", text).casefold()
