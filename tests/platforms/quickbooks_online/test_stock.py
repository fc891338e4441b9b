"""Inventory items: what is on hand, and what it is worth in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.platforms.quickbooks_online.builders import Client, purchase

D = Decimal


def chair(client: Client, **members: Any) -> Any:
    asset = client.query("select * from Account where AccountSubType = 'Inventory'")["Account"][0]["Id"]
    body = {
        "Name": "Chair",
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": 0,
        "InvStartDate": "2026-02-01",
        "AssetAccountRef": {"value": asset},
        "ExpenseAccountRef": {"value": client.account("meals")},
        "IncomeAccountRef": {"value": client.account("income")},
        **members,
    }
    return client.make("Item", body)


def bought(item: Any, quantity: str, price: str) -> dict[str, Any]:
    detail = {"ItemRef": {"value": item["Id"]}, "Qty": D(quantity), "UnitPrice": D(price)}
    amount = D(quantity) * D(price)
    return {"DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": detail, "Amount": amount}


def on_hand(client: Client, item: Any) -> Decimal:
    return D(client.get(f"item/{item['Id']}")["Item"]["QtyOnHand"])


def test_purchases_and_bills_bring_stock_and_credits_take_it_back(us: Client) -> None:
    item = chair(us)
    vendor = {"VendorRef": {"value": us.labels["suppliers"]["airline"]}}
    made = us.make("Purchase", purchase(us, Line=[bought(item, "3", "31.50")]))
    us.make("Bill", {**vendor, "Line": [bought(item, "4", "30.00")]})
    us.make("VendorCredit", {**vendor, "Line": [bought(item, "1", "30.00")]})
    us.make("Purchase", purchase(us, Credit=True, Line=[bought(item, "0.5", "31.50")]))
    assert on_hand(us, item) == D("5.5")
    us.make("Purchase", {**made, "Line": [bought(item, "2", "31.50")]})
    assert on_hand(us, item) == D("4.5")
    us.post("purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert on_hand(us, item) == D("2.5")
    found = us.query("select * from Item where QtyOnHand > '2'")["Item"]
    assert [each["QtyOnHand"] for each in found] == [D("2.5")]


def test_the_stock_of_a_new_item_is_booked_at_cost(us: Client) -> None:
    item = chair(us, QtyOnHand=6, PurchaseCost=D("12.25"))
    assert on_hand(us, item) == 6
    assert us.trial() == {"Inventory Asset": D("73.50"), "Opening Balance Equity": D("-73.50")}


def test_a_refused_purchase_brings_no_stock(us: Client) -> None:
    item = chair(us)
    wrong = {**bought(item, "3", "31.50"), "Amount": D("1.00")}
    assert us.fault("purchase", purchase(us, Line=[wrong]))[:2] == (400, "6070")
    assert on_hand(us, item) == 0
