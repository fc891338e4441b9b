"""What a document must be before any of it is run, and how its requests follow on each other."""

import pytest
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, document, line, ref

from sandbooks.kit.errors import NotSimulated


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "0x80040400"),
        ("no xml at all", "0x80040400"),
        (b"\xff\xfe\x00", "0x80040400"),
        ("<QBXML/>", "0x80040400"),
        ('<?qbxml version="13.0"?><QBXML/>', "0x80040400"),
        ('<?qbxml version="13.0"?><Other/>', "0x80040400"),
        ('<?qbxml?><QBXML><QBXMLMsgsRq onError="stopOnError"/></QBXML>', "0x80040400"),
        ("<QBXML><QBXMLMsgsRq onError='stopOnError'><HostQueryRq/></QBXMLMsgsRq></QBXML>", "0x80040400"),
        (document("<HostQueryRq/>", version="99.0"), "0x80040423"),
        (document("<HostQueryRq/>", on_error="rollbackOnError"), "0x80040413"),
        (document("<HostQueryRq/>", on_error="whenever"), "0x80040400"),
        (document("<HostQueryRq/>").replace('onError="stopOnError"', ""), "0x80040400"),
        (document("<HostqueryRq/>"), "0x80040400"),
        (document("<HostQueryRq>text</HostQueryRq>"), "0x80040400"),
        (document('<AccountQueryRq iterator="Start"><MaxReturned>1</MaxReturned></AccountQueryRq>'), "0x80040400"),
        (document(add("Transfer", "<Amount>1.00</Amount>"), version="11.0"), "0x80040400"),
        (document(add("Bill", "<Memo>x</Memo>" + ref("VendorRef", "Contoso Air"))), "0x80040400"),
        (document(add("Bill", "<Memo>x</Memo>")), "0x80040400"),
        (document(add("Account", "<Name>A</Name><AccountType>Cash</AccountType>")), "0x80040400"),
    ],
)
def test_what_breaks_the_schema_fails_the_whole_document(desk: Desk, raw: str | bytes, code: str) -> None:
    assert desk.failed(raw) == code


def test_a_request_in_the_wrong_order_keeps_the_requests_before_it_from_being_run(desk: Desk) -> None:
    wrong = add("CreditCardCharge", "<Memo>x</Memo>" + ref("AccountRef", "Visa"))
    assert desk.failed(document(charge(line("5.00")) + wrong)) == "0x80040400"


def test_entities_are_not_resolved(desk: Desk) -> None:
    bomb = '<!DOCTYPE QBXML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    text = document(charge(line("5.00"), more="<Memo>&b;</Memo>"))
    answer = desk.http("POST", "/qbxml", text.replace("<QBXML>", bomb + "<QBXML>", 1))
    assert b"aaaaaaaa" not in answer.body


def test_comments_are_passed_over(desk: Desk) -> None:
    desk.ok(charge("<!-- taxi -->", line("5.00", more="<Memo>a<!-- b -->c</Memo>")))
    assert desk.books()["Visa"] == "-5.00"


@pytest.mark.parametrize(
    "name", ["InvoiceAddRq", "TxnDisplayAddRq", "BudgetSummaryReportQueryRq", "ItemInventoryQueryRq"]
)
def test_a_message_that_only_the_real_product_has_says_so_loudly(desk: Desk, name: str) -> None:
    with pytest.raises(NotSimulated, match=name):
        desk.run(f"<{name}/>")


def test_answers_come_in_order_with_the_request_ids_that_were_sent(desk: Desk) -> None:
    answers = desk.run(charge(line("1.00")) + '<HostQueryRq requestID="zz"/><HostQueryRq/>')
    assert [(a.tag, a.get("requestID")) for a in answers] == [
        ("CreditCardChargeAddRs", "1"),
        ("HostQueryRs", "zz"),
        ("HostQueryRs", None),
    ]


def test_a_request_id_has_fifty_characters_at_most(desk: Desk) -> None:
    assert desk.refused(f'<HostQueryRq requestID="{"x" * 51}"/>') == "1060"
    assert desk.ok(f'<HostQueryRq requestID="{"x" * 50}"/>').tag == "HostRet"


