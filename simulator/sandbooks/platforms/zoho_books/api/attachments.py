"""Files on documents: multipart in, bytes out."""

from __future__ import annotations

from urllib.parse import quote

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.parts import Resource, read, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import files
from sandbooks.platforms.zoho_books.wire import Body, form_fields, reply, uploads
from sandbooks.wire import Response


def with_file(call: Call, field: str, record: Record) -> Record:
    """A document with the file that travelled along with it, if one did."""
    sent = uploads(call)
    if not sent:
        return record
    types = files.RECEIPT_TYPES if field == "receipt" else files.ATTACHMENT_TYPES
    return files.attach(call.company, record, files.chosen(sent, field), types=types, replaces=field == "receipt")


def download(call: Call, record: Record) -> Response:
    """The bytes of a document's file. ``preview`` shows them, else they are offered for saving."""
    shown, content = files.latest(call.company, record)
    way = "inline" if (call.query.get("preview") or "").lower() == "true" else "attachment"
    name = quote(str(shown["file_name"]))
    headers = (
        ("Content-Type", str(shown["content_type"])),
        ("Content-Disposition", f"{way}; filename*=UTF-8''{name}"),
    )
    return Response(200, headers, content)


def shown_documents(record: Record) -> list[Body]:
    """The files of a document as it lists them."""
    return [{n: d[n] for n in ("document_id", "file_name", "file_type", "file_size")} for d in record.body["documents"]]


def _document_ids(call: Call) -> list[str]:
    """The ``document_ids`` of a request: files that other documents have, by commas."""
    given = form_fields(call).get("document_ids") or call.query.get("document_ids") or ""
    ids = [id.strip() for id in given.strip().strip("[]").split(",") if id.strip()]
    return [Fields({"document_ids": id}).id("document_ids") for id in ids]


def receipt_operations(resource: Resource) -> list[Operation]:
    """The receipt of an expense: one file; and its attachments: several."""

    def add(call: Call) -> Response:
        sent = uploads(call)
        with call.unit():
            upload = files.chosen(sent, "receipt")
            files.attach(call.company, resource.record(call), upload, types=files.RECEIPT_TYPES, replaces=True)
        return reply("The expense receipt has been attached.")

    def get(call: Call) -> Response:
        return download(call, resource.record(call))

    def delete(call: Call) -> Response:
        with call.unit():
            files.detach(call.company, resource.record(call))
        return reply("The attached expense receipt has been deleted.")

    def attach(call: Call) -> Response:
        sent = uploads(call)
        with call.unit():
            record = resource.record(call)
            tied = _document_ids(call)
            for upload in sent if tied else sent or [files.chosen(sent, "attachment")]:
                record = files.attach(call.company, record, upload, types=files.RECEIPT_TYPES, replaces=False)
            record = files.tie(call.company, record, tied) if tied else record
        return reply("The expense attachment has been attached.", documents=shown_documents(record))

    path, module = f"{resource.path}/<id>", resource.module
    return [
        write("add_expense_receipt", "POST", f"{path}/receipt", add, module=module),
        read("get_expense_receipt", f"{path}/receipt", get, module=module),
        write("delete_expense_receipt", "DELETE", f"{path}/receipt", delete, module=module),
        write("add_expense_attachment", "POST", f"{path}/attachment", attach, module=module),
    ]


def attachment_operations(resource: Resource, *, message: str, reads: bool = True) -> list[Operation]:
    """The attachment of a bill or a journal."""

    def add(call: Call) -> Response:
        sent = uploads(call)
        with call.unit():
            upload = files.chosen(sent, "attachment")
            record = resource.record(call)
            record = files.attach(call.company, record, upload, types=files.ATTACHMENT_TYPES, replaces=False)
        return reply(message, status=201, documents=shown_documents(record))

    def get(call: Call) -> Response:
        return download(call, resource.record(call))

    def delete(call: Call) -> Response:
        with call.unit():
            files.detach(call.company, resource.record(call))
        return reply("The attachment has been deleted.")

    path, module, one = f"{resource.path}/<id>/attachment", resource.module, resource.one
    made = [write(f"add_{one}_attachment", "POST", path, add, module=module)]
    if reads:
        made.append(read(f"get_{one}_attachment", path, get, module=module))
        made.append(write(f"delete_{one}_attachment", "DELETE", path, delete, module=module))
    return made
