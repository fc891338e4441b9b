"""Bills and their payments: what is owed, what is settled, and at which rate."""

from datetime import date
from typing import Any

from tests.platforms.sage_intacct.desk import Desk, open_desk

from sandbooks.app import App


def test_a_bill_is_owed_and_its_payment_settles_it_in_parts(desk: Desk) -> None:
    bill = desk.bill("100.00")
    desk.payment(bill, "30.00")
    row = desk.row("APBILL", bill)
    assert (row["STATE"], row["TOTALPAID"], row["TOTALDUE"]) == ("Partially Paid", "30", "70")
    desk.payment(bill, "70.00", bank="reserve")
    assert desk.row("APBILL", bill)["STATE"] == "Paid"
    assert desk.books() == {"office": "100.00", "bank": "-30.00", "reserve": "-70.00"}
    said = desk.refused({"create": {"APPYMT": payment_fields(desk, bill, "0.01")}})
    assert "exceeds total amount due (0)" in said[0][1]


def payment_fields(desk: Desk, bill: str, amount: str) -> dict[str, Any]:
    return {
        "PAYMENTMETHOD": "EFT",
        "FINANCIALENTITY": desk.account("bank"),
        "VENDORID": desk.labels["suppliers"]["acme"],
        "PAYMENTDATE": "03/09/2026",
        "APPYMTDETAILS": {"APPYMTDETAIL": {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": amount}},
    }


def test_a_foreign_bill_is_relieved_at_its_own_rate_and_the_difference_is_realised(desk: Desk) -> None:
    bill = desk.bill("200.00", CURRENCY="USD", EXCHANGE_RATE="0.75")
    desk.payment(bill, "200.00", bank="dollars", CURRENCY="USD", EXCHANGE_RATE="0.80")
    assert desk.books() == {"office": "150.00", "dollars": "-160.00", "exchange_differences": "10.00"}


def test_a_foreign_bill_can_be_paid_from_a_bank_account_in_base_currency(desk: Desk) -> None:
    bill = desk.bill("100.00", CURRENCY="USD", EXCHANGE_RATE="0.80")
    desk.payment(bill, "100.00", CURRENCY="USD", EXCHANGE_RATE="0.70")
    assert desk.books() == {"office": "80.00", "bank": "-70.00", "exchange_differences": "-10.00"}


def test_a_payment_by_card_moves_the_debt_to_the_card(desk: Desk) -> None:
    desk.payment(desk.bill("41.00"), "41.00", bank="visa", PAYMENTMETHOD="Charge Card")
    assert desk.books() == {"office": "41.00", "visa": "-41.00"}


def test_a_draft_payment_selects_and_a_submitted_one_waits_for_its_confirmation(app: App) -> None:
    from msgspec.structs import replace
    from tests.platforms.sage_intacct.desk import PLAN

    desk = open_desk(app, replace(PLAN, settings={**PLAN.settings, "payment_approval": True}))
    bill = desk.bill("80.00")
    key = desk.payment(bill, "25.00")
    row = desk.row("APBILL", bill)
    assert (row["STATE"], row["TOTALSELECTED"], row["TOTALDUE"]) == ("Selected", "25", "55")
    assert "bank" not in desk.books()
    for step in ("approve", "confirm"):
        desk.run({f"{step}_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
    assert desk.books() == {"office": "80.00", "payables": "-55.00", "bank": "-25.00"}
    assert desk.row("APBILL", bill)["STATE"] == "Partially Paid"


def test_a_voided_payment_opens_its_bill_again_on_the_day_it_is_voided(desk: Desk) -> None:
    bill = desk.bill("100.00")
    key = desk.payment(bill, "100.00")
    desk.world.advance(to=desk.world.clock.now().replace(month=4, day=20))
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
    assert desk.row("APBILL", bill)["STATE"] == "Posted"
    assert desk.row("APPYMT", key)["STATE"] == "Voided"
    assert desk.books() == {"office": "100.00", "payables": "-100.00"}
    assert desk.books(date(2026, 4, 19)) == {"office": "100.00", "bank": "-100.00"}
    desk.payment(bill, "100.00", PAYMENTDATE="04/21/2026")


def test_a_debit_memo_lessens_what_is_paid(desk: Desk) -> None:
    bill = desk.bill("100.00")
    line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "15.00"}
    fields = {**desk.bill_fields("DM-1"), "APADJUSTMENTITEMS": {"APADJUSTMENTITEM": line}}
    memo = desk.create("APADJUSTMENT", **fields)
    assert desk.books() == {"office": "85.00", "payables": "-85.00"}
    detail = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "85.00", "ADJUSTMENTKEY": memo, "TRX_ADJUSTMENTAMOUNT": "15.00"}
    desk.payment(bill, "0", APPYMTDETAILS={"APPYMTDETAIL": detail})
    assert desk.books() == {"office": "85.00", "bank": "-85.00"}
    assert desk.row("APADJUSTMENT", memo)["STATE"] == "Paid"


def test_a_bill_number_is_unique_for_its_vendor(desk: Desk) -> None:
    desk.bill("10.00", number="INV-7")
    again = {**desk.bill_fields("INV-7"), "APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "10"}}}
    number, text = desk.refused({"create": {"APBILL": again}})[0]
    assert (number, "Another record with the value" in text) == ("BL03002185", True)
    desk.create("APBILL", **{**again, "VENDORID": desk.labels["suppliers"]["zenith"]})
    assert desk.refused({"create": {"APBILL": {**again, "RECORDID": ""}}})[0][0] == "BL03002128"


def test_a_bill_in_payment_is_neither_changed_nor_deleted_but_takes_notes(desk: Desk) -> None:
    bill = desk.bill("40.00")
    desk.run(
        {
            "update": {
                "APBILL": {"RECORDNO": bill, "APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "44"}}}
            }
        }
    )
    assert desk.books() == {"6300": "44.00", "payables": "-44.00"}
    desk.payment(bill, "4.00")
    change = {"APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "50"}}}
    assert "can no longer be updated" in desk.refused({"update": {"APBILL": {"RECORDNO": bill, **change}}})[0][1]
    desk.refused({"delete": {"object": "APBILL", "keys": bill}})
    desk.run({"update": {"APBILL": {"RECORDNO": bill, "DESCRIPTION": "Noted"}}})
    assert desk.row("APBILL", bill)["DESCRIPTION"] == "Noted"


def test_a_bill_of_nothing_has_no_value_until_it_has_an_amount(desk: Desk) -> None:
    key = desk.bill("0")
    assert (desk.row("APBILL", key)["STATE"], desk.books()) == ("No Value", {})
    lines = {"APBILLITEM": {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "5.00"}}
    desk.run({"update": {"APBILL": {"RECORDNO": key, "APBILLITEMS": lines}}})
    assert (desk.row("APBILL", key)["STATE"], desk.books()) == ("Posted", {"office": "5.00", "payables": "-5.00"})
    desk.run({"delete": {"object": "APBILL", "keys": desk.bill("0", number="B-2")}})
