"""The document service (files and folders), and hanging files on records. Synchronous only.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0909085903.html (service),
article_0113084334.html (attach and detach)
Unconfirmed: the body of an upload; it is taken to be ``name``, ``folder``, ``content`` (base64) and ``description``.
"""

from __future__ import annotations

import base64
from typing import Any

from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import contacts, files, rendering
from sandbooks.platforms.netsuite.access import check_permission
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.metadata import SCHEMA, schema_of
from sandbooks.platforms.netsuite.api.paging import check_parameters, collection, page_of, part
from sandbooks.platforms.netsuite.filters import matching
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.lists import missing
from sandbooks.platforms.netsuite.refusals import BadHeader, RecordMissing, TypeUnknown, UserError
from sandbooks.platforms.netsuite.schema import type_named
from sandbooks.platforms.netsuite.schema.fields import Field, RecordType, flag, integer, moment, ref, text
from sandbooks.wire import Headers, Response

Body = dict[str, Any]

ROOT = "/services/rest/document/v1"
# Unconfirmed: the members of both, which are those of the SOAP records; a live catalog would settle them.
_COMMON = (
    integer("id", read_only=True),
    text("externalId", length=255),
    moment("createdDate"),
    moment("lastModifiedDate"),
)
_FLAGS = (flag("isInactive"), flag("isOnline"), flag("isPrivate"), flag("hideInBundle"))
FILE = RecordType(
    name="file",
    label="File",
    series="file",
    fields=(
        *_COMMON,
        text("name", "File Name", required=True),
        ref("folder", "folder", required=True),
        text("description"),
        text("content", length=2 * files.BYTES_MAX),
        *_FLAGS,
        integer("size", read_only=True),
        text("fileType", read_only=True),
    ),
)
FOLDER = RecordType(
    name="folder",
    label="Folder",
    series="folder",
    fields=(
        *_COMMON,
        text("name", "Folder Name", required=True),
        ref("parent", "folder"),
        text("description"),
        ref("department", "department"),
        ref("class", "classification"),
        ref("location", "location"),
        flag("bundleable"),
        *_FLAGS,
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


def _given(call: Call, type: RecordType) -> tuple[Body, Headers]:
    """The members that a body gives, as strictly read as for records, and what the answer tells of the others."""
    reader = answers.reader(call)
    given = reader.document(type, answers.body_of(call))
    return given, answers.warnings(reader)


def create_file(call: Call) -> Response:
    """``POST /document/v1/file``."""
    _synchronous(call)
    given, told = _given(call, FILE)
    # Source: docs.apideck.com (NetSuite attachments): a file sits in a folder
    if given.get("folder") is None:
        raise missing("Folder")
    with call.unit():
        made = files.create_file(call.company, _kept(given))
    return answers.written(call, rendering.path_of(made), *told)


def create_folder(call: Call) -> Response:
    """``POST /document/v1/folder``."""
    _synchronous(call)
    given, told = _given(call, FOLDER)
    with call.unit():
        made = files.create_folder(call.company, **_kept(given))
    return answers.written(call, rendering.path_of(made), *told)


def _kept(given: Body) -> Body:
    return {name: value for name, value in given.items() if value is not None}


# Unconfirmed: the members of a change; they are those of a new file or folder.


def update_file(call: Call) -> Response:
    """``PATCH /document/v1/file/{id}``: what is given takes the place of what stood."""
    _synchronous(call)
    record = _found(call, "file", call.args["id"])
    given, told = _given(call, FILE)
    if given.get("folder", record) is None:
        raise missing("Folder")
    with call.unit():
        files.change_file(call.company, record, given)
    return answers.written(call, rendering.path_of(record), *told)


def update_folder(call: Call) -> Response:
    """``PATCH /document/v1/folder/{id}``."""
    _synchronous(call)
    record = _found(call, "folder", call.args["id"])
    given, told = _given(call, FOLDER)
    with call.unit():
        files.change_folder(call.company, record, given)
    return answers.written(call, rendering.path_of(record), *told)


def _shown(call: Call, record: Record) -> Body:
    dates = {"createdDate": rendering.stamp(record.created), "lastModifiedDate": rendering.stamp(record.updated)}
    shown: Body = {"links": [rendering.link(call, rendering.path_of(record))], "id": record.id, **dates}
    for name, value in record.body.items():
        if isinstance(value, dict):
            field = (FILE if record.kind == "file" else FOLDER).by_name[name.lower()]
            shown[name] = _reference(call, field, value["id"])
        elif value not in (None, ""):
            shown[name] = value
    return shown


def _reference(call: Call, field: Field, id: str) -> Body:
    if field.targets != ("folder",):
        return rendering.reference(call, field.targets, id)
    folder = store.get(call.company, "folder", id)
    links = [rendering.link(call, f"{ROOT}/folder/{id}")]
    return {"links": links, "id": id, "refName": folder.body["name"] if folder else ""}


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


# Hanging files and contacts on records


def _holder(call: Call) -> Record:
    type = type_named(call.args["type"])
    check_permission(call, type)
    check_parameters(call, ())
    return store.locate(call.company, type, call.args["id"])


def _attached(call: Call) -> Record:
    """The file or contact that a path names."""
    kind = call.args["kind"].lower()
    try:
        if kind == "contact":
            type = type_named(kind)
            check_permission(call, type)
            return store.locate(call.company, type, call.args["other"])
        if kind == "file":
            return _found(call, "file", call.args["other"])
    except RecordMissing as refusal:
        # Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N3481947.html (a user error).
        # Unconfirmed: its sentence.
        raise UserError("That record does not exist.") from refusal
    raise UserError(f"Only contacts and files can be attached, not {call.args['kind'][:40]}.")


_ATTACHMENT = RecordType(name="attachment", label="Attachment", fields=(ref("role", "contactRole"),))


def attach(call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!attach/{file|contact}/{other}``; a contact's body may name its role."""
    record, other = _holder(call), _attached(call)
    reader = answers.reader(call)
    type = _ATTACHMENT if other.kind == "contact" else replace(_ATTACHMENT, fields=())
    given = reader.document(type, answers.body_of(call) if call.request.body else {})
    with call.unit():
        if other.kind == "contact":
            contacts.attach(call.company, record, other, id_of(given.get("role")))
        else:
            files.attach(call.company, record, other)
    return Response(204, answers.warnings(reader))


def detach(call: Call) -> Response:
    """``POST /record/v1/{type}/{id}/!detach/{file|contact}/{other}``."""
    record, other = _holder(call), _attached(call)
    with call.unit():
        if other.kind == "contact":
            contacts.detach(call.company, record, other)
        else:
            files.detach(call.company, record, other)
    return answers.NO_CONTENT
