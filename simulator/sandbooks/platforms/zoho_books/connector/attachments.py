"""Files on expenses and bills of Zoho Books: a multipart upload, found again by name and size.

Source: https://www.zoho.com/books/api/v3/expenses/, https://www.zoho.com/books/api/v3/bills/ (add an attachment).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.connector import Attached, Consent, File, Native, Refused, Request, Steps
from sandbooks.platforms.zoho_books.connector.calls import ACCEPT, address, answered, read
from sandbooks.platforms.zoho_books.connector.documents import RESOURCES, Kind


def attach(file: File, native: Native, consent: Consent) -> Steps[Attached]:
    """Attach a file once: one of its name and size that hangs on the record already is an earlier upload."""
    kind: Kind
    if native.kind == "expense":
        kind = "expense"
    elif native.kind == "bill":
        kind = "bill"
    else:
        raise Refused(f"files are not attached to {native.kind} in Zoho Books")
    path = f"{RESOURCES[kind]}/{native.id}"
    stands = yield from read(consent, path, kind, purpose=f"read the attachments of {native.id}")
    there = _found(file, stands)
    if there:
        return Attached(id=there)
    answer = yield from answered(_upload(file, consent, path))
    made = _found(file, answer)
    if made:
        return Attached(id=made)
    # The answer for a bill names no document.
    stands = yield from read(consent, path, kind, purpose=f"read the attachments of {native.id}")
    return Attached(id=_found(file, stands) or file.name)


def _found(file: File, body: Mapping[str, Any]) -> str:
    """The id of the file among those of a record, its name where it has no id; empty when it is not there."""
    for document in _documents(body):
        size = document.get("file_size")
        if document.get("file_name") == file.name and (size is None or str(size) == str(len(file.content))):
            return str(document.get("document_id") or file.name)
    single = (body.get("attachment_name"), body.get("expense_receipt_name"))
    return file.name if file.name in single and not list(_documents(body)) else ""


def _documents(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in body.get("documents") or ():
        if isinstance(row, dict):
            yield row


def _upload(file: File, consent: Consent, path: str) -> Request:
    content_type, body = multipart(file)
    return Request(
        "POST",
        address(consent, f"{path}/attachment"),
        purpose=f"attach {file.name}",
        headers=(("Content-Type", content_type), ACCEPT),
        body=body,
        mutates=True,
    )


def multipart(file: File) -> tuple[str, bytes]:
    """A form with the file in the field ``attachment``: the same bytes for the same file and key."""
    boundary = hashlib.sha256(file.key.encode() + b"\x00" + file.content).hexdigest()[:40]
    name = file.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="attachment"; filename="{name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    body = head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body
