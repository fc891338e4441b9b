"""Every list of the hub, on a company with data: pages hold each row once, orders order, queries find what they say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from tests.hub.bill_pay.desk import bill, created, listed, pay
from tests.hub.desk import Desk, open_desk

C = "{c}"
LISTS = (
    "/companies",
    "/integrations",
    f"{C}/connections",
    f"{C}/push",
    f"{C}/data/history",
    f"{C}/data/accounts",
    f"{C}/data/customers",
    f"{C}/data/suppliers",
    f"{C}/data/bills",
    f"{C}/data/billCreditNotes",
    f"{C}/data/billPayments",
    f"{C}/data/paymentMethods",
    f"{C}/data/taxRates",
    f"{C}/data/trackingCategories",
)
SIGNS = {
    "=": lambda found, wanted: found == wanted,
    "!=": lambda found, wanted: found != wanted,
    ">": lambda found, wanted: found > wanted,
    "<": lambda found, wanted: found < wanted,
    ">=": lambda found, wanted: found >= wanted,
    "<=": lambda found, wanted: found <= wanted,
}


SHARED_WORLD = True


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = open_desk(tracking={"area": {"kind": "class", "name": "North"}, "part": {"kind": "class", "name": "South"}})
    for number in (1, 2, 3):
        created(desk, number)
        desk.send("POST", "/companies", {"name": f"Company {number}", "tags": {"region": f"r{number}"}})
        credit = {**bill(desk, number), "billCreditNoteNumber": f"C-{number}", "status": "Submitted"}
        desk.send("POST", "{c}/connections/{k}/push/billCreditNotes", credit)
        pay(desk, listed(desk)[0]["id"], 10 * number)
    desk.send("POST", "{c}/sync/expenses/connections/partnerExpense")
    desk.send("POST", "{c}/connections/{k}/push/suppliers", {"supplierName": "Fabrikam", "status": "Active"})
    desk.send("POST", "{c}/connections/{k}/push/customers", {"customerName": "Tailspin", "status": "Active"})
    desk.world.settle()
    desk.send("POST", "{c}/data/all")
    desk.world.settle()
    return desk


def rows(desk: Desk, path: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get(path, **{"pageSize": "1000", **query})["results"]
    return found


def scalars(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The members of a row that are no lists, those of objects within with a dotted path."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from scalars(value, f"{before}{name}.")
        elif not isinstance(value, list):
            yield before + name, value


def column(found: list[dict[str, Any]], path: str) -> list[Any]:
    """What the rows have at a path, None where they have nothing."""
    return [dict(scalars(row)).get(path) for row in found]


def members(found: list[dict[str, Any]]) -> list[str]:
    return sorted({path for row in found for path, value in scalars(row) if value is not None})


def comparable(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_one_hold_each_row_once_and_lead_to_each_other(desk: Desk, path: str) -> None:
    every = rows(desk, path)
    assert len(every) > 1
    seen, place = [], f"{path}?page=1&pageSize=1"
    for number in range(1, len(every) + 1):
        answer = desk.send("GET", place).body
        assert (answer["pageNumber"], answer["pageSize"], answer["totalResults"]) == (number, 1, len(every))
        seen += answer["results"]
        assert ("previous" in answer["_links"]) is (number > 1)
        place = answer["_links"].get("next", {}).get("href", "")
    assert (seen, place) == (every, "")
    assert rows(desk, path, page="99999") == []
    for wrong in ("page=0", "pageSize=0", "pageSize=5001", "page=one", "page=-1", "pageSize=1.5"):
        assert desk.send("GET", f"{path}?{wrong}").status == 400, wrong


@pytest.mark.parametrize("path", LISTS)
def test_rows_come_in_the_order_of_any_member_up_and_down(desk: Desk, path: str) -> None:
    every = rows(desk, path)
    for name in members(every):
        up, down = rows(desk, path, orderBy=name), rows(desk, path, orderBy=f"-{name}")
        values = [comparable(value) for value in column(up, name) if value is not None]
        assert values == sorted(values), name
        assert [comparable(value) for value in column(down, name) if value is not None] == sorted(values)[::-1], name
        assert len(up) == len(down) == len(every)
    assert desk.send("GET", f"{path}?orderBy=colour").status == 400


@pytest.mark.parametrize("path", LISTS)
def test_queries_find_what_they_say_and_nothing_else(desk: Desk, path: str) -> None:
    every = rows(desk, path)
    for name in members(every):
        known = {str(value): value for value in column(every, name) if value is not None}
        for value in itertools.islice(known.values(), 2):
            for condition, wanted in _conditions(every, name, value):
                assert rows(desk, path, query=condition) == wanted, condition
    for wrong in ("colour=red", "id=", "{currency", "id"):
        assert desk.send("GET", f"{path}?query={quote(wrong)}").status == 400, wrong


def _conditions(every: list[dict[str, Any]], name: str, value: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Conditions on a member with one of its values, and the rows that satisfy each."""
    if isinstance(value, str) and (not value.strip() or set(value) & set("{}&|\"'")):
        return
    numeric = isinstance(value, int | Decimal) and not isinstance(value, bool)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    for sign in SIGNS if numeric else ("=", "!="):
        kept = [
            row
            for row, found in zip(every, column(every, name), strict=True)
            if (sign == "!=" if found is None else SIGNS[sign](comparable(found), comparable(value)))
        ]
        yield f"{name}{sign}{text}", kept
