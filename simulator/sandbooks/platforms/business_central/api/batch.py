"""``$batch`` in JSON: up to a hundred requests in one, each by itself or all in one transaction.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-connect-apps-batch
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import errors, paths
from sandbooks.platforms.business_central.access import address_of, find, wanted_company
from sandbooks.platforms.business_central.refusals import BadBody, BadUrl, MethodNotAllowed, SegmentMissing
from sandbooks.wire import Headers, Request, Response

MOST = 100
_known: dict[tuple[str, str], Operation] = {}
_rules: set[str] = set()


class _TakenBack(Exception):
    """One item failed in a snapshot: everything goes back, and this carries what was answered."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        super().__init__("a part of the transaction failed")
        self.answers = answers


def know(operations: Sequence[Operation]) -> None:
    """Learn which operation answers which route."""
    for operation in operations:
        _known[operation.method, operation.rule] = operation
        _rules.add(operation.rule)


def run_batch(call: Call) -> Response:
    """``POST $batch``."""
    if "multipart/mixed" in call.content_type:
        raise NotSimulated("$batch as multipart/mixed", instead="the JSON form")
    items = _items(call)
    if call.header("Isolation").lower() == "snapshot":
        try:
            with call.unit():
                answers = _answers(call, items, whole=True)
        except _TakenBack as stop:
            answers = stop.answers
    else:
        answers = _answers(call, items, whole=False)
    return Response(200, (errors.JSON_TYPE, ("OData-Version", "4.0")), exact_json.dumps({"responses": answers}))


def _items(call: Call) -> list[dict[str, Any]]:
    from sandbooks.platforms.business_central.api.collections import body_of

    body = body_of(call)
    items = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadBody("The batch request must be an object with an array 'requests'.")
    if len(items) > MOST:
        raise BadBody(f"The batch request holds more than {MOST} operations.")
    for item in items:
        _check_alone(item)
    return items


def _check_alone(item: Mapping[str, Any]) -> None:
    """What joins items of a batch in OData 4.01 is not played: groups, and one item's address in another's."""
    if item.get("atomicityGroup") is not None:
        raise NotSimulated("atomicityGroup in a $batch", instead="the header Isolation: snapshot")
    if str(item.get("url", "")).startswith("$"):
        raise NotSimulated("a $batch item that refers to another's answer", instead="a request of its own")


def _answers(call: Call, items: list[dict[str, Any]], *, whole: bool) -> list[dict[str, Any]]:
    # Source: https://dynamicsuser.net/nav/b/kauffmann/posts/batch-calls-with-business-central-2-error-handling
    goes_on = "odata.continue-on-error" in call.header("Prefer") and "false" not in call.header("Prefer")
    answers: list[dict[str, Any]] = []
    for item in items:
        answer = _answer(call, item)
        answers.append(_shown(item, answer))
        if answer.status >= 400:
            if whole:
                raise _TakenBack(answers)
            if not goes_on:
                break
    return answers


def _answer(call: Call, item: Mapping[str, Any]) -> Response:
    inner = call
    try:
        inner, operation = _inner(call, item)
        if operation.scope == "company":
            inner.company = find(call.facts["in_environment"], wanted_company(inner, address_of(inner)))
        return operation.run(inner)
    except Refusal as refusal:
        return errors.refused(inner, refusal)


def _inner(call: Call, item: Mapping[str, Any]) -> tuple[Call, Operation]:
    """One item as a call of its own, under the batch's credential, environment and company."""
    from sandbooks.platforms.business_central.api import SPELLING

    method, url = item.get("method"), item.get("url")
    if not isinstance(method, str) or not isinstance(url, str) or not url:
        raise BadBody("Each request of a batch needs a 'method' and a 'url'.")
    request = _request(call, item, method.upper(), url)
    path = _native(request.url)
    rule = paths.routed(path, SPELLING)
    operation = _known.get((request.method, rule))
    if operation is None:
        if rule in _rules:
            raise MethodNotAllowed(request.method, rule.rpartition("/")[2])
        raise SegmentMissing(rule.rpartition("/")[2][:60])
    if operation.rule == "/api/$batch" or operation.public or rule == "/environments":
        raise BadUrl("This request cannot stand in a batch.")
    inner = Call(call.exchange, operation, {})
    inner.request = request
    inner.token = call.token
    asked = call.query.get("company") or call.header("CompanyId") or call.header("Company")
    inner.facts = {
        "companies": call.facts["companies"],
        "in_environment": call.facts["in_environment"],
        "company": (asked or address_of(call).company or "").partition("?")[0],
    }
    return inner, operation


def _native(url: str) -> str:
    path = urlsplit(url).path
    at = path.lower().find("/v2.0/")
    if at >= 0 and not path.lower().startswith("/api/v2.0"):
        return path[at:] if "/api/v2.0" in path[at:].lower() else path[path.lower().find("/api/v2.0") :]
    return path


def _request(call: Call, item: Mapping[str, Any], method: str, url: str) -> Request:
    address = address_of(call)
    place = (
        f"/v2.0/{address.tenant + '/' if address.tenant else ''}{address.environment}" if address.environment else ""
    )
    if "://" in url:
        whole = url
    elif "/api/v2.0" in url:
        whole = call.exchange.base_url + (url if url.startswith("/") else f"/{url}")
    else:
        whole = f"{call.exchange.base_url}{place}/api/v2.0/{url.lstrip('/')}"
    try:
        urlsplit(whole)
    except ValueError as error:
        raise BadUrl("The url of a batch request cannot be read.") from error
    return Request(method, whole, _headers(call, item), _body(item))


def _headers(call: Call, item: Mapping[str, Any]) -> Headers:
    given = item.get("headers") or {}
    if not isinstance(given, dict):
        raise BadBody("The 'headers' of a batch request must be an object.")
    own = tuple((str(name), str(value)) for name, value in given.items())
    named = {name.lower() for name, _ in own}
    kept = [
        (name, value)
        for name, value in call.request.headers
        if name.lower() in ("authorization", "accept-language") and name.lower() not in named
    ]
    return (*own, *kept)


def _body(item: Mapping[str, Any]) -> bytes:
    body = item.get("body")
    if body is None:
        return b""
    return body.encode("utf-8", "replace") if isinstance(body, str) else exact_json.dumps(body)


def _shown(item: Mapping[str, Any], answer: Response) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in answer.headers}
    id = item.get("id")
    shown: dict[str, Any] = {
        "id": id if isinstance(id, (str, int)) and not isinstance(id, bool) else None,
        "status": answer.status,
        "headers": headers,
    }
    if answer.body:
        kind = headers.get("content-type", "")
        if kind.startswith("application/json"):
            shown["body"] = exact_json.loads(answer.body)
        elif kind.startswith("text/"):
            shown["body"] = answer.body.decode("utf-8-sig")
        else:
            shown["body"] = base64.b64encode(answer.body).decode()
    return shown
