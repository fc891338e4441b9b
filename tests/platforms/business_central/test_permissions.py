"""Permission sets: what a person or an application may do, refused with 403 in Business Central's words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, HOST, ROOT, Desk
from tests.platforms.business_central.test_around import token

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated

AUTOMATION = f"{HOST}/v2.0/Production/api/microsoft/automation/v2.0"
DENIED = {"status": 403, "code": "Internal_ServerError"}


def may(desk: Desk, *roles: str, who: str = "") -> None:
    with desk.world.unit():
        desk.company.change_settings(permission_sets={who: list(roles)} if who else list(roles))


def denied(table: str, *, extension: str = "_Exclude_APIV2_") -> str:
    return f"Sorry, the current permissions prevented the action. (TableData {table}: {extension})"


def test_a_reader_reads_and_writes_nothing(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    draft = desk.invoice(desk.item(13))
    may(desk, "D365 READ")
    assert len(desk.list("vendors", expand="paymentTerm")) == 2
    assert desk.get(f"purchaseInvoices({draft['id']})/vendor")["id"] == vendor
    told = desk.refused("POST", "vendors", {"displayName": "New"}, **DENIED)
    assert told == denied("23 Vendor Insert")
    assert desk.refused("PATCH", f"vendors({vendor})", {"city": "York"}, **DENIED) == denied("23 Vendor Modify")
    assert desk.refused("DELETE", f"vendors({vendor})", **DENIED) == denied("23 Vendor Delete")
    line = f"purchaseInvoices({draft['id']})/purchaseInvoiceLines"
    assert desk.refused("POST", line, desk.item(3), **DENIED) == denied("39 Purchase Line Insert")


def test_who_may_edit_purchases_may_not_post_them(desk: Desk) -> None:
    may(desk, "D365 BASIC", "D365 PURCH DOC, EDIT")
    draft = desk.invoice(desk.item(17))
    action = f"purchaseInvoices({draft['id']})/Microsoft.NAV.post"
    told = denied("122 Purch. Inv. Header Insert", extension="Base Application")
    assert desk.refused("POST", action, **DENIED) == told
    may(desk, "D365 BASIC", "D365 PURCH DOC, POST")
    desk.act(f"purchaseInvoices({draft['id']})")
    assert desk.books()["office"] == "17.00"


def test_who_may_edit_journals_may_not_post_them(desk: Desk) -> None:
    may(desk, "D365 BASIC", "D365 JOURNALS, EDIT")
    desk.line(19)
    told = denied("17 G/L Entry Insert", extension="Base Application")
    path = f"journals({desk.batch()})/Microsoft.NAV.post"
    assert desk.refused("POST", path, **DENIED) == told
    may(desk, "D365 BASIC", "D365 JOURNALS, POST")
    desk.post()
    assert desk.books()["travel"] == "19.00"


def test_a_request_of_a_batch_needs_its_own_permission(desk: Desk) -> None:
    may(desk, "D365 READ")
    items = [
        {"id": "1", "method": "GET", "url": "vendors"},
        {"id": "2", "method": "POST", "url": "vendors", "body": {"displayName": "New"}},
    ]
    answer = desk.send("POST", f"{ROOT}/$batch", {"requests": items})
    read, written = exact_json.loads(answer.body)["responses"]
    assert (read["status"], written["status"]) == (200, 403)
    assert len(desk.list("vendors")) == 2


def test_what_is_brought_along_needs_a_permission_as_well(desk: Desk) -> None:
    draft = desk.invoice(desk.item(13))
    may(desk, "D365 PURCH DOC, EDIT")
    path = f"purchaseInvoices({draft['id']})"
    assert desk.get(path, expand="vendor,purchaseInvoiceLines")["vendor"]["number"] == "V00010"
    told = desk.refused("GET", f"{path}?$expand=purchaseInvoiceLines($expand=dimensionSetLines)", **DENIED)
    assert told == denied("480 Dimension Set Entry Read")
    assert desk.refused("GET", f"{ROOT}/companies?$expand=items", **DENIED) == denied("27 Item Read")


def test_without_a_permission_set_nothing_is_seen(desk: Desk) -> None:
    may(desk)
    assert desk.refused("GET", "vendors", **DENIED) == denied("23 Vendor Read")


def test_the_application_has_permissions_of_its_own(desk: Desk) -> None:
    may(desk, "D365 READ", who="app")
    desk.make("vendors", displayName="By the person")
    desk.token = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    assert desk.refused("POST", "vendors", {"displayName": "By itself"}, **DENIED) == denied("23 Vendor Insert")


def users(desk: Desk) -> dict[str, str]:
    rows: list[Any] = desk.list(f"{AUTOMATION}/companies({desk.company.id})/users")
    return {row["userName"]: row["userSecurityId"] for row in rows}


def test_an_administrator_gives_and_takes_permission_sets(desk: Desk) -> None:
    path = f"{AUTOMATION}/companies({desk.company.id})/users({users(desk)['APPLICATION']})/userPermissions"
    (held,) = desk.list(path)
    assert (held["roleId"], held["company"]) == ("SUPER", desk.company.name)
    made = desk.make(path, roleId="D365 read", company=desk.company.name)
    assert (made["roleId"], made["displayName"]) == ("D365 READ", "Dyn. 365 Read access all")
    desk.drop(f"{path}({held['id']})")
    assert [row["roleId"] for row in desk.list(path)] == ["D365 READ"]
    person, desk.token = (
        desk.token,
        token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"],
    )
    assert desk.refused("POST", "vendors", {"displayName": "New"}, **DENIED) == denied("23 Vendor Insert")
    assert desk.refused("GET", path, **DENIED) == denied("2000000053 Access Control Read")
    desk.token = person
    desk.make(path, roleId="SUPER")
    assert {"SUPER", "D365 READ"} <= {row["id"] for row in desk.list(path.partition("/users")[0] + "/permissionSets")}


def test_users_and_their_permissions_are_filtered_and_chosen(desk: Desk) -> None:
    company = f"{AUTOMATION}/companies({desk.company.id})"
    (row,) = desk.list(f"{company}/users", filter="userName eq 'OWNER'", select="userSecurityId")
    assert row == {"userSecurityId": users(desk)["OWNER"]}
    found = desk.get(
        f"{company}/permissionSets", filter="startswith(id,'D365 PURCH')", orderby="id desc", count="true", top=1
    )
    assert (found["@odata.count"], found["value"][0]["id"]) == (2, "D365 PURCH DOC, POST")
    assert desk.send("GET", f"{company}/users", select="colour").status == 400
    with pytest.raises(NotSimulated):
        desk.send("GET", f"{company}/users", expand="userPermissions")


def test_the_resources_that_webhooks_tell_of_are_listed_by_version(desk: Desk) -> None:
    runtime = f"{HOST}/v2.0/Production/api/microsoft/runtime/beta/companies({desk.company.id})"
    rows = desk.list(f"{runtime}/webhookSupportedResources", filter="resource eq 'v2.0*'")
    assert {"resource": "v2.0/purchaseInvoices"} in rows
    assert desk.list(f"{runtime}/webhookSupportedResources", filter="resource eq 'v1.0*'") == []
    with pytest.raises(NotSimulated):
        desk.send("GET", f"{runtime}/webhookSupportedResources", filter="resource ne 'x'")


READ_ONLY = "BadRequest_InvalidOperation"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"roleId": "NOTHING"}, "Internal_DataNotFoundFilter"),
        ({}, "Application_DialogException"),
        ({"roleId": "D365 READ", "scope": "Tenant"}, "Internal_DataNotFoundFilter"),
        ({"roleId": "D365 READ", "scope": "Galaxy"}, "Unknown"),
        ({"roleId": "D365 READ", "appId": "6f0293a3-0f7f-4a55-9a5a-4bd5c5c7bbd5"}, "Internal_DataNotFoundFilter"),
        ({"roleId": "D365 READ", "appId": "x"}, "BadRequest"),
        ({"roleId": "D365 READ", "userSecurityId": "6f0293a3-0f7f-4a55-9a5a-4bd5c5c7bbd5"}, READ_ONLY),
        ({"roleId": "D365 READ", "displayName": "All of it"}, READ_ONLY),
        ({"roleId": "SUPER"}, "Internal_EntityWithSameKeyExists"),
        ({"roleId": "D365 READ", "role": "x"}, "BadRequest"),
        ([], "BadRequest"),
    ],
)
def test_a_permission_that_cannot_be_given_is_refused(desk: Desk, body: Any, code: str) -> None:
    path = f"{AUTOMATION}/companies({desk.company.id})/users({users(desk)['OWNER']})/userPermissions"
    desk.refused("POST", path, body, code=code)
    assert len(desk.list(path)) == 1


def test_a_permission_may_name_the_user_and_the_scope_that_it_is_for(desk: Desk) -> None:
    owner = users(desk)["OWNER"]
    path = f"{AUTOMATION}/companies({desk.company.id})/users({owner})/userPermissions"
    made = desk.make(path, roleId="D365 READ", userSecurityId=owner, scope="System", appId=BLANK_ID)
    assert (made["userSecurityId"], made["scope"]) == (owner, "System")


def test_permissions_belong_to_a_user_that_is_there(desk: Desk) -> None:
    company = f"{AUTOMATION}/companies({desk.company.id})"
    desk.refused("GET", f"{company}/userPermissions")
    missing = f"{company}/users({desk.company.id})/userPermissions"
    desk.refused("GET", missing, status=404, code="Internal_RecordNotFound")
    own = f"{company}/users({users(desk)['OWNER']})/userPermissions({desk.company.id})"
    desk.refused("DELETE", own, status=404, code="Internal_RecordNotFound")
