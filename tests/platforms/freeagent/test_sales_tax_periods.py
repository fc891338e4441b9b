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
    given = {"name": "Dinar", "currency": "BHD", "opening_balance": "0"}
    assert desk.refused("POST", "bank_accounts", {"bank_account": given}) == "currency is not included in the list"


SECOND = {"second_sales_tax_name": "PST", "second_sales_tax_rate_1": "7", "second_sales_tax_is_compound": False}


@pytest.fixture
def twice(abroad: Desk) -> Desk:
    """A company with a second tax, which is not compound."""
    abroad.make("sales_tax_periods", "sales_tax_period", **GST, **SECOND)
    return abroad


TAXED = {"sales_tax_rate": "10", "second_sales_tax_rate": "7"}


def test_a_second_tax_is_reclaimed_on_every_kind_of_purchase(twice: Desk) -> None:
    made = twice.explain("bank", "-117.00", **TAXED)
    told = ("sales_tax_value", "second_sales_tax_status", "second_sales_tax_rate", "second_sales_tax_value")
    assert [made[name] for name in told] == ["-10.0", "TAXABLE", "7.0", "-7.0"]
    assert twice.books() == {"travel": "100.00", "input_tax": "17.00", "bank": "-117.00"}
    bill = twice.bill(twice.item("234.00", **TAXED))
    assert (bill["sales_tax_value"], bill["second_sales_tax_value"]) == ("-20.0", "-14.0")
    claim = {"user": twice.me(), "category": twice.category("travel"), "dated_on": "2026-03-02", "description": "Bus"}
    expense = twice.make("expenses", "expense", **claim, gross_value="-351.00", **TAXED)
    assert (expense["native_sales_tax_value"], expense["second_sales_tax_value"]) == ("-30.0", "-21.0")
    assert twice.books() == {
        "travel": "400.00",
        "office": "200.00",
        "input_tax": "102.00",
        "bank": "-117.00",
        "payables": "-234.00",
        twice.me_account(): "-351.00",
    }


def test_one_tax_may_be_owed_without_the_other(twice: Desk) -> None:
    first = twice.explain("bank", "-110.00", **TAXED, second_sales_tax_status="EXEMPT")
    assert (first["sales_tax_value"], first["second_sales_tax_status"]) == ("-10.0", "EXEMPT")
    assert first["second_sales_tax_value"] == "0.0"
    second = twice.explain("bank", "-214.00", sales_tax_status="OUT_OF_SCOPE", second_sales_tax_rate="7")
    assert (second["sales_tax_status"], second["sales_tax_value"]) == ("OUT_OF_SCOPE", "0.0")
    assert second["second_sales_tax_value"] == "-14.0"
    assert twice.books()["input_tax"] == "24.00"


def test_a_typed_amount_stands_beside_the_second_tax(twice: Desk) -> None:
    typed = {"manual_sales_tax_amount": "10.00", "second_sales_tax_rate": "7"}
    made = twice.explain("bank", "-224.00", **typed)
    assert (made["manual_sales_tax_amount"], made["second_sales_tax_value"]) == ("10.0", "-14.0")
    item = twice.item("", total_value_ex_tax="200.00", **typed)
    (shown,) = twice.bill({n: v for n, v in item.items() if n != "total_value"})["bill_items"]
    assert (shown["total_value"], shown["second_sales_tax_value"]) == ("224.0", "-14.0")


def test_a_compound_tax_is_on_top_of_the_first(abroad: Desk) -> None:
    compound = {**SECOND, "second_sales_tax_is_compound": True}
    abroad.make("sales_tax_periods", "sales_tax_period", **GST, **compound)
    made = abroad.explain("bank", "-117.70", **TAXED)
    assert (made["sales_tax_value"], made["second_sales_tax_value"]) == ("-10.0", "-7.7")
    company = abroad.get("company")["company"]
    assert (company["second_sales_tax_rates"], company["second_sales_tax_is_compound"]) == (["7.0"], True)


def test_a_rate_that_the_second_tax_has_not_is_refused(twice: Desk) -> None:
    given = {
        "bank_account": twice.account("bank"),
        "dated_on": "2026-03-02",
        "gross_value": "-5.00",
        "description": "x",
    }
    body = {**given, "category": twice.category("travel"), "sales_tax_rate": "10", "second_sales_tax_rate": "8"}
    says = twice.refused("POST", "bank_transaction_explanations", {"bank_transaction_explanation": body})
    assert says == "second_sales_tax_rate is not included in the list"
