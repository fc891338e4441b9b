"""The document service (files and folders), and hanging files on records. Synchronous only.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0909085903.html (service),
article_0113084334.html (attach and detach)
Unconfirmed: the body of an upload; it is taken to be ``name``, ``folder``, ``content`` (base64) and ``description``.
"""

from __future__ import annotations

import base64
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import files, rendering
from sandbooks.platforms.netsuite.access import check_permission
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.metadata import SCHEMA, schema_of
from sandbooks.platforms.netsuite.api.paging import check_parameters, collection, page_of, part
from sandbooks.platforms.netsuite.filters import matching
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.lists import missing
from sandbooks.platforms.netsuite.refusals import BadContent, BadHeader, RecordMissing, TypeUnknown, UserError
from sandbooks.platforms.netsuite.schema import type_named
from sandbooks.platforms.netsuite.schema.fields import RecordType, integer, moment, ref, text
from sandbooks.wire import Response

Body = dict[str, Any]

ROOT = "/services/rest/document/v1"
FILE = RecordType(
    name="file",
    label="File",
    series="file",
    fields=(
        integer("id", read_only=True),
        text("externalId"),
        moment("createdDate"),
        moment("lastModifiedDate"),
        text("name", "File Name", required=True),
        ref("folder", "folder", required=True),
        text("description"),
        text("content"),
        integer("size", read_only=True),
        text("fileType", read_only=True),
    ),
)
FOLDER = RecordType(
    name="folder",
    label="Folder",
    series="folder",
    fields=(
        integer("id", read_only=True),
        text("externalId"),
        moment("createdDate"),
        moment("lastModifiedDate"),
        text("name", "Folder Name", required=True),
        ref("parent", "folder"),
        text("description"),
    ),
)


def _found(call: Call, kind: str, id: str) -> Record:
    record = store.by_external_id(call.company, kind, id[4:]) if id.lower().startswith("eid:") else None
    record = record or store.get(call.company, kind, id)
    if record is None:
        raise RecordMissing(kind, id[:60])
    return record


def _listing(call: Call, type: RecordType) -> Response:
    check_parameters(call, ("limit", "offset", "q"))
    page = page_of(call)
    records = store.listed(call.company, type.name, lag=call.exchange.lag)
    if call.query.get("q") is not None:
        records = matching(call.company, type, records, call.query["q"])
    items = [{"links": [rendering.link(call, rendering.path_of(r))], "id": r.id} for r in part(records, page)]
    return answers.collection(collection(call, f"{ROOT}/{type.name}", page, items=items, total=len(records)))


def list_files(call: Call) -> Response:
    """``GET /document/v1/file``."""
    return _listing(call, FILE)


def list_folders(call: Call) -> Response:
    """``GET /document/v1/folder``."""
    return _listing(call, FOLDER)


def _synchronous(call: Call) -> None:
    if answers.prefers(call, "respond-async"):
        raise BadHeader("The document service does not support asynchronous requests.", "Prefer")


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadContent(f"Invalid value for the resource or sub-resource field '{name}'.", name)
    return value


def _folder(call: Call, value: Any, field: str) -> str:
    id = value.get("id") if isinstance(value, dict) else value
    record = store.get(call.company, "folder", str(id)) if isinstance(id, (str, int)) else None
    if record is None:
        raise BadContent(f"You have entered an Invalid Field Value for the following field: {field}", field)
    return record.id


def create_file(call: Call) -> Response:
    """``POST /document/v1/file``."""
    _synchronous(call)
    body = answers.body_of(call)
    name = _text(body, "name")
    # Source: docs.apideck.com (NetSuite attachments): a file sits in a folder
    if body.get("folder") is None:
        raise missing("Folder")
    folder = _folder(call, body["folder"], "folder")
    content, description = _text(body, "content"), _text(body, "description")
    with call.unit():
        made = files.create_file(
            call.company,
            name=name,
            folder=folder,
            content=content,
            description=description,
            external=_text(body, "externalId"),
        )
    return answers.written(call, rendering.path_of(made))


def create_folder(call: Call) -> Response:
    """``POST /document/v1/folder``."""
    _synchronous(call)
    body = answers.body_of(call)
    name, description = _text(body, "name"), _text(body, "description")
    parent = _folder(call, body["parent"], "parent") if body.get("parent") is not None else ""
    with call.unit():
        made = files.create_folder(call.company, name=name, parent=parent, description=description)
    return answers.written(call, rendering.path_of(made))


# Unconfirmed: the members of a change; they are those of a new file or folder.


