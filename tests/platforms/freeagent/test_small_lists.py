"""The price list, types of capital assets, cashflow, and lists that hold nothing."""

import pytest
from tests.platforms.freeagent.desk import Desk

PLANK = {"code": "P-1", "description": "Plank", "price": "1.99", "item_type": "Products", "quantity": "1"}


def test_an_item_of_the_price_list_is_kept_under_a_code_of_its_own(desk: Desk) -> None:
    made = desk.make("price_list_items", "price_list_item", **PLANK, category=desk.category("sales"))
    assert (made["price"], made["vat_status"], made["category"]) == ("1.99", "out_of_scope", desk.category("sales"))
    again = {"price_list_item": {**PLANK, "code": "p-1"}}
    assert desk.refused("POST", "price_list_items", again) == "code has already been taken"
    assert "price can't be blank" in desk.refused("POST", "price_list_items", {"price_list_item": {"code": "Q"}})
    desk.make("price_list_items", "price_list_item", **{**PLANK, "code": "A-9"})
    listed = desk.get("price_list_items", sort="code")["price_list_items"]
    assert [item["code"] for item in listed] == ["A-9", "P-1"]
    assert desk.change(made["url"], "price_list_item", price="2.05", vat_status="standard")["price"] == "2.05"
    desk.drop(made["url"])
    assert len(desk.get("price_list_items")["price_list_items"]) == 1


def test_types_of_capital_assets_are_those_of_the_system_and_ones_own(desk: Desk) -> None:
    system, *_ = types = desk.get("capital_asset_types")["capital_asset_types"]
    assert [t["name"] for t in types] == [
        "Computer Equipment",
        "Fixtures and Fittings",
        "Motor Vehicles",
        "Other Capital Asset",
    ]
    made = desk.make("capital_asset_types", "capital_asset_type", name="Boats")
    assert made["system_default"] is False
    body = {"capital_asset_type": {"name": "Boats"}}
    assert desk.refused("POST", "capital_asset_types", body) == "name has already been taken"
    assert "system default" in desk.refused("PUT", system["url"], body)
    assert "system default" in desk.refused("DELETE", system["url"])
    assert desk.change(made["url"], "capital_asset_type", name="Barges")["name"] == "Barges"
    desk.drop(made["url"])
    assert desk.send("GET", made["url"]).status == 404


@pytest.mark.parametrize("name", ["capital_assets", "stock_items", "hire_purchases"])
def test_a_company_has_none_of_what_cannot_be_bought(desk: Desk, name: str) -> None:
    assert desk.get(name) == {name: []}
    assert desk.send("GET", f"{name}/4").status == 404
    assert desk.send("POST", name, {}).status == 405


def test_cashflow_tells_what_came_and_went_by_month_but_for_transfers(desk: Desk) -> None:
    desk.explain("bank", "-40.00", dated_on="2026-01-31")
    desk.explain("visa", "-2.50", dated_on="2026-02-10")
    gone = desk.explain("bank", "-9.00", dated_on="2026-02-11")
    desk.explain("bank", "75.00", dated_on="2026-02-12", category=desk.category("sales"))
    desk.explain("dollars", "10.00", dated_on="2026-02-13")
    desk.explain("bank", "-500.00", dated_on="2026-02-14", transfer_bank_account=desk.account("visa"))
    desk.drop(gone["url"])
    found = desk.get("cashflow", from_date="2026-01-01", to_date="2026-03-31")["cashflow"]
    assert found["incoming"]["total"] == "82.74"
    assert [month["total"] for month in found["incoming"]["months"]] == ["0.0", "82.74", "0.0"]
    assert [(m["year"], m["month"], m["total"]) for m in found["outgoing"]["months"]] == [
        (2026, 1, "40.0"),
        (2026, 2, "2.5"),
        (2026, 3, "0.0"),
    ]
    assert found["balance"] == "40.24"
    assert desk.refused("GET", "cashflow", status=400).endswith("from_date")
    assert desk.send("GET", "cashflow", from_date="2026-03-01", to_date="2026-01-01").status == 400


def test_the_addresses_that_mail_may_come_from_are_those_of_the_users(desk: Desk) -> None:
    assert desk.get("email_addresses") == {"email_addresses": ["Robin Marsh <owner@example.com>"]}
