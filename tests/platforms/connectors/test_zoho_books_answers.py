"""The connector of Zoho Books, fed with answers written by hand: what it sends, what it makes of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW, T1, T2
from tests.platforms.connectors.answers.played import Played, page, reply, sent
from tests.platforms.connectors.answers.zoho_books import (
    BILL,
    COMPANY,
    CONSENT,
    LINE,
    ORG,
    PAYMENT,
    PLAIN,
    expense,
    listing,
    made,
    no,
)

from sandbooks.connector import (
    Adjustment,
    Document,
    Native,
    NeedsConsent,
    Refused,
    TrackingRef,
    Transfer,
    TransferSide,
    Unknown,
    Wait,
)
from sandbooks.platforms.zoho_books.connector import CONNECTOR
from sandbooks.wire import Cut, Response


def pushed(document: Document) -> dict[str, Any]:
    body: dict[str, Any] = sent(Played(CONNECTOR.push(document, CONSENT, COMPANY), []).last)
    return body


# What is sent


def test_a_payment_is_an_expense_with_its_tax_inside_the_amount() -> None:
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [])
    request = played.last
    assert (request.method, request.path) == ("POST", f"/books/v3/expenses?organization_id={ORG}")
    assert (request.mutates, request.reference, request.base) == (True, T1, "api")
    assert sent(request) == {
        "paid_through_account_id": "41",
        "date": "2026-03-28",
        "is_inclusive_tax": True,
        "description": f"Contoso - Flight [{T1}]",
        "reference_number": "R-9",
        "vendor_id": "5",
        "account_id": "701",
        "amount": Decimal("49.48"),
        "tax_id": "81",
        "taxes": [{"tax_id": "81", "tax_amount": Decimal("8.25")}],
    }


def test_the_same_document_is_the_same_bytes() -> None:
    first, second = (Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last for _ in range(2))
    assert first == second


def test_several_lines_are_items_of_one_expense() -> None:
    body = pushed(replace(PAYMENT, lines=(LINE, PLAIN)))
    assert "account_id" not in body
    assert "amount" not in body
    assert body["line_items"] == [
        {
            "account_id": "701",
            "amount": Decimal("49.48"),
            "tax_id": "81",
            "description": "Flight",
            "item_order": 1,
        },
        {"account_id": "702", "amount": Decimal("19.90"), "description": "Lunch", "item_order": 2},
    ]


def test_a_tax_that_is_left_to_the_platform_is_computed_on_the_net() -> None:
    body = pushed(replace(PAYMENT, lines=(replace(LINE, tax=None),)))
    assert (body["is_inclusive_tax"], body["amount"], body["tax_id"]) == (False, Decimal("41.23"), "81")
    assert "taxes" not in body


def test_a_tax_without_a_tax_rate_is_part_of_the_cost() -> None:
    body = pushed(replace(PAYMENT, lines=(replace(LINE, tax_rate=""),)))
    assert (body["is_inclusive_tax"], body["amount"]) == (False, Decimal("49.48"))
    assert "tax_id" not in body


def test_the_mark_survives_a_note_that_is_too_long() -> None:
    text = pushed(replace(PAYMENT, notes="x" * 400))["description"]
    assert len(text) <= 100
    assert text.endswith(f"[{T1}]")


def test_tags_and_customers_stand_on_the_line() -> None:
    tags = (TrackingRef(id="11-12"), TrackingRef(id="13-14"), TrackingRef(id="77", kind="customer"))
    body = pushed(replace(PAYMENT, lines=(replace(LINE, tracking=tags),)))
    assert body["tags"] == [{"tag_id": "11", "tag_option_id": "12"}, {"tag_id": "13", "tag_option_id": "14"}]
    assert (body["customer_id"], body["is_billable"]) == ("77", False)
    billed = pushed(replace(BILL, lines=(replace(PLAIN, invoice_to="78"), LINE)))["line_items"]
    assert (billed[0]["customer_id"], billed[0]["is_billable"]) == ("78", True)
    assert "customer_id" not in billed[1]


def test_a_foreign_document_names_its_currency_by_id_and_its_rate() -> None:
    one = replace(PAYMENT, currency="USD", rate=Decimal("0.781"))
    currencies = listing("currencies", {"currency_id": "91", "currency_code": "USD"})
    played = Played(CONNECTOR.push(one, CONSENT, COMPANY), [currencies])
    assert played.requests[0].path.startswith("/books/v3/settings/currencies?")
    body = sent(played.last)
    assert (body["currency_id"], body["exchange_rate"]) == ("91", Decimal("0.781"))
    with pytest.raises(Refused, match="no currency USD"):
        Played(CONNECTOR.push(one, CONSENT, COMPANY), [listing("currencies")])


def test_a_bill_is_numbered_by_the_transaction() -> None:
    played = Played(CONNECTOR.push(BILL, CONSENT, COMPANY), [])
    assert played.last.path == f"/books/v3/bills?organization_id={ORG}"
    assert sent(played.last) == {
        "vendor_id": "6",
        "bill_number": T2,
        "date": "2026-03-28",
        "due_date": "2026-04-11",
        "is_inclusive_tax": True,
        "is_item_level_tax_calc": True,
        "notes": f"March trip [{T2}]",
        "reference_number": "Trip 7",
        "line_items": [
            {
                "account_id": "701",
                "description": "March trip",
                "rate": Decimal("49.48"),
                "quantity": 1,
                "item_order": 1,
                "tax_id": "81",
            },
            {
                "account_id": "702",
                "description": "Lunch",
                "rate": Decimal("19.90"),
                "quantity": 1,
                "item_order": 2,
            },
        ],
        "taxes": [{"tax_id": "81", "tax_amount": Decimal("8.25")}],
    }


SIDE = TransferSide(account="41", currency="GBP", amount=Decimal("5"))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (replace(PAYMENT, kind="Refund"), "refund is not offered"),
        (replace(PAYMENT, kind="Reward"), "reward is not offered"),
        (replace(PAYMENT, kind="Chargeback"), "chargeback is not offered"),
        (Transfer(id="t", key="k", version=1, date=NOW.date(), source=SIDE, target=SIDE), "transfers are not offered"),
        (Adjustment(id="t", key="k", version=1, date=NOW.date(), currency="GBP", lines=()), "adjustments are not"),
        (replace(PAYMENT, lines=()), "at least one line"),
        (replace(PAYMENT, lines=(replace(LINE, net=Decimal("-60")),)), "nothing or less"),
        (replace(PAYMENT, lines=(replace(LINE, item="9", account=""),)), "an account"),
        (replace(PAYMENT, lines=(replace(LINE, tracking=(TrackingRef(id="11"),)),)), "a group"),
        (replace(PAYMENT, lines=(replace(LINE, tracking=(TrackingRef(id="9", kind="supplier"),)),)), "no supplier"),
        (
            replace(PAYMENT, lines=(replace(LINE, tracking=(TrackingRef(id="1-2"), TrackingRef(id="1-3"))),)),
            "one option",
        ),
        (replace(PAYMENT, lines=(replace(LINE, invoice_to="1"), replace(LINE, invoice_to="2"))), "one customer"),
        (replace(PAYMENT, currency="USD"), "rate is needed"),
        (replace(BILL, currency="USD"), "rate is needed"),
    ],
)
def test_what_zoho_books_cannot_state_is_refused_before_any_request(document: Document, message: str) -> None:
    with pytest.raises(Refused, match=message):
        next(CONNECTOR.push(document, CONSENT, COMPANY))


# What comes back


@pytest.mark.parametrize(
    ("document", "native"),
    [
        (PAYMENT, Native(kind="expense", id="20", data_type="directCosts")),
        (BILL, Native(kind="bill", id="30", data_type="bills")),
    ],
)
def test_a_success_names_the_record(document: Document, native: Native) -> None:
    assert Played(CONNECTOR.push(document, CONSENT, COMPANY), [made(document)]).result.native == native


@pytest.mark.parametrize(
    "answer",
    [
        Cut("timeout"),
        Cut("reset"),
        Response(503),
        page(502),
        page(200),
        page(413),
        Response(201),
        Response(201, (), b'{"code":0,"expense":{"expense_id'),
        reply({"expense": expense()}, 201),
        reply({"code": 0}, 201),
        reply({"code": 0, "expense": {}}, 201),
        reply({"code": 0, "expense": expense()}, 404),
        no(1000, "Internal error", 500),
        no(1000, "Internal error", 200),
        reply([], 201),
    ],
)
def test_an_answer_that_says_nothing_is_unknown(answer: Response | Cut) -> None:
    with pytest.raises(Unknown) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])
    assert "<" not in failure.value.message


@pytest.mark.parametrize("status", [200, 201, 400, 404])
def test_any_code_but_nothing_is_a_refusal_in_native_words_whatever_the_status(status: int) -> None:
    answer = no(13011, "The bill number already exists.", status, error_info=["bill_number"])
    with pytest.raises(Refused) as failure:
        Played(CONNECTOR.push(BILL, CONSENT, COMPANY), [answer])
    assert failure.value.message == "The bill number already exists. (Zoho Books code 13011)"
    assert (failure.value.native_code, failure.value.status) == ("13011", status)
    assert failure.value.element == "bill_number"


@pytest.mark.parametrize(
    "answer",
    [
        no(57, "You are not authorized to perform this operation", 401),
        no(14, "Invalid value passed for authtoken.", 401),
        no(57, "You are not authorized to perform this operation", 400),
        no(6041, "This user is not associated with the CompanyID/CompanyName:1.", 400),
        page(401),
    ],
)
def test_a_token_that_reaches_nothing_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer])


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (no(44, "too many", 429), 60),
        (no(45, "You have reached the maximum number of API calls for the day.", 429), 3600),
        (no(1070, "too many at once", 429), 5),
        (no(44, "too many", 400), 60),
        (page(429), 60),
        (Response(429, (("X-Rate-Limit-Reset", "17"),), b"{}"), 17),
        (Response(429, (("Retry-After", "9"),), b"{}"), 9),
    ],
)
def test_a_throttle_is_waited_out_and_the_same_bytes_go_again(answer: Response, seconds: int) -> None:
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [answer, made()])
    assert [(s.seconds, s.reason) for s in played.steps if isinstance(s, Wait)] == [(seconds, "throttled")]
    assert played.requests[0] == played.requests[1]
    assert played.ended


@pytest.mark.parametrize(
    ("document", "changes", "said"),
    [
        (PAYMENT, {"total": Decimal("49.47")}, "total is 49.47 instead of 49.48"),
        (PAYMENT, {"date": "2026-03-29"}, "date is 2026-03-29"),
        (PAYMENT, {"paid_through_account_id": "42"}, "paid_through_account_id is 42"),
        (PAYMENT, {"tax_amount": Decimal("8.24")}, "the tax is 8.24 instead of 8.25"),
        (BILL, {"vendor_id": "7"}, "vendor_id is 7"),
        (BILL, {"due_date": "2026-04-12"}, "due_date is 2026-04-12"),
        (BILL, {"total": Decimal("69.37")}, "total is 69.37 instead of 69.38"),
    ],
)
def test_a_record_that_is_not_as_it_was_sent_is_taken_back(
    document: Document, changes: Mapping[str, Any], said: str
) -> None:
    answers = [made(document, **changes), reply({"code": 0, "message": "deleted"})]
    played = Played(CONNECTOR.push(document, CONSENT, COMPANY), answers[:1])
    assert (played.last.method, played.last.mutates) == ("DELETE", True)
    with pytest.raises(Refused, match=said):
        Played(CONNECTOR.push(document, CONSENT, COMPANY), answers)


def test_a_tax_that_the_platform_was_left_to_compute_is_not_judged() -> None:
    one = replace(PAYMENT, lines=(replace(LINE, tax=None),))
    assert Played(CONNECTOR.push(one, CONSENT, COMPANY), [made(one, total=Decimal("49.48"))]).ended


def test_a_record_that_is_gone_already_is_taken_back_too() -> None:
    answers = [made(total=Decimal(1)), no(1002, "Expense does not exist.", 404)]
    with pytest.raises(Refused, match="it was taken back"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers)


def test_a_record_that_cannot_be_taken_back_says_so() -> None:
    answers = [made(total=Decimal(1)), no(3000, "The period is locked.")]
    with pytest.raises(Refused, match=r"could not be taken back \(The period is locked"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers)
