"""A bank statement as it is uploaded: JSON lines, or a file."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platforms.freeagent.api import statement_files
from sandbooks.platforms.freeagent.refusals import EmptyStatement, Malformed
from sandbooks.platforms.freeagent.wire import document


def lines_of(call: Call) -> list[Any]:
    """The lines of the statement. Raises ``Malformed``, ``EmptyStatement``."""
    lines = _file_lines(call) if call.content_type == "multipart/form-data" else _json_lines(call)
    if not lines:
        raise EmptyStatement
    return lines


def _json_lines(call: Call) -> list[Any]:
    found = document(call).get("statement")
    if not isinstance(found, list):
        raise Malformed("The statement could not be parsed")
    return found


def _file_lines(call: Call) -> list[Any]:
    text = _text(_file(call))
    return list(statement_files.lines_of(text, month_first=call.company.country == "US"))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            # Older OFX files say that they are in the code page of Windows. Source: OFX 1.6 section 2.2 (CHARSET)
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise Malformed("The statement could not be parsed") from error


def _file(call: Call) -> bytes:
    boundary = parse_options_header(call.header("Content-Type"))[1].get("boundary", "")
    try:
        body = call.body
        _, files = MultiPartParser(stream_factory=_in_memory).parse(io.BytesIO(body), boundary.encode(), len(body))
    except (ValueError, UnreadableBody) as error:
        raise Malformed("The request body could not be parsed") from error
    found = files.get("statement")
    if found is None:
        raise Malformed("param is missing or the value is empty: statement")
    with closing(found):
        content: bytes = found.read()
        return content


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> io.BytesIO:
    """Where the parser keeps a part: nothing is left open when it stops half way."""
    return io.BytesIO()
