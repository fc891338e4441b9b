"""The connector of Sage Intacct, fed with answers written by hand: look-ups, updates and files."""

from __future__ import annotations

import base64

import pytest
from lxml import etree
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import T1, T2
from tests.platforms.connectors.answers.played import Played, page
from tests.platforms.connectors.answers.sage_intacct import (
    BILL,
    COMPANY,
    CONSENT,
    PAYMENT,
    PLAIN,
    failed,
    function,
    keyed,
    plain,
    result,
    rows,
)

from sandbooks.connector import Document, File, Native, Refused, Unavailable, Unknown
from sandbooks.platforms.sage_intacct.connector import CONNECTOR
from sandbooks.wire import Cut, Response

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
