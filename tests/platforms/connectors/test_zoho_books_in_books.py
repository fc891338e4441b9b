"""The connector of Zoho Books against the emulator: every kind of document, and a kill at every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.platforms.connectors.driver import Driver, Killed, connected

from sandbooks import wire
from sandbooks.connector import (
    Contact,
    Document,
    Expense,
    File,
    Line,
    NeedsConsent,
    NewAccount,
    PaymentAccount,
    Refused,
    Reimbursable,
    TrackingRef,
    Unknown,
)
from sandbooks.platform import CompanyPlan, platform_named

PLAN = CompanyPlan(
    name="Harbour Street Ltd",
    country="GB",
    currency="GBP",
    accounts={
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "credit_card", "name": "Dollar Card", "currency": "USD"},
        "current": {"type": "bank", "name": "Current Account"},
    },
    suppliers={"employee": {"name": "Ines Duarte"}, "shop": {"name": "Fabrikam Stores"}},
    customers={"client": {"name": "Northwind"}},
)
DAY = date(2026, 3, 2)
NAMES = ("card", "dollars", "current", "travel", "meals", "input_tax", "payables")
NOTHING = dict.fromkeys(NAMES, "0.00 GBP")
_MINUTE = timedelta(seconds=61)


@pytest.fixture
def zoho() -> Driver:
    return connected("zoho_books", PLAN)


def tax(driver: Driver, percent: int = 20) -> str:
    rates = driver.tax_rates()
    return next(rate.id for rate in rates if rate.effective == percent)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", taxed: bool = True) -> Expense:
    accounts = driver.labels["accounts"]
    currency = "USD" if account == "dollars" else "GBP"
    line = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account=accounts["travel"])
    return Expense(
        kind="Payment",
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        currency=currency,
        rate=Decimal("0.781") if currency == "USD" else None,
        account=PaymentAccount(
            id=accounts[account], pays="bank" if account == "current" else "card", currency=currency
        ),
        lines=(replace(line, tax_rate=tax(driver)) if taxed else replace(line, tax=None),),
        contact=Contact(kind="supplier", name="Fabrikam Stores", id=driver.labels["suppliers"]["shop"]),
        merchant="Contoso",
        notes="To the fair",
        reference="R-77",
    )


def several(driver: Driver) -> Expense:
    accounts = driver.labels["accounts"]
    lunch = Line(net=Decimal("9.61"), tax=Decimal(0), account=accounts["meals"], description="Lunch")
    one = expense(driver, id="t-02")
    return replace(one, lines=(*one.lines, replace(lunch, tax_rate=tax(driver, 0))))


def reimbursable(driver: Driver) -> Reimbursable:
    accounts = driver.labels["accounts"]
    return Reimbursable(
        id="t-03",
        key="key-t-03-1",
        version=1,
        date=DAY,
        due=date(2026, 3, 16),
        currency="GBP",
        contact=Contact(kind="supplier", name="", id=driver.labels["suppliers"]["employee"]),
        lines=(
            Line(
                net=Decimal("22.10"),
                tax=Decimal("4.42"),
                account=accounts["travel"],
                tax_rate=tax(driver),
                description="Train",
            ),
            Line(net=Decimal("9.61"), account=accounts["meals"], description="Lunch"),
        ),
        reference="Trip",
        notes="Fair in Leeds",
    )


def documents(driver: Driver) -> list[Document]:
    return [expense(driver), several(driver), reimbursable(driver)]


def pushed(driver: Driver, document: Document) -> str:
    return driver.push(document).native.id


def found(driver: Driver, document: Document) -> str | None:
    done = driver.look_up(document)
    return done.native.id if done else None


def live(driver: Driver) -> int:
    """How many documents stand in the books."""
    return sum(1 for kind in ("expense", "bill") for _ in driver.books.records.scan(kind))


def balances(driver: Driver) -> dict[str, str]:
    return {name: driver.balance(driver.labels["accounts"][name]) for name in NAMES}


def record(driver: Driver, kind: str, id: str) -> Any:
    """A record as the API shows it."""
    path = f"/books/v3/{kind}s/{id}?organization_id={driver.consent.company}"
    return driver.native("GET", path)[kind]


def test_a_payment_takes_the_gross_off_the_card_and_shows_net_and_tax_apart(zoho: Driver) -> None:
    id = pushed(zoho, expense(zoho))
    assert balances(zoho) == NOTHING | {"card": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    shown = record(zoho, "expense", id)
    assert shown["description"] == "Contoso - To the fair [t-01]"
    assert (shown["reference_number"], shown["vendor_id"]) == ("R-77", zoho.labels["suppliers"]["shop"])


def test_a_payment_may_leave_a_bank_account(zoho: Driver) -> None:
    pushed(zoho, expense(zoho, account="current"))
    assert balances(zoho) == NOTHING | {"current": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}


def test_a_tax_that_is_left_to_the_platform_is_added_to_the_net(zoho: Driver) -> None:
    one = expense(zoho)
    pushed(zoho, replace(one, lines=(replace(one.lines[0], tax=None, net=Decimal("60.10")),)))
    assert balances(zoho) == NOTHING | {"card": "-72.12 GBP", "travel": "60.10 GBP", "input_tax": "12.02 GBP"}


def test_a_tax_without_a_rate_is_part_of_the_cost(zoho: Driver) -> None:
    one = expense(zoho)
    pushed(zoho, replace(one, lines=(replace(one.lines[0], tax_rate=""),)))
    assert balances(zoho) == NOTHING | {"card": "-49.48 GBP", "travel": "49.48 GBP"}


def test_a_tax_that_is_not_at_its_rate_is_booked_as_given(zoho: Driver) -> None:
    one = expense(zoho)
    pushed(zoho, replace(one, lines=(replace(one.lines[0], tax=Decimal("3.07")),)))
    assert balances(zoho) == NOTHING | {"card": "-44.30 GBP", "travel": "41.23 GBP", "input_tax": "3.07 GBP"}


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


def test_every_kind_is_found_again_by_its_id_alone(zoho: Driver) -> None:
    for number, document in enumerate(documents(zoho)):
        one = replace(document, id=f"t-1{number}")
        assert found(zoho, one) is None
        assert pushed(zoho, one) == found(zoho, one)
        assert found(zoho, replace(one, id=f"1{number}")) is None


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


@pytest.mark.parametrize("place", range(3))
def test_a_kill_at_any_step_then_a_look_up_leaves_exactly_one_document(place: int) -> None:
    for after in (False, True):
        for step in range(1, 4):
            driver = connected("zoho_books", PLAN)
            document = documents(driver)[place]
            company = driver.company
            try:
                driver.push(document, company, kill=step, after=after)
            except Killed:
                id = found(driver, document) or pushed(driver, document)
                assert found(driver, document) == id
            assert live(driver) == 1
            driver.books.book.verify()


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


def test_an_update_without_tax_takes_the_tax_away(zoho: Driver) -> None:
    one = expense(zoho)
    done = zoho.push(one)
    two = replace(one, version=2, lines=(replace(one.lines[0], tax=None, tax_rate=""),))
    zoho.update(two, done.native)
    assert balances(zoho) == NOTHING | {"card": "-41.23 GBP", "travel": "41.23 GBP"}


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1), (2, 3), (3, 2)])
@pytest.mark.parametrize("kind", ["expense", "bill"])
def test_an_update_leaves_exactly_the_lines_that_were_sent(zoho: Driver, kind: str, before: int, after: int) -> None:
    travel, rate = zoho.labels["accounts"]["travel"], tax(zoho)
    lines = tuple(
        Line(net=Decimal(f"{n}.15"), tax=Decimal(f"{n}.15") / 5, account=travel, tax_rate=rate) for n in (1, 2, 3)
    )
    one = expense(zoho) if kind == "expense" else reimbursable(zoho)
    done = zoho.push(replace(one, lines=lines[:before]))
    two = replace(one, version=2, lines=lines[:after])
    zoho.update(two, done.native)
    net = sum((line.net for line in two.lines), Decimal(0))
    vat = sum((line.tax or Decimal(0) for line in two.lines), Decimal(0))
    other = "card" if kind == "expense" else "payables"
    assert balances(zoho) == NOTHING | {
        "travel": f"{net} GBP",
        "input_tax": f"{vat} GBP",
        other: f"-{net + vat} GBP",
    }
    assert found(zoho, one) == done.native.id


@pytest.mark.parametrize("kind", ["Refund", "Reward", "Chargeback"])
def test_what_is_not_offered_is_refused_and_writes_nothing(zoho: Driver, kind: Any) -> None:
    with pytest.raises(Refused, match=kind.lower()):
        pushed(zoho, replace(expense(zoho), kind=kind))
    assert live(zoho) == 0


def test_a_locked_period_is_refused_in_native_words(zoho: Driver) -> None:
    with zoho.world.unit():
        platform_named("zoho_books").load_bookkeeper().lock_period(zoho.books, "2026-03-31")
    for document in documents(zoho):
        with pytest.raises(Refused, match=r"\(Zoho Books code \d+\)"):
            pushed(zoho, document)
    assert live(zoho) == 0


def test_an_archived_account_is_refused_in_native_words(zoho: Driver) -> None:
    with zoho.world.unit():
        platform_named("zoho_books").load_bookkeeper().archive_account(zoho.books, zoho.labels["accounts"]["travel"])
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


def test_archived_contacts_and_accounts_are_read_as_inactive(zoho: Driver) -> None:
    bookkeeper = platform_named("zoho_books").load_bookkeeper()
    with zoho.world.unit():
        bookkeeper.archive_contact(zoho.books, zoho.labels["suppliers"]["employee"])
        bookkeeper.archive_account(zoho.books, zoho.labels["accounts"]["current"])
    contacts = zoho.suppliers()
    accounts = zoho.accounts()
    assert [c.active for c in contacts if c.name == "Ines Duarte"] == [False]
    assert [a.active for a in accounts if a.name == "Current Account"] == [False]


def test_a_contact_is_made_once_however_often_it_is_asked_for(zoho: Driver) -> None:
    wanted = Contact(
        kind="supplier",
        name="Marlow Print",
        email="post@marlow.example",
        contact_name="Ada Reed",
        addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
    )
    made = zoho.create_contact(wanted, key="c")
    again = zoho.create_contact(wanted, key="c")
    assert (made.id, made.name, made.email, made.contact_name) == (
        again.id,
        "Marlow Print",
        "post@marlow.example",
        "Ada Reed",
    )
    other = replace(wanted, email="other@marlow.example")
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


@pytest.mark.parametrize("account_class", ["Expense", "Income", "Asset", "Liability", "Equity"])
def test_an_account_of_every_class_can_be_made(zoho: Driver, account_class: Any) -> None:
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code="7100")
    made = zoho.create_account(wanted, key="a")
    again = zoho.create_account(wanted, key="a")
    assert (made.id, made.name, made.account_class) == (again.id, "Drones", account_class)


FILE = File(name="till receipt 4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")


@pytest.mark.parametrize("place", [0, 2])
def test_a_file_is_attached_once_however_often_it_is_sent(zoho: Driver, place: int) -> None:
    document = documents(zoho)[place]
    done = zoho.push(document)
    before = balances(zoho)
    first = zoho.attach(FILE, done.native)
    assert zoho.attach(FILE, done.native) == first
    bookkeeper = platform_named("zoho_books").load_bookkeeper()
    files = bookkeeper.files(zoho.books, done.native.kind, done.native.id)
    assert [(file.name, file.content) for file in files] == [(FILE.name, FILE.content)]
    assert balances(zoho) == before


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("after", [False, True])
def test_an_upload_that_is_killed_anywhere_leaves_one_file(place: int, after: bool) -> None:
    for step in (1, 2, 3):
        driver = connected("zoho_books", PLAN)
        done = driver.push(documents(driver)[place])
        try:
            driver.attach(FILE, done.native, kill=step, after=after)
        except Killed:
            driver.attach(FILE, done.native)
        bookkeeper = platform_named("zoho_books").load_bookkeeper()
        assert len(bookkeeper.files(driver.books, done.native.kind, done.native.id)) == 1


def test_a_file_survives_an_update_of_its_document(zoho: Driver) -> None:
    one = expense(zoho)
    done = zoho.push(one)
    first = zoho.attach(FILE, done.native)
    two = replace(one, version=2, lines=(replace(one.lines[0], net=Decimal("50.00"), tax=Decimal("10.00")),))
    zoho.update(two, done.native)
    assert zoho.attach(FILE, done.native) == first


def test_a_file_of_a_type_that_is_not_taken_is_refused_in_native_words(zoho: Driver) -> None:
    done = zoho.push(expense(zoho))
    file = File(name="r.zip", content_type="application/zip", content=b"PK", key="f-1")
    with pytest.raises(Refused, match="Zoho Books code"):
        zoho.attach(file, done.native)


def test_a_consent_is_for_the_organisation_of_the_user(zoho: Driver) -> None:
    path = zoho.connector.consent_path(zoho.application, state="s-1")
    url = f"https://sandbooks.invalid/zoho_books{path}"
    answer = zoho.app.edge.dispatch(wire.Request("GET", url), world=zoho.world, raises=True)
    assert isinstance(answer, wire.Response)
    callback = dict(parse_qsl(urlsplit(answer.header("Location")).query))
    assert callback["state"] == "s-1"
    now = zoho.world.clock.now()
    zoho.consent = zoho.run(zoho.connector.exchange_code(zoho.application, callback, now=now))
    assert zoho.consent.company == zoho.books.id
    assert zoho.consent.refresh_token
    assert zoho.company.name == "Harbour Street Ltd"
    pushed(zoho, expense(zoho))
    assert balances(zoho)["card"] == "-49.48 GBP"
    with pytest.raises(Refused, match="invalid_code"):
        zoho.run(zoho.connector.exchange_code(zoho.application, callback, now=now))


def test_a_refresh_keeps_the_company_and_the_refresh_token(zoho: Driver) -> None:
    before = zoho.consent
    now = zoho.world.clock.now()
    zoho.consent = zoho.run(zoho.connector.refresh(zoho.application, before, now=now))
    assert (zoho.consent.company, zoho.consent.refresh_token) == (before.company, before.refresh_token)
    assert zoho.consent.access_token != before.access_token
    assert zoho.company.currency == "GBP"


def test_a_dead_refresh_token_needs_consent_and_a_throttled_one_waits(zoho: Driver) -> None:
    now = zoho.world.clock.now()
    spent = replace(zoho.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_code"):
        zoho.run(zoho.connector.refresh(zoho.application, spent, now=now))
    for _ in range(13):
        zoho.consent = zoho.run(zoho.connector.refresh(zoho.application, zoho.consent, now=zoho.world.clock.now()))
    assert zoho.world.clock.now() - now > timedelta(minutes=5)
    assert zoho.company.currency == "GBP"


def test_a_token_that_ran_out_needs_consent(zoho: Driver) -> None:
    zoho.consent = replace(zoho.consent, access_token="1000.nothing")
    with pytest.raises(NeedsConsent):
        _ = zoho.company


def test_a_lost_answer_is_unknown_and_the_document_is_found(zoho: Driver) -> None:
    for document in documents(zoho):
        steps = zoho.connector.push(document, zoho.consent, zoho.company)
        with pytest.raises(Unknown):
            zoho.run(steps, change=lambda _: wire.Cut("timeout"))
        assert found(zoho, document) is not None
    assert live(zoho) == 3
