"""The PyPI package ``qbwc-kit``, unmodified, as the application that the simulated Web Connector polls.

Usage: quickbooks_desktop_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL ends in /quickbooks_desktop)
Needs qbwc-kit==0.1.3. Serves its SOAP service on a free local port, adds itself by a .qwc file, asks for an update and
judges what its tasks were told; prints one line for each step. No file is attached: qbXML has no message for it.
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from decimal import Decimal
from wsgiref.simple_server import WSGIRequestHandler, make_server

from qbwc_kit import QBWCService, QBXMLRequest, StaticAuthenticator, build_qwc, build_wsdl
from qbwc_kit.qbxml import add, mod, query
from qbwc_kit.qbxml.parser import QBXMLStatusError
from qbwc_kit.qbxml.types import OnError
from steps import Recorder

STEP = Recorder("qbwc-kit").step
OWNER = "{90A44FB7-33D9-4815-AC85-BC87A7E7D1EB}"
FILE = "{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}"


class Quiet(WSGIRequestHandler):
    """A request handler that does not write a log."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def wsgi(service: QBWCService, wsdl: str):
    """The service as a WSGI application: POST is a call, GET the description."""

    def application(environ, start_response):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        text = service.dispatch(body) if environ["REQUEST_METHOD"] == "POST" else wsdl
        start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
        return [text.encode()]

    return application


class Work:
    """One task of the kit: a generator that asks and is told."""

    def __init__(self, name, steps):
        self.name = name
        self.run = steps


