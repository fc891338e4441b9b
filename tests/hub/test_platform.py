"""The client's own affairs: products, settings, keys, catalogue, models, supplemental and custom data."""

from __future__ import annotations

import base64
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks.wire import Request

CUSTOM = "/integrations/qhyg/dataTypes/custom/charts"
OWN = {
    "dataSource": "/query?query=select * from Vendor",
    "requiredData": {"name": "$.DisplayName", "changed": "$.MetaData.LastUpdatedTime", "nothing": "$.No.Such"},
    "keyBy": ["$.Id"],
}
SUPPLEMENTAL = "/integrations/qhyg/dataTypes/suppliers/supplementalDataConfig"


# Products


def test_a_product_is_added_once_and_removed_once(desk: Desk) -> None:
    assert desk.get("{c}")["products"] == ["expenses"]
    for _ in range(2):
        assert desk.send("PUT", "{c}/products/payables").status == 204
    assert desk.get("{c}")["products"] == ["expenses", "payables"]
    assert desk.send("DELETE", "{c}/products/payables").status == 204
    assert desk.send("DELETE", "{c}/products/payables").status == 404
    assert desk.send("POST", "{c}/products/payables/refresh").status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_product_that_there_is_not_is_not_found(desk: Desk, method: str) -> None:
    assert desk.send(method, "{c}/products/no-such").status == 404


@pytest.mark.parametrize(
    ("body", "status", "read"),
    [
        (None, 202, 7),
        ({}, 202, 7),
        ({"dataTypes": ["suppliers", "customers"]}, 202, 2),
        ({"dataTypes": ["invoices"]}, 400, 0),
        ({"types": []}, 400, 0),
        ({"dataTypes": "suppliers"}, 400, 0),
    ],
)
def test_a_product_is_read_anew_whole_or_in_part(desk: Desk, body: Any, status: int, read: int) -> None:
    before = desk.get("{c}/data/history")["totalResults"]
    assert desk.send("POST", "{c}/products/expenses/refresh", body).status == status
    assert desk.get("{c}/data/history")["totalResults"] - before == read


# When data is read


def setting(data_type: str, hours: int = 0, **more: Any) -> dict[str, Any]:
    return {"dataType": data_type, "fetchOnFirstLink": True, "syncSchedule": hours, "syncOrder": 0, **more}


def reads(desk: Desk, company: str, data_type: str) -> int:
    listed = desk.send("GET", f"/companies/{company}/data/history?query=dataType={data_type}")
    return int(listed.body["totalResults"])


def test_a_schedule_reads_a_data_type_every_so_many_hours_until_it_is_replaced(desk: Desk) -> None:
    body = {"companyId": desk.company, "settings": [setting("suppliers", 24)], "overridesDefaults": True}
    assert desk.send("POST", "{c}/syncSettings", body).status == 204
    shown = desk.get("{c}/syncSettings")
    assert next(each for each in shown["settings"] if each["dataType"] == "suppliers")["syncSchedule"] == 24
    before = reads(desk, desk.company, "suppliers"), reads(desk, desk.company, "customers")
    desk.world.advance(by=timedelta(days=3, hours=1))
    assert (reads(desk, desk.company, "suppliers"), reads(desk, desk.company, "customers")) == (
        before[0] + 3,
        before[1],
    )
    desk.send("POST", "{c}/syncSettings", {**body, "settings": []})
    desk.world.advance(by=timedelta(days=3))
    assert reads(desk, desk.company, "suppliers") == before[0] + 3


