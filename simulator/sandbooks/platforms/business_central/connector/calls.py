"""Requests to Business Central's API v2.0 and what its answers mean: entities, sets page by page, writes, refusals.

Knows the wire alone, nothing of what is read or written.
Source: learn.microsoft.com, Business Central, API v2.0 and "Web services" (error codes, status codes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct

from sandbooks import exact_json
from sandbooks.connector import Consent, Refused, Request, Steps, Unavailable, Unknown, ask, json_of
from sandbooks.wire import Headers, Response

ACCEPT = ("Accept", "application/json")
JSON = ("Content-Type", "application/json")
ENGLISH = ("Accept-Language", "en-US")
DEFAULT_ENVIRONMENT = "Production"
EXISTS = "Internal_EntityWithSameKeyExists"
CHANGED = "Request_EntityChanged"
MISSING = 404
# Neither says that nothing was done: the service gave up waiting, or a gateway before it.
# Source: learn.microsoft.com, Business Central, operational limits (408 after 8 minutes)
GAVE_UP = 408
_CORRELATION = re.compile(r"\s*CorrelationId:\s*[0-9a-fA-F-]+\.?\s*$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Body = dict[str, Any]


class Place(Struct, frozen=True):
    """Where a company's entities are: tenant, environment and company. ``tenant`` empty: the credential's own."""

    company: str
    environment: str
    tenant: str = ""

    @staticmethod
    def of(consent: Consent) -> Place:
        facts = consent.facts
        return Place(consent.company, facts.get("environment") or DEFAULT_ENVIRONMENT, facts.get("tenant", ""))

    @property
    def root(self) -> str:
        """The address of the API in this environment."""
        tenant = f"/{quote(self.tenant, safe='')}" if self.tenant else ""
        return f"/v2.0{tenant}/{quote(self.environment, safe='')}/api/v2.0"

    @property
    def entity(self) -> str:
        """The company's own address, below which its sets are."""
        return f"{self.root}/companies({self.company})"

    def path(self, rest: str) -> str:
        """The address of a set or an entity of the company."""
        return f"{self.entity}/{rest}"


def caption(name: Any) -> str:
    """An enum value without its encoding: ``G_x002F_L_x0020_Account`` is ``G/L Account``, blank is empty.

    Source: learn.microsoft.com, transitioning from API v1.0 to API v2.0, enums
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(name or "")).strip()


# Reading


def read(path: str, *, purpose: str, query: str = "", reference: str = "") -> Steps[Body]:
    """The body of one GET. Raises ``Refused`` for what is not there (status 404)."""
    address = f"{path}?{query}" if query else path
    request = Request("GET", address, purpose=purpose, headers=(ACCEPT, ENGLISH), reference=reference)
    response = yield from ask(request)
    return accepted(response, request)


def every(path: str, *, purpose: str, filter: str = "", expand: str = "", reference: str = "") -> Steps[list[Body]]:
    """The entities of a set, to the end, each once; ``expand`` names what belongs to them and is read along.

    The link to the next page names the service as it sees itself; its query alone is taken from it.
    """
    found: dict[str, Body] = {}
    options = {"$filter": quote(filter, safe=chr(39)), "$expand": expand}
    query = "&".join(f"{name}={text}" for name, text in options.items() if text)
    while True:
        body = yield from read(path, purpose=purpose, query=query, reference=reference)
        rows = [row for row in body.get("value") or () if isinstance(row, dict) and row.get("id")]
        fresh = {str(row["id"]): row for row in rows if str(row["id"]) not in found}
        found |= fresh
        query = urlsplit(str(body.get("@odata.nextLink") or "")).query
        if not fresh or not query:
            return list(found.values())


def there(path: str, *, purpose: str, expand: str = "", reference: str = "") -> Steps[Body | None]:
    """One entity by its id, None where there is none: reads by id see what has just been written."""
    query = f"$expand={expand}" if expand else ""
    try:
        found = yield from read(path, purpose=purpose, query=query, reference=reference)
    except Refused as refused:
        if refused.status != MISSING:
            raise
        return None
    return found


# Writing


def write(
    method: str, path: str, body: Mapping[str, Any] | None, *, purpose: str, headers: Headers = (), reference: str = ""
) -> Steps[Body]:
    """Create or change an entity, or run an action; the entity as it is answered, empty where there is no content.

    Raises ``Refused`` and ``Unknown``.
    """
    request = writing(method, path, body, purpose=purpose, headers=headers, reference=reference)
    response = yield from ask(request)
    if response.status == 204:
        return {}
    return accepted(response, request)


def writing(
    method: str, path: str, body: Mapping[str, Any] | None, *, purpose: str, headers: Headers = (), reference: str = ""
) -> Request:
    """A request that may change the books."""
    return Request(
        method,
        path,
        purpose=purpose,
        headers=(*((JSON,) if body is not None else ()), ACCEPT, ENGLISH, *headers),
        body=b"" if body is None else exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )


# What an answer says


def accepted(response: Response, request: Request) -> Body:
    """The body of an answer that says yes. Raises ``Refused``, ``Unknown`` or ``Unavailable``."""
    body = json_of(response, request)
    if response.status in (200, 201) and isinstance(body, dict):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    if 400 <= response.status < 500 and response.status != GAVE_UP and isinstance(error, dict):
        raise refusal(error, response.status)
    if request.mutates:
        raise Unknown(f"status {response.status} without a reason to: {request.purpose}")
    raise Unavailable(f"status {response.status} without a reason to: {request.purpose}")


def refusal(error: Mapping[str, Any], status: int) -> Refused:
    """The native error of an answer as one of ours. A permission that the user lacks is a no to this request: the
    consent itself stands.

    Source: learn.microsoft.com, Business Central, dynamics-error-codes (Authorization_ codes: the user's permissions)
    """
    code = str(error.get("code") or status)
    said = _CORRELATION.sub("", str(error.get("message") or "refused"))
    return Refused(f"{said} (Business Central error {code})", native_code=code, status=status)
