"""Objects by module and name: list, create, read, change, delete.

Source: developer.sage.com/intacct (CRUD operations, idempotency)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents import attachments, registry
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_number
from sandbooks.platforms.sage_intacct.query.rows import Rows
from sandbooks.platforms.sage_intacct.refusals import (
    MethodUnknown,
    NotAllowed,
    NotFound,
    QueryMalformed,
    RequestMalformed,
)
from sandbooks.platforms.sage_intacct.rest import batches
from sandbooks.platforms.sage_intacct.rest.idempotency import once
from sandbooks.platforms.sage_intacct.rest.members import Resource
from sandbooks.platforms.sage_intacct.rest.resources import permitted
from sandbooks.platforms.sage_intacct.rest.showing import href, leaves, state_of, to_rest
from sandbooks.platforms.sage_intacct.rest.translation import REMOVED, to_native
from sandbooks.wire import Response

# A record, or a value of a dimension of the company's own as it is shown.
Entry: TypeAlias = Record | dict[str, Any]
ONE = {"totalCount": 1, "totalSuccess": 1, "totalError": 0}


def resource_of(call: Call) -> Resource:
    """The object that a path names. Raises ``NotPermitted``, ``PathUnknown``, ``NotSimulated``."""
    path = f"{call.args['module']}/{call.args['object']}"
    return permitted(call.company, path)


def _check_kept(call: Call, resource: Resource) -> None:
    """What is only read: in the product, or here alone, as values of the company's own dimensions are."""
    if call.request.method not in resource.methods:
        raise MethodUnknown(call.request.method, resource.path)
    if own.named(call.company, resource.object):
        raise NotSimulated(f"a change of {resource.path}", instead="the setting user_dimensions")
    if resource.read_only:
        raise NotSimulated(f"a change of {resource.path}", instead="the XML gateway")


def body_of(call: Call) -> Any:
    """The JSON of a request. Raises ``RequestMalformed``."""
    try:
        return call.json()
    except (MalformedJson, UnreadableBody) as error:
        raise RequestMalformed("the body is not JSON") from error


def record_of(call: Call, resource: Resource, key: str) -> Record:
    """The record of a key. Raises ``NotFound``."""
    record = by_number(call.company, object_named(resource.object), key)
    if record is None or not Rows(call.company).sees(record.body) or not resource.has(record.body):
        raise NotFound(resource.name, key[:80])
    return record


def create(call: Call) -> Response:
    """``POST /objects/{module}/{object}``: one record, or an array of them."""
    resource = resource_of(call)
    _check_kept(call, resource)
    body = body_of(call)
    if isinstance(body, list):
        return once(call, lambda: batches.create(call, body, lambda each: _create(call, resource, each)))
    return once(call, lambda: json_reply({"ia::result": _create(call, resource, body), "ia::meta": ONE}, status=201))


def _create(call: Call, resource: Resource, body: Any) -> dict[str, Any]:
    with call.unit():
        fields = to_native(call.company, resource, body)
        return named(resource, _created(call, resource, fields))


def _created(call: Call, resource: Resource, fields: dict[str, Any]) -> Record:
    if resource.object == "SUPDOC":
        return attachments.create(call.company, fields)
    if resource.object == "SUPDOCFOLDER":
        renamed = {
            "SUPDOCFOLDERNAME": fields.get("NAME", ""),
            "SUPDOCFOLDERDESCRIPTION": fields.get("DESCRIPTION", ""),
            "SUPDOCPARENTFOLDERNAME": fields.get("PARENTFOLDER", ""),
        }
        return attachments.create_folder(call.company, renamed)
    return registry.create(call.company, resource.object, fields)


def named(resource: Resource, record: Record) -> dict[str, str]:
    id = record.id if not object_named(resource.object).is_document else str(record.body["RECORDNO"])
    return {"key": str(record.body["RECORDNO"]), "id": id, "href": href(resource, record)}


def read(call: Call) -> Response:
    """``GET /objects/{module}/{object}/{key}``: one record, or those of several keys between commas."""
    resource = resource_of(call)
    if "," in call.args["key"]:
        return batches.read(call, lambda key: _read(call, resource, key))
    return json_reply({"ia::result": _read(call, resource, call.args["key"]), "ia::meta": ONE})


def _read(call: Call, resource: Resource, key: str) -> dict[str, Any]:
    if own.named(call.company, resource.object):
        found = next((each for each in own.values_of(call.company, resource.object) if each["ID"] == key), None)
        if found is None:
            raise NotFound(resource.name, key[:80])
        return _value(resource, found)
    return to_rest(call.company, resource, record_of(call, resource, key))


def change(call: Call) -> Response:
    """``PATCH /objects/{module}/{object}/{key}``"""
    resource = resource_of(call)
    _check_kept(call, resource)
    body = body_of(call)
    key = call.args["key"]
    return once(call, lambda: json_reply({"ia::result": _change(call, resource, key, body), "ia::meta": ONE}))


