"""The connector of NetSuite against the emulator: every kind of document, and a kill at every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from tests.platforms.connectors.driver import Driver, Killed, connected
from tests.platforms.connectors.test_faults_on_the_way import FAULTS, attached, settled

from sandbooks import wire
from sandbooks.connector import (
    Contact,
    Document,
    Done,
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
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import CompanyPlan, platform_named

PLAN = CompanyPlan(
    name="Harbour Street Ltd",
    country="GB",
    currency="GBP",
    accounts={
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "rewards": {"type": "income", "name": "Card Rewards"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
        "current": {"type": "bank", "name": "Current Account"},
    },
    suppliers={"contoso": {"name": "Contoso"}, "employee": {"name": "Ines Duarte"}},
    customers={"mill": {"name": "Old Mill"}},
    taxes={"standard": {"name": "Standard", "rate": "20"}},
    tracking={"region": {"name": "Region", "options": ["North", "South"]}},
)
DAY = date(2026, 3, 2)
KINDS = ("check", "creditCardCharge", "creditCardRefund", "deposit", "vendorBill")
RECORD = "/services/rest/record/v1"
Kind = Literal["Payment", "Refund", "Reward", "Chargeback"]


@pytest.fixture
def netsuite() -> Driver:
    return connected("netsuite", PLAN)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", kind: Kind = "Payment") -> Expense:
    currency = "USD" if account == "dollars" else "GBP"
    accounts, taxes = driver.labels["accounts"], driver.labels["taxes"]
    return Expense(
        kind=kind,
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        currency=currency,
        account=PaymentAccount(id=accounts[account], pays="card" if account == "card" else "bank", currency=currency),
        contact=Contact(kind="supplier", name="", id=driver.labels["suppliers"]["contoso"]),
        lines=(
            Line(net=Decimal("41.23"), tax=Decimal("8.25"), account=accounts["travel"], tax_rate=taxes["standard"]),
            Line(net=Decimal("3.50"), tax=Decimal(0), account=accounts["meals"], description="Coffee"),
        ),
        merchant="Contoso",
        notes="To the fair",
        reference="R-77",
    )


def reimbursable(driver: Driver, *, id: str = "t-03") -> Reimbursable:
    accounts, taxes = driver.labels["accounts"], driver.labels["taxes"]
    return Reimbursable(
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        due=date(2026, 3, 16),
        currency="GBP",
        contact=Contact(kind="supplier", name="", id=driver.labels["suppliers"]["employee"]),
        lines=(
            Line(net=Decimal("22.10"), tax=Decimal("4.42"), account=accounts["travel"], tax_rate=taxes["standard"]),
            Line(net=Decimal("9.61"), tax=Decimal(0), account=accounts["meals"], description="Lunch"),
        ),
        reference="Trip",
        notes="Fair in Leeds",
    )


def documents(driver: Driver) -> list[Document]:
    return [
        expense(driver),
        expense(driver, account="current"),
        expense(driver, kind="Refund"),
        expense(driver, kind="Refund", account="current"),
        reimbursable(driver),
    ]


PLACES = range(5)


def pushed(driver: Driver, document: Document) -> str:
    return driver.push(document).native.id


def found(driver: Driver, document: Document) -> str | None:
    done = driver.look_up(document)
    return done.native.id if done else None


def live(driver: Driver) -> int:
    """How many transactions stand in the books."""
    return sum(1 for kind in KINDS for record in driver.books.records.scan(kind) if not record.deleted)


NAMES = ("card", "current", "travel", "meals", "input_tax", "payables")
NOTHING = dict.fromkeys(NAMES, "0.00 GBP")


def balances(driver: Driver) -> dict[str, str]:
    return {name: driver.balance(driver.labels["accounts"][name]) for name in NAMES}


def spent(account: str) -> dict[str, str]:
    cost = {"travel": "41.23 GBP", "meals": "3.50 GBP", "input_tax": "8.25 GBP"}
    return NOTHING | cost | {account: "-52.98 GBP"}


@pytest.mark.parametrize("account", ["card", "current"])
def test_a_payment_takes_the_gross_off_the_account_and_shows_net_and_tax_apart(netsuite: Driver, account: str) -> None:
    pushed(netsuite, expense(netsuite, account=account))
    assert balances(netsuite) == spent(account)


@pytest.mark.parametrize("kind", ["Refund", "Reward", "Chargeback"])
@pytest.mark.parametrize("account", ["card", "current"])
def test_money_that_comes_back_is_the_mirror_of_a_payment(netsuite: Driver, kind: Kind, account: str) -> None:
    pushed(netsuite, expense(netsuite, account=account))
    pushed(netsuite, expense(netsuite, id="t-02", kind=kind, account=account))
    assert balances(netsuite) == NOTHING
    assert live(netsuite) == 2


def test_tax_without_a_code_is_part_of_the_cost(netsuite: Driver) -> None:
    one = expense(netsuite)
    for place, kind in enumerate(("Payment", "Refund")):
        lines = (replace(one.lines[0], tax_rate="UNDEF-GB"),)
        two = replace(expense(netsuite, id=f"t-1{place}", account="current"), kind=kind, lines=lines)  # type: ignore[arg-type]
        pushed(netsuite, two)
        cost = "49.48 GBP" if kind == "Payment" else "0.00 GBP"
        assert (balances(netsuite)["travel"], balances(netsuite)["input_tax"]) == (cost, "0.00 GBP")


def test_a_submitted_tax_amount_stands_whatever_the_rate_comes_to(netsuite: Driver) -> None:
    one = expense(netsuite)
    line = replace(one.lines[0], net=Decimal("41.23"), tax=Decimal("8.24"))
    pushed(netsuite, replace(one, lines=(line,)))
    assert balances(netsuite) == NOTHING | {"card": "-49.47 GBP", "travel": "41.23 GBP", "input_tax": "8.24 GBP"}


def test_no_tax_amount_leaves_the_tax_to_netsuite(netsuite: Driver) -> None:
    one = expense(netsuite)
    line = replace(one.lines[0], net=Decimal("60.00"), tax=None)
    pushed(netsuite, replace(one, lines=(line,)))
    assert balances(netsuite) == NOTHING | {"card": "-72.00 GBP", "travel": "60.00 GBP", "input_tax": "12.00 GBP"}
    pushed(netsuite, replace(expense(netsuite, id="t-02", kind="Refund", account="current"), lines=(line,)))
    assert balances(netsuite)["current"] == "72.00 GBP"


@pytest.mark.parametrize("facts", [{"recoverable": "50"}, {"recoverable": "0"}, {}])
def test_a_refund_takes_back_what_a_payment_booked_whatever_the_tax_code(facts: dict[str, Any]) -> None:
    taxes = {"special": {"name": "Special", "rate": "20", **facts}}
    driver = connected("netsuite", replace(PLAN, taxes=taxes))
    for place, kind in enumerate(("Payment", "Refund")):
        line = Line(
            net=Decimal("41.23"),
            account=driver.labels["accounts"]["travel"],
            tax_rate=driver.labels["taxes"]["special"],
        )
        driver.labels = {**driver.labels, "taxes": {**driver.labels["taxes"], "standard": line.tax_rate}}
        one = expense(driver, id=f"t-{place}", kind=kind, account="current")  # type: ignore[arg-type]
        pushed(driver, replace(one, lines=(line,)))
    assert balances(driver) == NOTHING


def test_what_an_employee_laid_out_is_owed_to_that_employee(netsuite: Driver) -> None:
    id = pushed(netsuite, reimbursable(netsuite))
    owed = NOTHING | {"travel": "22.10 GBP", "meals": "9.61 GBP", "input_tax": "4.42 GBP", "payables": "-36.13 GBP"}
    assert balances(netsuite) == owed
    bill = netsuite.native("GET", f"{RECORD}/vendorBill/{id}")
    assert bill["entity"]["id"] == netsuite.labels["suppliers"]["employee"]
    assert (bill["tranId"], bill["dueDate"]) == ("Trip", "2026-03-16")
    assert (bill["externalId"], bill["memo"]) == ("t-03", "Fair in Leeds [t-03]")


def test_a_foreign_account_is_booked_in_its_own_currency_at_the_rate_of_the_transaction(netsuite: Driver) -> None:
    vendor = Contact(kind="supplier", name="Dollar Vendor", currency="USD")
    made = netsuite.create_contact(vendor, key="v")
    one = expense(netsuite, account="dollars")
    line = Line(net=Decimal("20.00"), account=netsuite.labels["accounts"]["meals"], tax=Decimal(0))
    pushed(netsuite, replace(one, rate=Decimal("0.781"), lines=(line,), contact=made))
    held = netsuite.books.book.balance(netsuite.labels["accounts"]["dollars"])
    assert (str(held.by_currency["USD"]), str(held.base)) == ("-20.00 USD", "-15.62 GBP")
    assert balances(netsuite)["meals"] == "15.62 GBP"


def test_lines_carry_their_tags_and_customers(netsuite: Driver) -> None:
    options = netsuite.tracking()
    north = next(option.id for option in options if option.name == "North")
    one = expense(netsuite)
    line = replace(one.lines[0], tracking=(TrackingRef(id=north),), invoice_to=netsuite.labels["customers"]["mill"])
    id = pushed(netsuite, replace(one, lines=(line,)))
    body = netsuite.native("GET", f"{RECORD}/creditCardCharge/{id}?expandSubResources=true")
    (row,) = body["expense"]["items"]
    assert row[north.partition("-")[0]]["refName"] == "North"
    assert (row["customer"]["refName"], row["isBillable"]) == ("Old Mill", True)


def test_every_kind_is_found_again_by_its_id_alone(netsuite: Driver) -> None:
    for place, document in enumerate(documents(netsuite)):
        one = replace(document, id=f"t-1{place}")
        assert found(netsuite, one) is None
        assert pushed(netsuite, one) == found(netsuite, one)
        assert found(netsuite, replace(one, id=f"1{place}")) is None


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_step_then_a_look_up_leaves_exactly_one_document(place: int, after: bool) -> None:
    for step in range(1, 4):
        driver = connected("netsuite", PLAN)
        document = documents(driver)[place]
        company = driver.company
        try:
            driver.push(document, company, kill=step, after=after)
        except Killed:
            id = found(driver, document) or pushed(driver, document)
            assert found(driver, document) == id
        assert live(driver) == 1
        driver.books.book.verify()


@pytest.mark.parametrize("place", PLACES)
def test_sent_again_without_a_look_up_it_is_still_one_document_with_its_own_lines(netsuite: Driver, place: int) -> None:
    document = documents(netsuite)[place]
    first = pushed(netsuite, document)
    before = balances(netsuite)
    assert pushed(netsuite, document) == first
    assert (live(netsuite), balances(netsuite)) == (1, before)


@pytest.mark.parametrize("account", ["card", "current"])
def test_an_update_gives_the_same_record_its_new_lines(netsuite: Driver, account: str) -> None:
    one = expense(netsuite, account=account)
    done = netsuite.push(one)
    line = replace(one.lines[0], net=Decimal("52.07"), tax=Decimal("10.41"))
    for _ in range(2):
        two = replace(one, version=2, lines=(line,), reference="")
        again = netsuite.update(two, done.native)
        assert again.native.id == done.native.id
        moved = {account: "-62.48 GBP", "travel": "52.07 GBP", "input_tax": "10.41 GBP"}
        assert balances(netsuite) == NOTHING | moved
    body = netsuite.native("GET", f"{RECORD}/{done.native.kind}/{done.native.id}")
    assert body["tranId"] == "R-77"
    assert found(netsuite, one) == done.native.id


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_update_of_a_bill_leaves_exactly_the_lines_that_were_sent(netsuite: Driver, count: int) -> None:
    one = reimbursable(netsuite)
    done = netsuite.push(one)
    lines = tuple(replace(one.lines[1], net=Decimal(f"{n}.13")) for n in range(1, count + 1))
    netsuite.update(replace(one, version=2, lines=lines), done.native)
    total = sum((line.net for line in lines), Decimal(0))
    assert balances(netsuite) == NOTHING | {"meals": f"{total} GBP", "payables": f"-{total} GBP"}


def test_a_payment_can_move_to_another_account_of_its_kind_and_to_no_other(netsuite: Driver) -> None:
    one = expense(netsuite, account="current")
    done = netsuite.push(one)
    wanted = NewAccount(name="Second Account", account_class="Asset", pays="bank", currency="GBP")
    other = netsuite.create_account(wanted, key="a")
    two = replace(one, version=2, account=replace(one.account, id=other.id))
    netsuite.update(two, done.native)
    assert (balances(netsuite)["current"], netsuite.balance(other.id)) == ("0.00 GBP", "-52.98 GBP")
    by_card, company = expense(netsuite, account="card"), netsuite.company
    with pytest.raises(Refused, match="cannot become"):
        netsuite.update(by_card, done.native, company)
    assert balances(netsuite)["card"] == "0.00 GBP"


def test_a_record_that_somebody_deleted_is_not_there_to_be_changed(netsuite: Driver) -> None:
    one = expense(netsuite)
    done = netsuite.push(one)
    with netsuite.world.unit():
        platform_named("netsuite").load_bookkeeper().delete(netsuite.books, done.native.kind, done.native.id)
    assert found(netsuite, one) is None
    with pytest.raises(Refused, match="NetSuite error"):
        netsuite.update(one, done.native)


def test_a_locked_period_is_refused_in_native_words(netsuite: Driver) -> None:
    with netsuite.world.unit():
        platform_named("netsuite").load_bookkeeper().lock_period(netsuite.books, "2026-03-31")
    for document in documents(netsuite):
        with pytest.raises(Refused, match=r"accounting period\. \(NetSuite error USER_ERROR\)"):
            pushed(netsuite, document)
    assert live(netsuite) == 0
    assert balances(netsuite) == NOTHING


@pytest.mark.parametrize("account", ["travel", "card"])
def test_an_inactive_account_is_refused_and_leaves_nothing(netsuite: Driver, account: str) -> None:
    bookkeeper = platform_named("netsuite").load_bookkeeper()
    with netsuite.world.unit():
        bookkeeper.archive_account(netsuite.books, netsuite.labels["accounts"][account])
    with pytest.raises(Refused, match="NetSuite error"):
        pushed(netsuite, expense(netsuite))
    assert live(netsuite) == 0


def test_every_account_that_is_offered_is_accepted(netsuite: Driver) -> None:
    company = netsuite.company
    offered = [a for a in netsuite.accounts() if a.lines]
    assert {account.account_class for account in offered} >= {"Expense", "Income"}
    for place, account in enumerate(offered):
        line = Line(net=Decimal("4.10"), tax=Decimal(0), account=account.id)
        for one in (expense(netsuite), expense(netsuite, kind="Refund", account="current"), reimbursable(netsuite)):
            document = replace(one, id=f"{place}-{one.id}-{getattr(one, 'kind', '')}", lines=(line,))
            netsuite.push(document, company)
    assert live(netsuite) == 3 * len(offered)


def test_every_tax_code_that_is_offered_is_accepted(netsuite: Driver) -> None:
    company = netsuite.company
    offered = [r for r in netsuite.tax_rates() if r.kinds]
    for place, rate in enumerate(offered):
        line = Line(net=Decimal("4.10"), account=netsuite.labels["accounts"]["travel"], tax_rate=rate.id)
        document = replace(expense(netsuite, id=f"x-{place}"), lines=(line,))
        netsuite.push(document, company)
    assert live(netsuite) == len(offered)


def test_in_the_us_sales_tax_is_part_of_the_cost() -> None:
    driver = connected("netsuite", replace(PLAN, country="US", currency="USD", taxes={}, accounts=US_ACCOUNTS))
    accounts = driver.labels["accounts"]
    one = Expense(
        kind="Payment",
        id="t-01",
        key="k",
        version=1,
        date=DAY,
        currency="USD",
        account=PaymentAccount(id=accounts["card"], pays="card", currency="USD"),
        contact=Contact(kind="supplier", name="", id=driver.labels["suppliers"]["contoso"]),
        lines=(Line(net=Decimal("41.23"), tax=Decimal("3.71"), account=accounts["travel"], tax_rate="-7"),),
    )
    pushed(driver, one)
    assert (driver.balance(accounts["travel"]), driver.balance(accounts["card"])) == ("44.94 USD", "-44.94 USD")


US_ACCOUNTS = {
    "travel": {"type": "expense", "name": "Travel Sundry"},
    "card": {"type": "credit_card", "name": "Company Card"},
}


def test_cards_are_liabilities_and_banks_are_assets_in_their_own_currency(netsuite: Driver) -> None:
    accounts = {a.id: a for a in netsuite.accounts()}
    shown = {
        name: (accounts[id].account_class, accounts[id].pays, accounts[id].currency)
        for name, id in netsuite.labels["accounts"].items()
        if name in ("card", "dollars", "current", "travel")
    }
    assert shown == {
        "card": ("Liability", "card", "GBP"),
        "dollars": ("Asset", "bank", "USD"),
        "current": ("Asset", "bank", "GBP"),
        "travel": ("Expense", "", "GBP"),
    }
    kinds = {held.id: held.kind.name.title() for held in netsuite.books.book.accounts()}
    assert {id: a.account_class for id, a in accounts.items() if id in kinds and a.account_class != kinds[id]} == {}


def test_inactive_contacts_and_accounts_are_read_as_inactive(netsuite: Driver) -> None:
    bookkeeper = platform_named("netsuite").load_bookkeeper()
    with netsuite.world.unit():
        bookkeeper.archive_contact(netsuite.books, netsuite.labels["suppliers"]["employee"])
        bookkeeper.archive_account(netsuite.books, netsuite.labels["accounts"]["current"])
    contacts = netsuite.suppliers()
    accounts = netsuite.accounts()
    assert [c.active for c in contacts if c.name == "Ines Duarte"] == [False]
    assert [a.active for a in accounts if a.name == "Current Account"] == [False]


@pytest.mark.parametrize("kind", ["supplier", "customer"])
def test_a_contact_is_made_once_however_often_it_is_asked_for(netsuite: Driver, kind: Any) -> None:
    wanted = Contact(
        kind=kind,
        name="Marlow Print",
        email="post@marlow.example",
        phone="01628 000000",
        addresses=({"line1": "4 Wharf Road", "city": "Marlow", "country": "GB"},),
    )
    company = netsuite.company
    made = netsuite.create_contact(wanted, company, key="c")
    again = netsuite.create_contact(wanted, company, key="c")
    assert (made.id, made.name, made.email, made.phone) == (again.id, wanted.name, wanted.email, wanted.phone)
    with pytest.raises(Refused, match="already exists"):
        netsuite.create_contact(wanted, company, key="d")
    changed = replace(made, name="Marlow Press", active=False)
    shown = netsuite.update_contact(changed, company, key="e")
    assert (shown.id, shown.name, shown.active) == (made.id, "Marlow Press", False)


def test_a_new_card_account_can_be_paid_with(netsuite: Driver) -> None:
    wanted = NewAccount(name="Team Card", account_class="Liability", pays="card", currency="GBP")
    made = netsuite.create_account(wanted, key="a")
    again = netsuite.create_account(wanted, key="a")
    assert (made.id, made.pays, made.currency) == (again.id, "card", "GBP")
    one = expense(netsuite)
    pushed(netsuite, replace(one, account=replace(one.account, id=made.id)))
    assert netsuite.balance(made.id) == "-52.98 GBP"


@pytest.mark.parametrize("account_class", ["Expense", "Income", "Asset", "Liability", "Equity"])
def test_an_account_of_every_class_can_be_made(netsuite: Driver, account_class: Any) -> None:
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code="9123")
    made = netsuite.create_account(wanted, key="a")
    assert (made.name, made.nominal_code, made.account_class) == ("Drones", "9123", account_class)


FILE = File(name="till receipt #4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")


@pytest.mark.parametrize("place", PLACES)
def test_a_file_is_attached_once_however_often_it_is_sent(netsuite: Driver, place: int) -> None:
    done = netsuite.push(documents(netsuite)[place])
    before = balances(netsuite)
    first = netsuite.attach(FILE, done.native)
    assert netsuite.attach(FILE, done.native) == first
    other = replace(FILE, content=b"\x89PNG two", key="f-2")
    assert netsuite.attach(other, done.native) != first
    assert files(netsuite, done) == [FILE.content, other.content]
    assert balances(netsuite) == before


def files(driver: Driver, done: Done) -> list[bytes]:
    bookkeeper = platform_named("netsuite").load_bookkeeper()
    return [file.content for file in bookkeeper.files(driver.books, done.native.kind, done.native.id)]


def test_a_file_survives_an_update_of_its_document(netsuite: Driver) -> None:
    one = expense(netsuite)
    done = netsuite.push(one)
    netsuite.attach(FILE, done.native)
    two = replace(one, version=2, lines=one.lines[:1])
    netsuite.update(two, done.native)
    assert files(netsuite, done) == [FILE.content]


def typed(driver: Driver) -> dict[str, str]:
    """The keys of a token that the account's administrator has just made."""
    with driver.world.unit():
        return dict(platform_named("netsuite").load_seed().credentials(driver.world, driver.books))


