"""Attaching files to Xero records: raw bytes under a file name, which a second file of that name would replace.

Source: developer.xero.com, attachments.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sandbooks.connector import Attached, File, Native, Refused, Request, Steps, Unknown, ask
from sandbooks.platforms.xero.connector.calls import ACCEPT, API, accepted, idempotency_key, read
from sandbooks.platforms.xero.connector.documents import COLLECTIONS
from sandbooks.wire import Response


def attach(file: File, native: Native) -> Steps[Attached]:
    """Upload a file, unless an earlier attempt did; a stranger of the same name keeps its name and content."""
    if native.kind not in COLLECTIONS:
        raise Refused(f"files are not attached to a {native.kind} in Xero")
    place = f"{COLLECTIONS[native.kind]}/{native.id}/Attachments"
    there = yield from _listed(place, native)
    name, own = file.name, _own_name(file)
    if own in there:
        return Attached(id=str(there[own]["AttachmentID"]))
    if name in there:
        same = yield from _holds(place, there[name], file)
        if same:
            return Attached(id=str(there[name]["AttachmentID"]))
        name = own
    response, request = yield from _upload(place, name, file)
    if response.status == 413:
        # Too large a file is answered in JSON or HTML, by Xero or by what stands before it: the list decides.
        # Source: github.com/XeroAPI/Xero-Java, issue 349
        there = yield from _listed(place, native)
        if name not in there:
            raise Refused("the file is larger than Xero takes (status 413)", native_code="413", status=413)
        return Attached(id=str(there[name]["AttachmentID"]))
    found: dict[str, Any] = next(iter(accepted(response, request).get("Attachments") or ()), {})
    if not isinstance(found.get("AttachmentID"), str):
        raise Unknown(f"no attachment in the answer to: {request.purpose}")
    return Attached(id=found["AttachmentID"])


def _listed(place: str, native: Native) -> Steps[dict[str, dict[str, Any]]]:
    """The attachments of a record by file name."""
    body = yield from read(place, purpose=f"list the attachments of {native.id}")
    return {str(row.get("FileName")): row for row in body.get("Attachments") or ()}


def _own_name(file: File) -> str:
    """A name that no other file has, for when the file's own is taken."""
    path = PurePosixPath(file.name)
    return f"{path.stem}-{file.key}{path.suffix}"


def _holds(place: str, row: dict[str, Any], file: File) -> Steps[bool]:
    """Whether an attachment has exactly the file's bytes."""
    if row.get("ContentLength") not in (None, len(file.content)):
        return False
    request = Request(
        "GET",
        f"{API}/{place}/{quote(file.name, safe='')}",
        purpose=f"compare {file.name}",
        headers=(("Accept", str(row.get("MimeType") or file.content_type)),),
    )
    response = yield from ask(request)
    return response.status == 200 and response.body == file.content


def _upload(place: str, name: str, file: File) -> Steps[tuple[Response, Request]]:
    request = Request(
        "PUT",
        f"{API}/{place}/{quote(name, safe='')}",
        purpose=f"attach {file.name}",
        headers=(("Content-Type", file.content_type), ACCEPT, ("Idempotency-Key", idempotency_key(file.key))),
        body=file.content,
        mutates=True,
    )
    response = yield from ask(request)
    return response, request
