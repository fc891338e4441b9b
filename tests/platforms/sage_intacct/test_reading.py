"""Reading: the query languages, pages that go on, older lists, metadata, attachments."""

import base64
from datetime import timedelta

import pytest
from lxml import etree
from tests.platforms.counting import counted
from tests.platforms.sage_intacct.desk import Desk, function

from sandbooks.platforms.sage_intacct.query.rows import Rows

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


def vendors(desk: Desk, count: int) -> None:
    for number in range(count):
        desk.create("VENDOR", VENDORID=f"N{number}", NAME=f"Name {number}", CREDITLIMIT=str(100 * number))


def ids(desk: Desk, **more: object) -> list[str]:
    return [row["VENDORID"] for row in desk.query("VENDOR", "VENDORID", **more)]


def compare(operator: str, field: str, *values: str) -> dict[str, object]:
    return {operator: {"field": field, "value": list(values)}}


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        (compare("equalto", "VENDORID", "N1"), ["N1"]),
        (compare("greaterthan", "CREDITLIMIT", "199.5"), ["N2", "N3"]),
        (compare("between", "CREDITLIMIT", "100", "200"), ["N1", "N2"]),
        (compare("in", "VENDORID", "N0", "N3"), ["N0", "N3"]),
        (compare("like", "NAME", "%e 2"), ["N2"]),
        ({"and": {**compare("like", "NAME", "Name%"), **compare("notin", "VENDORID", "N0", "N1")}}, ["N2", "N3"]),
        (
            {"or": {"equalto": [{"field": "VENDORID", "value": "N1"}, {"field": "VENDORID", "value": "N2"}]}},
            ["N1", "N2"],
        ),
        (
            {
                "and": {
                    "greaterthanorequalto": [
                        {"field": "CREDITLIMIT", "value": "100"},
                        {"field": "CREDITLIMIT", "value": "300"},
                    ]
                }
            },
            ["N3"],
        ),
    ],
)
def test_a_query_filters_by_what_the_values_are(desk: Desk, filter: dict[str, object], found: list[str]) -> None:
    vendors(desk, 4)
    assert ids(desk, filter=filter) == found


def test_a_query_sorts_and_pages_and_tells_what_remains(desk: Desk) -> None:
    vendors(desk, 5)
    only = compare("like", "NAME", "Name%")
    order = {"order": {"field": "CREDITLIMIT", "descending": None}}
    asked = {"object": "VENDOR", "select": {"field": "VENDORID"}, "filter": only, "orderby": order}
    data = desk.run({"query": {**asked, "pagesize": "2", "offset": "1"}}).find("data")
    assert [row.findtext("VENDORID") for row in data] == ["N3", "N2"]
    assert dict(data.attrib) == {
        "listtype": "VENDOR",
        "totalcount": "5",
        "offset": "1",
        "count": "2",
        "numremaining": "2",
    }


def test_a_query_counts_and_sums(desk: Desk) -> None:
    for number, amount in (("A", "10.25"), ("B", "4.50")):
        desk.bill(amount, number=number)
    asked = {"object": "APBILL", "select": {"count": "RECORDNO", "sum": "TOTALDUE"}}
    (row,) = desk.run({"query": asked}).findall("data/APBILL")
    assert {each.tag: each.text for each in row} == {"COUNT.RECORDNO": "2", "SUM.TOTALDUE": "14.75"}


