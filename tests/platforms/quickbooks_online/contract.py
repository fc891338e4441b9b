"""The published description of the native documents, as a check on every JSON answer that the tests see."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema_rs

from sandbooks import exact_json
from sandbooks.settings import read_contract
from sandbooks.wire import Response


@cache
def api() -> dict[str, Any]:
    """The description, closed: every member that is answered must be described."""
    loaded: dict[str, Any] = deepcopy(read_contract("platforms", "quickbooks_online", "api.yaml"))
    for schema in loaded["components"]["schemas"].values():
        _close(schema)
    return loaded


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            _close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _close(inner)


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Each described operation by its id."""
    found = (item for path in api()["paths"].values() for item in path.values())
    return {operation["operationId"]: operation for operation in found}


@cache
def _validator(operation: str, status: str) -> Any:
    described = operations()[operation]["responses"]
    answer = described.get(status) or described["default"]
    if "$ref" in answer:
        answer = api()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    if "content" not in answer:
        return None
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": {"schemas": api()["components"]["schemas"]}})


def check(operation: str, answer: Response) -> None:
    """Fail when a JSON answer of an operation is not as described."""
    if operation not in operations() or not answer.header("Content-Type").startswith("application/json"):
        return
    validator = _validator(operation, str(answer.status))
    if validator is not None:
        validator.validate(exact_json.loads(answer.body))
