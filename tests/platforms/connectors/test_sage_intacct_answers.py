"""The connector of Sage Intacct, fed with answers written by hand: what it sends, what it makes of what comes back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW, T1, T2
from tests.platforms.connectors.answers.played import Played, page
from tests.platforms.connectors.answers.sage_intacct import (
    BILL,
    COMPANY,
    CONSENT,
    CONTROL,
    DENIALS,
    PAYMENT,
    PLAIN,
    SIGNED_IN,
    control_failure,
    created,
    failed,
    function,
    keyed,
    plain,
    result,
    rows,
    xml,
)

from sandbooks.connector import (
    Adjustment,
    CompanyUnavailable,
    Document,
    Line,
    Native,
    NeedsConsent,
    Refused,
    TrackingRef,
    Transfer,
    TransferSide,
    Unknown,
    Wait,
)
from sandbooks.platforms.sage_intacct.connector import CONNECTOR
from sandbooks.wire import Cut, Response

LINE = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account="6400", tax_rate="UK Input 20", description="Seat")
TAXED = replace(PAYMENT, lines=(LINE,))
SOLUTIONS = rows("TAXDETAIL", {"RECORDNO": "1", "DETAILID": "UK Input 20", "TAXSOLUTIONID": "UK VAT"})


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
    assert (item["paymentamount"], "totaltrxamount" in item) == ("-41.23", False)
    assert item["taxentries"] == {"taxentry": {"detailid": "UK Input 20", "trx_tax": "-8.25"}}


def test_taxed_lines_state_net_and_tax_under_their_solution_so_that_they_can_be_updated() -> None:
    sent = plain(pushed(replace(TAXED, lines=(LINE, PLAIN)), SOLUTIONS))
    assert (sent["inclusivetax"], sent["taxsolutionid"]) == ("false", "UK VAT")
    taxed, untaxed = sent["ccpayitems"]["ccpayitem"]
    assert (taxed["paymentamount"], "totaltrxamount" in taxed) == ("41.23", False)
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
    assert (unseen["inclusivetax"], "taxsolutionid" in unseen) == ("false", False)
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


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (replace(PAYMENT, kind="Reward"), "reward is not offered"),
        (replace(PAYMENT, kind="Chargeback"), "chargeback is not offered"),
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
        failed(("XL03000006", "The following fields cannot be queried: [ apbill: [COLOUR] ]", "")),
        control_failure("XL03000003", "XML Parse schema error"),
    ],
)
def test_a_definite_no_is_a_refusal_at_every_level(answer: Response) -> None:
    with pytest.raises(Refused):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


def test_a_company_that_has_expired_is_unavailable() -> None:
    with pytest.raises(CompanyUnavailable):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [control_failure("PL04000055", "expired")])


@pytest.mark.parametrize("answer", [*DENIALS, page(401)])
def test_a_credential_that_is_not_taken_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


@pytest.mark.parametrize("answer", DENIALS)
def test_the_driver_is_told_of_a_refused_credential_under_any_status(answer: Response) -> None:
    assert CONNECTOR.credential_refused(answer)


@pytest.mark.parametrize(
    "answer",
    [
        keyed(),
        failed(("BL01001973", "no", "")),
        failed(("XL03000006", "The following fields cannot be queried: [ apbill: [COLOUR] ]", "")),
        page(200),
        Response(200),
        control_failure("XL03000003"),
    ],
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
