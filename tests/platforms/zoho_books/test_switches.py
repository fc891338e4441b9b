"""The settings that an organisation is opened with: each stands in the contract, and no other is taken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.platforms.zoho_books.desk import open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan
from sandbooks.platforms import zoho_books
from sandbooks.platforms.zoho_books.switches import SETTINGS
from sandbooks.settings import read_contract


def test_every_setting_is_in_the_contract() -> None:
    told = read_contract("platforms", "zoho_books", "switches.yaml")["organisation"]
    assert set(told) == set(SETTINGS)
    sources = "".join(path.read_text() for path in Path(str(zoho_books.__file__)).parent.rglob("*.py"))
    assert set(re.findall(r"settings(?:\.get\(|\[)\s*\"(\w+)\"", sources)) <= set(told)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"plan_nam": "FREE"}, "zoho_books has no setting 'plan_nam'. Did you mean `plan_name`?"),
        ({"plan_name": "GOLD"}, "plan_name is one of FREE, STANDARD, "),
        ({"files_max": "3"}, "files_max is a whole number from 0, not '3'"),
        ({"files_max": True}, "files_max is a whole number from 0, not True"),
        ({"minute_block": {"minute": 2}}, "minute_block is a mapping of minutes (a whole number from 0), "),
        ({"errors": {"PeriodClosd": {"code": 4}}}, "errors is a mapping from a refusal to a mapping of status "),
        ({"errors": {"PeriodClosed": {"code": "4"}}}, "errors is a mapping from a refusal"),
        ({"custom_fields": {"bill": {"api_name": "cf"}}}, "custom_fields is a mapping from a module to a list, "),
        ({"custom_fields": {"bils": []}}, "custom_fields is a mapping from a module to a list, "),
        ({"custom_fields": {"bill": [{"api_name": "cf"}]}}, "custom_fields is a mapping from a module to a list, "),
        ({"webhook": {"method": "GET"}}, "webhook is a mapping of method (one of POST, PUT, DELETE), "),
        ({"fiscal_year_start_month": 12}, "fiscal_year_start_month is a month from 0 to 11, not 12"),
        ({"account_created_date": "2025-13-01"}, "account_created_date is a day (2026-03-31), not '2025-13-01'"),
        ({"advisory_fuel_rates": {"coal": {"1400": "0.1"}}}, "advisory_fuel_rates is a mapping from a fuel to "),
        ({"exchange_rates": {"usd": "0.8"}}, "exchange_rates is a mapping from a currency to a rate above 0 or "),
        ({"exchange_rates": [1]}, "exchange_rates is a mapping from a currency to a rate above 0 or "),
    ],
)
def test_a_setting_that_is_misspelt_or_of_another_shape_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}"):
        open_desk(App(), CompanyPlan(settings=settings))


def test_settings_of_the_right_shape_are_taken() -> None:
    field = {"customfield_id": "460000000010099", "api_name": "cf_trip", "label": "Trip", "data_type": "string"}
    settings = {
        "errors": {"bill_number_exists": {"code": 13099, "status": 409, "message": "Taken."}},
        "custom_fields": {"bill": [{**field, "is_unique": True}]},
        "webhook": {"method": "PUT", "payload": "JSONString", "headers": {"X-A": "1"}},
        "minute_block": {"minutes": 0},
        "exchange_rates": {"USD": "0.8", "EUR": {"2026-01-01": "0.85"}},
    }
    desk = open_desk(App(), CompanyPlan(settings=settings))
    assert desk.company.settings["custom_fields"] == settings["custom_fields"]
