"""The published description of the native documents, as a check on every JSON answer that the tests see."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from sandbooks import exact_json
from sandbooks.settings import read_contract
from sandbooks.wire import Response


@cache
def api() -> dict[str, Any]:
    """The description; every member that is answered must be described."""
    loaded: dict[str, Any] = read_contract("platforms", "zoho_books", "api.yaml")
    for schema in loaded["components"]["schemas"].values():
        _close(schema)
    return loaded


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            _close(inner)


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Each described operation by its id."""
    found = (item for path in api()["paths"].values() for name, item in path.items() if name != "parameters")
    return {operation["operationId"]: operation for operation in found}


@cache
def _validator(operation: str, status: str) -> Any:
    described = operations()[operation]["responses"]
    answer = described.get(status) or described["default"]
    if "$ref" in answer:
        answer = api()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": {"schemas": api()["components"]["schemas"]}})


def check(operation: str, answer: Response) -> None:
    """Fail when a JSON answer of a described operation is not as described."""
    if operation in operations() and answer.header("Content-Type") == "application/json":
        _validator(operation, str(answer.status)).validate(exact_json.loads(answer.body))
