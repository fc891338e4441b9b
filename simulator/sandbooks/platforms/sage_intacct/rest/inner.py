"""Requests inside a request: parts of composite requests and of batches, each a call of its own under one credential.

Source: developer.sage.com/intacct (batch, bulk, and composite requests; HTTP headers)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sandbooks import exact_json
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.sage_intacct import signing
from sandbooks.platforms.sage_intacct.gateway.replies import support_id
from sandbooks.platforms.sage_intacct.refusals import PathUnknown
from sandbooks.platforms.sage_intacct.rest import problems
from sandbooks.wire import Headers, Request, Response

BASE = "/ia/api/v1"
Part = TypeVar("Part")
Shown = dict[str, Any]
_TRANSACTION = "X-IA-API-Param-Transaction"


class _TakenBack(Exception):
    """A part of an atomic request failed: what the parts before it did goes back."""


def is_atomic(call: Call) -> bool:
    """Whether the parts of a request stand or fall together."""
    return call.header(_TRANSACTION).strip().lower() == "true"


def each(call: Call, parts: Sequence[Part], run: Callable[[Part], Shown], *, stops: bool) -> list[Shown]:
    """What the parts came to, in order: all of them kept or none in an atomic request, else each by itself.

    ``stops`` ends at the first that fails; what was not run says so. What is not simulated takes all of them back.
    """
    found: list[Shown] = []
    atomic = is_atomic(call)

    def run_all() -> None:
        for part in parts:
            found.append(run(part))
            if failed(found[-1]) and atomic:
                raise _TakenBack
            if failed(found[-1]) and stops:
                return

    try:
        with call.unit():
            run_all()
    except _TakenBack:
        found[:-1] = [_unprocessed(call) for _ in found[:-1]]
    return [*found, *(_unprocessed(call) for _ in parts[len(found) :])]


def failed(shown: Mapping[str, Any]) -> bool:
    """Whether a part was refused, or something within it."""
    return "ia::error" in shown or shown.get("ia::status") == 207


def _unprocessed(call: Call) -> Shown:
    # Source: developer.sage.com/intacct (OpenAPI of core: composite, example of 207)
    text = "Operation skipped due to atomic transaction failure"
    error = {"code": "unprocessed", "message": text, "supportId": support_id(call)}
    return {"ia::error": error, "ia::status": 422}


def attempt(call: Call, run: Callable[[], Shown], *, status: int) -> Shown:
    """One part: what it answers, or its error in the same place."""
    try:
        return {**run(), "ia::status": status}
    except Refusal as refusal:
        code, _ = problems.status_of(refusal)
        return {"ia::error": problems.body_of(call, refusal), "ia::status": code}


def totals(shown: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many parts there are, and how many of them succeeded."""
    held = list(shown)
    errors = sum(1 for each in held if failed(each))
    return {"totalCount": len(held), "totalSuccess": len(held) - errors, "totalError": errors}


def reply(shown: Sequence[Mapping[str, Any]], *, status: int) -> Response:
    """The answer to several parts: 207 where one of them failed."""
    meta = totals(shown)
    return json_reply({"ia::result": list(shown), "ia::meta": meta}, status=207 if meta["totalError"] else status)


def subrequest(call: Call, method: str, path: str, *, body: Any, headers: Headers) -> Shown:
    """A request within a request, answered as its own would be, with its status beside it."""
    operation, args = _operation(method, path.partition("?")[0])
    # Source: developer.sage.com/intacct (composite: Authorization, Content-Type and Accept are inherited)
    kept = tuple(
        pair for pair in call.request.headers if pair[0].lower() in ("authorization", "content-type", "accept")
    )
    if is_atomic(call):
        kept = (*kept, (_TRANSACTION, "true"))
    inner = Call(call.exchange, operation, args)
    raw = b"" if body is None else exact_json.dumps(body)
    inner.request = Request(method, f"{call.exchange.base_url}{BASE}{path}", (*headers, *kept), raw)
    inner.token, inner.company, inner.facts = call.token, call.company, dict(call.facts)
    outside = call.facts["entity"]
    try:
        entity = inner.header("X-IA-API-Param-Entity")
        if entity:
            inner.facts["entity"] = call.facts["entity"] = signing.entity_named(call.company, entity)
        answer = operation.run(inner)
    except Refusal as refusal:
        answer = problems.answer(inner, refusal)
    finally:
        call.facts["entity"] = outside
    told = exact_json.loads(answer.body) if answer.body else {}
    error = problems.told_in(told)
    if error is not None:
        return {"ia::error": error, "ia::status": answer.status}
    return {**told, "ia::status": answer.status}


def _operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation of a path below the base. Raises ``PathUnknown``, ``NotSimulated``."""
    from sandbooks.platforms.sage_intacct.rest.routes import OPERATIONS

    segments = path.strip("/").split("/")
    for operation in OPERATIONS:
        rule = operation.rule.removeprefix(f"{BASE}/").split("/")
        if operation.method != method or operation.public or len(rule) != len(segments):
            continue
        pairs = list(zip(rule, segments, strict=True))
        if all(word.startswith("<") or word == segment for word, segment in pairs):
            if operation.name in ("rest_composite", "rest_bulk"):
                raise NotSimulated(f"{operation.name} inside a composite request")
            return operation, {word.strip("<>"): segment for word, segment in pairs if word.startswith("<")}
    raise PathUnknown(f"{method} {path}"[:100])
