"""A short notation for ordered XML content, and the trees that are read from it.

``Name:type(31)?`` is an element with its scalar type (or group), longest length and quantifier; ``( a | b )`` is a
choice; ``&group`` copies a group's content in; ``~`` marks what the US edition does not know. qbXML is a sequence at
every level: the order here is the order on the wire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<bar>\|)|\)(?P<close>[?*+]?)|&(?P<group>[A-Za-z]+)"
    r"|(?P<foreign>~?)(?P<name>[A-Za-z0-9]+):(?P<type>[A-Za-z0-9]+)(?:\((?P<length>\d+)\))?(?P<many>[?*+]?))"
)
_COUNTS: Mapping[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


class Element(Struct, frozen=True):
    """One element: a scalar of a type, an enumeration, a reference, or an aggregate with content."""

    name: str
    type: str = ""
    length: int = 0
    least: int = 1
    most: int | None = 1
    foreign: bool = False
    values: tuple[str, ...] = ()
    content: Sequence | None = None
    group: str = ""

    @property
    def is_reference(self) -> bool:
        return self.type == "Ref"


class Choice(Struct, frozen=True):
    """Branches of which one (or any number, if repeated) is taken."""

    branches: tuple[Sequence, ...]
    least: int = 1
    most: int | None = 1


Part: TypeAlias = "Element | Choice"


class Sequence(Struct, frozen=True, dict=True):
    """Parts in their order."""

    parts: tuple[Part, ...]

    @cached_property
    def elements(self) -> dict[str, Element]:
        """Every element that may stand here, by name, choices included."""
        return {element.name: element for element in _flat(self)}


def _flat(sequence: Sequence) -> Iterator[Element]:
    for part in sequence.parts:
        if isinstance(part, Element):
            yield part
        else:
            for branch in part.branches:
                yield from _flat(branch)


class Notation:
    """Groups and enumerations by name, and content read from text over them."""

    def __init__(self, groups: Mapping[str, str], enumerations: Mapping[str, str]) -> None:
        self._texts = groups
        self._values = {name: tuple(text.split()) for name, text in enumerations.items()}
        self._read: dict[str, Sequence] = {}

    def group(self, name: str) -> Sequence:
        """The content of a named group."""
        if name not in self._read:
            self._read[name] = self.read(self._texts[name])
        return self._read[name]

    def read(self, text: str) -> Sequence:
        """The content that a text describes. Raises ``ValueError`` where it is ill-written."""
        tokens = list(_tokens(text))
        sequence, rest = self._sequence(tokens)
        if rest:
            raise ValueError(f"unread notation: {rest[0]}")
        return sequence

    def _sequence(self, tokens: list[dict[str, str | None]]) -> tuple[Sequence, list[dict[str, str | None]]]:
        parts: list[Part] = []
        while tokens and tokens[0]["bar"] is None and tokens[0]["close"] is None:
            token, tokens = tokens[0], tokens[1:]
            if token["open"] is not None:
                choice, tokens = self._choice(tokens)
                parts.append(choice)
            elif token["group"] is not None:
                parts.extend(self.group(token["group"]).parts)
            else:
                parts.append(self._element(token))
        return Sequence(tuple(parts)), tokens

    def _choice(self, tokens: list[dict[str, str | None]]) -> tuple[Choice, list[dict[str, str | None]]]:
        branches = []
        while True:
            branch, tokens = self._sequence(tokens)
            branches.append(branch)
            token, tokens = tokens[0], tokens[1:]
            if token["close"] is not None:
                least, most = _COUNTS[token["close"]]
                return Choice(tuple(branches), least, most), tokens

    def _element(self, token: Mapping[str, str | None]) -> Element:
        least, most = _COUNTS[token["many"] or ""]
        type, length = str(token["type"]), int(token["length"] or 0)
        made = Element(str(token["name"]), type, length, least, most, foreign=bool(token["foreign"]))
        if type == "Ref":
            parts = (Element("ListID", "id", 0, 0), Element("FullName", "str", length, 0))
            return replace(made, content=Sequence(parts))
        if type in self._values:
            return replace(made, type="enum", values=self._values[type])
        return replace(made, type="", content=self.group(type), group=type) if type in self._texts else made


def _tokens(text: str) -> Iterator[dict[str, str | None]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"ill-written notation at {text[at : at + 40]!r}")
        at = match.end()
        yield match.groupdict()
