"""Payments of bills: money, credits and discounts, on documents and on their lines; drafts that are changed."""

from datetime import date
from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function

from sandbooks.kit.errors import NotSimulated


def only(field: str, value: str) -> dict[str, Any]:
    return {"equalto": {"field": field, "value": value}}


def memo(desk: Desk, amount: str, number: str = "DM-1") -> str:
    """A debit memo; a credit memo where the amount is negative."""
    line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": amount}
    return desk.create("APADJUSTMENT", **desk.bill_fields(number), APADJUSTMENTITEMS={"APADJUSTMENTITEM": line})


def paid(desk: Desk, *details: dict[str, str], **fields: Any) -> str:
    return desk.payment("", "", APPYMTDETAILS={"APPYMTDETAIL": list(details)}, **fields)


def payment(desk: Desk, *details: dict[str, str], **fields: Any) -> dict[str, Any]:
    given = {"PAYMENTMETHOD": "EFT", "FINANCIALENTITY": desk.account("bank"), "PAYMENTDATE": "03/09/2026"}
    given |= {"VENDORID": desk.labels["suppliers"]["acme"], "APPYMTDETAILS": {"APPYMTDETAIL": list(details)}}
    return {"create": {"APPYMT": {**given, **fields}}}


def state(desk: Desk, key: str, kind: str = "APBILL") -> str:
    return desk.row(kind, key)["STATE"]


def two_lines(desk: Desk) -> tuple[str, list[str]]:
    lines = [{"ACCOUNTNO": desk.account(a), "TRX_AMOUNT": n} for a, n in (("office", "30.00"), ("travel", "50.00"))]
    key = desk.create("APBILL", **desk.bill_fields("TWO"), APBILLITEMS={"APBILLITEM": lines})
    return key, [row["RECORDNO"] for row in desk.query("APBILLITEM", "RECORDNO", filter=only("RECORDKEY", key))]


def line_totals(desk: Desk, key: str) -> list[str]:
    return [row["TRX_TOTALPAID"] for row in desk.query("APBILLITEM", "TRX_TOTALPAID", filter=only("RECORDKEY", key))]


def test_a_credit_pays_beside_the_money(desk: Desk) -> None:
    bill, credit = desk.bill("100.00"), memo(desk, "15.00")
    used = {"ADJUSTMENTKEY": credit, "TRX_ADJUSTMENTAMOUNT": "15.00"}
    desk.refused(payment(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "85.01", **used}))
    key = paid(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "80.00", **used})
    assert (state(desk, bill), state(desk, credit, "APADJUSTMENT")) == ("Partially Paid", "Paid")
    assert desk.row("APBILL", bill)["TOTALDUE"] == "5"
    assert (desk.books()["bank"], desk.row("APPYMT", key)["TRX_PAYMENTAMOUNT"]) == ("-80.00", "80")
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
    assert (state(desk, bill), state(desk, credit, "APADJUSTMENT")) == ("Posted", "Posted")


def test_credits_alone_need_neither_a_bank_nor_a_method(desk: Desk) -> None:
    bill, credit = desk.bill("20.00"), memo(desk, "20.00")
    given = payment(desk, {"RECORDKEY": bill, "ADJUSTMENTKEY": credit, "TRX_ADJUSTMENTAMOUNT": "20.00"})
    for name in ("FINANCIALENTITY", "PAYMENTMETHOD"):
        del given["create"]["APPYMT"][name]
    desk.run(given)
    assert (state(desk, bill), desk.books()) == ("Paid", {})
    other = payment(desk, {"RECORDKEY": desk.bill("5.00", number="B-2"), "TRX_PAYMENTAMOUNT": "5.00"})
    del other["create"]["APPYMT"]["FINANCIALENTITY"]
    assert "FINANCIALENTITY" in desk.refused(other)[0][1]