def test_a_query_reaches_through_to_related_objects(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["acme"]
    desk.run({"update": {"VENDOR": {"VENDORID": vendor, "CREDITLIMIT": "900"}}})
    desk.bill("10.00")
    (row,) = desk.query(
        "APBILL", "RECORDID", "VENDOR.CREDITLIMIT", filter=compare("greaterthan", "VENDOR.CREDITLIMIT", "800")
    )
    assert row == {"RECORDID": "B-1", "VENDOR.CREDITLIMIT": "900"}
    for fields, text in (("VENDOR.CREDITLIMIT", ""), ("RECORDID", "VENDOR.CREDITLIMIT > 800")):
        asked = {"object": "APBILL", "fields": fields, "query": text}
        assert "VENDOR.CREDITLIMIT" in desk.refused({"readByQuery": asked})[0][1]


def test_what_changed_is_found_by_its_time_of_change(desk: Desk) -> None:
    vendors(desk, 2)
    desk.world.advance(by=timedelta(hours=1))
    since = desk.world.clock.now().strftime("%m/%d/%Y %H:%M:%S")
    desk.run({"update": {"VENDOR": {"VENDORID": "N1", "NAME": "Renamed"}}})
    assert ids(desk, filter=compare("greaterthanorequalto", "WHENMODIFIED", since)) == ["N1"]


def read_by_query(desk: Desk, query: str, **more: str) -> etree._Element:
    fields = {"object": "VENDOR", "fields": "VENDORID,NAME", "query": query, **more}
    found = desk.run({"readByQuery": fields}).find("data")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("VENDORID = 'N1'", ["N1"]),
        ("NAME like 'Name%' and CREDITLIMIT >= 200", ["N2", "N3"]),
        ("VENDORID in ('N0', 'N2') or VENDORID = 'N3'", ["N0", "N2", "N3"]),
        ("not (VENDORID <> 'N1') and TAXID is null", ["N1"]),
        ("NAME = 'It\\'s'", []),
        ("VENDORID not in ('N0','N1','N2') AND VENDORID LIKE 'N%'", ["N3"]),
    ],
)
def test_a_text_query_reads_as_it_is_written(desk: Desk, query: str, found: list[str]) -> None:
    vendors(desk, 4)
    assert [row.findtext("VENDORID") for row in read_by_query(desk, query)] == found


@pytest.mark.parametrize(
    "query",
    ["VENDORID =", "= 'x'", "VENDORID = 'x' or", "(VENDORID = 'x'", "NOSUCH = '1'", "VENDORID ~ 'x'", "'", "a b c d"],
)
def test_a_text_query_that_cannot_be_read_is_refused(desk: Desk, query: str) -> None:
    assert desk.refused({"readByQuery": {"object": "VENDOR", "fields": "*", "query": query}})[0][0] == "Query Failed"


def test_read_more_goes_on_to_the_end_under_one_result_id(desk: Desk) -> None:
    vendors(desk, 5)
    data = read_by_query(desk, "NAME like 'Name%'", pagesize="2")
    assert (data.tag, data[0].tag, data.get("listtype")) == ("data", "vendor", "vendor")
    first, seen = data.get("resultId"), [row.findtext("VENDORID") for row in data]
    while data.get("numremaining") != "0":
        assert data.get("resultId") == first
        data = desk.run({"readMore": {"resultId": first}}).find("data")
        seen += [row.findtext("VENDORID") for row in data]
    assert seen == ["N0", "N1", "N2", "N3", "N4"]
    assert (data.get("totalcount"), data.get("resultId")) == ("5", "")
    desk.refused({"readMore": {"resultId": "made-up"}})


def test_read_more_shows_what_the_query_found_when_it_ran(desk: Desk) -> None:
    vendors(desk, 5)
    first = read_by_query(desk, "NAME like 'Name%'", pagesize="2")
    desk.run({"update": {"VENDOR": {"VENDORID": "N0", "NAME": "Other"}}})
    desk.create("VENDOR", VENDORID="N9", NAME="Name 9")
    page = desk.run({"readMore": {"resultId": first.get("resultId")}}).find("data")
    assert [row.findtext("VENDORID") for row in page] == ["N2", "N3"]
    last = desk.run({"readMore": {"object": "VENDOR"}}).find("data")
    assert [row.findtext("VENDORID") for row in last] == ["N4"]
    past = desk.run({"readMore": {"object": "VENDOR"}}).find("data")
    assert (past.get("count"), past.get("numremaining")) == ("0", "0")
    desk.refused({"readMore": {"object": "CUSTOMER"}})


