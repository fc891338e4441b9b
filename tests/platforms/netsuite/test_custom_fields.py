"""Fields that an account defines for itself: given, shown, filtered by, queried and described like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.platforms.netsuite.desk import RECORD, Desk

from sandbooks import exact_json
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.control.errors import ControlError
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.refusals import BadContent, RecordMissing

FIELDS: dict[str, dict[str, Any]] = {
    "custbody_push_key": {"type": "freeFormText", "label": "Push Key"},
    "custbody_checked": {"type": "checkBox", "label": "Checked", "appliesTo": ["vendorBill", "journalEntry"]},
    "custbody_channel": {"type": "listRecord", "label": "Channel", "values": {"1": "Card feed", "2": "Mail"}},
    "custbody_owner": {"type": "listRecord", "label": "Owner", "selectRecordType": "employee"},
    "custbody_seen": {"type": "dateTime", "label": "Seen"},
    "custcol_receipt": {"type": "freeFormText", "label": "Receipt No."},
    "custcol_litres": {"type": "decimalNumber", "label": "Litres"},
    "custentity_rank": {"type": "integerNumber", "label": "Rank"},
    "custrecord_region": {"type": "freeFormText", "label": "Region", "appliesTo": ["department"]},
    "custitem_shelf": {"type": "textArea", "label": "Shelf"},
}
STRICT = {"X-NetSuite-PropertyNameValidation": "error"}
SUITEQL = "/services/rest/query/v1/suiteql"


@pytest.fixture
def own(open_with: Callable[..., Desk]) -> Desk:
    return open_with(custom_fields=FIELDS)


def test_a_body_field_is_kept_shown_filtered_by_and_queried(own: Desk) -> None:
    (owner,) = own.company.records.find("employee", "name", "avery holt")
    members = {"custbody_push_key": "P-100", "custbody_checked": True, "custbody_seen": "2026-03-02T10:20:30+01:00"}
    bill = own.bill(own.line("25.50"), **members, custbody_channel={"id": "2"}, custbody_owner={"id": owner.id})
    other = own.bill(own.line("7.25"), CUSTBODY_PUSH_KEY="P-200")
    shown = own.get(bill)
    assert (shown["custbody_push_key"], shown["custbody_checked"]) == ("P-100", True)
    assert shown["custbody_seen"] == "2026-03-02T09:20:30Z"
    assert shown["custbody_channel"] == {"id": "2", "refName": "Mail"}
    assert shown["custbody_owner"]["refName"] == "Avery Holt"
    assert own.get(bill, fields="custbody_push_key").keys() == {"links", "custbody_push_key"}
    for text, found in (
        ('custbody_push_key IS "P-100"', [bill]),
        ('custbody_push_key START_WITH "P-"', [bill, other]),
        ("custbody_checked IS true AND custbody_channel ANY_OF [1,2]", [bill]),
        ("custbody_channel EMPTY", [other]),
        (f"custbody_owner ANY_OF [{owner.id}]", [bill]),
    ):
        items = own.get("vendorBill", q=text)["items"]
        assert [f"vendorBill/{item['id']}" for item in items] == found
    own.write("PATCH", bill, {"custbody_push_key": None, "custbody_checked": False})
    row = "SELECT id, custbody_push_key, custbody_checked, BUILTIN.DF(custbody_channel) AS way FROM transaction"
    assert own.suiteql(f"{row} ORDER BY id") == [
        {"id": bill.rpartition("/")[2], "custbody_checked": "F", "way": "Mail"},
        {"id": other.rpartition("/")[2], "custbody_push_key": "P-200", "custbody_checked": "F"},
    ]
    query = "SELECT id FROM transaction WHERE custbody_push_key = 'P-200'"
    assert own.suiteql(query) == [{"id": other.rpartition("/")[2]}]


def test_a_column_field_follows_its_line_through_changes_and_queries(own: Desk) -> None:
    lines = (
        own.line("10.00", custcol_receipt="R-1", taxCode=own.id("fifteen")),
        own.line("20.00", account="office"),
        own.line("30.00", custcol_receipt="R-3", custcol_litres="41.5"),
    )
    bill = own.bill(*lines)
    shown = own.read(bill)["expense"]["items"]
    assert [line.get("custcol_receipt") for line in shown] == ["R-1", None, "R-3"]
    own.write("PATCH", bill, {"expense": {"items": [{"line": 2, "custcol_receipt": "R-2"}]}})
    query = "SELECT netamount, custcol_receipt, custcol_litres FROM transactionline WHERE mainline = 'F' ORDER BY id"
    assert own.suiteql(query) == [
        {"netamount": "1.5"},
        {"netamount": "10", "custcol_receipt": "R-1"},
        {"netamount": "20", "custcol_receipt": "R-2"},
        {"netamount": "30", "custcol_receipt": "R-3", "custcol_litres": "41.5"},
    ]
    sides = [
        {"account": own.id("travel"), "debit": 4},
        {"account": own.id("bank"), "credit": 4, "custcol_receipt": "J"},
    ]
    own.make("journalEntry", subsidiary={"id": "1"}, line={"items": sides})
    query = "SELECT account, custcol_receipt FROM transactionline WHERE custcol_receipt = 'J'"
    assert own.suiteql(query) == [{"account": own.id("bank")["id"], "custcol_receipt": "J"}]


def test_fields_of_entities_items_and_lists_are_kept(own: Desk) -> None:
    vendor = f"vendor/{own.id('acme')['id']}"
    own.write("PATCH", vendor, {"custentity_rank": 3})
    north = f"department/{own.id('department/North')['id']}"
    own.write("PATCH", north, {"custrecord_region": "Upland"})
    item = own.make("servicePurchaseItem", itemId="Polish", expenseAccount=own.id("travel"), custitem_shelf="B7")
    assert (own.get(vendor)["custentity_rank"], own.get(north)["custrecord_region"]) == (3, "Upland")
    assert own.get(item)["custitem_shelf"] == "B7"
    assert [each["id"] for each in own.get("vendor", q="custentity_rank GREATER 2")["items"]] == [own.id("acme")["id"]]
    assert own.suiteql("SELECT custentity_rank FROM entity WHERE custentity_rank = 3") == [{"custentity_rank": "3"}]


def test_a_field_that_is_not_defined_is_validated_as_any_unknown_name(own: Desk) -> None:
    def body(**members: object) -> dict[str, object]:
        return {"entity": own.id("acme"), "expense": {"items": [own.line("5.00")]}, **members}

    for wrong in (
        body(custbody_typo="x"),
        body(custentity_rank=1),
        body(expense={"items": [own.line("5.00", custcol_typo=1)]}),
    ):
        assert own.refused("POST", "vendorBill", wrong, headers=STRICT)[0] == "INVALID_CONTENT"
    check = {"account": own.id("bank"), "expense": {"items": [own.line("5.00")]}, "custbody_checked": True}
    assert own.refused("POST", "check", check, headers=STRICT)[0] == "INVALID_CONTENT"
    answer = own.send("POST", f"{RECORD}/vendorBill", body(custbody_typo="x"))
    assert (answer.status, "custbody_typo" in answer.header("Warning")) == (204, True)
    assert own.send("GET", f"{RECORD}/vendorBill?q=custbody_typo%20EMPTY").status == 400
    query = {"q": "SELECT custbody_typo FROM transaction"}
    assert own.send("POST", SUITEQL, query, headers={"Prefer": "transient"}).status == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("custbody_checked", "perhaps"),
        ("custbody_channel", {"id": "9"}),
        ("custbody_owner", {"id": "99999"}),
        ("custbody_seen", "tomorrow"),
        ("custbody_push_key", "x" * 301),
        ("custbody_push_key", {"a": 1}),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused_and_posts_nothing(own: Desk, name: str, value: object) -> None:
    given = {"entity": own.id("acme"), "expense": {"items": [own.line("5.00")]}, name: value}
    assert own.refused("POST", "vendorBill", given)[0] in ("INVALID_CONTENT", "USER_ERROR")


def test_the_catalog_describes_the_fields_of_the_account(own: Desk) -> None:
    def properties(kind: str) -> Any:
        path = f"{RECORD}/metadata-catalog/{kind}"
        answer = own.send("GET", path, headers={"Accept": "application/schema+json"})
        return exact_json.loads(answer.body)["properties"]

    bill = properties("vendorBill")
    assert bill["custbody_push_key"] == {
        "title": "Push Key",
        "type": "string",
        "maxLength": 300,
        "x-ns-custom-field": True,
    }
    assert bill["custbody_checked"]["type"] == "boolean"
    assert "custcol_litres" in bill["expense"]["properties"]["items"]["items"]["properties"]
    assert "custbody_checked" not in properties("check")
    assert "custentity_rank" in properties("vendor")
    accept = {"Accept": "application/swagger+json"}
    swagger = own.send("GET", f"{RECORD}/metadata-catalog?select=vendorBill", headers=accept)
    assert b"custbody_push_key" in swagger.body


def test_an_administrator_defines_a_field_and_takes_it_away(desk: Desk) -> None:
    people = Bookkeeping(desk.company)
    record = {"kind": "customFields", "native_id": "1"}

    def setting(**changes: object) -> None:
        people.act({"action": "edit", "document": record, "changes": changes})

    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("5.00")]}, "custbody_late": "L-1"}
    assert desk.refused("POST", "vendorBill", body, headers=STRICT)[0] == "INVALID_CONTENT"
    setting(custbody_late={"type": "freeFormText", "mandatory": True})
    bill = desk.make("vendorBill", **body)
    assert desk.get(bill)["custbody_late"] == "L-1"
    del body["custbody_late"]
    assert desk.refused("POST", "vendorBill", body)[1].endswith("Please enter value(s) for: custbody_late.")
    setting(custbody_late=None)
    assert "custbody_late" not in desk.get(bill)
    desk.make("vendorBill", **body)
    with pytest.raises(ControlError, match="cannot be changed"):
        setting(custbody_late={"type": "checkBox"})
    setting(custbody_late={"mandatory": False})
    assert desk.get(bill)["custbody_late"] == "L-1"


def test_a_mandatory_column_is_asked_of_every_line(open_with: Callable[..., Desk]) -> None:
    desk = open_with(custom_fields={"custcol_why": {"type": "freeFormText", "label": "Why", "mandatory": True}})
    lines = [desk.line("5.00", custcol_why="Fuel"), desk.line("6.00")]
    body = {"entity": desk.id("acme"), "expense": {"items": lines}}
    assert desk.refused("POST", "vendorBill", body)[1].endswith("Please enter value(s) for: Why.")
    lines[1]["custcol_why"] = "Toll"
    desk.make("vendorBill", **body)


@pytest.mark.parametrize(
    ("id", "facts"),
    [
        ("custfield_x", {"type": "freeFormText"}),
        ("custbody", {"type": "freeFormText"}),
        ("custbody_X", {"type": "freeFormText"}),
        ("custbody_x", {}),
        ("custbody_x", {"type": ["freeFormText"]}),
        ("custbody_x", {"type": "listRecord"}),
        ("custbody_x", {"type": "listRecord", "selectRecordType": "vendor", "values": {"1": "a"}}),
        ("custbody_x", {"type": "freeFormText", "values": {"1": "a"}}),
        ("custbody_x", {"type": "multipleSelect"}),
        ("custbody_x", {"type": "listRecord", "selectRecordType": "planet"}),
        ("custbody_x", {"type": "freeFormText", "appliesTo": ["vendor"]}),
        ("custentity_x", {"type": "freeFormText", "appliesTo": ["vendorBill"]}),
        ("custbody_x", {"type": "freeFormText", "colour": "red"}),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(desk: Desk, id: str, facts: dict[str, Any]) -> None:
    with desk.world.unit(), pytest.raises(BadContent):
        BOOKKEEPER.edit(desk.company, "customFields", "1", {id: facts})
    with desk.world.unit(), pytest.raises(RecordMissing):
        BOOKKEEPER.edit(desk.company, "customFields", "1", {id: None})


def test_fields_of_the_account_s_own_pass_into_what_a_document_is_transformed_to(own: Desk) -> None:
    bill = own.bill(own.line("25.50", custcol_receipt="R-1"), custbody_push_key="P-100", custbody_checked=True)
    payment = own.write("POST", f"{bill}/!transform/vendorPayment", {"account": own.id("bank")})
    shown = own.get(payment)
    assert (shown["custbody_push_key"], "custbody_checked" in shown) == ("P-100", False)


def test_values_of_several_records_may_be_chosen(open_with: Callable[..., Desk]) -> None:
    many = {"type": "multipleSelect", "label": "Sites", "selectRecordType": "department"}
    desk = open_with(custom_fields={"custbody_sites": many})
    sites = {"items": [desk.id("department/North"), desk.id("department/South")]}
    bill = desk.bill(desk.line("5.00"), custbody_sites=sites)
    shown = desk.read(bill)["custbody_sites"]["items"]
    assert [each["refName"] for each in shown] == ["North", "South"]
    assert desk.get(f"{bill}/custbody_sites")["totalResults"] == 2
    assert desk.refused("DELETE", f"department/{desk.id('department/North')['id']}")[0] == "USER_ERROR"
