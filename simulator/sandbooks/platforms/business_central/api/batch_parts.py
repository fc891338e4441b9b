"""``$batch`` as ``multipart/mixed``: requests as parts, and change sets whose requests stand or fall together.

Unconfirmed: Business Central documents the JSON form alone; this one is that of the standard on which it is built.
Source: https://docs.oasis-open.org/odata/odata/v4.0/errata03/os/complete/part1-protocol/ (11.7 Batch Requests)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from itertools import groupby

from sandbooks.platforms.business_central.api.batch_items import Item, check_count, reference_of
from sandbooks.platforms.business_central.refusals import BadBody
from sandbooks.wire import Response

MEDIA = "multipart/mixed"
_SAFE = ("GET", "HEAD")


def items_of_parts(body: bytes, content_type: str) -> list[Item]:
    """The items of a batch in parts. Raises ``BadBody``: what cannot be read changes nothing."""
    try:
        whole = BytesParser().parsebytes(
            b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
        )
    except RecursionError as error:
        raise BadBody("The batch request holds too many parts within each other.") from error
    items: list[Item] = []
    for number, part in enumerate(_parts(whole), start=1):
        if part.get_content_type() != MEDIA:
            items.append(_item(part, items))
            continue
        group = f"changeset {number}"
        for inner in _parts(part):
            item = _item(inner, items, group=group)
            if str(item.method).upper() in _SAFE:
                raise BadBody("A change set holds requests that change something; reads stand beside it.")
            items.append(item)
    check_count(len(items))
    return items


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a batch or of a change set. Raises ``BadBody``."""
    if not message.is_multipart() or message.defects:
        raise BadBody("The batch request cannot be read as the parts that its boundary names.")
    given = message.get_payload()
    for part in given if isinstance(given, list) else ():
        if isinstance(part, Message):
            yield part


def _item(part: Message, before: list[Item], *, group: str = "") -> Item:
    """One part of ``application/http`` as a request."""
    if part.get_content_type() != "application/http":
        raise BadBody("Each part of a batch must be application/http, or a change set of such parts.")
    raw = part.get_payload(decode=True)
    head, body = _halves(raw if isinstance(raw, bytes) else b"")
    first, *lines = head.decode("utf-8", "replace").splitlines() or [""]
    words = first.split()
    if len(words) != 3 or not words[2].upper().startswith("HTTP/"):
        raise BadBody("Each request of a batch begins with its method, its url and the version of HTTP.")
    headers = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip()
    }
    id = "".join(str(part.get("Content-ID") or headers.pop("Content-ID", "")).split()) or None
    seen = {str(item.id) for item in before}
    if id is not None and id in seen:
        raise BadBody(f"The Content-ID '{id[:40]}' was found more than once in the batch.")
    method, url = words[0], _absolute(words[1], headers)
    named, rest = reference_of(url)
    if named and named not in seen:
        raise BadBody(f"The url '{url[:60]}' refers to a request that does not stand before it.")
    return Item(id, method, url, headers, body, (named,) if named else (), reference=named, rest=rest, group=group)


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, body = raw.partition(gap)
        if found:
            return head, body
    return raw, b""


def _absolute(url: str, headers: dict[str, str]) -> str:
    """An absolute path stands with the host that the part names."""
    host = next((headers[name] for name in headers if name.lower() == "host"), "")
    return f"https://{host}{url}" if host and url.startswith("/") and not url.startswith("/$") else url


def answer_in_parts(found: Iterable[tuple[Item, Response]], *, token: str) -> Response:
    """The answers as parts. A change set that failed is answered by the refusal that ended it, without a set."""
    parts: list[bytes] = []
    for number, (group, members) in enumerate(groupby(found, key=lambda each: each[0].group)):
        answered = list(members)
        failed = [each for each in answered if each[1].status >= 400]
        if not group:
            parts += [_http(*each) for each in answered]
        elif failed:
            parts.append(_http(*next((each for each in failed if each[1].status != 424), failed[0])))
        else:
            parts.append(_mixed([_http(*each) for each in answered], f"changesetresponse_{number}_{token}"))
    boundary = f"batchresponse_{token}"
    media = f"{MEDIA}; boundary={boundary}"
    return Response(200, (("Content-Type", media), ("OData-Version", "4.0")), _joined(parts, boundary))


def _mixed(parts: list[bytes], boundary: str) -> bytes:
    return f"Content-Type: {MEDIA}; boundary={boundary}\r\n\r\n".encode() + _joined(parts, boundary)


def _joined(parts: list[bytes], boundary: str) -> bytes:
    mark = f"--{boundary}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _http(item: Item, answer: Response) -> bytes:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if item.id is not None:
        lines.append(f"Content-ID: {item.id}")
    phrase = HTTPStatus(answer.status).phrase
    own = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers)]
    return "\r\n".join([*lines, "", *own, "", ""]).encode() + answer.body
