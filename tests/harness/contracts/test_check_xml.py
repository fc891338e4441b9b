"""A client that speaks XML or sends forms, judged by a contract: what is wrong is told by element, with its remedy."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from sandbooks.harness.contracts.answers import answer_differences
from sandbooks.harness.contracts.checking import judge_har
from sandbooks.harness.contracts.requests import mistakes_in, operation_at
from sandbooks.wire import Request, Response

QBXML = '<?xml version="1.0"?><?qbxml version="{version}"?><QBXML><QBXMLMsgsRq {on_error}>{inner}</QBXMLMsgsRq></QBXML>'
VENDOR = "<VendorRef><FullName>Contoso</FullName></VendorRef>"
GATEWAY = (
    "<request><control><senderid>s</senderid><password>p</password><controlid>c</controlid><dtdversion>3.0</dtdversion>"
    "</control><operation><authentication><sessionid>x</sessionid></authentication><content>"
    '<function controlid="f">{function}</function></content></operation></request>'
)


def mistakes(platform: str, call: str, body: str | bytes, media: str = "application/xml") -> list[tuple[str, str, str]]:
    """Where, what and the remedy of everything wrong with the body of a signed-in request."""
    method, path = call.split()
    headers = (("Authorization", "Bearer x"), ("Content-Type", media), ("xero-tenant-id", "t"))
    request = Request(method, f"https://x{path}", headers, body.encode() if isinstance(body, str) else body)
    operation, nowhere = operation_at(platform, request, path)
    assert operation is not None, nowhere
    return [(each.at, each.message, each.remedy) for each in mistakes_in(operation, request, path)]


def qbxml(inner: str, *, version: str = "13.0", on_error: str = 'onError="stopOnError"') -> list[tuple[str, str, str]]:
    """The same of a qbXML document, without the way to its messages."""
    found = mistakes("quickbooks_desktop", "POST /qbxml", QBXML.format(**locals()), "text/xml")
    return [(at.removeprefix("body.QBXMLMsgsRq."), message, remedy) for at, message, remedy in found]


def bill(members: str) -> list[tuple[str, str, str]]:
    found = qbxml(f"<BillAddRq><BillAdd>{members}</BillAdd></BillAddRq>")
    return [(at.removeprefix("BillAddRq.BillAdd."), message, remedy) for at, message, remedy in found]


def gateway(function: str) -> list[tuple[str, str, str]]:
    found = mistakes("sage_intacct", "POST /ia/xml/xmlgw.phtml", GATEWAY.format(function=function))
    way = "body.operation.content.function."
    return [(at.removeprefix(way), message, remedy) for at, message, remedy in found]


# QuickBooks Desktop


def test_a_misspelt_element_of_qbxml_is_named_with_the_nearest_one() -> None:
    line = "<ExpenseLineAdd><AccountReff/><Amount>12.34</Amount></ExpenseLineAdd>"
    assert bill(f"{VENDOR}{line}") == [
        ("ExpenseLineAdd.AccountReff", "is no member of this element", "Did you mean `AccountRef`?")
    ]


def test_the_order_of_qbxml_is_told_by_what_to_send_first() -> None:
    assert bill(f"<TxnDate>2026-03-02</TxnDate>{VENDOR}<RefNumber>r-1</RefNumber>") == [
        (
            "TxnDate",
            "stands before `VendorRef`, and the order of elements is fixed",
            "send `VendorRef` before `TxnDate`",
        )
    ]
    assert bill(f"{VENDOR}<Memo>x</Memo><RefNumber>r-1</RefNumber>") == [
        ("RefNumber", "stands after `Memo`, and the order of elements is fixed", "send `RefNumber` before `Memo`")
    ]


def test_what_is_missing_twice_or_excludes_something_is_told() -> None:
    assert bill("<RefNumber>r-1</RefNumber>") == [("VendorRef", "is missing", "send VendorRef")]
    assert bill(f"{VENDOR}<Memo>x</Memo><Memo>y</Memo>") == [("Memo[1]", "stands 2 times", "send it once")]
    assert qbxml("<BillQueryRq><TxnID>1A-12</TxnID><MaxReturned>5</MaxReturned></BillQueryRq>") == [
        ("BillQueryRq.MaxReturned", "does not go with `TxnID`", "send `TxnID` or `MaxReturned`, not both")
    ]


def test_values_of_qbxml_are_judged_by_their_type_their_list_and_their_length() -> None:
    line = "<ExpenseLineAdd><Amount>12.345</Amount><BillableStatus>Bilable</BillableStatus></ExpenseLineAdd>"
    assert bill(f"{VENDOR}<TxnDate>02/03/2026</TxnDate><RefNumber>{21 * '7'}</RefNumber>{line}") == [
        ("ExpenseLineAdd.BillableStatus", "`Bilable` is not among its values", "Did you mean `Billable`?"),
        ("TxnDate", "`02/03/2026` is not a date, YYYY-MM-DD", "send a date, YYYY-MM-DD"),
        ("RefNumber", "is 21 characters long", "send 20 at most"),
        (
            "ExpenseLineAdd.Amount",
            "`12.345` is not an amount with at most two decimals",
            "send an amount with at most two decimals",
        ),
    ]


def test_attributes_versions_and_messages_of_qbxml_are_judged() -> None:
    assert qbxml('<HostQueryRq requestId="1"/>') == [
        ("HostQueryRq@requestId", "is no attribute of this element", "Did you mean `requestID`?")
    ]
    assert ("body.QBXMLMsgsRq@onError", "is missing", "send onError") in qbxml("<HostQueryRq/>", on_error="")
    ((at, message, _),) = qbxml(
        f"<BillAddRq><BillAdd>{VENDOR}<ExchangeRate>1.1</ExchangeRate></BillAdd></BillAddRq>", version="7.0"
    )
    assert (at, message) == ("BillAddRq.BillAdd.ExchangeRate", "qbXML 7.0 does not have it yet")
    assert qbxml("<InvoiceAddRq><InvoiceAdd/></InvoiceAddRq>") == [
        ("InvoiceAddRq", "exists, and Sandbooks does not simulate it", "leave it out of this check")
    ]
    ((at, _, remedy),) = qbxml("<BilAddRq/>")
    assert (at, remedy) == ("BilAddRq", "Did you mean `BillAddRq`?")


def test_a_qwc_file_is_judged() -> None:
    found = mistakes("quickbooks_desktop", "POST /web_connector/applications", "<QBWCXML><AppNam>x</AppNam></QBWCXML>")
    assert found[0] == ("body.AppNam", "is no member of this element", "Did you mean `AppName`?")


def soap(method: str, result: str, *, response: str = "", named: str = "") -> str:
    """A service's answer to a call of the Web Connector."""
    response, named = response or f"{method}Response", named or f"{method}Result"
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{response} xmlns="http://developer.intuit.com/"><{named}>{result}</{named}></{response}></s:Body></s:Envelope>'
    )


