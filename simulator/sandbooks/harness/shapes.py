"""The shapes of ``contracts/driver.yaml``, for checking what a driver is sent and what it answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbooks.settings import read_contract

KIND_SCHEMAS = {
    "payment": "Expense",
    "refund": "Expense",
    "reward": "Expense",
    "chargeback": "Expense",
    "reimbursable": "Reimbursable",
    "transfer": "Transfer",
    "adjustment": "Adjustment",
}


def faults_of_shape(schema: str, value: Any) -> list[str]:
    """What is wrong with a value by a schema of the contract, each with its place; empty when it fits."""
    if schema == "Transaction" and isinstance(value, dict):
        schema = KIND_SCHEMAS.get(str(value.get("kind")), schema)
    errors = sorted(_validator(schema).iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{_place(error)}: {error.message}" for error in errors]


def faults_of_list(schema: str, values: Any) -> list[str]:
    """As ``faults_of_shape`` for every member of a list."""
    if not isinstance(values, list):
        return [f"a list is expected, not {type(values).__name__}"]
    return [f"[{place}] {fault}" for place, value in enumerate(values) for fault in faults_of_shape(schema, value)]


def faults_of_map(schema: str, values: Any) -> list[str]:
    """As ``faults_of_shape`` for every value of an object."""
    if not isinstance(values, dict):
        return [f"an object is expected, not {type(values).__name__}"]
    return [f"{key} {fault}" for key, value in values.items() for fault in faults_of_shape(schema, value)]


def _place(error: Any) -> str:
    return "/".join(map(str, error.absolute_path)) or "the whole"


@cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    components = read_contract("driver.yaml")["components"]
    root = {"$ref": f"#/components/schemas/{schema}", "components": components}
    return Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER)
