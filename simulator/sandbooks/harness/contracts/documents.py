"""XML documents held against an XSD: what is unknown, missing, misplaced, too much or wrong, each by its place.

One mistake is told once: an element that stands in the wrong place is not also missing where it belongs.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from sandbooks.harness.contracts.elements import NotXml, children, local, parsed
from sandbooks.harness.contracts.grammar import Declared, Grammar, Kind, Order, Plain, wrong_with
from sandbooks.harness.contracts.values import Mistake, Stranger
from sandbooks.kit.elements import Element, Schemas
from sandbooks.settings import nearest

SHOWN_MAX = 60


@cache
def grammar_of(schema: Callable[[], bytes]) -> Grammar:
    """The grammar of a schema; read once."""
    return Grammar(schema())


def request_mistakes(schemas: Schemas, content: bytes, at: str = "body") -> Iterator[Mistake]:
    """The mistakes of a request document: those by its schema, and what the platform doubts beside."""
    try:
        root = parsed(content)
    except NotXml as error:
        yield Mistake(at, f"is no XML: {error}", "send one XML document")
        return
    yield from document_mistakes(root, grammar_of(schemas.requests), at)
    for doubt in schemas.doubts(root):
        place = way_to(doubt.element, at)
        yield Mistake(f"{place}@{doubt.attribute}" if doubt.attribute else place, doubt.message, doubt.remedy)


def answer_mistakes(schemas: Schemas, content: bytes) -> Iterator[Mistake]:
    """The mistakes of an answer."""
    try:
        root = parsed(content)
    except NotXml as error:
        yield Mistake("body", f"is no XML: {error}", "send one XML document")
        return
    yield from document_mistakes(root, grammar_of(schemas.answers), "body")


def document_mistakes(root: Element, grammar: Grammar, at: str) -> Iterator[Mistake]:
    """What is wrong with a document."""
    name = local(root.tag)
    if name not in grammar.elements:
        yield Stranger(f"{at}.{name}", "is no document of this operation", nearest(name, grammar.elements))
        return
    yield from _Judge(grammar).element(root, grammar.elements[name].kind, at)


def way_to(element: Element, at: str) -> str:
    """The way to an element from the root of its document."""
    steps = []
    parent = element.getparent()
    while parent is not None:
        beside = [each for each in children(parent) if each.tag == element.tag]
        index = f"[{beside.index(element)}]" if len(beside) > 1 else ""
        steps.append(f"{local(element.tag)}{index}")
        element, parent = parent, parent.getparent()
    return ".".join([at, *reversed(steps)])


class _Judge:
    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def element(self, element: Element, kind: Kind, at: str) -> Iterator[Mistake]:
        """What is wrong with an element of a type."""
        yield from self._attributes(element, kind, at)
        inner = children(element)
        if kind.text is not None:
            if inner:
                name = local(inner[0].tag)
                yield Stranger(f"{at}.{name}", "is no member of this element, which is a text", "send a text")
                return
            yield from text_mistakes("".join(map(str, element.itertext())), kind.text, at)
            return
        text = (element.text or "").strip()
        if text and not inner and kind.elements and not kind.open:
            yield Mistake(
                at,
                f"`{text[:SHOWN_MAX]}` is a text, and elements stand here",
                f"send {' or '.join([*kind.elements][:3])}",
            )
            return
        yield from self._content(inner, kind, at)

    def _attributes(self, element: Element, kind: Kind, at: str) -> Iterator[Mistake]:
        given = {str(name): str(value) for name, value in element.attrib.items() if not str(name).startswith("{")}
        for name, value in given.items():
            if name in kind.attributes:
                yield from text_mistakes(value, kind.attributes[name][1], f"{at}@{name}")
            elif not kind.any_attribute:
                remedy = nearest(name, kind.attributes) if kind.attributes else "leave it out"
                yield Stranger(f"{at}@{name}", "is no attribute of this element", remedy)
        for name, (required, _) in kind.attributes.items():
            if required and name not in given:
                yield Mistake(f"{at}@{name}", "is missing", f"send {name}")

    def _content(self, inner: Sequence[Element], kind: Kind, at: str) -> Iterator[Mistake]:
        names = [kind.called(local(each.tag)) for each in inner]
        places = _places(inner, names, at)
        known: list[int] = []
        for index, name in enumerate(names):
            declared = self._declared(name, kind)
            if declared is not None:
                known.append(index)
                yield from self.element(inner[index], declared.kind, places[index])
            elif kind.open:
                known.append(index)
            elif kind.may_be_own(name):
                continue
            else:
                candidates = kind.elements if kind.elements or not kind.lax else self._grammar.elements
                remedy = _nearest(name, candidates, any_case=kind.any_case) if candidates else "leave it out"
                yield Stranger(f"{at}.{local(inner[index].tag)}", "is no member of this element", remedy)
                if kind.lax:
                    known.append(index)  # it is told, and stands where something of the kind stands
        given, where = [names[index] for index in known], [places[index] for index in known]
        if kind.order is not None:
            yield from _Sequence(kind.order, given, where, at).mistakes()
        else:
            yield from _counted(kind, given, at)

    def _declared(self, name: str, kind: Kind) -> Declared | None:
        found = kind.elements.get(name)
        return found if found is not None or not kind.lax else self._grammar.elements.get(name)


def _nearest(name: str, known: Iterable[str], *, any_case: bool) -> str:
    """The remedy for an unknown name; where casing is free, the nearest name whatever its casing."""
    folded = {each.lower(): each for each in known}
    like = difflib.get_close_matches(name.lower(), folded, n=1) if any_case else []
    return nearest(folded[like[0]] if like else name, folded.values())


def _places(inner: Sequence[Element], names: Sequence[str], at: str) -> list[str]:
    """The ways to the elements beside each other; those of one name are numbered."""
    often, met = Counter(names), Counter[str]()
    found = []
    for element, name in zip(inner, names, strict=True):
        found.append(f"{at}.{local(element.tag)}" + (f"[{met[name]}]" if often[name] > 1 else ""))
        met[name] += 1
    return found


def _counted(kind: Kind, given: Sequence[str], at: str) -> Iterator[Mistake]:
    """Elements in any order: those that are missing, and those that stand too often."""
    often = Counter(given)
    for name, (least, most) in kind.counts.items():
        if often[name] < least:
            yield Mistake(f"{at}.{name}", "is missing", f"send {name}")
        if most is not None and often[name] > most:
            yield Mistake(f"{at}.{name}", f"stands {often[name]} times", "send it once")


class _Sequence:
    """Elements whose order is fixed. ``passed`` are the states before each of them."""

    def __init__(self, order: Order, names: Sequence[str], places: Sequence[str], at: str) -> None:
        self._order, self._names, self._places, self._at = order, names, places, at
        self._states = order.closure({0})
        self._passed: list[tuple[set[int], str]] = []
        self._told: Counter[str] = Counter()

    def mistakes(self) -> Iterator[Mistake]:
        """What is missing, misplaced or too much."""
        for index, name in enumerate(self._names):
            if not self._take(name):
                yield from self._misplaced(index, name)
        for name in self._order.way(self._states, None) or ():
            if not self._told[name]:
                yield Mistake(f"{self._at}.{name}", "is missing", f"send {name}")

    def _take(self, name: str) -> bool:
        following = self._order.after(self._states, name)
        if following:
            self._passed.append((self._states, name))
            self._states = following
        return bool(following)

    def _misplaced(self, index: int, name: str) -> Iterator[Mistake]:
        """An element that may not stand where it stands: something before it lacks, or it comes too late."""
        if self._told[name]:
            self._told[name] -= 1
            return
        lacking = self._order.way(self._states, name)
        if lacking is None:
            yield self._late(index, name)
            return
        rest = Counter(self._names[index + 1 :])
        for each in lacking:
            self._states = self._order.after(self._states, each)
            if rest[each]:
                rest[each] -= 1
                self._told[each] += 1
                message = f"stands before `{each}`, and the order of elements is fixed"
                yield Mistake(self._places[index], message, f"send `{each}` before `{name}`")
            else:
                yield Mistake(f"{self._at}.{each}", "is missing", f"send {each}")
        self._take(name)

    def _late(self, index: int, name: str) -> Mistake:
        place, beside = self._places[index], ""
        for states, passed in self._passed:
            after = self._order.after(states, name)
            if not after or passed == name:
                continue
            if self._order.way(after, passed) is not None:
                message = f"stands after `{passed}`, and the order of elements is fixed"
                return Mistake(place, message, f"send `{name}` before `{passed}`")
            beside = beside or passed
        if beside:
            return Mistake(place, f"does not go with `{beside}`", f"send `{beside}` or `{name}`, not both")
        often = self._names.count(name)
        if often > 1:
            return Mistake(place, f"stands {often} times", "send it once")
        return Mistake(place, "may not stand here", f"leave out {name}")


def text_mistakes(text: str, plain: Plain, at: str) -> Iterator[Mistake]:
    """What is wrong with a text."""
    for message, remedy in wrong_with(text, plain):
        if message:
            yield Mistake(at, message, remedy)
        else:
            shown = f"`{text[:SHOWN_MAX]}` is not among its values" if text else "is empty"
            yield Mistake(at, shown, nearest(text, filter(None, plain.values)))
