"""Tax withheld from vendors: it settles bills beside what is paid, and is owed to the tax office instead."""

from typing import Any

import pytest
from tests.platforms.zoho_books.desk import TODAY, Desk


def rows(bill: Any, applied: object, withheld: object) -> list[dict[str, object]]:
    return [{"bill_id": bill["bill_id"], "amount_applied": applied, "tax_amount_withheld": withheld}]


def paid(desk: Desk, value: object, bills: object, *, bank: str = "bank", **more: object) -> Any:
    given = {"vendor_id": desk.vendor("acme"), "amount": value, "date": TODAY}
    return desk.make(
        "vendorpayments",
        "vendorpayment",
        **{**given, "paid_through_account_id": desk.account(bank), "bills": bills, **more},
    )


def test_what_is_withheld_settles_the_bill_and_is_owed_to_the_tax_office(desk: Desk) -> None:
    bill = desk.bill(desk.line("413.20"))
    payment = paid(desk, "371.88", rows(bill, "371.88", "41.32"))
    shown = desk.get(f"bills/{bill['bill_id']}")["bill"]
    assert (shown["status"], str(shown["balance"]), str(shown["payment_made"])) == ("paid", "0.00", "413.20")
    assert str(shown["payments"][0]["tax_amount_withheld"]) == "41.32"
    assert (str(payment["tax_amount_withheld"]), payment["tax_account_name"]) == ("41.32", "TDS Payable")
    assert str(payment["bills"][0]["tax_amount_withheld"]) == "41.32"
    assert desk.books() == {"office": "413.20", "bank": "-371.88", "TDS Payable": "-41.32"}


def test_an_excess_stays_an_advance_beside_what_is_withheld(desk: Desk) -> None:
    bill = desk.bill(desk.line("200.00"))
    payment = paid(desk, "190.00", rows(bill, "120.00", "30.00"))
    assert str(payment["balance"]) == "70.00"
    assert str(desk.get(f"bills/{bill['bill_id']}")["bill"]["balance"]) == "50.00"
    assert desk.books() == {
        "office": "200.00",
        "payables": "-50.00",
        "Prepaid Expenses": "70.00",
        "bank": "-190.00",
        "TDS Payable": "-30.00",
    }


def test_what_is_withheld_in_another_currency_stands_at_the_rate_of_the_payment(desk: Desk) -> None:
    bill = desk.bill(desk.line("1000.00"), vendor="usco", exchange_rate="0.80")
    paid(
        desk,
        "900.00",
        rows(bill, "900.00", "100.00"),
        bank="dollars",
        vendor_id=desk.vendor("usco"),
        exchange_rate="0.75",
    )
    assert desk.books() == {
        "office": "800.00",
        "dollars": "-675.00",
        "TDS Payable": "-75.00",
        "exchange_differences": "-50.00",
    }


def test_more_than_the_bill_is_open_for_is_refused_and_posts_nothing(desk: Desk) -> None:
    bill = desk.bill(desk.line("50.00"))
    given = {"vendor_id": desk.vendor("acme"), "amount": "45.00", "paid_through_account_id": desk.account("bank")}
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows(bill, "45.00", "5.01")})[0] == 13021
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows(bill, "45.00", "-1")})[0] == 2
    assert "TDS Payable" not in desk.books()


def test_a_payment_that_changes_keeps_what_it_withheld(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"))
    payment = paid(desk, "91.00", rows(bill, "91.00", "9.00"))
    desk.change(f"vendorpayments/{payment['payment_id']}", "vendorpayment", reference_number="R-2")
    assert str(desk.get(f"bills/{bill['bill_id']}")["bill"]["balance"]) == "0.00"
    assert desk.books()["TDS Payable"] == "-9.00"


def test_a_payment_that_is_deleted_takes_back_what_it_withheld(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"))
    payment = paid(desk, "91.00", rows(bill, "91.00", "9.00"))
    desk.act(f"vendorpayments/{payment['payment_id']}", method="DELETE")
    assert str(desk.get(f"bills/{bill['bill_id']}")["bill"]["balance"]) == "100.00"
    assert desk.books() == {"office": "100.00", "payables": "-100.00"}


def test_one_application_that_is_deleted_leaves_what_another_withheld(desk: Desk) -> None:
    one, two = desk.bill(desk.line("60.00")), desk.bill(desk.line("80.00"), number="INV-2")
    payment = paid(desk, "126.00", [*rows(one, "54.00", "6.00"), *rows(two, "72.00", "8.00")])
    gone = payment["bills"][0]["bill_payment_id"]
    desk.act(f"bills/{one['bill_id']}/payments/{gone}", method="DELETE")
    assert desk.books()["TDS Payable"] == "-8.00"
    assert [str(desk.get(f"bills/{b['bill_id']}")["bill"]["balance"]) for b in (one, two)] == ["60.00", "0.00"]


def test_an_account_of_another_kind_under_that_name_is_not_taken_for_it(desk: Desk) -> None:
    desk.make("chartofaccounts", "chart_of_account", account_name="TDS Payable", account_type="expense")
    bill = desk.bill(desk.line("100.00"))
    given = {"vendor_id": desk.vendor("acme"), "amount": "91.00", "paid_through_account_id": desk.account("bank")}
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows(bill, "91.00", "9.00")})[0] == 9004


@pytest.mark.parametrize("check", [[{"check_number": "1004", "memo": "Rent"}], ["1004"], []])
def test_a_payment_keeps_its_check(desk: Desk, check: list[object]) -> None:
    payment = desk.pay("12.00", check_details=check)
    assert desk.get(f"vendorpayments/{payment['payment_id']}")["vendorpayment"]["check_details"] == check
    assert desk.refused("PUT", f"vendorpayments/{payment['payment_id']}", {"check_details": 5})[0] == 2


def test_the_account_of_tax_withheld_stays_the_same_under_another_name(desk: Desk) -> None:
    one, two = desk.bill(desk.line("100.00")), desk.bill(desk.line("80.00"), number="INV-2")
    account = paid(desk, "91.00", rows(one, "91.00", "9.00"))["tax_account_id"]
    desk.change(f"chartofaccounts/{account}", "chart_of_account", account_name="Withheld from vendors")
    assert paid(desk, "72.00", rows(two, "72.00", "8.00"))["tax_account_id"] == account
    assert desk.books()["Withheld from vendors"] == "-17.00"
