"""What holds of every connector against the emulator of its platform: found again, written once, refused natively."""

from __future__ import annotations

import pytest
from tests.platforms.connectors.books.bench import FILE, found, numbered, pushed
from tests.platforms.connectors.books.platforms import BOOKS
from tests.platforms.connectors.driver import Killed

from sandbooks import wire
from sandbooks.connector import Refused, Unknown


@pytest.mark.parametrize("platform", BOOKS)
def test_every_kind_is_found_again_by_its_id_alone(platform: str) -> None:
    driver = BOOKS[platform].opened()
    documents = BOOKS[platform].documents(driver)
    for document, other in zip(numbered(documents), numbered(documents, "1"), strict=True):
        assert found(driver, document) is None
        assert pushed(driver, document) == found(driver, document)
        assert found(driver, other) is None


BOTH = (False, True)
KILLED = [
    *(("xero", place, BOTH) for place in range(6)),
    *((platform, place, BOTH) for platform in ("freeagent", "zoho_books", "sage_intacct") for place in range(3)),
    *(("netsuite", place, (after,)) for place in range(5) for after in BOTH),
]


@pytest.mark.parametrize(("platform", "place", "afters"), KILLED)
def test_a_kill_at_any_step_then_a_look_up_leaves_exactly_one_document(
    platform: str, place: int, afters: tuple[bool, ...]
) -> None:
    books = BOOKS[platform]
    for after in afters:
        for step in range(1, books.steps + 1):
            driver = books.opened()
            document, company = books.documents(driver)[place], driver.company
            try:
                driver.push(document, company, kill=step, after=after)
            except Killed:
                id = found(driver, document) or pushed(driver, document)
                assert found(driver, document) == id
            assert books.live(driver) == 1
            driver.books.book.verify()


@pytest.mark.parametrize("platform", ["xero", "freeagent", "zoho_books", "sage_intacct", "netsuite"])
def test_a_lost_answer_is_unknown_and_the_document_is_found(platform: str) -> None:
    driver = BOOKS[platform].opened()
    documents = numbered(BOOKS[platform].documents(driver))
    for document in documents:
        company = driver.company
        with pytest.raises(Unknown):
            driver.push(document, company, change=lambda _: wire.Cut("timeout"))
        assert found(driver, document) is not None
    assert BOOKS[platform].live(driver) == len(documents)


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("xero", "lock date"),
        ("freeagent", r"\(FreeAgent status 422\)"),
        ("zoho_books", r"\(Zoho Books code \d+\)"),
        ("sage_intacct", r"closed.*\(Sage Intacct BL01001973\)"),
        ("netsuite", r"accounting period\. \(NetSuite error USER_ERROR\)"),
    ],
)
def test_a_locked_period_is_refused_in_native_words(platform: str, said: str) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    before = books.balances(driver)
    driver.lock("2026-03-31")
    for document in books.documents(driver):
        with pytest.raises(Refused, match=said) as failure:
            pushed(driver, document)
        assert "Support ID" not in failure.value.message
    assert books.live(driver) == 0
    assert books.balances(driver) == before


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
