"""Contracts, warehouses and dimensions of a company's own: on lines, in the ledger, and read as objects."""

from datetime import date
from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, errors, function
from tests.platforms.sage_intacct.documents import journal, report
from tests.platforms.sage_intacct.rest_bodies import BILL, bill, line, made, refused

from sandbooks.kit.errors import NotSimulated

PLACES = {"user_dimensions": {"place": {"10001": "North", "10002": "South"}}}
TEMPLATE = "objects/general-ledger/txn-allocation-template"


def placed(desk: Desk) -> Desk:
    desk.company.change_settings(**PLACES)
    return desk


def in_ledger(desk: Desk, field: str) -> set[str]:
    return {row[field] for row in desk.query("GLDETAIL", field)} - {""}


def test_lines_of_every_document_name_a_contract_and_a_warehouse(desk: Desk) -> None:
    desk.create("CONTRACT", CONTRACTID="C-7", NAME="Refit", CUSTOMERID=desk.labels["customers"]["lattice"])
    desk.create("WAREHOUSE", WAREHOUSEID="W-2", NAME="Dock")
    where = {"contractid": "C-7", "warehouseid": "W-2"}
    desk.charge("2.00", ccpayitems={"ccpayitem": {"glaccountno": "6300", "paymentamount": "2.00", **where}})
    report(desk, "3.00", **where)
    entry = journal(desk, ("travel", "1", "5.00"), ("office", "-1", "5.00"))
    entry["create"]["GLBATCH"]["ENTRIES"]["GLENTRY"][0] |= {name.upper(): value for name, value in where.items()}
    desk.run(entry)
    row = desk.query("CCTRANSACTIONENTRY", "CONTRACTID", "WAREHOUSENAME", "CONTRACT.NAME")[0]
    assert row == {"CONTRACTID": "C-7", "WAREHOUSENAME": "Dock", "CONTRACT.NAME": "Refit"}
    assert (in_ledger(desk, "CONTRACTID"), in_ledger(desk, "WAREHOUSEID")) == ({"C-7"}, {"W-2"})
    wrong = {"glaccountno": "6300", "paymentamount": "2.00", "contractid": "C-8"}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": wrong}}
    assert "C-8" in desk.refused(function("record_cctransaction", head))[0][1]


def test_an_account_that_requires_a_warehouse_refuses_a_line_without_one(desk: Desk) -> None:
    desk.run({"update": {"GLACCOUNT": {"ACCOUNTNO": "6300", "REQUIREWAREHOUSE": "true"}}})
    item = {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1.00"}
    given = {"create": {"APBILL": {**desk.bill_fields("W"), "APBILLITEMS": {"APBILLITEM": item}}}}
    assert "Warehouse" in desk.refused(given)[0][1]


def test_a_line_names_a_value_of_the_companys_own_dimension(desk: Desk) -> None:
    placed(desk)
    item = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "4.00", "GLDIMPLACE": "10002"}
    key = desk.create("APBILL", **desk.bill_fields("P"), APBILLITEMS={"APBILLITEM": item})
    only = {"equalto": {"field": "GLDIMPLACE", "value": "10002"}}
    assert desk.query("APBILLITEM", "RECORDKEY", filter=only) == [{"RECORDKEY": key}]
    assert in_ledger(desk, "GLDIMPLACE") == {"10002"}
    for wrong in ({"GLDIMPLACE": "10003"}, {"GLDIMREGION": "1"}):
        bad = {**item, **wrong}
        given = {"create": {"APBILL": {**desk.bill_fields("Q"), "APBILLITEMS": {"APBILLITEM": bad}}}}
        assert "is not valid" in desk.refused(given)[0][1]