def test_read_takes_record_numbers_and_read_by_name_the_own_keys(desk: Desk) -> None:
    vendors(desk, 1)
    number = desk.query("VENDOR", "RECORDNO", filter=compare("equalto", "VENDORID", "N0"))[0]["RECORDNO"]
    by_number = desk.run({"read": {"object": "VENDOR", "keys": number, "fields": "*"}}).find("data/VENDOR")
    by_name = desk.run({"readByName": {"object": "VENDOR", "keys": "N0", "fields": "NAME"}}).find("data/VENDOR")
    assert by_number.findtext("DISPLAYCONTACT/PRINTAS") == "Name 0"
    assert [each.tag for each in by_name] == ["NAME"]
    assert desk.refused({"read": {"object": "VENDOR", "keys": "99999"}})[0][0] == "DL02000001"


def test_a_whole_bill_shows_its_lines_and_lines_are_objects_of_their_own(desk: Desk) -> None:
    bill = desk.bill("10.00")
    item = desk.run({"read": {"object": "APBILL", "keys": bill}}).find("data/APBILL/APBILLITEMS/APBILLITEM")
    assert (item.findtext("TRX_AMOUNT"), item.findtext("RECORDKEY")) == ("10", bill)
    (row,) = desk.query("APBILLITEM", "RECORDKEY", "AMOUNT", filter=compare("equalto", "RECORDKEY", bill))
    assert row == {"RECORDKEY": bill, "AMOUNT": "10"}
    assert {row["ACCOUNTNO"] for row in desk.query("GLDETAIL", "ACCOUNTNO")} == {desk.account("office"), "2000"}
    stamps = {(row["WHENMODIFIED"], row["MODIFIEDBY"]) for row in desk.query("GLDETAIL", "WHENMODIFIED", "MODIFIEDBY")}
    assert stamps == {
        (row["WHENMODIFIED"], row["MODIFIEDBY"]) for row in desk.query("APBILL", "WHENMODIFIED", "MODIFIEDBY")
    }
    assert all(when for when, _ in stamps)


@pytest.mark.parametrize(
    "asked",
    [
        {"object": "BADOBJECT", "select": {"field": "X"}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": compare("equalto", "NOSUCH", "x")},
        {"object": "VENDOR", "select": {"field": "NAME"}, "docparid": "Sales Order"},
    ],
)
def test_a_query_of_what_is_not_there_is_refused(desk: Desk, asked: dict[str, object]) -> None:
    assert desk.refused({"query": asked})[0][0] == "Query Failed"


@pytest.mark.parametrize(
    "asked",
    [
        {"object": "VENDOR", "select": None},
        {"object": "VENDOR", "select": {"field": "NAME"}, "pagesize": "2001"},
        {"object": "VENDOR", "select": {"field": "NAME"}, "offset": "-1"},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": {"equalto": None}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": {"nosuch": {"field": "NAME", "value": "x"}}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": {"between": {"field": "NAME", "value": "x"}}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": {"and": compare("like", "NAME", "x")}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "filter": {**compare("like", "NAME", "x"), "or": None}},
        {"object": "VENDOR", "select": {"field": "NAME"}, "colour": "red"},
        {"object": "VENDOR"},
    ],
)
def test_a_query_that_its_schema_does_not_allow_fails_the_whole_request(desk: Desk, asked: dict[str, object]) -> None:
    assert desk.stopped({"query": asked})[0] == "XL03000003"


@pytest.mark.parametrize(
    "asked",
    [
        {"read": {"object": "VENDOR"}},
        {"readByQuery": {"object": "VENDOR", "fields": "*"}},
        {"readByQuery": {"object": "VENDOR", "query": "", "offset": "3"}},
        {"readMore": None},
        {"delete": {"object": "VENDOR"}},
        {"getUserPermissions": None},
        {"get_companyprefs": None},
        {"approve_appaymentrequest": None},
    ],
)
def test_a_reading_function_has_the_elements_of_its_schema(desk: Desk, asked: dict[str, object]) -> None:
    assert desk.stopped(asked)[0] == "XL03000003"