def answered(tmp_path: Path, method: str, answer: str) -> list[tuple[str, str, str, str]]:
    """Side, place, what and remedy of everything wrong with the answer to a call, from a HAR."""
    action = {"name": "SOAPAction", "value": f'"http://developer.intuit.com/{method}"'}
    request = {"method": "POST", "url": "https://feeder.example/qbwc", "headers": [action]}
    content = {"mimeType": "text/xml", "text": answer}
    entry: dict[str, Any] = {"request": request, "response": {"status": 200, "headers": [], "content": content}}
    file = tmp_path / "web_connector.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    found = judge_har(file, "quickbooks_desktop")
    assert (found.judged, found.others, found.unread) == (1, 0, 0)
    return [(each.side, each.at, each.message, each.remedy) for each in found.problems]


def test_a_document_that_a_service_hands_to_the_web_connector_is_judged_as_its_answer(tmp_path: Path) -> None:
    document = QBXML.format(version="13.0", on_error='onError="stopOnError"', inner="<BillAddRq><BilAdd/></BillAddRq>")
    ((side, at, message, remedy), *_) = answered(
        tmp_path, "sendRequestXML", soap("sendRequestXML", html.escape(document))
    )
    assert (side, message, remedy) == ("answer", "is no member of this element", "Did you mean `BillAdd`?")
    assert at == "body.Body.sendRequestXMLResponse.sendRequestXMLResult.QBXMLMsgsRq.BillAddRq.BilAdd"


@pytest.mark.parametrize("lawful", ["", "NoOp"])
def test_a_service_without_a_document_is_lawful(tmp_path: Path, lawful: str) -> None:
    assert answered(tmp_path, "sendRequestXML", soap("sendRequestXML", lawful)) == []


