"""The connector of QuickBooks Desktop against the emulator: the lists that it reads and writes."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.quickbooks_desktop import PLAN, Desktop, opened

from sandbooks.connector import Account, Contact, NewAccount, Refused

# Lists


def test_the_company_knows_its_home_its_country_and_its_currencies(desktop: Desktop, american: Desktop) -> None:
    assert (desktop.company.currency, desktop.company.country) == ("GBP", "GB")
    assert (american.company.currency, american.company.country) == ("USD", "US")
    assert {"currency.GBP", "currency.USD"} <= desktop.company.facts.keys()


def test_without_several_currencies_the_edition_tells_the_home_currency() -> None:
    plain = dict(PLAN["accounts"])
    del plain["dollars"]
    suppliers = {"contoso": PLAN["suppliers"]["contoso"]}
    driver = opened("US", "USD", accounts=plain, suppliers=suppliers, settings={"multicurrency": False})
    assert (driver.company.currency, driver.company.multicurrency) == ("USD", False)
    listed = driver.accounts()
    assert {account.currency for account in listed} == {"USD"}


def listed(driver: Desktop) -> dict[str, Account]:
    return {account.id: account for account in driver.accounts()}


def test_accounts_tell_what_they_may_be_used_for(desktop: Desktop) -> None:
    found, labels = listed(desktop), desktop.labels["accounts"]
    assert (found[labels["card"]].pays, found[labels["current"]].pays) == ("card", "bank")
    assert found[labels["travel"]].lines == ("Payment", "Refund", "Reward", "Chargeback", "Reimbursable", "Adjustment")
    assert (found[labels["dollars"]].currency, found[labels["dollars"]].lines) == ("USD", ())
    assert (found[labels["card"]].transfers, found[labels["travel"]].transfers) == (True, False)
    assert found[labels["card"]].category == "Liability.CreditCard"


def test_inactive_records_are_listed_as_such(desktop: Desktop) -> None:
    desktop.archive(contacts=["contoso"], accounts=["travel"])
    assert not listed(desktop)[desktop.labels["accounts"]["travel"]].active
    suppliers = desktop.suppliers()
    assert {c.name: c.active for c in suppliers} == {"Contoso": False, "Ines Duarte": True, "Boston Cabs": True}
    assert {c.name: c.currency for c in suppliers}["Boston Cabs"] == "USD"


def test_a_long_list_is_read_page_by_page_to_its_end(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbooks.platforms.quickbooks_desktop.connector import reading

    monkeypatch.setattr(reading, "PAGE", 4)
    for number in range(10):
        desktop.ask(f"<VendorAddRq><VendorAdd><Name>V {number}</Name></VendorAdd></VendorAddRq>")
    names = [contact.name for contact in desktop.suppliers()]
    assert len(names) == len(set(names)) == 13


def test_tax_codes_carry_the_rate_of_their_item_where_purchases_are_taxed(desktop: Desktop, american: Desktop) -> None:
    british = {rate.code: rate for rate in desktop.tax_rates()}
    assert british["S"].id == desktop.labels["taxes"]["standard"]
    assert (british["S"].effective, british["R"].total, british["Z"].total) == (20, 5, 0)
    assert "Payment" in british["S"].kinds
    assert {rate.kinds for rate in american.tax_rates()} == {()}


def test_classes_are_the_tracking_options_and_none_where_they_are_not_tracked(desktop: Desktop) -> None:
    options = {option.name: option.id for option in desktop.tracking()}
    assert options == {name.title(): id for name, id in desktop.labels["tracking"].items()}


@pytest.mark.parametrize("kind", ["supplier", "customer"])
def test_a_contact_is_created_once_and_changed(desktop: Desktop, kind: Literal["supplier", "customer"]) -> None:
    given = Contact(kind=kind, name="Nuova Casa", email="casa@example.com", phone="0123", currency="USD")
    company = desktop.company
    made = desktop.create_contact(given, company, key="k-1")
    again = desktop.create_contact(given, company, key="k-1")
    assert (again.id, made.currency, made.email) == (made.id, "USD", "casa@example.com")
    changed = replace(made, name="Casa Nuova")
    after = desktop.update_contact(changed, company, key="k-2")
    assert (after.id, after.name) == (made.id, "Casa Nuova")


@pytest.mark.parametrize(("pays", "type"), [("card", "CreditCard"), ("bank", "Bank"), ("", "Expense")])
def test_an_account_is_created_once(desktop: Desktop, pays: Literal["card", "bank", ""], type: str) -> None:
    kind: Any = {"card": "Liability", "bank": "Asset", "": "Expense"}[pays]
    given = NewAccount(name="Fresh", account_class=kind, pays=pays, currency="GBP", nominal_code="6100")
    company = desktop.company
    made = [desktop.create_account(given, company, key="k") for _ in range(2)]
    assert made[0].id == made[1].id
    assert (made[0].category.rpartition(".")[2], made[0].nominal_code, made[0].pays) == (type, "6100", pays)


@pytest.mark.parametrize("name", ["x" * 42, "a:b"])
def test_a_name_that_quickbooks_cannot_have_is_refused_before_anything_is_sent(desktop: Desktop, name: str) -> None:
    company, sent = desktop.company, len(desktop.requests)
    given = Contact(kind="supplier", name=name)
    with pytest.raises(Refused, match="colon"):
        desktop.create_contact(given, company, key="k")
    assert len(desktop.requests) == sent
