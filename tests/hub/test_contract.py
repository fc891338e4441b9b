"""The contract and the hub know the same operations."""

import re

import pytest
from jsonschema import Draft202012Validator
from tests.hub.contract import contract, home_of, operations
from tests.hub.desk import Desk

from sandbooks.hub.absent import TABLE
from sandbooks.hub.api import DIALECT
from sandbooks.kit.errors import NotSimulated

ABSENT = {name for name, *_ in TABLE}
PRESENT = [each for each in DIALECT.operations if not each.public and each.name not in ABSENT]
ANSWERED = [each for each in PRESENT if home_of(each.name)[0] == "expenses.yaml"]


def test_the_contract_lists_exactly_the_operations_that_the_hub_answers() -> None:
    assert set(operations()) == {operation.name for operation in ANSWERED}


def test_every_schema_of_the_contract_is_a_lawful_schema() -> None:
    for schema in contract()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_paths_and_methods_are_those_of_the_dialect() -> None:
    rules = {(operation.method, operation.name) for operation in ANSWERED}
    written = {
        (method.upper(), operation["operationId"])
        for path in contract()["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }
    assert written == rules


@pytest.mark.parametrize(("method", "rule"), [(method, rule) for _, method, rule, _ in TABLE])
def test_what_the_public_api_has_beyond_the_contract_is_said_to_be_absent(desk: Desk, method: str, rule: str) -> None:
    path = re.sub(r"<[a-z_:]+>", "x", rule.replace("/companies/<company_id>", "{c}"))
    with pytest.raises(NotSimulated):
        desk.send(method, path, {})


def test_a_dataset_of_the_first_version_is_said_to_be_absent(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="first version"):
        desk.send("POST", "{c}/sync/expenses/expense-transactions", {"items": [{}]})
