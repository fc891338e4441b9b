"""A record that others save between being loaded and being saved; and failures of the service itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.netsuite.desk import RECORD, Desk, open_desk

from sandbooks import Sandbox, exact_json
from sandbooks.platform import platform_named

HELD = {"delay": {"phase": "validate", "by": "12m"}, "late_commit": {"phase": "validate", "after": "20m"}}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, network="refuse") as opened:
        yield opened


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    return open_desk(sandbox.app)


def bill(desk: Desk) -> str:
    made = desk.bill(desk.line("61.30"), memo="as entered", externalId="inv-7")
    desk.world.advance(by=timedelta(minutes=1))
    return made


def at(desk: Desk, operation: str = "update_record") -> dict[str, Any]:
    return {"platform": "netsuite", "company": desk.company.id, "operation": operation, "nth": 1}


def last(desk: Desk) -> tuple[int, Any]:
    """Status and body of the newest exchange."""
    *_, entry = desk.world.tape.entries()
    assert entry.actor == "late"
    return entry.status, exact_json.loads(entry.response_body) if entry.response_body else None


def changed_soon(desk: Desk, path: str, memo: str) -> None:
    """An asynchronous change, which runs while another request stands still."""
    with desk.world.unit():
        desk.company.change_settings(async_delay_seconds=300)
    answer = desk.send("PATCH", f"{RECORD}/{path}", {"memo": memo}, headers={"Prefer": "respond-async"})
    assert answer.status == 202


def late_answer(sandbox: Sandbox, desk: Desk, method: str, path: str, body: dict[str, Any]) -> None:
    """A request whose answer is lost, and which the service goes on with twenty minutes later."""
    operation = {"PATCH": "update_record", "PUT": "upsert_record"}[method]
    with sandbox.fault("late_commit", at=at(desk, operation), **HELD["late_commit"]), pytest.raises(AssertionError):
        desk.send(method, f"{RECORD}/{path}", body)


def test_a_save_is_refused_where_another_came_between_load_and_save(sandbox: Sandbox, desk: Desk) -> None:
    record = bill(desk)
    changed_soon(desk, record, "from the other user")
    with sandbox.fault("delay", at=at(desk), **HELD["delay"]):
        answer = desk.send("PATCH", f"{RECORD}/{record}", {"memo": "too late"})
    assert answer.status == 409
    body = exact_json.loads(answer.body)
    assert (body["title"], body["status"]) == ("Conflict", 409)
    (detail,) = body["o:errorDetails"]
    assert detail["o:errorCode"] == "RCRD_HAS_BEEN_CHANGED"
    assert detail["detail"].endswith("Record has been changed")
    assert desk.get(record)["memo"] == "from the other user"


def test_the_same_save_is_taken_when_it_is_sent_again(sandbox: Sandbox, desk: Desk) -> None:
    record = bill(desk)
    changed_soon(desk, record, "from the other user")
    with sandbox.fault("delay", at=at(desk), **HELD["delay"]):
        assert desk.send("PATCH", f"{RECORD}/{record}", {"memo": "mine"}).status == 409
    desk.write("PATCH", record, {"memo": "mine"})
    assert desk.get(record)["memo"] == "mine"


def test_a_save_that_stood_still_is_taken_where_nobody_changed_its_record(sandbox: Sandbox, desk: Desk) -> None:
    record, other = bill(desk), desk.bill(desk.line("12.90"))
    changed_soon(desk, other, "of another bill")
    with sandbox.fault("delay", at=at(desk), **HELD["delay"]):
        desk.write("PATCH", record, {"memo": "mine"})
    assert desk.get(record)["memo"] == "mine"
    assert desk.get(other)["memo"] == "of another bill"


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_late_save_does_not_undo_a_newer_one(sandbox: Sandbox, desk: Desk, method: str) -> None:
    record = bill(desk)
    path = record if method == "PATCH" else "vendorBill/eid:inv-7"
    late_answer(sandbox, desk, method, path, {"memo": "first try"})
    desk.write(method, path, {"memo": "second try"})
    desk.world.advance(by=timedelta(minutes=30))
    status, body = last(desk)
    assert (status, body["o:errorDetails"][0]["o:errorCode"]) == (409, "RCRD_HAS_BEEN_CHANGED")
    assert desk.get(record)["memo"] == "second try"


def test_a_late_save_does_not_undo_what_a_bookkeeper_did_meanwhile(sandbox: Sandbox, desk: Desk) -> None:
    record = bill(desk)
    late_answer(sandbox, desk, "PATCH", record, {"memo": "from the integration"})
    keeper = platform_named("netsuite").load_bookkeeper()
    with desk.world.unit():
        keeper.edit(desk.company, *record.split("/"), {"memo": "from the screen"})
    desk.world.advance(by=timedelta(minutes=30))
    assert last(desk)[0] == 409
    assert desk.get(record)["memo"] == "from the screen"


def test_a_late_save_is_taken_where_nothing_came_between(sandbox: Sandbox, desk: Desk) -> None:
    record = bill(desk)
    late_answer(sandbox, desk, "PATCH", record, {"memo": "late"})
    desk.world.advance(by=timedelta(minutes=30))
    assert last(desk) == (204, None)
    assert desk.get(record)["memo"] == "late"


def test_an_asynchronous_change_loads_its_record_when_it_runs(desk: Desk) -> None:
    record = bill(desk)
    changed_soon(desk, record, "asked for first")
    desk.write("PATCH", record, {"memo": "asked for second"})
    desk.world.advance(by=timedelta(minutes=30))
    assert desk.get(record)["memo"] == "asked for first"


def test_the_code_of_a_conflict_can_be_chosen(sandbox: Sandbox, desk: Desk) -> None:
    record = bill(desk)
    with desk.world.unit():
        desk.company.change_settings(record_changed_error="USER_ERROR")
    changed_soon(desk, record, "from the other user")
    with sandbox.fault("delay", at=at(desk), **HELD["delay"]):
        answer = desk.send("PATCH", f"{RECORD}/{record}", {"memo": "too late"})
    (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
    assert (answer.status, detail["o:errorCode"]) == (400, "USER_ERROR")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_the_service_tells_its_status_in_its_body_too(sandbox: Sandbox, desk: Desk, status: int) -> None:
    with sandbox.fault("server_error", at=at(desk, "create_record"), status=status):
        answer = desk.send("POST", f"{RECORD}/vendor", {"companyName": "Adatum", "subsidiary": {"id": "1"}})
    body = exact_json.loads(answer.body)
    assert (answer.status, body["status"], "section-15.6." in body["type"]) == (status, status, True)
