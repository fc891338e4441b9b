"""The connector of Business Central against the emulator: every kind of document, and a kill at every step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import FILE, found, pushed
from tests.platforms.connectors.books.business_central import (
    BANK,
    NOTHING,
    PLAN,
    adjustment,
    balances,
    documents,
    expense,
    journals,
    live,
    path,
)
from tests.platforms.connectors.driver import Driver, Killed, connected
from tests.platforms.connectors.faults import FAULTS, OF_UPLOADS, Fault, attached, happened, lagging, planned, settled

from sandbooks import wire
from sandbooks.connector import Contact, Expense, Line, NeedsConsent, Refused, Unknown
from sandbooks.platform import platform_named


@pytest.fixture
def bc() -> Driver:
    return connected("business_central", PLAN)


def test_tax_without_a_tax_group_is_part_of_the_cost(bc: Driver) -> None:
    one = expense(bc)
    pushed(bc, replace(one, lines=(replace(one.lines[0], tax_rate=""),)))
    assert balances(bc) == NOTHING | {"card": "-49.48 GBP", "travel": "49.48 GBP"}


def test_no_tax_amount_leaves_the_tax_to_the_ledger(bc: Driver) -> None:
    one = expense(bc)
    pushed(bc, replace(one, lines=(replace(one.lines[0], net=Decimal("60.00"), tax=None),)))
    assert balances(bc) == NOTHING | {"card": "-60.00 GBP", "travel": "50.00 GBP", "input_tax": "10.00 GBP"}


def test_an_adjustment_moves_cost_from_one_account_to_another(bc: Driver) -> None:
    number = pushed(bc, adjustment(bc))
    assert balances(bc) == NOTHING | {"travel": "17.85 GBP", "meals": "-17.85 GBP"}
    rows = bc.native("GET", path(bc, "generalLedgerEntries"))["value"]
    assert {row["documentNumber"] for row in rows} == {number}
    debit = next(row for row in rows if row["debitAmount"])
    tags = bc.native("GET", path(bc, f"generalLedgerEntries({debit['id']})/dimensionSetLines"))["value"]
    assert [tag["valueDisplayName"] for tag in tags] == ["North"]


def test_a_foreign_account_is_booked_in_its_own_currency(bc: Driver) -> None:
    one = expense(bc, account="dollars")
    pushed(bc, replace(one, rate=Decimal("0.9")))
    held = bc.books.book.balance(bc.labels["accounts"]["dollars"])
    assert str(held.by_currency["USD"]) == "-49.48 USD"
    assert str(held.base) == "-38.65 GBP"  # by the currency's table, whatever rate was sent


def test_the_ledger_shows_the_id_of_the_transaction_and_its_number(bc: Driver) -> None:
    number = pushed(bc, expense(bc))
    rows = bc.native("GET", path(bc, f"generalLedgerEntries?$filter=documentNumber%20eq%20'{number}'"))["value"]
    assert rows
    assert {row["description"] for row in rows} >= {"Contoso - Fare [t-01]"}


def test_nothing_but_the_entries_is_left_of_a_posted_document(bc: Driver) -> None:
    for document in documents(bc):
        pushed(bc, replace(document, id=f"x-{document.id}-{getattr(document, 'kind', '')}"))
    assert journals(bc) == []
    assert live(bc) == 3


def test_a_draft_stands_in_its_journal_until_somebody_posts_it(bc: Driver) -> None:
    draft = replace(expense(bc), draft=True)
    number = pushed(bc, draft)
    assert (live(bc), found(bc, draft), balances(bc)) == (0, number, NOTHING)
    (journal,) = journals(bc)
    bc.native("POST", path(bc, f"journals({journal['id']})/Microsoft.NAV.post"))
    assert (live(bc), found(bc, draft)) == (1, number)
    assert pushed(bc, draft) == number
    assert balances(bc)["card"] == "-49.48 GBP"


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_step_then_a_look_up_leaves_exactly_one_document(place: int, draft: bool, after: bool) -> None:
    for step in range(1, 6):
        driver = connected("business_central", PLAN)
        document = documents(driver)[place]
        if isinstance(document, Expense):
            document = replace(document, draft=draft)
        elif draft:
            return
        company = driver.company
        try:
            driver.push(document, company, kill=step, after=after)
        except Killed:
            id = found(driver, document) or pushed(driver, document)
            assert found(driver, document) == id
        assert live(driver) == (0 if draft else 1)
        assert len(journals(driver)) <= 1
        driver.books.book.verify()


@pytest.mark.parametrize("step", range(1, 6))
@pytest.mark.parametrize("after", [False, True])
def test_sent_again_without_a_look_up_it_is_still_one_document(bc: Driver, step: int, after: bool) -> None:
    document, company = expense(bc), bc.company
    try:
        bc.push(document, company, kill=step, after=after)
    except Killed:
        pass
    else:
        return
    if step == 5 and after:  # the journal is gone: whoever sends again looks first
        assert found(bc, document)
        return
    pushed(bc, document)
    assert live(bc) == 1


def test_a_version_that_was_left_in_its_journal_gives_way_to_the_next(bc: Driver) -> None:
    one, company = expense(bc), bc.company
    with pytest.raises(Killed):
        bc.push(one, company, kill=2, after=True)
    line = replace(one.lines[0], net=Decimal("52.07"), tax=Decimal("10.41"))
    pushed(bc, replace(one, version=2, lines=(line,)))
    assert balances(bc) == NOTHING | {"card": "-62.48 GBP", "travel": "52.07 GBP", "input_tax": "10.41 GBP"}
    assert journals(bc) == []


def test_a_locked_period_is_refused_in_native_words_and_leaves_nothing(bc: Driver) -> None:
    bc.lock("2026-03-31")
    for document in documents(bc):
        with pytest.raises(Refused, match=r"Posting Date is not within .*\(Business Central error"):
            pushed(bc, document)
        assert journals(bc) == []
    assert live(bc) == 0
    bc.lock("")
    pushed(bc, expense(bc))
    assert live(bc) == 1


@pytest.mark.parametrize("account", ["travel", "card"])
def test_a_blocked_account_is_refused_and_leaves_nothing(bc: Driver, account: str) -> None:
    bc.archive(accounts=[account])
    with pytest.raises(Refused, match="Business Central error"):
        pushed(bc, expense(bc))
    assert (live(bc), journals(bc)) == (0, [])


def test_every_account_that_is_offered_is_accepted(bc: Driver) -> None:
    company = bc.company
    accounts = bc.accounts()
    offered = [account for account in accounts if account.lines]
    assert {account.account_class for account in offered} >= {"Expense", "Income"}
    for place, account in enumerate(offered):
        one = expense(bc, id=f"a-{place}")
        line = Line(net=one.lines[0].net, tax=Decimal(0), account=account.id)
        bc.push(replace(one, lines=(line,)), company)
        two = adjustment(bc, id=f"b-{place}")
        lines = (replace(two.lines[0], account=account.id, tracking=()), two.lines[1])
        bc.push(replace(two, lines=lines), company)
    assert live(bc) == 2 * len(offered)


def test_bank_accounts_pay_and_the_classes_are_those_of_the_books(bc: Driver) -> None:
    accounts = {a.id: a for a in bc.accounts()}
    labels = bc.labels["accounts"]
    shown = {name: (accounts[labels[name]].pays, accounts[labels[name]].currency) for name in ("card", "dollars")}
    assert shown == {"card": ("bank", "GBP"), "dollars": ("bank", "USD")}
    assert accounts[labels["current"]].category == BANK
    kinds = {held.id: held.kind.name.title() for held in bc.books.book.accounts()}
    ledger = {id: a.account_class for id, a in accounts.items() if id in kinds and not a.pays}
    assert {id: kind for id, kind in ledger.items() if kind != kinds[id]} == {}


def test_blocked_contacts_and_accounts_are_read_as_inactive(bc: Driver) -> None:
    bc.archive(contacts=["contoso"], accounts=["current", "meals"])
    contacts = bc.suppliers()
    accounts = bc.accounts()
    assert [c.active for c in contacts if c.name == "Contoso"] == [False]
    assert [a.active for a in accounts if a.name in ("Current Account", "Staff Meals")] == [False, False]


def test_tax_groups_and_dimension_values_are_offered_by_name(bc: Driver) -> None:
    rates = bc.tax_rates()
    assert bc.labels["taxes"]["standard"] in {rate.id for rate in rates}
    options = {option.name: option for option in bc.tracking() if option.parent}
    north = options["South"]
    assert north.id.startswith(f"{north.parent}_")


def test_long_lists_are_read_to_the_end(bc: Driver) -> None:
    names = [f"Stationer {place:03d}" for place in range(120)]
    for name in names:
        bc.native("POST", path(bc, "vendors"), {"displayName": name})
    suppliers = bc.suppliers()
    assert sorted(contact.name for contact in suppliers if contact.name.startswith("Stationer")) == names


@pytest.mark.parametrize("kind", ["supplier", "customer"])
def test_a_contact_is_made_once_however_often_it_is_asked_for(bc: Driver, kind: Any) -> None:
    wanted = Contact(
        kind=kind,
        name="Marlow Print",
        email="post@marlow.example",
        addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
    )
    company = bc.company
    made = bc.create_contact(wanted, company, key="c")
    again = bc.create_contact(wanted, company, key="c")
    third = bc.create_contact(wanted, company, key="d")
    assert (made.id, made.name, made.email) == (again.id, "Marlow Print", "post@marlow.example")
    assert made.addresses == ({"line1": "4 Wharf Road", "city": "Marlow"},)
    assert third.id != made.id
    changed = replace(made, name="Marlow Press", active=False)
    shown = bc.update_contact(changed, company, key="e")
    assert (shown.id, shown.name, shown.active) == (made.id, "Marlow Press", False)
    back = bc.update_contact(replace(shown, active=True), company, key="f")
    assert back.active is True


@pytest.mark.parametrize("draft", [False, True])
def test_a_file_is_attached_once_however_often_it_is_sent(bc: Driver, draft: bool) -> None:
    done = bc.push(replace(expense(bc), draft=draft))
    before = balances(bc)
    first = bc.attach(FILE, done.native)
    assert bc.attach(FILE, done.native) == first
    shown = bc.native("GET", path(bc, f"attachments({first.id})"))
    assert (shown["fileName"], shown["byteSize"]) == (FILE.name, 6)
    other = bc.attach(replace(FILE, content=b"\x89PNG two", key="f-2"), done.native)
    assert other != first
    assert balances(bc) == before


def test_the_files_of_a_posted_document_are_those_that_the_bookkeeper_sees(bc: Driver) -> None:
    done = bc.push(expense(bc))
    bc.attach(FILE, done.native)
    (source,) = {(line.source.kind, line.source.id) for line in bc.books.book.lines()}
    files = platform_named("business_central").load_bookkeeper().files(bc.books, *source)
    assert [(file.name, file.content) for file in files] == [(FILE.name, FILE.content)]


def test_a_refresh_keeps_the_company_and_a_dead_token_needs_consent(bc: Driver) -> None:
    before = bc.consent
    bc.consent = bc.refresh(before)
    assert (bc.consent.company, bc.consent.access_token != before.access_token) == (before.company, True)
    assert bc.company.currency == "GBP"
    spent = replace(bc.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        bc.refresh(spent)


def test_a_token_that_has_expired_needs_consent_or_a_refresh(bc: Driver) -> None:
    bc.world.advance(by=timedelta(hours=2))
    with pytest.raises(NeedsConsent):
        bc.run(bc.connector.company(bc.consent))


def test_a_lost_answer_is_unknown_and_the_document_is_taken_up(bc: Driver) -> None:
    for document in documents(bc):
        one = replace(document, id=f"l-{getattr(document, 'kind', 'adjustment')}")
        with pytest.raises(Unknown):
            bc.push(one, change=lambda _: wire.Cut("timeout"))
        assert pushed(bc, one) == found(bc, one)
    assert live(bc) == 3


# On a bad line

CREATE, POST_ACTION = "POST /**/journals", "POST /**/Microsoft.NAV.post"
ATTACH, UPLOAD = "POST /**/attachments", "PATCH /**/attachmentContent"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("operation", [CREATE, POST_ACTION])
def test_a_fault_at_a_write_leaves_exactly_one_document(place: int, fault: Fault, operation: str) -> None:
    if fault[0] == "truncate" and operation == POST_ACTION:
        return  # an answer without a body cannot be cut short
    driver = connected("business_central", PLAN)
    document = documents(driver)[place]
    planted = planned(driver, fault, operation=operation)
    done = settled(driver, document)
    assert happened(driver, planted)
    assert live(driver) == 1
    assert found(driver, document) == done.native.id
    driver.books.book.verify()


@pytest.mark.parametrize("lag", ["20s", "50s"])
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("operation", [CREATE, POST_ACTION])
def test_a_ledger_that_lags_behind_leaves_exactly_one_document(place: int, lag: str, operation: str) -> None:
    driver = connected("business_central", PLAN)
    driver.world.advance(by=timedelta(minutes=2))
    document = documents(driver)[place]
    lagging(driver, lag, operation=operation)
    settled(driver, document)
    driver.world.advance(by=timedelta(minutes=2))
    assert live(driver) == 1


@pytest.mark.parametrize("fault", OF_UPLOADS)
@pytest.mark.parametrize("operation", [ATTACH, UPLOAD])
def test_a_fault_at_an_upload_leaves_exactly_one_file(fault: Fault, operation: str) -> None:
    if fault[0] == "truncate" and operation == UPLOAD:
        return  # an answer without a body cannot be cut short
    driver = connected("business_central", PLAN)
    done = driver.push(replace(expense(driver), draft=True))
    planted = planned(driver, fault, operation=operation)
    first = attached(driver, FILE, done)
    assert happened(driver, planted)
    assert driver.attach(FILE, done.native) == first
