"""The contracts and the hub know the same operations."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator
from tests.hub.contract import contracts, operations

from sandbooks.hub import absent, profiles
from sandbooks.hub.api import DIALECT

ANSWERED = [each for each in DIALECT.operations if not each.public and each not in absent.OPERATIONS]


def test_the_contracts_list_exactly_the_operations_that_the_hub_answers() -> None:
    assert set(operations()) == {operation.name for operation in ANSWERED}


def test_no_operation_stands_in_two_contracts() -> None:
    listed = [
        operation["operationId"]
        for contract in contracts().values()
        for item in contract["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert len(listed) == len(set(listed))


def test_every_schema_of_the_contracts_is_a_lawful_schema() -> None:
    for contract in contracts().values():
        for schema in contract["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)


def test_paths_and_methods_are_those_of_the_dialect() -> None:
    written = {name: (method.upper(), _places(path)) for name, (_, method, path, _) in operations().items()}
    assert written == {each.name: (each.method, _places(each.rule)) for each in ANSWERED}


def _places(path: str) -> str:
    """A path without the names of its arguments, which each side spells in its own way."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "_", path)


def test_every_profile_says_since_when_by_which_source_and_why_it_is_off() -> None:
    facts: Any
    for facts in profiles.known().values():
        assert facts["title"]
        assert facts["is"]
        assert facts["sources"]
        assert re.fullmatch(r"20\d\d-\d\d", facts["since"])