def test_what_a_service_answers_to_the_other_calls_is_judged(tmp_path: Path) -> None:
    texts = "".join(f"<string>{text}</string>" for text in ("ticket", "non", "soon"))
    told = [
        (message, remedy) for _, _, message, remedy in answered(tmp_path, "authenticate", soap("authenticate", texts))
    ]
    assert told == [
        ("`non` is neither a company file nor a word", "Did you mean `none`?"),
        ("`soon` is not a whole number", "send seconds"),
    ]
    ((_, _, message, _),) = answered(tmp_path, "receiveResponseXML", soap("receiveResponseXML", "33.3"))
    assert message == "`33.3` is not a whole number"
    misnamed = soap("closeConnection", "bye", named="closeConnectionReslt")
    ((_, _, _, remedy),) = answered(tmp_path, "closeConnection", misnamed)
    assert remedy == "Did you mean `closeConnectionResult`?"
    files = "".join(f"<string>{text}</string>" for text in ("ticket", "C:\\Books\\Acme.qbw", "60", "30"))
    assert answered(tmp_path, "authenticate", soap("authenticate", files)) == []


# Sage Intacct


def test_functions_of_the_gateway_are_known_by_name() -> None:
    ((at, message, remedy),) = gateway("<create_bil/>")
    assert (at, message, remedy) == ("create_bil", "is no member of this element", "Did you mean `create_bill`?")
    ((_, message, _),) = gateway("<create_timesheet/>")
    assert message == "exists, and Sandbooks does not simulate it"


def test_fields_of_an_object_are_known_at_every_depth_in_any_casing() -> None:
    line = "<apbillitem><AccountNo>6010</AccountNo><TRX_AMOUT>12.34</TRX_AMOUT></apbillitem>"
    inner = (
        f"<APBILL><VENDORID>V</VENDORID><WhenCreatd>03/02/2026</WhenCreatd><APBILLITEMS>{line}</APBILLITEMS></APBILL>"
    )
    assert gateway(f"<create>{inner}</create>") == [
        ("create.APBILL.WhenCreatd", "is no member of this element", "Did you mean `WHENCREATED`?"),
        (
            "create.APBILL.APBILLITEMS.apbillitem.TRX_AMOUT",
            "is no member of this element",
            "Did you mean `TRX_AMOUNT`?",
        ),
    ]


def test_a_field_that_is_like_no_other_may_be_the_companys_own() -> None:
    assert (
        gateway("<create><VENDOR><VENDORID>V</VENDORID><NAME>Quay</NAME><COLOUR>red</COLOUR></VENDOR></create>") == []
    )


def test_values_and_needed_fields_of_an_object_are_judged() -> None:
    members = "<TITLE>Travel</TITLE><ACCOUNTTYPE>incomestatment</ACCOUNTTYPE><TAXABLE>maybe</TAXABLE>"
    assert gateway(f"<create><GLACCOUNT>{members}</GLACCOUNT></create>") == [
        ("create.GLACCOUNT.ACCOUNTNO", "is missing", "send ACCOUNTNO"),
        ("create.GLACCOUNT.ACCOUNTTYPE", "`incomestatment` is not among its values", "Did you mean `incomestatement`?"),
        ("create.GLACCOUNT.TAXABLE", "`maybe` is no boolean", "send true or false"),
    ]
    ((_, message, remedy),) = gateway(
        "<update><APBILL><RECORDNO>1</RECORDNO><WHENDUE>2026-03-02</WHENDUE></APBILL></update>"
    )
    assert (message, remedy) == ("`2026-03-02` is no date of the gateway", "send MM/DD/YYYY")


def test_a_query_names_an_object_that_there_is_and_fields_that_it_has() -> None:
    query = (
        "<query><object>APBILL</object><select><field>RECORDNO</field><field>VENDORIDD</field></select>"
        "<filter><equalto><field>STATE</field><valu>x</valu></equalto></filter></query>"
    )
    assert gateway(query) == [
        ("query.filter.equalto.valu", "is no member of this element", "Did you mean `value`?"),
        ("query.select.field[1]", "APBILL has no field `VENDORIDD`", "Did you mean `VENDORID`?"),
    ]
    ((_, message, _),) = gateway("<readByQuery><object>APBIL</object><fields>*</fields></readByQuery>")
    assert message == "there is no object `APBIL`"


