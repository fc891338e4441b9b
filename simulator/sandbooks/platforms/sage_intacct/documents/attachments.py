"""Supporting documents: folders, and records of one or more files that a transaction points at by its SUPDOCID.

Source: developer.intacct.com/api/company-console/attachments
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import entity_fields, find, need, new_number, remove, save
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    NotAllowed,
    NotFound,
    ReferenceInvalid,
    Taken,
)
from sandbooks.platforms.sage_intacct.wire.xml import Fields

FOLDER, SUPDOC = object_named("SUPDOCFOLDER"), object_named("SUPDOC")
ID_LENGTH = 20
UNFILED = "Unfiled"
_DOCUMENTS = (
    *("APBILL", "APADJUSTMENT", "APADVANCE", "CCTRANSACTION", "EEXPENSES", "OTHERRECEIPTS", "FUNDSTRANSFER"),
    "GLBATCH",
)


def create_folder(company: Company, given: Fields) -> Record:
    """A new folder."""
    said = Given(company, FOLDER.name, given)
    name = said.need("SUPDOCFOLDERNAME", limit=80)
    parent = said.text("SUPDOCPARENTFOLDERNAME", limit=80)
    if find(company, FOLDER.name, name) is not None:
        raise Taken(FOLDER.name, name)
    if parent and find(company, FOLDER.name, parent) is None:
        raise ReferenceInvalid(FOLDER.name, "folder", parent)
    document = {
        "RECORDNO": new_number(company, FOLDER),
        "NAME": name,
        "DESCRIPTION": said.text("SUPDOCFOLDERDESCRIPTION", limit=400),
        "PARENTFOLDER": parent,
    }
    return save(company, FOLDER, name, document=document)


def update_folder(company: Company, given: Fields) -> Record:
    """Change the description or the parent of a folder."""
    # Source: developer.intacct.com/api/company-console/attachments (update_supdocfolder)
    record = need(company, FOLDER.name, Given(company, FOLDER.name, given).need("SUPDOCFOLDERNAME", limit=80))
    standing = {
        "SUPDOCFOLDERDESCRIPTION": record.body["DESCRIPTION"],
        "SUPDOCPARENTFOLDERNAME": record.body["PARENTFOLDER"],
    }
    said = Given(company, FOLDER.name, given, standing)
    parent = said.text("SUPDOCPARENTFOLDERNAME", limit=80)
    _check_above(company, record.id, parent)
    told = said.text("SUPDOCFOLDERDESCRIPTION", limit=400)
    return save(company, FOLDER, record.id, document={**record.copy(), "DESCRIPTION": told, "PARENTFOLDER": parent})


def _check_above(company: Company, name: str, parent: str) -> None:
    """A folder is not its own parent, however far above."""
    while parent:
        held = find(company, FOLDER.name, parent)
        if held is None or parent == name:
            raise ReferenceInvalid(FOLDER.name, "folder", parent)
        parent = str(held.body["PARENTFOLDER"])


def create(company: Company, given: Fields) -> Record:
    """A new attachment record with its files."""
    said = Given(company, SUPDOC.name, given)
    id = said.text("SUPDOCID", limit=ID_LENGTH)
    if not id and company.settings.get("supdoc_sequence"):
        id = f"ATT-{company.records.next_number('sequence/supdoc')}"
    if not id:
        raise FieldMissing(SUPDOC.name, "SUPDOCID")
    if find(company, SUPDOC.name, id) is not None:
        raise Taken(SUPDOC.name, id)
    document: Fields = {"RECORDNO": new_number(company, SUPDOC), "SUPDOCID": id, "FILES": []}
    return _write(company, said, document)


def update(company: Company, given: Fields, *, removed: Sequence[str] = ()) -> Record:
    """Change an attachment record; files that are sent are added to those that are there, ``removed`` ones go."""
    said = Given(company, SUPDOC.name, given)
    record = need(company, SUPDOC.name, said.need("SUPDOCID", limit=60))
    document = record.copy()
    _take_away(company, document, removed)
    return _write(company, Given(company, SUPDOC.name, given, record.copy()), document)


def files_by_key(document: Mapping[str, Any]) -> dict[str, Fields]:
    """The files of an attachment record by their keys, which are the record's number and their places."""
    return {f"{document['RECORDNO']}{place:03d}": file for place, file in enumerate(document["FILES"], 1)}


