"""Batches on a collection, and collections of whole or named records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.netsuite.desk import BASE, RECORD, Desk

from sandbooks import exact_json
from sandbooks.platforms.netsuite.api import asynchronous
from sandbooks.wire import Answer, Request, Response

COLLECTION = {"Content-Type": "application/vnd.oracle.resource+json; type=collection"}
BATCH = {**COLLECTION, "Prefer": "respond-async"}


def results(desk: Desk, accepted: Response) -> list[Response]:
    """The answers of a batch's tasks, when it is done."""
    assert (accepted.status, accepted.header("Preference-Applied"), accepted.body) == (202, "respond-async", b"")
    desk.world.advance(by=timedelta(seconds=5))
    job = accepted.header("Location").removeprefix(BASE)
    assert desk.get(job)["completed"] is True
    tasks = desk.get(f"{job}/task")["items"]
    return [desk.send("GET", f"{job}/task/{task['id']}/result") for task in tasks]


def batch(desk: Desk, method: str, kind: str, *items: dict[str, Any], **query: object) -> list[Response]:
    return results(desk, desk.send(method, f"{RECORD}/{kind}", {"items": list(items)}, headers=BATCH, **query))


def bill(desk: Desk, amount: str, **members: object) -> dict[str, Any]:
    lines = {"items": [desk.line(amount)]}
    return {"entity": desk.id("acme"), "tranDate": "2026-03-02", "expense": lines, **members}


def named(answers: list[Response]) -> list[tuple[int, str]]:
    return [(answer.status, answer.header("Location").partition(f"{RECORD}/")[2]) for answer in answers]


def test_records_are_created_in_a_batch_each_by_itself(desk: Desk) -> None:
    wrong = bill(desk, "5.00", entity=None)
    answers = batch(desk, "POST", "vendorBill", bill(desk, "11.10"), wrong, bill(desk, "22.20", externalId="b-2"))
    assert named(answers) == [(204, "vendorBill/901"), (400, ""), (204, "vendorBill/902")]
    assert desk.books() == {"travel": "33.30", "payables": "-33.30"}