def test_a_query_reaches_through_several_objects(desk: Desk) -> None:
    vendor, customer = desk.labels["suppliers"]["acme"], desk.labels["customers"]["lattice"]
    desk.run({"update": {"VENDOR": {"VENDORID": vendor, "TERMNAME": "Net 15"}}})
    desk.bill("7.00")
    assert desk.query("APBILL", "VENDOR.TERM.DUEDATE") == [{"VENDOR.TERM.DUEDATE": "15"}]
    assert desk.query("APBILLITEM", "APBILL.VENDOR.NAME") == [{"APBILL.VENDOR.NAME": "Acme Timber"}]
    desk.create("PROJECT", PROJECTID="P-9", NAME="Yard", PROJECTCATEGORY="Contract", CUSTOMERID=customer)
    desk.create("TASK", TASKID="T-9", NAME="Dig", PROJECTID="P-9")
    assert desk.query("TASK", "PROJECT.CUSTOMER.NAME") == [{"PROJECT.CUSTOMER.NAME": "Lattice Retail"}]
    looked = desk.run({"lookup": {"object": "APBILL"}}).findall("data/Type/Relationships/Relationship")
    assert {"VENDOR", "TERM"} <= {each.findtext("OBJECTPATH") for each in looked}


def test_an_object_above_itself_is_reached_once(desk: Desk) -> None:
    for id, above in (("A", ""), ("B", "A"), ("C", "B")):
        desk.create("DEPARTMENT", DEPARTMENTID=id, TITLE=f"Title {id}", PARENTID=above)
    only = compare("equalto", "DEPARTMENTID", "C")
    assert desk.query("DEPARTMENT", "PARENT.TITLE", filter=only) == [{"PARENT.TITLE": "Title B"}]
    for name in ("PARENT.PARENT.TITLE", "PARENT.COLOUR", "VENDOR.NAME"):
        assert name in desk.refused({"query": {"object": "DEPARTMENT", "select": {"field": name}}})[0][1]


def test_fields_of_the_companys_own_can_be_queried(desk: Desk) -> None:
    desk.company.change_settings(custom_fields=["COLOUR"])
    vendors(desk, 2)
    desk.run({"update": {"VENDOR": {"VENDORID": "N1", "COLOUR": "red"}}})
    assert ids(desk, filter=compare("equalto", "COLOUR", "red")) == ["N1"]
    assert [row.findtext("VENDORID") for row in read_by_query(desk, "COLOUR = 'red'")] == ["N1"]


def test_a_text_query_compares_the_codes_that_are_stored(desk: Desk) -> None:
    desk.company.change_settings(payment_approval=True)
    paid, other = desk.bill("7.00", number="A"), desk.bill("8.00", number="B", ACTION="Draft")
    payment = desk.payment(paid, "7.00")

    def found(object: str, query: str) -> list[str | None]:
        asked = {"object": object, "fields": "RECORDNO", "query": query}
        return [row.findtext("RECORDNO") for row in desk.run({"readByQuery": asked}).find("data")]

    assert found("APBILL", "STATE = 'D'") == [other]
    assert found("APPYMT", "STATE in ('S', 'C')") == [payment]
    desk.run({"update": {"VENDOR": {"VENDORID": desk.labels["suppliers"]["acme"], "ONHOLD": "true"}}})
    assert len(found("VENDOR", "ONHOLD = 'T'")) == 1


def test_an_index_that_trails_shows_a_search_the_past_and_a_read_the_truth(desk: Desk) -> None:
    from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
    from sandbooks.platforms.sage_intacct.query.rows import Rows

    vendors(desk, 1)
    assert [row["VENDORID"] for row in Rows(desk.company, lag=timedelta(hours=1)).of(object_named("VENDOR"))] == []
    assert ids(desk, filter=compare("equalto", "VENDORID", "N0")) == ["N0"]


