"""Requests to Zoho Books' API and what its answers mean: lists page by page, writes, refusals.

Knows the wire alone, nothing of what is read or written. Zoho Books has no idempotency key: whether a lost request was
carried out is found out by looking. Every answer carries a ``code``, and any but 0 is a no, whatever the HTTP status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks import exact_json
from sandbooks.connector import (
    Consent,
    Failure,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
    Wait,
    ask,
    json_of,
)
from sandbooks.wire import Response, header_of

API = "/books/v3"
PAGE = 200  # Source: https://www.zoho.com/books/api/v3/pagination/, per_page (at most 200)
ACCEPT = ("Accept", "application/json")
JSON = ("Content-Type", "application/json")
PAGES_MOST = 10_000

# Seconds to wait by code. Source: https://www.zoho.com/books/api/v3/introduction/ (limits per minute and day, calls at
# once). Unconfirmed: how long a blocked organisation stays blocked; a live throttle would settle it.
THROTTLES: Mapping[int, int] = {43: 60, 44: 60, 45: 3600, 1070: 5}
CONSENT_CODES = (14, 57, 6041)  # the token, what it may do, the organisation that it no longer reaches
INVALID_URL = "5"
INTERNAL_ERROR = 1000  # Source: https://www.zoho.com/books/api/v3/errors/
GONE = "1002"

Body = dict[str, Any]


# Reading


def read(consent: Consent, path: str, root: str, *, purpose: str, reference: str = "") -> Steps[Body]:
    """One record by its path. Raises ``Refused`` for what is not there."""
    request = get(consent, path, purpose=purpose, reference=reference)
    found = (yield from answered(request)).get(root)
    if not isinstance(found, dict):
        raise Unavailable(f"no {root} in the answer to: {purpose}")
    return found


def one(consent: Consent, path: str, root: str, id: str, *, reference: str = "") -> Steps[Body | None]:
    """A record by its id, None when there is none."""
    if not id.isdigit():
        return None
    try:
        body = yield from read(consent, f"{path}/{id}", root, purpose=f"read {root} {id}", reference=reference)
    except Refused as refused:
        if refused.native_code == GONE or refused.status == 404:
            return None
        raise
    return body


def paged(
    consent: Consent,
    path: str,
    id: str,
    *,
    query: Mapping[str, str] | None = None,
    root: str = "",
    reference: str = "",
) -> Steps[list[Body]]:
    """The records of a list, to the end, each once; ``id`` is the member that names a record."""
    name = root or path.rpartition("/")[2]
    purpose = f"look for {reference} among {name}" if reference else f"list {name}"
    found: dict[str, Body] = {}
    for page in range(1, PAGES_MOST):
        asked = {**(query or {}), "page": str(page), "per_page": str(PAGE)}
        body = yield from answered(get(consent, path, query=asked, purpose=purpose, reference=reference))
        rows = body.get(name)
        if not isinstance(rows, list):
            raise Unavailable(f"no {name} in the answer to: {purpose}")
        fresh = {str(row[id]): row for row in rows if id in row and str(row[id]) not in found}
        found |= fresh
        if not fresh or not _more(body.get("page_context"), len(rows)):
            break
    return list(found.values())


def _more(context: Any, rows: int) -> bool:
    """Whether another page follows; some lists give the page's facts in a list of one, some give none at all."""
    if isinstance(context, list):
        context = next(iter(context), None)
    if isinstance(context, dict) and "has_more_page" in context:
        return bool(context["has_more_page"])
    return rows >= PAGE


def get(
    consent: Consent, path: str, *, query: Mapping[str, str] | None = None, purpose: str, reference: str = ""
) -> Request:
    """A reading request."""
    return Request("GET", address(consent, path, query), purpose=purpose, headers=(ACCEPT,), reference=reference)


def address(consent: Consent, path: str, query: Mapping[str, str] | None = None) -> str:
    """Path and query; every request names the organisation that the consent is for."""
    asked = {"organization_id": consent.company, **(query or {})}
    return f"{API}/{path}?{urlencode(asked, quote_via=quote)}"


# Writing


def write(
    method: str,
    consent: Consent,
    path: str,
    body: Body,
    *,
    root: str,
    id: str,
    purpose: str,
    reference: str = "",
) -> Steps[Body]:
    """Create or change one record; the record as Zoho Books answers it. Raises ``Refused`` and ``Unknown``."""
    request = Request(
        method,
        address(consent, path),
        purpose=purpose,
        headers=(JSON, ACCEPT),
        body=exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )
    made = (yield from answered(request)).get(root)
    if not isinstance(made, dict) or not made.get(id):
        raise Unknown(f"no {root} in the answer to: {purpose}")
    return made


def act(
    method: str, consent: Consent, path: str, *, purpose: str, reference: str = "", body: Body | None = None
) -> Steps[None]:
    """An action that answers no record (delete, activate, apply); what is gone already is no mistake."""
    request = Request(
        method,
        address(consent, path),
        purpose=purpose,
        headers=(*((JSON,) if body is not None else ()), ACCEPT),
        body=b"" if body is None else exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )
    try:
        yield from answered(request)
    except Refused as refused:
        if method != "DELETE" or (refused.native_code != GONE and refused.status != 404):
            raise


# What an answer says


def answered(request: Request) -> Steps[Body]:
    """Send a request until it is answered with more than a throttle; the body of an answer that says yes."""
    while True:
        response = yield from ask(request, throttled=())
        seconds = _throttled(response)
        if not seconds:
            return accepted(response, request)
        yield Wait(seconds, "throttled")


def _throttled(response: Response) -> int:
    """Seconds to wait before the request is sent again; 0: the answer is no throttle."""
    code = _code(_body(response))
    if response.status != 429 and not (code in THROTTLES and response.status >= 400):
        return 0
    for name in ("Retry-After", "X-Rate-Limit-Reset"):
        said = header_of(response.headers, name)
        if said.isascii() and said.isdigit() and len(said) < 7:
            return max(1, int(said))
    return THROTTLES.get(code if code is not None else 44, 60)


def _body(response: Response) -> Any:
    try:
        return exact_json.loads(response.body)
    except exact_json.MalformedJson:
        return None


def _code(body: Any) -> int | None:
    code = body.get("code") if isinstance(body, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdigit():
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def accepted(response: Response, request: Request) -> Body:
    """The body of an answer that says yes. Raises ``Refused``, ``NeedsConsent``, ``Unknown`` or ``Unavailable``."""
    body = json_of(response, request)
    code = _code(body)
    if code == 0 and response.status < 300:
        return dict(body)
    if code and code != INTERNAL_ERROR:
        raise refusal(body, code, response.status)
    if request.mutates:
        raise Unknown(f"status {response.status} without a reason to: {request.purpose}")
    raise Unavailable(f"status {response.status} without a reason to: {request.purpose}")


def refusal(body: Mapping[str, Any], code: int, status: int) -> Failure:
    """The native error of an answer as one of ours. Source: https://www.zoho.com/books/api/v3/errors/"""
    message = f"{str(body.get('message') or 'refused').strip()} (Zoho Books code {code})"
    if code in CONSENT_CODES:
        return NeedsConsent(message)
    info = body.get("error_info")
    element = "/".join(str(part) for part in info) if isinstance(info, list) else ""
    return Refused(message, native_code=str(code), status=status, element=element)
