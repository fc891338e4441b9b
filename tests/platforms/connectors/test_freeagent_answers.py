"""The connector of FreeAgent, fed with answers written by hand: what it sends, and what it makes of what comes back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from tests.platforms.connectors.answers import Played, page, reply, sent

from sandbooks.connector import (
    Adjustment,
    Application,
    Company,
    Consent,
    Contact,
    Document,
    Expense,
    File,
    Line,
    Native,
    NeedsConsent,
    PaymentAccount,
    Refused,
    Reimbursable,
    Request,
    TrackingRef,
    Transfer,
    TransferSide,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.freeagent.connector import CONNECTOR
from sandbooks.wire import Cut, Response

API = "https://api.freeagent.com/v2"
CONSENT = Consent(company="30001", access_token="access", refresh_token="refresh")
COMPANY = Company(
    id="30001",
    name="Harbour Street Ltd",
    currency="GBP",
    facts={"sales_tax_registration_status": "Registered", "type": "UkLimitedCompany"},
)
APPLICATION = Application(client_id="app", client_secret="secret", redirect_uri="https://hub.example/callback")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAYMENT = Expense(
    kind="Payment",
    id="t-01",
    key="key-1",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    account=PaymentAccount(id="41", pays="card", currency="GBP"),
    lines=(Line(net=Decimal("40.10"), tax=Decimal("8.02"), account="285"),),
    merchant="Contoso",
    notes="Fair",
)
TRANSFER = Transfer(
    id="t-02",
    key="key-2",
    version=1,
    date=date(2026, 3, 28),
    source=TransferSide(account="41", currency="GBP", amount=Decimal("310.40"), pays="bank"),
    target=TransferSide(account="42", currency="GBP", amount=Decimal("310.40"), pays="card"),
)
BILL = Reimbursable(
    id="t-03",
    key="key-3",
    version=1,
    date=date(2026, 3, 28),
    due=date(2026, 4, 28),
    currency="GBP",
    contact=Contact(kind="supplier", name="", id="7"),
    lines=(
        Line(net=Decimal("22.10"), tax=Decimal("4.42"), account="285", description="Train"),
        Line(net=Decimal("9.61"), tax=None, account="250"),
    ),
    reference="Trip",
    notes="Leeds",
)
EXPLANATION = "bank_transaction_explanation"


def asked(document: Document = PAYMENT, consent: Consent = CONSENT) -> Request:
    """The write that a push comes to: the only request."""
    (request,) = Played(CONNECTOR.push(document, consent, COMPANY), []).requests
    return request


def body_of(document: Document = PAYMENT) -> dict[str, Any]:
    (body,) = sent(asked(document)).values()
    return dict(body)


def made(document: Document = PAYMENT, **changes: Any) -> Response:
    """What FreeAgent answers to a create: as sent, with a URL."""
    (root,) = sent(asked(document))
    return reply({root: {"url": f"{API}/{root}s/20", **body_of(document), **changes}}, 201)


# What is sent


def test_a_payment_is_money_out_with_its_tax_as_an_amount() -> None:
    assert body_of() == {
        "bank_account": f"{API}/bank_accounts/41",
        "category": f"{API}/categories/285",
        "dated_on": "2026-03-28",
        "description": "Contoso - Fair [t-01]",
        "gross_value": "-48.12",
        "manual_sales_tax_amount": "8.02",
    }
    request = asked()
    assert (request.method, request.path) == ("POST", "/v2/bank_transaction_explanations")
    assert (request.mutates, request.reference) == (True, "t-01")


def test_records_are_named_under_the_address_that_the_company_goes_by() -> None:
    consent = replace(CONSENT, facts={"base": "https://api.sandbox.freeagent.com"})
    body = sent(asked(PAYMENT, consent))[EXPLANATION]
    assert body["bank_account"] == "https://api.sandbox.freeagent.com/v2/bank_accounts/41"


def test_without_a_tax_amount_the_category_decides() -> None:
    body = body_of(replace(PAYMENT, lines=(replace(PAYMENT.lines[0], tax=None),)))
    assert not {"manual_sales_tax_amount", "sales_tax_rate"} & set(body)
    assert body["gross_value"] == "-40.10"


def test_a_company_that_is_not_registered_gets_the_gross_alone() -> None:
    company = replace(COMPANY, facts={"sales_tax_registration_status": "Not Registered"})
    (request,) = Played(CONNECTOR.push(PAYMENT, CONSENT, company), []).requests
    body = sent(request)[EXPLANATION]
    assert (body["gross_value"], "manual_sales_tax_amount" in body) == ("-48.12", False)


def test_a_transfer_is_explained_on_the_paying_side_and_carries_the_id_in_two_texts() -> None:
    assert body_of(TRANSFER) == {
        "bank_account": f"{API}/bank_accounts/41",
        "transfer_bank_account": f"{API}/bank_accounts/42",
        "dated_on": "2026-03-28",
        "gross_value": "-310.40",
        "description": "[t-02]",
        "receipt_reference": "[t-02]",
    }


def test_a_reimbursable_is_a_bill_of_the_employee() -> None:
    assert body_of(BILL) == {
        "contact": f"{API}/contacts/7",
        "reference": "Trip [t-03]",
        "dated_on": "2026-03-28",
        "due_on": "2026-04-28",
        "currency": "GBP",
        "input_total_values_inc_tax": True,
        "bill_items": [
            {
                "category": f"{API}/categories/285",
                "description": "Train",
                "total_value": "26.52",
                "manual_sales_tax_amount": "4.42",
            },
            {"category": f"{API}/categories/250", "description": "Leeds", "total_value": "9.61"},
        ],
        "comments": "Leeds",
    }


def test_a_foreign_bill_states_base_units_for_one_foreign_unit_and_its_tax_in_base_currency() -> None:
    body = body_of(replace(BILL, currency="USD", rate=Decimal("0.781")))
    assert (body["currency"], body["exchange_rate"]) == ("USD", "0.781")
    assert (body["bill_items"][0]["total_value"], body["bill_items"][0]["manual_sales_tax_amount"]) == ("26.52", "3.45")


def test_the_signature_names_its_agent() -> None:
    headers = dict(CONNECTOR.signed(asked(), CONSENT, now=NOW, nonce="n").headers)
    assert (headers["Authorization"], headers["User-Agent"]) == ("Bearer access", "Sandbooks")


LINE = PAYMENT.lines[0]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (replace(PAYMENT, currency="USD"), "GBP"),
        (replace(PAYMENT, lines=(LINE, LINE)), "one line"),
        (replace(PAYMENT, merchant="", notes=""), "note"),
        (replace(PAYMENT, kind="Refund"), "refund"),
        (replace(PAYMENT, lines=(replace(LINE, net=Decimal("-40.10"), tax=Decimal("-8.02")),)), "nothing or less"),
        (replace(PAYMENT, lines=(replace(LINE, net=Decimal("1.234")),)), "two decimals"),
        (replace(PAYMENT, lines=(replace(LINE, tracking=(TrackingRef(id="x"),)),)), "tracking"),
        (replace(PAYMENT, lines=(replace(LINE, account=""),)), "category"),
        (replace(TRANSFER, target=replace(TRANSFER.target, amount=Decimal("300"))), "one amount"),
        (replace(TRANSFER, target=replace(TRANSFER.target, currency="USD")), "one currency"),
        (replace(TRANSFER, target=replace(TRANSFER.target, pays="")), "bank accounts only"),
        (replace(BILL, lines=(BILL.lines[0],) * 41), "40 lines"),
        (replace(BILL, currency="USD"), "rate"),
        (Adjustment(id="t", key="k", version=1, date=date(2026, 3, 28), currency="GBP", lines=()), "not offered"),
    ],
)
def test_what_freeagent_cannot_state_is_refused_before_any_request(document: Document, message: str) -> None:
    with pytest.raises(Refused, match=message):
        next(CONNECTOR.push(document, CONSENT, COMPANY))


# What comes back


@pytest.mark.parametrize(
    ("document", "kind", "data_type"),
    [(PAYMENT, EXPLANATION, "directCosts"), (BILL, "bill", "bills")],
)
def test_a_success_names_the_record(document: Document, kind: str, data_type: str) -> None:
    done = Played(CONNECTOR.push(document, CONSENT, COMPANY), [made(document)]).result
    assert done.native == Native(kind=kind, id="20", data_type=data_type)


def test_the_id_of_a_transfer_is_that_of_the_receiving_side() -> None:
    linked = made(TRANSFER, linked_transfer_explanation="https://api.freeagent.com/v2/bank_transaction_explanation/125")
    assert Played(CONNECTOR.push(TRANSFER, CONSENT, COMPANY), [linked]).result.native.id == "125"


def test_an_answer_without_a_url_is_named_by_its_location() -> None:
    answer = reply({EXPLANATION: body_of()}, 201, Location=f"{API}/bank_transaction_explanations/12")
    assert Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer]).result.native.id == "12"


@pytest.mark.parametrize(
    "answer",
    [
        Cut("timeout"),
        Cut("reset"),
        Response(503),
        page(502),
        page(200),
        page(422),
        Response(201),
        Response(201, (), b'{"bank_transaction_explanation": {"url'),
        reply({"something": {}}, 201),
        reply({EXPLANATION: {}}, 201),
    ],
)
def test_an_answer_that_says_nothing_is_unknown(answer: Response | Cut) -> None:
    with pytest.raises(Unknown) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])
    assert "<" not in failure.value.message


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (
            [{"message": "dated_on can't be blank"}, {"message": "category is wrong"}],
            "dated_on can't be blank; category",
        ),
        ({"error": {"message": "Invalid nominal code"}}, "Invalid nominal code"),
        ({"dated_on": ["can't be blank"]}, "dated_on can't be blank"),
    ],
)
def test_a_refusal_in_any_of_its_shapes_carries_the_native_message(errors: Any, said: str) -> None:
    with pytest.raises(Refused, match=said) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [reply({"errors": errors}, 422)])
    assert (failure.value.native_code, failure.value.status) == ("422", 422)
    assert failure.value.message.endswith("(FreeAgent status 422)")


@pytest.mark.parametrize(
    "answer",
    [
        reply({"errors": {"error": {"message": "Access token not recognised"}}}, 401),
        reply({"errors": {"error": {"message": "You are not allowed to access this action."}}}, 403),
        Response(403, (), b"You are not allowed to access this action."),
    ],
)
def test_a_user_without_the_right_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


def test_a_throttle_is_waited_out_and_the_same_bytes_go_again() -> None:
    limited = Response(429, (("Retry-After", "60"),), b"You must not exceed 120 requests per 60 seconds")
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [limited, made()])
    assert [step.seconds for step in played.steps if isinstance(step, Wait)] == [60]
    assert played.requests[0] == played.requests[1]
    assert played.ended


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gross_value": "48.12"}, "gross_value"),
        ({"category": f"{API}/categories/999"}, "category is 999"),
        ({"bank_account": f"{API}/bank_accounts/9"}, "bank_account is 9"),
        ({"dated_on": "2026-03-29"}, "dated_on"),
        ({"sales_tax_value": "-8.01"}, "sales_tax_value"),
    ],
)
def test_a_record_that_is_not_as_it_was_sent_is_taken_back(changes: Mapping[str, Any], said: str) -> None:
    answers = [made(bank_transaction=f"{API}/bank_transactions/8", **changes), Response(200), Response(404)]
    steps = CONNECTOR.push(PAYMENT, CONSENT, COMPANY)
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers[:2])
    assert [(r.method, r.path, r.mutates) for r in played.requests[1:]] == [
        ("DELETE", "/v2/bank_transaction_explanations/20", True),
        ("DELETE", "/v2/bank_transactions/8", True),
    ]
    with pytest.raises(Refused, match=said):
        Played(steps, answers)


def test_the_sign_of_the_tax_may_follow_the_value_or_not() -> None:
    for value in ("8.02", "-8.02"):
        assert Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [made(sales_tax_value=value)]).ended


def test_a_record_that_cannot_be_taken_back_says_so() -> None:
    answers = [made(dated_on="2026-03-29"), reply({"errors": [{"message": "is locked"}]}, 422)]
    with pytest.raises(Refused, match=r"could not be taken back \(is locked"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers)


def test_a_bill_of_another_total_is_noticed() -> None:
    with pytest.raises(Refused, match=r"total_value is 36.12 instead of 36.13"):
        Played(CONNECTOR.push(BILL, CONSENT, COMPANY), [made(BILL, total_value="36.12"), Response(200)])


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
