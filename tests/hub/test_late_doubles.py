"""A request that was given up and is carried out long after its repeat: what it doubled is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.hub.bill_pay.desk import bill, key, post, upload
from tests.hub.desk import Desk, open_desk, transaction_id
from tests.hub.test_kills import WORK
from tests.hub.test_lost_answers import fault, ran

Work = Callable[[Desk], Any]
FORGETFUL = (("freeagent", "Transfer"), ("xero", "Transfer"), ("zoho_books", "Payment on bank"))
AMOUNTS = {"Transfer": 41, "Payment on bank": 13}


@pytest.fixture(scope="module")
def first() -> tuple[Desk, bytes]:
    desk = open_desk(platform="freeagent")
    return desk, desk.world.image()


@pytest.fixture
def desk(first: tuple[Desk, bytes]) -> Desk:
    opened, image = first
    return opened.reopened(image)


def late(desk: Desk, *, after: str = "20m") -> None:
    """The first write has no answer, and is carried out when its repeat has long been."""
    fault(desk, "late_commit", at={"platform": desk.native.platform, "nth": 1}, after=after)


@pytest.mark.parametrize(("platform", "name"), FORGETFUL)
def test_a_document_that_comes_late_beside_its_repeat_is_taken_back(platform: str, name: str) -> None:
    desk = open_desk(platform=platform)
    late(desk)
    WORK[name](desk)
    desk.world.advance(by=timedelta(minutes=21))
    assert ran(desk)
    assert desk.balance("bank") == f"-{2 * AMOUNTS[name]}.00 GBP", "there are two"
    desk.world.advance(by=timedelta(hours=1))
    assert desk.balance("bank") == f"-{AMOUNTS[name]}.00 GBP"
    desk.native.book.verify()
    sync = desk.get("{c}/sync/expenses/syncs/latest/status")["syncId"]
    assert desk.outcome(sync)[0] == "Completed"


def test_what_stays_is_the_document_that_the_hub_has_told_of(desk: Desk) -> None:
    late(desk)
    desk.push(desk.expense(1))
    desk.world.advance(by=timedelta(hours=2))
    (stands,) = [one for one in desk.native.records.scan("bank_transaction_explanation") if not one.deleted]
    writes = [entry for entry in desk.world.tape.entries() if entry.actor == "hub" and entry.written]
    assert stands.id in {written[3] for written in writes[0].written}


def test_a_copy_that_somebody_changed_is_left_alone(desk: Desk) -> None:
    late(desk, after="5m")
    desk.push(desk.expense(1))
    desk.world.advance(by=timedelta(minutes=6))
    copy = [one for one in desk.native.records.scan("bank_transaction_explanation") if not one.deleted][-1]
    with desk.world.unit():
        desk.native.records.put(copy.kind, copy.id, {**copy.body, "dated_on": "2026-03-22"}, version=copy.version + 1)
    desk.world.advance(by=timedelta(hours=8))
    assert len([one for one in desk.native.records.scan("bank_transaction_explanation") if not one.deleted]) == 2


def test_the_only_one_that_is_left_stays(desk: Desk) -> None:
    late(desk, after="5m")
    desk.push(desk.expense(1))
    desk.world.advance(by=timedelta(minutes=6))
    own = next(one for one in desk.native.records.scan("bank_transaction_explanation") if not one.deleted)
    with desk.world.unit():
        desk.native.records.put(own.kind, own.id, own.body, version=own.version + 1, action="delete", deleted=True)
    desk.world.advance(by=timedelta(hours=8))
    assert len([one for one in desk.native.records.scan("bank_transaction_explanation") if not one.deleted]) == 1


def test_a_double_that_cannot_be_taken_back_is_told_with_the_connection(desk: Desk) -> None:
    late(desk, after="5m")
    desk.push(desk.expense(1))
    fault(desk, "refuse", phase="admit", at={"operation": "delete_explanation"})
    desk.world.advance(by=timedelta(hours=8))
    assert ran(desk)
    errors = desk.get("{c}/connections/{k}")["dataConnectionErrors"]
    assert [error["statusCode"] for error in errors] == ["409"]
    assert "stands twice in FreeAgent" in errors[0]["errorMessage"]


def test_a_repeat_that_was_not_needed_is_not_looked_after(desk: Desk) -> None:
    fault(desk, "drop_response", phase="commit", at={"write": transaction_id(1)})
    desk.push(desk.expense(1))
    desk.world.settle()
    before = desk.world.tape.count()
    desk.world.advance(by=timedelta(hours=8))
    assert desk.world.tape.count() == before


def test_a_payment_of_a_bill_that_comes_late_is_taken_back(desk: Desk) -> None:
    made = post(desk, "bills", bill(desk, 1), token=key(1)).body["id"]
    late(desk)
    paid = {"amount": 50, "date": "2026-03-21", "accountRef": {"id": desk.account("bank")}}
    for _ in range(8):
        answer = post(desk, f"bills/{made}/payment", paid, token=key(2))
        if answer.status == 201:
            break
        desk.world.advance(by=timedelta(seconds=int(answer.headers["Retry-After"])))
    assert answer.status == 201
    desk.world.advance(by=timedelta(minutes=21))
    assert ran(desk)
    assert desk.balance("bank") == "-100.00 GBP"
    desk.world.advance(by=timedelta(hours=1))
    assert desk.balance("bank") == "-50.00 GBP"


def test_a_file_that_is_made_late_leaves_no_empty_one_beside_it() -> None:
    desk = open_desk(platform="business_central")
    line = {"netAmount": 13, "taxAmount": 0, "accountRef": {"id": desk.account("travel")}}
    line |= {"taxRateRef": {"id": desk.labels["taxes"]["none"]}}
    sync = desk.push(desk.expense(1, lines=[line]))
    desk.world.settle()
    late(desk)
    body, headers = upload("receipt.pdf", b"%PDF-1.7 " * 9)
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions/{transaction_id(1)}/attachments"
    assert desk.send("POST", path, body, headers=headers).status == 503
    assert desk.send("POST", path, body, headers=headers).status == 200
    desk.world.advance(by=timedelta(minutes=21))
    assert ran(desk)
    files = desk.native.records
    assert len([one for one in files.scan("attachment") if not one.deleted]) == 2
    desk.world.advance(by=timedelta(hours=1))
    (stands,) = [one for one in files.scan("attachment") if not one.deleted]
    assert stands.body["byteSize"] == 81
