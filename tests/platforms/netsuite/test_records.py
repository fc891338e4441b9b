"""The record service around documents: references, pages, filters, upserts, limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.platforms.netsuite.desk import BASE, RECORD, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms import netsuite
from sandbooks.settings import read_contract
from sandbooks.wire import Request


def test_sublists_are_links_until_they_are_expanded_and_fields_limits_what_is_shown(desk: Desk) -> None:
    bill = desk.bill(desk.line("5.25", memo="Taxi"), memo="M", externalId="b-1")
    plain = desk.get(bill)
    assert set(plain["expense"]) == {"links"}
    line = desk.read(bill)["expense"]["items"][0]
    assert (line["amount"], line["memo"], line["account"]["refName"]) == (Decimal("5.25"), "Taxi", "6010 Site Travel")
    assert set(desk.get(bill, fields="memo,tranDate")) == {"links", "memo", "tranDate"}
    assert "amount" not in str(desk.get(f"{bill}/expense"))
    assert desk.get(f"{bill}/expense/1")["amount"] == Decimal("5.25")
    assert desk.get("vendorbill/eid:b-1")["links"][0]["href"] == f"{BASE}{RECORD}/{bill}"
    assert desk.refused("GET", f"{bill}/expense/9", status=404)[0] == "NONEXISTENT_ID"
    assert desk.refused("GET", f"{bill}?fields=nothing")[0] == "INVALID_PARAMETER"
    assert desk.get(bill, simpleEnumFormat="true")["approvalStatus"] == "2"


def test_collections_hold_ids_and_links_and_come_in_pages(desk: Desk) -> None:
    names = [desk.make("department", name=f"D{n}").rpartition("/")[2] for n in range(5)]
    first = desk.get("department", limit=3)
    assert [set(item) for item in first["items"]] == [{"links", "id"}] * 3
    assert (first["count"], first["hasMore"], first["totalResults"], first["offset"]) == (3, True, 7, 0)
    assert [link["rel"] for link in first["links"]] == ["next", "last", "self"]
    (following,) = (link["href"] for link in first["links"] if link["rel"] == "next")
    second = exact_json.loads(desk.send("GET", following).body)
    assert second["items"][0]["id"] == names[1]
    assert [link["rel"] for link in second["links"]] == ["first", "previous", "next", "last", "self"]
    assert desk.get("department", limit=3, offset=9)["items"] == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "offset=2&limit=3", "offset=-1", "order=id", "q=", "limit=1&offset=1000"],
)
def test_a_wrong_page_is_refused_by_its_parameter(desk: Desk, query: str) -> None:
    answer = desk.send("GET", f"{RECORD}/vendor?{query}")
    assert answer.status == 400
    (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
    assert (detail["o:errorCode"], "o:errorQueryParam" in detail) == ("INVALID_PARAMETER", True)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("memo IS alpha", ["a"]),
        ('memo CONTAIN "ph" AND userTotal GREATER 3', ["a"]),
        ("memo IS alpha OR memo IS beta", ["a", "b"]),
        ("memo IS_NOT alpha", ["b", "c"]),
        ("(memo IS alpha OR memo EMPTY) AND total LESS_OR_EQUAL 40.5", ["a", "c"]),
        ("total BETWEEN [10,20]", ["b"]),
        ("total EQUAL_NOT 5.00", ["b", "c"]),
        ("tranDate ON_OR_AFTER 2026-03-03", ["b", "c"]),
        ('tranDate BEFORE "03/03/2026"', ["a"]),
        ("tranDate ON 2026-03-04", ["c"]),
        ("externalId ANY_OF [a,c]", ["a", "c"]),
        ("memo START_WITH_NOT al", ["b", "c"]),
        ("memo ENDWITH a", ["a", "b"]),
        ("isInactive IS false", None),
        ("total CONTAIN 5", None),
        ("memo IS", None),
        ("(memo IS alpha", None),
        ("total EQUAL five", None),
        ("tranDate AFTER yesterday", None),
        ("memo IS alpha memo", None),
        ("lastModifiedDate AFTER 2026-01-01 AND status ANY_OF [A]", ["a", "b", "c"]),
    ],
)
def test_q_filters_by_body_fields(desk: Desk, q: str, found: list[str] | None) -> None:
    ids = {}
    for name, memo, amount, day in (("a", "alpha", "5.00", 2), ("b", "beta", "12.00", 3), ("c", None, "40.50", 4)):
        more = {"memo": memo} if memo else {}
        made = desk.bill(desk.line(amount), externalId=name, tranDate=f"2026-03-0{day}", **more)
        ids[made.rpartition("/")[2]] = name
    if found is None:
        answer = desk.send("GET", f"{RECORD}/vendorBill", q=q)
        assert (answer.status, b'"o:errorQueryParam":"q"' in answer.body) == (400, True)
    else:
        assert [ids[item["id"]] for item in desk.get("vendorBill", q=q)["items"]] == found


def test_an_upsert_by_external_id_is_safe_to_repeat(desk: Desk) -> None:
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("9.75")]}}
    first = desk.write("PUT", "vendorBill/eid:inv-7", body)
    assert desk.write("PUT", "vendorBill/eid:inv-7", body) == first
    assert desk.books() == {"travel": "9.75", "payables": "-9.75"}
    desk.write("PUT", "vendorBill/eid:inv-7", {"expense": {"items": [desk.line("4.00")]}})
    assert desk.books() == {"travel": "4.00", "payables": "-4.00"}
    assert desk.refused("POST", "vendorBill", {**body, "externalId": "INV-7"})[0] == "USER_ERROR"
    assert desk.refused("PUT", "vendorBill/901", body)[0] == "USER_ERROR"
    assert desk.refused("PUT", "vendorBill/eid:a%20b", body)[0] == "INVALID_CONTENT"
    assert desk.refused("PUT", "vendorBill/eid:x", {**body, "externalId": "y"})[0] == "INVALID_CONTENT"


def test_an_external_id_is_shared_by_all_transactions_and_by_all_entities(desk: Desk) -> None:
    desk.bill(desk.line("9.75"), externalId="inv-7")
    check = {"account": desk.id("bank"), "externalId": "INV-7", "expense": {"items": [desk.line("3.10")]}}
    assert "already exists" in desk.refused("POST", "check", check)[1]
    assert "already exists" in desk.refused("PUT", "check/eid:inv-7", {**check, "externalId": "inv-7"})[1]
    desk.make("vendor", companyName="Fabrikam", subsidiary={"id": "1"}, externalId="inv-7")
    customer = {"companyName": "Northwind", "subsidiary": {"id": "1"}, "externalId": "inv-7"}
    assert "already exists" in desk.refused("POST", "customer", customer)[1]
    desk.make("department", name="West", externalId="inv-7")


def test_an_upsert_may_add_lines_as_an_update_does(open_with: Callable[..., Desk]) -> None:
    desk = open_with(upsert_sublists="add")
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("9.75")]}}
    for _ in range(2):
        desk.write("PUT", "vendorBill/eid:inv-7", body)
    assert desk.books() == {"travel": "19.50", "payables": "-19.50"}


def test_lines_are_known_by_their_key_whether_a_sublist_is_added_to_or_replaced(desk: Desk) -> None:
    bill = desk.bill(desk.line("4.10", memo="first"), desk.line("5.20", memo="second"), desk.line("6.30"))
    desk.write("PATCH", bill, {"expense": {"items": [{"line": 2, "amount": "5.50"}, desk.line("1.00", line=9)]}})
    shown = [(line["line"], line["amount"], line.get("memo")) for line in desk.read(bill)["expense"]["items"]]
    assert shown == [
        (1, Decimal("4.10"), "first"),
        (2, Decimal("5.50"), "second"),
        (3, Decimal("6.30"), None),
        (4, Decimal("1.00"), None),
    ]
    desk.write(
        "PATCH", bill, {"expense": {"items": [{"line": 2, "amount": "7.70"}, desk.line("0.80")]}}, replace="expense"
    )
    shown = [(line["amount"], line.get("memo")) for line in desk.read(bill)["expense"]["items"]]
    assert shown == [(Decimal("7.70"), "second"), (Decimal("0.80"), None)]
    assert desk.books() == {"travel": "8.50", "payables": "-8.50"}
    for nothing in ({"items": []}, None):
        assert desk.refused("PATCH", f"{bill}?replace=expense", {"expense": nothing})[0] == "USER_ERROR"


def test_unknown_properties_are_refused_told_or_ignored_as_the_header_says(desk: Desk) -> None:
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("1.00", colour="red")]}, "shape": 1}
    strict = {"X-NetSuite-PropertyNameValidation": "Error"}
    assert desk.refused("POST", "vendorBill", body, headers=strict)[0] == "INVALID_CONTENT"
    warned = desk.send("POST", f"{RECORD}/vendorBill", body)
    assert (warned.status, "shape" in warned.header("Warning")) == (204, True)
    quiet = desk.send("POST", f"{RECORD}/vendorBill", body, headers={"X-NetSuite-PropertyNameValidation": "ignore"})
    assert (quiet.status, quiet.header("Warning")) == (204, "")
    wrong = {"X-NetSuite-PropertyNameValidation": "maybe"}
    assert desk.refused("POST", "vendorBill", body, headers=wrong)[0] == "INVALID_HEADER"


def test_a_value_that_does_not_fit_is_refused_unless_the_header_says_otherwise(desk: Desk) -> None:
    header = "X-NetSuite-PropertyValueValidation"
    body = {"entity": desk.id("acme"), "dueDate": "soon", "expense": {"items": [desk.line(5)]}}
    assert "dueDate" in desk.refused("POST", "vendorBill", body)[1]
    told = desk.send("POST", f"{RECORD}/vendorBill", body, headers={header: "Warning"})
    assert (told.status, "dueDate" in told.header("Warning")) == (204, True)
    quiet = desk.send("POST", f"{RECORD}/vendorBill", body, headers={header: "Ignore"})
    assert (quiet.status, quiet.header("Warning")) == (204, "")
    dangling = {**body, "entity": {"id": "99999"}}
    assert desk.refused("POST", "vendorBill", dangling, headers={header: "Ignore"})[0] == "INVALID_CONTENT"


def test_a_vendor_needs_a_name_of_its_own_and_a_subsidiary(desk: Desk) -> None:
    made = desk.make("vendor", companyname="Fabrikam", subsidiary={"id": "1"})
    assert desk.read(made)["entityId"] == "Fabrikam"
    again = {"companyName": "fabrikam", "subsidiary": {"id": "1"}}
    assert desk.refused("POST", "vendor", again) == (
        "USER_ERROR",
        "Error while accessing a resource. This entity already exists.",
    )
    assert "Subsidiary" in desk.refused("POST", "vendor", {"companyName": "X"})[1]
    assert "Company Name" in desk.refused("POST", "vendor", {"subsidiary": {"id": "1"}})[1]
    nameless = desk.refused("POST", "vendor", {"isPerson": True, "subsidiary": {"id": "1"}})
    asked = "Error while accessing a resource. Please enter value(s) for: First Name, Last Name."
    assert nameless == ("USER_ERROR", asked)
    desk.make("vendor", isPerson=True, firstName="Ada", lastName="Byrne", subsidiary={"id": "1"})
    bill = desk.bill(desk.line("8.00"))
    assert desk.read(f"vendor/{desk.id('acme')['id']}")["balance"] == Decimal("8.00")
    assert desk.refused("DELETE", f"vendor/{desk.id('acme')['id']}")[0] == "USER_ERROR"
    desk.send("DELETE", f"{RECORD}/{bill}")
    assert desk.send("DELETE", f"{RECORD}/vendor/{desk.id('acme')['id']}").status == 204


def test_an_account_is_read_changed_and_kept_while_it_has_postings(desk: Desk) -> None:
    made = desk.make("account", acctName="Postage", acctNumber="6950", acctType={"id": "Expense"})
    line = {"account": {"id": made.rpartition("/")[2]}, "amount": "3.00"}
    desk.bill(line)
    assert desk.read(made)["balance"] == Decimal("3.00")
    assert desk.refused("PATCH", made, {"acctType": "Income"})[0] == "USER_ERROR"
    assert desk.refused("DELETE", made)[0] == "USER_ERROR"
    desk.write("PATCH", made, {"acctName": "Post and Parcels"})
    assert desk.company.book.account(made.rpartition("/")[2]).name == "Post and Parcels"
    assert (
        desk.refused("POST", "account", {"acctName": "X", "acctNumber": "6950", "acctType": "Expense"})[0]
        == "USER_ERROR"
    )


def test_read_only_and_missing_records_say_so(desk: Desk) -> None:
    assert desk.get("accountingPeriod", q='periodName IS "Mar 2026"')["count"] == 1
    assert desk.refused("POST", "accountingPeriod", {"periodName": "x"}, status=403)[0] == "INSUFFICIENT_PERMISSION"
    assert desk.refused("GET", "vendorBill/1", status=404)[0] == "NONEXISTENT_ID"
    unknown = ("INVALID_URL", "Record type 'transfer' does not exist.")
    assert desk.refused("GET", "transfer/1", status=404) == unknown
    assert desk.refused("PUT", "vendorBill/1/expense", {}, status=405)[0] == "METHOD_NOT_ALLOWED"
    assert desk.refused("GET", "/services/rest/elsewhere", status=404)[0] == "INVALID_URL"
    assert desk.refused("POST", "vendorBill/1/!transform/check", {}, status=404)[0] == "NONEXISTENT_ID"


@pytest.mark.parametrize("id", ["000", "0", "abc", "1.5", "9" * 20])
def test_what_cannot_be_an_internal_id_is_told_apart_from_a_record_that_is_not_there(desk: Desk, id: str) -> None:
    answer = desk.send("GET", f"{RECORD}/customer/{id}")
    (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
    assert (answer.status, detail) == (
        400,
        {
            "detail": f"Invalid record instance identifier '{id}'. Provide a valid record instance ID.",
            "o:errorUrl": f"{RECORD}/customer/{id}",
            "o:errorCode": "INVALID_ID",
        },
    )
    assert desk.refused("GET", "customer/-1", status=404)[0] == "NONEXISTENT_ID"


def test_an_external_id_that_nothing_has_is_named(desk: Desk) -> None:
    sentence = "The record instance for external ID 'A-1' does not exist. Provide a valid record instance ID."
    assert desk.refused("GET", "vendor/eid:A-1", status=404) == ("NONEXISTENT_ID", sentence)
    body = {"entity": {"externalId": "A-1"}, "expense": {"items": [desk.line("5.00")]}}
    assert desk.refused("POST", "vendorBill", body) == ("INVALID_CONTENT", sentence)


def test_without_the_permission_for_analytics_records_are_reached_one_by_one_alone(
    open_with: Callable[..., Desk],
) -> None:
    desk = open_with(role_lacks=["Reports -> SuiteAnalytics Workbook"], datasets={"d": {"name": "D", "query": "x"}})
    bill = desk.bill(desk.line("5.00"))
    desk.write("PATCH", bill, {"memo": "later"})
    assert desk.get(bill)["memo"] == "later"
    query = {"q": "SELECT id FROM vendor"}
    for method, path, body in (
        ("GET", "vendorBill?limit=1", None),
        ("GET", "vendorBill?q=memo%20IS%20later", None),
        ("POST", "/services/rest/query/v1/suiteql", query),
        ("GET", "/services/rest/query/v1/dataset", None),
        ("GET", "/services/rest/query/v1/dataset/d/result", None),
    ):
        code, detail = desk.refused(method, path, body, headers={"Prefer": "transient"})
        assert (code, detail.startswith("Your current role does not have permission")) == ("USER_ERROR", True)


def test_a_missing_transaction_may_be_answered_as_an_error_of_the_user(open_with: Callable[..., Desk]) -> None:
    desk = open_with(missing_transaction="user_error")
    sentence = "Error while accessing a resource. Transaction type specified is incorrect."
    assert desk.refused("GET", "vendorBill/999999") == ("USER_ERROR", sentence)
    assert desk.refused("GET", "employee/999999", status=404)[0] == "NONEXISTENT_ID"


def test_the_code_reads_no_setting_that_the_contract_does_not_name() -> None:
    named = set(read_contract("platforms", "netsuite", "switches.yaml")["company"])
    sources = "".join(path.read_text() for path in Path(str(netsuite.__file__)).parent.rglob("*.py"))
    read = set(re.findall(r"settings(?:\.get\(|\[)\s*\"(\w+)\"", sources))
    assert read - {"usual", "owner"} == named


def test_records_of_a_feature_that_is_off_are_neither_read_nor_written(open_with: Callable[..., Desk]) -> None:
    desk = open_with(features_off=["expenseReports"])
    for method, path in (("GET", "expenseReport"), ("GET", "expenseReport/901"), ("POST", "expenseReport")):
        assert desk.refused(method, path, {} if method == "POST" else None)[0] == "FEATURE_DISABLED"
    assert desk.get("vendor")["count"] == 2


def test_a_role_without_the_permission_is_refused(open_with: Callable[..., Desk]) -> None:
    desk = open_with(role_lacks=["Transactions -> Bills"])
    assert desk.refused("GET", "vendorBill", status=403)[0] == "INSUFFICIENT_PERMISSION"
    desk.get("vendor")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{RECORD}/purchaseRequisition"),
        ("POST", "/services/NetSuitePort_2024_1"),
        ("GET", "/wsdl/v2024_1_0/netsuite.wsdl"),
        ("GET", "/services/rest/query/v1/dataset/custdataset_owed"),
        ("GET", "/services/rest/query/v1/workbook/3/result"),
        ("POST", f"{RECORD}/vendor/1/!merge"),
    ],
)
def test_what_is_lacking_says_so_aloud(desk: Desk, method: str, path: str) -> None:
    with pytest.raises(NotSimulated):
        desk.send(method, path, {})


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", "vendorBill", "create-form"),
        ("PATCH", "vendorBill/1", "edit-form"),
        ("PATCH", "vendorBill/1", "select-options"),
        ("POST", "vendorBill/1/!transform/vendorPayment", "create-form"),
    ],
)
def test_a_form_is_asked_for_not_written(desk: Desk, method: str, path: str, form: str) -> None:
    accept = {"Accept": f"application/vnd.oracle.resource+json; type={form}"}
    with pytest.raises(NotSimulated, match=form):
        desk.send(method, f"{RECORD}/{path}", {}, headers=accept)
    assert desk.posted()[0] == 0


def test_options_are_answered_with_nothing(desk: Desk) -> None:
    assert desk.send("OPTIONS", f"{RECORD}/vendor").status == 204


# Metadata and limits


def test_the_metadata_catalog_describes_every_record_type(desk: Desk) -> None:
    names = [item["name"] for item in desk.get("metadata-catalog")["items"]]
    assert {"vendorBill", "creditCardCharge", "journalEntry", "expenseReport"} <= set(names)
    schema = exact_json.loads(
        desk.send("GET", f"{RECORD}/metadata-catalog/vendorbill", headers={"Accept": "application/schema+json"}).body
    )
    assert schema["properties"]["entity"]["title"] == "Vendor"
    assert (schema["properties"]["id"]["type"], desk.get(desk.bill(desk.line("3.10")))["id"]) == ("string", "901")
    accept = {"Accept": "application/swagger+json"}
    document = exact_json.loads(
        desk.send("GET", f"{RECORD}/metadata-catalog?select=vendorBill,account", headers=accept).body
    )
    assert (document["openapi"], set(document["components"]["schemas"])) == ("3.0.1", {"vendorBill", "account"})
    assert desk.refused("GET", "metadata-catalog?select=nothing")[0] == "INVALID_PARAMETER"


def test_requests_beyond_the_accounts_concurrency_are_refused(open_with: Callable[..., Desk]) -> None:
    desk = open_with(concurrency_in_use=5)
    code, _ = desk.refused("GET", "vendor", status=429)
    assert code == "CONCURRENCY_LIMIT_EXCEEDED"
    with desk.world.unit():
        desk.company.change_settings(concurrency_in_use=4)
    desk.get("vendor")
    assert desk.get("/services/rest/system/v1/governanceLimits")["accountConcurrencyLimit"] == 5


def test_requests_that_are_under_way_together_count_for_their_own_account(app: App, desk: Desk) -> None:
    other = open_desk(app)
    asked = Request("GET", f"{BASE}{RECORD}/vendor", (("Authorization", f"Bearer {desk.credentials['access_token']}"),))
    signed = Request("GET", asked.url, (("Authorization", f'OAuth realm="{desk.company.id}", oauth_nonce="1"'),))
    with ExitStack() as under_way:
        for request in (asked, signed, asked, asked, asked):
            desk.get("vendor")
            under_way.enter_context(desk.world.traffic.joined("netsuite", request))
        assert desk.refused("GET", "vendor", status=429)[0] == "CONCURRENCY_LIMIT_EXCEEDED"
        assert desk.send("POST", "/app/site/hosting/restlet.nl?script=1&deploy=1", {}).status == 400
        other.get("vendor")
        desk.world.put("settings", "limits", "off")
        desk.get("vendor")


def test_overload_may_look_like_a_failed_sign_in_under_the_code_of_the_account(open_with: Callable[..., Desk]) -> None:
    full = {"concurrency_in_use": 5, "concurrency_error": "INVALID_LOGIN", "login_error": "INVALID_LOGIN_ATTEMPT"}
    desk = open_with(**full)
    desk.world.put("settings", "limits", "on")
    code, detail = desk.refused("GET", "vendor", status=401)
    assert (code, detail.startswith("Invalid login attempt.")) == ("INVALID_LOGIN_ATTEMPT", True)


def test_an_index_that_lags_shows_a_new_record_late_while_reads_by_id_see_it(desk: Desk) -> None:
    from sandbooks.world import Exchange

    bill = desk.bill(desk.line("5.00"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exchange, "lag", timedelta(minutes=5))
        assert desk.get("vendorBill")["totalResults"] == 0
        assert desk.suiteql("SELECT id FROM transaction") == []
        desk.read(bill)
    assert desk.get("vendorBill")["totalResults"] == 1


@pytest.mark.parametrize("amount", ["1e999999999", "-1E-999999999", "NaN", "sNaN", "Infinity", "1e12", "\u00b2"])
def test_an_amount_that_no_ledger_can_hold_is_refused(desk: Desk, amount: str) -> None:
    line = desk.line(amount)
    members = {"entity": desk.id("acme"), "subsidiary": {"id": "1"}, "expense": {"items": [line]}}
    assert desk.refused("POST", "vendorBill", members)[0] == "INVALID_CONTENT"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM vendor ORDER BY \u00b2",
        "SELECT id FROM vendor FETCH FIRST \u00b2 ROWS ONLY",
        "SELECT id FROM vendor ORDER BY 99999999999999999999",
    ],
)
def test_a_query_with_a_position_that_is_no_number_is_refused(desk: Desk, query: str) -> None:
    answer = desk.send("POST", "/services/rest/query/v1/suiteql", {"q": query}, headers={"Prefer": "transient"})
    assert answer.status == 400
