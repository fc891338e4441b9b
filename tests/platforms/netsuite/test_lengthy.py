"""Requests that take longer than a connection lasts: done all the same, and unanswered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.platforms.netsuite.desk import Desk, open_desk

from sandbooks import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=7, network="refuse") as opened:
        yield opened


@pytest.mark.parametrize(
    ("phase", "by", "status"), [("validate", "14m", 204), ("validate", "15m", 504), ("commit", "16m", 504)]
)
def test_a_write_of_a_quarter_of_an_hour_stands_and_tells_nobody(
    sandbox: Sandbox, phase: str, by: str, status: int
) -> None:
    desk: Desk = open_desk(sandbox.app)
    at = {"platform": "netsuite", "company": desk.company.id, "operation": "create_record", "nth": 1}
    with sandbox.fault("delay", phase=phase, by=by, at=at):
        answer = desk.send("POST", "/services/rest/record/v1/department", {"name": "Slow"})
    assert (answer.status, answer.header("Location") == "") == (status, status == 504)
    assert [row["name"] for row in desk.suiteql("SELECT name FROM department WHERE name = 'Slow'")] == ["Slow"]


def test_a_job_may_take_as_long_as_it_takes(sandbox: Sandbox) -> None:
    desk: Desk = open_desk(sandbox.app)
    headers = {"Prefer": "respond-async"}
    told = desk.send("POST", "/services/rest/record/v1/department", {"name": "Slow"}, headers=headers)
    job = told.header("Location").partition("/netsuite")[2]
    sandbox.clock.advance(minutes=20)
    assert desk.get(job)["progress"] == "succeeded"
