"""XML that says what JSON says, as values for the judge: an element is read as what the schema at its place wants.

An element alone does not tell whether it is a list, a document or a text; the schema does. So an element stays one
until the judge asks for it as something.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree

from sandbooks import exact_json
from sandbooks.kit.elements import Element, Form

_OTHER_ENCODING = re.compile(rb"^<\?xml[^>]*encoding=[^>]*\?>")


class NotXml(ValueError):
    """A body is no XML document of the kind that platforms read."""


class Text(str):
    """A value that came as text and may stand for a number or a truth value."""

    __slots__ = ()

    def as_one_of(self, types: Collection[str]) -> Any:
        """The value of one of some types; itself where it is none of them. Blank is as good as none."""
        if "string" in types or not types:
            return str(self)
        text = self.strip()
        if not text:
            return None
        if "boolean" in types and text.lower() in ("true", "false", "1", "0"):
            return text.lower() in ("true", "1")
        if "number" in types or "integer" in types:
            return _number(text)
        return str(self)


def _number(text: str) -> Any:
    try:
        found = exact_json.loads(text.removeprefix("+").encode())
    except exact_json.MalformedJson:
        return text
    return found if not isinstance(found, (bool, str, list, dict)) and found is not None else text


class Several(list[Any]):
    """Elements of one name beside each other."""

    @property
    def may_repeat(self) -> bool:
        """Whether that is how a list is written."""
        return isinstance(self[0], Part) and self[0].form.item is None


def parsed(body: bytes) -> Element:
    """The root of a document. Raises ``NotXml``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        plain = _OTHER_ENCODING.sub(b"", body.strip(), count=1)
        if plain != body.strip():  # a recording holds texts: what they were encoded in is of the past
            return parsed(plain)
        raise NotXml(str(error)) from error


def children(element: Element) -> list[Element]:
    """The child elements."""
    return [each for each in element if isinstance(each.tag, str)]


def local(name: str | Any) -> str:
    """A name without its namespace."""
    return etree.QName(name).localname


class Members(dict[str, Any]):
    """Members by name. ``repeats``: a list is an element that stands several times, so that an empty one is nowhere."""

    repeats = False


class Part:
    """An element whose place in a document gives it its meaning. ``called`` is the member that holds it."""

    def __init__(self, element: Element, form: Form, called: str = "") -> None:
        self.element = element
        self.form = form
        self.called = called
        self._inner = children(element)

    def as_one_of(self, types: Collection[str]) -> Any:
        """The value as one of some types: a list, members by name, or a text."""
        if any(local(name) == "nil" and value == "true" for name, value in self.element.attrib.items()):
            return None
        if "array" in types and ("object" not in types or self._is_list):
            return self.items() if self.form.item else [self]
        if self._inner or "object" in types:
            return self.members()
        return Text(self._text).as_one_of(types)

    @property
    def _text(self) -> str:
        return "".join(str(each) for each in self.element.itertext())

    @property
    def _is_list(self) -> bool:
        names = {self.form.name(each).lower() for each in self._inner}
        return self.form.item is not None and names == {self.form.item(self.called).lower()}

    @property
    def _members_beside(self) -> dict[str, Text]:
        """The attributes that are members."""
        plain = {str(name): value for name, value in self.element.attrib.items() if not str(name).startswith("{")}
        return {name: Text(value) for name, value in plain.items() if name not in self.form.attributes}

    def items(self) -> list[Part]:
        """The items of a list that stand within it."""
        called = self.form.item(self.called) if self.form.item else self.called
        return [Part(each, self.form, called) for each in self._inner]

    def members(self) -> dict[str, Any]:
        """Members by name; the text beside attributes is the member ``value``."""
        found = Members(self._members_beside)
        found.repeats = self.form.item is None
        for each in self._inner:
            name = self.form.name(each)
            if name in found:
                held = found[name]
                found[name] = Several([*(held if isinstance(held, Several) else [held]), Part(each, self.form, name)])
            else:
                found[name] = Part(each, self.form, name)
        if not self._inner and self._text.strip():
            found["value"] = Text(self._text)
        return found

    def strange_items(self) -> Iterator[tuple[int, str, str]]:
        """Items that are not called as those of this list are: where, how, and the name that is right."""
        if self.form.item is None:
            return
        wanted = self.form.item(self.called)
        for index, each in enumerate(self._inner):
            name = self.form.name(each)
            if name.lower() != wanted.lower():
                yield index, name, wanted

    def strange_attributes(self) -> list[str]:
        """Attributes of an element that holds a text or a list, and so has no members."""
        return list(self._members_beside)

    def __str__(self) -> str:
        return self._text


def document_of(root: Element, form: Form) -> Any:
    """What a whole document holds, for the judge."""
    found = form.document(root)
    if isinstance(found, Mapping):
        members = Members()
        members.repeats = form.item is None
        for name, each in found.items():
            members[name] = Part(each, form, name)
        return members
    return Part(found, form, form.name(found))
