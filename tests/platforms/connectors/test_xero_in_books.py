"""The connector of Xero against the emulator: what its documents book, updates and tracking."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books.bench import found, pushed, transfer
from tests.platforms.connectors.books.xero import KINDS, PLAN, adjustment, archive, balances, documents, expense, live
from tests.platforms.connectors.driver import Driver, Killed, connected

from sandbooks.connector import Expense, ExpenseKind, Refused, TrackingRef, TransferSide


@pytest.fixture
def xero() -> Driver:
    return connected("xero", PLAN)


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


@pytest.mark.parametrize("abroad", [True, False])
def test_a_transfer_between_currencies_stands_where_xero_s_own_rate_says_both_amounts(
    xero: Driver, abroad: bool
) -> None:
    accounts = xero.labels["accounts"]
    home = TransferSide(account=accounts["current"], currency="GBP", amount=Decimal("79.00"), pays="bank")
    dollars = TransferSide(account=accounts["dollars"], currency="USD", amount=Decimal("100.00"), pays="card")
    source, target = (home, dollars) if abroad else (dollars, home)
    one = replace(transfer(xero), source=source, target=target)
    pushed(xero, one)
    held = xero.books.book.balance(accounts["dollars"])
    sign = "" if abroad else "-"
    assert (str(held.by_currency["USD"]), str(held.base)) == (f"{sign}100.00 USD", f"{sign}79.00 GBP")
    other = replace(one, id="t-09", key="key-t-09-1", target=replace(target, amount=target.amount + Decimal("0.60")))
    with pytest.raises(Refused, match=r"arrives instead of .* taken back"):
        xero.push(other)
    assert xero.books.book.balance(accounts["dollars"]) == held


def test_an_adjustment_debits_what_is_above_zero(xero: Driver) -> None:
    pushed(xero, adjustment(xero))
    assert balances(xero)["travel"] == "17.85 GBP"
    assert balances(xero)["meals"] == "-17.85 GBP"


@pytest.mark.parametrize("place", range(6))
def test_the_same_document_sent_twice_with_one_key_stands_once(xero: Driver, place: int) -> None:
    document = documents(xero)[place]
    assert pushed(xero, document) == pushed(xero, document)
    assert live(xero) == 1


def test_an_update_gives_the_same_document_its_new_amounts(xero: Driver) -> None:
    one = expense(xero)
    done = xero.push(one)
    two = replace(
        one, key="key-t-01-2", version=2, lines=(replace(one.lines[0], net=Decimal("52.07"), tax=Decimal("10.41")),)
    )
    again = xero.update(two, done.native)
    assert again.native.id == done.native.id
    assert balances(xero) == {"card": "-62.48 GBP", "current": "0.00 GBP", "travel": "52.07 GBP", "meals": "0.00 GBP"}


def test_an_update_can_move_the_document_to_another_bank_account(xero: Driver) -> None:
    one = expense(xero)
    done = xero.push(one)
    two = replace(expense(xero, account="current"), key="key-t-01-2", version=2, reference="")
    xero.update(two, done.native)
    assert (balances(xero)["card"], balances(xero)["current"]) == ("0.00 GBP", "-56.67 GBP")
    assert found(xero, one) == done.native.id


def test_a_refund_or_a_deleted_document_is_not_turned_into_a_payment(xero: Driver) -> None:
    one = expense(xero)
    done = xero.push(one)
    path = f"/api.xro/2.0/BankTransactions/{done.native.id}"
    xero.native("POST", path, {"BankTransactionID": done.native.id, "Status": "DELETED"})
    with pytest.raises(Refused, match="DELETED"):
        xero.update(replace(one, key="k2"), done.native)
    assert found(xero, one) is None


def option(driver: Driver, name: str) -> str:
    tracking = driver.tracking()
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
        xero.push(one, company, before_write=end if when != "before" else None)
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


def test_an_archived_account_is_refused_in_native_words(xero: Driver) -> None:
    xero.archive(accounts=["meals"])
    with pytest.raises(Refused, match=r"\(Xero error 10\)"):
        pushed(xero, expense(xero))
    assert live(xero) == 0
