"""XML to nested fields and back. Names are upper case inside, whatever the client's casing.

A leaf is text, a group is a mapping, a repeated element is a list. The gateway reads no document types and no entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from lxml import etree

from sandbooks.platforms.sage_intacct.refusals import RequestMalformed

Fields: TypeAlias = dict[str, Any]

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(data: bytes) -> etree._Element:
    """The root element. Raises ``RequestMalformed``."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if b"<!DOCTYPE" in data:
        raise RequestMalformed("a document type is not accepted")
    try:
        root = etree.fromstring(data.strip(), parser)
    except etree.XMLSyntaxError as error:
        raise RequestMalformed(problem(error, log=parser.error_log)) from error
    except ValueError as error:
        raise RequestMalformed(f"Fatal Error: {error}"[:200]) from error
    for element in root.iter():
        if element.tag is etree.Entity:
            raise RequestMalformed("an entity is not accepted")
    return root


def problem(error: etree.LxmlError, *, log: Any = None) -> str:
    """What a parser found, as the gateway words it: the parser's own number, its words and the place."""
    # Source: https://developer.intacct.com/web-services/error-handling/ (XML validation errors; numbers and words
    # are those of libxml2)
    word = "Error" if log is None else "Fatal Error"  # an error of syntax holds the log of what went wrong before, too
    entries: Any = error.error_log if log is None else log
    found = next(iter(entries), None)
    if found is None:
        return f"{word}: {error}"[:200]
    said = found.message.strip().rstrip(".")[:400]
    return f"{word} {found.type}: {said}. Line: {found.line}, column: {found.column}."


def name_of(element: etree._Element) -> str:
    """The local name of an element; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element) -> list[etree._Element]:
    """The child elements, comments left out."""
    return [child for child in element if isinstance(child.tag, str)]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name, its case as in the schema."""
    return next((found for found in children(element) if name_of(found) == name), None)


def text(element: etree._Element | None) -> str:
    """The text of a leaf, blanks around it taken off; empty for an absent one."""
    return "".join(str(part) for part in element.itertext()).strip() if element is not None else ""


def value_of(element: etree._Element) -> Any:
    """The value of an element: text, or fields."""
    inner = children(element)
    if not inner:
        return "".join(str(part) for part in element.itertext()).strip()
    return fields_of(element)


def fields_of(element: etree._Element) -> Fields:
    """The children of an element as fields; what repeats becomes a list."""
    found: Fields = {}
    for inner in children(element):
        name, value = name_of(inner).upper(), value_of(inner)
        if name in found:
            held = found[name]
            found[name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            found[name] = value
    if name_of(element).startswith("update"):
        # A line of an update function says which line it means. Source: the XSD of the gateway (updateccpayitem)
        found |= {f"@{name.upper()}": str(element.get(name)) for name in map(str, element.keys())}
    return found


def many(value: Any) -> list[Any]:
    """A value that may repeat, as a list; nothing for an empty one."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def append(parent: etree._Element, name: str, value: Any) -> None:
    """Write a value under a parent: fields nest, lists repeat the element, None is an empty element."""
    if isinstance(value, list):
        for each in value:
            append(parent, name, each)
        return
    element = etree.SubElement(parent, name)
    if isinstance(value, Mapping):
        for inner, each in value.items():
            append(element, inner, each)
    elif value not in (None, ""):
        element.text = clean(str(value))


def clean(value: str) -> str:
    """Text without the characters that XML cannot carry."""
    return _UNWRITABLE.sub("", value)


def dump(root: etree._Element) -> bytes:
    """The document with its declaration, as the gateway sends it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
