"""Writes of bill pay that are killed at any step, or whose answer is lost, are made exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.hub.bill_pay.desk import (
    PAYABLES,
    bill,
    changed_bill,
    created,
    free_code,
    key,
    listed,
    pay,
    payer,
    post,
    standing,
    usual,
)
from tests.hub.desk import Desk
from tests.hub.test_kills import Killed, Reaper
from tests.hub.test_lost_answers import fault

PLATFORMS = ("quickbooks_online", "xero", "netsuite", "sage_intacct", "freeagent", "zoho_books")
Work = Callable[[Desk, str], Any]


def _bill(desk: Desk, id: str) -> Any:
    return post(desk, "bills", bill(desk, 2), token=key(2))


def _payment(desk: Desk, id: str) -> Any:
    return pay(desk, id, 77.5, token=key(3))


def _payment_without_key(desk: Desk, id: str) -> Any:
    return pay(desk, id, 202)


def _update(desk: Desk, id: str) -> Any:
    return desk.send("PUT", f"{PAYABLES}/bills/{id}", changed_bill(desk, 4), headers=(("Idempotency-Key", key(4)),))


def _supplier(desk: Desk, id: str) -> Any:
    return post(desk, "suppliers", {"supplierName": "Fabrikam", "status": "Active"}, token=key(5))


def _bank_account(desk: Desk, id: str) -> Any:
    body = {"name": "Payments", "accountType": "Debit", "accountNumber": "12345678", "currency": "GBP"}
    return post(desk, "bankAccounts", {**body, "nominalCode": free_code(desk)}, token=key(6))


def patient(desk: Desk, work: Work, id: str) -> Any:
    """What comes of a request that is sent again as long as the hub says to ask later."""
    for _ in range(8):
        answer = work(desk, id)
        if answer.status != 503:
            return answer
        desk.world.advance(by=timedelta(seconds=int(answer.headers["Retry-After"])))
    raise AssertionError("the hub never told the outcome")


def _state(desk: Desk) -> Any:
    """Everything that a write of bill pay could have made, counted."""
    bills = listed(desk, "status=Open||status=PartiallyPaid||status=Paid")
    suppliers = [one["supplierName"] for one in desk.get(f"{PAYABLES}/suppliers")["results"]]
    banks = [one["name"] for one in desk.get(f"{PAYABLES}/mappingOptions/payments")["bankAccounts"]]
    owed = sorted((one["reference"], one["amountDue"], one["status"]) for one in bills)
    return owed, sorted(suppliers), sorted(banks), usual(desk, "payables")


WORK: dict[str, tuple[Work, int]] = {
    "bill": (_bill, 201),
    "payment": (_payment, 201),
    "update": (_update, 200),
    "supplier": (_supplier, 201),
    "bank account": (_bank_account, 201),
}


@pytest.fixture(scope="module", params=PLATFORMS)
def begun(request: pytest.FixtureRequest) -> tuple[Desk, bytes, str]:
    desk = payer(request.param)
    made = created(desk, 1)
    return desk, desk.world.image(), str(made["id"])


@pytest.mark.parametrize("name", list(WORK))
def test_killed_at_any_step_and_sent_again_it_is_written_once(begun: tuple[Desk, bytes, str], name: str) -> None:
    first, image, id = begun
    work, status = WORK[name]
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    assert work(whole, id).status == status
    steps = reaper.passed
    wanted = _state(whole)
    assert steps > 3
    for point in range(1, steps + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            work(desk, id)
        after = desk.reopened(killer.image)
        answer = patient(after, work, id)
        assert answer.status == status, (point, answer.body)
        assert _state(after) == wanted, point


def test_a_payment_without_a_key_killed_before_its_outcome_was_kept_is_made_once(
    begun: tuple[Desk, bytes, str],
) -> None:
    first, image, id = begun
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    assert _payment_without_key(whole, id).status == 201
    steps = reaper.passed
    wanted = _state(whole)
    for point in range(1, steps + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _payment_without_key(desk, id)
        after = desk.reopened(killer.image)
        assert patient(after, _payment_without_key, id).status in (201, 400)  # 400: it was made, and nothing is owed
        assert _state(after) == wanted, point


@pytest.mark.parametrize("phase", ["commit", "validate"])
@pytest.mark.parametrize("kind", ["drop_response", "server_error"])
def test_a_payment_whose_answer_is_lost_is_made_once(begun: tuple[Desk, bytes, str], kind: str, phase: str) -> None:
    first, image, id = begun
    desk = first.reopened(image)
    fault(desk, kind, phase=phase, at={"write": key(3)})
    answer = patient(desk, _payment, id)
    assert answer.status == 201, answer.body
    assert standing(desk, id)["amountDue"] == 124.5
    assert usual(desk, "payables") == -124.5


def test_a_payment_that_keeps_getting_no_answer_is_open_and_then_made_once(begun: tuple[Desk, bytes, str]) -> None:
    first, image, id = begun
    desk = first.reopened(image)
    for nth in (1, 2):
        fault(desk, "drop_response", phase="validate", at={"write": key(3), "nth": nth})
    open = _payment(desk, id)
    assert (open.status, "Retry-After" in open.headers) == (503, True)
    assert standing(desk, id)["amountDue"] == 202
    assert patient(desk, _payment, id).status == 201
    assert standing(desk, id)["amountDue"] == 124.5


def test_what_the_bookkeeper_paid_in_between_is_not_paid_again(begun: tuple[Desk, bytes, str]) -> None:
    first, image, id = begun
    desk = first.reopened(image)
    seen = listed(desk)[0]["amountDue"]
    assert pay(desk, id, 101).status == 201  # somebody else pays half
    answer = pay(desk, id, seen)
    assert answer.status == 400
    assert standing(desk, id)["amountDue"] == 101
    assert usual(desk, "payables") == -101


def _push(desk: Desk, id: str) -> Any:
    """A payment by a push operation."""
    link = {"type": "Bill", "id": id, "amount": -77.5}
    body = {
        "supplierRef": {"id": desk.supplier("airline")},
        "accountRef": {"id": desk.account("bank")},
        "totalAmount": 77.5,
        "currency": "GBP",
        "date": "2026-03-21",
        "lines": [{"amount": 77.5, "links": [link]}],
    }
    return desk.send("POST", "{c}/connections/{k}/push/billPayments", body)


def _push_to_the_end(desk: Desk, id: str) -> None:
    _push(desk, id)
    desk.world.settle()


def _pushes(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get("{c}/push", query="dataType=billPayments")["results"]
    return found


def test_a_push_operation_killed_at_any_step_comes_to_its_end_and_is_written_once(
    begun: tuple[Desk, bytes, str],
) -> None:
    first, image, id = begun
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    assert _push(whole, id).status == 200
    whole.world.settle()
    steps = reaper.passed
    wanted = _state(whole)
    assert [one["status"] for one in _pushes(whole)] == ["Success"]
    for point in range(1, steps + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _push_to_the_end(desk, id)
        after = desk.reopened(killer.image)
        after.world.jobs.run_due()
        after.world.settle()
        if not _pushes(after):
            _push(after, id)  # the client had no answer and sends again
            after.world.settle()
        assert [one["status"] for one in _pushes(after)] == ["Success"], point
        assert _state(after) == wanted, point
