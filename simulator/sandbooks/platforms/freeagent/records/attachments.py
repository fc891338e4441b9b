"""Attachments: files sent inside an expense, a bill or an explanation, one each, or several under a newer version.

Source: https://dev.freeagent.com/docs/attachments, https://dev.freeagent.com/docs/bank_transaction_explanations
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import RESOURCES, Fields
from sandbooks.platforms.freeagent.records import pictures
from sandbooks.platforms.freeagent.records.storing import new_id, refer, remove, touch
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import path, tail

KIND = "attachment"
BYTES_MAX = 5 * 1024 * 1024
# Unconfirmed: the newer limit; a report of the change of 1 September 2026 names it.
FILES_MAX = 50
CONTENT_TYPES = (
    *("image/png", "image/x-png", "image/jpeg", "image/jpg", "image/gif", "application/x-pdf"),
    "application/pdf",  # samples of answers show it
)
# Source: https://dev.freeagent.com/docs/attachments (the links of the sample hold the squares of thumbnails)
SQUARES = {"medium": 500, "small": 250}
PARENTS = ("bill", "expense", "bank_transaction_explanation")


class File(Struct, frozen=True, kw_only=True):
    """A file to attach; by their ids, ``gone`` is one to take away, ``linked`` one whose file is used again."""

    content: bytes = b""
    file_name: str = ""
    content_type: str = ""
    description: str | None = None
    gone: str = ""
    linked: str = ""


class Files(Struct, frozen=True, kw_only=True):
    """What a document says of its attachments. ``replaces``: one file takes the place of another."""

    files: tuple[File, ...] = ()
    replaces: bool = True


def read(fields: Fields, *, several: bool) -> Files:
    """The files of a document; wrong members are noted."""
    given = fields.given.get("attachments") if several else None
    if given is None:
        one = fields.given.get("attachment")
        if one in (None, "", {}):
            return Files()
        return Files(files=_files(fields, [one]), replaces=not several)
    if not isinstance(given, list) or len(given) > FILES_MAX:
        fields.wrong("attachments", f"can't be more than {FILES_MAX}" if isinstance(given, list) else "is invalid")
        return Files()
    return Files(files=_files(fields, given), replaces=False)


def _files(fields: Fields, given: list[Any]) -> tuple[File, ...]:
    read = (_file(fields, item) for item in given)
    return tuple(file for file in read if file is not None)


def _file(fields: Fields, given: Any) -> File | None:
    if not isinstance(given, dict):
        fields.wrong("attachment", "is invalid")
        return None
    if given.get("file"):
        return File(linked=tail(given["file"], "attachments") or "none")
    if given.get("url"):
        gone = tail(given["url"], "attachments") if str(given.get("_destroy")).lower() in ("1", "true") else ""
        return File(gone=gone) if gone else None
    members = Fields(given, where="attachment.")
    data = given.get("data")
    name = members.text("file_name", required=True)
    kind = members.choice("content_type", CONTENT_TYPES)
    if not members.gives("content_type"):
        members.wrong("content_type", "can't be blank")
    description = members.text("description")
    content = _decoded(members, data)
    fields.messages += members.messages
    if members.messages or content is None:
        return None
    return File(content=content, file_name=name or "", content_type=kind or "", description=description)


def _decoded(members: Fields, data: Any) -> bytes | None:
    if not isinstance(data, str) or not data.strip():
        members.wrong("data", "can't be blank")
        return None
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        members.wrong("data", "is invalid")
        return None
    if len(content) > BYTES_MAX:
        members.wrong("file_size", "must be less than 5 MB")
        return None
    return content


def attach(company: Company, parent: Record, files: Files) -> None:
    """Put the files on a record, and take away those that go."""
    standing = of(company, parent)
    kept = [_linked(company, file) for file in files.files if not file.gone]
    gone = {file.gone for file in files.files if file.gone}
    if files.replaces and kept:
        gone |= {record.id for record in standing}
    for record in standing:
        if record.id in gone:
            _drop(company, record)
    for file in kept:
        _add(company, parent, file)


def _linked(company: Company, file: File) -> File:
    """A file as it is sent, or that of an attachment that stands already. Raises ``Invalid``."""
    if not file.linked:
        return file
    record = company.records.get(KIND, file.linked)
    content = company.records.blob(f"attachment/{file.linked}")
    if record is None or record.deleted or content is None:
        raise Invalid(("Attachment not found",))
    body = record.body
    return File(
        content=content,
        file_name=body["file_name"],
        content_type=body["content_type"],
        description=body.get("description"),
    )


def _add(company: Company, parent: Record, file: File) -> None:
    id = new_id(company, KIND)
    document: dict[str, Any] = {
        "url": path("attachments", id),
        "content_type": file.content_type,
        "file_name": file.file_name,
        "file_size": len(file.content),
        "parent_url": refer(parent),
        "thumbnails": _thumbnails(file.content),
    }
    if file.description is not None:
        document["description"] = file.description
    company.records.put_blob(f"attachment/{id}", file.content)
    company.records.put(KIND, id, document, version=1, keys={"parent": refer(parent)})


def _thumbnails(content: bytes) -> list[str]:
    """The thumbnails that there are: a picture within the square of one is its own.

    Larger pictures have none here, as nothing makes pictures smaller; members are told only of thumbnails that exist.
    """
    size = pictures.size_of(content)
    return [name for name, side in SQUARES.items() if size is not None and size.fits(side)]


def of(company: Company, parent: Record) -> list[Record]:
    """The attachments of a record."""
    return company.records.find(KIND, "parent", refer(parent))


def parent_of(company: Company, record: Record) -> Record | None:
    """The record that a file is attached to."""
    for kind in PARENTS:
        id = tail(record.body["parent_url"], RESOURCES[kind])
        if id:
            return company.records.get(kind, id)
    return None


def delete(company: Company, record: Record) -> None:
    """Take a file away; its parent counts as changed."""
    _drop(company, record)
    parent = parent_of(company, record)
    if parent is not None and not parent.deleted:
        touch(company, parent, parent.body)


def _drop(company: Company, record: Record) -> None:
    remove(company, record)
    company.records.drop_blob(f"attachment/{record.id}")


def drop_all(company: Company, parent: Record) -> None:
    """Take away every file of a record that goes."""
    for record in of(company, parent):
        _drop(company, record)
