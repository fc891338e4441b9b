"""A misspelt element or attribute is named wherever it stands, as a misspelt member of JSON is.

Documents come from what clients send, from the examples and schemas of the contracts written as XML, and drawn from the
XSDs. What else is told, and that lawful documents are silent, is held against libxml2's validator.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from lxml import etree
from tests.harness.contracts.test_misspellings import bodies, misspelt, names_of, path_of, unnamed
from tests.properties.test_xml_contracts_fuzzed import misplaced
from tests.properties.xml_drawing import Drawing

from sandbooks.harness.contracts.checking import path_on, problems_of
from sandbooks.harness.contracts.day import day_at
from sandbooks.harness.contracts.description import Described, description_of
from sandbooks.harness.contracts.documents import document_mistakes
from sandbooks.harness.contracts.grammar import Grammar
from sandbooks.harness.contracts.requests import mistakes_in, operation_at
from sandbooks.harness.contracts.writing import examples_of
from sandbooks.kit.elements import Schemas
from sandbooks.platform import platforms
from sandbooks.platforms.freeagent import xml_form
from sandbooks.platforms.sage_intacct.gateway import legacy
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, ObjectType
from sandbooks.platforms.xero.wire.writing import item_of, xml_document
from sandbooks.settings import contract_path
from sandbooks.wire import Request

XML = (("Authorization", "Bearer x"), ("Content-Type", "application/xml"), ("xero-tenant-id", "t"))
# What may be called anything, with the reason.
OPEN = {
    "freeagent": {
        "payment-methods": "the ways to pay an invoice are named by the payment services",
        "@key": "it names an entry whose member no element can bear",
    },
    "quickbooks_online": {},
    "xero": {},
    "quickbooks_desktop": {},
    "sage_intacct": {},
}


def freeagent(document: Any, _schema: str) -> bytes:
    return xml_form.rendered(document)


def xero(document: Any, schema: str) -> bytes:
    """The list that a document is wrapped in, or the bare document."""
    if len(document) == 1 and isinstance(next(iter(document.values())), list):
        return etree.tostring(etree.fromstring(xml_document("Response", document))[0])
    return xml_document(schema, document)


def quickbooks_online(document: Any, schema: str) -> bytes:
    root = etree.Element({"Batch": "IntuitBatchRequest"}.get(schema, schema))
    append(root, document)
    return etree.tostring(root)


def append(parent: etree._Element, members: Mapping[str, Any]) -> None:
    """Members as elements: lists repeat theirs, references are texts with attributes."""
    for name, value in members.items():
        for each in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, name)
            if isinstance(each, dict) and "value" in each and set(each) <= {"value", "name", "type"}:
                element.text = str(each["value"])
                element.attrib.update({key: str(inner) for key, inner in each.items() if key != "value"})
            elif isinstance(each, dict):
                append(element, each)
            else:
                element.text = str(each).lower() if isinstance(each, bool) else str(each)


WRITTEN: Mapping[str, Callable[[Any, str], bytes]] = {
    "freeagent": freeagent,
    "quickbooks_online": quickbooks_online,
    "xero": xero,
}


def schema_name(operation: Described, path: str) -> str:
    schema = operation.body_at(path, "application/json")
    if operation.surface == "xero":
        return item_of(schema["anyOf"][0]["required"][0])
    return str(schema.get("$ref", "")).rpartition("/")[2].removesuffix("_input")


def documents(platform: str) -> Iterator[tuple[Described, str, etree._Element]]:
    """Every document that a contract describes, as XML."""
    for operation, path, body in bodies(platform):
        known = {*operation.bodies, "application/xml"} if platform == "quickbooks_online" else operation.bodies
        if "application/xml" not in known or not isinstance(body, dict):
            continue
        body = (
            {name: value if isinstance(value, list) else [value] for name, value in body.items()}
            if platform == "xero"
            else body
        )
        yield operation, path, etree.fromstring(WRITTEN[platform](body, schema_name(operation, path)))


def passing(operation: Described, path: str, root: etree._Element, known: set[str]) -> set[str]:
    """The ways to the elements and attributes that nobody misses when they are misspelt."""
    chance = random.Random(f"{operation.id} {path}")  # noqa: S311 - which letters, not secrets

    def judged() -> list[str]:
        body = etree.tostring(root.getroottree() if root.getprevious() is not None else root)
        request = Request(operation.method, f"https://x{path}", XML, body)
        return [at for each in mistakes_in(operation, request, path) for at in (each.at, each.at.partition("[")[0])]

    found = unnamed(list(misspellings(root, chance, known)), ends_of, judged)
    return {at for at in found if not any(open_at in at for open_at in OPEN[operation.surface])}


def ends_of(wrong: str) -> tuple[str, ...]:
    """How the way to a name that is wrong may end."""
    return tuple(f"{joint}{name}" for joint in ".@" for name in (wrong, wrong.replace("-", "_")))


@dataclass(frozen=True)
class Tag:
    """An element whose name can be written wrong."""

    at: str
    wrong: str
    place: tuple[int, int]
    element: etree._Element

    def make(self) -> Callable[[], None]:
        before, self.element.tag = self.element.tag, self.wrong
        return lambda: setattr(self.element, "tag", before)


@dataclass(frozen=True)
class Attribute:
    """An attribute whose name can be written wrong."""

    at: str
    wrong: str
    place: tuple[int, int]
    element: etree._Element
    name: str

    def make(self) -> Callable[[], None]:
        before = dict(self.element.attrib)
        value = self.element.attrib.pop(self.name)
        self.element.set(self.wrong, value)

        def undo() -> None:
            self.element.attrib.clear()
            self.element.attrib.update(before)

        return undo


def misspellings(root: etree._Element, chance: random.Random, known: set[str]) -> Iterator[Tag | Attribute]:
    """One for each element and each attribute without a prefix. Attributes are wrong in rounds of their own."""
    for element in root.iter(etree.Element):
        name, at = etree.QName(element).localname, way(element)
        parent = element.getparent()
        place = (at.count("."), 0 if parent is None else parent.index(element))
        wrong = misspelt(name, chance, known)
        if wrong.lower() == name.lower() or not wrong[0].isalpha():
            continue
        yield Tag(at, wrong, place, element)
        for number, attribute in enumerate(map(str, element.attrib)):
            if ":" not in attribute and "}" not in attribute:
                wrong = misspelt(attribute, chance, known)
                if wrong != attribute:
                    yield Attribute(f"{at}@{attribute}", wrong, (-place[0], number), element, attribute)


def way(element: etree._Element) -> str:
    names = [etree.QName(each).localname for each in (element, *element.iterancestors())]
    return ".".join(reversed(names)) + "."


@pytest.mark.parametrize("platform", WRITTEN)
def test_a_misspelt_element_of_any_document_of_a_contract_is_named(platform: str) -> None:
    found = [
        (f"{operation.id} {path}", passing(operation, path, root, names_of(platform)))
        for operation, path, root in documents(platform)
    ]
    assert len(found) > 10
    assert [(name, sorted(ways)) for name, ways in found if ways] == []


@pytest.mark.parametrize("platform", WRITTEN)
def test_what_the_examples_send_is_lawful_as_xml(platform: str) -> None:
    judged = 0
    for name, example in examples_of(platform).items():
        operation = description_of(platform).named(name.partition("/")[0])
        assert operation is not None
        path = path_of(operation, {key: str(value) for key, value in example.get("path", {}).items()})
        body = WRITTEN[platform](example["body"], schema_name(operation, path))
        request = Request(operation.method, f"https://x{path}", XML, body)
        told = [str(each) for each in mistakes_in(operation, request, path) if "body" in each.at]
        assert [each for each in told if "`{" not in each] == [], name  # ids are filled in when they are sent
        judged += 1
    assert judged > 4


@pytest.mark.parametrize("platform", ["quickbooks_desktop", "sage_intacct"])
def test_a_misspelt_element_of_what_a_client_sends_in_a_day_is_named(platform: str) -> None:
    judged = 0
    for entry in day_at(platform).world.tape.entries():
        request = Request(entry.method, entry.url, entry.request_headers, entry.request_body)
        path = path_on(platform, request, base_url=entry.base_url) if entry.surface == platform else None
        operation = operation_at(platform, request, path)[0] if path else None
        if operation is None or path is None or "xml" not in request.header("Content-Type"):
            continue
        assert [str(each) for each in problems_of(entry)] == []
        assert passing(operation, path, etree.fromstring(request.body), set()) == set(), entry.operation
        judged += 1
    assert judged > 10


@cache
def schema_of(platform: str, name: str) -> tuple[Grammar, etree.XMLSchema]:
    path = contract_path("platforms", platform, name)
    return Grammar(path.read_bytes()), etree.XMLSchema(etree.parse(str(path)))


def drawn(platform: str, name: str, *, times: int) -> Iterator[etree._Element]:
    """Documents drawn from an XSD, each also with one element repeated, taken away or moved."""
    chance = random.Random(platform)  # noqa: S311 - drawn documents, not secrets
    drawing = Drawing(contract_path("platforms", platform, name), chance, {})
    messages = (
        [*drawing.declared("QBXML").iterfind(".//{*}choice/{*}element")] if platform == "quickbooks_desktop" else []
    )
    for _ in range(times):
        for declared in messages or map(drawing.declared, drawing.elements()):
            document = drawing.element(declared)
            for each in (document, misplaced(document, chance)):
                yield in_set(each) if messages else each


def in_set(message: etree._Element) -> etree._Element:
    """A message of its own set; its attributes are drawn without regard to each other."""
    root = etree.Element("QBXML")
    message.attrib.clear()
    etree.SubElement(root, "QBXMLMsgsRq", onError="stopOnError").append(message)
    return root


@pytest.mark.parametrize(
    ("platform", "name", "times"), [("quickbooks_desktop", "qbxml.xsd", 12), ("sage_intacct", "gateway.xsd", 3)]
)
def test_what_is_told_of_a_document_is_what_a_validator_refuses(platform: str, name: str, times: int) -> None:
    grammar, schema = schema_of(platform, name)
    verdicts = {True: 0, False: 0}
    for document in drawn(platform, name, times=times):
        lawful = schema.validate(document)
        told = [str(each) for each in document_mistakes(document, grammar, "body")]
        assert (told == []) == lawful, f"{etree.tostring(document).decode()}\n{schema.error_log}\n{told}"
        verdicts[lawful] += 1
    assert min(verdicts.values()) > 50


@pytest.mark.parametrize(
    ("platform", "name", "times"), [("quickbooks_desktop", "qbxml.xsd", 3), ("sage_intacct", "gateway.xsd", 2)]
)
def test_a_misspelt_element_of_a_drawn_document_is_named(platform: str, name: str, times: int) -> None:
    chance = random.Random(name)  # noqa: S311 - which letters, not secrets
    grammar = grammar_of(platform)
    for document in drawn(platform, name, times=times):
        for element in document.iter(etree.Element):
            before, element.tag = element.tag, misspelt(str(element.tag), chance, set())
            if element.tag != before:
                at = [each.at for each in document_mistakes(document, grammar, "body")]
                assert any(each.partition("@")[0].endswith(f".{element.tag}") for each in at), etree.tostring(document)
            element.tag = before


def grammar_of(platform: str) -> Grammar:
    """What requests are held against: the contract's XSD, and what the platform adds."""
    found = platforms()[platform].load_elements()
    assert isinstance(found, Schemas)
    return Grammar(found.requests())