def test_one_credit_may_pay_of_several_bills_and_one_bill_by_several_details(desk: Desk) -> None:
    first, second = desk.bill("10.00", number="A"), desk.bill("20.00", number="B")
    credit = memo(desk, "18.00")
    rows = [(first, "7.00"), (second, "11.00")]
    details = [{"RECORDKEY": b, "ADJUSTMENTKEY": credit, "TRX_ADJUSTMENTAMOUNT": n} for b, n in rows]
    money = [{"RECORDKEY": b, "TRX_PAYMENTAMOUNT": n} for b, n in ((first, "3.00"), (second, "8.50"))]
    desk.refused(payment(desk, *details, {"RECORDKEY": first, "TRX_PAYMENTAMOUNT": "3.01"}))
    paid(desk, *details, *money)
    assert (state(desk, first), state(desk, second)) == ("Paid", "Partially Paid")
    assert (desk.row("APBILL", second)["TOTALDUE"], desk.books()["bank"]) == ("0.5", "-11.50")


def test_a_line_of_a_bill_is_paid_by_its_key(desk: Desk) -> None:
    bill, (first, second) = two_lines(desk)
    paid(desk, {"RECORDKEY": bill, "ENTRYKEY": second, "TRX_PAYMENTAMOUNT": "45.00"})
    assert line_totals(desk, bill) == ["0", "45"]
    said = desk.refused(payment(desk, {"RECORDKEY": bill, "ENTRYKEY": second, "TRX_PAYMENTAMOUNT": "5.01"}))
    assert "exceeds total amount due (5)" in said[0][1]
    assert (
        "ENTRYKEY"
        in desk.refused(payment(desk, {"RECORDKEY": bill, "ENTRYKEY": f"{first}9", "TRX_PAYMENTAMOUNT": "5.00"}))[0][1]
    )
    paid(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "31.00"})
    assert line_totals(desk, bill) == ["30", "46"]
    assert desk.row("APBILL", bill)["TOTALDUE"] == "4"


def test_a_negative_bill_pays_as_a_credit(desk: Desk) -> None:
    bill, negative = desk.bill("10.00"), desk.bill("-4.00", number="N")
    inline = {"RECORDKEY": bill, "INLINEKEY": negative, "TRX_INLINEAMOUNT": "4.00"}
    assert "is no credit" in desk.refused(payment(desk, {**inline, "INLINEKEY": bill}))[0][1]
    paid(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "6.00"}, inline)
    assert (state(desk, bill), state(desk, negative), desk.books()["bank"]) == ("Paid", "Paid", "-6.00")


def test_a_credit_memo_is_owed_and_paid_by_its_key(desk: Desk) -> None:
    owed = memo(desk, "-9.00")
    assert desk.books() == {"office": "9.00", "payables": "-9.00"}
    paid(desk, {"POSADJKEY": owed, "TRX_PAYMENTAMOUNT": "9.00"})
    assert (state(desk, owed, "APADJUSTMENT"), desk.books()) == ("Paid", {"office": "9.00", "bank": "-9.00"})


def test_a_detail_pays_one_document_and_names_the_credit_of_each_amount(desk: Desk) -> None:
    bill, owed = desk.bill("10.00"), memo(desk, "-9.00")
    two = {"RECORDKEY": bill, "POSADJKEY": owed, "TRX_PAYMENTAMOUNT": "9.00"}
    assert "POSADJKEY" in desk.refused(payment(desk, two))[0][1]
    for key, amount in (("ADJUSTMENTKEY", "TRX_ADJUSTMENTAMOUNT"), ("INLINEKEY", "TRX_INLINEAMOUNT")):
        bare = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "1.00", amount: "2.00"}
        assert key in desk.refused(payment(desk, bare))[0][1]


def test_lines_of_an_adjustment_have_one_sign(desk: Desk) -> None:
    lines = [{"ACCOUNTNO": "6300", "TRX_AMOUNT": n} for n in ("5.00", "-2.00")]
    given = {**desk.bill_fields("MIX"), "APADJUSTMENTITEMS": {"APADJUSTMENTITEM": lines}}
    assert "all positive or all negative" in desk.refused({"create": {"APADJUSTMENT": given}})[0][1]