def _take_away(company: Company, document: Fields, keys: Sequence[str]) -> None:
    """Files by their keys. Raises ``NotFound``."""
    held = files_by_key(document)
    for key in keys:
        if key not in held:
            raise NotFound("file", key)
        company.records.drop_blob(held.pop(key)["BLOB"])
    document["FILES"] = list(held.values())


def _write(company: Company, said: Given, document: Fields) -> Record:
    folder = said.text("SUPDOCFOLDERNAME", limit=80) or str(document.get("SUPDOCFOLDERNAME") or UNFILED)
    if folder != UNFILED and find(company, FOLDER.name, folder) is None:
        raise ReferenceInvalid(SUPDOC.name, "folder", folder)
    id = document["SUPDOCID"]
    document |= {
        "SUPDOCNAME": said.text("SUPDOCNAME", limit=80) or str(document.get("SUPDOCNAME") or id),
        "SUPDOCFOLDERNAME": folder,
        "FOLDERNAME": folder,
        "SUPDOCDESCRIPTION": said.text("SUPDOCDESCRIPTION", limit=400),
    }
    for file in _files(said):
        _add(company, document, file)
    return save(company, SUPDOC, id, document={**document, **entity_fields(company)})


def _files(said: Given) -> list[tuple[str, str, bytes]]:
    holder = said.given.get("ATTACHMENTS")
    if holder in (None, ""):
        return []
    return [_file(row) for row in Given(said.company, said.kind, holder).group("ATTACHMENT")]


def _file(row: Given) -> tuple[str, str, bytes]:
    """Name without extension, extension, and the bytes. Raises ``FieldMalformed``."""
    name, type = row.need("ATTACHMENTNAME", limit=200), row.need("ATTACHMENTTYPE", limit=20)
    data = row.need("ATTACHMENTDATA", limit=150_000_000)
    try:
        return name, type.lstrip("."), base64.b64decode("".join(data.split()), validate=True)
    except ValueError as error:
        raise FieldMalformed(row.kind, "ATTACHMENTDATA", data[:20], "base64") from error


def _add(company: Company, document: Fields, file: tuple[str, str, bytes]) -> None:
    name, type, content = file
    last = max((int(held["BLOB"].rpartition("/")[2]) for held in document["FILES"]), default=0)
    key = f"supdoc/{document['RECORDNO']}/{last + 1}"
    company.records.put_blob(key, content)
    document["FILES"] = [*document["FILES"], {"NAME": name, "TYPE": type, "SIZE": len(content), "BLOB": key}]


def delete(company: Company, id: str) -> None:
    """Delete an attachment record that no transaction points at."""
    record = need(company, SUPDOC.name, id)
    if any(company.records.find(kind, "SUPDOCID", record.id) for kind in _DOCUMENTS):
        raise NotAllowed(SUPDOC.name, f"Attachment {record.id} is in use.", "Remove it from its transactions first.")
    for file in record.body["FILES"]:
        company.records.drop_blob(file["BLOB"])
    remove(company, record)


def delete_folder(company: Company, name: str) -> None:
    """Delete an empty folder."""
    record = need(company, FOLDER.name, name)
    if any(held.body["SUPDOCFOLDERNAME"] == name for held in company.records.scan(SUPDOC.name)):
        raise NotAllowed(FOLDER.name, f"Folder {name} is not empty.", "Move its attachments first.")
    remove(company, record)


def contents(company: Company, record: Record) -> list[tuple[dict[str, Any], bytes]]:
    """The files of an attachment record, in order."""
    return [(file, company.records.blob(file["BLOB"]) or b"") for file in record.body["FILES"]]
