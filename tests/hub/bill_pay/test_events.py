"""What bill pay tells its consumers: an event for each push operation that ended, as it ended."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.bill_pay.desk import payer, usual
from tests.hub.bill_pay.test_credits import credit
from tests.hub.bill_pay.test_first_version import bill, made, outcome, payment, push
from tests.hub.desk import Desk
from tests.hub.receivers import Receiver, consumer

from sandbooks.platform import platform_named


def written(desk: Desk) -> dict[str, tuple[str, str]]:
    """The type and record of each data type, once one of each was written."""
    bill_id = made(desk, push(desk, "POST", "bills", bill(desk, 1)))
    paid = made(desk, push(desk, "POST", "billPayments", payment(desk, (bill_id, 301))))
    owed = made(desk, push(desk, "POST", "billCreditNotes", credit(desk, 2)))
    return {
        "bills.write.successful": ("Create", bill_id),
        "billPayments.write.successful": ("Create", paid),
        "billCreditNotes.write.successful": ("Create", owed),
    }


@pytest.mark.parametrize("platform", ["quickbooks_online", "xero", "netsuite", "quickbooks_desktop"])
def test_each_write_is_told_once_with_its_record(platform: str) -> None:
    desk = payer(platform)
    receiver = Receiver(desk)
    consumer(desk, "bills.write.successful", "billPayments.write.successful", "billCreditNotes.write.successful")
    wanted = written(desk)
    desk.world.settle()
    assert receiver.events() == list(wanted)
    for body in receiver.bodies():
        told: dict[str, Any] = body["payload"]
        kind, id = wanted[body["eventType"]]
        assert (told["type"], told["status"], told["record"]["id"]) == (kind, "Success", id)
        assert told["connectionId"] == desk.connection
        assert told["referenceCompany"]["id"] == desk.company
        push_operation = desk.get(f"{{c}}/push/{told['id']}")
        assert push_operation["changes"][0]["recordRef"]["id"] == id


def test_a_refused_write_and_a_deletion_are_told_as_such(desk: Desk) -> None:
    receiver = Receiver(desk)
    consumer(desk, "bills.write.unsuccessful", "bills.write.successful", "billPayments.write.successful")
    id = made(desk, push(desk, "POST", "bills", bill(desk, 3)))
    paid = made(desk, push(desk, "POST", "billPayments", payment(desk, (id, 303))))
    assert outcome(desk, push(desk, "DELETE", f"billPayments/{paid}"))["status"] == "Success"
    with desk.world.unit():
        platform_named(desk.native.platform).load_bookkeeper().lock_period(desk.native, "2026-03-31")
    assert outcome(desk, push(desk, "POST", "bills", bill(desk, 4)))["status"] == "Failed"
    desk.world.settle()
    told = [(body["eventType"], body["payload"]["type"], body["payload"]["status"]) for body in receiver.bodies()]
    assert told == [
        ("bills.write.successful", "Create", "Success"),
        ("billPayments.write.successful", "Create", "Success"),
        ("billPayments.write.successful", "Delete", "Success"),
        ("bills.write.unsuccessful", "Create", "Failed"),
    ]
    assert usual(desk, "payables") == -303


def test_a_consumer_of_other_events_hears_nothing_of_bills(desk: Desk) -> None:
    receiver = Receiver(desk)
    consumer(desk, "expenses.sync.successful")
    made(desk, push(desk, "POST", "bills", bill(desk, 5)))
    desk.world.settle()
    assert receiver.events() == []
