"""Bills paid by hire purchase: their liability stands on accounts of their own, and payments bring it down."""

import pytest
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan

VAN = {"category": f"{BASE}/v2/categories/602-3", "total_value": "9000.00", "description": "Van", "sales_tax_rate": 0}


def hired(desk: Desk, **members: object) -> dict[str, str]:
    given = {"is_paid_by_hire_purchase": True, "due_on": "2029-03-02", "reference": "HP 7", **members}
    made: dict[str, str] = desk.bill(VAN, **given)
    return made


def test_a_bill_paid_by_hire_purchase_is_owed_on_an_account_of_its_own(desk: Desk) -> None:
    made = hired(desk)
    assert made["is_paid_by_hire_purchase"] is True
    assert desk.books() == {"602-3": "9000.00", "793-1": "-9000.00"}
    (purchase,) = desk.get("hire_purchases")["hire_purchases"]
    assert purchase == {
        "url": purchase["url"],
        "description": "HP 7",
        "bill": made["url"],
        "liabilities_over_one_year_category": f"{BASE}/v2/categories/793-1",
        "liabilities_under_one_year_category": f"{BASE}/v2/categories/792-1",
    }
    assert desk.get(purchase["url"])["hire_purchase"] == purchase
    one = desk.get("categories/793-1")["general_categories"]
    assert (one["hire_purchase"], one["description"]) == (purchase["url"], "Hire Purchase Liabilities > 1 Year: HP 7")
    assert [b["url"] for b in desk.get("bills", view="hire_purchase")["bills"]] == [made["url"]]
    desk.bill(desk.item("5.00"))
    assert len(desk.get("bills", view="hire_purchase")["bills"]) == 1


def test_an_agreement_that_ends_within_a_year_is_owed_under_one_year(desk: Desk) -> None:
    hired(desk, due_on="2027-03-02")
    assert desk.books()["792-1"] == "-9000.00"


def test_instalments_pay_the_bill(desk: Desk) -> None:
    made = hired(desk)
    desk.explain("bank", "-250.00", paid_bill=made["url"], description="")
    assert desk.books() == {"602-3": "9000.00", "793-1": "-8750.00", "bank": "-250.00"}
    shown = desk.get(made["url"])["bill"]
    assert (shown["status"], shown["due_value"], shown["paid_value"]) == ("Open", "8750.0", "250.0")
    body = {"bill": {"is_paid_by_hire_purchase": False}}
    says = "is_paid_by_hire_purchase can't be changed once the bill has payments"
    assert desk.refused("PUT", made["url"], body) == says
    desk.change(made["url"], "bill", due_on="2026-06-01")
    assert desk.books()["793-1"] == "-8750.00"


def test_a_hire_purchase_comes_and_goes_with_what_its_bill_says(desk: Desk) -> None:
    made = hired(desk)
    (purchase,) = desk.get("hire_purchases")["hire_purchases"]
    desk.change(made["url"], "bill", is_paid_by_hire_purchase=False)
    assert desk.books() == {"602-3": "9000.00", "payables": "-9000.00"}
    assert desk.send("GET", purchase["url"]).status == 404
    desk.change(made["url"], "bill", is_paid_by_hire_purchase=True, reference="HP 8")
    assert desk.get("hire_purchases")["hire_purchases"][0]["description"] == "HP 8"
    desk.drop(made["url"])
    assert desk.get("hire_purchases")["hire_purchases"] == []
    assert desk.books() == {}


def test_money_out_and_journals_may_name_the_liability(desk: Desk) -> None:
    hired(desk)
    desk.explain("bank", "-40.00", category=f"{BASE}/v2/categories/793-1", description="Instalment")
    entries = [
        {"category": f"{BASE}/v2/categories/793-1", "debit_value": "3000.00"},
        {"category": f"{BASE}/v2/categories/792-1", "debit_value": "-3000.00"},
    ]
    desk.make("journal_sets", "journal_set", dated_on="2026-03-02", description="Due soon", journal_entries=entries)
    assert desk.books() == {"602-3": "9000.00", "793-1": "-5960.00", "792-1": "-3000.00", "bank": "-40.00"}
    body = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-1.00", "description": "x"}
    unknown = {"bank_transaction_explanation": {**body, "category": f"{BASE}/v2/categories/792-9"}}
    says = desk.refused("POST", "bank_transaction_explanations", unknown)
    assert says == "category must be a sub account of 792"


def test_what_is_paid_by_hire_purchase_does_not_recur(desk: Desk) -> None:
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    body = {"bill": {**given, "bill_items": [VAN], "is_paid_by_hire_purchase": True, "recurring": "Weekly"}}
    assert desk.refused("POST", "bills", body) == "recurring can't be set on a bill that is paid by hire purchase"


@pytest.mark.parametrize("country", ["US", "AU"])
def test_companies_elsewhere_have_no_hire_purchase(country: str) -> None:
    desk = open_desk(App(), CompanyPlan(country=country, accounts=PLAN.accounts, suppliers=PLAN.suppliers))
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    body = {"bill": {**given, "bill_items": [desk.item("5.00")], "is_paid_by_hire_purchase": True}}
    assert desk.refused("POST", "bills", body) == "is_paid_by_hire_purchase is not included in the list"