def test_an_older_function_is_judged_by_its_own_elements() -> None:
    date = "<paymentdate><year>2026</year><month>3</month><dya>2</dya></paymentdate>"
    told = [(at, remedy) for at, _, remedy in gateway(f"<record_cctransaction>{date}</record_cctransaction>")]
    assert ("record_cctransaction.paymentdate.dya", "Did you mean `day`?") in told
    assert ("record_cctransaction.chargecardid", "send chargecardid") in told


def test_filters_of_older_lists_taxes_and_fields_of_the_companys_own_are_judged() -> None:
    asked = (
        '<get_list object="vendor"><filter><expression><field>name</field><operater/></expression></filter></get_list>'
    )
    assert ("get_list.filter.expression.operater", "Did you mean `operator`?") in [
        (at, r) for at, _, r in gateway(asked)
    ]
    tax = "<APBILLITEM><TAXENTRIES><TAXENTRY><DETAILD>x</DETAILD></TAXENTRY></TAXENTRIES></APBILLITEM>"
    ((_, _, remedy),) = gateway(f"<create><APBILL><APBILLITEMS>{tax}</APBILLITEMS></APBILL></create>")
    assert remedy == "Did you mean `DETAILID`?"
    own = "<customfields><customfield><customfieldnam>COLOUR</customfieldnam></customfield></customfields>"
    told = gateway(f'<update_cctransaction key="1">{own}</update_cctransaction>')
    assert [remedy for _, _, remedy in told] == ["Did you mean `CUSTOMFIELDNAME`?"]


def test_a_recording_holds_texts_whatever_they_were_encoded_in() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><Invoices><Invoice><Type>ACCPAY</Type></Invoice></Invoices>'
    assert mistakes("xero", "PUT /api.xro/2.0/Invoices", body) == []


# XML that says what JSON says


def test_xml_of_xero_is_judged_like_its_json() -> None:
    line = "<LineItem><Description>Taxi</Description><UnitAmont>12.34</UnitAmont></LineItem>"
    invoice = (
        f"<Invoice><Type>ACCPAI</Type><Contact><Nam>x</Nam></Contact><LineItems>{line}<LineItm/></LineItems></Invoice>"
    )
    told = [
        (at, remedy)
        for at, _, remedy in mistakes("xero", "PUT /api.xro/2.0/Invoices", f"<Invoices>{invoice}</Invoices>")
    ]
    assert told == [
        ("body.Invoices[0].Type", "Did you mean `ACCPAY`?"),
        ("body.Invoices[0].Contact.Nam", "Did you mean `Name`?"),
        ("body.Invoices[0].LineItems[1].LineItm", "Did you mean `LineItem`?"),
        ("body.Invoices[0].LineItems[0].UnitAmont", "Did you mean `UnitAmount`?"),
    ]
    assert mistakes("xero", "PUT /api.xro/2.0/Invoices", "<Invoces/>")[0][2] == "Did you mean `Invoices`?"
    repeated = "<Invoice><Type>ACCPAY</Type><Reference>a</Reference><Reference>b</Reference></Invoice>"
    assert mistakes("xero", "PUT /api.xro/2.0/Invoices", repeated) == [
        ("body.Reference", "stands 2 times", "send it once")
    ]


def test_xml_of_freeagent_is_judged_like_its_json() -> None:
    item = '<bill-item><total-vaue type="decimal">12.34</total-vaue></bill-item>'
    body = f'<bill><dated-on type="date">2nd of March</dated-on><bill-items type="array">{item}</bill-items></bill>'
    assert mistakes("freeagent", "POST /v2/bills", body) == [
        ("body.bill.dated_on", "`2nd of March` has not its form", "send what fits ^(\\d{4}-\\d{2}-\\d{2}.*)?$"),
        ("body.bill.bill_items[0].total_vaue", "is no member of this document", "Did you mean `total_value`?"),
    ]
    ((at, *_),) = mistakes("freeagent", "POST /v2/bills", '<bill><reference typ="string">r-1</reference></bill>')
    assert at == "body.bill.reference.typ"


