"""Requests to FreeAgent's API and what its answers mean: lists page by page, writes, refusals.

Knows the wire alone, nothing of what is read or written. FreeAgent has no idempotency key: whether a lost request was
carried out is found out by looking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks import exact_json
from sandbooks.connector import Refused, Request, Steps, Unavailable, Unknown, ask, json_of
from sandbooks.wire import Response

PAGE = 100  # Source: dev.freeagent.com/docs/introduction, per_page (at most 100)
ACCEPT = ("Accept", "application/json")

Body = dict[str, Any]


def tail(url: Any) -> str:
    """The id at the end of the URL that stands for a record."""
    return str(url or "").rstrip("/").rpartition("/")[2]


# Reading


def read(path: str, root: str, *, purpose: str, reference: str = "") -> Steps[Body]:
    """One record by its path below ``/v2``. Raises ``Refused`` for what is not there."""
    request = Request("GET", f"/v2/{path}", purpose=purpose, headers=(ACCEPT,), reference=reference)
    response = yield from ask(request)
    found = accepted(response, request).get(root)
    if not isinstance(found, dict):
        raise Unavailable(f"no {root} in the answer to: {purpose}")
    return found


def paged(resource: str, *, query: Mapping[str, str] | None = None, reference: str = "") -> Steps[list[Body]]:
    """The records of a list, to the end, each once.

    The ``Link`` header says whether there is more; without one, a page that is not full is the last.
    """
    found: dict[str, Body] = {}
    page = 1
    while True:
        asked = {**(query or {}), "page": page, "per_page": PAGE}
        request = Request(
            "GET",
            f"/v2/{resource}?{urlencode(asked, quote_via=quote)}",
            purpose=f"look for {reference} among {resource}" if reference else f"list {resource}",
            headers=(ACCEPT,),
            reference=reference,
        )
        response = yield from ask(request)
        rows = accepted(response, request).get(resource)
        fresh = {str(row["url"]): row for row in rows or () if str(row.get("url")) not in found}
        found |= fresh
        if not fresh or not _more(response, len(rows or ())):
            return list(found.values())
        page += 1


def _more(response: Response, rows: int) -> bool:
    link = response.header("Link")
    return re.search(r'rel="?next"?', link) is not None if link else rows >= PAGE


# Writing


def write(
    method: str, path: str, root: str, body: Body, *, purpose: str, reference: str = "", answered: str = ""
) -> Steps[Body]:
    """Create or change one record; the record as FreeAgent answers it, ``url`` included, under ``answered`` or the
    root that was sent.

    Samples of the documentation leave the ``url`` out of an answer, and the whole body out of a change: what is
    missing is taken from ``Location`` or read again. Raises ``Refused`` and ``Unknown``.
    """
    request = Request(
        method,
        f"/v2/{path}",
        purpose=purpose,
        headers=(("Content-Type", "application/json"), ACCEPT),
        body=exact_json.dumps({root: body}),
        mutates=True,
        reference=reference,
    )
    response = yield from ask(request)
    if method == "PUT" and response.status == 200 and not response.body.strip():
        again = yield from read(path, root, purpose=f"read again: {path}", reference=reference)
        return {"url": path, **again}
    found = accepted(response, request).get(answered or root)
    if not isinstance(found, dict):
        raise Unknown(f"no {root} in the answer to: {purpose}")
    made = {"url": response.header("Location") if method == "POST" else path, **found}
    if not tail(made["url"]):
        raise Unknown(f"no url in the answer to: {purpose}")
    return made


def delete(path: str, *, purpose: str, reference: str = "") -> Steps[None]:
    """Delete a record; one that is gone already is no mistake. Raises ``Refused`` and ``Unknown``."""
    request = Request("DELETE", f"/v2/{path}", purpose=purpose, headers=(ACCEPT,), mutates=True, reference=reference)
    response = yield from ask(request)
    if response.status not in (200, 204, 404):
        accepted(response, request)


# What an answer says


def accepted(response: Response, request: Request) -> Body:
    """The body of an answer that says yes. Raises ``Refused``, ``Unknown`` or ``Unavailable``."""
    if response.status == 403 and not response.body.lstrip().startswith((b"<", b"{")):  # a bare sentence
        said = response.body.decode(errors="replace").strip() or "not allowed"
        raise Refused(f"{said} (FreeAgent status 403)", native_code="403", status=403)
    body = json_of(response, request)
    if response.status in (200, 201) and isinstance(body, dict):
        return body
    if 400 <= response.status < 500 and isinstance(body, dict):
        raise refusal(body, response.status)
    if request.mutates:
        raise Unknown(f"status {response.status} without a reason to: {request.purpose}")
    raise Unavailable(f"status {response.status} without a reason to: {request.purpose}")


def refusal(body: Mapping[str, Any], status: int) -> Refused:
    """The native errors of an answer as one of ours. A right that the user lacks is a no to this request: the consent
    itself stands.

    Source: dev.freeagent.com/docs/introduction (access levels: 403 is a user without the right) and
    api-discuss.freeagent.com (the three shapes of ``errors``).
    """
    said = list(dict.fromkeys(_messages(body.get("errors")))) or [str(body.get("error") or "refused")]
    message = f"{'; '.join(said)} (FreeAgent status {status})"
    return Refused(message, native_code=str(status), status=status)


def _messages(errors: Any, name: str = "") -> Iterator[str]:
    """``[{message}]``, ``{error: {message}}`` or ``{attribute: [text]}``."""
    if isinstance(errors, str):
        yield f"{name} {errors}".strip()
    elif isinstance(errors, list):
        for error in errors:
            yield from _messages(error, name)
    elif isinstance(errors, dict):
        for member, value in errors.items():
            yield from _messages(value, "" if member in ("error", "message") else member)
