"""The record service: create, read, list, change, upsert, delete, transform, and the sub-resources of a record.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1540810168.html and the pages below it
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import rendering
from sandbooks.platforms.netsuite.access import check_analytics, check_permission
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.conflicts import check_unchanged
from sandbooks.platforms.netsuite.api.paging import check_parameters, collection, flag, page_of, part
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.filters import matching
from sandbooks.platforms.netsuite.records import orders, store, writing
from sandbooks.platforms.netsuite.refusals import BadContent, BadParameter, RecordMissing, UserError
from sandbooks.platforms.netsuite.schema import TYPES, RecordType, Sublist, type_named
from sandbooks.wire import Response

Body = dict[str, Any]

_READ = ("expandSubResources", "fields", "simpleEnumFormat")
_WRITE = ("replace", "replaceSelectedFields")
_EID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def _type(call: Call) -> RecordType:
    type = type_of(call.company, type_named(call.args["type"]).name)
    check_permission(call, type)
    return type


def _record(call: Call, type: RecordType) -> Record:
    return store.locate(call.company, type, _address(call.args["id"]))


def _address(text: str) -> str:
    """An id of a path, ``eid:`` checked. Source: section_156334828635.html (characters of external ids in URLs)"""
    if text.lower().startswith("eid:") and (len(text) == 4 or not set(text[4:]) <= _EID_CHARACTERS):
        raise BadContent(f"Invalid external ID: {text[4:44]}. Use letters, digits, underscore and hyphen.")
    return text


def _written_type(call: Call) -> RecordType:
    """The record type of a write. Forms and choices, which ``Accept`` asks for, would write nothing."""
    # Source: NetSuite REST API Browser, record service v1 2026.1 (media types of POST, PATCH and !transform)
    accept = call.header("Accept").lower()
    for form in ("create-form", "edit-form", "select-options"):
        if f"type={form}" in accept.replace(" ", ""):
            raise NotSimulated(f"answers of the type {form}", instead="a write without it")
    return _type(call)


def check_type(call: Call) -> None:
    """Refuse a write to a record type that is not there, or that the role may not write."""
    _written_type(call)


def create(call: Call) -> Response:
    """``POST /record/v1/{type}``."""
    type = _written_type(call)
    check_parameters(call, _WRITE)
    reader = answers.reader(call)
    given = reader.document(type, answers.body_of(call))
    with call.unit():
        record = writing.create(call.company, type, given)
    return answers.written(call, rendering.path_of(record), *answers.warnings(reader))


def get(call: Call) -> Response:
    """``GET /record/v1/{type}/{id}``."""
    type = _type(call)
    check_parameters(call, _READ)
    record = _record(call, type)
    fields = [name for name in (call.query.get("fields") or "").split(",") if name]
    known = {*type.by_name, *type.sublist_by_name}
    for name in fields:
        if name.lower() not in known:
            raise BadParameter(f"Invalid value for the query parameter 'fields': {name[:60]}.", "fields")
    shown = rendering.singular(call, record, expand=flag(call, "expandSubResources"), fields=fields)
    return answers.singular(_simple_enums(type, shown) if flag(call, "simpleEnumFormat") else shown)


def _simple_enums(type: RecordType, shown: Body) -> Body:
    """Enumerations as bare ids."""
    enums = {f.name for f in type.fields if f.kind == "enum"}
    return {name: value["id"] if name in enums else value for name, value in shown.items()}


def listing(call: Call) -> Response:
    """``GET /record/v1/{type}``: ids and links only, or whole records with ``expandRecords``; ``ids`` names some.

    Source: NetSuite REST API Browser, record service v1 2026.1 (parameters of a collection)
    """
    type = _type(call)
    check_analytics(call)
    check_parameters(call, ("limit", "offset", "q", "expandRecords", "ids"))
    page, ids = page_of(call), ids_of(call)
    records = store.listed(call.company, type.name, lag=call.exchange.lag)
    if ids is not None:
        # Unconfirmed: ids that are not there are left out, and the order is that of creation.
        found = {record.id for id in ids for record in _named(call, type, id)}
        records = [record for record in records if record.id in found]
    asked = call.query.get("q")
    if asked is not None:
        records = matching(call.company, type, records, asked)
    if flag(call, "expandRecords"):
        # Unconfirmed: whether sublists are expanded too; here they are links, as on one record.
        items = [rendering.singular(call, record) for record in part(records, page)]
    else:
        items = [{"links": [rendering.link(call, rendering.path_of(r))], "id": r.id} for r in part(records, page)]
    path = f"{rendering.ROOT}/{type.name}"
    return answers.collection(collection(call, path, page, items=items, total=len(records)))


def ids_of(call: Call) -> list[str] | None:
    """The internal ids, or ``eid:`` and external ones, that the query parameter ``ids`` names; None without it."""
    given = call.query.get("ids")
    if given is None:
        return None
    ids = [id.strip() for id in given.split(",") if id.strip()]
    if not ids:
        raise BadParameter("Invalid value for the query parameter 'ids'.", "ids")
    return list(dict.fromkeys(_address(id) for id in ids))


def _named(call: Call, type: RecordType, address: str) -> list[Record]:
    if address.lower().startswith("eid:"):
        found = store.by_external_id(call.company, type.name, address[4:])
    else:
        found = store.get(call.company, type.name, address)
    return [found] if found is not None else []


def update(call: Call) -> Response:
    """``PATCH /record/v1/{type}/{id}``."""
    type = _written_type(call)
    record = _record(call, type)
    reader = answers.reader(call)
    given = reader.document(type, answers.body_of(call))
    replace = _replaced(call, type, given)
    with call.unit():
        check_unchanged(call, record)
        writing.update(call.company, type, record, given, replace=replace)
    return answers.written(call, rendering.path_of(record), *answers.warnings(reader))


def _replaced(call: Call, type: RecordType, given: Body) -> list[str]:
    """The sublists that ``replace`` names, as the schema spells them."""
    check_parameters(call, _WRITE)
    named = [name for name in (call.query.get("replace") or "").split(",") if name]
    known = {**{k: f.name for k, f in type.by_name.items()}, **{k: s.name for k, s in type.sublist_by_name.items()}}
    for name in named:
        if name.lower() not in known:
            raise BadParameter(f"Invalid value for the query parameter 'replace': {name[:60]}.", "replace")
    found = [known[name.lower()] for name in named]
    if flag(call, "replaceSelectedFields"):
        cleared = [name for name, value in given.items() if value is None and name not in found]
        if cleared:
            raise BadParameter(f"The field {cleared[0]} is deleted but not named.", "replace")
    return found


def upsert(call: Call) -> Response:
    """``PUT /record/v1/{type}/eid:{externalId}``: create, or change what stands under that external id.

    Unconfirmed: what becomes of lines that stand. By default the sublists of the body replace them, so that a repeat
    changes nothing; the setting ``upsert_sublists: add`` treats lines as an update does.
    """
    type = _type(call)
    address = _address(call.args["id"])
    if not address.lower().startswith("eid:"):
        raise UserError("PUT needs an external ID in the URL, as in eid:A-100.")
    external = address[4:]
    reader = answers.reader(call)
    given = reader.document(type, answers.body_of(call))
    replace = _replaced(call, type, given)
    if str(given.get("externalId") or external).lower() != external.lower():
        raise BadContent("The external ID of the body is not that of the URL.", "externalId")
    standing = store.by_external_id(call.company, type.name, external)
    with call.unit():
        if standing is None:
            record = writing.create(call.company, type, {**given, "externalId": external})
        else:
            check_unchanged(call, standing)
            if call.company.settings.get("upsert_sublists", "replace") == "replace":
                replace += [s.name for s in type.sublists if s.name in given]
            record = writing.update(call.company, type, standing, given, replace=replace)
    return answers.written(call, rendering.path_of(record), *answers.warnings(reader))


def delete(call: Call) -> Response:
    """``DELETE /record/v1/{type}/{id}``."""
    type = _type(call)
    check_parameters(call, ())
    record = _record(call, type)
    with call.unit():
        writing.delete(call.company, type, record)
    return answers.NO_CONTENT


# Sub-resources


def _sublist(call: Call, type: RecordType) -> Sublist | None:
    return type.sublist_by_name.get(call.args["sublist"].lower())


def sublist(call: Call) -> Response:
    """``GET /record/v1/{type}/{id}/{sublist}``: the lines of a sublist, or the choices of a multiple selection."""
    type = _type(call)
    check_parameters(call, ("expandSubResources", "limit", "offset"))
    record = _record(call, type)
    page, whole = page_of(call), flag(call, "expandSubResources")
    found = _sublist(call, type)
    if found is None:
        return _selection(call, type, record)
    lines = rendering.lines(call.company, record, found)
    items = [rendering.line_of(call, record, found, line) for line in part(lines, page)]
    if not whole:
        items = [{"links": item["links"]} for item in items]
    path = f"{rendering.path_of(record)}/{found.name}"
    return answers.collection(collection(call, path, page, items=items, total=len(lines)))


def _selection(call: Call, type: RecordType, record: Record) -> Response:
    field = type.by_name.get(call.args["sublist"].lower())
    if field is None or field.kind not in ("refs", "ref"):
        raise RecordMissing(f"{type.name} sub-resource", call.args["sublist"][:60])
    value = record.body.get(field.name)
    if field.kind == "ref":
        target = store.refer(call.company, field.targets, id=value["id"]) if value else None
        if target is None or target.kind not in TYPES:
            raise RecordMissing(type.name, field.name)
        return answers.singular(rendering.singular(call, target))
    ids = [item["id"] for item in (value or {}).get("items", [])]
    items = [rendering.reference(call, field.targets, id) for id in part(ids, page_of(call))]
    path = f"{rendering.path_of(record)}/{field.name}"
    return answers.collection(collection(call, path, page_of(call), items=items, total=len(ids)))


def line(call: Call) -> Response:
    """``GET /record/v1/{type}/{id}/{sublist}/{line}``."""
    type = _type(call)
    check_parameters(call, ("expandSubResources", "fields"))
    record = _record(call, type)
    found = _sublist(call, type)
    stored = rendering.lines(call.company, record, found) if found else []
    match = next((each for each in stored if str(each["line"]) == call.args["line"]), None)
    if found is None or match is None:
        raise RecordMissing(f"{type.name} line", call.args["line"][:60])
    return answers.singular(rendering.line_of(call, record, found, match))


# Transformations

# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157901123882.html
_TRANSFORMS = {
    ("vendorBill", "vendorPayment"): ("entity", "subsidiary", "currency"),
    ("vendorBill", "vendorCredit"): ("entity", "subsidiary", "currency", "exchangeRate", "account", "memo"),
    ("employee", "expenseReport"): (),
    ("vendor", "vendorBill"): (),
    (orders.ORDER, "vendorBill"): (),
}


def transform(call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!transform/{target}``: the source's values, those of the body over them."""
    type, target = _written_type(call), type_of(call.company, type_named(call.args["target"]).name)
    check_permission(call, target)
    check_parameters(call, _WRITE)
    record = _record(call, type)
    members = _TRANSFORMS.get((type.name, target.name))
    if members is None:
        raise UserError(f"{type.name} cannot be transformed into {target.name}.")
    reader = answers.reader(call)
    given = reader.document(target, answers.body_of(call) if call.request.body else {})
    drawn: Body = {name: record.body[name] for name in members if record.body.get(name) is not None}
    if record.kind == orders.ORDER:
        drawn = orders.bill_of(call.company, record)
        for line in (line for sublist in orders.SUBLISTS for line in given.get(sublist) or ()):
            if line.get("orderLine") is not None:
                line.setdefault("orderDoc", {"id": record.id})
    elif not members:
        drawn = {"entity": {"id": record.id}}
    elif target.name == "vendorPayment":
        drawn["apply"] = [{"doc": {"id": record.id}, "apply": True}]
    else:
        drawn |= _copied_lines(record)
        drawn["apply"] = [{"doc": {"id": record.id}, "apply": True}]
    drawn |= _custom_values(record, type, target)
    with call.unit():
        made = writing.create(call.company, target, {**drawn, **given})
    return answers.written(call, rendering.path_of(made), *answers.warnings(reader))


def _custom_values(record: Record, type: RecordType, target: RecordType) -> Body:
    """The custom fields that both record types have are taken over. Unconfirmed: that all of them are."""
    both = [f.name for f in target.fields if f.custom and f.name in type.by_name]
    return {name: record.body[name] for name in both if name in record.body}


def _copied_lines(record: Record) -> Body:
    return {
        name: [{k: v for k, v in each.items() if k != "line"} for each in record.body[name]["items"]]
        for name in ("expense", "item", "taxDetails")
        if record.body.get(name)
    }


def action(_call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!{action}``: actions that the simulator lacks."""
    raise NotSimulated("this record action", instead="!transform, !attach, !detach")


__all__ = [
    "action",
    "check_type",
    "create",
    "delete",
    "get",
    "ids_of",
    "line",
    "listing",
    "sublist",
    "transform",
    "update",
    "upsert",
]