def test_a_batch_that_is_begun_again_after_a_kill_writes_no_record_twice(
    open_with: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_with(async_delay_seconds=60)
    items = [bill(desk, amount) for amount in ("1.10", "2.20", "3.30")]
    accepted = desk.send("POST", f"{RECORD}/vendorBill", {"items": items}, headers=BATCH)
    (job,) = [job for job in desk.world.jobs.waiting() if job.run == asynchronous.RUN]
    call = desk.world.call
    calls: list[Request] = []

    def killed(request: Request, *, actor: str, parent: int) -> Answer:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(request)
        return call(request, actor=actor, parent=parent)

    with monkeypatch.context() as patch:
        patch.setattr(desk.world, "call", killed)
        with pytest.raises(KeyboardInterrupt):
            asynchronous.perform(desk.world, job.body)
    desk.world.advance(by=timedelta(seconds=60))
    answers = results(desk, accepted)
    assert named(answers) == [(204, f"vendorBill/{id}") for id in (901, 902, 903)]
    assert desk.books() == {"travel": "6.60", "payables": "-6.60"}


def test_a_batch_is_one_job_that_fails_where_a_record_of_it_does(open_with: Callable[..., Desk]) -> None:
    desk = open_with(async_delay_seconds=10)
    items = [bill(desk, "1.00"), bill(desk, "2.00", entity=None)]
    accepted = desk.send("POST", f"{RECORD}/vendorBill", {"items": items}, headers=BATCH)
    job = accepted.header("Location").removeprefix(BASE)
    assert (desk.get(job)["progress"], desk.books()) == ("pending", {})
    assert desk.send("GET", f"{job}/task/2/result").status == 404
    desk.world.advance(by=timedelta(seconds=10))
    assert desk.get(job)["progress"] == "failed"
    assert [desk.get(f"{job}/task/{number}")["progress"] for number in (1, 2)] == ["succeeded", "failed"]
    assert desk.send("GET", f"{job}/task/3").status == 404


def test_records_are_changed_by_either_id_and_the_internal_one_counts_first(desk: Desk) -> None:
    first = desk.make("vendorBill", **bill(desk, "5.00", externalId="b-1")).rpartition("/")[2]
    desk.make("vendorBill", **bill(desk, "6.00", externalId="b-2"))
    answers = batch(
        desk,
        "PATCH",
        "vendorBill",
        {"id": first, "externalId": "b-1", "memo": "One"},
        {"externalId": "b-2", "memo": "Two"},
    )
    assert [answer.status for answer in answers] == [204, 204]
    assert [desk.read(f"vendorBill/eid:{id}")["memo"] for id in ("b-1", "b-2")] == ["One", "Two"]


def test_records_are_upserted_by_their_external_ids_and_a_repeat_changes_nothing(desk: Desk) -> None:
    items = [bill(desk, "7.00", externalId="u-1"), bill(desk, "8.00", externalId="u-2")]
    for _ in range(2):
        assert [answer.status for answer in batch(desk, "PUT", "vendorBill", *items)] == [204, 204]
    assert desk.books() == {"travel": "15.00", "payables": "-15.00"}
    code, detail = desk.refused("PUT", "vendorBill", {"items": [bill(desk, "9.00")]}, headers=BATCH)
    assert (code, "externalId" in detail) == ("INVALID_CONTENT", True)


def test_records_are_deleted_in_a_batch(desk: Desk) -> None:
    first = desk.make("vendorBill", **bill(desk, "5.00")).rpartition("/")[2]
    desk.make("vendorBill", **bill(desk, "6.00", externalId="b-2"))
    desk.make("vendorBill", **bill(desk, "7.00"))
    path, headers = f"{RECORD}/vendorBill", {"Prefer": "respond-async"}
    answers = results(desk, desk.send("DELETE", path, headers=headers, ids=f"{first},eid:b-2,99999"))
    assert [answer.status for answer in answers] == [204, 204, 404]
    assert desk.books() == {"travel": "7.00", "payables": "-7.00"}


def test_a_batch_with_a_key_is_done_once(desk: Desk) -> None:
    headers = {**BATCH, "X-NetSuite-Idempotency-Key": "22222222-2222-4222-8222-222222222222"}
    body = {"items": [bill(desk, "3.00"), bill(desk, "4.00")]}
    first = desk.send("POST", f"{RECORD}/vendorBill", body, headers=headers)
    again = desk.send("POST", f"{RECORD}/vendorBill", body, headers=headers)
    assert (again.status, again.header("Location")) == (400, first.header("Location"))
    desk.world.advance(by=timedelta(seconds=5))
    assert desk.books() == {"travel": "7.00", "payables": "-7.00"}


@pytest.mark.parametrize(
    ("method", "headers", "body", "code"),
    [
        ("POST", COLLECTION, {"items": [{"companyName": "A"}]}, "INVALID_HEADER"),
        ("PATCH", {"Prefer": "respond-async"}, {"items": [{"id": "1"}]}, "INVALID_HEADER"),
        ("PATCH", BATCH, {"items": [{"memo": "x"}]}, "INVALID_CONTENT"),
        ("PATCH", BATCH, {"items": []}, "INVALID_CONTENT"),
        ("PATCH", BATCH, {"items": ["1"]}, "INVALID_CONTENT"),
        ("POST", BATCH, {"companyName": "A"}, "INVALID_CONTENT"),
        ("POST", BATCH, {"items": [{"companyName": str(n)} for n in range(101)]}, "INVALID_CONTENT"),
        ("DELETE", {"Prefer": "respond-async"}, None, "INVALID_PARAMETER"),
    ],
)
def test_what_is_no_batch_is_refused_and_makes_no_job(
    desk: Desk, method: str, headers: dict[str, str], body: Any, code: str
) -> None:
    assert desk.refused(method, "vendor", body, headers=headers)[0] == code


def test_one_record_is_never_written_for_a_header_that_a_client_sends(desk: Desk) -> None:
    headers = {**BATCH, "X-Sandbooks-Batch-Item": "1"}
    body = {"items": [{"companyName": name, "subsidiary": {"id": "1"}} for name in ("Adatum", "Litware")]}
    answers = results(desk, desk.send("POST", f"{RECORD}/vendor", body, headers=headers))
    assert [answer.status for answer in answers] == [204, 204]


def test_a_collection_shows_whole_records_and_the_named_ones_alone(desk: Desk) -> None:
    acme, zenith = desk.id("acme")["id"], desk.id("zenith")["id"]
    desk.write("PATCH", f"vendor/{zenith}", {"externalId": "zr"})
    whole = desk.get("vendor", expandRecords="true")["items"]
    assert [(item["id"], item["entityId"], item["subsidiary"]["id"]) for item in whole] == [
        (acme, "Acme Timber", "1"),
        (zenith, "Zenith Rail", "1"),
    ]
    assert "items" not in whole[0]["currencyList"]
    page = desk.get("vendor", ids="eid:zr,77777")
    assert ([item["id"] for item in page["items"]], page["totalResults"], "entityId" in page["items"][0]) == (
        [zenith],
        1,
        False,
    )
    (named,) = desk.get("vendor", ids=acme, expandRecords="true", q='entityId START_WITH "Acme"')["items"]
    assert named["entityId"] == "Acme Timber"
    assert exact_json.loads(desk.send("GET", f"{RECORD}/vendor", ids=" , ").body)["status"] == 400
