"""Exchanges as an HTTP archive that browsers, proxies and API tools open, with what only a simulator knows beside them.

Source: http://www.softwareishard.com/blog/har-12-spec/ (HAR 1.2; members of one's own begin with an underscore).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbooks.recording.canonical import decoded
from sandbooks.recording.redaction import redact_body, redact_headers, redact_url
from sandbooks.wire import Headers, header_of
from sandbooks.world import TapeEntry, instant

RECORDING = "1"  # the version of what stands under ``_sandbooks``


def har(entries: Iterable[TapeEntry]) -> dict[str, Any]:
    """A HAR 1.2 document; secrets are redacted, times are the world's.

    ``_sandbooks`` of each entry holds number, surface, operation, company, phases, faults, what was written, and how
    the answer was cut (then ``response.status`` is 0 unless its head arrived).
    """
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "sandbooks", "version": RECORDING},
            "entries": [_entry(entry) for entry in entries],
        }
    }


def _entry(entry: TapeEntry) -> dict[str, Any]:
    took = (entry.until - entry.at) // 1000
    return {
        "startedDateTime": instant(entry.at).isoformat(),
        "time": took,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "_sandbooks": {
            "number": entry.number,
            "parent": entry.parent or None,
            "surface": entry.surface,
            "client": entry.actor,
            "operation": entry.operation or None,
            "company": entry.company or None,
            "phases": [{"phase": phase, "at": instant(at).isoformat()} for phase, at in entry.reached],
            "faults": list(entry.faults),
            "cut": entry.cut or None,
            "written": [
                {"platform": p, "company": c, "kind": kind, "id": id_, "version": version, "action": action}
                for p, c, kind, id_, version, action in entry.written
            ],
            "not_simulated": entry.not_simulated or None,
            "bug": entry.bug or None,
        },
    }


def _request(entry: TapeEntry) -> dict[str, Any]:
    url = redact_url(entry.url)
    shown: dict[str, Any] = {
        "method": entry.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(entry.request_headers),
        "queryString": [{"name": n, "value": v} for n, v in parse_qsl(urlsplit(url).query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": len(entry.request_body),
    }
    if entry.request_body:
        kind = header_of(entry.request_headers, "Content-Type")
        shown["postData"] = {"mimeType": kind, **_text(entry.request_body, entry.request_headers)}
    return shown


def _response(entry: TapeEntry) -> dict[str, Any]:
    headers = entry.response_headers
    shown: dict[str, Any] = {
        "status": entry.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers),
        "content": {
            "size": len(decoded(entry.response_body, headers)),
            "mimeType": header_of(headers, "Content-Type"),
            **_text(entry.response_body, headers),
        },
        "redirectURL": redact_url(header_of(headers, "Location")),
        "headersSize": -1,
        "bodySize": len(entry.response_body) if not entry.cut else -1,
    }
    if entry.cut:
        shown["_error"] = entry.cut
    return shown


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in redact_headers(headers)]


def _text(body: bytes, headers: Headers) -> dict[str, str]:
    plain = redact_body(decoded(body, headers))
    try:
        return {"text": plain.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(plain).decode(), "encoding": "base64"}
