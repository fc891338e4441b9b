"""The Files API: folders, files and their associations. JSON in PascalCase, plain ISO instants, 201 and 204.

# Source: https://github.com/XeroAPI/Xero-OpenAPI xero_files.yaml 16.1.0
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any

from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import library, query, writes
from sandbooks.platforms.xero.refusals import FileRefused, NotFound, TooLarge, Unreadable
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.wire import Response

ROOT = "/files.xro/1.0"
SCOPES = "files"
BYTES_MOST = 10_000_000  # Source: https://developer.xero.com/documentation/guides/oauth2/limits/ (request size)
PAGE, PAGE_MOST = 50, 100
_SORTS: dict[str, Callable[[Record], Any]] = {
    "name": lambda record: record.body["Name"].lower(),
    "size": lambda record: record.body["Size"],
    "createddateutc": lambda record: record.body["CreatedDateUtc"],
}
_ASSOCIATION_SORTS = ("name", "createddateutc", "associationdateutc")


def _reply(value: object, status: int = 200) -> Response:
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    return Response(status, headers, exact_json.dumps(value))


def _id(call: Call, name: str) -> str:
    """An id of the path. Raises NotFound for what is none."""
    found = guid(call.args[name])
    if found is None:
        raise NotFound
    return found


def _document(call: Call) -> dict[str, Any]:
    """The JSON object of a request. Raises Unreadable."""
    try:
        body = exact_json.loads(call.body)
    except (exact_json.MalformedJson, UnreadableBody) as error:
        raise Unreadable("Invalid Json data", 17) from error
    if not isinstance(body, dict):
        raise Unreadable("Invalid Json data", 17)
    known = {"name": "Name", "folderid": "FolderId", "objectid": "ObjectId"}
    return {known[key.lower()]: value for key, value in body.items() if key.lower() in known and value is not None}


def _whole(call: Call, name: str, default: int, *, most: int) -> int:
    text = query.parameter(call, name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
        raise FileRefused("Validation", "Validation failure", f"{name} must be between 1 and {most}.")
    return int(text)


def _sorted(call: Call, records: list[Record]) -> list[Record]:
    """By `sort` and `direction`; as they were made when nothing is asked for."""
    wanted = query.parameter(call, "sort").lower()
    if wanted and wanted not in _SORTS:
        raise FileRefused("Validation", "Validation failure", "sort must be Name, Size or CreatedDateUTC.")
    downward = query.parameter(call, "direction").lower() == "desc"
    if wanted:
        return sorted(records, key=_SORTS[wanted], reverse=downward)
    return records[::-1] if downward else records


# Files


def list_files(call: Call) -> Response:
    """A page of the library."""
    return _page(call, library.files(call.company, lag=call.exchange.lag))


def list_folder_files(call: Call) -> Response:
    """A page of one folder."""
    into = library.folder(call.company, _id(call, "id"))
    return _page(call, library.files(call.company, folder_id=into.id, lag=call.exchange.lag))


def _page(call: Call, found: list[Record]) -> Response:
    size = _whole(call, "pagesize", PAGE, most=PAGE_MOST)
    page = _whole(call, "page", 1, most=10**6)
    shown = [record.body for record in _sorted(call, found)[(page - 1) * size : page * size]]
    return _reply({"TotalCount": len(found), "Page": page, "PerPage": size, "Items": shown})


def read_file(call: Call) -> Response:
    return _reply(library.file(call.company, _id(call, "id")).body)


def read_content(call: Call) -> Response:
    """The bytes of a file."""
    record = library.file(call.company, _id(call, "id"))
    content = call.company.records.blob(record.id) or b""
    return Response(200, (("Content-Type", record.body["MimeType"]),), content)


def upload(call: Call) -> Response:
    """Upload a file into the inbox, or into the folder that the path names: 201."""
    if len(call.request.body) > BYTES_MOST:
        raise TooLarge(BYTES_MOST)
    name, media, content = _uploaded(call)

    def run() -> Response:
        into = library.folder(call.company, _id(call, "id")) if "id" in call.args else library.inbox(call.company)
        return _reply(library.add_file(call.company, name, media, content=content, into=into).body, 201)

    return writes.keyed(call, run)


def _uploaded(call: Call) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a multipart upload. Raises FileRefused, Unreadable.

    Clients send the bytes as a file part (named after the file) or as a plain part called ``body``, with the name in a
    part called ``filename`` or ``name``. Source: PyPI pyxero 0.9.5 and xero-python 15.2.0
    """
    try:
        body = call.body
    except UnreadableBody as error:
        raise Unreadable(str(error), 17) from error
    _, _, boundary = call.header("Content-Type").partition("boundary=")
    if not call.content_type.startswith("multipart/") or not boundary:
        raise FileRefused("Validation", "Validation failure", "The upload must be multipart/form-data.")
    try:
        parts = _parts(body, boundary.strip('"').encode("ascii"))
    except ValueError as error:
        raise FileRefused("Validation", "Validation failure", "The upload cannot be read.") from error
    texts = {name: content.decode("utf-8", "replace") for name, _, _, content in parts}
    stated = texts.get("filename") or texts.get("name") or ""
    chosen = next((part for part in parts if part[1]), None) or next(
        (part for part in parts if part[0] == "body"), None
    )
    if chosen is None:
        raise FileRefused("Validation", "Validation failure", "The upload holds no file.")
    _, file_name, media, content = chosen
    name = stated or file_name
    media = texts.get("mimeType") or ("" if media == "application/octet-stream" else media)
    return name, media or mimetypes.guess_type(name)[0] or "application/octet-stream", content


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, str, str, bytes]]:
    """The parts of a multipart body: name, file name, media type, bytes. Raises ValueError."""
    decoder = MultipartDecoder(boundary)
    decoder.receive_data(body)
    decoder.receive_data(None)
    found: list[tuple[str, str, str, bytes]] = []
    while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
        if isinstance(event, (Field, File)):
            file_name = (event.filename or "") if isinstance(event, File) else ""
            found.append((event.name or "", file_name, event.headers.get("Content-Type", ""), b""))
        elif isinstance(event, Data) and found:
            name, file_name, media, content = found[-1]
            found[-1] = (name, file_name, media, content + event.data)
    return found


