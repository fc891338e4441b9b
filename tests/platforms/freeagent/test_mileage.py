"""Mileage expenses: miles at the approved allowance, owed to whoever drove them."""

import pytest
from tests.platforms.freeagent.desk import BASE, Desk, open_desk

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan


def drive(desk: Desk, miles: str, **members: object) -> dict[str, object]:
    given = {"user": desk.me(), "category": "Mileage", "dated_on": "2026-03-02", "description": "Site visit"}
    made = desk.make("expenses", "expense", **{**given, "vehicle_type": "Car", "mileage": miles, **members})
    assert isinstance(made, dict)
    return made


def claim(desk: Desk) -> str:
    return desk.books().get(f"905-{desk.me().rpartition('/')[2]}", "0.00")


def test_miles_are_reclaimed_at_the_rate_of_the_vehicle(desk: Desk) -> None:
    made = drive(desk, "40", reclaim_mileage=1)
    assert (made["gross_value"], made["initial_rate_mileage"]) == ("-18.0", "0.45")
    assert str(made["category"]).endswith("/v2/categories/249")
    assert desk.get("categories/249")["admin_expenses_categories"]["description"] == "Mileage"
    assert (made["engine_type"], made["engine_size"]) == ("Petrol", "Up to 1400cc")
    assert desk.books()["249"] == "18.00"
    bike = drive(desk, "15", vehicle_type="Bicycle", reclaim_mileage="1")
    assert (bike["gross_value"], "engine_type" in bike) == ("-3.0", False)
    assert claim(desk) == "-21.00"
    assert desk.change(str(made["url"]), "expense", mileage="60")["gross_value"] == "-27.0"
    desk.drop(str(bike["url"]))
    assert claim(desk) == "-27.00"


@pytest.mark.parametrize(("day", "gross"), [("1969-12-31", "-16.0"), ("2100-01-01", "-18.0")])
def test_days_before_and_after_all_tables_have_the_nearest_rate(desk: Desk, day: str, gross: str) -> None:
    assert drive(desk, "40", dated_on=day, reclaim_mileage=1)["gross_value"] == gross


def test_the_category_is_named_by_its_address_as_well(desk: Desk) -> None:
    made = drive(desk, "40", reclaim_mileage=1, category=f"{BASE}/v2/categories/249")
    assert made["gross_value"] == "-18.0"


def test_miles_beyond_the_limit_of_a_tax_year_count_less(desk: Desk) -> None:
    drive(desk, "9990", reclaim_mileage=1)
    made = drive(desk, "30", reclaim_mileage=1)
    # 10 miles at 0.45 and 20 at 0.25
    assert (made["gross_value"], made["reclaim_mileage_rate"]) == ("-9.5", "0.25")
    assert drive(desk, "30", reclaim_mileage=1, dated_on="2026-04-06")["gross_value"] == "-13.5"


def test_miles_that_are_not_reclaimed_are_kept_and_cost_nothing(desk: Desk) -> None:
    made = drive(desk, "40", rebill_mileage_rate="0.6")
    assert (made["gross_value"], made["reclaim_mileage"], made["rebill_mileage_rate"]) == ("0.0", 0, "0.6")
    assert desk.books() == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mileage": ""}, "mileage can't be blank"),
        ({"mileage": "-4"}, "mileage must be greater than 0"),
        ({"vehicle_type": "Boat"}, "vehicle_type is not included in the list"),
        ({"vehicle_type": None}, "vehicle_type can't be blank"),
        ({"engine_type": "Electric"}, "engine_type is not included in the list"),
        ({"engine_size": "Up to 1600cc"}, "engine_size is not included in the list"),
    ],
)
def test_a_wrong_claim_is_refused(desk: Desk, change: dict[str, object], says: str) -> None:
    given = {"user": desk.me(), "category": "Mileage", "dated_on": "2026-03-02", "description": "x"}
    body = {"expense": {**given, "vehicle_type": "Car", "mileage": "4", "reclaim_mileage": 1, **change}}
    assert desk.refused("POST", "expenses", body) == says


def test_the_settings_tell_engines_and_rates_by_day(desk: Desk) -> None:
    told = desk.get("expenses/mileage_settings")["mileage_settings"]
    assert told["mileage_rates"][-1]["value"]["Car"] == {"basic_rate": "0.45", "additional_rate": "0.25"}
    assert "Electric" in told["engine_type_and_size_options"][2]["value"]
    with pytest.raises(NotSimulated):
        open_desk(App(), CompanyPlan(country="US")).get("expenses/mileage_settings")


def test_a_claim_becomes_one_of_miles_and_back(desk: Desk) -> None:
    given = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02", "description": "Round"}
    made = desk.make("expenses", "expense", **given, gross_value="-9.60", sales_tax_rate="20.0")
    miles = {"category": "Mileage", "mileage": "40", "vehicle_type": "Car", "reclaim_mileage": 1}
    assert desk.change(made["url"], "expense", **miles)["gross_value"] == "-18.0"
    assert desk.books() == {"249": "18.00", desk.me_account(): "-18.00"}
    spent = {"category": desk.category("travel"), "gross_value": "-9.60", "sales_tax_rate": "20.0"}
    assert "mileage" not in desk.change(made["url"], "expense", **spent)
    assert desk.books() == {"travel": "8.00", "input_tax": "1.60", desk.me_account(): "-9.60"}
