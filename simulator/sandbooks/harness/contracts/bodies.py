"""What is wrong with a body by its contract, whatever its form: JSON, XML, form fields, parts of several kinds.

A body whose content is nobody's to judge (a file, a picture) has no reading, and is counted as unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from email.parser import BytesParser
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote

from sandbooks import exact_json
from sandbooks.harness.contracts.description import Described
from sandbooks.harness.contracts.elements import NotXml, Text, document_of, local, parsed
from sandbooks.harness.contracts.values import Judge, Mistake, Stranger
from sandbooks.kit.elements import Form, Schemas
from sandbooks.platform import platforms
from sandbooks.recording.canonical import decoded
from sandbooks.recording.conformance import resolved
from sandbooks.settings import nearest
from sandbooks.wire import Request

JSON = "application/json"
XML = ("application/xml", "text/xml")
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
Reading: TypeAlias = Callable[[Judge], Iterator[Mistake]]


def media_of(request: Request) -> str:
    """The media type of a body; where none is named, what its first character tells."""
    named = request.header("Content-Type").partition(";")[0].strip().lower()
    if named:
        return named
    first = decoded(request.body, request.headers).lstrip()[:1]
    return {b"{": JSON, b"[": JSON, b"<": XML[0]}.get(first, "")


@cache
def elements_of(surface: str) -> Form | Schemas | None:
    """How the XML of a surface is judged; None where it has none."""
    declared = platforms().get(surface)
    return declared.load_elements() if declared else None


def reading_of(operation: Described, request: Request, path: str) -> Reading | None:
    """What tells the mistakes of a body; None where nobody can look into it, or where the contract describes none."""
    media, content = media_of(request), decoded(request.body, request.headers)
    place = unquote(path).rstrip("/")
    if "json" in media:
        schema = operation.body_at(place, media) or operation.body_at(place, JSON)
        return lambda judge: json_mistakes(content, schema, judge)
    if media.endswith(("/xml", "+xml")):
        return _elements(operation, content, place)
    if media == FORM and operation.bodies.get(FORM):
        fields = [(name, "", value.encode()) for name, value in parse_qsl(content.decode(errors="replace"), True)]
        return lambda judge: _fields(operation, fields, FORM, place, judge=judge)
    if media == PARTS and operation.bodies.get(PARTS):
        parts = list(_parts(content, request.header("Content-Type")))
        return lambda judge: _fields(operation, parts, PARTS, place, judge=judge)
    return None


def json_mistakes(content: bytes, schema: Mapping[str, Any], judge: Judge, at: str = "body") -> Iterator[Mistake]:
    """The mistakes of a JSON text."""
    if not schema:
        return
    try:
        document = exact_json.loads(content)
    except exact_json.MalformedJson as error:
        yield Mistake(at, f"is no JSON: {error}", "send one JSON document")
        return
    yield from judge.mistakes(document, schema, at)


def _elements(operation: Described, content: bytes, place: str) -> Reading | None:
    known = elements_of(operation.surface)
    if isinstance(known, Form):
        schema = operation.body_at(place, JSON)
        return (lambda judge: form_mistakes(content, schema, judge, known)) if schema else None
    if isinstance(known, Schemas):
        from sandbooks.harness.contracts.documents import request_mistakes

        schemas = known
        return lambda _judge: request_mistakes(schemas, content)
    return None


def form_mistakes(
    content: bytes, schema: Mapping[str, Any], judge: Judge, form: Form, at: str = "body"
) -> Iterator[Mistake]:
    """The mistakes of XML that says what JSON says."""
    try:
        root = parsed(content)
    except NotXml as error:
        yield Mistake(at, f"is no XML: {error}", "send one XML document")
        return
    roots = _roots(schema, form)
    if roots and local(root.tag).lower() not in map(str.lower, roots):
        yield Stranger(f"{at}.{local(root.tag)}", "is no document of this operation", nearest(local(root.tag), roots))
        return
    yield from judge.mistakes(document_of(root, form), schema, at)


def _roots(schema: Mapping[str, Any], form: Form) -> list[str]:
    """What the root of a document may be called; nothing where any name is judged as a member."""
    if form.root:
        return [*form.root(str(schema.get("$ref", "")).rpartition("/")[2])]
    wrapped = [str(name) for each in schema.get("anyOf", ()) for name in each.get("required", ())]
    return [*wrapped, *map(form.item, wrapped)] if form.item else []


def _fields(
    operation: Described, given: list[tuple[str, str, bytes]], media: str, place: str, *, judge: Judge
) -> Iterator[Mistake]:
    """The fields of a form and the parts of a body: name, name of the file, content."""
    schema = resolved(operation.surface, operation.bodies[media])
    declared: Mapping[str, Any] = schema.get("properties", {})
    patterns: Mapping[str, Any] = schema.get("patternProperties", {})
    for name in schema.get("required", ()):
        if name not in (each for each, _, _ in given):
            yield Mistake(f"body.{name}", "is missing", f"send {name}")
    for name, file, content in given:
        member = declared.get(name)
        if member is None:
            member = next((each for pattern, each in patterns.items() if re.search(pattern, name)), None)
        if member is not None:
            yield from _field(operation, name, content, member, place=place, judge=judge)
        elif not file and not schema.get("additionalProperties"):  # a file may be called as it pleases
            yield Stranger(f"body.{name}", "is no member of this form", nearest(name, declared))


def _is_file(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "binary" or schema.get("contentMediaType") == "application/octet-stream"


def _field(
    operation: Described, name: str, content: bytes, schema: Mapping[str, Any], *, place: str, judge: Judge
) -> Iterator[Mistake]:
    """One field: a file, a document of its own, or a text."""
    at = f"body.{name}"
    if _is_file(schema):
        return
    if schema.get("contentMediaType") == JSON:
        inner = schema.get("contentSchema") or operation.body_at(place, JSON)
        form = elements_of(operation.surface)
        if content.lstrip()[:1] == b"<" and isinstance(form, Form):
            yield from form_mistakes(content.strip(), inner, judge, form, at)
        else:
            yield from json_mistakes(content, inner, judge, at)
        return
    yield from judge.mistakes(Text(content.decode(errors="replace")), schema, at)


def _parts(content: bytes, content_type: str) -> Iterator[tuple[str, str, bytes]]:
    """The parts of a multipart body: name, name of the file, content."""
    found = re.search(r'boundary="?([^";,]+)"?', content_type)
    if found is None:
        return
    marker = re.escape(b"--" + found[1].strip().encode())
    for piece in re.split(rb"(?:^|\r?\n)[ \t]*" + marker, content)[1:]:
        if piece.startswith(b"--"):
            return
        head, _, rest = re.sub(rb"^\r?\n", b"", piece, count=1).partition(
            b"\n\r\n" if b"\r\n\r\n" in piece else b"\n\n"
        )
        message = BytesParser().parsebytes(head.strip() + b"\n\n", headersonly=True)
        name = message.get_param("name", "", header="content-disposition")
        yield str(name), message.get_filename() or "", rest