def change_file(call: Call) -> Response:
    """Rename a file or move it to another folder."""
    changes = _document(call)

    def run() -> Response:
        record = library.file(call.company, _id(call, "id"))
        return _reply(library.change_file(call.company, record, changes).body)

    return writes.keyed(call, run)


def delete_file(call: Call) -> Response:
    def run() -> Response:
        library.drop_file(call.company, library.file(call.company, _id(call, "id")))
        return Response(204)

    return writes.keyed(call, run)


# Folders


def list_folders(call: Call) -> Response:
    """Every folder, as a bare list."""
    with call.unit():
        found = library.folders(call.company)
    if query.parameter(call, "sort").lower() in ("name", "size", "createddateutc"):
        found = sorted(found, key=lambda record: record.body["Name"].lower())
    return _reply([library.shown_folder(call.company, record) for record in found])


def read_inbox(call: Call) -> Response:
    with call.unit():
        found = library.inbox(call.company)
    return _reply(library.shown_folder(call.company, found))


def read_folder(call: Call) -> Response:
    return _reply(library.shown_folder(call.company, library.folder(call.company, _id(call, "id"))))


def make_folder(call: Call) -> Response:
    """A new folder: answered with 200. Source: createFolder of xero_files.yaml"""
    name = str(_document(call).get("Name", ""))
    return writes.keyed(
        call, lambda: _reply(library.shown_folder(call.company, library.keep_folder(call.company, name, None)))
    )


def change_folder(call: Call) -> Response:
    name = str(_document(call).get("Name", ""))

    def run() -> Response:
        record = library.folder(call.company, _id(call, "id"))
        return _reply(library.shown_folder(call.company, library.keep_folder(call.company, name, record)))

    return writes.keyed(call, run)


