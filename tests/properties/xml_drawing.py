"""XML documents drawn from an XSD: elements in their order, choices taken, values from a word list or nasty."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
DEPTH_MAX = 9
TEXTS = (
    "", "x", "1", "-1", "0.005", "12.34", "true", "false", "2026-03-16", "2026-02-30", "9" * 20, "x" * 300, "²", "1E5",
    "NaN", "GBP",
)  # fmt: skip


class Drawing:
    """Documents of one schema. ``words`` are values that exist, by element name."""

    def __init__(self, path: Path, chance: random.Random, words: Mapping[str, Sequence[str]]) -> None:
        self._root = etree.parse(str(path)).getroot()
        self._named = {(each.tag, each.get("name")): each for each in self._root if isinstance(each.tag, str)}
        self._chance = chance
        self._words = words

    def declared(self, name: str) -> etree._Element:
        """A global element."""
        return self._named[XS + "element", name]

    def elements(self) -> list[str]:
        """The names of the global elements."""
        return [str(name) for tag, name in self._named if tag == XS + "element"]

    def element(self, declared: etree._Element, depth: int = 0) -> etree._Element:
        """One element with its content."""
        made = etree.Element(str(declared.get("name")))
        kind = self._type_of(declared)
        if kind is None or kind.tag == XS + "simpleType":
            made.text = self._text(made.tag, kind)
            return made
        for attribute in kind.findall(f"{XS}attribute"):
            if self._chance.random() < 0.3 or attribute.get("use") == "required":
                made.set(str(attribute.get("name")), self._chance.choice(("1", "", "x y", "0")))
        if kind.find(f"{XS}simpleContent") is not None:
            made.text = self._text(made.tag, None)
        for part in kind:
            made.extend(self._particle(part, depth + 1))
        return made

    def _type_of(self, declared: etree._Element) -> etree._Element | None:
        inline = [each for each in declared if each.tag in (XS + "complexType", XS + "simpleType")]
        if inline:
            return inline[0]
        name = declared.get("type", "")
        return self._named.get((XS + "complexType", name), self._named.get((XS + "simpleType", name)))

    def _particle(self, part: etree._Element, depth: int) -> Iterator[etree._Element]:
        for _ in range(self._times(part, depth)):
            if part.tag == XS + "element":
                yield self.element(part, depth)
            elif part.tag == XS + "sequence":
                for inner in part:
                    yield from self._particle(inner, depth)
            elif part.tag == XS + "choice" and len(part):
                yield from self._particle(self._chance.choice(list(part)), depth)
            elif part.tag == XS + "group":
                for inner in self._named[XS + "group", part.get("ref")]:
                    yield from self._particle(inner, depth)
            elif part.tag == XS + "any":
                yield from self._anything(depth)

    def _times(self, part: etree._Element, depth: int) -> int:
        if part.tag not in (XS + "element", XS + "sequence", XS + "choice", XS + "group", XS + "any"):
            return 0
        least, most = int(part.get("minOccurs", "1")), part.get("maxOccurs", "1")
        if least == 0 and self._chance.random() < (0.65 if depth < DEPTH_MAX else 1):
            return 0
        return max(least, 1) + (self._chance.randrange(2) if most == "unbounded" else 0)

    def _anything(self, depth: int) -> Iterator[etree._Element]:
        if depth < DEPTH_MAX and self._words:
            made = etree.Element(self._chance.choice(sorted(self._words)))
            made.text = self._text(str(made.tag), None)
            yield made

    def _text(self, name: Any, kind: etree._Element | None) -> str:
        listed = [] if kind is None else [str(each.get("value")) for each in kind.iter(f"{XS}enumeration")]
        roll = self._chance.random()
        if listed and roll < 0.85:
            return self._chance.choice(listed)
        words = self._words.get(str(name))
        if words and roll < 0.8:
            return self._chance.choice(list(words))
        return self._chance.choice(TEXTS)
