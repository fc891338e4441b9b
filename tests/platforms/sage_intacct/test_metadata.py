"""What the company is like: setup, relations of dimensions, periods, payoffs, and who changed what."""

from datetime import date, timedelta

import pytest
from lxml import etree
from tests.platforms.sage_intacct.desk import Desk, day, errors, function

from sandbooks.kit.errors import NotSimulated


def only(field: str, value: str) -> dict[str, object]:
    return {"equalto": {"field": field, "value": value}}


def test_the_financial_setup_is_told_as_it_is_published(desk: Desk) -> None:
    setup = desk.run({"getFinancialSetup": None}).find("data/financialSetup")
    assert {each.tag: each.text for each in setup} == {
        "baseCurrency": "GBP",
        "defaultBook": "ACCRUAL",
        "firstFiscalMonth": "1",
        "multiBaseCurrency": "false",
        "multiBook": "false",
        "multiCurrency": "true",
        "multiEntityShared": "false",
    }


def test_dimensions_reach_each_other_from_both_sides(desk: Desk) -> None:
    found = desk.run({"getDimensionRelationships": None}).findall("data/relationship")
    held = {each.findtext("dimension"): each for each in found}

    def sides(name: str, other: str) -> tuple[str | None, str | None]:
        (related,) = [each for each in held[name].findall("related") if each.findtext("dimension") == other]
        return related.findtext("source_side"), related.findtext("related_side")

    assert sides("PROJECT", "CUSTOMER") == ("Many", "One")
    assert sides("CUSTOMER", "PROJECT") == ("One", "Many")
    assert held["CLASS"].findall("related") == []


def test_permissions_are_those_of_a_user_who_is_there(desk: Desk) -> None:
    assert desk.run({"getUserPermissions": {"userId": "xml_gateway"}}).find("data/permissions") is not None
    assert desk.refused({"getUserPermissions": {"userId": "nobody"}})[0][0] == "DL02000001"


def test_preferences_are_told_by_application(desk: Desk) -> None:
    def told(application: str) -> dict[str | None, str | None]:
        rows = desk.run(function("get_companyprefs", {}, application=application)).findall("data/companypref")
        assert {row.findtext("application") for row in rows} <= {application}
        return {row.findtext("preference"): row.findtext("prefvalue") for row in rows}

    assert (told("GEN")["FISCAL_FIRST_MONTH"], told("GL")["EMPLOYEEDIMENSION"], told("AP")) == ("1", "T", {})
    assert desk.refused(function("get_companyprefs", {}, application="ZZ"))


# Reporting periods


def period(**fields: str) -> dict[str, str]:
    given = {"NAME": "Spring", "HEADER1": "Quarter", "START_DATE": "03/01/2027", "END_DATE": "05/31/2027"}
    return {**given, **fields}


def test_the_months_of_the_year_are_reporting_periods(desk: Desk) -> None:
    year = desk.world.clock.today().year
    rows = desk.query("REPORTINGPERIOD", "NAME", "START_DATE", "END_DATE", "BUDGETING")
    assert len(rows) == 12
    assert rows[1] == {
        "NAME": f"Month Ended February {year}",
        "START_DATE": f"02/01/{year}",
        "END_DATE": f"02/{date(year, 3, 1) - timedelta(days=1):%d}/{year}",
        "BUDGETING": "true",
    }
    listed = desk.run(function("get_list", {}, object="reportingperiod")).find("data/reportingperiod")
    assert (listed.findtext("headingtitle"), listed.findtext("budgetable")) == ("Month Ended", "true")


def test_reporting_periods_are_made_changed_and_deleted(desk: Desk) -> None:
    desk.create("REPORTINGPERIOD", **period())
    desk.run({"update": {"REPORTINGPERIOD": {"NAME": "Spring", "HEADER1": "Spring", "BUDGETING": "true"}}})
    for wrong in (
        period(NAME="Backwards", END_DATE="02/01/2027"),
        period(NAME="Twice", BUDGETING="true", START_DATE="05/31/2027", END_DATE="06/30/2027"),
        period(NAME="Nameless", HEADER1=""),
    ):
        desk.refused({"create": {"REPORTINGPERIOD": wrong}})
    desk.create("REPORTINGPERIOD", **period(NAME="Same days"))
    (row,) = desk.query("REPORTINGPERIOD", "RECORDNO", filter=only("NAME", "Spring"))
    desk.run({"delete": {"object": "REPORTINGPERIOD", "keys": row["RECORDNO"]}})
    desk.create("REPORTINGPERIOD", **period(NAME="Again", BUDGETING="true"))


