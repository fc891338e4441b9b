"""Companies: what a plan names, what an export brings, and what the bookkeeper does to them."""

import pytest
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.freeagent.refusals import Invalid, Missing


def test_a_demo_company_has_banks_a_card_and_suppliers() -> None:
    desk = open_desk(App(), CompanyPlan(country="GB", demo=True))
    found = {a["name"]: (a["type"], a["currency"]) for a in desk.get("bank_accounts")["bank_accounts"]}
    assert found == {
        "Business Current Account": ("StandardBankAccount", "GBP"),
        "Business Card": ("CreditCardAccount", "GBP"),
        "USD Account": ("StandardBankAccount", "USD"),
    }
    assert len(desk.get("contacts")["contacts"]) == 3
    company = desk.get("company")["company"]
    assert (company["sales_tax_registration_status"], company["sales_tax_rates"]) == (
        "Registered",
        ["20.0", "5.0", "0.0"],
    )


def test_the_same_seed_gives_the_same_ids_and_credentials() -> None:
    first, second = open_desk(App()), open_desk(App())
    assert (first.labels, first.credentials) == (second.labels, second.credentials)
    assert set(first.credentials) == {"client_id", "client_secret", "access_token", "refresh_token"}


def test_the_environment_names_the_base_that_clients_want(desk: Desk) -> None:
    seed = platform_named("freeagent").load_seed()
    named = seed.environment("http://127.0.0.1:8019/freeagent", desk.company, desk.credentials)
    assert named["FREEAGENT_API_BASE_URL"] == "http://127.0.0.1:8019/freeagent/v2/"
    assert named["FREEAGENT_ACCESS_TOKEN"] == desk.credentials["access_token"]


def test_labels_name_categories_by_code_and_bank_accounts_by_id() -> None:
    plan = CompanyPlan(
        accounts={
            "meals": {"type": "expense", "name": "Accommodation and Meals"},
            "timber": {"type": "cost_of_sales", "name": "Timber", "code": "151", "tax": "reduced", "opening": ""},
            "loan": {"type": "long_term_liability", "name": "Loan", "opening": "Cr 900.00 GBP"},
            "card": {"type": "credit_card", "name": "Card", "opening": "Cr 41.50 GBP"},
        },
        taxes={"reduced": {"rate": "5%"}, "odd": {"rate": "12.5%"}},
        tracking={"site": {"name": "Site", "options": ["North", "South"]}},
    )
    desk = open_desk(App(), plan)
    accounts = desk.labels["accounts"]
    assert (accounts["meals"], accounts["timber"], accounts["payables"]) == ("285", "151", "796")
    assert desk.labels["taxes"] == {"reduced": "5.0", "odd": "12.5"}
    assert "12.5" in desk.get("company")["company"]["sales_tax_rates"]
    assert desk.get("categories/151")["cost_of_sales_categories"]["auto_sales_tax_rate"] == "Reduced rate"
    assert desk.get(f"bank_accounts/{accounts['card']}")["bank_account"]["current_balance"] == "-41.5"
    assert set(desk.labels["tracking"]) == {"site/North", "site/South"}
    assert desk.books() == {"loan": "-900.00", "card": "-41.50", "999": "941.50"}


def test_a_company_takes_over_the_lists_of_a_native_export() -> None:
    zero = {"auto_sales_tax_rate": "Zero rate"}
    export = [
        {"admin_expenses_categories": [{"nominal_code": "285", "description": "Hotels"}]},
        {"cost_of_sales_categories": [{"nominal_code": "177", "description": "Freight", **zero}]},
        {"contacts": [{"organisation_name": "Juniper Post"}], "bank_accounts": [{"name": "Main", "currency": "GBP"}]},
    ]
    desk = open_desk(App(), CompanyPlan(chart=export))
    assert desk.get("categories/285")["admin_expenses_categories"]["description"] == "Hotels"
    assert desk.get("categories/177")["cost_of_sales_categories"]["auto_sales_tax_rate"] == "Zero rate"
    assert [c["organisation_name"] for c in desk.get("contacts")["contacts"]] == ["Juniper Post"]
    assert [a["name"] for a in desk.get("bank_accounts")["bank_accounts"]] == ["Main"]


def test_a_company_of_another_country_is_universal_with_a_second_tax() -> None:
    settings = {
        "sales_tax_registration_status": "Registered",
        "sales_tax_rates": ["5.0", "0.0"],
        "second_sales_tax_rates": ["7.0"],
    }
    desk = open_desk(App(), CompanyPlan(country="CA", accounts=PLAN.accounts, settings=settings))
    made = desk.explain("bank", "-112.00", sales_tax_rate="5.0", second_sales_tax_rate="7.0")
    assert (made["sales_tax_value"], made["second_sales_tax_value"]) == ("-5.0", "-7.0")
    assert desk.books() == {"travel": "100.00", "input_tax": "12.00", "bank": "-112.00"}
    assert desk.get("company")["company"]["type"] == "UniversalCompany"


def test_the_bookkeeper_edits_renames_deletes_and_cannot_void(desk: Desk) -> None:
    keeper = platform_named("freeagent").load_bookkeeper()
    made = desk.explain("bank", "-12.00", sales_tax_rate=0)
    id = made["url"].rpartition("/")[2]
    with desk.world.unit():
        keeper.edit(desk.company, "bank_transaction_explanation", id, {"gross_value": "-13.00"})
        keeper.rename_contact(desk.company, desk.labels["suppliers"]["acme"], "Acme Hardwood")
    assert desk.books() == {"travel": "13.00", "bank": "-13.00"}
    assert desk.get(desk.contact("acme"))["contact"]["organisation_name"] == "Acme Hardwood"
    with pytest.raises(Invalid), desk.world.unit():
        keeper.edit(desk.company, "bank_transaction_explanation", id, {"gross_value": "x"})
    with desk.world.unit():
        keeper.delete(desk.company, "bank_transaction_explanation", id)
    assert desk.books() == {}
    with pytest.raises(Missing), desk.world.unit():
        keeper.delete(desk.company, "bank_transaction_explanation", id)
    with pytest.raises(NotSimulated):
        keeper.void(desk.company, "bill", "1")


def test_an_archived_account_is_hidden_and_its_history_stays(desk: Desk) -> None:
    keeper = platform_named("freeagent").load_bookkeeper()
    made = desk.explain("visa", "-12.00", sales_tax_rate=0)
    with desk.world.unit():
        keeper.archive_account(desk.company, desk.labels["accounts"]["visa"])
    assert desk.get(desk.account("visa"))["bank_account"]["status"] == "hidden"
    assert desk.get(made["url"])
    assert desk.send("GET", f"{BASE}/v2/bank_accounts", view="credit_card_accounts").status == 200
    desk.drop(made["url"])
    assert desk.books() == {}
