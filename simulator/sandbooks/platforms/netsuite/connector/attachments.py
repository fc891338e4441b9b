"""Attaching files to transactions: first into a folder of the File Cabinet, then linked to the record.

Source: docs.oracle.com, article_0909085903 (file and folder records), article_0113084334 (attach).
Unconfirmed: the members of a file record; an upload to a live account would settle them.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from sandbooks.connector import Attached, File, Native, Refused, Steps, Unknown
from sandbooks.platforms.netsuite.connector.calls import DOCUMENT, RECORD, read, write
from sandbooks.platforms.netsuite.connector.documents import DATA_TYPES

FOLDER = "Expense receipts"
BYTES_MOST = 10 * 1024 * 1024  # Source: docs.oracle.com, article_0909085903 (10 MB)


def attach(file: File, native: Native) -> Steps[Attached]:
    """Upload a file, unless an earlier attempt did, and link it; linking it again changes nothing."""
    if native.kind not in DATA_TYPES:
        raise Refused(f"files are not attached to a {native.kind} in NetSuite")
    if len(file.content) > BYTES_MOST:
        raise Refused(f"the file has {len(file.content)} bytes, and NetSuite takes at most {BYTES_MOST}")
    name = own_name(file)
    id = yield from _named("file", name)
    if not id:
        folder = yield from _folder()
        body = {
            "name": name,
            "folder": {"id": folder},
            "description": f"{file.name} {file.key} {owner_of(native)}",
            "content": base64.b64encode(file.content).decode(),
        }
        id = yield from _made("file", body, purpose=f"upload {file.name}")
    try:
        path = f"{RECORD}/{native.kind}/{native.id}/!attach/file/{id}"
        yield from write("POST", path, None, purpose=f"attach {file.name}")
    except Refused:
        with suppress(Refused):
            yield from write("DELETE", f"{DOCUMENT}/file/{id}", None, purpose=f"remove {file.name}, linked to nothing")
        raise
    return Attached(id=id)


def owner_of(native: Native) -> str:
    """The record that a file belongs to, as its description tells: the files of a record cannot be listed otherwise."""
    return f"{native.kind}/{native.id}"


def own_name(file: File) -> str:
    """A name that no other file has: in one folder a second file of a name replaces the first."""
    path = PurePosixPath(file.name)
    return f"{path.stem[:60]}-{file.key}{path.suffix}"


def _folder() -> Steps[str]:
    id = yield from _named("folder", FOLDER)
    if not id:
        id = yield from _made("folder", {"name": FOLDER}, purpose="create a folder for receipts")
    return id


def _named(type: str, name: str) -> Steps[str]:
    """The id of the file or folder of a name, empty for none."""
    quoted = name.replace('"', "")
    body = yield from read(f"{DOCUMENT}/{type}", purpose=f"look for {name}", query={"q": f'name IS "{quoted}"'})
    items: list[Any] = [item for item in body.get("items") or () if isinstance(item, dict) and item.get("id")]
    return str(items[0]["id"]) if items else ""


def _made(type: str, body: dict[str, Any], *, purpose: str) -> Steps[str]:
    id = yield from write("POST", f"{DOCUMENT}/{type}", body, purpose=purpose)
    if not id:
        raise Unknown(f"no place in the answer to: {purpose}")
    return id
