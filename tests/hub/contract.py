"""The hub's contract, held against every answer of every hub test."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbooks.settings import read_contract
from sandbooks.world import World


@cache
def contract() -> dict[str, Any]:
    found: dict[str, Any] = read_contract("hub", "expenses.yaml")
    return found


@cache
def operations() -> dict[str, dict[str, Any]]:
    """The operations of the contract by id."""
    return {
        operation["operationId"]: operation
        for path in contract()["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"components": contract()["components"], "$ref": reference})


def schema_of(operation: str, status: int) -> str | None:
    """The reference of the schema of an answer; None for an answer without a body."""
    responses = operations()[operation]["responses"]
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
    problems = [f"{error.json_path}: {error.message}" for error in _validator(reference).iter_errors(body)]
    assert not problems, (entry.operation, status, problems)
