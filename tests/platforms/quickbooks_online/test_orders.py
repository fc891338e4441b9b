"""Purchase orders, and the bills whose lines bill theirs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client

from sandbooks.platforms.quickbooks_online.bookkeeper import BOOKKEEPER

NAME = "AccountBasedExpenseLineDetail"


@pytest.fixture
def us(open_client: Callable[..., Client]) -> Client:
    return open_client("US", suppliers={"acme": {"name": "Acme Timber"}, "zenith": {"name": "Zenith Rail"}})


def line(us: Client, amount: object, **members: object) -> dict[str, Any]:
    return {"Amount": amount, "DetailType": NAME, NAME: {"AccountRef": {"value": us.account("travel")}}, **members}


def vendor(us: Client, label: str = "acme") -> dict[str, str]:
    return {"value": str(us.labels["suppliers"][label])}


def order(us: Client, *amounts: object, **members: object) -> Any:
    lines = [line(us, amount) for amount in amounts]
    return us.make("PurchaseOrder", {"VendorRef": vendor(us), "Line": lines, **members})


def link(made: Any, place: int) -> list[dict[str, str]]:
    return [{"TxnId": made["Id"], "TxnType": "PurchaseOrder", "TxnLineId": made["Line"][place]["Id"]}]


def bill(us: Client, *lines: dict[str, Any], **members: object) -> Any:
    return us.make("Bill", {"VendorRef": vendor(us), "Line": list(lines), **members})


def again(us: Client, made: Any) -> Any:
    return us.get(f"purchaseorder/{made['Id']}")["PurchaseOrder"]


def test_an_order_posts_nothing_is_found_and_is_deleted(us: Client) -> None:
    made = order(us, "40.10", "9.05", DocNumber="PO-1", DueDate="2026-04-01")
    assert (made["TotalAmt"], made["POStatus"], "Balance" in made) == (Decimal("49.15"), "Open", False)
    assert us.balance("travel") == 0
    (found,) = us.query("select * from PurchaseOrder where DocNumber = 'PO-1'")["PurchaseOrder"]
    assert found == made
    gone = us.post("purchaseorder", {"Id": made["Id"], "SyncToken": made["SyncToken"]}, operation="delete")
    assert gone["PurchaseOrder"]["status"] == "Deleted"


def test_bills_bill_lines_of_an_order_which_closes_when_all_of_it_is_billed(us: Client) -> None:
    made = order(us, "40.00", "9.00")
    first = bill(us, line(us, "25.00", LinkedTxn=link(made, 0)), line(us, "3.00"))
    assert first["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "PurchaseOrder"}]
    assert ["LinkedTxn" in each for each in first["Line"]] == [True, False]
    standing = again(us, made)
    assert (standing["POStatus"], standing["LinkedTxn"]) == ("Open", [{"TxnId": first["Id"], "TxnType": "Bill"}])
    rest = [line(us, "15.00", LinkedTxn=link(made, 0)), line(us, "9.50", LinkedTxn=link(made, 1))]
    second = bill(us, *rest)
    assert again(us, made)["POStatus"] == "Closed"
    assert us.balance("travel") == Decimal("52.50")
    us.post("bill", {"Id": second["Id"], "SyncToken": second["SyncToken"]}, operation="delete")
    assert again(us, made)["POStatus"] == "Open"


def test_a_bill_keeps_its_links_through_a_sparse_change_and_a_payment(us: Client) -> None:
    made = order(us, "40.00")
    billed = bill(us, line(us, "40.00", LinkedTxn=link(made, 0)))
    frame = {"Id": billed["Id"], "SyncToken": billed["SyncToken"], "sparse": True}
    changed = us.make("Bill", {**frame, "VendorRef": vendor(us), "PrivateNote": "later"})
    assert changed["Line"][0]["LinkedTxn"] == link(made, 0)
    paid = {"VendorRef": vendor(us), "PayType": "Check", "TotalAmt": "40.00"}
    paid["CheckPayment"] = {"BankAccountRef": {"value": us.account("bank")}}
    paid["Line"] = [{"Amount": "40.00", "LinkedTxn": [{"TxnId": billed["Id"], "TxnType": "Bill"}]}]
    us.make("BillPayment", paid)
    kinds = {each["TxnType"] for each in us.get(f"bill/{billed['Id']}")["Bill"]["LinkedTxn"]}
    assert kinds == {"BillPaymentCheck", "PurchaseOrder"}
    assert again(us, made)["POStatus"] == "Closed"


@pytest.mark.parametrize("wrong", ["vendor", "line", "order", "closed"])
def test_a_link_that_cannot_be_made_is_left_out_and_the_bill_written(us: Client, wrong: str) -> None:
    made = order(us, "40.00")
    (links,) = link(made, 0)
    members: dict[str, Any] = {}
    if wrong == "vendor":
        members["VendorRef"] = vendor(us, "zenith")
    elif wrong == "line":
        links["TxnLineId"] = "77"
    elif wrong == "order":
        links["TxnId"] = "99999"
    else:
        bill(us, line(us, "40.00", LinkedTxn=[links]))
    billed = bill(us, line(us, "5.00", LinkedTxn=[links]), **members)
    assert "LinkedTxn" not in billed
    assert "LinkedTxn" not in billed["Line"][0]


def test_an_order_that_was_billed_stays_and_keeps_its_vendor(us: Client) -> None:
    made = order(us, "40.00")
    bill(us, line(us, "5.00", LinkedTxn=link(made, 0)))
    standing = again(us, made)
    frame = {"Id": standing["Id"], "SyncToken": standing["SyncToken"]}
    assert us.fault("purchaseorder", frame, operation="delete")[0] == 400
    assert (
        "cannot be changed"
        in us.fault("purchaseorder", {**frame, "sparse": True, "VendorRef": vendor(us, "zenith")})[2]
    )


def change(us: Client, made: Any, **members: object) -> Any:
    frame = {"Id": made["Id"], "SyncToken": again(us, made)["SyncToken"], "sparse": True, "VendorRef": vendor(us)}
    return us.make("PurchaseOrder", {**frame, **members})


def test_a_billed_order_that_gets_another_line_is_open_again(us: Client) -> None:
    made = order(us, "40.00")
    bill(us, line(us, "40.00", LinkedTxn=link(made, 0)))
    grown = change(us, made, Line=[*made["Line"], line(us, "7.10")])
    assert grown["POStatus"] == "Open"
    bill(us, line(us, "7.10", LinkedTxn=link(grown, 1)))
    assert again(us, made)["POStatus"] == "Closed"


def test_an_order_is_open_until_its_negative_line_is_billed(us: Client) -> None:
    made = order(us, "40.00", "-5.20")
    bill(us, line(us, "40.00", LinkedTxn=link(made, 0)))
    assert again(us, made)["POStatus"] == "Open"
    bill(us, line(us, "6.00"), line(us, "-5.20", LinkedTxn=link(made, 1)))
    assert again(us, made)["POStatus"] == "Closed"


@pytest.mark.parametrize(("part", "status"), [("5.00", "Closed"), ("40.00", "Open")])
def test_a_status_that_was_chosen_outlasts_the_next_change_of_a_bill(us: Client, part: str, status: str) -> None:
    made = order(us, "40.00")
    billed = bill(us, line(us, part, LinkedTxn=link(made, 0)))
    assert change(us, made, POStatus=status)["POStatus"] == status
    frame = {"Id": billed["Id"], "SyncToken": billed["SyncToken"], "sparse": True, "VendorRef": vendor(us)}
    us.make("Bill", {**frame, "PrivateNote": "later"})
    standing = again(us, made)
    assert (standing["POStatus"], "_status" in standing) == (status, False)
    assert change(us, made, PrivateNote="too")["POStatus"] == status


def test_an_order_needs_no_open_period(us: Client) -> None:
    with us.app.world("default").unit():
        BOOKKEEPER.lock_period(us.company, "2026-12-31")
    made = order(us, "40.00", TxnDate="2026-03-02")
    us.post("purchaseorder", {"Id": made["Id"], "SyncToken": made["SyncToken"]}, operation="delete")