def change_several(call: Call) -> Response:
    """``PATCH /objects/{module}/{object}``: an array of changes, each with its key."""
    resource = resource_of(call)
    _check_kept(call, resource)
    bodies = body_of(call)
    if not isinstance(bodies, list):
        raise RequestMalformed("a change of several records is an array of them")
    return once(
        call, lambda: batches.change(call, resource, bodies, lambda key, body: _change(call, resource, key, body))
    )


def _change(call: Call, resource: Resource, key: str, body: Any) -> dict[str, Any]:
    record = record_of(call, resource, key)
    _check_state(resource, record, body)
    with call.unit():
        fields = to_native(call.company, resource, body, record=record)
        if resource.object == "APBILL":
            fields.pop("ACTION", None)
        if resource.object == "SUPDOC":
            removed = fields.pop(REMOVED, ())
            changed = attachments.update(call.company, {**fields, "SUPDOCID": record.id}, removed=removed)
        elif resource.object == "SUPDOCFOLDER":
            raise NotAllowed("SUPDOCFOLDER", "Folders cannot be changed.", "")
        else:
            changed = registry.update(call.company, resource.object, fields, record)
    return named(resource, changed)


def _check_state(resource: Resource, record: Record, body: Any) -> None:
    """A bill goes on by its workflow alone: a change names the state that it has, or none."""
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (accounts-payable: the state of a bill cannot be
    # changed by PATCH). Unconfirmed: that one that differs is refused, and the words.
    if resource.object != "APBILL" or not isinstance(body, dict):
        return
    state = body.get("state")
    if state not in (None, "", state_of(record)):
        raise NotAllowed("APBILL", "The state of a bill cannot be changed by an update.", "Use the bill's workflow.")


def remove(call: Call) -> Response:
    """``DELETE /objects/{module}/{object}/{key}``: one record, or those of several keys between commas."""
    resource = resource_of(call)
    _check_kept(call, resource)
    if "," in call.args["key"]:
        return batches.remove(call, lambda key: _remove(call, resource, key))
    _remove(call, resource, call.args["key"])
    return Response(204)


def _remove(call: Call, resource: Resource, key: str) -> dict[str, Any]:
    record = record_of(call, resource, key)
    with call.unit():
        if resource.object == "SUPDOC":
            attachments.delete(call.company, record.id)
        elif resource.object == "SUPDOCFOLDER":
            attachments.delete_folder(call.company, record.id)
        else:
            registry.delete(call.company, record)
    return {}


def listed(call: Call) -> Response:
    """``GET /objects/{module}/{object}``: references, a hundred at a time."""
    resource = resource_of(call)
    start, size = number(call.query.get("start"), 1), min(number(call.query.get("size"), 100), 100)
    found = entries_of(call, resource)
    page = [leaf_of(call, resource, entry, names=()) for entry in found[start - 1 : start - 1 + size]]
    shown = [{name: leaf[name] for name in ("key", "id", "href")} for leaf in page]
    return json_reply({"ia::result": shown, "ia::meta": page_meta(len(found), start, size)})


def entries_of(call: Call, resource: Resource, *, private: bool = False) -> Sequence[Entry]:
    """Everything behind a resource that the caller may see; ``private`` adds that of entities."""
    if own.named(call.company, resource.object):
        return [_value(resource, each) for each in own.values_of(call.company, resource.object)]
    kind = object_named(resource.object)
    rows = Rows(call.company, lag=call.exchange.lag, private=private)
    listing = rows.listing(kind) if resource.only is None else None
    if listing is not None:
        return listing
    return [record for record in rows.records(kind) if resource.has(record.body)]


def _value(resource: Resource, value: Mapping[str, str]) -> dict[str, Any]:
    """A value of a dimension of the company's own."""
    id = value["ID"]
    return {"key": id, "id": id, "name": value["NAME"], "href": f"/objects/{resource.path}/{id}"}


def leaf_of(call: Call, resource: Resource, entry: Entry, *, names: Collection[str] | None = None) -> dict[str, Any]:
    """An entry as flat members: all of them, or those of some names beside key and id."""
    if isinstance(entry, dict):
        return entry
    return {**leaves(call.company, resource, entry, names=names), "href": href(resource, entry)}


def number(value: Any, default: int) -> int:
    """A whole number from 1 on. Raises ``QueryMalformed``."""
    if value in (None, ""):
        return default
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise QueryMalformed(f"{text[:20]!r} is no number from 1 on")
    return int(text)


def page_meta(total: int, start: int, size: int) -> dict[str, Any]:
    """Where a page lies in the whole."""
    return {
        "totalCount": total,
        "start": start,
        "pageSize": size,
        "next": start + size if start + size <= total else None,
        "previous": max(1, start - size) if start > 1 else None,
    }
