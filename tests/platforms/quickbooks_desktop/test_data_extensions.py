"""Custom fields and the private data of applications: defined once, kept on records, shown to who names their owner."""

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import ConnectedDesk, Desk, Feeder, bill, document, line, modify, ref

MINE = "{2E2A7C1E-6B0B-4B4E-9C0B-2C3D4E5F6A7B}"
OTHER = "{11111111-2222-4333-8444-555555555555}"


def define(name: str, *objects: str, owner: str = MINE, type: str = "STR255TYPE") -> str:
    assigned = "".join(f"<AssignToObject>{each}</AssignToObject>" for each in objects)
    inner = f"<OwnerID>{owner}</OwnerID><DataExtName>{name}</DataExtName><DataExtType>{type}</DataExtType>{assigned}"
    return f'<DataExtDefAddRq requestID="d"><DataExtDefAdd>{inner}</DataExtDefAdd></DataExtDefAddRq>'


def on_list(kind: str, name: str) -> str:
    return f"<ListDataExtType>{kind}</ListDataExtType>{ref('ListObjRef', name)}"


def on_transaction(kind: str, made: etree._Element, *, line_id: str = "") -> str:
    inner = f"<TxnDataExtType>{kind}</TxnDataExtType><TxnID>{made.findtext('TxnID')}</TxnID>"
    return inner + (f"<TxnLineID>{line_id}</TxnLineID>" if line_id else "")


def extend(verb: str, name: str, object: str, value: str = "", *, owner: str = MINE) -> str:
    told = f"<DataExtValue>{value}</DataExtValue>" if verb != "Del" else ""
    inner = f"<OwnerID>{owner}</OwnerID><DataExtName>{name}</DataExtName>{object}{told}"
    return f'<DataExt{verb}Rq requestID="e"><DataExt{verb}>{inner}</DataExt{verb}></DataExt{verb}Rq>'


def shown(desk: Desk, kind: str, inner: str, *owners: str) -> list[tuple[str | None, ...]]:
    asked = inner + "".join(f"<OwnerID>{owner}</OwnerID>" for owner in owners)
    (found,) = desk.one(f"<{kind}QueryRq>{asked}</{kind}QueryRq>")
    parts = ("OwnerID", "DataExtName", "DataExtType", "DataExtValue")
    return [tuple(each.findtext(part) for part in parts) for each in found.findall("DataExtRet")]


RECEIPT = (
    f"<DataExt><OwnerID>{MINE}</OwnerID><DataExtName>Receipt</DataExtName><DataExtValue>r-1</DataExtValue></DataExt>"
)
AIRLINE = "<FullName>Contoso Air</FullName>"


def test_a_custom_field_is_defined_filled_changed_and_emptied(desk: Desk) -> None:
    made = desk.ok(define("Region", "Vendor", "Customer", owner="0"))
    assert [each.text for each in made.findall("AssignToObject")] == ["Vendor", "Customer"]
    assert (made.findtext("OwnerID"), made.findtext("DataExtType")) == ("0", "STR255TYPE")
    assert int(made.findtext("DataExtID") or "") > 0
    target = on_list("Vendor", "Contoso Air")
    told = desk.ok(extend("Add", "Region", target, "West", owner="0"))
    assert (told.tag, told.findtext("DataExtValue")) == ("DataExtRet", "West")
    assert shown(desk, "Vendor", AIRLINE, "0") == [("0", "Region", "STR255TYPE", "West")]
    desk.ok(extend("Mod", "region", target, "East", owner="0"))
    assert shown(desk, "Vendor", AIRLINE, "0") == [("0", "Region", "STR255TYPE", "East")]
    gone = desk.ok(extend("Del", "Region", target, owner="0"))
    assert (gone.tag, gone.findtext("ListDataExtType"), gone.findtext("ListObjRef/FullName")) == (
        *("DataExtDelRet", "Vendor", "Contoso Air"),
    )
    assert shown(desk, "Vendor", AIRLINE, "0") == []


def test_private_data_is_shown_to_who_names_its_owner_alone(desk: Desk) -> None:
    for owner in (MINE, OTHER):
        desk.ok(define("Id", "Bill", owner=owner))
    made = desk.ok(bill(line("31.00")))
    before = made.findtext("EditSequence")
    desk.ok(extend("Add", "Id", on_transaction("Bill", made), "exp_7"))
    desk.ok(extend("Add", "Id", on_transaction("Bill", made), "pay_9", owner=OTHER))
    inner = f"<TxnID>{made.findtext('TxnID')}</TxnID>"
    assert shown(desk, "Bill", inner) == []
    assert shown(desk, "Bill", inner, MINE.lower()) == [(MINE, "Id", "STR255TYPE", "exp_7")]
    assert len(shown(desk, "Bill", inner, MINE, OTHER)) == 2
    assert desk.ok(f"<BillQueryRq>{inner}</BillQueryRq>").findtext("EditSequence") == before


