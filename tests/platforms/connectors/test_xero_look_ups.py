"""The connector of Xero, fed with answers written by hand: look-ups, updates, files and sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import APPLICATION, NOW
from tests.platforms.connectors.answers.played import Played, page, reply, sent
from tests.platforms.connectors.answers.xero import (
    ADJUSTMENT,
    COMPANY,
    CONSENT,
    PAYMENT,
    TRANSFER,
    TRAVEL,
    body_of,
    chart,
    error,
    stands,
    written,
)

from sandbooks.connector import File, Native, NeedsConsent, Refused, Unavailable, Unknown
from sandbooks.platforms.xero.connector import CONNECTOR
from sandbooks.wire import Cut, Response

# Look-up and update


def listing(*rows: Mapping[str, Any], pages: int = 1) -> Response:
    return reply({"pagination": {"page": 1, "pageSize": 1000, "pageCount": pages}, "BankTransactions": list(rows)})


def test_a_look_up_searches_by_date_and_compares_the_whole_mark() -> None:
    other = {"BankTransactionID": "bt-0", "Reference": "R [xt-01]", "Type": "SPEND"}
    gone = {"BankTransactionID": "bt-2", "Reference": "R [t-01]", "Type": "SPEND", "Status": "DELETED"}
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [listing(other, gone)])
    assert played.ended
    assert played.result is None
    path = unquote(played.last.path)
    assert "where=Date >= DateTime(2026, 02, 25) AND Date <= DateTime(2026, 04, 28)" in path
    assert (played.last.method, played.last.mutates, played.last.reference) == ("GET", False, "t-01")


def test_a_look_up_goes_on_to_the_last_page() -> None:
    found = stands(body_of(), BankTransactionID="bt-9")
    first = listing(*({"BankTransactionID": f"bt-0{n}"} for n in range(3)), pages=2)
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [first, listing(found, pages=2)])
    assert (played.result.native.id, played.result.found) == ("bt-9", True)
    assert ["&page=1&" in played.requests[0].path, "&page=2&" in played.requests[1].path] == [True, True]


def test_a_look_up_without_page_counts_ends_at_an_empty_page() -> None:
    full = reply({"BankTransactions": [{"BankTransactionID": "bt-0"}]})
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [full, reply({"BankTransactions": []})])
    assert played.ended
    assert played.result is None


def test_a_look_up_that_gets_no_answer_says_so() -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [Response(503)] * 4)


def test_transfers_and_journals_are_found_by_their_own_texts() -> None:
    row = {"BankTransferID": "tr-1", "Reference": "Top-up [t-02]"}
    done = Played(CONNECTOR.look_up(TRANSFER, CONSENT, COMPANY), [reply({"BankTransfers": [row]})]).result
    assert done.native == Native(kind="BankTransfer", id="tr-1", data_type="transfers")
    journal = {"ManualJournalID": "mj-1", "Narration": "[t-03]", "Status": "POSTED"}
    answer = reply({"pagination": {"pageCount": 1}, "ManualJournals": [journal]})
    done = Played(CONNECTOR.look_up(ADJUSTMENT, CONSENT, COMPANY), [answer]).result
    assert done.native == Native(kind="ManualJournal", id="mj-1", data_type="journalEntries")


NATIVE = Native(kind="BankTransaction", id="bt-1", data_type="directCosts")


def test_an_update_keeps_the_lines_that_stand_and_has_a_key_for_each_state() -> None:
    standing = stands(body_of(), UpdatedDateUTC="/Date(1774656000123+0000)/", Status="AUTHORISED")
    standing["LineItems"] = [{**line, "LineItemID": f"li-{n}"} for n, line in enumerate(standing["LineItems"])]
    two = replace(
        PAYMENT, key="key-2", version=2, reference="", lines=(replace(PAYMENT.lines[0], net=Decimal("41.00")),)
    )
    played = Played(CONNECTOR.update(two, NATIVE, CONSENT, COMPANY), [*chart(two), written(standing)])
    assert (played.last.method, played.last.path) == ("POST", "/api.xro/2.0/BankTransactions/bt-1")
    body = sent(played.last)["BankTransactions"][0]
    assert [(line["LineItemID"], line["UnitAmount"]) for line in body["LineItems"]] == [("li-0", Decimal("41.00"))]
    assert "Reference" not in body  # as the bookkeeper has it
    assert dict(played.last.headers)["Idempotency-Key"] == "key-2-20260328000000123000"


def test_many_accounts_are_read_in_one_list() -> None:
    ids = [f"acc-{number}" for number in range(4)]
    lines = tuple(replace(PAYMENT.lines[1], account=id) for id in ids)
    listed = reply({"Accounts": [{"AccountID": id, "Code": f"60{n}"} for n, id in enumerate(ids)]})
    played = Played(CONNECTOR.push(replace(PAYMENT, lines=lines), CONSENT, COMPANY), [listed])
    assert [line["AccountCode"] for line in sent(played.last)["BankTransactions"][0]["LineItems"]] == [
        "600",
        "601",
        "602",
        "603",
    ]


def test_an_account_without_a_code_cannot_be_named_on_a_line() -> None:
    bare = reply({"Accounts": [{"AccountID": TRAVEL}]})
    with pytest.raises(Refused, match="no code"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [bare, *chart(PAYMENT)[1:]])


def test_an_update_of_what_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="not there"):
        Played(CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [*chart(PAYMENT), Response(404)])


def test_an_update_that_xero_did_not_keep_is_refused() -> None:
    standing = stands(body_of(), Status="AUTHORISED", LineItems=[])
    changed = stands(body_of())
    changed["LineItems"] = [{**line, "TaxType": "EXEMPTINPUT"} for line in changed["LineItems"]]
    with pytest.raises(Refused, match="TaxType of line 1"):
        Played(
            CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [*chart(PAYMENT), written(standing), written(changed)]
        )


def test_transfers_and_journals_are_not_changed_through_the_api() -> None:
    for document, kind in ((TRANSFER, "BankTransfer"), (ADJUSTMENT, "ManualJournal")):
        with pytest.raises(Refused, match=kind):
            Played(CONNECTOR.update(document, Native(kind=kind, id="x"), CONSENT, COMPANY), [])


# Attachments


FILE = File(name="till #4.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")


def test_a_file_goes_up_as_its_bytes_under_its_encoded_name() -> None:
    answers = [reply({"Attachments": []}), reply({"Attachments": [{"AttachmentID": "at-1"}]})]
    played = Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), answers)
    assert played.result.id == "at-1"
    assert played.last.path == "/api.xro/2.0/BankTransactions/bt-1/Attachments/till%20%234.png"
    assert (played.last.body, dict(played.last.headers)["Content-Type"]) == (FILE.content, "image/png")
    assert dict(played.last.headers)["Idempotency-Key"] == "f-1"


def test_an_earlier_upload_is_known_by_its_bytes() -> None:
    row = {"AttachmentID": "at-1", "FileName": FILE.name, "ContentLength": 5, "MimeType": "image/png"}
    same = Played(
        CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": [row]}), Response(200, (), FILE.content)]
    )
    assert same.result.id == "at-1"
    stranger = Played(
        CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": [row]}), Response(200, (), b"other")]
    )
    assert stranger.last.path.endswith("/till%20%234-f-1.png")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [(reply(error("isn't a supported file type"), 400), Refused), (Cut("reset"), Unknown), (page(200), Unknown)],
)
def test_an_upload_can_fail(answer: Response | Cut, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": []}), answer])


def test_whether_a_file_was_too_large_is_seen_in_the_list() -> None:
    empty, row = reply({"Attachments": []}), {"AttachmentID": "at-1", "FileName": FILE.name}
    with pytest.raises(Refused, match="413"):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [empty, page(413), empty])
    kept = Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [empty, page(413), reply({"Attachments": [row]})])
    assert kept.result.id == "at-1"


# Sign-in


def test_the_consent_page_asks_for_granular_scopes() -> None:
    path = unquote(CONNECTOR.consent_path(APPLICATION, state="s"))
    assert path.startswith("/identity/connect/authorize?response_type=code&client_id=app&")
    assert "accounting.banktransactions" in path
    assert "accounting.transactions" not in path
    assert "offline_access" in path


TOKENS = {"access_token": "a-1", "refresh_token": "r-1", "expires_in": 1800, "token_type": "Bearer"}
TENANTS = [
    {"id": "c-0", "tenantId": "tenant-0", "tenantType": "PRACTICE"},
    {"id": "c-1", "tenantId": "tenant-1", "tenantType": "ORGANISATION"},
    {"id": "c-2", "tenantId": "tenant-2", "tenantType": "ORGANISATION"},
]


@pytest.mark.parametrize(("company", "tenant"), [("", "tenant-1"), ("tenant-2", "tenant-2")])
def test_a_consent_pins_one_organisation(company: str, tenant: str) -> None:
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company=company)
    played = Played(steps, [reply(TOKENS), reply(TENANTS)])
    assert (played.result.company, played.result.access_token) == (tenant, "a-1")
    assert played.result.access_expires == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert [request.signed for request in played.requests] == [False, False]
    assert dict(played.last.headers)["Authorization"] == "Bearer a-1"


def test_a_consent_without_the_organisation_is_refused() -> None:
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company="tenant-9")
    with pytest.raises(Refused, match="tenant-9"):
        Played(steps, [reply(TOKENS), reply(TENANTS)])


def test_the_event_of_the_consent_tells_new_organisations_from_old_ones() -> None:
    token = "e30.eyJhdXRoZW50aWNhdGlvbl9ldmVudF9pZCI6ImV2LTkifQ.x"
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW)
    played = Played(steps, [reply({**TOKENS, "access_token": token}), reply(TENANTS[2:])])
    assert played.last.path == "/connections?authEventId=ev-9"
    assert played.result.company == "tenant-2"


def test_a_user_who_says_no_is_a_refusal() -> None:
    with pytest.raises(Refused, match="access_denied"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"error": "access_denied"}, now=NOW), [])


def test_a_refresh_keeps_the_organisation_and_takes_both_new_tokens() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(TOKENS)]).result
    assert (fresh.company, fresh.access_token, fresh.refresh_token) == ("tenant-1", "a-1", "r-1")


def test_a_refresh_that_is_refused_needs_consent_and_one_without_an_answer_does_not() -> None:
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"error": "invalid_grant"}, 400)])
    for answer in (reply({}), page(404), Response(503)):
        with pytest.raises(Unavailable):
            Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)
