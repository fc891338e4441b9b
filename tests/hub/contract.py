"""The hub's contract, held against every answer of every hub test."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbooks.settings import read_contract
from sandbooks.world import World


@cache
def contract(name: str = "expenses.yaml") -> dict[str, Any]:
    found: dict[str, Any] = read_contract("hub", name)
    return found


@cache
def operations(name: str = "expenses.yaml") -> dict[str, dict[str, Any]]:
    """The operations of the contract by id."""
    return {
        operation["operationId"]: operation
        for path in contract(name)["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }


def home_of(operation: str) -> tuple[str, str]:
    """The contract that an operation of the hub stands in, and its id there."""
    if operation.startswith("payables/"):
        return "bill_pay.yaml", operation.removeprefix("payables/")
    own = operation not in operations() and operation in operations("bill_pay_v1.yaml")
    return ("bill_pay_v1.yaml" if own else "expenses.yaml"), operation


@cache
def _validator(name: str, reference: str) -> Draft202012Validator:
    return Draft202012Validator({"components": contract(name)["components"], "$ref": reference})


def schema_of(operation: str, status: int, name: str = "expenses.yaml") -> str | None:
    """The reference of the schema of an answer; None for an answer without a body."""
    responses = operations(name)[operation]["responses"]
    if status >= 400:
        return "#/components/schemas/ErrorMessage"
    content = responses[str(status)]["content"]
    return str(content["application/json"]["schema"]["$ref"]) if content else None


def check(world: World, status: int, body: Any) -> None:
    """The newest answer of the hub is one that its contract knows."""
    entry = max((e for e in world.tape.entries() if e.surface == "codat"), key=lambda e: e.number)
    name, operation = home_of(entry.operation)
    if operation not in operations(name):
        assert body is None or status >= 400
        return
    reference = schema_of(operation, status, name)
    if reference is None:
        assert body is None, (entry.operation, body)
        return
    problems = [f"{error.json_path}: {error.message}" for error in _validator(name, reference).iter_errors(body)]
    assert not problems, (entry.operation, status, problems)