def test_a_line_of_a_credit_is_used_by_its_key(desk: Desk) -> None:
    lines = [{"ACCOUNTNO": desk.account(a), "TRX_AMOUNT": n} for a, n in (("office", "6.00"), ("travel", "9.00"))]
    credit = desk.create("APADJUSTMENT", **desk.bill_fields("DM"), APADJUSTMENTITEMS={"APADJUSTMENTITEM": lines})
    bill = desk.bill("40.00")
    used = {"RECORDKEY": bill, "ADJUSTMENTKEY": credit, "ADJUSTMENTENTRYKEY": f"{credit}002"}
    assert "exceeds total amount due (9)" in desk.refused(payment(desk, {**used, "TRX_ADJUSTMENTAMOUNT": "9.01"}))[0][1]
    paid(desk, {**used, "TRX_ADJUSTMENTAMOUNT": "8.00", "TRX_PAYMENTAMOUNT": "1.00"})
    rows = desk.query("APADJUSTMENTITEM", "TRX_TOTALPAID", filter=only("RECORDKEY", credit))
    assert [row["TRX_TOTALPAID"] for row in rows] == ["0", "8"]
    assert (desk.row("APBILL", bill)["TOTALDUE"], desk.row("APADJUSTMENT", credit)["TOTALDUE"]) == ("31", "7")


def test_a_negative_line_of_a_bill_pays_its_other_lines(desk: Desk) -> None:
    lines = [{"ACCOUNTNO": desk.account(a), "TRX_AMOUNT": n} for a, n in (("office", "30.00"), ("travel", "-12.00"))]
    key = desk.create("APBILL", **desk.bill_fields("INL"), APBILLITEMS={"APBILLITEM": lines})
    inline = {"RECORDKEY": key, "ENTRYKEY": f"{key}001", "INLINEKEY": key, "TRX_INLINEAMOUNT": "12.00"}
    over = {**inline, "INLINEENTRYKEY": f"{key}002", "TRX_INLINEAMOUNT": "12.01"}
    assert "exceeds total amount due (12)" in desk.refused(payment(desk, over))[0][1]
    wrong = payment(desk, {**inline, "INLINEENTRYKEY": f"{key}001"})
    assert "is no credit" in desk.refused(wrong)[0][1]
    paid(desk, {**inline, "INLINEENTRYKEY": f"{key}002", "TRX_PAYMENTAMOUNT": "18.00"})
    assert (state(desk, key), line_totals(desk, key), desk.books()["bank"]) == ("Paid", ["30", "-12"], "-18.00")
    assert "payables" not in desk.books()


def test_a_line_of_a_credit_memo_is_paid_by_its_key(desk: Desk) -> None:
    lines = [{"ACCOUNTNO": desk.account(a), "TRX_AMOUNT": n} for a, n in (("office", "-6.00"), ("travel", "-9.00"))]
    owed = desk.create("APADJUSTMENT", **desk.bill_fields("CM"), APADJUSTMENTITEMS={"APADJUSTMENTITEM": lines})
    detail = {"POSADJKEY": owed, "POSADJENTRYKEY": f"{owed}001", "TRX_PAYMENTAMOUNT": "6.00"}
    assert "exceeds total amount due (6)" in desk.refused(payment(desk, {**detail, "TRX_PAYMENTAMOUNT": "6.50"}))[0][1]
    paid(desk, detail)
    assert (desk.row("APADJUSTMENT", owed)["TOTALDUE"], desk.books()["bank"]) == ("-9", "-6.00")


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("ADJUSTMENTENTRYKEY", "ADJUSTMENTKEY"),
        ("POSADJENTRYKEY", "POSADJKEY"),
        ("INLINEENTRYKEY", "INLINEKEY"),
        ("ADVANCEENTRYKEY", "ADVANCEKEY"),
    ],
)
def test_a_line_is_named_beside_its_document(desk: Desk, entry: str, key: str) -> None:
    detail = {"RECORDKEY": desk.bill("5.00"), "TRX_PAYMENTAMOUNT": "5.00", entry: "1"}
    assert f"field {key}" in desk.refused(payment(desk, detail))[0][1]


# Discounts


def term(desk: Desk, **discount: str) -> None:
    given = {"discday": "10", "discamount": "2", "discpercamn": "%", **discount}
    desk.run(function("create_apterm", {"name": "2-10 N30", "due": {"dueday": "30"}, "discount": given}))


