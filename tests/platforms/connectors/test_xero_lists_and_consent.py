"""Xero's connector against a simulated organisation: its lists, contacts, files and consent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import MARLOW, pushed
from tests.platforms.connectors.books.xero import PLAN, adjustment, archive, expense
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import AdjustmentLine, Contact, File, Line, NeedsConsent, NewAccount, Refused


@pytest.fixture
def xero() -> Driver:
    return connected("xero", PLAN)


def test_every_account_that_is_offered_is_accepted_and_no_bank_account_is(xero: Driver) -> None:
    accounts = xero.accounts()
    assert {account.pays for account in accounts if account.lines} == {""}
    for number, account in enumerate(a for a in accounts if "Payment" in a.lines):
        line = Line(net=Decimal("3.10"), tax=Decimal(0), account=account.id, tax_rate="NONE")
        pushed(xero, replace(expense(xero), id=f"a-{number}", key=f"a-{number}", lines=(line,)))
        moved = AdjustmentLine(amount=Decimal("1.10"), account=account.id)
        back = AdjustmentLine(amount=Decimal("-1.10"), account=xero.labels["accounts"]["travel"])
        pushed(xero, replace(adjustment(xero), id=f"b-{number}", key=f"b-{number}", lines=(moved, back)))


def test_every_tax_that_is_offered_is_accepted_on_some_account(xero: Driver) -> None:
    rates = {rate.id: rate for rate in xero.tax_rates()}
    assert (rates["INPUT2"].effective, rates["INPUT2"].total, rates["INPUT2"].active) == (20, 20, True)
    assert "Payment" in rates["NONE"].kinds


def test_lists_of_more_than_one_page_are_read_to_the_end(xero: Driver) -> None:
    names = [f"Stationer {number:04d}" for number in range(1205)]
    for start in range(0, 1205, 241):
        batch = [{"Name": name} for name in names[start : start + 241]]
        xero.native("PUT", "/api.xro/2.0/Contacts", {"Contacts": batch})
    suppliers = xero.suppliers()
    assert sorted(contact.name for contact in suppliers if contact.name.startswith("Stationer")) == names


def test_archived_contacts_accounts_and_tracking_are_read_as_inactive(xero: Driver) -> None:
    xero.archive(contacts=["airline"], accounts=["meals"])
    archive(xero, "North")
    contacts = xero.suppliers()
    accounts = xero.accounts()
    tracking = xero.tracking()
    assert [c.active for c in contacts if c.name == "Contoso Air"] == [False]
    assert [a.active for a in accounts if a.name == "Staff Meals"] == [False]
    assert {o.name: o.active for o in tracking if o.parent} == {"North": False, "South": True}


def test_a_new_contact_is_supplier_and_customer_until_it_has_documents(xero: Driver) -> None:
    made = xero.create_contact(MARLOW, key="c-1")
    assert (made.name, made.email, made.contact_name) == (MARLOW.name, MARLOW.email, MARLOW.contact_name)
    assert made.addresses[0]["line1"] == "4 Wharf Road"
    for listed in (xero.connector.suppliers, xero.connector.customers):
        assert made.id in {contact.id for contact in xero.run(listed(xero.consent))}


def test_a_contact_is_renamed_and_archived(xero: Driver) -> None:
    made = xero.create_contact(Contact(kind="supplier", name="Old"), key="c-1")
    renamed = replace(made, name="New", active=True)
    again = xero.update_contact(renamed, key="c-2")
    assert (again.id, again.name) == (made.id, "New")
    ended = xero.update_contact(replace(again, active=False), key="c-3")
    assert not ended.active


def test_a_contact_of_a_taken_name_is_refused_in_native_words(xero: Driver) -> None:
    taken = Contact(kind="supplier", name="contoso air")
    with pytest.raises(Refused, match="already assigned to another contact"):
        xero.create_contact(taken, key="c-1")


def test_a_new_card_account_can_be_paid_with(xero: Driver) -> None:
    wanted = NewAccount(name="Team Card", account_class="Liability", pays="card", account_number="4417", currency="GBP")
    made = xero.create_account(wanted, key="a-1")
    assert (made.pays, made.account_class, made.currency) == ("card", "Liability", "GBP")
    one = expense(xero)
    pushed(xero, replace(one, account=replace(one.account, id=made.id)))
    assert xero.balance(made.id) == "-56.67 GBP"


def test_a_new_expense_account_can_be_spent_on(xero: Driver) -> None:
    wanted = NewAccount(name="Drones", account_class="Expense", nominal_code="488", category="Expense.OVERHEADS")
    made = xero.create_account(wanted, key="a-1")
    assert (made.nominal_code, made.category) == ("488", "Expense.OVERHEADS")
    one = expense(xero)
    pushed(xero, replace(one, lines=(replace(one.lines[0], account=made.id),)))
    assert xero.balance(made.id) == "41.23 GBP"


def attached(driver: Driver, id: str) -> dict[str, bytes]:
    place = f"/api.xro/2.0/BankTransactions/{id}/Attachments"
    rows = driver.native("GET", place)["Attachments"]
    return {row["FileName"]: driver.books.records.blob(row["AttachmentID"]) or b"" for row in rows}


def test_a_file_is_attached_once_however_often_it_is_sent(xero: Driver) -> None:
    done = xero.push(expense(xero))
    file = File(name="till receipt #4.png", content_type="image/png", content=b"\x89PNG\x00\xff", key="f-1")
    first = xero.attach(file, done.native)
    assert xero.attach(file, done.native) == first
    place = f"/api.xro/2.0/BankTransactions/{done.native.id}/Attachments"
    assert [row["FileName"] for row in xero.native("GET", place)["Attachments"]] == ["till receipt #4.png"]


def test_two_files_of_one_name_are_both_kept(xero: Driver) -> None:
    done = xero.push(expense(xero))
    files = [
        File(name="receipt.pdf", content_type="application/pdf", content=content, key=f"f-{number}")
        for number, content in enumerate((b"%PDF-one", b"%PDF-two"))
    ]
    for _ in range(2):
        for file in files:
            xero.attach(file, done.native)
    place = f"/api.xro/2.0/BankTransactions/{done.native.id}/Attachments"
    assert sorted(row["FileName"] for row in xero.native("GET", place)["Attachments"]) == [
        "receipt-f-1.pdf",
        "receipt.pdf",
    ]


def test_a_consent_is_for_the_organisation_that_was_picked(xero: Driver) -> None:
    callback = xero.consent_given("&sandbox_decision=approve")
    xero.consent = xero.exchange_code(callback)
    assert xero.consent.company == xero.books.id
    assert xero.company.name == "Harbour Street Ltd"
    with pytest.raises(Refused, match="invalid_grant"):
        xero.exchange_code(callback)


def test_a_refresh_gives_a_new_pair_and_keeps_the_organisation(xero: Driver) -> None:
    before = xero.consent
    xero.consent = xero.refresh(before)
    assert xero.consent.company == before.company
    assert xero.consent.refresh_token != before.refresh_token
    assert xero.company.currency == "GBP"


def test_a_dead_refresh_token_needs_consent(xero: Driver) -> None:
    spent = replace(xero.consent, refresh_token="nothing")
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        xero.refresh(spent)


def test_an_organisation_that_is_not_connected_needs_consent(xero: Driver) -> None:
    xero.consent = replace(xero.consent, company="b0c1d2e3-0000-4000-8000-000000000001")
    with pytest.raises(NeedsConsent):
        xero.run(xero.connector.company(xero.consent))
