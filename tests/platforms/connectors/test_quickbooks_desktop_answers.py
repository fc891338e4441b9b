"""The connector of QuickBooks Desktop against answers written by hand: statuses, message sets, pages, SOAP calls."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace
from tests.platforms.connectors.answers.played import Played

from sandbooks.connector import (
    Application,
    Company,
    Consent,
    Contact,
    Expense,
    Heard,
    Line,
    Native,
    NeedsConsent,
    PaymentAccount,
    Polled,
    Program,
    Refused,
    Request,
    Told,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.quickbooks_desktop.connector import CONNECTOR, reading
from sandbooks.wire import Cut, Response

TNS = "http://developer.intuit.com/"
COMPANY = Company(id="c", name="Acme", currency="GBP", country="GB", facts={"currency.USD": "80000002-1"})
CONSENT = Consent(company="c", access_token="", facts={"owner": "90a44fb7-33d9-4815-ac85-bc87a7e7d1eb"})
PAYMENT = Expense(
    kind="Payment",
    id="t-01",
    key="key-1",
    version=1,
    date=date(2026, 3, 2),
    currency="GBP",
    account=PaymentAccount(id="80000010-1", pays="card", currency="GBP"),
    lines=(Line(net=Decimal("41.23"), account="80000020-1"),),
    contact=Contact(kind="supplier", name="Contoso", id="80000030-1", currency="GBP"),
    notes="Taxi & bus",
)
CHARGE = (
    "<CreditCardChargeRet><TxnID>2A-17</TxnID><EditSequence>17</EditSequence><Memo>Taxi [t-01]</Memo>"
    "</CreditCardChargeRet>"
)


def told(inner: str, *, set_code: str = "") -> Response:
    """An answer document around its answers."""
    attributes = f' newMessageSetID="key-1" messageSetStatusCode="{set_code}"' if set_code else ""
    body = f'<?xml version="1.0" ?><QBXML><QBXMLMsgsRs{attributes}>{inner}</QBXMLMsgsRs></QBXML>'
    return Response(200, (), body.encode())


def status(name: str, inner: str = "", *, code: int = 0, text: str = "Status OK", more: str = "") -> str:
    severity = "Info" if code < 500 else "Warn" if code < 1000 else "Error"
    attributes = f'requestID="1" statusCode="{code}" statusSeverity="{severity}" statusMessage="{text}" {more}'
    return f"<{name}Rs {attributes.strip()}>{inner}</{name}Rs>"


ADDED = told(status("CreditCardChargeAdd", CHARGE), set_code="0")
USED = told("", set_code="9004")
NOTHING = told(status("CreditCardChargeQuery", code=1, text="none"))
LOCKED = told(status("CreditCardChargeAdd", code=3176, text="The list element is in use."), set_code="0")


def kept(inner: str) -> Response:
    return told(inner, set_code="0")


def push(*answers: Any) -> Played:
    return Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers)


def root(request: Request) -> etree._Element:
    return etree.fromstring(request.body)


# What is sent


def test_a_document_names_its_version_its_message_set_and_one_request() -> None:
    (request,) = push(ADDED).requests
    message_set = root(request)[0]
    assert b'<?qbxml version="13.0"?>' in request.body
    assert dict(message_set.attrib) == {"onError": "stopOnError", "newMessageSetID": "key-1"}
    assert [child.tag for child in message_set] == ["CreditCardChargeAddRq"]
    assert (request.mutates, request.reference) == (True, "t-01")


def test_elements_stand_in_the_order_of_the_schema_and_text_is_escaped() -> None:
    charge = root(push(ADDED).last)[0][0][0]
    assert [child.tag for child in charge] == ["AccountRef", "PayeeEntityRef", "TxnDate", "Memo", "ExpenseLineAdd"]
    assert charge.findtext("Memo") == "Taxi & bus [t-01]"
    assert [child.tag for child in charge[-1]] == ["AccountRef", "Amount", "Memo"]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert push(ADDED).last.body == push(ADDED).last.body


def test_a_foreign_document_states_home_for_one_foreign_unit() -> None:
    foreign = replace(PAYMENT, currency="USD", rate=Decimal("0.781"), contact=None)
    played = Played(CONNECTOR.push(foreign, CONSENT, COMPANY), [ADDED])
    assert root(played.last).findtext(".//ExchangeRate") == "0.781"


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "USD"},
        {"lines": (Line(net=Decimal("1.005"), account="8"),)},
        {"lines": (Line(net=Decimal("0.00"), account="8"),)},
        {"lines": (Line(net=Decimal("2.00"), account="8"), Line(net=Decimal("-2.01"), account="8"))},
        {"lines": (Line(net=Decimal("2.00")),)},
        {"lines": (Line(net=Decimal("2.00"), account="8", item="9"),)},
    ],
)
def test_what_quickbooks_cannot_state_is_refused_before_anything_is_sent(change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        Played(CONNECTOR.push(replace(PAYMENT, **change), CONSENT, COMPANY), [])


# What an answer says


def test_an_added_record_is_the_native_document() -> None:
    done = push(ADDED).result
    assert (done.native.kind, done.native.id, done.native.version, done.found) == (
        "CreditCardCharge",
        "2A-17",
        "17",
        False,
    )


@pytest.mark.parametrize("code", [1000, 3140, 3171, 3210, 3250, 9100])
def test_an_error_is_a_refusal_in_quickbooks_words(code: int) -> None:
    with pytest.raises(Refused, match=rf"No such thing \(QuickBooks error {code}\)") as refused:
        push(told(status("CreditCardChargeAdd", code=code, text="No such thing"), set_code="0"))
    assert refused.value.native_code == str(code)


@pytest.mark.parametrize("code", [0, 530, 550])
def test_a_warning_is_no_refusal(code: int) -> None:
    assert push(told(status("CreditCardChargeAdd", CHARGE, code=code), set_code="0")).result.native.id == "2A-17"


@pytest.mark.parametrize(
    "answer",
    [
        Cut("closed"),
        Response(503, (("X-HRESULT", "0x80040402"),), b"Unexpected error"),
        Response(200, (), b"<html>not qbXML</html>"),
        Response(200, (), b"<QBXML><QBXMLMsgsRs>"),
        told("", set_code="0"),
        told(status("CreditCardChargeAdd"), set_code="0"),
    ],
)
def test_an_answer_that_tells_nothing_of_a_write_is_unknown(answer: Any) -> None:
    with pytest.raises(Unknown):
        push(answer)


def test_a_document_that_could_not_be_parsed_is_refused_for_good() -> None:
    with pytest.raises(Refused, match="error when parsing") as refused:
        push(Response(400, (("X-HRESULT", "0x80040400"),), b"QuickBooks found an error when parsing"))
    assert refused.value.native_code == "0x80040400"


# Message sets


def test_a_set_that_was_carried_out_before_is_asked_for_its_answers() -> None:
    played = push(USED, kept(status("CreditCardChargeAdd", CHARGE)))
    assert (played.result.native.id, played.result.found) == ("2A-17", True)
    asked = root(played.requests[1])[0]
    assert (dict(asked.attrib), len(asked)) == ({"onError": "stopOnError", "oldMessageSetID": "key-1"}, 0)
    assert not played.requests[1].mutates


def test_a_refusal_that_was_kept_is_told_again() -> None:
    with pytest.raises(Refused, match="3140"):
        push(USED, kept(status("CreditCardChargeAdd", code=3140, text="No such thing")))


@pytest.mark.parametrize("nothing", [told("", set_code="0"), told("", set_code="600")])
def test_a_set_that_was_begun_and_never_finished_is_looked_for_and_sent_under_another_id(nothing: Response) -> None:
    played = push(USED, nothing, NOTHING, ADDED)
    assert played.result.native.id == "2A-17"
    assert root(played.requests[3])[0].get("newMessageSetID") == "key-1.2"


def test_what_a_search_shows_is_not_sent_again() -> None:
    played = push(USED, told("", set_code="600"), told(status("CreditCardChargeQuery", CHARGE)))
    assert (played.result.native.id, played.result.found) == ("2A-17", True)


def test_an_object_that_is_in_use_is_waited_for_and_sent_under_another_id() -> None:
    played = push(LOCKED, ADDED)
    assert [type(step) for step in played.steps] == [Request, Wait, Request]
    assert root(played.last)[0].get("newMessageSetID") == "key-1.2"
    assert played.result.native.id == "2A-17"


def test_an_object_that_stays_in_use_is_refused_in_the_end() -> None:
    with pytest.raises(Refused, match="again and again"):
        push(*[LOCKED] * 6)


def test_a_look_up_asks_for_the_set_and_then_for_the_memo() -> None:
    other = CHARGE.replace("[t-01]", "[t-02]")
    found = status("CreditCardChargeQuery", other + CHARGE.replace("2A-17", "2B-18"))
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [told("", set_code="600"), told(found)])
    assert (played.result.native.id, played.result.found) == ("2B-18", True)
    query = root(played.last)[0][0]
    assert query.findtext("TxnDateRangeFilter/FromTxnDate") == "2026-03-01"
    assert query.findtext("AccountFilter/ListID") == "80000010-1"


def test_a_look_up_that_finds_nothing_says_so() -> None:
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [told("", set_code="600"), NOTHING])
    assert played.result is None


def test_a_set_of_which_quickbooks_will_not_speak_leaves_it_open() -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [told("", set_code="9001")])


# Updates

STANDING = told(status("CreditCardChargeQuery", CHARGE))
STALE = told(status("CreditCardChargeMod", code=3200, text="out-of-date"), set_code="0")
CHANGED = told(status("CreditCardChargeMod", CHARGE.replace(">17<", ">18<")), set_code="0")
NATIVE = Native(kind="CreditCardCharge", id="2A-17", version="17", data_type="directCosts")


def update(*answers: Any) -> Played:
    return Played(CONNECTOR.update(replace(PAYMENT, version=2), NATIVE, CONSENT, COMPANY), answers)


def test_an_update_is_made_on_the_version_that_stands() -> None:
    played = update(STANDING, CHANGED)
    mod = root(played.last)[0][0][0]
    assert (mod.findtext("TxnID"), mod.findtext("EditSequence")) == ("2A-17", "17")
    assert mod.findtext("ExpenseLineMod/TxnLineID") == "-1"
    assert played.result.native.version == "18"


def test_a_version_that_has_moved_on_is_read_again() -> None:
    played = update(STANDING, STALE, STANDING, CHANGED)
    sets = [root(request)[0].get("newMessageSetID") for request in played.requests if request.mutates]
    assert sets == ["key-1", "key-1/2"]


def test_a_version_that_always_moves_on_is_refused_in_the_end() -> None:
    with pytest.raises(Refused, match="3200"):
        update(*[STANDING, STALE] * 3)


def test_a_transaction_that_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="no longer"):
        update(told(status("CreditCardChargeQuery", code=500, text="missing")))


# Reads


def vendors(*names: str, left: int = 0) -> Response:
    records = "".join(f"<VendorRet><ListID>{n}</ListID><Name>{n}</Name></VendorRet>" for n in names)
    more = f'iteratorRemainingCount="{left}" iteratorID="{{0F}}"'
    return told(status("VendorQuery", records, more=more))


def around() -> Response:
    currency = "<CurrencyRet><ListID>1-1</ListID><CurrencyCode>GBP</CurrencyCode></CurrencyRet>"
    host = "<HostRet><Country>UK</Country></HostRet>"
    return told(status("CurrencyQuery", currency) + status("PreferencesQuery") + status("HostQuery", host))


def suppliers(*answers: Any) -> Played:
    return Played(CONNECTOR.suppliers(CONSENT), answers)


def test_a_list_is_read_by_an_iterator_to_its_end() -> None:
    played = suppliers(around(), vendors("a", "b", left=1), vendors("c"))
    assert [contact.name for contact in played.result] == ["a", "b", "c"]
    first, second = (root(request)[0][0] for request in played.requests[1:])
    assert (first.get("iterator"), second.get("iterator"), second.get("iteratorID")) == ("Start", "Continue", "{0F}")
    assert [child.tag for child in first] == [child.tag for child in second] == ["MaxReturned", "ActiveStatus"]


def test_an_iterator_that_has_ended_with_its_session_is_begun_anew() -> None:
    gone = told(status("VendorQuery", code=3240, text="no such iterator"))
    played = suppliers(around(), vendors("a", left=1), gone, vendors("a", left=1), vendors("b"))
    assert [contact.name for contact in played.result] == ["a", "b"]


def test_an_iterator_that_never_lasts_makes_the_list_unavailable() -> None:
    gone = told(status("VendorQuery", code=3240, text="no such iterator"))
    with pytest.raises(Unavailable):
        suppliers(around(), *[vendors("a", left=1), gone] * reading.STARTS_MOST)


def test_a_read_that_is_not_answered_is_asked_again_after_a_while() -> None:
    played = suppliers(Cut("closed"), around(), vendors("a"))
    assert isinstance(played.steps[1], Wait)
    assert [contact.currency for contact in played.result] == ["GBP"]


# Signing in


def application() -> Application:
    return Application(client_id="", client_secret="", redirect_uri="")


def consented(*ids: str) -> Played:
    extension = "<DataExtRet><DataExtName>FileID</DataExtName><DataExtValue>{%s}</DataExtValue></DataExtRet>"
    inner = "<CompanyRet>" + "".join(extension % id for id in ids) + "</CompanyRet>"
    steps = CONNECTOR.exchange_code(
        application(), {"owner": "90a4", "company": "57f3"}, now=datetime(2026, 3, 2, tzinfo=UTC)
    )
    return Played(steps, [told(status("CompanyQuery", inner))])


def test_the_company_file_that_carries_our_id_is_the_one() -> None:
    played = consented("57F3")
    assert played.result.company == "57f3"
    assert root(played.last).findtext(".//OwnerID") == "{90a4}"


@pytest.mark.parametrize("ids", [(), ("0000",)])
def test_another_company_file_is_refused(ids: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="not the one"):
        consented(*ids)


def test_there_is_nothing_to_refresh() -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.refresh(application(), CONSENT, now=datetime(2026, 3, 2, tzinfo=UTC)), [])


# The program that polls


def call(method: str, parts: Iterable[tuple[str, str]] = (), *, prefix: str = "") -> bytes:
    """A SOAP call, its elements with a prefix or in the default namespace."""
    tag = f"{prefix}:" if prefix else ""
    inner = "".join(f"<{tag}{name}>{html.escape(text)}</{tag}{name}>" for name, text in parts)
    declared = f'xmlns:{prefix}="{TNS}"' if prefix else f'xmlns="{TNS}"'
    return (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f"<{tag}{method} {declared}>{inner}</{tag}{method}></s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize("prefix", ["", "tns"])
def test_calls_are_understood_with_and_without_a_prefix(prefix: str) -> None:
    given = [("strUserName", "u"), ("strPassword", "p & q")]
    heard = CONNECTOR.heard(call("authenticate", given, prefix=prefix))
    assert (heard.word, heard.user, heard.password) == ("sign_in", "u", "p & q")


@pytest.mark.parametrize(
    ("method", "word"),
    [
        ("serverVersion", "greeting"),
        ("clientVersion", "greeting"),
        ("sendRequestXML", "fetch"),
        ("getLastError", "last_error"),
        ("closeConnection", "end"),
    ],
)
def test_each_call_is_what_it_is(method: str, word: str) -> None:
    heard = CONNECTOR.heard(call(method, [("ticket", "t-9")]))
    assert (heard.word, heard.ticket if word not in ("greeting",) else "t-9") == (word, "t-9")


def test_an_answer_is_the_document_that_quickbooks_gave() -> None:
    given = [("ticket", "t"), ("response", "<QBXML>é</QBXML>"), ("hresult", ""), ("message", "")]
    answer = CONNECTOR.heard(call("receiveResponseXML", given)).answer
    assert answer == Response(200, (("Content-Type", "text/xml; charset=utf-8"),), "<QBXML>é</QBXML>".encode())


@pytest.mark.parametrize(("code", "status"), [("0x80040400", 400), ("0x80040402", 503), ("0x80040414", 503)])
def test_a_document_that_was_not_run_has_the_status_of_its_reason(code: str, status: int) -> None:
    given = [("ticket", "t"), ("response", ""), ("hresult", code), ("message", "why")]
    answer = CONNECTOR.heard(call("receiveResponseXML", given)).answer
    assert isinstance(answer, Response)
    assert (answer.status, answer.header("X-HRESULT"), answer.body) == (status, code, b"why")


@pytest.mark.parametrize(
    ("code", "failure"), [("0x8004041a", NeedsConsent), ("0x80040420", NeedsConsent), ("0x80040416", Unavailable)]
)
def test_a_company_file_that_cannot_be_opened_needs_consent_or_patience(code: str, failure: type) -> None:
    heard = CONNECTOR.heard(call("connectionError", [("ticket", "t"), ("hresult", code), ("message", "closed")]))
    assert type(heard.failure) is failure


@pytest.mark.parametrize("body", [b"", b"<x/>", call("interactiveDone"), b"\xff\xfe"])
def test_what_is_no_call_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        CONNECTOR.heard(body)
    fault = CONNECTOR.misheard(refused.value)
    assert (fault.status, etree.fromstring(fault.body).findtext(".//faultcode")) == (500, "soap:Client")


def result(word: Any, method: str, **told: Any) -> etree._Element:
    answer = CONNECTOR.told(Heard(word=word, call=method), Told(**told))
    (found,) = etree.fromstring(answer.body).iter(f"{{{TNS}}}{method}Result")
    return found


@pytest.mark.parametrize(("state", "word"), [("work", None), ("none", "none"), ("refused", "nvu")])
def test_a_sign_in_is_answered_with_a_ticket_and_a_word(state: str, word: str | None) -> None:
    assert [each.text for each in result("sign_in", "authenticate", ticket="t-1", state=state)] == ["t-1", word]


def test_the_other_calls_are_answered_with_one_text() -> None:
    document = b"<?xml version='1.0'?><QBXML>&amp;</QBXML>"
    assert result("fetch", "sendRequestXML", document=document).text == document.decode()
    assert result("fetch", "sendRequestXML").text is None
    assert result("answer", "receiveResponseXML", percent=42).text == "42"
    assert result("trouble", "connectionError").text == "done"
    assert result("last_error", "getLastError", text="why").text == "why"
    assert result("end", "closeConnection", text="OK").text == "OK"
    assert (result("greeting", "serverVersion").text, result("greeting", "clientVersion").text) == ("1.0", None)


@pytest.mark.parametrize(("seconds", "name", "number"), [(5, "RunEveryNSeconds", "5"), (900, "RunEveryNMinutes", "15")])
def test_the_file_tells_where_as_whom_and_how_often_but_no_password(seconds: int, name: str, number: str) -> None:
    assert isinstance(CONNECTOR, Polled)
    program = Program(
        url="https://hub.example/poll/1?a=1&b=2",
        user="hub-1",
        owner="aa-1",
        company="bb-2",
        name="Sync",
        every_seconds=seconds,
    )
    file = CONNECTOR.introduction(program)
    made = etree.fromstring(file.content)
    assert (made.findtext("AppURL"), made.findtext("UserName")) == (program.url, "hub-1")
    assert (made.findtext("OwnerID"), made.findtext("FileID")) == ("{aa-1}", "{bb-2}")
    assert made.findtext(f"Scheduler/{name}") == number
    assert "assword" not in file.content.decode()
