"""What holds of every connector beside its documents: the accounts and contacts of the books, files, and consent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal
from unittest.mock import ANY

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import FILE, pushed
from tests.platforms.connectors.books.platforms import BOOKS
from tests.platforms.connectors.driver import Killed

from sandbooks.connector import AccountClass, File, NewAccount, Refused


@pytest.mark.parametrize(
    ("platform", "account", "name"),
    [("zoho_books", "current", "Current Account"), ("sage_intacct", "meals", "Staff Meals")],
)
def test_archived_contacts_and_accounts_are_read_as_inactive(platform: str, account: str, name: str) -> None:
    driver = BOOKS[platform].opened()
    driver.archive(contacts=["employee"], accounts=[account])
    assert [c.active for c in driver.suppliers() if c.name == "Ines Duarte"] == [False]
    assert [a.active for a in driver.accounts() if a.name == name] == [False]


@pytest.mark.parametrize("platform", ["xero", "freeagent"])
def test_cards_are_liabilities_and_banks_are_assets_in_their_own_currency(platform: str) -> None:
    driver = BOOKS[platform].opened()
    accounts = {a.id: a for a in driver.accounts()}
    shown = {
        name: (accounts[id].account_class, accounts[id].pays, accounts[id].currency, accounts[id].transfers)
        for name, id in driver.labels["accounts"].items()
        if name in ("card", "dollars", "current", "travel")
    }
    assert shown == {
        "card": ("Liability", "card", "GBP", True),
        "dollars": ("Liability", "card", "USD", True),
        "current": ("Asset", "bank", "GBP", True),
        "travel": ("Expense", "", "GBP", False),
    }


@pytest.mark.parametrize(
    ("platform", "number", "pays", "paid"),
    [
        ("freeagent", "4417", "card", "-49.48 GBP"),
        ("netsuite", "", "card", "-52.98 GBP"),
        ("business_central", "4417", "bank", "-49.48 GBP"),
    ],
)
def test_a_new_card_account_can_be_paid_with(
    platform: str, number: str, pays: Literal["card", "bank"], paid: str
) -> None:
    driver = BOOKS[platform].opened()
    wanted = NewAccount(name="Team Card", account_class="Liability", pays="card", account_number=number, currency="GBP")
    made = driver.create_account(wanted, key="a")
    again = driver.create_account(wanted, key="a")
    assert (made.id, made.pays, made.currency) == (again.id, pays, "GBP")
    one: Any = BOOKS[platform].documents(driver)[0]
    pushed(driver, replace(one, account=replace(one.account, id=made.id)))
    assert driver.balance(made.id) == paid


@pytest.mark.parametrize(("platform", "code"), [("zoho_books", "7100"), ("netsuite", "9123")])
@pytest.mark.parametrize("account_class", ["Expense", "Income", "Asset", "Liability", "Equity"])
def test_an_account_of_every_class_can_be_made(platform: str, code: str, account_class: AccountClass) -> None:
    driver = BOOKS[platform].opened()
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code=code)
    made = driver.create_account(wanted, key="a")
    again = driver.create_account(wanted, key="a")
    assert (made.id, made.name, made.account_class) == (again.id, "Drones", account_class)
    assert made.nominal_code == code


# Files


@pytest.mark.parametrize("platform", ["freeagent", "zoho_books"])
def test_a_file_survives_an_update_of_its_document(platform: str) -> None:
    driver = BOOKS[platform].opened()
    one: Any = BOOKS[platform].documents(driver)[0]
    done = driver.push(one)
    first = driver.attach(FILE, done.native)
    two = replace(one, version=2, lines=(replace(one.lines[0], net=Decimal("50.00"), tax=Decimal("10.00")),))
    driver.update(two, done.native)
    assert driver.attach(FILE, done.native) == first


@pytest.mark.parametrize(("platform", "said"), [("freeagent", "FreeAgent status"), ("zoho_books", "Zoho Books code")])
def test_a_file_of_a_type_that_is_not_taken_is_refused_in_native_words(platform: str, said: str) -> None:
    driver = BOOKS[platform].opened()
    done = driver.push(BOOKS[platform].documents(driver)[0])
    file = File(name="r.zip", content_type="application/zip", content=b"PK", key="f-1")
    with pytest.raises(Refused, match=said):
        driver.attach(file, done.native)


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("platform", "steps"), [("zoho_books", 3), ("sage_intacct", 4)])
def test_an_upload_that_is_killed_anywhere_leaves_one_file(platform: str, steps: int, place: int, after: bool) -> None:
    for step in range(1, steps + 1):
        driver = BOOKS[platform].opened()
        done = driver.push(BOOKS[platform].documents(driver)[place])
        try:
            driver.attach(FILE, done.native, kill=step, after=after)
        except Killed:
            driver.attach(FILE, done.native)
        assert len(driver.files(done.native)) == 1


# Consent


@pytest.mark.parametrize(
    ("platform", "facts"),
    [
        ("freeagent", {"base": "https://sandbooks.invalid/freeagent"}),
        ("business_central", {"tenant": ANY, "environment": ANY}),
    ],
)
def test_a_consent_is_for_the_company_of_the_user(platform: str, facts: dict[str, Any]) -> None:
    driver = BOOKS[platform].opened()
    callback = driver.consent_given()
    driver.consent = driver.exchange_code(callback)
    assert driver.consent.company == driver.books.id
    assert driver.consent.facts == facts
    assert driver.company.name == "Harbour Street Ltd"
    pushed(driver, BOOKS[platform].documents(driver)[0])
    assert BOOKS[platform].balances(driver)["card"] == "-49.48 GBP"
    with pytest.raises(Refused, match="invalid_grant"):
        driver.exchange_code(callback)
