"""The connector of Zoho Books, fed with answers written by hand: what it sends, what it makes of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

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
    NewAccount,
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
from sandbooks.platforms.zoho_books.connector import CONNECTOR
from sandbooks.wire import Cut, Response

ORG = "10234695"
CONSENT = Consent(company=ORG, access_token="1000.a", refresh_token="1000.r", facts={"api_domain": "x"})
COMPANY = Company(id=ORG, name="Quay Ltd", currency="GBP", country="GB")
APPLICATION = Application(client_id="1000.C", client_secret="sec", redirect_uri="https://hub.example/callback")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
T1 = "6c1a4a4e-0000-4000-8000-000000000001"
T2 = "6c1a4a4e-0000-4000-8000-000000000002"

LINE = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account="701", tax_rate="81")
PAYMENT = Expense(
    kind="Payment",
    id=T1,
    key="k-1",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    account=PaymentAccount(id="41", pays="card", currency="GBP"),
    lines=(LINE,),
    contact=Contact(kind="supplier", id="5", name="Contoso Air"),
    reference="R-9",
    merchant="Contoso",
    notes="Flight",
)
PLAIN = Line(net=Decimal("19.90"), account="702", description="Lunch")
BILL = Reimbursable(
    id=T2,
    key="k-2",
    version=1,
    date=date(2026, 3, 28),
    due=date(2026, 4, 11),
    currency="GBP",
    contact=Contact(kind="supplier", id="6", name="Ines Duarte"),
    lines=(LINE, PLAIN),
    reference="Trip 7",
    notes="March trip",
)


def expense(document: Expense = PAYMENT, **changes: Any) -> dict[str, Any]:
    """The record of an expense, as an answer shows it."""
    total = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    tax = sum((line.tax or Decimal(0) for line in document.lines if line.tax_rate), Decimal(0))
    body = {
        "expense_id": "20",
        "date": document.date.isoformat(),
        "paid_through_account_id": document.account.id,
        "description": f"Contoso - Flight [{document.id}]",
        "total": total,
        "tax_amount": tax,
        "currency_code": document.currency,
        "line_items": [{"line_item_id": "201", "account_id": "701"}],
    }
    return {**body, **changes}


def bill(document: Reimbursable = BILL, **changes: Any) -> dict[str, Any]:
    """The record of a bill, as an answer shows it."""
    total = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    body = {
        "bill_id": "30",
        "bill_number": document.id,
        "date": document.date.isoformat(),
        "due_date": document.due.isoformat(),
        "vendor_id": document.contact.id,
        "total": total,
        "tax_total": sum((line.tax or Decimal(0) for line in document.lines), Decimal(0)),
        "status": "open",
        "line_items": [{"line_item_id": "301"}, {"line_item_id": "302"}],
    }
    return {**body, **changes}


def good(root: str, body: Any, status: int = 200, **more: Any) -> Response:
    return reply({"code": 0, "message": "success", root: body, **more}, status)


def made(document: Document = PAYMENT, **changes: Any) -> Response:
    if isinstance(document, Reimbursable):
        return good("bill", bill(document, **changes), 201)
    assert isinstance(document, Expense)
    return good("expense", expense(document, **changes), 201)


def no(code: int, message: str, status: int = 400, **more: Any) -> Response:
    return reply({"code": code, "message": message, **more}, status)


def listing(root: str, *rows: Mapping[str, Any], more: bool = False) -> Response:
    return good(root, list(rows), page_context={"page": 1, "per_page": 200, "has_more_page": more})


def query_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


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


# Look-up


def test_an_expense_is_looked_up_by_its_description() -> None:
    near = {"expense_id": "1", "description": f"[{T1}] of another"}
    own = {"expense_id": "2", "description": f"Contoso - Flight [{T1}]"}
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [listing("expenses", near, own)])
    assert (played.result.native.id, played.result.found) == ("2", True)
    assert query_of(played.last)["description_contains"] == T1
    assert (played.last.mutates, played.last.reference) == (False, T1)
    none = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [listing("expenses", near)])
    assert none.ended
    assert none.result is None


def test_a_bill_is_looked_up_by_its_number_and_a_voided_one_no_longer_stands() -> None:
    void = {"bill_id": "1", "bill_number": T2, "status": "void"}
    open_ = {"bill_id": "2", "bill_number": T2, "status": "paid"}
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [listing("bills", void, open_)])
    assert played.result.native == Native(kind="bill", id="2", data_type="bills")
    assert query_of(played.last)["bill_number"] == T2
    assert Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [listing("bills", void)]).result is None


def test_a_look_up_follows_the_pages_to_the_end() -> None:
    first = listing("bills", {"bill_id": "1", "bill_number": "x"}, more=True)
    second = listing("bills", {"bill_id": "2", "bill_number": T2})
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [first, second])
    assert played.result.native.id == "2"
    assert [query_of(request)["page"] for request in played.requests] == ["1", "2"]


@pytest.mark.parametrize("context", [None, [], [{"has_more_page": True}]])
def test_a_list_without_page_facts_goes_on_after_a_full_page(context: Any) -> None:
    rows = [{"bill_id": str(n), "bill_number": "x"} for n in range(200)]
    first = reply({"code": 0, "bills": rows, "page_context": context})
    played = Played(CONNECTOR.look_up(BILL, CONSENT, COMPANY), [first, listing("bills")])
    assert len(played.requests) == 2
    assert played.ended


@pytest.mark.parametrize("answers", [[Response(503)] * 4, [reply({"code": 0})], [page(200)], [page(404)]])
def test_a_look_up_that_gets_no_answer_says_so(answers: list[Response]) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), answers)


# Update

EXPENSE = Native(kind="expense", id="20", data_type="directCosts")


def test_an_update_empties_what_a_line_no_longer_has() -> None:
    one = replace(PAYMENT, version=2, reference="", lines=(replace(LINE, tax_rate="", tax=None),))
    played = Played(CONNECTOR.update(one, EXPENSE, CONSENT, COMPANY), [good("expense", expense())])
    assert [(r.method, urlsplit(r.path).path) for r in played.requests] == [
        ("GET", "/books/v3/expenses/20"),
        ("PUT", "/books/v3/expenses/20"),
    ]
    body = sent(played.last)
    assert (body["tax_id"], body["tags"], body["amount"]) == ("", [], Decimal("41.23"))
    assert "reference_number" not in body


def test_an_itemised_expense_stays_itemised() -> None:
    standing = good("expense", expense(is_itemized_expense=True))
    body = sent(Played(CONNECTOR.update(PAYMENT, EXPENSE, CONSENT, COMPANY), [standing]).last)
    assert "account_id" not in body
    assert [(i["line_item_id"], i["account_id"], i["amount"]) for i in body["line_items"]] == [
        ("201", "701", Decimal("49.48"))
    ]


def test_an_update_of_a_bill_keeps_lines_by_position() -> None:
    native = Native(kind="bill", id="30", data_type="bills")
    two = replace(BILL, lines=(LINE, PLAIN, PLAIN))
    body = sent(Played(CONNECTOR.update(two, native, CONSENT, COMPANY), [good("bill", bill())]).last)
    assert [item.get("line_item_id") for item in body["line_items"]] == ["301", "302", None]
    assert [item.get("tax_id") for item in body["line_items"]] == ["81", "", None]


@pytest.mark.parametrize("itemised", [False, True])
def test_an_update_takes_away_a_customer_that_stands_and_may_set_another(itemised: bool) -> None:
    standing = expense(customer_id="77", is_itemized_expense=itemised)
    body = sent(Played(CONNECTOR.update(PAYMENT, EXPENSE, CONSENT, COMPANY), [good("expense", standing)]).last)
    assert (body["customer_id"], body["is_billable"]) == ("", False)
    billed = replace(PAYMENT, lines=(replace(LINE, invoice_to="78"),))
    body = sent(Played(CONNECTOR.update(billed, EXPENSE, CONSENT, COMPANY), [good("expense", standing)]).last)
    assert (body["customer_id"], body["is_billable"]) == ("78", True)


def test_an_update_names_the_same_record() -> None:
    answers = [good("expense", expense()), made()]
    assert Played(CONNECTOR.update(PAYMENT, EXPENSE, CONSENT, COMPANY), answers).result.native == EXPENSE


def test_an_update_that_is_not_kept_as_sent_is_refused_and_nothing_is_deleted() -> None:
    with pytest.raises(Refused, match="correct it in Zoho Books"):
        Played(
            CONNECTOR.update(PAYMENT, EXPENSE, CONSENT, COMPANY),
            [good("expense", expense()), made(total=Decimal("1"))],
        )


def test_an_update_to_another_kind_or_of_what_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="cannot become"):
        Played(CONNECTOR.update(BILL, EXPENSE, CONSENT, COMPANY), [])
    with pytest.raises(Refused, match="does not exist"):
        Played(CONNECTOR.update(PAYMENT, EXPENSE, CONSENT, COMPANY), [no(1002, "Expense does not exist.", status=404)])


# Attachments

FILE = File(name='till "4".png', content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")


def test_a_file_goes_up_as_a_form() -> None:
    document = {"document_id": "3", "file_name": FILE.name, "file_size": 6}
    answers = [good("expense", expense()), reply({"code": 0, "documents": [document]})]
    played = Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), answers)
    assert played.result.id == "3"
    assert urlsplit(played.last.path).path == "/books/v3/expenses/20/attachment"
    kind = dict(played.last.headers)["Content-Type"]
    assert kind.startswith("multipart/form-data; boundary=")
    boundary = kind.partition("boundary=")[2].encode()
    head, _, rest = played.last.body.removeprefix(b"--" + boundary + b"\r\n").partition(b"\r\n\r\n")
    assert b'name="attachment"; filename="till %224%22.png"' in head
    assert rest == FILE.content + b"\r\n--" + boundary + b"--\r\n"


@pytest.mark.parametrize(
    "standing",
    [
        expense(documents=[{"document_id": "3", "file_name": FILE.name, "file_size": 6}]),
        expense(documents=[{"document_id": "3", "file_name": FILE.name}]),
    ],
)
def test_a_file_that_hangs_there_already_is_not_sent_again(standing: Mapping[str, Any]) -> None:
    played = Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), [good("expense", standing)])
    assert played.result.id == "3"


def test_a_receipt_of_the_name_counts_where_no_documents_are_shown() -> None:
    standing = expense(expense_receipt_name=FILE.name)
    assert Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), [good("expense", standing)]).result.id == FILE.name


def test_another_file_of_the_name_does_not_count() -> None:
    standing = expense(documents=[{"document_id": "3", "file_name": FILE.name, "file_size": 7}])
    assert len(Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), [good("expense", standing)]).requests) == 2


def test_the_file_of_a_bill_is_read_again_for_its_id() -> None:
    native = Native(kind="bill", id="30", data_type="bills")
    shown = bill(documents=[{"document_id": "9", "file_name": FILE.name}])
    answers = [good("bill", bill()), reply({"code": 0, "message": "attached"}), good("bill", shown)]
    assert Played(CONNECTOR.attach(FILE, native, CONSENT), answers).result.id == "9"


def test_a_lost_upload_is_unknown_and_a_refused_one_refused() -> None:
    with pytest.raises(Unknown):
        Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), [good("expense", expense()), Cut("timeout")])
    with pytest.raises(Refused, match="extension"):
        Played(CONNECTOR.attach(FILE, EXPENSE, CONSENT), [good("expense", expense()), no(37, "extension")])
    with pytest.raises(Refused, match="not attached"):
        Played(CONNECTOR.attach(FILE, Native(kind="journal", id="1"), CONSENT), [])


# Reads


def test_the_company_is_the_one_that_was_pinned() -> None:
    rows = (
        {"organization_id": "1", "name": "Other", "currency_code": "USD"},
        {"organization_id": ORG, "name": "Quay Ltd", "currency_code": "GBP", "time_zone": "Europe/London"},
    )
    company = Played(CONNECTOR.company(CONSENT), [listing("organizations", *rows)]).result
    assert (company.id, company.name, company.currency, company.time_zone) == (ORG, "Quay Ltd", "GBP", "Europe/London")
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.company(CONSENT), [listing("organizations", rows[0])])


def test_the_chart_takes_currency_and_state_from_the_bank_accounts() -> None:
    chart = (
        {"account_id": "701", "account_name": "Travel", "account_type": "expense", "account_code": "4100"},
        {"account_id": "41", "account_name": "Card", "account_type": "credit_card", "currency_id": "92"},
        {"account_id": "7", "account_name": "Payables", "account_type": "accounts_payable", "is_active": False},
        {"account_id": "8", "account_name": "Van", "account_type": "fixed_asset", "current_balance": Decimal("7.5")},
        {"account_id": "9", "account_name": "New", "account_type": "something_new"},
    )
    banks = (
        {"account_id": "41", "account_name": "Card", "account_type": "credit_card", "currency_code": "USD"}
        | {"balance": Decimal("12.31"), "is_active": False},
        {"account_id": "42", "account_name": "Till", "account_type": "cash", "currency_code": "EUR"},
    )
    answers = [
        listing("currencies", {"currency_id": "92", "currency_code": "USD"}),
        listing("organizations", {"organization_id": ORG, "name": "Q", "currency_code": "GBP"}),
        listing("chartofaccounts", *chart),
        listing("bankaccounts", *banks),
    ]
    played = Played(CONNECTOR.accounts(CONSENT), answers)
    found = {a.id: a for a in played.result}
    shown = {id: (a.account_class, a.category, a.pays, a.currency, a.active) for id, a in found.items()}
    assert shown == {
        "701": ("Expense", "Expense.expense", "", "GBP", True),
        "41": ("Liability", "Liability.credit_card", "card", "USD", False),
        "7": ("Liability", "Liability.accounts_payable", "", "GBP", False),
        "8": ("Asset", "Asset.fixed_asset", "", "GBP", True),
        "9": ("Asset", "Asset.something_new", "", "GBP", True),
        "42": ("Asset", "Asset.cash", "bank", "EUR", True),
    }
    assert {id for id, a in found.items() if a.lines} == {"701", "8"}
    assert (found["41"].balance, found["8"].balance) == (Decimal("12.31"), Decimal("7.5"))
    assert not any(account.transfers for account in played.result)


def test_vendors_are_read_as_suppliers() -> None:
    row = {
        "contact_id": "5",
        "contact_name": "Contoso Air",
        "contact_type": "vendor",
        "currency_code": "EUR",
        "first_name": "Ada",
        "last_name": "Reed",
        "email": "ada@contoso.example",
        "status": "inactive",
        "last_modified_time": "2026-03-02T10:00:00+0530",
    }
    other = {**row, "contact_id": "6", "contact_type": "customer"}
    played = Played(CONNECTOR.suppliers(CONSENT), [listing("contacts", row, other)])
    assert query_of(played.last)["contact_type"] == "vendor"
    (found,) = played.result
    assert (found.id, found.name, found.currency, found.contact_name) == ("5", "Contoso Air", "EUR", "Ada Reed")
    assert not found.active
    assert found.updated is not None
    assert found.updated.utcoffset() == timedelta(hours=5, minutes=30)
    customers = Played(CONNECTOR.customers(CONSENT), [listing("contacts", row, other)]).result
    assert [contact.id for contact in customers] == ["6"]


def test_tax_rates_are_percentages() -> None:
    rows = ({"tax_id": "81", "tax_name": "VAT", "tax_percentage": 20}, {"tax_id": "82", "tax_name": "Old"})
    found = Played(CONNECTOR.tax_rates(CONSENT), [listing("taxes", *rows)]).result
    assert [(r.id, r.effective, r.total) for r in found] == [("81", 20, 20), ("82", 0, 0)]
    assert set(found[0].kinds) == {"Payment", "Reimbursable"}


TAG = {
    "tag_id": "11",
    "tag_name": "Region",
    "is_active": True,
    "tag_options": [
        {"tag_option_id": "12", "tag_option_name": "North", "is_active": True},
        {"tag_option_id": "13", "tag_option_name": "South", "is_active": False},
    ],
}


@pytest.mark.parametrize(
    "answers",
    [
        [good("reporting_tags", [TAG])],
        [no(5, "Invalid URL Passed", 404), good("reporting_tags", [TAG])],
    ],
)
def test_tags_are_groups_of_options_wherever_they_are_listed(answers: list[Response]) -> None:
    found = Played(CONNECTOR.tracking(CONSENT), answers).result
    assert [(o.id, o.name, o.parent, o.has_children, o.active) for o in found] == [
        ("11", "Region", "", True, True),
        ("11-12", "North", "11", False, True),
        ("11-13", "South", "11", False, False),
    ]


# Lists


WANTED = Contact(kind="supplier", name="Marlow Print", email="post@marlow.example", contact_name="Ada Reed")


def test_a_contact_that_an_earlier_attempt_made_is_not_made_again() -> None:
    near = {"contact_id": "4", "contact_name": "Marlow Print", "contact_type": "vendor"}
    same = {**near, "contact_id": "5", "email": "post@marlow.example", "first_name": "Ada", "last_name": "Reed"}
    steps = CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c")
    assert Played(steps, [listing("contacts", near, same)]).result.id == "5"
    fresh = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c"), [listing("contacts", near)])
    assert (fresh.last.method, sent(fresh.last)["contact_type"]) == ("POST", "vendor")
    assert sent(fresh.last)["contact_persons"] == [
        {"first_name": "Ada", "last_name": "Reed", "email": "post@marlow.example", "is_primary_contact": True}
    ]


def test_a_contact_changes_its_own_person_and_its_state_apart() -> None:
    standing = {
        "contact_id": "5",
        "contact_name": "Old",
        "status": "active",
        "contact_persons": [{"contact_person_id": "51", "is_primary_contact": True}],
    }
    changed = replace(WANTED, id="5", active=False)
    answers = [
        good("contact", standing),
        good("contact", {**standing, "contact_name": "Marlow Print"}),
        reply({"code": 0, "message": "inactive"}),
    ]
    played = Played(CONNECTOR.update_contact(changed, CONSENT, COMPANY, key="c"), answers)
    assert sent(played.requests[1])["contact_persons"][0]["contact_person_id"] == "51"
    assert urlsplit(played.last.path).path == "/books/v3/contacts/5/inactive"
    assert (played.result.name, played.result.active) == ("Marlow Print", False)


@pytest.mark.parametrize(
    ("account", "path", "kind"),
    [
        (NewAccount(name="Drones", account_class="Expense", nominal_code="4900"), "chartofaccounts", "expense"),
        (
            NewAccount(name="Drones", account_class="Expense", category="Expense.other_expense"),
            "chartofaccounts",
            "other_expense",
        ),
        (
            NewAccount(name="Drones", account_class="Asset", category="Expense.x"),
            "chartofaccounts",
            "other_current_asset",
        ),
        (NewAccount(name="Team Card", account_class="Liability", pays="card"), "bankaccounts", "credit_card"),
        (NewAccount(name="Deposit", account_class="Asset", pays="bank"), "bankaccounts", "bank"),
    ],
)
def test_an_account_is_made_where_accounts_of_its_kind_are_kept(account: NewAccount, path: str, kind: str) -> None:
    lists = [
        listing("currencies"),
        listing("organizations", {"organization_id": ORG, "currency_code": "GBP"}),
        listing("chartofaccounts"),
        listing("bankaccounts"),
    ]
    root = "bankaccount" if path == "bankaccounts" else "chart_of_account"
    created = good(root, {"account_id": "9", "account_name": account.name, "account_type": kind}, 201)
    played = Played(CONNECTOR.create_account(account, CONSENT, COMPANY, key="a"), [*lists, created])
    assert urlsplit(played.last.path).path == f"/books/v3/{path}"
    assert sent(played.last)["account_type"] == kind
    assert (played.result.id, played.result.currency, played.result.pays) == ("9", "GBP", account.pays)


# Sign-in

TOKENS = {"access_token": "1000.n", "refresh_token": "1000.m", "expires_in": 3600, "api_domain": "https://api.eu/"}
ORGANIZATIONS = (
    {"organization_id": "1", "is_default_org": False},
    {"organization_id": "2", "is_default_org": True},
    {"organization_id": "3"},
)


def test_the_consent_page_is_asked_for_a_lasting_consent() -> None:
    path, _, query = CONNECTOR.consent_path(APPLICATION, state="s-1").partition("?")
    asked = dict(parse_qsl(query))
    assert path == "/oauth/v2/auth"
    assert (asked["access_type"], asked["prompt"], asked["response_type"]) == ("offline", "consent", "code")
    assert (asked["client_id"], asked["redirect_uri"], asked["state"]) == ("1000.C", APPLICATION.redirect_uri, "s-1")
    assert all(scope.startswith("ZohoBooks.") for scope in asked["scope"].split(","))


def test_a_consent_is_pinned_to_the_organisation_asked_for_or_the_default_one() -> None:
    callback = {"code": "c", "accounts-server": "https://accounts.zoho.eu", "location": "eu"}
    answers = [reply(TOKENS), listing("organizations", *ORGANIZATIONS)]
    played = Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW), answers)
    assert (played.result.company, played.result.refresh_token) == ("2", "1000.m")
    assert played.result.access_expires == NOW + timedelta(hours=1)
    assert played.result.facts == {"accounts_server": "https://accounts.zoho.eu", "api_domain": "https://api.eu"}
    assert [request.base for request in played.requests] == ["auth", "api"]
    assert not any(request.signed for request in played.requests)
    form = dict(parse_qsl(played.requests[0].body.decode()))
    assert (form["grant_type"], form["code"], form["client_secret"]) == ("authorization_code", "c", "sec")
    steps = CONNECTOR.exchange_code(APPLICATION, callback, now=NOW, company="3")
    assert Played(steps, answers).result.company == "3"
    with pytest.raises(Refused, match="organisation 9"):
        Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW, company="9"), answers)
    with pytest.raises(Refused, match="no organisation"):
        Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW), [answers[0], listing("organizations")])


def test_a_user_who_says_no_or_a_spent_code_is_a_refusal() -> None:
    with pytest.raises(Refused, match="access_denied"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"error": "access_denied"}, now=NOW), [])
    with pytest.raises(Refused, match="invalid_code"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW), [reply({"error": "invalid_code"}, 200)])


def test_a_refresh_keeps_the_refresh_token_and_everything_else() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"access_token": "1000.n"})]).result
    assert fresh == replace(CONSENT, access_token="1000.n", access_expires=NOW + timedelta(hours=1))
    older = {"access_token": "1000.n", "expires_in": 3600000, "expires_in_sec": 3600}
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(older)]).result
    assert fresh.access_expires == NOW + timedelta(hours=1)


@pytest.mark.parametrize("error", ["invalid_code", "invalid_client", "invalid_client_secret"])
@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_refresh_that_is_refused_for_good_needs_consent(error: str, status: int) -> None:
    with pytest.raises(NeedsConsent, match=error):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"error": error}, status)])


@pytest.mark.parametrize("answer", [reply({}), page(404), Response(503), reply({"error": "general_error"})])
def test_a_refresh_without_an_answer_does_not_need_consent(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)


@pytest.mark.parametrize(("error", "status"), [("Access Denied", 400), ("access_denied", 200), ("Access Denied", 200)])
def test_a_throttled_refresh_waits_and_the_connection_lives(error: str, status: int) -> None:
    throttled = reply({"error": error, "error_description": "too many", "status": "failure"}, status)
    played = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [throttled, reply(TOKENS)])
    assert [step.reason for step in played.steps if isinstance(step, Wait)] == ["throttled"]
    assert played.result.access_token == "1000.n"


def test_a_request_is_signed_with_the_token_of_the_day() -> None:
    request = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last
    signed = CONNECTOR.signed(request, CONSENT, now=NOW, nonce="n")
    assert dict(signed.headers)["Authorization"] == "Zoho-oauthtoken 1000.a"
    assert signed.body == request.body
