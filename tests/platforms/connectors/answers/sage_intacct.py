"""Documents, answers and readers of requests that the tests of Sage Intacct's connector feed it with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from tests.platforms.connectors.answers.documents import T1, T2, bill, payment

from sandbooks.connector import Company, Consent, Contact, Line, Request
from sandbooks.wire import Response

FACTS = {"user_id": "hub_ws", "sender_id": "SENDER", "sender_password": "s&cret"}
CONSENT = Consent(company="acme", access_token="session-1", refresh_token="pass<word", facts=FACTS)
COMPANY = Company(id="acme", name="Acme", currency="GBP", country="GB")
PLAIN = Line(net=Decimal("19.90"), account="6410", tax_rate="NONE", description="Lunch")
PAYMENT = payment(
    PLAIN,
    account="VISA-1",
    id=T1,
    date=date(2026, 3, 8),
    contact=Contact(kind="supplier", id="V100", name="Contoso Air"),
    reference="R-9",
    notes="Flight & food",
)
BILL = bill(
    PLAIN,
    contact=Contact(kind="supplier", id="E-7", name="Ines Duarte"),
    id=T2,
    due=date(2026, 4, 11),
    reference="Trip 7",
    notes="March trip",
)
CONTROL = "<control><status>success</status><senderid>S</senderid><controlid>c</controlid></control>"
SIGNED_IN = (
    "<authentication><status>success</status><userid>u</userid><companyid>acme</companyid>"
    "<sessiontimestamp>2026-03-02T01:00:00-08:00</sessiontimestamp>"
    "<sessiontimeout>2026-03-02T05:00:00-08:00</sessiontimeout></authentication>"
)


def xml(text: str, status: int = 200) -> Response:
    return Response(status, (("Content-Type", "text/xml"),), f"<response>{text}</response>".encode())


def result(inner: str, status: str = "success", http: int = 200) -> Response:
    told = f"<status>{status}</status><function>f</function><controlid>c</controlid>"
    return xml(f"{CONTROL}<operation>{SIGNED_IN}<result>{told}{inner}</result></operation>", http)


def keyed(key: str = "3430") -> Response:
    return result(f"<key>{key}</key>")


def created(object: str, **fields: str) -> Response:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return result(f'<data listtype="objects" count="1"><{object}>{inner}</{object}></data>')


def rows(object: str, *found: Mapping[str, str], remain: int = 0) -> Response:
    inner = ""
    for row in found:
        fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in row.items())
        inner += f"<{object}>{fields}</{object}>"
    head = f'listtype="{object}" totalcount="9" offset="0" count="{len(found)}" numremaining="{remain}"'
    return result(f"<data {head}>{inner}</data>")


def errors(*told: tuple[str, str, str]) -> str:
    inner = "".join(
        f"<error><errorno>{number}</errorno><description></description><description2>{escape(text)}</description2>"
        f"<correction>{correction}</correction></error>"
        for number, text, correction in told
    )
    return f"<errormessage>{inner}</errormessage>"


def failed(*told: tuple[str, str, str], status: str = "failure", http: int = 200) -> Response:
    return result(errors(*told), status, http)


def not_signed_in(number: str = "XL03000006", http: int = 200) -> Response:
    told = errors((number, "Sign-in information is incorrect", ""))
    denied = "<authentication><status>failure</status><userid>u</userid><companyid>acme</companyid></authentication>"
    return xml(f"{CONTROL}<operation>{denied}{told}</operation>", http)


def control_failure(number: str, text: str = "no", http: int = 200) -> Response:
    return xml(f"<control><status>failure</status></control>{errors((number, text, ''))}", http)


def function(request: Request) -> etree._Element:
    """The function of a request."""
    found = etree.fromstring(request.body).find("operation/content/function")
    assert found is not None
    assert len(found) == 1
    return found[0]


def plain(node: etree._Element) -> Any:
    """An element as plain values, lists where a member repeats; attributes are left out."""
    if not len(node):
        return node.text or ""
    found: dict[str, Any] = {}
    for child in node:
        name, value = str(child.tag), plain(child)
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else value
        if len(node.findall(name)) > 1 and not isinstance(found[name], list):
            found[name] = [value]
    return found


DENIALS = [
    not_signed_in(),
    not_signed_in("UJPP0002", 400),
    control_failure("XL03000006"),
    control_failure("invalidRequest", http=400),
    control_failure("GW-0011", http=400),
]
