"""Summaries of payables and expense reports, closed ones among them, and bills that post nothing."""

from typing import Any

from tests.platforms.sage_intacct.desk import Desk, day, errors, function


def summary(desk: Desk, title: str = "Site costs", on: str = "2026-02-27", **more: Any) -> str:
    return desk.legacy("create_billbatch", {"batchtitle": title, "datecreated": day(on), **more})


def older_bill(desk: Desk, number: str, amount: str, **more: Any) -> dict[str, Any]:
    line = {"glaccountno": desk.account("office"), "amount": amount}
    return {
        "vendorid": desk.labels["suppliers"]["acme"],
        "datecreated": day("2026-03-02"),
        "datedue": day("2026-04-01"),
        **({"batchkey": more.pop("batchkey")} if "batchkey" in more else {}),
        "billno": number,
        **more,
        "billitems": {"lineitem": line},
    }


def test_the_date_of_a_summary_posts_the_bills_in_it_and_groups_their_postings(desk: Desk) -> None:
    key = summary(desk)
    bill = desk.legacy("create_bill", older_bill(desk, "S-1", "14.30", batchkey=key))
    other = desk.bill("3.10", number="S-2", PRBATCH="Site costs")
    loose = desk.bill("5.00", number="S-3")
    assert {desk.row("APBILL", each)["WHENPOSTED"] for each in (bill, other)} == {"02/27/2026"}
    assert desk.row("APBILL", loose)["PRBATCH"] == "Bills: 2026/03/02 Batch"
    assert desk.query("APBILLBATCH", "TITLE", "OPEN", "TOTAL", "CREATED") == [
        {"TITLE": "Site costs", "OPEN": "Open", "TOTAL": "17.4", "CREATED": "02/27/2026"}
    ]
    rows = desk.query("GLDETAIL", "BATCHKEY", "BATCH_TITLE")
    grouped = {row["BATCHKEY"] for row in rows if row["BATCH_TITLE"] == "Site costs"}
    assert (len(grouped), len({row["BATCHKEY"] for row in rows})) == (1, 2)


def test_a_summary_comes_with_its_bills_or_not_at_all(desk: Desk) -> None:
    made = function("create_billbatch", {"batchtitle": "Two", "datecreated": day("2026-02-27")})
    for number, amount in (("T-1", "4.00"), ("T-2", "6.50")):
        made.append(function("create_bill", older_bill(desk, number, amount)))
    desk.run(made)
    assert [row["TOTAL"] for row in desk.query("APBILLBATCH", "TOTAL")] == ["10.5"]
    bad = function("create_billbatch", {"batchtitle": "Three", "datecreated": day("2026-02-27")})
    bad.append(function("create_bill", older_bill(desk, "T-1", "1.00")))
    desk.refused(bad)
    assert len(desk.query("APBILLBATCH", "TITLE")) == 1
    assert "Another summary" in desk.refused(function("create_billbatch", {"batchtitle": "Two"}))[0][1]


def test_a_closed_summary_takes_no_bill_and_keeps_those_in_it_as_they_are(desk: Desk) -> None:
    key = summary(desk)
    bill = desk.bill("14.30", PRBATCHKEY=key)
    desk.company.change_settings(closed_summaries=["Site costs", "Bills: 2026/03/02 Batch"])
    line = {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1.00"}
    new = {"create": {"APBILL": {**desk.bill_fields("N"), "PRBATCHKEY": key, "APBILLITEMS": {"APBILLITEM": line}}}}
    loose = {"create": {"APBILL": {**desk.bill_fields("N"), "APBILLITEMS": {"APBILLITEM": line}}}}
    change = {"update": {"APBILL": {"RECORDNO": bill, "APBILLITEMS": {"APBILLITEM": line}}}}
    gone = {"delete": {"object": "APBILL", "keys": bill}}
    back = function("reverse_bill", {"datereversed": day("2026-03-05")}, key=bill)
    for asked in (new, loose, change, gone, back):
        assert "is closed" in desk.refused(asked)[0][1]
    assert [row["OPEN"] for row in desk.query("APBILLBATCH", "OPEN")] == ["Closed"]
    desk.run({"update": {"APBILL": {"RECORDNO": bill, "DESCRIPTION": "Noted"}}})
    desk.company.change_settings(closed_summaries=[])
    desk.run(change)
    assert desk.books() == {"6300": "1.00", "payables": "-1.00"}
    assert desk.row("APBILL", bill)["PRBATCH"] == "Site costs"


def test_a_summary_that_is_not_there_is_refused(desk: Desk) -> None:
    for wrong in ({"PRBATCHKEY": "99"}, {"PRBATCH": "Nothing"}, {"BATCHKEY": "99"}):
        line = {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1.00"}
        given = {**desk.bill_fields("N"), **wrong, "APBILLITEMS": {"APBILLITEM": line}}
        assert "summary" in desk.refused({"create": {"APBILL": given}})[0][1]


def test_expense_reports_and_adjustments_have_summaries_of_their_own(desk: Desk) -> None:
    key = desk.legacy("create_expensereportbatch", {"batchtitle": "Trips", "datecreated": day("2026-02-26")})
    memo = desk.legacy("create_apadjustmentbatch", {"batchtitle": "Credits", "datecreated": day("2026-02-25")})
    line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "2.00"}
    lines = {"APADJUSTMENTITEM": line}
    made = desk.create("APADJUSTMENT", **desk.bill_fields("DM"), PRBATCHKEY=memo, APADJUSTMENTITEMS=lines)
    assert desk.row("APADJUSTMENT", made)["WHENPOSTED"] == "02/25/2026"
    answer = desk.run(function("get_list", {}, object="expensereportbatch"))
    assert [row.findtext("batchtitle") for row in answer.findall("data/expensereportbatch")] == ["Trips"]
    assert key == desk.query("EEXPENSESBATCH", "RECORDNO")[0]["RECORDNO"]


def test_a_bill_that_posts_nothing_is_paid_all_the_same(desk: Desk) -> None:
    bill = desk.legacy("create_bill", older_bill(desk, "NG", "21.00", nogl="true"))
    assert (desk.books(), desk.row("APBILL", bill)["STATE"]) == ({}, "Posted")
    desk.payment(bill, "20.00")
    assert desk.books() == {"payables": "20.00", "bank": "-20.00"}
    assert desk.row("APBILL", bill)["TOTALDUE"] == "1"
    other = desk.bill("8.00", number="NG-2", NOGL="true")
    desk.run(function("reverse_bill", {"datereversed": day("2026-03-05")}, key=other))
    assert "office" not in desk.books()
    assert desk.row("APBILL", other)["STATE"] == "Reversed"
    bad = desk.send({"create": {"APBILL": {**desk.bill_fields("NG-3"), "NOGL": "perhaps"}}})
    assert "NOGL" in errors(bad.find("operation/result"))[0][1]
