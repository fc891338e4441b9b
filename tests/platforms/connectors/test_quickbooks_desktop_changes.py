"""The connector of QuickBooks Desktop against the emulator: what is refused, and what becomes of a change."""

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
    record,
    transfer,
)

from sandbooks.connector import Contact, ExpenseKind, File, Line, Refused, Unknown

# What is refused


def nothing_stands(driver: Desktop) -> bool:
    return live(driver) == 0 and balances(driver) == {}


@pytest.mark.parametrize("kind", ["Refund", "Reward", "Chargeback"])
def test_money_back_on_a_bank_account_is_refused(desktop: Desktop, kind: ExpenseKind) -> None:
    with pytest.raises(Refused, match="credit card"):
        pushed(desktop, expense(desktop, account="current", kind=kind))
    assert nothing_stands(desktop)


def test_a_transfer_of_two_amounts_is_refused(desktop: Desktop) -> None:
    given = transfer(desktop)
    with pytest.raises(Refused, match="equal"):
        pushed(desktop, replace(given, target=replace(given.target, amount=Decimal("310.41"))))
    assert nothing_stands(desktop)


def test_an_adjustment_in_another_currency_is_refused(desktop: Desktop) -> None:
    with pytest.raises(Refused, match="GBP only"):
        pushed(desktop, replace(adjustment(desktop), currency="USD", rate=Decimal("0.8")))
    assert nothing_stands(desktop)


@pytest.mark.parametrize("place", PLACES)
def test_a_date_before_the_closing_date_is_refused_in_native_words(desktop: Desktop, place: int) -> None:
    desktop.lock("2026-03-31")
    with pytest.raises(Refused, match=r"before the closing date of the company\. \(QuickBooks error 3180\)"):
        pushed(desktop, documents(desktop)[place])
    assert nothing_stands(desktop)


@pytest.mark.parametrize("account", ["travel", "card"])
def test_an_inactive_account_is_refused_and_leaves_nothing(desktop: Desktop, account: str) -> None:
    desktop.archive(accounts=[account])
    with pytest.raises(Refused, match="invalid reference to QuickBooks Account") as refused:
        pushed(desktop, expense(desktop))
    assert refused.value.native_code == "3140"
    assert nothing_stands(desktop)


def test_an_inactive_vendor_is_refused(desktop: Desktop) -> None:
    desktop.archive(contacts=["contoso"])
    with pytest.raises(Refused, match="invalid reference to QuickBooks Entity"):
        pushed(desktop, expense(desktop))
    assert nothing_stands(desktop)


def test_files_are_refused(desktop: Desktop) -> None:
    done = desktop.push(expense(desktop))
    file = File(name="till.png", content_type="image/png", content=b"\x89PNG", key="f-1")
    with pytest.raises(Refused, match="no files"):
        desktop.attach(file, done.native)


def test_a_refusal_that_was_kept_is_told_again_and_a_new_submission_goes_through(desktop: Desktop) -> None:
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.lock_period(desktop.books, "2026-03-31")
    for _ in range(2):
        with pytest.raises(Refused, match="closing date"):
            pushed(desktop, expense(desktop))
        with desktop.world.unit():
            bookkeeper.lock_period(desktop.books, "")
    pushed(desktop, replace(expense(desktop), key="key-t-01-2"))
    assert balances(desktop) == MOVED[0]


# Changing


@pytest.mark.parametrize("place", [0, 1, 2, 5])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_update_leaves_exactly_the_lines_that_were_sent(desktop: Desktop, place: int, count: int) -> None:
    given: Any = documents(desktop)[place]
    done = desktop.push(given)
    lines = tuple(replace(given.lines[1], net=Decimal(f"{n}.13")) for n in range(1, count + 1))
    changed = replace(given, version=2, key="key-2", lines=lines)
    for _ in range(2):
        assert desktop.update(changed, done.native).native.id == done.native.id
    total = sum((line.net for line in lines), Decimal(0)) * (-1 if place == 2 else 1)
    other = {0: "card", 1: "current", 2: "card", 5: "payables"}[place]
    assert balances(desktop) == {"meals": f"{total}", other: f"{-total}"}
    assert found(desktop, changed) == done.native.id


def test_an_update_of_a_transfer_moves_the_new_amount(desktop: Desktop) -> None:
    done = desktop.push(transfer(desktop))
    desktop.update(replace(transfer(desktop, amount="95.05"), version=2, key="key-2"), done.native)
    assert balances(desktop) == {"current": "-95.05", "reserve": "95.05"}


def test_an_update_from_an_item_to_an_account_clears_the_item(american: Desktop) -> None:
    travel = american.labels["accounts"]["travel"]
    (answer,) = american.ask(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Trip</Name><SalesOrPurchase><Price>1</Price><AccountRef><ListID>"
        f"{travel}</ListID></AccountRef></SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>"
    )
    by_item = (Line(net=Decimal("19.07"), item=answer[0].findtext("ListID") or ""),)
    given = replace(expense(american), lines=by_item)
    done = american.push(given)
    by_account = (Line(net=Decimal("8.40"), account=american.labels["accounts"]["meals"]),)
    american.update(replace(given, version=2, key="key-2", lines=by_account), done.native)
    assert balances(american) == {"meals": "8.40", "card": "-8.40"}


def test_an_update_to_a_supplier_of_another_currency_takes_the_payee_off(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    boston = Contact(kind="supplier", name="Boston Cabs", id=desktop.labels["suppliers"]["boston"], currency="USD")
    desktop.update(replace(given, version=2, key="key-2", contact=boston), done.native)
    assert "PayeeEntityRef" not in record(desktop, "CreditCardCharge")
    assert balances(desktop) == MOVED[0]


def test_what_a_person_changed_in_between_is_read_again_and_their_own_fields_stay(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.edit(desktop.books, "CreditCardCharge", done.native.id, {"RefNumber": "OWN-3"})
    changed = replace(given, version=2, key="key-2", reference="", lines=given.lines[1:])
    again = desktop.update(changed, done.native)
    assert again.native.version != done.native.version
    assert record(desktop, "CreditCardCharge")["RefNumber"] == "OWN-3"
    assert balances(desktop) == {"meals": "3.50", "card": "-3.50"}


def test_a_payment_moves_to_another_account_of_its_kind_and_to_no_other(desktop: Desktop) -> None:
    given = expense(desktop, account="current")
    done = desktop.push(given)
    reserve = replace(given.account, id=desktop.labels["accounts"]["reserve"])
    desktop.update(replace(given, version=2, key="key-2", account=reserve), done.native)
    assert balances(desktop)["reserve"] == "-52.98"
    with pytest.raises(Refused, match="cannot become"):
        desktop.update(replace(expense(desktop), version=3, key="key-3"), done.native)
    assert "card" not in balances(desktop)


def test_a_document_that_somebody_deleted_is_not_there_to_be_changed(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.delete(desktop.books, done.native.kind, done.native.id)
    with pytest.raises(Refused, match="no longer"):
        desktop.update(replace(given, version=2, key="key-2"), done.native)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_lost_update_is_sent_again_without_harm(desktop: Desktop, phase: str) -> None:
    given, company = expense(desktop), desktop.company
    done = desktop.push(given, company)
    changed = replace(given, version=2, key="key-2", lines=given.lines[1:])
    plan: Any = desktop.world.plan
    plan.add("drop_response", at={"write": given.id}, phase=phase)
    with pytest.raises(Unknown):
        desktop.update(changed, done.native, company)
    assert desktop.update(changed, done.native).native.id == done.native.id
    assert (live(desktop), balances(desktop)) == (1, {"meals": "3.50", "card": "-3.50"})
