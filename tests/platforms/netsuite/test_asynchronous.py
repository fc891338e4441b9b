"""Requests that are asked for asynchronously, and the largest body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.platforms.netsuite.desk import BASE, RECORD, Desk

from sandbooks import exact_json
from sandbooks.platforms.netsuite import access


def test_an_asynchronous_request_runs_later_and_its_result_is_what_a_synchronous_one_would_answer(
    open_with: Callable[..., Desk],
) -> None:
    desk = open_with(async_delay_seconds=10)
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("6.60")]}}
    accepted = desk.send("POST", f"{RECORD}/vendorBill", body, headers={"Prefer": "respond-async"})
    assert (accepted.status, accepted.header("Preference-Applied"), accepted.body) == (202, "respond-async", b"")
    job = accepted.header("Location").removeprefix(BASE)
    assert desk.books() == {}
    assert desk.get(job)["progress"] == "pending"
    assert desk.send("GET", f"{job}/task/1/result").status == 404
    desk.world.advance(by=timedelta(seconds=10))
    assert desk.books() == {"travel": "6.60", "payables": "-6.60"}
    assert desk.get(job)["completed"] is True
    task = desk.get(f"{job}/task")["items"][0]["id"]
    shown = desk.get(f"{job}/task/{task}")
    assert (shown["progress"], shown["links"][1]["rel"]) == ("succeeded", "related")
    result = desk.send("GET", f"{job}/task/{task}/result")
    assert (result.status, result.header("Location")) == (204, f"{BASE}{RECORD}/vendorBill/901")
    assert desk.send("GET", job + "9").status == 404


def test_a_failed_job_keeps_its_refusal(desk: Desk) -> None:
    accepted = desk.send("POST", f"{RECORD}/vendorBill", {}, headers={"Prefer": "respond-async"})
    desk.world.advance(by=timedelta(seconds=5))
    job = accepted.header("Location").removeprefix(BASE)
    assert desk.get(f"{job}/task/1")["progress"] == "failed"
    assert desk.send("GET", f"{job}/task/1/result").status == 400


def test_the_idempotency_key_guards_asynchronous_requests_alone(desk: Desk) -> None:
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("2.00")]}}
    key = {"X-NetSuite-Idempotency-Key": "11111111-1111-4111-8111-111111111111"}
    first = desk.send("POST", f"{RECORD}/vendorBill", body, headers={**key, "Prefer": "respond-async"})
    again = desk.send("POST", f"{RECORD}/vendorBill", body, headers={**key, "Prefer": "respond-async"})
    shown = exact_json.loads(again.body)
    assert (again.status, shown["title"], shown["o:errorDetails"][0]["o:errorCode"]) == (
        400,
        "Conflict",
        "IDEMPOTENCY_ERROR",
    )
    assert (again.header("Location"), again.header("Preference-Applied")) == (
        first.header("Location"),
        "respond-async",
    )
    desk.world.advance(by=timedelta(seconds=5))
    assert desk.books() == {"travel": "2.00", "payables": "-2.00"}
    for _ in range(2):
        desk.send("POST", f"{RECORD}/vendorBill", body, headers=key)
    assert desk.books() == {"travel": "6.00", "payables": "-6.00"}


def test_a_query_may_be_asked_for_asynchronously(desk: Desk) -> None:
    query = {"q": "SELECT entityid FROM vendor ORDER BY id"}
    path = "/services/rest/query/v1/suiteql"
    for preference in ("respond-async", "transient, respond-async"):
        accepted = desk.send("POST", path, query, headers={"Prefer": preference})
        desk.world.advance(by=timedelta(seconds=5))
        job = accepted.header("Location").removeprefix(BASE)
        rows = desk.get(f"{job}/task/1/result")["items"]
        assert [row["entityid"] for row in rows] == ["Acme Timber", "Zenith Rail"]


def test_a_body_beyond_the_limit_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert access.BODY_MAX == 104_000_000
    monkeypatch.setattr(access, "BODY_MAX", 1000)  # the real limit would take long to fill
    assert desk.refused("POST", "vendor", b" " * 1001, status=413)[0] == "INVALID_CONTENT"
    assert desk.refused("POST", "vendor", b" " * 1000)[0] == "INVALID_CONTENT"
