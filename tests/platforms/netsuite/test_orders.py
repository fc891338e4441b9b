"""Purchase orders: what is ordered, and the bills that bill it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.netsuite.desk import Desk

from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER


def order(desk: Desk, *amounts: str, **members: object) -> str:
    lines = {"items": [desk.line(amount, memo=f"Line of {amount}") for amount in amounts]}
    return desk.make("purchaseOrder", entity=desk.id("acme"), tranDate="2026-03-02", expense=lines, **members)


def status(desk: Desk, path: str) -> str:
    return str(desk.read(path)["status"]["refName"])


def link(path: str, line: int) -> dict[str, Any]:
    return {"orderDoc": {"id": path.rpartition("/")[2]}, "orderLine": line}


def test_an_order_posts_nothing_and_is_read_listed_and_queried(desk: Desk) -> None:
    made = order(desk, "40.10", "9.05")
    shown = desk.read(made)
    assert (shown["total"], shown["status"], shown["tranId"]) == (
        Decimal("49.15"),
        {"id": "F", "refName": "Pending Bill"},
        "PO1",
    )
    assert "postingPeriod" not in shown
    assert desk.books() == {}
    assert [item["id"] for item in desk.get("purchaseOrder")["items"]] == [made.rpartition("/")[2]]
    (row,) = desk.suiteql("SELECT type, posting, foreigntotal, BUILTIN.DF(status) state FROM transaction")
    assert row == {
        "type": "PurchOrd",
        "posting": "F",
        "foreigntotal": "49.15",
        "state": "Purchase Order : Pending Bill",
    }


def test_bills_bill_the_lines_that_they_name_until_the_order_is_fully_billed(desk: Desk) -> None:
    made = order(desk, "40.00", "9.00")
    desk.bill(desk.line("25.00", **link(made, 1)), desk.line("3.00"))
    lines = desk.read(made)["expense"]["items"]
    assert [line["amountBilled"] for line in lines] == [25, 0]
    assert status(desk, made) == "Pending Bill"
    last = desk.bill(desk.line("15.00", **link(made, 1)), desk.line("9.50", **link(made, 2)))
    assert status(desk, made) == "Fully Billed"
    assert desk.books() == {"travel": "52.50", "payables": "-52.50"}
    linked = desk.suiteql("SELECT previousdoc, nexttype, linktype FROM nexttransactionlinelink")
    assert linked == [{"previousdoc": made.rpartition("/")[2], "nexttype": "VendBill", "linktype": "OrdBill"}] * 2
    desk.send("DELETE", f"/services/rest/record/v1/{last}")
    assert status(desk, made) == "Pending Bill"


def test_an_order_is_transformed_into_a_bill_of_what_is_left(desk: Desk) -> None:
    made = order(desk, "40.00", "9.00", currency=desk.currency("USD"), memo="Timber")
    desk.bill(desk.line("31.00", **link(made, 1)), currency=desk.currency("USD"))
    bill = desk.write("POST", f"{made}/!transform/vendorBill", {"tranId": "INV-9"})
    shown = desk.read(bill)
    assert (shown["tranId"], shown["memo"], shown["currency"]["refName"], shown["total"]) == (
        "INV-9",
        "Timber",
        "US Dollar",
        18,
    )
    lines = [(line["amount"], line["orderDoc"]["id"], line["orderLine"]) for line in shown["expense"]["items"]]
    assert lines == [(9, made.rpartition("/")[2], 1), (9, made.rpartition("/")[2], 2)]
    assert status(desk, made) == "Fully Billed"
    assert "at least one line" in desk.refused("POST", f"{made}/!transform/vendorBill", {})[1]


def test_a_transformation_takes_lines_of_the_caller_s_own_for_the_order_s(desk: Desk) -> None:
    made = order(desk, "40.00", "9.00")
    lines = {"items": [desk.line("12.00", orderLine=2), desk.line("1.10")]}
    bill = desk.read(desk.write("POST", f"{made}/!transform/vendorBill", {"expense": lines}))
    assert [line.get("orderLine") for line in bill["expense"]["items"]] == [2, None]
    assert [line["amountBilled"] for line in desk.read(made)["expense"]["items"]] == [0, 12]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"entity": "zenith"}, "orderdoc"),
        ({"currency": "USD"}, "orderdoc"),
        ({"line": 7}, "orderline"),
    ],
)
def test_a_bill_names_a_line_of_an_order_of_its_own_vendor_and_currency(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    made = order(desk, "40.00")
    line = desk.line("5.00", **link(made, wrong.get("line", 1)))
    body = {"entity": desk.id(wrong.get("entity", "acme")), "currency": desk.currency(wrong.get("currency", "GBP"))}
    code, detail = desk.refused("POST", "vendorBill", {**body, "expense": {"items": [line]}})
    assert (code, detail.endswith(f"for the following field: {field}")) == ("USER_ERROR", True)


def test_an_order_that_is_not_approved_or_whose_line_is_closed_is_not_billed(open_with: Callable[..., Desk]) -> None:
    desk = open_with(approval_routing=["purchaseOrder"])
    made = order(desk, "40.00", "9.00")
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("5.00", **link(made, 1))]}}
    assert status(desk, made) == "Pending Supervisor Approval"
    assert "cannot be billed" in desk.refused("POST", "vendorBill", body)[1]
    desk.write("PATCH", made, {"approvalStatus": {"id": "2"}})
    desk.write("POST", "vendorBill", body)
    desk.write("PATCH", made, {"expense": {"items": [{"line": 1, "isClosed": True}]}})
    assert "cannot be billed" in desk.refused("POST", "vendorBill", body)[1]
    desk.write("PATCH", made, {"expense": {"items": [{"line": 2, "isClosed": True}]}})
    assert status(desk, made) == "Fully Billed"


def test_a_billed_order_stays_and_keeps_its_vendor(desk: Desk) -> None:
    made = order(desk, "40.00")
    bill = desk.bill(desk.line("5.00", **link(made, 1)))
    assert desk.refused("DELETE", made)[0] == "USER_ERROR"
    assert "has been billed" in desk.refused("PATCH", made, {"entity": desk.id("zenith")})[1]
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorBill", bill.rpartition("/")[2])
    assert desk.send("DELETE", f"/services/rest/record/v1/{made}").status == 204


def test_lines_that_name_an_order_alone_bill_its_lines_one_after_the_other(desk: Desk) -> None:
    made = order(desk, "40.00", "9.00")
    named = {"orderDoc": {"id": made.rpartition("/")[2]}}
    bill = desk.read(desk.bill(desk.line("40.00", **named), desk.line("9.00", **named)))
    assert [line["orderLine"] for line in bill["expense"]["items"]] == [1, 2]
    assert status(desk, made) == "Fully Billed"


def test_a_negative_line_of_an_order_is_billed_with_the_others(desk: Desk) -> None:
    made = order(desk, "40.00", "-5.20")
    desk.bill(desk.line("31.00", **link(made, 1)))
    bill = desk.read(desk.write("POST", f"{made}/!transform/vendorBill", {}))
    assert [line["amount"] for line in bill["expense"]["items"]] == [9, Decimal("-5.20")]
    assert status(desk, made) == "Fully Billed"


def test_a_billed_line_of_an_order_stays_and_its_bill_can_be_changed(desk: Desk) -> None:
    made = order(desk, "40.00", "9.00")
    bill = desk.bill(desk.line("40.00", **link(made, 1)))
    kept = {"expense": {"items": [{"line": 2}]}}
    assert "has been billed" in desk.refused("PATCH", f"{made}?replace=expense", kept)[1]
    desk.write("PATCH", f"{made}?replace=expense", {"expense": {"items": [{"line": 1}]}})
    desk.write("PATCH", bill, {"memo": "later"})
    assert status(desk, made) == "Fully Billed"


def test_an_order_needs_no_open_period(desk: Desk) -> None:
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, "2026-03-31")
    made = order(desk, "40.00")
    desk.write("PATCH", made, {"memo": "later"})
    assert desk.send("DELETE", f"/services/rest/record/v1/{made}").status == 204


@pytest.mark.parametrize("gone", ["order", "line", "vendor"])
def test_a_voided_bill_does_not_stand_again_once_its_order_went(open_with: Callable[..., Desk], gone: str) -> None:
    desk = open_with(void_by_reversing_journals=True)
    made = order(desk, "40.00", "9.00")
    bill = desk.bill(desk.line("9.00", **link(made, 2)))
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorBill", bill.rpartition("/")[2])
    (journal,) = desk.get("journalEntry")["items"]
    if gone == "order":
        assert desk.send("DELETE", f"/services/rest/record/v1/{made}").status == 204
    elif gone == "line":
        desk.write("PATCH", f"{made}?replace=expense", {"expense": {"items": [{"line": 1}]}})
    else:
        desk.write("PATCH", made, {"entity": desk.id("zenith")})
    code, detail = desk.refused("DELETE", f"journalEntry/{journal['id']}")
    assert (code, "no longer there" in detail, desk.books()) == ("USER_ERROR", True, {})


def test_a_voided_bill_that_stands_again_bills_its_order_again(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    made = order(desk, "40.00")
    bill = desk.bill(desk.line("40.00", **link(made, 1)))
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorBill", bill.rpartition("/")[2])
    assert status(desk, made) == "Pending Bill"
    (journal,) = desk.get("journalEntry")["items"]
    assert desk.send("DELETE", f"/services/rest/record/v1/journalEntry/{journal['id']}").status == 204
    assert (status(desk, made), desk.books()) == ("Fully Billed", {"travel": "40.00", "payables": "-40.00"})
