"""Reading the tape as the client saw it: what a request said, whether its answer was one, which keys made it safe.

Knows wire values and what a platform declares about itself; no platform by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from sandbooks import exact_json
from sandbooks.recording.canonical import decoded
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry

_BOUNDARY = re.compile(r'^multipart/.*?boundary="?([^";]+)', re.IGNORECASE)
_ELEMENT_TEXT = re.compile(r"<([\w.:\-]+)[^<>]*>([^<]*)<")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?|\d{10}(?:\d{3})?(?:\.\d+)?")

KILLED = "kill"  # how a harness notes on an exchange that the client died in it
Leaf = tuple[str, str]


@dataclass(frozen=True)
class Sent:
    """One exchange as its client knows it. ``late`` is what came of it after the client had given up."""

    entry: TapeEntry
    late: tuple[TapeEntry, ...] = ()

    @property
    def number(self) -> int:
        return self.entry.number

    @cached_property
    def path(self) -> str:
        """The vendor's own path."""
        return urlsplit(self.entry.url).path.removeprefix(urlsplit(self.entry.base_url).path)

    @cached_property
    def body(self) -> str:
        """The body as text, its encoding taken off."""
        entry = self.entry
        return decoded(entry.request_body, entry.request_headers).decode("utf-8", "replace")

    @cached_property
    def text(self) -> str:
        """Everything that the request says, lower case."""
        return f"{unquote_plus(self.entry.url)}\n{self.body}".lower()

    @cached_property
    def content(self) -> str:
        """The body without what a client library draws afresh for each sending: multipart boundaries."""
        boundary = _BOUNDARY.search(header_of(self.entry.request_headers, "Content-Type"))
        return self.body.replace(boundary[1].strip(), "boundary") if boundary else self.body

    @cached_property
    def leaves(self) -> list[Leaf]:
        """The values of a JSON or XML body with where they stand; the whole body as one value otherwise."""
        return _values(self.content)

    @cached_property
    def answer_leaves(self) -> list[Leaf]:
        """The same for the answer."""
        entry = self.entry
        return _values(decoded(entry.response_body, entry.response_headers).decode("utf-8", "replace"))

    @property
    def answered(self) -> bool:
        """The client got a whole answer that a program can read as the platform's own, and lived to read it."""
        if any(fault.startswith(KILLED) for fault in self.entry.faults):
            return False
        html = header_of(self.entry.response_headers, "Content-Type").lower().startswith("text/html")
        return self.entry.answered and not html

    @property
    def outcome_unknown(self) -> bool:
        """The client cannot tell from what it saw whether the write happened.

        A refused connection is certain: nothing was sent. A server's own failure (5xx) is not: the gateway may have
        given up on a platform that had not.
        """
        if self.entry.cut == "refused":
            return False
        return not self.answered or self.entry.status >= 500 or self.entry.status == 408

    @property
    def succeeded(self) -> bool:
        """The client saw a success."""
        return self.answered and 200 <= self.entry.status < 300

    @property
    def written(self) -> list[tuple[str, str, str, str, int, str]]:
        """Every record version that came of the request, late ones included: platform, company, kind, id, version,
        action."""
        return [w for entry in (self.entry, *self.late) for w in entry.written]

    def keys(self, declared: Sequence[str]) -> list[str]:
        """The values that make a repetition safe, for each way that the platform declares."""
        return [value for way in declared for value in self._key(way)]

    def _key(self, way: str) -> list[str]:
        place, _, name = way.partition(":")
        if place == "header":
            found = header_of(self.entry.request_headers, name)
            return [found] if found else []
        if place == "query":
            return parse_qs(urlsplit(self.entry.url).query).get(name, [])
        if place == "path":
            parts = unquote(urlsplit(self.entry.url).path).split("/")
            return [part[len(name) :] for part in parts if part.lower().startswith(name.lower()) and part != name]
        values = [value for where, value in self.leaves if where.rpartition(".")[2].lower() == name.lower() and value]
        return values or _attributes(self.content, name)


def _attributes(body: str, name: str) -> list[str]:
    """The values of an XML body's attributes of a name."""
    if not body.lstrip("\ufeff \t\r\n").startswith("<"):
        return []
    return [value for value in re.findall(rf'<[^<>]*\s{re.escape(name)}="([^"<>]*)"', body, re.IGNORECASE) if value]


def _values(body: str) -> list[Leaf]:
    text = body.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        try:
            return list(_leaves(exact_json.loads(text.encode()), ""))
        except exact_json.MalformedJson:
            return [("", text)]
    if text.startswith("<"):
        return _ELEMENT_TEXT.findall(text)
    return [("", text)]


def _leaves(value: Any, where: str) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _leaves(member, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from _leaves(member, f"{where}[{place}]")
    else:
        yield where, str(value)


def says_word(text: str, word: str) -> bool:
    """Whether a text holds a word that stands by itself: ``r-1`` is not in ``r-12``. Both in one case."""
    at = text.find(word) if word else -1
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(word) : at + len(word) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(word, at + 1)
    return False


def unlike(first: Sent, again: Sent) -> list[tuple[str, str, str]] | None:
    """Where two bodies differ though they mean the same: a time stamp drawn afresh, a suffix to a number.

    None when they do not mean the same: an amount, a date, a name or a reference of its own differs.
    """
    if first.content == again.content:
        return []
    pairs = zip(first.leaves, again.leaves, strict=False)
    if len(first.leaves) != len(again.leaves) or len(first.leaves) < 2:
        return None
    differing = []
    for (where, before), (other, after) in pairs:
        if where != other:
            return None
        if before != after:
            if not (_volatile(before, after) or _extended(before, after) or _extended(after, before)):
                return None
            differing.append((where, before, after))
    return differing if len(differing) < len(first.leaves) else None


def _volatile(before: str, after: str) -> bool:
    return bool(_STAMP.fullmatch(before) and _STAMP.fullmatch(after))


def _extended(short: str, long: str) -> bool:
    """``r-02`` and ``r-02-1``, ``r-02 (2)``: the same number with a suffix that its writer set apart."""
    rest = long.removeprefix(short)
    return bool(short) and rest not in ("", long) and rest[0] in "-_/ (#~"
