"""Requests to Xero's Accounting API and what its answers mean: lists page by page, writes, refusals.

Knows the wire alone, nothing of what is read or written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks import exact_json
from sandbooks.connector import (
    CompanyUnavailable,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
    ask,
    json_of,
)
from sandbooks.wire import Response

API = "/api.xro/2.0"
PAGE = 1000  # Source: github.com/XeroAPI/Xero-OpenAPI, parameter pageSize (at most 1000)
KEY_MOST = 128  # Source: github.com/XeroAPI/Xero-OpenAPI, parameter idempotencyKey
NO_ID = "00000000-0000-0000-0000-000000000000"
ACCEPT = ("Accept", "application/json")

Body = dict[str, Any]


def idempotency_key(*parts: str) -> str:
    """One key out of its parts, never longer than Xero takes."""
    joined = "-".join(parts)
    return joined if len(joined) <= KEY_MOST else hashlib.sha256(joined.encode()).hexdigest()


# Reading


def read(path: str, *, purpose: str, query: Mapping[str, Any] | None = None, reference: str = "") -> Steps[Body]:
    """The body of one GET below the Accounting API. Raises ``Refused`` for what is not there."""
    encoded = f"?{urlencode(query, quote_via=quote)}" if query else ""
    request = Request("GET", f"{API}/{path}{encoded}", purpose=purpose, headers=(ACCEPT,), reference=reference)
    response = yield from ask(request)
    return accepted(response, request)


def listed(collection: str, *, query: Mapping[str, str] | None = None, reference: str = "") -> Steps[list[Body]]:
    """The records of a collection that Xero answers in one piece."""
    body = yield from read(collection, purpose=_looking(collection, reference), query=query, reference=reference)
    return _rows(body, collection)


def paged(
    collection: str, id: str, *, query: Mapping[str, str] | None = None, reference: str = ""
) -> Steps[list[Body]]:
    """The records of a paged collection, to the end, each once; ``id`` names the member that holds the id.

    Ordered by id, so that a record changed meanwhile keeps its place and none is skipped.
    """
    found: dict[str, Body] = {}
    page = 1
    while True:
        asked = {**(query or {}), "order": f"{id} ASC", "page": page, "pageSize": PAGE}
        body = yield from read(collection, purpose=_looking(collection, reference), query=asked, reference=reference)
        fresh = {str(row[id]): row for row in _rows(body, collection) if str(row[id]) not in found}
        found |= fresh
        pages = (body.get("pagination") or {}).get("pageCount")
        if not fresh or (isinstance(pages, int) and page >= pages):
            return list(found.values())
        page += 1


def _looking(collection: str, reference: str) -> str:
    return f"look for {reference} among {collection}" if reference else f"list {collection}"


def _rows(body: Body, collection: str) -> list[Body]:
    rows = body.get(collection)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


# Writing


def write(
    method: str,
    path: str,
    body: Mapping[str, Any],
    *,
    id: str,
    key: str,
    purpose: str,
    reference: str = "",
    collection: str = "",
) -> Steps[Body]:
    """Create or change one record; the record as Xero answers it. ``id`` names the member that holds its id.

    The collection of the answer is the first part of ``path``, unless told. Raises ``Refused`` and ``Unknown``.
    """
    collection = collection or path.partition("/")[0]
    request = Request(
        method,
        f"{API}/{path}",
        purpose=purpose,
        headers=(("Content-Type", "application/json"), ACCEPT, ("Idempotency-Key", key)),
        body=exact_json.dumps({collection: [body]}),
        mutates=True,
        reference=reference,
    )
    response = yield from ask(request)
    rows = _rows(accepted(response, request), collection)
    if len(rows) != 1:
        raise Unknown(f"{len(rows)} records in the answer to: {purpose}")
    return _saved(rows[0], id, request, response.status)


def _saved(row: Body, id: str, request: Request, status: int) -> Body:
    """An element that was saved. Source: developer.xero.com, summarizeErrors (an element may fail inside a 200)."""
    errors = list(_validation_errors([row]))
    if errors or row.get("StatusAttributeString") == "ERROR":
        raise Refused(_worded(errors or ["the record was refused"], "10"), native_code="10", status=status)
    if not isinstance(row.get(id), str) or row[id] in ("", NO_ID):
        raise Unknown(f"no {id} in the answer to: {request.purpose}")
    return row


# What an answer says


def accepted(response: Response, request: Request) -> Body:
    """The body of an answer that says yes. Raises ``Refused``, ``NeedsConsent``, ``Unknown`` or ``Unavailable``."""
    if response.status == 404 and not response.body.strip():  # an unknown id or route has an empty body
        raise Refused("it is not there in Xero (status 404)", native_code="404", status=404)
    body = json_of(response, request)
    if response.status == 200 and isinstance(body, dict):
        return body
    if 400 <= response.status < 500 and isinstance(body, dict):
        raise refusal(body, response.status)
    if request.mutates:
        raise Unknown(f"status {response.status} without a reason to: {request.purpose}")
    raise Unavailable(f"status {response.status} without a reason to: {request.purpose}")


# Unconfirmed: the word for a role that was taken away; settled by doing so while an application is connected.
WITHOUT_RIGHT = "AuthorizationUnsuccessful"


def refusal(body: Mapping[str, Any], status: int) -> Refused | NeedsConsent:
    """The native error of an answer as one of ours.

    Source: developer.xero.com, HTTP response codes: 403 is a tenant that is not, or no longer, connected, or a user
    without the right, which the detail tells apart; 412 an organisation that takes nothing at present.
    """
    code = str(body.get("ErrorNumber") or status)
    errors = list(_validation_errors(body.get("Elements")))
    said = next((str(body[name]) for name in ("Message", "Detail", "Title") if body.get(name)), "refused")
    message = _worded(errors or [said], code)
    if status == 403 and body.get("Detail") != WITHOUT_RIGHT:
        return NeedsConsent(message)
    made = CompanyUnavailable if status == 412 else Refused
    return made(message, native_code=code, status=status)


def _validation_errors(elements: Any) -> Iterator[str]:
    """The messages of every element and of what is nested in it, each once."""
    seen: set[str] = set()
    for said in _messages(elements):
        if said not in seen:
            seen.add(said)
            yield said


def _messages(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _messages(item)
    elif isinstance(part, dict):
        for error in part.get("ValidationErrors") or ():
            if isinstance(error, dict) and error.get("Message"):
                yield str(error["Message"])
        for name, nested in part.items():
            if name != "ValidationErrors" and isinstance(nested, list | dict):
                yield from _messages(nested)


def _worded(messages: list[str], code: str) -> str:
    return f"{' '.join(messages)} (Xero error {code})"