def test_a_trial_balance_is_told_for_a_reporting_period(desk: Desk) -> None:
    desk.create("REPORTINGPERIOD", **period(START_DATE="03/01/2026", END_DATE="03/31/2026"))
    desk.bill("9.00")
    asked = function("get_trialbalance", {"reportingperiodname": "Spring"})
    rows = desk.run(asked).findall("data/trialbalance")
    assert {row.findtext("glaccountno"): row.findtext("endbalance") for row in rows} == {
        desk.account("office"): "9",
        desk.account("payables"): "-9",
    }
    assert "Reporting period" in desk.refused(function("get_trialbalance", {"reportingperiodname": "None"}))[0][1]
    with pytest.raises(NotSimulated, match="showdeptdetail"):
        desk.run(function("get_trialbalance", {"reportingperiodname": "Spring", "showdeptdetail": "true"}))


def test_vendor_types_are_kept(desk: Desk) -> None:
    fields = {"VENDORID": "V", "NAME": "V", "VENDTYPE": "Utilities"}
    assert "Utilities" in desk.refused({"create": {"VENDOR": fields}})[0][1]
    desk.create("VENDTYPE", NAME="Utilities")
    desk.create("VENDOR", VENDORID="V", NAME="V", VENDTYPE="Utilities")
    assert desk.query("VENDTYPE", "NAME") == [{"NAME": "Utilities"}]
    assert desk.query("VENDOR", "VENDTYPE", filter=only("VENDORID", "V")) == [{"VENDTYPE": "Utilities"}]


# Charge payoffs


def test_a_payoff_can_be_read_with_its_lines(desk: Desk) -> None:
    card = desk.account("visa")
    desk.run({"update": {"CREDITCARD": {"CARDID": card, "VENDORID": desk.labels["suppliers"]["acme"]}}})
    charge = desk.charge("9.40")
    desk.bill("3.00")
    given = {"chargecardid": card, "payoffdate": day("2026-03-20"), "charges": {"charge": {"key": charge}}}
    bill = desk.legacy("create_chargepayoff", given)
    assert desk.query("CHARGEPAYOFF", "RECORDNO", "TRX_TOTALENTERED", "CHARGECARDID") == [
        {"RECORDNO": bill, "TRX_TOTALENTERED": "9.4", "CHARGECARDID": card}
    ]
    entries = [{"RECORDKEY": bill, "AMOUNT": "9.4"}]
    assert desk.query("CHARGEPAYOFFENTRY", "RECORDKEY", "AMOUNT") == entries
    assert desk.query("CHARGEPAYOFFENTRY", "RECORDKEY", "AMOUNT", filter=only("RECORDKEY", bill)) == entries
    assert desk.query("CHARGEPAYOFF", "RECORDNO", filter=only("RECORDNO", bill)) == [{"RECORDNO": bill}]


def test_what_no_record_holds_is_found_by_its_name_and_number(desk: Desk) -> None:
    (rate,) = desk.query("EXCHANGERATETYPES", "RECORDNO", "NAME")
    assert desk.query("EXCHANGERATETYPES", "RECORDNO", "NAME", filter=only("NAME", rate["NAME"])) == [rate]
    first = desk.query("AUDITHISTORY", "RECORDNO", "OBJECTTYPE")[0]
    assert desk.query("AUDITHISTORY", "RECORDNO", "OBJECTTYPE", filter=only("RECORDNO", first["RECORDNO"])) == [first]


# Audit trail


