"""Zoho Books behind the hub: linked through its own consent page, written to once whatever gets lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks.hub import link


@pytest.fixture
def desk() -> Desk:
    return open_desk(platform="zoho_books")


def count(desk: Desk, kind: str = "expense") -> int:
    return sum(1 for _ in desk.native.records.scan(kind))


def reimbursable(desk: Desk, number: int) -> dict[str, Any]:
    line = {"netAmount": 10 * number + 7, "accountRef": {"id": desk.account("meals")}, "description": "Lunch"}
    return {
        "id": transaction_id(number),
        "contactRef": {"id": desk.supplier("employee")},
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-03",
        "currency": "GBP",
        "reference": f"Trip {number}",
        "lines": [line],
    }


def test_expenses_and_bills_reach_the_books(desk: Desk) -> None:
    assert desk.outcome(desk.push(desk.expense(1))) == ("Completed", "")
    answer = desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [reimbursable(desk, 2)])
    assert desk.outcome(str(answer.body["syncId"])) == ("Completed", "")
    assert (desk.balance("visa"), desk.balance("travel")) == ("-13.00 GBP", "13.00 GBP")
    assert (desk.balance("meals"), desk.balance("payables")) == ("27.00 GBP", "-27.00 GBP")


def test_an_update_reaches_the_same_expense(desk: Desk) -> None:
    desk.push(desk.expense(1))
    changed = desk.expense(1, lines=[{"netAmount": 21, "accountRef": {"id": desk.account("meals")}}])
    body = {name: value for name, value in changed.items() if name != "id"}
    answer = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    assert answer.status == 202
    assert desk.outcome(str(answer.body["syncId"]))[0] == "Completed"
    assert count(desk) == 1
    assert (desk.balance("visa"), desk.balance("travel"), desk.balance("meals")) == (
        "-21.00 GBP",
        "0.00 GBP",
        "21.00 GBP",
    )


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize("lag", ["0s", "20s", "80s"])
def test_an_answer_lost_before_or_after_the_commit_leaves_one_document(desk: Desk, phase: str, lag: str) -> None:
    plan: Any = desk.world.plan
    plan.add("drop_response", at={"write": transaction_id(1)}, phase=phase)
    plan.add("stale_read", at={"operation": "GET /books/v3/expenses", "every": True}, lag=lag)
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Completed"
    assert count(desk) == 1
    assert desk.balance("visa") == "-13.00 GBP"


def test_a_token_that_ran_out_is_refreshed_before_anything_is_sent(desk: Desk) -> None:
    desk.world.advance(by=timedelta(hours=2))
    assert desk.outcome(desk.push(desk.expense(1)))[0] == "Completed"
    assert [e.status for e in desk.world.tape.entries() if e.actor == "hub" and e.status == 401] == []


def test_a_token_that_was_ended_is_refreshed_once(desk: Desk) -> None:
    plan: Any = desk.world.plan
    plan.add("expire_token", at={"write": transaction_id(1)})
    assert desk.outcome(desk.push(desk.expense(1)))[0] == "Completed"
    refreshes = [e for e in desk.world.tape.entries() if b"grant_type=refresh_token" in e.request_body]
    assert len(refreshes) == 1
    assert count(desk) == 1


def test_a_withdrawn_consent_parks_the_transactions_until_the_company_authorises_again(desk: Desk) -> None:
    plan: Any = desk.world.plan
    plan.add("revoke_token", at={"write": transaction_id(2)})
    sync = desk.push(desk.expense(1), desk.expense(2))
    desk.world.settle()
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed", "Pending"]
    assert desk.get("{c}/connections/{k}")["status"] == "Deauthorized"
    link.authorize(desk.world, desk.connection, company=desk.native.id)
    desk.world.settle()
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed"] * 2
    assert count(desk) == 2


def test_more_than_a_minute_takes_is_written_after_it_once(desk: Desk) -> None:
    expenses = [desk.expense(number) for number in range(1, 51)]
    syncs = [desk.push(*expenses[:25]), desk.push(*expenses[25:])]
    desk.world.settle()
    outcomes = [status for sync in syncs for status, _ in desk.outcomes(sync).values()]
    assert outcomes == ["Completed"] * 50
    assert count(desk) == 50


def test_a_receipt_hangs_on_the_expense(desk: Desk) -> None:
    sync = desk.push(desk.expense(1))
    boundary = "b0undary"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="till.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode() + b"\x89PNG\r\n--b0undary--\r\n"
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions/{transaction_id(1)}/attachments"
    headers = (("Content-Type", f"multipart/form-data; boundary={boundary}"),)
    answer = desk.send("POST", path, body, headers=headers)
    assert answer.status == 200, answer.body
    (record,) = desk.native.records.scan("expense")
    assert "till.png" in str(record.body)
