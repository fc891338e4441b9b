"""The connector of Zoho Books against the emulator: what its documents book, updates, lists and sign-in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import FILE, MARLOW, pushed
from tests.platforms.connectors.books.zoho_books import (
    NOTHING,
    PLAN,
    balances,
    documents,
    expense,
    live,
    record,
    reimbursable,
    several,
)
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import Contact, NeedsConsent, NewAccount, PaymentAccount, Refused, TrackingRef

_MINUTE = timedelta(seconds=61)


@pytest.fixture
def zoho() -> Driver:
    return connected("zoho_books", PLAN)


def test_a_payment_takes_the_gross_off_the_card_and_shows_net_and_tax_apart(zoho: Driver) -> None:
    id = pushed(zoho, expense(zoho))
    assert balances(zoho) == NOTHING | {"card": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    shown = record(zoho, "expense", id)
    assert shown["description"] == "Contoso - To the fair [t-01]"
    assert (shown["reference_number"], shown["vendor_id"]) == ("R-77", zoho.labels["suppliers"]["shop"])


def test_a_payment_may_leave_a_bank_account(zoho: Driver) -> None:
    pushed(zoho, expense(zoho, account="current"))
    assert balances(zoho) == NOTHING | {"current": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}


def test_a_tax_without_a_rate_is_part_of_the_cost(zoho: Driver) -> None:
    one = expense(zoho)
    pushed(zoho, replace(one, lines=(replace(one.lines[0], tax_rate=""),)))
    assert balances(zoho) == NOTHING | {"card": "-49.48 GBP", "travel": "49.48 GBP"}


def test_an_expense_of_several_lines_is_one_expense(zoho: Driver) -> None:
    pushed(zoho, several(zoho))
    assert live(zoho) == 1
    assert balances(zoho) == NOTHING | {
        "card": "-59.09 GBP",
        "travel": "41.23 GBP",
        "meals": "9.61 GBP",
        "input_tax": "8.25 GBP",
    }


def test_what_an_employee_laid_out_is_owed_to_that_employee(zoho: Driver) -> None:
    id = pushed(zoho, reimbursable(zoho))
    owed = NOTHING | {"travel": "22.10 GBP", "meals": "9.61 GBP", "input_tax": "4.42 GBP", "payables": "-36.13 GBP"}
    assert balances(zoho) == owed
    shown = record(zoho, "bill", id)
    assert (shown["bill_number"], shown["reference_number"], shown["due_date"]) == ("t-03", "Trip", "2026-03-16")
    assert shown["vendor_id"] == zoho.labels["suppliers"]["employee"]
    assert shown["notes"] == "Fair in Leeds [t-03]"


def test_a_foreign_card_pays_in_its_own_currency_at_the_rate_of_the_transaction(zoho: Driver) -> None:
    pushed(zoho, expense(zoho, account="dollars"))
    card = zoho.books.book.balance(zoho.labels["accounts"]["dollars"])
    assert str(card.by_currency["USD"]) == "-49.48 USD"
    assert str(card.base) == "-38.64 GBP"


@pytest.mark.parametrize("place", range(3))
def test_tags_are_read_as_options_and_kept_with_the_line(place: int) -> None:
    plan = replace(PLAN, tracking={"region": {"name": "Region", "options": ["North", "South"]}})
    driver = connected("zoho_books", plan)
    options = driver.tracking()
    assert [(option.name, option.has_children) for option in options] == [
        ("Region", True),
        ("North", False),
        ("South", False),
    ]
    document: Any = documents(driver)[place]
    tagged = replace(document.lines[0], tracking=(TrackingRef(id=options[2].id),))
    one = replace(document, lines=(tagged, *document.lines[1:]))
    done = driver.push(one)
    kept = str(record(driver, done.native.kind, done.native.id))
    assert ("South" in kept, "North" in kept) == (True, False)
    driver.update(document, done.native)
    assert "South" not in str(record(driver, done.native.kind, done.native.id))


@pytest.mark.parametrize("given", [Decimal(0), None])
def test_a_reverse_charge_pays_the_net_and_owes_the_tax(given: Decimal | None) -> None:
    plan = replace(PLAN, taxes={"reverse": {"name": "Reverse", "rate": "20", "reverse_charge": True}})
    driver = connected("zoho_books", plan)
    one = expense(driver)
    line = replace(one.lines[0], tax=given, tax_rate=driver.labels["taxes"]["reverse"])
    pushed(driver, replace(one, lines=(line,)))
    assert balances(driver) == NOTHING | {"card": "-41.23 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    assert driver.balance(driver.labels["accounts"]["output_tax"]) == "-8.25 GBP"


@pytest.mark.parametrize("place", range(3))
def test_a_customer_is_kept_until_an_update_takes_it_away(zoho: Driver, place: int) -> None:
    client = zoho.labels["customers"]["client"]
    document: Any = documents(zoho)[place]
    line = replace(document.lines[0], tracking=(TrackingRef(id=client, kind="customer"),))
    one = replace(document, lines=(line, *document.lines[1:]))
    done = zoho.push(one)
    assert client in str(record(zoho, done.native.kind, done.native.id))
    zoho.update(document, done.native)
    assert client not in str(record(zoho, done.native.kind, done.native.id))


def test_a_document_is_found_among_many_that_look_alike(zoho: Driver) -> None:
    company, first = zoho.company, expense(zoho)
    ids = {}
    for number in range(60):
        one = replace(first, id=f"t-01-{number}")
        ids[one.id] = zoho.push(one, company).native.id
    for wanted in ("t-01-0", "t-01-5", "t-01-59"):
        done = zoho.look_up(replace(first, id=wanted), company)
        assert done is not None
        assert done.native.id == ids[wanted]


def test_a_bill_that_is_sent_blindly_a_second_time_is_refused_by_its_number(zoho: Driver) -> None:
    one = reimbursable(zoho)
    pushed(zoho, one)
    with pytest.raises(Refused):
        pushed(zoho, one)
    assert live(zoho) == 1


def test_an_update_gives_the_same_expense_its_new_amounts(zoho: Driver) -> None:
    one = expense(zoho)
    done = zoho.push(one)
    accounts = zoho.labels["accounts"]
    line = replace(one.lines[0], net=Decimal("52.07"), tax=Decimal("10.41"), account=accounts["meals"])
    bank = PaymentAccount(id=accounts["current"], pays="bank", currency="GBP")
    for _ in range(2):
        two = replace(one, version=2, lines=(line,), account=bank)
        again = zoho.update(two, done.native)
        assert again.native.id == done.native.id
        assert balances(zoho) == NOTHING | {"current": "-62.48 GBP", "meals": "52.07 GBP", "input_tax": "10.41 GBP"}


def test_an_archived_account_is_refused_in_native_words(zoho: Driver) -> None:
    zoho.archive(accounts=["travel"])
    with pytest.raises(Refused, match=r"\(Zoho Books code \d+\)"):
        pushed(zoho, expense(zoho))
    assert live(zoho) == 0


def test_every_account_that_is_offered_is_accepted(zoho: Driver) -> None:
    accounts = zoho.accounts()
    company = zoho.company
    one, owed = expense(zoho, taxed=False), reimbursable(zoho)
    offered = [account for account in accounts if account.lines]
    assert {account.account_class for account in offered} == {"Expense", "Asset"}
    for number, account in enumerate(offered):
        lines = (replace(one.lines[0], account=account.id),)
        zoho.push(replace(one, id=f"a-{number}", lines=lines), company)
        zoho.push(replace(owed, id=f"b-{number}", lines=lines), company)
        zoho.world.advance(by=timedelta(seconds=3))
    assert live(zoho) == 2 * len(offered)


def test_every_account_that_can_pay_is_accepted(zoho: Driver) -> None:
    accounts = zoho.accounts()
    paying = [account for account in accounts if account.pays and account.currency == "GBP"]
    assert {account.pays for account in paying} == {"card", "bank"}
    for number, account in enumerate(paying):
        own = PaymentAccount(id=account.id, pays=account.pays or "bank", currency="GBP")
        pushed(zoho, replace(expense(zoho, id=f"p-{number}"), account=own))
    assert live(zoho) == len(paying)


def test_the_classes_of_the_chart_are_those_of_the_books(zoho: Driver) -> None:
    accounts = {a.id: a for a in zoho.accounts()}
    kinds = {held.id: held.kind.name.title() for held in zoho.books.book.accounts()}
    assert {id: a.account_class for id, a in accounts.items() if id in kinds and a.account_class != kinds[id]} == {}
    cards = {name: accounts[zoho.labels["accounts"][name]] for name in ("card", "dollars", "current")}
    assert {name: (a.pays, a.currency) for name, a in cards.items()} == {
        "card": ("card", "GBP"),
        "dollars": ("card", "USD"),
        "current": ("bank", "GBP"),
    }


def test_lists_of_more_than_one_page_are_read_to_the_end(zoho: Driver) -> None:
    names = [f"Stationer {number:03d}" for number in range(230)]
    for name in names:
        path = f"/books/v3/contacts?organization_id={zoho.consent.company}"
        zoho.native("POST", path, {"contact_name": name, "contact_type": "vendor"})
        if len(zoho.requests) % 80 == 0:
            zoho.world.advance(by=_MINUTE)
    zoho.world.advance(by=_MINUTE)
    suppliers = zoho.suppliers()
    assert sorted(contact.name for contact in suppliers if contact.name.startswith("Stationer")) == names


def test_a_contact_is_made_once_however_often_it_is_asked_for(zoho: Driver) -> None:
    made = zoho.create_contact(MARLOW, key="c")
    again = zoho.create_contact(MARLOW, key="c")
    assert made.id == again.id
    assert (made.name, made.email, made.contact_name) == (MARLOW.name, MARLOW.email, MARLOW.contact_name)
    other = replace(MARLOW, email="other@marlow.example")
    with pytest.raises(Refused, match="Zoho Books code 3062"):
        zoho.create_contact(other, key="d")


def test_a_contact_is_renamed_and_made_inactive(zoho: Driver) -> None:
    wanted = Contact(kind="supplier", name="Old", email="old@x.example")
    made = zoho.create_contact(wanted, key="c")
    changed = replace(made, name="New", email="new@x.example", active=False)
    again = zoho.update_contact(changed, key="d")
    assert (again.id, again.name, again.email, again.active) == (made.id, "New", "new@x.example", False)
    back = zoho.update_contact(replace(again, active=True), key="e")
    assert back.active
    assert len(record(zoho, "contact", made.id)["contact_persons"]) == 1


@pytest.mark.parametrize("pays", ["card", "bank"])
def test_a_new_money_account_can_be_paid_with(zoho: Driver, pays: Any) -> None:
    wanted = NewAccount(name="Team Money", account_class="Asset", pays=pays, account_number="4417", currency="GBP")
    made = zoho.create_account(wanted, key="a")
    again = zoho.create_account(wanted, key="a")
    assert (made.id, made.pays, made.currency) == (again.id, pays, "GBP")
    one = expense(zoho)
    pushed(zoho, replace(one, account=replace(one.account, id=made.id, pays=pays)))
    assert zoho.balance(made.id) == "-49.48 GBP"


@pytest.mark.parametrize("place", [0, 2])
def test_a_file_is_attached_once_however_often_it_is_sent(zoho: Driver, place: int) -> None:
    document = documents(zoho)[place]
    done = zoho.push(document)
    before = balances(zoho)
    first = zoho.attach(FILE, done.native)
    assert zoho.attach(FILE, done.native) == first
    assert zoho.files(done.native) == [(FILE.name, FILE.content)]
    assert balances(zoho) == before


def test_a_consent_is_for_the_organisation_of_the_user(zoho: Driver) -> None:
    callback = zoho.consent_given()
    zoho.consent = zoho.exchange_code(callback)
    assert zoho.consent.company == zoho.books.id
    assert zoho.consent.refresh_token
    assert zoho.company.name == "Harbour Street Ltd"
    pushed(zoho, expense(zoho))
    assert balances(zoho)["card"] == "-49.48 GBP"
    with pytest.raises(Refused, match="invalid_code"):
        zoho.exchange_code(callback)


def test_a_refresh_keeps_the_company_and_the_refresh_token(zoho: Driver) -> None:
    before = zoho.consent
    zoho.consent = zoho.refresh(before)
    assert (zoho.consent.company, zoho.consent.refresh_token) == (before.company, before.refresh_token)
    assert zoho.consent.access_token != before.access_token
    assert zoho.company.currency == "GBP"


def test_a_dead_refresh_token_needs_consent_and_a_throttled_one_waits(zoho: Driver) -> None:
    now = zoho.world.clock.now()
    spent = replace(zoho.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_code"):
        zoho.refresh(spent)
    for _ in range(13):
        zoho.consent = zoho.refresh()
    assert zoho.world.clock.now() - now > timedelta(minutes=5)
    assert zoho.company.currency == "GBP"


def test_a_token_that_ran_out_needs_consent(zoho: Driver) -> None:
    zoho.consent = replace(zoho.consent, access_token="1000.nothing")
    with pytest.raises(NeedsConsent):
        _ = zoho.company