def test_the_changes_of_a_record_are_told(desk: Desk) -> None:
    bill = desk.bill("3.00")
    desk.world.advance(by=timedelta(hours=1))
    desk.run({"update": {"APBILL": {"RECORDNO": bill, "DESCRIPTION": "Noted"}}})
    for asked in ({"recordNo": bill}, {"objectKey": bill}):
        made, changed = desk.run({"getAuditTrail": {"object": "APBILL", **asked}}).findall("data/auditTrailDetail")
        assert [each.findtext("accessMode") for each in (made, changed)] == ["create", "modify"]
        assert (made.findtext("userId"), made.findtext("object"), made.findtext("source")) == (
            "xml_gateway",
            "apbill",
            "api",
        )
        assert made.findtext("accessTime") < changed.findtext("accessTime")
    assert len(desk.run({"getAuditTrail": {"object": "APBILL", "recordNo": "99"}}).find("data")) == 0
    assert desk.refused({"getAuditTrail": {"object": "COLOURS", "recordNo": "1"}})[0][0] == "Query Failed"


def test_the_history_of_all_objects_can_be_queried(desk: Desk) -> None:
    bill = desk.bill("3.00")
    desk.run({"delete": {"object": "APBILL", "keys": bill}})
    rows = desk.query("AUDITHISTORY", "ACCESSMODE", "SOURCE", "OBJECTKEY", filter=only("OBJECTTYPE", "apbill"))
    assert [(row["ACCESSMODE"], row["SOURCE"], row["OBJECTKEY"]) for row in rows] == [
        ("C", "api", bill),
        ("D", "api", bill),
    ]
    asked = {
        "object": "AUDITHISTORY",
        "fields": "OBJECTKEY",
        "query": "OBJECTTYPE = 'apbill' and ACCESSMODE = 'Delete'",
    }
    assert desk.run({"readByQuery": asked}).find("data").get("count") == "1"


# Recalling, permissions


def test_a_bill_that_waits_for_approval_is_recalled(desk: Desk) -> None:
    desk.company.change_settings(bill_approval=True)
    bill = desk.bill("3.00")
    desk.run({"recallApBill": {"recordno": bill}})
    assert desk.row("APBILL", bill)["STATE"] == "Draft"
    assert "Only submitted" in desk.refused({"recallApBill": {"recordno": bill}})[0][1]
    assert desk.refused({"recallApBill": {"recordno": "99"}})[0][0] == "DL02000001"


def test_a_user_without_permission_is_told_so(desk: Desk) -> None:
    desk.company.change_settings(denied_objects=["VENDOR", "CCTRANSACTION"])
    charge = function("reverse_cctransaction", {"datereversed": day("2026-03-03")}, key="1")
    for asked in (
        {"create": {"VENDOR": {"VENDORID": "V", "NAME": "V"}}},
        {"query": {"object": "VENDOR", "select": {"field": "NAME"}}},
        charge,
    ):
        assert "You do not have permission for API" in desk.refused(asked)[0][1]
    desk.bill("3.00")


def test_a_sender_that_the_company_has_not_authorised_is_refused(desk: Desk) -> None:
    desk.company.change_settings(authorized_senders=["someone"])
    answer = desk.send({"getDimensions": None})
    assert answer.findtext("operation/authentication/status") == "failure"
    ((number, text),) = errors(answer.find("operation"))
    assert number == "XL03000006"
    assert text.startswith(f"The sender ID '{desk.credentials['sender_id']}' is not authorized to make Web Services")
    assert answer.findtext("operation/errormessage/error/description") == "Invalid Web Services Authorization"
    desk.company.change_settings(authorized_senders=[desk.credentials["sender_id"]])
    desk.run({"getDimensions": None})


def test_a_company_whose_trial_is_over_answers_nothing_else(desk: Desk) -> None:
    desk.company.change_settings(demo_expired=True)
    number, text = desk.stopped({"create": {"CLASS": {"CLASSID": "K", "NAME": "K"}}})
    assert (number, text.partition(" [")[0]) == ("PL04000055", "This company is a demo company and has expired.")
    assert isinstance(etree.tostring(desk.send({"getDimensions": None})), bytes)
