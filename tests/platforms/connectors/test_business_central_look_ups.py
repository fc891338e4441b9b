"""The connector of Business Central, fed with answers written by hand: look-ups, updates and files."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.business_central import (
    COMPANY,
    CONSENT,
    DONE,
    DRAFT,
    HERE,
    MISSING,
    NONE,
    PAYMENT,
    entries,
    no,
    number_of,
    stands,
)
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import File, Native, Refused, Unavailable, Unknown
from sandbooks.platforms.business_central.connector import CONNECTOR
from sandbooks.wire import Cut, Response

# Looking up, changing, attaching


def test_a_document_is_looked_up_in_the_ledger() -> None:
    one = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [entries(PAYMENT, "e-1", "e-2")])
    assert (one.result.found, one.result.native.id) == (True, number_of(PAYMENT))
    assert Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [NONE]).result is None


def test_entries_of_other_documents_are_not_taken_for_ours() -> None:
    other = reply({"value": [{"id": "e-1", "documentNumber": "G00017"}]})
    assert Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [other]).result is None


def test_a_draft_is_found_in_its_journal() -> None:
    assert Played(CONNECTOR.look_up(DRAFT, CONSENT, COMPANY), [NONE, stands(DRAFT)]).result.found
    assert Played(CONNECTOR.look_up(DRAFT, CONSENT, COMPANY), [NONE, MISSING]).result is None
    assert Played(CONNECTOR.look_up(DRAFT, CONSENT, COMPANY), [entries(DRAFT, "e-1")]).result.found


def test_a_look_up_that_says_nothing_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [page(503)] * 4)
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [page(200)])


def test_what_is_posted_is_not_changed() -> None:
    native = Native(kind="journal", id=number_of(PAYMENT))
    with pytest.raises(Refused, match="cannot be changed"):
        Played(CONNECTOR.update(PAYMENT, native, CONSENT, COMPANY), [])


FILE = File(name="till.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")
NATIVE = Native(kind="journal", id="SB1234567890ABCDEFGH")


def attached(*answers: Any) -> Played:
    return Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), answers)


def ledger(*ids: str) -> Response:
    rows = [{"id": id, "entryNumber": 40 - n, "documentNumber": NATIVE.id} for n, id in enumerate(ids)]
    return reply({"value": rows})


def test_a_file_hangs_on_the_first_entry_of_its_document() -> None:
    one = attached(ledger("e-2", "e-1"), NONE, reply({"id": "at-1", "byteSize": 0}, 201), DONE)
    _, listed, made, upload = one.requests
    assert "parentId eq e-1 and parentType eq 'Journal'" in unquote(listed.path)
    assert sent(made) == {"parentId": "e-1", "parentType": "Journal", "fileName": "till.png"}
    assert (upload.method, upload.path) == ("PATCH", f"{HERE}/attachments(at-1)/attachmentContent")
    assert (dict(upload.headers)["If-Match"], dict(upload.headers)["Content-Type"]) == ("*", "image/png")
    assert upload.body == FILE.content
    assert one.result.id == "at-1"


def test_a_file_of_a_draft_hangs_on_its_line() -> None:
    journal = reply({"value": [{"id": "j-1", "code": NATIVE.id[:10]}]})
    lines = reply({"value": [{"id": "l-0", "documentNumber": "G1"}, {"id": "l-1", "documentNumber": NATIVE.id}]})
    one = attached(NONE, journal, lines, NONE, reply({"id": "at-1"}, 201), DONE)
    assert unquote(urlsplit(one.requests[1].path).query) == "$filter=code eq 'SB12345678'"
    assert one.requests[2].path == f"{HERE}/journals(j-1)/journalLines"
    assert sent(one.requests[4])["parentId"] == "l-1"


def test_a_file_that_was_sent_before_is_not_sent_again_and_an_empty_one_is_filled() -> None:
    there = reply({"value": [{"id": "at-1", "fileName": "till.png", "byteSize": 5}]})
    assert (attached(ledger("e-1"), there).result.id, len(attached(ledger("e-1"), there).requests)) == ("at-1", 2)
    empty = reply({"value": [{"id": "at-1", "fileName": "till.png", "byteSize": 0}]})
    one = attached(ledger("e-1"), empty, DONE)
    assert (one.result.id, one.last.method) == ("at-1", "PATCH")


def test_a_name_that_another_file_has_gets_the_key() -> None:
    other = [{"id": "at-1", "fileName": "till.png", "byteSize": 900}]
    one = attached(ledger("e-1"), reply({"value": other}), reply({"id": "at-2"}, 201), DONE)
    assert sent(one.requests[2])["fileName"] == "till-f-1.png"
    own = [*other, {"id": "at-2", "fileName": "till-f-1.png", "byteSize": 5}]
    assert attached(ledger("e-1"), reply({"value": own})).result.id == "at-2"


def test_a_document_that_is_not_shown_takes_no_file_yet() -> None:
    with pytest.raises(Unavailable, match=NATIVE.id):
        attached(NONE, NONE)
    with pytest.raises(Refused, match="vendor"):
        Played(CONNECTOR.attach(FILE, replace(NATIVE, kind="vendor"), CONSENT), [])


@pytest.mark.parametrize("answer", [Cut("timeout"), page(200), page(413)])
def test_an_upload_whose_answer_is_lost_is_unknown(answer: Any) -> None:
    with pytest.raises(Unknown):
        attached(ledger("e-1"), NONE, answer)
    if answer != page(200):
        with pytest.raises(Unknown):
            attached(ledger("e-1"), NONE, reply({"id": "at-1"}, 201), answer)


def test_an_upload_that_is_refused_is_refused() -> None:
    large = no("RequestEntityTooLarge", "too large", 413)
    left = attached(ledger("e-1"), NONE, reply({"id": "at-1"}, 201), large)
    assert (left.last.method, left.last.path.endswith("attachments(at-1)")) == ("DELETE", True)
    with pytest.raises(Refused, match="too large"):
        attached(ledger("e-1"), NONE, reply({"id": "at-1"}, 201), large, DONE)
    with pytest.raises(Unknown):
        attached(ledger("e-1"), NONE, reply({}, 201))