def test_every_element_of_an_answer_has_a_line_of_its_own(desk: Desk) -> None:
    answer = desk.http(
        "POST", "/qbxml", document("<CustomerQueryRq><FullName>Meadow School</FullName></CustomerQueryRq>")
    )
    told = answer.body.decode().splitlines()
    assert told[:2] == ['<?xml version="1.0" ?>', "<QBXML>"]
    assert told[2:4] == [
        "<QBXMLMsgsRs>",
        '<CustomerQueryRs statusCode="0" statusSeverity="Info" statusMessage="Status OK">',
    ]
    assert "<Name>Meadow School</Name>" in told
    assert {"<JobStatus>None</JobStatus>", "<PreferredDeliveryMethod>None</PreferredDeliveryMethod>"} <= set(told)


def test_attributes_stand_in_the_order_in_which_applications_look_for_them(desk: Desk) -> None:
    text = desk.http("POST", "/qbxml", document('<HostQueryRq requestID="7"/>')).body.decode()
    assert '<HostQueryRs requestID="7" statusCode="0" statusSeverity="Info" statusMessage="Status OK">' in text


def test_after_an_error_the_rest_is_run_or_not_as_the_document_says(desk: Desk) -> None:
    requests = charge(line("1.00"), account="Nothing") + charge(line("2.50"))
    stopped = desk.run(requests)
    assert [answer.get("statusCode") for answer in stopped] == ["3140", "3231"]
    assert "Visa" not in desk.books()
    went_on = desk.run(requests, on_error="continueOnError")
    assert [answer.get("statusCode") for answer in went_on] == ["3140", "0"]
    assert desk.books()["Visa"] == "-2.50"


def test_information_and_warnings_do_not_stop_a_document(desk: Desk) -> None:
    requests = (
        "<VendorQueryRq><FullName>Nobody</FullName><FullName>Contoso Air</FullName></VendorQueryRq><HostQueryRq/>"
    )
    assert [(a.get("statusCode"), a.get("statusSeverity")) for a in desk.run(requests)] == [
        ("500", "Warn"),
        ("0", "Info"),
    ]


def test_requests_before_a_refusal_stay(desk: Desk) -> None:
    desk.run(charge(line("4.40")) + charge(line("1.00"), account="Nothing"))
    assert desk.books()["Visa"] == "-4.40"


def test_response_data_may_be_left_out(desk: Desk) -> None:
    assert len(desk.one(charge(line("4.40")), more='responseData="includeNone"')) == 0


def test_only_the_elements_asked_for_are_returned(desk: Desk) -> None:
    asked = "<AccountQueryRq><FullName>Visa</FullName><IncludeRetElement>Balance</IncludeRetElement></AccountQueryRq>"
    assert [element.tag for element in desk.ok(asked)] == ["Balance"]


# Macros


def test_a_macro_names_what_an_earlier_request_of_the_set_made(desk: Desk) -> None:
    made = bill(line("30.00")).replace("<BillAdd>", '<BillAdd defMacro="TxnID:first">')
    answers = desk.run(made + '<BillQueryRq><TxnID useMacro="TxnID:first"/></BillQueryRq>')
    assert answers[0].findtext("BillRet/TxnID") == answers[1].findtext("BillRet/TxnID")


def test_an_unknown_macro_and_a_macro_given_twice_are_refused(desk: Desk) -> None:
    assert desk.refused('<BillQueryRq><TxnID useMacro="TxnID:none"/></BillQueryRq>') == "9102"
    made = bill(line("30.00")).replace("<BillAdd>", '<BillAdd defMacro="TxnID:first">')
    assert [answer.get("statusCode") for answer in desk.run(made + made)] == ["0", "9101"]
    assert desk.books()["Accounts Payable"] == "-30.00"


# Message sets


def test_a_message_set_is_run_once(desk: Desk) -> None:
    text = document(charge(line("8.80")), more='newMessageSetID="a-1"')
    first, second = desk.http("POST", "/qbxml", text), desk.http("POST", "/qbxml", text)
    assert b'messageSetStatusCode="0"' in first.body
    assert b'messageSetStatusCode="9004"' in second.body
    assert desk.books()["Visa"] == "-8.80"


def test_a_message_set_that_was_never_run_has_nothing_stored(desk: Desk) -> None:
    answer = desk.http("POST", "/qbxml", document("", more='oldMessageSetID="never"'))
    assert b'messageSetStatusCode="600"' in answer.body


