"""Exchanges as an HTTP archive holds them, whoever recorded it: a browser, a proxy, a log, or this simulator.

Source: http://www.softwareishard.com/blog/har-12-spec/ (HAR 1.2). Our own archives also hold, under ``_sandbooks``,
which phase each exchange reached; others cannot know it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from sandbooks import exact_json

Outcome = Literal["done", "refused", "throttled", "unauthorized", "lost", "cut", "page", "failed"]
COMMITTED = ("commit", "render", "deliver")


class NotAnArchive(Exception):
    """The file is no HTTP archive. The message says what is wrong with it."""


@dataclass(frozen=True)
class Seen:
    """One exchange as its client saw it. ``committed`` None: nobody can know whether it was carried out."""

    at: datetime
    surface: str
    method: str
    path: str
    body: Any
    status: int
    answer: Any
    outcome: Outcome
    committed: bool | None
    raw: bytes = b""

    @property
    def told(self) -> bool:
        """Whether the client was given an answer that it could act on."""
        return self.outcome in ("done", "refused", "throttled", "unauthorized")


def read_har(content: bytes, *, surfaces: Mapping[str, str], clients: tuple[str, ...] = ("client",)) -> list[Seen]:
    """The exchanges of an archive with hosts or prefixes that are known, in the order in which they began.

    ``surfaces``: platform (or ``codat``) by vendor host name, ``*.`` for one label. Of our own archives only what
    ``clients`` sent counts. Raises ``NotAnArchive``.
    """
    try:
        entries = exact_json.loads(content)["log"]["entries"]
        read = [_seen(entry, surfaces, clients) for entry in entries]
    except (exact_json.MalformedJson, KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAnArchive(f"this is no HTTP archive (HAR 1.2): {type(error).__name__} {error}") from error
    return sorted((one for one in read if one is not None), key=lambda one: one.at)


def _seen(entry: Mapping[str, Any], surfaces: Mapping[str, str], clients: tuple[str, ...]) -> Seen | None:
    own = entry.get("_sandbooks")
    if own is not None and own.get("client") not in clients:
        return None
    request, response = entry["request"], entry.get("response") or {}
    return seen_of(
        at=_instant(str(entry["startedDateTime"])),
        method=str(request["method"]),
        url=request["url"],
        request=_text(request.get("postData") or {}),
        status=int(response.get("status") or 0),
        response=_text(response.get("content") or {}),
        surfaces=surfaces,
        own=own,
    )


def seen_of(
    *,
    at: datetime,
    method: str,
    url: str,
    request: bytes,
    status: int,
    response: bytes,
    surfaces: Mapping[str, str],
    own: Mapping[str, Any] | None = None,
) -> Seen | None:
    """One exchange from its parts; None for a URL that is not ours to know. ``status`` 0: no answer came.

    ``own`` is what this simulator noted of the exchange itself.
    """
    surface, path = _place(url, surfaces)
    if not surface:
        return None
    outcome = _outcome(status, response, cut=bool(own and own.get("cut")))
    return Seen(
        at=at,
        surface=surface,
        method=method.upper(),
        path=path,
        body=_json(request),
        status=status,
        answer=_json(response),
        outcome=outcome,
        committed=_committed(own, outcome),
        raw=request,
    )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _place(url: str, surfaces: Mapping[str, str]) -> tuple[str, str]:
    """The surface that a URL is for and the vendor's own path; empty for one that is not ours to know."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    found = surfaces.get(host) or surfaces.get("*." + host.partition(".")[2], "")
    if found:
        return found, unquote(parts.path)
    segments = parts.path.lstrip("/").split("/")
    if segments[:1] == ["w"]:
        segments = segments[2:]
    if segments and segments[0] in set(surfaces.values()):
        return segments[0], unquote("/" + "/".join(segments[1:]))
    return "", ""


def _text(part: Mapping[str, Any]) -> bytes:
    text = str(part.get("text") or "")
    if part.get("encoding") == "base64":
        try:
            return base64.b64decode(text)
        except binascii.Error:
            return b""
    return text.encode()


def _json(raw: bytes) -> Any:
    try:
        return exact_json.loads(raw) if raw else None
    except exact_json.MalformedJson:
        return None


def _outcome(status: int, answer: bytes, *, cut: bool) -> Outcome:
    if status <= 0:
        return "lost"
    if cut:
        return "cut"
    if status == 401:
        return "unauthorized"
    if status == 429:
        return "throttled"
    if answer.lstrip()[:1] == b"<" and b"<html" in answer[:2000].lower():
        return "page"
    if status >= 500:
        return "failed"
    return "refused" if status >= 400 else "done"


def _committed(own: Mapping[str, Any] | None, outcome: Outcome) -> bool | None:
    if own is not None:
        return any(step["phase"] in COMMITTED for step in own.get("phases") or ())
    if outcome in ("done", "cut"):
        return True
    return None if outcome in ("lost", "page", "failed") else False
