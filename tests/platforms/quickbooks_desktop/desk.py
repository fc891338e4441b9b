"""A desk with a company file open on it, and an application of one's own that the Web Connector polls."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from sandbooks import Sandbox
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.wire import Cut, Request, Response

HEAD = '<?xml version="1.0" encoding="utf-8"?><?qbxml version="{version}"?><QBXML><QBXMLMsgsRq {attributes}>'
TAIL = "</QBXMLMsgsRq></QBXML>"
PLAN: dict[str, Any] = {
    "accounts": {
        "travel": {"type": "expense", "name": "Travel"},
        "software": {"type": "expense", "name": "Software"},
        "discounts": {"type": "other_income", "name": "Discounts Taken"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "visa_eur": {"type": "credit_card", "name": "Visa EUR", "currency": "EUR"},
        "checking": {"type": "bank", "name": "Main Checking"},
        "savings": {"type": "bank", "name": "Rainy Day"},
    },
    "suppliers": {
        "airline": {"name": "Contoso Air"},
        "hotel": {"name": "Fabrikam Inns"},
        "rail": {"name": "Litware Rail", "currency": "EUR"},
    },
    "customers": {"school": {"name": "Meadow School"}},
    "tracking": {"team": {"options": {"north": "North", "south": "South"}}},
}


def document(requests: str, *, version: str = "13.0", on_error: str = "stopOnError", more: str = "") -> str:
    """A qbXML document around its requests."""
    return HEAD.format(version=version, attributes=f'onError="{on_error}" {more}'.strip()) + requests + TAIL


def ref(name: str, full_name: str) -> str:
    return f"<{name}><FullName>{html.escape(full_name)}</FullName></{name}>"


def line(amount: str, account: str = "Travel", *, more: str = "", verb: str = "Add") -> str:
    return f"<ExpenseLine{verb}>{ref('AccountRef', account)}<Amount>{amount}</Amount>{more}</ExpenseLine{verb}>"


def add(kind: str, content: str, *, id: str = "1") -> str:
    return f'<{kind}AddRq requestID="{id}"><{kind}Add>{content}</{kind}Add></{kind}AddRq>'


def modify(kind: str, content: str, *, id: str = "1") -> str:
    return f'<{kind}ModRq requestID="{id}"><{kind}Mod>{content}</{kind}Mod></{kind}ModRq>'


def charge(*lines: str, account: str = "Visa", payee: str = "Contoso Air", number: str = "r-1", more: str = "") -> str:
    head = ref("AccountRef", account) + (ref("PayeeEntityRef", payee) if payee else "")
    return add("CreditCardCharge", f"{head}<RefNumber>{number}</RefNumber>{more}" + "".join(lines))


def bill(*lines: str, vendor: str = "Contoso Air", more: str = "", number: str = "inv-1") -> str:
    return add("Bill", ref("VendorRef", vendor) + f"<RefNumber>{number}</RefNumber>{more}" + "".join(lines))


class Desk:
    """A company file and the door to its request processor."""

    def __init__(self, country: str = "US", currency: str = "USD", **settings: Any) -> None:
        self.sandbox = Sandbox(seed=7, clock="2026-03-16T15:30:00+00:00")
        plan = {**PLAN, "settings": settings}
        self.acme: PlatformCompany = self.sandbox.company(
            "quickbooks_desktop", country=country, currency=currency, name="Acme Boats", **plan
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Bearer {self.acme.credentials['access_token']}"),)

    def http(self, method: str, path: str, body: str | bytes = b"") -> Response:
        raw = body.encode() if isinstance(body, str) else body
        answer = self.sandbox.dispatch(Request(method, f"{self.acme.base_url}{path}", self.headers, raw))
        assert isinstance(answer, Response)
        return answer

    def run(self, requests: str, **how: str) -> list[etree._Element]:
        """The answers to some requests."""
        answer = self.http("POST", "/qbxml", document(requests, **how))
        assert answer.status == 200, answer.body
        return list(etree.fromstring(answer.body)[0])

    def one(self, requests: str, **how: str) -> etree._Element:
        (answer,) = self.run(requests, **how)
        return answer

    def ok(self, requests: str, **how: str) -> etree._Element:
        """The record of an answer that must be fine."""
        answer = self.one(requests, **how)
        assert answer.get("statusCode") == "0", answer.get("statusMessage")
        return answer[0] if len(answer) else answer

    def refused(self, requests: str, **how: str) -> str:
        """The status code of a refusal, which must have left the books as they were."""
        before = self.books()
        answer = self.one(requests, **how)
        assert self.books() == before
        assert answer.get("statusSeverity") == "Error", etree.tostring(answer)
        return str(answer.get("statusCode"))

    def failed(self, raw: str | bytes) -> str:
        """The HRESULT of a document that must not be run at all."""
        import json

        before = self.books()
        answer = self.http("POST", "/qbxml", raw)
        assert (answer.status, self.books()) == (422, before), answer.body
        return str(json.loads(answer.body)["hresult"])

    def books(self) -> dict[str, str]:
        """The trial balance in home currency by account name."""
        rows = self.acme._company.book.trial_balance()
        return {row.account.name: f"{row.balance.base.amount:f}" for row in rows}

    def bookkeeper(self) -> Any:
        return self.acme.bookkeeper


QWC = """<?xml version="1.0"?>
<QBWCXML><AppName>Expense Feeder</AppName><AppID></AppID><AppURL>{url}</AppURL>
<AppDescription>Feeds expenses</AppDescription><AppSupport>{support}</AppSupport><UserName>feeder</UserName>
<OwnerID>{{90A44FB7-33D9-4815-AC85-BC87A7E7D1EB}}</OwnerID><FileID>{{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}}</FileID>
<QBType>QBFS</QBType>{more}</QBWCXML>"""


def qwc(url: str = "https://feeder.example/qbwc", *, support: str = "", more: str = "") -> str:
    return QWC.format(url=url, support=support or url, more=more)


Answering = Callable[[str, dict[str, str]], "str | Sequence[str] | Response | Cut"]


@dataclass
class Feeder:
    """An application: hands out its documents one by one and keeps every call that the Web Connector makes."""

    documents: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    hresults: list[str] = field(default_factory=list)
    overrides: dict[str, Answering] = field(default_factory=dict)
    error: str = ""

    def __call__(self, request: Request) -> Response | Cut:
        root = etree.fromstring(request.body)
        call = root[0][0]
        method = etree.QName(call).localname
        assert request.header("SOAPAction") == f'"http://developer.intuit.com/{method}"'
        given = {etree.QName(part).localname: part.text or "" for part in call}
        self.calls.append((method, given))
        override = self.overrides.get(method)
        told = override(method, given) if override else getattr(self, method)(given)
        return told if isinstance(told, (Response, Cut)) else soap_answer(method, told)

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def serverVersion(self, _: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        return "1.0"

    def clientVersion(self, _: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        return ""

    def authenticate(self, _: dict[str, str]) -> Sequence[str]:
        return ["ticket-1", ""] if self.documents else ["ticket-1", "none"]

    def sendRequestXML(self, _: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        return self.documents.pop(0) if self.documents else ""

    def receiveResponseXML(self, given: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        if given["hresult"]:
            self.hresults.append(given["hresult"])
            self.error = given["message"]
            return "-1"
        self.answers.append(given["response"])
        return "50" if self.documents else "100"

    def getLastError(self, _: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        return self.error

    def connectionError(self, given: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        self.hresults.append(given["hresult"])
        return "done"

    def closeConnection(self, _: dict[str, str]) -> str:  # noqa: N802 - the protocol's own name
        return "OK"


def soap_answer(method: str, told: str | Iterable[str]) -> Response:
    """An answer as a .NET service writes it."""
    inner = html.escape(told) if isinstance(told, str) else "".join(f"<string>{html.escape(t)}</string>" for t in told)
    body = (
        '<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{method}Response xmlns="http://developer.intuit.com/"><{method}Result>{inner}</{method}Result>'
        f"</{method}Response></soap:Body></soap:Envelope>"
    )
    return Response(200, (("Content-Type", "text/xml"),), body.encode())


def soap_fault(text: str) -> Response:
    body = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
        f"<faultcode>soap:Client</faultcode><faultstring>{text}</faultstring></soap:Fault></soap:Body></soap:Envelope>"
    )
    return Response(500, (("Content-Type", "text/xml"),), body.encode())


class ConnectedDesk(Desk):
    """A desk whose Web Connector has one application."""

    def __init__(self, feeder: Feeder, *, more: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.feeder = feeder
        self.sandbox.app.receivers.append(("https://feeder.example/", feeder))
        added = self.http("POST", "/web_connector/applications?password=secret-7", qwc(more=more))
        assert added.status == 201, added.body
        self.application = re.search(rb'"id":"([^"]+)"', added.body)[1].decode()  # type: ignore[index]  # it is there

    def update(self) -> dict[str, Any]:
        """Update Selected; the run as it stands afterwards."""
        import json

        started = self.http("POST", f"/web_connector/applications/{self.application}/update")
        assert started.status == 202, started.body
        run = json.loads(started.body)["id"]
        return self.shown(run)

    def shown(self, run: str) -> dict[str, Any]:
        import json

        shown: dict[str, Any] = json.loads(self.http("GET", f"/web_connector/runs/{run}").body)
        return shown