def test_older_lists_come_in_lower_case_with_their_place_in_the_whole(desk: Desk) -> None:
    vendors(desk, 3)
    element = etree.Element("get_list", object="vendor", maxitems="2", start="1")
    filter = etree.SubElement(element, "filter")
    expression = etree.SubElement(filter, "expression")
    for name, value in (("field", "vendorid"), ("operator", "like"), ("value", "N%")):
        etree.SubElement(expression, name).text = value
    result = desk.run(element)
    assert dict(result.find("listtype").attrib) == {"start": "1", "end": "2", "total": "3"}
    assert [row.findtext("vendorid") for row in result.findall("data/vendor")] == ["N1", "N2"]
    assert desk.run(function("get", {}, object="vendor", key="N1")).findtext("data/vendor/name") == "Name 1"


def test_objects_and_fields_can_be_inspected(desk: Desk) -> None:
    everything = desk.run({"inspect": {"object": "*"}}).findall("data/type")
    assert {"APBILL", "CCTRANSACTION", "CREDITCARD"} <= {each.get("typename") for each in everything}
    assert "VENDORID" in [f.text for f in desk.run({"inspect": {"object": "VENDOR"}}).findall("data/Type/Fields/Field")]
    looked = desk.run({"lookup": {"object": "GLACCOUNT"}}).findall("data/Type/Fields/Field")
    values = {f.findtext("ID"): [v.text for v in f.findall("VALIDVALUES/VALIDVALUE")] for f in looked}
    assert values["NORMALBALANCE"] == ["debit", "credit"]


def file(name: str, data: bytes = PNG) -> dict[str, str]:
    return {"attachmentname": name, "attachmenttype": "png", "attachmentdata": base64.b64encode(data).decode()}


def test_files_are_added_to_an_attachment_record_and_hang_on_transactions(desk: Desk) -> None:
    from sandbooks.platform import platform_named

    desk.legacy("create_supdocfolder", {"supdocfoldername": "Receipts"})
    given = {"supdocid": "R-1", "supdocfoldername": "Receipts", "attachments": {"attachment": file("one")}}
    assert desk.legacy("create_supdoc", given) == "R-1"
    desk.legacy("update_supdoc", {"supdocid": "R-1", "attachments": {"attachment": file("two", PNG * 2)}})
    charge = desk.charge("9.00", supdocid="R-1")
    held = platform_named("sage_intacct").load_bookkeeper().files(desk.company, "CCTRANSACTION", charge)
    assert [(f.name, f.content_type, f.content) for f in held] == [
        ("one.png", "image/png", PNG),
        ("two.png", "image/png", PNG * 2),
    ]
    assert "in use" in desk.refused(function("delete_supdoc", {}, key="R-1"))[0][1]
    bill = desk.bill("4.00")
    desk.run({"update": {"APBILL": {"RECORDNO": bill, "SUPDOCID": "R-1"}}})
    assert desk.row("APBILL", bill)["SUPDOCID"] == "R-1"


@pytest.mark.parametrize(
    "given",
    [
        {"supdocid": ""},
        {"supdocid": "x" * 21},
        {"supdocid": "A", "supdocfoldername": "None"},
        {"supdocid": "A", "attachments": {"attachment": {**file("a"), "attachmentdata": "%%%"}}},
        {"supdocid": "A", "attachments": {"attachment": {"attachmentname": "a"}}},
    ],
)
def test_attachments_that_are_not_whole_are_refused(desk: Desk, given: dict[str, object]) -> None:
    desk.refused(function("create_supdoc", given))


