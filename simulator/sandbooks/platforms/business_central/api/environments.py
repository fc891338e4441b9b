"""What a tenant holds: its environments and companies.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/api-get-environments
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central import lacking, permissions, webhooks
from sandbooks.platforms.business_central.access import address_of, find, tenant_of, who
from sandbooks.platforms.business_central.api.collections import HOST, root_of, rows_of
from sandbooks.platforms.business_central.errors import ODATA
from sandbooks.platforms.business_central.fields import Field
from sandbooks.platforms.business_central.odata.options import Options, check_single, read_options
from sandbooks.platforms.business_central.odata.plain import admitted, check_members, ordered
from sandbooks.platforms.business_central.refusals import BadUrl
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.companies import FIELDS, shown_company
from sandbooks.wire import Response


def list_environments(call: Call) -> Response:
    """``GET /environments/v1.1``."""
    found: dict[str, Company] = {}
    for company in call.facts["companies"]:
        found.setdefault(str(company.settings["environment"]), company)
    tenant = tenant_of(call.world)
    listed = [
        {
            "aadTenantId": tenant,
            "applicationFamily": "BusinessCentral",
            "type": "Sandbox" if "sandbox" in name.lower() else "Production",
            "name": name,
            "countryCode": company.country,
            "webServiceUrl": call.link("", host=HOST),
            "webClientLoginUrl": f"https://businesscentral.dynamics.com/{tenant}/{name}",
            "ringName": "PROD",
        }
        for name, company in found.items()
    ]
    return Response(200, (("Content-Type", "application/json"),), exact_json.dumps({"value": listed}))


def list_companies(call: Call) -> Response:
    """``GET companies``, with sets of theirs where ``$expand`` names them."""
    options = read_options(call.query)
    found = _rows(call, options)
    asked = replace(options, select=tuple(name for name in options.select if name not in SETS))
    rows = ordered(found, asked, _members(), "company")
    body: dict[str, Any] = {"@odata.context": f"{root_of(call)}/$metadata#companies"}
    if options.count:
        body["@odata.count"] = len(found)
    return Response(200, ODATA, exact_json.dumps({**body, "value": [_shown(call, row, options) for row in rows]}))


def _rows(call: Call, options: Options) -> list[dict[str, Any]]:
    return admitted([shown_company(each) for each in call.facts["in_environment"]], options, _members(), "company")


def _members() -> dict[str, Field]:
    return {"id": Field("id", "guid"), **{field.name: field for field in FIELDS}}


def _shown(call: Call, row: dict[str, Any], options: Options) -> dict[str, Any]:
    """A company with its chosen members, and the rows of its sets that are wanted with it."""
    chosen = set(options.select) - SETS.keys()
    shown = {name: value for name, value in row.items() if not chosen or name in chosen or "*" in chosen}
    for name, inner in options.expand.items():
        if name in lacking.NAMES:
            raise NotSimulated(f"the navigation {name}")
        if name not in SETS:
            raise BadUrl(f"Could not find a property named '{name[:60]}' on type 'Microsoft.NAV.company'.")
        call.company = find(call.facts["in_environment"], str(row["id"]))
        permissions.check(call.company, who(call), name, "GET")
        shown[name] = rows_of(call, name, inner)
    return shown


def get_company(call: Call) -> Response:
    """``GET companies(id)``."""
    wanted = address_of(call).segments[-1].key or ""
    company = find(call.facts["in_environment"], wanted or "-")
    options = read_options(call.query)
    check_single(options)
    asked = replace(options, select=tuple(name for name in options.select if name not in SETS))
    check_members(asked, _members(), "company")
    body = {"@odata.context": f"{root_of(call)}/$metadata#companies/$entity"}
    return Response(200, ODATA, exact_json.dumps({**body, **_shown(call, shown_company(company), options)}))


def count_companies(call: Call) -> Response:
    """``GET companies/$count``."""
    total = len(_rows(call, read_options(call.query)))
    return Response(200, (("Content-Type", "text/plain"),), b"\xef\xbb\xbf" + str(total).encode())


def list_webhook_resources(call: Call) -> Response:
    """``GET …/api/microsoft/runtime/beta/companies(id)/webhookSupportedResources``.

    Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions
    """
    wanted = call.query.get("$filter", "resource eq '*'")
    found = _RESOURCE.fullmatch(wanted)
    if found is None:
        raise NotSimulated("this filter of webhookSupportedResources", instead="resource eq 'v2.0*'")
    listed = [
        {"resource": f"v2.0/{name}"} for name in sorted(webhooks.SUPPORTED) if fnmatchcase(f"v2.0/{name}", found[1])
    ]
    context = call.link("/api/microsoft/runtime/beta/$metadata#webhookSupportedResources", host=HOST)
    return Response(200, ODATA, exact_json.dumps({"@odata.context": context, "value": listed}))


def list_routes(call: Call) -> Response:
    """``GET …/api/microsoft/automation/v2.0/companies(id)/apicategoryroutes``."""
    known = (("", "", "v2.0"), ("microsoft", "automation", "v2.0"), ("microsoft", "runtime", "beta"))
    listed = [
        {
            "route": "/".join(part for part in each if part),
            "aPIPublisher": each[0],
            "aPIGroup": each[1],
            "aPIVersion": each[2],
        }
        for each in known
    ]
    context = call.link("/api/microsoft/automation/v2.0/$metadata#apicategoryroutes", host=HOST)
    return Response(200, ODATA, exact_json.dumps({"@odata.context": context, "value": listed}))


# A filter with a wildcard, as the documentation asks for one version. Source: dynamics-subscriptions, named above
_RESOURCE = re.compile(r"\s*resource\s+eq\s+'([^'\[\]?]*)'\s*")
_RUNTIME, _AUTOMATION = "/other/microsoft/runtime/beta", "/other/microsoft/automation/v2.0"
OPERATIONS = (
    Operation(
        "list_webhook_resources",
        "GET",
        f"{_RUNTIME}/webhookSupportedResources",
        list_webhook_resources,
        scope="tenant",
    ),
    Operation("list_routes", "GET", f"{_AUTOMATION}/apicategoryroutes", list_routes, scope="tenant"),
    Operation("list_automation_companies", "GET", f"{_AUTOMATION}/companies", list_companies, scope="tenant"),
    Operation("list_environments", "GET", "/environments", list_environments, scope="tenant"),
    Operation("list_companies", "GET", "/api/companies", list_companies, scope="tenant"),
    Operation("count_companies", "GET", "/api/companies/$count", count_companies, scope="tenant"),
    Operation("get_company", "GET", "/api/companies(-)", get_company, scope="tenant"),
)
