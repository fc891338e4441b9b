"""Bills and expenses that recur: an occurrence is made when its day comes."""

from datetime import date, timedelta

import pytest
from msgspec import structs
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import platform_named


def after(desk: Desk, days: int) -> None:
    desk.world.advance(by=timedelta(days=days))
    with desk.world.unit():
        desk.token = platform_named("freeagent").load_seed().credentials(desk.world, desk.company)["access_token"]


def bus(desk: Desk, **members: object) -> dict[str, str]:
    given = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02", "description": "Bus"}
    made: dict[str, str] = desk.make("expenses", "expense", **given, gross_value="-7.20", sales_tax_rate=0, **members)
    return made


def test_the_recent_expenses_are_those_of_the_last_months(desk: Desk) -> None:
    made = bus(desk)
    assert [e["url"] for e in desk.get("expenses", view="recent")["expenses"]] == [made["url"]]
    after(desk, 120)
    assert desk.get("expenses", view="recent")["expenses"] == []
    assert len(desk.get("expenses")["expenses"]) == 1


def test_an_expense_recurs_until_its_end(desk: Desk) -> None:
    made = bus(desk, recurring="Two Weekly", recurring_end_date="2026-04-01")
    assert made["next_recurs_on"] == "2026-03-16"
    after(desk, 13)
    assert len(desk.get("expenses")["expenses"]) == 1
    after(desk, 1)
    found = desk.get("expenses")["expenses"]
    assert [(e["dated_on"], "recurring" in e) for e in found] == [("2026-03-02", True), ("2026-03-16", False)]
    assert desk.get("expenses", view="recurring")["expenses"][0]["next_recurs_on"] == "2026-03-30"
    after(desk, 60)
    assert len(desk.get("expenses")["expenses"]) == 3
    assert "next_recurs_on" not in desk.get(made["url"])["expense"]
    assert desk.books()["travel"] == "21.60"


def test_a_bill_recurs_with_its_items_and_keeps_its_distance_to_the_due_date(desk: Desk) -> None:
    made = desk.bill(desk.item("90.00", sales_tax_rate="20.0"), recurring="Quarterly", reference="R-4")
    desk.explain("bank", "-90.00", paid_bill=made["url"], description="")
    after(desk, 93)
    bills = desk.get("bills")["bills"]
    assert [(b["dated_on"], b["due_on"], b["due_value"]) for b in bills] == [
        ("2026-03-02", "2026-04-01", "0.0"),
        ("2026-06-02", "2026-07-02", "90.0"),
    ]
    assert desk.books() == {"office": "150.00", "input_tax": "30.00", "bank": "-90.00", "payables": "-90.00"}
    assert [b["url"] for b in desk.get("bills", view="recurring")["bills"]] == [made["url"]]


def test_a_bill_recurs_under_its_reference_where_a_contact_has_each_once() -> None:
    desk = open_desk(App(), structs.replace(PLAN, settings={**PLAN.settings, "unique_bill_references": True}))
    desk.bill(desk.item("90.00"), recurring="Monthly", reference="Rent")
    after(desk, 31)
    first, again = desk.get("bills")["bills"]
    assert (again["reference"], again["dated_on"]) == ("Rent", "2026-04-02")
    assert desk.change(again["url"], "bill", comments="Seen")["reference"] == "Rent"
    taken = {"bill": {"contact": desk.contact("zenith"), "reference": "Rent"}}
    assert desk.send("PUT", again["url"], taken).status == 200
    assert desk.refused("PUT", again["url"], {"bill": {"contact": first["contact"]}}) == (
        "reference has already been taken"
    )


def test_what_was_deleted_or_told_to_stop_recurs_no_more(desk: Desk) -> None:
    gone, told = bus(desk, recurring="Weekly"), bus(desk, recurring="Weekly")
    desk.drop(gone["url"])
    changed = desk.change(told["url"], "expense", recurring=None)
    assert "next_recurs_on" not in changed
    after(desk, 30)
    assert len(desk.get("expenses")["expenses"]) == 1


def test_a_frequency_is_one_of_the_list(desk: Desk) -> None:
    given = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02", "description": "Bus"}
    body = {"expense": {**given, "gross_value": "-7.20", "recurring": "Daily"}}
    assert desk.refused("POST", "expenses", body) == "recurring is not included in the list"


@pytest.mark.parametrize(
    ("frequency", "following"),
    [
        ("Weekly", "2026-03-09"),
        ("Two Weekly", "2026-03-16"),
        ("Four Weekly", "2026-03-30"),
        ("Monthly", "2026-04-02"),
        ("Two Monthly", "2026-05-02"),
        ("Quarterly", "2026-06-02"),
        ("Biannually", "2026-09-02"),
        ("Annually", "2027-03-02"),
        ("2-Yearly", "2028-03-02"),
    ],
)
def test_miles_recur_at_every_frequency(desk: Desk, frequency: str, following: str) -> None:
    given = {"user": desk.me(), "category": "Mileage", "dated_on": "2026-03-02", "description": "Round"}
    given |= {"vehicle_type": "Car", "mileage": "40", "reclaim_mileage": 1, "recurring": frequency}
    made = desk.make("expenses", "expense", **given)
    assert (made["recurring"], made["next_recurs_on"]) == (frequency, following)
    days = (date.fromisoformat(following) - date(2026, 3, 2)).days
    after(desk, days - 1)
    assert desk.books()["249"] == "18.00"
    after(desk, 1)
    assert desk.books()["249"] == "36.00"
    (again,) = [e for e in desk.get("expenses")["expenses"] if "recurring" not in e]
    assert (again["dated_on"], again["mileage"], again["gross_value"]) == (following, "40.0", "-18.0")


def test_a_capital_asset_that_recurs_is_bought_with_the_same_profile(desk: Desk) -> None:
    profile = {"method": "straight_line", "asset_life_years": 4, "frequency": "annually"}
    item = {"category": f"{BASE}/v2/categories/602-2", "total_value": "400.00", "description": "Desk"}
    item |= {"sales_tax_rate": 0, "capital_asset": {"depreciation_profile": profile}}
    desk.bill(item, recurring="Monthly")
    after(desk, 31)
    assets = desk.get("capital_assets")["capital_assets"]
    assert [asset["purchased_on"] for asset in assets] == ["2026-03-02", "2026-04-02"]
    assert [asset["depreciation_profile"] for asset in assets] == [profile, profile]
    assert desk.books()["606-2"] == "-200.00"
