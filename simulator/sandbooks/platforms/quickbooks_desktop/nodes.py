"""A request after parsing: elements with their converted values, in document order.

What the schema has admitted is converted here, value by value; the first that does not convert refuses its request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from msgspec import Struct, field

from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.refusals import TooLong, UnwritableText
from sandbooks.platforms.quickbooks_desktop.schema.notation import Element, Sequence


class Node(Struct, frozen=True):
    """One element. ``value`` is what a scalar means, ``text`` how it is kept and written again."""

    name: str
    value: Any = None
    text: str = ""
    macro: str = ""
    used_macro: str = ""
    children: tuple[Node, ...] = field(default=())
    element: Element | None = None

    def child(self, name: str) -> Node | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Node]:
        """Every child of a name."""
        return [child for child in self.children if child.name == name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a child; the default where there is none."""
        found = self.child(name)
        return default if found is None else found.value

    def has(self, name: str) -> bool:
        return self.child(name) is not None

    @property
    def is_reference(self) -> bool:
        return self.element is not None and self.element.is_reference


class Reading(Struct, frozen=True):
    """How values are taken: what becomes of characters that the file cannot store, and which fields it does not know.

    ``left_out`` collects the names of those fields, in the order in which they stood.
    """

    unwritable: str = "refused"
    us: bool = False
    unsupported: frozenset[str] = frozenset()
    left_out: list[str] = field(default_factory=list)

    def node(self, xml: etree._Element, content: Sequence) -> Node:
        """The request element with everything in it. Raises the refusal of the first value that does not convert."""
        return Node(str(xml.tag), children=tuple(self._children(xml, content)))

    def _children(self, xml: etree._Element, content: Sequence) -> Iterator[Node]:
        for child in xml.iterchildren(etree.Element):
            element = content.elements[str(child.tag)]
            if (element.foreign and self.us) or element.name in self.unsupported:
                self.left_out.append(element.name)
            else:
                yield self._one(child, element)

    def _one(self, xml: etree._Element, element: Element) -> Node:
        macro, used = str(xml.get("defMacro", "")), str(xml.get("useMacro", ""))
        if element.content is not None:
            children = tuple(self._children(xml, element.content))
            return Node(element.name, macro=macro, children=children, element=element)
        raw = "".join(str(part) for part in xml.itertext())
        if used:
            return Node(element.name, used, used, used_macro=used, element=element)
        if element.type in ("str", "enum"):
            text = self._string(raw, element)
            return Node(element.name, text, text, element=element)
        value = values.read(element.type, element.name, raw)
        return Node(element.name, value, values.write(value, element.type), element=element)

    def _string(self, raw: str, element: Element) -> str:
        """A text in the file's own characters. Source: Desktop stores Windows-1252."""
        text = raw.encode("cp1252", "replace").decode("cp1252")
        if text != raw and self.unwritable == "refused":
            raise UnwritableText(element.name, raw)
        if element.length and len(text) > element.length:
            raise TooLong(element.name, text, element.length)
        return text
