"""Request bodies of the control API, checked against ``contracts/control.yaml`` before anything is done."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import request

from sandbooks import exact_json
from sandbooks.control.errors import ControlError
from sandbooks.platform import platforms
from sandbooks.settings import read_contract, widened

# Bodies that the contract writes out where they are used, without a name of their own.
INLINE = {
    "NameRequest": ("/worlds/{world}/fork", "post"),
    "ClockRequest": ("/worlds/{world}/clock", "post"),
    "SettleRequest": ("/worlds/{world}/settle", "post"),
    "TokenRequest": ("/worlds/{world}/companies/{platform}/{company_id}/tokens", "post"),
}


@cache
def contract(names: tuple[str, ...] = ()) -> dict[str, Any]:
    """The control contract, with these platforms among those that it lists."""
    loaded: dict[str, Any] = widened(read_contract("control.yaml"), names)
    return loaded


@cache
def _validator(name: str, names: tuple[str, ...]) -> Any:
    from jsonschema import Draft202012Validator

    whole = contract(names)
    if name in INLINE:
        path, method = INLINE[name]
        schema = whole["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    elif name in whole["components"]["requestBodies"]:
        schema = whole["components"]["requestBodies"][name]["content"]["application/json"]["schema"]
    else:
        schema = whole["components"]["schemas"][name]
    return Draft202012Validator({**schema, "components": whole["components"]})


def checked_body(name: str, *, optional: bool = False) -> dict[str, Any]:
    """The JSON body of the request being answered; raises ``ControlError`` that says what is wrong and where."""
    raw = request.get_data()
    if not raw and optional:
        return {}
    try:
        body = exact_json.loads(raw)
    except exact_json.MalformedJson as error:
        raise ControlError("malformed_json", f"the body is not JSON: {error}", remedy="send one JSON object") from error
    for path, message in problems_of(name, body):
        where = "/".join(map(str, path)) or "the body"
        raise ControlError("invalid_request", f"{where}: {message}", remedy=f"see {name} in contracts/control.yaml")
    if not isinstance(body, dict):
        raise ControlError("invalid_request", "the body is no object", remedy="send one JSON object")
    return body


def problems_of(name: str, body: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a body of the contract: the place in it, and why."""
    errors = _validator(name, tuple(platforms())).iter_errors(body)
    found = sorted(errors, key=lambda error: list(map(str, error.path)))
    return [(tuple(error.path), str(error.message)) for error in found]
