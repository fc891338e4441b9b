"""Files: upload with or without metadata, and download through a link that lives fifteen minutes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.faults import fault_of
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.links import link, signature
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.render import document
from sandbooks.platforms.quickbooks_online.wire import xml
from sandbooks.platforms.quickbooks_online.wire.multipart import Part, parts
from sandbooks.platforms.quickbooks_online.wire.replies import decoded, frame, json_of, reply
from sandbooks.wire import Response

ENTITY = ENTITIES["Attachable"]
SIZE_MAX = 100 * 1024 * 1024
# Source: the attachable page of the developer site; html is refused.
TYPES = {
    "ai": "application/postscript",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eps": "application/postscript",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "rtf": "text/rtf",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "text/xml",
}


def upload(call: Call) -> Response:
    """Store each file; a file that is refused is answered with a fault in its place."""
    if "chunked" in call.header("Transfer-Encoding").lower() and not call.header("Content-Length"):
        raise no.LengthMissing
    found = parts(decoded(call), call.header("Content-Type"))
    metadata = {part.number: part for part in found if part.is_metadata}
    files = [part for part in found if not part.is_metadata]
    if not files:
        raise no.NoMetadata
    with call.unit():
        return once(
            call,
            lambda: reply(
                call, {"AttachableResponse": [_answer(call, file, metadata.get(file.number)) for file in files]}
            ),
        )


def _answer(call: Call, file: Part, metadata: Part | None) -> dict[str, Any]:
    try:
        with call.world.unit():
            return {"Attachable": _stored(call, file, metadata)}
    except Refusal as refusal:
        return {"Fault": fault_of(refusal)}


def _stored(call: Call, file: Part, metadata: Part | None) -> dict[str, Any]:
    realm = Realm(call.company)
    told = _metadata(metadata)
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in ("Id", "SyncToken", "sparse")}
    name = _file_name(told, file)
    _check_file(name, file, str(told.get("ContentType", "")))
    kind = PurePosixPath(name).suffix.removeprefix(".").lower()
    told.setdefault("ContentType", file.content_type or TYPES.get(kind, "application/octet-stream"))
    computed = {"Size": len(file.content), "_blob": True}
    kept = writing.create(realm, ENTITY, {**told, "FileName": name}, computed=computed)
    realm.records.put_blob(kept.id, file.content)
    return document(realm, kept)


def _metadata(part: Part | None) -> dict[str, Any]:
    """The metadata of a file, as JSON or XML. Raises NoMetadata."""
    if part is None or not part.content.strip():
        return {}
    if "xml" in part.content_type or part.content.lstrip().startswith(b"<"):
        root = xml.parse(part.content.strip())
        if xml.name_of(root) != "Attachable":
            raise no.NoMetadata
        return xml.document(root, ENTITY.rules)
    try:
        told = json_of(part.content)
    except no.MalformedBody as refusal:
        raise no.NoMetadata from refusal
    if not isinstance(told, dict):
        raise no.NoMetadata
    return told


def _file_name(told: dict[str, Any], file: Part) -> str:
    """The name from the metadata, else from the part, else one made of the type."""
    given = told.get("FileName") or file.file_name
    if isinstance(given, str) and given:
        return given
    media = told.get("ContentType") or file.content_type
    kind = next((kind for kind, known in TYPES.items() if known == media), "")
    return f"attachment.{kind}" if kind else "attachment"


def _check_file(name: str, file: Part, told: str) -> None:
    """``told`` is the type that the metadata name. Raises FileTypeRefused, UploadTooLarge."""
    kind = PurePosixPath(name).suffix.removeprefix(".").lower()
    media = file.content_type.partition(";")[0].strip().lower()
    html = kind in ("html", "htm") or "html" in media or "html" in told.lower()
    if html or (kind not in TYPES and media not in TYPES.values()):
        raise no.FileTypeRefused(kind or media or "unknown")
    if len(file.content) > SIZE_MAX:
        raise no.UploadTooLarge(len(file.content))


def download(call: Call) -> Response:
    """The link to a file, as text."""
    record = writing.found(Realm(call.company), ENTITY, call.args["id"])
    if "_blob" not in record.body:
        raise no.NotFound("Attachable", record.id)
    text = link(call.company, record.id).encode("ascii")
    return Response(200, (("Content-Type", "text/plain;charset=UTF-8"), *frame(call)), text)


def download_thumbnail(call: Call) -> Response:
    """The link to a picture's thumbnail, as text. Other files have none."""
    record = writing.found(Realm(call.company), ENTITY, call.args["id"])
    if "_blob" not in record.body or not str(record.body.get("ContentType", "")).lower().startswith("image/"):
        raise no.NotFound("Attachable", record.id)
    text = f"{link(call.company, record.id)}&thumbnail=true".encode("ascii")
    return Response(200, (("Content-Type", "text/plain;charset=UTF-8"), *frame(call)), text)


def file(call: Call) -> Response:
    """The bytes behind a link. An expired or altered link is forbidden."""
    id, expires = call.args["id"], call.query.get("expires", "")
    is_number = expires.isascii() and expires.isdigit() and len(expires) < 15
    wanted = signature(call.world, id, int(expires)) if is_number else ""
    if not wanted or call.query.get("sign") != wanted or int(expires) < call.world.clock.now().timestamp():
        return Response(403, (("Content-Type", "text/plain"),), b"the link has expired")
    company = find_company(call.world, "quickbooks_online", call.args["realm"])
    record = company.records.get("Attachable", id) if company else None
    content = company.records.blob(id) if company and record and not record.deleted else None
    if record is None or content is None:
        return Response(404, (("Content-Type", "text/plain"),), b"no such file")
    name = str(record.body.get("FileName", id)).replace('"', "").encode("ascii", "replace").decode()
    media = str(record.body.get("ContentType", ""))
    headers = (
        ("Content-Type", media if media.isascii() and media.isprintable() and media else "application/octet-stream"),
        ("Content-Disposition", f'attachment; filename="{" ".join(name.split())}"'),
    )
    return Response(200, headers, content)


OPERATIONS = (
    Operation("upload", "POST", "/v3/company/<realm>/upload", upload, writes=True),
    Operation("download", "GET", "/v3/company/<realm>/download/<id>", download),
    Operation("download_thumbnail", "GET", "/v3/company/<realm>/download/<id>/thumbnail", download_thumbnail),
    Operation("download_file", "GET", "/v3/file/<realm>/<id>", file, public=True),
)
