"""What each transaction does to the books, and what is refused and does nothing to them."""

from datetime import date
from decimal import Decimal

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function, open_desk, tax
from tests.platforms.sage_intacct.documents import journal, report

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan


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
    closed = desk.run(function("get_closedbooksdate", {})).find("data/closedbooksdate")
    assert {part.tag: part.text for part in closed} == {"year": "2026", "month": "03", "day": "31"}


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
    detail = desk.query("GLDETAIL", "ACCOUNTNO", "TR_TYPE", "AMOUNT", "LOCATIONID")
    told = {(row["LOCATIONID"], row["ACCOUNTNO"]): f"{row['TR_TYPE']} x {row['AMOUNT']}" for row in detail}
    assert told["IE", "6300"] == "1 x 4"
    assert (told["UK", "1300"], told["IE", "2300"]) == ("1 x 4", "-1 x 4")
    bare = {**desk.bill_fields("C"), "APBILLITEMS": {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1"}}}
    assert "Location dimension" in desk.refused({"create": {"APBILL": bare}})[0][1]


def test_the_trial_balance_of_the_gateway_is_that_of_the_books(desk: Desk) -> None:
    desk.charge("31.40")
    asked = function("get_trialbalance", {"startdate": day("2026-03-01"), "enddate": day("2026-03-31")})
    rows = desk.run(asked).findall("data/trialbalance")
    told = {row.findtext("glaccountno"): Decimal(str(row.findtext("endbalance"))) for row in rows}
    assert told == {desk.account("travel"): Decimal("31.4"), desk.account("visa"): Decimal("-31.4")}


def test_fields_of_the_companys_own_are_kept_and_dimensions_that_it_lacks_refused(desk: Desk) -> None:
    link = {"customfield": {"customfieldname": "RECEIPT_LINK", "customfieldvalue": "https://receipts.example/1"}}
    line = {"glaccountno": desk.account("travel"), "paymentamount": "5.00", "customfields": link}
    key = desk.charge("5.00", ccpayitems={"ccpayitem": line}, customfields=link)
    read = desk.run({"read": {"object": "CCTRANSACTION", "keys": key, "fields": "*"}})
    assert [e.text for e in read.iter("RECEIPT_LINK")] == ["https://receipts.example/1"] * 2
    native = {"customfield": {"customfieldname": "STATE", "customfieldvalue": "Draft"}}
    assert "STATE" in desk.refused({"create": {"APBILL": {**desk.bill_fields("B-9"), "customfields": native}}})[0][1]
    own = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "5.00", "GLDIMREGION": "1001"}
    given = {**desk.bill_fields("B-9"), "APBILLITEMS": {"APBILLITEM": own}}
    assert "GLDIMREGION" in desk.refused({"create": {"APBILL": given}})[0][1]
    dimensions = {"nsp::region": {"key": "1001"}}
    body = {"lines": [{"glAccount": {"id": desk.account("office")}, "txnAmount": "5.00", "dimensions": dimensions}]}
    with pytest.raises(NotSimulated, match="nsp::region"):
        desk.rest("POST", "objects/accounts-payable/bill", body)
