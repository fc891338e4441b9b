"""Files on documents: a receipt on an expense, attachments on bills and journals.

Source: https://www.zoho.com/books/api/v3/expenses/ (receipt), https://www.zoho.com/books/api/v3/bills/ (attachment)
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.fields import WORDS, Fields
from sandbooks.platforms.zoho_books.records.storing import new_id, touch
from sandbooks.platforms.zoho_books.refusals import NoSuch, UnknownReference, broken
from sandbooks.platforms.zoho_books.wire import Body, Upload

RECEIPT_TYPES = ("gif", "png", "jpeg", "jpg", "bmp", "pdf", "xls", "xlsx", "doc", "docx")
ATTACHMENT_TYPES = ("gif", "png", "jpeg", "jpg", "bmp", "pdf")
# Unconfirmed: both limits; a company's settings ``file_megabytes_max`` and ``files_max`` choose others.
MEGABYTES_MAX = 10
FILES_MAX = 10
_WITH_FILES = ("expense", "bill", "vendorcredit", "journal", "banktransaction")
_TIES = "zoho_books/document_ties"
_CONTENT_TYPES = {
    "gif": "image/gif",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "bmp": "image/bmp",
    "pdf": "application/pdf",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def standing(body: Body, *names: str) -> Body:
    """The members of a document that say what files it has."""
    empty: Body = {"documents": []}
    return {name: body.get(name, empty.get(name, "")) for name in names}


def chosen(uploads: Sequence[Upload], field: str) -> Upload:
    """The file of a request: the part with the documented name, else the only one. Raises the rule ``no_file``."""
    for upload in uploads:
        if upload.field == field:
            return upload
    if not uploads:
        raise broken("no_file")
    return uploads[0]


def attach(company: Company, record: Record, upload: Upload, *, types: Sequence[str], replaces: bool) -> Record:
    """Put a file on a document, beside those it has or in the place of them."""
    extension = check(company, upload, types)
    kept = [] if replaces else [dict(document) for document in record.body["documents"]]
    most = int(company.settings.get("files_max", FILES_MAX))
    if len(kept) >= most:
        raise broken("file_count", str(most))
    if replaces:
        drop_all(company, record)
    id = new_id(company)
    company.records.put_blob(f"document/{id}", upload.content)
    document = {
        "document_id": id,
        "file_name": upload.name,
        "file_type": extension,
        "file_size": len(upload.content),
        "content_type": _CONTENT_TYPES[extension],
    }
    return _keep(company, record, [*kept, document])


def check(company: Company, upload: Upload, types: Sequence[str]) -> str:
    """The extension of a file that may be attached."""
    extension = upload.name.rpartition(".")[2].lower()
    if extension not in types:
        raise broken("file_type", ", ".join(types))
    megabytes = int(company.settings.get("file_megabytes_max", MEGABYTES_MAX))
    if len(upload.content) > megabytes * 1024 * 1024:
        raise broken("file_size", str(megabytes))
    if not upload.content:
        raise broken("no_file")
    return extension


def _keep(company: Company, record: Record, documents: list[Body]) -> Record:
    last = documents[-1] if documents else {}
    name, kind = last.get("file_name", ""), last.get("file_type", "")
    shown: Body = {"documents": documents}
    if record.kind == "expense":
        shown |= {"expense_receipt_name": name, "expense_receipt_type": kind}
    else:
        shown |= {"attachment_name": name}
    return touch(company, record, **shown)


def named(company: Company, fields: Fields, name: str = "documents") -> list[Body]:
    """The files that a document names by their ids: those of other documents of the organisation. Each once.

    Raises ``UnknownReference``.
    """
    ids = [Fields(row).id("document_id", required=True) for row in fields.rows(name)]
    return [tied(company, id) for id in dict.fromkeys(ids)]


def tied(company: Company, id: str) -> Body:
    """A file of another document, which keeps its bytes until the last document that has it is gone."""
    for kind in _WITH_FILES:
        for record in company.records.find(kind, "document_id", id):
            company.world.put(_TIES, id, int(company.world.get(_TIES, id) or 0) + 1)
            return next(dict(document) for document in record.body["documents"] if document["document_id"] == id)
    raise UnknownReference("document_id", WORDS["document"])


def _drop(company: Company, id: str) -> None:
    """Forget the bytes of a file, unless another document has it too."""
    ties = int(company.world.get(_TIES, id) or 0)
    if ties:
        company.world.put(_TIES, id, ties - 1)
    else:
        company.records.drop_blob(f"document/{id}")


def tie(company: Company, record: Record, ids: Sequence[str]) -> Record:
    """Put files of other documents on a document that has some already."""
    held = [dict(document) for document in record.body["documents"]]
    known = {document["document_id"] for document in held}
    more = [tied(company, id) for id in dict.fromkeys(ids) if id not in known]
    if len(held) + len(more) > int(company.settings.get("files_max", FILES_MAX)):
        raise broken("file_count", str(company.settings.get("files_max", FILES_MAX)))
    return _keep(company, record, [*held, *more])


def detach(company: Company, record: Record, *, document: str = "") -> Record:
    """Take a file off a document, or all of them. Raises ``NoSuch`` where there is none."""
    gone = [d for d in record.body["documents"] if document in ("", d["document_id"])]
    if not gone:
        raise NoSuch("Attachment", record.id)
    for one in gone:
        _drop(company, one["document_id"])
    return _keep(company, record, [d for d in record.body["documents"] if d not in gone])


def drop_all(company: Company, record: Record) -> None:
    """Forget the bytes of every file of a document."""
    for one in record.body.get("documents", ()):
        _drop(company, one["document_id"])


def latest(company: Company, record: Record) -> tuple[Body, bytes]:
    """The file that a document shows, and its bytes. Raises ``NoSuch``."""
    if not record.body["documents"]:
        raise NoSuch("Attachment", record.id)
    last: Body = record.body["documents"][-1]
    return last, company.records.blob(f"document/{last['document_id']}") or b""
