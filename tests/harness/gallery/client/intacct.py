"""Sage Intacct, thinly: charges on cards and bills of employees, through the XML gateway.

The answer to a business rule that is broken is a good answer at every level but the result's. Every create names its
control id to be taken once; a charge carries its token at the end of the description, a bill is numbered by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import requests
from tests.harness.gallery.client import transport
from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, SignInLost, Unavailable
from tests.harness.gallery.client.documents import Account, Document, Line, Posted, Rejected, Verdict
from tests.harness.gallery.client.transport import Answer

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

THROTTLED = ("GW-0010", "API rate limit exceeded")
SIGN_IN = ("XL03000006", "UJPP0002", "GW-0011")
REPEATED = "XL03000004"
WAIT_S = 60
GONE = ("Reversed", "Reversal")
SUPPORT_ID = re.compile(r"\s*\[Support ID:[^\]]*\]")


class Gateway(transport.Transport):
    """Answers of the gateway are XML, errors included."""

    def understood(self, answer: requests.Response) -> Answer:
        if answer.status_code >= 500:
            raise OutcomeUnknown(f"status {answer.status_code}")
        try:
            root = ElementTree.fromstring(answer.content)  # noqa: S314 - the platform's own answer
        except ElementTree.ParseError as error:
            raise OutcomeUnknown(f"status {answer.status_code}, and no XML") from error
        if root.tag != "response":
            raise OutcomeUnknown(f"status {answer.status_code}, and no answer of the gateway")
        return Answer(answer.status_code, root, answer.content)


class Intacct:
    """One Sage Intacct company."""

    converts_on_base_accounts = True

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.url = driver.environment["environment"]["INTACCT_ENDPOINT_URL"]
        self.credentials = driver.environment["credentials"]
        self.transport = Gateway(driver, None, {"Content-Type": "application/xml", "Accept": "application/xml"})
        self.company = driver.environment["company"]

    # The gateway

    def envelope(self, function: str, control_id: str, *, once: bool) -> bytes:
        told = {name: _escaped(value) for name, value in self.credentials.items()}
        return (
            "<?xml version='1.0' encoding='UTF-8'?><request><control>"
            f"<senderid>{told['sender_id']}</senderid><password>{told['sender_password']}</password>"
            f"<controlid>{control_id}</controlid><uniqueid>{str(once).lower()}</uniqueid>"
            "<dtdversion>3.0</dtdversion><includewhitespace>false</includewhitespace></control><operation>"
            f"<authentication><login><userid>{told['user_id']}</userid><companyid>{told['company_id']}</companyid>"
            f"<password>{told['user_password']}</password></login></authentication>"
            f'<content><function controlid="{control_id}">{function}</function></content></operation></request>'
        ).encode()

    def write(self, function: str, control_id: str) -> ElementTree.Element:
        data = self.envelope(function, control_id, once=True)
        return self.result(self.transport.write("POST", self.url, data=data))

    def read(self, function: str) -> ElementTree.Element:
        import time

        for attempt in range(transport.ATTEMPTS):
            try:
                data = self.envelope(function, "read", once=False)
                return self.result(self.transport.write("POST", self.url, data=data))
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(self.transport.pause(attempt))
        raise Unavailable("no answer from the gateway")

    def result(self, answer: Answer) -> ElementTree.Element:
        """The result of the one function. Raises ``Refused`` and what else an answer may mean."""
        said = errors_of(answer.body)
        text = "; ".join(f"{message} ({code})" for code, message in said)
        codes = [code for code, _ in said]
        if any(sign in text for sign in THROTTLED):
            raise RateLimited(WAIT_S)
        if set(codes) & set(SIGN_IN):
            raise SignInLost(f"Sage Intacct does not accept these keys: {text}")
        if REPEATED in codes:
            raise OutcomeUnknown("the control id was taken before")
        result = answer.body.find("operation/result")
        if self.failed(answer.body):
            raise Refused(self.worded(said), code=codes[0] if codes else "")
        if result is None:
            raise OutcomeUnknown(f"status {answer.status}, and no result")
        return result

    def failed(self, root: ElementTree.Element) -> bool:
        """Whether a level of the answer says failure: the gateway's, the sign-in's or the result's own."""
        places = ("control/status", "operation/authentication/status", "operation/result/status")
        return any(root.findtext(place) in ("failure", "aborted") for place in places)

    def worded(self, said: Sequence[tuple[str, str]]) -> str:
        """What the customer is told: the same error has the same words, whatever the support id."""
        return "; ".join(f"{SUPPORT_ID.sub('', message)} ({code})" for code, message in said) or "refused"

    def query(self, object: str, fields: Sequence[str], where: str = "") -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        while True:
            select = "".join(f"<field>{name}</field>" for name in fields)
            condition = f"<filter>{where}</filter>" if where else ""
            page = f"<pagesize>1000</pagesize><offset>{len(found)}</offset>"
            function = f"<query><object>{object}</object><select>{select}</select>{condition}{page}</query>"
            data = self.read(function).find("data")
            rows = [] if data is None else [{cell.tag: (cell.text or "").strip() for cell in row} for row in data]
            found += rows
            if not rows or data is None or int(data.get("numremaining") or 0) == 0:
                return found

    # Reads

    def accounts(self, since: datetime | None) -> list[Account]:
        chart = self.query("GLACCOUNT", ("ACCOUNTNO", "TITLE", "STATUS"))
        cards = self.query("CREDITCARD", ("CARDID", "STATUS"))
        home = self.company["currency"]
        found = [Account(r["ACCOUNTNO"], r["TITLE"], home, active=r["STATUS"] == "active") for r in chart]
        return found + [Account(r["CARDID"], r["CARDID"], home, r["STATUS"] == "active", pays="card") for r in cards]

    def account(self, id: str) -> Account | None:
        return None

    def facts(self, document: Document) -> dict[str, Any]:
        if document.kind not in ("payment", "refund", "reimbursable"):
            raise Refused(f"a {document.kind} cannot be booked in Sage Intacct")
        if any(line.tracking for line in document.lines):
            raise Refused("this program carries no dimensions to Sage Intacct")
        if any(line.tax for line in document.lines):
            raise Refused("this program carries no taxes to Sage Intacct")
        account = self.driver.chart.accounts().get(document.account)
        if document.kind != "reimbursable" and (account is None or account.pays != "card"):
            raise Refused("Sage Intacct takes expenses on charge cards only")
        default = (self.driver.environment.get("defaults") or {}).get("supplier") or ""
        return {"contact": document.contact or default}

    # Posting

    def chunks(self, documents: Sequence[Document], most: int) -> Iterator[Sequence[Document]]:
        for document in documents:
            yield [document]

    def post(self, documents: Sequence[Document], *, key: str) -> Mapping[str, Verdict]:
        (document,) = documents
        try:
            result = self.write(self.function(document), key)
        except Refused as refused:
            return {document.id: Rejected(str(refused), refused.code)}
        return {document.id: self.made(result)}

    def made(self, result: ElementTree.Element) -> Verdict:
        record = result.findtext("key") or result.findtext("data/*/RECORDNO") or ""
        return Posted(record) if record else self.unnamed()

    def unnamed(self) -> Verdict:
        raise OutcomeUnknown("the answer names no record")

    def find(self, document: Document) -> str | None:
        token = self.driver.texts.token(document.id)
        if document.kind == "reimbursable":
            where = f"<equalto><field>RECORDID</field><value>{document.id}</value></equalto>"
            rows = self.query("APBILL", ("RECORDNO", "STATE"), where)
        else:
            where = f"<like><field>DESCRIPTION</field><value>%{token}</value></like>"
            rows = self.query("CCTRANSACTION", ("RECORDNO", "STATE"), where)
        live = [row["RECORDNO"] for row in rows if row.get("STATE") not in GONE]
        return live[0] if live else None

    # Functions

    def function(self, document: Document) -> str:
        return self._bill(document) if document.kind == "reimbursable" else self._charge(document)

    def _charge(self, document: Document) -> str:
        day = document.date
        lines = "".join(self._charged(line, document) for line in document.lines)
        text = self.driver.texts.marked(document.text, document.id, most=500)
        head = _xml("chargecardid", document.account)
        head += f"<paymentdate>{_xml('year', day.year)}{_xml('month', day.month)}{_xml('day', day.day)}</paymentdate>"
        head += _xml("description", text) + _xml("currency", document.currency)
        head += _xml("exchrate", document.rate) if document.rate else "<exchratetype></exchratetype>"
        return f"<record_cctransaction>{head}<ccpayitems>{lines}</ccpayitems></record_cctransaction>"

    def _charged(self, line: Line, document: Document) -> str:
        amount = self.driver.amounts.on_wire(line.net)
        text = self.driver.texts.description(line.description or document.text)
        told = _xml("glaccountno", line.account) + _xml("description", text) + _xml("paymentamount", amount)
        return f"<ccpayitem>{told}{_xml('vendorid', document.facts['contact'])}</ccpayitem>"

    def _bill(self, document: Document) -> str:
        due = document.due or document.date
        head = _xml("WHENCREATED", f"{document.date:%m/%d/%Y}") + _xml("VENDORID", document.facts["contact"])
        head += _xml("RECORDID", document.id) + _xml("DESCRIPTION", self.driver.texts.marked("", document.id))
        head += _xml("WHENDUE", f"{due:%m/%d/%Y}") + _xml("BASECURR", self.company["currency"])
        head += _xml("CURRENCY", document.currency)
        head += _xml("EXCHANGE_RATE", document.rate) if document.rate else "<EXCH_RATE_TYPE_ID></EXCH_RATE_TYPE_ID>"
        amounts = self.driver.amounts
        lines = "".join(
            "<APBILLITEM>"
            + _xml("ACCOUNTNO", line.account)
            + _xml("TRX_AMOUNT", amounts.on_wire(line.net))
            + _xml("ENTRYDESCRIPTION", self.driver.texts.description(line.description))
            + "</APBILLITEM>"
            for line in document.lines
        )
        return f"<create><APBILL>{head}<APBILLITEMS>{lines}</APBILLITEMS></APBILL></create>"


def errors_of(root: ElementTree.Element) -> list[tuple[str, str]]:
    """Number and words of every error at every level, root cause first."""
    found = []
    for error in root.iter("error"):
        words = [error.findtext(name) or "" for name in ("description2", "description", "correction")]
        found.append((error.findtext("errorno") or "", " ".join(word.strip() for word in words if word.strip())))
    return found


def _xml(name: str, value: Any) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    plain = "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
