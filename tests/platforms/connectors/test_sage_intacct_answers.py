"""The connector of Sage Intacct, fed with answers written by hand: what it sends, what it makes of what comes back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from tests.platforms.connectors.answers import Played, page

from sandbooks.connector import (
    Adjustment,
    Application,
    AsksCredentials,
    Company,
    CompanyUnavailable,
    Consent,
    Contact,
    Document,
    Expense,
    File,
    Line,
    Native,
    NeedsConsent,
    NewAccount,
    PaymentAccount,
    Refused,
    Reimbursable,
    Request,
    Steps,
    TrackingRef,
    Transfer,
    TransferSide,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.sage_intacct.connector import CONNECTOR
from sandbooks.wire import Cut, Response

FACTS = {"user_id": "hub_ws", "sender_id": "SENDER", "sender_password": "s&cret"}
CONSENT = Consent(company="acme", access_token="session-1", refresh_token="pass<word", facts=FACTS)
COMPANY = Company(id="acme", name="Acme", currency="GBP", country="GB")
APPLICATION = Application(client_id="SENDER", client_secret="s&cret", redirect_uri="https://hub.example/callback")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
T1 = "6c1a4a4e-0000-4000-8000-000000000001"
T2 = "6c1a4a4e-0000-4000-8000-000000000002"

LINE = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account="6400", tax_rate="UK Input 20", description="Seat")
PLAIN = Line(net=Decimal("19.90"), account="6410", tax_rate="NONE", description="Lunch")
CARD = PaymentAccount(id="VISA-1", pays="card", currency="GBP")
PAYMENT = Expense(
    kind="Payment",
    id=T1,
    key="key-1",
    version=1,
    date=date(2026, 3, 8),
    currency="GBP",
    account=CARD,
    lines=(PLAIN,),
    contact=Contact(kind="supplier", id="V100", name="Contoso Air"),
    reference="R-9",
    merchant="Contoso",
    notes="Flight & food",
)
TAXED = replace(PAYMENT, lines=(LINE,))
BILL = Reimbursable(
    id=T2,
    key="key-2",
    version=1,
    date=date(2026, 3, 28),
    due=date(2026, 4, 11),
    currency="GBP",
    contact=Contact(kind="supplier", id="E-7", name="Ines Duarte"),
    lines=(PLAIN,),
    reference="Trip 7",
    notes="March trip",
)


# Answers

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


SOLUTIONS = rows("TAXDETAIL", {"RECORDNO": "1", "DETAILID": "UK Input 20", "TAXSOLUTIONID": "UK VAT"})


# Requests


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


def pushed(document: Document, *answers: Response) -> etree._Element:
    played = Played(CONNECTOR.push(document, CONSENT, COMPANY), answers)
    return function(played.last)


# What is sent


def test_a_payment_is_a_charge_on_its_card() -> None:
    request = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last
    assert (request.method, request.path, request.base) == ("POST", "/ia/xml/xmlgw.phtml", "api")
    assert (request.mutates, request.reference, request.signed) == (True, T1, True)
    sent = function(request)
    assert sent.tag == "record_cctransaction"
    assert plain(sent) == {
        "chargecardid": "VISA-1",
        "paymentdate": {"year": "2026", "month": "03", "day": "08"},
        "referenceno": "R-9",
        "payee": "Flight & food",
        "description": f"Contoso - Flight & food [{T1}]",
        "currency": "GBP",
        "exchratetype": "",
        "ccpayitems": {
            "ccpayitem": {
                "glaccountno": "6410",
                "description": "Lunch",
                "paymentamount": "19.90",
                "vendorid": "V100",
            }
        },
    }


def test_a_create_is_to_be_taken_once_under_the_key_of_the_document() -> None:
    root = etree.fromstring(Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last.body)
    assert root.findtext("control/uniqueid") == "true"
    wrapped = root.find("operation/content/function")
    assert wrapped is not None
    assert (root.findtext("control/controlid"), wrapped.get("controlid")) == ("key-1", "key-1")
    assert [child.tag for child in root.iterfind("control/*")][:5] == [
        "senderid",
        "password",
        "controlid",
        "uniqueid",
        "dtdversion",
    ]


def test_the_same_document_is_the_same_bytes() -> None:
    first, second = (Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last for _ in range(2))
    assert first == second


def test_a_read_may_be_repeated() -> None:
    root = etree.fromstring(Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), []).last.body)
    assert root.findtext("control/uniqueid") == "false"


def test_a_request_is_signed_in_its_body() -> None:
    request = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last
    signed = CONNECTOR.signed(request, CONSENT, now=NOW, nonce="n")
    root = etree.fromstring(signed.body)
    assert root.findtext("control/senderid") == "SENDER"
    assert root.findtext("control/password") == "s&cret"
    assert root.findtext("operation/authentication/sessionid") == "session-1"
    assert b"session-1" not in request.body
    assert plain(function(signed)) == plain(function(request))


def test_a_refund_is_a_charge_of_negative_lines() -> None:
    sent = pushed(replace(TAXED, kind="Refund"), SOLUTIONS)
    item = plain(sent)["ccpayitems"]["ccpayitem"]
    assert (item["paymentamount"], item["totaltrxamount"]) == ("-41.23", "-49.48")
    assert item["taxentries"] == {"taxentry": {"detailid": "UK Input 20", "trx_tax": "-8.25"}}


def test_taxed_lines_state_net_gross_and_tax_under_their_solution() -> None:
    sent = plain(pushed(replace(TAXED, lines=(LINE, PLAIN)), SOLUTIONS))
    assert (sent["inclusivetax"], sent["taxsolutionid"]) == ("true", "UK VAT")
    taxed, untaxed = sent["ccpayitems"]["ccpayitem"]
    assert (taxed["paymentamount"], taxed["totaltrxamount"]) == ("41.23", "49.48")
    assert taxed["taxentries"]["taxentry"]["trx_tax"] == "8.25"
    assert (untaxed["paymentamount"], "taxentries" in untaxed) == ("19.90", False)


def test_a_tax_that_is_left_to_the_platform_is_computed_on_the_net() -> None:
    sent = plain(pushed(replace(PAYMENT, lines=(replace(LINE, tax=None),)), SOLUTIONS))
    item = sent["ccpayitems"]["ccpayitem"]
    assert (sent["inclusivetax"], item["paymentamount"], "totaltrxamount" in item) == ("false", "41.23", False)
    assert item["taxentries"]["taxentry"] == {"detailid": "UK Input 20"}


def test_a_tax_without_a_detail_is_part_of_the_cost() -> None:
    sent = plain(pushed(replace(PAYMENT, lines=(replace(LINE, tax_rate="NONE"),))))
    assert sent["ccpayitems"]["ccpayitem"]["paymentamount"] == "49.48"
    assert "inclusivetax" not in sent


def test_tax_details_are_looked_up_before_anything_is_written() -> None:
    played = Played(CONNECTOR.push(TAXED, CONSENT, COMPANY), [])
    assert not played.last.mutates
    sent = plain(function(played.last))
    assert (sent["object"], sent["filter"]) == ("TAXDETAIL", {"in": {"field": "DETAILID", "value": "UK Input 20"}})
    unseen = plain(pushed(TAXED, rows("TAXDETAIL")))
    assert (unseen["inclusivetax"], "taxsolutionid" in unseen) == ("true", False)
    two = replace(TAXED, lines=(LINE, replace(LINE, tax_rate="FR 20")))
    mixed = rows(
        "TAXDETAIL",
        {"RECORDNO": "1", "DETAILID": "UK Input 20", "TAXSOLUTIONID": "UK VAT"},
        {"RECORDNO": "2", "DETAILID": "FR 20", "TAXSOLUTIONID": "FR VAT"},
    )
    with pytest.raises(Refused, match="one tax solution"):
        Played(CONNECTOR.push(two, CONSENT, COMPANY), [mixed])


def test_dimensions_stand_on_the_line_in_the_order_of_the_schema() -> None:
    tags = ("LOCATION-L-1", "CLASS-C1", "DEPARTMENT-100", "PROJECT-P-9")
    refs = (*(TrackingRef(id=tag) for tag in tags), TrackingRef(id="10064", kind="customer"))
    sent = pushed(replace(PAYMENT, lines=(replace(PLAIN, tracking=refs, invoice_to="10064"),)))
    item = sent.find("ccpayitems/ccpayitem")
    assert item is not None
    assert [(child.tag, child.text) for child in item][3:] == [
        ("departmentid", "100"),
        ("locationid", "L-1"),
        ("customerid", "10064"),
        ("vendorid", "V100"),
        ("projectid", "P-9"),
        ("classid", "C1"),
        ("billable", "true"),
    ]


def test_a_bill_is_numbered_by_the_transaction() -> None:
    sent = pushed(replace(BILL, lines=(LINE, replace(PLAIN, description="")), payables_account="2000"), SOLUTIONS)
    assert sent.tag == "create"
    assert plain(sent)["APBILL"] == {
        "WHENCREATED": "03/28/2026",
        "VENDORID": "E-7",
        "RECORDID": T2,
        "DOCNUMBER": "Trip 7",
        "DESCRIPTION": f"March trip [{T2}]",
        "WHENDUE": "04/11/2026",
        "BASECURR": "GBP",
        "CURRENCY": "GBP",
        "EXCH_RATE_TYPE_ID": "",
        "INCLUSIVETAX": "true",
        "TAXSOLUTIONID": "UK VAT",
        "APBILLITEMS": {
            "APBILLITEM": [
                {
                    "ACCOUNTNO": "6400",
                    "OFFSETGLACCOUNTNO": "2000",
                    "TRX_AMOUNT": "41.23",
                    "TOTALTRXAMOUNT": "49.48",
                    "ENTRYDESCRIPTION": "Seat",
                    "TAXENTRIES": {"TAXENTRY": {"DETAILID": "UK Input 20", "TRX_TAX": "8.25"}},
                },
                {
                    "ACCOUNTNO": "6410",
                    "OFFSETGLACCOUNTNO": "2000",
                    "TRX_AMOUNT": "19.90",
                    "ENTRYDESCRIPTION": "March trip",
                },
            ]
        },
    }


def test_a_foreign_document_carries_its_rate() -> None:
    bill = plain(pushed(replace(BILL, currency="USD", rate=Decimal("0.781"))))["APBILL"]
    assert (bill["BASECURR"], bill["CURRENCY"], bill["EXCHANGE_RATE"]) == ("GBP", "USD", "0.781")
    assert "EXCH_RATE_TYPE_ID" not in bill
    charge = plain(pushed(replace(PAYMENT, currency="USD", rate=Decimal("0.781"))))
    assert (charge["currency"], charge["exchrate"], "exchratetype" in charge) == ("USD", "0.781", False)


def test_texts_are_cut_to_what_is_kept_and_never_the_mark() -> None:
    sent = plain(pushed(replace(PAYMENT, notes="x" * 1200, lines=(replace(PLAIN, description="y" * 1200),))))
    assert len(sent["payee"]) == 80
    assert len(sent["description"]) == 1000
    assert sent["description"].endswith(f"[{T1}]")
    assert len(sent["ccpayitems"]["ccpayitem"]["description"]) == 1000


def test_a_text_with_what_xml_cannot_say_is_sent_without_it() -> None:
    assert plain(pushed(replace(PAYMENT, notes="a\x00b\x0b<c>")))["payee"] == "ab<c>"


SIDE = TransferSide(account="41", currency="GBP", amount=Decimal("5"))
BANK = PaymentAccount(id="BOA", pays="bank", currency="GBP")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (replace(PAYMENT, kind="Reward"), "reward is not offered"),
        (replace(PAYMENT, kind="Chargeback"), "chargeback is not offered"),
        (replace(PAYMENT, account=BANK), "charge cards only"),
        (replace(PAYMENT, kind="Refund", account=BANK), "charge cards only"),
        (Transfer(id="t", key="k", version=1, date=NOW.date(), source=SIDE, target=SIDE), "transfers are not offered"),
        (Adjustment(id="t", key="k", version=1, date=NOW.date(), currency="GBP", lines=()), "adjustments are not"),
        (replace(PAYMENT, lines=()), "at least one line"),
        (replace(PAYMENT, lines=(replace(PLAIN, item="9", account=""),)), "an account"),
        (replace(PAYMENT, lines=(replace(PLAIN, tracking=(TrackingRef(id="TEAM-1"),)),)), "TEAM-1 is no department"),
        (
            replace(
                PAYMENT,
                lines=(replace(PLAIN, tracking=(TrackingRef(id="CLASS-1"), TrackingRef(id="CLASS-2"))),),
            ),
            "one class",
        ),
        (replace(PAYMENT, reference="x" * 46), "45 characters"),
        (replace(PAYMENT, currency="USD"), "rate is needed"),
        (replace(BILL, currency="USD"), "rate is needed"),
    ],
)
def test_what_sage_intacct_cannot_state_is_refused_before_any_request(document: Document, message: str) -> None:
    with pytest.raises(Refused, match=message):
        next(CONNECTOR.push(document, CONSENT, COMPANY))


# What comes back


@pytest.mark.parametrize(
    ("document", "answer", "native"),
    [
        (PAYMENT, keyed("3430"), Native(kind="CCTRANSACTION", id="3430", data_type="directCosts")),
        (BILL, created("apbill", RECORDNO="77"), Native(kind="APBILL", id="77", data_type="bills")),
    ],
)
def test_a_success_names_the_record(document: Document, answer: Response, native: Native) -> None:
    assert Played(CONNECTOR.push(document, CONSENT, COMPANY), [answer]).result.native == native


@pytest.mark.parametrize(
    "answer",
    [
        Cut("timeout"),
        Cut("reset"),
        Response(503),
        page(502),
        page(200),
        page(413),
        Response(200),
        Response(200, (), b"<response><control><status>succ"),
        Response(200, (), b"<response/><response/>"),
        xml(CONTROL),
        xml(f"{CONTROL}<operation>{SIGNED_IN}</operation>"),
        xml("<acknowledgement><status>success</status></acknowledgement>"),
        result(""),
        result("<key></key>"),
        result("<key>1</key>", http=404),
        control_failure("XL99000001", "out of service"),
        failed(("XL03000004", "The control ID has been used", "")),
        control_failure("XL03000004"),
    ],
)
def test_an_answer_that_says_nothing_is_unknown(answer: Response | Cut) -> None:
    with pytest.raises(Unknown) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])
    assert "<" not in failure.value.message


def test_a_refusal_carries_the_cause_without_the_support_id() -> None:
    cause = "Invalid Project '10064' specified. [Support ID: abc%7Edef-GHI]"
    answer = failed(
        ("BL03002101", cause, "Check the project."), ("BL01001973", "Could not create cctransaction record!", "")
    )
    with pytest.raises(Refused) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])
    assert failure.value.message == ("Invalid Project '10064' specified. Check the project. (Sage Intacct BL03002101)")
    assert failure.value.native_code == "BL03002101"


def test_the_first_of_wrappers_alone_is_the_cause() -> None:
    answer = failed(("BL01001973", "Periods are closed.", ""), ("BL01001973", "Could not create record!", ""))
    with pytest.raises(Refused, match=r"^Periods are closed\. \(Sage Intacct BL01001973\)$"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


@pytest.mark.parametrize(
    "answer",
    [
        failed(("BL01001973", "no", ""), status="aborted"),
        failed(("BL01001973", "no", ""), http=400),
        control_failure("XL03000003", "XML Parse schema error"),
    ],
)
def test_a_definite_no_is_a_refusal_at_every_level(answer: Response) -> None:
    with pytest.raises(Refused):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


def test_a_company_that_has_expired_is_unavailable() -> None:
    with pytest.raises(CompanyUnavailable):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [control_failure("PL04000055", "expired")])


DENIALS = [
    not_signed_in(),
    not_signed_in("UJPP0002", 400),
    control_failure("XL03000006"),
    control_failure("invalidRequest", http=400),
    control_failure("GW-0011", http=400),
]


@pytest.mark.parametrize("answer", [*DENIALS, page(401)])
def test_a_credential_that_is_not_taken_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


@pytest.mark.parametrize("answer", DENIALS)
def test_the_driver_is_told_of_a_refused_credential_under_any_status(answer: Response) -> None:
    assert CONNECTOR.credential_refused(answer)


@pytest.mark.parametrize(
    "answer", [keyed(), failed(("BL01001973", "no", "")), page(200), Response(200), control_failure("XL03000003")]
)
def test_the_driver_is_told_of_nothing_else(answer: Response) -> None:
    assert not CONNECTOR.credential_refused(answer)


@pytest.mark.parametrize(
    "answer",
    [
        control_failure("GW-0010", "API rate limit exceeded"),
        control_failure("GW-0010", "API rate limit exceeded", 429),
        failed(("GW-0010", "API rate limit exceeded", "")),
        Response(429),
    ],
)
def test_a_throttle_is_waited_out_and_the_same_bytes_go_again(answer: Response) -> None:
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer, keyed()])
    assert [(step.seconds, step.reason) for step in played.steps if isinstance(step, Wait)] == [(30, "throttled")]
    assert played.requests[0] == played.requests[1]
    assert played.ended


# Look-up


def test_a_charge_is_looked_up_by_its_description() -> None:
    found = [
        {"RECORDNO": "1", "DESCRIPTION": f"Contoso [{T1}] copied", "STATE": "Posted"},
        {"RECORDNO": "2", "DESCRIPTION": f"Contoso [{T1}]", "STATE": "Reversed"},
        {"RECORDNO": "3", "DESCRIPTION": f"Contoso [{T1}]", "STATE": "Reversal"},
        {"RECORDNO": "4", "DESCRIPTION": f"Contoso [{T1}]", "STATE": "Paid"},
    ]
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [rows("CCTRANSACTION", *found)])
    assert played.result.native == Native(kind="CCTRANSACTION", id="4", data_type="directCosts")
    assert played.result.found
    sent = plain(function(played.last))
    assert sent["filter"] == {"like": {"field": "DESCRIPTION", "value": f"%[{T1}]"}}
    assert (played.last.mutates, played.last.reference) == (False, T1)
    none = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [rows("CCTRANSACTION", *found[:3])])
    assert none.ended
    assert none.result is None


def test_a_bill_is_looked_up_by_its_number() -> None:
    row = {"RECORDNO": "8", "RECORDID": T2, "STATE": "Posted"}
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [rows("APBILL", row)])
    assert played.result.native.id == "8"
    assert plain(function(played.last))["filter"] == {"equalto": {"field": "RECORDID", "value": T2}}


def test_a_query_follows_the_offsets_to_the_end() -> None:
    first = rows("APBILL", {"RECORDNO": "1", "RECORDID": "x"}, {"RECORDNO": "2", "RECORDID": "y"}, remain=1)
    second = rows("APBILL", {"RECORDNO": "3", "RECORDID": T2})
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [first, second])
    assert played.result.native.id == "3"
    assert [plain(function(request))["offset"] for request in played.requests] == ["0", "2"]


@pytest.mark.parametrize("answers", [[Response(503)] * 4, [page(200)], [result("")]])
def test_a_look_up_that_gets_no_answer_says_so(answers: list[Response]) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), answers)


# Update

NATIVE = Native(kind="CCTRANSACTION", id="20", data_type="directCosts")


def standing(card: str = "VISA-1", lines: int = 1) -> Response:
    entries = "".join(
        f"<CCTRANSACTIONENTRY><RECORDNO>9{n}</RECORDNO><LINE_NO>{n}</LINE_NO></CCTRANSACTIONENTRY>"
        for n in range(1, lines + 1)
    )
    inner = f"<RECORDNO>20</RECORDNO><FINANCIALENTITY>{card}</FINANCIALENTITY>"
    inner += f"<CCTRANSACTIONENTRIES>{entries}</CCTRANSACTIONENTRIES>" if lines else ""
    return result(f'<data listtype="CCTRANSACTION" count="1"><CCTRANSACTION>{inner}</CCTRANSACTION></data>')


def updated(document: Document, *answers: Response) -> etree._Element:
    return function(Played(CONNECTOR.update(document, NATIVE, CONSENT, COMPANY), answers).last)


def test_an_update_changes_lines_by_number_and_adds_the_rest() -> None:
    sent = updated(replace(PAYMENT, reference="", lines=(PLAIN, PLAIN)), standing())
    assert (sent.tag, sent.get("key")) == ("update_cctransaction", "20")
    assert "referenceno" not in plain(sent)
    assert "chargecardid" not in plain(sent)
    items = sent.find("updateccpayitems")
    assert items is not None
    assert [(item.tag, item.get("line_num")) for item in items] == [("updateccpayitem", "1"), ("ccpayitem", None)]


def test_an_update_empties_the_dimensions_that_a_line_no_longer_has() -> None:
    item = updated(replace(PAYMENT, contact=None), standing()).find("updateccpayitems/updateccpayitem")
    assert item is not None
    assert [(child.tag, child.text) for child in item][3:] == [
        *((name, None) for name in ("departmentid", "locationid", "customerid", "vendorid", "projectid", "classid")),
        ("totaltrxamount", None),
        ("taxentries", None),
    ]


def test_lines_that_a_read_does_not_show_are_asked_for() -> None:
    entries = rows("CCTRANSACTIONENTRY", {"RECORDNO": "91", "LINE_NO": "1"}, {"RECORDNO": "92", "LINE_NO": "2"})
    sent = updated(replace(PAYMENT, lines=(PLAIN, PLAIN)), standing(lines=0), entries)
    assert [item.get("line_num") for item in sent.iterfind("updateccpayitems/*")] == ["1", "2"]


def test_an_update_may_be_sent_again_and_names_the_same_record() -> None:
    played = Played(CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [standing(), keyed("20")])
    assert played.result.native == NATIVE
    assert etree.fromstring(played.last.body).findtext("control/uniqueid") == "false"


@pytest.mark.parametrize(
    ("document", "native", "answers", "message"),
    [
        (PAYMENT, NATIVE, [standing("AMEX")], "card of a charge cannot change"),
        (PAYMENT, NATIVE, [standing(lines=2)], "no line away"),
        (PAYMENT, NATIVE, [result('<data listtype="CCTRANSACTION" count="0"/>')], "there is no CCTRANSACTION 20"),
        (BILL, NATIVE, [], "cannot become"),
        (BILL, Native(kind="APBILL", id="3"), [], "updates of bills"),
    ],
)
def test_an_update_that_cannot_be_made_is_refused(
    document: Document, native: Native, answers: list[Response], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        Played(CONNECTOR.update(document, native, CONSENT, COMPANY), answers)


# Attachments

FILE = File(name="till.4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")


def pointed(id: str = "") -> Response:
    return rows("CCTRANSACTION", {"RECORDNO": "20", "SUPDOCID": id})


def supdoc(id: str, *files: tuple[str, str, bytes]) -> Response:
    inner = "".join(
        f"<attachment><attachmentname>{name}</attachmentname><attachmenttype>{kind}</attachmenttype>"
        f"<attachmentdata>{base64.b64encode(data).decode()}</attachmentdata></attachment>"
        for name, kind, data in files
    )
    held = f"<supdoc><supdocid>{id}</supdocid><attachments>{inner}</attachments></supdoc>"
    return result(f'<listtype start="0" end="0" total="1">supdoc</listtype><data>{held}</data>')


NO_SUPDOC = result('<listtype start="0" end="0" total="0">supdoc</listtype><data/>')


def attached(*answers: Response) -> Played:
    return Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), answers)


def test_a_file_becomes_a_supporting_document_that_the_charge_points_at() -> None:
    played = attached(pointed(), NO_SUPDOC, keyed("CC-20"), keyed("20"))
    assert played.result.id == "CC-20/till.4.png"
    made, pointing = (function(request) for request in played.requests[2:])
    assert made.tag == "create_supdoc"
    assert plain(made) == {
        "supdocid": "CC-20",
        "attachments": {
            "attachment": {
                "attachmentname": "till.4",
                "attachmenttype": "png",
                "attachmentdata": base64.b64encode(FILE.content).decode(),
            }
        },
    }
    assert (pointing.tag, pointing.get("key"), plain(pointing)) == ("update_cctransaction", "20", {"supdocid": "CC-20"})


def test_a_bill_points_at_its_files_by_an_update() -> None:
    native = Native(kind="APBILL", id="30")
    answers = [rows("APBILL", {"RECORDNO": "30", "SUPDOCID": ""}), NO_SUPDOC, keyed("AP-30")]
    played = Played(CONNECTOR.attach(FILE, native, CONSENT), answers)
    assert plain(function(played.last)) == {"APBILL": {"RECORDNO": "30", "SUPDOCID": "AP-30"}}


def test_a_further_file_joins_those_that_are_there() -> None:
    played = attached(pointed("OWN"), supdoc("OWN", ("till.4", "png", b"other")), keyed("OWN"))
    assert function(played.last).tag == "update_supdoc"
    assert played.result.id == "OWN/till.4.png"


def test_an_attempt_that_was_cut_off_is_taken_up_where_it_ended() -> None:
    held = supdoc("CC-20", ("till.4", "png", FILE.content))
    played = attached(pointed(), held, keyed("20"))
    assert [function(request).tag for request in played.requests] == ["query", "get_list", "update_cctransaction"]
    whole = attached(pointed("CC-20"), held)
    assert [request.mutates for request in whole.requests] == [False, False]
    assert whole.result.id == "CC-20/till.4.png"


def test_an_upload_that_fails_says_how() -> None:
    with pytest.raises(Unknown):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [pointed(), NO_SUPDOC, Cut("timeout")])
    with pytest.raises(Refused, match="too large"):
        attached(pointed(), NO_SUPDOC, failed(("BL01001973", "too large", "")))
    with pytest.raises(Refused, match="there is no CCTRANSACTION 20"):
        attached(rows("CCTRANSACTION"))
    with pytest.raises(Refused, match="not attached"):
        Played(CONNECTOR.attach(FILE, Native(kind="GLBATCH", id="1"), CONSENT), [])


# Reads


def run(steps: Steps[Any], *answers: Response) -> Any:
    played = Played(steps, answers)
    assert played.ended
    return played.result


ENTITY = {"RECORDNO": "1", "LOCATIONID": "100", "NAME": "Acme UK", "CURRENCY": "GBP", "OPCOUNTRY": "GB"}


SETUP = result("<data><financialSetup><baseCurrency>GBP</baseCurrency></financialSetup></data>")
PREFERENCES = result(
    "<data><companypref><preference>COMPANYNAME</preference><prefvalue>Acme Group</prefvalue></companypref></data>"
)
SILENT = failed(("Query Failed", "no", ""))


def test_the_company_is_told_by_its_setup_and_its_entities() -> None:
    entity = rows("LOCATIONENTITY", {**ENTITY, "LEGALNAME": "Acme UK Ltd"})
    company = run(CONNECTOR.company(CONSENT), SETUP, entity, SILENT)
    assert (company.id, company.name, company.legal_name) == ("acme", "Acme UK", "Acme UK Ltd")
    assert (company.currency, company.country) == ("GBP", "GB")
    several = rows("LOCATIONENTITY", {**ENTITY, "CURRENCY": "EUR"}, {**ENTITY, "RECORDNO": "2"})
    assert run(CONNECTOR.company(CONSENT), SETUP, several, SILENT).name == "acme"
    assert run(CONNECTOR.company(CONSENT), SETUP, several, PREFERENCES).name == "Acme Group"
    assert run(CONNECTOR.company(CONSENT), SILENT, several, SILENT).currency == "EUR"


def test_a_company_that_tells_no_base_currency_cannot_be_read() -> None:
    with pytest.raises(Unavailable, match="base currency"):
        Played(CONNECTOR.company(CONSENT), [SILENT, rows("LOCATIONENTITY"), SILENT])


def gl(number: str, kind: str, balance: str, **more: str) -> dict[str, str]:
    own = {"RECORDNO": number, "ACCOUNTNO": number, "TITLE": f"Account {number}", "STATUS": "active"}
    return own | {"ACCOUNTTYPE": kind, "NORMALBALANCE": balance, "ALTERNATIVEACCOUNT": "None"} | more


def test_accounts_are_the_chart_cards_and_banks() -> None:
    chart = (
        gl("1000", "balancesheet", "debit"),
        gl("1500", "balancesheet", "debit", CATEGORY="Other Current Assets"),
        gl("2000", "balancesheet", "credit", ALTERNATIVEACCOUNT="Payables account"),
        gl("3000", "balancesheet", "credit", CLOSINGTYPE="closed to account"),
        gl("4000", "incomestatement", "credit"),
        gl("6400", "incomestatement", "debit", STATUS="inactive"),
    )
    cards = (
        {"RECORDNO": "1", "CARDID": "VISA-1", "CARDTYPE": "Visa", "LIABILITYTYPE": "Credit", "STATUS": "active"},
        {"RECORDNO": "2", "CARDID": "PREPAID", "CARDTYPE": "Visa", "LIABILITYTYPE": "Debit", "STATUS": "inactive"},
    )
    bank = {"RECORDNO": "3", "BANKACCOUNTID": "BOA", "GLACCOUNTNO": "1000", "CURRENCY": "USD", "STATUS": "active"}
    found = run(
        CONNECTOR.accounts(CONSENT),
        SETUP,
        rows("LOCATIONENTITY", ENTITY),
        PREFERENCES,
        rows("GLACCOUNT", *chart),
        rows("CREDITCARD", *cards),
        rows("CHECKINGACCOUNT", bank),
        rows("SAVINGSACCOUNT"),
    )
    shown = {a.id: (a.account_class, a.pays, a.currency, a.active, bool(a.lines)) for a in found}
    assert shown == {
        "1000": ("Asset", "", "GBP", True, False),
        "1500": ("Asset", "", "GBP", True, False),
        "2000": ("Liability", "", "GBP", True, False),
        "3000": ("Equity", "", "GBP", True, False),
        "4000": ("Income", "", "GBP", True, False),
        "6400": ("Expense", "", "GBP", False, True),
        "VISA-1": ("Liability", "card", "GBP", True, False),
        "PREPAID": ("Asset", "card", "GBP", False, False),
        "BOA": ("Asset", "bank", "USD", True, False),
    }
    by_id = {a.id: a for a in found}
    assert by_id["1500"].category == "Asset.balancesheet.Other Current Assets"
    assert by_id["PREPAID"].category == "Asset.Charge Card.Debit"
    assert set(by_id["6400"].lines) == {"Payment", "Refund", "Reimbursable"}


def test_cards_are_read_by_what_is_known_of_them_where_the_rest_is_not_there() -> None:
    full = {"RECORDNO": "1", "CARDID": "VISA-1", "DESCRIPTION": "Travel card", "CURRENCY": "USD"}
    bare = {"RECORDNO": "1", "CARDID": "VISA-1"}
    lists = (SETUP, rows("LOCATIONENTITY", ENTITY), PREFERENCES, rows("GLACCOUNT"))
    banks = (rows("CHECKINGACCOUNT"), rows("SAVINGSACCOUNT"))
    (card,) = run(CONNECTOR.accounts(CONSENT), *lists, rows("CREDITCARD", full), *banks)
    assert (card.name, card.currency) == ("Travel card", "USD")
    (card,) = run(CONNECTOR.accounts(CONSENT), *lists, SILENT, rows("CREDITCARD", bare), *banks)
    assert (card.name, card.currency) == ("VISA-1", "GBP")
    assert run(CONNECTOR.accounts(CONSENT), *lists, SILENT, SILENT, *banks) == []


def test_vendors_show_their_display_contact_however_it_is_nested() -> None:
    flat = {
        "RECORDNO": "1",
        "VENDORID": "V100",
        "NAME": "Contoso Air",
        "STATUS": "inactive",
        "CURRENCY": "EUR",
        "DISPLAYCONTACT.FIRSTNAME": "Ada",
        "DISPLAYCONTACT.LASTNAME": "Reed",
        "DISPLAYCONTACT.MAILADDRESS.CITY": "Marlow",
        "WHENMODIFIED": "03/02/2026 10:00:00",
    }
    nested = (
        "<VENDOR><RECORDNO>2</RECORDNO><VENDORID>V200</VENDORID><NAME>Nested</NAME><STATUS>active</STATUS>"
        "<DISPLAYCONTACT><EMAIL1>n@x.example</EMAIL1></DISPLAYCONTACT></VENDOR>"
    )
    body = rows("VENDOR", flat).body.replace(b"</data>", f"{nested}</data>".encode())
    first, second = run(CONNECTOR.suppliers(CONSENT), Response(200, (), body))
    assert (first.id, first.name, first.currency, first.active) == ("V100", "Contoso Air", "EUR", False)
    assert (first.contact_name, first.addresses) == ("Ada Reed", ({"city": "Marlow"},))
    assert first.updated == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert (second.id, second.email) == ("V200", "n@x.example")
    customers = run(CONNECTOR.customers(CONSENT), rows("CUSTOMER", {"CUSTOMERID": "10064", "NAME": "Northwind"}))
    assert [(c.kind, c.id) for c in customers] == [("customer", "10064")]


def test_tax_details_of_purchases_follow_the_choice_of_none() -> None:
    details = (
        {"DETAILID": "UK Input 20", "VALUE": "20", "TAXTYPE": "Purchase", "TAXSOLUTIONID": "UK VAT"},
        {"DETAILID": "UK Output 20", "VALUE": "20", "TAXTYPE": "Sale"},
        {"DETAILID": "Old", "VALUE": "17.5", "TAXTYPE": "Purchase", "STATUS": "inactive"},
    )
    found = run(CONNECTOR.tax_rates(CONSENT), rows("TAXDETAIL", *details))
    assert [(r.id, r.effective, r.active) for r in found] == [
        ("NONE", 0, True),
        ("UK Input 20", 20, True),
        ("Old", Decimal("17.5"), False),
    ]


def test_a_company_without_taxes_has_the_choice_of_none() -> None:
    absent = failed(("Query Failed", "Object definition TAXDETAIL not found", ""))
    assert [r.id for r in run(CONNECTOR.tax_rates(CONSENT), absent)] == ["NONE"]


def test_dimensions_are_named_by_their_object() -> None:
    found = run(
        CONNECTOR.tracking(CONSENT),
        rows(
            "DEPARTMENT",
            {"DEPARTMENTID": "100", "TITLE": "Sales"},
            {"DEPARTMENTID": "110", "TITLE": "Field", "PARENTID": "100", "STATUS": "inactive"},
        ),
        rows("LOCATION", {"LOCATIONID": "L-1", "NAME": "Leeds"}),
        failed(("Query Failed", "Object definition CLASS not found", "")),
        rows("PROJECT", {"PROJECTID": "P-9", "NAME": "Pier"}),
    )
    assert [(o.id, o.name, o.parent, o.has_children, o.active) for o in found] == [
        ("DEPARTMENT-100", "Sales", "", True, True),
        ("DEPARTMENT-110", "Field", "DEPARTMENT-100", False, False),
        ("LOCATION-L-1", "Leeds", "", False, True),
        ("PROJECT-P-9", "Pier", "", False, True),
    ]


# Lists

WANTED = Contact(
    kind="supplier",
    name="Marlow Print & Sons",
    email="post@marlow.example",
    contact_name="Ada Reed",
    addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
)


def test_a_contact_is_made_under_an_id_that_follows_from_its_key() -> None:
    played = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), [])
    vendor = plain(function(played.last))["VENDOR"]
    assert vendor["VENDORID"].startswith("MARLOWPRINT-")
    assert len(vendor["VENDORID"]) <= 20
    assert vendor["NAME"] == "Marlow Print & Sons"
    assert vendor["DISPLAYCONTACT"] == {
        "PRINTAS": "Marlow Print & Sons",
        "COMPANYNAME": "Marlow Print & Sons",
        "FIRSTNAME": "Ada",
        "LASTNAME": "Reed",
        "EMAIL1": "post@marlow.example",
        "MAILADDRESS": {"ADDRESS1": "4 Wharf Road", "CITY": "Marlow"},
    }
    again = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), [])
    other = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-2"), [])
    assert again.last == played.last
    assert plain(function(other.last))["VENDOR"]["VENDORID"] != vendor["VENDORID"]


def test_a_contact_that_an_earlier_attempt_made_is_taken_over() -> None:
    taken = failed(("BL34000061", "Another Vendor with the given value(s)", "Use a unique value instead."))
    own = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "MARLOWPRINT-X", "NAME": "Marlow Print & Sons"})
    steps = CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1")
    assert run(steps, taken, own).id == "MARLOWPRINT-X"
    foreign = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "MARLOWPRINT-X", "NAME": "Another"})
    with pytest.raises(Refused, match="Another Vendor"):
        run(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), taken, foreign)


def test_a_contact_is_renamed_and_made_inactive() -> None:
    changed = replace(WANTED, id="V100", name="New", active=False)
    shown = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "V100", "NAME": "New", "STATUS": "inactive"})
    played = Played(
        CONNECTOR.update_contact(changed, CONSENT, COMPANY, key="c"), [created("vendor", VENDORID="V100"), shown]
    )
    vendor = plain(function(played.requests[0]))["VENDOR"]
    assert (vendor["VENDORID"], vendor["NAME"], vendor["STATUS"]) == ("V100", "New", "inactive")
    assert "PRINTAS" not in vendor["DISPLAYCONTACT"]
    assert (played.result.name, played.result.active) == ("New", False)


def test_an_account_of_the_chart_is_made_by_its_number() -> None:
    wanted = NewAccount(name="Drones", account_class="Expense", nominal_code="6490")
    played = Played(
        CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), [created("glaccount", ACCOUNTNO="6490")]
    )
    sent = plain(function(played.last))["GLACCOUNT"]
    assert (sent["ACCOUNTTYPE"], sent["NORMALBALANCE"], sent["CLOSINGTYPE"]) == (
        "incomestatement",
        "debit",
        "closing account",
    )
    assert (played.result.id, played.result.account_class, played.result.currency) == ("6490", "Expense", "GBP")
    taken = failed(("BL34000061", "Another Glaccount", ""))
    own = rows("GLACCOUNT", gl("6490", "incomestatement", "debit", TITLE="Drones"))
    assert run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), taken, own).id == "6490"
    other = rows("GLACCOUNT", gl("6490", "incomestatement", "debit", TITLE="Kites"))
    with pytest.raises(Refused, match="Another Glaccount"):
        run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), taken, other)


def test_a_checking_account_is_made_and_a_card_is_not() -> None:
    wanted = NewAccount(name="Deposit No. 2", account_class="Asset", pays="bank", nominal_code="1010", currency="USD")
    made = created("checkingaccount", BANKACCOUNTID="Deposit No 2")
    account = run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), made)
    assert (account.id, account.pays, account.currency) == ("Deposit No 2", "bank", "USD")
    with pytest.raises(Refused, match="set up in Sage Intacct"):
        next(CONNECTOR.create_account(replace(wanted, pays="card"), CONSENT, COMPANY, key="a"))
    with pytest.raises(Refused, match="nominalCode"):
        next(CONNECTOR.create_account(replace(wanted, nominal_code=""), CONSENT, COMPANY, key="a"))
    with pytest.raises(Refused, match="nominalCode"):
        next(CONNECTOR.create_account(replace(wanted, nominal_code="", pays=""), CONSENT, COMPANY, key="a"))


# Sign-in

TYPED = {"company_id": "acme", "user_id": "hub_ws", "user_password": "pass<word"}


def session(id: str = "session-9") -> Response:
    endpoint = "https://www-p02.intacct.com/ia/xml/xmlgw.phtml"
    return result(f"<data><api><sessionid>{id}</sessionid><endpoint>{endpoint}</endpoint></api></data>")


def test_the_hub_asks_the_user_itself() -> None:
    assert isinstance(CONNECTOR, AsksCredentials)
    assert [(field.name, field.secret) for field in CONNECTOR.asked] == [
        ("company_id", False),
        ("user_id", False),
        ("user_password", True),
    ]


def test_what_is_typed_in_opens_a_session() -> None:
    played = Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [session()])
    consent = played.result
    assert (consent.company, consent.access_token, consent.refresh_token) == ("acme", "session-9", "pass<word")
    assert consent.access_expires == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert consent.facts == {**FACTS, "endpoint": "https://www-p02.intacct.com/ia/xml/xmlgw.phtml"}
    (request,) = played.requests
    assert (request.signed, request.base) == (False, "auth")
    root = etree.fromstring(request.body)
    assert root.findtext("control/senderid") == "SENDER"
    assert root.findtext("control/password") == "s&cret"
    login = root.find("operation/authentication/login")
    assert login is not None
    assert plain(login) == {"userid": "hub_ws", "companyid": "acme", "password": "pass<word"}
    assert function(request).tag == "getAPISession"


def test_a_session_that_does_not_say_when_it_ends_is_renewed_in_half_an_hour() -> None:
    answer = session()
    body = answer.body.replace(b"2026-03-02T05:00:00-08:00", b"soon")
    steps = CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW)
    assert Played(steps, [Response(200, (), body)]).result.access_expires == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("answer", DENIALS)
def test_wrong_credentials_are_a_refusal_that_asks_again(answer: Response) -> None:
    with pytest.raises(Refused, match="Sage Intacct"):
        Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [answer])


def test_what_is_missing_or_of_another_company_is_refused_before_any_request() -> None:
    with pytest.raises(Refused, match="missing: Password"):
        next(CONNECTOR.exchange_code(APPLICATION, {**TYPED, "user_password": ""}, now=NOW))
    with pytest.raises(Refused, match="not other"):
        next(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW, company="other"))


def test_a_refresh_opens_another_session_of_the_same_user() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [session("session-10")]).result
    assert (fresh.company, fresh.access_token, fresh.refresh_token) == ("acme", "session-10", "pass<word")
    assert fresh.facts["user_id"] == "hub_ws"


@pytest.mark.parametrize("answer", DENIALS)
def test_a_refresh_that_is_refused_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer])


@pytest.mark.parametrize("answer", [page(404), Response(503), result(""), control_failure("XL99000001")])
def test_a_refresh_without_an_answer_does_not_need_consent(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)
