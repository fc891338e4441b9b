"""A request whose answer was lost is sent again under its Idempotency-Key: it is told what came of it, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.hub.bill_pay.desk import bill, key, usual
from tests.hub.desk import Answer, Desk, open_desk
from tests.hub.test_lost_answers import fault, ran

from sandbooks.hub import records

PUSH = "{c}/connections/{k}/push"


def repeated(desk: Desk, operation: str, path: str, body: Any) -> Answer:
    """The answer to a request that was sent twice, because the first answer was lost after the commit."""
    fault(desk, "server_error", phase="commit", at={"platform": "codat", "operation": operation})
    headers = (("Idempotency-Key", key(1)),)
    assert desk.send("POST", path, body, headers=headers).status >= 500
    assert ran(desk)
    return desk.send("POST", path, body, headers=headers)


@pytest.mark.parametrize("platform", ["business_central", "quickbooks_desktop", "xero"])
def test_a_bill_handed_over_twice_under_one_key_is_one_push_operation(platform: str) -> None:
    desk = open_desk(platform=platform)
    answer = repeated(desk, "create-bill", f"{PUSH}/bills", bill(desk, 3))
    assert answer.status == 200
    (push,) = desk.get("{c}/push")["results"]
    assert push["pushOperationKey"] == answer.body["pushOperationKey"]


def test_a_supplier_handed_over_twice_under_one_key_is_one_push_operation(desk: Desk) -> None:
    answer = repeated(desk, "create-supplier", f"{PUSH}/suppliers", {"supplierName": "Fabrikam"})
    (push,) = desk.get("{c}/push")["results"]
    assert push["pushOperationKey"] == answer.body["pushOperationKey"]


def test_expenses_handed_over_twice_under_one_key_are_one_sync(desk: Desk) -> None:
    answer = repeated(
        desk, "create-expense-transaction", "{c}/sync/expenses/expense-transactions", [desk.expense(1), desk.expense(2)]
    )
    assert answer.status == 200
    (sync,) = desk.get("{c}/sync/expenses/syncs/list/status")
    assert sync["syncId"] == answer.body["syncId"]


def test_a_company_made_twice_under_one_key_is_one_company(desk: Desk) -> None:
    answer = repeated(desk, "create-company", "/companies", {"name": "Initech"})
    (company,) = desk.get("/companies", query="name=Initech")["results"]
    assert company["id"] == answer.body["id"]


def test_what_is_refused_under_a_key_keeps_nothing_but_its_answer(desk: Desk) -> None:
    headers = (("Idempotency-Key", key(2)),)
    body = [desk.expense(1), {**desk.expense(2), "lines": []}, {**desk.expense(3), "type": "Gift"}]
    answers = [desk.send("POST", "{c}/sync/expenses/expense-transactions", body, headers=headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [400, 400]
    assert answers[0].body == answers[1].body
    assert [*records.every(desk.world, "transaction", company=desk.company)] == []


def unheard(platform: str) -> tuple[Desk, dict[str, Any], str]:
    """A desk whose bill stands in the books, of which the hub heard nothing before it was unlinked."""
    desk = open_desk(platform=platform)
    body = bill(desk, 5)
    fault(desk, "drop_response", phase="commit", at={"platform": platform, "write": key(7)})
    if platform != "quickbooks_desktop":
        fault(desk, "server_error", phase="send", at={"platform": platform, "nth": 2, "every": True})
    push = desk.send("POST", f"{PUSH}/bills", body, headers=(("Idempotency-Key", key(7)),))
    if platform == "quickbooks_desktop":
        desk.world.advance(by=timedelta(seconds=6))  # until the Web Connector has fetched it
    assert ran(desk)
    plan: Any = desk.world.plan
    plan.clear()
    assert usual(desk, "payables") == -210
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    return desk, body, str(push.body["pushOperationKey"])


@pytest.mark.parametrize("platform", ["freeagent", "quickbooks_desktop", "quickbooks_online"])
def test_a_bill_of_which_nobody_can_tell_any_more_times_out_and_does_not_fail(platform: str) -> None:
    desk, _, push = unheard(platform)
    desk.world.advance(by=timedelta(minutes=50))
    assert desk.get(f"{{c}}/push/{push}")["status"] == "Pending"
    desk.world.advance(by=timedelta(hours=1))
    assert desk.get(f"{{c}}/push/{push}")["status"] == "TimedOut"


@pytest.mark.parametrize("platform", ["freeagent", "quickbooks_online"])
def test_a_bill_that_timed_out_is_adopted_when_it_comes_again_under_its_key(platform: str) -> None:
    desk, body, first = unheard(platform)
    desk.world.advance(by=timedelta(hours=3))
    desk.authorise()
    again = desk.send("POST", f"{PUSH}/bills", body, headers=(("Idempotency-Key", key(7)),))
    desk.world.settle()
    assert again.body["pushOperationKey"] != first
    assert desk.get(f"{{c}}/push/{again.body['pushOperationKey']}")["status"] == "Success"
    assert usual(desk, "payables") == -210


def test_a_bill_that_was_never_sent_fails_when_the_connection_is_unlinked(desk: Desk) -> None:
    fault(desk, "throttle", at={"platform": desk.native.platform, "nth": 1})
    push = desk.send("POST", f"{PUSH}/bills", bill(desk, 5))
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    desk.world.advance(by=timedelta(minutes=5))
    assert desk.get(f"{{c}}/push/{push.body['pushOperationKey']}")["status"] == "Failed"