def test_what_is_not_fetched_on_the_first_link_is_not_read_then(desk: Desk) -> None:
    client = desk.get("/profile/syncSettings")["clientId"]
    rows = [{**setting("customers"), "fetchOnFirstLink": False}]
    body = {"clientId": client, "settings": rows, "overridesDefaults": True}
    assert desk.send("POST", "/profile/syncSettings", body).status == 204
    desk.linked_company()
    company = desk.get("/companies", orderBy="created")["results"][-1]["id"]
    assert (reads(desk, company, "customers"), reads(desk, company, "suppliers")) == (0, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"companyId": transaction_id(5)},
        {"companyId": None},
        {"settings": [setting("suppliers"), setting("suppliers")]},
        {"settings": [{"dataType": "suppliers"}]},
        {"settings": [setting("suppliers", -1)]},
        {"overridesDefaults": "yes"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(desk: Desk, change: dict[str, Any]) -> None:
    body = {"companyId": desk.company, "settings": [], "overridesDefaults": True, **change}
    assert desk.send("POST", "{c}/syncSettings", body).status == 400


def test_no_read_is_scheduled_by_itself(desk: Desk) -> None:
    before = desk.get("{c}/data/history")["totalResults"]
    desk.world.advance(by=timedelta(days=5))
    assert desk.get("{c}/data/history")["totalResults"] == before


# Keys, profile, origins


def test_there_are_at_most_ten_keys_and_the_last_one_stays(desk: Desk) -> None:
    made = [desk.send("POST", "/apiKeys", {"name": f"key {number}"}) for number in range(10)]
    assert [answer.status for answer in made] == [201] * 9 + [409]
    listed = desk.get("/apiKeys")["results"]
    assert len(listed) == 10
    own = desk.api_key
    desk.api_key = made[0].body["apiKey"]
    for each in listed:
        if each["id"] != made[0].body["id"]:
            assert desk.send("DELETE", f"/apiKeys/{each['id']}").status == 204
    assert desk.send("DELETE", f"/apiKeys/{made[0].body['id']}").status == 409
    desk.api_key = own
    assert desk.send("GET", "/companies").status == 403


@pytest.mark.parametrize("body", [[], {"name": 7}, b"{", {"name": "x" * 201}])
def test_a_bad_key_request_is_refused(desk: Desk, body: Any) -> None:
    assert desk.send("POST", "/apiKeys", body).status == 400


@pytest.mark.parametrize("body", [[], {"name": ""}, {"name": 7}, {"redirectUrl": 7}, {"whiteListUrls": "a"}, b"\xff"])
def test_a_bad_profile_is_refused_and_changes_nothing(desk: Desk, body: Any) -> None:
    before = desk.get("/profile")
    assert desk.send("PUT", "/profile", body).status == 400
    assert desk.get("/profile") == before


@pytest.mark.parametrize("path", ["/corsSettings", "/connectionManagement/corsSettings"])
def test_a_page_of_an_allowed_origin_may_read_the_answer(desk: Desk, path: str) -> None:
    assert desk.send("POST", path, {"allowedOrigins": ["https://app.example"]}).status == 200
    assert desk.get("/corsSettings") == desk.get("/connectionManagement/corsSettings")
    for origin, allowed in (("https://app.example", "https://app.example"), ("https://other.example", None)):
        answer = desk.send("GET", "{c}", headers=(("Origin", origin),))
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed


def test_a_browser_that_asks_first_is_told_yes_for_an_allowed_origin_alone(desk: Desk) -> None:
    assert desk.send("POST", "/corsSettings", {"allowedOrigins": ["https://app.example"]}).status == 200
    asked = (("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization"))
    for path in ("{c}", "/no/such/place"):
        yes = desk.send("OPTIONS", path, headers=(("Origin", "https://app.example"), *asked))
        told = {name: yes.headers.get(f"Access-Control-Allow-{name}") for name in ("Origin", "Methods", "Headers")}
        assert yes.status == 204
        assert told == {"Origin": "https://app.example", "Methods": "PUT", "Headers": "authorization"}
        no = desk.send("OPTIONS", path, headers=(("Origin", "https://other.example"), *asked))
        assert [name for name in no.headers if name.startswith("Access-Control")] == []
    assert desk.send("OPTIONS", "{c}").status == 405


@pytest.mark.parametrize(
    "origins", ["https://a.example", ["a.example"], ["http://[a"], ["https://a.example/path"], [7], None]
)
def test_a_bad_origin_is_refused(desk: Desk, origins: Any) -> None:
    assert desk.send("POST", "/corsSettings", {"allowedOrigins": origins}).status == 400


# Catalogue and models


def test_the_catalogue_counts_connections(desk: Desk) -> None:
    shown = desk.get("/integrations/qhyg")
    assert (shown["linkedConnectionsCount"], shown["totalConnectionsCount"]) == (1, 1)
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    shown = desk.get("/integrations/qhyg")
    assert (shown["linkedConnectionsCount"], shown["totalConnectionsCount"]) == (0, 1)


@pytest.mark.parametrize(
    "path", ["/integrations/zzzz", "/integrations/zzzz/branding", "/integrations/zzzz/dataTypes/custom/a"]
)
def test_an_integration_that_there_is_not_is_not_found(desk: Desk, path: str) -> None:
    assert desk.send("GET", path).status == 404


@pytest.mark.parametrize(("data_type", "member"), [("suppliers", "supplierName"), ("customers", "customerName")])
def test_a_model_names_what_is_required(desk: Desk, data_type: str, member: str) -> None:
    model = desk.get(f"{{c}}/connections/{{k}}/options/{data_type}")
    assert (model["type"], model["properties"][member]["required"]) == ("Object", True)


def test_a_model_that_there_is_not_is_not_found(desk: Desk) -> None:
    answer = desk.send("GET", "{c}/connections/{k}/options/dreams")
    assert (answer.status, answer.body["error"]) == (
        404,
        "Datatype dreams not supported by platform(s) QuickBooks Online",
    )


def test_what_was_wrong_with_a_read_is_told(desk: Desk) -> None:
    good = desk.get("{c}/data/history")["results"][0]["id"]
    assert desk.get(f"{{c}}/sync/{good}/validation") == {"errors": [], "warnings": []}
    body = {"accessToken": "invented", "companyId": desk.native.id}
    desk.send("PUT", "{c}/connections/{k}/authorization", body)
    desk.world.settle()
    bad = desk.get("{c}/data/history", query="status=AuthError")["results"][0]["id"]
    (error,) = desk.get(f"{{c}}/sync/{bad}/validation")["errors"]
    assert error["message"]
    assert desk.send("GET", f"{{c}}/sync/{transaction_id(5)}/validation").status == 404


# Data of the client's own


@pytest.mark.parametrize(
    ("platform", "key", "source", "name", "path"),
    [
        ("quickbooks_online", "qhyg", "/query?query=select * from Vendor", "$.DisplayName", "$.Id"),
        ("xero", "gbol", "/api.xro/2.0/Contacts", "$.Name", "$.ContactID"),
        ("freeagent", "fbrh", "contacts", "$.organisation_name", "$.url"),
        ("business_central", "trji", "api/vendors", "$[*].displayName", "$[*].id"),
        ("zoho_books", "rwuv", "contacts?contact_type=vendor", "$.contact_name", "$.contact_id"),
    ],
)
def test_native_records_of_the_clients_own_choice_are_read(
    platform: str, key: str, source: str, name: str, path: str
) -> None:
    desk = open_desk(platform=platform)
    custom = f"/integrations/{key}/dataTypes/custom/people"
    assert (
        desk.send("PUT", custom, {"dataSource": source, "requiredData": {"name": name}, "keyBy": [path]}).status == 200
    )
    queued = desk.send("POST", "{c}/connections/{k}/data/queue/custom/people")
    assert (queued.status, queued.body["status"], queued.body["dataType"]) == (200, "Queued", "custom/people")
    rows = desk.get("{c}/connections/{k}/data/custom/people")
    assert "Contoso Air" in {row["content"]["name"] for row in rows["results"]}
    assert len({row["id"] for row in rows["results"]}) == rows["totalResults"]


def test_custom_records_come_in_pages_with_null_for_what_is_not_there(desk: Desk) -> None:
    desk.send("PUT", CUSTOM, OWN)
    assert desk.send("GET", "{c}/connections/{k}/data/custom/charts").status == 404
    desk.send("POST", "{c}/connections/{k}/data/queue/custom/charts")
    first = desk.get("{c}/connections/{k}/data/custom/charts", page="1", pageSize="1")
    second = desk.get("{c}/connections/{k}/data/custom/charts", page="2", pageSize="1")
    assert (len(first["results"]), first["totalResults"] > 1) == (1, True)
    assert first["results"][0]["id"] != second["results"][0]["id"]
    assert first["results"][0]["content"]["nothing"] is None
    assert first["results"][0]["content"]["changed"]
    assert desk.send("GET", "{c}/connections/{k}/data/custom/charts?pageSize=0").status == 400


def test_a_path_that_the_platform_refuses_ends_the_read_with_its_reason(desk: Desk) -> None:
    desk.send("PUT", CUSTOM, {**OWN, "dataSource": "/nothing/there"})
    queued = desk.send("POST", "{c}/connections/{k}/data/queue/custom/charts").body["id"]
    done = desk.get(f"{{c}}/data/history/{queued}")
    assert (done["status"], done["isErrored"]) == ("FetchError", True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {**OWN, "keyBy": []},
        {**OWN, "dataSource": ""},
        {**OWN, "requiredData": []},
        {**OWN, "requiredData": {"a": 1}},
    ],
)
def test_a_bad_custom_data_type_is_refused(desk: Desk, body: Any) -> None:
    assert desk.send("PUT", CUSTOM, body).status == 400
    assert desk.send("GET", CUSTOM).status == 404


