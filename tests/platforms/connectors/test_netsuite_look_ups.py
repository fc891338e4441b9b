"""The connector of NetSuite, fed with answers written by hand: look-ups, updates and files."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.netsuite import COMPANY, CONSENT, PAYMENT, RECORD, missing, no
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import File, Native, Refused, Unavailable, Unknown, Wait
from sandbooks.platforms.netsuite.connector import CONNECTOR
from sandbooks.wire import Cut, Response

CHECK = Native(kind="check", id="901", data_type="directCosts")


# Looking up, changing, attaching


def test_a_document_is_looked_up_by_its_external_id() -> None:
    one = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [reply({"id": "901"})])
    assert (one.result.native.id, one.result.found) == ("901", True)
    assert (one.last.method, one.last.path) == ("GET", f"{RECORD}/creditCardCharge/eid:t-01")


def test_a_document_that_is_not_there_is_none_and_any_other_no_is_refused() -> None:
    assert Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [missing()]).result is None
    with pytest.raises(Refused, match="FEATURE_DISABLED"):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [no("FEATURE_DISABLED", "Not enabled.")])


@pytest.mark.parametrize("answer", [reply({}), page(200), reply([])])
def test_a_look_up_that_says_nothing_is_unavailable(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [answer])


def test_a_reading_request_is_tried_a_few_times() -> None:
    one = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [page(503), Cut("closed"), missing()])
    assert [step for step in one.steps if isinstance(step, Wait)] == [Wait(2), Wait(4)]
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [page(503)] * 4)


def test_an_update_changes_own_fields_and_replaces_the_lines() -> None:
    bank = replace(PAYMENT, account=replace(PAYMENT.account, id="44", pays="bank"), reference="")
    one = Played(CONNECTOR.update(bank, CHECK, CONSENT, COMPANY), [Response(204)])
    assert (one.last.method, one.last.path) == ("PATCH", f"{RECORD}/check/901?replace=expense,item")
    body = sent(one.last)
    assert {"subsidiary", "tranId"} & set(body) == set()
    assert body["account"] == {"id": "44"}
    assert one.result.native == CHECK


def test_a_document_does_not_change_its_kind() -> None:
    with pytest.raises(Refused, match="cannot become"):
        Played(CONNECTOR.update(PAYMENT, CHECK, CONSENT, COMPANY), [])


FILE = File(name="till receipt.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")
NOTHING_FOUND = reply({"items": [], "totalResults": 0})


def test_a_file_goes_into_the_folder_and_is_linked() -> None:
    answers = [
        NOTHING_FOUND,
        NOTHING_FOUND,
        Response(204, (("Location", "/services/rest/document/v1/folder/31"),)),
        Response(204, (("Location", "/services/rest/document/v1/file/88"),)),
        Response(204),
    ]
    one = Played(CONNECTOR.attach(FILE, CHECK, CONSENT), answers)
    assert one.result.id == "88"
    look, _, folder, upload, link = one.requests
    assert parse_qs(urlsplit(look.path).query) == {"q": ['name IS "till receipt-f-1.png"']}
    assert sent(folder) == {"name": "Expense receipts"}
    body = sent(upload)
    assert (body["name"], body["folder"]) == ("till receipt-f-1.png", {"id": "31"})
    assert base64.b64decode(body["content"]) == FILE.content
    assert (link.method, link.path) == ("POST", f"{RECORD}/check/901/!attach/file/88")


def test_a_file_that_was_uploaded_before_is_only_linked() -> None:
    one = Played(CONNECTOR.attach(FILE, CHECK, CONSENT), [reply({"items": [{"id": "88"}]}), Response(204)])
    assert (one.result.id, len(one.requests)) == ("88", 2)


def test_a_file_that_is_too_large_is_refused_before_anything_is_sent() -> None:
    large = replace(FILE, content=b"\x00" * (10 * 1024 * 1024 + 1))
    with pytest.raises(Refused, match="at most 10485760"):
        Played(CONNECTOR.attach(large, CHECK, CONSENT), [])


def test_an_upload_without_a_place_is_unknown_and_a_strange_record_takes_no_file() -> None:
    with pytest.raises(Unknown):
        Played(CONNECTOR.attach(FILE, CHECK, CONSENT), [NOTHING_FOUND, reply({"items": [{"id": 31}]}), Response(204)])
    with pytest.raises(Refused, match="journalEntry"):
        Played(CONNECTOR.attach(FILE, Native(kind="journalEntry", id="9"), CONSENT), [])
