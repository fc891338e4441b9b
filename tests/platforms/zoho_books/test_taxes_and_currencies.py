"""Taxes, tax groups, currencies and their rates."""

from typing import Any

import pytest
from tests.platforms.zoho_books.desk import TODAY, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan


def test_a_tax_group_sums_its_members_and_posts_to_their_accounts() -> None:
    accounts: dict[str, Any] = {
        "travel": {"type": "expense", "name": "Trips"},
        "visa": {"type": "credit_card", "name": "Corporate Card"},
    }
    desk = open_desk(App(), CompanyPlan(country="IN", accounts=accounts))
    url = f"https://www.zohoapis.in/books/v3/expenses?organization_id={desk.company.id}"
    given = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": 100,
        "tax_id": desk.tax("GST18"),
    }
    assert desk.send("POST", url, given).status == 200
    assert desk.books() == {"travel": "100.00", "Input CGST": "9.00", "Input SGST": "9.00", "visa": "-118.00"}


def test_taxes_are_made_grouped_and_kept_while_used(desk: Desk) -> None:
    one = desk.make("settings/taxes", "tax", tax_name="Levy", tax_percentage="3")
    group = desk.make(
        "settings/taxgroups", "tax_group", tax_group_name="Both", taxes=[one["tax_id"], desk.tax("Reduced Rate")]
    )
    assert str(group["tax_group_percentage"]) == "8"
    assert desk.refused("POST", "settings/taxes", {"tax_name": "Levy", "tax_percentage": 1})[0] == 4
    assert desk.refused("DELETE", f"settings/taxes/{one['tax_id']}")[0] == 36
    desk.expense("50.00", tax_id=group["tax_group_id"])
    assert desk.books() == {"travel": "50.00", "input_tax": "4.00", "visa": "-54.00"}
    assert desk.refused("DELETE", f"settings/taxgroups/{group['tax_group_id']}")[0] == 36


def test_currencies_and_rates_are_kept_by_day(desk: Desk) -> None:
    krona = desk.make("settings/currencies", "currency", currency_code="SEK")
    path = f"settings/currencies/{krona['currency_id']}"
    assert desk.refused("POST", "settings/currencies", {"currency_code": "SEK"})[0] == 4
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "date": TODAY}
    given |= {"amount": 5, "currency_id": krona["currency_id"]}
    assert desk.refused("POST", "expenses", given)[0] == 12011
    rate = desk.make(f"{path}/exchangerates", "exchange_rate", effective_date="2026-03-01", rate="0.074")
    desk.change(f"{path}/exchangerates/{rate['exchange_rate_id']}", "exchange_rate", rate="0.075")
    assert str(desk.make("expenses", "expense", **given)["exchange_rate"]) == "0.075"
    assert desk.refused("DELETE", path)[0] == 12012
    base = desk.currency("GBP")
    assert desk.refused("POST", f"settings/currencies/{base}/exchangerates", {"rate": 2})[0] == 12013


@pytest.mark.parametrize("kind", ["reverse_charge_tax_id", "acquisition_vat_id"])
def test_a_bill_line_shows_tax_that_the_buyer_accounts_for(desk: Desk, kind: str) -> None:
    bill = desk.bill(desk.line("30.00", **{kind: desk.tax("Standard Rate")}))
    assert str(bill["line_items"][0][f"{kind.removesuffix('_id')}_amount"]) == "6.00"
    assert desk.books() == {"office": "30.00", "payables": "-30.00", "input_tax": "6.00", "output_tax": "-6.00"}
    credit = desk.credit(desk.line("10.00", **{kind: desk.tax("Standard Rate")}))
    assert str(credit["total"]) == "10.00"
    assert desk.expense("5.00", **{kind: desk.tax("Standard Rate")})["total"] == 5