def delete_folder(call: Call) -> Response:
    def run() -> Response:
        library.drop_folder(call.company, library.folder(call.company, _id(call, "id")))
        return Response(204)

    return writes.keyed(call, run)


# Associations


def list_associations(call: Call) -> Response:
    """What a file is associated with."""
    record = library.file(call.company, _id(call, "id"))
    found = library.of_file(call.company, record.id)
    return _reply([library.shown_association(call.company, each, with_file=False) for each in found])


def associate(call: Call) -> Response:
    object_id = guid(str(_document(call).get("ObjectId", ""))) or ""

    def run() -> Response:
        record = library.file(call.company, _id(call, "id"))
        made = library.associate(call.company, record, object_id)
        return _reply(library.shown_association(call.company, made, with_file=False), 201)

    return writes.keyed(call, run)


def dissociate(call: Call) -> Response:
    wanted = _id(call, "object")

    def run() -> Response:
        record = library.file(call.company, _id(call, "id"))
        found = [each for each in library.of_file(call.company, record.id) if each.body["ObjectId"] == wanted]
        if not found:
            raise NotFound
        library.drop_association(call.company, found[0])
        return Response(204)

    return writes.keyed(call, run)


def associations_of(call: Call) -> Response:
    """The files that are associated with a document."""
    found = library.of_object(call.company, _id(call, "id"))
    size, page = _whole(call, "pagesize", PAGE, most=PAGE_MOST), _whole(call, "page", 1, most=10**6)
    shown = [library.shown_association(call.company, each, with_file=True) for each in found]
    wanted = query.parameter(call, "sort").lower()
    if wanted in _ASSOCIATION_SORTS:
        field = {"name": "Name", "createddateutc": "CreatedDateUtc"}.get(wanted, "AssociationDateUtc")
        shown.sort(key=lambda each: str(each[field]).lower())
    if query.parameter(call, "direction").lower() == "desc":
        shown.reverse()
    return _reply(shown[(page - 1) * size : page * size])


def count_associations(call: Call) -> Response:
    """How many files are associated with each of the documents named."""
    texts = ",".join(value for name, value in call.query.items(multi=True) if name.lower() == "objectids")
    ids = [found for text in texts.split(",") if (found := guid(text.strip())) is not None]
    return _reply({id: len(library.of_object(call.company, id)) for id in ids})


def _operation(name: str, method: str, rule: str, run: Callable[[Call], Response]) -> Operation:
    return Operation(name, method, f"{ROOT}/{rule}", run, writes=method != "GET", scope=SCOPES)


OPERATIONS = (
    _operation("list_files", "GET", "Files", list_files),
    _operation("upload_file", "POST", "Files", upload),
    _operation("read_file", "GET", "Files/<id>", read_file),
    _operation("upload_file_to_folder", "POST", "Files/<id>", upload),
    _operation("update_file", "PUT", "Files/<id>", change_file),
    _operation("delete_file", "DELETE", "Files/<id>", delete_file),
    _operation("read_file_content", "GET", "Files/<id>/Content", read_content),
    _operation("list_file_associations", "GET", "Files/<id>/Associations", list_associations),
    _operation("create_file_association", "POST", "Files/<id>/Associations", associate),
    _operation("delete_file_association", "DELETE", "Files/<id>/Associations/<object>", dissociate),
    _operation("count_associations", "GET", "Associations/Count", count_associations),
    _operation("list_associations", "GET", "Associations/<id>", associations_of),
    _operation("list_folders", "GET", "Folders", list_folders),
    _operation("create_folder", "POST", "Folders", make_folder),
    _operation("read_folder", "GET", "Folders/<id>", read_folder),
    _operation("update_folder", "PUT", "Folders/<id>", change_folder),
    _operation("delete_folder", "DELETE", "Folders/<id>", delete_folder),
    _operation("list_folder_files", "GET", "Folders/<id>/Files", list_folder_files),
    _operation("read_inbox", "GET", "Inbox", read_inbox),
)