def test_list_entries_are_unique_checked_changed_and_deleted(desk: Desk) -> None:
    nameless = {"VENDORID": "V1", "NAME": "One", "DISPLAYCONTACT": {"EMAIL1": "a@example.com"}}
    assert "DISPLAYCONTACT.PRINTAS" in desk.refused({"create": {"VENDOR": nameless}})[0][1]
    desk.create("VENDOR", VENDORID="V1", NAME="One", DISPLAYCONTACT={"PRINTAS": "One Ltd", "EMAIL1": "a@example.com"})
    number, text = desk.refused({"create": {"VENDOR": {"VENDORID": "V1", "NAME": "Two"}}})[0]
    assert (number, "already exists" in text) == ("BL34000061", True)
    for fields in (
        {"VENDORID": "V2"},
        {"NAME": "No id"},
        {"VENDORID": "V" * 21, "NAME": "x"},
        {"VENDORID": "V3", "NAME": "x", "STATUS": "odd"},
    ):
        desk.refused({"create": {"VENDOR": fields}})
    desk.run({"update": {"VENDOR": {"VENDORID": "V1", "DISPLAYCONTACT": {"PHONE1": "1"}, "TAXID": "T"}}})
    number = desk.query("VENDOR", "RECORDNO", filter=compare("equalto", "VENDORID", "V1"))[0]["RECORDNO"]
    row = desk.run({"read": {"object": "VENDOR", "keys": number}}).find("data/VENDOR")
    assert (row.findtext("DISPLAYCONTACT/EMAIL1"), row.findtext("DISPLAYCONTACT/PHONE1")) == ("a@example.com", "1")
    desk.run({"delete": {"object": "VENDOR", "keys": number}})
    desk.refused({"delete": {"object": "VENDOR", "keys": number}})
    desk.create("VENDOR", VENDORID="V1", NAME="Again")


def test_a_vendor_with_bills_cannot_be_deleted(desk: Desk) -> None:
    desk.bill("3.00")
    desk.refused(function("delete_vendor", {}, vendorid=desk.labels["suppliers"]["acme"]))


def test_a_query_names_every_field_that_it_cannot_select(desk: Desk) -> None:
    asked = {"object": "APBILL", "select": {"field": ["RECORDNO", "PAYTONAME", "COLOUR"]}}
    ((number, told),) = desk.refused({"query": asked})
    assert number == "XL03000006"
    assert told.startswith("The following fields cannot be queried: [ apbill: [PAYTONAME, COLOUR] ]")


def test_a_page_costs_no_more_rows_than_it_shows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        desk.create("CLASS", CLASSID=f"K{number:02d}", NAME=f"Class {number}")
    made: list[str] = []
    row = Rows.row
    monkeypatch.setattr(Rows, "row", lambda rows, kind, record: made.append(record.id) or row(rows, kind, record))
    more = {"pagesize": "3", "offset": "6"}
    assert [each["CLASSID"] for each in desk.query("CLASS", "CLASSID", **more)] == ["K06", "K07", "K08"]
    asked = {"object": "company-config/class", "fields": ["id"], "start": 4, "size": 2}
    answer = desk.rest("POST", "services/core/query", asked)[1]
    assert (answer["ia::result"], answer["ia::meta"]["totalCount"]) == ([{"id": "K03"}, {"id": "K04"}], 12)
    assert len(desk.rest("GET", "objects/company-config/class?start=11")[1]["ia::result"]) == 2
    assert made == ["K06", "K07", "K08", "K03", "K04", "K10", "K11"]
    first = desk.run({"readByQuery": {"object": "CLASS", "fields": "CLASSID", "query": "", "pagesize": "5"}})
    made.clear()
    desk.run({"readMore": {"resultId": first.find("data").get("resultId")}})
    assert made == ["K05", "K06", "K07", "K08", "K09"]


def test_what_a_filter_pins_costs_the_same_however_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = desk.bill("10.25", number="B-1"), desk.bill("4.50", number="B-2")

    def read() -> None:
        both = compare("in", "RECORDNO", second, first)
        assert [row["RECORDID"] for row in desk.query("APBILL", "RECORDID", filter=both)] == ["B-1", "B-2"]
        lines = desk.query("APBILLITEM", "RECORDKEY", "AMOUNT", filter=compare("equalto", "RECORDKEY", second))
        assert lines == [{"RECORDKEY": second, "AMOUNT": "4.5"}]

    with counted(desk.world, monkeypatch) as before:
        read()
    for number in range(3, 9):
        desk.bill(f"{number}.10", number=f"B-{number}")
    with counted(desk.world, monkeypatch) as after:
        read()
    assert after == before
