"""The Construction Industry Scheme: bands of subcontractors, contacts and bills of contractors."""

from typing import Any

import pytest
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan


def in_scheme(**settings: object) -> Desk:
    settings = {**PLAN.settings, **settings}
    return open_desk(App(), CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, settings=settings))


@pytest.fixture
def contractor() -> Desk:
    return in_scheme(cis_contractor=True)


def test_a_subcontractor_reads_the_bands() -> None:
    desk = in_scheme(cis_subcontractor=True)
    bands = desk.get("cis_bands")["available_bands"]
    assert [(band["name"], band["deduction_rate"], band["nominal_code"]) for band in bands] == [
        ("cis_gross", "0.0", "061"),
        ("cis_standard", "0.2", "062"),
        ("cis_higher", "0.3", "063"),
    ]
    company = desk.get("company")["company"]
    assert (company["cis_enabled"], company["cis_subcontractor"], company["cis_contractor"]) == (True, True, False)


def test_a_company_outside_the_scheme_has_no_bands(desk: Desk) -> None:
    assert desk.refused("GET", "cis_bands", status=403) == "You are not allowed to access this action."
    assert desk.get("company")["company"]["cis_enabled"] is False


def test_a_contractor_keeps_the_band_of_a_contact(contractor: Desk) -> None:
    given = {"is_cis_subcontractor": True, "cis_deduction_rate": "cis_standard", "unique_tax_reference": "1234567890"}
    given |= {"subcontractor_verification_number": "V1234567890AB"}
    made = contractor.make("contacts", "contact", organisation_name="Brick Ltd", **given)
    assert {name: made[name] for name in given} == given
    assert contractor.get(contractor.contact("acme"))["contact"]["is_cis_subcontractor"] is False
    for name, value, says in (
        ("unique_tax_reference", "12 345", "unique_tax_reference is invalid"),
        ("subcontractor_verification_number", "1234567890", "subcontractor_verification_number is invalid"),
        ("cis_deduction_rate", "0.2", "cis_deduction_rate is not included in the list"),
        ("cis_deduction_rate", "", "cis_deduction_rate can't be blank"),
    ):
        assert contractor.refused("PUT", made["url"], {"contact": {name: value}}) == says


def test_companies_outside_the_scheme_keep_no_band(desk: Desk) -> None:
    made = desk.make("contacts", "contact", organisation_name="Brick Ltd", is_cis_subcontractor=True)
    assert "is_cis_subcontractor" not in made


def test_a_bill_for_labour_tells_the_deduction(contractor: Desk) -> None:
    given = {"is_cis_subcontractor": True, "cis_deduction_rate": "cis_standard"}
    contractor.change(contractor.contact("acme"), "contact", **given)
    labour = {"category": f"{BASE}/v2/categories/096", "total_value": "120.00", "sales_tax_rate": "20.0"}
    made = contractor.bill(labour, contractor.item("60.00"))
    told = ("cis_deduction_band", "cis_deduction_rate", "cis_deduction", "cis_deduction_suffered")
    assert [made[name] for name in told] == ["cis_standard", "0.2", "20.0", "0.0"]
    assert [item.get("cis_deduction_rate") for item in made["bill_items"]] == ["0.2", None]
    contractor.change(contractor.contact("acme"), "contact", cis_deduction_rate="cis_higher")
    assert contractor.change(made["url"], "bill", reference="R-2")["cis_deduction_band"] == "cis_standard"
    plain = contractor.bill(contractor.item("9.00"))
    assert "cis_deduction" not in plain
    assert [bill["url"] for bill in contractor.get("bills", view="cis")["bills"]] == [made["url"]]


def for_labour(desk: Desk, total: str = "213.00", **members: object) -> Any:
    desk.change(desk.contact("acme"), "contact", is_cis_subcontractor=True, cis_deduction_rate="cis_standard")
    return desk.bill({"category": f"{BASE}/v2/categories/096", "total_value": total, "sales_tax_rate": "20"}, **members)


def pay(desk: Desk, bill: Any, value: str, bank: str = "bank", **more: object) -> Any:
    return desk.explain(bank, value, paid_bill=bill["url"], description="", **more)


def told(desk: Desk, bill: Any) -> tuple[str, ...]:
    shown = desk.get(bill["url"])["bill"]
    return tuple(shown[name] for name in ("status", "paid_value", "due_value", "cis_deduction_suffered"))


def test_a_payment_holds_back_its_part_of_the_deduction_and_owes_it_to_hmrc(contractor: Desk) -> None:
    bill = for_labour(contractor)
    assert (bill["cis_deduction"], bill["due_value"]) == ("35.5", "177.5")
    pay(contractor, bill, "-164.50")
    assert told(contractor, bill) == ("Open", "164.5", "13.0", "32.9")
    books = contractor.books()
    assert (books["bank"], books["payables"], books["816"]) == ("-164.50", "-15.60", "-32.90")
    assert contractor.refused(
        "POST",
        "bank_transaction_explanations",
        {
            "bank_transaction_explanation": {
                "bank_account": contractor.account("bank"),
                "dated_on": "2026-03-02",
                "gross_value": "-13.01",
                "paid_bill": bill["url"],
            }
        },
    ).startswith("gross_value can't be more than the due value")
    pay(contractor, bill, "-13.00")
    assert told(contractor, bill) == ("Paid", "177.5", "0.0", "35.5")
    books = contractor.books()
    assert "payables" not in books
    assert (books["bank"], books["816"]) == ("-177.50", "-35.50")


