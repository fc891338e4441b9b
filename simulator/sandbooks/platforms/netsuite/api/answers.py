"""Answers as NetSuite frames them, and what the headers of a request ask for."""

from __future__ import annotations

from typing import Any

from sandbooks import exact_json
from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platforms.netsuite.reading import Reader
from sandbooks.platforms.netsuite.refusals import BadHeader, Unparsable
from sandbooks.wire import Headers, Response

# Unconfirmed: the exact media type; a recorded answer would settle it.
_MEDIA = "application/vnd.oracle.resource+json; type={}; charset=UTF-8"
NAMES, VALUES = "X-NetSuite-PropertyNameValidation", "X-NetSuite-PropertyValueValidation"


def singular(body: Any) -> Response:
    """One resource."""
    return Response(200, (("Content-Type", _MEDIA.format("singular")),), exact_json.dumps(body))


def collection(body: Any) -> Response:
    """A page of resources."""
    return Response(200, (("Content-Type", _MEDIA.format("collection")),), exact_json.dumps(body))


def media(body: Any, type: str) -> Response:
    """A description in a media type of its own."""
    return Response(200, (("Content-Type", type),), exact_json.dumps(body))


def written(call: Call, path: str, *headers: tuple[str, str]) -> Response:
    """A write's answer: no body, and where the record is."""
    found: Headers = (("Location", call.link(path)), *headers)
    return Response(204, found)


NO_CONTENT = Response(204)


def reader(call: Call) -> Reader:
    """A reader of bodies that is as strict as the request's headers ask."""
    # Source: NetSuite REST API Browser, record service v1 2026.1 (both headers, with their defaults)
    chosen = {}
    for header, default in ((NAMES, "Warning"), (VALUES, "Error")):
        value = (call.header(header) or default).strip().lower()
        if value not in ("error", "warning", "ignore"):
            raise BadHeader(f"Invalid value of the header {header}: {value[:40]}.", header)
        chosen[header] = value
    return Reader(call.company, names=chosen[NAMES], values=chosen[VALUES])


def warnings(given: Reader) -> Headers:
    """The properties that were passed over, told in a header. Unconfirmed: its name and form."""
    if not given.warnings:
        return ()
    named = ", ".join(_plain(path) for path in given.warnings[:20])
    return (("Warning", f'299 - "These properties were ignored: {named}"'),)


def _plain(text: str) -> str:
    """Text that fits into a quoted header value."""
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "?" for c in text)


def body_of(call: Call) -> dict[str, Any]:
    """The JSON object of a body. Raises ``Unparsable``."""
    given = json_of(call)
    if not isinstance(given, dict):
        raise Unparsable("The request body must be a JSON object.")
    return given


def json_of(call: Call) -> Any:
    """The JSON of a body. Raises ``Unparsable``."""
    try:
        return call.json()
    except (MalformedJson, UnreadableBody) as error:
        raise Unparsable("The request body is not valid JSON.") from error


def prefers(call: Call, preference: str) -> bool:
    """Whether the ``Prefer`` header names a preference."""
    named = [part.strip().lower() for part in call.header("Prefer").split(",")]
    return preference in named
