"""Damaged requests of every kind are refused in the hub's own envelope, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.bill_pay.desk import PAYABLES, bill, changed_bill, created, payer, usual
from tests.hub.desk import Desk

SHARED_WORLD = True
WRONG: list[Any] = [
    None,
    [],
    "text",
    7,
    True,
    {},
    {"supplierRef": [], "lineItems": {}, "lines": "x", "accountRef": 3, "addresses": [1], "journalLines": [None]},
    {"supplierRef": {"id": {"a": 1}}, "lineItems": [1, None, {"unitAmount": "1", "quantity": [], "taxAmount": {}}]},
    {
        "amount": -1,
        "totalAmount": "1",
        "date": 20260320,
        "issueDate": "soon",
        "dueDate": [],
        "currency": 7,
        "status": 1,
    },
    {"amount": 10**30, "currencyRate": -1, "currency": "ZZZ", "date": "2026-02-30", "name": {}, "accountType": None},
    {"lines": [{"amount": 1, "links": [{"type": "Bill", "id": "1", "amount": 10**20}, {"type": 3}, 4]}]},
    {
        "lines": [{"amount": "1", "links": {}}],
        "date": "2026-03-20",
        "accountRef": {"id": 4},
        "supplierRef": {"id": None},
    },
]
PLACES = [
    ("POST", f"{PAYABLES}/bills"),
    ("PUT", f"{PAYABLES}/bills/{{bill}}"),
    ("POST", f"{PAYABLES}/bills/{{bill}}/payment"),
    ("POST", f"{PAYABLES}/bills/{{bill}}/attachments"),
    ("POST", f"{PAYABLES}/suppliers"),
    ("PUT", f"{PAYABLES}/suppliers/1"),
    ("POST", f"{PAYABLES}/bankAccounts"),
    ("POST", "{c}/connections/{k}/push/bills"),
    ("PUT", "{c}/connections/{k}/push/bills/{bill}"),
    ("POST", "{c}/connections/{k}/push/billPayments"),
    ("POST", "{c}/connections/{k}/push/billCreditNotes"),
    ("PUT", "{c}/connections/{k}/push/billCreditNotes/{bill}"),
    ("POST", "{c}/connections/{k}/push/journalEntries"),
    ("POST", "{c}/connections/{k}/push/bills/{bill}/attachments"),
]


@pytest.fixture(scope="module")
def begun() -> tuple[Desk, str]:
    desk = payer("quickbooks_online")
    return desk, str(created(desk, 1)["id"])


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_a_damaged_request_is_refused_and_posts_nothing(begun: tuple[Desk, str], method: str, place: str) -> None:
    desk, id = begun
    for body in WRONG:
        answer = desk.send(method, place.replace("{bill}", id), body)
        assert answer.status in (400, 404), (body, answer.body)
    desk.world.settle()
    assert usual(desk, "payables") == -202


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_what_is_no_json_is_refused(begun: tuple[Desk, str], method: str, place: str) -> None:
    desk, id = begun
    answer = desk.send(method, place.replace("{bill}", id), b'{"amount": 1')
    assert answer.status in (400, 404), answer.body


def test_an_odd_number_of_units_is_written_to_the_cent(begun: tuple[Desk, str]) -> None:
    desk, _ = begun
    before = usual(desk, "payables")
    body = bill(desk, 2)
    body["lineItems"][0] |= {"unitAmount": 0.333, "quantity": 3.5}
    answer = desk.send("POST", f"{PAYABLES}/bills", body)
    assert (answer.status, str(answer.body["totalAmount"])) == (201, "1.17"), answer.body
    assert str(before - usual(desk, "payables")) == "1.17"


def test_an_older_edition_refuses_the_updates_that_came_later() -> None:
    desk = payer("zoho_books")
    id = created(desk, 3)["id"]
    desk.choose("bill_pay_updates_of_june")
    answer = desk.send("PUT", f"{PAYABLES}/bills/{id}", changed_bill(desk, 4))
    assert (answer.status, "cannot be updated" in answer.body["error"]) == (400, True)
    assert usual(desk, "payables") == -206
