"""Documents drawn from the XSDs of the XML gateways: each request in its order, and with elements out of place."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from lxml import etree
from tests.properties.xml_drawing import XS, Drawing

from sandbooks.harness.contracts.answers import entry_differences
from sandbooks.harness.contracts.day import Place, day_at
from sandbooks.settings import contract_path
from sandbooks.wire import Request, Response

DRAWN = int(os.environ.get("FUZZ_DRAWN", "1"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
HEAD = b'<?xml version="1.0" encoding="utf-8"?><?qbxml version="13.0"?>'


def misplaced(document: etree._Element, chance: random.Random) -> etree._Element:
    """The document with one element repeated, taken away or moved to the front."""
    hurt = deepcopy(document)
    inner = [each for each in hurt.iter() if each.getparent() is not None]
    if not inner:
        return hurt
    element = chance.choice(inner)
    parent = element.getparent()
    assert parent is not None
    how = chance.randrange(3)
    if how == 0:
        parent.append(deepcopy(element))
    elif how == 1:
        parent.remove(element)
    else:
        parent.insert(0, element)
    return hurt


class Gateway:
    """One company behind an XML gateway, and what its answers must hold."""

    def __init__(self, platform: str) -> None:
        self.place: Place = day_at(platform)
        self.client = self.place.client()
        self.succeeded = 0

    def send(self, path: str, body: bytes, *, content_type: str) -> Response:
        """One document; a bug of the simulator fails the test with its traceback."""
        before = self.place.world.tape.count()
        headers = (("Content-Type", content_type), ("Authorization", self.client.access.authorization))
        answer = self.place.app.edge.dispatch(Request("POST", self.client.base_url + path, headers, body))
        assert isinstance(answer, Response)
        entry = next(each for each in self.place.world.tape.entries(after=before) if not each.parent)
        assert not entry.bug, f"{body.decode()}\n{entry.bug}"
        assert entry_differences(entry) == []
        return answer


def _messages(drawing: Drawing) -> list[etree._Element]:
    requests = drawing.declared("QBXML").find(f".//{XS}element/{XS}complexType/{XS}choice")
    assert requests is not None
    return list(requests)


def test_any_qbxml_document_is_answered_message_by_message_or_refused_whole() -> None:
    gateway = Gateway("quickbooks_desktop")
    chance = random.Random(SEED)  # noqa: S311 - drawn documents, not secrets
    drawing = Drawing(contract_path("platforms", "quickbooks_desktop", "qbxml.xsd"), chance, _names(gateway))
    messages = _messages(drawing)
    assert len(messages) > 40
    for message in messages:
        for _ in range(3 * DRAWN):
            request = drawing.element(message)
            for sent in (request, misplaced(request, chance)):
                root = etree.Element("QBXML")
                etree.SubElement(root, "QBXMLMsgsRq", onError="continueOnError").append(sent)
                answer = gateway.send("/qbxml", HEAD + etree.tostring(root), content_type="text/xml")
                _check_messages(gateway, answer)
    assert gateway.succeeded > len(messages) / 4, "documents that are all refused show nothing"


def _check_messages(gateway: Gateway, answer: Response) -> None:
    assert answer.status in (200, 422, 501), answer.body
    if answer.status == 200:
        responses = list(etree.fromstring(answer.body).iterfind("QBXMLMsgsRs/*"))
        assert all((each.get("statusCode") or "").isdigit() and each.get("statusSeverity") for each in responses)
        gateway.succeeded += sum(each.get("statusCode") in ("0", "1") for each in responses)


def _names(gateway: Gateway) -> Mapping[str, Sequence[str]]:
    """Names and ids that the company file has."""
    found: dict[str, list[str]] = {"OwnerID": ["0"], "MaxReturned": ["1", "5"], "Amount": ["12.34", "0.01"]}
    for kind in ("Account", "Vendor", "Class", "Customer", "Currency", "Terms", "Bill", "Check", "JournalEntry"):
        body = f'<QBXML><QBXMLMsgsRq onError="stopOnError"><{kind}QueryRq/></QBXMLMsgsRq></QBXML>'
        answer = gateway.send("/qbxml", HEAD + body.encode(), content_type="text/xml")
        if answer.status != 200:
            continue
        for element in etree.fromstring(answer.body).iter():
            if len(element) == 0 and element.text and isinstance(element.tag, str):
                found.setdefault(element.tag, []).append(element.text)
    return {name: sorted(set(values))[:15] for name, values in found.items()}


def test_any_function_of_the_intacct_gateway_is_answered_with_a_result() -> None:
    gateway = Gateway("sage_intacct")
    chance = random.Random(SEED)  # noqa: S311 - drawn documents, not secrets
    drawing = Drawing(contract_path("platforms", "sage_intacct", "gateway.xsd"), chance, _values(gateway))
    functions = [name for name in drawing.elements() if name != "request"]
    for _ in range(4 * DRAWN):
        for function in (*(drawing.element(drawing.declared(name)) for name in functions), *_objects(drawing, chance)):
            for sent in (function, misplaced(function, chance)):
                _check_result(
                    gateway, gateway.send("/ia/xml/xmlgw.phtml", _request(gateway, sent), content_type="text/xml")
                )
    assert gateway.succeeded > len(functions) / 4, "functions that are all refused show nothing"


def _request(gateway: Gateway, function: etree._Element) -> bytes:
    known = gateway.place.reach["credentials"]
    root = etree.Element("request")
    control = etree.SubElement(root, "control")
    for name, value in (
        ("senderid", known["sender_id"]),
        ("password", known["sender_password"]),
        ("controlid", "c"),
        ("uniqueid", "false"),
        ("dtdversion", "3.0"),
    ):
        etree.SubElement(control, name).text = value
    operation = etree.SubElement(root, "operation")
    login = etree.SubElement(etree.SubElement(operation, "authentication"), "login")
    for name, value in (
        ("userid", known["user_id"]),
        ("companyid", known["company_id"]),
        ("password", known["user_password"]),
    ):
        etree.SubElement(login, name).text = value
    etree.SubElement(etree.SubElement(operation, "content"), "function", controlid="f").append(function)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _check_result(gateway: Gateway, answer: Response) -> None:
    assert answer.status in (200, 501) or 400 <= answer.status < 500, answer.body
    if answer.status == 200:
        root = etree.fromstring(answer.body)
        assert root.findtext(".//status") in ("success", "failure"), answer.body
        gateway.succeeded += root.findtext(".//result/status") == "success"


OBJECTS = (
    "VENDOR",
    "CUSTOMER",
    "GLACCOUNT",
    "DEPARTMENT",
    "LOCATION",
    "CLASS",
    "PROJECT",
    "ITEM",
    "EMPLOYEE",
    "APBILL",
    "APPYMT",
    "APADJUSTMENT",
    "CCTRANSACTION",
    "EEXPENSES",
    "OTHERRECEIPTS",
    "GLBATCH",
    "CHECKINGACCOUNT",
    "CONTACT",
    "TAXDETAIL",
)


def _objects(drawing: Drawing, chance: random.Random) -> Iterator[etree._Element]:
    """The functions that take any object: reading and writing ones, with members that the object may have."""
    for name in OBJECTS:
        query = etree.Element("readByQuery")
        for tag, text in (
            ("object", name),
            ("fields", "*"),
            ("query", chance.choice(("", "RECORDNO > 0", "NAME like 'A%'", "X = ", "("))),
        ):
            etree.SubElement(query, tag).text = text
        yield query
        made = etree.Element(chance.choice(("create", "update")))
        record = etree.SubElement(made, name)
        for _ in range(chance.randrange(1, 9)):
            record.extend(drawing._anything(0))
        yield made
        gone = etree.Element("delete")
        etree.SubElement(gone, "object").text = name
        etree.SubElement(gone, "keys").text = chance.choice(("1", "0", "", "1,2", "x"))
        yield gone


def _values(gateway: Gateway) -> Mapping[str, Sequence[str]]:
    """Members and values of what the company has."""
    found: dict[str, list[str]] = {"year": ["2026"], "month": ["3"], "day": ["16"], "amount": ["12.34"]}
    for name in OBJECTS:
        query = etree.Element("readByQuery")
        for tag, text in (("object", name), ("fields", "*"), ("query", ""), ("pagesize", "5")):
            etree.SubElement(query, tag).text = text
        answer = gateway.send("/ia/xml/xmlgw.phtml", _request(gateway, query), content_type="text/xml")
        for element in etree.fromstring(answer.body).iterfind(".//data//*"):
            if len(element) == 0 and isinstance(element.tag, str):
                found.setdefault(element.tag, []).append(element.text or "")
                if element.text:
                    found.setdefault(element.tag.lower(), []).append(element.text)
    return {name: sorted(set(values))[:15] for name, values in found.items() if name.replace(".", "").isidentifier()}
