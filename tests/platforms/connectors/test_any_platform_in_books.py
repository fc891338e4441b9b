"""What holds of every connector against the emulator of its platform: found again, written once, refused natively."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import BACK, found, nothing, numbered, pushed
from tests.platforms.connectors.books.platforms import BOOKS
from tests.platforms.connectors.driver import Driver, Killed

from sandbooks import wire
from sandbooks.connector import ExpenseKind, Line, Refused, Unknown


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


@pytest.mark.parametrize("kind", BACK)
@pytest.mark.parametrize("platform", ["freeagent", "zoho_books"])
def test_what_is_not_offered_is_refused_and_writes_nothing(platform: str, kind: ExpenseKind) -> None:
    driver = BOOKS[platform].opened()
    document: Any = BOOKS[platform].documents(driver)[0]
    with pytest.raises(Refused, match=kind.lower()):
        pushed(driver, replace(document, kind=kind))
    assert BOOKS[platform].live(driver) == 0


# Amounts


# What the first document of a platform books, and what it takes off its account.
BOOKED = {
    "business_central": ({"travel": "41.23", "input_tax": "8.25"}, "49.48"),
    "netsuite": ({"travel": "41.23", "meals": "3.50", "input_tax": "8.25"}, "52.98"),
}


def from_account(driver: Driver, account: str) -> Any:
    """The first document of a platform, of another account."""
    document: Any = BOOKS[driver.platform].documents(driver)[0]
    pays: Literal["card", "bank"] = document.account.pays if account == "card" else "bank"
    return replace(document, account=replace(document.account, id=driver.labels["accounts"][account], pays=pays))


@pytest.mark.parametrize("platform", BOOKED)
@pytest.mark.parametrize("account", ["card", "current"])
def test_a_payment_takes_the_gross_off_the_account_and_shows_net_and_tax_apart(platform: str, account: str) -> None:
    books, (cost, gross) = BOOKS[platform], BOOKED[platform]
    driver = books.opened()
    pushed(driver, from_account(driver, account))
    booked = {label: f"{amount} GBP" for label, amount in cost.items()}
    assert books.balances(driver) == nothing(*books.labels) | booked | {account: f"-{gross} GBP"}


@pytest.mark.parametrize("platform", BOOKED)
@pytest.mark.parametrize("kind", BACK)
@pytest.mark.parametrize("account", ["card", "current"])
def test_money_that_comes_back_is_the_mirror_of_a_payment(platform: str, kind: ExpenseKind, account: str) -> None:
    books, (cost, gross) = BOOKS[platform], BOOKED[platform]
    driver = books.opened()
    payment = from_account(driver, account)
    pushed(driver, replace(payment, id="t-02", key="key-t-02-1", kind=kind))
    booked = {label: f"-{amount} GBP" for label, amount in cost.items()}
    assert books.balances(driver) == nothing(*books.labels) | booked | {account: f"{gross} GBP"}
    pushed(driver, payment)
    assert books.balances(driver) == nothing(*books.labels)
    assert books.live(driver) == 2


WITH_RATES = ["zoho_books", "sage_intacct"]


@pytest.mark.parametrize("platform", WITH_RATES)
def test_a_tax_that_is_left_to_the_platform_is_added_to_the_net(platform: str) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    one: Any = books.documents(driver)[0]
    pushed(driver, replace(one, lines=(replace(one.lines[0], tax=None, net=Decimal("60.10")),)))
    booked = {"card": "-72.12 GBP", "travel": "60.10 GBP", "input_tax": "12.02 GBP"}
    assert books.balances(driver) == nothing(*books.labels) | booked


@pytest.mark.parametrize("platform", WITH_RATES)
def test_a_tax_that_is_not_at_its_rate_is_booked_as_given(platform: str) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    one: Any = books.documents(driver)[0]
    pushed(driver, replace(one, lines=(replace(one.lines[0], tax=Decimal("3.07")),)))
    booked = {"card": "-44.30 GBP", "travel": "41.23 GBP", "input_tax": "3.07 GBP"}
    assert books.balances(driver) == nothing(*books.labels) | booked


@pytest.mark.parametrize(("platform", "untaxed"), [("zoho_books", ""), ("sage_intacct", "NONE")])
def test_an_update_without_tax_takes_the_tax_away(platform: str, untaxed: str) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    one: Any = books.documents(driver)[0]
    done = driver.push(one)
    two = replace(one, version=2, lines=(replace(one.lines[0], tax=None, tax_rate=untaxed),))
    driver.update(two, done.native)
    assert books.balances(driver) == nothing(*books.labels) | {"card": "-41.23 GBP", "travel": "41.23 GBP"}


CHANGED = [
    *(("zoho_books", place, before, after) for place in (0, 2) for before, after in ((1, 2), (2, 1), (2, 3), (3, 2))),
    *(("sage_intacct", 0, before, after) for before, after in ((1, 2), (2, 2), (2, 3))),
]


@pytest.mark.parametrize(("platform", "place", "before", "after"), CHANGED)
def test_an_update_leaves_exactly_the_lines_that_were_sent(platform: str, place: int, before: int, after: int) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    one: Any = books.documents(driver)[place]
    travel, rate = driver.labels["accounts"]["travel"], one.lines[0].tax_rate
    lines = tuple(
        Line(net=Decimal(f"{n}.15"), tax=Decimal(f"{n}.15") / 5, account=travel, tax_rate=rate) for n in (1, 2, 3)
    )
    done = driver.push(replace(one, lines=lines[:before]))
    two = replace(one, version=2, lines=lines[:after])
    driver.update(two, done.native)
    net = sum((line.net for line in two.lines), Decimal(0))
    vat = sum((line.tax or Decimal(0) for line in two.lines), Decimal(0))
    other = "payables" if place == 2 else "card"
    booked = {"travel": f"{net} GBP", "input_tax": f"{vat} GBP", other: f"-{net + vat} GBP"}
    assert books.balances(driver) == nothing(*books.labels) | booked
    assert found(driver, one) == done.native.id
