"""The metadata catalog: record types, their JSON Schemas, and an OpenAPI document of chosen ones.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1540811046.html; PyPI netsuite 0.12.0
(media types of the two descriptions)
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite import rendering
from sandbooks.platforms.netsuite.access import slug
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.paging import check_parameters
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.refusals import BadParameter, TypeUnknown
from sandbooks.platforms.netsuite.schema import IN_REST, Field, RecordType, type_named
from sandbooks.wire import Response

Body = dict[str, Any]

ROOT = f"{rendering.ROOT}/metadata-catalog"
_SWAGGER, SCHEMA = "application/swagger+json", "application/schema+json"


def catalog(call: Call) -> Response:
    """``GET /record/v1/metadata-catalog``: a list, or with ``Accept: application/swagger+json`` an OpenAPI document."""
    check_parameters(call, ("select",))
    chosen = _chosen(call)
    if _SWAGGER in call.header("Accept"):
        return answers.media(_openapi(call, chosen), _SWAGGER)
    items = [{"name": t.name, "links": _links(call, t)} for t in chosen]
    return answers.collection({"links": [rendering.link(call, ROOT)], "items": items})


def _chosen(call: Call) -> list[RecordType]:
    names = [name for name in (call.query.get("select") or "").split(",") if name.strip()]
    if not names:
        return [type_of(call.company, name) for name in sorted(IN_REST)]
    found = []
    for name in names:
        try:
            found.append(type_of(call.company, type_named(name.strip()).name))
        except TypeUnknown as unknown:
            raise BadParameter(f"Record '{unknown.name}' was not found.", "select") from unknown
    return found


def _links(call: Call, type: RecordType) -> list[Body]:
    path = f"{ROOT}/{type.name}"
    canonical = {"rel": "canonical", "href": call.link(path), "mediaType": "application/json"}
    described = [
        {"rel": "describes", "href": call.link(f"{rendering.ROOT}/{type.name}")},
        {"rel": "describedby", "href": call.link(path), "mediaType": _SWAGGER},
        {"rel": "describedby", "href": call.link(path), "mediaType": SCHEMA},
    ]
    return [canonical, *described]


def record_type(call: Call) -> Response:
    """``GET /record/v1/metadata-catalog/{type}``: the JSON Schema of a record type, or its OpenAPI document."""
    check_parameters(call, ())
    type = type_of(call.company, type_named(call.args["type"]).name)
    accept = call.header("Accept")
    if SCHEMA in accept:
        return answers.media(schema_of(type), SCHEMA)
    if _SWAGGER in accept:
        return answers.media(_openapi(call, [type]), _SWAGGER)
    return answers.singular({"name": type.name, "links": _links(call, type)})


# JSON Schema

_PLAIN: dict[str, Body] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "double"},
    "amount": {"type": "number", "format": "double"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}


def schema_of(type: RecordType) -> Body:
    """A record type as a JSON Schema."""
    members = {field.name: _field(field) for field in type.fields}
    # Ids are text in every answer, although they are numbers. Unconfirmed: what the catalog of an account says.
    members["id"] = {"title": "Internal ID", "type": "string", "readOnly": True}
    for sublist in type.sublists:
        line = {"type": "object", "properties": {f.name: _field(f) for f in sublist.fields}}
        members[sublist.name] = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": line}, "totalResults": {"type": "integer"}},
        }
    found: Body = {"type": "object", "properties": {"links": {"type": "array", "readOnly": True}, **members}}
    required = [field.name for field in type.fields if field.required]
    found |= {"x-ns-filterable": sorted(f.name for f in type.fields if f.kind not in ("refs",))}
    return {**found, "required": required} if required else found


def _field(field: Field) -> Body:
    if field.kind == "enum":
        ids = {"type": "string", "enum": list(field.choices)}
        shown: Body = {"type": "object", "properties": {"id": ids, "refName": {"type": "string"}}}
    elif field.kind in ("ref", "refs"):
        reference = {"id": {"type": "string"}, "refName": {"type": "string"}, "externalId": {"type": "string"}}
        shown = {"type": "object", "properties": reference, "x-ns-targets": list(field.targets)}
        if field.kind == "refs":
            shown = {"type": "object", "properties": {"items": {"type": "array", "items": shown}}}
    else:
        shown = dict(_PLAIN[field.kind])
    if field.kind == "text" and field.length < 999:
        shown["maxLength"] = field.length
    # Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545129726.html (x-ns-custom-field)
    own = {"x-ns-custom-field": True} if field.custom else {}
    return {"title": field.title, **shown, **({"readOnly": True} if field.read_only else {}), **own}


# OpenAPI


def _openapi(call: Call, types: list[RecordType]) -> Body:
    host = f"https://{slug(call.company.id)}.suitetalk.api.netsuite.com{rendering.ROOT}"
    paths: Body = {}
    for type in types:
        paths |= _paths(type)
    return {
        "openapi": "3.0.1",
        "info": {"title": "NetSuite REST Record API", "version": "v1"},
        "servers": [{"url": call.link(rendering.ROOT) if not call.exchange.surface_by_host else host}],
        "paths": paths,
        "components": {"schemas": {type.name: schema_of(type) for type in types}},
    }


def _paths(type: RecordType) -> Body:
    reference = {"$ref": f"#/components/schemas/{type.name}"}
    answer = {"200": {"description": "The record.", "content": {"application/json": {"schema": reference}}}}
    body = {"required": True, "content": {"application/json": {"schema": reference}}}
    empty = {"204": {"description": "Done; Location names the record."}}
    id: Body = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    listed: Body = {"get": {"tags": [type.name], "responses": {"200": {"description": "Ids and links."}}}}
    one: Body = {"parameters": [id], "get": {"tags": [type.name], "responses": answer}}
    if type.writable:
        listed["post"] = {"tags": [type.name], "requestBody": body, "responses": empty}
        one["patch"] = {"tags": [type.name], "requestBody": body, "responses": empty}
        one["put"] = {"tags": [type.name], "requestBody": body, "responses": empty}
        one["delete"] = {"tags": [type.name], "responses": empty}
    return {f"/{type.name}": listed, f"/{type.name}/{{id}}": one}