def line_fields(kind: ObjectType) -> list[str]:
    """The ways to the fields of an object's lines, where these are an object of their own."""
    line = OBJECTS.get(kind.lines[1]) if kind.lines else None
    return ["/".join((*(kind.lines or ()), name)) for name in line.fields] if line else []


def older_names(kind: ObjectType) -> Iterator[str]:
    """What older functions call the fields of an object and of its lines."""
    yield from legacy.names_of(kind.name)
    yield from legacy.line_names_of(kind.name)


@pytest.mark.parametrize("function", ["create", "update"])
def test_a_misspelt_field_of_any_object_of_the_gateway_is_named(function: str) -> None:
    chance = random.Random(function)  # noqa: S311 - which letters, not secrets
    grammar, known = grammar_of("sage_intacct"), {name.lower() for kind in OBJECTS.values() for name in kind.fields}
    known |= {name.lower() for kind in OBJECTS.values() for name in older_names(kind)}
    for kind in OBJECTS.values():
        for path in (*kind.fields, *line_fields(kind)):
            steps = path.replace(".", "/").split("/")
            wrong = misspelt(steps[-1], chance, known)
            document = etree.Element(function)
            element = etree.SubElement(document, kind.name)
            for step in (*steps[:-1], wrong):
                element = etree.SubElement(element, step)
            told = [each for each in document_mistakes(document, grammar, "body") if "is no member" in each.message]
            assert [each.at.rpartition(".")[2] for each in told] == [wrong] or wrong == steps[-1], path
            assert all(each.remedy.startswith("Did you mean") for each in told), told
