"""The connector of FreeAgent, fed with answers written by hand: look-ups, updates, files and sign-in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import APPLICATION, NOW
from tests.platforms.connectors.answers.freeagent import (
    API,
    BILL,
    COMPANY,
    CONSENT,
    EXPLANATION,
    LINE,
    PAYMENT,
    TRANSFER,
    body_of,
)
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import Contact, File, Native, NeedsConsent, Refused, Unavailable, Unknown
from sandbooks.platforms.freeagent.connector import CONNECTOR
from sandbooks.wire import Cut, Response

# Look-up and update


def listing(resource: str, *rows: Mapping[str, Any], link: str = "") -> Response:
    return reply({resource: list(rows)}, **({"Link": link} if link else {}))


def test_a_look_up_lists_the_bank_account_around_the_date() -> None:
    rows = ({"url": f"{API}/x/1", "description": "A [xt-01]"}, {"url": f"{API}/x/2", "description": "[t-01] A"})
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [listing("bank_transaction_explanations", *rows)])
    assert played.ended
    assert played.result is None
    path = unquote(played.last.path)
    for part in (f"bank_account={API}/bank_accounts/41", "from_date=2026-02-25", "to_date=2026-04-28"):
        assert part in path
    assert (played.last.mutates, played.last.reference) == (False, "t-01")


def test_a_look_up_follows_the_links_to_the_end() -> None:
    first = listing("bills", {"url": f"{API}/bills/1", "reference": "x"}, link=f'<{API}/bills?page=2>; rel="next"')
    second = listing("bills", {"url": f"{API}/bills/2", "reference": "Trip [t-03]"}, link=f'<{API}/b>; rel="prev"')
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [first, second])
    assert (played.result.native.id, played.result.found) == ("2", True)


def test_without_links_a_full_page_is_not_the_last() -> None:
    full = listing("bills", *({"url": f"{API}/bills/{n}", "reference": "x"} for n in range(100)))
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [full, listing("bills")])
    assert len(played.requests) == 2
    assert played.result is None


def test_a_transfer_is_found_by_its_receipt_reference() -> None:
    row = {
        "url": f"{API}/bank_transaction_explanations/20",
        "description": "Transfer from Current to Card",
        "receipt_reference": "[t-02]",
        "linked_transfer_explanation": f"{API}/bank_transaction_explanations/21",
    }
    answer = listing("bank_transaction_explanations", row)
    assert Played(CONNECTOR.look_up(TRANSFER, CONSENT, COMPANY), [answer]).result.native.id == "21"


def test_a_look_up_that_gets_no_answer_says_so() -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [Response(503)] * 4)


NATIVE = Native(kind=EXPLANATION, id="20", data_type="directCosts")


def test_an_update_with_no_body_in_its_answer_is_read_again() -> None:
    standing = reply({EXPLANATION: body_of()})
    played = Played(CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [standing, Response(200), standing])
    assert [r.method for r in played.requests] == ["GET", "PUT", "GET"]
    assert played.result.native == NATIVE


def test_an_update_sends_own_fields_and_never_the_bank_account() -> None:
    one = replace(PAYMENT, lines=(replace(LINE, tax=None),))
    played = Played(CONNECTOR.update(one, NATIVE, CONSENT, COMPANY), [reply({EXPLANATION: body_of()})])
    body = sent(played.last)[EXPLANATION]
    assert "bank_account" not in body
    assert body["sales_tax_rate"] == "Auto"


def test_an_update_of_a_bill_keeps_adds_and_removes_lines_by_position() -> None:
    native = Native(kind="bill", id="2", data_type="bills")
    items = [{"url": f"{API}/bill_items/{n}"} for n in range(3)]
    played = Played(CONNECTOR.update(BILL, native, CONSENT, COMPANY), [reply({"bill": {"bill_items": items}})])
    sent_items = sent(played.last)["bill"]["bill_items"]
    assert [item["url"][-1] for item in sent_items] == ["0", "1", "2"]
    assert sent_items[1]["sales_tax_rate"] == "Auto"
    assert sent_items[2] == {"url": f"{API}/bill_items/2", "_destroy": 1}


def test_an_update_to_another_kind_or_of_what_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="cannot become"):
        Played(CONNECTOR.update(BILL, NATIVE, CONSENT, COMPANY), [])
    gone = reply({"errors": {"error": {"message": "Resource not found"}}}, 404)
    with pytest.raises(Refused, match="Resource not found"):
        Played(CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [gone])


def test_a_transfer_between_other_accounts_is_not_updated() -> None:
    side = {"bank_account": f"{API}/bank_accounts/42", "linked_transfer_account": f"{API}/bank_accounts/43"}
    with pytest.raises(Refused, match="accounts of a transfer"):
        Played(CONNECTOR.update(TRANSFER, NATIVE, CONSENT, COMPANY), [reply({EXPLANATION: side})])


def test_a_transfer_whose_other_side_follows_by_itself_is_changed_once() -> None:
    to_side = {
        "bank_account": f"{API}/bank_accounts/42",
        "linked_transfer_account": f"{API}/bank_accounts/41",
        "linked_transfer_explanation": f"{API}/bank_transaction_explanations/19",
        "dated_on": "2026-03-01",
        "gross_value": "5.0",
    }
    changed = {**to_side, "dated_on": "2026-03-28", "gross_value": "310.4"}
    from_side = {**changed, "gross_value": "-310.4"}
    answers = [reply({EXPLANATION: body}) for body in (to_side, changed, from_side)]
    played = Played(CONNECTOR.update(TRANSFER, NATIVE, CONSENT, COMPANY), answers)
    assert [r.method for r in played.requests] == ["GET", "PUT", "GET"]
    assert played.ended


# Attachments and lists


FILE = File(name="till.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")


def test_a_file_goes_up_inside_its_record() -> None:
    shown = {"attachment": {"url": f"{API}/attachments/3", "file_name": "till.png", "file_size": 5}}
    played = Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({EXPLANATION: {}}), reply({EXPLANATION: shown})])
    assert played.result.id == "3"
    upload = sent(played.last)[EXPLANATION]["attachment"]
    assert base64.b64decode(upload["data"]) == FILE.content
    assert (upload["file_name"], upload["content_type"]) == ("till.png", "image/png")


def test_a_record_that_has_a_file_keeps_it() -> None:
    own = {"url": f"{API}/attachments/3", "file_name": "till.png", "file_size": 5}
    assert Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({EXPLANATION: {"attachment": own}})]).result.id == "3"
    other = {**own, "file_size": 6}
    with pytest.raises(Refused, match="one file"):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({EXPLANATION: {"attachment": other}})])


def test_a_transfer_takes_no_file() -> None:
    with pytest.raises(Refused, match="transfers"):
        Played(CONNECTOR.attach(FILE, replace(NATIVE, data_type="transfers"), CONSENT), [])


def test_a_lost_upload_is_unknown() -> None:
    for answer in (Cut("timeout"), reply({EXPLANATION: {}})):
        with pytest.raises(Unknown):
            Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({EXPLANATION: {}}), answer])


def test_a_contact_that_an_earlier_attempt_made_is_not_made_again() -> None:
    wanted = Contact(kind="supplier", name="Marlow Print", email="post@marlow.example")
    near = {"url": f"{API}/contacts/4", "organisation_name": "Marlow Print", "email": ""}
    same = {**near, "url": f"{API}/contacts/5", "email": "post@marlow.example"}
    found = Played(CONNECTOR.create_contact(wanted, CONSENT, COMPANY, key="c"), [listing("contacts", near, same)])
    assert found.result.id == "5"
    fresh = Played(CONNECTOR.create_contact(wanted, CONSENT, COMPANY, key="c"), [listing("contacts", near)])
    assert (fresh.last.method, fresh.last.path) == ("POST", "/v2/contacts")


# Sign-in


TOKENS = {"access_token": "a-1", "refresh_token": "r-1", "expires_in": 3600, "refresh_token_expires_in": 631151957}


def test_a_consent_is_for_the_company_that_names_itself() -> None:
    company = {"company": {"id": "30001", "url": f"{API}/company"}}
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW)
    played = Played(steps, [reply(TOKENS), reply(company)])
    assert (played.result.company, played.result.facts) == ("30001", {"base": "https://api.freeagent.com"})
    assert played.result.access_expires == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert all(dict(request.headers)["User-Agent"] == "Sandbooks" for request in played.requests)
    again = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company="30009")
    with pytest.raises(Refused, match="30009"):
        Played(again, [reply(TOKENS), reply(company)])


def test_a_user_who_says_no_is_a_refusal() -> None:
    with pytest.raises(Refused, match="access_denied"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"error": "access_denied"}, now=NOW), [])


def test_a_refresh_keeps_the_company_and_an_old_refresh_token_where_no_new_one_comes() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(TOKENS)]).result
    assert (fresh.company, fresh.access_token, fresh.refresh_token) == ("30001", "a-1", "r-1")
    kept = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"access_token": "a-2"})]).result
    assert (kept.access_token, kept.refresh_token) == ("a-2", "refresh")


def test_a_refresh_that_is_refused_needs_consent_and_one_without_an_answer_does_not() -> None:
    denied = Response(401, (), b"HTTP Basic: Access denied.")
    for answer in (reply({"error": "invalid_grant"}, 400), denied):
        with pytest.raises(NeedsConsent):
            Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer])
    for answer in (reply({}), page(404), Response(503)):
        with pytest.raises(Unavailable):
            Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)
