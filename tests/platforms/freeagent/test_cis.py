"""The Construction Industry Scheme: bands of subcontractors, contacts and bills of contractors."""

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
