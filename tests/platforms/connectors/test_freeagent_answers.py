"""The connector of FreeAgent, fed with answers written by hand: what it sends, and what it makes of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW
from tests.platforms.connectors.answers.freeagent import (
    API,
    BILL,
    COMPANY,
    CONSENT,
    EXPLANATION,
    LINE,
    PAYMENT,
    TRANSFER,
    asked,
    body_of,
)
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import Adjustment, Document, Native, NeedsConsent, Refused, TrackingRef, Unknown, Wait
from sandbooks.platforms.freeagent.connector import CONNECTOR
from sandbooks.wire import Cut, Response


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
        reply({"errors": {"error": {"message": "You are not allowed to access this action."}}}, 403),
        Response(403, (), b"You are not allowed to access this action."),
    ],
)
def test_a_right_that_the_user_lacks_is_a_refusal(answer: Response) -> None:
    with pytest.raises(Refused, match="not allowed"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


def test_a_token_that_is_not_recognised_needs_consent() -> None:
    answer = reply({"errors": {"error": {"message": "Access token not recognised"}}}, 401)
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
