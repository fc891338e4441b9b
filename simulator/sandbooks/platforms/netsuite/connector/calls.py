"""Requests to NetSuite's REST web services and what its answers mean: SuiteQL, records, writes, refusals.

Knows the wire alone, nothing of what is read or written.
Source: docs.oracle.com, NetSuite Online Help, "SuiteTalk REST Web Services API Guide".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sandbooks import exact_json
from sandbooks.connector import Refused, Request, Steps, Unavailable, Unknown, ask, json_of
from sandbooks.wire import Response

RECORD = "/services/rest/record/v1"
DOCUMENT = "/services/rest/document/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
PAGE = 1000  # Source: docs.oracle.com, section_156414087576 (limit, at most 1000)
THROTTLE_SECONDS = 10  # the limit counts requests at once, so it is soon free; used where no Retry-After says otherwise
CHANGED_MOST = 3
ACCEPT = ("Accept", "application/json")
JSON = ("Content-Type", "application/json")
# Without these NetSuite leaves out a member that it does not know, or a value, with no more than a warning.
# Source: docs.oracle.com, REST API Browser, headers of each operation
STRICT = (("X-NetSuite-PropertyNameValidation", "Error"), ("X-NetSuite-PropertyValueValidation", "Error"))
NO_TABLE = "INVALID_PARAMETER"
MISSING = 404
# What cannot be an internal id is refused on its own. Source: public test suites that quote the answer of an account
NO_ID = "INVALID_ID"
CHANGED = 409

Body = dict[str, Any]
Row = dict[str, str]


# Reading


def read(path: str, *, purpose: str, query: Mapping[str, Any] | None = None, reference: str = "") -> Steps[Body]:
    """The body of one GET. Raises ``Refused`` for what is not there (status 404)."""
    encoded = f"?{urlencode(query, quote_via=quote)}" if query else ""
    request = Request("GET", path + encoded, purpose=purpose, headers=(ACCEPT,), reference=reference)
    response = yield from _asked(request)
    return accepted(response, request)


def is_missing(refused: Refused) -> bool:
    """Whether a refusal says that a record is not there, or cannot be."""
    return refused.status == MISSING or refused.native_code == NO_ID


def statement_request(statement: str, *, purpose: str, offset: int = 0, reference: str = "") -> Request:
    """A SuiteQL query for one page of its rows."""
    return Request(
        "POST",
        f"{SUITEQL}?limit={PAGE}&offset={offset}",
        purpose=purpose,
        headers=(JSON, ACCEPT, ("Prefer", "transient")),
        body=exact_json.dumps({"q": statement}),
        reference=reference,
    )


def rows_of(statement: str, *, purpose: str, reference: str = "") -> Steps[list[Row]]:
    """The rows of a SuiteQL query, page by page to the end, each id once; columns in lower case, values as text.

    The statement orders its rows, so that pages do not overlap. A column without a value is left out of its row.
    """
    found: dict[str, Row] = {}
    offset = 0
    while True:
        request = statement_request(statement, purpose=purpose, offset=offset, reference=reference)
        response = yield from _asked(request)
        body = accepted(response, request)
        page = [_row(item) for item in body.get("items") or () if isinstance(item, dict)]
        fresh = {row["id"]: row for row in page if "id" in row and row["id"] not in found}
        found |= fresh
        if not fresh or not body.get("hasMore"):
            return list(found.values())
        offset += PAGE


def rows_where_offered(statement: str, *, purpose: str) -> Steps[list[Row]]:
    """The rows of a query over a table that not every account has: none where a feature is switched off."""
    try:
        found = yield from rows_of(statement, purpose=purpose)
    except Refused as refused:
        if refused.native_code != NO_TABLE:
            raise
        found = []
    return found


def _row(item: Mapping[str, Any]) -> Row:
    return {name.lower(): str(value) for name, value in item.items() if name != "links" and value is not None}


def flat(body: Mapping[str, Any]) -> Row:
    """A record in the dress of a SuiteQL row: references by id, booleans as T and F."""
    found: Row = {}
    for name, value in body.items():
        if isinstance(value, bool):
            found[name.lower()] = "T" if value else "F"
        elif isinstance(value, dict):
            if value.get("id") is not None:
                found[name.lower()] = str(value["id"])
        elif value is not None and not isinstance(value, list):
            found[name.lower()] = str(value)
    return found


# Writing


def write(
    method: str,
    path: str,
    body: Body | None,
    *,
    purpose: str,
    reference: str = "",
    query: Mapping[str, str] | None = None,
) -> Steps[str]:
    """Create, change or link one record; the internal id that ``Location`` names, empty where it names none.

    A record that somebody else is saving is asked for again: nothing was written. Raises ``Refused``, ``Unknown``.
    """
    encoded = f"?{urlencode(query, safe=',')}" if query else ""
    request = Request(
        method,
        path + encoded,
        purpose=purpose,
        headers=(*((JSON,) if body is not None else ()), ACCEPT, *STRICT),
        body=b"" if body is None else exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )
    response = yield from _asked(request)
    for _ in range(CHANGED_MOST - 1):
        if response.status != CHANGED:
            break
        response = yield from _asked(request)
    if response.status == 204:
        return _id_of(response.header("Location"))
    accepted(response, request)
    raise Unknown(f"status {response.status} without a place to: {purpose}")


def _id_of(location: str) -> str:
    """The internal id at the end of an address; one that repeats the external id tells nothing new."""
    tail = urlsplit(location).path.rstrip("/").rpartition("/")[2]
    return tail if tail.isascii() and tail.isdigit() else ""


def _asked(request: Request) -> Steps[Response]:
    response = yield from ask(request, throttle_seconds=THROTTLE_SECONDS)
    return response


# What an answer says


def accepted(response: Response, request: Request) -> Body:
    """The body of an answer that says yes. Raises ``Refused``, ``NeedsConsent``, ``Unknown`` or ``Unavailable``."""
    body = json_of(response, request)
    if response.status == 200 and isinstance(body, dict):
        return body
    if 400 <= response.status < 500 and isinstance(body, dict) and "o:errorDetails" in body:
        raise refusal(body, response.status)
    if request.mutates:
        raise Unknown(f"status {response.status} without a reason to: {request.purpose}")
    raise Unavailable(f"status {response.status} without a reason to: {request.purpose}")


def refusal(body: Mapping[str, Any], status: int) -> Refused:
    """The native errors of an answer. Source: docs.oracle.com, section_156570709583 (error messages).

    A permission that the role lacks (403) is refused: the credential is good, and what else the role may do goes on.
    """
    given = body.get("o:errorDetails")
    details = [part for part in given if isinstance(part, dict)] if isinstance(given, list) else []
    said = list(dict.fromkeys(str(part["detail"]) for part in details if part.get("detail")))
    first = details[0] if details else {}
    code = str(first.get("o:errorCode") or status)
    message = f"{' '.join(said) or str(body.get('title') or 'refused')} (NetSuite error {code})"
    return Refused(message, native_code=code, status=status, element=str(first.get("o:errorPath") or ""))