class Connector:
    """The window of the simulated Web Connector."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base.rstrip("/")
        self.token = token

    def ask(self, method: str, path: str, body: bytes = b"") -> dict:
        request = urllib.request.Request(
            self.base + path, data=body or None, method=method, headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def update(self, application: str) -> dict:
        """Update Selected, and the run once it has ended."""
        run = self.ask("POST", f"/web_connector/applications/{application}/update")
        for _ in range(600):
            run = self.ask("GET", f"/web_connector/runs/{run['id']}")
            if run["state"] in ("done", "failed"):
                return run
            time.sleep(0.05)
        raise AssertionError(f"the run did not end: {run}")


said: list[str] = []


def say(text: str) -> None:
    said.append(text)
    print(text, flush=True)


def lists(ctx):
    """The lists of the company file, vendors page by page."""
    told = yield QBXMLRequest([query("Account", request_id="1"), query("Company"), query("Preferences")])
    with STEP("lists"):
        accounts = {record["FullName"]: record for record in told.first("Account").raise_for_status()}
        company = told.first("Company").raise_for_status().records[0]
        say(f"read {len(accounts)} accounts of {company['CompanyName']} over qbXML {ctx.qbxml_version}")
        vendors = []
        request = query("Vendor", max_returned=1, iterator="Start")
        while True:
            page = (yield QBXMLRequest([request])).first("Vendor").raise_for_status()
            vendors += page.records
            if not page.has_more:
                break
            request.iterator, request.iterator_id = "Continue", page.iterator_id
        assert len({vendor["ListID"] for vendor in vendors}) == len(vendors) > 1, vendors
        say(f"paged through {len(vendors)} vendors, one at a time")


def account_of(ctx, type: str) -> dict:
    home = ctx.state["home"]
    fitting = [a for a in ctx.state["accounts"].values() if a["AccountType"] == type]
    return next(a for a in fitting if a.get("CurrencyRef", home) == home)


def expenses(ctx):
    """A charge, its refund, and the charge read back and changed."""
    told = yield QBXMLRequest([query("Preferences", request_id="p"), query("Account")])
    ctx.state["home"] = told.first("Preferences").records[0]["MultiCurrencyPreferences"]["HomeCurrencyRef"]
    ctx.state["accounts"] = {record["FullName"]: record for record in told.first("Account")}
    card, travel = account_of(ctx, "CreditCard"), ctx.state["accounts"]["Travel Expense"]
    before = card["Balance"]
    line = {"AccountRef": {"ListID": travel["ListID"]}, "Amount": "41.37", "Memo": "Taxi & tolls"}
    spend = {"AccountRef": {"ListID": card["ListID"]}, "TxnDate": "2026-03-02", "RefNumber": "kit-1", "Memo": "Trip"}
    with STEP("create"):
        told = yield QBXMLRequest([add("CreditCardCharge", {**spend, "ExpenseLineAdd": [line]}, request_id="charge")])
        charge = told.by_request_id("charge").raise_for_status().records[0]
        assert (charge["Amount"], charge["ExpenseLineRet"]["Memo"]) == ("41.37", "Taxi & tolls"), charge
    with STEP("credit"):
        refund = {**spend, "RefNumber": "kit-2", "ExpenseLineAdd": [{**line, "Amount": "11.30"}]}
        (yield QBXMLRequest([add("CreditCardCredit", refund)])).raise_for_status()
        told = yield QBXMLRequest([query("Account", extra={"FullName": card["FullName"]})])
        after = told.first().raise_for_status().records[0]["Balance"]
        assert Decimal(after) - Decimal(before) == Decimal("30.07"), (before, after)
    with STEP("read_back"):
        found = query("CreditCardCharge", extra={"TxnID": charge["TxnID"], "IncludeLineItems": True}, transaction=True)
        read = (yield QBXMLRequest([found])).first().raise_for_status().records[0]
        assert read["ExpenseLineRet"]["Amount"] == "41.37", read
    with STEP("stale_write"):
        change = mod(
            "CreditCardCharge", {"Memo": "Trip to Leeds"}, txn_id=read["TxnID"], edit_sequence=read["EditSequence"]
        )
        changed = (yield QBXMLRequest([change])).first().raise_for_status().records[0]
        assert (changed["Memo"], changed["Amount"]) == ("Trip to Leeds", "41.37"), changed
        stale = refused((yield QBXMLRequest([change])).first())
        assert stale.status_code == 3200, stale


def refused(response):
    """What the kit raises for a response that is not good."""
    try:
        response.raise_for_status()
    except QBXMLStatusError as error:
        return error.response
    raise AssertionError(f"nothing was refused: {response}")


def bills(ctx):
    """A bill and its payment; what is refused beside them."""
    told = yield QBXMLRequest([query("Preferences"), query("Account"), query("Vendor")])
    ctx.state["home"] = told.first("Preferences").records[0]["MultiCurrencyPreferences"]["HomeCurrencyRef"]
    ctx.state["accounts"] = {record["FullName"]: record for record in told.first("Account")}
    vendor = next(v for v in told.first("Vendor") if v.get("CurrencyRef", ctx.state["home"]) == ctx.state["home"])
    bank, travel = account_of(ctx, "Bank"), ctx.state["accounts"]["Travel Expense"]
    line = {"AccountRef": {"ListID": travel["ListID"]}, "Amount": "200.50"}
    owed = {"VendorRef": {"ListID": vendor["ListID"]}, "TxnDate": "2026-03-02", "RefNumber": "kit-bill"}
    bill = (yield QBXMLRequest([add("Bill", {**owed, "ExpenseLineAdd": [line]})])).first().raise_for_status().records[0]
    say(f"billed {bill['AmountDue']} as {bill['TxnID']}")
    head = {"PayeeEntityRef": {"ListID": vendor["ListID"]}, "TxnDate": "2026-03-02"}
    head |= {"BankAccountRef": {"ListID": bank["ListID"]}, "RefNumber": "901"}
    paid = {**head, "AppliedToTxnAdd": {"TxnID": bill["TxnID"], "PaymentAmount": "500.00"}}
    over = refused((yield QBXMLRequest([add("BillPaymentCheck", paid)])).first())
    assert over.status_code == 3210, over
    say(f"an overpayment is refused: {over.status_message}")
    paid["AppliedToTxnAdd"] = {"TxnID": bill["TxnID"], "PaymentAmount": "200.50"}
    (yield QBXMLRequest([add("BillPaymentCheck", paid)])).raise_for_status()
    told = yield QBXMLRequest([query("Bill", extra={"TxnID": bill["TxnID"]}, transaction=True)])
    assert told.first().raise_for_status().records[0]["IsPaid"] == "true", told
    say("paid it in full")


def refusals(ctx):
    """An unknown name is refused in its place, and the rest of the batch goes on."""
    told = yield QBXMLRequest(
        [
            add("Bill", {"VendorRef": {"FullName": "Nobody At All"}}, request_id="bad"),
            query("Vendor", request_id="none", extra={"NameFilter": {"MatchCriterion": "StartsWith", "Name": "Zz"}}),
        ],
        on_error=OnError.CONTINUE,
    )
    with STEP("validation_error"):
        bad, none = refused(told.by_request_id("bad")), told.by_request_id("none")
        assert (bad.status_code, none.status_code, none.empty) == (3140, 1, True), told
        assert "invalid reference to QuickBooks Vendor" in bad.status_message, bad


def broken(ctx):
    """A document that QuickBooks cannot parse never reaches a task again."""
    yield '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq><Nonsense/></QBXMLMsgsRq></QBXML>'
    raise AssertionError("an unparsable document must not be answered")


def served(credentials: dict, tasks: list) -> tuple:
    """The kit's service on a free port."""
    service = QBWCService(StaticAuthenticator(credentials["user_name"], credentials["password"], tasks))
    server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
    url = f"http://localhost:{server.server_port}/qbwc"
    server.set_app(wsgi(service, build_wsdl(url)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return service, server, url


def main(base: str, told: str) -> None:
    credentials = json.loads(told)
    connector = Connector(base, credentials["access_token"])
    work = [Work("lists", lists), Work("expenses", expenses), Work("bills", bills), Work("refusals", refusals)]
    ended: list = []
    service, server, url = served(credentials, work)
    service.on_session_end = ended.append
    introduction = build_qwc(
        app_name="Kit",
        app_id="",
        app_url=url,
        app_description="Expenses by qbwc-kit",
        username=credentials["user_name"],
        owner_id=OWNER,
        file_id=FILE,
    )
    with STEP("sign_in"):  # the application checks what the Web Connector brings
        application = connector.ask("POST", "/web_connector/applications", introduction.encode())["id"]
        say("added the application by its .qwc file")
        run = connector.update(application)
        assert (run["state"], run["percent"]) == ("done", 100), run
    assert len(ended) == 1, ended
    assert ended[0].errors == [], ended[0].errors
    say(f"the Web Connector ended the session with {run['status']} after {run['rounds']} rounds")
    service.authenticator = StaticAuthenticator(credentials["user_name"], credentials["password"], [Work("b", broken)])
    run = connector.update(application)
    assert run["state"] == "failed", run
    assert "0x80040400" in run["status"], run
    say("a document that does not parse fails the run")
    service.authenticator = StaticAuthenticator(credentials["user_name"], "another password", work)
    run = connector.update(application)
    assert run["state"] == "failed", run
    say(f"a wrong password is refused: {run['status']}")
    service.authenticator = StaticAuthenticator(credentials["user_name"], credentials["password"], [])
    assert connector.update(application)["state"] == "done"
    say("no work ends at once")
    connector.ask("DELETE", f"/web_connector/applications/{application}")
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
