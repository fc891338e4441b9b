"""The connector of Xero against the emulator: every kind of document, and a kill at every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.platforms.connectors.driver import Driver, Killed, connected

from sandbooks import wire
from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Contact,
    Document,
    Expense,
    ExpenseKind,
    File,
    Line,
    NeedsConsent,
    NewAccount,
    PaymentAccount,
    Refused,
    TrackingRef,
    Transfer,
    TransferSide,
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
        "cashback": {"type": "other_income", "name": "Card Cashback"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "credit_card", "name": "Dollar Card", "currency": "USD"},
        "current": {"type": "bank", "name": "Current Account"},
    },
    suppliers={"airline": {"name": "Contoso Air"}},
    customers={"bank": {"name": "Card Provider"}},
    tracking={"region": {"name": "Region", "options": ["North", "South"]}},
)
DAY = date(2026, 3, 2)
KINDS: tuple[ExpenseKind, ...] = ("Payment", "Refund", "Reward", "Chargeback")


@pytest.fixture
def xero() -> Driver:
    return connected("xero", PLAN)


def expense(driver: Driver, kind: ExpenseKind = "Payment", *, id: str = "t-01", account: str = "card") -> Expense:
    who = "supplier" if kind == "Payment" else "customer"
    contact = driver.labels["suppliers"]["airline"] if kind == "Payment" else driver.labels["customers"]["bank"]
    foreign = account == "dollars"
    return Expense(
        kind=kind,
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        currency="USD" if foreign else "GBP",
        rate=Decimal("0.7741") if foreign else None,
        account=PaymentAccount(
            id=driver.labels["accounts"][account],
            pays="bank" if account == "current" else "card",
            currency="USD" if foreign else "GBP",
        ),
        contact=Contact(kind=who, name="", id=contact),  # type: ignore[arg-type]
        lines=(
            Line(
                net=Decimal("41.23"),
                tax=Decimal("8.25"),
                account=driver.labels["accounts"]["travel"],
                tax_rate="INPUT2",
            ),
            Line(net=Decimal("7.19"), tax=Decimal(0), account=driver.labels["accounts"]["meals"], tax_rate="NONE"),
        ),
        merchant="Contoso",
        notes="To the fair",
        reference="R-77",
    )


def transfer(driver: Driver) -> Transfer:
    accounts = driver.labels["accounts"]
    return Transfer(
        id="t-02",
        key="key-t-02-1",
        version=1,
        date=DAY,
        source=TransferSide(account=accounts["current"], currency="GBP", amount=Decimal("310.40"), pays="bank"),
        target=TransferSide(account=accounts["card"], currency="GBP", amount=Decimal("310.40"), pays="card"),
        description="Card paid down",
    )


def adjustment(driver: Driver) -> Adjustment:
    accounts = driver.labels["accounts"]
    return Adjustment(
        id="t-03",
        key="key-t-03-1",
        version=1,
        date=DAY,
        currency="GBP",
        lines=(
            AdjustmentLine(amount=Decimal("17.85"), account=accounts["travel"], description="Moved"),
            AdjustmentLine(amount=Decimal("-17.85"), account=accounts["meals"], description="Moved"),
        ),
    )


def documents(driver: Driver) -> list[Document]:
    return [*(expense(driver, kind) for kind in KINDS), transfer(driver), adjustment(driver)]


def pushed(driver: Driver, document: Document) -> str:
    return driver.run(driver.connector.push(document, driver.consent, driver.company)).native.id


def found(driver: Driver, document: Document) -> str | None:
    done = driver.run(driver.connector.look_up(document, driver.consent, driver.company))
    return done.native.id if done else None


def live(driver: Driver) -> int:
    """How many documents stand in the books."""
    return sum(
        record.body.get("Status") in ("AUTHORISED", "POSTED")
        for kind in ("BankTransaction", "BankTransfer", "ManualJournal")
        for record in driver.books.records.scan(kind)
        if not str(record.body.get("Type", "")).endswith("-TRANSFER")
    )


def balances(driver: Driver) -> dict[str, str]:
    return {name: driver.balance(driver.labels["accounts"][name]) for name in ("card", "current", "travel", "meals")}


def test_a_payment_takes_the_gross_off_the_card_and_shows_net_and_tax_apart(xero: Driver) -> None:
    pushed(xero, expense(xero))
    assert balances(xero) == {"card": "-56.67 GBP", "current": "0.00 GBP", "travel": "41.23 GBP", "meals": "7.19 GBP"}


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_comes_back_turns_every_sign(xero: Driver, kind: ExpenseKind) -> None:
    pushed(xero, expense(xero, kind, account="current"))
    assert balances(xero) == {"card": "0.00 GBP", "current": "56.67 GBP", "travel": "-41.23 GBP", "meals": "-7.19 GBP"}


def test_a_foreign_card_is_carried_at_the_rate_of_the_transaction(xero: Driver) -> None:
    pushed(xero, expense(xero, account="dollars"))
    card = xero.books.book.balance(xero.labels["accounts"]["dollars"])
    assert str(card.base) == "-43.87 GBP"
    assert str(card.by_currency["USD"]) == "-56.67 USD"


def test_a_payment_that_nets_below_zero_is_money_received(xero: Driver) -> None:
    one = expense(xero)
    negative = tuple(replace(line, net=-line.net, tax=-(line.tax or Decimal(0))) for line in one.lines)
    pushed(xero, replace(one, lines=negative))
    assert balances(xero)["card"] == "56.67 GBP"


def test_a_transfer_moves_one_amount_between_two_bank_accounts(xero: Driver) -> None:
    pushed(xero, transfer(xero))
    assert balances(xero)["card"] == "310.40 GBP"
    assert balances(xero)["current"] == "-310.40 GBP"


def test_an_adjustment_debits_what_is_above_zero(xero: Driver) -> None:
    pushed(xero, adjustment(xero))
    assert balances(xero)["travel"] == "17.85 GBP"
    assert balances(xero)["meals"] == "-17.85 GBP"


def test_every_kind_is_found_again_by_its_id_alone(xero: Driver) -> None:
    for number, document in enumerate(documents(xero)):
        one = replace(document, id=f"t-{number}", key=f"k-{number}")
        assert found(xero, one) is None
        assert pushed(xero, one) == found(xero, one)


@pytest.mark.parametrize("place", range(6))
def test_a_kill_at_any_step_then_a_look_up_leaves_exactly_one_document(place: int) -> None:
    for after in (False, True):
        for step in range(1, 9):
            driver = connected("xero", PLAN)
            document = documents(driver)[place]
            company = driver.company
            try:
                driver.run(driver.connector.push(document, driver.consent, company), kill=step, after=after)
            except Killed:
                id = found(driver, document) or pushed(driver, document)
                assert found(driver, document) == id
            assert live(driver) == 1
            driver.books.book.verify()


@pytest.mark.parametrize("place", range(6))
def test_the_same_document_sent_twice_with_one_key_stands_once(xero: Driver, place: int) -> None:
    document = documents(xero)[place]
    assert pushed(xero, document) == pushed(xero, document)
    assert live(xero) == 1


def test_an_update_gives_the_same_document_its_new_amounts(xero: Driver) -> None:
    one = expense(xero)
    done = xero.run(xero.connector.push(one, xero.consent, xero.company))
    two = replace(
        one, key="key-t-01-2", version=2, lines=(replace(one.lines[0], net=Decimal("52.07"), tax=Decimal("10.41")),)
    )
    again = xero.run(xero.connector.update(two, done.native, xero.consent, xero.company))
    assert again.native.id == done.native.id
    assert balances(xero) == {"card": "-62.48 GBP", "current": "0.00 GBP", "travel": "52.07 GBP", "meals": "0.00 GBP"}


def test_an_update_can_move_the_document_to_another_bank_account(xero: Driver) -> None:
    one = expense(xero)
    done = xero.run(xero.connector.push(one, xero.consent, xero.company))
    two = replace(expense(xero, account="current"), key="key-t-01-2", version=2, reference="")
    xero.run(xero.connector.update(two, done.native, xero.consent, xero.company))
    assert (balances(xero)["card"], balances(xero)["current"]) == ("0.00 GBP", "-56.67 GBP")
    assert found(xero, one) == done.native.id


def test_a_refund_or_a_deleted_document_is_not_turned_into_a_payment(xero: Driver) -> None:
    one = expense(xero)
    done = xero.run(xero.connector.push(one, xero.consent, xero.company))
    path = f"/api.xro/2.0/BankTransactions/{done.native.id}"
    xero.native("POST", path, {"BankTransactionID": done.native.id, "Status": "DELETED"})
    with pytest.raises(Refused, match="DELETED"):
        xero.run(xero.connector.update(replace(one, key="k2"), done.native, xero.consent, xero.company))
    assert found(xero, one) is None


def option(driver: Driver, name: str) -> str:
    tracking = driver.run(driver.connector.tracking(driver.consent))
    return next(option.id for option in tracking if option.name == name)


def tracked(driver: Driver, name: str) -> Expense:
    one = expense(driver)
    ref = TrackingRef(id=option(driver, name))
    return replace(one, lines=(replace(one.lines[0], tracking=(ref,)), one.lines[1]))


def test_tracking_reaches_its_own_line_alone(xero: Driver) -> None:
    pushed(xero, tracked(xero, "South"))
    (record,) = xero.books.records.scan("BankTransaction")
    lines = [[tag["Option"] for tag in line.get("Tracking", [])] for line in record.body["LineItems"]]
    assert lines == [["South"], []]


def archive(driver: Driver, name: str) -> None:
    tracking = driver.run(driver.connector.tracking(driver.consent))
    one = next(option for option in tracking if option.name == name)
    path = f"/api.xro/2.0/TrackingCategories/{one.parent}/Options/{one.id}"
    driver.native("POST", path, {"Name": one.name, "Status": "ARCHIVED"})


def test_archived_tracking_is_refused_before_anything_is_written(xero: Driver) -> None:
    one = tracked(xero, "South")
    archive(xero, "South")
    with pytest.raises(Refused, match="South"):
        pushed(xero, one)
    assert live(xero) == 0


def test_tracking_archived_on_the_way_is_noticed_and_the_document_taken_back(xero: Driver) -> None:
    one, company = tracked(xero, "South"), xero.company
    steps = xero.connector.push(one, xero.consent, company)
    with pytest.raises(Refused, match="taken back"):
        xero.run(steps, before_write=lambda: archive(xero, "South"))
    assert live(xero) == 0
    assert set(balances(xero).values()) == {"0.00 GBP"}


def test_a_kill_before_such_a_document_is_taken_back_is_made_good_by_the_look_up(xero: Driver) -> None:
    one, company = tracked(xero, "South"), xero.company
    steps = xero.connector.push(one, xero.consent, company)
    with pytest.raises(Killed):  # after two accounts and the tracking
        xero.run(steps, kill=4, after=True, before_write=lambda: archive(xero, "South"))
    with pytest.raises(Refused, match="archived"):
        found(xero, one)
    assert live(xero) == 0


def test_a_journal_that_lost_archived_tracking_is_made_good_by_the_look_up_too(xero: Driver) -> None:
    one, company = adjustment(xero), xero.company
    ref = TrackingRef(id=option(xero, "South"))
    one = replace(one, lines=tuple(replace(line, tracking=(ref,)) for line in one.lines))
    steps = xero.connector.push(one, xero.consent, company)
    with pytest.raises(Killed):  # after two accounts and the tracking
        xero.run(steps, kill=4, after=True, before_write=lambda: archive(xero, "South"))
    with pytest.raises(Refused, match="archived"):
        found(xero, one)
    assert live(xero) == 0


@pytest.mark.parametrize("when", ["before", "on the way"])
def test_a_tax_that_is_deleted_is_never_replaced_by_another(xero: Driver, when: str) -> None:
    rate = {"Name": "Fair tax", "ReportTaxType": "INPUT", "TaxComponents": [{"Name": "Tax", "Rate": 20}]}
    made = xero.native("PUT", "/api.xro/2.0/TaxRates", {"TaxRates": [rate]})["TaxRates"][0]
    one = expense(xero)
    one = replace(one, lines=(replace(one.lines[0], tax_rate=made["TaxType"]), one.lines[1]))

    def end() -> None:
        ended = {"Name": "Fair tax", "TaxType": made["TaxType"], "Status": "DELETED"}
        xero.native("POST", "/api.xro/2.0/TaxRates", {"TaxRates": [ended]})

    company = xero.company
    if when == "before":
        end()
    with pytest.raises(Refused):
        xero.run(xero.connector.push(one, xero.consent, company), before_write=end if when != "before" else None)
    assert live(xero) == 0
    assert set(balances(xero).values()) == {"0.00 GBP"}


def test_what_a_bookkeeper_edited_after_a_lost_answer_is_adopted_as_it_stands(xero: Driver) -> None:
    one = tracked(xero, "South")
    id = pushed(xero, one)
    (record,) = xero.books.records.scan("BankTransaction")
    lines = [{**line, "Tracking": []} for line in record.body["LineItems"]]
    body = {"BankTransactionID": id, "LineItems": lines, "Date": "2026-03-09"}
    xero.native("POST", f"/api.xro/2.0/BankTransactions/{id}", body)
    assert found(xero, one) == id
    assert live(xero) == 1


def test_a_locked_period_is_refused_in_native_words(xero: Driver) -> None:
    with xero.world.unit():
        platform_named("xero").load_bookkeeper().lock_period(xero.books, "2026-03-31")
    with pytest.raises(Refused, match="lock date"):
        pushed(xero, expense(xero))
    assert live(xero) == 0


def test_an_archived_account_is_refused_in_native_words(xero: Driver) -> None:
    with xero.world.unit():
        platform_named("xero").load_bookkeeper().archive_account(xero.books, xero.labels["accounts"]["meals"])
    with pytest.raises(Refused, match=r"\(Xero error 10\)"):
        pushed(xero, expense(xero))
    assert live(xero) == 0


def test_every_account_that_is_offered_is_accepted_and_no_bank_account_is(xero: Driver) -> None:
    accounts = xero.run(xero.connector.accounts(xero.consent))
    assert {account.pays for account in accounts if account.lines} == {""}
    for number, account in enumerate(a for a in accounts if "Payment" in a.lines):
        line = Line(net=Decimal("3.10"), tax=Decimal(0), account=account.id, tax_rate="NONE")
        pushed(xero, replace(expense(xero), id=f"a-{number}", key=f"a-{number}", lines=(line,)))
        moved = AdjustmentLine(amount=Decimal("1.10"), account=account.id)
        back = AdjustmentLine(amount=Decimal("-1.10"), account=xero.labels["accounts"]["travel"])
        pushed(xero, replace(adjustment(xero), id=f"b-{number}", key=f"b-{number}", lines=(moved, back)))


def test_cards_are_liabilities_and_banks_are_assets_in_their_own_currency(xero: Driver) -> None:
    accounts = {a.id: a for a in xero.run(xero.connector.accounts(xero.consent))}
    shown = {
        name: (accounts[id].account_class, accounts[id].pays, accounts[id].currency, accounts[id].transfers)
        for name, id in xero.labels["accounts"].items()
        if name in ("card", "dollars", "current", "travel")
    }
    assert shown == {
        "card": ("Liability", "card", "GBP", True),
        "dollars": ("Liability", "card", "USD", True),
        "current": ("Asset", "bank", "GBP", True),
        "travel": ("Expense", "", "GBP", False),
    }


def test_every_tax_that_is_offered_is_accepted_on_some_account(xero: Driver) -> None:
    rates = {rate.id: rate for rate in xero.run(xero.connector.tax_rates(xero.consent))}
    assert (rates["INPUT2"].effective, rates["INPUT2"].total, rates["INPUT2"].active) == (20, 20, True)
    assert "Payment" in rates["NONE"].kinds


def test_lists_of_more_than_one_page_are_read_to_the_end(xero: Driver) -> None:
    names = [f"Stationer {number:04d}" for number in range(1205)]
    for start in range(0, 1205, 241):
        batch = [{"Name": name} for name in names[start : start + 241]]
        xero.native("PUT", "/api.xro/2.0/Contacts", {"Contacts": batch})
    suppliers = xero.run(xero.connector.suppliers(xero.consent))
    assert sorted(contact.name for contact in suppliers if contact.name.startswith("Stationer")) == names


def test_archived_contacts_accounts_and_tracking_are_read_as_inactive(xero: Driver) -> None:
    bookkeeper = platform_named("xero").load_bookkeeper()
    with xero.world.unit():
        bookkeeper.archive_contact(xero.books, xero.labels["suppliers"]["airline"])
        bookkeeper.archive_account(xero.books, xero.labels["accounts"]["meals"])
    archive(xero, "North")
    contacts = xero.run(xero.connector.suppliers(xero.consent))
    accounts = xero.run(xero.connector.accounts(xero.consent))
    tracking = xero.run(xero.connector.tracking(xero.consent))
    assert [c.active for c in contacts if c.name == "Contoso Air"] == [False]
    assert [a.active for a in accounts if a.name == "Staff Meals"] == [False]
    assert {o.name: o.active for o in tracking if o.parent} == {"North": False, "South": True}


def test_a_new_contact_is_supplier_and_customer_until_it_has_documents(xero: Driver) -> None:
    wanted = Contact(
        kind="supplier",
        name="Marlow Print",
        email="post@marlow.example",
        contact_name="Ada Reed",
        addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
    )
    made = xero.run(xero.connector.create_contact(wanted, xero.consent, xero.company, key="c-1"))
    assert (made.name, made.email, made.contact_name) == ("Marlow Print", "post@marlow.example", "Ada Reed")
    assert made.addresses[0]["line1"] == "4 Wharf Road"
    for listed in (xero.connector.suppliers, xero.connector.customers):
        assert made.id in {contact.id for contact in xero.run(listed(xero.consent))}


def test_a_contact_is_renamed_and_archived(xero: Driver) -> None:
    made = xero.run(
        xero.connector.create_contact(Contact(kind="supplier", name="Old"), xero.consent, xero.company, key="c-1")
    )
    renamed = replace(made, name="New", active=True)
    again = xero.run(xero.connector.update_contact(renamed, xero.consent, xero.company, key="c-2"))
    assert (again.id, again.name) == (made.id, "New")
    ended = xero.run(xero.connector.update_contact(replace(again, active=False), xero.consent, xero.company, key="c-3"))
    assert not ended.active


def test_a_contact_of_a_taken_name_is_refused_in_native_words(xero: Driver) -> None:
    taken = Contact(kind="supplier", name="contoso air")
    with pytest.raises(Refused, match="already assigned to another contact"):
        xero.run(xero.connector.create_contact(taken, xero.consent, xero.company, key="c-1"))


def test_a_new_card_account_can_be_paid_with(xero: Driver) -> None:
    wanted = NewAccount(name="Team Card", account_class="Liability", pays="card", account_number="4417", currency="GBP")
    made = xero.run(xero.connector.create_account(wanted, xero.consent, xero.company, key="a-1"))
    assert (made.pays, made.account_class, made.currency) == ("card", "Liability", "GBP")
    one = expense(xero)
    pushed(xero, replace(one, account=replace(one.account, id=made.id)))
    assert xero.balance(made.id) == "-56.67 GBP"


def test_a_new_expense_account_can_be_spent_on(xero: Driver) -> None:
    wanted = NewAccount(name="Drones", account_class="Expense", nominal_code="488", category="Expense.OVERHEADS")
    made = xero.run(xero.connector.create_account(wanted, xero.consent, xero.company, key="a-1"))
    assert (made.nominal_code, made.category) == ("488", "Expense.OVERHEADS")
    one = expense(xero)
    pushed(xero, replace(one, lines=(replace(one.lines[0], account=made.id),)))
    assert xero.balance(made.id) == "41.23 GBP"


def attached(driver: Driver, id: str) -> dict[str, bytes]:
    place = f"/api.xro/2.0/BankTransactions/{id}/Attachments"
    rows = driver.native("GET", place)["Attachments"]
    return {row["FileName"]: driver.books.records.blob(row["AttachmentID"]) or b"" for row in rows}


def test_a_file_is_attached_once_however_often_it_is_sent(xero: Driver) -> None:
    done = xero.run(xero.connector.push(expense(xero), xero.consent, xero.company))
    file = File(name="till receipt #4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")
    first = xero.run(xero.connector.attach(file, done.native, xero.consent))
    assert xero.run(xero.connector.attach(file, done.native, xero.consent)) == first
    place = f"/api.xro/2.0/BankTransactions/{done.native.id}/Attachments"
    assert [row["FileName"] for row in xero.native("GET", place)["Attachments"]] == ["till receipt #4.png"]


def test_two_files_of_one_name_are_both_kept(xero: Driver) -> None:
    done = xero.run(xero.connector.push(expense(xero), xero.consent, xero.company))
    files = [
        File(name="receipt.pdf", content_type="application/pdf", content=content, key=f"f-{number}")
        for number, content in enumerate((b"%PDF-one", b"%PDF-two"))
    ]
    for _ in range(2):
        for file in files:
            xero.run(xero.connector.attach(file, done.native, xero.consent))
    place = f"/api.xro/2.0/BankTransactions/{done.native.id}/Attachments"
    assert sorted(row["FileName"] for row in xero.native("GET", place)["Attachments"]) == [
        "receipt-f-1.pdf",
        "receipt.pdf",
    ]


def approve(driver: Driver, path: str) -> dict[str, str]:
    """What the user's browser does with the consent page."""
    url = f"https://sandbooks.invalid/{driver.platform}{path}"
    answer = driver.app.edge.dispatch(wire.Request("GET", url), world=driver.world, raises=True)
    assert isinstance(answer, wire.Response)
    assert answer.status == 302, answer
    return dict(parse_qsl(urlsplit(answer.header("Location")).query))


