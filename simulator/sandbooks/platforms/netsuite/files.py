"""The file cabinet: folders, files, and which files hang on which records."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platform import StoredFile
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.lists import missing
from sandbooks.platforms.netsuite.refusals import BadContent, CannotDelete, UserError

Body = dict[str, Any]

# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0909085903.html (10 MB)
BYTES_MAX = 10 * 1024 * 1024
NAME_MAX = 199
FOLDERS = ("Attachments Received", "Images", "SuiteScripts", "Receipts")
_LINK = "fileAttachment"


def create_folder(company: Company, *, name: str = "", **members: Any) -> Record:
    """A new folder. ``members`` are those of the record. Raises ``UserError`` when its parent has one of that name."""
    _check_name(name, "Folder Name")
    body: Body = {"name": name, "description": "", **members}
    if any(_parent(r) == _id(body.get("parent")) for r in company.records.find("folder", "name", name.lower())):
        raise UserError(f"A folder with the same name already exists in the selected folder: {name}")
    _check_external(company, "folder", "", body)
    id = store.new_id(company, "folder")
    return company.records.put("folder", id, {**body, "id": id}, version=1, keys=_keys(body))


def _id(reference: Any) -> str:
    return str(reference["id"]) if reference else ""


def _keys(body: Body) -> dict[str, str]:
    keys = {"name": body["name"].lower(), "externalId": str(body.get("externalId") or "").lower()}
    keys |= {"within": _id(body.get("folder") or body.get("parent"))}
    return {name: value for name, value in keys.items() if value}


def _check_external(company: Company, kind: str, id: str, body: Body) -> None:
    external = str(body.get("externalId") or "")
    found = store.by_external_id(company, kind, external) if external else None
    if found is not None and found.id != id:
        raise UserError("This record already exists. The external ID is used by another record.", "externalId")


def _parent(record: Record) -> str:
    return _id(record.body.get("parent"))


def _check_name(name: str, label: str) -> None:
    if not name.strip():
        raise missing(label)
    if len(name) > NAME_MAX:
        raise UserError(f"The field name contained more than the maximum number ( {NAME_MAX} ) of characters allowed.")


def create_file(company: Company, given: Mapping[str, Any]) -> Record:
    """A new file; one of the same name in the same folder is overwritten and keeps its id, as in the cabinet.

    ``given`` are members of the record, ``folder`` among them and ``content`` in base64.
    """
    body: Body = {"name": "", "description": "", **given}
    _check_name(body["name"], "File Name")
    raw = _decoded(body.pop("content", ""))
    found = company.records.find("file", "name", body["name"].lower())
    standing = [r for r in found if r.body["folder"] == body["folder"]]
    id = standing[0].id if standing else store.new_id(company, "file")
    version = standing[0].version + 1 if standing else 1
    _check_external(company, "file", id, body)
    body |= {"id": id, "size": len(raw), "fileType": _type(body["name"])}
    company.records.put_blob(f"file/{id}", raw)
    action = "update" if standing else "create"
    return company.records.put("file", id, body, version=version, action=action, keys=_keys(body))


def change_file(company: Company, record: Record, given: Mapping[str, Any]) -> Record:
    """Change members of a file, or its bytes; what is given as None is cleared. Raises ``UserError``."""
    members = dict(given)
    content = members.pop("content", None)
    body = _changed(record, members)
    _check_name(body["name"], "File Name")
    same = company.records.find("file", "name", body["name"].lower())
    if any(other.id != record.id and other.body["folder"] == body["folder"] for other in same):
        raise UserError(f"A file with the same name already exists in the selected folder: {body['name']}")
    _check_external(company, "file", record.id, body)
    if content is not None:
        raw = _decoded(content)
        company.records.put_blob(f"file/{record.id}", raw)
        body["size"] = len(raw)
    body["fileType"] = _type(body["name"])
    return company.records.put("file", record.id, body, version=record.version + 1, action="update", keys=_keys(body))


def _changed(record: Record, members: Mapping[str, Any]) -> Body:
    body = {**record.copy(), **members}
    cleared = {"name": "", "description": ""}
    return {**cleared, **{name: value for name, value in body.items() if value is not None}}


def change_folder(company: Company, record: Record, given: Mapping[str, Any]) -> Record:
    """Change members of a folder; what is given as None is cleared. Raises ``UserError``."""
    body = _changed(record, given)
    _check_name(body["name"], "Folder Name")
    above: Record | None = record
    parent = body.get("parent")
    while parent and above is not None:
        if parent["id"] == record.id:
            raise UserError("A folder cannot be its own parent.", "parent")
        above = store.get(company, "folder", parent["id"])
        parent = above.body.get("parent") if above is not None else None
    same = company.records.find("folder", "name", body["name"].lower())
    if any(other.id != record.id and other.body.get("parent") == body.get("parent") for other in same):
        raise UserError(f"A folder with the same name already exists in the selected folder: {body['name']}")
    _check_external(company, "folder", record.id, body)
    return company.records.put("folder", record.id, body, version=record.version + 1, action="update", keys=_keys(body))


def _decoded(content: str) -> bytes:
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise BadContent("Invalid value for the resource or sub-resource field 'content'.", "content") from None
    if len(raw) > BYTES_MAX:
        raise UserError(f"The file exceeds the maximum size of {BYTES_MAX} bytes.", "content")
    return raw


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def content_of(company: Company, record: Record) -> bytes:
    """The bytes of a file."""
    return company.records.blob(f"file/{record.id}") or b""


def delete(company: Company, record: Record) -> None:
    """Delete a file or an empty folder."""
    inside = (company.records.has_found(kind, "within", record.id) for kind in ("file", "folder"))
    if record.kind == "folder" and any(inside):
        raise CannotDelete("This folder cannot be deleted because it is not empty.")
    store.remove(company, record)
    if record.kind == "file":
        company.records.drop_blob(f"file/{record.id}")


# Files on records


def attach(company: Company, record: Record, file: Record) -> None:
    """Hang a file on a record; a second time changes nothing."""
    id = f"{record.kind}/{record.id}/{file.id}"
    standing = company.records.get(_LINK, id)
    if standing is not None and not standing.deleted:
        return
    body = {"record": {"type": record.kind, "id": record.id}, "file": {"id": file.id}}
    version = standing.version + 1 if standing else 1
    company.records.put(_LINK, id, body, version=version, keys={"record": f"{record.kind}/{record.id}"})


def detach(company: Company, record: Record, file: Record) -> None:
    """Take a file off a record. Raises ``UserError`` when it does not hang there."""
    standing = company.records.get(_LINK, f"{record.kind}/{record.id}/{file.id}")
    if standing is None or standing.deleted:
        raise UserError("The file is not attached to this record.")
    store.remove(company, standing)


def attached(company: Company, kind: str, id: str) -> list[Record]:
    """The files that hang on a record."""
    links = company.records.find(_LINK, "record", f"{kind}/{id}")
    found = (store.get(company, "file", link.body["file"]["id"]) for link in links)
    return [record for record in found if record is not None]


def stored(company: Company, kind: str, id: str) -> list[StoredFile]:
    """The files of a record with their bytes."""
    return [
        StoredFile(name=r.body["name"], content_type=r.body["fileType"], content=content_of(company, r))
        for r in attached(company, kind, id)
    ]