def test_a_token_lasts_until_it_is_revoked(netsuite: Driver) -> None:
    netsuite.world.advance(by=timedelta(days=400))
    assert netsuite.company.name == "Harbour Street Ltd"
    pushed(netsuite, expense(netsuite))
    assert balances(netsuite) == spent("card")
    tokens = Tokens(netsuite.world, "netsuite")
    with netsuite.world.unit():
        for token in tokens.of_company(netsuite.books.id):
            tokens.revoke(token.grant)
    with pytest.raises(NeedsConsent):
        netsuite.run(netsuite.connector.company(netsuite.consent))


@pytest.mark.parametrize("name", ["account", "consumer_key", "consumer_secret", "token_id", "token_secret"])
def test_a_wrong_key_is_refused_when_it_is_typed_in(netsuite: Driver, name: str) -> None:
    given, now = typed(netsuite), netsuite.world.clock.now()
    netsuite.consent = netsuite.run(netsuite.connector.exchange_code(netsuite.application, given, now=now))
    assert netsuite.company.currency == "GBP"
    wrong = {**given, name: f"{given[name]}x"}
    with pytest.raises(Refused, match="does not accept"):
        netsuite.run(netsuite.connector.exchange_code(netsuite.application, wrong, now=now))


def test_a_lost_answer_is_unknown_and_the_document_is_found(netsuite: Driver) -> None:
    for place, document in enumerate(documents(netsuite)):
        one = replace(document, id=f"l-{place}")
        steps = netsuite.connector.push(one, netsuite.consent, netsuite.company)
        with pytest.raises(Unknown):
            netsuite.run(steps, change=lambda _: wire.Cut("timeout"))
        assert found(netsuite, one) is not None
    assert live(netsuite) == len(documents(netsuite))


