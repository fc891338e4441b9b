"""The automation API: users, and the permission sets that are assigned to them.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/resources/dynamics_user,
…/dynamics_userpermission, …/dynamics_permissionset; page API Automation User Permissions, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central import entra, permissions
from sandbooks.platforms.business_central.access import find, native_path, who
from sandbooks.platforms.business_central.api.collections import HOST, body_of
from sandbooks.platforms.business_central.errors import ODATA
from sandbooks.platforms.business_central.fields import Field, choice
from sandbooks.platforms.business_central.names import BLANK_ID, BLANK_INSTANT, entity_tag, guid
from sandbooks.platforms.business_central.odata.options import read_options
from sandbooks.platforms.business_central.odata.plain import Rows, admitted, chosen, ordered
from sandbooks.platforms.business_central.paths import Address, automation_address
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    Dialog,
    KeyExists,
    NothingWithin,
    ReadOnlyMember,
    RecordMissing,
    SegmentMissing,
)
from sandbooks.platforms.business_central.sets.entity import single
from sandbooks.wire import Response
from sandbooks.world import World


def _texts(*names: str, uid: str) -> dict[str, Field]:
    return {uid: Field(uid, "guid"), **{name: Field(name, "text") for name in names}}


_FIELDS: dict[str, dict[str, Field]] = {
    "users": _texts("userName", "displayName", "state", "expiryDate", "contactEmail", uid="userSecurityId"),
    "permissionSets": _texts("id", "displayName", "scope", "extensionName", uid="appId"),
    "userPermissions": _texts("roleId", "displayName", "company", "extensionName", "scope", uid="id")
    | _texts(uid="userSecurityId")
    | _texts(uid="appId"),
}
_ROUTE = "/other/microsoft/automation/v2.0"
_MEMBERS = frozenset(["id", "userSecurityId", "roleId", "displayName", "company", "appId", "extensionName", "scope"])


def _addressed(call: Call) -> tuple[Company, Address]:
    """The company and the entities that an address names; only an administrator gets there."""
    address = automation_address(native_path(call))
    reached = call.facts["in_environment"]
    if address.environment:
        named = address.environment.lower()
        reached = [each for each in reached if str(each.settings["environment"]).lower() == named] or reached
    company = find(reached, address.company or "")
    call.company = company
    permissions.check_administrator(company, who(call))
    return company, address


def user_ids(world: World) -> dict[str, str]:
    """The users of the tenant by what they are: the person who consents, and the application."""
    return {permissions.USER: entra.user_id(world), permissions.APP: world.ids.fixed_uuid("business_central/app_user")}


def _listed(call: Call, name: str, rows: Rows) -> Response:
    options, members = read_options(call.query), _FIELDS[name]
    for wanted in options.expand:
        raise NotSimulated(f"$expand={wanted[:40]} in the automation API", instead="the set of that name")
    found = admitted(rows, options, members, single(name))
    shown = [chosen(row, options, always=("@odata.etag",)) for row in ordered(found, options, members, single(name))]
    context = call.link(f"/api/microsoft/automation/v2.0/$metadata#{name}", host=HOST)
    count = {"@odata.count": len(found)} if options.count else {}
    return Response(200, ODATA, exact_json.dumps({"@odata.context": context, **count, "value": shown}))


def list_users(call: Call) -> Response:
    """``GET companies(id)/users``."""
    _addressed(call)
    told = {permissions.USER: ("OWNER", "Robin Owner", "owner@example.com"), permissions.APP: ("APPLICATION", "", "")}
    return _listed(
        call,
        "users",
        [
            {
                "userSecurityId": id,
                "userName": told[kind][0],
                "displayName": told[kind][1] or "Application",
                "state": "Enabled",
                "expiryDate": BLANK_INSTANT,
                "contactEmail": told[kind][2],
            }
            for kind, id in user_ids(call.world).items()
        ],
    )


def list_permission_sets(call: Call) -> Response:
    """``GET companies(id)/permissionSets``."""
    _addressed(call)
    rows = [
        {"id": role, "displayName": name, "scope": "System", "appId": BLANK_ID, "extensionName": "Base Application"}
        for role, (name, _) in permissions.ROLES.items()
    ]
    return _listed(call, "permissionSets", rows)


def list_user_permissions(call: Call) -> Response:
    """``GET companies(id)/users(id)/userPermissions``."""
    company, address = _addressed(call)
    kind = _user(call, address)
    rows = [_shown(company, kind, role) for role in permissions.roles_of(company, kind)]
    return _listed(call, "userPermissions", rows)


def create_user_permission(call: Call) -> Response:
    """``POST companies(id)/users(id)/userPermissions``: a further permission set for a user."""
    company, address = _addressed(call)
    kind, body = _user(call, address), body_of(call)
    if not isinstance(body, dict) or not all(name in _MEMBERS for name in body if "@" not in name):
        raise BadBody("The request body must be one object with the members of a userPermission.")
    role = _role(body)
    _check_beside(company, kind, role, body)
    held = permissions.roles_of(company, kind)
    if role in held:
        raise KeyExists("Access Control", f"Role ID='{role}'")
    with call.unit():
        permissions.assign(company, kind, [*held, role])
    shown = _shown(company, kind, role)
    address_of_it = call.link(
        f"/api/microsoft/automation/v2.0/companies({company.id})/users({shown['userSecurityId']})"
        f"/userPermissions({shown['id']})",
        host=HOST,
    )
    context = call.link("/api/microsoft/automation/v2.0/$metadata#userPermissions/$entity", host=HOST)
    return Response(201, (*ODATA, ("Location", address_of_it)), exact_json.dumps({"@odata.context": context, **shown}))


def _role(body: Mapping[str, Any]) -> str:
    """The role that a new permission names, sought as the page does: by role, by app and by scope.

    Source: page API Automation User Permissions (OnInsertRecord), github.com/microsoft/BCApps
    """
    role, app, scope = body.get("roleId") or "", body.get("appId") or BLANK_ID, body.get("scope")
    if not isinstance(role, str) or not isinstance(app, str) or guid(app) is None:
        raise BadBody("The roleId and the appId of a userPermission are a text and a GUID.")
    if scope is not None:
        scope = choice("scope", "System", "Tenant").read(scope)
    found = [] if guid(app) != BLANK_ID or scope == "Tenant" else [*permissions.ROLES]
    if role:
        found = [each for each in found if each == role.upper()]
    if len(found) > 1:
        raise Dialog(f"The permission set {role} is defined multiple times in this context.")
    if not found:
        raise NothingWithin("Aggregate Permission Set")
    return found[0]


def _check_beside(company: Company, kind: str, role: str, body: Mapping[str, Any]) -> None:
    """What a permission is for: members that a client may not set are refused where they would be others.

    Raises ``RecordMissing``, ``ReadOnlyMember``.
    """
    if body.get("company", "") not in ("", company.name, company.name[:30]):
        raise RecordMissing("Company", f"Name='{str(body['company'])[:30]}'")
    stands = _shown(company, kind, role)
    for member in ("id", "userSecurityId", "displayName", "extensionName"):
        if body.get(member, stands[member]) not in (None, "", BLANK_ID, stands[member]):
            raise ReadOnlyMember(member)


def delete_user_permission(call: Call) -> Response:
    """``DELETE companies(id)/users(id)/userPermissions(id)``."""
    company, address = _addressed(call)
    kind = _user(call, address)
    wanted = guid((address.segments[-1].key or "").strip("'"))
    held = permissions.roles_of(company, kind)
    if wanted not in {_id(company, kind, role) for role in held}:
        raise RecordMissing("Access Control", f"SystemId='{wanted or ''}'")
    with call.unit():
        permissions.assign(company, kind, [role for role in held if _id(company, kind, role) != wanted])
    return Response(204, (("OData-Version", "4.0"),))


def _user(call: Call, address: Address) -> str:
    """Which user an address names. Raises ``Dialog`` where it names none, ``RecordMissing``."""
    above = address.segments[:-1]
    if not above:
        raise Dialog("You must specify a User Security ID to access user permissions.")
    if above[0].name.lower() != "users" or len(above) > 1:
        raise SegmentMissing(above[0].name[:60])
    wanted = guid((above[0].key or "").strip("'"))
    found = [kind for kind, id in user_ids(call.world).items() if id == wanted]
    if not found:
        raise RecordMissing("User", f"User Security ID='{wanted or ''}'")
    return found[0]


def _id(company: Company, kind: str, role: str) -> str:
    return company.world.ids.fixed_uuid(f"business_central/{company.id}/permission/{kind}/{role}")


def _shown(company: Company, kind: str, role: str) -> dict[str, Any]:
    id = _id(company, kind, role)
    return {
        "@odata.etag": entity_tag("userPermission", id, 1),
        "id": id,
        "userSecurityId": user_ids(company.world)[kind],
        "roleId": role,
        "displayName": permissions.ROLES.get(role, ("", ""))[0],
        "company": company.name[:30],
        "appId": BLANK_ID,
        "extensionName": "Base Application",
        "scope": "System",
    }


NAMES = ("users", "userPermissions", "permissionSets")
_PERMISSIONS = f"{_ROUTE}/userPermissions"
OPERATIONS = (
    Operation("list_users", "GET", f"{_ROUTE}/users", list_users, scope="tenant"),
    Operation("list_permission_sets", "GET", f"{_ROUTE}/permissionSets", list_permission_sets, scope="tenant"),
    Operation("list_user_permissions", "GET", _PERMISSIONS, list_user_permissions, scope="tenant"),
    Operation("create_user_permission", "POST", _PERMISSIONS, create_user_permission, writes=True, scope="tenant"),
    Operation(
        "delete_user_permission", "DELETE", f"{_PERMISSIONS}(-)", delete_user_permission, writes=True, scope="tenant"
    ),
)
