"""Advances and payments on account: money paid before there is a bill, and the credit that it leaves."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function
from tests.platforms.sage_intacct.rest_bodies import made, refused

from sandbooks.kit.errors import NotSimulated

PATH = "objects/accounts-payable/advance"


def fields(desk: Desk, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "VENDORID": desk.labels["suppliers"]["acme"],
        "PAYMENTMETHOD": "EFT",
        "FINANCIALENTITY": desk.account("bank"),
        "PAYMENTDATE": "03/03/2026",
        "DOCNUMBER": "A-1",
        "APADVANCEITEMS": {"APADVANCEITEM": {"TRX_AMOUNT": amount, "ENTRYDESCRIPTION": "Deposit"}},
        **more,
    }


def advance(desk: Desk, amount: str = "40.00", **more: Any) -> str:
    return desk.create("APADVANCE", **fields(desk, amount, **more))


def applied(desk: Desk, bill: str, key: str, amount: str, **more: str) -> dict[str, Any]:
    detail = {"RECORDKEY": bill, "ADVANCEKEY": key, "TRX_POSTEDADVANCEAMOUNT": amount, **more}
    vendor = desk.labels["suppliers"]["acme"]
    given = {"VENDORID": vendor, "PAYMENTDATE": "03/09/2026", "APPYMTDETAILS": {"APPYMTDETAIL": detail}}
    return {"create": {"APPYMT": given}}


def state(desk: Desk, kind: str, key: str) -> tuple[str, str]:
    row = desk.row(kind, key)
    return row["STATE"], row["TOTALDUE"]


def test_an_advance_leaves_the_bank_and_pays_of_bills_without_money(desk: Desk) -> None:
    key = advance(desk)
    assert desk.books() == {"payables": "40.00", "bank": "-40.00"}
    first, second = desk.bill("25.50"), desk.bill("30.00", number="B-2")
    desk.run(applied(desk, first, key, "25.50"))
    assert (state(desk, "APBILL", first), state(desk, "APADVANCE", key)) == (
        ("Paid", "0"),
        ("Partially applied", "14.5"),
    )
    said = desk.refused(applied(desk, second, key, "14.51"))
    assert "exceeds total amount due (14.5)" in said[0][1]
    desk.run(applied(desk, second, key, "14.50"))
    assert (state(desk, "APBILL", second), state(desk, "APADVANCE", key)) == (
        ("Partially Paid", "15.5"),
        ("Fully applied", "0"),
    )
    assert desk.books() == {"office": "55.50", "payables": "-15.50", "bank": "-40.00"}


def test_an_advance_stands_on_the_account_of_advances_until_it_is_applied(desk: Desk) -> None:
    desk.company.change_settings(advance_account="1200")
    key = advance(desk)
    assert desk.books() == {"1200": "40.00", "bank": "-40.00"}
    bill = desk.bill("50.00")
    payment = desk.run(applied(desk, bill, key, "30.00"))
    assert desk.books() == {"1200": "10.00", "bank": "-40.00", "office": "50.00", "payables": "-20.00"}
    number = payment.findtext("data/APPYMT/RECORDNO") or payment.findtext("data/appymt/RECORDNO")
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": number}}})
    assert desk.books() == {"1200": "40.00", "bank": "-40.00", "office": "50.00", "payables": "-50.00"}
    assert state(desk, "APADVANCE", key) == ("Advance paid", "40")


def test_a_line_of_an_advance_names_its_account_and_is_applied_by_its_key(desk: Desk) -> None:
    lines = [{"ACCOUNTNO": "1200", "TRX_AMOUNT": "12.00"}, {"ACCOUNTNO": "1150", "TRX_AMOUNT": "7.00"}]
    key = advance(desk, APADVANCEITEMS={"APADVANCEITEM": lines})
    bill = desk.bill("30.00")
    over = applied(desk, bill, key, "7.01", ADVANCEENTRYKEY=f"{key}002")
    assert "exceeds total amount due (7)" in desk.refused(over)[0][1]
    assert "ADVANCEENTRYKEY" in desk.refused(applied(desk, bill, key, "1.00", ADVANCEENTRYKEY=f"{key}003"))[0][1]
    desk.run(applied(desk, bill, key, "6.00", ADVANCEENTRYKEY=f"{key}002"))
    books = desk.books()
    assert (books["1200"], books["1150"], books["payables"]) == ("12.00", "1.00", "-24.00")
    rows = desk.query("APADVANCEITEM", "ACCOUNTNO", "TRX_TOTALPAID")
    assert rows == [{"ACCOUNTNO": "1200", "TRX_TOTALPAID": "0"}, {"ACCOUNTNO": "1150", "TRX_TOTALPAID": "6"}]


def test_what_is_gained_between_the_rates_of_an_advance_and_its_bill_is_realised(desk: Desk) -> None:
    key = advance(desk, "100.00", CURRENCY="USD", FINANCIALENTITY=desk.account("dollars"), EXCHANGE_RATE="0.77")
    bill = desk.bill("100.00", CURRENCY="USD", EXCHANGE_RATE="0.80")
    desk.run(applied(desk, bill, key, "100.00"))
    books = desk.books()
    assert (books["dollars"], books["office"], books["exchange_differences"]) == ("-77.00", "80.00", "-3.00")
    assert "payables" not in books


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"PAYMENTMETHOD": ""}, "PAYMENTMETHOD"),
        ({"FINANCIALENTITY": ""}, "FINANCIALENTITY"),
        ({"PAYMENTMETHOD": "Manual Check"}, "PAYMENTMETHOD"),
        ({"APADVANCEITEMS": {"APADVANCEITEM": {"TRX_AMOUNT": "-4.00"}}}, "TRX_AMOUNT"),
        ({"APADVANCEITEMS": {"APADVANCEITEM": {"ENTRYDESCRIPTION": "x"}}}, "line"),
        ({"VENDORID": "nobody"}, "nobody"),
    ],
)
def test_an_advance_that_is_not_whole_is_refused_and_posts_nothing(desk: Desk, change: Any, said: str) -> None:
    assert said.lower() in desk.refused({"create": {"APADVANCE": fields(desk, "5.00", **change)}})[0][1].lower()


def test_a_draft_is_changed_and_deleted_and_a_paid_advance_is_only_voided(desk: Desk) -> None:
    draft = advance(desk, ACTION="Draft")
    assert (desk.books(), state(desk, "APADVANCE", draft)[0]) == ({}, "Draft")
    assert "cannot be paid" in desk.refused(applied(desk, desk.bill("3.00"), draft, "3.00"))[0][1]
    desk.run({"update": {"APADVANCE": {"RECORDNO": draft, "DESCRIPTION": "Two", "ACTION": "Submit"}}})
    assert state(desk, "APADVANCE", draft) == ("Advance paid", "40")
    for verb in ({"delete": {"object": "APADVANCE", "keys": draft}}, {"update": {"APADVANCE": {"RECORDNO": draft}}}):
        assert "Advance paid" in desk.refused(verb)[0][1]
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": draft}}})
    assert desk.books() == {"office": "3.00", "payables": "-3.00"}
    assert desk.row("APADVANCE", draft)["STATE"] == "Voided"
    other = advance(desk, ACTION="Draft")
    desk.run({"delete": {"object": "APADVANCE", "keys": other}})


def test_an_applied_advance_is_not_voided(desk: Desk) -> None:
    key, bill = advance(desk), desk.bill("3.00")
    desk.run(applied(desk, bill, key, "3.00"))
    void = {"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}}
    assert "is applied" in desk.refused(void)[0][1]


def test_an_advance_waits_for_approval_where_payments_do(desk: Desk) -> None:
    desk.company.change_settings(payment_approval=True)
    key = advance(desk)
    assert (state(desk, "APADVANCE", key)[0], desk.books()) == ("Pending Approval", {})
    for verb, then in (("approve", "In process"), ("confirm", "Advance paid")):
        desk.run({f"{verb}_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
        assert state(desk, "APADVANCE", key)[0] == then
    assert desk.books() == {"payables": "40.00", "bank": "-40.00"}
    other = advance(desk)
    desk.run({"decline_appaymentrequest": {"appaymentkeys": {"appaymentkey": other}}})
    assert state(desk, "APADVANCE", other)[0] == "Declined"


def test_a_payment_without_bills_stays_on_account(desk: Desk) -> None:
    given = {
        "bankaccountid": desk.account("bank"),
        "vendorid": desk.labels["suppliers"]["acme"],
        "paymentmethod": "EFT",
        "paymentdate": day("2026-03-03"),
        "paymentamount": "18.25",
    }
    key = desk.legacy("create_paymentrequest", given)
    assert desk.books() == {"payables": "18.25", "bank": "-18.25"}
    bill = desk.bill("20.00")
    detail = {"RECORDKEY": bill, "OVERPAYMENTKEY": key, "TRX_POSTEDOVERPAYMENTAMOUNT": "18.25"}
    desk.payment("", "", APPYMTDETAILS={"APPYMTDETAIL": {**detail, "TRX_PAYMENTAMOUNT": "1.75"}})
    assert (state(desk, "APBILL", bill), state(desk, "APADVANCE", key)[0]) == (("Paid", "0"), "Fully applied")
    assert desk.books() == {"office": "20.00", "bank": "-20.00"}
    none = function("create_paymentrequest", {**given, "paymentamount": "0"})
    desk.refused(none)


def test_credits_that_a_payment_draws_from_may_be_advances(desk: Desk) -> None:
    key, bill = advance(desk, "9.00"), desk.bill("10.00")
    detail = {"RECORDKEY": bill, "CREDITTOAPPLY": "9.00", "TRX_PAYMENTAMOUNT": "1.00"}
    desk.payment("", "", APPYMTDETAILS={"APPYMTDETAIL": detail})
    assert (state(desk, "APBILL", bill)[0], state(desk, "APADVANCE", key)[0]) == ("Paid", "Fully applied")
    assert desk.books() == {"office": "10.00", "bank": "-10.00"}


def test_an_advance_through_rest_begins_as_a_draft_and_is_applied_by_a_payment(desk: Desk) -> None:
    vendor = {"id": desk.labels["suppliers"]["acme"]}
    body = {
        "vendor": vendor,
        "paymentMethod": "eft",
        "financialEntity": {"id": desk.account("bank")},
        "advanceDate": "2026-03-03",
        "referenceNumber": "A-7",
        "lines": [{"glAccount": {"id": "1200"}, "txnAmount": "33.00", "memo": "Deposit"}],
    }
    key = made(desk, PATH, body)
    _, read = desk.rest("GET", f"{PATH}/{key}")
    assert (read["ia::result"]["state"], desk.books()) == ("draft", {})
    desk.rest("POST", "workflows/accounts-payable/advance/submit", {"key": key})
    assert desk.books() == {"1200": "33.00", "bank": "-33.00"}
    bill = desk.bill("33.00")
    detail = {"bill": {"key": bill}, "apAdvance": {"key": key}, "txnCurrency": {"postedAdvanceAmount": "33.00"}}
    payment = {"vendor": vendor, "paymentDate": "2026-03-09", "state": "submitted", "details": [detail]}
    made(desk, "objects/accounts-payable/payment", payment)
    _, read = desk.rest("GET", f"{PATH}/{key}")
    shown = read["ia::result"]
    assert (shown["state"], shown["txnTotalDue"], shown["paymentMethod"]) == ("fullyApplied", "0.00", "eft")
    refused(desk, "DELETE", f"{PATH}/{key}", None, status=422)
    refused(desk, "POST", PATH, {**body, "lines": []}, status=422)
    other = made(desk, PATH, {**body, "state": "submitted"})
    desk.rest("POST", "workflows/accounts-payable/advance/reverse", {"key": other, "reverseDate": "2026-03-12"})
    assert desk.books()["bank"] == "-33.00"


@pytest.mark.parametrize("line", [{"OFFSETGLACCOUNTNO": "1200"}, {"TAXENTRIES": {"TAXENTRY": {"DETAILID": "any"}}}])
def test_what_a_line_of_an_advance_cannot_carry_is_said(desk: Desk, line: dict[str, Any]) -> None:
    with pytest.raises(NotSimulated, match=f"{next(iter(line))} on a line of APADVANCE"):
        advance(desk, APADVANCEITEMS={"APADVANCEITEM": {"TRX_AMOUNT": "1.00", **line}})
    assert desk.books() == {}
