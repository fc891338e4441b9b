"""What the gateway does not know: elements, functions, objects of the older lists, transport policies, fields."""

import pytest
from lxml import etree
from tests.platforms.sage_intacct.desk import Desk, day, function

from sandbooks.kit.errors import NotSimulated


def charge(desk: Desk, *, line: dict[str, object] | None = None, **fields: object) -> etree._Element:
    item = {"glaccountno": desk.account("travel"), "paymentamount": "5.00", **(line or {})}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": item}}
    return function("record_cctransaction", {**head, **fields})


def test_an_element_that_an_older_function_does_not_know_fails_the_whole_request(desk: Desk) -> None:
    number, text = desk.stopped(charge(desk, colour="red"))
    assert number == "XL03000003"
    assert text.startswith("XML Parse schema error: Error 1871: Element 'colour': This element is not expected.")
    assert "Line: 1, column: 0. [Support ID: " in text


@pytest.mark.parametrize(
    "name", ["update_bill", "create_vendor", "create_expensereport", "create_apadjustment", "create_supdoc"]
)
def test_every_older_function_names_its_elements(desk: Desk, name: str) -> None:
    attributes = {"key": "1"} if name == "update_bill" else {}
    assert desk.stopped(function(name, {"colour": "red"}, **attributes))[0] == "XL03000003"


def test_an_element_that_a_line_does_not_know_fails_the_whole_request(desk: Desk) -> None:
    assert desk.stopped(charge(desk, line={"shoe": "44"}))[0] == "XL03000003"
    assert desk.stopped(charge(desk, line={"memo": "of a bill's line"}))[0] == "XL03000003"


def test_elements_may_come_in_any_order_where_public_clients_send_them_so(desk: Desk) -> None:
    line = {"paymentamount": "5.00", "taskid": "", "glaccountno": desk.account("travel")}
    sent = {"payee": "Rail", "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": line}, "description": ""}
    assert desk.legacy("record_cctransaction", {**sent, "chargecardid": desk.account("visa")})


def test_an_element_that_must_be_there_is_missed_by_the_schema(desk: Desk) -> None:
    number, text = desk.stopped(function("record_cctransaction", {"paymentdate": day("2026-03-02")}))
    assert (number, "Missing child element(s)" in text) == ("XL03000003", True)


@pytest.mark.parametrize("name", ["record_bill", "reverse_vendor", "create_cctransaction", "no_such_function"])
def test_a_function_that_the_gateway_does_not_have_is_unknown(desk: Desk, name: str) -> None:
    number, text = desk.stopped(function(name, {}))
    assert number == "XL03000003"
    assert f"Element '{name}': This element is not expected" in text


@pytest.mark.parametrize("name", ["create_timesheet", "update_sotransaction", "getDdsObjects", "hold", "get_bill"])
def test_a_function_that_only_the_product_has_says_so(desk: Desk, name: str) -> None:
    with pytest.raises(NotSimulated, match=name):
        desk.send(function(name, {}))


def test_people_are_named_by_an_attribute_of_their_own(desk: Desk) -> None:
    new = {"vendorid": "N-1", "name": "New", "contactinfo": {"contact": {"contactname": "New", "printas": "New"}}}
    desk.legacy("create_vendor", new)
    desk.legacy("update_vendor", {"name": "Newer"}, vendorid="N-1")
    assert desk.query("VENDOR", "NAME", filter={"equalto": {"field": "VENDORID", "value": "N-1"}}) == [
        {"NAME": "Newer"}
    ]
    assert desk.stopped(function("delete_vendor", {}, key="N-1"))[0] == "XL03000003"
    desk.legacy("delete_vendor", vendorid="N-1")
    assert desk.refused(function("delete_vendor", {}, vendorid="N-1"))[0][0] == "DL02000001"


# Generic functions


def test_a_generic_function_leaves_out_what_its_object_does_not_have(desk: Desk) -> None:
    desk.create("VENDOR", VENDORID="Q", NAME="Quay", COLOUR="red", DISPLAYCONTACT={"PRINTAS": "Quay", "SHOE": "44"})
    desk.run({"update": {"VENDOR": {"VENDORID": "Q", "TAXID": "T-1", "COLOUR": "blue", "NAME1099": "Quay Ltd"}}})
    read = desk.run({"readByName": {"object": "VENDOR", "keys": "Q"}}).find("data/VENDOR")
    assert (read.findtext("TAXID"), read.findtext("NAME1099")) == ("T-1", "Quay Ltd")
    assert (read.find("COLOUR"), read.find("DISPLAYCONTACT/SHOE")) == (None, None)


def test_fields_of_the_companys_own_are_kept(desk: Desk) -> None:
    desk.company.change_settings(custom_fields=["COLOUR"])
    desk.create("VENDOR", VENDORID="Q", NAME="Quay", COLOUR="red")
    line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "4.00", "COLOUR": "green", "SHOE": "44"}
    bill = desk.create("APBILL", **desk.bill_fields("B-7"), COLOUR="blue", APBILLITEMS={"APBILLITEM": line})
    vendor = desk.run({"readByName": {"object": "VENDOR", "keys": "Q"}}).find("data/VENDOR")
    read = desk.run({"read": {"object": "APBILL", "keys": bill}}).find("data/APBILL")
    assert [vendor.findtext("COLOUR"), read.findtext("COLOUR")] == ["red", "blue"]
    item = read.find("APBILLITEMS/APBILLITEM")
    assert (item.findtext("COLOUR"), item.find("SHOE")) == ("green", None)


# Older lists and policies


def test_an_older_list_of_an_object_that_none_has_fails_the_whole_request(desk: Desk) -> None:
    for name in ("get_list", "get"):
        number, text = desk.stopped(function(name, {}, object="colours", key="1"))
        assert number == "XL03000003"
        assert "attribute 'object': [facet 'enumeration'] The value 'colours' is not an element of the set" in text


@pytest.mark.parametrize("word", ["invoice", "sotransaction", "accountgroup"])
def test_an_older_list_that_only_the_product_has_says_so(desk: Desk, word: str) -> None:
    with pytest.raises(NotSimulated, match=word):
        desk.send(function("get_list", {}, object=word))


def test_an_older_list_goes_by_its_older_name(desk: Desk) -> None:
    found = desk.run(function("get_list", {}, object="icitem"))
    assert found.findtext("listtype") == "icitem"
    assert desk.run(function("get_list", {}, object="expensetypes")).findtext("listtype") == "expensetypes"


def test_a_transport_policy_that_the_company_does_not_have_is_refused(desk: Desk) -> None:
    desk.company.change_settings(transport_policies=["nightly"])
    asked = function("readByQuery", {"object": "VENDOR", "fields": "*", "query": ""})
    later: dict[str, object] = {"policyid": "", "includewhitespace": None}
    assert desk.send(asked, control={**later, "policyid": "nightly"}).findtext("acknowledgement/status") == "success"
    number, text = desk.stopped(asked, control={**later, "policyid": "daily"})
    assert (number, text.partition(" [")[0]) == ("XL03000006", "daily is not a valid transport policy.")
