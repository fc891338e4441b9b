"""Customer payments and the deposits that take them to the bank."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.platforms.netsuite.desk import RECORD, Desk
from tests.platforms.netsuite.test_subsidiaries import Group, opened

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated


def paid(desk: Desk, amount: str, **members: object) -> str:
    given = {"customer": desk.id("shop"), "payment": amount, "tranDate": "2026-03-02"}
    return desk.make("customerPayment", **{**given, **members})


def deposit(desk: Desk, *payments: str, **members: object) -> str:
    items = [{"id": int(payment.rpartition("/")[2]), "deposit": True} for payment in payments]
    given = {"account": desk.id("bank"), "tranDate": "2026-03-05", "payment": {"items": items}}
    return desk.make("deposit", **{**given, **members})


def test_a_payment_waits_among_the_undeposited_funds_until_a_deposit_takes_it_along(desk: Desk) -> None:
    first, second = paid(desk, "40.00", checkNumber="77"), paid(desk, "15.25")
    assert desk.books() == {"Undeposited Funds": "55.25", "receivables": "-55.25"}
    shown = desk.get(first)
    assert (shown["status"], shown["unapplied"]) == ({"id": "B", "refName": "Not Deposited"}, 40)
    other = {"items": [{"account": desk.id("sales"), "amount": "9.00"}]}
    back = {"items": [{"account": desk.id("office"), "amount": "4.50"}]}
    made = deposit(desk, first, second, other=other, cashBack=back)
    assert desk.books() == {"bank": "59.75", "receivables": "-55.25", "office": "4.50", "sales": "-9.00"}
    assert desk.get(first)["status"]["refName"] == "Deposited"
    line = desk.read(made)["payment"]["items"][0]
    assert (line["id"], line["transactionAmount"], line["refNum"]) == (int(first.rpartition("/")[2]), 40, "77")
    assert (line["entity"]["refName"], desk.read(made)["total"]) == ("Corner Shop", Decimal("59.75"))
    assert desk.send("DELETE", f"{RECORD}/{made}").status == 204
    assert desk.books() == {"Undeposited Funds": "55.25", "receivables": "-55.25"}
    assert (
        desk.suiteql("SELECT status, BUILTIN.DF(status) AS word FROM transaction WHERE type = 'CustPymt'")
        == [{"status": "B", "word": "Payment : Not Deposited"}] * 2
    )


def test_a_payment_may_go_to_the_bank_at_once(desk: Desk) -> None:
    payment = paid(desk, "40.00", account=desk.id("bank"))
    assert desk.books() == {"bank": "40.00", "receivables": "-40.00"}
    shown = desk.get(payment)
    assert (shown["status"]["refName"], shown["undepFunds"]["id"]) == ("Deposited", "F")
    back = {"customer": desk.id("shop"), "payment": "5.00", "account": desk.id("bank"), "undepFunds": True}
    waits = desk.make("customerPayment", **back)
    assert desk.get(waits)["status"]["refName"] == "Not Deposited"
    assert "account" not in desk.get(waits)


def test_a_deposit_at_another_rate_realizes_the_difference(desk: Desk) -> None:
    dollars = {"currency": desk.currency("USD")}
    payment = paid(desk, "100.00", **dollars, exchangeRate="0.80")
    deposit(desk, payment, account=desk.id("dollars"), exchangeRate="0.75")
    assert desk.books() == {"dollars": "75.00", "receivables": "-80.00", "exchange_differences": "5.00"}
    assert desk.held("dollars") == {"USD": "100.00"}
    into_pounds = paid(desk, "10.00", **dollars, exchangeRate="0.80")
    deposit(desk, into_pounds, exchangeRate="0.90")
    assert desk.held("bank") == {"GBP": "9.00"}
    assert desk.books() == {
        "bank": "9.00",
        "dollars": "75.00",
        "receivables": "-88.00",
        "exchange_differences": "4.00",
    }
    (account,) = desk.company.records.find("account", "name", "undeposited funds")
    assert not any(desk.company.book.balance(account.id).by_currency.values())
    desk.company.book.verify()


def test_what_does_not_wait_to_be_deposited_is_refused(desk: Desk) -> None:
    payment, direct = paid(desk, "40.00"), paid(desk, "7.00", account=desk.id("bank"))
    dollars = paid(desk, "5.00", currency=desk.currency("USD"))
    made = deposit(desk, payment)

    def body(*ids: object, **members: object) -> dict[str, object]:
        lines = {"items": [{"id": str(id).rpartition("/")[2]} for id in ids]}
        return {"account": desk.id("bank"), "payment": lines, **members}

    for wrong in (body(payment), body(direct), body("vendorBill/99999")):
        assert desk.refused("POST", "deposit", wrong)[0] in ("USER_ERROR", "INVALID_CONTENT")
    assert desk.refused("POST", "deposit", body(dollars, currency=desk.currency("GBP")))[0] == "USER_ERROR"
    assert desk.refused("POST", "deposit", body())[0] == "USER_ERROR"
    third = paid(desk, "3.00")
    assert "only once" in desk.refused("PATCH", f"{made}?replace=payment", body(third, third))[1]
    assert desk.refused("DELETE", payment)[0] == "USER_ERROR"
    assert desk.refused("PATCH", payment, {"payment": "41.00"})[0] == "USER_ERROR"
    desk.write("PATCH", payment, {"memo": "Thanks", "checkNumber": "9"})


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("payment", None, "USER_ERROR"),
        ("payment", 0, "USER_ERROR"),
        ("payment", "-3.00", "USER_ERROR"),
        ("payment", "1.005", "INVALID_CONTENT"),
        ("customer", None, "USER_ERROR"),
        ("customer", {"id": "99999"}, "INVALID_CONTENT"),
        ("arAcct", {"id": "1"}, "INVALID_KEY_OR_REF"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(desk: Desk, member: str, value: object, code: str) -> None:
    given = {"customer": desk.id("shop"), "payment": "40.00", member: value}
    assert desk.refused("POST", "customerPayment", given)[0] == code


def test_invoices_are_said_to_be_lacking(desk: Desk) -> None:
    for line in ({"doc": {"id": "5"}, "apply": True}, {"apply": True, "amount": 3}):
        body = {"customer": desk.id("shop"), "payment": "4.00", "apply": {"items": [line]}}
        with pytest.raises(NotSimulated, match="invoice"):
            desk.send("POST", f"{RECORD}/customerPayment", body)
    assert desk.books() == {}


def test_a_payment_is_deposited_in_both_books_of_a_subsidiary(app: App) -> None:
    group: Group = opened(app)
    local = group.make("customer", companyName="Spree Markt", subsidiary=group.berlin).rpartition("/")[2]
    payment = paid(group, "60.00", customer={"id": local})
    deposit(group, payment, account=group.id("euros"))
    assert group.local_books() == {"euros": "60.00", "receivables": "-60.00"}
    assert group.books() == {"euros": "51.07", "receivables": "-51.07"}