def test_supplemental_members_stand_beside_the_record_they_belong_to(desk: Desk) -> None:
    source = {"dataSource": "/query?query=select * from Vendor", "pullData": {"shown": "DisplayName", "no": "No.Such"}}
    assert desk.send("PUT", SUPPLEMENTAL, {"supplementalDataConfig": {"ours": source}}).status == 200
    assert "supplementalData" not in desk.get(f"{{c}}/data/suppliers/{desk.supplier('airline')}")
    desk.send("POST", "{c}/data/queue/suppliers")
    shown = desk.get(f"{{c}}/data/suppliers/{desk.supplier('airline')}")
    assert shown["supplementalData"] == {"content": {"ours": {"shown": "Contoso Air", "no": None}}}
    customer = desk.get(f"{{c}}/data/customers/{desk.labels['customers']['client']}")
    assert "supplementalData" not in customer


def test_supplemental_members_that_cannot_be_read_are_null_and_the_read_completes(desk: Desk) -> None:
    sources = {
        "wrong": {"dataSource": "/query?query=select * from Nothing", "pullData": {"shown": "DisplayName"}},
        "right": {"dataSource": "/query?query=select * from Vendor", "pullData": {"name": "DisplayName"}},
    }
    assert desk.send("PUT", SUPPLEMENTAL, {"supplementalDataConfig": sources}).status == 200
    read = desk.send("POST", "{c}/data/queue/suppliers").body["id"]
    assert desk.get(f"{{c}}/data/history/{read}")["status"] == "Complete"
    shown = desk.get(f"{{c}}/data/suppliers/{desk.supplier('airline')}")
    assert shown["supplementalData"]["content"] == {"wrong": {"shown": None}, "right": {"name": "Contoso Air"}}


