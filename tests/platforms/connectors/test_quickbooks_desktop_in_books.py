"""The connector of QuickBooks Desktop against the emulator: every kind of document, and a kill at every request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import found, pushed
from tests.platforms.connectors.books.quickbooks_desktop import (
    MOVED,
    PLACES,
    Desktop,
    adjustment,
    balances,
    documents,
    expense,
    live,
    opened,
    record,
    reimbursable,
)
from tests.platforms.connectors.driver import Killed

from sandbooks import wire
from sandbooks.connector import Contact, Line, TrackingRef, Unknown

# Writing


@pytest.mark.parametrize("place", PLACES)
def test_each_kind_of_document_stands_in_the_books_as_it_should(desktop: Desktop, place: int) -> None:
    document = documents(desktop)[place]
    id = pushed(desktop, document)
    assert balances(desktop) == MOVED[place]
    assert found(desktop, document) == id
    desktop.books.book.verify()


@pytest.mark.parametrize("place", PLACES)
def test_what_was_never_sent_is_not_found(desktop: Desktop, place: int) -> None:
    pushed(desktop, replace(documents(desktop)[place], id="other", key="key-other"))
    assert found(desktop, documents(desktop)[place]) is None


@pytest.mark.parametrize("place", PLACES)
def test_sent_again_with_the_same_key_it_is_found_and_not_doubled(desktop: Desktop, place: int) -> None:
    document = documents(desktop)[place]
    first = pushed(desktop, document)
    again = desktop.push(document)
    assert (again.found, again.native.id) == (True, first)
    assert (live(desktop), balances(desktop)) == (1, MOVED[place])


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_request_and_begun_anew_exactly_one_document_stands(place: int) -> None:
    for after in (False, True):
        for kill in range(1, 5):
            driver = opened()
            document, company = documents(driver)[place], driver.company
            steps = driver.connector.push(document, driver.consent, company)
            try:
                driver.run(steps, kill=kill, after=after)
            except Killed:
                driver.push(document, company)
            assert (live(driver), balances(driver)) == (1, MOVED[place])


@pytest.mark.parametrize("phase", ["send", "validate", "commit", "render"])
@pytest.mark.parametrize("place", PLACES)
def test_a_lost_answer_is_unknown_and_then_found_or_sent_again(desktop: Desktop, place: int, phase: str) -> None:
    document, company = documents(desktop)[place], desktop.company
    plan: Any = desktop.world.plan
    plan.add("drop_response", at={"write": document.id}, phase=phase)
    with pytest.raises(Unknown):
        desktop.push(document, company)
    stands = phase in ("commit", "render")
    assert (found(desktop, document) is not None) == stands
    pushed(desktop, document)
    assert (live(desktop), balances(desktop)) == (1, MOVED[place])


def test_an_unreadable_answer_to_a_write_is_unknown(desktop: Desktop) -> None:
    document, company = expense(desktop), desktop.company

    def damaged(answer: wire.Answer) -> wire.Answer:
        assert isinstance(answer, wire.Response)
        return replace(answer, body=answer.body[:90])

    with pytest.raises(Unknown):
        desktop.push(document, company, change=damaged)
    assert found(desktop, document) is not None


# What the native documents say


def test_a_card_payment_says_who_when_what_and_whose_it_is(desktop: Desktop) -> None:
    pushed(desktop, expense(desktop, id="5a9d0000-0000-4000-8000-000000000001"))
    body = record(desktop, "CreditCardCharge")
    assert body["PayeeEntityRef"] == {"ListID": desktop.labels["suppliers"]["contoso"]}
    assert (body["TxnDate"], body["RefNumber"]) == ("2026-03-02", "R-77")
    assert body["Memo"] == "Contoso Store - To the fair [5a9d0000-0000-4000-8000-000000000001]"
    assert body["ExternalGUID"] == "{5a9d0000-0000-4000-8000-000000000001}"
    assert [line["Memo"] for line in body["ExpenseLineRet"]] == ["To the fair", "Coffee"]


def test_a_reference_that_is_too_long_for_its_field_is_cut_there_and_whole_in_the_memo(desktop: Desktop) -> None:
    pushed(desktop, replace(expense(desktop), reference="EXPENSE-2026-0077"))
    body = record(desktop, "CreditCardCharge")
    assert (body["RefNumber"], "EXPENSE-2026-0077" in body["Memo"]) == ("EXPENSE-202", True)


def test_text_that_quickbooks_cannot_store_becomes_question_marks(desktop: Desktop) -> None:
    pushed(desktop, replace(expense(desktop), merchant="Café 東京 & Söhne", notes="a\tb"))
    assert record(desktop, "CreditCardCharge")["Memo"] == "Café ?? & Söhne - a b [t-01]"


def test_in_the_american_edition_tax_is_part_of_what_a_thing_costs(american: Desktop) -> None:
    pushed(american, expense(american))
    assert balances(american) == {"travel": "49.48", "meals": "3.50", "card": "-52.98"}


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_document_is_taken_by_the_american_edition(american: Desktop, place: int) -> None:
    pushed(american, documents(american)[place])
    assert live(american) == 1
    american.books.book.verify()


def test_spend_on_a_dollar_card_is_carried_in_dollars_at_the_rate_that_was_sent(desktop: Desktop) -> None:
    line = Line(net=Decimal("20.00"), account=desktop.labels["accounts"]["travel"])
    pushed(desktop, replace(expense(desktop, account="dollars"), lines=(line,)))
    balance = desktop.books.book.balance(desktop.labels["accounts"]["dollars"])
    assert (str(balance.by_currency["USD"]), str(balance.base)) == ("-20.00 USD", "-15.62 GBP")


def test_a_supplier_of_another_currency_is_named_in_the_memo_and_not_as_payee(desktop: Desktop) -> None:
    given = expense(desktop)
    boston = Contact(kind="supplier", name="Boston Cabs", id=desktop.labels["suppliers"]["boston"], currency="USD")
    pushed(desktop, replace(given, contact=boston))
    body = record(desktop, "CreditCardCharge")
    assert "PayeeEntityRef" not in body
    assert body["Memo"] == "Contoso Store - Boston Cabs - To the fair [t-01]"
    assert balances(desktop) == MOVED[0]


def test_classes_customers_and_what_is_billed_on_stand_on_their_lines(desktop: Desktop) -> None:
    accounts, mill = desktop.labels["accounts"], desktop.labels["customers"]["mill"]
    north = TrackingRef(id=desktop.labels["tracking"]["north"])
    lines = (
        Line(net=Decimal("5.10"), account=accounts["travel"], tracking=(north,), invoice_to=mill),
        Line(net=Decimal("6.20"), account=accounts["meals"], tracking=(TrackingRef(id=mill, kind="customer"),)),
    )
    pushed(desktop, replace(expense(desktop), lines=lines))
    first, second = record(desktop, "CreditCardCharge")["ExpenseLineRet"]
    assert first["ClassRef"] == {"ListID": north.id}
    assert (first["CustomerRef"], first["BillableStatus"]) == ({"ListID": mill}, "Billable")
    assert (second["CustomerRef"], second["BillableStatus"]) == ({"ListID": mill}, "NotBillable")


def test_an_item_takes_the_place_of_an_account(american: Desktop) -> None:
    travel = american.labels["accounts"]["travel"]
    (answer,) = american.ask(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Trip</Name><SalesOrPurchase><Price>1</Price><AccountRef><ListID>"
        f"{travel}</ListID></AccountRef></SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>"
    )
    item = answer[0].findtext("ListID") or ""
    pushed(american, replace(expense(american), lines=(Line(net=Decimal("19.07"), item=item, description="Taxi"),)))
    assert balances(american) == {"travel": "19.07", "card": "-19.07"}
    (line,) = record(american, "CreditCardCharge")["ItemLineRet"]
    assert (line["Desc"], line["Amount"]) == ("Taxi", "19.07")


def test_a_bill_names_its_payables_account_and_is_due_when_it_was_said(desktop: Desktop) -> None:
    pushed(desktop, reimbursable(desktop))
    body = record(desktop, "Bill")
    assert (body["DueDate"], body["RefNumber"], body["AmountDue"]) == ("2026-03-16", "Trip", "36.13")
    assert body["Memo"] == "Fair in Leeds [t-03]"


def test_each_line_of_an_adjustment_carries_its_id(desktop: Desktop) -> None:
    pushed(desktop, adjustment(desktop))
    memos = [line["Memo"] for line in record(desktop, "JournalEntry")["_lines"]]
    assert memos == ["Moved here [t-05]", "From there [t-05]"]
