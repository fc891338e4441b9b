"""Dates, pages, operators, flags and rate types are taken in the gateway's own form alone."""

from typing import Any

from lxml import etree
from tests.platforms.sage_intacct.desk import Desk, function


def query(object: str, field: str, **more: Any) -> dict[str, Any]:
    return {"query": {"object": object, "select": {"field": field}, **more}}


def by_query(text: str, **more: Any) -> dict[str, Any]:
    return {"readByQuery": {"object": "VENDOR", "fields": "VENDORID", "query": text, **more}}


def bill(desk: Desk, line: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    lines = {"APBILLITEM": {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "10.00", **(line or {})}}
    return {"create": {"APBILL": {**desk.bill_fields("F-1"), "APBILLITEMS": lines, **fields}}}


def test_a_date_is_written_month_first(desk: Desk) -> None:
    for name in ("WHENCREATED", "WHENDUE", "EXCH_RATE_DATE"):
        ((number, said), _) = desk.refused(bill(desk, **{name: "2026-03-02"}))
        assert (number, name in said) == ("BL01001973", True), said
    later = {"greaterthan": {"field": "WHENMODIFIED", "value": "2026-03-02T10:00:00Z"}}
    ((number, said),) = desk.refused(query("APBILL", "RECORDNO", filter=later))
    assert (number, "MM/DD/YYYY" in said) == ("Query Failed", True)
    ((number, _),) = desk.refused(by_query("WHENMODIFIED > '2026-03-02'"))
    assert number == "Query Failed"
    assert desk.query("VENDOR", "VENDORID", filter={"greaterthan": {"field": "WHENMODIFIED", "value": "01/02/2026"}})


def test_a_page_holds_one_row_at_least(desk: Desk) -> None:
    assert desk.stopped(query("VENDOR", "NAME", pagesize="0"))[0] == "XL03000003"
    ((number, said),) = desk.refused(by_query("", pagesize="0"))
    assert (number, "pagesize is at least 1" in said) == ("Query Failed", True)


def test_an_operator_has_spaces_around_it(desk: Desk) -> None:
    for text in ("NAME='Acme Timber'", "NAME ='Acme Timber'", "NAME= 'Acme Timber'"):
        ((number, said),) = desk.refused(by_query(text))
        assert (number, "spaces" in said) == ("Query Failed", True)
    assert desk.run(by_query("NAME = 'Acme Timber' and (STATUS = 'active')")).find("data/vendor") is not None


def test_a_flag_of_a_line_is_true_or_false(desk: Desk) -> None:
    for name in ("BILLABLE", "FORM1099"):
        ((_, said), _) = desk.refused(bill(desk, {name: "perhaps"}))
        assert name in said


def test_a_type_of_exchange_rates_must_be_there(desk: Desk) -> None:
    ((_, said), _) = desk.refused(bill(desk, CURRENCY="USD", EXCH_RATE_TYPE_ID="Of my own"))
    assert "'Of my own' specified is not valid" in said
    desk.run(bill(desk, CURRENCY="USD", EXCH_RATE_TYPE_ID="Intacct Daily Rate"))


def test_only_a_bill_is_told_to_reclassify_the_bill(desk: Desk) -> None:
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "None"}
    entry = {"TR_TYPE": "1", "TRX_AMOUNT": "5"}
    ((number, said), _) = desk.refused({"create": {"GLBATCH": {**head, "ENTRIES": {"GLENTRY": [entry, entry]}}}})
    assert (number, "no amount or account" in said) == ("BL01001973", True)


def test_an_error_of_syntax_is_told_by_itself_whatever_went_wrong_before(desk: Desk) -> None:
    desk.post(desk.request({"getAPISession": ""}, control={"policyid": "p"}))  # an error of the schema
    said = etree.fromstring(desk.post(b"nope").body).findtext("errormessage/error/description2") or ""
    assert "Fatal Error 4: Start tag expected" in said


def test_the_older_lists_have_names_and_dates_of_their_own(desk: Desk) -> None:
    desk.bill("41.20")
    row = desk.run(function("get_list", {}, object="bill")).find("data/bill")
    assert row is not None
    assert [row.findtext(f"datedue/{part}") for part in ("year", "month", "day")] == ["2026", "4", "1"]
    assert (row.findtext("totalamount"), row.findtext("billno"), row.find("totalentered")) == ("41.2", "B-1", None)
    wanted = {"expression": {"field": "totalamount", "operator": ">", "value": "100"}}
    assert desk.run(function("get_list", {"filter": wanted}, object="bill")).find("listtype").get("total") == "0"
    journal = desk.run(function("get_list", {}, object="journal")).find("data/journal")
    assert journal is not None
    assert journal.findtext("symbol")
    desk.run(function("create_supdocfolder", {"supdocfoldername": "Trips"}))
    assert desk.run(function("get_list", {}, object="supdocfolder")).findtext("data/supdocfolder/name") == "Trips"
