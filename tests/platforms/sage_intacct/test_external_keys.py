"""Ids of the client's own, duplicates that are ignored, contacts and folders that older functions name."""

from typing import Any

import pytest
from lxml import etree
from tests.platforms.sage_intacct.desk import Desk, day, errors, function

from sandbooks.kit.errors import NotSimulated


def bill(desk: Desk, external: str, *, number: str = "L-1", amount: str = "3.40") -> etree._Element:
    head = {"vendorid": desk.labels["suppliers"]["acme"], "datecreated": day("2026-03-02")}
    head |= {"datedue": day("2026-03-12"), "billno": number, "externalid": external}
    return function("create_bill", {**head, "billitems": {"lineitem": {"glaccountno": "6300", "amount": amount}}})


def keyed(name: str, fields: dict[str, Any], key: str) -> etree._Element:
    return function(name, fields, key=key, externalkey="true")


def test_a_document_is_found_changed_and_deleted_by_the_clients_own_id(desk: Desk) -> None:
    key = str(desk.run(bill(desk, "mine-1")).findtext("key"))
    got = desk.run(function("get", {}, object="bill", key="mine-1", externalkey="true"))
    assert got.findtext("data/bill/key") == key
    assert desk.run(keyed("update_bill", {"description": "Noted"}, "mine-1")).findtext("key") == key
    assert desk.row("APBILL", key)["DESCRIPTION"] == "Noted"
    assert desk.refused(keyed("delete_bill", {}, key))[0][0] == "DL02000001"
    desk.run(keyed("delete_bill", {}, "mine-1"))
    assert desk.books() == {}
    assert desk.refused(keyed("delete_bill", {}, "mine-1"))[0][0] == "DL02000001"


def test_a_reversal_goes_by_the_clients_own_id(desk: Desk) -> None:
    key = str(desk.run(bill(desk, "mine-2")).findtext("key"))
    desk.run(keyed("reverse_bill", {"datereversed": day("2026-03-05")}, "mine-2"))
    assert desk.row("APBILL", key)["STATE"] == "Reversed"


def test_an_id_of_the_clients_own_names_one_document_of_its_kind(desk: Desk) -> None:
    desk.run(bill(desk, "mine-3"))
    assert "mine-3" in desk.refused(bill(desk, "mine-3", number="L-2", amount="4.10"))[0][1]
    desk.run(bill(desk, "mine-4", number="L-2", amount="4.10"))
    desk.run(keyed("update_bill", {"externalid": "mine-4", "description": "Same"}, "mine-4"))


def test_a_key_of_the_clients_own_inside_a_function_is_not_simulated(desk: Desk) -> None:
    desk.run(bill(desk, "mine-5"))
    head = {"bankaccountid": desk.account("bank"), "vendorid": desk.labels["suppliers"]["acme"]}
    head |= {"paymentmethod": "EFT", "paymentdate": day("2026-03-09")}
    items = {"paymentrequestitem": {"key": "mine-5", "paymentamount": "1.00"}}
    asked = function("create_paymentrequest", {**head, "paymentrequestitems": items})
    asked.find("paymentrequestitems/paymentrequestitem").set("externalkey", "true")
    with pytest.raises(NotSimulated, match="externalkey"):
        desk.run(asked)


def vendor(name: str, **more: Any) -> dict[str, Any]:
    return {"vendorid": "Q-1", "name": name, **more}


def test_a_duplicate_is_ignored_where_that_is_asked_for(desk: Desk) -> None:
    desk.run(function("create_vendor", vendor("Quay"), ignoreduplicates="true"))
    again = desk.run(function("create_vendor", vendor("Other"), ignoreduplicates="true"))
    assert again.findtext("key") == "Q-1"
    only = {"equalto": {"field": "VENDORID", "value": "Q-1"}}
    assert desk.query("VENDOR", "NAME", filter=only) == [{"NAME": "Quay"}]
    for how in ({}, {"ignoreduplicates": "false"}):
        assert desk.refused(function("create_vendor", vendor("Other"), **how))[0][0] == "BL34000061"


def test_a_list_entry_is_found_by_the_clients_own_id_too(desk: Desk) -> None:
    desk.run(function("create_vendor", vendor("Quay", externalid="v-77")))
    change = function("update_vendor", {"name": "Quay Ltd"}, vendorid="v-77", externalkey="true")
    assert desk.run(change).findtext("key") == "Q-1"


def test_contacts_that_a_vendor_names_are_there_or_come_in_whole(desk: Desk) -> None:
    desk.create("CONTACT", CONTACTNAME="Pay Desk", PRINTAS="Pay Desk")
    assert desk.refused({"create": {"VENDOR": {"VENDORID": "V", "NAME": "V", "PAYTO": {"CONTACTNAME": "nobody"}}}})
    desk.create("VENDOR", VENDORID="V", NAME="V", PAYTO={"CONTACTNAME": "Pay Desk"})
    whole = {"contact": {"contactname": "Goods In", "printas": "Goods In"}}
    desk.run(function("create_vendor", vendor("Quay", returnto=whole, payto={"contactname": "Pay Desk"})))
    rows = desk.query("VENDOR", "VENDORID", "PAYTOCONTACT.PRINTAS", "RETURNTOCONTACT.PRINTAS")
    assert rows[-1] == {
        "VENDORID": "Q-1",
        "PAYTOCONTACT.PRINTAS": "Pay Desk",
        "RETURNTOCONTACT.PRINTAS": "Goods In",
    }


@pytest.mark.parametrize("name", ["wirebankname", "outsourcecheck", "pmplusemail"])
def test_an_element_of_an_older_list_that_is_not_kept_says_so(desk: Desk, name: str) -> None:
    with pytest.raises(NotSimulated, match=name.upper()):
        desk.run(function("create_vendor", vendor("Quay", **{name: "x"})))
    desk.run(function("create_vendor", vendor("Quay", **{name: ""})))


def test_fields_of_the_companys_own_come_in_the_group_of_older_functions(desk: Desk) -> None:
    own = {"customfield": {"customfieldname": "COLOUR", "customfieldvalue": "red"}}
    desk.run(function("create_vendor", vendor("Quay", customfields=own)))
    read = desk.run({"readByName": {"object": "VENDOR", "keys": "Q-1"}}).find("data/VENDOR")
    assert (read.findtext("COLOUR"), read.find("CUSTOMFIELDS")) == ("red", None)


def test_a_folder_is_described_anew_and_moved_but_not_into_itself(desk: Desk) -> None:
    for name, above in (("A", ""), ("B", "A")):
        desk.run(function("create_supdocfolder", {"supdocfoldername": name, "supdocparentfoldername": above}))
    desk.run(function("update_supdocfolder", {"supdocfoldername": "B", "supdocfolderdescription": "Trips"}))
    folder = desk.run(function("get", {}, object="supdocfolder", key="B")).find("data/supdocfolder")
    assert (folder.findtext("description"), folder.findtext("parentfolder")) == ("Trips", "A")
    for above in ("B", "nowhere"):
        moved = {"supdocfoldername": "A", "supdocparentfoldername": above}
        desk.refused(function("update_supdocfolder", moved))
    missing = desk.send(function("update_supdocfolder", {"supdocfoldername": "C"})).find("operation/result")
    assert errors(missing)[0][0] == "DL02000001"
