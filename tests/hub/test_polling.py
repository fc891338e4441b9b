"""A platform that serves nothing: a program polls the hub for what is to be done, and may be killed or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id
from tests.hub.polled import POLLED, live, machine, synced
from tests.hub.test_kills import Killed, Reaper

from sandbooks.hub import errands
from sandbooks.hub.link import authorize
from sandbooks.platform import platform_named

Work = Callable[[Desk], None]


@pytest.fixture
def polled() -> Desk:
    return open_desk(platform=POLLED)


# Killed anywhere


def _expense(kind: str, account: str) -> Work:
    return lambda desk: _pushed(desk, desk.expense(1, kind, bankAccountRef={"id": desk.account(account)}))


def _pushed(desk: Desk, body: dict[str, Any]) -> None:
    desk.push(body)


def _reimbursable(desk: Desk) -> None:
    body = {
        "id": transaction_id(1),
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "contactRef": {"id": desk.supplier("employee")},
        "lines": [{"netAmount": 17, "accountRef": {"id": desk.account("meals")}}],
    }
    assert desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [body]).status == 200


def _transfer(desk: Desk) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account("bank")}, "amount": 41},
        "to": {"accountRef": {"id": desk.account("reserve")}, "amount": 41},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    assert desk.send("PUT", path, {"date": "2026-03-20", **sides}).status == 200


def _adjustment(desk: Desk) -> None:
    lines = [
        {"amount": 23, "accountRef": {"id": desk.account("travel")}},
        {"amount": -23, "accountRef": {"id": desk.account("meals")}},
    ]
    body = {"id": transaction_id(1), "date": "2026-03-20", "currency": "GBP", "lines": lines}
    assert desk.send("POST", "{c}/sync/expenses/adjustment-transactions", [body]).status == 200


def _update(desk: Desk) -> None:
    body = {
        "type": "Payment",
        "issueDate": "2026-03-20",
        "currency": "GBP",
        "bankAccountRef": {"id": desk.account("visa")},
        "lines": [{"netAmount": 77, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}],
    }
    answer = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    assert answer.status == 202, answer.body


WORK: dict[str, Work] = {
    "Payment on visa": _expense("Payment", "visa"),
    "Payment on bank": _expense("Payment", "bank"),
    "Refund on visa": _expense("Refund", "visa"),
    "Reimbursable": _reimbursable,
    "Transfer": _transfer,
    "Adjustment": _adjustment,
}


def killed(desk: Desk, image: bytes, work: Work, point: int) -> Desk:
    """The desk as a new process finds it, when the one before ended at that point of the work and its sync."""
    doomed = desk.reopened(image)
    reaper = Reaper(doomed.world, point)

    def live_on() -> None:
        work(doomed)
        doomed.world.settle()

    with pytest.raises(Killed):
        live_on()
    return doomed.reopened(reaper.image)


def points(desk: Desk, image: bytes, work: Work) -> int:
    """How many points there are to be killed at."""
    whole = desk.reopened(image)
    reaper = Reaper(whole.world)
    work(whole)
    whole.world.settle()
    return reaper.passed


@pytest.mark.parametrize("name", list(WORK))
def test_killed_at_any_call_or_commit_exactly_one_document_stands(name: str) -> None:
    desk = open_desk(platform=POLLED)
    image = desk.world.image()
    count = points(desk, image, WORK[name])
    assert count > 15
    for point in range(1, count + 1):
        after = killed(desk, image, WORK[name], point)
        if after.send("GET", "{c}/sync/expenses/syncs/latest/status").status != 200:
            WORK[name](after)  # the client had no answer and sends again
        sync = synced(after)
        assert (sync["syncStatusCode"], sync["dataPushed"]) == (2000, True), (point, sync)
        assert len(live(after)) == 1, point
        after.native.book.verify()
        assert errands.of_connection(after.world, after.connection) == []


def test_an_update_killed_at_any_call_or_commit_leaves_one_document_with_the_new_amount() -> None:
    desk = open_desk(platform=POLLED)
    _pushed(desk, desk.expense(1))
    synced(desk)
    first = desk.get("{c}/sync/expenses/syncs/latest/status")
    image = desk.world.image()
    for point in range(1, points(desk, image, _update) + 1):
        after = killed(desk, image, _update, point)
        if after.get("{c}/sync/expenses/syncs/latest/status")["syncId"] == first["syncId"]:
            _update(after)
        assert synced(after)["syncStatusCode"] == 2000
        (document,) = live(after)
        assert document.body["Amount"] == "77.00"


# Faults on the way to the program and back

FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    *(("drop_response", phase, {"how": "closed"}) for phase in ("send", "validate", "commit", "render")),
    ("reset", "connect", {}),
    ("truncate", "render", {"keep": 40}),
    *(("html_error_page", phase, {"status": 200}) for phase in ("validate", "commit")),
    *(("server_error", phase, {"status": 503}) for phase in ("validate", "commit")),
    ("late_commit", "validate", {"after": "20s"}),
]


@pytest.mark.parametrize(("kind", "phase", "parameters"), FAULTS)
def test_a_fault_at_the_write_leaves_exactly_one_document(
    polled: Desk, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    plan: Any = polled.world.plan
    fault = plan.add(kind, at={"platform": POLLED, "write": transaction_id(1)}, phase=phase, **parameters)
    polled.push(polled.expense(1))
    sync = synced(polled)
    assert fault not in plan.unfired()
    assert sync["syncStatusCode"] == 2000, sync
    assert len(live(polled)) == 1
    assert polled.balance("visa") == "-13.00 GBP"


@pytest.mark.parametrize("nth", range(1, 9))
@pytest.mark.parametrize("phase", ["send", "render"])
def test_a_lost_call_of_the_program_leaves_exactly_one_document(polled: Desk, nth: int, phase: str) -> None:
    plan: Any = polled.world.plan
    polled.push(polled.expense(1))
    fault = plan.add("drop_response", at={"platform": "codat", "operation": "poll", "nth": nth}, phase=phase)
    sync = synced(polled)
    assert (fault in plan.unfired()) == (nth > 6)  # two greetings, sign-in, fetch, answer, end
    assert sync["syncStatusCode"] == 2000, sync
    assert len(live(polled)) == 1


def test_a_search_that_lags_behind_leaves_exactly_one_document(polled: Desk) -> None:
    plan: Any = polled.world.plan
    plan.add("drop_response", at={"platform": POLLED, "write": transaction_id(1)}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag="50s")
    polled.push(polled.expense(1))
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


# The company's own machine


@pytest.mark.parametrize("state", ["modal_dialog", "closed", "single_user", "initializing"])
def test_a_company_file_that_cannot_be_opened_is_asked_for_again_until_it_can(polled: Desk, state: str) -> None:
    machine(polled, file_state=state)
    sync = polled.push(polled.expense(1))
    polled.world.settle(horizon=_minutes(30))
    assert polled.status(sync)["syncStatusCode"] in (1000, 1010)
    assert live(polled) == []
    machine(polled, file_state="open")
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


def test_a_week_of_a_closed_file_is_not_thousands_of_polls(polled: Desk) -> None:
    machine(polled, file_state="closed")
    polled.push(polled.expense(1))
    before = polled.world.tape.count()
    polled.world.settle()
    assert 20 < polled.world.tape.count() - before < 600


def test_a_week_without_work_is_not_polled_for_at_all(polled: Desk) -> None:
    before = polled.world.tape.count()
    polled.world.advance(by=_minutes(7 * 24 * 60))
    assert polled.world.tape.count() == before


def test_a_program_that_does_not_run_is_waited_for(polled: Desk) -> None:
    machine(polled, web_connector_running=False)
    sync = polled.push(polled.expense(1))
    polled.world.settle(horizon=_minutes(30))
    assert polled.status(sync)["syncStatusCode"] == 1010
    machine(polled, web_connector_running=True)
    assert synced(polled)["syncStatusCode"] == 2000


def test_a_document_that_somebody_holds_open_is_sent_again_later(polled: Desk) -> None:
    polled.push(polled.expense(1))
    synced(polled)
    (document,) = live(polled)
    machine(polled, locked_objects=[document.id])
    _update(polled)
    polled.world.advance(by=_minutes(2))
    assert document.version == live(polled)[0].version
    machine(polled, locked_objects=[])
    assert synced(polled)["syncStatusCode"] == 2000
    assert live(polled)[0].body["Amount"] == "77.00"


def test_an_application_that_is_no_longer_let_in_ends_the_connection_and_a_new_permission_goes_on(
    polled: Desk,
) -> None:
    platform: Any = platform_named(POLLED).load_bookkeeper()
    with polled.world.unit():
        platform.disconnect(polled.native)
    polled.push(polled.expense(1))
    assert synced(polled)["syncStatusCode"] == 4220
    assert polled.world_connection()["status"] == "Deauthorized"
    assert live(polled) == []
    authorize(polled.world, polled.connection, company=polled.native.id)
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


def _minutes(count: int) -> Any:
    from datetime import timedelta

    return timedelta(minutes=count)
