"""The connector of FreeAgent against the emulator: what its documents book, updates, lists and sign-in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import FILE, MARLOW, found, pushed, transfer
from tests.platforms.connectors.books.freeagent import NOTHING, PLAN, balances, documents, expense, live, reimbursable
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import Contact, Line, NeedsConsent, NewAccount, Refused

_MINUTE = timedelta(seconds=61)


@pytest.fixture
def freeagent() -> Driver:
    return connected("freeagent", PLAN)


def test_a_payment_takes_the_gross_off_the_card_and_shows_net_and_tax_apart(freeagent: Driver) -> None:
    pushed(freeagent, expense(freeagent))
    assert balances(freeagent) == NOTHING | {"card": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}


def test_no_tax_amount_leaves_the_tax_to_the_category_and_nought_means_none(freeagent: Driver) -> None:
    one = expense(freeagent)
    pushed(freeagent, replace(one, lines=(replace(one.lines[0], tax=None, net=Decimal("60.00")),)))
    assert balances(freeagent) == NOTHING | {"card": "-60.00 GBP", "travel": "50.00 GBP", "input_tax": "10.00 GBP"}
    two = replace(one, id="t-09", lines=(replace(one.lines[0], tax=Decimal(0), net=Decimal("6.07")),))
    pushed(freeagent, two)
    assert balances(freeagent)["travel"] == "56.07 GBP"


def test_a_transfer_moves_one_amount_between_two_bank_accounts(freeagent: Driver) -> None:
    pushed(freeagent, transfer(freeagent))
    assert balances(freeagent) == NOTHING | {"card": "310.40 GBP", "current": "-310.40 GBP"}


def test_the_id_of_a_transfer_is_that_of_its_receiving_side(freeagent: Driver) -> None:
    id = pushed(freeagent, transfer(freeagent))
    body = freeagent.native("GET", f"/v2/bank_transaction_explanations/{id}")["bank_transaction_explanation"]
    assert (body["gross_value"], body["is_money_in"]) == ("310.4", True)
    assert body["bank_account"].endswith(f"/{freeagent.labels['accounts']['card']}")


def test_what_an_employee_laid_out_is_owed_to_that_employee(freeagent: Driver) -> None:
    id = pushed(freeagent, reimbursable(freeagent))
    owed = NOTHING | {"travel": "22.10 GBP", "meals": "9.61 GBP", "input_tax": "4.42 GBP", "payables": "-36.13 GBP"}
    assert balances(freeagent) == owed
    bill = freeagent.native("GET", f"/v2/bills/{id}")["bill"]
    assert bill["contact"].endswith(f"/{freeagent.labels['suppliers']['employee']}")
    assert (bill["reference"], bill["due_on"]) == ("Trip [t-03]", "2026-03-16")


def test_a_foreign_bill_is_owed_at_the_rate_of_the_transaction(freeagent: Driver) -> None:
    one = reimbursable(freeagent)
    line = Line(net=Decimal("100.00"), tax=Decimal("20.00"), account=freeagent.labels["accounts"]["travel"])
    pushed(freeagent, replace(one, currency="USD", rate=Decimal("0.781"), lines=(line,)))
    assert balances(freeagent)["payables"] == "-93.72 GBP"
    assert balances(freeagent)["input_tax"] == "15.62 GBP"


def test_a_document_is_found_beyond_the_first_page(freeagent: Driver) -> None:
    ids = {f"p-{number}": pushed(freeagent, expense(freeagent, id=f"p-{number}")) for number in range(103)}
    company = freeagent.company
    for wanted in ("p-0", "p-99", "p-102"):
        steps = freeagent.connector.look_up(expense(freeagent, id=wanted), freeagent.consent, company)
        done = freeagent.run(steps)
        assert done is not None
        assert done.native.id == ids[wanted]


def test_an_update_gives_the_same_expense_its_new_amounts(freeagent: Driver) -> None:
    one = expense(freeagent)
    done = freeagent.push(one)
    line = Line(net=Decimal("52.07"), tax=Decimal("10.41"), account=freeagent.labels["accounts"]["meals"])
    for _ in range(2):
        two = replace(one, version=2, lines=(line,))
        again = freeagent.update(two, done.native)
        assert again.native.id == done.native.id
        assert balances(freeagent) == NOTHING | {"card": "-62.48 GBP", "meals": "52.07 GBP", "input_tax": "10.41 GBP"}


def test_an_update_without_a_tax_amount_gives_the_tax_back_to_the_category(freeagent: Driver) -> None:
    one = expense(freeagent)
    done = freeagent.push(one)
    two = replace(one, version=2, lines=(replace(one.lines[0], net=Decimal("60.00"), tax=None),))
    freeagent.update(two, done.native)
    assert balances(freeagent) == NOTHING | {"card": "-60.00 GBP", "travel": "50.00 GBP", "input_tax": "10.00 GBP"}


def test_the_bank_account_of_an_expense_cannot_change(freeagent: Driver) -> None:
    one = expense(freeagent)
    done = freeagent.push(one)
    two = replace(expense(freeagent, account="current"), version=2)
    with pytest.raises(Refused, match="bank account"):
        freeagent.update(two, done.native)
    assert balances(freeagent)["card"] == "-49.48 GBP"


@pytest.mark.parametrize("amount", [Decimal("288.15"), Decimal("340.60")])
def test_an_update_of_a_transfer_changes_both_sides(freeagent: Driver, amount: Decimal) -> None:
    one = transfer(freeagent)
    done = freeagent.push(one)
    two = replace(
        one,
        version=2,
        date=date(2026, 3, 4),
        source=replace(one.source, amount=amount),
        target=replace(one.target, amount=amount),
    )
    freeagent.update(two, done.native)
    assert balances(freeagent) == NOTHING | {"card": f"{amount} GBP", "current": f"-{amount} GBP"}
    assert found(freeagent, one) == done.native.id


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_update_of_a_bill_leaves_exactly_the_lines_that_were_sent(freeagent: Driver, count: int) -> None:
    one = reimbursable(freeagent)
    done = freeagent.push(one)
    travel = freeagent.labels["accounts"]["travel"]
    lines = tuple(Line(net=Decimal(f"{n}.13"), tax=Decimal(f"0.{n}1"), account=travel) for n in range(1, count + 1))
    two = replace(one, version=2, reference="", lines=lines)
    freeagent.update(two, done.native)
    net = sum((line.net for line in lines), Decimal(0))
    tax = sum((line.tax or Decimal(0) for line in lines), Decimal(0))
    assert balances(freeagent) == NOTHING | {
        "travel": f"{net} GBP",
        "input_tax": f"{tax} GBP",
        "payables": f"-{net + tax} GBP",
    }
    assert found(freeagent, one) == done.native.id


def test_a_company_that_is_not_registered_has_the_tax_in_its_costs() -> None:
    plan = replace(PLAN, settings={"sales_tax_registration_status": "Not Registered"})
    driver = connected("freeagent", plan)
    pushed(driver, expense(driver))
    assert balances(driver) == NOTHING | {"card": "-49.48 GBP", "travel": "49.48 GBP"}


def test_every_account_that_is_offered_is_accepted(freeagent: Driver) -> None:
    accounts = freeagent.accounts()
    company = freeagent.company
    offered = [account for account in accounts if account.lines]
    assert {account.account_class for account in offered} == {"Expense"}
    for number, account in enumerate(offered):
        one = expense(freeagent, id=f"a-{number}")
        one = replace(one, lines=(replace(one.lines[0], account=account.id),))
        freeagent.push(one, company)
        owed = replace(reimbursable(freeagent), id=f"b-{number}", lines=one.lines)
        freeagent.push(owed, company)
    assert live(freeagent) == 2 * len(offered)


def test_every_spend_account_can_pay_in_its_own_currency(freeagent: Driver) -> None:
    pushed(freeagent, expense(freeagent, account="dollars"))
    card = freeagent.books.book.balance(freeagent.labels["accounts"]["dollars"])
    assert str(card.by_currency["USD"]) == "-49.48 USD"


def test_the_classes_of_the_chart_are_those_of_the_books(freeagent: Driver) -> None:
    accounts = {a.id: a for a in freeagent.accounts()}
    kinds = {held.id: held.kind.name.title() for held in freeagent.books.book.accounts()}
    assert {id: a.account_class for id, a in accounts.items() if id in kinds and a.account_class != kinds[id]} == {}


def test_lists_of_more_than_one_page_are_read_to_the_end(freeagent: Driver) -> None:
    names = [f"Stationer {number:03d}" for number in range(230)]
    for name in names:
        freeagent.native("POST", "/v2/contacts", {"contact": {"organisation_name": name}})
        if len(freeagent.requests) % 100 == 0:
            freeagent.world.advance(by=_MINUTE)
    suppliers = freeagent.suppliers()
    assert sorted(contact.name for contact in suppliers if contact.name.startswith("Stationer")) == names


def test_hidden_contacts_and_accounts_are_read_as_inactive(freeagent: Driver) -> None:
    freeagent.archive(contacts=["employee"], accounts=["current"])
    contacts = freeagent.suppliers()
    accounts = freeagent.accounts()
    assert [c.active for c in contacts if c.name == "Ines Duarte"] == [False]
    assert [a.active for a in accounts if a.name == "Current Account"] == [False]


def test_there_are_no_tax_rates_and_no_tracking_to_choose_from(freeagent: Driver) -> None:
    assert list(freeagent.tax_rates()) == []
    assert list(freeagent.tracking()) == []


def test_a_contact_is_made_once_however_often_it_is_asked_for(freeagent: Driver) -> None:
    made = freeagent.create_contact(MARLOW, key="c")
    again = freeagent.create_contact(MARLOW, key="c")
    assert made.id == again.id
    assert (made.name, made.email, made.contact_name) == (MARLOW.name, MARLOW.email, MARLOW.contact_name)
    other = replace(MARLOW, email="other@marlow.example")
    third = freeagent.create_contact(other, key="d")
    assert third.id != made.id


def test_a_contact_is_renamed_and_hidden(freeagent: Driver) -> None:
    made = freeagent.create_contact(Contact(kind="supplier", name="Old"), key="c")
    changed = replace(made, name="New", active=False)
    again = freeagent.update_contact(changed, key="d")
    assert (again.id, again.name, again.active) == (made.id, "New", False)


@pytest.mark.parametrize(
    ("account_class", "code"),
    [("Expense", "388"), ("Income", "043"), ("Asset", "711"), ("Liability", "777"), ("Equity", "951")],
)
def test_a_category_of_every_class_can_be_made(freeagent: Driver, account_class: Any, code: str) -> None:
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code=code)
    made = freeagent.create_account(wanted, key="a")
    assert (made.id, made.name, made.account_class) == (code, "Drones", account_class)


@pytest.mark.parametrize("type", ["UkSoleTrader", "UkPartnership", "UniversalCompany"])
@pytest.mark.parametrize("category", ["Expense.admin_expenses", "Expense.cost_of_sales", "Liability"])
def test_a_category_takes_a_reporting_name_of_its_type_of_company(type: str, category: str) -> None:
    driver = connected("freeagent", replace(PLAN, settings={"type": type}))
    account_class: Any = category.partition(".")[0]
    code = {"Expense.admin_expenses": "388", "Expense.cost_of_sales": "188"}.get(category, "777")
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code=code, category=category)
    made = driver.create_account(wanted, key="a")
    assert (made.id, made.account_class) == (code, account_class)


@pytest.mark.parametrize("place", [0, 2])
def test_a_file_is_attached_once_however_often_it_is_sent(freeagent: Driver, place: int) -> None:
    document = documents(freeagent)[place]
    done = freeagent.push(document)
    before = balances(freeagent)
    first = freeagent.attach(FILE, done.native)
    assert freeagent.attach(FILE, done.native) == first
    shown = freeagent.native("GET", f"/v2/attachments/{first.id}")["attachment"]
    assert (shown["file_name"], shown["file_size"], shown["content_type"]) == ("till receipt #4.png", 6, "image/png")
    assert balances(freeagent) == before
    other = replace(FILE, name="second.png", key="f-2")
    with pytest.raises(Refused, match="one file"):
        freeagent.attach(other, done.native)


def test_a_refresh_keeps_the_company(freeagent: Driver) -> None:
    before = replace(freeagent.consent, facts={"base": "https://sandbooks.invalid/freeagent"})
    freeagent.consent = freeagent.refresh(before)
    assert (freeagent.consent.company, freeagent.consent.facts) == (before.company, before.facts)
    assert freeagent.consent.access_token != before.access_token
    assert freeagent.company.currency == "GBP"


def test_a_dead_refresh_token_needs_consent(freeagent: Driver) -> None:
    spent = replace(freeagent.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        freeagent.refresh(spent)