def test_the_discount_of_a_term_is_taken_where_the_payment_is_the_rest(desk: Desk) -> None:
    term(desk)
    bill = desk.bill("300.00", WHENDUE="", TERMNAME="2-10 N30")
    assert desk.row("APBILL", bill)["WHENDUE"] == "04/01/2026"
    early = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "294.00", "DISCOUNTDATE": "03/12/2026"}
    key = paid(desk, early)
    assert state(desk, bill) == "Paid"
    assert desk.books() == {"office": "300.00", "bank": "-294.00", "4900": "-6.00"}
    row = desk.query("APPYMTDETAIL", "TRX_DISCOUNTAMOUNT", "DISCOUNTDATE", filter=only("PAYMENTKEY", key))
    assert row == [{"TRX_DISCOUNTAMOUNT": "6", "DISCOUNTDATE": "03/12/2026"}]
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
    assert desk.books() == {"office": "300.00", "payables": "-300.00"}


@pytest.mark.parametrize(("amount", "on"), [("294.00", "03/13/2026"), ("293.00", "03/12/2026")])
def test_a_discount_that_is_too_late_or_not_the_rest_is_not_taken(desk: Desk, amount: str, on: str) -> None:
    term(desk)
    bill = desk.bill("300.00", WHENDUE="", TERMNAME="2-10 N30")
    paid(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": amount, "DISCOUNTDATE": on})
    assert (state(desk, bill), "4900" in desk.books()) == ("Partially Paid", False)


def test_a_term_counts_days_or_names_a_day_of_a_month(desk: Desk) -> None:
    due = {"dueday": "31", "duefrom": "of next month from invoice/bill date"}
    desk.run(function("create_apterm", {"name": "EOM", "due": due}))
    change = function("update_apterm", {"description": "End of next month"})
    change.set("name", "EOM")
    desk.run(change)
    bill = desk.bill("3.00", WHENDUE="", TERMNAME="EOM")
    assert desk.row("APBILL", bill)["WHENDUE"] == "04/30/2026"
    assert desk.query("APTERM", "DESCRIPTION", filter=only("NAME", "EOM")) == [{"DESCRIPTION": "End of next month"}]
    assert desk.refused(function("create_apterm", {"name": "X", "due": {"duefrom": "some day"}}))
    gone = function("delete_apterm", {})
    gone.set("name", "EOM")
    desk.run(gone)


# Older payment requests


def request(desk: Desk, *items: dict[str, str]) -> Any:
    head = {"bankaccountid": desk.account("bank"), "vendorid": desk.labels["suppliers"]["acme"]}
    head |= {"paymentmethod": "EFT", "paymentdate": day("2026-03-09"), "paymentoption": "vendor"}
    return function("create_paymentrequest", {**head, "paymentrequestitems": {"paymentrequestitem": list(items)}})


def item(key: str, amount: str, credit: str = "", discount: str = "") -> dict[str, str]:
    return {"key": key, "paymentamount": amount, "credittoapply": credit, "discounttoapply": discount}


def test_an_older_request_lists_the_credits_that_it_draws_from(desk: Desk) -> None:
    bill, five, one = desk.bill("100.00"), memo(desk, "5.00"), memo(desk, "1.00", "DM-2")
    rows = [item(five, "5"), item(one, "1"), item(bill, "93.00", "6", "1.00")]
    key = str(desk.run(request(desk, *rows)).findtext("key"))
    assert [state(desk, bill)] + [state(desk, k, "APADJUSTMENT") for k in (five, one)] == ["Paid"] * 3
    assert desk.books() == {"office": "94.00", "bank": "-93.00", "4900": "-1.00"}
    assert desk.row("APPYMT", key)["PAYMENTREQUESTMETHOD"] == "vendor"


def test_an_older_request_draws_from_open_credits_where_it_lists_none(desk: Desk) -> None:
    bill, credit = desk.bill("100.00"), memo(desk, "15.00")
    desk.refused(request(desk, item(bill, "80.00", "15.01")))
    desk.run(request(desk, item(bill, "92.00", "8")))
    assert (state(desk, bill), desk.row("APADJUSTMENT", credit)["TOTALDUE"]) == ("Paid", "7")


# Drafts


def test_a_draft_is_changed_in_whole_and_submitted(desk: Desk) -> None:
    first, second = desk.bill("10.00", number="A"), desk.bill("20.00", number="B")
    key = paid(desk, {"RECORDKEY": first, "TRX_PAYMENTAMOUNT": "10.00"}, ACTION="Draft", DESCRIPTION="One")
    assert state(desk, first) == "Selected"
    rows = {"APPYMTDETAILS": {"APPYMTDETAIL": {"RECORDKEY": second, "TRX_PAYMENTAMOUNT": "12.00"}}}
    draft = {"RECORDNO": key, "WHENCREATED": "03/11/2026", "ACTION": "Draft", **rows}
    desk.run({"update": {"APPYMT": draft}})
    row = desk.row("APPYMT", key)
    assert (row["STATE"], row["TRX_PAYMENTAMOUNT"], row["PAYMENTDATE"], row["DESCRIPTION"]) == (
        "Draft",
        "12",
        "03/11/2026",
        "One",
    )
    assert (state(desk, first), state(desk, second)) == ("Posted", "Selected")
    assert "APPYMTDETAILS" in desk.refused({"update": {"APPYMT": {"RECORDNO": key, "DESCRIPTION": "x"}}})[0][1]
    desk.run({"update": {"APPYMT": {"RECORDNO": key, **rows}}})
    assert (state(desk, second), desk.books(date(2026, 3, 10)).get("bank")) == ("Partially Paid", None)
    assert desk.books()["bank"] == "-12.00"
    assert "only a draft" in desk.refused({"update": {"APPYMT": {"RECORDNO": key, **rows}}})[0][1]


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"PAYMENTMETHOD": "Joint Check"}, "joint checks"),
        ({"AMOUNTTOPAY": "7.00"}, "AMOUNTTOPAY"),
        ({"PAYMENTPROVIDER": "CSI"}, "PAYMENTPROVIDER"),
    ],
)
def test_ways_to_pay_that_are_not_kept_say_so(desk: Desk, fields: dict[str, str], lacking: str) -> None:
    bill = desk.bill("5.00")
    with pytest.raises(NotSimulated, match=lacking):
        desk.payment(bill, "5.00", **fields)


