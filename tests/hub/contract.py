"""The hub's contracts, held against every answer of every hub test."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbooks.recording.conformance import HUB_CONTRACTS
from sandbooks.settings import read_contract
from sandbooks.world import World


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """The hub's contracts by the name of their file."""
    return {name: read_contract("hub", name) for name in HUB_CONTRACTS}


@cache
def operations() -> dict[str, tuple[str, str, str, dict[str, Any]]]:
    """The operations of the contracts by id: file, method, path and description."""
    return {
        operation["operationId"]: (name, method, path, operation)
        for name, contract in contracts().items()
        for path, item in contract["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


@cache
def _validator(file: str, reference: str) -> Draft202012Validator:
    return Draft202012Validator({"components": contracts()[file]["components"], "$ref": reference})


def schema_of(operation: str, status: int) -> str | None:
    """The reference of the schema of an answer; None for an answer without a body."""
    responses = operations()[operation][3]["responses"]
    if status >= 400:
        return "#/components/schemas/ErrorMessage"
    content = responses[str(status)]["content"]
    return str(content["application/json"]["schema"]["$ref"]) if content else None


def check(world: World, status: int, body: Any) -> None:
    """The newest answer of the hub is one that its contract knows."""
    entry = max(
        (e for e in world.tape.entries() if e.surface == "codat" and e.actor == "client"), key=lambda e: e.number
    )
    if entry.operation not in operations():
        assert body is None or status >= 400
        return
    reference = schema_of(entry.operation, status)
    if reference is None:
        assert body is None, (entry.operation, body)
        return
    problems = [
        f"{error.json_path}: {error.message}"
        for error in _validator(operations()[entry.operation][0], reference).iter_errors(body)
    ]
    assert not problems, (entry.operation, status, problems)