def test_a_payment_that_goes_gives_back_what_it_held_back(contractor: Desk) -> None:
    bill = for_labour(contractor, "100.01")
    payments = [pay(contractor, bill, value) for value in ("-33.33", "-33.33", "-16.68")]
    assert told(contractor, bill) == ("Paid", "83.34", "0.0", "16.67")
    contractor.drop(payments[1]["url"])
    assert told(contractor, bill)[2] == "33.33"
    contractor.change(payments[0]["url"], "bank_transaction_explanation", gross_value="-66.66")
    assert told(contractor, bill) == ("Paid", "83.34", "0.0", "16.67")
    assert "payables" not in contractor.books()
    for payment in (payments[0], payments[2]):
        contractor.drop(payment["url"])
    contractor.drop(bill["url"])
    assert contractor.books() == {}


def test_what_is_held_back_in_another_currency_stands_at_the_rate_of_the_payment(contractor: Desk) -> None:
    bill = for_labour(contractor, "120.00", currency="USD", exchange_rate="0.80")
    pay(contractor, bill, "-72.00", foreign_currency_value="96.00")
    books = contractor.books()
    assert "payables" not in books
    assert (books["bank"], books["816"], books["exchange_differences"]) == ("-72.00", "-18.00", "-6.00")


def test_the_deduction_of_a_bill_stays_once_something_is_paid(contractor: Desk) -> None:
    bill = for_labour(contractor)
    pay(contractor, bill, "-100.00")
    item = {"url": bill["bill_items"][0]["url"], "category": contractor.category("office")}
    assert "cis_deduction can't be changed" in contractor.refused("PUT", bill["url"], {"bill": {"bill_items": [item]}})
    item = {"url": bill["bill_items"][0]["url"], "total_value": "240.00"}
    assert "total_value can't be changed" in contractor.refused("PUT", bill["url"], {"bill": {"bill_items": [item]}})
    assert contractor.change(bill["url"], "bill", comments="Seen")["cis_deduction_suffered"] == "20.0"


def test_a_refund_from_a_subcontractor_takes_the_deduction_back(contractor: Desk) -> None:
    refund = for_labour(contractor, "-60.00")
    assert refund["due_value"] == "-50.0"
    pay(contractor, refund, "50.00")
    assert told(contractor, refund) == ("Refunded", "-50.0", "0.0", "-10.0")
    assert contractor.books()["816"] == "10.00"


def test_a_company_names_another_category_for_what_it_holds_back() -> None:
    desk = in_scheme(cis_contractor=True, cis_deductions_category="814")
    pay(desk, for_labour(desk), "-177.50")
    assert desk.books()["814"] == "-35.50"


def test_a_contact_paid_gross_has_nothing_held_back(contractor: Desk) -> None:
    contractor.change(
        contractor.contact("zenith"), "contact", is_cis_subcontractor=True, cis_deduction_rate="cis_gross"
    )
    labour = {"category": f"{BASE}/v2/categories/096", "total_value": "120.00", "sales_tax_rate": "20.0"}
    bill = contractor.bill(labour, contact=contractor.contact("zenith"))
    pay(contractor, bill, "-120.00")
    assert told(contractor, bill) == ("Paid", "120.0", "0.0", "0.0")
    assert "816" not in contractor.books()


def test_a_bill_whose_deduction_is_all_of_it_leaves_nothing_to_be_paid(contractor: Desk) -> None:
    contractor.change(
        contractor.contact("acme"), "contact", is_cis_subcontractor=True, cis_deduction_rate="cis_standard"
    )
    labour = {"category": f"{BASE}/v2/categories/096", "total_value": "100.00", "sales_tax_rate": "0.0"}
    bill = contractor.bill(labour, contractor.item("-80.00", sales_tax_rate="0.0"))
    assert (bill["total_value"], bill["cis_deduction"], bill["due_value"]) == ("20.0", "20.0", "0.0")
    paid = {"bank_account": contractor.account("bank"), "dated_on": "2026-03-02", "paid_bill": bill["url"]}
    for value in ("-5.00", "5.00"):
        explanation = {**paid, "gross_value": value}
        assert contractor.refused(
            "POST", "bank_transaction_explanations", {"bank_transaction_explanation": explanation}
        ).startswith("gross_value can't be more than the due value of 0.0")
    assert told(contractor, bill) == ("Paid", "0.0", "0.0", "20.0")
    books = contractor.books()
    assert (books["816"], "payables" in books) == ("-20.00", False)
    item = {"url": bill["bill_items"][1]["url"], "total_value": "-75.00"}
    contractor.change(bill["url"], "bill", bill_items=[item])
    assert told(contractor, bill) == ("Open", "0.0", "5.0", "0.0")
    books = contractor.books()
    assert ("816" in books, books["payables"]) == (False, "-25.00")
    contractor.drop(bill["url"])
    assert contractor.books() == {}
