"""Attaching files to documents: first an empty attachment with a name, then its content.

Source: learn.microsoft.com, Business Central, API v2.0, resource attachments (parents of type Journal and Purchase
Invoice).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from sandbooks.connector import Attached, File, Native, Refused, Request, Steps, Unavailable, Unknown, ask
from sandbooks.platforms.business_central.connector import journals
from sandbooks.platforms.business_central.connector.calls import ACCEPT, Body, Place, accepted, every, write, writing
from sandbooks.platforms.business_central.connector.documents import JOURNAL, first_entry

INVOICE = "purchaseInvoice"
PARENT_TYPES = {JOURNAL: "Journal", INVOICE: "Purchase Invoice"}


def attach(file: File, native: Native, place: Place) -> Steps[Attached]:
    """Upload a file, unless an earlier attempt did; what such an attempt left empty is filled."""
    if native.kind not in PARENT_TYPES:
        raise Refused(f"files are not attached to a {native.kind} in Business Central")
    parent = native.id
    if native.kind == JOURNAL:
        parent = yield from _parent(native.id, place)
    there = yield from attached(native.kind, parent, place)
    name, found = _own(file, there)
    if found is None:
        body = {"parentId": parent, "parentType": PARENT_TYPES[native.kind], "fileName": name}
        found = yield from write("POST", place.path("attachments"), body, purpose=f"attach {file.name}")
    if not found.get("id"):
        raise Unknown(f"no id in the answer to: attach {file.name}")
    if found.get("byteSize") != len(file.content):
        yield from _filled(str(found["id"]), file, place)
    return Attached(id=str(found["id"]))


def take_back_empty(file: File, native: Native, place: Place) -> Steps[list[str]]:
    """Remove what a request that was carried out late has made, and nobody has filled."""
    parent = native.id
    if native.kind == JOURNAL:
        parent = yield from _parent(native.id, place)
    gone: list[str] = []
    for row in (yield from attached(native.kind, parent, place)):
        if row.get("fileName") in (file.name, _named(file)) and row.get("byteSize") == 0:
            path = place.path(f"attachments({quote(str(row['id']))})")
            yield from write("DELETE", path, None, purpose="remove an empty attachment")
            gone.append(str(row["id"]))
    return gone


def _filled(id: str, file: File, place: Place) -> Steps[None]:
    """Give an attachment its content; one whose content is refused is removed."""
    try:
        yield from _upload(id, file, place)
    except Refused:
        # Whatever comes of this, the refusal is what is told.
        yield writing("DELETE", place.path(f"attachments({quote(id)})"), None, purpose="remove an empty attachment")
        raise


def attached(kind: str, parent: str, place: Place) -> Steps[list[Body]]:
    """The attachments of a journal line, ledger entry or invoice."""
    found = yield from every(
        place.path("attachments"),
        purpose=f"list the attachments of {parent}",
        filter=f"parentId eq {parent} and parentType eq '{PARENT_TYPES[kind]}'",
    )
    return found


def content(id: str, name: str, place: Place) -> Steps[bytes]:
    """The bytes of an attachment."""
    path = place.path(f"attachments({quote(id)})/attachmentContent")
    request = Request("GET", path, purpose=f"read {name}", headers=(("Accept", "*/*"),))
    response = yield from ask(request)
    if response.status != 200:
        raise Refused(f"Business Central gives no file {name}", status=response.status)
    return response.body


def _own(file: File, there: list[Body]) -> tuple[str, Body | None]:
    """The file's name, and its own attachment if there is one; a name that another file has gets the key."""
    named = _named(file)
    for row in there:
        if row.get("fileName") == named:
            return named, row
    for row in there:
        if row.get("fileName") == file.name:
            return (file.name, row) if row.get("byteSize") in (0, len(file.content)) else (named, None)
    return file.name, None


def _named(file: File) -> str:
    """The file's name with its key."""
    path = PurePosixPath(file.name)
    return f"{path.stem}-{file.key}{path.suffix}"


def _parent(number: str, place: Place) -> Steps[str]:
    """What the files of a document hang on: its first ledger entry, or the line of a draft."""
    entries = yield from journals.posted(number, place)
    if entries:
        return first_entry(entries)
    line = yield from journals.draft_line(number, place)
    if line is None:
        raise Unavailable(f"Business Central does not show document {number} at present")
    return str(line["id"])


def _upload(id: str, file: File, place: Place) -> Steps[None]:
    request = Request(
        "PATCH",
        place.path(f"attachments({quote(id)})/attachmentContent"),
        purpose=f"upload {file.name}",
        headers=(("Content-Type", file.content_type), ACCEPT, ("If-Match", "*")),
        body=file.content,
        mutates=True,
    )
    response = yield from ask(request)
    if response.status not in (200, 204):
        accepted(response, request)
