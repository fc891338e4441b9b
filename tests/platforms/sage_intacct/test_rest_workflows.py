"""Payments, approvals and expenses over the REST API: from a draft to the books and back."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk
from tests.platforms.sage_intacct.rest_bodies import BILL, bill, line, made, refused

from sandbooks.kit.errors import NotSimulated


def test_a_payment_begins_as_a_draft_unless_it_is_submitted(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    body = {
        "financialEntity": {"id": desk.account("bank")},
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
        "paymentMethod": "eft",
        "paymentDate": "2026-03-09",
        "details": [{"bill": {"key": key}, "txnCurrency": {"paymentAmount": "73.90"}}],
    }
    draft = made(desk, "objects/accounts-payable/payment", body)
    assert "bank" not in desk.books()
    assert desk.rest("DELETE", f"objects/accounts-payable/payment/{draft}")[0] == 204
    made(desk, "objects/accounts-payable/payment", {**body, "state": "submitted"})
    assert desk.books() == {"office": "73.90", "bank": "-73.90"}


def payment(desk: Desk, *details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "financialEntity": {"entityId": desk.account("bank")},
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
        "paymentMethod": "Cash",
        "paymentDate": "2026-03-09",
        "state": "submitted",
        "details": list(details),
        **more,
    }


PAYMENT = "objects/accounts-payable/payment"


def test_a_payment_names_its_lines_amounts_and_currencies(desk: Desk) -> None:
    lines = [line(desk, "office", "73.90"), line(desk, "travel", "12.00")]
    key = made(desk, BILL, bill(desk, lines=lines))
    second = desk.rest("GET", f"{BILL}/{key}")[1]["ia::result"]["lines"][1]["key"]
    detail = {"bill": {"key": key}, "billLine": {"key": second}, "txnCurrency": {"paymentAmount": "5.00"}}
    head = {"txnCurrency": {"currency": "GBP"}, "baseCurrency": {"currency": "GBP"}}
    paid = made(desk, PAYMENT, payment(desk, detail, **head))
    shown = desk.rest("GET", f"{PAYMENT}/{paid}")[1]["ia::result"]
    assert shown["financialEntity"]["entityId"] == desk.account("bank")
    assert (shown["txnCurrency"]["currency"], shown["txnCurrency"]["totalAmount"]) == ("GBP", "5.00")
    assert (shown["details"][0]["billLine"]["key"], shown["details"][0]["bill"]["key"]) == (second, key)
    assert shown["details"][0]["txnCurrency"]["paymentAmount"] == "5.00"
    assert shown["details"][0]["baseCurrency"]["paymentAmount"] == "5.00"
    assert desk.books() == {"office": "73.90", "travel": "12.00", "bank": "-5.00", "payables": "-80.90"}


@pytest.mark.parametrize("name", ["apDebitAdjustment", "apCreditAdjustment"])
def test_an_adjustment_is_paid_or_pays_whichever_it_is(desk: Desk, name: str) -> None:
    key = made(desk, BILL, bill(desk))
    credit, owed = (adjusted(desk, number, amount) for number, amount in (("CR", "7.00"), ("OW", "-9.00")))
    by_credit = {"bill": {"key": key}, name: {"key": credit}, "txnCurrency": {"adjustmentAmount": "7.00"}}
    made(desk, PAYMENT, payment(desk, by_credit))
    made(desk, PAYMENT, payment(desk, {name: {"key": owed}, "txnCurrency": {"paymentAmount": "9.00"}}))
    assert desk.row("APBILL", key)["TRX_TOTALDUE"] == "66.9"
    assert [desk.row("APADJUSTMENT", each)["STATE"] for each in (credit, owed)] == ["Paid", "Paid"]


def adjusted(desk: Desk, number: str, amount: str) -> str:
    given = {"APADJUSTMENTITEM": {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": amount}}
    return desk.create("APADJUSTMENT", **desk.bill_fields(number), APADJUSTMENTITEMS=given)


def test_a_payment_says_how_requests_are_made_and_refuses_credits_that_are_not_there(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    detail = {"bill": {"key": key}, "txnCurrency": {"paymentAmount": "73.90"}}
    way = {"paymentRequestMethod": "generateOneRequestPerBill", "state": "draft"}
    draft = made(desk, PAYMENT, payment(desk, detail, **way))
    shown = desk.rest("GET", f"{PAYMENT}/{draft}")[1]["ia::result"]
    assert shown["paymentRequestMethod"] == "generateOneRequestPerBill"
    for lacking, status in (({"apAdvance": {"key": "1"}}, 422), ({"inlineBillLine": {"key": "1"}}, 400)):
        refused(desk, "POST", PAYMENT, payment(desk, {**detail, **lacking}), status=status)
    refused(desk, "POST", PAYMENT, payment(desk, {"bill": {"key": key}, "txnPaymentAmount": "1.00"}), status=400)


def stepped(desk: Desk, path: str, key: str, **more: Any) -> str:
    status, answer = desk.rest("POST", f"workflows/{path}", {"key": key, **more})
    assert (status, answer["ia::result"]["key"]) == (200, key), answer
    return str(answer["ia::result"]["state"])


def test_a_draft_bill_is_submitted_and_reversed_by_its_workflow(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk, state="draft"))
    assert desk.books() == {}
    assert stepped(desk, "accounts-payable/bill/submit", key) == "posted"
    assert desk.books() == {"office": "73.90", "payables": "-73.90"}
    refused(desk, "POST", "workflows/accounts-payable/bill/submit", {"key": key}, status=422)
    assert stepped(desk, "accounts-payable/bill/reverse", key, reverseDate="2026-03-20", notes="Twice") == "reversed"
    assert desk.books() == {}


@pytest.mark.parametrize("value", [{"a": 1}, ["x"], 7, True, "never"])
def test_a_step_takes_texts_and_dates_only(desk: Desk, value: Any) -> None:
    key = made(desk, BILL, bill(desk))
    for sent in ({"key": value}, {"key": key, "reverseDate": value}, key):
        before = desk.posted()
        status = desk.rest("POST", "workflows/accounts-payable/bill/reverse", sent)[0]
        assert (status in (400, 404, 422), desk.posted()) == (True, before)


def test_a_bill_that_waits_is_recalled_declined_or_approved(desk: Desk) -> None:
    desk.company.change_settings(bill_approval=True)
    key = made(desk, BILL, bill(desk))
    path = "accounts-payable/bill"
    assert stepped(desk, f"{path}/recall", key) == "draft"
    assert stepped(desk, f"{path}/submit", key) == "submitted"
    assert stepped(desk, f"{path}/decline", key) == "declined"
    assert (stepped(desk, f"{path}/submit", key), desk.books()) == ("submitted", {})
    with pytest.raises(NotSimulated):
        stepped(desk, f"{path}/approve", key, notes="Fine")
    assert stepped(desk, f"{path}/approve", key) == "approved"
    assert desk.rest("GET", f"{BILL}/{key}")[1]["ia::result"]["state"] == "posted"
    assert desk.books() == {"office": "73.90", "payables": "-73.90"}


def test_a_draft_payment_goes_through_its_workflow(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    detail = {"bill": {"key": key}, "txnCurrency": {"paymentAmount": "70.10"}}
    paid = made(desk, PAYMENT, payment(desk, detail, state="draft"))
    desk.company.change_settings(payment_approval=True)
    path = "accounts-payable/payment"
    assert stepped(desk, f"{path}/submit", paid) == "submitted"
    refused(desk, "POST", f"workflows/{path}/print", {"key": paid}, status=422)
    assert stepped(desk, f"{path}/approve", paid) == "approved"
    assert stepped(desk, f"{path}/print", paid) == "delivered"
    assert desk.rest("GET", f"{BILL}/{key}")[1]["ia::result"]["state"] == "selected"
    refused(desk, "DELETE", f"{PAYMENT}/{paid}", None, status=422)
    assert "bank" not in desk.books()
    assert stepped(desk, f"{path}/confirm", paid) == "confirmed"
    assert desk.books() == {"office": "73.90", "bank": "-70.10", "payables": "-3.80"}
    assert stepped(desk, f"{path}/reverse", paid, paymentDate="2026-03-12") == "reversed"
    assert desk.books() == {"office": "73.90", "payables": "-73.90"}
    refused(desk, "POST", f"workflows/{path}/reverse", {"key": "0"}, status=404)
    refused(desk, "POST", "workflows/accounts-payable/advance/approve", {"key": paid}, status=404)
    refused(desk, "POST", f"workflows/{path}/confirm", {"key": paid, "when": "now"}, status=400)


def test_an_expense_says_whom_it_was_paid_to_and_what_for(desk: Desk) -> None:
    desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    spent = line(desk, "travel", "31.20", entryDate="2026-03-01", paidTo="Grand Hotel", paidFor="Two nights")
    path = "objects/expenses/employee-expense"
    key = made(desk, path, {"employee": {"id": "E-1"}, "createdDate": "2026-03-02", "lines": [spent]})
    shown = desk.rest("GET", f"{path}/{key}")[1]["ia::result"]
    assert (shown["lines"][0]["paidTo"], shown["lines"][0]["paidFor"]) == ("Grand Hotel", "Two nights")
    kept = desk.query("EEXPENSESITEM", "ENTRYDESCRIPTION", "PAIDFOR")[0]
    assert (kept["ENTRYDESCRIPTION"], kept["PAIDFOR"]) == ("Grand Hotel", "Two nights")
    assert (shown["basePayment"]["totalDue"], shown["reimbursement"]["totalEntered"]) == ("31.20", "31.20")


def test_a_draft_that_takes_a_discount_takes_it_when_it_is_submitted(desk: Desk) -> None:
    desk.company.change_settings(accounts={**desk.company.settings["accounts"], "discounts": desk.account("travel")})
    bill = desk.bill("100.00")
    detail = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "95.30", "DISCOUNTTOAPPLY": "4.70"}
    draft = desk.payment(bill, "95.30", ACTION="Draft", APPYMTDETAILS={"APPYMTDETAIL": detail})
    assert desk.rest("POST", "workflows/accounts-payable/payment/submit", {"key": draft})[0] == 200
    assert desk.row("APBILL", bill)["STATE"] == "Paid"
    assert desk.books() == {"office": "100.00", "travel": "-4.70", "bank": "-95.30"}