def update_file(call: Call) -> Response:
    """``PATCH /document/v1/file/{id}``: what is given takes the place of what stood."""
    _synchronous(call)
    record, body = _found(call, "file", call.args["id"]), answers.body_of(call)
    members: Body = {name: _text(body, name) for name in ("name", "description", "externalId") if name in body}
    if "folder" in body:
        members["folder"] = {"id": _folder(call, body["folder"], "folder")}
    content = _text(body, "content") if body.get("content") is not None else None
    with call.unit():
        files.change_file(call.company, record, content=content, **members)
    return answers.written(call, rendering.path_of(record))


def update_folder(call: Call) -> Response:
    """``PATCH /document/v1/folder/{id}``."""
    _synchronous(call)
    record, body = _found(call, "folder", call.args["id"]), answers.body_of(call)
    members: Body = {name: _text(body, name) for name in ("name", "description") if name in body}
    if "parent" in body:
        members["parent"] = {"id": _folder(call, body["parent"], "parent")} if body["parent"] is not None else None
    with call.unit():
        files.change_folder(call.company, record, **members)
    return answers.written(call, rendering.path_of(record))


def _shown(call: Call, record: Record) -> Body:
    dates = {"createdDate": rendering.stamp(record.created), "lastModifiedDate": rendering.stamp(record.updated)}
    shown: Body = {"links": [rendering.link(call, rendering.path_of(record))], "id": record.id, **dates}
    for name, value in record.body.items():
        if name in ("folder", "parent"):
            folder = store.get(call.company, "folder", value["id"])
            links = [rendering.link(call, f"{ROOT}/folder/{value['id']}")]
            shown[name] = {"links": links, "id": value["id"], "refName": folder.body["name"] if folder else ""}
        elif value not in (None, ""):
            shown[name] = value
    return shown


def get_file(call: Call) -> Response:
    """``GET /document/v1/file/{id}``: content comes with a single file only."""
    record = _found(call, "file", call.args["id"])
    content = base64.b64encode(files.content_of(call.company, record)).decode("ascii")
    return answers.singular({**_shown(call, record), "content": content})


def get_content(call: Call) -> Response:
    """``GET /document/v1/file/{id}/content``: the bytes. Unconfirmed: the path of a download."""
    record = _found(call, "file", call.args["id"])
    return Response(200, (("Content-Type", record.body["fileType"]),), files.content_of(call.company, record))


def get_folder(call: Call) -> Response:
    """``GET /document/v1/folder/{id}``."""
    return answers.singular(_shown(call, _found(call, "folder", call.args["id"])))


def delete_file(call: Call) -> Response:
    """``DELETE /document/v1/file/{id}``."""
    return _delete(call, "file")


def delete_folder(call: Call) -> Response:
    """``DELETE /document/v1/folder/{id}``."""
    return _delete(call, "folder")


def _delete(call: Call, kind: str) -> Response:
    record = _found(call, kind, call.args["id"])
    with call.unit():
        files.delete(call.company, record)
    return answers.NO_CONTENT


def catalog(call: Call) -> Response:
    """``GET /document/v1/metadata-catalog``."""
    path = f"{ROOT}/metadata-catalog"
    items = [{"name": t.name, "links": [rendering.link(call, f"{path}/{t.name}")]} for t in (FILE, FOLDER)]
    return answers.collection({"links": [rendering.link(call, path)], "items": items})


def catalog_entry(call: Call) -> Response:
    """``GET /document/v1/metadata-catalog/{type}``: its JSON Schema with ``Accept: application/schema+json``."""
    type = next((t for t in (FILE, FOLDER) if t.name == call.args["type"].lower()), None)
    if type is None:
        raise TypeUnknown(call.args["type"][:60])
    if SCHEMA in call.header("Accept"):
        return answers.media(schema_of(type), SCHEMA)
    path = f"{ROOT}/metadata-catalog/{type.name}"
    return answers.singular({"name": type.name, "links": [rendering.link(call, path)]})


# Hanging files on records


def _pair(call: Call) -> tuple[Record, Record]:
    type = type_named(call.args["type"])
    check_permission(call, type)
    record = store.locate(call.company, type, call.args["id"])
    kind = call.args["kind"].lower()
    if kind == "contact":
        raise NotSimulated("attaching contacts", instead="files")
    if kind != "file":
        raise UserError(f"Only contacts and files can be attached, not {call.args['kind'][:40]}.")
    return record, _found(call, "file", call.args["other"])


def attach(call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!attach/file/{file}``."""
    record, file = _pair(call)
    with call.unit():
        files.attach(call.company, record, file)
    return answers.NO_CONTENT


def detach(call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!detach/file/{file}``."""
    record, file = _pair(call)
    with call.unit():
        files.detach(call.company, record, file)
    return answers.NO_CONTENT