def test_a_line_may_carry_data_from_the_beginning_or_later(desk: Desk) -> None:
    desk.ok(define("Receipt", "Bill", "Check"))
    made = desk.ok(bill(line("10.00", more=RECEIPT), line("2.50", "Software")))
    ids = [each.text or "" for each in made.iterfind("ExpenseLineRet/TxnLineID")]
    desk.ok(extend("Add", "Receipt", on_transaction("Bill", made, line_id=ids[1]), "r-2"))
    asked = f"<BillQueryRq><IncludeLineItems>true</IncludeLineItems><OwnerID>{MINE}</OwnerID></BillQueryRq>"
    found = [each.findtext("DataExtRet/DataExtValue") for each in desk.ok(asked).iterfind("ExpenseLineRet")]
    assert found == ["r-1", "r-2"]
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    desk.ok(modify("Bill", keys + f"<ExpenseLineMod><TxnLineID>{ids[1]}</TxnLineID></ExpenseLineMod>"))
    assert [each.findtext("DataExtRet/DataExtValue") for each in desk.ok(asked).iterfind("ExpenseLineRet")] == ["r-2"]


def test_a_line_with_data_that_nobody_defined_is_refused_whole(desk: Desk) -> None:
    assert desk.refused(bill(line("10.00", more=RECEIPT))) == "3120"
    assert desk.one("<BillQueryRq/>").get("statusCode") == "1"


def test_the_company_carries_data_too(desk: Desk) -> None:
    desk.ok(define("Plan", "Company"))
    desk.ok(extend("Add", "Plan", "<OtherDataExtType>Company</OtherDataExtType>", "gold"))
    found = desk.ok(f"<CompanyQueryRq><OwnerID>{MINE}</OwnerID></CompanyQueryRq>")
    assert [each.findtext("DataExtValue") for each in found.findall("DataExtRet")] == ["gold"]
    assert desk.ok("<CompanyQueryRq/>").find("DataExtRet") is None


@pytest.mark.parametrize(
    ("type", "value", "kept"),
    [
        ("AMTTYPE", "12.5", "12.50"),
        ("INTTYPE", "7", "7"),
        ("PERCENTTYPE", "12.5", "12.5"),
        ("QUANTYPE", "3.25", "3.25"),
        ("DATETIMETYPE", "2026-03-16T12:00:00", "2026-03-16T12:00:00"),
        ("STR255TYPE", "x" * 255, "x" * 255),
        ("STR1024TYPE", "x" * 1024, "x" * 1024),
    ],
)
def test_a_value_is_of_its_type(desk: Desk, type: str, value: str, kept: str) -> None:
    desk.ok(define("Field", "Vendor", type=type))
    told = desk.ok(extend("Add", "Field", on_list("Vendor", "Contoso Air"), value))
    assert told.findtext("DataExtValue") == kept


@pytest.mark.parametrize(
    ("type", "value", "code"),
    [
        ("AMTTYPE", "much", "3040"),
        ("INTTYPE", "7.5", "3060"),
        ("DATETIMETYPE", "tomorrow", "3020"),
        ("STR255TYPE", "x" * 256, "3070"),
        ("STR1024TYPE", "x" * 1025, "3070"),
    ],
)
def test_a_value_of_another_type_is_refused(desk: Desk, type: str, value: str, code: str) -> None:
    desk.ok(define("Field", "Vendor", type=type))
    assert desk.refused(extend("Add", "Field", on_list("Vendor", "Contoso Air"), value)) == code


def test_what_does_not_fit_is_refused(desk: Desk) -> None:
    desk.ok(define("Region", "Vendor"))
    made = desk.ok(bill(line("31.00")))
    for request, code in (
        (define("region", "Customer"), "3100"),
        (define("Region", "Bill", owner="0"), "3210"),
        (extend("Add", "Nothing", on_list("Vendor", "Contoso Air"), "x"), "3120"),
        (extend("Add", "Region", on_list("Customer", "Meadow School"), "x"), "3210"),
        (extend("Add", "Region", on_list("Vendor", "Nobody"), "x"), "3140"),
        (extend("Mod", "Region", on_list("Vendor", "Contoso Air"), "x"), "3120"),
        (extend("Del", "Region", on_list("Vendor", "Contoso Air")), "3120"),
        (extend("Add", "Region", on_transaction("Check", made), "x"), "3120"),
        (extend("Add", "Region", on_transaction("Bill", made, line_id="FF-1773675000"), "x"), "3120"),
    ):
        assert desk.refused(request) == code, request


