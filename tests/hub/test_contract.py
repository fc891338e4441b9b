"""The contract and the hub know the same operations."""

from jsonschema import Draft202012Validator
from tests.hub.contract import contract, operations

from sandbooks.hub.api import DIALECT


def test_the_contract_lists_exactly_the_operations_that_the_hub_answers() -> None:
    answered = {operation.name for operation in DIALECT.operations if not operation.public}
    assert set(operations()) == answered


def test_every_schema_of_the_contract_is_a_lawful_schema() -> None:
    for schema in contract()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_paths_and_methods_are_those_of_the_dialect() -> None:
    rules = {(operation.method, operation.name) for operation in DIALECT.operations if not operation.public}
    written = {
        (method.upper(), operation["operationId"])
        for path in contract()["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }
    assert written == rules