def test_xml_of_quickbooks_online_is_judged_like_its_json() -> None:
    line = "<Line><Amount>12.34</Amount><DetailType>AccountBasedExpenseLineDetail</DetailType>{detail}</Line>"
    first = line.format(
        detail="<AccountBasedExpenseLineDetail><AccountRef>64</AccountRef></AccountBasedExpenseLineDetail>"
    )
    second = line.format(
        detail="<AccountBasedExpenseLineDetail><AccountReff>64</AccountReff></AccountBasedExpenseLineDetail>"
    )
    head = '<Bill xmlns="http://schema.intuit.com/finance/v3" sparse="false"><VendorRef nam="C">7</VendorRef>'
    body = f"{head}{first}{second}</Bill>"
    told = [(at, remedy) for at, _, remedy in mistakes("quickbooks_online", "POST /v3/company/1/bill", body)]
    assert told == [
        ("body.VendorRef.nam", "Did you mean `name`?"),
        ("body.Line[1].AccountBasedExpenseLineDetail.AccountReff", "Did you mean `AccountRef`?"),
    ]
    assert mistakes("quickbooks_online", "POST /v3/company/1/bill", "<Bil/>")[0][2] == "Did you mean `Bill`?"


# Forms and multipart bodies


def test_forms_are_judged_member_by_member() -> None:
    form = "application/x-www-form-urlencoded"
    assert mistakes("xero", "POST /connect/token", "grant_type=refresh_tokn&refresh_tokn=r-1", form) == [
        ("body.grant_type", "`refresh_tokn` is not among its values", "Did you mean `refresh_token`?"),
        ("body.refresh_tokn", "is no member of this form", "Did you mean `refresh_token`?"),
    ]
    assert mistakes("zoho_books", "POST /books/v3/bills", 'JSONString={"vendor_idd": "1"}', form) == [
        ("body.JSONString.vendor_idd", "is no member of this document", "Did you mean `vendor_id`?")
    ]


def parts(*told: tuple[str, str, bytes]) -> bytes:
    """A multipart body: what stands after the name, and the content."""
    made = (
        b"--b\r\nContent-Disposition: form-data; name=" + f'"{name}"{more}'.encode() + b"\r\n\r\n" + content
        for name, more, content in told
    )
    return b"\r\n".join([*made, b"--b--"])


def test_the_texts_of_a_multipart_body_are_judged_and_its_files_are_not() -> None:
    multipart = "multipart/form-data; boundary=b"
    picture = ("file_content_1", '; filename="taxi.png"', b"\x89PNG <x>")
    asked = "POST /v3/company/1/upload"
    for metadata in (b'{"FileNam": "taxi.png"}', b"<Attachable><FileNam>taxi.png</FileNam></Attachable>"):
        assert mistakes("quickbooks_online", asked, parts(("file_metadata_1", "", metadata), picture), multipart) == [
            ("body.file_metadata_1.FileNam", "is no member of this document", "Did you mean `FileName`?")
        ]
    assert mistakes("quickbooks_online", asked, parts(picture), multipart) == []
    wrong = parts(("fil", "", b"text"))
    told = mistakes("codat", "POST /companies/c/sync/expenses/syncs/s/transactions/t/attachments", wrong, multipart)
    assert [at for at, _, _ in told] == ["body.file", "body.fil"]


# Answers


def answered_with(member: str) -> bytes:
    """An answer of QuickBooks Desktop with one bill."""
    row = f"<BillRet><TxnID>1A-12</TxnID>{member}</BillRet>"
    reply = f'<BillQueryRs statusCode="0" statusSeverity="Info">{row}</BillQueryRs>'
    return f"<QBXML><QBXMLMsgsRs>{reply}</QBXMLMsgsRs></QBXML>".encode()


def test_xml_answers_are_judged() -> None:
    xml = (("Content-Type", "text/xml"),)
    answer = Response(200, xml, answered_with("<AmountDue>12,34</AmountDue>"))
    (text,) = answer_differences("quickbooks_desktop", "run_qbxml", answer)
    assert text.startswith(": body.QBXMLMsgsRs.BillQueryRs.BillRet.AmountDue: `12,34` is not AMTTYPE")
    told = answer_differences("sage_intacct", "xml_gateway", Response(200, xml, b"<response><control/></response>"))
    assert ": body.control.status: is missing" in told
    body = b"<Response><Id>x</Id><Accounts><Account><Code>200</Code></Account></Accounts></Response>"
    told = answer_differences("xero", "list_Accounts", Response(200, xml, body))
    assert ": body.DateTimeUTC: is missing" in told
    assert any(each.startswith(": body.Id: `x` has not its form") for each in told)


def test_what_a_platform_adds_to_its_xml_answers_is_nobodys_mistake() -> None:
    answer = Response(200, (("Content-Type", "text/xml"),), answered_with("<Novelty>x</Novelty>"))
    assert answer_differences("quickbooks_desktop", "run_qbxml", answer) == []
