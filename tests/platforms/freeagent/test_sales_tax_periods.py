"""Sales tax periods: what a company outside the United Kingdom charges from a day on."""

import pytest
from tests.platforms.freeagent.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named

GST = {
    "sales_tax_name": "GST",
    "sales_tax_registration_status": "Registered",
    "sales_tax_rate_1": "10",
    "sales_tax_rate_2": "0",
    "sales_tax_is_value_added": True,
    "sales_tax_registration_number": "51 824 753 556",
    "effective_date": "2026-03-01",
}


@pytest.fixture
def abroad() -> Desk:
    return open_desk(App(), CompanyPlan(country="AU", accounts=PLAN.accounts, suppliers=PLAN.suppliers))


def test_documents_take_the_tax_of_their_day(abroad: Desk) -> None:
    made = abroad.make("sales_tax_periods", "sales_tax_period", **GST)
    assert (made["sales_tax_rate_1"], made["sales_tax_rate_2"], made["is_locked"]) == ("10.0", "0.0", False)
    before = abroad.explain("bank", "-33.00", dated_on="2026-02-28", sales_tax_rate="10")
    after = abroad.explain("bank", "-66.00", dated_on="2026-03-02", sales_tax_rate="10")
    assert (before["sales_tax_value"], after["sales_tax_value"]) == ("0.0", "-6.0")
    assert abroad.books() == {"travel": "93.00", "input_tax": "6.00", "bank": "-99.00"}
    abroad.make(
        "sales_tax_periods", "sales_tax_period", **{**GST, "effective_date": "2025-07-01", "sales_tax_rate_1": 5}
    )
    abroad.change(made["url"], "sales_tax_period", effective_date=abroad.world.clock.today().isoformat())
    company = abroad.get("company")["company"]
    assert (company["sales_tax_name"], company["sales_tax_rates"]) == ("GST", ["10.0", "0.0"])


def test_a_second_tax_is_for_universal_companies(abroad: Desk) -> None:
    second = {"second_sales_tax_name": "PST", "second_sales_tax_rate_1": "7", "second_sales_tax_is_compound": False}
    made = abroad.make("sales_tax_periods", "sales_tax_period", **GST, **second)
    assert made["second_sales_tax_rate_1"] == "7.0"
    states = open_desk(App(), CompanyPlan(country="US"))
    assert "second_sales_tax_name" not in states.make("sales_tax_periods", "sales_tax_period", **GST, **second)


def test_a_locked_period_stays_as_it_is(abroad: Desk) -> None:
    made = abroad.make("sales_tax_periods", "sales_tax_period", **GST)
    assert abroad.change(made["url"], "sales_tax_period", sales_tax_name="VAT")["sales_tax_name"] == "VAT"
    with abroad.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(abroad.company, "2026-03-31")
    shown = abroad.get("sales_tax_periods")["sales_tax_periods"]
    assert [(one["is_locked"], bool(one["locked_reason"])) for one in shown] == [(True, True)]
    assert abroad.refused("DELETE", made["url"])
    assert abroad.refused("PUT", made["url"], {"sales_tax_period": {"sales_tax_name": "x"}})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sales_tax_name": ""}, "sales_tax_name can't be blank"),
        ({"sales_tax_rate_1": None}, "sales_tax_rate_1 can't be blank"),
        ({"sales_tax_rate_2": "101"}, "sales_tax_rate_2 must be between 0 and 100"),
        ({"effective_date": "soon"}, "effective_date is invalid"),
        ({"sales_tax_is_value_added": None}, "sales_tax_is_value_added can't be blank"),
    ],
)
def test_a_wrong_period_is_refused(abroad: Desk, change: dict[str, object], says: str) -> None:
    assert abroad.refused("POST", "sales_tax_periods", {"sales_tax_period": {**GST, **change}}) == says


def test_a_company_of_the_united_kingdom_has_none(desk: Desk) -> None:
    assert desk.refused("GET", "sales_tax_periods", status=403) == "You are not allowed to access this action."
    assert desk.refused("POST", "sales_tax_periods", {"sales_tax_period": GST}, status=403)


def test_a_currency_that_the_service_does_not_list_is_refused(desk: Desk) -> None:
    given = {"name": "Dinar", "currency": "BHD"}
    assert desk.refused("POST", "bank_accounts", {"bank_account": given}) == "currency is not included in the list"
