"""The connector of NetSuite against the emulator: what its documents book, updates, lists and sign-in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import DAY, FILE, found, pushed
from tests.platforms.connectors.books.netsuite import (
    NOTHING,
    PLACES,
    PLAN,
    RECORD,
    balances,
    documents,
    expense,
    live,
    reimbursable,
    spent,
)
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import (
    Contact,
    Done,
    Expense,
    ExpenseKind,
    Line,
    NeedsConsent,
    NewAccount,
    PaymentAccount,
    Refused,
    TrackingRef,
)
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import platform_named


@pytest.fixture
def netsuite() -> Driver:
    return connected("netsuite", PLAN)


def test_tax_without_a_code_is_part_of_the_cost(netsuite: Driver) -> None:
    one = expense(netsuite)
    for place, kind in enumerate(("Payment", "Refund")):
        lines = (replace(one.lines[0], tax_rate="UNDEF-GB"),)
        two = replace(expense(netsuite, id=f"t-1{place}", account="current"), kind=kind, lines=lines)
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
    kinds: tuple[ExpenseKind, ...] = ("Payment", "Refund")
    for place, kind in enumerate(kinds):
        line = Line(
            net=Decimal("41.23"),
            account=driver.labels["accounts"]["travel"],
            tax_rate=driver.labels["taxes"]["special"],
        )
        driver.labels = {**driver.labels, "taxes": {**driver.labels["taxes"], "standard": line.tax_rate}}
        one = expense(driver, id=f"t-{place}", kind=kind, account="current")
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
    with netsuite.bookkeeper() as bookkeeper:
        bookkeeper.delete(netsuite.books, done.native.kind, done.native.id)
    assert found(netsuite, one) is None
    with pytest.raises(Refused, match="NetSuite error"):
        netsuite.update(one, done.native)


@pytest.mark.parametrize("account", ["travel", "card"])
def test_an_inactive_account_is_refused_and_leaves_nothing(netsuite: Driver, account: str) -> None:
    netsuite.archive(accounts=[account])
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
    netsuite.archive(contacts=["employee"], accounts=["current"])
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


@pytest.mark.parametrize("place", PLACES)
def test_a_file_is_attached_once_however_often_it_is_sent(netsuite: Driver, place: int) -> None:
    done = netsuite.push(documents(netsuite)[place])
    before = balances(netsuite)
    first = netsuite.attach(FILE, done.native)
    assert netsuite.attach(FILE, done.native) == first
    other = replace(FILE, content=b"\x89PNG two", key="f-2")
    assert netsuite.attach(other, done.native) != first
    assert contents(netsuite, done) == [FILE.content, other.content]
    assert balances(netsuite) == before


def contents(driver: Driver, done: Done) -> list[bytes]:
    return [content for _, content in driver.files(done.native)]


def test_a_file_survives_an_update_of_its_document(netsuite: Driver) -> None:
    one = expense(netsuite)
    done = netsuite.push(one)
    netsuite.attach(FILE, done.native)
    two = replace(one, version=2, lines=one.lines[:1])
    netsuite.update(two, done.native)
    assert contents(netsuite, done) == [FILE.content]


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
    given = typed(netsuite)
    netsuite.consent = netsuite.exchange_code(given)
    assert netsuite.company.currency == "GBP"
    wrong = {**given, name: f"{given[name]}x"}
    with pytest.raises(Refused, match="does not accept"):
        netsuite.exchange_code(wrong)


# On a bad line
