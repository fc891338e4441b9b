"""Composite requests: two to ten requests in one, later ones with what earlier ones answered.

Source: developer.sage.com/intacct (bulk and composite requests; OpenAPI of core)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.platforms.sage_intacct.refusals import RequestMalformed
from sandbooks.platforms.sage_intacct.rest import inner
from sandbooks.platforms.sage_intacct.rest.idempotency import once
from sandbooks.platforms.sage_intacct.rest.objects import body_of
from sandbooks.wire import Response

LEAST, MOST = 2, 10
_METHODS = ("GET", "POST", "PATCH", "DELETE")
_REFERENCE = re.compile(r"@\{([^{}]+)\}")


def run(call: Call) -> Response:
    """``POST /services/core/composite``"""
    parts = body_of(call)
    if not isinstance(parts, list) or not LEAST <= len(parts) <= MOST:
        raise RequestMalformed(f"a composite request holds {LEAST} to {MOST} requests")
    for part in parts:
        _check(part)
    return once(call, lambda: _run(call, parts))


def _run(call: Call, parts: list[Mapping[str, Any]]) -> Response:
    results: dict[str, Any] = {}

    def one(part: Mapping[str, Any]) -> dict[str, Any]:
        shown = inner.attempt(call, lambda: _answered(call, part, results), status=400)
        shown["ia::status"] = shown.pop("status", shown["ia::status"])
        if part.get("resultReference"):
            results[str(part["resultReference"])] = shown.get("ia::result")
        return shown

    return inner.reply(inner.each(call, parts, one, stops=True), status=200)


def _check(part: Any) -> None:
    if not isinstance(part, dict) or not isinstance(part.get("path"), str):
        raise RequestMalformed("each request of a composite has a method and a path")
    if part.get("method") not in _METHODS:
        raise RequestMalformed(f"{str(part.get('method'))[:20]!r} is no method of a composite")
    headers = part.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise RequestMalformed("headers of a request are names and texts")


def _answered(call: Call, part: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Any]:
    path, body = _filled(part["path"], results), _filled(part.get("body"), results)
    headers = tuple((part.get("headers") or {}).items())
    shown = inner.subrequest(call, part["method"], str(path), body=body, headers=headers)
    return {**shown, "status": shown["ia::status"]}


def _filled(value: Any, results: Mapping[str, Any]) -> Any:
    """A value with what its references name. Raises ``RequestMalformed``."""
    if isinstance(value, dict):
        return {name: _filled(inner, results) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, results) for inner in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _referred(match[1], results), value)
    return value


def _referred(reference: str, results: Mapping[str, Any]) -> str:
    name, *steps = reference.split(".")
    held = results.get(name)
    for step in steps:
        if isinstance(held, list) and step.isascii() and step.isdigit() and 0 < int(step) <= len(held):
            held = held[int(step) - 1]
        elif isinstance(held, dict) and step in held:
            held = held[step]
        elif not (isinstance(held, dict) and step == "1"):
            # Source: developer.sage.com/intacct (@{vendor.1.key}: the first of what a request answered, be it one)
            raise RequestMalformed(f"the reference {reference[:60]} names nothing")
    if held is None or isinstance(held, (dict, list)):
        raise RequestMalformed(f"the reference {reference[:60]} names no value")
    return str(held)
