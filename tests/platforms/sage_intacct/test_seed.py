"""Opening companies: charts by country, labels, demo lists, native exports; and the bookkeeper's screens."""

import pytest
from tests.platforms.sage_intacct.desk import Desk, open_desk

from sandbooks.app import App
from sandbooks.ledger import PeriodClosed
from sandbooks.platform import CompanyPlan, load, platform_named
from sandbooks.platforms.sage_intacct.refusals import NotAllowed


def test_labels_are_accounts_of_the_book_and_entries_of_the_lists(desk: Desk) -> None:
    ledger = {account.id: account.currency for account in desk.company.book.accounts()}
    assert set(desk.labels["accounts"].values()) <= set(ledger)
    assert ledger[desk.account("dollars")] == "USD"
    cards = {row["CARDID"]: row["LIABILITYTYPE"] for row in desk.query("CREDITCARD", "CARDID", "LIABILITYTYPE")}
    assert cards[desk.account("visa")] == "Credit"
    assert cards[f"{desk.account('bank')}-DC"] == "Debit"
    banks = {
        row["BANKACCOUNTID"]: row["GLACCOUNTNO"]
        for row in desk.query("CHECKINGACCOUNT", "BANKACCOUNTID", "GLACCOUNTNO")
    }
    assert banks[desk.account("bank")] == desk.account("bank")
    assert {row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")} >= set(desk.labels["suppliers"].values())
    assert {"department/Sales", "department/Build", "project"} == set(desk.labels["tracking"])


@pytest.mark.parametrize(("country", "currency", "taxed"), [("GB", "GBP", True), ("US", "USD", False)])
def test_a_demo_company_has_cards_of_both_kinds_banks_people_and_dimensions(
    app: App, country: str, currency: str, taxed: bool
) -> None:
    desk = open_desk(app, CompanyPlan(country=country, demo=True))
    assert desk.company.currency == currency
    assert {row["LIABILITYTYPE"] for row in desk.query("CREDITCARD", "LIABILITYTYPE")} == {"Credit", "Debit"}
    for name in (
        "CHECKINGACCOUNT",
        "SAVINGSACCOUNT",
        "EMPLOYEE",
        "CUSTOMER",
        "DEPARTMENT",
        "LOCATION",
        "CLASS",
        "PROJECT",
        "ITEM",
        "EEACCOUNTLABEL",
    ):
        assert desk.query(name, "RECORDNO"), name
    assert bool(desk.query("TAXDETAIL", "DETAILID")) == taxed
    usual = load(platform_named("intacct").usual_accounts)(desk.company)
    assert ("input_tax" in usual) == taxed
    assert {"payables", "receivables", "exchange_differences", "rounding"} <= set(usual)


def test_an_opening_balance_stands_against_opening_equity(app: App) -> None:
    accounts = {
        "bank": {"type": "bank", "name": "Bank", "opening": "Dr 316.23 GBP"},
        "card": {"type": "credit_card", "name": "Card", "opening": "Cr 41.07 GBP"},
    }
    desk = open_desk(app, CompanyPlan(accounts=accounts))
    assert desk.books() == {"bank": "316.23", "card": "-41.07", "3000": "-275.16"}


def test_a_company_takes_over_rows_of_the_api(app: App) -> None:
    chart = {
        "GLACCOUNT": [{"ACCOUNTNO": "60100", "TITLE": "Trips", "RECORDNO": "9"}],
        "VENDOR": [{"VENDORID": "OLD-1", "NAME": "Old Friend"}],
    }
    desk = open_desk(app, CompanyPlan(chart=chart))
    assert any(account.id == "60100" for account in desk.company.book.accounts())
    assert "OLD-1" in {row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")}


def test_two_companies_of_one_name_have_ids_of_their_own(app: App) -> None:
    first, second = (open_desk(app, CompanyPlan(name="Same Ltd")).company.id for _ in range(2))
    assert (first, second) == ("sameltd", "sameltd-2")


def test_credentials_and_environment_name_what_clients_need(desk: Desk) -> None:
    seed = platform_named("sage_intacct").load_seed()
    environment = seed.environment("http://127.0.0.1:8019/sage_intacct", desk.company, desk.credentials)
    assert environment["INTACCT_ENDPOINT_URL"] == "http://127.0.0.1:8019/sage_intacct/ia/xml/xmlgw.phtml"
    assert {
        "sender_id",
        "sender_password",
        "user_id",
        "user_password",
        "company_id",
        "client_id",
        "access_token",
    } <= set(desk.credentials)


def test_the_bookkeeper_works_under_the_platforms_own_rules(desk: Desk) -> None:
    keeper = platform_named("sage_intacct").load_bookkeeper()
    bill, charge = desk.bill("20.00"), desk.charge("7.00")
    with desk.world.unit():
        keeper.edit(desk.company, "APBILL", bill, {"DESCRIPTION": "Seen"})
        keeper.void(desk.company, "CCTRANSACTION", charge)
        keeper.rename_contact(desk.company, desk.labels["suppliers"]["acme"], "Acme Wood")
        keeper.archive_account(desk.company, desk.account("travel"))
        keeper.restore_account(desk.company, desk.account("travel"))
    assert desk.books() == {"office": "20.00", "payables": "-20.00"}
    assert "Acme Wood" in {row["NAME"] for row in desk.query("VENDOR", "NAME")}
    desk.charge("1.00")
    desk.payment(bill, "20.00")
    with desk.world.unit(), pytest.raises(NotAllowed):
        keeper.delete(desk.company, "APBILL", bill)
    other = desk.bill("3.00", number="B-2")
    with desk.world.unit():
        keeper.lock_period(desk.company, "2026-03-31")
    with pytest.raises(PeriodClosed), desk.world.unit():
        keeper.delete(desk.company, "APBILL", other)
