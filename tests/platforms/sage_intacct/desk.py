"""A Sage Intacct company behind the edge, and a client of plain wire requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from tests.opened import opened
from tests.platforms.sage_intacct import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.sage_intacct.wire.xml import append
from sandbooks.wire import Request, Response
from sandbooks.world import World

BASE = "https://api.intacct.com"
GATEWAY = f"{BASE}/ia/xml/xmlgw.phtml"
REST = f"{BASE}/ia/api/v1"

PLAN = CompanyPlan(
    name="Larch and Finch Ltd",
    country="GB",
    accounts={
        "travel": {"type": "expense", "name": "Site Travel"},
        "office": {"type": "expense", "name": "Office Sundries"},
        "bank": {"type": "bank", "name": "Current Account"},
        "reserve": {"type": "bank", "name": "Reserve Account"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
    },
    suppliers={"acme": {"name": "Acme Timber"}, "zenith": {"name": "Zenith Rail"}},
    customers={"lattice": {"name": "Lattice Retail"}},
    taxes={"standard": {"rate": "20%"}, "reverse": {"rate": "20%", "reverse_charge": True}},
    tracking={"department": {"options": ["Sales", "Build"]}, "project": {"name": "North Site"}},
    settings={"exchange_rates": {"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}, "EUR": "0.8512"}},
)


class Refused(AssertionError):
    """A function failed where the test wants success."""


class Desk:
    """One company, signed in."""

    def __init__(self, app: App, world: World, company: Company, labels: Mapping[str, Mapping[str, str]]) -> None:
        self.app, self.world, self.company, self.labels = app, world, company, labels
        with world.unit():
            self.credentials = platform_named("sage_intacct").load_seed().credentials(world, company)
        self.location = ""
        self._seen = 0

    # The gateway

    def login(self) -> dict[str, Any]:
        found = {name: self.credentials[f"{name}_id"] for name in ("user", "company")}
        login = {"userid": found["user"], "companyid": found["company"], "password": self.credentials["password"]}
        return {"login": {**login, **({"locationid": self.location} if self.location else {})}}

    def request(
        self,
        *functions: Mapping[str, Any] | etree._Element,
        transaction: bool | None = None,
        authentication: Mapping[str, Any] | None = None,
        control: Mapping[str, str] | None = None,
        ids: tuple[str, ...] = (),
    ) -> bytes:
        root = etree.Element("request")
        frame = {
            "senderid": self.credentials["sender_id"],
            "password": self.credentials["sender_password"],
            "controlid": "2026-03-02 09:00:00.1",
            "uniqueid": "false",
            "dtdversion": "3.0",
            "includewhitespace": "false",
            **(control or {}),
        }
        append(root, "control", {name: value for name, value in frame.items() if value is not None})
        operation = etree.SubElement(root, "operation")
        if transaction is not None:
            operation.set("transaction", "true" if transaction else "false")
        append(operation, "authentication", authentication or self.login())
        content = etree.SubElement(operation, "content")
        for place, function in enumerate(functions):
            holder = etree.SubElement(content, "function", controlid=ids[place] if ids else f"f{place}")
            if isinstance(function, Mapping):
                for name, value in function.items():
                    append(holder, name, value)
            else:
                holder.append(function)
        return etree.tostring(root)

    def post(self, body: bytes, *, url: str = GATEWAY, method: str = "POST") -> Response:
        headers = (("Content-Type", "application/xml"),)
        answer = self.app.edge.dispatch(Request(method, url, headers, body), raises=True)
        assert isinstance(answer, Response)
        contract.check("", answer)
        return answer

    def send(self, *functions: Mapping[str, Any] | etree._Element, **how: Any) -> etree._Element:
        answer = self.post(self.request(*functions, **how))
        assert answer.status == 200, answer.body
        return etree.fromstring(answer.body)

    def run(self, function: Mapping[str, Any] | etree._Element, **how: Any) -> etree._Element:
        """The one result, which succeeded."""
        result = self.send(function, **how).find("operation/result")
        assert result is not None
        if result.findtext("status") != "success":
            raise Refused(etree.tostring(result).decode())
        return result

    def refused(self, function: Mapping[str, Any] | etree._Element, **how: Any) -> list[tuple[str, str]]:
        """Numbers and texts of a refusal in a document of status 200, which wrote nothing and posted nothing."""
        before = self.posted()
        result = self.send(function, **how).find("operation/result")
        assert result is not None
        assert result.findtext("status") == "failure", etree.tostring(result)
        assert self.posted() == before
        return errors(result)

    def stopped(self, function: Mapping[str, Any] | etree._Element, **how: Any) -> tuple[str, str]:
        """Number and text of a failure at the control, before any function: nothing is written."""
        before = self.posted()
        root = self.send(function, **how)
        assert root.findtext("control/status") == "failure"
        assert root.find("operation") is None
        assert self.posted() == before
        ((number, text),) = errors(root)
        return number, text

    def create(self, object: str, **fields: Any) -> str:
        """The key of a new object: its RECORDNO for documents, its own key for lists."""
        made = self.run({"create": {object: fields}}).find("data")[0]
        return str(made.findtext("RECORDNO") if made.find("RECORD_URL") is not None else made[1].text)

    def legacy(self, name: str, fields: Mapping[str, Any] | None = None, **attributes: str) -> str:
        return str(self.run(function(name, fields or {}, **attributes)).findtext("key"))

    def row(self, object: str, key: str) -> dict[str, str]:
        """A whole record by RECORDNO, its lines left out."""
        found = self.run({"read": {"object": object, "keys": key, "fields": "*"}}).find(f"data/{object}")
        return {each.tag: each.text or "" for each in found if not len(each)}

    def query(self, object: str, *fields: str, filter: Any = None, **more: Any) -> list[dict[str, str]]:
        asked: dict[str, Any] = {"object": object, "select": {"field": list(fields)}}
        if filter is not None:
            asked["filter"] = filter
        found = self.run({"query": {**asked, **more}}).findall(f"data/{object}")
        return [{each.tag: each.text or "" for each in row} for row in found]

    # REST

    def rest(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = {"Authorization": f"Bearer {self.credentials['access_token']}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else b"" if body is None else exact_json.dumps(body)
        answer = self.app.edge.dispatch(Request(method, f"{REST}/{path}", tuple(sent.items()), raw), raises=True)
        assert isinstance(answer, Response)
        *_, last = self.world.tape.entries(after=self._seen)
        self._seen = last.number
        contract.check(last.operation, answer)
        return answer.status, exact_json.loads(answer.body) if answer.body else None

    # Documents

    def charge(self, amount: str, *, card: str = "visa", **fields: Any) -> str:
        line = {"glaccountno": self.account("travel"), "description": "Train", "paymentamount": amount}
        given = {
            "chargecardid": self.account(card),
            "paymentdate": day("2026-03-02"),
            "ccpayitems": {"ccpayitem": line},
        }
        return self.legacy("record_cctransaction", {**given, **fields})

    def bill(self, amount: str, *, number: str = "B-1", taxes: Any = None, **fields: Any) -> str:
        line = {"ACCOUNTNO": self.account("office"), "TRX_AMOUNT": amount, **({"TAXENTRIES": taxes} if taxes else {})}
        return self.create("APBILL", **{**self.bill_fields(number), "APBILLITEMS": {"APBILLITEM": line}, **fields})

    def bill_fields(self, number: str) -> dict[str, Any]:
        return {
            "WHENCREATED": "03/02/2026",
            "WHENDUE": "04/01/2026",
            "VENDORID": self.labels["suppliers"]["acme"],
            "RECORDID": number,
        }

    def payment(self, bill: str, amount: str, *, bank: str = "bank", **fields: Any) -> str:
        given = {
            "PAYMENTMETHOD": "EFT",
            "FINANCIALENTITY": self.account(bank),
            "VENDORID": self.labels["suppliers"]["acme"],
            "PAYMENTDATE": "03/09/2026",
            "APPYMTDETAILS": {"APPYMTDETAIL": {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": amount}},
        }
        return self.create("APPYMT", **{**given, **fields})

    def account(self, label: str) -> str:
        return str(self.labels["accounts"].get(label, label))

    def books(self, as_of: Any = None) -> dict[str, str]:
        """What every account holds in base currency, under the plan's labels."""
        names = {id: label for label, id in reversed(self.labels["accounts"].items())}
        rows = self.company.book.trial_balance(as_of=as_of)
        return {names.get(r.account.id, r.account.id): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}

    def posted(self) -> tuple[int, int]:
        return len(list(self.company.book.lines())), len(self.company.records.changes())


def day(iso: str) -> dict[str, str]:
    year, month, date = iso.split("-")
    return {"year": year, "month": month, "day": date}


def function(name: str, fields: Mapping[str, Any], **attributes: str) -> etree._Element:
    element = etree.Element(name, attributes)
    for field, value in fields.items():
        append(element, field, value)
    return element


def errors(holder: etree._Element) -> list[tuple[str, str]]:
    found = holder.findall("errormessage/error")
    return [(str(e.findtext("errorno")), str(e.findtext("description2"))) for e in found]


def tax(id: str) -> dict[str, Any]:
    return {"TAXENTRY": {"DETAILID": id}}


def open_desk(app: App, plan: CompanyPlan = PLAN) -> Desk:
    made = opened(app, "sage_intacct", plan, limits="off")
    return Desk(app, made.company.world, made.company, made.labels)
