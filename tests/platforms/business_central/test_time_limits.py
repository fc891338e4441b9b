"""How long a request may wait, be worked at and be under way before it is answered without its outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.platforms.business_central.desk import Desk, open_desk

from sandbooks import Sandbox, exact_json
from sandbooks.wire import Request


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
        ("admit", "8m", 503, False),  # it waited for its turn
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


def _create(desk: Desk) -> Request:
    headers = (("Authorization", f"Bearer {desk.token}"), ("Content-Type", "application/json"))
    return Request("POST", f"{desk.root}/vendors", headers, b'{"displayName": "Late"}')