def test_a_deleted_record_is_shown_without_supplemental_members(desk: Desk) -> None:
    source = {"dataSource": "/query?query=select * from Vendor", "pullData": {"shown": "DisplayName"}}
    assert desk.send("PUT", SUPPLEMENTAL, {"supplementalDataConfig": {"ours": source}}).status == 200
    gone = {"action": "archive_contact", "contact": "airline"}
    path = f"/companies/{desk.native.platform}/{desk.native.id}/bookkeeper"
    assert desk.control("POST", path, gone).status == 200
    desk.send("POST", "{c}/data/queue/suppliers")
    shown = desk.get(f"{{c}}/data/suppliers/{desk.supplier('airline')}")
    assert (shown["metadata"]["isDeleted"], "supplementalData" in shown) == (True, False)
    other = desk.get(f"{{c}}/data/suppliers/{desk.supplier('employee')}")
    assert other["supplementalData"] == {"content": {"ours": {"shown": "Ada Byron"}}}


@pytest.mark.parametrize("platform", ["quickbooks_desktop", "sage_intacct"])
def test_what_is_not_answered_in_json_cannot_be_read_as_custom_or_supplemental_data(platform: str) -> None:
    desk = open_desk(platform=platform)
    key = desk.world_connection()["platformKey"]
    custom, beside = (
        f"/integrations/{key}/dataTypes/{rest}" for rest in ("custom/own", "suppliers/supplementalDataConfig")
    )
    body = {"dataSource": "/Vendor", "requiredData": {"name": "$.Name"}, "keyBy": ["$.Id"]}
    assert desk.send("PUT", custom, body).status == 200
    source = {"ours": {"dataSource": "/Vendor", "pullData": {"shown": "Name"}}}
    assert desk.send("PUT", beside, {"supplementalDataConfig": source}).status == 200
    read = desk.send("POST", "{c}/connections/{k}/data/queue/custom/own").body["id"]
    desk.send("POST", "{c}/data/queue/suppliers")
    desk.world.settle()
    found = desk.get(f"{{c}}/data/history/{read}")
    assert (found["status"], "JSON" in found["errorMessage"]) == ("FetchError", True)
    shown = desk.get(f"{{c}}/data/suppliers/{desk.supplier('airline')}")
    assert shown["supplementalData"] == {"content": {"ours": {"shown": None}}}