def test_a_consent_is_for_the_organisation_that_was_picked(xero: Driver) -> None:
    path = xero.connector.consent_path(xero.application, state="s-1") + "&sandbox_decision=approve"
    callback = approve(xero, path)
    assert callback["state"] == "s-1"
    now = xero.world.clock.now()
    steps = xero.connector.exchange_code(xero.application, callback, now=now)
    xero.consent = xero.run(steps)
    assert xero.consent.company == xero.books.id
    assert xero.company.name == "Harbour Street Ltd"
    with pytest.raises(Refused, match="invalid_grant"):
        xero.run(xero.connector.exchange_code(xero.application, callback, now=now))


def test_a_refresh_gives_a_new_pair_and_keeps_the_organisation(xero: Driver) -> None:
    before = xero.consent
    xero.consent = xero.run(xero.connector.refresh(xero.application, before, now=xero.world.clock.now()))
    assert xero.consent.company == before.company
    assert xero.consent.refresh_token != before.refresh_token
    assert xero.company.currency == "GBP"


def test_a_dead_refresh_token_needs_consent(xero: Driver) -> None:
    spent = replace(xero.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        xero.run(xero.connector.refresh(xero.application, spent, now=xero.world.clock.now()))


def test_an_organisation_that_is_not_connected_needs_consent(xero: Driver) -> None:
    xero.consent = replace(xero.consent, company="b0c1d2e3-0000-4000-8000-000000000001")
    with pytest.raises(NeedsConsent):
        xero.run(xero.connector.company(xero.consent))


def test_a_lost_answer_is_unknown_and_the_document_is_found(xero: Driver) -> None:
    one, company = expense(xero), xero.company
    with pytest.raises(Unknown):
        xero.run(xero.connector.push(one, xero.consent, company), change=lambda _: wire.Cut("timeout"))
    assert found(xero, one) is not None
    assert live(xero) == 1
