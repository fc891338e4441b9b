"""Zoho's wire forms: JSON or a ``JSONString`` form field in, the ``code`` and ``message`` envelope out.

Source: https://www.zoho.com/books/api/v3/introduction/ (request and response format)
"""

from __future__ import annotations

import io
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sandbooks.exact_json import MalformedJson, loads
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.money import digits
from sandbooks.platforms.zoho_books.refusals import EmptyBody
from sandbooks.wire import Response

Body = dict[str, Any]


class Upload(Struct, frozen=True):
    """A file as it came in a multipart part."""

    field: str
    name: str
    content_type: str
    content: bytes


def read_body(call: Call, *, optional: bool = False) -> Body:
    """The document of a request: a JSON body, or the ``JSONString`` of a form, a multipart body or the query.

    Raises ``EmptyBody`` where there is none, or none that can be read; with ``optional`` no document is an empty one.
    """
    try:
        text = _document_text(call)
        value = loads(text) if text.strip() else None
    except (MalformedJson, UnreadableBody) as error:
        raise EmptyBody from error
    if value is None and optional:
        return {}
    if not isinstance(value, dict):
        raise EmptyBody
    return value


def _document_text(call: Call) -> bytes | str:
    kind = call.content_type
    if kind == "multipart/form-data":
        return _multipart(call)[0].get("JSONString", call.query.get("JSONString", ""))
    if kind == "application/x-www-form-urlencoded" and call.body[:1] not in (b"{", b"["):
        return str(call.form.get("JSONString", call.query.get("JSONString", "")))
    return call.body or str(call.query.get("JSONString", ""))


def _multipart(call: Call) -> tuple[dict[str, str], list[Upload]]:
    options = _options(call.header("Content-Type"))
    parser = FormDataParser(stream_factory=_in_memory, silent=True, max_form_memory_size=None)
    try:
        _, form, files = parser.parse(io.BytesIO(call.body), "multipart/form-data", len(call.body), options)
    except UnreadableBody as error:
        raise EmptyBody from error
    uploads = [
        Upload(field, file.filename or "", (file.mimetype or ""), file.stream.read())
        for field, file in files.items(multi=True)
    ]
    return dict(form.items()), uploads


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> io.BytesIO:
    """Where the parser keeps a part."""
    return io.BytesIO()


def _options(content_type: str) -> dict[str, str]:
    return dict(parse_options_header(content_type)[1])


def form_fields(call: Call) -> dict[str, str]:
    """The plain parameters of a form or multipart body."""
    if call.content_type == "multipart/form-data":
        return _multipart(call)[0]
    return dict(call.form.items())


def uploads(call: Call) -> list[Upload]:
    """The files of a multipart request; empty where it carries none."""
    return _multipart(call)[1] if call.content_type == "multipart/form-data" else []


def reply(message: str = "success", *, status: int = 200, **members: Any) -> Response:
    """The envelope of every success: ``code`` 0 whatever the status."""
    return json_reply({"code": 0, "message": message, **members}, status=status)


def timestamp(moment: datetime, zone: str) -> str:
    """``2013-09-11T17:18:32+0530``: local time with an offset that has no colon."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S%z")


def amount(value: Decimal | int | str, currency: str) -> Decimal:
    """An amount as it is shown: with exactly the decimals of its currency."""
    unit = Decimal(1).scaleb(-digits(currency))
    return Decimal(value).quantize(unit, rounding=ROUND_HALF_UP)


def public(document: Any) -> Any:
    """A stored document without what is kept for the simulator alone (members that begin with an underscore)."""
    if isinstance(document, dict):
        return {name: public(value) for name, value in document.items() if not name.startswith("_")}
    if isinstance(document, list):
        return [public(item) for item in document]
    return document
