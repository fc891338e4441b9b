"""The published description of the native documents, as a check on every JSON answer that the tests see."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from sandbooks import exact_json
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.settings import read_contract
from sandbooks.wire import Response


@cache
def api() -> dict[str, Any]:
    """The description; every member of a record that is answered must be described."""
    loaded: dict[str, Any] = read_contract("platforms", "netsuite", "api.yaml")
    for name, schema in loaded["components"]["schemas"].items():
        if name in TYPES or name in (
            "reference",
            "enumeration",
            "selection",
            "collection",
            "file",
            "folder",
            "tokens",
            "async_job",
            "task",
            "error",
        ):
            schema["additionalProperties"] = False
    return loaded


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Each described operation by its id."""
    found = (item for path in api()["paths"].values() for name, item in path.items() if name != "parameters")
    return {operation["operationId"]: operation for operation in found}


@cache
def _record(kind: str) -> Any:
    """The check of a whole record of one type."""
    schemas = api()["components"]["schemas"]
    return jsonschema_rs.validator_for({**schemas[kind], "components": {"schemas": schemas}})


@cache
def _validator(operation: str, status: str) -> Any:
    """The check of an answer's body; None where the description has no JSON body for that status."""
    described = operations()[operation]["responses"]
    answer = described.get(status) or described.get("default")
    assert answer is not None, f"{operation} answered {status}, which its description does not know"
    if "$ref" in answer:
        answer = api()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    bodies = [media["schema"] for name, media in answer.get("content", {}).items() if "json" in name]
    if not bodies:
        return None
    return jsonschema_rs.validator_for({**bodies[0], "components": {"schemas": api()["components"]["schemas"]}})


def check(operation: str, answer: Response) -> None:
    """Fail when an answer of a described operation is not as described."""
    if operation not in operations():
        return
    validator = _validator(operation, str(answer.status))
    if validator is not None and "json" in answer.header("Content-Type"):
        body = exact_json.loads(answer.body)
        validator.validate(body)
        if operation == "get_record" and answer.status == 200:
            _record(body["links"][0]["href"].rsplit("/", 2)[1]).validate(body)
