"""Queries and orders over lists: what a row may have is told by the contract, not by the rows that are there."""

from __future__ import annotations

import pytest
from tests.hub.desk import Desk

from sandbooks.hub import members


def statuses(desk: Desk, path: str, query: str) -> tuple[int, int]:
    """The status of a list under a query and how many rows it has."""
    answer = desk.send("GET", f"{path}?query={query}")
    return answer.status, len(answer.body.get("results", ()))


def test_a_member_that_no_row_has_just_now_finds_nothing_and_one_that_rows_never_have_is_refused(desk: Desk) -> None:
    assert statuses(desk, "/companies", "description=none") == (200, 0)
    assert statuses(desk, "/companies", "colour=red")[0] == 400
    assert statuses(desk, "{c}/data/customers", "metadata.isDeleted=false") == (200, 1)
    desk.send("POST", "/webhooks", {"url": "https://receiver.example/hook"})
    assert statuses(desk, "/webhooks", "disabled=false")[0] == 200


def test_an_empty_list_refuses_what_a_full_one_refuses(desk: Desk) -> None:
    assert statuses(desk, "{c}/push", "colour=red")[0] == 400
    assert statuses(desk, "{c}/push", "status=Success") == (200, 0)
    assert desk.send("GET", "{c}/push?orderBy=colour").status == 400
    assert desk.send("GET", "{c}/push?orderBy=-requestedOnUtc").status == 200


def test_what_has_names_of_its_own_is_asked_by_any_name(desk: Desk) -> None:
    desk.send("PATCH", "{c}", {"tags": {"region": "north"}})
    assert statuses(desk, "/companies", "tags.region=north") == (200, 1)
    assert statuses(desk, "/companies", "tags.shade=north") == (200, 0)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("created%3E2026-03-23T08:59:59Z", 1),
        ("created%3E2026-03-23T09:00:00", 0),
        ("created%3E%3D2026-03-23T09:00:00.0000000Z", 1),
        ("created%3E%3D2026-03-23T10:00:00%2B01:00", 1),
        ("created%3C2026-03-23T10:00:00%2B01:00", 0),
        ("created%3C2026-03-24", 1),
        ("created%3C2026-13-24", -1),
    ],
)
def test_moments_are_compared_as_moments(desk: Desk, condition: str, found: int) -> None:
    status, rows = statuses(desk, "/companies", condition)
    assert (status, rows) == ((200, found) if found >= 0 else (400, 0))


def test_every_list_of_the_contracts_tells_its_rows() -> None:
    for name in ("list-companies", "list-bills", "payables/list-bills", "list-suppliers", "list-push-operations"):
        rows = members.of_operation(name)
        assert rows is not None, name
    assert members.of_operation("get-company") is None
