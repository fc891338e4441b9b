"""Voids on the screens: direct or by a reversing journal, and what may be done to both afterwards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.platforms.netsuite.desk import PLAN, RECORD, Desk, open_desk

from sandbooks.app import App
from sandbooks.ledger import OverSettled, Refusal
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.refusals import CannotDelete, UserError

KEPT = "The G/L impact of a voided transaction cannot be changed."


def voided(desk: Desk, made: str) -> str:
    """Void a document; ``type/id`` of the journal that did it, empty for none."""
    before = {item["id"] for item in desk.get("journalEntry")["items"]}
    kind, _, id = made.partition("/")
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, kind, id)
    added = (item["id"] for item in desk.get("journalEntry")["items"] if item["id"] not in before)
    return next((f"journalEntry/{id}" for id in added), "")


def dollar_bill(desk: Desk) -> str:
    return desk.bill(desk.line("90.00"), currency=desk.currency("USD"), exchangeRate="0.80")


def payment_of(desk: Desk, bill: str, **members: object) -> str:
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "apply": True}]}
    given = {"account": desk.id("dollars"), "exchangeRate": "0.90", "apply": apply}
    return desk.make("vendorPayment", entity=desk.id("acme"), **{**given, **members})


def test_voiding_zeroes_a_document_or_reverses_it_by_a_journal(open_with: Callable[..., Desk]) -> None:
    for settings, kinds in (({}, {"check"}), ({"void_by_reversing_journals": True}, {"check", "journalEntry"})):
        desk = open_with(**settings)
        made = desk.spend("check", desk.line("31.00"), account="bank")
        with desk.world.unit():
            BOOKKEEPER.void(desk.company, "check", made.rpartition("/")[2])
        assert desk.books() == {}
        assert desk.read(made)["status"]["refName"] == "Voided"
        assert {record for record in ("check", "journalEntry") if desk.company.records.count(record)} == kinds
        for moving in ({"tranDate": "2026-03-03"}, {"expense": {"items": []}}, {"exchangeRate": 2}):
            assert desk.refused("PATCH", made, moving)[1].endswith(KEPT)
        desk.write("PATCH", made, {"memo": "Twice", "toBePrinted": True})
        assert (desk.get(made)["memo"], desk.books()) == ("Twice", {})


@pytest.mark.parametrize("reversing", [False, True])
def test_a_voided_payment_leaves_its_bill_open_again(open_with: Callable[..., Desk], reversing: bool) -> None:
    desk = open_with(void_by_reversing_journals=reversing)
    bill = desk.bill(desk.line("90.00"), currency=desk.currency("USD"), exchangeRate="0.80")
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "apply": True}]}
    members = {"account": desk.id("dollars"), "exchangeRate": "0.90", "apply": apply}
    payment = desk.make("vendorPayment", entity=desk.id("acme"), **members)
    assert desk.read(bill)["status"]["refName"] == "Paid In Full"
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorPayment", payment.rpartition("/")[2])
    assert desk.books() == {"travel": "72.00", "payables": "-72.00"}
    assert desk.held("dollars") == {}
    assert (desk.read(bill)["status"]["refName"], desk.read(bill)["amountRemaining"]) == ("Open", 90)
    assert desk.read(f"vendor/{desk.id('acme')['id']}")["balance"] == 72
    journals = [desk.read(f"journalEntry/{item['id']}") for item in desk.get("journalEntry")["items"]]
    assert [(journal["exchangeRate"], journal["total"]) for journal in journals] == [(Decimal("0.9"), 90)] * reversing
    desk.make("vendorPayment", entity=desk.id("acme"), **{**members, "exchangeRate": "0.80"})
    assert desk.books() == {"travel": "72.00", "dollars": "-72.00"}


def test_a_reversing_journal_takes_a_foreign_document_back_to_the_last_penny(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    lines = [desk.line("10.01"), desk.line("10.02", account="office"), desk.line("10.03")]
    check = desk.spend("check", *lines, account="dollars", currency=desk.currency("USD"), exchangeRate="0.777")
    assert desk.books() != {}
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "check", check.rpartition("/")[2])
    assert (desk.books(), desk.held("dollars")) == ({}, {})
    (journal,) = desk.get("journalEntry")["items"]
    sides = desk.read(f"journalEntry/{journal['id']}")["line"]["items"]
    assert [line.get("credit", line.get("debit")) for line in sides] == [
        Decimal(amount) for amount in ("10.01", "10.02", "10.03", "30.06")
    ]


def test_a_void_in_a_closed_period_is_a_journal_in_an_open_one(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    check = desk.spend("check", desk.line("31.00"), account="bank", tranDate="2026-01-10")
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, "2026-01-31")
    journal = voided(desk, check)
    assert desk.books() == {}
    assert desk.get(journal)["tranDate"] > "2026-01-31"
    assert desk.get(journal)["createdFrom"]["id"] == check.rpartition("/")[2]
    assert desk.get(check)["voidJournal"]["id"] == journal.rpartition("/")[2]
    assert desk.refused("DELETE", check)[0] == "USER_ERROR"
    assert desk.books() == {}


def test_a_journal_that_voids_keeps_its_impact_and_takes_other_changes(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    bill = dollar_bill(desk)
    journal = voided(desk, payment_of(desk, bill))
    lines = desk.read(journal)["line"]["items"]
    side, other = ("debit", "credit") if "debit" in lines[0] else ("credit", "debit")
    for moving in (
        {"line": {"items": [{"line": 1, side: "1.00"}, {"line": 2, other: "1.00"}]}},
        {"exchangeRate": "0.70"},
        {"currency": desk.currency("GBP")},
        {"approved": False},
        {"approvalStatus": {"id": "3"}},
    ):
        assert desk.refused("PATCH", journal, moving)[0] in ("USER_ERROR", "INVALID_KEY_OR_REF")
    for change in ({"memo": "later"}, {"tranDate": "2026-04-09"}):
        desk.write("PATCH", journal, change)
    assert desk.books() == {"travel": "72.00", "payables": "-72.00"}
    assert desk.read(f"vendor/{desk.id('acme')['id']}")["balance"] == 72
    with desk.world.unit(), pytest.raises(UserError, match="cannot be voided"):
        BOOKKEEPER.void(desk.company, "journalEntry", journal.rpartition("/")[2])


def test_a_document_stands_again_when_the_journal_that_voids_it_is_deleted(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    bill = dollar_bill(desk)
    payment = payment_of(desk, bill, tranDate="2026-01-10")
    paid = desk.books()
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, "2026-01-31")
    journal = voided(desk, payment)
    assert desk.books() == {"travel": "72.00", "payables": "-72.00"}
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.books() == paid
    assert [desk.get(made)["status"]["refName"] for made in (bill, payment)] == ["Paid In Full", "Approved"]
    assert "voidJournal" not in desk.get(payment)
    assert desk.read(f"vendor/{desk.id('acme')['id']}")["balance"] == 0
    assert voided(desk, payment)
    assert desk.get(bill)["status"]["refName"] == "Open"


def test_a_voided_document_takes_its_journal_along_when_it_is_deleted(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    bill = dollar_bill(desk)
    payment = payment_of(desk, bill)
    journal = voided(desk, payment)
    assert desk.send("DELETE", f"{RECORD}/{payment}").status == 204
    assert desk.books() == {"travel": "72.00", "payables": "-72.00"}
    assert desk.send("GET", f"{RECORD}/{journal}").status == 404
    assert desk.get(bill)["amountRemaining"] == 90


def test_a_payment_does_not_stand_again_beside_one_that_took_its_place(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    bill = dollar_bill(desk)
    journal = voided(desk, payment_of(desk, bill))
    other = payment_of(desk, bill, exchangeRate="0.80")
    books = desk.books()
    assert desk.refused("DELETE", journal)[0] == "USER_ERROR"
    with pytest.raises(OverSettled), desk.world.unit():
        BOOKKEEPER.delete(desk.company, "journalEntry", journal.rpartition("/")[2])
    assert (desk.books(), desk.get(bill)["status"]["refName"]) == (books, "Paid In Full")
    desk.write("PATCH", other, {"apply": {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "amount": "30.00"}]}})
    assert desk.refused("DELETE", journal)[0] == "USER_ERROR"
    assert desk.send("DELETE", f"{RECORD}/{other}").status == 204
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.get(bill)["status"]["refName"] == "Paid In Full"


def test_a_part_payment_that_stands_again_relieves_what_is_left_beside_another(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True)
    bill = dollar_bill(desk)
    doc = {"id": bill.rpartition("/")[2]}
    journal = voided(desk, payment_of(desk, bill, apply={"items": [{"doc": doc, "amount": "50.00"}]}))
    payment_of(desk, bill, apply={"items": [{"doc": doc, "amount": "40.00"}]})
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.books() == {"travel": "72.00", "dollars": "-81.00", "exchange_differences": "9.00"}
    assert desk.get(bill)["status"]["refName"] == "Paid In Full"


def test_an_account_may_keep_the_journals_of_its_voids(open_with: Callable[..., Desk]) -> None:
    desk = open_with(void_by_reversing_journals=True, void_journals="locked")
    journal = voided(desk, desk.spend("check", desk.line("31.00"), account="bank"))
    assert desk.refused("DELETE", journal)[1].endswith(KEPT)
    with pytest.raises(CannotDelete), desk.world.unit():
        BOOKKEEPER.delete(desk.company, "journalEntry", journal.rpartition("/")[2])
    assert desk.books() == {}


@pytest.mark.parametrize("reversing", [False, True])
def test_what_is_void_is_neither_paid_nor_voided_again(open_with: Callable[..., Desk], reversing: bool) -> None:
    desk = open_with(void_by_reversing_journals=reversing)
    bill = dollar_bill(desk)
    voided(desk, bill)
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "amount": "10.00"}]}
    body = {"entity": desk.id("acme"), "account": desk.id("dollars"), "apply": apply}
    assert desk.refused("POST", "vendorPayment", body)[0] == "USER_ERROR"
    assert desk.get(bill)["amountRemaining"] == 0
    with pytest.raises(Refusal), desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorBill", bill.rpartition("/")[2])
    assert desk.books() == {}


def test_a_paid_bill_is_neither_voided_nor_deleted(desk: Desk) -> None:
    bill = dollar_bill(desk)
    payment_of(desk, bill)
    assert "referred to by other transactions" in desk.refused("DELETE", bill)[1]
    with pytest.raises(CannotDelete, match="void those transactions first"), desk.world.unit():
        BOOKKEEPER.void(desk.company, "vendorBill", bill.rpartition("/")[2])


def reversing_desk(app: App) -> Desk:
    """A desk with customers whose voids are journals."""
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, "void_by_reversing_journals": True}))


def waiting_and_deposit(desk: Desk, amount: str = "40.00") -> tuple[str, str]:
    """A customer payment, and the deposit that takes it to the bank."""
    given = {"customer": desk.id("shop"), "payment": amount, "tranDate": "2026-03-02"}
    payment = desk.make("customerPayment", **given)
    return payment, deposit_of(desk, payment)


def deposit_of(desk: Desk, payment: str) -> str:
    items = [{"id": int(payment.rpartition("/")[2]), "deposit": True}]
    return desk.make("deposit", account=desk.id("bank"), tranDate="2026-03-05", payment={"items": items})


def test_a_deposit_does_not_stand_again_once_its_payment_went_elsewhere(app: App) -> None:
    desk = reversing_desk(app)
    payment, first = waiting_and_deposit(desk)
    journal = voided(desk, first)
    other = deposit_of(desk, payment)
    books = desk.books()
    assert desk.refused("DELETE", journal)[0] == "USER_ERROR"
    assert desk.books() == books == {"bank": "40.00", "receivables": "-40.00"}
    assert desk.send("DELETE", f"{RECORD}/{other}").status == 204
    assert desk.send("DELETE", f"{RECORD}/{payment}").status == 204
    assert desk.refused("DELETE", journal)[0] == "USER_ERROR"
    assert desk.books() == {}


def test_a_deposit_that_stands_again_takes_its_payment_along_as_it_is_now(app: App) -> None:
    desk = reversing_desk(app)
    payment, deposit = waiting_and_deposit(desk)
    journal = voided(desk, deposit)
    desk.write("PATCH", payment, {"payment": "55.00"})
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.books() == {"bank": "55.00", "receivables": "-55.00"}
    assert (desk.get(deposit)["total"], desk.get(payment)["status"]["refName"]) == (55, "Deposited")
    again = voided(desk, deposit)
    assert desk.send("DELETE", f"{RECORD}/{again}").status == 204
    assert desk.books() == {"bank": "55.00", "receivables": "-55.00"}


def test_a_journal_is_voided_by_a_reversing_journal_too(app: App) -> None:
    desk = reversing_desk(app)
    lines = [{"account": desk.id("travel"), "debit": "5.25"}, {"account": desk.id("office"), "credit": "5.25"}]
    made = desk.make("journalEntry", subsidiary={"id": "1"}, line={"items": lines})
    journal = voided(desk, made)
    assert (desk.books(), desk.get(made)["status"]["refName"]) == ({}, "Voided")
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.books() == {"travel": "5.25", "office": "-5.25"}


def test_a_voided_check_leaves_what_its_vendor_is_owed(app: App) -> None:
    desk = reversing_desk(app)
    vendor = f"vendor/{desk.id('acme')['id']}"
    desk.bill(desk.line("12.00"))
    journal = voided(desk, desk.spend("check", desk.line("31.00"), account="bank"))
    assert desk.get(vendor)["balance"] == 12
    assert desk.send("DELETE", f"{RECORD}/{journal}").status == 204
    assert desk.get(vendor)["balance"] == 12
