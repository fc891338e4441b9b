"""Suppliers and accounts whose write got no answer: nobody says that they failed, and each is there once in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk
from tests.hub.test_kills import Killed, Reaper
from tests.hub.test_lost_answers import fault, ran

from sandbooks.platform import platforms

CONNECTED = [name for name, platform in platforms().items() if platform.connector]
PUSH = "{c}/connections/{k}/push"
KEY = (("Idempotency-Key", "5b1f7c60-6f0e-4f0a-9d7a-1f6f0c2f9d11"),)
NAME = "Fabrikam Freight"
BODIES: dict[str, dict[str, Any]] = {
    "suppliers": {"supplierName": NAME, "status": "Active", "defaultCurrency": "GBP"},
    "bankAccounts": {
        "accountName": NAME,
        "accountType": "Debit",
        "currency": "GBP",
        "accountNumber": "51830294",
        "sortCode": "401276",
        "institution": "Woodgrove",
    },
}


def push(desk: Desk, data_type: str) -> str:
    """Hand a record over; its push operation."""
    body = dict(BODIES[data_type])
    if data_type == "bankAccounts" and desk.native.platform == "sage_intacct":
        # A bank account there stands for an account of the ledger.
        accounts = desk.get("{c}/data/accounts", pageSize="100")["results"]
        body["nominalCode"] = next(
            a["nominalCode"] for a in accounts if a["type"] == "Asset" and not a["isBankAccount"]
        )
    answer = desk.send("POST", f"{PUSH}/{data_type}", body, headers=KEY)
    assert answer.status == 200, answer.body
    if desk.native.platform == "quickbooks_desktop":
        desk.world.advance(by=timedelta(seconds=6))  # until the Web Connector has fetched it
    return str(answer.body["pushOperationKey"])


def push_to_the_end(desk: Desk, data_type: str) -> None:
    push(desk, data_type)
    desk.world.settle()


def status(desk: Desk, push: str) -> str:
    return str(desk.get(f"{{c}}/push/{push}")["status"])


def outcome(desk: Desk, push: str) -> tuple[str, str]:
    """Status of a push operation, and the id of the record that it made, or its message."""
    shown = desk.get(f"{{c}}/push/{push}")
    return shown["status"], shown["changes"][0]["recordRef"]["id"] if shown["changes"] else shown["errorMessage"]


def written(desk: Desk) -> list[str]:
    """The ids of the live native records of that name."""
    records = desk.native.records
    found = [record for kind in records.kinds() for record in records.scan(kind) if NAME in record.body.values()]
    return sorted({record.id for record in found if not record.deleted})


def first_write(platform: str, work: Callable[[Desk], object]) -> int:
    """Which of the platform's exchanges is the first that writes, in an undisturbed run."""
    desk = open_desk(platform=platform)
    before = desk.world.tape.count()
    work(desk)
    desk.world.settle()
    assert len(written(desk)) == 1, [outcome(desk, row["pushOperationKey"]) for row in desk.get("{c}/push")["results"]]
    entries = [e for e in desk.world.tape.entries() if e.number > before and e.surface == platform]
    return next(number for number, entry in enumerate(entries, 1) if entry.written)


def unheard(platform: str, data_type: str) -> tuple[Desk, str]:
    """A desk whose record stands in the books, of which the hub heard nothing before its consent ended."""
    nth = first_write(platform, lambda desk: push(desk, data_type))
    desk = open_desk(platform=platform)
    fault(desk, "drop_response", phase="commit", at={"platform": platform, "nth": nth})
    if platform != "quickbooks_desktop":
        fault(desk, "server_error", phase="send", at={"platform": platform, "nth": nth + 1, "every": True})
    made = push(desk, data_type)
    plan: Any = desk.world.plan
    plan.clear()
    assert len(written(desk)) == 1
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    return desk, made


EVERY = pytest.mark.parametrize("platform", CONNECTED)
LINKED_AGAIN = pytest.mark.parametrize("platform", [name for name in CONNECTED if name != "quickbooks_desktop"])
KINDS = pytest.mark.parametrize("data_type", BODIES)


