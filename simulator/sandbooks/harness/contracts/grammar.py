"""An XSD as something to ask: what may an element be called, hold and say, and in which order do its parts stand.

A validator tells the first thing that is wrong, in the words of automata. Here the order of elements is an automaton of
our own, so that what is missing, misplaced or too much can be told each by itself. Of XSD there is what contracts use:
sequences, choices, groups, ``all`` (also with elements that repeat), ``any``, attributes, and restrictions of texts.
"""

from __future__ import annotations

import difflib
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from sandbooks.kit.elements import ANY_CASE, OWN, Element

XS = "{http://www.w3.org/2001/XMLSchema}"
ANY = "*"
OWN_UNLIKE = 0.8
_PARTS = ("element", "sequence", "choice", "all", "group", "any")
_BUILT_IN: Mapping[str, tuple[str, str]] = {
    "boolean": (r"true|false|0|1", "true or false"),
    "nonNegativeInteger": (r"\+?\d+", "a whole number"),
    "integer": (r"[+-]?\d+", "a whole number"),
    "decimal": (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number"),
    "date": (r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "a date"),
    "dateTime": (r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "a date with its time"),
}


@dataclass(frozen=True)
class Plain:
    """What a text may be: one of ``values``, of a length, of a form that has ``form_name``."""

    values: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    form: str = ""
    form_name: str = ""


@dataclass(frozen=True)
class Declared:
    """An element that may stand somewhere. ``kind`` is asked for when it is met: kinds hold each other."""

    name: str
    grammar: Grammar
    node: Element

    @property
    def kind(self) -> Kind:
        return self.grammar.kind_of(self.node)


@dataclass
class Order:
    """The states that the elements of a content lead through; ``edges`` by state: name, element, next state."""

    edges: list[list[tuple[str, Declared | None, int]]] = field(default_factory=lambda: [[]])
    skips: list[list[int]] = field(default_factory=lambda: [[]])
    end: int = 0

    def state(self) -> int:
        self.edges.append([])
        self.skips.append([])
        return len(self.edges) - 1

    def closure(self, states: set[int]) -> set[int]:
        """The states with those that are reached without an element."""
        found, left = set(states), list(states)
        while left:
            for each in self.skips[left.pop()]:
                if each not in found:
                    found.add(each)
                    left.append(each)
        return found

    def after(self, states: set[int], name: str) -> set[int]:
        """The states after an element of that name; none where it may not stand."""
        found = {to for state in states for called, _, to in self.edges[state] if called in (name, ANY)}
        return self.closure(found)

    def way(self, states: set[int], name: str | None) -> list[str] | None:
        """The fewest elements that must stand before one of that name may, or before the end; None where none help."""
        queue: deque[tuple[int, tuple[str, ...]]] = deque((state, ()) for state in states)
        seen = set(states)
        while queue:
            state, passed = queue.popleft()
            if state == self.end if name is None else any(each[0] in (name, ANY) for each in self.edges[state]):
                return list(passed)
            for called, _, to in self.edges[state]:
                for each in self.closure({to}):
                    if each not in seen:
                        seen.add(each)
                        queue.append((each, (*passed, called)))
        return None


@dataclass
class Kind:
    """A type: its attributes with what they say and whether they are needed, and its text or its elements.

    ``elements`` are those that may stand in it, by name; ``order`` is None where their order is free, and ``counts``
    then says how often each may stand. ``lax`` content is any element that the schema knows, ``open`` any at all;
    with ``own`` a name that is like none of them may be a field of the user's own.
    """

    attributes: dict[str, tuple[bool, Plain]] = field(default_factory=dict)
    any_attribute: bool = False
    text: Plain | None = None
    elements: dict[str, Declared] = field(default_factory=dict)
    order: Order | None = None
    counts: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    lax: bool = False
    open: bool = False
    any_case: bool = False
    own: bool = False

    def called(self, name: str) -> str:
        """The name that an element stands for, in any casing where that is free."""
        if name in self.elements or not self.any_case:
            return name
        return next((each for each in self.elements if each.lower() == name.lower()), name)

    def may_be_own(self, name: str) -> bool:
        """Whether an unknown name is so unlike all others that it is none of them misspelt."""
        # One letter more or less and two that changed places leave names this much alike.
        alike = min(1 - 1 / len(name), OWN_UNLIKE) - 0.01
        known = [each.upper() for each in self.elements]
        return self.own and not difflib.get_close_matches(name.upper(), known, n=1, cutoff=max(alike, 0.5))


class Grammar:
    """One XSD."""

    def __init__(self, text: bytes) -> None:
        self._root = etree.fromstring(text)
        named = [each for each in self._root if isinstance(each.tag, str) and each.get("name")]
        self._named = {(each.tag, each.get("name")): each for each in named}
        self._kinds: dict[Element, Kind] = {}
        self._plain: dict[Element, Plain] = {}
        self.elements = {
            str(each.get("name")): Declared(str(each.get("name")), self, each)
            for each in named
            if each.tag == XS + "element"
        }

    def kind_of(self, node: Element) -> Kind:
        """The type of an element."""
        if node not in self._kinds:
            self._kinds[node] = self._kind(node)
        return self._kinds[node]

    def _kind(self, node: Element) -> Kind:
        inline = next((each for each in node if each.tag in (XS + "complexType", XS + "simpleType")), None)
        name = node.get("type", "")
        found = inline if inline is not None else self._named.get((XS + "complexType", name))
        if found is None:
            found = self._named.get((XS + "simpleType", name))
        if found is None:
            return Kind(text=self._built_in(name)) if name else Kind(any_attribute=True, open=True)
        if found is inline or found.tag == XS + "simpleType":
            return Kind(text=self._text(found)) if found.tag == XS + "simpleType" else self._complex(found)
        if found not in self._kinds:
            self._kinds[found] = self._complex(found)
        return self._kinds[found]

    def _complex(self, node: Element) -> Kind:
        kind = Kind(any_case=node.get(ANY_CASE) == "true", own=node.get(OWN) == "true")
        extension = node.find(f"{XS}simpleContent/{XS}extension")
        holder = node if extension is None else extension
        for each in holder.iterfind(f"{XS}attribute"):
            kind.attributes[str(each.get("name"))] = (each.get("use") == "required", self._attribute(each))
        kind.any_attribute = holder.find(f"{XS}anyAttribute") is not None
        if extension is not None:
            kind.text = self._base(extension.get("base", ""))
            return kind
        content = [each for each in node if _is_part(each)]
        if content and content[0].tag == XS + "all":
            self._read_all(kind, content[0])
        elif content:
            kind.order = Order()
            kind.order.end = self._built(kind, content[0], 0)
        elif node.get("mixed") == "true":
            kind.text = Plain()
        return kind

    def _read_all(self, kind: Kind, node: Element) -> None:
        for each in filter(_is_part, node):
            if each.tag == XS + "any":
                kind.open = True
                continue
            name = str(each.get("name"))
            kind.elements[name] = Declared(name, self, each)
            kind.counts[name] = _occurs(each)

    def _built(self, kind: Kind, node: Element, start: int) -> int:
        """The state after a part that begins in a state."""
        order = kind.order
        if order is None:
            raise AssertionError("only what has an order is built")
        least, most = _occurs(node)
        at = start
        for _ in range(least):
            at = self._once(kind, node, at)
        if most is None:
            hub = order.state()
            order.skips[at].append(hub)
            order.skips[self._once(kind, node, hub)].append(hub)
            return hub
        ends = [at]
        for _ in range(most - least):
            at = self._once(kind, node, at)
            ends.append(at)
        for each in ends[:-1]:
            order.skips[each].append(at)
        return at

    def _once(self, kind: Kind, node: Element, start: int) -> int:
        order = kind.order
        if order is None:
            raise AssertionError("only what has an order is built")
        begin = order.state()
        order.skips[start].append(begin)
        if node.tag == XS + "element":
            end, name = order.state(), str(node.get("name"))
            declared = Declared(name, self, node)
            kind.elements.setdefault(name, declared)
            order.edges[begin].append((name, declared, end))
            return end
        if node.tag == XS + "any":
            end = order.state()
            kind.lax |= node.get("processContents") == "lax"
            kind.open |= node.get("processContents") != "lax"
            order.edges[begin].append((ANY, None, end))
            return end
        inner = list(filter(_is_part, self._named[XS + "group", node.get("ref")] if node.tag == XS + "group" else node))
        if node.tag == XS + "choice":
            end = order.state()
            for each in inner:
                order.skips[self._built(kind, each, begin)].append(end)
            return end
        for each in inner:
            begin = self._built(kind, each, begin)
        return begin

    def _attribute(self, node: Element) -> Plain:
        inline = node.find(f"{XS}simpleType")
        return self._text(inline) if inline is not None else self._base(node.get("type", ""))

    def _base(self, name: str) -> Plain:
        found = self._named.get((XS + "simpleType", name))
        return self._text(found) if found is not None else self._built_in(name)

    def _built_in(self, name: str) -> Plain:
        form, form_name = _BUILT_IN.get(name.partition(":")[2], ("", ""))
        return Plain(form=form, form_name=form_name)

    def _text(self, node: Element) -> Plain:
        if node not in self._plain:
            self._plain[node] = self._restricted(node)
        return self._plain[node]

    def _restricted(self, node: Element) -> Plain:
        restriction = node.find(f"{XS}restriction")
        if restriction is None:
            return Plain()
        base = self._base(restriction.get("base", ""))
        facets: dict[str, Any] = {}
        values = tuple(str(each.get("value")) for each in restriction.iterfind(f"{XS}enumeration"))
        for name, facet in (("least", "minLength"), ("most", "maxLength")):
            found = restriction.find(f"{XS}{facet}")
            if found is not None:
                facets[name] = int(found.get("value", "0"))
        pattern = restriction.find(f"{XS}pattern")
        form, form_name = base.form, base.form_name
        if pattern is not None:
            form, form_name = str(pattern.get("value")), node.get("name", "") or str(pattern.get("value"))
        return Plain(
            values or base.values, facets.get("least", base.least), facets.get("most", base.most), form, form_name
        )


def _is_part(node: Element) -> bool:
    return isinstance(node.tag, str) and node.tag.removeprefix(XS) in _PARTS


def _occurs(node: Element) -> tuple[int, int | None]:
    most = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), None if most == "unbounded" else int(most)


def wrong_with(text: str, plain: Plain) -> Iterator[tuple[str, str]]:
    """What is wrong with a text: the trouble, and what to send."""
    if plain.values and text not in plain.values:
        yield "", ""
    elif plain.form and not re.fullmatch(plain.form, text.strip()):
        yield f"`{text[:60]}` is not {plain.form_name}", f"send {plain.form_name}"
    elif len(text) < plain.least:
        yield "is empty" if not text else f"is {len(text)} characters long", f"send {plain.least} characters at least"
    elif plain.most is not None and len(text) > plain.most:
        yield f"is {len(text)} characters long", f"send {plain.most} at most"
