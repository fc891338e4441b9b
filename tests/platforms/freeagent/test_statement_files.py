"""Statements as files: OFX, QIF and comma-separated values bring the same lines."""

import pytest
from tests.platforms.freeagent.desk import Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan
from sandbooks.wire import Response

OFX_1 = """OFXHEADER:100
DATA:OFXSGML
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP<BANKTRANLIST>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260301120000[0:GMT]<TRNAMT>-12.50<FITID>A1<NAME>Caf\xe9 &amp; Co<MEMO>Lunch
</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260303<TRNAMT>40.00<FITID>A2<NAME>Refund
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
OFX_2 = """<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="220"?>
<OFX><BANKTRANLIST>
<STMTTRN><TRNTYPE>POS</TRNTYPE><DTPOSTED>20260301</DTPOSTED><TRNAMT>-12.50</TRNAMT><FITID>A1</FITID>
<NAME>Caf\xe9 &amp; Co</NAME><MEMO>Lunch</MEMO></STMTTRN>
<STMTTRN><TRNTYPE>XFER</TRNTYPE><DTPOSTED>20260303</DTPOSTED><TRNAMT>40.00</TRNAMT><NAME>Refund</NAME></STMTTRN>
</BANKTRANLIST></OFX>
"""
QIF = "!Type:Bank\nD01/03/2026\nT-12.50\nPCaf\xe9 & Co\nMLunch\n^\nD3/3'26\nT40.00\nPRefund\n^\n"
CSV = "Date,Amount,Description\n01/03/2026,-12.50,Caf\xe9 & Co Lunch\n2026-03-03,40.00,Refund\n"


def upload(desk: Desk, content: bytes) -> Response:
    head = b'--b\r\nContent-Disposition: form-data; name="statement"; filename="s"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    body = head + content + b"\r\n--b--\r\n"
    return desk.send("POST", "bank_transactions/statement", body, headers=kind, bank_account=desk.account("bank"))


def listed(desk: Desk) -> list[tuple[str, str, str]]:
    found = desk.get("bank_transactions", bank_account=desk.account("bank"), last_uploaded="true")["bank_transactions"]
    return sorted((line["dated_on"], line["amount"], line["description"]) for line in found)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(OFX_1.encode("cp1252"), id="ofx 1"),
        pytest.param(OFX_2.encode(), id="ofx 2"),
        pytest.param(QIF.encode(), id="qif"),
        pytest.param(CSV.encode(), id="csv"),
    ],
)
def test_each_form_brings_the_same_lines(desk: Desk, content: bytes) -> None:
    assert upload(desk, content).status == 200
    assert listed(desk) == [("2026-03-01", "-12.5", "Caf\xe9 & Co Lunch"), ("2026-03-03", "40.0", "Refund")]


def test_the_ids_of_the_bank_are_kept(desk: Desk) -> None:
    upload(desk, OFX_1.encode("cp1252"))
    found = desk.get("bank_transactions", bank_account=desk.account("bank"))["bank_transactions"]
    assert [line["transaction_id"] for line in found] == ["A1", "A2"]


def test_the_bank_account_of_a_list_is_named_by_address_or_by_id(desk: Desk) -> None:
    upload(desk, CSV.encode())
    address = desk.account("bank")
    by_address = desk.get("bank_transactions", bank_account=address)["bank_transactions"]
    assert by_address
    assert desk.get("bank_transactions", bank_account=address.rsplit("/", 1)[1])["bank_transactions"] == by_address
    assert desk.send("GET", "bank_transactions", None, bank_account="99").status == 404


def test_dates_are_read_in_the_order_of_the_country() -> None:
    desk = open_desk(App(), CompanyPlan(country="US", accounts={"bank": {"type": "bank", "name": "Checking"}}))
    upload(desk, b"!Type:Bank\nD03/01/2026\nT-9.10\nPCab\n^\n")
    assert listed(desk) == [("2026-03-01", "-9.1", "Cab")]


def test_two_alike_in_one_statement_are_two_and_a_second_upload_adds_none(desk: Desk) -> None:
    rows = b"2026-03-01,-2.80,Coffee\n2026-03-01,-2.80,Coffee\n"
    upload(desk, rows)
    assert len(listed(desk)) == 2
    upload(desk, rows)
    assert len(desk.get("bank_transactions", bank_account=desk.account("bank"))["bank_transactions"]) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"OFXHEADER:100\n<OFX><STMTTRN><TRNAMT>4</STMTTRN></OFX>",
        b"!Type:Bank\nT4\n^\n",
        b"lonely\n",
        b"\x81\x8d",
    ],
)
def test_what_is_no_statement_is_refused_and_adds_nothing(desk: Desk, content: bytes) -> None:
    before = desk.posted()
    assert upload(desk, content).status == 400
    assert desk.posted() == before


def test_a_statement_without_lines_is_not_acceptable(desk: Desk) -> None:
    assert upload(desk, b"!Type:Bank\n").status == 406