@KINDS
@EVERY
def test_a_record_of_which_nobody_can_tell_any_more_times_out_and_does_not_fail(platform: str, data_type: str) -> None:
    desk, made = unheard(platform, data_type)
    desk.world.advance(by=timedelta(minutes=50))
    assert status(desk, made) == "Pending"
    desk.world.advance(by=timedelta(hours=1))
    assert status(desk, made) == "TimedOut"


@KINDS
@EVERY
def test_a_record_whose_answer_was_lost_is_made_once(platform: str, data_type: str) -> None:
    nth = first_write(platform, lambda desk: push(desk, data_type))
    desk = open_desk(platform=platform)
    fault(desk, "drop_response", phase="commit", at={"platform": platform, "nth": nth})
    made = push(desk, data_type)
    desk.world.settle()
    (stands,) = written(desk)
    assert outcome(desk, made) == ("Success", stands)


@KINDS
@LINKED_AGAIN
def test_a_record_is_adopted_when_the_consent_is_given_back_in_time(platform: str, data_type: str) -> None:
    desk, made = unheard(platform, data_type)
    (stands,) = written(desk)
    desk.world.advance(by=timedelta(minutes=5))
    desk.authorise()
    desk.world.settle()
    assert outcome(desk, made) == ("Success", stands)
    assert written(desk) == [stands]


@LINKED_AGAIN
def test_a_supplier_that_timed_out_is_adopted_when_it_comes_again_under_its_key(platform: str) -> None:
    desk, first = unheard(platform, "suppliers")
    (stands,) = written(desk)
    desk.world.advance(by=timedelta(hours=3))
    desk.authorise()
    again = push(desk, "suppliers")
    desk.world.settle()
    assert again != first
    assert outcome(desk, again) == ("Success", stands)
    assert written(desk) == [stands]


def test_a_record_whose_consent_ended_right_after_it_was_made_is_not_told_to_have_failed() -> None:
    desk = open_desk(platform="netsuite")
    fault(desk, "revoke_token", phase="deliver", at={"platform": "netsuite", "nth": 1})
    made = push(desk, "suppliers")
    assert ran(desk)
    (stands,) = written(desk)
    assert (status(desk, made), desk.world_connection()["status"]) == ("Pending", "Deauthorized")
    desk.authorise()
    desk.world.settle()
    assert outcome(desk, made) == ("Success", stands)
    assert written(desk) == [stands]


def test_a_record_that_is_made_late_is_found_before_it_is_sent_again() -> None:
    desk = open_desk(platform="freeagent")
    fault(desk, "late_commit", at={"platform": "freeagent", "nth": 1})
    made = push(desk, "suppliers")
    desk.world.settle()
    assert ran(desk)
    (stands,) = written(desk)
    assert outcome(desk, made) == ("Success", stands)


def test_a_supplier_that_was_never_sent_fails_when_the_connection_is_unlinked() -> None:
    desk = open_desk()
    fault(desk, "throttle", at={"platform": desk.native.platform, "nth": 1})
    made = push(desk, "suppliers")
    assert ran(desk)
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    desk.world.advance(by=timedelta(minutes=5))
    assert status(desk, made) == "Failed"
    assert written(desk) == []


@KINDS
@EVERY
def test_a_record_whose_push_was_killed_at_any_step_is_made_once(platform: str, data_type: str) -> None:
    begun = open_desk(platform=platform)
    image = begun.world.image()
    whole = begun.reopened(image)
    reaper = Reaper(whole.world)
    push_to_the_end(whole, data_type)
    assert reaper.passed > 5
    for point in range(1, reaper.passed + 1):
        desk = begun.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            push_to_the_end(desk, data_type)
        after = desk.reopened(killer.image)
        after.world.settle()
        if not after.get("{c}/push")["results"]:
            push_to_the_end(after, data_type)  # the client had no answer and sends again
        (made,) = after.get("{c}/push")["results"]
        (stands,) = written(after)
        assert outcome(after, made["pushOperationKey"]) == ("Success", stands), point
