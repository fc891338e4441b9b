"""The organisation's file library: folders, files in them, and what each file is associated with.

A file that is associated with a document hangs on it as an attachment. Knows no request.

# Source: https://developer.xero.com/documentation/api/files/overview
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero.refusals import FileRefused, NotFound
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire.dates import stored_instant

Body = dict[str, Any]
INBOX = "Inbox"
NAME_MOST = 255
# Files that the library takes. Source: https://developer.xero.com/documentation/api/files/types
# Unconfirmed: the whole list; settled by uploading one of each to a demo company.
EXTENSIONS = frozenset(
    {
        "7z", "bmp", "csv", "doc", "docx", "eml", "gif", "heic", "jpeg", "jpg", "keynote", "msg", "numbers", "odf",
        "ods", "odt", "pages", "pdf", "png", "ppt", "pptx", "rar", "rtf", "tif", "tiff", "txt", "xls", "xlsx", "zip",
    }
)  # fmt: skip
# How documents are called by type. Source: https://github.com/XeroAPI/Xero-OpenAPI xero_files.yaml (ObjectType)
OBJECT_TYPES = {
    "ACCPAY": "Accpay",
    "ACCREC": "AccRec",
    "ACCPAYCREDIT": "AccPayCredit",
    "ACCRECCREDIT": "AccRecCredit",
    "SPEND": "CashPaid",
    "RECEIVE": "CashRec",
    "SPEND-PREPAYMENT": "ApPrepayment",
    "RECEIVE-PREPAYMENT": "ArPrepayment",
    "SPEND-OVERPAYMENT": "ApOverPayment",
    "RECEIVE-OVERPAYMENT": "ArOverPayment",
    "ACCPAYPAYMENT": "AccPayPayment",
    "ACCRECPAYMENT": "AccRecPayment",
}
_BY_KIND = {
    "Contact": "Contact",
    "Item": "PriceListItem",
    "ManualJournal": "ManJournal",
    "Quote": "Unknown",
    "Receipt": "Receipt",
}
GROUPS = (
    "Account", "BankTransaction", "Contact", "CreditNote", "Invoice", "Item", "ManualJournal", "Overpayment", "Payment",
    "Prepayment", "Quote", "Receipt",
)  # fmt: skip


def _stamp(company: Company) -> str:
    """Seven decimals and no zone, as this API writes instants."""
    return f"{stored_instant(company.world.clock.now())}0000"


# Folders


def inbox(company: Company) -> Record:
    """The folder that every organisation has; made when it is first asked for."""
    id = company.world.ids.fixed_uuid(f"xero/{company.id}/inbox")
    found = company.records.get("Folder", id)
    if found is not None:
        return found
    address = f"xero.inbox.{id[:8]}@xerofiles.com"
    return company.records.put(
        "Folder", id, {"Id": id, "Name": INBOX, "IsInbox": True, "Email": address}, version=1, action="create"
    )


def folders(company: Company) -> list[Record]:
    """The inbox, then the other folders in order of creation."""
    first = inbox(company)
    return [first, *(record for record in company.records.scan("Folder") if record.id != first.id)]


def folder(company: Company, id: str) -> Record:
    """A folder by its id. Raises NotFound."""
    record = company.records.get("Folder", id)
    if record is None or record.deleted:
        raise NotFound
    return record


def keep_folder(company: Company, name: str, prior: Record | None) -> Record:
    """Make or rename a folder. Raises FileRefused."""
    if prior is not None and prior.body["IsInbox"]:
        raise FileRefused("Rename", "Rename failed", "The Inbox cannot be renamed.")
    _check_name(name)
    if any(other.body["Name"].lower() == name.lower() and other is not prior for other in folders(company)):
        raise FileRefused("Validation", "Validation failure", f"Folder: {name} exists already.")
    id = prior.id if prior else company.records.next_uuid("folder")
    body = {"Id": id, "Name": name, "IsInbox": False}
    version, action = (prior.version + 1, "update") if prior else (1, "create")
    return company.records.put("Folder", id, body, version=version, action=action)


def drop_folder(company: Company, record: Record) -> None:
    """Delete an empty folder. Raises FileRefused. Unconfirmed: what happens to the files of one that is not."""
    if record.body["IsInbox"] or files(company, folder_id=record.id):
        raise FileRefused("Validation", "Validation failure", "Only an empty folder other than the Inbox is deleted.")
    _drop(company, record)


def _drop(company: Company, record: Record) -> None:
    company.records.put(
        record.kind, record.id, record.body, version=record.version + 1, action="delete", active=False, deleted=True
    )


def shown_folder(company: Company, record: Record) -> Body:
    body = record.body
    shown = {"Name": body["Name"], "FileCount": len(files(company, folder_id=record.id))}
    shown |= {"Email": body["Email"]} if body["IsInbox"] else {}
    return {**shown, "IsInbox": body["IsInbox"], "Id": record.id}


# Files


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_MOST:
        raise FileRefused("Validation", "Validation failure", f"A name has 1 to {NAME_MOST} characters.")


def check_file_name(name: str) -> None:
    """Refuse an extension that is not taken. Source: example of xero_files.yaml."""
    _check_name(name)
    extension = name.rpartition(".")[2] if "." in name else ""
    if extension.lower() not in EXTENSIONS:
        raise FileRefused("Validation", "Validation failure", f"Extension: {extension} is not a valid File extension.")


def files(company: Company, *, folder_id: str = "", lag: timedelta = timedelta(0)) -> list[Record]:
    """The files of the library, or of one folder, in order of creation."""
    return [r for r in company.records.scan("File", lag=lag) if folder_id in ("", r.body["FolderId"])]


def file(company: Company, id: str) -> Record:
    """A file by its id. Raises NotFound."""
    record = company.records.get("File", id)
    if record is None or record.deleted:
        raise NotFound
    return record


def add_file(company: Company, name: str, media: str, *, content: bytes, into: Record) -> Record:
    """Put a file into a folder. Raises FileRefused."""
    check_file_name(name)
    if not content:
        raise FileRefused("Validation", "Validation failure", "The file is empty.")
    now, id = _stamp(company), company.records.next_uuid("file")
    body = {"Name": name, "MimeType": media, "Size": len(content), "CreatedDateUtc": now, "UpdatedDateUtc": now}
    body |= {"User": _user(company), "FolderId": into.id, "Id": id}
    company.records.put_blob(id, content)
    return company.records.put("File", id, body, version=1, action="create")


def change_file(company: Company, record: Record, changes: Mapping[str, Any]) -> Record:
    """Rename a file or move it. Raises FileRefused, NotFound."""
    body = record.copy()
    if changes.get("Name"):
        check_file_name(str(changes["Name"]))
        body["Name"] = str(changes["Name"])
    if changes.get("FolderId"):
        body["FolderId"] = folder(company, str(changes["FolderId"]).lower()).id
    body["UpdatedDateUtc"] = _stamp(company)
    return company.records.put("File", record.id, body, version=record.version + 1, action="update")


def drop_file(company: Company, record: Record) -> None:
    """Delete a file; what it hung on loses it."""
    for association in of_file(company, record.id):
        drop_association(company, association)
    _drop(company, record)


def _user(company: Company) -> Body:
    user = next(iter(company.records.scan("User"))).body
    full = f"{user['FirstName']} {user['LastName']}"
    names = {"Name": user["EmailAddress"], "FirstName": user["FirstName"], "LastName": user["LastName"]}
    return {**names, "FullName": full, "Id": user["UserID"]}


# Associations


def of_file(company: Company, id: str) -> list[Record]:
    return company.records.find("Association", "file", id)


def of_object(company: Company, id: str) -> list[Record]:
    return company.records.find("Association", "object", id)


def associate(company: Company, record: Record, object_id: str) -> Record:
    """Associate a file with a document, on which it then hangs as an attachment. Raises FileRefused."""
    parent = _object(company, object_id)
    if any(each.body["ObjectId"] == object_id for each in of_file(company, record.id)):
        raise FileRefused("Validation", "Validation failure", "The file is already associated with this object.")
    type = parent.body.get("PaymentType") or parent.body.get("Type", "")
    body: Body = {
        "FileId": record.id,
        "ObjectId": object_id,
        "ObjectGroup": parent.kind,
        "ObjectType": _BY_KIND.get(parent.kind) or OBJECT_TYPES.get(type, "Account"),
        "AssociationDateUtc": _stamp(company),
        "_Attachment": _hang(company, record, parent),
    }
    keys = {"file": record.id, "object": object_id}
    id = company.records.next_uuid("association")
    return company.records.put("Association", id, body, version=1, action="create", keys=keys)


def _object(company: Company, id: str) -> Record:
    for kind in GROUPS:
        record = company.records.get(kind, id)
        if record is not None and not record.deleted:
            return record
    raise FileRefused("Validation", "Validation failure", f"ObjectId: {id} is not a valid object.")


def _hang(company: Company, record: Record, parent: Record) -> str:
    """The attachment through which a document shows the file; its id."""
    id = company.records.next_uuid("attachment")
    file = record.body
    body = {"AttachmentID": id, "FileName": file["Name"], "MimeType": file["MimeType"], "ContentLength": file["Size"]}
    company.records.put_blob(id, company.records.blob(record.id) or b"")
    keys = {"parent": f"{parent.kind}/{parent.id}"}
    company.records.put("Attachment", id, body, version=1, action="create", keys=keys)
    _mark(company, parent)
    return id


def _mark(company: Company, parent: Record) -> None:
    """Bring HasAttachments in step where the document has it."""
    hangs = bool(company.records.find("Attachment", "parent", f"{parent.kind}/{parent.id}"))
    if "HasAttachments" in parent.body and parent.body["HasAttachments"] != hangs:
        save(company, parent.kind, {**parent.copy(), "HasAttachments": hangs})


def drop_association(company: Company, record: Record) -> None:
    """End an association: the attachment goes with it."""
    attachment = company.records.get("Attachment", record.body["_Attachment"])
    if attachment is not None and not attachment.deleted:
        _drop(company, attachment)
    _drop(company, record)
    parent = company.records.get(record.body["ObjectGroup"], record.body["ObjectId"])
    if parent is not None and not parent.deleted:
        _mark(company, parent)


def shown_association(company: Company, record: Record, *, with_file: bool) -> Body:
    """An association; by object it tells of the file too."""
    shown = {name: value for name, value in record.body.items() if name not in ("_Attachment", "AssociationDateUtc")}
    if not with_file:
        return shown
    file = company.records.get("File", record.body["FileId"])
    told = (
        {"Name": file.body["Name"], "Size": file.body["Size"], "CreatedDateUtc": file.body["CreatedDateUtc"]}
        if file
        else {}
    )
    return {"SendWithObject": False, **told, "AssociationDateUtc": record.body["AssociationDateUtc"], **shown}
