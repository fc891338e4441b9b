"""How long a request may wait, be worked at and be under way before it is answered without its outcome."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from tests.platforms.business_central.desk import HOST, Desk, open_desk
from tests.platforms.business_central.test_around import token

from sandbooks import Sandbox, exact_json
from sandbooks.wire import Request, Response


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, network="refuse") as opened:
        yield opened


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    return open_desk(sandbox.app)


def at(desk: Desk) -> dict[str, Any]:
    return {"platform": "business_central", "company": desk.company.id, "operation": "create_vendor", "nth": 1}


@pytest.mark.parametrize(
    ("phase", "by", "status", "stands"),
    [
        ("admit", "7m", 201, True),
        ("send", "8m", 503, False),  # it waited for its turn
        ("admit", "8m", 503, False),
        ("admit", "10m", 504, False),
        ("validate", "7m", 201, True),
        ("validate", "8m", 408, False),  # it was worked at
        ("validate", "11m", 504, False),
        ("commit", "9m", 201, True),
        ("commit", "10m", 504, True),  # the gateway gives up; the record stands
    ],
)
def test_a_slow_request_is_answered_without_its_outcome(
    sandbox: Sandbox, desk: Desk, phase: str, by: str, status: int, stands: bool
) -> None:
    with sandbox.fault("delay", phase=phase, by=by, at=at(desk)):
        answer = desk.send("POST", "vendors", {"displayName": "Slow"})
    assert answer.status == status
    assert len(desk.company.records.find("vendor", "displayName", "slow")) == int(stands)
    if status == 503:
        assert answer.header("Retry-After") == "60"
    if status >= 400:
        assert exact_json.loads(answer.body)["error"]["message"]


def test_what_is_committed_late_is_committed_all_the_same(sandbox: Sandbox, desk: Desk) -> None:
    with sandbox.fault("late_commit", after="20m", at=at(desk)):
        desk.app.edge.dispatch(_create(desk), world=desk.world)
        sandbox.clock.advance(minutes=21)
    assert len(desk.company.records.find("vendor", "displayName", "late")) == 1


@pytest.mark.parametrize(
    ("together", "each_takes", "told"),
    [
        (5, "9m", {201: 5}),
        (6, "9m", {201: 5, 503: 1}),  # the sixth waits for the first of five
        (6, "7m", {201: 5, 504: 1}),  # seven minutes in the queue, seven at work: the gateway gives up
        (11, "4m", {201: 10, 503: 1}),
        (12, "30s", {201: 12}),
    ],
)
def test_five_requests_of_a_user_are_worked_at_together_and_others_wait(
    sandbox: Sandbox, desk: Desk, together: int, each_takes: str, told: dict[int, int]
) -> None:
    sandbox.world.put("settings", "limits", None)
    with sandbox.fault("delay", phase="commit", by=each_takes, at={"operation": "create_vendor", "every": True}):
        answers = all_at_once(desk, [_create(desk)] * together)
    assert Counter(answers) == told
    assert len(desk.company.records.find("vendor", "displayName", "late")) == together - told.get(503, 0)


def test_requests_of_another_user_wait_for_nobody(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.world.put("settings", "limits", None)
    user = desk.token
    desk.token = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    by_itself = _create(desk)
    desk.token = user
    with sandbox.fault("delay", phase="commit", by="9m", at={"operation": "create_vendor", "every": True}):
        assert Counter(all_at_once(desk, [_create(desk)] * 5 + [by_itself])) == {201: 6}


def test_who_comes_when_the_others_are_done_waits_for_nobody(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.world.put("settings", "limits", None)
    with sandbox.fault("delay", phase="commit", by="9m", at={"operation": "create_vendor", "every": True}):
        assert [*(all_at_once(desk, [_create(desk)])[0] for _ in range(6))] == [201] * 6


def test_what_was_held_up_before_its_commit_has_its_place_from_the_start(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.world.put("settings", "limits", None)
    with sandbox.fault("delay", phase="validate", by="7m", at={"operation": "create_vendor", "every": True}):
        assert Counter(all_at_once(desk, [_create(desk)] * 6)) == {201: 5, 504: 1}
    assert len(desk.company.records.find("vendor", "displayName", "late")) == 5


def all_at_once(desk: Desk, requests: list[Request]) -> list[int]:
    """The statuses of requests that have all come before the first of them has its turn."""
    statuses: list[int] = []

    def send(request: Request) -> None:
        answer = desk.app.edge.dispatch(request, world=desk.world)
        assert isinstance(answer, Response)
        statuses.append(answer.status)

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    with desk.world.lock:
        for thread in threads:
            thread.start()
        while _waiting(desk) < len(requests):
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(30)
    return statuses


def _waiting(desk: Desk) -> int:
    with desk.world.traffic.joined("business_central", Request("GET", desk.root)) as others:
        return len(others)


def _create(desk: Desk) -> Request:
    headers = (("Authorization", f"Bearer {desk.token}"), ("Content-Type", "application/json"))
    return Request("POST", f"{desk.root}/vendors", headers, b'{"displayName": "Late"}')
