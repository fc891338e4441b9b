"""Companies: the hub's customers' customers, each with its connections.

Source: github.com/codatio/oas, schemas Company and CompanyRequestBody; https://docs.codat.io/core-concepts/companies.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec

from sandbooks.hub import connections, plan, profiles, query, records, wire
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.hub.syncs import rows
from sandbooks.hub.webhooks import emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

FORBIDDEN = re.compile(r"[^A-Za-z0-9\s\-',&@.?!]")
PRODUCT = "expenses"

Tags = Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(max_length=10)]


class CompanyRequest(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    description: str | None = None
    tags: Tags | None = None


class CompanyChanges(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    tags: Tags | msgspec.UnsetType | None = msgspec.UNSET


def company_of(world: World, company_id: str) -> dict[str, Any]:
    """A company; 404 when there is none."""
    company = records.get(world, "company", company_id)
    if company is None:
        raise not_found(f"No company was found with ID {company_id}", service="ClientsApi")
    return company


def called(call: Call) -> dict[str, Any]:
    """The company that the path names."""
    return company_of(call.world, call.args["company_id"])


def make(world: World, *, name: str, description: str | None = None, tags: Any = None) -> dict[str, Any]:
    """A new company. Writes: call it in a unit of work."""
    company: dict[str, Any] = {
        "id": world.ids.uuid("codat/company"),
        "name": _cleaned(name),
        "description": description,
        "tags": tags or {},
        "created": records.now(world),
    }
    records.put(world, "company", company["id"], company)
    emit(world, "company.created", details(company), company=company["id"])
    return company


def _check_name(call: Call, name: str) -> None:
    """The stricter reading of the public pages, when the world has chosen it."""
    if profiles.on(call.world, "company_names_refused") and FORBIDDEN.search(name):
        raise not_valid(Item("name", "name has a character that a company name may not have", "Name"))


def details(company: dict[str, Any]) -> dict[str, Any]:
    """A company as its own events show it. Source: github.com/codatio/oas, schema CompanyWebhook"""
    shown = {
        "id": company["id"],
        "name": company["name"],
        "description": company["description"],
        "redirect": f"https://link.codat.io/company/{company['id']}",
        "created": company["created"],
        "products": products_of(company),
        "tags": company["tags"],
    }
    return {name: value for name, value in shown.items() if value is not None}


def _cleaned(name: str) -> str:
    # The concept page removes what it forbids, the API description refuses it; the page's way is kinder to clients.
    # Source: https://docs.codat.io/core-concepts/companies
    kept = FORBIDDEN.sub("", name).strip()
    if not kept:
        raise not_valid(Item("name", "name keeps no character that a company name may have", "Name"))
    return kept


def products_of(company: dict[str, Any]) -> list[str]:
    """The products that are enabled for a company."""
    kept: list[str] = company.get("products", [PRODUCT])
    return kept


def _check_tags(tags: Any) -> None:
    for key in tags if isinstance(tags, dict) else ():
        if not 1 <= len(key) <= 27:
            raise not_valid(Item("tags", f"a tag's key has 1 to 27 characters, not {len(key)}", "Tags"))


def list_companies(call: Call) -> Response:
    rows = [rendered(call, company) for company in records.every(call.world, "company")]
    tags = call.query.get("tags", "")
    if tags:
        rows = _tagged(rows, tags)
    return wire.page_reply(call, rows, what="Company", nulls=False)


def _tagged(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The companies whose tags satisfy a query such as ``region=uk && team!=finance``; a missing tag is empty.

    Source: github.com/codatio/oas, parameter tags of list-companies, its example. One ``key:value`` is taken too.
    """
    key, colon, value = text.partition(":")
    if colon and not re.search(r"[=~<>&|{]", text):
        return [row for row in rows if row["tags"].get(key) == value]
    named = dict.fromkeys(re.findall(r"([A-Za-z_][\w.\-]*)\s*(?:!=|=|~)", text))
    tags = [{**named, **row["tags"], "_row": place} for place, row in enumerate(rows)]
    return [rows[found["_row"]] for found in query.filtered(tags, text, what="Company")]


def create_company(call: Call) -> Response:
    wanted = wire.parsed(wire.raw_body(call), CompanyRequest)
    _check_tags(wanted.tags)
    plan.check_companies(call.world, sum(1 for _ in records.every(call.world, "company")))
    with call.unit():
        _check_name(call, wanted.name)
        company = make(call.world, name=wanted.name, description=wanted.description, tags=wanted.tags)
    return json_reply(wire.without_nulls(rendered(call, company)))


def get_company(call: Call) -> Response:
    return json_reply(wire.without_nulls(rendered(call, called(call))))


def replace_company(call: Call) -> Response:
    company = called(call)
    wanted = wire.parsed(wire.raw_body(call), CompanyRequest)
    _check_tags(wanted.tags)
    _check_name(call, wanted.name)
    company |= {"name": _cleaned(wanted.name), "description": wanted.description, "tags": wanted.tags or {}}
    return _keep(call, company)


def update_company(call: Call) -> Response:
    company = called(call)
    wanted = wire.parsed(wire.raw_body(call), CompanyChanges)
    _check_tags(wanted.tags)
    if wanted.name is not msgspec.UNSET:
        _check_name(call, wanted.name)
        company["name"] = _cleaned(wanted.name)
    if wanted.description is not msgspec.UNSET:
        company["description"] = wanted.description
    if wanted.tags is not msgspec.UNSET:
        company["tags"] = wanted.tags or {}
    return _keep(call, company)


def _keep(call: Call, company: dict[str, Any]) -> Response:
    with call.unit():
        records.put(call.world, "company", company["id"], company)
    return json_reply(wire.without_nulls(rendered(call, company)))


def delete_company(call: Call) -> Response:
    company = called(call)
    with call.unit():
        for connection in connections.of_company(call.world, company["id"]):
            connections.remove(call.world, company, connection)
        records.drop(call.world, "company", company["id"])
        rows.resume(call.world, company["id"])  # what still waits ends now
        emit(call.world, "company.deleted", details(company), company=company["id"])
    return Response(204)


def rendered(call: Call, company: dict[str, Any]) -> dict[str, Any]:
    """A company as the hub shows it."""
    linked = connections.of_company(call.world, company["id"])
    syncs = [connection["lastSync"] for connection in linked if connection.get("lastSync")]
    return {
        "id": company["id"],
        "name": company["name"],
        "description": company["description"],
        "redirect": call.link(f"/company/{company['id']}", host="link.codat.io"),
        "lastSync": max(syncs, default=None),
        "created": company["created"],
        "createdByUserName": None,
        "products": products_of(company),
        "tags": company["tags"],
        "referenceParentCompany": None,
        "referenceSubsidiaryCompanies": [],
        "dataConnections": [connections.rendered(call, connection) for connection in linked],
    }
