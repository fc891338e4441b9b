"""Multipart uploads, in every shape that the vendor's clients send.

Read by hand, because they are not what libraries expect: bare LF line ends, parts without file names, a semicolon at
the end of a disposition, base64 content, no blank line before the closing boundary.
Source: make_request of ej2/python-quickbooks, fylein/qbo-sdk-py, QuickBooks-V3-PHP-SDK, node-quickbooks
"""

from __future__ import annotations

import base64
import binascii
import re
from string import digits

from msgspec import Struct

from sandbooks.platforms.quickbooks_online import refusals as no

_NAME = re.compile(r'(?<![A-Za-z])name="?([^";]*)"?')
_FILE_NAME = re.compile(r'filename="?([^";]*)"?')


class Part(Struct, frozen=True):
    """One part: its field name, file name, media type and content, transfer encoding taken off."""

    name: str
    file_name: str
    content_type: str
    content: bytes

    @property
    def number(self) -> str:
        """What pairs metadata with content: the number at the end of the field name."""
        return self.name[len(self.name.rstrip(digits)) :].lstrip("0") or "0"

    @property
    def is_metadata(self) -> bool:
        return self.name.startswith("file_metadata")


def parts(body: bytes, content_type: str) -> list[Part]:
    """The parts of a multipart body. Raises MalformedBody."""
    found = re.search(r'boundary="?([^";,]+)"?', content_type)
    if found is None:
        raise no.MalformedBody("the upload names no boundary")
    marker = b"--" + found[1].strip().encode("utf-8")
    pieces = re.split(rb"(?:^|\r?\n)[ \t]*" + re.escape(marker), body)
    made = [part for piece in pieces[1:] if (part := _part(piece)) is not None]
    if not made:
        raise no.MalformedBody("the upload has no parts")
    return made


def _part(piece: bytes) -> Part | None:
    """One part from the bytes after its boundary; None for the end marker and for what names no field."""
    if piece.startswith(b"--"):
        return None
    split = re.split(rb"\r?\n\r?\n", piece.lstrip(b"\r\n"), maxsplit=1)
    head = split[0].decode("utf-8", "replace")
    headers = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    field, file_name = _NAME.search(disposition.replace("filename", "file_")), _FILE_NAME.search(disposition)
    if field is None:
        return None
    content = split[1] if len(split) > 1 else b""
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        content = _decoded(content)
    return Part(field[1], file_name[1] if file_name else "", headers.get("content-type", ""), content)


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", content), validate=True)
    except binascii.Error as error:
        raise no.MalformedBody("the content is not base64") from error
