"""Properties of unincorporated landlords, and the documents that are for them."""

import pytest
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan

HOUSE = {"address1": "4 Quay Row", "town": "Whitby", "postcode": "YO21 3PU"}


@pytest.fixture
def landlord() -> Desk:
    settings = {**PLAN.settings, "type": "UkUnincorporatedLandlord"}
    return open_desk(App(), CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, settings=settings))


def test_a_landlord_keeps_properties(landlord: Desk) -> None:
    made = landlord.make("properties", "property", **HOUSE, country="France")
    assert made == {"url": made["url"], **HOUSE, "country": "United Kingdom"}
    assert landlord.change(made["url"], "property", address2="Top floor")["address2"] == "Top floor"
    assert "town" not in landlord.change(made["url"], "property", town=None)
    assert landlord.get("properties")["properties"] == [landlord.get(made["url"])["property"]]
    assert landlord.refused("POST", "properties", {"property": {"town": "Whitby"}}) == "address1 can't be blank"
    landlord.drop(made["url"])
    assert landlord.send("GET", made["url"]).status == 404


def test_bills_and_expenses_of_a_landlord_are_for_a_property(landlord: Desk) -> None:
    house = landlord.make("properties", "property", **HOUSE)["url"]
    assert landlord.bill(landlord.item("30.00"), property=house)["property"] == house
    claim = {"user": landlord.me(), "category": landlord.category("travel"), "dated_on": "2026-03-02"}
    claim |= {"description": "Train", "gross_value": "-8.00"}
    assert landlord.make("expenses", "expense", **claim, property=house)["property"] == house
    assert landlord.refused("POST", "expenses", {"expense": claim}) == "property can't be blank"
    asset = {**claim, "category": f"{BASE}/v2/categories/602-2"}
    assert "property" not in landlord.make("expenses", "expense", **asset)
    given = {"contact": landlord.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    body = {"bill": {**given, "bill_items": [landlord.item("30.00")]}}
    assert landlord.refused("POST", "bills", body) == "property can't be blank"
    body["bill"]["property"] = f"{BASE}/v2/properties/4"
    assert landlord.refused("POST", "bills", body) == "Property not found"
    assert landlord.refused("DELETE", house) == "Property has items and can't be deleted"


def test_money_and_journals_may_be_for_a_property(landlord: Desk) -> None:
    house = landlord.make("properties", "property", **HOUSE)["url"]
    assert landlord.explain("bank", "-12.00", property=house)["property"] == house
    entries = [
        {"category": landlord.category("office"), "debit_value": "6.00", "property": house},
        {"category": landlord.category("travel"), "debit_value": "-6.00"},
    ]
    made = landlord.make("journal_sets", "journal_set", dated_on="2026-03-02", description="J", journal_entries=entries)
    assert [entry.get("property") for entry in made["journal_entries"]] == [house, None]


def test_an_invoice_of_a_landlord_is_for_a_property(landlord: Desk) -> None:
    house = landlord.make("properties", "property", **HOUSE)["url"]
    item = {"description": "Rent", "price": "700.00", "quantity": "1"}
    given = {"contact": landlord.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 5}
    body = {"invoice": {**given, "invoice_items": [item]}}
    assert landlord.refused("POST", "invoices", body) == "property can't be blank"
    assert landlord.make("invoices", "invoice", **body["invoice"], property=house)["property"] == house


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "properties"), ("POST", "properties"), ("DELETE", "properties/4")]
)
def test_other_companies_have_none(desk: Desk, method: str, path: str) -> None:
    says = desk.refused(method, path, {"property": HOUSE} if method == "POST" else None, status=403)
    assert says == "You are not allowed to access this action."
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    body = {"bill": {**given, "bill_items": [desk.item("30.00")], "property": f"{BASE}/v2/properties/4"}}
    assert desk.refused("POST", "bills", body) == "property is only for unincorporated landlords"