def test_the_values_of_such_a_dimension_are_read_as_an_object(desk: Desk) -> None:
    placed(desk)
    told = desk.run({"getDimensions": None}).findall("data/dimensions/dimension")
    own = [each for each in told if each.findtext("userDefinedDimension") == "true"]
    assert [each.findtext("objectName") for each in own] == ["place"]
    answer = desk.run({"readByQuery": {"object": "place", "fields": "*", "query": "name = 'South'", "pagesize": "100"}})
    assert [(row.findtext("id"), row.findtext("name")) for row in answer.findall("data/place")] == [("10002", "South")]
    answer = desk.run({"query": {"object": "PLACE", "select": {"field": ["id", "name"]}, "pagesize": "1"}})
    assert [(row.findtext("id"), row.findtext("name")) for row in answer.findall("data/PLACE")] == [("10001", "North")]
    assert desk.refused({"readByQuery": {"object": "region", "fields": "*", "query": ""}})


def test_rest_names_and_reads_such_a_dimension_under_its_prefix(desk: Desk) -> None:
    placed(desk)
    place = {"dimensions": {"nsp::place": {"key": "10001"}}}
    key = made(desk, BILL, bill(desk, lines=[line(desk, "office", "6.00", **place)]))
    _, read = desk.rest("GET", f"{BILL}/{key}")
    assert read["ia::result"]["lines"][0]["dimensions"]["nsp::place"] == {
        "key": "10001",
        "id": "10001",
        "name": "North",
    }
    path = "objects/platform-apps/nsp::place"
    _, listed = desk.rest("GET", path)
    assert [each["key"] for each in listed["ia::result"]] == ["10001", "10002"]
    _, one = desk.rest("GET", f"{path}/10002")
    assert one["ia::result"]["name"] == "South"
    asked = {"object": "platform-apps/nsp::place", "fields": ["id", "name"], "filters": [{"$eq": {"name": "North"}}]}
    _, found = desk.rest("POST", "services/core/query", asked)
    assert found["ia::result"] == [{"id": "10001", "name": "North"}]
    _, told = desk.rest("GET", "services/company-config/dimensions/list")
    assert told["ia::result"][-1]["dimensionEndpoint"] == "/objects/platform-apps/nsp::place"
    wrong = {"dimensions": {"nsp::place": {"key": "7"}}}
    refused(desk, "POST", BILL, bill(desk, "R-9", lines=[line(desk, "office", "6.00", **wrong)]), status=422)
    refused(desk, "GET", f"{path}/7", None, status=404)
    with pytest.raises(NotSimulated, match="nsp::place"):
        desk.rest("POST", path, {"name": "East"})
    with pytest.raises(NotSimulated, match="nsp::region"):
        desk.rest("POST", BILL, bill(desk, "R-8", **{"nsp::region": "x"}))


def test_an_allocation_is_made_and_read_through_rest(desk: Desk) -> None:
    sales, build = (desk.labels["tracking"][f"department/{name}"] for name in ("Sales", "Build"))
    parts = [
        {"valueType": "percent", "value": share, "dimensions": {"department": {"id": id}}}
        for share, id in (("30", sales), ("70", build))
    ]
    key = made(desk, TEMPLATE, {"id": "Split", "allocateBy": "percentage", "lines": parts})
    _, read = desk.rest("GET", f"{TEMPLATE}/{key}")
    shown = read["ia::result"]
    assert (shown["allocateBy"], [each["value"] for each in shown["lines"]]) == ("percentage", ["30", "70"])
    made(desk, BILL, bill(desk, lines=[line(desk, "office", "10.00", allocation={"id": "Split"})]))
    rows = desk.query("APBILLITEM", "TRX_AMOUNT", "DEPARTMENTID")
    assert [(row["TRX_AMOUNT"], row["DEPARTMENTID"]) for row in rows] == [("3", sales), ("7", build)]
    refused(desk, "POST", TEMPLATE, {"id": "Half", "lines": parts[:1]}, status=422)
    head = {"glJournal": {"id": "GJ"}, "postingDate": "2026-03-02", "description": "Move", "state": "posted"}
    spread = line(desk, "travel", "20.00", txnType="debit", allocation={"id": "Split"})
    sides = [spread, line(desk, "office", "20.00", txnType="credit")]
    entry = made(desk, "objects/general-ledger/journal-entry", {**head, "lines": sides})
    _, read = desk.rest("GET", f"objects/general-ledger/journal-entry/{entry}")
    assert [each["allocation"]["id"] for each in read["ia::result"]["lines"]] == ["Split", "Split", None]


