"""Older lists with their lines, and answers to a query that are no XML."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function, tax
from tests.platforms.sage_intacct.documents import journal, report

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated


def listed(desk: Desk, word: str, path: str) -> dict[str, str | None]:
    """The first line of the first document of a list, leaves alone."""
    line = desk.run(function("get_list", {}, object=word)).find(f"data/{word}/{path}")
    assert line is not None
    return {each.tag: each.text for each in line if not len(each)}


def test_an_older_bill_has_its_lines_with_what_is_paid_of_each(desk: Desk) -> None:
    lines = [
        {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "30.00", "ENTRYDESCRIPTION": "Paper", "FORM1099": "true"},
        {"ACCOUNTNO": desk.account("travel"), "TRX_AMOUNT": "50.00"},
    ]
    key = desk.create("APBILL", **desk.bill_fields("L-1"), APBILLITEMS={"APBILLITEM": lines})
    desk.payment(key, "34.00")
    for asked in (function("get_list", {}, object="bill"), function("get", {}, object="bill", key=key)):
        first, second = desk.run(asked).findall("data/bill/billitems/lineitem")
        assert [first.findtext(n) for n in ("line_num", "memo", "amount", "totalpaid", "totaldue", "item1099")] == [
            "1",
            "Paper",
            "30",
            "30",
            "0",
            "true",
        ]
        assert [second.findtext(n) for n in ("trx_amount", "trx_totalpaid", "trx_totaldue")] == ["50", "4", "46"]


def test_an_older_adjustment_receipt_and_charge_have_theirs(desk: Desk) -> None:
    item = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "6.00"}
    desk.create("APADJUSTMENT", **desk.bill_fields("DM"), APADJUSTMENTITEMS={"APADJUSTMENTITEM": item})
    assert listed(desk, "apadjustment", "apadjustmentitems/lineitem")["amount"] == "6"
    desk.charge("7.50")
    charge = listed(desk, "cctransaction", "ccpayitems/ccpayitem")
    assert (charge["paymentamount"], charge["description"], charge["glaccountno"]) == (
        "7.5",
        "Train",
        desk.account("travel"),
    )
    receipt = {"paymentdate": day("2026-03-02"), "payee": "Shop", "receiveddate": day("2026-03-02")}
    receipt |= {"paymentmethod": "Cash", "bankaccountid": desk.account("bank")}
    desk.legacy(
        "record_otherreceipt", {**receipt, "receiptitems": {"lineitem": {"glaccountno": "4900", "amount": "3"}}}
    )
    assert listed(desk, "otherreceipts", "otherreceiptsentries/otherreceiptsentry")["amount"] == "3"


def test_an_older_expense_report_has_its_expenses_and_what_was_spent(desk: Desk) -> None:
    report(desk, "8.00", memo="Cab firm", currency="EUR", trx_amount="10.00", exchrate="0.8")
    expense = desk.run(function("get_list", {}, object="expensereport")).find("data/expensereport/expenses/expense")
    assert [expense.findtext(n) for n in ("amount", "paidto", "expensedate/day")] == ["8", "Cab firm", "1"]
    spent = expense.find("expenseexchinfo")
    assert [spent.findtext(n) for n in ("currency", "amount", "exchange_rate")] == ["EUR", "10", "0.8"]


def test_an_older_journal_entry_has_debits_and_credits(desk: Desk) -> None:
    desk.run(journal(desk, ("travel", "1", "5.00"), ("office", "-1", "5.00")))
    entries = desk.run(function("get_list", {}, object="gltransaction")).findall(
        "data/gltransaction/gltransactionentries/glentry"
    )
    assert [(e.findtext("trtype"), e.findtext("amount")) for e in entries] == [("debit", "5"), ("credit", "5")]


def test_an_older_payment_has_what_it_pays_and_a_request_does_not(desk: Desk) -> None:
    key = desk.bill("9.00", taxes=tax(desk.labels["taxes"]["standard"]))
    desk.payment(key, "4.00")
    assert listed(desk, "appayment", "appaymentitems/appaymentitem")["billkey"] == key
    assert desk.run(function("get_list", {}, object="appaymentrequest")).find("data/*/appaymentitems") is None


def test_an_older_list_gives_the_fields_that_are_asked_for(desk: Desk) -> None:
    key = desk.bill("9.00")
    for asked in (function("get_list", WANTED, object="bill"), function("get", WANTED, object="bill", key=key)):
        (row,) = desk.run(asked).findall("data/bill")
        assert [each.tag for each in row] == ["billno"]
    asked = {"additional_parameters": {"parameter": {"name": "x", "value": "y"}}}
    with pytest.raises(NotSimulated, match="additional_parameters"):
        desk.run(function("get_list", asked, object="bill"))


WANTED = {"fields": {"field": "billno"}}


# Answers that are no XML


def query(**more: Any) -> dict[str, Any]:
    order = {"orderby": {"order": {"field": "NAME", "ascending": None}}}
    only = {"filter": {"in": {"field": "NAME", "value": ["Acme Timber", "Zenith, Rail"]}}}
    return {"query": {"object": "VENDOR", "select": {"field": ["NAME", "TAXID"]}, **only, **order, **more}}


def test_a_query_answers_in_csv_or_json_with_nothing_around_the_rows(desk: Desk) -> None:
    desk.create("VENDOR", VENDORID="Z", NAME="Zenith, Rail", TAXID="7")
    answer = desk.post(desk.request(query(options={"returnformat": "csv"})))
    assert answer.body == b'NAME,TAXID\nAcme Timber,\n"Zenith, Rail",7\n'
    answer = desk.post(desk.request(query(options={"returnformat": "json"})))
    assert answer.header("Content-Type") == "application/json"
    assert exact_json.loads(answer.body) == [
        {"NAME": "Acme Timber", "TAXID": ""},
        {"NAME": "Zenith, Rail", "TAXID": "7"},
    ]


def test_formats_that_are_not_kept_say_so_and_unknown_ones_are_refused(desk: Desk) -> None:
    assert "returnformat" not in desk.refused(query(options={"returnformat": "yaml"}))[0][1]
    with pytest.raises(NotSimulated, match="return format json"):
        desk.run({"read": {"object": "VENDOR", "keys": "1", "returnFormat": "json"}})
    with pytest.raises(NotSimulated, match="several functions"):
        desk.send(query(options={"returnformat": "csv"}), query())