def test_an_old_message_set_is_dropped_by_the_next_one(desk: Desk) -> None:
    desk.run(charge(line("8.80")), more='newMessageSetID="a-1"')
    desk.run(charge(line("9.90")), more='newMessageSetID="a-2" oldMessageSetID="a-1"')
    assert b'"600"' in desk.http("POST", "/qbxml", document("", more='oldMessageSetID="a-1"')).body
    recovered = desk.http("POST", "/qbxml", document("", more='oldMessageSetID="a-2"')).body
    assert b"<Amount>9.90</Amount>" in recovered


def test_refusals_are_recovered_like_answers(desk: Desk) -> None:
    desk.run(charge(line("8.80"), account="Nothing"), more='newMessageSetID="a-1"')
    assert b'statusCode="3140"' in desk.http("POST", "/qbxml", document("", more='oldMessageSetID="a-1"')).body


# Values


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<TxnDate>2026-02-30</TxnDate>", "3020"),
        ("<TxnDate>03/16/2026</TxnDate>", "3020"),
        ("<TxnDate></TxnDate>", "3020"),
        ("<TxnDate>1899-12-31</TxnDate>", "3020"),
        ("<RefNumber>123456789012</RefNumber>", "3070"),
        (f"<Memo>{'m' * 4096}</Memo>", "3070"),
        ("<Memo>\N{SNOWMAN}</Memo>", "3080"),
        ("<ExchangeRate>much</ExchangeRate>", "3045"),
        ("<ExternalGUID>7</ExternalGUID>", "3000"),
    ],
)
def test_a_value_that_does_not_convert_refuses_its_request(desk: Desk, content: str, code: str) -> None:
    head = ref("AccountRef", "Visa")
    assert desk.refused(add("CreditCardCharge", head + content + line("1.00"))) == code


@pytest.mark.parametrize("amount", ["", "abc", "1,50", "1.005", "1e2", "NaN", "99999999999999", "١٢", "--1"])
def test_an_amount_is_a_plain_decimal_with_two_places(desk: Desk, amount: str) -> None:
    assert desk.refused(charge(line(amount))) == "3040"


@pytest.mark.parametrize(("sent", "kept"), [("12.5", "12.50"), ("007", "7.00"), ("+3.10", "3.10"), (".5", "0.50")])
def test_amounts_are_written_with_two_places(desk: Desk, sent: str, kept: str) -> None:
    assert desk.ok(charge(line(sent))).findtext("Amount") == kept


def test_characters_that_the_file_cannot_store_may_become_question_marks() -> None:
    desk = Desk(unwritable_text="replaced")
    made = desk.ok(charge(line("1.00"), more="<Memo>caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{SNOWMAN}</Memo>"))
    assert made.findtext("Memo") == "caf\N{LATIN SMALL LETTER E WITH ACUTE} ?"


def test_an_id_that_is_none_is_refused_by_its_form_and_one_that_is_not_there_by_a_warning(desk: Desk) -> None:
    assert desk.refused("<VendorQueryRq><ListID>nonsense</ListID></VendorQueryRq>") == "3000"
    answer = desk.one("<VendorQueryRq><ListID>8000FFFF-1405768916</ListID></VendorQueryRq>")
    assert (answer.get("statusCode"), len(answer)) == ("500", 0)


# Doors


def test_without_a_token_nothing_is_run(desk: Desk) -> None:
    from sandbooks.wire import Request, Response

    answer = desk.sandbox.dispatch(
        Request("POST", f"{desk.acme.base_url}/qbxml", (), document("<HostQueryRq/>").encode())
    )
    assert isinstance(answer, Response)
    assert answer.status == 401


def test_unknown_paths_and_strange_bodies_are_answered_in_this_doors_own_words(desk: Desk) -> None:
    assert desk.http("GET", "/nowhere").status == 404
    assert desk.http("GET", "/qbxml").status == 405
    assert desk.http("PATCH", "/company_file", "[1]").status == 400
    assert desk.http("PATCH", "/company_file", '{"file_state": "on fire"}').status == 400
    assert desk.http("PATCH", "/company_file", '{"file_state": ["open"]}').status == 400
    assert desk.http("PATCH", "/company_file", "{").status == 400
    assert desk.http("GET", "/web_connector/runs/none").status == 404
    assert desk.http("POST", "/web_connector/applications/none/update").status == 404
    assert desk.http("GET", "/web_connector/qwc").status == 400
    assert desk.http("GET", "/web_connector/qwc?app_url=http://localhost&every_minutes=x").status == 400
