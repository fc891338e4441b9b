"""The connector of Sage Intacct against the emulator: what its documents book, updates, lists and sign-in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import FILE, MARLOW, found, pushed
from tests.platforms.connectors.books.sage_intacct import (
    NOTHING,
    PLAN,
    TAX,
    balances,
    body,
    documents,
    expense,
    live,
    opened,
    reimbursable,
    several,
    typed,
)
from tests.platforms.connectors.driver import Driver

from sandbooks import wire
from sandbooks.connector import (
    Application,
    Line,
    NeedsConsent,
    NewAccount,
    PaymentAccount,
    Refused,
    TrackingRef,
    Unknown,
)


@pytest.fixture
def intacct() -> Driver:
    return opened()


def test_a_payment_raises_what_is_owed_on_the_card_by_its_gross(intacct: Driver) -> None:
    id = pushed(intacct, expense(intacct))
    assert balances(intacct) == NOTHING | {"card": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    shown = body(intacct, "CCTRANSACTION", id)
    assert shown["DESCRIPTION"] == "Contoso - To the fair [t-01]"
    assert (shown["RECORDID"], shown["PAYEE"], shown["WHENCREATED"]) == ("R-77", "To the fair", "03/02/2026")
    assert shown["LINES"][0]["VENDORID"] == intacct.labels["suppliers"]["shop"]


def test_a_refund_lowers_what_is_owed_on_the_card(intacct: Driver) -> None:
    pushed(intacct, several(intacct))
    assert balances(intacct) == NOTHING | {
        "card": "59.09 GBP",
        "travel": "-41.23 GBP",
        "meals": "-9.61 GBP",
        "input_tax": "-8.25 GBP",
    }


def test_the_charges_of_a_debit_card_leave_its_bank_account(intacct: Driver) -> None:
    accounts = intacct.accounts()
    (debit,) = [account for account in accounts if account.category.endswith("Debit")]
    one = expense(intacct)
    pushed(intacct, replace(one, account=replace(one.account, id=debit.id)))
    assert balances(intacct) == NOTHING | {"current": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}


def test_a_tax_without_a_detail_is_part_of_the_cost(intacct: Driver) -> None:
    one = expense(intacct)
    pushed(intacct, replace(one, lines=(replace(one.lines[0], tax_rate="NONE"),)))
    assert balances(intacct) == NOTHING | {"card": "-49.48 GBP", "travel": "49.48 GBP"}


@pytest.mark.parametrize("given", [Decimal(0), None])
def test_a_reverse_charge_pays_the_net_and_owes_the_tax(intacct: Driver, given: Decimal | None) -> None:
    one = expense(intacct)
    line = replace(one.lines[0], tax=given, tax_rate="UK Reverse Charge Services Input")
    pushed(intacct, replace(one, lines=(line,)))
    assert balances(intacct) == NOTHING | {"card": "-41.23 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    assert intacct.balance(intacct.labels["accounts"]["output_tax"]) == "-8.25 GBP"


def test_what_an_employee_laid_out_is_owed_to_that_employee(intacct: Driver) -> None:
    id = pushed(intacct, reimbursable(intacct))
    owed = NOTHING | {"travel": "22.10 GBP", "meals": "9.61 GBP", "input_tax": "4.42 GBP", "payables": "-36.13 GBP"}
    assert balances(intacct) == owed
    shown = body(intacct, "APBILL", id)
    assert (shown["RECORDID"], shown["DOCNUMBER"], shown["WHENDUE"]) == ("t-03", "Trip", "03/16/2026")
    assert shown["VENDORID"] == intacct.labels["suppliers"]["employee"]
    assert shown["DESCRIPTION"] == "Fair in Leeds [t-03]"


def test_a_foreign_bill_is_owed_at_the_rate_of_the_transaction(intacct: Driver) -> None:
    line = Line(
        net=Decimal("100.00"),
        tax=Decimal("20.00"),
        account=intacct.labels["accounts"]["travel"],
        tax_rate=TAX,
    )
    one = replace(reimbursable(intacct), currency="USD", rate=Decimal("0.781"), lines=(line,))
    pushed(intacct, one)
    assert balances(intacct) == NOTHING | {
        "payables": "-93.72 GBP",
        "travel": "78.10 GBP",
        "input_tax": "15.62 GBP",
    }


def test_a_customer_is_kept_with_the_line(intacct: Driver) -> None:
    client = intacct.labels["customers"]["client"]
    one = reimbursable(intacct)
    line = replace(one.lines[0], tracking=(TrackingRef(id=client, kind="customer"),))
    shown = body(intacct, "APBILL", pushed(intacct, replace(one, lines=(line, one.lines[1]))))
    assert [item.get("CUSTOMERID") for item in shown["LINES"]] == [client, None]


@pytest.mark.parametrize("place", range(3))
def test_a_document_that_is_sent_blindly_a_second_time_is_written_once(intacct: Driver, place: int) -> None:
    document = documents(intacct)[place]
    pushed(intacct, document)
    with pytest.raises(Unknown, match="control ID"):
        pushed(intacct, document)
    assert live(intacct) == 1


def test_a_charge_that_was_reversed_is_found_no_more(intacct: Driver) -> None:
    one = expense(intacct)
    id = pushed(intacct, one)
    with intacct.bookkeeper() as bookkeeper:
        bookkeeper.void(intacct.books, "CCTRANSACTION", id)
    assert found(intacct, one) is None


def test_an_update_gives_the_same_charge_its_new_amounts(intacct: Driver) -> None:
    one = expense(intacct)
    done = intacct.push(one)
    meals = intacct.labels["accounts"]["meals"]
    line = Line(net=Decimal("52.07"), tax=Decimal("10.41"), account=meals, tax_rate=TAX)
    for _ in range(2):
        two = replace(one, version=2, key="key-t-01-2", lines=(line,))
        again = intacct.update(two, done.native)
        assert again.native.id == done.native.id
        assert balances(intacct) == NOTHING | {"card": "-62.48 GBP", "meals": "52.07 GBP", "input_tax": "10.41 GBP"}
    assert found(intacct, one) == done.native.id


@pytest.mark.parametrize("change", ["card", "lines"])
def test_what_cannot_be_changed_in_place_is_refused_and_stays(intacct: Driver, change: str) -> None:
    one = several(intacct)
    done = intacct.push(one)
    before = balances(intacct)
    amex = PaymentAccount(id=intacct.labels["accounts"]["amex"], pays="card", currency="GBP")
    two = replace(one, account=amex) if change == "card" else replace(one, lines=one.lines[:1])
    with pytest.raises(Refused, match="correct it in Sage Intacct"):
        intacct.update(two, done.native)
    assert balances(intacct) == before


@pytest.mark.parametrize("kind", ["Reward", "Chargeback"])
def test_what_is_not_offered_is_refused_and_writes_nothing(intacct: Driver, kind: str) -> None:
    with pytest.raises(Refused, match=kind.lower()):
        pushed(intacct, expense(intacct, kind=kind))
    assert live(intacct) == 0


def test_spend_from_a_bank_account_is_a_charge_of_its_debit_card(intacct: Driver) -> None:
    bank = PaymentAccount(id=intacct.labels["accounts"]["current"], pays="bank", currency="GBP")
    one = replace(expense(intacct), account=bank)
    id = pushed(intacct, one)
    assert body(intacct, "CCTRANSACTION", id)["CHARGECARDID"] == f"{bank.id}-DC"
    assert balances(intacct) == NOTHING | {"current": "-49.48 GBP", "travel": "41.23 GBP", "input_tax": "8.25 GBP"}
    assert found(intacct, one) == id


def test_spend_from_a_bank_account_without_a_debit_card_is_refused_and_writes_nothing(intacct: Driver) -> None:
    bank = PaymentAccount(id="SAVINGS", pays="bank", currency="GBP")
    with pytest.raises(Refused, match="bank accounts that have a debit card"):
        pushed(intacct, replace(expense(intacct), account=bank))
    assert live(intacct) == 0


def test_an_archived_vendor_is_refused_in_native_words(intacct: Driver) -> None:
    intacct.archive(contacts=["employee"])
    with pytest.raises(Refused, match="Activate the vendor"):
        pushed(intacct, reimbursable(intacct))
    assert live(intacct) == 0


def test_every_account_that_is_offered_is_accepted(intacct: Driver) -> None:
    accounts = intacct.accounts()
    company = intacct.company
    one, owed = expense(intacct), reimbursable(intacct)
    offered = [account for account in accounts if account.lines]
    assert {account.account_class for account in offered} == {"Expense"}
    for number, account in enumerate(offered):
        lines = (replace(one.lines[0], account=account.id),)
        charge = replace(one, id=f"a-{number}", key=f"a-{number}", lines=lines)
        intacct.push(charge, company)
        bill = replace(owed, id=f"b-{number}", key=f"b-{number}", lines=lines)
        intacct.push(bill, company)
    assert live(intacct) == 2 * len(offered)


def test_every_tax_that_is_offered_is_accepted(intacct: Driver) -> None:
    company, one = intacct.company, expense(intacct)
    rates = intacct.tax_rates()
    for number, rate in enumerate(rates):
        lines = (replace(one.lines[0], tax=None, tax_rate=rate.id),)
        charge = replace(one, id=f"x-{number}", key=f"x-{number}", lines=lines)
        intacct.push(charge, company)
    assert live(intacct) == len(rates)


def test_the_classes_of_the_chart_are_those_of_the_books(intacct: Driver) -> None:
    accounts = {a.id: a for a in intacct.accounts()}
    kinds = {held.id: held.kind.name.title() for held in intacct.books.book.accounts()}
    # Accumulated depreciation is told by no field: a credit balance on the balance sheet.
    other = {id for id, a in accounts.items() if id in kinds and a.account_class != kinds[id]}
    assert {accounts[id].name for id in other} <= {"Accumulated Depreciation"}
    shown = {name: accounts[intacct.labels["accounts"][name]] for name in ("card", "current", "travel")}
    assert {name: (a.account_class, a.pays, a.currency) for name, a in shown.items()} == {
        "card": ("Liability", "card", "GBP"),
        "current": ("Asset", "bank", "GBP"),
        "travel": ("Expense", "", "GBP"),
    }


def test_the_company_is_read_with_its_base_currency(intacct: Driver) -> None:
    company = intacct.company
    assert (company.name, company.currency, company.country) == ("Harbour Street Ltd", "GBP", "GB")


def test_dimensions_are_read_and_kept_on_the_line() -> None:
    driver = opened(replace(PLAN, tracking={"sales": {"name": "Sales"}, "field": {"name": "Field"}}))
    options = driver.tracking()
    assert {option.name for option in options} == {"Sales", "Field"}
    one = expense(driver)
    option = options[0]
    line = replace(one.lines[0], tracking=(TrackingRef(id=option.id),))
    done = driver.push(replace(one, lines=(line,)))
    object, _, id = option.id.partition("-")
    assert body(driver, "CCTRANSACTION", done.native.id)["LINES"][0][f"{object}ID"] == id
    driver.update(replace(one, version=2), done.native)
    assert not body(driver, "CCTRANSACTION", done.native.id)["LINES"][0].get(f"{object}ID")


def test_a_contact_is_made_once_however_often_it_is_asked_for(intacct: Driver) -> None:
    made = intacct.create_contact(MARLOW, key="c")
    again = intacct.create_contact(MARLOW, key="c")
    assert made == again
    assert (made.name, made.email, made.contact_name, made.addresses) == (
        "Marlow Print & Sons",
        "post@marlow.example",
        "Ada Reed",
        ({"line1": "4 Wharf Road", "city": "Marlow"},),
    )
    other = intacct.create_contact(MARLOW, key="d")
    assert other.id != made.id


def test_a_customer_is_made_too(intacct: Driver) -> None:
    wanted = replace(MARLOW, kind="customer")
    made = intacct.create_contact(wanted, key="c")
    customers = intacct.customers()
    assert made.id in {contact.id for contact in customers}


def test_a_contact_is_renamed_and_made_inactive(intacct: Driver) -> None:
    made = intacct.create_contact(MARLOW, key="c")
    changed = replace(made, name="New", email="new@x.example", active=False)
    again = intacct.update_contact(changed, key="d")
    assert (again.id, again.name, again.email, again.active) == (made.id, "New", "new@x.example", False)


@pytest.mark.parametrize("account_class", ["Expense", "Income", "Asset", "Liability"])
def test_an_account_of_the_chart_can_be_made(intacct: Driver, account_class: Any) -> None:
    wanted = NewAccount(name="Drones", account_class=account_class, nominal_code="6999")
    made = intacct.create_account(wanted, key="a")
    again = intacct.create_account(wanted, key="a")
    assert (made.id, made.name, made.account_class) == (again.id, "Drones", account_class)


@pytest.mark.parametrize("place", [0, 2])
def test_a_file_is_attached_once_however_often_it_is_sent(intacct: Driver, place: int) -> None:
    document = documents(intacct)[place]
    done = intacct.push(document)
    before = balances(intacct)
    first = intacct.attach(FILE, done.native)
    assert intacct.attach(FILE, done.native) == first
    second = replace(FILE, name="more.pdf", key="f-2")
    intacct.attach(second, done.native)
    assert intacct.files(done.native) == [(FILE.name, FILE.content), ("more.pdf", FILE.content)]
    assert balances(intacct) == before
    assert found(intacct, document) == done.native.id


def test_a_large_file_is_signed_and_sent_whole(intacct: Driver) -> None:
    done = intacct.push(expense(intacct))
    large = replace(FILE, content=bytes(range(256)) * 20_000)
    intacct.attach(large, done.native)
    assert [content for _, content in intacct.files(done.native)] == [large.content]


# Sign-in


def test_wrong_credentials_are_refused_in_native_words(intacct: Driver) -> None:
    for name in ("company_id", "user_id", "user_password"):
        wrong = {**typed(intacct), name: "nothing"}
        with pytest.raises(Refused, match="Sage Intacct XL03000006"):
            intacct.exchange_code(wrong)
    stranger = Application(client_id="stranger", client_secret="x", redirect_uri="")
    with pytest.raises(Refused, match="Sage Intacct XL03000006"):
        intacct.exchange_code(typed(intacct), stranger)


def test_a_refresh_opens_another_session_of_the_same_company(intacct: Driver) -> None:
    before = intacct.consent
    intacct.consent = intacct.refresh()
    assert intacct.consent.company == before.company
    assert intacct.consent.access_token != before.access_token
    assert intacct.company.currency == "GBP"


def test_a_session_that_has_ended_needs_a_new_one(intacct: Driver) -> None:
    intacct.consent = replace(intacct.consent, access_token="nothing")
    with pytest.raises(NeedsConsent):
        _ = intacct.company
    request = intacct.requests[-1]
    answer = intacct.send(replace(request, signed=False))
    assert isinstance(answer, wire.Response)
    assert intacct.connector.credential_refused(answer)  # type: ignore[attr-defined]  # of a connector that signs in
    wrong = replace(intacct.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="Sage Intacct"):
        intacct.refresh(wrong)
