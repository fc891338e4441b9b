"""What each transaction does to the books, and what is refused and does nothing to them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function, open_desk, tax

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan


def test_a_charge_is_a_debit_to_its_line_and_a_credit_to_the_cards_own_liability(desk: Desk) -> None:
    key = desk.charge("64.20", referenceno="r-1", payee="Shop")
    assert desk.books() == {"travel": "64.20", "visa": "-64.20"}
    row = desk.row("CCTRANSACTION", key)
    assert (row["RECORDID"], row["TOTALENTERED"], row["TOTALDUE"], row["STATE"]) == ("r-1", "64.2", "64.2", "Posted")


def test_a_negative_charge_is_a_refund_and_turns_both_sides(desk: Desk) -> None:
    desk.charge("-17.35")
    assert desk.books() == {"travel": "-17.35", "visa": "17.35"}


def test_a_debit_cards_charge_leaves_the_checking_account_and_is_final(desk: Desk) -> None:
    card = f"{desk.account('bank')}-DC"
    key = desk.charge("22.15", card=card)
    assert desk.books() == {"travel": "22.15", "bank": "-22.15"}
    assert desk.row("CCTRANSACTION", key)["TOTALDUE"] == "0"


def test_a_credit_cards_charge_can_be_deleted_until_it_is_paid_off_or_reversed(desk: Desk) -> None:
    first, second, third = desk.charge("60.00"), desk.charge("8.15"), desk.charge("3.40")
    desk.run({"delete": {"object": "CCTRANSACTION", "keys": first}})
    assert desk.books() == {"travel": "11.55", "visa": "-11.55"}
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-03-20")}, key=second))
    given = {
        "chargecardid": desk.account("visa"),
        "payoffdate": day("2026-03-31"),
        "charges": {"charge": {"key": third}},
    }
    bill = desk.legacy("create_chargepayoff", given)
    for key in (second, third):
        desk.refused({"delete": {"object": "CCTRANSACTION", "keys": key}})
    assert "payoff" in desk.refused({"delete": {"object": "APBILL", "keys": bill}})[0][1]
    desk.run(function("reverse_bill", {"datereversed": day("2026-04-01")}, key=bill))
    assert (desk.row("CCTRANSACTION", third)["STATE"], desk.row("CCTRANSACTION", third)["TOTALDUE"]) == (
        "Posted",
        "3.4",
    )
    (mirror,) = desk.query("APBILL", "RECORDID", filter={"equalto": {"field": "STATE", "value": "Reversal"}})
    assert mirror["RECORDID"] == f"Reversed - {desk.row('APBILL', bill)['RECORDID']}"
    desk.run({"delete": {"object": "CCTRANSACTION", "keys": third}})


def test_a_debit_cards_charge_is_neither_changed_nor_deleted_but_reversed(desk: Desk) -> None:
    key = desk.charge("22.15", card=f"{desk.account('bank')}-DC")
    line = {"glaccountno": desk.account("office"), "paymentamount": "9.00"}
    desk.refused(function("update_cctransaction", {"ccpayitems": {"ccpayitem": line}}, key=key))
    desk.refused({"delete": {"object": "CCTRANSACTION", "keys": key}})
    desk.run(function("update_cctransaction", {"description": "Taxi"}, key=key))
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-03-20")}, key=key))
    assert desk.books() == {}


def test_a_charge_in_a_foreign_currency_posts_at_its_own_rate_or_the_days(desk: Desk) -> None:
    stated = desk.charge("100.00", currency="USD", exchrate="0.8")
    assert desk.books() == {"travel": "80.00", "visa": "-80.00"}
    assert desk.row("CCTRANSACTION", stated)["TRX_TOTALENTERED"] == "100"
    desk.charge("10.00", currency="USD", exchratetype="Intacct Daily Rate")
    assert desk.books() == {"travel": "87.74", "visa": "-87.74"}
    unheard = {
        "ccpayitems": {"ccpayitem": {"glaccountno": "6200", "paymentamount": "1"}},
        "currency": "XAU",
        "exchrate": "2",
    }
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02")}
    assert "specified" in desk.refused(function("record_cctransaction", {**head, **unheard}))[0][1]


def test_tax_of_a_line_is_input_tax_beside_its_net(desk: Desk) -> None:
    standard, reverse = desk.labels["taxes"]["standard"], desk.labels["taxes"]["reverse"]
    desk.bill("50.00", taxes=tax(standard))
    assert desk.books() == {"office": "50.00", "input_tax": "10.00", "payables": "-60.00"}
    desk.bill("30.00", number="B-2", taxes=tax(reverse))
    assert desk.books() == {"office": "80.00", "input_tax": "16.00", "output_tax": "-6.00", "payables": "-90.00"}


def test_an_inclusive_amount_holds_its_tax(desk: Desk) -> None:
    line = {
        "ACCOUNTNO": desk.account("office"),
        "TOTALTRXAMOUNT": "12.34",
        "TAXENTRIES": tax(desk.labels["taxes"]["standard"]),
    }
    desk.create("APBILL", **desk.bill_fields("B-9"), INCLUSIVETAX="true", APBILLITEMS={"APBILLITEM": line})
    assert desk.books() == {"office": "10.28", "input_tax": "2.06", "payables": "-12.34"}


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
    detail = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "100.00", "ADJUSTMENTKEY": memo, "TRX_ADJUSTMENTAMOUNT": "15.00"}
    desk.payment(bill, "0", APPYMTDETAILS={"APPYMTDETAIL": detail})
    assert desk.books() == {"office": "85.00", "bank": "-85.00"}
    assert desk.row("APADJUSTMENT", memo)["STATE"] == "Paid"


@pytest.mark.parametrize(
    ("kind", "verb"),
    [("APBILL", "reverse_bill"), ("CCTRANSACTION", "reverse_cctransaction"), ("EEXPENSES", "reverse_expensereport")],
)
def test_a_reversal_mirrors_on_its_own_date_and_both_stay(desk: Desk, kind: str, verb: str) -> None:
    key = {"APBILL": lambda: desk.bill("33.00"), "CCTRANSACTION": lambda: desk.charge("33.00")}.get(
        kind, lambda: report(desk, "33.00")
    )()
    desk.run(function(verb, {"datereversed": day("2026-03-20")}, key=key))
    assert desk.books() == {}
    assert "33.00" in desk.books(date(2026, 3, 19)).values()
    assert desk.row(kind, key)["STATE"] == "Reversed"
    rows = desk.query(kind, "STATE", "RECORDNO", "REVERSEDKEY")
    assert [row["STATE"] for row in rows] == ["Reversed", "Reversal"]
    assert [row["RECORDNO"] == key for row in rows] == [True, False]
    assert rows[1]["REVERSEDKEY"] == key
    desk.refused(function(verb, {"datereversed": day("2026-03-21")}, key=key))


def employee(desk: Desk) -> str:
    return desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})


def report(desk: Desk, amount: str, **line: Any) -> str:
    if not desk.query("EMPLOYEE", "EMPLOYEEID"):
        employee(desk)
    expense = {"glaccountno": desk.account("travel"), "amount": amount, "expensedate": day("2026-03-01"), **line}
    given = {"employeeid": "E-1", "datecreated": day("2026-03-02"), "expenses": {"expense": expense}}
    return desk.legacy("create_expensereport", given)


def test_an_expense_report_is_owed_to_the_employee_until_it_is_reimbursed(desk: Desk) -> None:
    key = report(desk, "47.80")
    assert desk.books() == {"travel": "47.80", "employee_payables": "-47.80"}
    item = {"key": key, "paymentamount": "47.80"}
    given = {
        "bankaccountid": desk.account("bank"),
        "employeeid": "E-1",
        "paymentmethod": "EFT",
        "paymentdate": day("2026-03-05"),
        "eppaymentrequestitems": {"eppaymentrequestitem": item},
    }
    desk.legacy("create_reimbursementrequest", given)
    assert desk.books() == {"travel": "47.80", "bank": "-47.80"}
    assert desk.row("EEXPENSES", key)["STATE"] == "Paid"


def test_a_non_reimbursable_expense_credits_its_offset_account(desk: Desk) -> None:
    desk.create("EXPENSEPAYMENTTYPE", NAME="Card", NONREIMBURSABLE="true", OFFSETACCTNO=desk.account("visa"))
    report(desk, "19.90", exppmttype="Card")
    assert desk.books() == {"travel": "19.90", "visa": "-19.90"}


def test_an_expense_spent_abroad_is_claimed_at_its_own_rate(desk: Desk) -> None:
    report(desk, "", currency="USD", trx_amount="50.00", exchrate="0.9")
    assert desk.books() == {"travel": "45.00", "employee_payables": "-45.00"}


def test_expense_reports_wait_for_approval_where_the_company_wants_it(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"expense_approval": True}))
    employee(desk)
    expense = {"glaccountno": "6200", "amount": "31.00"}
    key = desk.legacy(
        "create_expensereport",
        {"employeeid": "E-1", "datecreated": day("2026-03-02"), "expenses": {"expense": expense}},
    )
    assert (desk.row("EEXPENSES", key)["STATE"], desk.books()) == ("Submitted", {})
    desk.run({"approve": {"EEXPENSES": {"RECORDNO": key}}})
    assert desk.books() == {"6200": "31.00", "employee_payables": "-31.00"}


def test_a_payoff_turns_charges_into_a_bill_to_the_cards_vendor(desk: Desk) -> None:
    first, second = desk.charge("60.00"), desk.charge("-10.00")
    charges = {"charge": [{"key": first}, {"key": second}]}
    given = {"chargecardid": desk.account("visa"), "payoffdate": day("2026-03-31"), "charges": charges}
    bill = desk.legacy("create_chargepayoff", given)
    assert desk.books() == {"travel": "50.00", "payables": "-50.00"}
    assert desk.row("CCTRANSACTION", first)["STATE"] == "Paid"
    said = desk.refused(function("reverse_cctransaction", {"datereversed": day("2026-04-01")}, key=first))
    assert "paid off" in said[0][1]
    assert desk.row("APBILL", bill)["TOTALDUE"] == "50"


def test_other_receipts_bring_money_in(desk: Desk) -> None:
    item = {"glaccountno": desk.account("4900"), "amount": "8.40"}
    given = {
        "paymentdate": day("2026-03-02"),
        "payee": "Card company",
        "receiveddate": day("2026-03-02"),
        "paymentmethod": "Cash",
        "bankaccountid": desk.account("bank"),
        "receiptitems": {"lineitem": item},
    }
    key = desk.legacy("record_otherreceipt", given)
    assert desk.books() == {"4900": "-8.40", "bank": "8.40"}
    desk.run(function("delete_otherreceipt", {}, key=key))
    assert desk.books() == {}


def test_a_funds_transfer_moves_between_banks_and_never_to_a_card(desk: Desk) -> None:
    given = {"WHENCREATED": "03/02/2026", "FROMBANKACCOUNTID": desk.account("bank"), "TRX_TOTALENTERED": "120.45"}
    desk.create("FUNDSTRANSFER", **given, TOBANKACCOUNTID=desk.account("reserve"))
    assert desk.books() == {"bank": "-120.45", "reserve": "120.45"}
    desk.refused({"create": {"FUNDSTRANSFER": {**given, "TOBANKACCOUNTID": desk.account("visa")}}})
    desk.create(
        "FUNDSTRANSFER", **given, TOBANKACCOUNTID=desk.account("dollars"), TOAMOUNT="150.00", EXCHANGE_RATE="0.8"
    )
    assert desk.books() == {"bank": "-240.90", "reserve": "120.45", "dollars": "120.00", "exchange_differences": "0.45"}


def journal(desk: Desk, *lines: tuple[str, str, str], **fields: str) -> dict[str, Any]:
    entries = [{"ACCOUNTNO": desk.account(a), "TR_TYPE": side, "TRX_AMOUNT": amount} for a, side, amount in lines]
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Adjustment"}
    return {"create": {"GLBATCH": {**head, **fields, "ENTRIES": {"GLENTRY": entries}}}}


def test_a_journal_posts_as_entered_and_must_balance(desk: Desk) -> None:
    desk.run(journal(desk, ("travel", "1", "17.85"), ("office", "-1", "17.85")))
    assert desk.books() == {"travel": "17.85", "office": "-17.85"}
    said = desk.refused(journal(desk, ("travel", "1", "5.00"), ("office", "-1", "4.99")))
    assert "Transactions do not balance" in said[0][1]
    desk.refused(journal(desk, ("travel", "1", "5.00")))


def test_a_journal_with_a_reversal_date_is_taken_back_then_and_a_draft_does_nothing(desk: Desk) -> None:
    desk.run(journal(desk, ("travel", "1", "9.00"), ("office", "-1", "9.00"), REVERSEDATE="04/01/2026"))
    assert desk.books(date(2026, 3, 31)) == {"travel": "9.00", "office": "-9.00"}
    assert desk.books() == {}
    desk.run(journal(desk, ("travel", "1", "3.00"), ("office", "-1", "3.00"), STATE="Draft"))
    assert desk.books() == {}


def test_a_journal_and_its_reversal_are_changed_and_deleted_together(desk: Desk) -> None:
    made = desk.run(journal(desk, ("travel", "1", "9.00"), ("office", "-1", "9.00"), REVERSEDATE="04/01/2026"))
    key = str(made.findtext("data/glbatch/RECORDNO"))
    desk.run({"update": {"GLBATCH": {"RECORDNO": key, "REVERSEDATE": "05/01/2026"}}})
    assert desk.books(date(2026, 4, 30)) == {"travel": "9.00", "office": "-9.00"}
    assert desk.books() == {}
    mirror = next(row["RECORDNO"] for row in desk.query("GLBATCH", "RECORDNO") if row["RECORDNO"] != key)
    desk.refused({"delete": {"object": "GLBATCH", "keys": mirror}})
    desk.run({"delete": {"object": "GLBATCH", "keys": key}})
    assert desk.books(date(2026, 4, 30)) == {}
    assert desk.query("GLBATCH", "RECORDNO") == []


def test_closed_books_refuse_new_and_changed_transactions(desk: Desk) -> None:
    bill, charge = desk.bill("20.00"), desk.charge("5.00")
    desk.company.book.lock(date(2026, 3, 31))
    new = {
        "chargecardid": desk.account("visa"),
        "paymentdate": day("2026-03-31"),
        "ccpayitems": {"ccpayitem": {"glaccountno": "6200", "paymentamount": "1"}},
    }
    for refusal in (
        desk.refused(function("record_cctransaction", new)),
        desk.refused({"delete": {"object": "APBILL", "keys": bill}}),
        desk.refused(
            function(
                "update_cctransaction",
                {"ccpayitems": {"ccpayitem": {"glaccountno": "6200", "paymentamount": "9"}}},
                key=charge,
            )
        ),
        desk.refused(journal(desk, ("travel", "1", "5.00"), ("office", "-1", "5.00"))),
    ):
        text = refusal[0][1]
        assert "closed" in text.lower()
        assert "period" in text.lower()
        assert "Date must be on or after 04/01/2026" in text
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-04-01")}, key=charge))
    assert desk.run(function("get_closedbooksdate", {})).findtext("data/closedbooksdate/closedate") == "03/31/2026"


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


def test_a_charge_is_changed_line_by_line(desk: Desk) -> None:
    key = desk.charge("10.00")
    change = {
        "updateccpayitems": {"updateccpayitem": {"paymentamount": "12.50", "glaccountno": desk.account("office")}}
    }
    desk.run(function("update_cctransaction", {"description": "Corrected", **change}, key=key))
    assert desk.books() == {"office": "12.50", "visa": "-12.50"}
    assert desk.row("CCTRANSACTION", key)["DESCRIPTION"] == "Corrected"


def test_drafts_post_nothing_until_they_are_submitted(desk: Desk) -> None:
    bill = desk.bill("12.00", ACTION="Draft")
    assert (desk.books(), desk.row("APBILL", bill)["STATE"]) == ({}, "Draft")
    desk.run({"update": {"APBILL": {"RECORDNO": bill, "ACTION": "Submit"}}})
    assert desk.books() == {"office": "12.00", "payables": "-12.00"}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"LOCATIONID": "nowhere"}, "The location 'nowhere' is invalid."),
        ({"DEPARTMENTID": "none"}, "The department 'none' is invalid."),
        ({"PROJECTID": "P9"}, "Project 'P9' specified is not valid."),
        ({"CUSTOMERID": "C9"}, "Customer 'C9' specified is not valid."),
        ({"ACCOUNTNO": "9999"}, "Account 9999 is not valid."),
        ({"ACCOUNTNO": ""}, "Remove the extra line item"),
        ({"TRX_AMOUNT": ""}, "Remove the extra line item"),
        ({"TRX_AMOUNT": "1.005"}, "too many decimal places"),
        ({"TRX_AMOUNT": "ten"}, "not a valid number"),
    ],
)
def test_a_line_that_names_nothing_is_refused_in_words_that_clients_know(
    desk: Desk, line: dict[str, str], text: str
) -> None:
    sent = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "10.00", **line}
    refusal = desk.refused({"create": {"APBILL": {**desk.bill_fields("B"), "APBILLITEMS": {"APBILLITEM": sent}}}})
    assert text in refusal[0][1]
    assert refusal[-1][0] == "BL01001973"


def test_inactive_vendors_and_accounts_take_no_new_transactions(desk: Desk) -> None:
    from sandbooks.platform import platform_named

    keeper = platform_named("sage_intacct").load_bookkeeper()
    with desk.world.unit():
        keeper.archive_contact(desk.company, desk.labels["suppliers"]["acme"])
        keeper.archive_account(desk.company, desk.account("travel"))
    fields = {**desk.bill_fields("B"), "APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1"}}}
    assert "Activate the vendor" in desk.refused({"create": {"APBILL": fields}})[0][1]
    item = {"glaccountno": desk.account("travel"), "paymentamount": "1.00"}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": item}}
    assert "is not valid" in desk.refused(function("record_cctransaction", head))[0][1]


def test_an_account_may_demand_a_dimension_and_lines_carry_them(desk: Desk) -> None:
    number = desk.account("office")
    desk.run({"update": {"GLACCOUNT": {"ACCOUNTNO": number, "REQUIREDEPT": "true"}}})
    line = {"ACCOUNTNO": number, "TRX_AMOUNT": "10.00"}
    fields = {**desk.bill_fields("B"), "APBILLITEMS": {"APBILLITEM": line}}
    assert (
        f"missing the Department dimension for the Account {number}"
        in desk.refused({"create": {"APBILL": fields}})[0][1]
    )
    sales = desk.labels["tracking"]["department/Sales"]
    desk.create("APBILL", **{**fields, "APBILLITEMS": {"APBILLITEM": {**line, "DEPARTMENTID": sales}}})
    (found,) = list(desk.company.book.lines(account=number))
    assert found.posting.dimensions == (("DEPARTMENTID", sales),)


def test_lines_of_two_entities_are_due_between_them(app: App) -> None:
    plan = CompanyPlan(
        country="GB",
        settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}},
        suppliers={"acme": {"name": "Acme"}},
    )
    desk = open_desk(app, plan)
    lines = [
        {"ACCOUNTNO": "6300", "TRX_AMOUNT": amount, "LOCATIONID": place}
        for amount, place in (("10.00", "UK"), ("4.00", "IE"))
    ]
    desk.create("APBILL", **{**desk.bill_fields("B"), "APBILLITEMS": {"APBILLITEM": lines}})
    assert desk.books() == {"6300": "14.00", "payables": "-14.00", "1300": "4.00", "2300": "-4.00"}
    bare = {**desk.bill_fields("C"), "APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1"}}}
    assert "Location dimension" in desk.refused({"create": {"APBILL": bare}})[0][1]


def test_a_bill_of_nothing_has_no_value_until_it_has_an_amount(desk: Desk) -> None:
    key = desk.bill("0")
    assert (desk.row("APBILL", key)["STATE"], desk.books()) == ("No Value", {})
    lines = {"APBILLITEM": {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "5.00"}}
    desk.run({"update": {"APBILL": {"RECORDNO": key, "APBILLITEMS": lines}}})
    assert (desk.row("APBILL", key)["STATE"], desk.books()) == ("Posted", {"office": "5.00", "payables": "-5.00"})
    desk.run({"delete": {"object": "APBILL", "keys": desk.bill("0", number="B-2")}})


def test_an_employee_of_a_company_of_several_entities_has_a_location(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK"}}))
    fields = {"EMPLOYEEID": "E-1", "PERSONALINFO": {"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"}}
    assert "LOCATIONID" in desk.refused({"create": {"EMPLOYEE": fields}})[0][1]
    desk.create("EMPLOYEE", **fields, LOCATIONID="UK")


def test_a_journal_entry_balances_in_each_entity(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}}))

    def entry(*lines: tuple[str, str, str, str]) -> dict[str, Any]:
        names = ("ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT", "LOCATION")
        entries = [dict(zip(names, line, strict=True)) for line in lines]
        head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Across"}
        return {"create": {"GLBATCH": {**head, "ENTRIES": {"GLENTRY": entries}}}}

    across = entry(("6300", "1", "5.00", "UK"), ("6400", "-1", "5.00", "IE"))
    assert desk.refused(across)[0][1].startswith("Transactions do not balance by 5 GBP.")
    one, other = (("6300", "1", "5.00", place) for place in ("UK", "IE"))
    desk.run(entry(one, ("6400", "-1", "5.00", "UK"), other, ("6400", "-1", "5.00", "IE")))
    assert desk.books() == {"6300": "10.00", "6400": "-10.00"}


def test_the_trial_balance_of_the_gateway_is_that_of_the_books(desk: Desk) -> None:
    desk.charge("31.40")
    asked = function("get_trialbalance", {"startdate": day("2026-03-01"), "enddate": day("2026-03-31")})
    rows = desk.run(asked).findall("data/trialbalance")
    told = {row.findtext("glaccountno"): Decimal(str(row.findtext("endbalance"))) for row in rows}
    assert told == {desk.account("travel"): Decimal("31.4"), desk.account("visa"): Decimal("-31.4")}


def test_fields_of_the_companys_own_are_kept_and_its_own_dimensions_are_not_simulated(desk: Desk) -> None:
    link = {"customfield": {"customfieldname": "RECEIPT_LINK", "customfieldvalue": "https://receipts.example/1"}}
    line = {"glaccountno": desk.account("travel"), "paymentamount": "5.00", "customfields": link}
    key = desk.charge("5.00", ccpayitems={"ccpayitem": line}, customfields=link)
    read = desk.run({"read": {"object": "CCTRANSACTION", "keys": key, "fields": "*"}})
    assert [e.text for e in read.iter("RECEIPT_LINK")] == ["https://receipts.example/1"] * 2
    native = {"customfield": {"customfieldname": "STATE", "customfieldvalue": "Draft"}}
    assert "STATE" in desk.refused({"create": {"APBILL": {**desk.bill_fields("B-9"), "customfields": native}}})[0][1]
    own = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "5.00", "GLDIMREGION": "1001"}
    with pytest.raises(NotSimulated, match="GLDIMREGION"):
        desk.bill("5.00", APBILLITEMS={"APBILLITEM": own})
    dimensions = {"nsp::region": {"key": "1001"}}
    body = {"lines": [{"glAccount": {"id": desk.account("office")}, "txnAmount": "5.00", "dimensions": dimensions}]}
    with pytest.raises(NotSimulated, match="nsp::region"):
        desk.rest("POST", "objects/accounts-payable/bill", body)
