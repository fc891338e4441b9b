"""The settings that a company is opened with: each stands in the contract, and no other is taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec import structs
from tests.platforms.freeagent.desk import PLAN, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.freeagent.api.company import _SHOWN
from sandbooks.platforms.freeagent.switches import SETTINGS
from sandbooks.settings import read_contract


def test_every_setting_is_in_the_contract() -> None:
    told = read_contract("platforms", "freeagent", "switches.yaml")["company"]
    assert set(told) == set(SETTINGS)
    assert set(SETTINGS).issuperset(_SHOWN)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {"revalue_open_item": True},
            "freeagent has no setting 'revalue_open_item'. Did you mean `revalue_open_items`",
        ),
        ({"cis_contractor": "yes"}, "cis_contractor is true or false, not 'yes'"),
        ({"type": "UkLtd"}, "type is one of UkLimitedCompany, "),
        ({"freeagent_start_date": "1.4.2025"}, "freeagent_start_date is a day (2026-03-31), not '1.4.2025'"),
        ({"sales_tax_rates": "20.0"}, "sales_tax_rates is a list, each of which is a number, not '20.0'"),
        ({"sales_tax_rates": ["20%"]}, "sales_tax_rates is a list, each of which is a number"),
        ({"exchange_rates": {"USD": {"soon": "0.8"}}}, "exchange_rates is a mapping from a currency to a rate above 0"),
        ({"exchange_rates": {"USD": "-1"}}, "exchange_rates is a mapping from a currency"),
        ({"errors": {"PeriodClosd": {"message": "x"}}}, "errors is a mapping from a refusal to a mapping of message "),
        ({"errors": {"PeriodClosed": {"status": 409}}}, "errors is a mapping from a refusal"),
        ({"errors": {"Missing": {"message": "x", "status": 200}}}, "errors is a mapping from a refusal"),
        ({"exchange_rates": {"usd": "0.8"}}, "exchange_rates is a mapping from a currency to a rate above 0 or "),
        ({"website": 4}, "website is text, not 4"),
    ],
)
def test_a_setting_that_is_misspelt_or_of_another_shape_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}"):
        open_desk(App(), CompanyPlan(settings=settings))


def test_a_company_words_its_refusals_as_it_was_seen_to() -> None:
    worded = {"PeriodClosed": {"message": "Locked."}, "Missing": {"message": "Gone", "status": 410}}
    desk = open_desk(App(), structs.replace(PLAN, settings={"errors": worded}))
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    assert desk.refused("POST", "bills", {"bill": {**given, "bill_items": [desk.item("4.00")]}}) == "Locked."
    assert desk.refused("GET", "bills/4", status=410) == "Gone"


@pytest.mark.parametrize(("settings", "taken"), [({}, False), ({"unlisted_tax_rates": "taken"}, True)])
def test_a_company_takes_rates_that_are_not_on_its_list_or_not(settings: dict[str, Any], taken: bool) -> None:
    desk = open_desk(App(), structs.replace(PLAN, settings=settings))
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    body = {"bill": {**given, "bill_items": [desk.item("112.50", sales_tax_rate="12.5")]}}
    if not taken:
        assert desk.refused("POST", "bills", body) == "bill_items.sales_tax_rate is not included in the list"
        return
    assert desk.send("POST", "bills", body).status == 201
    assert desk.books()["input_tax"] == "12.50"
    body["bill"]["bill_items"] = [desk.item("1.00", sales_tax_rate="-1")]
    assert desk.refused("POST", "bills", body) == "bill_items.sales_tax_rate is not included in the list"


def test_a_company_may_take_each_reference_of_a_contact_once() -> None:
    desk = open_desk(App(), structs.replace(PLAN, settings={"unique_bill_references": True}))
    first = desk.bill(desk.item("10.00"), reference="Inv 7")
    given = {"contact": desk.contact("acme"), "reference": "INV 7", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    taken = {"bill": {**given, "bill_items": [desk.item("4.00")]}}
    assert desk.refused("POST", "bills", taken) == "reference has already been taken"
    other = desk.bill(desk.item("5.00"), reference="Inv 7", contact=desk.contact("zenith"))
    assert desk.refused("PUT", other["url"], {"bill": {"contact": desk.contact("acme")}}) == (
        "reference has already been taken"
    )
    assert desk.change(first["url"], "bill", comments="Seen")["reference"] == "Inv 7"
    desk.drop(first["url"])
    assert desk.change(other["url"], "bill", contact=desk.contact("acme"))["reference"] == "Inv 7"


def test_references_of_bills_are_taken_twice_unless_the_company_says_otherwise() -> None:
    desk = open_desk(App())
    assert len({desk.bill(desk.item("10.00"), reference="Inv 7")["url"] for _ in range(2)}) == 2