def test_a_journal_entry_through_rest_carries_its_tax(desk: Desk) -> None:
    head = {"glJournal": {"id": "GJ"}, "postingDate": "2026-03-02", "description": "Move", "state": "posted"}
    tax = {"taxEntries": [{"purchasingTaxDetail": {"id": desk.labels["taxes"]["standard"]}}]}
    sides = [line(desk, "travel", "20.00", txnType="debit", **tax), line(desk, "bank", "24.00", txnType="credit")]
    solution = {"taxSolution": {"id": "United Kingdom - VAT"}}
    made(desk, "objects/general-ledger/journal-entry", {**head, **solution, "lines": sides})
    assert desk.books() == {"travel": "20.00", "input_tax": "4.00", "bank": "-24.00"}
    wrong = {**head, "taxSolution": {"id": "Nowhere"}, "lines": sides}
    refused(desk, "POST", "objects/general-ledger/journal-entry", wrong, status=422)


def test_preferences_and_rates_of_the_companys_own_are_read_as_objects(desk: Desk) -> None:
    rows = desk.query(
        "COMPANYPREF", "PREFERENCE", "PREFVALUE", filter={"equalto": {"field": "APPLICATION", "value": "GEN"}}
    )
    assert {"PREFERENCE": "FISCAL_FIRST_MONTH", "PREFVALUE": "1"} in rows
    assert desk.query("EXCHANGERATE", "RECORDNO") == []
    days = {"2026-01-01": "0.70", "2026-03-05": "0.75"}
    desk.company.change_settings(custom_exchange_rates={"Board Rate": {"USD": days}})
    assert desk.query("EXCHANGERATE", "EXCH_RATE_TYPE_ID", "FROM_CURRENCY", "TO_CURRENCY") == [
        {"EXCH_RATE_TYPE_ID": "Board Rate", "FROM_CURRENCY": "USD", "TO_CURRENCY": "GBP"}
    ]
    assert "Board Rate" in [row["NAME"] for row in desk.query("EXCHANGERATETYPES", "NAME")]
    rates = desk.query("EXCHANGERATEENTRY", "EFFECTIVE_START_DATE", "EXCHANGE_RATE")
    assert [tuple(row.values()) for row in rates] == [("01/01/2026", "0.7"), ("03/05/2026", "0.75")]


def test_a_document_takes_the_rate_of_a_type_of_the_companys_own(desk: Desk) -> None:
    days = {"2026-01-01": "0.70", "2026-03-05": "0.75"}
    desk.company.change_settings(custom_exchange_rates={"Board Rate": {"USD": days}})
    fields: dict[str, Any] = {"CURRENCY": "USD", "EXCH_RATE_TYPE_ID": "Board Rate"}
    desk.bill("10.00", **fields)
    assert desk.books(date(2026, 3, 31)) == {"office": "7.00", "payables": "-7.00"}
    desk.bill("10.00", number="B-2", EXCH_RATE_DATE="03/06/2026", **fields)
    assert desk.books(date(2026, 3, 31))["office"] == "14.50"
    early = {**fields, "EXCH_RATE_DATE": "12/31/2025"}
    item = {"APBILLITEM": {"ACCOUNTNO": "6300", "TRX_AMOUNT": "1.00"}}
    bad = desk.send({"create": {"APBILL": {**desk.bill_fields("E"), **early, "APBILLITEMS": item}}})
    assert "EXCHANGE_RATE" in errors(bad.find("operation/result"))[0][1]
