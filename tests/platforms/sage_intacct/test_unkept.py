"""Nothing that the product knows is left out in silence: it is kept, or refused, or said to be lacking."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function, tax
from tests.platforms.sage_intacct.documents import journal, report

from sandbooks.kit.errors import NotSimulated


def bill(desk: Desk, *, line: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    item = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "10.00", **(line or {})}
    return {"create": {"APBILL": {**desk.bill_fields("U-1"), "APBILLITEMS": {"APBILLITEM": item}, **fields}}}


def older_bill(desk: Desk, *, after: dict[str, Any] | None = None, **line: Any) -> Any:
    head = {"vendorid": desk.labels["suppliers"]["acme"], "datecreated": day("2026-03-02")}
    item = {"glaccountno": desk.account("office"), "amount": "3.40", **line}
    given = {**head, "datedue": day("2026-03-12"), "billno": "L-1", **(after or {}), "billitems": {"lineitem": item}}
    return function("create_bill", given)


def made(desk: Desk, call: Any) -> str:
    result = desk.run(call)
    return str(result.findtext("key") or result.findtext("data/*/RECORDNO"))


@pytest.mark.parametrize(("name", "value"), [("PAYMENTPROVIDER", "CSI"), ("JOINTPAYEEPRINTAS", "Two")])
def test_a_field_of_a_header_that_is_not_kept_says_so(desk: Desk, name: str, value: str) -> None:
    before = desk.posted()
    with pytest.raises(NotSimulated, match=name):
        desk.run(bill(desk, **{name: value}))
    assert desk.posted() == before


@pytest.mark.parametrize("name", ["PARTIALEXEMPT", "REVRECTEMPLATE"])
def test_a_field_of_a_line_that_is_not_kept_says_so(desk: Desk, name: str) -> None:
    with pytest.raises(NotSimulated, match=name):
        desk.run(bill(desk, line={name: "true"}))
    desk.run(bill(desk, line={name: ""}))


@pytest.mark.parametrize("name", ["BATCHKEY", "PRBATCHKEY", "NOGL"])
def test_charges_are_in_no_summary(desk: Desk, name: str) -> None:
    given = {"CHARGECARDID": desk.account("visa"), "WHENCREATED": "03/02/2026", name: "7"}
    line = {"ACCOUNTNO": "6300", "TRX_AMOUNT": "2.00"}
    with pytest.raises(NotSimulated, match=name):
        desk.run({"create": {"CCTRANSACTION": {**given, "CCTRANSACTIONENTRIES": {"CCTRANSACTIONENTRY": line}}}})


def test_the_source_of_a_journal_entry_says_so(desk: Desk) -> None:
    sides = (("travel", "1", "5.00"), ("office", "-1", "5.00"))
    with pytest.raises(NotSimulated, match="TRANSACTIONSOURCE"):
        desk.run(journal(desk, *sides, TRANSACTIONSOURCE="BANK"))


# What is kept


def test_a_bill_keeps_its_contacts_dates_and_priority(desk: Desk) -> None:
    desk.create("CONTACT", CONTACTNAME="Pay Desk", PRINTAS="Pay Desk")
    desk.create("CONTACT", CONTACTNAME="Goods In", PRINTAS="Goods In")
    names = {"BILLTOPAYTOCONTACTNAME": "Pay Desk", "SHIPTORETURNTOCONTACTNAME": "Goods In"}
    kept = {**names, "RECPAYMENTDATE": "03/20/2026", "PAYMENTPRIORITY": "high"}
    key = made(desk, bill(desk, **kept))
    row = desk.row("APBILL", key)
    assert {name: row[name] for name in kept} == kept
    older = made(desk, older_bill(desk, after={"payto": {"contactname": "Pay Desk"}}))
    assert desk.row("APBILL", older)["BILLTOPAYTOCONTACTNAME"] == "Pay Desk"
    desk.run({"update": {"APBILL": {"RECORDNO": key, "PAYMENTPRIORITY": "low", "BILLTOPAYTOCONTACTNAME": "Goods In"}}})
    row = desk.row("APBILL", key)
    assert (row["PAYMENTPRIORITY"], row["BILLTOPAYTOCONTACTNAME"]) == ("low", "Goods In")


@pytest.mark.parametrize(
    ("name", "value"),
    [("BILLTOPAYTOCONTACTNAME", "nobody"), ("PAYMENTPRIORITY", "soonish"), ("RECPAYMENTDATE", "some day")],
)
def test_a_bill_is_refused_for_a_contact_priority_or_date_that_is_none(desk: Desk, name: str, value: str) -> None:
    assert desk.refused(bill(desk, **{name: value}))
    key = made(desk, bill(desk))
    assert desk.refused({"update": {"APBILL": {"RECORDNO": key, name: value}}})


def test_the_form_1099_of_an_older_line_is_kept(desk: Desk) -> None:
    key = made(desk, older_bill(desk, item1099="true", form1099type="MISC"))
    line = desk.run({"read": {"object": "APBILL", "keys": key}}).find("data/APBILL/APBILLITEMS/APBILLITEM")
    assert (line.findtext("FORM1099"), line.findtext("FORM1099TYPE")) == ("true", "MISC")


def test_a_draft_bill_needs_neither_vendor_nor_dates_until_it_is_submitted(desk: Desk) -> None:
    bare = {"VENDORID": "", "WHENCREATED": "", "WHENDUE": ""}
    assert desk.refused(bill(desk, **bare))[0][0] == "BL03000018"
    key = made(desk, bill(desk, ACTION="Draft", **bare))
    assert (desk.row("APBILL", key)["STATE"], desk.books()) == ("Draft", {})
    assert desk.refused({"update": {"APBILL": {"RECORDNO": key, "ACTION": "Submit"}}})[0][0] == "BL03000018"
    dated = {"WHENCREATED": "03/02/2026", "WHENDUE": "03/12/2026", "VENDORID": desk.labels["suppliers"]["acme"]}
    desk.run({"update": {"APBILL": {"RECORDNO": key, "ACTION": "Submit", **dated}}})
    assert desk.books() == {"office": "10.00", "payables": "-10.00"}
    other = made(desk, bill(desk, RECORDID="U-2", ACTION="Draft", **bare))
    undone = function("reverse_bill", {"datereversed": day("2026-03-05")}, key=other)
    assert "Only posted" in desk.refused(undone)[0][1]
    desk.run({"delete": {"object": "APBILL", "keys": other}})


def test_amounts_of_payables_are_rounded_and_others_refused(desk: Desk) -> None:
    key = made(desk, bill(desk, line={"TRX_AMOUNT": "10.126"}))
    assert desk.row("APBILL", key)["TOTALENTERED"] == "10.13"
    desk.payment(key, "10.1299")
    assert desk.row("APBILL", key)["STATE"] == "Paid"
    line = {"glaccountno": "6300", "paymentamount": "2.005"}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": line}}
    assert "too many decimal places" in desk.refused(function("record_cctransaction", head))[0][1]


def test_a_task_stands_beside_its_project_alone(desk: Desk) -> None:
    project = next(value for name, value in desk.labels["tracking"].items() if name.startswith("project"))
    desk.create("TASK", TASKID="T-1", NAME="Dig", PROJECTID=project)
    assert "PROJECTID" in desk.refused(bill(desk, line={"TASKID": "T-1"}))[0][1]
    desk.run(bill(desk, line={"TASKID": "T-1", "PROJECTID": project}))


def test_a_charge_with_inclusive_tax_takes_notes_alone(desk: Desk) -> None:
    standard = {"detailid": desk.labels["taxes"]["standard"]}
    line = {"glaccountno": "6300", "totaltrxamount": "12.00", "taxentries": {"taxentry": standard}}
    key = desk.charge("12.00", inclusivetax="true", ccpayitems={"ccpayitem": line})
    change = function("update_cctransaction", {"paymentdate": day("2026-03-03")}, key=key)
    assert "inclusive tax" in desk.refused(change)[0][1]
    desk.run(function("update_cctransaction", {"payee": "Rail"}, key=key))


def test_a_journal_line_has_the_memo_of_its_entry_where_it_has_none(desk: Desk) -> None:
    asked = journal(desk, ("travel", "1", "5.00"), ("office", "-1", "5.00"))
    first = asked["create"]["GLBATCH"]["ENTRIES"]["GLENTRY"][0]
    first |= {"DESCRIPTION": "Fare", "BILLABLE": "true"}
    desk.run(asked)
    rows = desk.query("GLENTRY", "DESCRIPTION", "BILLABLE")
    assert [(row["DESCRIPTION"], row["BILLABLE"]) for row in rows] == [("Fare", "true"), ("Adjustment", "")]


def test_a_journal_entry_is_reversed_on_a_later_day(desk: Desk) -> None:
    sides = (("travel", "1", "5.00"), ("office", "-1", "5.00"))
    assert desk.refused(journal(desk, *sides, REVERSEDATE="03/02/2026"))
    assert desk.refused(journal(desk, *sides, BASELOCATION_NO="nowhere"))
    desk.run(journal(desk, *sides, REVERSEDATE="03/03/2026"))


def test_a_journal_entry_is_updated_with_all_its_lines(desk: Desk) -> None:
    key = made(desk, journal(desk, ("travel", "1", "5.00"), ("office", "-1", "5.00")))
    changed = {"RECORDNO": key, "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Other"}
    assert "ENTRIES" in desk.refused({"update": {"GLBATCH": changed}})[0][1]


def test_a_type_of_exchange_rates_is_checked_in_base_currency_too(desk: Desk) -> None:
    assert desk.refused(bill(desk, EXCH_RATE_TYPE_ID="Of my own"))


def test_an_inclusive_line_takes_its_gross_and_leaves_its_net_aside(desk: Desk) -> None:
    line = {"TRX_AMOUNT": "1.00", "TOTALTRXAMOUNT": "12.00", "TAXENTRIES": tax(desk.labels["taxes"]["standard"])}
    key = made(desk, bill(desk, INCLUSIVETAX="true", line=line))
    assert desk.row("APBILL", key)["TOTALENTERED"] == "12"


def test_reports_charges_and_receipts_name_a_tax_solution_that_is_there(desk: Desk) -> None:
    key = report(desk, "5.00")
    change = function("update_expensereport", {"taxsolutionid": "Elsewhere - VAT"}, key=key)
    assert "Tax solution 'Elsewhere - VAT'" in desk.refused(change)[0][1]
    desk.run(function("update_expensereport", {"taxsolutionid": "United Kingdom - VAT"}, key=key))
    assert desk.row("EEXPENSES", key)["TAXSOLUTIONID"] == "United Kingdom - VAT"
    line = {"glaccountno": "6300", "paymentamount": "5.00"}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "taxsolutionid": "None"}
    assert desk.refused(function("record_cctransaction", {**head, "ccpayitems": {"ccpayitem": line}}))
    given = {"paymentdate": day("2026-03-02"), "payee": "Shop", "receiveddate": day("2026-03-02")}
    given |= {"paymentmethod": "Cash", "bankaccountid": desk.account("bank"), "depositdate": day("2026-03-04")}
    given |= {
        "taxsolutionid": "United Kingdom - VAT",
        "receiptitems": {"lineitem": {"glaccountno": "4900", "amount": "3"}},
    }
    row = desk.row("OTHERRECEIPTS", desk.legacy("record_otherreceipt", given))
    assert (row["DEPOSITDATE"], row["TAXSOLUTIONID"]) == ("03/04/2026", "United Kingdom - VAT")


@pytest.mark.parametrize(
    ("object", "name"),
    [
        ("VENDOR", "VENDORBANKFILEDETAILS"),
        ("PROJECT", "PROJECT_RULES"),
        ("ITEM", "VENDORINFO"),
        ("EMPLOYEE", "EMPPOSITIONID"),
    ],
)
def test_a_field_of_a_list_that_is_not_kept_says_so(desk: Desk, object: str, name: str) -> None:
    with pytest.raises(NotSimulated, match=name):
        desk.run({"create": {object: {f"{object}ID": "Q", "NAME": "Q", name: {"ANY": "x"}}}})


def test_a_vendor_has_a_payables_account_of_its_own(desk: Desk) -> None:
    desk.create("VENDOR", VENDORID="Q", NAME="Q", OFFSETGLACCOUNTNO="2150", APACCOUNT="6400")
    assert desk.refused({"create": {"VENDOR": {"VENDORID": "R", "NAME": "R", "OFFSETGLACCOUNTNO": "none"}}})
    made(desk, bill(desk, VENDORID="Q"))
    assert desk.books() == {"office": "10.00", "2150": "-10.00"}


def test_a_query_of_a_field_that_is_not_kept_says_so(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="VENDORINFO"):
        desk.query("ITEM", "VENDORINFO")