def test_definitions_are_asked_for_by_owner_or_by_object(desk: Desk) -> None:
    desk.ok(define("One", "Vendor", "Bill"))
    desk.ok(define("Two", "Customer", owner="0"))
    desk.ok(define("Three", "Bill", owner=OTHER))
    for asked, found in (
        ("", ["One", "Two", "Three"]),
        (f"<OwnerID>{MINE}</OwnerID><OwnerID>0</OwnerID>", ["One", "Two"]),
        ("<AssignToObject>Bill</AssignToObject>", ["One", "Three"]),
    ):
        answer = desk.one(f"<DataExtDefQueryRq>{asked}</DataExtDefQueryRq>")
        assert [each.findtext("DataExtName") for each in answer] == found
    assert desk.one('<DataExtDefQueryRq metaData="MetaDataOnly"/>').get("retCount") == "3"
    none = desk.one("<DataExtDefQueryRq><AssignToObject>Deposit</AssignToObject></DataExtDefQueryRq>")
    assert none.get("statusCode") == "1"


def test_an_application_that_only_reads_defines_nothing() -> None:
    feeder = Feeder([document(define("Region", "Vendor"))])
    desk = ConnectedDesk(feeder, more="<IsReadOnly>true</IsReadOnly>")
    desk.update()
    assert 'statusCode="3263"' in feeder.answers[0]
    assert desk.one("<DataExtDefQueryRq/>").get("statusCode") == "1"


def test_a_transaction_may_carry_what_an_earlier_request_of_its_set_made(desk: Desk) -> None:
    desk.ok(define("Id", "Bill"))
    made = bill(line("31.00")).replace("<BillAdd>", '<BillAdd defMacro="TxnID:b">')
    target = '<TxnDataExtType>Bill</TxnDataExtType><TxnID useMacro="TxnID:b"/>'
    told = desk.run(made + extend("Add", "Id", target, "b-1"))
    assert [each.get("statusCode") for each in told] == ["0", "0"]
    assert shown(desk, "Bill", "", MINE) == [(MINE, "Id", "STR255TYPE", "b-1")]


def redefine(name: str, inner: str, *, owner: str = MINE) -> str:
    told = f"<OwnerID>{owner}</OwnerID><DataExtName>{name}</DataExtName>{inner}"
    return f"<DataExtDefModRq><DataExtDefMod>{told}</DataExtDefMod></DataExtDefModRq>"


def test_a_definition_changes_its_name_and_its_objects_and_values_stay(desk: Desk) -> None:
    desk.ok(define("Receipt", "Vendor", "Customer"))
    desk.ok(extend("Add", "Receipt", on_list("Vendor", "Contoso Air"), "r-9"))
    inner = (
        "<DataExtNewName>Voucher</DataExtNewName><AssignToObject>Bill</AssignToObject>"
        "<RemoveFromObject>Customer</RemoveFromObject><DataExtListRequire>true</DataExtListRequire>"
    )
    made = desk.ok(redefine("Receipt", inner))
    assert [each.text for each in made.findall("AssignToObject")] == ["Vendor", "Bill"]
    assert made.findtext("DataExtListRequire") == "true"
    assert shown(desk, "Vendor", "<FullName>Contoso Air</FullName>", MINE) == [(MINE, "Voucher", "STR255TYPE", "r-9")]
    assert desk.refused(extend("Add", "Receipt", on_list("Vendor", "Contoso Air"), "x")) == "3120"


def test_a_definition_that_will_not_do_is_refused_and_stands_as_it_was(desk: Desk) -> None:
    desk.ok(define("Receipt", "Vendor"))
    desk.ok(define("Voucher", "Vendor"))
    assert desk.refused(redefine("Receipt", "<DataExtNewName>VOUCHER</DataExtNewName>")) == "3100"
    assert desk.refused(redefine("Nothing", "<DataExtNewName>Other</DataExtNewName>")) == "3120"
    desk.ok(define("Colour", "Vendor", owner="0"))
    assert desk.refused(redefine("Colour", "<AssignToObject>Bill</AssignToObject>", owner="0")) == "3210"
    named = [each.findtext("DataExtName") for each in desk.one("<DataExtDefQueryRq/>")]
    assert named == ["Receipt", "Voucher", "Colour"]


def test_a_definition_that_goes_takes_its_values_with_it(desk: Desk) -> None:
    desk.ok(define("Receipt", "Vendor"))
    desk.ok(extend("Add", "Receipt", on_list("Vendor", "Contoso Air"), "r-9"))
    gone = f"<DataExtDefDelRq><OwnerID>{MINE}</OwnerID><DataExtName>Receipt</DataExtName></DataExtDefDelRq>"
    assert desk.ok(gone).findtext("DataExtName") == "Receipt"
    desk.ok(define("Receipt", "Vendor"))
    assert shown(desk, "Vendor", "<FullName>Contoso Air</FullName>", MINE) == []
    assert desk.refused(gone.replace("Receipt", "Nothing")) == "3120"
