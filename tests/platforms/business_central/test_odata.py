"""OData as Business Central speaks it: filters, options, pages, tags, addresses."""

from __future__ import annotations

import base64
import re
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from tests.platforms.business_central.desk import HOST, ROOT, Desk
from tests.platforms.business_central.test_around import token

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated
from sandbooks.wire import Request, Response


@pytest.fixture
def vendors(desk: Desk) -> Desk:
    for name, city, blocked in (("Ash & Co", "Leeds", ""), ("Birch", "York", "Payment"), ("O'Hara", "", "All")):
        desk.make("vendors", displayName=name, city=city, blocked=blocked, country="GB")
    return desk


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("displayName eq 'Birch'", ["Birch"]),
        ("displayName eq 'O''Hara'", ["O'Hara"]),
        ("displayName ne 'Birch' and country eq 'gb'", ["Ash & Co", "O'Hara"]),
        ("displayName eq 'Birch' or displayName eq 'O''Hara'", ["Birch", "O'Hara"]),
        ("startswith(displayName,'As')", ["Ash & Co"]),
        ("endswith(displayName,'a') and contains(displayName, 'Har')", ["O'Hara"]),
        ("contains(tolower(displayName),'birch')&$schemaversion=2.1", ["Birch"]),
        ("blocked eq 'Payment'", ["Birch"]),
        ("blocked ne '_x0020_'", ["Birch", "O'Hara"]),
        ("not (city eq '') and country eq 'GB'", ["Ash & Co", "Birch"]),
        ("number gt 'V00030'", ["Birch", "O'Hara"]),
        ("balance eq 0 and city ge 'Y'", ["Birch"]),
        ("taxLiable eq true", []),
        ("currencyId ne 00000000-0000-0000-0000-000000000000 and country eq 'GB'", []),
        ("lastModifiedDateTime gt 2026-03-02T09:00:00.500Z and city ne ''", ["Birch"]),
        ("lastModifiedDateTime gt 2031-01-01T00:00:00Z", []),
        ("city in ('York')&$schemaversion=2.1", ["Birch"]),
        ("substring(displayName,1,2) eq 'ir'", ["Birch"]),
    ],
)
def test_a_filter_keeps_what_it_says(vendors: Desk, text: str, names: list[str]) -> None:
    clause, _, more = text.partition("&$")
    path = f"vendors?$filter={clause.replace('&', '%26')}" + (f"&${more}" if more else "")
    assert [row["displayName"] for row in vendors.get(path)["value"]] == names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("displayName eq 'A' or city eq 'B'", "Application_DialogException"),
        ("city in ('A')", "BadRequest_InvalidRequestUrl"),
        ("contains(tolower(displayName),'birch')", "BadRequest_InvalidRequestUrl"),
        ("colour eq 'A'", "BadRequest_InvalidRequestUrl"),
        ("displayName eq 5", "BadRequest"),
        ("balance eq 'five'", "BadRequest"),
        ("id eq 'x'", "BadRequest"),
        ("blocked eq 'Sometimes'", "Unknown"),
        ("displayName", "BadRequest_InvalidRequestUrl"),
        ("displayName eq", "BadRequest_InvalidRequestUrl"),
        ("soundex(displayName) eq 'A'", "BadRequest_InvalidRequestUrl"),
        ("(" * 200, "BadRequest_InvalidRequestUrl"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(desk: Desk, text: str, code: str) -> None:
    answer = desk.send("GET", "vendors", filter=text)
    assert (answer.status, exact_json.loads(answer.body)["error"]["code"]) == (400, code), answer.body


def test_members_are_chosen_sorted_skipped_and_counted(vendors: Desk) -> None:
    query = {"select": "displayName,city", "orderby": "displayName desc", "skip": 1, "top": 2, "count": "true"}
    body = vendors.get("vendors", **query)
    assert body["@odata.count"] == 5
    assert [set(row) for row in body["value"]] == [{"@odata.etag", "displayName", "city"}] * 2
    assert [row["displayName"] for row in body["value"]] == ["Fabrikam Stores", "Contoso Air"]
    assert "@odata.nextLink" not in body


def test_the_count_is_a_bare_number_behind_a_mark(vendors: Desk) -> None:
    answer = vendors.send("GET", "vendors/$count?$filter=country eq 'GB'")
    assert (answer.status, answer.body) == (200, b"\xef\xbb\xbf3")
    assert answer.header("Content-Type") == "text/plain"


def test_pages_follow_each_other_although_rows_come_and_go(vendors: Desk) -> None:
    prefer = {"Prefer": "odata.maxpagesize=2"}
    first = exact_json.loads(vendors.send("GET", "vendors?$orderby=number", headers=prefer).body)
    vendors.drop(f"vendors({first['value'][0]['id']})")
    second = exact_json.loads(vendors.send("GET", first["@odata.nextLink"], headers=prefer).body)
    third = exact_json.loads(vendors.send("GET", second["@odata.nextLink"], headers=prefer).body)
    names = [row["displayName"] for page in (first, second, third) for row in page["value"]]
    assert names == ["Fabrikam Stores", "Contoso Air", "Ash & Co", "Birch", "O'Hara"]
    assert "@odata.nextLink" not in third
    assert "$orderby=number" in unquote(first["@odata.nextLink"])


def test_a_page_within_a_wanted_part_leads_to_the_rest_of_that_part(desk: Desk) -> None:
    prefer = {"Prefer": "odata.maxpagesize=2"}
    everything = [row["number"] for row in desk.list("accounts")]
    url, seen = "accounts?$skip=3&$top=5&$count=true", []
    while url:
        page = exact_json.loads(desk.send("GET", url, headers=prefer).body)
        assert page["@odata.count"] == len(everything)
        seen += [row["number"] for row in page["value"]]
        url = page.get("@odata.nextLink", "")
    assert seen == everything[3:8]


def test_related_rows_come_along(desk: Desk) -> None:
    made = desk.invoice(desk.item(5), desk.item(7), vendor="airline")
    query = "vendor($select=displayName),currency,purchaseInvoiceLines($filter=unitCost gt 5;$expand=account)"
    shown = desk.get(f"purchaseInvoices({made['id']})", expand=query)
    assert shown["vendor"]["displayName"] == "Contoso Air"
    assert shown["currency"]["code"] == "USD"
    (line,) = shown["purchaseInvoiceLines"]
    assert (line["unitCost"], line["account"]["displayName"]) == (7, "Office Sundries")


def test_a_change_needs_a_tag_and_the_right_one(vendors: Desk) -> None:
    (birch,) = vendors.list("vendors", filter="displayName eq 'Birch'")
    path = f"vendors({birch['id']})"
    bare = vendors.send("PATCH", path, {"city": "Hull"})
    assert exact_json.loads(bare.body)["error"]["code"] == "BadRequest_InvalidToken"
    odd = vendors.send("PATCH", path, {"city": "Hull"}, headers={"If-Match": "5"})
    assert exact_json.loads(odd.body)["error"]["code"] == "BadRequest_InvalidToken"
    changed = vendors.change(path, birch["@odata.etag"], city="Hull")
    assert (changed["city"], changed["@odata.etag"] != birch["@odata.etag"]) == ("Hull", True)
    headers = {"If-Match": birch["@odata.etag"]}
    text = vendors.refused("PATCH", path, {"city": "Leeds"}, status=409, code="Request_EntityChanged", headers=headers)
    assert text == "Another user has already changed the record."
    vendors.company.change_settings(stale_tag_status=412)
    assert vendors.send("PATCH", path, {"city": "Leeds"}, headers=headers).status == 412
    assert vendors.send("DELETE", path, headers=headers).status == 412
    vendors.drop(path)


def test_an_entity_tag_is_a_weak_one_around_a_row_version(desk: Desk) -> None:
    (vendor,) = desk.list("vendors", top=1)
    tag = vendor["@odata.etag"]
    assert tag.startswith('W/"JzIwOz')
    assert re.fullmatch(rb"'20;\d{19};00;'", base64.b64decode(tag[3:-1]))
    other = desk.change(f"vendors({vendor['id']})", tag, city="Hull")["@odata.etag"]
    assert (other != tag, len(other)) == (True, len(tag))


def test_a_larger_page_than_the_service_has_is_refused(desk: Desk) -> None:
    headers = {"Prefer": "odata.maxpagesize=20001"}
    desk.refused("GET", "vendors", status=413, code="RequestEntityTooLarge", headers=headers)
    assert desk.send("GET", "vendors", headers={"Prefer": "odata.maxpagesize=20000"}).status == 200


def test_a_lambda_in_a_filter_is_passed_over(vendors: Desk) -> None:
    every = vendors.list("vendors")
    assert vendors.list("vendors", filter="documentAttachments/any(d:d/fileName eq 'x')") == every
    among = "country eq 'GB' and documentAttachments/all(d:d/byteSize gt 5 and d/fileName ne 'y')"
    assert len(vendors.list("vendors", filter=among)) == 3


def test_the_client_may_choose_the_id_once(desk: Desk) -> None:
    id = "f8a5738a-44e3-ea11-bb43-000d3a2feca1"
    assert desk.make("vendors", id=id.upper(), displayName="Chosen")["id"] == id
    given = {"id": id, "displayName": "Again"}
    desk.refused("POST", "vendors", given, code="Internal_EntityWithSameKeyExists")
    desk.company.change_settings(duplicate_key_status=409)
    desk.refused("POST", "vendors", given, code="Internal_EntityWithSameKeyExists", status=409)


def test_a_create_may_ask_for_no_content(desk: Desk) -> None:
    answer = desk.send("POST", "vendors", {"displayName": "Quiet"}, headers={"Prefer": "return-no-content"})
    assert (answer.status, answer.body) == (204, b"")
    assert desk.get(answer.header("Location"))["displayName"] == "Quiet"


def test_members_that_are_only_read_are_passed_over_or_refused(desk: Desk) -> None:
    assert desk.make("vendors", displayName="A", balance=500)["balance"] == 0
    desk.company.change_settings(strict_read_only=True)
    text = desk.refused("POST", "vendors", {"balance": 5}, code="BadRequest_InvalidOperation")
    assert text == "Control 'balance' is read-only."


def test_sets_that_are_only_read_take_no_posts(desk: Desk) -> None:
    desk.refused("POST", "accounts", {}, status=405, code="BadRequest_MethodNotAllowed")
    desk.refused("DELETE", "generalLedgerSetup", status=405, code="BadRequest_MethodNotAllowed")


def test_parts_may_be_given_with_the_whole_but_not_changed_with_it(desk: Desk) -> None:
    code = desk.list("dimensions")[0]["code"]
    value = desk.list("dimensionValues", filter="code eq 'SALES'")[0]["code"]
    line = {**desk.item(5), "dimensionSetLines": [{"code": code, "valueCode": value}]}
    made = desk.invoice(line)
    (kept,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines", expand="dimensionSetLines")
    assert kept["dimensionSetLines"][0]["valueCode"] == "SALES"
    body = {"purchaseInvoiceLines": []}
    desk.refused("PATCH", f"purchaseInvoices({made['id']})", body, code="BadRequest")
    broken = {"vendorId": made["vendorId"], "purchaseInvoiceLines": [desk.item(5), {"lineType": "No"}]}
    desk.refused("POST", "purchaseInvoices", broken, code="Unknown")


@pytest.mark.parametrize(
    "place", ["v2.0/production", "v2.0/{tenant}/PRODUCTION", "v2.0/contoso.onmicrosoft.com/Production"]
)
def test_tenant_and_environment_may_stand_in_the_address(desk: Desk, place: str) -> None:
    root = f"{HOST}/{place.format(tenant=desk.credentials['tenant_id'])}/api/v2.0"
    rows = desk.get(f"{root}/companies({desk.company.id.upper()})/Vendors")["value"]
    assert len(rows) == 2
    assert len(desk.get(f"{root}/vendors?company={desk.company.id}")["value"]) == 2
    assert len(desk.get(f"{root}/vendors?company=larch and finch ltd")["value"]) == 2
    assert [c["id"] for c in desk.get(f"{root}/companies")["value"]] == [desk.company.id]


@pytest.mark.parametrize(
    "path",
    [
        "v2.0/Production/api/v1.0/companies",
        "v2.0/Production/api/beta/companies",
        "v1.0/api/v1.0/companies",
        "v2.0/Production/ODataV4/Company('Larch%20and%20Finch%20Ltd')/Vendors",
        "v2.0/{tenant}/Production/ODataV4/Codeunit_Post",
        "v2.0/Production/WS/Larch%20and%20Finch%20Ltd/Page/Vendor",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_older_versions_and_web_services_are_not_simulated(desk: Desk, path: str, method: str) -> None:
    before = desk.posted()
    with pytest.raises(NotSimulated):
        desk.send(method, f"{HOST}/{path.format(tenant=desk.credentials['tenant_id'])}", {})
    assert desk.posted() == before


def test_an_environment_or_company_that_is_not_there_is_refused(desk: Desk) -> None:
    path = f"{HOST}/v2.0/Elsewhere/api/v2.0/companies"
    desk.refused("GET", path, status=404, code="NoEnvironment")
    path = f"{ROOT}/companies(f8a5738a-44e3-ea11-bb43-000d3a2feca1)/vendors"
    desk.refused("GET", path, status=404, code="Internal_CompanyNotFound")


def test_the_service_describes_itself(desk: Desk) -> None:
    names = [row["name"] for row in desk.get(ROOT)["value"]]
    assert {"vendors", "journalLines", "purchaseInvoices"} <= set(names)
    edmx = desk.send("GET", f"{ROOT}/$metadata")
    assert b'<EntityType Name="vendor">' in edmx.body
    assert b'<EntitySet Name="companies" EntityType="Microsoft.NAV.company"/>' in edmx.body
    below = b'<NavigationProperty Name="vendors" Type="Collection(Microsoft.NAV.vendor)" ContainsTarget="true"/>'
    assert below in edmx.body[edmx.body.index(b'<EntityType Name="company">') :].split(b"</EntityType>")[0]
    assert desk.get(f"{ROOT}/entityDefinitions")["value"]
    (environment,) = desk.get(f"{HOST}/environments/v1.1")["value"]
    assert (environment["name"], environment["type"]) == ("Production", "Production")


def test_calls_without_a_good_token_are_refused(desk: Desk) -> None:
    for headers in ((), (("Authorization", "Bearer nope"),), (("Authorization", "Basic eA=="),)):
        answer = desk.app.edge.dispatch(Request("GET", f"{desk.root}/vendors", headers), world=desk.world)
        assert isinstance(answer, Response)
        error = exact_json.loads(answer.body)["error"]
        assert (answer.status, error["code"]) == (401, "Authentication_InvalidCredentials")


def test_the_6001st_request_of_five_minutes_is_refused(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    now = desk.world.clock.micros() // 1_000_000
    key = desk.world.ids.fixed_uuid("business_central/user")
    desk.world.put("limit/business_central/user", key, [[now - 301, 900], [now - 250, 5000], [now - 40, 999]])
    assert desk.send("GET", "vendors").status == 200
    answer = desk.send("GET", "vendors")
    error = exact_json.loads(answer.body)["error"]
    assert (answer.status, error["code"]) == (429, "Application_TooManyRequests")
    assert error["message"].startswith("Too many requests reached. Actual (6001). Maximum (6000).")
    wait = int(answer.header("Retry-After"))
    assert 40 < wait <= 50
    desk.world.advance(by=timedelta(seconds=wait))
    assert desk.send("GET", "vendors").status == 200


def test_more_than_a_hundred_requests_of_a_user_at_once_are_refused(desk: Desk) -> None:
    """By whichever of the user's tokens they come; those of the application by itself are another's."""
    desk.world.put("settings", "limits", None)
    renewed = token(desk, grant_type="refresh_token", refresh_token=desk.credentials["refresh_token"])["access_token"]
    by_itself = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    with ExitStack() as stack:

        def comes(bearer: str) -> None:
            waiting = Request("GET", f"{desk.root}/vendors", (("Authorization", f"Bearer {bearer}"),))
            stack.enter_context(desk.world.traffic.joined("business_central", waiting))

        for bearer in (*[desk.token] * 98, renewed, by_itself, "unknown"):
            comes(bearer)
        assert desk.send("GET", "vendors").status == 200
        comes(renewed)
        text = desk.refused("POST", "vendors", {"displayName": "x"}, status=429, code="Application_TooManyRequests")
    assert text == "Too many requests reached. Actual (101). Maximum (100)."


def test_an_accounts_net_change_follows_the_books(desk: Desk) -> None:
    assert desk.list("accounts", filter="netChange ne 0") == []
    desk.spend(Decimal("5.25"))
    changed = desk.list("accounts", filter="netChange ne 0", orderby="netChange desc")
    assert [row["netChange"] for row in changed] == [Decimal("5.25"), Decimal("-5.25")]


def test_a_lagging_index_hides_what_was_just_written_but_a_read_by_id_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = desk.spend(7)
    made = desk.line(5, externalDocumentNumber="fresh")

    def lagging(self: object, exchange: Any, phase: str) -> None:
        if phase == "admit":
            exchange.lag = timedelta(minutes=5)

    monkeypatch.setattr(type(desk.world.plan), "reached", lagging)
    assert desk.list(f"journals({made['journalId']})/journalLines") == []
    assert desk.list("journalLines", filter=f"journalId eq {made['journalId']}") == []
    assert desk.list("generalLedgerEntries", filter=f"documentNumber eq '{posted['documentNumber']}'") == []
    assert desk.get(f"journalLines({made['id']})")["externalDocumentNumber"] == "FRESH"


def test_a_navigation_leads_to_a_single_entity(desk: Desk) -> None:
    made = desk.invoice(desk.item(5))
    assert desk.get(f"purchaseInvoices({made['id']})/vendor")["displayName"] == "Fabrikam Stores"
    assert desk.send("GET", f"purchaseInvoices({made['id']})/currency").status == 404


@pytest.mark.parametrize("option", ["$select=colour", "$expand=colour", "$select=name,name", "$expand=*"])
def test_an_option_that_does_not_fit_is_refused_before_anything_is_written(desk: Desk, option: str) -> None:
    vendor = desk.make("vendors", displayName="Ash & Co", city="Leeds")
    before = desk.world.store.one("records.count", platform="business_central", company=desk.company.id, kind="vendor")
    path = f"vendors({vendor['id']})"
    assert desk.send("POST", f"vendors?{option}", {"displayName": "Birch"}).status == 400
    assert desk.send("PATCH", f"{path}?{option}", {"city": "Hull"}, headers={"If-Match": "*"}).status == 400
    assert desk.get(path)["city"] == "Leeds"
    after = desk.world.store.one("records.count", platform="business_central", company=desk.company.id, kind="vendor")
    assert after == before


@pytest.mark.parametrize("path", ["api/vendors", "api/companies", "api/companies(-)", "environments", "beside/ws"])
def test_an_address_outside_the_api_leads_nowhere(desk: Desk, path: str) -> None:
    assert desk.send("GET", f"{HOST}/{path}").status == 404


def test_cash_flows_add_up_to_what_came_into_the_banks(desk: Desk) -> None:
    desk.spend(31)
    desk.spend(-7, account="rebates", balancing="current")
    draft = desk.invoice(desk.item(100))
    desk.act(f"purchaseInvoices({draft['id']})")
    rows = {row["display"]: row["netChange"] for row in desk.list("cashFlowStatements")}
    banks = sum(
        Decimal(str(row["netChange"]))
        for row in desk.list("accounts")
        if row["id"] in {bank.body["_glAccount"] for bank in desk.company.records.scan("bankAccount")}
    )
    assert rows["Net Cash Increase for Period"] == banks == -24
    assert rows["Net Income"] == -124


@pytest.mark.parametrize(
    "option", ["filter=displayName eq 'x'", "orderby=displayName", "top=1", "skip=1", "count=true"]
)
def test_one_entity_is_not_asked_for_as_a_list(desk: Desk, option: str) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    for path in (f"vendors({vendor})", f"{ROOT}/companies({desk.company.id})"):
        told = desk.refused("GET", f"{path}?${option}", code="BadRequest_InvalidRequestUrl")
        assert "not a collection" in told


def test_a_filter_for_what_no_member_can_hold_is_refused(desk: Desk) -> None:
    told = desk.refused("GET", f"vendors?$filter=number eq '{'V' * 21}'", code="Application_FilterErrorException")
    assert told == (
        f"The filter \"='{'V' * 21}'\" is not valid for the No. field on the Vendor table. The length of the string is "
        f"21, but it must be less than or equal to 20 characters. Value: {'V' * 21}"
    )
    assert desk.list("vendors", filter=f"number eq '{'V' * 20}'") == []


def test_a_member_that_is_on_or_off_may_be_null_unless_a_setting_refuses_it(desk: Desk) -> None:
    body = {"displayName": "New", "taxLiable": None}
    assert desk.make("vendors", **body)["taxLiable"] is False
    with desk.world.unit():
        desk.company.change_settings(null_flags_refused=True)
    told = desk.refused("POST", "vendors", body, code="BadRequest_RequiredParamNotProvided")
    assert told == "Field 'taxLiable' must not be blank or empty."


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("journals", "The General Journal Batch with ID {id} cannot be found."),
        ("purchaseInvoices", "The invoice cannot be found."),
        ("purchaseCreditMemos", "The credit memo cannot be found."),
    ],
)
def test_nothing_is_posted_that_is_not_there(desk: Desk, path: str, told: str) -> None:
    id = desk.company.id
    assert desk.refused("POST", f"{path}({id})/Microsoft.NAV.post") == told.format(id=id)