# On a bad line


@pytest.mark.parametrize(("kind", "phase", "parameters"), [fault for fault in FAULTS if fault[0] != "truncate"])
@pytest.mark.parametrize("place", PLACES)
def test_a_fault_at_the_write_leaves_exactly_one_document(
    place: int, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = connected("netsuite", PLAN)
    document = documents(driver)[place]
    plan: Any = driver.world.plan
    fault = plan.add(kind, at={"write": document.id}, phase=phase, **parameters)
    done = settled(driver, document)
    assert fault not in plan.unfired()
    assert live(driver) == 1
    assert found(driver, document) == done.native.id
    driver.books.book.verify()


@pytest.mark.parametrize("place", PLACES)
def test_a_search_that_lags_behind_leaves_exactly_one_document(place: int) -> None:
    driver = connected("netsuite", PLAN)
    driver.world.advance(by=timedelta(minutes=5))
    document = documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag="50s")
    settled(driver, document)
    assert live(driver) == 1


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_an_update_that_is_lost_is_sent_again_without_harm(netsuite: Driver, phase: str) -> None:
    document, company = expense(netsuite), netsuite.company
    done = netsuite.push(document, company)
    before = balances(netsuite)
    plan: Any = netsuite.world.plan
    plan.add("drop_response", at={"write": document.id}, phase=phase)
    with pytest.raises(Unknown):
        netsuite.update(document, done.native, company)
    netsuite.update(document, done.native, company)
    assert (live(netsuite), balances(netsuite)) == (1, before)


WHOLE = [fault for fault in FAULTS if fault[0] != "truncate" and fault[2] != {"status": 413}]


@pytest.mark.parametrize(("kind", "phase", "parameters"), WHOLE)
@pytest.mark.parametrize(
    "operation", ["POST /**/document/v1/folder", "POST /**/document/v1/file", "POST /**/!attach/**"]
)
def test_a_fault_at_an_upload_leaves_exactly_one_file(
    kind: str, phase: str, parameters: dict[str, Any], operation: str
) -> None:
    driver = connected("netsuite", PLAN)
    done = driver.push(expense(driver))
    plan: Any = driver.world.plan
    fault = plan.add(kind, at={"operation": operation}, phase=phase, **parameters)
    first = attached(driver, FILE, done)
    assert fault not in plan.unfired()
    assert driver.attach(FILE, done.native) == first
    assert files(driver, done) == [FILE.content]
