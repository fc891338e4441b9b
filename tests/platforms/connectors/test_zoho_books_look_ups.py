"""The connector of Zoho Books, fed with answers written by hand: look-ups, updates and files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import T1, T2
from tests.platforms.connectors.answers.played import Played, page, reply, sent
from tests.platforms.connectors.answers.zoho_books import (
    BILL,
    COMPANY,
    CONSENT,
    LINE,
    PAYMENT,
    PLAIN,
    bill,
    expense,
    good,
    listing,
    made,
    no,
    query_of,
)

from sandbooks.connector import File, Native, Refused, Unavailable, Unknown
from sandbooks.platforms.zoho_books.connector import CONNECTOR
from sandbooks.wire import Cut, Response

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