@pytest.mark.parametrize(
    ("source", "key", "name"),
    [
        ("/query/v1/suiteql?q=SELECT id, companyname FROM vendor ORDER BY id", "$.id", "$.companyname"),
        ("/vendor", "$.id", "$.links[*].rel"),
    ],
)
def test_custom_data_of_netsuite_is_read_from_records_and_by_suiteql(source: str, key: str, name: str) -> None:
    desk = open_desk(platform="netsuite")
    custom = "/integrations/akxx/dataTypes/custom/own"
    body = {"dataSource": source, "requiredData": {"name": name}, "keyBy": [key]}
    assert desk.send("PUT", custom, body).status == 200
    desk.send("POST", "{c}/connections/{k}/data/queue/custom/own")
    desk.world.settle()
    found = {row["id"]: row["content"]["name"] for row in desk.get("{c}/connections/{k}/data/custom/own")["results"]}
    assert found[desk.supplier("airline")] == ("Contoso Air" if "suiteql" in source else ["self"])


def test_the_published_examples_of_supplemental_data_are_taken_as_they_stand(desk: Desk) -> None:
    body = {"yourKey": {"dataSource": "/Vendor", "pullData": {"a": "Id"}}}
    assert desk.send("PUT", SUPPLEMENTAL, body).status == 200
    assert desk.get(SUPPLEMENTAL) == {"supplementalDataConfig": body}


@pytest.mark.parametrize(
    "body",
    [[], {"supplementalDataConfig": []}, {"supplementalDataConfig": {"a": {}}}, {"supplementalDataConfig": {"a": 7}}],
)
def test_bad_supplemental_data_is_refused(desk: Desk, body: Any) -> None:
    assert desk.send("PUT", SUPPLEMENTAL, body).status == 400


def test_companies_are_found_by_their_tags(desk: Desk) -> None:
    for name, tags in (("A", {"region": "uk", "team": "x"}), ("B", {"region": "uk"}), ("C", {"region": "us"})):
        desk.send("POST", "/companies", {"name": name, "tags": tags})

    def names(text: str) -> list[str]:
        return sorted(row["name"] for row in desk.get("/companies", tags=text)["results"])

    assert names("region=uk") == ["A", "B"]
    assert names("region=uk && team=x") == ["A"]
    assert names("region:us") == ["C"]
    assert names("team=x || region=us") == ["A", "C"]
    assert desk.send("GET", "/companies?tags=%7Bregion%3D").status == 400


def test_more_than_ten_requests_at_once_for_an_active_company_are_too_many(desk: Desk) -> None:
    """Nine others under way leave room for one more, ten do not; those of another client do not count."""
    key = "Basic " + base64.b64encode(desk.api_key.encode()).decode()

    def others(count: int, authorization: str) -> ExitStack:
        stack = ExitStack()
        for _ in range(count):
            asked = Request("GET", "https://api.codat.io/companies", (("Authorization", authorization),), b"")
            stack.enter_context(desk.world.traffic.joined("codat", asked))
        return stack

    with others(9, key), others(9, "Basic other"):
        assert desk.send("GET", "{c}").status == 200
    with others(10, key):
        refused = desk.send("GET", "{c}")
        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert desk.send("GET", "{c}").status == 200
