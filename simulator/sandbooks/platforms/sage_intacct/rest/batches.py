"""Batches: several records of one object in one request, each by itself or all of them together.

Source: developer.sage.com/intacct (batch requests: at most 500 records; X-IA-API-Param-Transaction)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.refusals import FieldMissing, RequestMalformed
from sandbooks.platforms.sage_intacct.rest import inner
from sandbooks.platforms.sage_intacct.rest.members import Resource
from sandbooks.wire import Response

MOST = 500
Read = Callable[[str], dict[str, Any]]
Create = Callable[[Any], dict[str, Any]]
Change = Callable[[str, Any], dict[str, Any]]
Remove = Callable[[str], Record]


def keys_of(call: Call) -> list[str]:
    """The keys of a path. Raises ``RequestMalformed``."""
    return _checked([key.strip() for key in call.args["key"].split(",") if key.strip()])


def _checked(parts: list[Any]) -> list[Any]:
    if not parts or len(parts) > MOST:
        raise RequestMalformed(f"a batch holds 1 to {MOST} records")
    return parts


def create(call: Call, bodies: list[Any], one: Create) -> Response:
    """Several new records."""
    return _run(call, _checked(bodies), one, status=201)


def change(call: Call, resource: Resource, bodies: list[Any], one: Change) -> Response:
    """Several records that change; each names itself by its key."""

    def run(body: Any) -> dict[str, Any]:
        key = body.get("key") if isinstance(body, dict) else None
        if key in (None, ""):
            raise FieldMissing(resource.object, "key")
        return one(str(key)[:100], body)

    return _run(call, _checked(bodies), run, status=200)


def steps(call: Call, bodies: list[Any], one: Create) -> Response:
    """A step of the workflow of several documents."""
    return _run(call, _checked(bodies), one, status=200)


def read(call: Call, one: Read) -> Response:
    """Several records."""
    return _run(call, keys_of(call), one, status=200)


def remove(call: Call, one: Read) -> Response:
    """Several records go; an answer in full only where one of them stays."""
    answer = _run(call, keys_of(call), one, status=200)
    return answer if answer.status == 207 else Response(204)


def _run(call: Call, parts: list[Any], one: Callable[[Any], dict[str, Any]], *, status: int) -> Response:
    def run(part: Any) -> dict[str, Any]:
        return inner.attempt(call, lambda: {"ia::result": one(part)}, status=status)

    shown = inner.each(call, parts, run, stops=False)
    if any(map(inner.failed, shown)):
        return inner.reply(shown, status=status)
    # Source: developer.sage.com/intacct (batch requests: an array of references)
    return inner.reply([each["ia::result"] for each in shown], status=status)
