"""How a platform's XML is judged: what a platform declares so that elements can be held against its contract.

Some platforms say in XML what they say in JSON: a ``Form`` tells how members and lists are written, and the schemas of
the contract judge. Others have XML alone: ``Schemas`` are XSDs, with the platform's own doubts where an XSD cannot say
what is wrong. Knows no contract and no request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from lxml import etree
from msgspec import Struct

Element: TypeAlias = etree._Element


class Doubt(Struct, frozen=True):
    """One thing wrong with an element that no schema tells; ``attribute`` where it is one of its attributes."""

    element: Element
    message: str
    remedy: str
    attribute: str = ""


class Form(Struct, frozen=True, kw_only=True):
    """How XML says what JSON says.

    ``document`` is what a whole document holds: members by name, or the root itself where it is the document. ``name``
    is the member that an element stands for. ``item`` gives the name of a list's items from that of the list; without
    it a list is an element that repeats. ``attributes`` say something of an element's value; all others are members.
    ``root`` is what the root may be called by the name of its schema; nothing where that is free.
    """

    document: Callable[[Element], Element | Mapping[str, Element]]
    name: Callable[[Element], str]
    item: Callable[[str], str] | None = None
    attributes: frozenset[str] = frozenset()
    root: Callable[[str], tuple[str, ...]] | None = None


def no_doubts(_root: Element) -> Iterator[Doubt]:
    """Nothing that the schema does not tell."""
    return iter(())


class Callbacks(Struct, frozen=True, kw_only=True):
    """Calls that the platform makes of the user's own service, and what that answers.

    ``method`` is the name of a call by the headers of its request (names in lower case); empty for any other request.
    ``doubts`` go through the answer to a call; ``documents`` are requests that stand in one as texts, each with the
    element that holds it.
    """

    method: Callable[[Mapping[str, str]], str]
    doubts: Callable[[str, Element], Iterator[Doubt]]
    documents: Callable[[str, Element], Iterator[tuple[Element, bytes]]]


class Schemas(Struct, frozen=True, kw_only=True):
    """XSDs of requests and of answers, as texts; ``doubts`` go through a request that the schema was held against.

    Types may bear the attributes ``ANY_CASE`` and ``OWN``.
    """

    requests: Callable[[], bytes]
    answers: Callable[[], bytes]
    doubts: Callable[[Element], Iterator[Doubt]] = no_doubts
    callbacks: Callbacks | None = None


# A type with the one has elements whose names are read in any casing; with the other, a name that is like none of them
# may be a field of the user's own.
ANY_CASE = "{urn:sandbooks:elements}any-case"
OWN = "{urn:sandbooks:elements}own"
