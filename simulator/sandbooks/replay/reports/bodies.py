"""Bodies as a reader sees them: JSON and XML indented, forms one pair a line, long ones cut, transaction ids marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from lxml import etree
from markupsafe import Markup, escape

from sandbooks import exact_json
from sandbooks.replay.reports.amounts import size

SHOWN_MAX = 20_000  # characters of one body; the HAR beside the page has every byte
_MEMBER = re.compile(r"^(\s*)(&#34;(?:[^&\\]|\\.|&(?!#34;))*&#34;)(: )", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A body as HTML, and a remark when it is not whole."""

    html: Markup
    remark: str = ""


def shown_body(message: Mapping[str, Any], marks: Mapping[str, str], *, most: int = SHOWN_MAX) -> Shown:
    """The body of a request or response of the control API. ``marks`` are ids and the labels that they stand for."""
    text = str(message.get("body") or "")
    if not text:
        return Shown(Markup(""))
    if message.get("body_base64"):
        return Shown(Markup(""), f"{size(len(text) * 3 // 4)} that are no text; the HAR has them")
    return shown_text(pretty(text, content_type(message)), marks, most=most)


def shown_json(value: Any, marks: Mapping[str, str], *, most: int = SHOWN_MAX) -> Shown:
    """A JSON value, indented."""
    return shown_text(_indented(exact_json.dumps(value)), marks, most=most)


def shown_text(text: str, marks: Mapping[str, str], *, most: int = SHOWN_MAX) -> Shown:
    """A text, cut when it is longer than ``most`` characters."""
    if len(text) <= most:
        return Shown(marked(text, marks))
    rest = f"{size(len(text) - most)} more; the HAR has all of it" if most else f"{size(len(text))}; see the HAR"
    return Shown(marked(text[:most], marks), rest)


def content_type(message: Mapping[str, Any]) -> str:
    """The media type of a message, lower case, without parameters."""
    headers = message.get("headers") or []
    value = next((value for name, value in headers if name.lower() == "content-type"), "")
    return str(value).partition(";")[0].strip().lower()


def pretty(text: str, kind: str) -> str:
    """A body laid out by its media type, or by its look when that says nothing; what cannot be read stays as it is."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if kind == "application/x-www-form-urlencoded":
        return "\n".join(unquote_plus(pair.replace("=", " = ", 1)) for pair in text.split("&"))
    if kind.endswith("json") or start in ("{", "["):
        return _json(text)
    if kind.endswith("xml") and start == "<":
        return _xml(text)
    return text


def _json(text: str) -> str:
    try:
        exact_json.loads(text)
    except exact_json.MalformedJson:
        return text
    return _indented(text.encode())


def _indented(data: bytes) -> str:
    return msgspec.json.format(data, indent=2).decode()


def _xml(text: str) -> str:
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return text
    return str(etree.tostring(root, pretty_print=True, encoding="unicode")).rstrip()


def marked(text: str, marks: Mapping[str, str]) -> Markup:
    """A text as HTML: escaped, JSON members set off, ids of transactions marked with their labels."""
    html = _MEMBER.sub(r"\1<b>\2</b>\3", str(escape(text)))
    for id, label in marks.items():
        html = html.replace(str(escape(id)), f'<mark title="{escape(label)}">{escape(id)}</mark>')
    return Markup(html)  # noqa: S704 - everything in it was escaped above