def test_a_payment_names_its_contact_and_how_bills_are_merged(desk: Desk) -> None:
    desk.create("CONTACT", CONTACTNAME="Pay Desk", PRINTAS="Pay Desk")
    bill = desk.bill("5.00")
    for wrong in ({"PAYMENTCONTACT": "nobody"}, {"PAYMENTREQUESTMETHOD": "somehow"}):
        desk.refused(payment(desk, {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "5.00"}, **wrong))
    key = desk.payment(bill, "5.00", PAYMENTCONTACT="Pay Desk", PAYMENTREQUESTMETHOD="payto", AMOUNTTOPAY="5.00")
    row = desk.row("APPYMT", key)
    assert (row["PAYMENTCONTACT"], row["PAYMENTREQUESTMETHOD"]) == ("Pay Desk", "payto")


def test_what_leaves_a_bank_account_of_base_currency_tells_the_rate(desk: Desk) -> None:
    bill = desk.bill("100.00", CURRENCY="USD", EXCHANGE_RATE="0.80")
    desk.payment(bill, "100.00", CURRENCY="USD", AMOUNTTOPAY="78.35")
    assert desk.books() == {"office": "80.00", "bank": "-78.35", "exchange_differences": "-1.65"}
    assert desk.row("APBILL", bill)["STATE"] == "Paid"


def test_a_line_that_a_payment_has_selected_is_not_selected_again(desk: Desk) -> None:
    desk.company.change_settings(payment_approval=True)
    items = [{"ACCOUNTNO": desk.account(name), "TRX_AMOUNT": "100.00"} for name in ("office", "travel")]
    bill = desk.create("APBILL", **{**desk.bill_fields("TWO"), "APBILLITEMS": {"APBILLITEM": items}})
    detail = {"RECORDKEY": bill, "ENTRYKEY": f"{bill}001", "TRX_PAYMENTAMOUNT": "60.00"}
    desk.payment(bill, "60.00", APPYMTDETAILS={"APPYMTDETAIL": detail})
    given = {"VENDORID": desk.labels["suppliers"]["acme"], "PAYMENTDATE": "03/09/2026", "PAYMENTMETHOD": "EFT"}
    given |= {"FINANCIALENTITY": desk.account("bank")}
    said = desk.refused({"create": {"APPYMT": {**given, "APPYMTDETAILS": {"APPYMTDETAIL": detail}}}})
    assert "exceeds total amount due (40)" in said[0][1]
