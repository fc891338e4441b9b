"""A data type that is being read is not read once more, unless the world queues reads up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.hub.desk import Desk
from tests.hub.test_lost_answers import fault

SUPPLIERS = "{c}/data/queue/suppliers"


def held_up(desk: Desk) -> str:
    """A read of the suppliers that does not come to its end; its id."""
    at = {"platform": desk.native.platform, "every": True}
    fault(desk, "server_error", phase="send", at=at, status=503)
    answer = desk.send("POST", SUPPLIERS)
    assert answer.status == 200
    return str(answer.body["id"])


def test_a_second_read_of_a_data_type_names_the_one_that_is_in_progress(desk: Desk) -> None:
    first = held_up(desk)
    answer = desk.send("POST", SUPPLIERS)
    said = f"Cannot queue suppliers sync for {desk.company} as previous sync {first} is still in progress"
    assert (answer.status, answer.body["error"]) == (400, f"DatasetAlreadyInProgressException: {said}")
    assert desk.send("POST", "{c}/data/queue/customers").status == 200
    plan: Any = desk.world.plan
    plan.clear()
    desk.world.advance(by=timedelta(minutes=5))
    assert desk.send("POST", SUPPLIERS).status == 200


def test_a_read_of_everything_leaves_out_what_is_being_read(desk: Desk) -> None:
    held_up(desk)
    before = len(desk.get("{c}/data/history", pageSize="500")["results"])
    assert desk.send("POST", "{c}/data/all").status == 204
    new = desk.get("{c}/data/history", pageSize="500")["results"][:-before]
    assert new
    assert "suppliers" not in {row["dataType"] for row in new}


def test_a_product_is_not_read_while_one_of_its_data_types_is(desk: Desk) -> None:
    held_up(desk)
    answer = desk.send("POST", "{c}/products/expenses/refresh")
    assert (answer.status, answer.body["error"][:47]) == (400, "Data cannot be refreshed while a read operation")
    assert desk.send("POST", "{c}/products/expenses/refresh", {"dataTypes": ["customers"]}).status == 202


def test_reads_queue_up_where_the_world_has_chosen_so(desk: Desk) -> None:
    desk.choose("refreshes_queue_up")
    first = held_up(desk)
    second = desk.send("POST", SUPPLIERS)
    assert second.status == 200
    assert second.body["id"] != first
