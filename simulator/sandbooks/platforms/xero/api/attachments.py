"""Files attached to documents: raw bytes in, raw bytes out.

# Source: https://developer.xero.com/documentation/api/accounting/attachments
"""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import quote, unquote

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import lookup, query, writes
from sandbooks.platforms.xero.api.registry import ROOT
from sandbooks.platforms.xero.records import NUMBER_FIELD, PLURAL
from sandbooks.platforms.xero.refusals import NotFound, TooLarge, Unreadable, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.wire import Response

SCOPES = "accounting.attachments"
KINDS = (
    "Account",
    "BankTransaction",
    "BankTransfer",
    "Contact",
    "CreditNote",
    "Invoice",
    "ManualJournal",
    "Overpayment",
    "Prepayment",
    "PurchaseOrder",
    "Quote",
    "Receipt",
)
# Kinds whose files may be shown with the online document; others have no such choice.
_ONLINE = ("Invoice", "CreditNote")
MOST = 10  # Source: Xero's developer forum; the setting `attachments_max` moves it
# Unconfirmed: 3.5 MB, 10 MB and 25 MB are all documented somewhere; the setting `attachment_bytes_max` moves it.
BYTES_MOST = 10_000_000
# Source: https://docs.codat.io/expenses/sync-process/uploading-receipts and Xero's own older list.
EXTENSIONS = frozenset(
    {
        "7z", "bmp", "csv", "doc", "docx", "eml", "gif", "jpeg", "jpg", "keynote", "msg", "numbers",
        "odf", "ods", "odt", "pages", "pdf", "png", "ppt", "pptx", "rar", "rtf", "tif", "tiff",
        "txt", "xls", "xlsx", "zip",
    }
)  # fmt: skip


def _parent(call: Call, kind: str) -> Record:
    record = lookup.record_named(call.company, kind, call.args["id"], number=NUMBER_FIELD.get(kind, ""))
    if record is None:
        raise NotFound
    return record


def _attached(call: Call, parent: Record) -> list[Record]:
    return call.company.records.find("Attachment", "parent", f"{parent.kind}/{parent.id}")


def _shown(call: Call, parent: Record, record: Record) -> dict[str, Any]:
    name = quote(record.body["FileName"], safe="")
    path = f"{ROOT}/{PLURAL[parent.kind]}/{parent.id}/Attachments/{name}"
    return {**record.body, "Url": call.link(path, host="api.xero.com")}


def list_attachments(call: Call, kind: str) -> Response:
    parent = _parent(call, kind)
    return writing.answer(call, "Attachment", [_shown(call, parent, record) for record in _attached(call, parent)])


def read_attachment(call: Call, kind: str) -> Response:
    """The bytes of one file, by name or id."""
    name = _file_name(call)
    for record in _attached(call, _parent(call, kind)):
        if name.lower() == record.body["FileName"].lower() or guid(name) == record.id:
            content = call.company.records.blob(record.id) or b""
            return Response(200, (("Content-Type", record.body["MimeType"]),), content)
    raise NotFound


def _file_name(call: Call) -> str:
    return unquote(call.args["name"])


def put_attachment(call: Call, kind: str) -> Response:
    """Add a file, or replace the one of that name. Raises Invalid, TooLarge."""
    parent = _parent(call, kind)
    try:
        content = call.body
    except UnreadableBody as error:
        raise Unreadable(str(error), 17) from error
    most = int(call.company.settings.get("attachment_bytes_max", BYTES_MOST))
    if len(content) > most:
        raise TooLarge(most)
    return writes.keyed(call, lambda: _stored(call, parent, content))


def _stored(call: Call, parent: Record, content: bytes) -> Response:
    company, name = call.company, _file_name(call)
    if not content:
        raise invalid("The attachment is empty.")
    if name.rpartition(".")[2].lower() not in EXTENSIONS or "." not in name:
        raise invalid(f"'{name}' isn't a supported file type.")
    if len(name) > 255:
        raise invalid("FileName must not be longer than 255 characters.")
    if parent.deleted:
        raise invalid("Attachments cannot be added to a deleted document.")
    others = _attached(call, parent)
    same = next((record for record in others if record.body["FileName"].lower() == name.lower()), None)
    most = int(company.settings.get("attachments_max", MOST))
    if same is None and len(others) >= most:
        raise invalid(f"The maximum number of attachments ({most}) has been reached.")
    record = _put(call, parent, same, name=name, content=content)
    if not parent.body.get("HasAttachments"):
        save(company, parent.kind, {**parent.copy(), "HasAttachments": True})
    return writing.answer(call, "Attachment", [_shown(call, parent, record)])


def _put(call: Call, parent: Record, same: Record | None, *, name: str, content: bytes) -> Record:
    company = call.company
    id = same.id if same else company.records.next_uuid("attachment")
    media = call.content_type
    if media in ("", "*", "*/*", "application/octet-stream") or "/" not in media:
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    body: dict[str, Any] = {"AttachmentID": id, "FileName": name, "MimeType": media, "ContentLength": len(content)}
    if parent.kind in _ONLINE and query.is_true(call, "IncludeOnline"):
        body["IncludeOnline"] = True
    company.records.put_blob(id, content)
    version = same.version + 1 if same else 1
    return company.records.put(
        "Attachment",
        id,
        body,
        version=version,
        action="update" if same else "create",
        keys={"parent": f"{parent.kind}/{parent.id}"},
    )


def _operations(kind: str) -> tuple[Operation, ...]:
    rule = f"{ROOT}/{PLURAL[kind]}/<id>/Attachments"

    def listing(call: Call) -> Response:
        return list_attachments(call, kind)

    def reading(call: Call) -> Response:
        return read_attachment(call, kind)

    def putting(call: Call) -> Response:
        return put_attachment(call, kind)

    return (
        Operation(f"list_attachments_{kind}", "GET", rule, listing, scope=SCOPES),
        Operation(f"read_attachment_{kind}", "GET", f"{rule}/<path:name>", reading, scope=SCOPES),
        Operation(f"put_attachment_{kind}", "PUT", f"{rule}/<path:name>", putting, writes=True, scope=SCOPES),
        Operation(f"post_attachment_{kind}", "POST", f"{rule}/<path:name>", putting, writes=True, scope=SCOPES),
    )


OPERATIONS = tuple(operation for kind in KINDS for operation in _operations(kind))
